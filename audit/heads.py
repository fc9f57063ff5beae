"""Where the heads of a table stand: rows of known labels, or rows of words right above the first numbers.

Comes in: a grid. Goes out: the heads by column with the number of rows they take. Outer heads that
each cover several columns (“三公”经费 over 预算数 and 决算数) join the path of the inner ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .columns import WORDS, Head, is_number, read_head, unit_in
from .source import Cell

Grid = Sequence[Sequence[Cell]]
ABOUT = re.compile(r"单位[:：]|填报|负责人|联系电话|^(?:主管部门|实施单位)$")
MAX_HEAD = 30  # longer words are text, not a head


def known_heads(grid: Grid, r: int, year: int, unit: str) -> tuple[dict[int, Head], int] | None:
    """The heads that begin in this row, known by their words; None where it is no head row."""
    if not _looks_known(grid[r], r, year):
        return None
    count = 1
    while r + count < len(grid) and _goes_on(grid, r, count, year):
        count += 1
    outer = 0
    while outer < min(3, r) and _covers(grid[r - outer - 1]):
        outer += 1
    return _read(grid, r - outer, count + outer, year, unit), count


def plain_heads(grid: Grid, r: int, year: int, unit: str) -> tuple[dict[int, Head], int] | None:
    """Rows of words right above a row of numbers, where no head is known by its words."""
    count = 0
    while r + count < len(grid) and count < 5:
        filled = [c for c in grid[r + count] if c.text.strip()]
        if len(filled) < 2 or any(is_number(c) or len(c.text) > MAX_HEAD for c in filled):
            break
        named = len(filled) == 2 and re.search("名称[:：]?$", filled[0].text.strip())
        if named or _about(filled) or _looks_known(grid[r + count], r + count, year):
            return None
        count += 1
    if not count or r + count >= len(grid) or not any(is_number(c) for c in grid[r + count]):
        return None
    return _read(grid, r, count, year, unit), count


def _looks_known(row: Sequence[Cell], r: int, year: int) -> bool:
    cells = [c for c in row if c.row == r and c.text.strip()]
    if len(cells) < 2 or any(is_number(c) for c in cells):
        return False
    known = [h for c in cells if len(c.text) <= MAX_HEAD and (h := read_head([c.text], year, "")).known]
    return len(known) >= 2 and any(h.reading not in WORDS for h in known)


def _goes_on(grid: Grid, r: int, count: int, year: int) -> bool:
    """Does the next row hold the inner heads of this one?"""
    below = grid[r + count]
    values = [c.column for c in grid[r] if read_head([c.text], year, "").reading not in WORDS | {""}]
    held = any(c.row < r + count < c.row + c.row_span and c.column >= min(values, default=0) for c in grid[r])
    words = any(c.row == r + count and c.text.strip() for c in below)
    return held and words and not any(is_number(c) for c in below)


def _covers(row: Sequence[Cell]) -> bool:
    """Does this row hold heads that each cover several of the columns below?"""
    filled = [c for c in row if c.text.strip()]
    words = not _about(filled) and not any(is_number(c) or len(c.text) > MAX_HEAD for c in filled)
    return len(filled) > 1 and words and any(c.column_span > 1 for c in filled)


def _about(cells: Sequence[Cell]) -> bool:
    """A line about the form itself: who fills it in, in which unit."""
    return any(ABOUT.search(c.text.strip()) for c in cells)


def _read(grid: Grid, r: int, count: int, year: int, unit: str) -> dict[int, Head]:
    paths: dict[int, list[str]] = {}
    starts: set[int] = set()
    for row in grid[r : r + count]:
        for cell in row:
            starts.add(cell.column)
            if cell.row + cell.row_span > r + count or not cell.text.strip():
                continue  # a side cell that goes on beside the rows
            for column in range(cell.column, cell.column + cell.column_span):
                path = paths.setdefault(column, [])
                if not path or path[-1] != cell.text:
                    path.append(cell.text)
    side = next((u for c in grid[r] if (u := unit_in(c.text))), "")
    return {column: read_head(path, year, side or unit) for column, path in paths.items() if column in starts}
