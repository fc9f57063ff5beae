"""A figure that nothing supports, though with one digit changed a rule would agree: probably a slip.

Comes in: Facts and the checks that were made. Goes out: for such a figure the claim that would hold, so that
`audit.run` judges it as it is printed and asks about it. Most rules search for amounts that explain a figure and
stay silent where none do; a slip is what they then miss. No rule is repeated here: a value one digit off is
proposed by plain arithmetic on the figures around, and the rules themselves say whether they would agree with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, permutations

from .facts import BUDGET_READINGS, Fact, Facts
from .findings import Check, Figure, Status
from .listing import CLOSES, opening
from .quantity import Quantity
from .rules import Claim, Outcome, Rule
from .rules.common import name_of
from .rules.restated import _restates as restates
from .rules.restated import significant

NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
REACH = 14  # figures before and behind that may explain one
WINDOW = 16  # figures that a rule is shown when it is asked again
MANY = 8  # a figure that so many changes would explain is explained by none of them
FAMILIES = {
    "sum": ("R101", "R102", "R105", "R106", "R109", "R204"),
    "rate": ("R201", "R202", "R203", "R204", "R207"),
    "product": ("R205",),
    "step": ("R108",),
    "points": ("R101", "R501", "R502", "R507"),
}
SUM = re.compile(r"f\d+(?: \+ f\d+)+")
Ask = Callable[[Rule, Facts], Iterable[Outcome]]
Judge = Callable[[Claim], Status]
Target = tuple[str, float, float]  # family, from, to; in the base unit


def slips(
    facts: Facts, checks: Iterable[Check], rules: Iterable[Rule], ask: Ask, judge: Judge
) -> Iterator[tuple[Rule, Claim]]:
    """The claims that figures nobody supports would meet with one digit changed, each with its rule."""
    settled: set[str] = set()
    in_rate: set[str] = set()
    for check in checks:
        figures = (*check.operands, *([check.result] if check.result else []))
        # A rate leaves more than one digit open in the amounts it is made of.
        percent = check.result is not None and check.result.quantity.kind == "percent"
        open_still = percent and check.status is not Status.DIFFERS
        if check.relation == "=" and check.status is not Status.NOT_CHECKED:
            in_rate |= {f.id for f in figures if open_still}
            settled |= {f.id for f in figures if not open_still or f.quantity.kind == "percent"}
    by_code = {rule.code: rule for rule in rules}
    order = [f for f in facts if f.paragraph >= 0 and f.role != "date"]
    told: set[frozenset[str]] = set()
    sums = [
        ({f.id for f in c.operands}, c.result)
        for c in checks
        if c.relation == "=" and SUM.fullmatch(c.formula)
    ]
    for at, fact in enumerate(order):
        if fact.figure.id in settled or fact.figure.quantity.approx:
            continue
        meant = variants(fact.figure.quantity)
        proposed = _proposed(order, at, meant, significant(fact) < 3) if meant else {}
        counts = Counter(family for families in proposed.values() for family in families)
        if counts["sum"] > MANY:
            proposed = _proposed(order, at, meant, True)
            counts = Counter(family for families in proposed.values() for family in families)
        vague = {family for family, n in counts.items() if n > MANY} | (
            {"rate"} if fact.figure.id in in_rate else set()
        )
        found: list[tuple[Rule, Claim, Quantity]] = []
        for n, families in proposed.items():
            codes = [
                code for family in sorted(families - vague) for code in FAMILIES[family] if code in by_code
            ]
            hits = _agreeing(
                _supposed(facts, order, at, meant[n]), fact, [by_code[code] for code in codes], ask, judge
            )
            found += [(rule, claim, meant[n]) for rule, claim in hits]
        # In a final account the tables tell which amounts are one; likeness alone does not.
        if "R301" in by_code and facts.accounts is None and (same := _same(facts, fact, meant)):
            found.append((by_code["R301"], *same))
        for rule, claim, right in found:
            parts = {f.id for f in claim.operands}
            relation = frozenset(parts | ({claim.result.id} if claim.result else set()))
            explained = [total for ids, total in sums if parts <= ids]
            if explained and not any(total and total.quantity.exact == right.exact for total in explained):
                continue
            budget = (
                rule.code == "R204" and fact.measure in BUDGET_READINGS
            )  # 比上年减少: no matter of the budget
            if relation not in told and not budget and _telling(facts, rule, claim, fact, settled):
                told.add(relation)
                yield rule, claim


def variants(quantity: Quantity) -> list[Quantity]:
    """The prints one digit off or with two neighbours in each other's place, by value; none for a short number.

    >>> [q.text for q in variants(Quantity(Decimal("1.20"), "元", "money", "1.20元", 2))][:3]
    ['0.20元', '1.00元', '1.02元']
    """
    number = NUMBER.search(quantity.text)
    text = re.sub("[,，]", "", number[0]) if number else ""
    if not number or not 1 <= len(text) <= 14 or Decimal(text) != quantity.value:
        return []
    places = [i for i, c in enumerate(text) if c != "."]
    others = {text[:i] + d + text[i + 1 :] for i in places for d in "0123456789"}
    others |= {text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :] for i, j in pairwise(places)}
    others -= {text}
    last = Decimal(1).scaleb(-quantity.decimals) if "." in text else Decimal(0)
    found = [
        replace(quantity, value=Decimal(other), text=quantity.text.replace(number[0], other))
        for other in others
        if number and len(str(int(Decimal(other)))) == len(str(int(quantity.value)))
        and abs(Decimal(other) - quantity.value) > last  # one in the last place is rounding
    ]  # fmt: skip
    return sorted((q for q in found if q.value), key=lambda q: q.exact)


def _proposed(order: Sequence[Fact], at: int, meant: Sequence[Quantity], lists: bool) -> dict[int, set[str]]:
    """Which variants some sum, difference, rate or product of the figures around comes to, and which of them."""
    fact = order[at]
    exact = [float(quantity.exact) for quantity in meant]
    chosen: dict[int, set[str]] = {}
    near = [
        f
        for f in order[max(0, at - REACH) : at + REACH]
        if abs(f.paragraph - fact.paragraph) <= 1 and f is not fact
    ]
    sums: list[Target] = []
    for measure in {"", fact.measure}:
        before, behind = (
            [
                f
                for f in part
                if (f.unit, f.kind) == (fact.unit, fact.kind) and f.measure in (measure or f.measure, "")
            ]
            for part in (order[max(0, at - 3 * REACH) : at], order[at + 1 : at + 3 * REACH])
        )
        if fact.kind == "score":
            runs = [run for _, run, _ in _sums(before, behind)]
            sums += [("points", x, x) for run in runs for x in (run, 100 - run, 90 - run)]
        else:
            sums += (_lists if lists else _sums)(before[-REACH:], behind[:REACH])
    for family, low, high in (*sums, *_rates(fact, near), *_products(fact, near)):
        i = bisect_left(exact, low - abs(low) * 1e-12)
        while i < len(exact) and exact[i] <= high + abs(high) * 1e-12:
            chosen.setdefault(i, set()).add(family)
            i += 1
    return chosen


def _sums(before: Sequence[Fact], behind: Sequence[Fact]) -> Iterator[Target]:
    """The figure as the sum of its neighbours, or as what a sum of them lacks."""
    values = [float(f.value) for f in (*before, *behind)]
    at = len(before)
    for i in range(len(values)):
        run = 0.0
        for j in range(i, len(values)):
            run += values[j]
            yield "sum", run, run
            if i <= at <= j + 1:
                for whole in values[max(0, i - 3) : i] + values[j + 1 : j + 4]:
                    yield "sum", whole - run, whole - run
    for a, b in permutations(values, 2):
        yield "sum", a - b, a - b
    for a, b, c in permutations(values[max(0, at - 5) : at + 5], 3):
        yield from (("sum", x, x) for x in (a - b - c, a + b - c))
    for x in values:
        yield from (("step", x - 1, x - 1), ("step", x + 1, x + 1))


def _lists(before: Sequence[Fact], behind: Sequence[Fact]) -> Iterator[Target]:
    """What a short figure must be in a list: a total right before its parts or right behind them."""
    values = [float(f.value) for f in (*before, *behind)]
    at = len(before)
    for i in range(len(values)):
        for j in range(i + 1, len(values) + 1):
            run = sum(values[i:j])
            if i == at or j == at:  # its parts begin right behind it or end right before it
                yield "sum", run, run
            for whole in (*values[max(0, i - 1) : i], *values[j : j + 1]) if i <= at <= j else ():
                yield "sum", whole - run, whole - run
    for x in filter(None, values):
        yield from (("step", x - 1, x - 1), ("step", x + 1, x + 1))


def _rates(fact: Fact, near: Sequence[Fact]) -> Iterator[Target]:
    """The figure as a rate of two neighbours, or as an amount that a neighbouring rate is made of."""
    levels = [f for f in near if f.kind != "percent" and f.value > 0]
    if fact.kind == "percent":
        half = float(fact.figure.quantity.half_step)
        for a, b in permutations(levels, 2):
            if a.unit == b.unit:
                x, y = float(a.value), float(b.value)
                for rate in (x / y, abs(x - y) / y, x / (x + y), *([x / abs(y - x)] if x != y else [])):
                    yield "rate", rate - half, rate + half
        return
    for printed in (f for f in near if f.kind == "percent" and f.value > 0):
        low, high = float(printed.figure.quantity.low), float(printed.figure.quantity.high)
        for amount in (f for f in levels if f.unit == fact.unit and low > 0):
            x = float(amount.value)
            yield from (("rate", x * low, x * high), ("rate", x / high, x / low))
            yield from (("rate", x * (1 + low), x * (1 + high)), ("rate", x / (1 + high), x / (1 + low)))
            if high < 1:
                yield from (("rate", x * (1 - high), x * (1 - low)), ("rate", x / (1 - low), x / (1 - high)))


def _products(fact: Fact, near: Sequence[Fact]) -> Iterator[Target]:
    """Standard × number (× 12 months) = amount, solved for the figure."""
    money, counts = (
        [
            (float(f.figure.quantity.low), float(f.figure.quantity.high))
            for f in near
            if f.kind in kinds and f.value > 0
        ]
        for kinds in (("money", "standard"), ("count", "area", "length"))
    )
    half = float(fact.figure.quantity.half_step)
    for months in (1, 12):
        if fact.kind in ("count", "area", "length"):
            for (low, high), (a, b) in permutations(money, 2):
                if a > 0:
                    yield "product", low / b / months, high / a / months
        else:
            for low, high in money:
                for n, m in counts:
                    yield "product", low * n * months - half, high * m * months + half
                    if n > 0:
                        yield "product", low / m / months - half, high / n / months + half


def _same(facts: Facts, fact: Fact, meant: Sequence[Quantity]) -> tuple[Claim, Quantity] | None:
    """The figure as an earlier or later one that is about the same thing."""
    enough = _digits(fact.figure) >= 4 and fact.kind != "score"
    coarse = fact.figure.quantity.unit in ("亿元", "亿")  # 1.16亿元 and 11646.25万元
    values = {quantity.exact: quantity for quantity in meant} if enough or coarse else {}
    for other in facts:
        finer = coarse and other.unit == fact.unit and other.figure.quantity.unit == "万元"
        right = (
            next((q for q in meant if q.agrees_with(other.figure.quantity)), None)
            if finer
            else values.get(other.value)
        )
        alike = all(
            getattr(other, name) == getattr(fact, name) for name in ("unit", "kind", "role", "measure")
        )
        if right and alike and restates(facts, other, fact):
            claim = Claim(
                fact.figure, other.figure.id, (other.figure,), subject=name_of(fact), basis="另一处所载",
                doubt=f"“{fact.figure}”若为{right.text}则相符，疑为笔误", advice="请核对两处数据，统一为正确的一处",
            )  # fmt: skip
            return claim, right
    return None


def _supposed(facts: Facts, order: Sequence[Fact], at: int, quantity: Quantity) -> tuple[Facts, Facts]:
    """The facts around the figure, and all facts, as they would be if it were printed so."""
    fact = order[at]
    meant = replace(fact, figure=replace(fact.figure, quantity=quantity))
    around = [
        f
        for n, f in enumerate(order[max(0, at - 3 * REACH) : at + 3 * REACH], max(0, at - 3 * REACH))
        if abs(n - at) < WINDOW or (f.unit, f.kind) == (fact.unit, fact.kind)
    ]
    near, all_of_it = (
        Facts([meant if f is fact else f for f in shown], facts.paragraphs, facts.year, scoring=facts.scoring)
        for shown in (around, facts)
    )
    return near, all_of_it


def _agreeing(
    supposed: tuple[Facts, Facts], fact: Fact, rules: Iterable[Rule], ask: Ask, judge: Judge
) -> Iterator[tuple[Rule, Claim]]:
    """What the rules would claim and find right, as the report prints it."""
    near, all_of_it = supposed
    for rule in rules:
        for outcome in ask(rule, all_of_it if rule.code == "R502" else near):
            if not isinstance(outcome, Claim) or outcome.relation != "=":
                continue
            meant = next(
                (f for f in (outcome.result, *outcome.operands) if f and f.id == fact.figure.id), None
            )
            if meant is None or judge(outcome) is not Status.AGREES:
                continue
            claim = _as_printed(outcome, fact.figure)
            if judge(claim) is Status.DIFFERS:
                doubt = f"“{fact.figure}”若为{meant.quantity.text}则相符，疑为笔误"
                yield rule, replace(claim, doubt=doubt, severity=None, quiet=False)


def _telling(facts: Facts, rule: Rule, claim: Claim, fact: Fact, settled: set[str]) -> bool:
    """Has the relation digits and words enough that one changed digit does not fit it by chance?"""
    result = claim.result
    if result is None or len(claim.operands) < 2:
        return significant(fact) > (1 if claim.formula not in {f.id for f in claim.operands} else 2)
    if result.quantity.kind == "percent":
        open_still = result.id not in settled and result.quantity.value not in (0, 100)
        named = rule.code in ("R201", "R202", "R203")  # the words say less surely what others are made of
        enough = 3 if named or (significant(fact) >= 4 and fact.kind != "percent") else 4
        return open_still and _digits(result) >= enough and significant(fact) > 1
    figures = (result, *claim.operands)
    if SUM.fullmatch(claim.formula) and significant(fact) < 4:
        return sum(map(_digits, figures)) > 4 and _listed(facts, claim, result, fact)
    if " * " in claim.formula:  # 5000元 × 8名 fits many an amount
        return sum(len(str(f.quantity.value).replace(".", "").strip("0")) for f in figures) >= 6
    if not result.quantity.value or significant(fact) < 2 or (" / " in claim.formula and _digits(result) < 3):
        return False
    return sum(map(_digits, figures)) >= (9 if fact.kind == "count" else 8)


def _listed(facts: Facts, claim: Claim, result: Figure, fact: Fact) -> bool:
    """Do words and order say that these are the parts of that total?"""
    parts = [f for f in facts if f.figure.id in {p.id for p in claim.operands}]
    whole = next(f for f in facts if f.figure.id == result.id)
    others = [
        f for f in facts.in_paragraph(whole.paragraph) if f.unit == whole.unit and f.start > whole.start
    ]
    if any(f.value > whole.value and f is not fact for f in parts):
        return False
    if parts[-1].start < whole.start and parts[-1].paragraph == whole.paragraph:
        return bool(CLOSES.search(whole.lead))
    behind = [f for f in others if f.sentence == whole.sentence]
    alone = behind == parts and all(
        re.fullmatch("，[^）]{0,5}", f.lead) for f in parts
    )  # 32个，城区23个，乡镇9个。
    together = len(parts) > 2 and all(f.sentence == whole.sentence for f in parts)
    said = alone or together or bool(opening(facts, whole))
    return said and (not others or others[0] in parts)


def _digits(figure: Figure) -> int:
    return len(re.sub(r"\D", "", figure.quantity.text).lstrip("0"))


def _as_printed(claim: Claim, figure: Figure) -> Claim:
    """The claim with the figure as the report prints it."""
    result = figure if claim.result and claim.result.id == figure.id else claim.result
    operands = tuple(figure if f.id == figure.id else f for f in claim.operands)
    return replace(claim, result=result, operands=operands)
