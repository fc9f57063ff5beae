"""What several rules need: names for messages, how two prints differ, how a claim stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from .. import ranges
from ..facts import Fact
from ..findings import Figure, Severity, Status, verdict
from ..quantity import plain
from ..ranges import Range
from . import Claim, sum_formula

PLANNED = re.compile(r"(?:计划|目标|任务)[^，。；]{0,14}$")
DONE = re.compile(r"(?:实际|已|全年)(?:完成|实施|建成|修复|改造|投入)?[^，。；]{0,10}$")
Pair = tuple[Fact, Fact]
HEADS = ("人", "名", "户", "人次", "张", "位", "例", "个", "座", "次")


def name_of(fact: Fact) -> str:
    """What to call a figure in a message: item and measure, or the report's own words before a count."""
    if fact.kind not in ("money", "percent", "score"):
        words = re.split("[，。；：、（]", fact.lead)[-1].rstrip("为是共达到约有计了")
        if len(words) <= 3 and (noun := re.match("[一-龥]{1,6}(?=[，。；：（]|$)", fact.tail)):
            words += noun[0]  # 内设8个股室：内设股室
        if 2 <= len(words) <= 20:
            return words
    if fact.item and fact.measure and fact.measure not in fact.item and fact.measure != "率":
        return f"{fact.item}{fact.measure}"
    return fact.item or fact.measure or fact.lead.strip("，、；：的为是共计（）")[-10:] or "此处"


def sum_claim(total: Fact, parts: Sequence[Fact]) -> Claim:
    figures = [as_printed(p.figure, total.figure, parts) for p in parts]
    return Claim(
        total.figure, sum_formula(figures), tuple(figures), subject=name_of(total), basis="各分项相加"
    )


def as_printed(part: Figure, total: Figure, parts: Sequence[Fact]) -> Figure:
    """Three or more parts that all show fewer decimals than their total were rounded, not trimmed of zeros."""
    shown = [_decimals(p.figure) for p in parts]
    if len(shown) < 3 or not 0 < max(shown) == min(shown) < _decimals(total) or part.quantity.kind != "money":
        return part
    return replace(part, quantity=replace(part.quantity, decimals=max(shown)))


def _decimals(figure: Figure) -> int:
    exponent = figure.quantity.value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def within_claim(part: Fact, total: Fact) -> Claim:
    return Claim(
        part.figure, total.figure.id, (total.figure,), "<=", name_of(part), f"其总数“{name_of(total)}”",
        doubt="“其中”的一项大于总数，请核对二者口径", severity=Severity.QUESTION,
    )  # fmt: skip


def unit_slip(total: Fact, parts: list[Fact]) -> Fact | None:
    """The figure that makes the sum right when its 元 is read as 万元 (or the other way round)."""
    if total.kind != "money":
        return None
    listed = sum((p.value for p in parts), Decimal(0))
    if listed and listed in (total.value * 10000, total.value / 10000):
        return total
    for part in parts:
        for factor in (Decimal(10000), Decimal("0.0001")):
            if listed - part.value + part.value * factor == total.value and part.value:
                return part
    return None


def digit_slip(a: Figure, b: Figure) -> bool:
    """Do two prints differ by one digit, or by two neighbours that changed places?"""
    x, y = (plain(f.quantity.value) for f in (a, b))
    return x.find(".") == y.find(".") and slips_apart(x.replace(".", ""), y.replace(".", ""))


def slips_apart(x: str, y: str) -> bool:
    """Are two runs of digits one digit apart, or two neighbours that changed places?

    >>> slips_apart("5239", "5739"), slips_apart("3816", "3861"), slips_apart("38", "83")
    (True, True, False)
    """
    if len(x) != len(y) or len(x) < 3:
        return False
    wrong = [i for i, (c, d) in enumerate(zip(x, y, strict=True)) if c != d]
    if len(wrong) != 2:
        return len(wrong) == 1
    i, j = wrong
    return j == i + 1 and x[i] == y[j] and x[j] == y[i]


def amounts(
    facts: Iterable[Fact], kinds: tuple[str, ...] = ("money", "count", "area", "length", "other")
) -> list[Fact]:
    return [f for f in facts if f.kind in kinds and f.role == "level" and not f.figure.quantity.approx]


def planned_and_done(row: Sequence[Fact]) -> Pair | None:
    """计划修复3.5公里，实际完成3.2公里: what was meant and what was done, told one right behind the other."""
    for plan, done in reversed(list(pairwise(row))):
        same = (plan.unit, plan.kind, plan.sentence) == (done.unit, done.kind, done.sentence)
        if same and PLANNED.search(plan.lead) and DONE.search(done.lead) and not PLANNED.search(done.lead):
            return plan, done
    return None


def spread(fact: Fact) -> Range:
    quantity = fact.figure.quantity
    return Range(quantity.exact, quantity.low, quantity.high)


def holds(rate: Fact, numerator: Range, denominator: Range) -> Status | None:
    """How a printed rate stands to numerator ÷ denominator; None where that cannot be divided."""
    try:
        return verdict(rate.figure.quantity, numerator / denominator)
    except ZeroDivisionError:
        return None


def matching(rate: Fact, pairs: Iterable[Pair]) -> Pair | None:
    """The first pair that explains the rate, one that needs no rounding before one that does."""
    close = None
    for pair in pairs:
        status = holds(rate, *(spread(f) for f in pair))
        if status is Status.AGREES:
            return pair
        if status is Status.ROUNDING:
            close = close or pair
    return close


def ratio(rate: Fact, pair: Pair, **more: object) -> Claim:
    numerator, denominator = (f.figure for f in pair)
    return Claim(
        rate.figure, f"{numerator.id} / {denominator.id}", (numerator, denominator),
        subject=name_of(rate), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def judged(claim: Claim) -> Status | None:
    """How a claim about a rate stands, without making a check of it."""
    assert claim.result is not None
    values = {f.id: Range(f.quantity.exact, f.quantity.low, f.quantity.high) for f in claim.operands}
    try:
        return verdict(claim.result.quantity, ranges.evaluate(claim.formula, values))
    except ZeroDivisionError:
        return None


def telling(rate: Fact) -> bool:
    """Has the rate digits enough that a chance agreement with unrelated amounts is unlikely?"""
    return len(digits(rate)) >= 3 and rate.value != 1


def digits(rate: Fact) -> tuple[int, ...]:
    return rate.figure.quantity.value.normalize().as_tuple().digits
