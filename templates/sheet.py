"""What templates are drawn with: a sheet with the looks of an annex, and the parts that most forms share.

Goes out: `Sheet`, `FORMS` (how each form is drawn, by id). Reads no description; what form.toml adds is in `draw.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.utils import get_column_letter as letter
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

THIN = Side(style="thin", color="000000")
BOX = Border(THIN, THIN, THIN, THIN)
# Widths of side label, three levels, target, result, points, score, reason: one landscape page.
WIDE = (9, 16, 16, 22, 14, 14, 8, 9, 26)
SIGNED = "填表人：　　　　　　　　填报日期：　　　　　　　　联系电话：　　　　　　　　单位负责人"

Part = tuple[str, str | float] | tuple[str, str | float, str]
Heads = Sequence[tuple[str, str]]


def cells(text: str) -> Heads:
    """Columns and words, as `Sheet.row` takes them.

    >>> cells("B:C 编制数 | D 控制率 | E")
    (('B:C', '编制数'), ('D', '控制率'), ('E', ''))
    """
    parts = (part.strip().partition(" ") for part in text.split(" |"))
    return tuple((columns, words) for columns, _, words in parts)


def song(size: float = 10.5, bold: bool = False) -> Font:
    return Font("仿宋", size, bold, family=3, charset=134)


def hei(size: float) -> Font:
    return Font("黑体", size, family=3, charset=134)


class Sheet:
    """A form being drawn: `put("A3:C3", "项目名称")` merges, boxes and writes.

    helpers  heads of calculation columns, right of what is printed; page breaks and print area leave them out
    """

    def __init__(
        self, name: str, widths: Sequence[float], helpers: Sequence[str] = (), landscape: bool = True
    ) -> None:
        self.book = openpyxl.Workbook()
        self.page: Worksheet = self.book.active
        self.page.title = name
        self.printed = letter(len(widths))
        self.last_row = 0
        self.helpers = [(letter(len(widths) + 2 + n), head) for n, head in enumerate(helpers)]
        every = [*widths, *([2] if helpers else []), *([10] * len(helpers))]
        for n, width in enumerate(every, 1):
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

    @property
    def print_area(self) -> str:
        return f"A1:{self.printed}{self.last_row or self.page.max_row}"

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
            across, indent = ("left", 1) if look == "left" else ("center", 0)
            cell.alignment, cell.border = Alignment(across, "center", wrap_text=True, indent=indent), BOX

    def row(self, row: int, *parts: Part, height: float = 0) -> None:
        """Cells of one row: (columns, text, look); "A:C" are merged columns."""
        for columns, text, *look in parts:
            first, _, last = columns.partition(":")
            self.put(f"{first}{row}" + (f":{last}{row}" if last else ""), text, *look)
        if height:
            self.page.row_dimensions[row].height = height

    def heads(self, row: int, heads: Heads, height: float = 24) -> None:
        self.row(row, *((columns, text, "head") for columns, text in heads), height=height)


FORMS: dict[str, Callable[[], Sheet]] = {}


def form(id: str) -> Callable[[Callable[[], Sheet]], Callable[[], Sheet]]:
    def register(draw: Callable[[], Sheet]) -> Callable[[], Sheet]:
        FORMS[id] = draw
        return draw

    return register


# ---- parts that forms share --------------------------------------------------------------------------------

INDICATORS = cells(
    "B 一级指标 | C 二级指标 | D 三级指标 | E 年度指标值 | F 实际完成值 | G 分值 | H 得分 | I 偏差原因分析及改进措施"
)
FUNDS = cells("D 年初预算数 | E 全年预算数 | F 全年执行数 | G 分值 | H 执行率 | I 得分")
GOALS = cells("B:E 预期目标 | F:I 实际完成情况")
WORKED_OUT = ("目标数", "完成数", "完成率")


def title(sheet: Sheet, text: str, below: str = "（年度）", look: str = "middle") -> None:
    sheet.row(1, (f"A:{sheet.printed}", text, "title"), height=34)
    sheet.row(2, (f"A:{sheet.printed}", below, look), height=20)


def indicators(
    sheet: Sheet,
    row: int,
    heads: Heads = INDICATORS,
    side: str = "绩效指标",
    *,
    total: str = "总分",
    last: str = "F",
) -> int:
    """The lower half of a form: heads, rows, and the total, its label up to column `last`. Returns the next row."""
    rows = 8
    sheet.put(f"A{row}:A{row + rows}", side)
    sheet.heads(row, heads, height=34)
    for n in range(row, row + rows + 1):
        if n > row:
            sheet.row(n, *((columns, "") for columns, _ in heads), height=24)
        sheet.row(n, *((c, head if n == row else "", "middle") for c, head in sheet.helpers))
    if sheet.helpers:
        sheet.row(row - 1, (f"{sheet.helpers[0][0]}:{sheet.helpers[-1][0]}", "计算列（不打印）", "middle"))
    sheet.page.print_title_rows = f"{row}:{row}"
    end = row + rows + 1
    if not total:
        return end
    after = [columns for columns, _ in heads if columns[0] > last]
    sheet.row(end, (f"A:{last}", total, "head"), *((columns, "") for columns in after), height=24)
    return end + 1


def goals(sheet: Sheet, row: int, heads: Heads = GOALS, label: str = "年度总体\n目标") -> int:
    sheet.put(f"A{row}:A{row + 1}", label)
    sheet.heads(row, heads, height=22)
    sheet.row(row + 1, *((columns, "", "left") for columns, _ in heads), height=80)
    return row + 2


def funds(sheet: Sheet, row: int, side: str, labels: str, heads: Heads = FUNDS, rates: str = "—") -> int:
    """Budget, execution and its points. Below the first row points and scores are dashes; so are the rates, or
    (`rates` "") they are worked out.
    """
    names = labels.split("|")
    points, rate, score = (columns for columns, head in heads if head in ("分值", "执行率", "得分"))
    sheet.put(f"A{row}:A{row + len(names)}", side)
    sheet.row(row, ("B:C", ""))
    sheet.heads(row, heads)
    for n, text in enumerate(names, row + 1):
        dashes = {} if n == row + 1 else {points: "—", rate: rates, score: "—"}
        filled = {points: 10} if n == row + 1 else dashes
        amounts = ((columns, filled.get(columns, "")) for columns, _ in heads)
        sheet.row(n, ("B:C", text, "left"), *amounts, height=22)
    return row + 1 + len(names)


def signature(sheet: Sheet, row: int, text: str = f"{SIGNED}签字：") -> int:
    sheet.row(row, (f"A:{sheet.printed}", text, "line"), height=26)
    return row + 1


def notes(sheet: Sheet, row: int, text: str, height: float) -> int:
    sheet.row(row, (f"A:{sheet.printed}", text, "note"), height=height)
    return row + 1


def answer(sheet: Sheet, row: int, label: str, height: float = 44, until: str = "B") -> int:
    """A label, up to a column, and a wide box for words."""
    box = f"{chr(ord(until) + 1)}:{sheet.printed}"
    sheet.row(row, (f"A:{until}" if until > "A" else "A", label), (box, "", "left"), height=height)
    return row + 1
