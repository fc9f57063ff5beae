"""R511, R512, R515: scores, totals and missed targets in the rows of forms; twins of R501, R502, R505."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..annex import FormIndicator, FormTable, Row
from ..facts import Fact, Facts
from ..findings import Figure, Severity
from ..source import Cell, CellState, Span
from . import Claim, NotChecked, Outcome, rule, sum_formula
from .tables import UNREAD, where

POINTS = re.compile(r"[（(](?P<points>\d+(?:\.\d+)?)分?[）)]")


def met(indicator: FormIndicator) -> bool | None:
    """Does the actual value reach the target? None where the two cannot be compared."""
    target, actual = indicator.facts.get("目标"), indicator.facts.get("完成")
    if target is None or actual is None or target.unit != actual.unit or target.figure.quantity.approx:
        return None
    return actual.value <= target.value if indicator.sign == "<=" else actual.value >= target.value


def missing(cell: Cell | None, what: str) -> str:
    """Why a cell gives no figure."""
    if cell is None or cell.state in (CellState.BLANK, CellState.DASH):
        return f"{what}未填"
    return UNREAD.get(cell.state, f"{what}“{cell.text[:12]}”不是数字")


@rule("R511", "row-score", Severity.ERROR, source="scoring")
def row_score(facts: Facts) -> Iterator[Outcome]:
    """自评表各行得分＝分值×完成程度，不超过分值；执行率得分＝分值×执行率。定性指标按等次评分，不复算。

    Why      自评表的得分常由手工填写，与完成值不对应
    Formula  min(分值, 分值 × 完成 ÷ 目标);  ≤: 分值 × 目标 ÷ 完成;  执行率: 分值 × 执行率
    Flags    | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 8.53 |
    Passes   | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
    """
    for form in facts.tables:
        for row in form.rows:
            yield from _execution_score(form, row)
        for indicator in form.indicators:
            yield from _indicator_score(form, indicator)


def _execution_score(form: FormTable, row: Row) -> Iterator[Outcome]:
    weight, score = row.find("分值"), row.find("得分")
    if weight is None or score is None:
        return
    subject = f"{where(form)}：{row.label}执行率得分"
    w = weight.figure
    if rate := row.find("执行率"):
        operands: tuple[Figure, ...] = (w, rate.figure)
        formula = f"min({w.id}, {w.id} * {rate.figure.id})"
    elif (spent := row.find("执行")) and (budget := row.find("全年预算") or row.find("预算")):
        a, b = spent.figure, budget.figure
        formula, operands = f"min({w.id}, {w.id} * {a.id} / {b.id})", (w, a, b)
    else:
        entry = next((e for e in row.entries if e.head.reading == "执行率"), None)
        yield NotChecked(
            missing(entry.cell if entry else None, "执行率"), score.figure, (w,), subject=subject
        )
        return
    yield Claim(
        score.figure, formula, operands, subject=subject, basis="按分值乘执行率（不超过分值）计算",
        advice="请按执行率重新计分，并核对总分",
    )  # fmt: skip


def _indicator_score(form: FormTable, indicator: FormIndicator) -> Iterator[Outcome]:
    weight, score = indicator.facts.get("分值"), indicator.facts.get("得分")
    if weight is None or score is None:
        return
    subject = f"{where(form)}：{indicator.name}得分"
    w, s = weight.figure, score.figure
    reached = met(indicator)
    if score.value > weight.value:
        yield Claim(s, w.id, (w,), "<=", subject, "分值", advice="请核对得分与分值")
    elif reached is None:
        yield NotChecked(_why_not(indicator), s, (w,), subject=subject)
    elif reached:
        t, v = indicator["目标"], indicator["完成"]
        yield Claim(
            s, w.id, (w,), subject=subject, basis="已达到指标值，满分", also=(t.figure.span, v.figure.span),
            doubt="可能另有扣分原因", advice="请说明扣分原因",
        )  # fmt: skip
    else:
        a, b = indicator["完成"].figure, indicator["目标"].figure
        if indicator.sign == "<=":
            a, b = b, a
        if not b.quantity.exact:
            yield NotChecked("指标值为零，完成率无意义", s, (w, a, b), subject=subject)
            return
        yield Claim(
            s, f"{w.id} * {a.id} / {b.id}", (w, a, b), subject=subject, basis="按分值乘完成率计算",
            doubt="分档、扣分等其他计分办法的除外", advice="请说明该指标的计分办法",
        )  # fmt: skip


def _why_not(indicator: FormIndicator) -> str:
    target, actual = indicator.facts.get("目标"), indicator.facts.get("完成")
    if target and actual:
        return f"指标值与完成值的计量单位不同（{target.figure}、{actual.figure}）"
    if "目标" not in indicator.cells:
        return "表中没有指标值一栏，不能复算"
    for measure, fact in (("目标", target), ("完成", actual)):
        cell = indicator.cells.get(measure)
        if fact is None and cell is not None and cell.state is CellState.VALUE:
            return "定性指标，按等次评分，不能由指标值复算"
        if fact is None:
            return missing(cell, "指标值" if measure == "目标" else "完成值")
    return ""


@rule("R512", "form-total-score", Severity.ERROR, source="scoring")
def form_total_score(facts: Facts) -> Iterator[Outcome]:
    """自评表总分＝各指标得分＋执行率得分；分值合计为100分，一级指标括号内的分数＝其下各分值之和。

    Why      自评表改动指标后，合计往往没有重算
    Formula  总分 = Σ 得分;  Σ 分值 = 100
    Flags    | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥200场 | 200场 | 90 | 90 | |
             | 总分 | | | | | | 100 | 99.53 | |
    Passes   | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥200场 | 200场 | 90 | 90 | |
             | 总分 | | | | | | 100 | 97.53 | |
    """
    for form in facts.tables:
        weights = [i["分值"] for i in form.indicators if "分值" in i]
        execution = next((r for r in form.rows if not r.group and (r.find("分值") or r.find("得分"))), None)
        if _whole_without(form, weights):
            execution = None
        yield from _sum(form, execution)
        own = execution.find("分值") if execution else None
        figures = [f.figure for f in (own, *weights) if f]
        total = form.total.get("分值")
        if weights:
            yield Claim(
                total.figure if total and total.value == 100 else None, sum_formula(figures), tuple(figures),
                subject=f"{where(form)}：分值合计", stated=Decimal(100), unit="分", basis="各分值相加",
                also=(total.figure.span,) if total else (), advice="请核对各指标分值",
            )  # fmt: skip
        yield from _groups(form)


def _whole_without(form: FormTable, weights: list[Fact]) -> bool:
    """Do the indicators make up 100 by themselves, 预算执行率 being one of them?"""
    return sum((w.value for w in weights), Decimal(0)) == 100 or any(
        "执行率" in i.name and "预算" in i.name for i in form.indicators
    )


def _sum(form: FormTable, execution: Row | None) -> Iterator[Outcome]:
    total = form.total.get("得分")
    if total is None:
        return
    subject = f"{where(form)}：总分"
    parts: list[Figure] = []
    for indicator in form.indicators:
        fact, cell = indicator.facts.get("得分"), indicator.cells.get("得分")
        if fact:
            parts.append(fact.figure)
        elif cell is not None and cell.state not in (CellState.BLANK, CellState.DASH):
            yield NotChecked(
                f"{indicator.name}：{missing(cell, '得分')}", total.figure, tuple(parts), subject=subject
            )
            return
    blank = [i.name for i in form.indicators if "得分" not in i and "分值" in i]
    if execution and (score := execution.find("得分")):
        parts.insert(0, score.figure)
    elif execution:
        blank.insert(0, "预算执行率")
    if not parts:
        yield NotChecked("各项得分均未填", total.figure, subject=subject)
        return
    yield Claim(
        total.figure, sum_formula(parts), tuple(parts), subject=subject, basis=f"{len(parts)}项得分相加",
        doubt=f"“{blank[0]}”等{len(blank)}项得分未填" if blank else "", advice="请核对各项得分与总分",
    )  # fmt: skip


def _groups(form: FormTable) -> Iterator[Outcome]:
    """产出指标（50分）: the weights below it."""
    by_cell: dict[tuple[int, int], list[FormIndicator]] = {}
    for indicator in form.indicators:
        if indicator.group and POINTS.search(indicator.group.text):
            by_cell.setdefault((indicator.group.row, indicator.group.column), []).append(indicator)
    for indicators in by_cell.values():
        cell = indicators[0].group
        figures = tuple(i["分值"].figure for i in indicators if "分值" in i)
        match = POINTS.search(cell.text) if cell else None
        if cell and match and figures:
            yield Claim(
                None, sum_formula(figures), figures, subject=f"{where(form)}：{cell.text}",
                stated=Decimal(match["points"]), unit="分", basis="其下各分值相加", also=(cell.span,),
                advice="请核对该类指标的分值",
            )  # fmt: skip


@rule("R515", "row-target-met", Severity.QUESTION, source="scoring")
def row_target_met(facts: Facts) -> Iterator[Outcome]:
    """自评表中未达到指标值的，应填写偏差原因分析及改进措施。

    Why      未达标而不填原因，是自评表最常见的缺项
    Formula  完成 ≥（≤、＝）目标
    Flags    | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥200场 | 180场 | 90 | 81 | |
    Passes   | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥200场 | 180场 | 90 | 81 | 场地检修。 |
    """
    for form in facts.tables:
        for indicator in form.indicators:
            reached = met(indicator)
            subject = f"{where(form)}：{indicator.name}完成值"
            if reached is None:  # a qualitative target; R511 says so
                if "目标" in indicator and "完成" in indicator:
                    yield NotChecked(_why_not(indicator), indicator["完成"].figure, subject=subject)
                continue
            target, actual = indicator["目标"].figure, indicator["完成"].figure
            explained = reached or indicator.has_reason
            others: tuple[Span, ...] = tuple(
                indicator[m].figure.span for m in ("分值", "得分") if m in indicator
            )
            blank = "没有偏差原因一栏" if not indicator.reasons else "未写偏差原因"
            # More than an exact target is no miss.
            sign = "<=" if indicator.sign == "<=" else ">="
            yield Claim(
                actual, target.id, (target,), sign, subject, "指标值", severity=Severity.QUESTION,
                quiet=explained, doubt="" if explained else f"未达到指标值，{blank}",
                also=() if explained else (*others, *(c.span for c in indicator.reasons)),
                advice=f"请补充“{indicator.name}”未达标的原因和改进措施",
            )  # fmt: skip
