"""Chinese numerals to numbers: 一千二百 → 1200, 二〇二四 → 2024, 九十五点五 → 95.5."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
DIGITS |= {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
CHARACTERS = "".join(dict.fromkeys([*DIGITS, *SMALL, *LARGE]))


def parse(text: str) -> Decimal | None:
    """The number a Chinese numeral stands for, or None where it is not one.

    >>> parse("一千二百"), parse("二〇二四"), parse("十二"), parse("九十五点五"), parse("三万")
    (Decimal('1200'), Decimal('2024'), Decimal('12'), Decimal('95.5'), Decimal('30000'))
    >>> parse("万") is None
    True
    """
    whole, point, fraction = text.partition("点")
    if point:
        head = parse(whole)
        if head is None or not fraction or any(c not in DIGITS for c in fraction):
            return None
        return head + Decimal("0." + "".join(str(DIGITS[c]) for c in fraction))
    if not whole or whole[0] in LARGE:
        return None
    if len(whole) > 1 and all(c in DIGITS for c in whole):
        return Decimal("".join(str(DIGITS[c]) for c in whole))
    total = section = digit = 0
    for c in whole:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in SMALL:
            section += (digit or 1) * SMALL[c]
            digit = 0
        elif c == "万":
            total += (section + digit) * LARGE[c]
            section = digit = 0
        elif c == "亿":
            total = (total + section + digit) * LARGE[c]
            section = digit = 0
        else:
            return None
    return Decimal(total + section + digit)
