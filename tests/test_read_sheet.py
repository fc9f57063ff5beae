"""Workbooks: six kinds of nothing, printed precision, addresses, merges."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from audit.errors import ReadError
from audit.read import read
from audit.read.formats import is_date, show
from audit.source import Cell, CellState, Document

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def sheet(tmp_path: Path):
    """Read a workbook whose only sheet holds these cells, given as XML; styles by their number format."""

    def _read(rows: str, formats: tuple[str, ...] = (), more: str = "") -> Document:
        path = tmp_path / "表.xlsx"
        codes = "".join(f'<numFmt numFmtId="{200 + i}" formatCode="{f}"/>' for i, f in enumerate(formats))
        styles = "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(formats)))
        relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{MAIN}" xmlns:r="{relations}">'
                '<sheets><sheet name="表" r:id="r1"/></sheets></workbook>',
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships><Relationship Id="r1" Type="{relations}/worksheet" '
                'Target="worksheets/s.xml"/></Relationships>',
            )
            archive.writestr(
                "xl/styles.xml",
                f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
                f"<cellXfs>{styles}</cellXfs></styleSheet>",
            )
            archive.writestr(
                "xl/worksheets/s.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{more}</worksheet>',
            )
        return read(path)

    return _read


def at(document: Document, cell: str) -> Cell:
    return next(
        c for table in document.tables for c in table.cells if (c.span.cell or "").endswith("!" + cell)
    )


def test_nothing_comes_in_kinds(sheet):
    document = sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>起</t></is></c><c r="B1"/>'
        '<c r="C1"><f>A1*2</f></c><c r="D1"><f>A1*2</f><v></v></c><c r="E1"><v>0</v></c>'
        '<c r="F1" t="inlineStr"><is><t>—</t></is></c><c r="G1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="H1" t="str"><f>""</f><v></v></c><c r="I1" t="b"><v>1</v></c>'
        '<c r="J1"><f>1+1</f><v>2</v></c></row>'
    )
    cells = {c.span.cell: c for c in document.tables[0].cells}
    states = [cells[f"表!{letter}1"].state for letter in "ABCDEFGHIJ"]
    value, blank, uncalculated = CellState.VALUE, CellState.BLANK, CellState.UNCALCULATED
    assert states == [
        value,
        blank,
        uncalculated,
        uncalculated,
        value,
        CellState.DASH,
        CellState.ERROR,
        blank,
        value,
        value,
    ]
    assert at(document, "C1").formula == "=A1*2"
    assert at(document, "E1").number == 0
    assert at(document, "B1").number is None
    assert at(document, "G1").text == "#DIV/0!"
    assert at(document, "I1").text == "TRUE"
    assert (at(document, "J1").text, at(document, "J1").formula) == ("2", "=1+1")


def test_text_shows_the_printed_precision(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("年报")
    cases = [
        (1200, "0.00", "1200.00"),
        (1200, "#,##0.00", "1200.00"),
        (57.391, "0.00", "57.39"),
        (2.675, "0.00", "2.68"),
        (0.5739, "0.00%", "57.39%"),
        (0.5, "0%", "50%"),
        (0.57391, "0.0##%", "57.391%"),
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (-1200, "#,##0.00;[Red]-#,##0.00", "-1200.00"),
        (5, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "5.00"),
        (307.82, '0.00"万元"', "307.82"),
        (123456, '0.0,"千"', "123456"),
    ]
    for row, (number, code, _) in enumerate(cases):
        sheet.write_number(row, 0, number, book.add_format({"num_format": code}))
    book.close()
    cells = read(path).tables[0].cells
    assert [c.text for c in cells] == [text for _, _, text in cases]
    assert [c.number for c in cells[:5]] == [
        Decimal(1200),
        Decimal(1200),
        Decimal("57.391"),
        Decimal("2.675"),
        Decimal("0.5739"),
    ]
    assert cells[4].number_format == "0.00%"
    assert cells[8].number == Decimal("0.3")


def test_leading_empty_rows_keep_their_coordinates(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "自评表"
    book.active["C5"] = 3
    book.save(path)
    (table,) = read(path).tables
    assert (table.name, table.rows, table.columns) == ("自评表", 5, 3)
    cell = table.cells[-1]
    assert (cell.row, cell.column, cell.text, cell.span.cell, cell.span.start) == (
        4,
        2,
        "3",
        "自评表!C5",
        None,
    )
    assert len(table.cells) == 15
    assert {c.state for c in table.cells[:-1]} == {CellState.BLANK}


def test_merged_cells_stand_once_at_their_corner(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["C3"] = "标题", "甲", 1, 2
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A2:A3")
    book.save(path)
    (table,) = read(path).tables
    spans = {c.text: (c.row, c.column, c.row_span, c.column_span) for c in table.cells if c.text}
    assert spans == {"标题": (0, 0, 1, 3), "甲": (1, 0, 2, 1), "1": (1, 1, 1, 1), "2": (2, 2, 1, 1)}
    assert len(table.cells) == 9 - 2 - 1


def test_dates_are_iso_text(sheet):
    document = sheet(
        '<row><c s="0"><v>45657</v></c><c s="1"><v>45657.75</v></c><c s="2"><v>0.5</v></c></row>',
        ("yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "yyyy/m/d h:mm", "h:mm"),
    )
    cells = document.tables[0].cells
    assert [c.text for c in cells] == ["2024-12-31", "2024-12-31 18:00:00", "12:00:00"]
    assert [c.number for c in cells] == [None] * 3


def test_shared_formulas_are_moved_to_their_place(sheet):
    document = sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" ref="B2:B3" si="0">A2/SUM(A$2:$A9)&amp;"A2"</f><v>1</v></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    assert at(document, "B3").formula == '=A3/SUM(A$2:$A10)&"A2"'


def test_hidden_sheets_are_read_with_a_warning_and_empty_ones_left_out(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "明"
    hidden = book.create_sheet("底稿")
    hidden["A1"] = "暗"
    hidden.sheet_state = "veryHidden"
    book.create_sheet("空")
    book.save(path)
    document = read(path)
    assert [t.name for t in document.tables] == ["Sheet", "底稿"]
    assert document.warnings == ("a.xlsx：含隐藏的工作表（底稿），已一并读取",)
    assert document.text == ""


def test_rich_text_loses_its_phonetic_guide_only(sheet):
    document = sheet(
        '<row><c t="inlineStr"><is><r><t>执行</t></r><r><t xml:space="preserve">率 </t></r>'
        "<rPh><t>zhi</t></rPh></is></c></row>"
    )
    assert document.tables[0].cells[0].text == "执行率 "


def test_stray_cell_far_away_is_an_error_not_a_gigabyte(sheet):
    with pytest.raises(ReadError, match="已用区域过大"):
        sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    document = sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>1</v></c></row>'
    )
    assert len(document.tables[0].cells) == 2


def test_workbook_with_nothing_in_it(tmp_path):
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(ReadError, match="没有内容"):
        read(path)


def test_leading_equals_sign_stays_text(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_string(0, 0, "=1+1")
    book.close()
    cell = read(path).tables[0].cells[0]
    assert (cell.text, cell.formula, cell.state) == ("=1+1", "", CellState.VALUE)


def test_openpyxl_formula_was_never_calculated(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = 5, "=A1/2"
    book.active["A3"] = datetime.date(2024, 5, 6)
    book.save(path)
    document = read(path)
    assert at(document, "A2").state is CellState.UNCALCULATED
    assert at(document, "A3").text == "2024-05-06"


def test_formats_that_only_look_like_dates():
    assert not any(
        map(is_date, ("General", "G/通用格式", '0.00"m"', "[Red]0.00", "0.00E+00", "@", "#,##0_d"))
    )
    assert all(map(is_date, ("yyyy-mm", "[$-804]e年m月", "[h]:mm:ss", "mm/dd")))
    assert show(Decimal("-0.001"), "0.00") == "0.00"
