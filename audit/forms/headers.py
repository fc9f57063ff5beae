"""The heads of a form's matrices and lists: which row they stand in, and which cells are under them.

Comes in: cells by their labels, and the heads that a form's description names. Goes out: a `Header`. Heads may
stand in any order, and some of them in a second row below a common head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..source import Cell, CellState
from .labels import label

Labels = Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Header:
    """Heads of a matrix or block: the rows they take, and the cell of each."""

    first: int
    last: int
    cells: dict[str, Cell]


def find_header(by_label: Labels, heads: Sequence[str], least: int) -> Header | None:
    """The row, or two rows of which the lower parts a head of the upper, with the most of these heads."""
    cells = [cell for core in {label(head) for head in heads} for cell in by_label.get(core, ())]
    order = sorted({r for c in cells for r in (c.row, c.row + c.row_span - 1)})
    best: Header | None = None
    # Heads in one row are more likely meant than as many in two, an upper row more than a lower one.
    for first, last in [*zip(order, order, strict=True), *pairwise(order)]:
        if last - first > 1 and not _only_blank(by_label, first, last):
            continue
        found = heads_in(by_label, first, last, heads)
        if len(found) >= least and (best is None or len(found) > len(best.cells)):
            best = Header(first, max(c.row + c.row_span - 1 for c in found.values()), found)
    return best


def _only_blank(by_label: Labels, first: int, last: int) -> bool:
    return not any(first < c.row < last for cells in by_label.values() for c in cells)


def heads_in(by_label: Labels, first: int, last: int, heads: Iterable[str]) -> dict[str, Cell]:
    near: dict[str, list[Cell]] = {}
    for core in {label(head) for head in heads}:
        near[core] = [c for c in by_label.get(core, ()) if c.row <= last and first < c.row + c.row_span]
    lower = {c.column for cells in near.values() for c in cells if c.row > first}
    found: dict[str, Cell] = {}
    used: set[int] = set()
    for head in heads:
        for cell in near[label(head)]:
            below = cell.row + cell.row_span <= last and any(
                c in lower for c in range(cell.column, cell.column + cell.column_span)
            )
            if cell.column not in used and not below:
                found[head] = cell
                used.add(cell.column)
                break
    return found


def value_cell(row: Sequence[Cell | None], column: int, width: int) -> Cell | None:
    """The cell of a row under a head that covers some columns; None where several are filled.

    A cell that begins left of the head belongs to another column.
    """
    first: Cell | None = None
    filled: Cell | None = None
    for cell in row[column : column + width]:
        if cell is None or cell is first or cell is filled or cell.column < column:
            continue
        first = first or cell
        if cell.state is not CellState.BLANK:
            if filled is not None:
                return None
            filled = cell
    return filled or first


def shared(cell: Cell, head: Cell, header: Header) -> bool:
    """Does a number stand under several heads, so that nobody can say which it is for?"""
    across = range(cell.column, cell.column + cell.column_span)
    others = sum(c is not head and c.column in across for c in header.cells.values())
    return others > 0 and cell.state not in (CellState.BLANK, CellState.DASH)
