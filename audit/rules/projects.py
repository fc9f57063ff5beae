"""R105: the projects told one by one against the total of 项目支出."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import RUN_ON, Fact, Facts
from ..findings import Severity
from ..glossary import glossary
from ..listing import CLOSES
from . import Claim, Outcome, rule, sum_formula
from .common import name_of, unit_slip

# A reading counts as told project by project where four projects of five give it.
NEAR = Decimal("0.8")


@rule("R105", "project-list", Severity.ERROR, source="tie-outs")
def project_list(facts: Facts) -> Iterator[Outcome]:
    """逐项列示的项目支出合计应等于项目支出总数。

    Why      项目支出由各项目组成，差额是未列示的项目或写错的金额
    Formula  项目支出 = Σ 各项目实际支出
    Flags    项目支出100.00万元。
             1.甲补贴项目。预算30.00万元，支出30.00万元。
             2.乙补贴项目。预算30.00万元，支出30.00万元。
             3.丙补贴项目。预算30.00万元，支出30.00万元。
    Passes   项目支出90.00万元。
             1.甲补贴项目。预算30.00万元，支出30.00万元。
             2.乙补贴项目。预算30.00万元，支出30.00万元。
             3.丙补贴项目。预算30.00万元，支出30.00万元。
    """
    told = projects(facts)
    for readings in (("执行",), ("全年预算", "预算"), ("年初预算",), ("结转",)):
        parts = [next((p[m] for m in readings if m in p), None) for p in told]
        listed = [p for p in parts if p is not None]
        if len(listed) < 3 or len(listed) < len(told) * NEAR:
            continue
        yield from _projects_sum(facts, listed, readings)


def _projects_sum(facts: Facts, listed: list[Fact], readings: tuple[str, ...]) -> Iterator[Outcome]:
    """Against the totals told right above the list, and against the 项目支出 of the report."""
    inside = {p.figure for p in listed}
    first = min(p.paragraph for p in listed)
    path = facts.paragraphs[first].path
    money = [
        f
        for f in facts
        if f.kind == "money" and f.role == "level" and not f.period and f.figure not in inside
    ]
    last = max(p.paragraph for p in listed)
    beside = [
        f for f in money
        if (first - 3 <= f.paragraph < first or last < f.paragraph <= last + 2)
        and facts.place(f).path[: len(path)] == path and f.measure in readings and CLOSES.search(f.lead)
    ]  # fmt: skip
    value = sum((f.value for f in listed), Decimal(0))
    for total in [t for t in beside if t.value == value] or beside:
        yield _project_claim(total, listed)
    totals = [f for f in money if f.item == "项目支出" and f.measure in ("", *readings) and f not in beside]
    if readings == (
        "结转",
    ):  # what the department carries over is what its projects do; only agreement says so
        totals = [f for f in money if f.measure == "结转" and f.value == value]
    tied = next((t for t in totals if t.value == value), None)
    slipped = next((t for t in totals[:4] if unit_slip(t, listed)), None)
    if not tied:  # the classes of spending told one by one make up another total
        tied = next((f for f in money if f.value == value and f.measure in ("", *readings)), None)
    if not tied:  # the classes of projects may make up the whole spending
        tied = next((f for f in money if f.value == value and f.measure in ("", *readings)), None)
    if (totals or tied) and (tied or not beside):
        claim = _project_claim(tied or slipped or totals[0], listed)
        yield replace(claim, quiet=not tied and _some_untold(facts, listed))


def _some_untold(facts: Facts, listed: list[Fact]) -> bool:
    """Are there numbered paragraphs with money beside those of the list, that tell their project otherwise?"""
    told = {f.paragraph for f in listed}
    one = facts.place(listed[0])
    return any(
        p.level == one.level and p.path == one.path and any(f.kind == "money" for f in facts.in_paragraph(i))
        for i, p in enumerate(facts.paragraphs)
        if i not in told
    )


def _project_claim(total: Fact, listed: list[Fact]) -> Claim:
    figures = tuple(f.figure for f in listed)
    claim = Claim(
        total.figure, sum_formula(figures), figures, subject=name_of(total),
        basis=f"逐项列示的{len(listed)}个项目相加", doubt="列示的项目可能不全，或资金来源口径不同",
        advice="请核对是否有项目未列示，或说明差额去向",
    )  # fmt: skip
    if slip := unit_slip(total, listed):
        claim = replace(
            claim, code="R601", cause=slip.figure, doubt="", advice=f"“{slip.figure}”的单位疑应为万元，请核对",
            basis=f"“{slip.figure}”若按万元计，各项目正好相加为{total.figure}；照印出的单位相加",
        )  # fmt: skip
    return claim


def projects(facts: Facts) -> list[dict[str, Fact]]:
    """One dict measure → fact per project paragraph: numbered paragraphs that tell a project's money."""
    found: list[dict[str, Fact]] = []
    for index, paragraph in enumerate(facts.paragraphs):
        deep = paragraph.level >= 3 or RUN_ON.search(paragraph.text[:60])
        if not deep or "（项）" in paragraph.text[:90]:  # subjects of final accounts, no projects
            continue
        project: dict[str, Fact] = {}
        for fact in facts.in_paragraph(index):
            if fact.kind == "money" and fact.role in ("level", "change") and fact.measure and not fact.period:
                project.setdefault(fact.measure, fact)
        named = re.search("项目|专项|资金|经费|补助|补贴", paragraph.text[:60])
        whole = paragraph.title in glossary().items  # 2.项目支出。……: no project
        if "执行" in project and not whole and len(project) > 1 and (named or project.keys() & BUDGETS):
            found.append(project)
    return found
