"""The functions for LibreOffice Calc: an add-in (.oxt) that needs nothing but LibreOffice with its own Python.

Comes in: the path to write. Goes out: one .oxt that holds the descriptions made from the registry of functions
(`descriptions`), the component that Calc calls (`component`, copied as it is) and the package `audit` itself with
its parameters and the templates' TOML. What opens documents (`audit.read`) and the faces stay out, and with them
every library beyond Python's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ...errors import AuditError
from ...files import replacing
from ...forms.description import templates_folder
from ...functions import all_functions
from . import descriptions

LEFT_OUT = {"faces", "read", "templates", "sample", "udfs.py", "__main__.py", "__pycache__"}
DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same file


def build_addin(path: str | Path, *, force: bool = False) -> Path:
    """Write the add-in; an existing file is replaced only where `force` says so."""
    path = Path(path)
    if path.suffix.lower() != ".oxt":
        raise AuditError(path.name, "LibreOffice 扩展的文件名应以 .oxt 结尾", "请改为如 审计函数.oxt")
    if path.exists() and not force:
        raise AuditError(path.name, "文件已存在", "请另选文件名，或用 --force 覆盖")
    content = parts()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part, ZipFile(part, "w", ZIP_DEFLATED) as archive:
            for name, data in sorted(content.items()):
                info = ZipInfo(name, DATE)
                info.compress_type = ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, data)
    except OSError as error:
        raise AuditError(path.name, "无法写入", "请关闭占用它的程序，或另选位置") from error
    return path


def parts() -> dict[str, bytes]:
    """Every file of the add-in by its name in it."""
    functions = all_functions()
    texts = {
        "META-INF/manifest.xml": descriptions.manifest(),
        "description.xml": descriptions.description(),
        "functions.idl": descriptions.types(functions),
        "CalcAddIns.xcu": descriptions.functions_shown(functions),
    }
    out = {name: text.encode() for name, text in texts.items()}
    out["component.py"] = (Path(__file__).parent / "component.py").read_bytes()
    out |= {f"pythonpath/audit/{name}": file.read_bytes() for name, file in _package()}
    return out


def _package() -> Iterator[tuple[str, Path]]:
    """The modules and parameters that the functions need, and the templates' descriptions."""
    package = Path(__file__).resolve().parents[2]
    for file in package.rglob("*"):
        inside = file.relative_to(package)
        if file.suffix in (".py", ".toml") and not LEFT_OUT.intersection(inside.parts):
            yield inside.as_posix(), file
    folder = templates_folder()
    for file in folder.rglob("*.toml"):
        yield f"templates/{file.relative_to(folder).as_posix()}", file
