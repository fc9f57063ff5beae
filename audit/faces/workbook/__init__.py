"""The audit workbook: an .xlsm (or an .xlam add-in) with the audit functions inside, ready to work.

Comes in: the installed xlwings, the registry of functions and the sample department. Goes out: one file, written
beside and moved into place. It must be built where it is used, for it names the Python that computes and asks for the
library of just this version of xlwings; `audit doctor` says when it no longer fits.

    layout    names, places, buttons          cells    formulas of ours with their values
    reading   report and annex as cells       sheets   the working sheets       guide   first sheet, xlwings.conf
    vba       the VBA project                 wrappers xlwings' own VBA wrappers
    buttons   what the buttons do             doctor   what a machine lacks     machine what a machine is
"""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from ...errors import AuditError
from ...files import replacing
from ...source import Document, Table

SHEET_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADDIN_TYPE = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
CALCULATED_BY = (
    191029  # Excel from 2019; with an older number it would calculate anew on opening, macros or not
)


def build_workbook(path: str | os.PathLike[str], *, addin: bool = False, force: bool = False) -> Path:
    """Build the audit workbook, or with `addin` the add-in, and return where it stands.

    Raises AuditError where the file is there already (without `force`), cannot be written, or xlwings is missing.
    """
    target = Path(path)
    suffix = ".xlam" if addin else ".xlsm"
    if target.suffix.lower() != suffix:
        what = "加载项" if addin else "工作簿"
        raise AuditError(target.name, f"{what}只能存为 {suffix} 文件", f"请把扩展名改为 {suffix}")
    if os.path.lexists(target) and not force:
        raise AuditError(target.name, "文件已存在", "请另选文件名，或用 --force 覆盖")
    if target.is_dir():
        raise AuditError(target.name, "这是文件夹", "请另选文件名")
    try:
        with replacing(target) as part:
            _build(part, target.name, addin)
    except (OSError, FileCreateError) as error:
        raise AuditError(
            target.name, "无法写入", "请关闭已打开的同名文件，检查文件夹是否存在、是否有写权限"
        ) from error
    return target


def _build(part: Path, name: str, addin: bool) -> None:
    from ..working_paper.kit import Book
    from . import guide, sheets, vba

    project = vba.project(vba.modules(name))
    book = Book(str(part))
    guide.guide(book, addin=addin)
    if not addin:
        report, form = _sample()
        text = sheets.narrative(book, report)
        area = sheets.annex(book, form)
        sheets.rates(book, report)
        sheets.checks(book, text, area)
        sheets.issues(book, text)
    guide.config(book, vba.xlwings_version())
    book.file.add_vba_project(BytesIO(project), True)
    book.file.set_calc_mode("auto", CALCULATED_BY)
    book.file.calc_on_load = False  # the stored values stay where macros are off, and in WPS
    book.file.close()
    if addin:
        part.write_bytes(_as_addin(part.read_bytes()))


def _sample() -> tuple[Document, Table]:
    """The report with planted defects, and its form of the whole department."""
    from ...read import read
    from ..cli import sample_folder
    from .reading import whole_form

    folder = sample_folder() / "planted"
    annexes = [read(path, "annex", f"d{n}") for n, path in enumerate(sorted(folder.glob("附件*.xlsx")), 2)]
    form = whole_form(annexes)
    if form is None:
        raise AuditError("样例", "附表不完整", "请重新安装本工具")
    return read(folder / "自评报告.docx"), form


def _as_addin(workbook: bytes) -> bytes:
    """The same package, declared as an add-in, which XlsxWriter does not write."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbook)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for item in source.infolist():
            data = source.read(item)
            made.writestr(
                item, data.replace(SHEET_TYPE, ADDIN_TYPE) if item.filename == "[Content_Types].xml" else data
            )
    return out.getvalue()
