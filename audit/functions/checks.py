"""Checks of one stated number as worksheet functions: against a recomputed one, against its parts, against a quotient."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..findings import Status, verdict
from ..forms.values import BELOW_IS_SHARE
from ..quantity import Quantity
from ..ranges import Range
from . import function
from .border import (
    APPROXIMATE,
    BLANK,
    CELL_DECIMALS,
    HAS_ERROR,
    MISSING,
    UNITS_DIFFER,
    ZERO_BASE,
    Given,
    Reason,
    attempt,
    each,
    quantity,
    rows,
    single,
)  # fmt: skip

CHECKS = "审计·核对"


def _quantities(*values: Any) -> list[Quantity] | Reason:
    """The numbers of a check, or why it cannot be made."""
    found = [quantity(value) for value in values]
    for one in found:
        if isinstance(one, Reason):
            return MISSING if one == BLANK else one
    good = [one for one in found if isinstance(one, Quantity)]
    return APPROXIMATE if any(one.approx for one in good) else good


def _range(one: Quantity) -> Range:
    """What the print can stand for. Without a unit it may be a count: at least two decimals are taken as known."""
    if not one.unit:
        one = one.judged_at(CELL_DECIMALS)
    return Range(one.exact, one.low, one.high)


@function(
    "TIE",
    "勾稽",
    CHECKS,
    stated="报告所写的数",
    recomputed="重算的数",
)
def tie(stated: Given, recomputed: Given) -> Any:
    """报告数与重算数是否一致：相符、尾差或不符。按报告数印出的小数位四舍五入比较，单元格中的数至少比到两位小数。"""

    def one(said: Any, got: Any) -> Any:
        found = _quantities(said, got)
        if isinstance(found, Reason):
            return found
        first, second = found
        if not isinstance(single(said), str):
            first = first.judged_at(CELL_DECIMALS)
        bases = {first.base_unit, second.base_unit}
        if len(bases) > 1 and bases != {"", "1"}:
            return UNITS_DIFFER
        result = verdict(first, Range.of(second.exact))
        bare = [abs(one.value) for one in found if not one.unit]
        if result is Status.DIFFERS and len(bases) > 1 and max(bare) > BELOW_IS_SHARE:
            return UNITS_DIFFER  # 57.39 beside 57.39%
        return result.value

    return each(one, stated, recomputed)


@function(
    "SUM_CHECK", "合计核对", CHECKS, ranges=("parts",), total="合计数", parts="各分项所在区域，空白不计"
)
def sum_check(total: Given, parts: Given) -> Any:
    """分项相加与合计是否一致：相符、尾差（四舍五入所致）或不符。"""
    if len(rows(total)) > 1 or len(rows(total)[0]) > 1:
        return "合计数应为一个单元格"
    cells = [cell for row in rows(parts) for cell in row if quantity(cell) != BLANK]
    found = _quantities(total, *cells)
    if HAS_ERROR in map(quantity, (total, *cells)):
        return str(HAS_ERROR)
    if isinstance(found, Reason):
        return str(found)
    if not cells:
        return str(MISSING)
    bases = {one.base_unit for one in found}
    if len(bases) > 1 and bases != {"", "1"}:
        return str(UNITS_DIFFER)
    return attempt(_summed, found)


def _summed(found: list[Quantity]) -> str:
    """Numbers in one unit are judged at the decimals of the finest: 100 beside 33.33 is 100.00.

    Whole numbers without a unit may be counts, and are exact.
    """
    if len({one.unit for one in found}) == 1:
        finest = max(one.decimals for one in found)
        found = [one.judged_at(finest or (0 if one.unit else CELL_DECIMALS)) for one in found]
    whole, *parts = found
    low, exact, high = (
        sum((getattr(one, end) for one in parts), Decimal(0)) for end in ("low", "exact", "high")
    )
    return verdict(whole, Range(exact, low, high)).value


@function(
    "RATE_CHECK", "比率核对", CHECKS, stated="报告所写的比率，如 57.39%", numerator="分子", denominator="分母"
)
def rate_check(stated: Given, numerator: Given, denominator: Given) -> Any:
    """报告所写的比率与分子÷分母是否一致：相符、尾差或不符。比率可写成57.39%、0.5739或57.39。"""

    def one(said: Any, part: Any, whole: Any) -> Any:
        found = _quantities(said, part, whole)
        if isinstance(found, Reason):
            return found
        rate, above, below = found
        if above.base_unit != below.base_unit or rate.base_unit not in ("", "1"):
            return UNITS_DIFFER
        try:
            got = _range(above) / _range(below)
        except ZeroDivisionError:
            return ZERO_BASE
        results = [verdict(reading, got) for reading in _readings(rate)]
        return next((r for r in results if r is not Status.DIFFERS), Status.DIFFERS).value

    return each(one, stated, numerator, denominator)


def _readings(rate: Quantity) -> list[Quantity]:
    """A rate without a sign is a share; above 2 it may as well be a percentage."""
    if rate.unit:
        return [rate]
    share = replace(
        rate, value=rate.value * 100, unit="%", kind="percent", decimals=max(0, rate.decimals - 2)
    )
    return [share, replace(rate, unit="%", kind="percent")] if abs(rate.value) > BELOW_IS_SHARE else [share]
