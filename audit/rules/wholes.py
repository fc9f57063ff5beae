"""R102, R106: what always makes up a whole, and the chain from budget to carry-over, across the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice, product

from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import WHOLE, Fact, Facts
from ..findings import Severity
from ..glossary import glossary
from ..quantity import plain
from . import Claim, Outcome, rule, sum_formula
from .changes import signed_claim
from .common import name_of, slips_apart, sum_claim


@rule("R102", "known-partition", Severity.ERROR, source="tie-outs")
def known_partition(facts: Facts) -> Iterator[Outcome]:
    """固定构成的总数应等于各部分之和（全文范围）：整体支出＝基本支出＋项目支出，等等。

    Why      固定构成各部分相互独立、合起来即总数，差额说明口径不一或数字有误
    Formula  总数 = Σ 固定构成的各部分（同一口径、期间、资金范围；构成见术语表）
    Flags    基本支出执行100.00万元。
             人员经费执行60.00万元。
             公用经费执行30.00万元。
    Passes   基本支出执行100.00万元。
             人员经费执行60.00万元。
             公用经费执行40.00万元。
    """
    for total_item, part_items in glossary().partitions.items():
        for measure in ("年初预算", "全年预算", "预算", "执行", "收入", "调整", ""):
            totals = _stated(facts, total_item, measure)
            parts = [p for item in part_items if (p := _stated(facts, item, measure))]
            always = total_item not in glossary().loose
            if totals and len(parts) > 1:
                yield from _partition(totals, parts, always and len(parts) == len(part_items))
            unsaid = [
                p for item in part_items if (p := _stated(facts, item, measure) + _stated(facts, item, ""))
            ]
            if totals and measure and len(unsaid) == len(part_items):
                yield from _tied_partition(totals, unsaid, always and measure == "执行")
    for total_item, part_items in glossary().combinations:
        for measure in ("年初预算", "全年预算", "执行", "收入"):
            totals = _stated(facts, total_item, measure)
            named = [_stated(facts, item, measure) or _stated(facts, item, "") for item in part_items]
            if totals and all(named):
                yield from _tied_partition(totals, named, False)
    yield from _grand_totals(facts)
    yield from _changes(facts)


FUNDS = re.compile("可用(?:资金|财力)|资金总[计量]")


def _grand_totals(facts: Facts) -> Iterator[Outcome]:
    """收入总计＝本年收入＋年初结转，支出总计＝本年支出＋年末结转: where they do."""
    opened = _stated(facts, "上年结转资金", "") + _stated(facts, "上年结转资金", "上年结转")
    left = [f for f in facts if f.measure == "结转" and f.role == "level" and f.paragraph >= 0]
    funds = [f for f in facts if f.kind == "money" and f.role == "level" and FUNDS.search(f.lead)]
    for item, measure, kept in (("收入", "收入", opened), (WHOLE, "执行", left)):
        stated = {f.value: f for f in reversed(_stated(facts, item, measure) + _stated(facts, item, ""))}
        totals = stated | ({f.value: f for f in funds} if item == "收入" else {})
        for part, rest in product(list(stated.values())[:6], kept[:6]):
            total = totals.get(part.value + rest.value)
            if total and rest.value:
                yield sum_claim(total, [part, rest])
                break


def _changes(facts: Facts) -> Iterator[Outcome]:
    """支出比上年增加30万元……基本支出增加10万元……项目支出增加20万元: the parts' changes make up the whole's."""
    by_item: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.role == "change" and fact.kind == "money" and fact.direction and fact.measure != "调整":
            by_item.setdefault(fact.item, []).append(fact)
    for total_item, part_items in glossary().partitions.items():
        parts = [by_item.get(item, [])[:4] for item in part_items if item in by_item]
        for total in by_item.get(total_item, [])[:4]:
            for tried in product(*parts) if len(parts) > 1 else ():
                if sum(f.direction * f.value for f in tried) == total.direction * total.value:
                    yield signed_claim(total, tried)
                    break


def _stated(facts: Facts, item: str, measure: str) -> list[Fact]:
    """Where this item is first stated at this measure with each of its values: the department's, own year."""
    found: dict[Decimal, Fact] = {}
    for fact in facts.of_item(item):
        if fact.role == "level" and fact.kind in ("money", "count") and not fact.period:
            read = fact.measure if fact.measure != "预算" or measure == "预算" else "全年预算"
            if read == measure and not fact.owner and fact.paragraph >= 0 and not fact.figure.quantity.approx:
                found.setdefault(fact.value, fact)
    return list(found.values())[:8]


def _tied_partition(totals: list[Fact], parts: list[list[Fact]], spent: bool) -> Iterator[Outcome]:
    """Parts whose reading is not said, where they add up: of each part the statement nearest the next total."""
    for total in totals:
        for tried in islice(product(*(p[:4] for p in parts)), 64):
            if sum(f.value for f in tried) == total.value:
                yield sum_claim(total, tried)
                return
    if spent and all(len(p) == 1 for p in parts):
        chosen = [p[0] for p in parts]
        listed = sum(f.value for f in chosen)
        near = [t for t in totals if abs(t.value - listed) * 10 < t.value]
        if near and all(f.own_item for f in chosen):
            figures = tuple(f.figure for f in chosen)
            yield Claim(
                near[0].figure, sum_formula(figures), figures, subject=name_of(near[0]), basis="全文所载各部分相加",
                doubt="各部分未写明是预算还是执行", advice="请核对各部分与总数是否同一口径",
            )  # fmt: skip


def _partition(totals: list[Fact], parts: list[list[Fact]], complete: bool) -> Iterator[Outcome]:
    for total in totals:
        chosen: list[Fact] = []
        rest = total.value
        for stated in parts:
            values = {f.value for f in stated}
            if len(values) > 1 and len(parts) == 2:
                other = parts[1] if stated is parts[0] else parts[0]
                fits = [f for f in stated for g in other if f.value + g.value == total.value]
                chosen.append(fits[0] if fits else stated[0])
            else:
                chosen.append(stated[0])
            rest -= chosen[-1].value
        if rest == 0:
            yield sum_claim(total, chosen)
            return
    total, chosen = totals[0], [p[0] for p in parts]
    clear = all(len({f.value for f in stated}) == 1 for stated in [totals, *parts])
    named = all(f.own_item for f in [total, *chosen]) and total.own_measure
    same_scope = len({f.scope for f in [total, *chosen]}) == 1
    if complete and clear and named and same_scope:
        figures = [f.figure for f in chosen]
        yield Claim(
            total.figure, sum_formula(figures), tuple(figures), subject=name_of(total),
            basis="全文所载各部分相加", doubt="各处口径可能不同", advice="请核对各部分与总数是否同一口径",
        )  # fmt: skip


@rule("R106", "budget-chain", Severity.ERROR, source="tie-outs")
def budget_chain(facts: Facts) -> Iterator[Outcome]:
    """预算链：年初预算＋调整＝全年预算；预算－执行＝结转结余。

    Why      预算由年初数经调整而来，链上一环写错，执行率、调整率随之出错
    Formula  全年预算 = 年初预算 ± 调整;  结转 = 全年预算 − 执行
    Flags    年初预算100.00万元，调增20.00万元，全年预算130.00万元
    Passes   年初预算100.00万元，调减20.00万元，全年预算80.00万元
    """
    for index in range(len(facts.paragraphs)):
        money = [f for f in facts.in_paragraph(index) if f.kind == "money" and not f.figure.quantity.approx]
        changes = [f for f in money if f.measure == "调整" and (f.direction or f.item == WHOLE)]
        for final in (f for f in money if f.measure == "全年预算" and f.role == "level" and not f.period):
            before = [c for c in changes if c.start < final.start]
            yield from _adjusted(money, before, final, facts.near(WHOLE, final))
        for fact in money:
            if fact.measure == "结转" and fact.role == "level":
                yield from _carried(facts, money, fact)
                yield from _carried_forward(money, fact)
                yield from _project_balance(money, [c for c in changes if c.direction], fact)
        yield from _net_change(money)
        yield from _spent_whole(facts, [f for f in money if f.role == "level"], changes)
    yield from _implied_adjustment(facts)
    yield from _funds(facts)


def _net_change(money: list[Fact]) -> Iterator[Outcome]:
    """追加甲86.50万元、乙120.00万元，压减12.60万元，净增加193.90万元: what was moved, each its own way."""
    for net in (f for f in money if "净" in f.lead[-6:] and f.role == "change" and f.direction):
        moved = [f for f in money if f.role == "change" and f.direction and f.start < net.start]
        moved = [f for f in moved if f.sentence == net.sentence and f.measure in ("调整", "")]
        if len(moved) > 1 and moved[0].measure == "调整":
            yield replace(signed_claim(net, moved), doubt="所列的调整可能不全", subject="净调整数")


def _implied_adjustment(facts: Facts) -> Iterator[Outcome]:
    """调整数 = Σ（各部分全年预算 − 年初预算）, where the parts tell both."""
    moved = [
        f for f in facts if f.measure == "调整" and f.item == WHOLE and f.role == "change" and f.direction
    ]
    parts = glossary().partitions[WHOLE]
    pairs = [(_stated(facts, p, "全年预算"), _stated(facts, p, "年初预算")) for p in parts]
    if not moved or not all(final and first for final, first in pairs):
        return
    for tried in islice(product(*(side[:3] for pair in pairs for side in pair)), 81):
        steps = list(zip(tried[::2], tried[1::2], strict=True))
        gap = sum((final.value - first.value for final, first in steps), Decimal(0))
        if total := next((f for f in moved if f.direction * f.value == gap), None):
            formula = " + ".join(f"{a.figure.id} - {b.figure.id}" for a, b in steps)
            if total.direction < 0:
                formula = f"0 - ({formula})"
            yield Claim(
                total.figure, formula, tuple(f.figure for f in tried), subject=name_of(total),
                basis="各部分全年预算减年初预算",
            )  # fmt: skip
            return


def _funds(facts: Facts) -> Iterator[Outcome]:
    """政府性基金收入 − 政府性基金支出 = 政府性基金结转: each fund's own chain, where it holds."""
    for fund in ("一般公共预算", "政府性基金", "国有资本经营预算", "财政拨款收入"):
        left = [f for f in _stated(facts, fund, "结转") if f.value]
        income = _stated(facts, fund, "收入") + _stated(facts, fund, "全年预算") + _stated(facts, fund, "")
        for rest, got, spent in product(left, income, _stated(facts, fund, "执行")):
            if got.value - spent.value == rest.value:
                yield _left_over(rest, got, spent)
                break


def _adjusted(money: list[Fact], changes: list[Fact], final: Fact, told: list[Fact]) -> Iterator[Outcome]:
    """年初 ± 调整 = 全年: all adjustments of the sentence together, or the last one alone."""
    starts = [
        f for f in money if f.measure in ("年初预算", "目标", "预算") and f.role == "level" and not f.period
    ]
    near = [c for c in changes if c.sentence == final.sentence] or changes[-1:]
    for moved in (near, near[-1:]):
        for start in starts:
            if moved and start.value + sum((c.direction or 1) * c.value for c in moved) == final.value:
                yield _chain(start, moved, final)
                return
    if not starts and final.item == WHOLE and near and all(c.direction for c in near):
        elsewhere = [f for f in told if f.measure == "年初预算"]
        fits = [f for f in elsewhere if f.value + sum(c.direction * c.value for c in near) == final.value]
        if elsewhere and (fits or len({f.value for f in elsewhere}) == 1):
            yield replace(
                _chain((fits or elsewhere)[0], near, final), doubt="" if fits else "两处的口径可能不同"
            )
        return
    starts = [f for f in starts if f.measure == "年初预算" and f.item in ("", final.item)]
    near = near if all(c.direction for c in near) else []
    if near and len({f.value for f in starts}) == 1 and near[0].sentence == final.sentence:
        yield _chain(starts[0], near, final)


def _chain(start: Fact, moved: list[Fact], final: Fact) -> Claim:
    formula = start.figure.id + "".join(f" {'-' if c.direction < 0 else '+'} {c.figure.id}" for c in moved)
    return Claim(
        final.figure, formula, (start.figure, *(c.figure for c in moved)), subject=name_of(final),
        advice="请核对年初预算、调整数与全年预算数",
    )  # fmt: skip


def _carried(facts: Facts, money: list[Fact], left: Fact) -> Iterator[Outcome]:
    same = [f for f in money if f.sentence == left.sentence and f.role == "level" and f.start < left.start]
    added = [f for f in money if f.measure == "调整" and f.direction > 0 and f.sentence == left.sentence]
    spent = [f for f in same if f.measure == "执行"]
    budgets = [f for f in same if f.measure in BUDGETS] or [f for f in added if f.start < left.start]
    for budget in reversed(budgets):
        for actual in reversed(spent):
            if budget.value == actual.value + left.value:
                yield Claim(
                    budget.figure, f"{actual.figure.id} + {left.figure.id}", (actual.figure, left.figure),
                    subject=name_of(budget), basis="实际支出与结转结余相加",
                )  # fmt: skip
                return
    final = [b for b in budgets if b.measure == "全年预算"]
    if len(final) == 1 and len(spent) == 1:
        yield _left_over(left, final[0], spent[0])
        return
    above = [f for f in money if f.start < left.start and f.role == "level" and not f.period]
    for budget in reversed([f for f in above if f.measure == "全年预算"]):
        for actual in reversed([f for f in above if f.measure == "执行"]):
            if budget.value - actual.value == left.value:
                yield _left_over(left, budget, actual)
                return
    arrived = [f for f in facts.near(WHOLE, left) if "到位" in f.lead and f.role == "level"]
    for income in [*facts.near("收入", left), *arrived]:
        spent_of_it = [f for f in facts.near(WHOLE, left) if f.measure == "执行"]
        if fits := [f for f in spent_of_it if left.value and income.value - f.value == left.value]:
            yield _left_over(left, income, fits[0])
            return
    if left.item == WHOLE:
        stated = facts.near(WHOLE, left)
        before = [
            f for f in facts if (f.kind == "money" and f.measure == "上年结转") or f.item == "上年结转资金"
        ]
        for opened, income in product(before[:4], facts.near("收入", left)[:6]):
            for actual in (f for f in stated if f.measure == "执行"):
                if opened.value and opened.value + income.value - actual.value == left.value:
                    yield _forward(left, opened, income, actual)
                    return
        for budget in (f for f in stated if f.measure == "全年预算"):
            for actual in (f for f in stated if f.measure == "执行"):
                if budget.value - actual.value == left.value:
                    yield _left_over(left, budget, actual)
                    return
        yield from _slipped_balance(left, before[:3], facts.near("收入", left)[:4], stated)


def _slipped_balance(
    left: Fact, opened: list[Fact], income: list[Fact], stated: list[Fact]
) -> Iterator[Outcome]:
    """收入 + 上年结转 − 支出, where the carry-over that is printed is one digit off it."""
    spent = [f for f in stated if f.measure == "执行"][:4]
    for got, actual, start in product(income, spent, [None, *opened]):
        right = got.value - actual.value + (start.value if start else 0)
        meant = plain(left.figure.quantity.printed_like(right)).replace(".", "") if right > 0 else ""
        if slips_apart(re.sub(r"\D", "", left.figure.quantity.text), meant):
            yield (
                _forward(left, start, got, actual)
                if start
                else replace(_left_over(left, got, actual), doubt="疑为笔误")
            )
            return


def _project_balance(money: list[Fact], changes: list[Fact], left: Fact) -> Iterator[Outcome]:
    """年初 ± 调整 = 支出 + 结转, in a sentence that tells these four and no 全年预算."""
    row = [f for f in money if f.sentence == left.sentence and f.role == "level" and f.start < left.start]
    starts = [f for f in row if f.measure == "年初预算"] or [f for f in row if f.measure == "预算"]
    spent = [f for f in row if f.measure == "执行"]
    moved = [c for c in changes if c.sentence == left.sentence and c.start < left.start]
    if len(starts) != 1 or len(spent) != 1 or not moved or any(f.measure == "全年预算" for f in row):
        return
    steps = "".join(f" {'+' if c.direction > 0 else '-'} {c.figure.id}" for c in moved)
    claim = Claim(
        spent[0].figure, f"{starts[0].figure.id}{steps} - {left.figure.id}",
        (starts[0].figure, *(c.figure for c in moved), left.figure), subject=name_of(spent[0]),
        basis="按年初预算加减调整数、减去结转结余计算", advice="请核对年初预算、调整数、实际支出与结转结余",
    )  # fmt: skip
    right = starts[0].value + sum((c.direction * c.value for c in moved), Decimal(0)) - left.value
    turned = starts[0].value - sum((c.direction * c.value for c in moved), Decimal(0)) - left.value
    if right != spent[0].value == turned:
        word = "调减" if moved[0].direction > 0 else "调增"
        claim = replace(claim, code="R303", basis=f"若为{word}则正好相符，调整方向疑写反；照所写方向计算")
    elif right in (spent[0].value * 10000, spent[0].value / 10000):
        claim = replace(
            claim, code="R601", cause=spent[0].figure, basis=f"“{spent[0].figure}”若按万元计则正好相符；照印出的单位计算",
            advice=f"“{spent[0].figure}”的单位疑应为万元，请核对",
        )  # fmt: skip
    yield claim


NOTHING_LEFT = re.compile(
    r"^[^。；]{0,12}(?:[无没](?:有)?(?:资金)?(?:结转|结余)|全部(?:支付|支出|执行|使用)完)"
)


def _spent_whole(facts: Facts, row: list[Fact], changes: list[Fact]) -> Iterator[Outcome]:
    """年初预算286.50万元，年中追加41.26万元，全年支付327.76万元，年末无结转: all of it was spent."""
    for spent in (f for f in row if f.measure == "执行" and not f.period):
        told = [f for f in row if f.sentence == spent.sentence]
        starts = [f for f in told if f.measure == "年初预算" and f.start < spent.start]
        moved = [c for c in changes if c.sentence == spent.sentence and c.start < spent.start and c.direction]
        if len(starts) != 1 or not moved or any(f.measure in ("全年预算", "结转") for f in told):
            continue
        right = starts[0].value + sum((c.direction * c.value for c in moved), Decimal(0))
        if right == spent.value or NOTHING_LEFT.match(facts.after(spent)):
            yield replace(
                _chain(starts[0], moved, spent), basis="全额支出、无结转，按年初预算加减调整数计算",
                doubt="结余可能已收回或另作调整", advice="请核对年初预算、调整数、实际支出与结转结余",
            )  # fmt: skip
            return


def _carried_forward(money: list[Fact], left: Fact) -> Iterator[Outcome]:
    """年初结转 + 本年收入 − 本年支出 = 年末结转, where one sentence tells all four."""
    row = [f for f in money if f.sentence == left.sentence and f.role == "level" and f.start < left.start]
    opening = [f for f in row if f.item == "上年结转资金"]
    income = [f for f in row if f.item == "收入"]
    spent = [f for f in row if f.item == WHOLE and f.measure == "执行"]
    if len(opening) == len(income) == len(spent) == 1:
        yield _forward(left, opening[0], income[0], spent[0])


def _forward(left: Fact, opening: Fact, income: Fact, spent: Fact) -> Claim:
    figures = (opening.figure, income.figure, spent.figure)
    return Claim(
        left.figure, f"{figures[0].id} + {figures[1].id} - {figures[2].id}", figures,
        subject=name_of(left), doubt="可能另有结余分配等项目", advice="请核对结转、收入与支出",
    )  # fmt: skip


def _left_over(left: Fact, budget: Fact, actual: Fact) -> Claim:
    return Claim(
        left.figure, f"{budget.figure.id} - {actual.figure.id}", (budget.figure, actual.figure),
        subject=name_of(left), advice="请核对全年预算、执行数与结转结余",
    )  # fmt: skip
