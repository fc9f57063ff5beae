"""LibreOffice and poppler for tests: recalculate a workbook, print it, look at the pages.

LibreOffice keeps the values stored in a file unless told otherwise; the profile made here tells it to
recalculate always, so that what comes back is its own arithmetic and not ours.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
# The fonts that Chinese offices have, shown with the ones that a build machine has.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
{aliases}
</fontconfig>
"""
ALIASES = {
    "宋体": "Noto Serif CJK SC",
    "SimSun": "Noto Serif CJK SC",
    "仿宋": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
    "SimHei": "Noto Sans CJK SC",
    "微软雅黑": "Noto Sans CJK SC",
    "Consolas": "DejaVu Sans Mono",
}
SECONDS = 120


def need(*programs: str) -> None:
    """Skip the test where a program is missing; in CI that is a failure."""
    for program in programs:
        if shutil.which(program) is None:
            if os.environ.get("CI"):
                pytest.fail(f"{program} is missing")
            pytest.skip(f"{program} is not installed")


def recalculate(workbook: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it, every formula worked out anew."""
    return _convert(workbook, folder, "xlsx:Calc MS Excel 2007 XML")


def recalculate_all(workbooks: Sequence[Path], folder: Path) -> list[Path]:
    """Several workbooks in one run of LibreOffice, which starts slowly."""
    return _convert_all(workbooks, folder, "xlsx:Calc MS Excel 2007 XML")


def to_pdf_all(documents: Sequence[Path], folder: Path) -> list[Path]:
    return _convert_all(documents, folder, "pdf")


def to_pdf(document: Path, folder: Path) -> Path:
    return _convert(document, folder, "pdf")


def to_png(pdf: Path, folder: Path, dpi: int = 70) -> list[Path]:
    """One picture per page, in order."""
    need("pdftoppm")
    folder.mkdir(parents=True, exist_ok=True)
    command = ["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(folder / pdf.stem)]
    subprocess.run(command, check=True, timeout=SECONDS)
    return sorted(folder.glob(f"{pdf.stem}-*.png"))


def _convert(source: Path, folder: Path, target: str) -> Path:
    return _convert_all([source], folder, target)[0]


def _convert_all(sources: Sequence[Path], folder: Path, target: str) -> list[Path]:
    need("soffice")
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"{source.stem}.{target.partition(':')[0]}" for source in sources]
    if len(set(made) | set(sources)) < 2 * len(made):
        raise ValueError("would overwrite a source or a result")
    for path in made:
        path.unlink(missing_ok=True)
    profile = _profile()
    command = [
        "soffice",
        "--headless",
        "--norestore",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to",
        target,
        "--outdir",
        str(folder),
        *map(str, sources),
    ]
    environment = {**os.environ, "FONTCONFIG_FILE": str(profile / "fonts.conf")}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        output, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode or not all(path.exists() for path in made):
        names = "、".join(path.name for path in made if not path.exists())
        raise AssertionError(f"LibreOffice made no {names}: {output.decode(errors='replace')}")
    return made


@cache
def _profile() -> Path:
    """A profile of this process's own: a second soffice with the same one hands its job to the first."""
    folder = Path(tempfile.mkdtemp(prefix="libreoffice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(RECALCULATE_ALWAYS, "utf-8")
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{shown}</string></edit></match>\n'
        for name, shown in ALIASES.items()
    )
    (folder / "fonts.conf").write_text(FONTS.format(aliases=aliases), "utf-8")
    return folder
