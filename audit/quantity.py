"""A printed number and what it can mean: exact value, unit, range. The only place where units change.

Base units: money 元, rates 1 (57.39% is 0.5739), counts their own measure word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

Kind = Literal["money", "percent", "count", "standard", "score", "date", "area", "length", "other"]

MONEY_UNITS: dict[str, Decimal] = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "万": Decimal(10000),
    "百万元": Decimal(10) ** 6,
    "千万元": Decimal(10) ** 7,
    "亿元": Decimal(10) ** 8,
    "亿": Decimal(10) ** 8,
    "万亿元": Decimal(10) ** 12,
}
RATE_UNITS: dict[str, Decimal] = {
    "%": Decimal("0.01"),
    "个百分点": Decimal("0.01"),
    "百分点": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "成": Decimal("0.1"),
    "倍": Decimal(1),
}
MULTIPLIERS: dict[str, Decimal] = {
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10000),
    "亿": Decimal(10) ** 8,
}
OTHER_UNITS: dict[str, tuple[str, Decimal]] = {
    "平方米": ("平方米", Decimal(1)),
    "㎡": ("平方米", Decimal(1)),
    "万平方米": ("平方米", Decimal(10000)),
    "公里": ("公里", Decimal(1)),
    "千米": ("公里", Decimal(1)),
    "米": ("公里", Decimal("0.001")),
}

HEADS = {"名": "人", "位": "人"}  # 员额法官24名 of 在编干警75人; 人次 and 户 are counted otherwise


@cache
def unit_scale(unit: str) -> tuple[str, Decimal]:
    """The base unit and how many of it one printed unit is.

    >>> unit_scale("万元"), unit_scale("%"), unit_scale("万人")
    (('元', Decimal('10000')), ('1', Decimal('0.01')), ('人', Decimal('10000')))
    """
    if unit in MONEY_UNITS:
        return "元", MONEY_UNITS[unit]
    if unit in RATE_UNITS:
        return "1", RATE_UNITS[unit]
    if unit in OTHER_UNITS:
        return OTHER_UNITS[unit]
    money, slash, per = unit.partition("/")
    if slash and money in MONEY_UNITS:
        return f"元/{per}", MONEY_UNITS[money]
    if len(unit) > 1 and unit[0] in MULTIPLIERS:
        return HEADS.get(unit[1:], unit[1:]), MULTIPLIERS[unit[0]]
    return HEADS.get(unit, unit), Decimal(1)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as the page prints it.

    value     the printed number in the printed unit: 423.7 for "423.7万元"
    unit      the printed unit: "万元", "%", "人次", "元/月"
    decimals  the decimals at which it is judged: those printed, or more where the document's other
              amounts show that trailing zeros were dropped
    approx    约, 近, 余, 多: the number is not exact and nothing is asserted from it
    text      the print itself, for messages; never parsed again
    """

    value: Decimal
    unit: str
    kind: Kind
    text: str
    decimals: int = 0
    approx: bool = False

    @property
    def base_unit(self) -> str:
        return unit_scale(self.unit)[0]

    @property
    def scale(self) -> Decimal:
        return unit_scale(self.unit)[1]

    @property
    def exact(self) -> Decimal:
        """The printed number in its base unit."""
        return self.value * self.scale

    @property
    def half_step(self) -> Decimal:
        """Half a unit of the last place, in the base unit; 0 for what is counted."""
        if self.kind in ("count", "score", "date"):
            return Decimal(0)
        return Decimal(5).scaleb(-self.decimals - 1) * self.scale

    @property
    def low(self) -> Decimal:
        return self.exact - self.half_step

    @property
    def high(self) -> Decimal:
        return self.exact + self.half_step

    def agrees_with(self, other: Quantity) -> bool:
        """Could one true value have been printed both ways?"""
        same = (self.low, self.high) == (other.low, other.high)
        return same or (self.low < other.high and other.low < self.high)

    def judged_at(self, decimals: int) -> Quantity:
        """The same print, judged at so many decimals."""
        return replace(self, decimals=max(decimals, self.decimals))

    def printed_like(self, base: Decimal) -> Decimal:
        """A base-unit value in this quantity's unit, rounded half-up to its decimals."""
        return round_half_up(base / self.scale, self.decimals)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """四舍五入。

    >>> round_half_up(Decimal("2.675"), 2), round_half_up(Decimal("-2.5"), 0)
    (Decimal('2.68'), Decimal('-3'))
    """
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def cut(value: Decimal, decimals: int) -> Decimal:
    """截尾，不进位。"""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)


def plain(value: Decimal) -> str:
    """A decimal without exponent, as people write it.

    >>> plain(Decimal("1E+3")), plain(Decimal("423.70"))
    ('1000', '423.70')
    """
    return format(value, "f")


def from_float(value: float) -> Decimal:
    """A number from Excel, cut to the 15 significant digits that Excel itself keeps."""
    return Decimal(format(value, ".15g"))
