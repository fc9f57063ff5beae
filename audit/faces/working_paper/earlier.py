"""What an auditor entered into an earlier version of a working paper, so that a re-run keeps it.

Rows are known by their fingerprint and columns by their head, so sorting, filtering and added columns
do no harm.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

from ...errors import AuditError
from .layout import CHECKS, COVER, ENTRIES, FINDINGS

MARK = "指纹"
Row = dict[str, str]


@dataclass
class Earlier:
    """entries: the cover's blanks. rows: sheet → fingerprint → rows in order, each head → text."""

    entries: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, deque[Row]]] = field(default_factory=dict)

    def take(self, sheet: str, fingerprint: str) -> Row:
        """The next row with this fingerprint, which is then used up; {} where there is none."""
        waiting = self.rows.get(sheet, {}).get(fingerprint)
        return waiting.popleft() if waiting else {}

    def left(self, sheet: str) -> list[Row]:
        """The rows nobody took."""
        return [row for waiting in self.rows.get(sheet, {}).values() for row in waiting]


def read_earlier(content: bytes, name: str) -> Earlier:
    """Read a working paper of ours; raises AuditError for any other file, which must not be lost."""
    from python_calamine import CalamineWorkbook

    other = AuditError(
        name, "已有文件不是本工具生成的底稿，或已加密、损坏", "为免误删，请另选文件名，或先移走该文件"
    )
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = {
            title: [[_entry(value) for value in row] for row in book.get_sheet_by_name(title).to_python()]
            for title in (COVER, CHECKS, FINDINGS)
            if title in book.sheet_names
        }
    except Exception as error:
        raise other from error
    tables = {title: _table(sheets.get(title, [])) for title in (CHECKS, FINDINGS)}
    if tables[FINDINGS] is None:
        raise other
    return Earlier(_entries(sheets.get(COVER, [])), {title: rows or {} for title, rows in tables.items()})


def _table(grid: list[list[str]]) -> dict[str, deque[Row]] | None:
    """Rows by fingerprint; None where the sheet has no head with one."""
    for top, heads in enumerate(grid):
        if MARK in heads:
            rows: dict[str, deque[Row]] = defaultdict(deque)
            for values in grid[top + 1 :]:
                row = {head: value for head, value in zip(heads, values, strict=False) if head}
                if row.get(MARK):
                    rows[row[MARK]].append(row)
            return rows
    return None


def _entries(grid: list[list[str]]) -> dict[str, str]:
    """The cell to the right of each of the cover's labels."""
    found: dict[str, str] = {}
    for row in grid:
        for label, value in pairwise(row):
            if label in ENTRIES and value and label not in found:
                found[label] = value
    return found


def _entry(value: Any) -> str:
    if isinstance(value, date):  # a datetime too: the time of day is not ours
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
