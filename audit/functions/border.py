"""Excel's border: what a cell or a range hands over becomes exact values here, and results become what a cell takes.

In: float (a Decimal from cells in a currency format), text, None (blank), bool, a date, an error such as #DIV/0! as
text, or a list of lists of these.
Out: float, text, or a list of lists. Bad input gives a short Chinese text; it never raises. A `Reason` is such a text.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import chain, repeat
from typing import Any

from ..figures import scan
from ..forms.values import BELOW_IS_SHARE
from ..quantity import Quantity, from_float

ERROR = re.compile(
    r"#(?:DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|CONNECT!|FIELD!)"
)
NUMBER = re.compile(r"[-−－]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?")
ABOUT = re.compile(
    r"(?:大约|约|近|超过|超|逾)?…(?:左右|以上|以下)?"
)  # what may stand about a number that isn't exact
DASHES = {"—", "——", "－", "-", "–", "/", "／", "不适用", "无"}
# A cell's number doesn't show its trailing zeros: 0.5 may be 50% or 50.00%, 100 may be 100.00万元.
CELL_DECIMALS = 2
# xlwings hands on the code of an error that it has no name for; Excel has no amount near these.
ERROR_CODES = frozenset(range(-2146826288, -2146826188))

UNMISTAKABLE = 1e9  # a float within this is neither infinite, nor none at all, nor the code of an error

Grid = Sequence[Sequence[Any]]
Given = Any  # float, str, bool, None, datetime, or a list of lists of these


class Reason(str):
    """Why there is no result, as the cell shows it; "" for nothing to work with."""


BLANK = Reason("")
NOT_A_NUMBER = Reason("不是数")
HAS_ERROR = Reason("单元格有错误值")
MISSING = Reason("缺少数据")
ZERO_BASE = Reason("分母为零")
UNITS_DIFFER = Reason("单位不一致")
TOO_LARGE = Reason("数过大，无法计算")
APPROXIMATE = Reason("约数不作核对")


def is_range(value: Given) -> bool:
    return isinstance(value, list | tuple)


def rows(value: Given) -> Grid:
    """Any argument as rows of one length; a single row comes from xlwings as a flat list."""
    if not is_range(value):
        return [[value]]
    kinds = set(map(type, value))
    if kinds <= {list, tuple} and kinds:
        grid = value
    else:
        lines = value if any(map(is_range, value)) else [value]
        grid = [row if is_range(row) else [row] for row in lines]
    widths = set(map(len, grid))
    width = max(widths)
    if width == 0:
        return [[None]]
    return grid if len(widths) == 1 else [[*row, *[None] * (width - len(row))] for row in grid]


def single(value: Given) -> Any:
    """The one value of a one-cell range; what is larger gives the first."""
    return rows(value)[0][0] if is_range(value) else value


def text(value: Any) -> str:
    """A cell's words; numbers as a person would write them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return format(from_float(float(value)), "f") if math.isfinite(value) else str(value)
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def is_error(value: Any) -> bool:
    """#DIV/0! and its like, by name or by Excel's code."""
    if isinstance(value, str):
        return value[:1] in "# " and ERROR.fullmatch(value.strip()) is not None
    return isinstance(value, int | float | Decimal) and value in ERROR_CODES


def quantity(value: Any, unit: str = "") -> Quantity | Reason:
    """A cell as a printed quantity: 95.5, "1,234.5", "57.39%", "423.7万元". `unit` is that of a bare number."""
    value = single(value)
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return NOT_A_NUMBER
    if isinstance(value, int | float | Decimal):
        if not math.isfinite(value):
            return NOT_A_NUMBER
        if is_error(value):
            return HAS_ERROR
        exact = from_float(float(value))
        decimals = max(0, -int(exact.as_tuple().exponent))
        return Quantity(exact, unit, "other", format(exact, "f"), decimals)
    if not isinstance(value, str):
        return NOT_A_NUMBER
    words = value.strip()
    if words == "" or words in DASHES:
        return BLANK
    if is_error(words):
        return HAS_ERROR
    bare = words.replace("％", "%").replace("－", "-").replace("−", "-")
    percent = bare.endswith("%")
    digits = bare.removesuffix("%").strip()
    if NUMBER.fullmatch(digits):
        digits = digits.replace(",", "").replace("，", "")
        shown = len(digits.partition(".")[2])
        return Quantity(
            Decimal(digits), "%" if percent else unit, "percent" if percent else "other", words, shown
        )
    negative = bare.startswith("-")
    printed = bare.removeprefix("-")
    found = list(scan(printed))
    if len(found) == 1 and found[0].quantity.kind != "date":
        beside = (printed[: found[0].start], printed[found[0].end :])
        if any(beside) and not (found[0].quantity.approx and ABOUT.fullmatch("…".join(beside))):
            return NOT_A_NUMBER
        one = found[0].quantity
        return Quantity(
            -one.value if negative else one.value, one.unit, one.kind, words, one.decimals, one.approx
        )
    return NOT_A_NUMBER


def exact(value: Any) -> Decimal | Reason:
    """The number in its base unit: 57.39% is 0.5739, 423.7万元 is 4237000."""
    found = quantity(value)
    return found if isinstance(found, Reason) else found.exact


def like(*values: Any) -> list[Decimal] | Reason:
    """Numbers that are to be compared or divided: all bare, or all in units that fit together.

    A bare share goes with percentages: 0.5739 beside 57.39%. A bare 57.39 doesn't.
    """
    found = [quantity(value) for value in values]
    for one in found:
        if isinstance(one, Reason):
            return one
    good = [one for one in found if isinstance(one, Quantity)]
    bases = {one.base_unit for one in good}
    shares = all(one.unit or abs(one.value) <= BELOW_IS_SHARE for one in good)
    return [one.exact for one in good] if len(bases) == 1 or (bases == {"", "1"} and shares) else UNITS_DIFFER


def points(value: Any) -> Decimal | Reason:
    """A score or a weight: a bare number, or one in 分."""
    if type(value) is float and -UNMISTAKABLE < value < UNMISTAKABLE:
        return from_float(value)
    found = quantity(value)
    if isinstance(found, Reason):
        return found
    return found.exact if found.unit in ("", "分") else UNITS_DIFFER


def to_cell(value: Any) -> float | str | bool:
    """A result as a cell takes it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) else str(TOO_LARGE)
    if isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else value
    return float(value) if isinstance(value, int) else str(value)


def to_table(table: Sequence[Sequence[Any]]) -> list[list[float | str | bool]]:
    return [[to_cell(value) for value in row] for row in table]


def each(function: Callable[..., Any], *values: Given) -> Any:
    """Work a function out once, or for every cell of the ranges among its arguments.

    A single value, a row or a column goes with every row or column of the others, as in Excel.
    """
    if not any(is_range(value) for value in values):
        return attempt(function, *values)
    grids = [rows(value) for value in values]
    height, width = max(map(len, grids)), max(len(grid[0]) for grid in grids)
    if (height, width) == (1, 1):
        return attempt(function, *(grid[0][0] for grid in grids))
    spread = [_spread(grid, height, width) for grid in grids]
    return [
        [attempt(function, *cells) for cells in zip(*lines, strict=True)]
        for lines in zip(*spread, strict=True)
    ]


def _spread(grid: Grid, height: int, width: int) -> Iterable[Sequence[Any]]:
    """A grid as large as the largest: one row or column is repeated, of another nothing is known beyond its end."""
    wide = len(grid[0])
    if wide == 1 < width:
        grid = [[row[0]] * width for row in grid]
    elif wide < width:
        grid = [[*row, *[OUTSIDE] * (width - wide)] for row in grid]
    if len(grid) == 1:
        return repeat(grid[0], height)
    return chain(grid, repeat([OUTSIDE] * width, height - len(grid)))


def attempt(function: Callable[..., Any], *values: Any) -> float | str | bool:
    """A result as a cell takes it; what has more digits than can be worked with gives a text."""
    if OUTSIDE in values:
        return str(MISSING)
    try:
        value = function(*values)
        return value if type(value) is float else to_cell(value)
    except ArithmeticError:
        return str(TOO_LARGE)


class _Outside:
    """Beyond the end of a range that is shorter than the others."""


OUTSIDE = _Outside()
