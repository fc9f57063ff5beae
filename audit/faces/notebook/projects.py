"""The projects of a report as a table, and what their scores would be under another rule.

Comes in: a `Report`. Goes out: tables in Decimal, amounts in 万元, rates as shares (0.9858 is 98.58%). Formulas are those of
`audit.formulas`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas

from ...forms.draft import draft
from ...forms.draft_words import same_name
from ...formulas import number, rate
from ...frames import DECIMAL, TEXT, typed_frame
from ...quantity import cut, round_half_up
from ...report import Report

PROJECT_COLUMNS = {
    "项目": TEXT,
    "年初预算": DECIMAL,
    "全年预算": DECIMAL,
    "执行": DECIMAL,
    "结转": DECIMAL,  # 全年预算 - 执行
    "执行率": DECIMAL,  # recomputed, four decimals; None where there is no budget
    "报告执行率": DECIMAL,  # as printed in the narrative, None where it is not
}
WHAT_IF_COLUMNS = {
    "项目": TEXT,
    "执行率": DECIMAL,  # in %, at the decimals asked for
    "报告执行率": DECIMAL,  # in %, as printed
    "相差": DECIMAL,  # 报告执行率 - 执行率, in percentage points
    "得分": DECIMAL,
}
ONE = Decimal(1)


def projects_frame(report: Report) -> pandas.DataFrame:
    """One row per project of the report, in the order of the report; what is not told stays None."""
    case, _ = draft(report)
    printed = _printed_rates(report)
    rows = []
    for project in case.projects:
        initial, budget, spent = (
            _amount(project.get(f"total_{key}")) for key in ("initial", "budget", "spent")
        )
        left = budget - spent if budget is not None and spent is not None else None
        name = str(project.get("name") or "")
        stated = next((value for item, value in printed if same_name(item, name)), None)
        rows.append((name, initial, budget, spent, left, rate(spent, budget), stated))
    return typed_frame(PROJECT_COLUMNS, rows)


def what_if(
    frame: pandas.DataFrame,
    *,
    decimals: int = 2,
    cap: bool = True,
    cut_off: bool = False,
    full_from: Decimal | float | None = None,
    weight: Decimal | int = 10,
) -> pandas.DataFrame:
    """The same budget and spending under another rule.

    decimals   of the percentage; cut_off: cut off there instead of rounded half-up
    cap        no more than the full score for a rate above 100%
    full_from  the rate (a share) from which the full score is given, None for none
    weight     the full score; the score is weight × rate, two decimals
    """
    rows = []
    for row in frame.to_dict("records"):
        spent, budget, stated = row["执行"], row["全年预算"], row.get("报告执行率")
        shown = points = gap = None
        if number(spent) and number(budget) and budget != 0:
            shown = (cut if cut_off else round_half_up)(spent / budget * 100, decimals)
            share = shown / 100
            if full_from is not None and share >= Decimal(str(full_from)):
                share = max(ONE, share)
            share = max(Decimal(0), min(ONE, share) if cap else share)
            points = round_half_up(Decimal(weight) * share, 2)
        percent = stated.scaleb(2) if number(stated) else None
        if percent is not None and shown is not None:
            gap = percent - shown
        rows.append((row["项目"], shown, percent, gap, points))
    return typed_frame(WHAT_IF_COLUMNS, rows)


def _printed_rates(report: Report) -> list[tuple[str, Decimal]]:
    """Execution rates in the narrative's running text, by what they are of."""
    narrative = report.documents[0].id
    return [
        (fact.item, fact.value)
        for fact in report.facts
        if fact.measure == "执行率"
        and fact.item
        and not fact.period
        and fact.figure.span.document == narrative
    ]


def _amount(value: Any) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
