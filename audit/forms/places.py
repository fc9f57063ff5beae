"""What `locate` gives: the cells of a form on a sheet, by key.

Comes in: nothing but a table. Goes out: `Places`, filled by `locate` and `beside`, read by all that follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from ..source import Cell, Table
from .description import Block, Form
from .labels import label

Grid = list[list[Cell | None]]


@dataclass
class BlockPlace:
    """A block on a sheet: its data rows (first, last, both included) and the column of each key.

    widths   how many columns the head of a key covers
    """

    block: Block
    head: int
    first: int
    last: int
    columns: dict[str, int] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)


@dataclass
class Places:
    """fields by key: the cell that holds the value, or (`inside`) the cell that holds label and value.

    shown    the value's words in an `inside` cell
    empty    keys whose label is followed by the next label at once, so that no value can be there
    doubts   keys not read because several cells could be meant, with the label's cell
    """

    table: Table
    grid: Grid
    year: int
    fields: dict[str, Cell] = field(default_factory=dict)
    inside: dict[str, Cell] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, BlockPlace] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)
    doubts: dict[str, Cell] = field(default_factory=dict)
    heads: dict[str, Cell] = field(default_factory=dict)
    labels: dict[str, Cell] = field(default_factory=dict)


@cache
def known_labels(form: Form) -> frozenset[str]:
    return frozenset(label(word) for word in form.labels())
