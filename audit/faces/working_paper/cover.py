"""The first and the last sheet: cover with live totals, and the legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...findings import Severity, Status
from .kit import HEAD, INK, SHADE, Sheet
from .layout import (
    BOX,
    CHECK_COLUMNS,
    CHECKS,
    COVER,
    ENTRIES,
    ENTRY,
    ENTRY_ROW,
    FINDING_COLUMNS,
    FINDINGS,
    FIRST,
    LEDGER,
    LEGEND,
    MARKS,
    OPINIONS,
    SEVERITY_COLOURS,
    SEVERITY_MEANINGS,
    SIGNATURES,
    STATUS_COLOURS,
    STATUS_MEANINGS,
    TITLE,
)

if TYPE_CHECKING:
    from .sheets import Paper

WIDTH = 8
DASHED = '#,##0;-#,##0;"—"'
ROLES = {"narrative": "自评报告", "annex": "附件"}


def write_cover(paper: Paper) -> None:
    sheet = paper.cover
    sheet.raw.hide_gridlines(2)
    sheet.text(0, 0, TITLE, span=WIDTH, font_name=HEAD, font_size=20, bold=True, align="center")
    sheet.at_least(0, 44)
    hint = "程序重算与比对形成，机器结论供审核人员核实后使用"
    sheet.text(1, 0, hint, span=WIDTH, align="center", font_color="#52606D")
    for number, label in enumerate(ENTRIES):
        row, column = ENTRY_ROW + number // 2, 4 * (number % 2)
        _label(sheet, row, column, label)
        value = paper.entries.get(label, "")
        sheet.text(row, column + 1, value, span=3, bg_color=ENTRY, text_wrap=True, **BOX)
        sheet.at_least(row, 22)
    row = _documents(paper, ENTRY_ROW + 4)
    row = _index(paper, row + 1)
    top = row + 1
    row = _severities(paper, top)
    row = _statuses(paper, row + 1, top)
    versions = "；".join(f"{name} {version}" for name, version in paper.report.versions.items())
    sheet.text(
        row + 1, 0, f"版本：{versions}" if versions else "", span=WIDTH, font_color="#52606D", text_wrap=True
    )
    if changes := paper.report.config.changes():
        row += 1
        sheet.text(row + 1, 0, f"规则设置：{changes}", span=WIDTH, bg_color=ENTRY, text_wrap=True)
    sheet.paper(-1, row + 1, WIDTH, TITLE, SIGNATURES)


def _label(sheet: Sheet, row: int, column: int, text: str, **style: Any) -> None:
    look = {"font_name": HEAD, "bg_color": SHADE, "align": "center", **BOX, **style}
    sheet.text(row, column, text, **look)


def _heading(sheet: Sheet, row: int, text: str) -> int:
    sheet.text(row, 0, text, font_name=HEAD, font_size=12, bold=True)
    sheet.at_least(row, 24)
    return row + 1


def _documents(paper: Paper, row: int) -> int:
    sheet = paper.cover
    row = _heading(sheet, row, "一、被核对文件")
    _label(sheet, row, 0, "编号")
    _label(sheet, row, 1, "文件名", span=3)
    _label(sheet, row, 4, "类别")
    _label(sheet, row, 5, "SHA-256（前16位）", span=2)
    _label(sheet, row, 7, "读取提示")
    for document in paper.report.documents:
        row += 1
        sheet.text(row, 0, document.id, align="center", **BOX)
        sheet.text(row, 1, document.name, span=3, text_wrap=True, **BOX)
        sheet.text(row, 4, ROLES[document.role], align="center", **BOX)
        sheet.text(row, 5, document.sha256[:16], span=2, align="center", font_name="Consolas", **BOX)
        sheet.text(row, 7, "；".join(document.warnings[:5]), text_wrap=True, **BOX)
    return row + 1


def _index(paper: Paper, row: int) -> int:
    sheet, report = paper.cover, paper.report
    row = _heading(sheet, row, "二、底稿目录")
    for column, (title, span) in {0: ("索引", 1), 1: ("工作表", 1), 2: ("内容", 5), 7: ("行数", 1)}.items():
        _label(sheet, row, column, title, span=span)
    sheets = [
        (paper.cover, "文件、目录与校验汇总", ""),
        (paper.ledger, "原文中的每个数值：原文、位置、折算值", str(len(report.figures))),
        (paper.checks, "每项勾稽关系：报告数、重算数（活公式）、差异与机器结论", str(len(report.checks))),
        (paper.issues, "需核实的事项，以及核实意见与整改情况", str(len(report.findings))),
        (paper.legend, "标识、结论、程度与规则的含义", ""),
    ]
    for number, (target, content, rows) in enumerate(sheets):
        row += 1
        sheet.text(row, 0, "ABCDE"[number], align="center", **BOX)
        sheet.text(row, 1, target.name, target.cell(0, 0), **BOX)
        sheet.text(row, 2, content, span=5, **BOX)
        sheet.text(row, 7, rows or "—", align="center", **BOX)
    return row + 1


def _statuses(paper: Paper, row: int, chart_row: int) -> int:
    """Rules × statuses, counted live over the check sheet; their totals as a chart beside the findings."""
    sheet, checks = paper.cover, paper.report.checks
    row = _heading(sheet, row, "四、校验汇总（按规则）")
    head = row
    for column, title in enumerate(["规则", "名称", *Status, "合计"]):
        ink, fill = STATUS_COLOURS[Status(title)] if title in tuple(Status) else (INK, SHADE)
        _label(sheet, row, column, title, font_color=ink, bg_color=fill)
    codes = sorted({check.rule for check in checks})
    rules = _range(paper.checks, CHECK_COLUMNS, "规则", len(checks))
    verdicts = _range(paper.checks, CHECK_COLUMNS, "机器结论", len(checks))
    row = total = head + 1  # totals first: they are what the first page must show
    _label(sheet, row, 0, "合计", span=2)
    counts = [*paper.report.status_counts().values(), len(checks)]
    for column, count in enumerate(counts, start=2):
        letter = "ABCDEFG"[column]
        formula = f"=SUM({letter}{total + 2}:{letter}{total + 1 + len(codes)})" if codes else "=0"
        _count(sheet, row, column, formula, count, bold=True, bg_color="#F2F5F9")
    for code in codes:
        row += 1
        sheet.text(row, 0, code, align="center", **BOX)
        sheet.text(row, 1, paper.rules.get(code, ""), text_wrap=True, **BOX)
        mine = [check.status for check in checks if check.rule == code]
        for column, status in enumerate(Status, start=2):
            formula = f"=COUNTIFS({rules},$A{row + 1},{verdicts},{sheet.here(head, column, True)})"
            _count(sheet, row, column, formula, mine.count(status))
        _count(sheet, row, 6, f"=SUM(C{row + 1}:F{row + 1})", len(mine))
    if checks:
        _chart(paper, chart_row, head, total)
    return row + 1


def _chart(paper: Paper, row: int, head: int, total: int) -> None:
    sheet = paper.cover
    chart = paper.book.file.add_chart({"type": "doughnut"})
    points = [{"fill": {"color": colour}} for colour in ("#5B9E73", "#E3B341", "#C8453B", "#A3ADB8")]
    chart.add_series({
        "name": "核对结论",
        "categories": [COVER, head, 2, head, 5],
        "values": [COVER, total, 2, total, 5],
        "points": points,
    })  # fmt: skip
    chart.set_title({"none": True})
    chart.set_legend({"position": "right", "font": {"name": "宋体", "size": 9}})
    chart.set_hole_size(55)
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size({"width": 180, "height": 118})
    sheet.text(row, 7, "机器结论构成", font_name=HEAD, align="center")
    sheet.raw.insert_chart(row + 1, 7, chart, {"x_offset": 4, "y_offset": 2, "object_position": 3})


def _severities(paper: Paper, row: int) -> int:
    """Severities × the auditor's opinion, counted live over the finding sheet."""
    sheet, findings = paper.cover, paper.findings
    row = _heading(sheet, row, "三、问题汇总（按程度与核实意见）")
    head = row
    for column, title in enumerate(["程度", "含义", *OPINIONS, "未填", "合计"]):
        _label(sheet, row, column, title)
    severities = _range(paper.issues, FINDING_COLUMNS, "程度", len(findings))
    opinions = _range(paper.issues, FINDING_COLUMNS, "核实意见", len(findings))
    for severity in Severity:
        row += 1
        ink, fill = SEVERITY_COLOURS[severity]
        _label(sheet, row, 0, severity, font_color=ink, bg_color=fill)
        sheet.text(row, 1, SEVERITY_MEANINGS[severity], text_wrap=True, **BOX)
        mine = [paper.opinions[n] for n, finding in enumerate(findings) if finding.severity is severity]
        for column, opinion in enumerate(OPINIONS, start=2):
            formula = f"=COUNTIFS({severities},$A{row + 1},{opinions},{sheet.here(head, column, True)})"
            _count(sheet, row, column, formula, mine.count(opinion))
        answered = sum(mine.count(opinion) for opinion in OPINIONS)
        _count(sheet, row, 5, f"=G{row + 1}-SUM(C{row + 1}:E{row + 1})", len(mine) - answered)
        _count(sheet, row, 6, f"=COUNTIF({severities},$A{row + 1})", len(mine), bold=True)
    row += 1
    _label(sheet, row, 0, "合计", span=2)
    told = [paper.opinions.count(opinion) for opinion in OPINIONS]
    for column, count in enumerate([*told, len(findings) - sum(told), len(findings)], start=2):
        letter = "ABCDEFG"[column]
        formula = f"=SUM({letter}{head + 2}:{letter}{row})"
        _count(sheet, row, column, formula, count, bold=True, bg_color="#F2F5F9")
    return row + 1


def _count(sheet: Sheet, row: int, column: int, formula: str, value: int, **style: Any) -> None:
    sheet.formula(row, column, formula, value, num_format=DASHED, align="center", **{**BOX, **style})


def _range(sheet: Sheet, columns: Mapping[str, float], title: str, rows: int) -> str:
    column = list(columns).index(title)
    last = sheet.here(FIRST + max(rows, 1) - 1, column, True)
    return f"{sheet.cell(FIRST, column)}:{last}"


def write_legend(paper: Paper) -> None:
    sheet = paper.legend
    sheet.raw.hide_gridlines(2)
    sheet.text(0, 0, LEGEND, span=3, font_name=HEAD, font_size=16, bold=True, align="center")
    sheet.at_least(0, 30)
    row = _heading(sheet, 1, "一、核对标识")
    row = _lines(sheet, row, ["标识", "含义"], [(mark, text, {}) for mark, text in MARKS.items()])
    row = _heading(sheet, row + 1, "二、机器结论")
    row = _lines(
        sheet,
        row,
        ["结论", "含义"],
        [(s.value, STATUS_MEANINGS[s], _colour(STATUS_COLOURS[s])) for s in Status],
    )
    row = _heading(sheet, row + 1, "三、问题程度")
    row = _lines(
        sheet, row, ["程度", "含义"],
        [(s.value, SEVERITY_MEANINGS[s], _colour(SEVERITY_COLOURS[s])) for s in Severity],
    )  # fmt: skip
    row = _heading(sheet, row + 1, "四、使用说明")
    row = _lines(sheet, row, ["事项", "说明"], [(title, text, {}) for title, text in HOW_TO])
    report = paper.report
    codes = {*paper.rules, *(c.rule for c in report.checks), *(f.code for f in report.findings)}
    row = _heading(sheet, row + 1, "五、规则")
    sources: dict[str, str] = {}
    for finding in report.findings:
        sources.setdefault(finding.code, finding.source)
    for column, title in enumerate(["规则", "名称", "依据（本次涉及的）"]):
        _label(sheet, row, column, title)
    for code in sorted(codes):
        row += 1
        sheet.text(row, 0, code, align="center", **BOX)
        sheet.text(row, 1, paper.rules.get(code, ""), text_wrap=True, **BOX)
        sheet.text(row, 2, sources.get(code, ""), text_wrap=True, **BOX)
    sheet.paper(-1, row, 3, TITLE, SIGNATURES)


HOW_TO = [
    ("折算值", f"“{LEDGER}”把金额折算为万元、比率折算为小数，由“数值”列的活公式得出，便于逐项复算"),
    ("更正误读", f"程序读错数值时，改“{LEDGER}”的“数值”列，“{CHECKS}”的重算数、差异和结论随即更新"),
    ("容差", "由原文小数位决定：各数末位的半个单位累加，或末位截尾的一个单位；与金额大小的百分比无关"),
    ("可填写处", f"浅黄色单元格由审核人员填写：封面各项、“{CHECKS}”审计说明、“{FINDINGS}”核实意见等"),
    (
        "再次核对",
        "对同一文件名再次生成底稿时，上述填写内容按隐藏的“指纹”列保留；已填意见而本次未再出现的事项列于清单末尾",
    ),
    ("跳转", "蓝色文字可点击：数值、核对、问题三表相互链接"),
]


def _colour(pair: tuple[str, str]) -> dict[str, str]:
    return {"font_color": pair[0], "bg_color": pair[1]}


def _lines(sheet: Sheet, row: int, heads: list[str], lines: list[tuple[str, str, dict[str, str]]]) -> int:
    _label(sheet, row, 0, heads[0])
    _label(sheet, row, 1, heads[1], span=2)
    for name, text, style in lines:
        row += 1
        sheet.text(row, 0, name, align="center", **{**BOX, "bold": True, **style})
        sheet.text(row, 1, text, span=2, text_wrap=True, **BOX)
    return row + 1
