"""Where a form's values stand on a sheet: found by labels, on our own templates and on anybody's filled form.

Comes in: a `Form` and a `Table`. Goes out: `Places`, cells by key. Rows may be inserted, columns may stand in
another order, labels may use other words. Reads no values, judges nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..source import Cell, Table
from .description import Block, Field, Form
from .labels import YEAR, ends, inline, label

Grid = list[list[Cell | None]]


@dataclass
class BlockPlace:
    """A block on a sheet: its data rows (first, last, both included) and the column of each key."""

    block: Block
    head: int
    first: int
    last: int
    columns: dict[str, int] = field(default_factory=dict)


@dataclass
class Places:
    """fields by key: the cell that holds the value, or (`inside`) the cell that holds label and value."""

    table: Table
    grid: Grid
    year: int
    fields: dict[str, Cell] = field(default_factory=dict)
    inside: dict[str, Cell] = field(default_factory=dict)
    blocks: dict[str, BlockPlace] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    heads: dict[str, Cell] = field(default_factory=dict)
    labels: dict[str, Cell] = field(default_factory=dict)


def sheet_year(table: Table) -> int:
    """The year a form is about: that of its title lines, else the latest of its heads."""
    top = [int(y) for c in table.cells if c.row < 4 and len(c.text) < 60 for y in YEAR.findall(c.text)]
    if top:
        return Counter(top).most_common(1)[0][0]
    years = [int(y) for c in table.cells if len(c.text) < 30 for y in YEAR.findall(c.text)]
    return max(years, default=0)


def locate(form: Form, table: Table, year: int = 0) -> Places:
    """Find every cell of a form; keys whose labels are not there end up in `missing`."""
    places = Places(table, table.grid(), year or sheet_year(table))
    return _Finder(form, places).find()


class _Finder:
    def __init__(self, form: Form, places: Places) -> None:
        self.form, self.places = form, places
        self.by_label: dict[str, list[Cell]] = {}
        for cell in places.table.cells:
            if not cell.text.strip():
                continue
            self.by_label.setdefault(label(cell.text, places.year), []).append(cell)
            if pair := inline(cell):
                self.by_label.setdefault(label(pair[0], places.year), []).append(cell)
        self.taken: set[tuple[int, int]] = set()

    def find(self) -> Places:
        for block in self.form.blocks:
            self._block(block)
        headers = [self._header(heads) for heads in self.form.heads]
        for n, entry in enumerate(self.form.about.get("matrix", ())):
            if owner := entry.get("head"):
                place = self.places.blocks.get(owner)
                headers[n] = (place.head, self._heads_in(place.head, self.form.heads[n])) if place else None
        for f in self.form.fields:
            cell = self._matrix(f, headers[f.matrix]) if f.where == "matrix" else self._beside(f)
            if cell is None:
                self.places.missing.append(f.key)
            elif f.key not in self.places.inside:
                self.places.fields[f.key] = cell
        return self.places

    # blocks

    def _block(self, block: Block) -> None:
        found = self._header(tuple(c.head for c in block.columns))
        if found is None:
            self.places.missing.append(block.key)
            return
        head, columns = found
        grid = self.places.grid
        cells = [columns[c.head] for c in block.columns if c.head in columns]
        first = max(c.row + c.row_span for c in cells)
        if block.after:
            anchor = next((c for c in self.by_label.get(label(block.after), ()) if c.row >= first), None)
            if anchor is None:
                self.places.missing.append(block.key)
                return
            first = anchor.row + anchor.row_span
        until = {label(word) for word in block.until} | ends()
        last = first
        left = min(c.column for c in cells)
        while last < len(grid) and not self._ends(last, left, until):
            last += 1
        place = BlockPlace(block, head, first, last - 1)
        for column in block.columns:
            if column.head in columns:
                place.columns[column.key] = columns[column.head].column
                self.places.heads[f"{block.key}_{column.key}"] = columns[column.head]
            else:
                self.places.missing.append(f"{block.key}_{column.key}")
        self.places.blocks[block.key] = place

    def _ends(self, r: int, left: int, until: set[str]) -> bool:
        """Does the row's first own cell with words name what follows the list? It stands no further right than that."""
        for cell in self.places.grid[r][: left + 1]:
            if cell is not None and cell.row == r and cell.text.strip():
                core = label(cell.text, self.places.year)
                return core in until or core.split("：")[0] in until
        return False

    # heads

    def _header(self, heads: tuple[str, ...]) -> tuple[int, dict[str, Cell]] | None:
        """The row with the most of these heads; two at least, or the only one there is to find."""
        rows = Counter(c.row for head in set(heads) for c in self.by_label.get(label(head), ()))
        if not rows:
            return None
        row, most = max(rows.items(), key=lambda item: (item[1], -item[0]))
        if most < min(2, len(heads)):
            return None
        return row, self._heads_in(row, heads)

    def _heads_in(self, row: int, heads: tuple[str, ...]) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        used: set[int] = set()
        for head in heads:
            core = label(head)
            for cell in self.by_label.get(core, ()):
                if cell.row <= row < cell.row + cell.row_span and cell.column not in used:
                    found[head] = cell
                    used.add(cell.column)
                    break
        return found

    # single cells

    def _matrix(self, f: Field, header: tuple[int, dict[str, Cell]] | None) -> Cell | None:
        if header is None or f.head not in header[1]:
            return None
        head = header[1][f.head]
        below = head.row + head.row_span
        row = next((c for c in self.by_label.get(label(f.label), ()) if c.row >= below), None)
        if row is None:
            return None
        cell = self.places.grid[row.row][head.column]
        self.places.heads[f.key], self.places.labels[f.key] = head, row
        return None if cell is None or cell is row or cell is head else cell

    def _beside(self, f: Field) -> Cell | None:
        grid = self.places.grid
        if f.where == "cell":
            return next((c for c in self.places.table.cells if (c.span.cell or "").endswith(f"!{f.label}")), None)
        for cell in self.by_label.get(label(f.label), ()):
            if (cell.row, cell.column) in self.taken:
                continue
            self.places.labels[f.key] = cell
            if f.where == "right" and inline(cell) and label(cell.text, self.places.year) != label(f.label):
                self.places.inside[f.key] = cell
                self.taken.add((cell.row, cell.column))
                return cell
            row = cell.row + (cell.row_span if f.where == "below" else 0)
            column = cell.column + (cell.column_span if f.where == "right" else 0)
            if row < len(grid) and column < len(grid[row]) and (value := grid[row][column]) is not None:
                self.taken.add((cell.row, cell.column))
                return value
        return None
