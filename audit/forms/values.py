"""How values are written on a form and read from it: units, percentages, signs, words for nothing.

A value is a Decimal, a text, or None for a blank. A dash and 不适用 are texts; 0 is a number. Amounts of a case are
in 万元, rates are shares. Some cells print several values together (≥95%) or one in another way
（产出指标（50分））: `compose` makes them, `decompose` takes them apart again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..columns import SIGNS
from ..quantity import MONEY_UNITS, plain
from ..source import Cell, CellState

Value = Decimal | str | None
DASHES = ("—", "——", "/", "不适用")
Record = dict[str, Any]

NUMBER = re.compile(r"[-−－]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?")
WORDED = re.compile(rf"(?P<number>{NUMBER.pattern})\s*(?P<unit>[^\d\s=+@*/(（-][^\d=+@]{{0,7}})?")
PRINTED_SIGN = {">=": "≥", "<=": "≤", "=": "="}
TEXTS = {
    "target_text": "target",
    "adjusted_text": "adjusted_target",
    "midyear_text": "midyear",
    "actual_text": "actual",
}
POINTS = re.compile(r"[（(]\s*\d+(?:\.\d+)?\s*分?\s*[）)]$")
NUMBERED = re.compile(r"^(?:\d+[、．]|（\d+）|\(\d+\))\s*")
MONEY = re.compile(rf"[￥¥]?\s*({NUMBER.pattern})\s*([百千万亿]*元)")
COUNTED = re.compile(rf"({NUMBER.pattern})\s*(?:分|人|名|个|㎡|平方米)")
LITERAL = re.compile(r'"[^"]*"|\\.')  # of a number format: printed as it is
SIGN = re.compile("|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True)))
BELOW_IS_SHARE = 2  # a bare 0.5739 or 1 is a share, 57.39 a percentage


def number_of(text: str) -> Decimal | None:
    """A number and nothing else.

    >>> number_of("1,234.50"), number_of("-3"), number_of("3人")
    (Decimal('1234.50'), Decimal('-3'), None)
    """
    return _decimal(text.strip()) if NUMBER.fullmatch(text.strip()) else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("，", "").replace("−", "-").replace("－", "-"))


@lru_cache(maxsize=20_000)
def split_value(text: str) -> tuple[str, Value, str]:
    """Sign, number and unit of what is printed for a target or a result; words stay words.

    >>> split_value("≥95%"), split_value("2460 人"), split_value("有所提升")
    (('≥', Decimal('95'), '%'), ('', Decimal('2460'), '人'), ('', '有所提升', ''))
    """
    body = text.strip()
    match = SIGN.match(body)
    sign, rest = (PRINTED_SIGN[SIGNS[match[0]]], body[match.end() :].strip()) if match else ("", body)
    if found := WORDED.fullmatch(rest):
        return sign, _decimal(found["number"]), (found["unit"] or "").strip().replace("％", "%")
    return "", text, ""


def normal_indicator(row: Record) -> Record:
    """An indicator with its parts apart: "≥95%" as a target is sign, number and unit."""
    row = dict(row)
    target = row.get("target")
    if isinstance(target, str):
        sign, number, unit = split_value(target)
        told = (not sign or row.get("sign") in (None, "", sign)) and (
            not unit or row.get("unit") in (None, "", unit)
        )
        if isinstance(number, Decimal) and told:
            row["target"] = target = number
            row["sign"], row["unit"] = sign or row.get("sign"), unit or row.get("unit")
    for key in ("actual", "midyear", "adjusted_target"):
        if isinstance(value := row.get(key), str):
            sign, number, unit = split_value(value)
            if not isinstance(number, Decimal) or sign:
                continue
            if unit in ("", row.get("unit") or ""):
                row[key] = number
            elif not row.get("unit") and not isinstance(target, Decimal):
                row[key], row["unit"] = number, unit
    return row


def compose(row: Record, keys: Mapping[str, Any], level1: Mapping[str, Decimal], number: int) -> None:
    """Put the cells that print several values together into a row; `keys` says which the form has."""
    unit = row.get("unit") or ""
    for text, key in TEXTS.items():
        if text in keys:
            value = row.get(key)
            sign = (row.get("sign") or "") if text in ("target_text", "adjusted_text") else ""
            row[text] = f"{sign}{plain(value)}{unit}" if isinstance(value, Decimal) else value
    if "level1_points" in keys:
        points = level1.get(row.get("level1") or "")
        row["level1_points"] = (
            f"{row['level1']}（{plain(points)}分）" if points is not None else row.get("level1")
        )
    if "numbered_name" in keys:
        name = row.get("name")
        row["numbered_name"] = None if name is None else f"{number}、{name}"


def decompose(row: Record) -> Record:
    """The values of a row as a case has them, from what its cells print."""
    out = {k: v for k, v in row.items() if k not in TEXTS and k not in ("target_number", "actual_number")}
    for text, key in TEXTS.items():
        if text in row:
            out[key] = row[text]
    if "level1_points" in out:
        out["level1"] = out.pop("level1_points")
    for key in ("level1", "level2"):
        if isinstance(words := out.get(key), str):
            out[key] = POINTS.sub("", words).strip() or words
    if "numbered_name" in out:
        text = out.pop("numbered_name")
        out["name"] = NUMBERED.sub("", text, count=1) if isinstance(text, str) else text
    return out


def from_cell(cell: Cell | None, kind: str, unit: str, shown: str = "") -> Value:
    """What stands in a cell, as a value of its kind.

    unit   of amounts: 元, 万元
    shown  a text to read instead of the cell's own
    """
    if cell is None or cell.state in (CellState.BLANK, CellState.UNCALCULATED):
        return None
    text = shown or cell.text
    if kind in ("text", "long"):
        return text if text != "" else None
    bare = text.strip()
    if bare == "":
        return None
    if kind == "value":
        return cell.number if cell.number is not None and not cell.text.endswith("%") and not shown else text
    exact = cell.number if not shown else None
    if kind == "rate":
        if exact is not None and "%" in cell.number_format:
            # A % in quotes is printed behind the number and does not make a share of it.
            return exact if "%" in LITERAL.sub("", cell.number_format) else exact / 100
        return _rate(text, exact)
    if exact is None:
        if kind == "money" and (found := MONEY.fullmatch(bare)):
            bare, unit = found[1], found[2]
        elif kind in ("number", "count") and (found := COUNTED.fullmatch(bare)):
            bare = found[1]
        exact = number_of(bare)
    if exact is None:
        return text
    if kind == "money" and unit in MONEY_UNITS and unit != "万元":
        return exact * MONEY_UNITS[unit] / MONEY_UNITS["万元"]
    return exact


def _rate(text: str, exact: Decimal | None) -> Value:
    """0.5739, 57.39% and "57.39" are one rate. A bare 1.2 is 120%, whatever the head says."""
    bare = text.strip().replace("％", "%")
    if bare.endswith("%"):
        number = number_of(bare.rstrip("%").strip())
        return text if number is None else number / 100
    number = exact if exact is not None else number_of(bare)
    if number is None:
        return text
    return number / 100 if abs(number) > BELOW_IS_SHARE else number
