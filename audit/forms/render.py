"""Values into a plan: the bytes of one filled form.

Comes in: a `Plan` and the values of the form (scope 0) and of each row of its blocks. Goes out: an .xlsx. Text is
written as text, whatever it begins with; a formula carries its value, so that a viewer that works nothing out shows it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .template import MAX_HEIGHT, Plan, RowStart, Slot
from .values import Record

# What XML cannot hold is written as Excel writes it: _x0001_.
AWKWARD = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
LINE = 1.4  # line height in font sizes


def render(plan: Plan, scopes: Sequence[Record], given: frozenset[tuple[int, str]] | set[tuple[int, str]]) -> bytes:
    """The file. `given` names cells whose formula gives way to a value that the case states."""
    out: list[str] = []
    put = out.append
    for piece in plan.pieces:
        if type(piece) is str:
            put(piece)
        elif type(piece) is Slot:
            put(_cell(piece, scopes, given))
        else:
            put(_row(piece, scopes))  # type: ignore[arg-type]
    merges, count = plan.merges, plan.merge_count
    for run in plan.runs:
        more = _runs(scopes, *run)
        merges += "".join(more)
        count += len(more)
    if count:
        put(f'<mergeCells count="{count}">{merges}</mergeCells>')
    put(plan.tail)
    return plan.package.form("".join(out).encode("utf-8"))


def _cell(slot: Slot, scopes: Sequence[Record], given: set[tuple[int, str]] | frozenset[tuple[int, str]]) -> str:
    value: Any = worded(slot.key, scopes[0]) if slot.words else scopes[slot.scope].get(slot.key)
    if slot.formula and (slot.scope, slot.key) not in given:
        if type(value) is Decimal:
            return f"{slot.start}><f>{slot.formula}</f><v>{value}</v></c>"
        return f'{slot.start} t="str"><f>{slot.formula}</f><v>{safe(value or "")}</v></c>'
    if value is None:
        return f"{slot.start}/>"
    if type(value) is Decimal:
        return f"{slot.start}><v>{value}</v></c>"
    return f'{slot.start} t="inlineStr"><is><t xml:space="preserve">{safe(value)}</t></is></c>'


def worded(pattern: str, record: Record) -> str:
    """Words with {keys} in them; what has no value leaves a gap.

    >>> worded("{year}年度自评表", {"year": Decimal(2023)}), worded("填报单位：{department}", {})
    ('2023年度自评表', '填报单位：')
    """
    return re.sub(r"\{(\w+)\}", lambda m: _print(record.get(m[1])), pattern)


def _print(value: Any) -> str:
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def safe(text: str) -> str:
    """Text as XML holds it."""
    if not AWKWARD.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return AWKWARD.sub(lambda m: ENTITIES.get(m[0]) or f"_x{ord(m[0]):04X}_", text)


def _row(row: RowStart, scopes: Sequence[Record]) -> str:
    height = row.height
    for scope, key, capacity, size in row.texts:
        value = scopes[scope].get(key)
        if type(value) is str and (len(value) * size > capacity or "\n" in value):
            height = max(height, lines(value, capacity, size) * size * LINE + 6)
    return f'{row.start} ht="{min(height, MAX_HEIGHT):g}" customHeight="1">'


def lines(text: str, capacity: float, size: float) -> int:
    """How many lines a text takes: a Chinese character is as wide as it is high, a Latin one about half."""
    total = 0
    for part in text.split("\n"):
        wide = sum(1.0 if ord(c) > 0x2E7F or c in "“”‘’…—·×÷≥≤" else 0.56 for c in part) * size
        total += max(1, math.ceil(wide * 1.04 / capacity))
    return total


def _runs(scopes: Sequence[Record], scope: int, n: int, row: int, columns: Sequence[tuple[str, str]]) -> list[str]:
    """Merges of equal neighbours down each column; inner columns only within the outer ones' cells."""
    out = []
    breaks = {0, n}
    for key, letter in columns:
        values = [scopes[scope + i].get(key) for i in range(n)]
        breaks |= {i for i in range(1, n) if values[i] != values[i - 1] or values[i] is None}
        ends = sorted(breaks)
        for first, last in zip(ends, ends[1:], strict=False):
            if last - first > 1:
                out.append(f'<mergeCell ref="{letter}{row + first + 1}:{letter}{row + last}"/>')
    return out
