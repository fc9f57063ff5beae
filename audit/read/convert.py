"""Old and foreign office formats through LibreOffice, where it is installed.

Comes in: the bytes of a .doc, .wps, .rtf, .odt, .ods or .xlsb file. Goes out: the bytes of a .docx or .xlsx.
The original is never opened by LibreOffice: it gets a copy, a profile of its own, no macros, limited time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from audit.read.assembly import Source

TIMEOUT_SECONDS = 120
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
)
# Named, because LibreOffice reads what it does not recognise as plain text.
FROM = {
    "doc": "MS Word 97",
    "rtf": "Rich Text Format",
    "odt": "writer8",
    "ods": "calc8",
    "xlsb": "Calc MS Excel 2007 Binary",
}
TO = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
ITEM = (
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting">'
    '<prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)
# No macros, no active content, no links fetched from outside.
PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + ITEM.format("DisableMacrosExecution", "true")
    + ITEM.format("MacroSecurityLevel", "3")
    + ITEM.format("DisableActiveContent", "true")
    + ITEM.format("BlockUntrustedRefererLinks", "true")
    + "</oor:items>"
)


def find_office() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        if (found := shutil.which(name)) is not None:
            return found
    return next((place for place in PLACES if Path(place).is_file()), None)


def convert(data: bytes, suffix: str, target: str, source: Source) -> bytes:
    """The file as .docx or .xlsx; `suffix` tells LibreOffice what it gets."""
    office = find_office()
    if office is None:
        raise source.error(
            f"读取 .{suffix} 格式需要 LibreOffice，本机没有安装",
            f"请安装 LibreOffice，或用 Word、Excel 或 WPS 另存为 .{target}",
        )
    remedy = f"请用 Word、Excel 或 WPS 打开后另存为 .{target}"
    with tempfile.TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "profile" / "user").mkdir(parents=True)
        (home / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        (home / "out").mkdir()
        original = home / f"input.{suffix}"
        original.write_bytes(data)
        command = [
            office,
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"--infilter={FROM[suffix]}",
            "--convert-to",
            TO[target],
            "--outdir",
            str(home / "out"),
            str(original),
        ]
        if not run(command, TIMEOUT_SECONDS):
            raise source.error(f"转换超过{TIMEOUT_SECONDS}秒，已中止", remedy)
        made = home / "out" / f"input.{target}"
        if not made.is_file():
            raise source.error("LibreOffice 未能转换，文件可能已加密或损坏", remedy)
        return made.read_bytes()


def run(command: list[str], seconds: float) -> bool:
    """Run to the end, or end the whole group of processes when time is up: soffice starts children."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=sys.platform != "win32"
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            stop(process)
    return True


def stop(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
