"""A check as live spreadsheet formulas, with the values they must give.

Comes in: a Check and the cell of every figure. Goes out: formula text and the value to store beside it.
Writes no file and judges nothing anew: the verdict formula is only handed out where it gives the
status that the check already has.

In the workbook money stands in 万元 and rates as ratios, so that a person can follow a formula by eye.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from ...findings import Check, Figure, Status
from ...quantity import RATE_UNITS, Quantity, round_half_up, unit_scale
from ...ranges import NAME, Range, evaluate, names_in

LARGEST = Decimal(10) ** 15  # beyond this a cell no longer holds every digit: written as text instead
LONGEST_FORMULA = 8000  # Excel stops at 8192 characters
CALENDAR = ("年", "年度", "月", "日", "号")  # 2023年, not 2,023年
GUARD = 6  # further decimals kept in a recomputed value: enough to see, few enough to drop float dust

_TOKEN = re.compile(rf"{NAME.pattern}|min|max|[-*/+,]")
_WORDS = {"*": "×", "/": "÷", "-": "−", "+": "+", ",": "，", "min": "取小", "max": "取大"}


@dataclass(frozen=True, slots=True)
class Scale:
    """How a printed unit stands in the workbook.

    >>> scale_of("元"), scale_of("%").unit
    (Scale(unit='万元', factor=Decimal('0.0001'), percent=False), '比率')
    """

    unit: str
    factor: Decimal
    percent: bool = False

    @property
    def money(self) -> bool:
        return self.unit.startswith("万元")

    def decimals(self, printed: int) -> int:
        """Decimals in the workbook's unit; below zero for 亿元 without decimals."""
        return printed - self.factor.adjusted()

    def number_format(self, decimals: int) -> str:
        """A native number format that shows so many decimals of the workbook's unit."""
        places = min(max(decimals - 2 if self.percent else decimals, 0), 12)
        digits = ("0" if self.percent or self.unit in CALENDAR else "#,##0") + (
            "." + "0" * places if places else ""
        )
        return digits + ("%" if self.percent else "")


def scale_of(unit: str) -> Scale:
    base, scale = unit_scale(unit)
    if base == "元" or base.startswith("元/"):
        return Scale("万" + base, scale / 10000)
    if base == "1":
        return Scale("比率", scale, percent=unit in RATE_UNITS and RATE_UNITS[unit] < Decimal("0.1"))
    return Scale(base, scale)


def folded(quantity: Quantity) -> Decimal:
    """The printed number in the workbook's unit."""
    return quantity.value * scale_of(quantity.unit).factor


def fits(value: Decimal) -> bool:
    return abs(value) < LARGEST


def readable(check: Check, figures: Mapping[str, Figure]) -> str:
    """The formula with the printed figures in place of their names: "4044.35万元 ÷ 7047.68万元"."""

    def word(match: re.Match[str]) -> str:
        token = match[0]
        return str(figures[token]) if token in figures else _WORDS.get(token, token)

    return _TOKEN.sub(word, check.formula)


@dataclass(frozen=True, slots=True)
class Live:
    """One row of the check sheet. `None` where there is nothing to show; "" where a value stays a value.

    printed           decimals that the report prints, in the workbook's unit
    places            decimals at which the two sides are compared
    difference_places decimals kept in the difference, at which it is held against the slack
    judged            the verdict can be recomputed in the sheet
    """

    scale: Scale
    printed: int = 0
    places: int = 0
    difference_places: int = 0
    stated: Decimal | None = None
    stated_formula: str = ""
    expected: Decimal | None = None
    expected_formula: str = ""
    slack: Decimal | None = None
    judged: bool = False

    @property
    def difference(self) -> Decimal | None:
        if self.stated is None or self.expected is None:
            return None
        return round_half_up(self.stated - self.expected, self.difference_places)

    @property
    def stated_format(self) -> str:
        return self.scale.number_format(self.printed)

    @property
    def detail_format(self) -> str:
        """Two more decimals where the recomputed value has them: 57.3856% beside a printed 57.39%."""
        more = self.expected is not None and round_half_up(self.expected, self.printed) != self.expected
        return self.scale.number_format(self.printed + 2 if more else self.printed)


def live(check: Check, figures: Mapping[str, Figure], cells: Mapping[str, str]) -> Live:
    """Turn a check into formulas over `cells` (figure name → cell reference)."""
    with localcontext(prec=60):
        return _live(check, figures, cells)


def _live(check: Check, figures: Mapping[str, Figure], cells: Mapping[str, str]) -> Live:
    row = _stated(check, cells)
    if check.status is Status.NOT_CHECKED or row.stated is None:
        return row
    found = _recompute(check.formula, figures, cells, row.scale)
    if found is None or not fits(found[0].exact):
        return _as_reported(check, row)
    reach, formula = found
    step = Decimal(1).scaleb(-row.printed)
    if check.expected is not None and abs(check.expected * row.scale.factor - reach.exact) > step:
        return _as_reported(check, row)  # the rule meant more than its formula says
    plain = _laid_out(row, reach, formula, row.printed, row.printed + 2)
    for candidate in _candidates(check, row, reach, formula):
        if verdict(check.relation, candidate) is check.status:
            return candidate
    return plain


def _stated(check: Check, cells: Mapping[str, str]) -> Live:
    """The reported side: the ledger's cell, or a plain value where the report prints none."""
    result = check.result
    scale = scale_of(result.quantity.unit if result else check.unit)
    stated = check.stated if check.stated is not None else result.quantity.value if result else None
    if result is not None:
        decimals = result.quantity.decimals
    else:
        decimals = max((figure.quantity.decimals for figure in check.operands), default=0)
    if stated is not None:
        stated *= scale.factor
        if not fits(stated):
            stated = None
    row = Live(scale, scale.decimals(decimals), stated=stated)
    if result is not None and result.id in cells and stated is not None:
        if stated == folded(result.quantity):
            return replace(row, stated_formula=f"={cells[result.id]}")
        if stated == -folded(result.quantity):
            return replace(row, stated_formula=f"=-{cells[result.id]}")
    return row


def _as_reported(check: Check, row: Live) -> Live:
    """The recomputed number as a plain value, where no formula can stand for it."""
    expected = None if check.expected is None else check.expected * row.scale.factor
    if expected is not None and not fits(expected):
        expected = None
    return replace(row, expected=expected, difference_places=row.printed + 2)


def _laid_out(row: Live, reach: Range, formula: str, places: int, difference_places: int) -> Live:
    kept = row.printed + GUARD
    return replace(
        row,
        places=places,
        difference_places=difference_places,
        expected=round_half_up(reach.exact, kept),
        expected_formula=f"=ROUND({formula},{kept})",
    )


def _candidates(check: Check, row: Live, reach: Range, formula: str) -> Iterator[Live]:
    """Ways to lay the comparison out, the plainest first. A limit is held against the exact value."""
    if check.relation == "=":
        places = [row.printed]
        slacks = list(_slacks(check, row, reach))
    else:
        places = [row.printed, row.printed + GUARD]
        slacks = [Decimal(0)]
    for at in places:
        for finer in range(row.printed + 2, row.printed + GUARD + 1):
            for slack in slacks:
                candidate = _laid_out(row, reach, formula, at, finer)
                yield replace(candidate, slack=round_half_up(slack, finer), judged=True)


def _slacks(check: Check, row: Live, reach: Range) -> Iterator[Decimal]:
    """How far the printed digits let the two sides part, on the side where they do.

    First: half a step of every operand and of the result. Then: a whole step, where the printed value
    is the recomputed one with its tail cut off. Last: nothing, for what must be equal.
    """
    assert row.stated is not None
    step, half = Decimal(1).scaleb(-row.printed), Decimal(0)
    if check.result is not None:
        half = check.result.quantity.half_step * row.scale.factor / check.result.quantity.scale
    elif row.scale.percent:
        half = step / 2
    below = row.stated < reach.exact
    slack = half + (reach.exact - reach.low if below else reach.high - reach.exact)
    yield slack
    if below == (reach.exact > 0) and step > slack:
        yield step
    yield Decimal(0)


def verdict(relation: str, row: Live) -> Status:
    """What the verdict formula gives."""
    assert row.stated is not None and row.expected is not None and row.slack is not None
    stated, expected = round_half_up(row.stated, row.places), round_half_up(row.expected, row.places)
    holds = {"=": stated == expected, "<=": stated <= expected, ">=": stated >= expected}[relation]
    if holds:
        return Status.AGREES
    assert row.difference is not None
    return Status.ROUNDING if abs(row.difference) < row.slack else Status.DIFFERS


def verdict_formula(relation: str, row: Live, stated: str, expected: str, difference: str, slack: str) -> str:
    """The same in the sheet, over the cells of its own row."""
    return (
        f"=IF(ROUND({stated},{row.places}){relation}ROUND({expected},{row.places}),"
        f'"{Status.AGREES}",IF(ABS({difference})<{slack},"{Status.ROUNDING}","{Status.DIFFERS}"))'
    )


def _recompute(
    formula: str, figures: Mapping[str, Figure], cells: Mapping[str, str], scale: Scale
) -> tuple[Range, str] | None:
    """The recomputed value in the workbook's unit and its formula; None where it cannot be worked out."""
    names = names_in(formula)
    if not all(name in cells and name in figures for name in names):
        return None
    ranges = {name: _range(figures[name].quantity) for name in names}
    base = {name: _range(figures[name].quantity, base=True) for name in names}
    if not all(fits(value.exact) for value in ranges.values()):
        return None
    try:
        here, there = evaluate(formula, ranges), evaluate(formula, base)
    except (ArithmeticError, KeyError, SyntaxError, ValueError, RecursionError):
        return None
    down = Decimal("0.0001") if scale.money else Decimal(1)
    there = Range(there.exact * down, there.low * down, there.high * down)
    if abs(here.exact - there.exact) <= abs(there.exact).scaleb(-30):
        text = _native(formula, cells)
    else:  # money does not cancel out (a plain number beside an amount): go through 元
        wide = {n: f"({cells[n]}*10000)" if _in_money(figures[n]) else cells[n] for n in names}
        here, text = there, f"({_native(formula, wide)})" + ("/10000" if scale.money else "")
    return (here, text) if len(text) < LONGEST_FORMULA else None


def _in_money(figure: Figure) -> bool:
    return scale_of(figure.quantity.unit).money


def _native(formula: str, cells: Mapping[str, str]) -> str:
    formula = re.sub(r"\b(min|max)\b", lambda m: m[0].upper(), formula)
    return NAME.sub(lambda m: cells[m[0]], formula).replace(" ", "")


def _range(quantity: Quantity, base: bool = False) -> Range:
    factor = Decimal(1) if base else scale_of(quantity.unit).factor / quantity.scale
    return Range(quantity.exact * factor, quantity.low * factor, quantity.high * factor)
