"""The engine on a template with everything in it that Excel puts there: what it does not know comes through."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from audit.forms.description import Form, profile
from audit.forms.fill import filled, filler
from audit.forms.package import Package
from audit.forms.render import lines, safe
from audit.read import read

pytestmark = pytest.mark.filterwarnings("ignore:Data Validation extension")  # openpyxl does not know it

D = Decimal
SHEET = "xl/worksheets/sheet1.xml"
FORM = """
kind = "附件"
title = "测试表"
per = "project"
file = "{name}.xlsx"

[[field]]
key = "name"
right = "项目名称"

[[field]]
key = "goal"
right = "预期目标"

[[block]]
key = "indicators"
until = ["总分"]
columns = { "指标" = "name", "一级指标" = "level1", "分值" = "weight", "完成率" = "completion_rate", "得分" = "score" }
merged = ["level1"]

[block.formulas]
score = "rate_score(weight, completion_rate)"

[[matrix]]
head = "indicators"
columns = { "分值" = "weight", "得分" = "score" }
rows = { "总分" = "full" }
kinds = { weight = "number", score = "number" }

[matrix.formulas]
weight = "add(indicators_weight)"
score = "add(indicators_score)"
"""
EXTRA = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>$G$8:$G$9</xm:f></x14:formula1>'
    "<xm:sqref>B4:B5</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    folder = tmp_path_factory.mktemp("engine") / "engine-test"
    (folder / "all").mkdir(parents=True)
    (folder / "profile.toml").write_text('title = "测试"\nforms = ["all"]\n', "utf-8")
    (folder / "all" / "form.toml").write_text(FORM, "utf-8")
    book = openpyxl.Workbook()
    page = book.active
    page.title = "测试表"
    page.append([CellRichText("项目支出", TextBlock(InlineFont(b=True), "测试表"))])
    page.append(["项目名称"])
    page.append(["指标", "一级指标", "分值", "完成率", "得分"])
    for r in (4, 5):
        page[f"E{r}"] = f"=C{r}*D{r}"
        page.row_dimensions[r].height = 20
    page.append(["总分", None, "=SUM(C4:C5)", None, "=SUM(E4:E5)"])
    page["A7"], page["B7"], page["A8"] = "预期目标", None, "说明"
    page["B8"] = '=IF(E6>90,"见E6",C4&C6)'
    page.merge_cells("B2:E2")
    page.merge_cells("B8:E8")
    page.row_dimensions[7].height = 20
    page["A8"].comment = Comment("批注", "甲")
    rule = DataValidation("decimal", formula1="0", formula2="C6", sqref="C4:C5")
    page.add_data_validation(rule)
    page.conditional_formatting.add(
        "E4:E5", CellIsRule("lessThan", ["$E$6"], fill=PatternFill(bgColor="FF0000"))
    )
    page.print_area = "A1:E8"
    page.print_title_rows = "3:3"
    book.defined_names["scores"] = DefinedName("scores", attr_text="'测试表'!$E$4:$E$5")
    book.defined_names["note"] = DefinedName("note", attr_text="'测试表'!$B$8")
    other = book.create_sheet("数据")
    book.defined_names["elsewhere"] = DefinedName("elsewhere", attr_text="数据!$A$8")
    other["A1"] = "=测试表!E6"
    stream = BytesIO()
    book.save(stream)
    _add_parts(stream, folder / "all" / "form.xlsx")
    return profile(str(folder)).form("all")


def _add_parts(stream: BytesIO, path: Path) -> None:
    """What openpyxl cannot write: printer settings, custom XML, a calculation chain, validations of Excel 2010."""
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == SHEET:
                text = re.sub(rb"(<legacyDrawing [^>]*/>)?</worksheet>", rb"\1EXTRA</worksheet>", text)
                text = text.replace(b"EXTRA", EXTRA.encode())
            if name == "[Content_Types].xml":
                chain = b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                text = text.replace(b"</Types>", chain + b'spreadsheetml.calcChain+xml"/></Types>')
            if name == "xl/_rels/workbook.xml.rels":
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
                own = (
                    b'<Relationship Id="rId99" Type="' + kind + b'" Target="calcChain.xml"/></Relationships>'
                )
                text = text.replace(b"</Relationships>", own)
            new.writestr(name, text)
        new.writestr("xl/calcChain.xml", '<calcChain xmlns="http://x"><c r="E4" i="1"/></calcChain>')
        new.writestr("xl/printerSettings/printerSettings1.bin", bytes(range(256)) * 8)
        new.writestr("customXml/item1.xml", "<root>自定义</root>")


def fill(form: Form, rows: int, **own: Any) -> bytes:
    indicators = [
        {
            "name": f"指标{n}",
            "level1": "产出" if n < 3 else "效益",
            "weight": D(10),
            "completion_rate": D("0.9"),
        }
        for n in range(1, rows + 1)
    ]
    return filled(form, {"name": "甲", **own}, {"indicators": indicators})


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_parts_that_no_value_touches_come_through_byte_for_byte(form):
    before, after = parts(form.template.read_bytes()), parts(fill(form, 5))
    changed = {SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
    assert before.keys() - after.keys() == {"xl/calcChain.xml"}
    assert {name for name in after if after[name] != before[name]} == changed
    assert after["xl/printerSettings/printerSettings1.bin"] and "customXml/item1.xml" in after
    assert any("comment" in name.lower() for name in after)


def test_the_calculation_chain_is_dropped_with_all_that_names_it(form):
    assert not [name for name, content in parts(fill(form, 2)).items() if b"calcChain" in content]


def test_everything_below_inserted_rows_is_moved(form):
    data = fill(form, 5)
    page = openpyxl.load_workbook(BytesIO(data)).active
    assert page["A9"].value == "总分" and page["A10"].value == "预期目标" and page["A11"].value == "说明"
    assert page["B11"].value == '=IF(E9>90,"见E6",C4&C9)'  # words in quotes are no references
    assert page["C9"].value == '=IF(COUNT(C4:C8)>0,ROUND(SUM(C4:C8),6),"")'
    assert page["E8"].value == page["E4"].value.replace("C4", "C8").replace("D4", "D8")
    assert {str(m) for m in page.merged_cells.ranges} == {"B2:E2", "B11:E11", "B4:B5", "B6:B8"}
    assert [str(v.sqref) for v in page.data_validations.dataValidation] == ["C4:C8"]
    assert [v.formula2 for v in page.data_validations.dataValidation] == ["C9"]
    (area,) = page.conditional_formatting
    assert str(area.sqref) == "E4:E8" and area.rules[0].formula == ["$E$9"]
    sheet = parts(data)[SHEET].decode()
    assert "<xm:sqref>B4:B8</xm:sqref>" in sheet and "<xm:f>$G$11:$G$12</xm:f>" in sheet


def test_names_and_print_area_are_moved_on_their_own_sheet_only(form):
    book = openpyxl.load_workbook(BytesIO(fill(form, 4)))
    names = {name: found.attr_text for name, found in book.defined_names.items()}
    assert names == {"scores": "'测试表'!$E$4:$E$7", "note": "'测试表'!$B$10", "elsewhere": "数据!$A$8"}
    assert book.active.print_area == "'测试表'!$A$1:$E$10" and book.active.print_title_rows == "$3:$3"
    assert book.calculation.fullCalcOnLoad


def test_fewer_rows_than_the_template_has_leave_one(form):
    page = openpyxl.load_workbook(BytesIO(fill(form, 0))).active
    assert page["A5"].value == "总分" and page["A4"].value is None and page["C5"].value.startswith("=")


def test_rich_text_stays_rich(form):
    book = openpyxl.load_workbook(BytesIO(fill(form, 2)), rich_text=True)
    assert [getattr(run, "text", run) for run in book.active["A1"].value] == ["项目支出", "测试表"]


def test_a_row_is_as_high_as_its_longest_text_and_no_lower_than_drawn(form):
    usual, high = (
        openpyxl.load_workbook(BytesIO(fill(form, 2, goal=g))).active for g in ("短", "很长的目标。" * 20)
    )
    assert usual.row_dimensions[7].height == 20 < high.row_dimensions[7].height
    assert high.row_dimensions[4].height == 20


def test_a_stated_value_stands_in_place_of_a_formula_and_the_rest_is_reckoned_with_it(form):
    rows = [{"name": "甲", "weight": D(10), "completion_rate": D(1), "score": D(7)}]
    page = openpyxl.load_workbook(BytesIO(filled(form, {}, {"indicators": rows}))).active
    assert page["E4"].value == 7
    scopes, counts, given = filler(form).values({}, {"indicators": rows})
    assert (scopes[0]["full_score"], counts, given) == (D(7), (1,), {(1, "score")})


def test_one_record_leaves_nothing_in_the_next(form):
    alone = fill(form, 3)
    fill(form, 3, goal="甲" * 200)
    assert fill(form, 3) == alone


def test_a_package_is_what_its_parts_are():
    package = Package({"a.xml": b"<a/>", "甲.xml": "<甲/>".encode(), "open.xml": b""}, "open.xml")
    content = ("<x>" + "内容" * 5000 + "</x>").encode()
    assert parts(package.form(content)) == {"a.xml": b"<a/>", "甲.xml": "<甲/>".encode(), "open.xml": content}


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a<b>&c", "a&lt;b&gt;&amp;c"), ("x\x01y", "x_x0001_y"), ("_x0041_", "_x005F_x0041_"), ("甲1", "甲1")],
)
def test_text_is_written_as_xml_holds_it(text, kept):
    assert safe(text) == kept


def test_a_line_holds_half_as_many_chinese_characters_as_latin():
    assert [lines("甲" * 10, 105, 10.5), lines("a" * 17, 105, 10.5), lines("甲\n乙", 105, 10.5)] == [2, 1, 2]


def test_cells_without_an_address_follow_their_neighbour(tmp_path):
    row = "<row><c><v>1</v></c><c/><c r='D1'><v>4</v></c><c/><c><v>6</v></c></row><row><c/><c><v>2</v></c></row>"
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{row}</sheetData></worksheet>'
    book = openpyxl.Workbook()
    book.save(tmp_path / "old.xlsx")
    with zipfile.ZipFile(tmp_path / "old.xlsx") as old, zipfile.ZipFile(tmp_path / "new.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == SHEET else old.read(name))
    (table,) = read(tmp_path / "new.xlsx", "annex").tables
    found = {(c.row, c.column): c.text for c in table.cells if c.text}
    assert found == {(0, 0): "1", (0, 3): "4", (0, 5): "6", (1, 1): "2"}
