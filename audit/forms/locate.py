"""Where a form's values stand on a sheet: found by labels, on our own templates and on anybody's filled form.

Comes in: a `Form` and a `Table`. Goes out: `Places`, cells by key. Rows may be inserted, columns may stand in
another order, labels may use other words. Where two cells could be meant, none is taken. Reads no values, judges
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from ..source import Cell, CellState, Table
from .description import Block, Field, Form
from .headers import Header, find_header, heads_in, shared, value_cell
from .labels import ends, ends_list, inline, label
from .titles import sheet_year

Grid = list[list[Cell | None]]
DIGITS = re.compile(r"\s*[-−\d/／—]")
WORDS = ("text", "long", "value")
NUMERIC = re.compile(r"[-−\d/／—无不]|$")  # how what stands for a number may begin


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


def locate(form: Form, table: Table, year: int = 0) -> Places:
    """Find every cell of a form; keys whose labels are not there end up in `missing`."""
    places = Places(table, table.grid(), year or sheet_year(table))
    return _Finder(form, places).find()


class _Finder:
    def __init__(self, form: Form, places: Places) -> None:
        self.form, self.places = form, places
        self.grid, self.year = places.grid, places.year
        self.own = known_labels(form)
        self.by_label: dict[str, list[Cell]] = {}
        self.by_inline: dict[str, list[tuple[Cell, str]]] = {}
        beside = {label(f.label) for f in form.fields if f.where in ("right", "below")}
        for cell in places.table.cells:
            if cell.state is CellState.BLANK:
                continue
            self.by_label.setdefault(label(cell.text, self.year), []).append(cell)
            for core, rest in inline(cell.text, beside, self.year):
                self.by_inline.setdefault(core, []).append((cell, rest))
        self.taken: set[tuple[int, int]] = set()
        self.headers: dict[str, Header] = {}  # by block

    def find(self) -> Places:
        for block in self.form.blocks:
            self._block(block)
        headers = [self._matrix_header(n) for n in range(len(self.form.heads))]
        used = [*(h for h in headers if h), *self.headers.values()]
        self.heads = {id(cell) for header in used for cell in header.cells.values()}
        self.head_rows = {r for header in used for r in range(header.first, header.last + 1)}
        self.head_rows |= {
            c.row
            for f in self.form.fields
            if f.where == "right"
            for c in self.by_label.get(label(f.head), ())
        }
        self.starts = sorted(
            {h.first for h in headers if h} | {place.head for place in self.places.blocks.values()}
        )
        for f in self.form.fields:
            cell = self._matrix(f, headers[f.matrix]) if f.where == "matrix" else self._beside(f)
            if cell is None:
                self.places.missing.append(f.key)
            elif f.where in ("right", "below") and f.key not in self.places.inside and self.is_label(cell):
                self.places.empty.add(f.key)
            elif f.key not in self.places.inside:
                self.places.fields[f.key] = cell
        return self.places

    # blocks

    def _block(self, block: Block) -> None:
        heads = tuple(c.head for c in block.columns)
        found = find_header(self.by_label, heads, max(min(2, len(heads)), len(heads) // 3))
        if found is None:
            self.places.missing.append(block.key)
            return
        self.headers[block.key] = found
        first = found.last + 1
        if block.after:
            anchor = next((c for c in self.by_label.get(label(block.after), ()) if c.row >= first), None)
            if anchor is None:
                self.places.missing.append(block.key)
                return
            first = anchor.row + anchor.row_span
        own = {label(word) for word in block.until}
        last = first
        left = min(c.column for c in found.cells.values())
        while last < len(self.grid) and not self._ends(last, left, own):
            last += 1
        place = BlockPlace(block, found.first, first, last - 1)
        for column in block.columns:
            if cell := found.cells.get(column.head):
                place.columns[column.key], place.widths[column.key] = cell.column, cell.column_span
                self.places.heads[f"{block.key}_{column.key}"] = cell
            else:
                self.places.missing.append(f"{block.key}_{column.key}")
        self.places.blocks[block.key] = place

    def _ends(self, r: int, left: int, own: set[str]) -> bool:
        """Do the row's first words name what follows the list?

        Words that may be an indicator's name end it only where no indicator's name can stand.
        """
        for c, cell in enumerate(self.grid[r]):
            if cell is not None and cell.row == r and cell.state is not CellState.BLANK:
                return ends_list(cell.text, self.year, own | ends() if c <= left else own)
        return False

    # heads

    def _matrix_header(self, n: int) -> Header | None:
        heads = self.form.heads[n]
        about = self.form.about["matrix"][n]
        if owner := about.get("head"):
            above = self.headers.get(owner) if owner in self.places.blocks else None
            return (
                Header(above.first, above.last, heads_in(self.by_label, above.first, above.last, heads))
                if above
                else None
            )
        return find_header(self.by_label, heads, max(min(2, len(heads)), (len(heads) + 1) // 2))

    # single cells

    def _matrix(self, f: Field, header: Header | None) -> Cell | None:
        if header is None or f.head not in header.cells:
            return None
        head = header.cells[f.head]
        columns = {c.column for c in header.cells.values()}
        below = head.row + head.row_span
        owner = self.form.about["matrix"][f.matrix].get("head")
        if owner:  # a row of totals
            below = max(below, self.places.blocks[owner].last + 1)
        end = next((r for r in self.starts if r > header.last), len(self.grid))
        rows = [
            c for c in self.by_label.get(label(f.label), ())
            if below <= c.row < end and (c.column not in columns or owner)
        ]  # fmt: skip
        if not rows:
            return None
        row = rows[0]
        self.places.heads[f.key], self.places.labels[f.key] = head, row
        if not owner and any(other.column == row.column for other in rows[1:]):  # one label for two rows
            self.places.doubts[f.key] = row
            return None
        best: Cell | None = None
        for r in range(row.row, row.row + row.row_span):
            cell = value_cell(self.grid[r], head.column, head.column_span)
            if cell is None or cell is row or cell is head or shared(cell, head, header):
                continue
            if (cell.row >= row.row or cell.state is CellState.DASH) and (
                best is None or best.state is CellState.BLANK
            ):
                best = cell
        return best

    def _listed(self, cell: Cell) -> bool:
        """Is the cell among the rows of a list? What stands there is no label."""
        return any(
            place.first <= cell.row <= place.last and cell.column >= min(place.columns.values())
            for place in self.places.blocks.values()
        )

    def _beside(self, f: Field) -> Cell | None:
        if f.where == "cell":
            return next(
                (c for c in self.places.table.cells if (c.span.cell or "").endswith(f"!{f.label}")), None
            )
        core = label(f.label)
        for cell in self.by_label.get(core, ()):
            if (cell.row, cell.column) in self.taken or self._listed(cell) or id(cell) in self.heads:
                continue
            end = self._end_under(cell, f.head) if f.head else len(self.grid[0])
            if not end:
                continue
            found = self._below(cell) if f.where == "below" else self._right(cell, f, end)
            if found is not None or f.key in self.places.doubts:
                self.places.labels[f.key] = cell
                self.taken.add((cell.row, cell.column))
                return found
        for cell, words in self.by_inline.get(core, ()):
            if self._listed(cell) or (f.kind not in WORDS and not NUMERIC.match(words)):
                continue
            if f.kind != "long" and len(words) > 100:
                continue
            self.places.labels[f.key] = self.places.inside[f.key] = cell
            self.places.shown[f.key] = words
            return cell
        return None

    def _below(self, cell: Cell) -> Cell | None:
        """The cell under a label, blank rows passed over; the next part of the form is not passed into.

        A label in a row of heads stands over the rows of that part.
        """
        under = cell.row + cell.row_span
        near = self._under(cell, under)
        for r in range(under, len(self.grid)):
            own = [
                c
                for n, c in enumerate(self.grid[r])
                if c and (c.row, c.column) == (r, n) and c.state is not CellState.BLANK
            ]
            if own:
                found = self._under(cell, r)
                labelled = any(label(c.text, self.year) in self.own for c in own)
                return near if labelled and r > under and cell.row not in self.head_rows else found
        return near

    def _under(self, cell: Cell, r: int) -> Cell | None:
        if r >= len(self.grid):
            return None
        found = value_cell(self.grid[r], cell.column, cell.column_span)
        return None if found is None or found.row < cell.row + cell.row_span else found

    def _right(self, cell: Cell, f: Field, end: int) -> Cell | None:
        """The cell right of a label, blank cells passed over; another label is not. Under a head not further than that."""
        near: Cell | None = None
        found: Cell | None = None
        for c in self._after(cell, end):
            near = near or c
            if c.state is CellState.BLANK:
                continue
            if self.is_label(c):
                break
            if found is not None:
                if f.kind in ("money", "number", "count", "rate") and DIGITS.match(c.text):
                    self.places.doubts[f.key] = cell
                    return None
                break
            found = c
        return found or near

    def _end_under(self, cell: Cell, head: str) -> int:
        """Where the columns under a head end; 0 where the cell does not stand under it."""
        for over in self.by_label.get(label(head), ()):
            width = over.column_span
            if width == 1:  # not merged: up to the next words of its row
                after = self.grid[over.row][over.column + 1 :]
                width += next(
                    (n for n, c in enumerate(after) if c and c.state is not CellState.BLANK), len(after)
                )
            if over.row < cell.row and over.column <= cell.column < over.column + width:
                return over.column + width
        return 0

    def _after(self, cell: Cell, end: int) -> Iterator[Cell]:
        last: Cell | None = None
        for c in self.grid[cell.row][cell.column + cell.column_span : end]:
            if c is not None and c is not last and c.row >= cell.row:
                last = c
                yield c

    def is_label(self, cell: Cell) -> bool:
        text = cell.text.rstrip()
        return text.endswith(("：", ":")) or label(text, self.year) in self.own
