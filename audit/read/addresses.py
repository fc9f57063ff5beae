"""Cell addresses: A1 and its counts, and formulas moved from one cell to another."""

from __future__ import annotations

import re
from functools import lru_cache

# Quoted text and sheet names, then A1 references that are neither part of a name nor a function.
REFERENCE = re.compile(r"(\"[^\"]*\"|'[^']*')|(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\w(.!])")


def moved(formula: str, rows: int, columns: int) -> str:
    """
    >>> moved('SUM(B2:$C$9)&"A1"', 1, 2)
    'SUM(D3:$C$9)&"A1"'
    """

    def move(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        place = address(match[3] + match[5])
        if place is None:
            return match[0]
        row = place[0] if match[4] else place[0] + rows
        column = place[1] if match[2] else place[1] + columns
        return f"{match[2]}{letters(column)}{match[4]}{row + 1}"

    return REFERENCE.sub(move, formula)


@lru_cache(4096)  # merges and formulas name the same places in form after form
def address(text: str) -> tuple[int, int] | None:
    """
    >>> address("B3"), address("AA10"), address("")
    ((2, 1), (9, 26), None)
    """
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", text)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def column_of(text: str) -> int | None:
    """
    >>> column_of("B3"), column_of("AA10"), column_of("")
    (1, 26, None)
    """
    return _column(text.rstrip("0123456789"))


@lru_cache(1024)  # a sheet names the same few columns in every row
def _column(text: str) -> int | None:
    place = address(text + "1")
    return None if place is None else place[1]


@lru_cache(1024)
def letters(column: int) -> str:
    """
    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    text = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
