"""What plain arithmetic on the figures around one proposes: with which other prints some relation would hold.

Comes in: the figures of running text in order. Goes out: for a figure the prints one digit off at which it would be
a sum, a difference, a rate or a product of its neighbours, and which neighbours. Whether that means anything is
for the rules to say (`audit.slips`). All here is whole numbers and floats, since very many values are tried.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from .facts import Fact
from .quantity import Quantity
from .rules.counts import AGE
from .rules.restated import significant
from .rules.standards import PER_HEAD

NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
UNIT = 10**8  # of the base unit, so that every print is a whole number
REACH = 14  # figures before and behind that may explain one
PAIRED = 12  # as far as two of them are subtracted, ...
CLOSE = 5  # ... and three are added and subtracted
PAID = ("money", "standard")
COUNTED = ("count", "area", "length")
Hit = tuple[str, int, tuple[int, ...]]  # family, the print in units of its last place, places of the others


@dataclass(frozen=True, slots=True)
class Prints:
    """The prints one digit off a figure's own, as whole numbers in units of the last place.

    worth  that unit, as so many of `UNIT`
    """

    quantity: Quantity
    numbers: tuple[int, ...]
    printed: str = ""
    places: int = 0
    worth: int = 0

    def quantity_of(self, number: int) -> Quantity:
        text = str(number).zfill(self.places + 1)
        if self.places:
            text = f"{text[: -self.places]}.{text[-self.places :]}"
        return replace(
            self.quantity, value=Decimal(text), text=self.quantity.text.replace(self.printed, text)
        )


def prints(quantity: Quantity) -> Prints:
    """One digit changed or two neighbours in each other's place; nothing of a number that is written in words."""
    number = NUMBER.search(quantity.text)
    text = number[0].replace(",", "").replace("，", "") if number else ""
    if not number or not 1 <= len(text) <= 14 or Decimal(text) != quantity.value:
        return Prints(quantity, ())
    whole, _, decimals = text.partition(".")
    digits = whole + decimals
    value = int(digits)
    found: set[int] = set()
    step = 10 ** (len(digits) - 1)
    for at, digit in enumerate(map(int, digits)):
        found.update(value + (other - digit) * step for other in range(10))
        if at + 1 < len(digits):
            found.add(value + (int(digits[at + 1]) - digit) * (step - step // 10))
        step //= 10
    first = 10 ** (len(digits) - 1) if len(whole) > 1 else 1
    last = 1 if decimals and quantity.decimals <= len(decimals) else 0  # one in the last place is rounding
    numbers = sorted(n for n in found if n >= first and abs(n - value) > last)
    worth = int(quantity.scale * UNIT) // 10 ** len(decimals)
    return Prints(quantity, tuple(numbers), number[0], len(decimals), worth)


@dataclass
class Row:
    """The figures of running text in order, with what is asked of each of them again and again."""

    facts: Sequence[Fact]

    def __post_init__(self) -> None:
        self.kinds = [(f.unit, f.kind) for f in self.facts]
        self.values = [int(f.value * UNIT) for f in self.facts]
        self.digits = [len(re.sub(r"\D", "", f.figure.quantity.text).lstrip("0")) for f in self.facts]
        self.significant = [significant(f) for f in self.facts]
        self.exact = [not f.figure.quantity.approx for f in self.facts]
        self.alike: dict[tuple[str, str], list[int]] = defaultdict(list)
        for n, key in enumerate(self.kinds):
            if self.exact[n]:
                self.alike[key].append(n)

    def near(self, at: int) -> Sequence[int]:
        """Places of the figures around one, in its paragraph and those beside it."""
        low, high = max(0, at - REACH), min(len(self.facts), at + REACH)
        paragraph = self.facts[at].paragraph
        while self.facts[low].paragraph < paragraph - 1:
            low += 1
        while self.facts[high - 1].paragraph > paragraph + 1:
            high -= 1
        return range(low, high)

    def range(self, at: int) -> tuple[float, float]:
        quantity = self.facts[at].figure.quantity
        return float(quantity.low), float(quantity.high)

    def like(self, at: int) -> tuple[list[int], list[int]]:
        """Places of the figures before and behind that have its unit."""
        known = self.alike[self.kinds[at]]
        here = bisect_left(known, at)
        before = [n for n in known[max(0, here - 3 * REACH) : here] if n >= at - 3 * REACH]
        behind = [n for n in known[here + 1 : here + 3 * REACH] if n < at + 3 * REACH]
        return before, behind


def proposed(row: Row, at: int, meant: Prints, lists: bool, open_rates: set[str]) -> Iterator[Hit]:
    """Which prints of a figure some sum, difference, rate or product of the figures around comes to.

    lists  only as a total beside its parts or one of them: what is asked of a short figure
    open_rates  ids of the rates that nothing explains yet
    """
    fact = row.facts[at]
    wanted = {n * meant.worth: n for n in meant.numbers}
    before, behind = row.like(at)
    seen: set[tuple[int, ...]] = set()
    for measure in {"", fact.measure}:
        first, second = (
            [n for n in part if not measure or row.facts[n].measure in (measure, "")]
            for part in (before, behind)
        )
        places = (*first[-REACH:], *second[:REACH])
        if places in seen:
            continue
        seen.add(places)
        if fact.kind == "score":
            yield from _points(row, wanted, first[-3 * REACH :], second[: 3 * REACH])
        elif lists:
            yield from _lists(row, wanted, first[-REACH:], second[:REACH])
        else:
            yield from _sums(row, wanted, at, first[-REACH:], second[:REACH])
            yield from _differences(row, wanted, at, [*first[-PAIRED:], *second[:PAIRED]])
    if AGE.search(fact.figure.quantity.unit):
        around = [n for n in row.near(at) if row.kinds[n] == row.kinds[at]]
        sums = ((row.values[n] + step * UNIT, n) for n in around for step in (1, -1))
        yield from (("step", wanted[value], (n,)) for value, n in sums if value in wanted)
    if fact.kind == "percent":
        if fact.figure.id in open_rates:
            yield from _as_rate(row, at, wanted, meant)
        return
    targets = (*_of_rate(row, at, open_rates), *_products(row, at))
    if targets:
        values = [number * meant.worth for number in meant.numbers]
        for family, low, high, places in targets:
            slack = abs(high) * 1e-12
            for i in range(bisect_left(values, low - slack), bisect_right(values, high + slack)):
                yield family, meant.numbers[i], places


Wanted = dict[int, int]


def _sums(row: Row, wanted: Wanted, at: int, before: list[int], behind: list[int]) -> Iterator[Hit]:
    """The figure as the sum of neighbours in a run, or as what such a sum lacks."""
    places = [*before, *behind]
    values = [row.values[n] for n in places]
    up_to = [0]
    for value in values:
        up_to.append(up_to[-1] + value)
    for i, start in enumerate(up_to):
        for j in range(i + 1, len(up_to)):
            if up_to[j] - start in wanted:
                yield "sum", wanted[up_to[j] - start], tuple(places[i:j])
    here = len(before)
    for i in range(max(0, here - REACH + 2), here + 1):
        beside = values[max(0, i - 3) : i]
        for j in range(max(here, i + 1), min(len(values), i + REACH) + 1):
            run = up_to[j] - up_to[i]
            for n, whole in enumerate((*beside, *values[j : j + 3])):
                if whole - run in wanted:
                    total = i - len(beside) + n if n < len(beside) else j + n - len(beside)
                    yield "sum", wanted[whole - run], (places[total], *places[i:j])


def _differences(row: Row, wanted: Wanted, at: int, places: list[int]) -> Iterator[Hit]:
    """The figure as what two neighbours differ by, or three of its paragraph come to with signs of their own."""
    values = row.values
    for a, b in combinations(places, 2):
        if abs(values[a] - values[b]) in wanted:
            yield "sum", wanted[abs(values[a] - values[b])], (a, b)
        elif values[a] + values[b] in wanted:
            yield "sum", wanted[values[a] + values[b]], (a, b)
    here = bisect_left(places, at)
    close = places[max(0, here - CLOSE) : here + CLOSE]
    if row.facts[at].kind == "count":  # short, and so many are alike
        close = [n for n in close if row.facts[n].paragraph == row.facts[at].paragraph]
    for a, b, c in combinations(close, 3):
        x, y, z = values[a], values[b], values[c]
        for value in (abs(x - y - z), abs(x + y - z), abs(x - y + z)):
            if value in wanted:
                yield "sum", wanted[value], (a, b, c)


def _lists(row: Row, wanted: Wanted, before: list[int], behind: list[int]) -> Iterator[Hit]:
    """What a short figure must be in a list: a total right before its parts or right behind them, or a part."""
    places = [*before, *behind]
    values = [row.values[n] for n in places]
    here = len(before)
    for i in range(here + 1):
        run = sum(values[i:here])
        for j in range(max(here, i + 1), len(values) + 1):
            run += values[j - 1] if j > here else 0
            if (i == here or j == here) and j - i > 1 and run in wanted:
                yield "sum", wanted[run], tuple(places[i:j])
            for whole in (*range(max(0, i - 1), i), *range(j, min(len(values), j + 1))):
                if values[whole] - run in wanted:
                    yield "sum", wanted[values[whole] - run], (places[whole], *places[i:j])


def _points(row: Row, wanted: Wanted, before: list[int], behind: list[int]) -> Iterator[Hit]:
    """Points that with others make up a total printed or left unsaid."""
    places = [*before, *behind]
    up_to = [0]
    for n in places:
        up_to.append(up_to[-1] + row.values[n])
    for i, start in enumerate(up_to):
        for j in range(i + 1, len(up_to)):
            run = up_to[j] - start
            for value in (run, 100 * UNIT - run, 90 * UNIT - run):
                if value in wanted:
                    yield "points", wanted[value], tuple(places[i:j])


def _as_rate(row: Row, at: int, wanted: Wanted, meant: Prints) -> Iterator[Hit]:
    """The figure as a rate of two neighbours: of one in the other, of the change, of the part in both."""
    levels = [
        n
        for n in row.near(at)
        if row.exact[n] and row.kinds[n][1] not in ("percent", "date") and row.values[n] > 0
    ]
    worth = meant.worth
    for a, b in combinations(levels, 2):
        if row.kinds[a] != row.kinds[b]:
            continue
        x, y = sorted((row.values[a], row.values[b]))
        both, gap = x + y, y - x
        for one, other in ((x, y), (y, x), (gap, y), (gap, x), (x, both), (y, both), (x, gap), (y, gap)):
            if other and (value := round(one / other * UNIT / worth) * worth) in wanted:
                yield "rate", wanted[value], (a, b)


Target = tuple[str, float, float, tuple[int, ...]]


def _of_rate(row: Row, at: int, open_rates: set[str]) -> Iterator[Target]:
    """The figure as an amount that a neighbouring rate is made of."""
    near = row.near(at)
    printed = [n for n in near if row.kinds[n][1] == "percent" and row.facts[n].figure.id in open_rates]
    amounts = (
        [n for n in near if n != at and row.kinds[n] == row.kinds[at] and row.values[n] > 0]
        if printed
        else ()
    )
    for rate in printed:
        quantity = row.facts[rate].figure.quantity
        low, high = float(quantity.low), float(quantity.high)
        if low <= 0:
            continue
        for amount in amounts:
            x, places = row.values[amount], (rate, amount)
            yield "rate", x * low, x * high, places
            yield "rate", x / high, x / low, places
            yield "rate", x * (1 + low), x * (1 + high), places
            yield "rate", x / (1 + high), x / (1 + low), places
            if high < 1:
                yield "rate", x * (1 - high), x * (1 - low), places
                yield "rate", x / (1 - low), x / (1 - high), places


def _products(row: Row, at: int) -> Iterator[Target]:
    """Standard × number (× 12 months) = amount, solved for the figure."""
    kind = row.kinds[at][1]
    near = row.near(at) if kind in (*COUNTED, *PAID) else ()
    each = [n for n in near if _for_each(row.facts[n])]
    if not each:
        return
    money = [n for n in near if row.kinds[n][1] in PAID and row.values[n] > 0 and n != at]
    counts = [
        n for n in near if row.kinds[n][1] in COUNTED and row.values[n] > 0 and n != at and row.exact[n]
    ]
    standards = [n for n in each if n != at]
    half = float(row.facts[at].figure.quantity.half_step)
    pairs = (
        product(money, standards) if kind in COUNTED else product(money if at in each else standards, counts)
    )
    for a, b in pairs:
        low, high = row.range(a)
        least, most = row.range(b)
        if a == b or least <= 0:
            continue
        for months in (1, 12):
            if kind in COUNTED or at in each:
                found = low / most / months, high / least / months
            else:
                found = low * least * months, high * most * months
            yield "product", (found[0] - half) * UNIT, (found[1] + half) * UNIT, (a, b)


def _for_each(fact: Fact) -> bool:
    """Is it an amount for each of something, so that R205 may multiply it?"""
    return fact.kind in PAID and (fact.role in ("standard", "other") or bool(PER_HEAD.search(fact.lead)))
