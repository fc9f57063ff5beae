"""What a machine is, as far as the audit workbook cares: Python, xlwings, Excel, fonts, and a workbook's own settings.

Comes in: nothing, or the path of a workbook. Goes out: a `Machine`. It looks and changes nothing; `doctor` judges.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .guide import VERSION_KEY
from .layout import CONFIG

FONTS = {"宋体": ("simsun.ttc", "SimSun", "宋体"), "黑体": ("simhei.ttf", "SimHei", "黑体")}
OTHER_CHINESE = ("Noto Sans CJK", "Noto Serif CJK", "Source Han", "WenQuanYi", "思源", "PingFang", "Songti")


@dataclass(frozen=True)
class Workbook:
    """zone  the mark that a file carries which came from the internet"""

    name: str
    readable: bool
    macros: bool = False
    xlwings: str = ""
    interpreter: str = ""
    interpreter_exists: bool = False
    zone: bool = False


@dataclass(frozen=True)
class Machine:
    """libraries  xlwings' DLLs found beside the interpreter     excel  what starts for Excel.Application"""

    system: str  # Windows, Linux, Darwin
    python: tuple[int, int, int]
    bits: int
    executable: str
    xlwings: str = ""
    pywin32: str = ""
    pyopenvba: str = ""
    libraries: tuple[str, ...] = ()
    excel: str = ""
    libreoffice: str = ""
    fonts: tuple[str, ...] = ()
    workbook: Workbook | None = None


def this_machine(workbook: str | os.PathLike[str] | None = None) -> Machine:
    return Machine(
        system=platform.system(),
        python=(sys.version_info.major, sys.version_info.minor, sys.version_info.micro),
        bits=64 if sys.maxsize > 2**32 else 32,
        executable=sys.executable,
        xlwings=_installed("xlwings"),
        pywin32=_installed("pywin32"),
        pyopenvba=_installed("pyOpenVBA"),
        libraries=_libraries(Path(sys.executable)),
        excel=_excel(),
        libreoffice=shutil.which("soffice") or shutil.which("libreoffice") or "",
        fonts=_fonts(),
        workbook=look_at(Path(workbook)) if workbook is not None else None,
    )


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _libraries(executable: Path) -> tuple[str, ...]:
    """Beside the interpreter, or one folder up in a virtual environment: where xlwings' VBA looks."""
    folders = (executable.parent, executable.parent.parent)
    return tuple(sorted({path.name for folder in folders for path in folder.glob("xlwings*-*.dll")}))


def _excel() -> str:
    """The program behind the name Excel.Application, which WPS may have taken."""
    if sys.platform != "win32":
        return ""
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CLSID") as key:
            number = winreg.QueryValue(key, None)
        with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, rf"CLSID\{number}\LocalServer32") as key:
            return str(winreg.QueryValue(key, None))
    except OSError:
        return ""


def _fonts() -> tuple[str, ...]:
    """The Chinese fonts that are there, by the names of `FONTS`, and others that show Chinese as well."""
    if sys.platform == "win32":
        folder = Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        return tuple(name for name, (file, *_) in FONTS.items() if (folder / file).exists())
    if shutil.which("fc-list") is None:
        return ()
    try:
        run = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    listed = run.stdout.decode("utf-8", "replace")
    own = [name for name, (_, *names) in FONTS.items() if any(n in listed for n in names)]
    return (*own, *(name for name in OTHER_CHINESE if name in listed))


def look_at(path: Path) -> Workbook:
    """A workbook's macros and settings, without opening it in any program."""
    try:
        with zipfile.ZipFile(path) as package:
            macros = "xl/vbaProject.bin" in package.namelist()
        settings = _settings(path)
    except Exception:  # whatever is wrong with the file, the doctor says that it cannot be read
        return Workbook(path.name, readable=False)
    interpreter = settings.get("INTERPRETER_WIN", "")
    return Workbook(
        name=path.name,
        readable=True,
        macros=macros,
        xlwings=settings.get(VERSION_KEY, ""),
        interpreter=interpreter,
        interpreter_exists=bool(interpreter) and Path(interpreter).is_file(),
        zone=_zone(path),
    )


def _settings(path: Path) -> dict[str, str]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    if CONFIG not in book.sheet_names:
        return {}
    rows = book.get_sheet_by_name(CONFIG).to_python()
    return {str(row[0]).upper(): str(row[1]) for row in rows if len(row) > 1 and row[0]}


def _zone(path: Path) -> bool:
    if sys.platform != "win32":
        return False
    try:
        with open(f"{path}:Zone.Identifier", encoding="utf-8", errors="replace") as stream:
            return any(f"ZoneId={zone}" in line for line in stream for zone in (3, 4))
    except OSError:
        return False
