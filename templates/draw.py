"""Draws the shipped templates: the words and boxes of every form.xlsx, then what its form.toml adds to them.

    python templates/draw.py                 draws all forms
    python templates/draw.py hunan           those of one profile

A template is an ordinary workbook: it may as well be drawn or changed by hand in Excel, as long as
`audit forms lint` finds its labels. Drawing anew overwrites such changes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter as letter
from openpyxl.utils import range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from audit.forms.description import Column, Field, Form, profile, profile_ids
from audit.forms.locate import Places, locate
from audit.forms.template import cell_formulas
from audit.read import read

THIN = Side(style="thin", color="000000")
BOX = Border(THIN, THIN, THIN, THIN)
COMPUTED = PatternFill("solid", fgColor="F2F2F2")
HELPER = PatternFill("solid", fgColor="E8EEF7")
FORMATS = {"money": "0.00", "rate": "0.00%", "number": "0.##", "count": "0", "text": "@", "long": "General", "value": "@"}
# Numbers printed with trailing digits only where there are some; scores always with two.
NUMBER_FORMATS = {"score": "0.00", "full_score": "0.00", "total_score": "0.00"}


def song(size: float = 10.5, bold: bool = False) -> Font:
    return Font("仿宋", size, bold, family=3, charset=134)


def hei(size: float) -> Font:
    return Font("黑体", size, family=3, charset=134)


class Sheet:
    """A form being drawn: `put("A3:C3", "项目名称")` merges, boxes and writes."""

    def __init__(self, name: str, widths: Sequence[float], landscape: bool = False) -> None:
        self.book = openpyxl.Workbook()
        self.page: Worksheet = self.book.active
        self.page.title = name
        self.columns = len(widths)
        for n, width in enumerate(widths, 1):
            self.page.column_dimensions[letter(n)].width = width
        page = self.page
        page.page_setup.orientation = "landscape" if landscape else "portrait"
        page.page_setup.paperSize = 9
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        page.print_options.horizontalCentered = True
        page.page_margins = openpyxl.worksheet.page.PageMargins(0.6, 0.6, 0.7, 0.7, 0.3, 0.3)
        page.oddFooter.center.text = "第 &P 页 共 &N 页"
        page.sheet_view.showGridLines = False

    def put(self, where: str, text: str | float = "", look: str = "label") -> None:
        left, top, right, bottom = range_boundaries(where)
        for row in self.page.iter_rows(top, bottom, left, right):
            for cell in row:
                self._style(cell, look)
        if (left, top) != (right, bottom):
            self.page.merge_cells(where)
        cell = self.page.cell(top, left, text if text != "" else None)
        if isinstance(text, str):
            cell.data_type = "s" if text else "n"

    def _style(self, cell: Cell, look: str) -> None:
        cell.protection = Protection(locked=True)
        if look == "title":
            cell.font, cell.alignment = hei(16), Alignment("center", "center", wrap_text=True)
        elif look in ("line", "right", "middle"):
            across = {"line": "left", "right": "right", "middle": "center"}[look]
            cell.font, cell.alignment = song(), Alignment(across, "center", wrap_text=look == "line")
        elif look == "note":
            cell.font, cell.alignment = song(9), Alignment("left", "top", wrap_text=True)
        else:
            cell.font = song(bold=look == "head")
            across = "left" if look == "left" else "center"
            cell.alignment, cell.border = Alignment(across, "center", wrap_text=True), BOX

    def row(self, row: int, *cells: tuple[str, str | float, str] | tuple[str, str | float], height: float = 0) -> None:
        """Cells of one row: (columns, text, look); "A:C" are merged columns."""
        for columns, text, *look in cells:
            first, _, last = columns.partition(":")
            self.put(f"{first}{row}" + (f":{last}{row}" if last else ""), text, *look)
        if height:
            self.page.row_dimensions[row].height = height


def finish(form: Form) -> None:
    """What the description adds: formats, formulas, names, validation, protection, print titles."""
    places = locate(form, read(form.template, "annex").tables[0])
    book = openpyxl.load_workbook(form.template)
    page = book.active
    for f in form.fields:
        if cell := places.fields.get(f.key):
            _cell(page, cell.row + 1, cell.column + 1, f)
            _name(book, page, f.key, cell.row + 1, cell.column + 1)
    for place in places.blocks.values():
        for column in place.block.columns:
            if column.key not in place.columns:
                continue
            c = place.columns[column.key] + 1
            for r in range(place.first + 1, place.last + 2):
                _cell(page, r, c, column)
            _name(book, page, f"{place.block.key}_{column.key}", place.first + 1, c, place.last + 1)
        _validate(page, places, place.block.key)
    for (row, column), text in cell_formulas(form, places).items():
        page.cell(row + 1, column + 1, f"={text}")
    page.protection.sheet = True
    page.protection.formatRows = page.protection.formatColumns = page.protection.formatCells = False
    book.calculation.fullCalcOnLoad = True
    book.properties.creator, book.properties.title = "audit", form.title
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    book.save(form.template)


def _cell(page: Worksheet, row: int, column: int, f: Field | Column) -> None:
    cell = page.cell(row, column)
    helper = cell.border.left.style is None
    cell.number_format = NUMBER_FORMATS.get(f.key, FORMATS[f.kind])
    if f.kind == "long":
        cell.alignment = Alignment("left", "center", wrap_text=True)
    if f.formula:
        cell.fill = HELPER if helper else COMPUTED
    elif cell.value is None:
        cell.protection = Protection(locked=False)
        for merged in page.merged_cells.ranges:
            if cell.coordinate in merged:
                for covered in merged.cells:
                    page.cell(*covered).protection = Protection(locked=False)


def _name(book: openpyxl.Workbook, page: Worksheet, name: str, row: int, column: int, last: int = 0) -> None:
    place = f"${letter(column)}${row}" + (f":${letter(column)}${last}" if last > row else "")
    book.defined_names[name] = DefinedName(name, attr_text=f"'{page.title}'!{place}")


def _validate(page: Worksheet, places: Places, block: str) -> None:
    place = places.blocks[block]

    def area(key: str) -> str:
        column = letter(place.columns[key] + 1)
        return f"{column}{place.first + 1}:{column}{place.last + 1}"

    def add(rule: DataValidation, key: str) -> None:
        rule.errorTitle, rule.showErrorMessage = "请核对", True
        rule.add(area(key))
        page.add_data_validation(rule)

    if {"weight", "score"} <= place.columns.keys():
        weight, score = (f"{letter(place.columns[k] + 1)}{place.first + 1}" for k in ("weight", "score"))
        rule = f'OR({weight}="不适用",AND(ISNUMBER({weight}),{weight}>=0,{weight}<=100))'
        add(DataValidation("custom", formula1=rule, error="分值应为0至100的数；指标不适用时填“不适用”"), "weight")
        rule = f'OR({score}="",AND(ISNUMBER({score}),{score}>=0,{score}<=N({weight})))'
        add(DataValidation("custom", formula1=rule, error="得分应在0与分值之间"), "score")
    for key, choices in (("sign", "≥,≤,="), ("core", "是,否")):
        if key in place.columns:
            add(DataValidation("list", formula1=f'"{choices}"', error="请从下拉列表中选择"), key)


# ---- the forms ---------------------------------------------------------------------------------------------

FORMS: dict[str, Callable[[], Sheet]] = {}


def form(id: str) -> Callable[[Callable[[], Sheet]], Callable[[], Sheet]]:
    def register(draw: Callable[[], Sheet]) -> Callable[[], Sheet]:
        FORMS[id] = draw
        return draw

    return register


SIGNED = "填表人：　　　　　　　　填报日期：　　　　　　　　联系电话：　　　　　　　　单位负责人"


@form("hunan/basic-data")
def hunan_basic() -> Sheet:
    sheet = Sheet("基础数据表", [30, 13, 13, 13, 13, 13, 13])
    sheet.row(1, ("A:G", "年度部门整体支出绩效评价基础数据表", "title"), height=36)
    sheet.row(2, ("A:E", "填报单位：", "line"), ("F:G", "单位：万元", "right"), height=22)
    sheet.put("A3:A4", "财政供养人员情况（人）")
    sheet.row(3, ("B:C", "编制数"), ("D:E", "实际在职人数"), ("F:G", "控制率"), height=22)
    sheet.row(4, ("B:C", ""), ("D:E", ""), ("F:G", ""), height=22)
    heads = (("B:C", "上年决算数"), ("D:E", "当年预算数"), ("F:G", "当年决算数"))
    sheet.row(5, ("A", "经费控制情况（万元）", "head"), *heads, height=24)
    labels = [
        "三公经费", "　1、公务用车购置和维护经费", "　　其中：公车购置", "　　　　　公车运行维护", "　2、出国经费", "　3、公务接待",
        "项目支出：", "　1、业务工作专项", "　2、运行维护专项", "", "公用经费", "　其中：办公经费", "　　　　水费、电费、差旅费", "　　　　会议费、培训费",
        "政府采购金额", "部门基本支出预算调整",
    ]  # fmt: skip
    for n, text in enumerate(labels, 6):
        sheet.row(n, ("A", text, "left"), ("B:C", ""), ("D:E", ""), ("F:G", ""), height=21)
    sheet.put("A22:A23", "楼堂馆所控制情况（当年完工项目）")
    heads = ("批复规模（㎡）", "实际规模（㎡）", "规模控制率", "预算投资（万元）", "实际投资（万元）", "投资概算控制率")
    sheet.row(22, *zip("BCDEFG", heads, strict=True), height=32)
    sheet.row(23, *((c, "") for c in "BCDEFG"), height=22)
    sheet.row(24, ("A", "厉行节约保障措施"), ("B:G", ""), height=70)
    sheet.row(
        25,
        ("A:G", "注：“项目支出”填基本支出以外的全部支出，包括业务工作专项、运行维护专项和本级专项资金（一个专项一行）；“公用经费”填基本支出中的一般商品和服务支出。", "note"),
        height=30,
    )  # fmt: skip
    sheet.row(26, ("A:G", f"{SIGNED}（签名）：", "line"), height=26)
    return sheet


INDICATOR_HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
WIDE = (8, 14, 15, 22, 15, 15, 8, 9, 26)


def indicators(sheet: Sheet, row: int, rows: int = 8, classes: Sequence[tuple[str, Sequence[str]]] = ()) -> int:
    """The lower half that most forms share: heads, rows, 总分; calculation columns beside it. Returns the next row."""
    sheet.put(f"A{row}:A{row + rows}", "绩效指标")
    sheet.row(row, *((c, head, "head") for c, head in zip("BCDEFGHI", INDICATOR_HEADS, strict=True)), height=34)
    sheet.row(row, *((c, head, "middle") for c, head in zip("KLM", ("目标数", "完成数", "完成率"), strict=True)))
    for n in range(row + 1, row + rows + 1):
        sheet.row(n, *((c, "") for c in "BCDEFGHI"), height=24)
        sheet.row(n, *((c, "", "middle") for c in "KLM"))
    end = row + rows + 1
    sheet.row(end, ("A:F", "总分", "head"), ("G", ""), ("H", ""), ("I", ""), height=24)
    sheet.row(row - 1, ("K:M", "计算列（不打印）", "middle"))
    for column in "KLM":
        sheet.page.column_dimensions[column].width = 10
    sheet.page.print_title_rows = f"{row}:{row}"
    return end + 1


def goals(sheet: Sheet, row: int, label: str = "年度总体目标", heads: tuple[str, str] = ("预期目标", "实际完成情况")) -> None:
    sheet.put(f"A{row}:A{row + 1}", label)
    sheet.row(row, ("B:E", heads[0], "head"), ("F:I", heads[1], "head"), height=22)
    sheet.row(row + 1, ("B:E", "", "left"), ("F:I", "", "left"), height=80)


FUNDS = (("D", "年初预算数"), ("E", "全年预算数"), ("F", "全年执行数"), ("G", "分值"), ("H", "执行率"), ("I", "得分"))


@form("hunan/overall")
def hunan_overall() -> Sheet:
    sheet = Sheet("整体支出绩效自评表", [*WIDE, 2, 10, 10, 10], landscape=True)
    sheet.row(1, ("A:I", "年度部门（单位）整体支出绩效自评表", "title"), height=36)
    sheet.row(2, ("A:I", "单位：万元", "right"), height=20)
    sheet.row(3, ("A:B", "部门（单位）名称"), ("C:I", ""), height=24)
    sheet.put("A4:A10", "年度预算申请（万元）")
    sheet.row(4, ("B:C", ""), *((c, head, "head") for c, head in FUNDS), height=24)
    sheet.row(5, ("B:C", "年度资金总额"), *((c, 10 if c == "G" else "") for c, _ in FUNDS), height=24)
    sheet.row(6, ("B:F", "按收入性质分（全年执行数）：", "left"), ("G:I", "按支出性质分（全年执行数）：", "left"), height=22)
    rows = (
        ("其中：一般公共预算", "其中：基本支出"), ("政府性基金拨款", "项目支出"), ("纳入专户管理的非税收入拨款", ""), ("其他资金", "")
    )  # fmt: skip
    for n, (source, nature) in enumerate(rows, 7):
        sheet.row(n, ("B:D", source, "left"), ("E:F", ""), ("G:H", nature, "left"), ("I", ""), height=22)
    goals(sheet, 11)
    end = indicators(sheet, 13)
    sheet.row(end, ("A:I", f"{SIGNED}签字：", "line"), height=26)
    return sheet


def project_head(sheet: Sheet, first: str, rows: Sequence[str]) -> int:
    """Title to funds of the national project form; returns the row for the goals."""
    sheet.row(1, ("A:I", "项目支出绩效自评表", "title"), height=32)
    sheet.row(2, ("A:I", "（年度）", "middle"), height=20)
    sheet.row(3, ("A:B", first), ("C:I", ""), height=24)
    sheet.row(4, ("A:B", "主管部门"), ("C:E", ""), ("F", "实施单位"), ("G:I", ""), height=24)
    sheet.put(f"A5:A{5 + len(rows)}", "项目资金（万元）")
    sheet.row(5, ("B:C", ""), *((c, head, "head") for c, head in FUNDS), height=24)
    for n, text in enumerate(rows, 6):
        filled = ("", "", "", 10, "", "") if n == 6 else ("", "", "", "—", "—", "—")
        cells = ((c, value) for (c, _), value in zip(FUNDS, filled, strict=True))
        sheet.row(n, ("B:C", text, "left"), *cells, height=22)
    return 6 + len(rows)


SOURCES = ("年度资金总额", "其中：当年财政拨款", "　　　上年结转资金", "　　　其他资金")


@form("hunan/project")
def hunan_project() -> Sheet:
    sheet = Sheet("项目支出绩效自评表", [*WIDE, 2, 10, 10, 10], landscape=True)
    row = project_head(sheet, "项目支出名称", SOURCES)
    goals(sheet, row)
    end = indicators(sheet, row + 2)
    sheet.row(end, ("A:I", f"{SIGNED}签字：", "line"), height=26)
    return sheet


def main() -> None:
    wanted = sys.argv[1:]
    for name in profile_ids():
        for each in profile(name).forms():
            if wanted and name not in wanted and each.id not in wanted:
                continue
            sheet = FORMS[each.id]()
            last = sheet.columns if sheet.columns < 10 else 9
            sheet.page.print_area = f"A1:{letter(last)}{sheet.page.max_row}"
            sheet.book.save(each.template)
            finish(each)
            print(each.id)


if __name__ == "__main__":
    main()
