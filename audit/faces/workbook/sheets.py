"""The sheets of the audit workbook, each with its inputs, its formulas and what they give for the sample.

Comes in: the sample's report and annex, read. Goes out: sheets of an open workbook. Computes nothing itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from ...findings import Severity
from ...quantity import round_half_up
from ...source import Document, Table
from ..working_paper.kit import HEAD, SHADE, Book
from ..working_paper.layout import BOX, ENTRY, SEVERITY_COLOURS, SEVERITY_MEANINGS, STATUS_COLOURS
from .cells import Area, Call, Page, call
from .layout import (
    ANNEX,
    ANNEX_COLUMNS,
    ANNEX_ROWS,
    ANNEX_TABLE,
    BUTTONS,
    CHECKED_ROWS,
    CHECKS,
    ISSUE_ROWS,
    ISSUES,
    NARRATIVE,
    PARAGRAPHS,
    PROJECT_ROWS,
    PROJECT_TOTAL,
    PROJECTS,
    RATES,
    REPORT_TEXT,
    SPILLS,
    TITLE,
)
from .reading import Project, cell_value, paragraphs, projects

MONEY, PERCENT = "#,##0.00", "0.00%"
VERDICTS = {str(status): colours for status, colours in STATUS_COLOURS.items()}
BUTTON = {"width": 92, "height": 26}
FOOTER = "程序计算的结果供审核人员核实后使用"


def buttons(page: Page, row: int, column: int) -> None:
    """The buttons that belong on a sheet, side by side."""
    for n, button in enumerate(b for b in BUTTONS if page.name in b.sheets):
        options = {
            "macro": button.macro,
            "caption": button.caption,
            "x_offset": 6 + 102 * n,
            "y_offset": 3,
            **BUTTON,
        }
        page.raw.insert_button(row, column, options)
    page.sheet.at_least(row, 26)


def narrative(book: Book, report: Document) -> Area:
    page = Page(book, NARRATIVE, [6, 104], "#1F4E8C")
    page.title(
        "自评报告文字",
        2,
        "每段一行，从下面第一个淡黄色单元格起粘贴；或点“读取报告”。表格请放在“附表”。样例部门为虚构。",
    )
    buttons(page, 2, 1)
    page.heads(3, ["段", "报告文字"])
    top = 4
    lines = paragraphs(report)
    for n, line in enumerate(lines):
        page.number(top + n, 0, n + 1, align="center", font_color="#52606D", **BOX)
        page.text(top + n, 1, line, text_wrap=True, bg_color=ENTRY, **BOX)
    area = page.area(top, 1, top + PARAGRAPHS - 1, 1, REPORT_TEXT)
    area.define()
    page.raw.freeze_panes(top, 0)
    page.sheet.paper(3, top + len(lines) - 1, 2, TITLE, FOOTER)
    return area


def annex(book: Book, table: Table) -> Area:
    page = Page(book, ANNEX, [13, 15, 14, 22, 14, 14, 12, 11, 30], "#1F4E8C")
    page.title(
        "附表",
        9,
        "从下面第一个淡黄色单元格起，粘贴附表的整个区域（含标题和表头）；样例为虚构部门的整体支出绩效自评表。",
    )
    top = 3
    for cell in table.cells:
        style: dict[str, Any] = {"bg_color": ENTRY, "text_wrap": True, **BOX}
        if cell.number is not None:
            style |= {"num_format": cell.number_format or "General", "align": "right"}
        page.merged(top + cell.row, cell.column, cell.row_span, cell.column_span, cell_value(cell), **style)
    area = page.area(top, 0, top + ANNEX_ROWS - 1, ANNEX_COLUMNS - 1, ANNEX_TABLE)
    area.define()
    page.raw.freeze_panes(top, 0)
    page.sheet.paper(-1, top + table.rows - 1, 9, TITLE, FOOTER)
    return area


# ---- rates -------------------------------------------------------------------------------------------------

RATE_HEADS = {
    "序号": 6, "项目名称": 32, "年初预算数": 13, "全年预算数": 13, "全年执行数": 13, "报告所写\n执行率": 11,
    "执行率": 11, "核对": 10, "预算调整率": 11, "执行率得分": 11, "表内公式\n复算": 11,
}  # fmt: skip


def rates(book: Book, report: Document) -> None:
    page = Page(book, RATES, list(RATE_HEADS.values()), "#1E6B3A")
    width = len(RATE_HEADS)
    page.title(
        "预算执行率复算",
        width,
        "单位：万元。淡黄色格照报告填写；其余各列一次算完整列。最后一列为表内公式，可对照，也可在 WPS 中重算。",
    )
    page.heads(2, list(RATE_HEADS))
    page.sheet.at_least(2, 32)
    rows, total = projects(report)
    top = 6
    last = top + PROJECTS - 1
    for n in range(PROJECTS):
        _project(page, top + n, n, rows[n] if n < len(rows) else None)
    _totals(page, total, rows, top, last)

    def column(c: int) -> Area:
        return page.area(top, c, last, c)

    name, initial, budget, spent, stated = (column(c) for c in (1, 2, 3, 4, 5))
    right = {"align": "right", **BOX}
    page.call(top, 6, call("EXEC_RATE", spent, budget), num_format=PERCENT, **right)
    verdicts = page.call(
        top, 7, call("RATE_CHECK", stated, spent, budget, unless_blank=name), align="center", bold=True, **BOX
    )
    page.call(top, 8, call("ADJUST_RATE", initial, budget), num_format=PERCENT, **right)
    page.call(top, 9, call("EXEC_SCORE", spent, budget), num_format="0.00", **right)
    page.coloured(page.area(3, 2, verdicts.last_row, 7), VERDICTS)
    page.area(top, 1, last, 5, PROJECT_ROWS).define()
    page.area(3, 2, 3, 5, PROJECT_TOTAL).define()
    page.raw.freeze_panes(3, 2)
    page.sheet.paper(2, top + max(len(rows), 12) - 1, width, TITLE, FOOTER)


def _totals(page: Page, total: Project | None, rows: list[Project], top: int, last: int) -> None:
    """What the report gives as totals, the sum of its rows as a native formula, and whether they tie."""
    labels = ("合计（报告所写）", "分项相加（表内公式）", "合计核对")
    for n, label in enumerate(labels):
        for c in range(len(RATE_HEADS)):
            page.text(3 + n, c, label if c == 1 else "", bg_color=SHADE, **BOX)
    for n, c in enumerate((2, 3, 4)):
        _entry(page, 3, c, total.amounts[n] if total else None)
        parts = page.area(top, c, last, c)
        added = sum((row.amounts[n] or Decimal(0) for row in rows), Decimal(0))
        look = {"num_format": MONEY, "align": "right", "bg_color": SHADE, **BOX}
        page.native(4, c, f"=SUM({parts.formula(page)})", float(added), **look)
        page.call(
            5,
            c,
            call("SUM_CHECK", page.area(3, c, 3, c), parts),
            align="center",
            bold=True,
            bg_color=SHADE,
            **BOX,
        )
    page.text(3, 5, total.rate if total else "", align="right", bg_color=ENTRY, **BOX)
    initial, budget, spent, stated = (page.area(3, c, 3, c) for c in (2, 3, 4, 5))
    look = {"align": "right", "bg_color": SHADE, **BOX}
    page.call(3, 6, call("EXEC_RATE", spent, budget), **{**look, "num_format": PERCENT})
    page.call(3, 7, call("RATE_CHECK", stated, spent, budget), **{**look, "align": "center", "bold": True})
    page.call(3, 8, call("ADJUST_RATE", initial, budget), **{**look, "num_format": PERCENT})
    page.call(3, 9, call("EXEC_SCORE", spent, budget), **{**look, "num_format": "0.00"})
    amounts = total.amounts if total else (None, None, None)
    _native_rate(page, 3, amounts[1], amounts[2], bg_color=SHADE)


def _entry(page: Page, row: int, column: int, value: Decimal | None) -> None:
    look = {"num_format": MONEY, "align": "right", "bg_color": ENTRY, **BOX}
    page.put(row, column, None if value is None else float(value), **look)


def _project(page: Page, row: int, n: int, project: Project | None) -> None:
    page.number(row, 0, n + 1, align="center", font_color="#52606D", **BOX)
    page.text(row, 1, project.name if project else "", bg_color=ENTRY, text_wrap=True, **BOX)
    amounts = project.amounts if project else (None, None, None)
    for c, amount in enumerate(amounts, 2):
        _entry(page, row, c, amount)
    page.text(row, 5, project.rate if project else "", align="right", bg_color=ENTRY, **BOX)
    _native_rate(page, row, amounts[1], amounts[2])


def _native_rate(page: Page, row: int, budget: Decimal | None, spent: Decimal | None, **style: Any) -> None:
    below, above = (xl_rowcol_to_cell(row, c) for c in (3, 4))
    value = "" if not budget or spent is None else float(round_half_up(spent / budget, 4))
    look = {"num_format": PERCENT, "align": "right", **BOX, **style}
    page.native(row, 10, f'=IF(N({below})=0,"",ROUND({above}/{below},4))', value, **look)


# ---- checks ------------------------------------------------------------------------------------------------

# item and reading as FIGURE takes them, and the field of the annex
STATED = (
    ("整体支出", "年初预算", "年度资金总额·年初预算数"),
    ("整体支出", "全年预算", "年度资金总额·全年预算数"),
    ("整体支出", "执行", "年度资金总额·全年执行数"),
    ("整体支出", "执行率", "年度资金总额·执行率"),
    ("基本支出", "执行", "基本支出"),
    ("项目支出", "执行", "项目支出"),
)
STATED_HEADS = ("事项", "读数", "报告所写", "附表栏目", "附表所写", "勾稽")
AGAIN_HEADS = ("复算事项", "算式", "所写", "写在", "复算", "结论")


def checks(book: Book, text: Area, form: Area) -> None:
    page = Page(book, CHECKS, [34, 22, 24, 26, 16, 12], "#1E6B3A")
    width = len(STATED_HEADS)
    page.title(
        "叙述与附表核对", width, "金额以万元计，比率为小数。淡黄色格可改为要查的事项、读数和附表栏目。"
    )
    buttons(page, 2, 0)
    row = _heading(page, 3, "一、逐项取数：报告文字与附表")
    page.heads(row, STATED_HEADS)
    told = _stated(page, row + 1, text, form)
    row = _heading(page, row + len(STATED) + 2, "二、复算")
    page.heads(row, AGAIN_HEADS)
    row = _again(page, row + 1, told, text, form)
    row = _heading(page, row + 1, "三、全部同一事项：叙述、附表、差异与结论（自动展开）")
    spilled = page.call(row, 0, call("RECONCILE", text, form), text_wrap=True)
    page.coloured(page.area(4, 0, row + SPILLS, width - 1), VERDICTS)
    page.framed_when_filled(row, 5, SPILLS)
    page.area(row, 0, row + SPILLS, 4, CHECKED_ROWS).define()
    page.raw.freeze_panes(3, 0)
    page.sheet.paper(0, spilled.last_row, width, TITLE, FOOTER)


def _heading(page: Page, row: int, words: str) -> int:
    page.text(row, 0, words, font_name=HEAD, font_size=12, bold=True)
    page.sheet.at_least(row, 26)
    return row + 1


Told = dict[tuple[str, str], tuple[Area, Area]]


def _stated(page: Page, top: int, text: Area, form: Area) -> Told:
    """One row an item; returns where the report's and the annex's number stand."""
    told: Told = {}
    for row, (item, measure, field) in enumerate(STATED, top):
        for column, words in ((0, item), (1, measure), (3, field)):
            page.text(row, column, words, bg_color=ENTRY, text_wrap=True, **BOX)
        form_at = PERCENT if measure.endswith("率") else MONEY
        look = {"num_format": form_at, "align": "right", "text_wrap": True, **BOX}
        asked = [page.area(row, column, row, column) for column in (0, 1, 3)]
        said = page.call(row, 2, call("FIGURE", text, *asked[:2]), **look)
        filled = page.call(row, 4, call("FORM_VALUE", form, asked[2]), **look)
        page.call(row, 5, call("TIE", said, filled), align="center", bold=True, **BOX)
        told[item, measure] = said, filled
    return told


def _again(page: Page, row: int, told: Told, text: Area, form: Area) -> int:
    initial, budget, spent, rate = (
        told["整体支出", m][0] for m in ("年初预算", "全年预算", "执行", "执行率")
    )
    budget_filled, spent_filled = told["整体支出", "全年预算"][1], told["整体支出", "执行"][1]
    basic = told["基本支出", "执行"][1]
    parts = page.area(basic.row, basic.column, basic.row + 1, basic.column)
    score = call("FORM_VALUE", form, "年度资金总额·得分")
    total = call("FORM_VALUE", form, "总分·得分")
    lines: list[tuple[str, str, Area | Call, str, Call | None, str]] = [
        ("整体支出执行率", "执行÷全年预算", rate, PERCENT, call("EXEC_RATE", spent, budget), "RATE_CHECK"),
        ("预算调整率", "（全年－年初）÷年初", call("FIGURE", text, "整体支出", "调整率"), PERCENT,
         call("ADJUST_RATE", initial, budget), "TIE"),
        ("执行＝基本＋项目", "基本支出＋项目支出", spent_filled, MONEY, None, "SUM_CHECK"),
        ("预算执行率得分", "10分×执行率", score, "0.00", call("EXEC_SCORE", spent_filled, budget_filled), "TIE"),
        ("总分与等级", "90、80、60分为界", total, "0.00", call("GRADE", page.area(row + 4, 2, row + 4, 2)), ""),
    ]  # fmt: skip
    last_of_report = row + 2
    for name, how, said, form_at, again, judge in lines:
        look = {"num_format": form_at, "align": "right", **BOX}
        page.text(row, 0, name, **BOX)
        page.text(row, 1, how, **BOX)
        stated = page.area(row, 2, row, 2)
        if isinstance(said, Area):
            page.native(row, 2, f"={said.formula(page)}", said.value(), **look)
        else:
            page.call(row, 2, said, **look)
        page.text(row, 3, "报告" if row < last_of_report else "附表", **BOX)
        if again:
            page.call(row, 4, again, **look)
        else:
            added = sum(Decimal(str(line[0])) for line in parts.value())
            page.native(row, 4, f"=SUM({parts.formula(page)})", float(added), **look)
        judged = {
            "RATE_CHECK": (stated, spent, budget),
            "SUM_CHECK": (stated, parts),
            "TIE": (stated, page.area(row, 4, row, 4)),
        }
        if judge:
            page.call(row, 5, call(judge, *judged[judge]), align="center", bold=True, **BOX)
        else:
            page.text(row, 5, "", **BOX)
        row += 1
    return row


def issues(book: Book, text: Area) -> None:
    page = Page(book, ISSUES, [9, 8, 58, 46, 36], "#A61B1B")
    page.title(
        "问题清单",
        5,
        "由报告文字直接核对得出，随“叙述”更新。每条规则的依据和算法可用 audit rules 规则号 查看。",
    )
    buttons(page, 2, 0)
    row = 5
    spilled = page.call(
        row,
        0,
        call("CHECK_TEXT", text),
        text_wrap=True,
        look={0: {"align": "center"}, 1: {"align": "center"}},
    )
    _counts(page, row, spilled)
    page.coloured(page.area(row, 0, row + SPILLS, 0), {str(s): c for s, c in SEVERITY_COLOURS.items()})
    page.framed_when_filled(row, 5, SPILLS)
    page.area(row, 0, row + SPILLS, 4, ISSUE_ROWS).define()
    page.raw.freeze_panes(row + 1, 0)
    page.sheet.paper(row, spilled.last_row, 5, TITLE, FOOTER)


def _counts(page: Page, row: int, spilled: Area) -> None:
    severities = list(Severity)
    column = xl_range(row, 0, row + SPILLS, 0)
    found = [page.values.get((r, 0)) for r in range(spilled.row, spilled.last_row + 1)]
    for n, severity in enumerate(severities):
        ink, fill = SEVERITY_COLOURS[severity]
        words = f"{severity} "
        page.native(
            3, 2 + n, f'="{words}"&COUNTIF({column},"{severity}")&" 条　{SEVERITY_MEANINGS[severity]}"',
            f"{words}{found.count(str(severity))} 条　{SEVERITY_MEANINGS[severity]}",
            font_color=ink, bg_color=fill, text_wrap=True, **BOX,
        )  # fmt: skip
    page.sheet.at_least(3, 32)
