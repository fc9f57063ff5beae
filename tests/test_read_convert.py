"""Old formats through LibreOffice, and what LibreOffice makes of whole reports. Needs it installed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.shared import Pt

from audit.errors import ReadError
from audit.read import convert as conversion
from audit.read import read
from audit.read.convert import find_office


@pytest.fixture
def office(tmp_path: Path):
    """Convert a file with LibreOffice into another format; skipped where it is missing, but never in CI."""
    program = find_office()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing in CI")
        pytest.skip("LibreOffice is not installed")

    def _convert(path: Path, target: str) -> Path:
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        subprocess.run(
            [program, profile, "--headless", "--convert-to", target, "--outdir", str(tmp_path), str(path)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return path.with_suffix("." + target.partition(":")[0])

    return _convert


def report(path: Path) -> Path:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(12)
    for n in range(12):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(24)
        for k in range(9):
            paragraph.add_run(f"第{n}类支出为{n + 1}7539.{k}4万元，")
        paragraph.add_run("以上均已核对。")
    document.add_paragraph("单位：万元")
    table = document.add_table(rows=3, cols=3, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "项目"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "说明"
    table.cell(1, 1).text, table.cell(2, 1).text = "12.50", "—"
    document.add_paragraph("报告完。")
    document.save(str(path))
    return path


@pytest.mark.host
@pytest.mark.parametrize("target", ["doc", "rtf", "odt"])
def test_old_word_formats_read_like_the_docx(office, tmp_path, target):
    path = report(tmp_path / "报告.docx")
    new = read(path)
    old = read(office(path, target))
    assert old.text == new.text
    assert old.name == f"报告.{target}"
    assert old.sha256 != new.sha256
    assert [c.text for c in old.tables[0].cells] == [c.text for c in new.tables[0].cells]


@pytest.mark.host
@pytest.mark.parametrize("target", ["xls", "ods"])
def test_old_workbooks_read_like_the_xlsx(office, tmp_path, target):
    path = tmp_path / "附件.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["C3"], sheet["B4"], sheet["C4"] = "执行数", 57.39, "合计", "—"
    sheet.merge_cells("B5:C6")
    sheet["B5"] = "合并"
    book.create_sheet("底稿")["A1"] = "x"
    book["底稿"].sheet_state = "hidden"
    book.save(path)
    document = read(office(path, target))
    cells = {c.span.cell: c for c in document.tables[0].cells}
    assert cells["Sheet!C3"].text == "57.39"
    assert str(cells["Sheet!C3"].number) == "57.39"
    assert (cells["Sheet!B5"].row_span, cells["Sheet!B5"].column_span) == (2, 2)
    assert "Sheet!C6" not in cells
    assert "底稿" in document.warnings[0]


@pytest.mark.host
def test_old_workbook_with_a_password(office, tmp_path):
    path = tmp_path / "密.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.save(path)
    locked = office(path, "xls")
    data = bytearray(locked.read_bytes())
    # The record after the beginning of the workbook becomes FilePass, which says that the rest is encrypted.
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    data[at : at + 2] = b"\x2f\x00"
    locked.write_bytes(data)
    with pytest.raises(ReadError, match="文件已加密"):
        read(locked)


@pytest.mark.host
def test_pdf_of_a_report_reads_like_the_report(office, tmp_path):
    path = report(tmp_path / "报告.docx")
    word, printed = read(path), read(office(path, "pdf"))
    assert printed.text == word.text
    assert len(printed.pages) > 1
    assert [(c.text, c.row_span, c.column_span) for c in printed.tables[0].cells] == [
        (c.text, c.row_span, c.column_span) for c in word.tables[0].cells
    ]


@pytest.mark.host
def test_pdf_with_a_password(office, tmp_path):
    path = report(tmp_path / "报告.docx")
    secret = (
        '{"EncryptFile":{"type":"boolean","value":"true"},'
        '"DocumentOpenPassword":{"type":"string","value":"x"}}'
    )
    locked = office(path, f"pdf:writer_pdf_Export:{secret}")
    with pytest.raises(ReadError, match="文件已加密"):
        read(locked)


@pytest.mark.host
def test_old_document_with_a_password(office, tmp_path):
    locked = office(report(tmp_path / "密.docx"), "doc")
    data = bytearray(locked.read_bytes())
    at = next(at for at in range(512, len(data), 512) if data[at : at + 2] == b"\xec\xa5")
    data[at + 11] |= 1
    locked.write_bytes(data)
    with pytest.raises(ReadError, match="文件已加密"):
        read(locked)


@pytest.mark.host
def test_damaged_old_file_is_an_error(office, tmp_path):
    path = tmp_path / "坏.doc"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + os.urandom(4000)
    )
    with pytest.raises(ReadError, match="未能转换"):
        read(path)


def test_without_libreoffice_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(conversion, "find_office", lambda: None)
    path = tmp_path / "旧.rtf"
    path.write_bytes(b"{\\rtf1 x}")
    with pytest.raises(ReadError, match=r"旧\.rtf：读取 \.rtf 格式需要 LibreOffice.*另存为 \.docx"):
        read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_a_hanging_conversion_is_ended_with_its_children(tmp_path):
    mark = tmp_path / "alive"
    child = (
        f"import time\nwhile 1:\n    open({str(mark)!r}, 'w').write(str(time.time()))\n    time.sleep(0.05)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert conversion.run([sys.executable, "-c", parent], 2) is False
    time.sleep(0.3)
    before = mark.read_text()
    time.sleep(0.3)
    assert mark.read_text() == before
