"""The check sheet: each relation with reported value, recomputed value, difference and verdict, all live."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ...findings import Check, Severity, Status
from .kit import LINK, Row
from .layout import CHECK_COLUMNS, CHECKS, ENTRY, FIRST, STATUS_COLOURS
from .live import Live, live, readable, verdict_formula

if TYPE_CHECKING:
    from .sheets import Paper

TIES = {"=": "=", "<=": "≤", ">=": "≥"}
IDS_SHOWN = 3


def write_checks(paper: Paper) -> None:
    sheet, checks = paper.checks, paper.report.checks
    paper.top(sheet, CHECK_COLUMNS)
    for check in checks:
        _write(paper, check)
    if not checks:
        Row(sheet, FIRST, CHECK_COLUMNS).text("索引号", "（没有可核对的数据）", text_wrap=False)
    column = list(CHECK_COLUMNS).index
    verdict, last = column("机器结论"), FIRST + max(len(checks), 1) - 1
    letter = sheet.here(0, verdict)[:-1]
    for status, (ink, fill) in STATUS_COLOURS.items():
        look = paper.book.file.add_format({"font_color": ink, "bg_color": fill})
        rule = {"type": "formula", "criteria": f'=${letter}{FIRST + 1}="{status}"', "format": look}
        sheet.raw.conditional_format(FIRST, verdict, last, verdict + 1, rule)
    red = paper.book.file.add_format({"font_color": STATUS_COLOURS[Status.DIFFERS][0], "bold": True})
    rule = {"type": "formula", "criteria": f'=${letter}{FIRST + 1}="{Status.DIFFERS}"', "format": red}
    sheet.raw.conditional_format(FIRST, column("差异"), last, column("差异"), rule)
    sheet.raw.ignore_errors({"formula_differs": f"{sheet.here(FIRST, 0)}:{sheet.here(last, verdict + 1)}"})
    paper.bottom(sheet, CHECK_COLUMNS, len(checks))


def fingerprint(check: Check, formula: str) -> str:
    """The same check in the next run, whatever the figures are numbered."""
    words = "|".join([check.rule, check.subject, formula, str(check.result or ""), check.relation])
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


def _write(paper: Paper, check: Check) -> None:
    row = Row(paper.checks, paper.check_row[check.id], CHECK_COLUMNS)
    used = paper.figures_of(check)
    known = {figure.id: figure for figure in used}
    view, formula = live(check, known, paper.value_cells), readable(check, known)
    row.text("索引号", check.id, align="center")
    row.text("规则", check.rule, align="center")
    row.text("事项", check.subject)
    row.text("勾稽关系／公式", formula)
    ids = [figure.id for figure in used if figure.id in paper.figure_row]
    more = "等" if len(ids) > IDS_SHOWN else ""
    row.text("台账索引", "、".join(ids[:IDS_SHOWN]) + more or "—", paper.to_figure(ids[0] if ids else ""))
    row.text("关系", TIES[check.relation], align="center")
    _numbers(row, view)
    row.text("单位", view.scale.unit, align="center")
    bold: dict[str, Any] = {"align": "center", "bold": True}
    note = check.note
    if view.judged:
        cells = [row.here(title) for title in ("报告数", "重算数", "差异", "容差")]
        row.formula("机器结论", verdict_formula(check.relation, view, *cells), check.status.value, **bold)
    else:
        row.text("机器结论", check.status.value, **bold)
        if check.status is not Status.NOT_CHECKED:
            note = "；".join(filter(None, [note, "结论由程序给出，不随单元格重算"]))
    numbers = paper.findings_of[check.id]
    _mark(row, check, view.judged, {paper.findings[n].severity for n in numbers})
    row.text("依据", paper.rules.get(check.rule, ""))
    row.text("发现", "、".join(str(n + 1) for n in numbers), paper.to_finding(numbers), align="center")
    row.text("说明", note)
    mark = fingerprint(check, formula)
    row.text("审计说明", paper.earlier.take(CHECKS, mark).get("审计说明", ""), bg_color=ENTRY)
    row.text("指纹", mark)


def _numbers(row: Row, view: Live) -> None:
    """Reported, recomputed, difference, slack: live where they can be, a dash where there is nothing."""
    detail = {"num_format": view.detail_format}
    if view.stated is None:
        row.text("报告数", "—", align="right")
    elif view.stated_formula:
        row.formula(
            "报告数", view.stated_formula, view.stated, num_format=view.stated_format, font_color=LINK
        )
    else:
        row.number("报告数", view.stated, num_format=view.stated_format)
    if view.expected is None:
        row.text("重算数", "—", align="right")
    elif view.expected_formula:
        row.formula("重算数", view.expected_formula, view.expected, **detail)
    else:
        row.number("重算数", view.expected, **detail)
    if view.difference is None:
        row.text("差异", "—", align="right")
    else:
        gap = f"=ROUND({row.here('报告数')}-{row.here('重算数')},{view.difference_places})"
        row.formula("差异", gap, view.difference, **detail)
    if view.slack is None:
        row.text("容差", "—", align="right")
    else:
        places = max(-int(view.slack.normalize().as_tuple().exponent), view.printed) if view.slack else 0
        row.number("容差", view.slack, num_format=view.scale.number_format(places))


def _mark(row: Row, check: Check, judged: bool, severities: set[Severity]) -> None:
    """The tick mark, live where the verdict is."""
    good = "√" if check.formula.strip().isalnum() else "R" if set("*/(m") & set(check.formula) else "∧"
    bad = "×"
    if severities and Severity.ERROR not in severities:
        bad = "?" if Severity.QUESTION in severities else "△"
    marks = {Status.AGREES: good, Status.ROUNDING: "≈", Status.DIFFERS: bad, Status.NOT_CHECKED: "—"}
    if not judged:
        row.text("标识", marks[check.status], align="center", bold=True)
        return
    verdict = row.here("机器结论")
    other = f'IF({verdict}="{Status.ROUNDING}","≈","{bad}")'
    formula = f'=IF({verdict}="{Status.AGREES}","{good}",{other})'
    row.formula("标识", formula, marks[check.status], align="center", bold=True)
