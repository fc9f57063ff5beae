"""How a number format shows a number: its decimals, its percent sign, whether it is a date.

Comes in: a stored number and a format code. Goes out: the text a person sees, without thousands
separators, colours and unit words. A format that prints no plain number (fractions, scaling by commas)
shows the shortest form.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from audit.quantity import plain, round_half_up

# ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are the Chinese dates of that list.
BUILTIN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: "#,##0",
    42: "#,##0",
    43: "#,##0.00",
    44: "#,##0.00",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), "hh:mm:ss"),
    22: "yyyy-mm-dd hh:mm",
}
NOISE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]')
ZERO = re.compile(r"-0(\.0*)?")
PLAIN = re.compile(r"[#0?]*(?:,[#0?]+)*(?:\.([#0?]*))?")


def bare(code: str) -> str:
    """The first section (positive numbers) without quoted words, colours, padding and conditions."""
    return NOISE.sub("", code).split(";")[0].strip()


def is_date(code: str) -> bool:
    """Does the format print a date or a time?

    >>> is_date('yyyy"年"m"月"'), is_date('#,##0.00"元/m"'), is_date("General")
    (True, False, False)
    """
    core = bare(code).lower()
    return "general" not in core and "通用" not in core and re.search("[ymdhs]", core) is not None


def show(value: Decimal, code: str) -> str:
    """The number as the format prints it.

    >>> show(Decimal("57.391"), "0.00"), show(Decimal("0.57391"), "0.0%"), show(Decimal(1200), "#,##0.00")
    ('57.39', '57.4%', '1200.00')
    >>> show(Decimal("1200.50"), "General")
    '1200.5'
    """
    percent, decimals, least = pattern(code)
    if percent:
        value *= 100
    if decimals < 0:
        text = shortest(value)
    else:
        text = plain(round_half_up(value, decimals))
        while "." in text and text[-1] == "0" and len(text) - text.index(".") - 1 > least:
            text = text[:-1]
        text = text.rstrip(".")
        if text[:2] == "-0" and ZERO.fullmatch(text):
            text = text[1:]
    return text + "%" if percent else text


@lru_cache(1024)
def pattern(code: str) -> tuple[bool, int, int]:
    """Is it a percentage; how many decimals, at least how many; -1 decimals: the shortest form.

    >>> pattern("0.0#%"), pattern("General")
    ((True, 2, 1), (False, -1, 0))
    """
    core = bare(code)
    printed = PLAIN.fullmatch(
        core.replace("%", "").replace("-", "").replace("+", "").replace(" ", "").strip("¥￥$()")
    )
    if printed is None or not re.search("[#0?]", core):
        return "%" in core, -1, 0
    places = printed[1] or ""
    # "#" and "?" print a digit only where there is one.
    return "%" in core, len(places), places.rfind("0") + 1


def shortest(value: Decimal) -> str:
    """

    >>> shortest(Decimal("1E+3")), shortest(Decimal("0.500")), shortest(Decimal("-0"))
    ('1000', '0.5', '0')
    """
    text = plain(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def date_text(serial: float, code: str, from_1904: bool = False) -> str:
    """A date serial as ISO text; "" where there is no such date.

    >>> date_text(45657, "yyyy-mm-dd"), date_text(45657.5, "yyyy/m/d h:mm"), date_text(0.25, "h:mm")
    ('2024-12-31', '2024-12-31 12:00:00', '06:00:00')
    """
    # Excel believes that 1900 was a leap year; before that day its calendar is one day late.
    base = (
        datetime(1904, 1, 1)
        if from_1904
        else datetime(1899, 12, 30)
        if serial >= 60
        else datetime(1899, 12, 31)
    )
    try:
        moment = base + timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return ""
    if serial < 0:
        return ""
    if serial < 1 and not re.search("[yd]", bare(code).lower()):
        return moment.time().isoformat()
    return moment.isoformat(" ") if moment.time() != datetime.min.time() else moment.date().isoformat()
