"""Values into a plan: the bytes of one filled form.

Comes in: a `Plan` and the values of the form (scope 0) and of each row of its blocks. Goes out: an .xlsx. Text is
written as text, whatever it begins with; a formula carries its value, so that a viewer that works nothing out shows it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ..errors import AuditError
from .plan import Plan, height
from .values import Record

# What XML cannot hold is written as Excel writes it: _x0001_.
AWKWARD = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
NARROW = re.compile("(?![“”‘’…—·×÷≥≤])[\0-\u2e7f]")
LONGEST = 32_767  # characters that a cell holds
LINE = 1.4  # line height in font sizes


def render(
    plan: Plan, scopes: Sequence[Record], given: frozenset[tuple[int, str]] | set[tuple[int, str]]
) -> bytes:
    """The file. `given` names cells whose formula gives way to a value that the case states."""
    out = plan.texts.copy()
    high: dict[int, float] = {}  # rows with more text than one line
    value: Any
    for at, scope, key, row, fits, capacity, size, beside in plan.inputs:
        value = scopes[scope].get(key)
        if value is None:
            continue
        if type(value) is Decimal:
            out[at] = f"><v>{value!s}</v></c>"
            continue
        out[at] = _inline(value)
        if row and (len(value) > fits or "\n" in value):
            needed = lines(value, capacity, size) * size * LINE + 6 - beside
            if needed > high.get(row, plan.heights[row]):
                high[row] = needed
                out[row] = height(needed)
    for at, scope, key, number, words in plan.formulas:
        value = scopes[scope].get(key)
        if given and (scope, key) in given:
            out[at] = (
                f"><v>{value!s}</v></c>" if type(value) is Decimal else _inline(value) if value else "/>"
            )
        elif type(value) is Decimal:
            out[at] = f"{number}{value!s}</v></c>"
        else:
            out[at] = f"{words}{safe(value or '')}</v></c>"
    for at, pattern in plan.words:
        out[at] = _inline(worded(pattern, scopes[0]))
    if plan.runs:
        out[plan.merged_at] = plan.merged([merge for run in plan.runs for merge in _runs(scopes, *run)])
    return plan.package.form("".join(out).encode("utf-8"))


def _inline(text: str) -> str:
    if len(text) > LONGEST:
        raise AuditError(
            f"“{text[:20]}……”", f"文字过长（{len(text)}字），一个单元格最多{LONGEST}字", "请删减后再填列"
        )
    return f' t="inlineStr"><is><t xml:space="preserve">{safe(text)}</t></is></c>'


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
    if text.isalnum() or not AWKWARD.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return AWKWARD.sub(lambda m: ENTITIES.get(m[0]) or f"_x{ord(m[0]):04X}_", text)


def lines(text: str, capacity: float, size: float) -> int:
    """How many lines a text takes: a Chinese character is as wide as it is high, a Latin one about half."""
    total = 0
    for part in text.split("\n"):
        wide = len(NARROW.sub("", part))
        width = (wide + 0.56 * (len(part) - wide)) * size
        total += max(1, math.ceil(width * 1.04 / capacity))
    return total


def _runs(
    scopes: Sequence[Record], scope: int, n: int, row: int, columns: Sequence[tuple[str, str]]
) -> list[str]:
    """Merges of equal neighbours down each column; inner columns only within the outer ones' cells."""
    out = []
    breaks = {0, n}
    for key, letter in columns:
        values = [scopes[scope + i].get(key) for i in range(n)]
        breaks |= {i for i in range(1, n) if values[i] != values[i - 1] or values[i] is None}
        ends = sorted(breaks)
        for first, last in pairwise(ends):
            if last - first > 1:
                out.append(f'<mergeCell ref="{letter}{row + first + 1}:{letter}{row + last}"/>')
    return out
