"""Values that stand beside their label: right of it, below it, or in the same cell.

Comes in: the labelled cells of a sheet and its heads. Goes out: one cell per field, or none where several could be
meant. The next label is never taken for a value, nor what belongs to the next part of a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..columns import squeeze
from ..source import Cell, CellState
from .description import Field, Form
from .headers import Header, value_cell
from .labels import label
from .places import Places, known_labels

DIGITS = re.compile(r"\s*[-−\d/／—]")
WORDS = ("text", "long", "value")
AMOUNTS = ("money", "number", "count", "rate")
NUMERIC = re.compile(r"[-−\d/／—无不]|$")  # how what stands for a number may begin
Labels = Mapping[str, Sequence[Cell]]


class Beside:
    """headers  of the form's matrices, in their order; `blocks` those of its lists"""

    def __init__(
        self,
        form: Form,
        places: Places,
        by_label: Labels,
        by_inline: Mapping[str, Sequence[tuple[Cell, str]]],
        headers: Sequence[Header | None],
        blocks: Sequence[Header],
    ) -> None:
        self.form, self.places = form, places
        self.grid, self.year = places.grid, places.year
        self.own = known_labels(form)
        self.by_label, self.by_inline, self.headers = by_label, by_inline, headers
        used = [*(h for h in headers if h), *blocks]
        self.heads = {id(cell) for header in used for cell in header.cells.values()}
        self.head_rows = {r for header in used for r in range(header.first, header.last + 1)}
        over = {f.head for f in form.fields if f.where == "right" and f.head}
        self.head_rows |= {cell.row for head in over for cell in by_label.get(label(head), ())}
        self.taken: set[tuple[int, int]] = set()

    def _listed(self, cell: Cell) -> bool:
        """Is the cell among the rows of a list? What stands there is no label."""
        return any(
            place.first <= cell.row <= place.last and cell.column >= min(place.columns.values())
            for place in self.places.blocks.values()
        )

    def find(self, f: Field) -> Cell | None:
        """The cell with a field's value, right of its label, below it or in it."""
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
        several = False
        for c in self._after(cell, end):
            near = near or c
            if c.state is CellState.BLANK:
                continue
            if self.is_label(c) or (found and f.kind not in AMOUNTS) or (found and not DIGITS.match(c.text)):
                break
            several = found is not None
            found = found or c
        if f.kind == "money" and found and (head := self._head_of(f, cell)):
            return self._under_head(cell, f, found, head, several)
        if several:
            self.places.doubts[f.key] = cell
            return None
        return found or near

    def _head_of(self, f: Field, cell: Cell) -> Cell | None:
        """The head under which an amount stands whose label is in the rows of a matrix: general_spent under 全年执行数."""
        for header, about in zip(self.headers, self.form.about.get("matrix", ()), strict=True):
            for head, column in about["columns"].items():
                if header and head in header.cells and f.key.endswith(f"_{column}"):
                    over = header.cells[head]
                    if header.last < cell.row and cell.column < over.column and self._same_part(header, cell):
                        return over
        return None

    def _same_part(self, header: Header, cell: Cell) -> bool:
        return not any(header.last < r <= cell.row for r in self.head_rows)

    def _under_head(self, cell: Cell, f: Field, found: Cell, head: Cell, several: bool) -> Cell | None:
        """One amount may stand anywhere in its row, unless that is under a head that says something else."""
        under = value_cell(self.grid[cell.row], head.column, head.column_span)
        if several:
            if under is None or under.row != cell.row:
                self.places.doubts[f.key] = cell
            return under
        across = range(found.column, found.column + found.column_span)
        if head.column in across or not any(
            h.column in across for header in self.headers if header for h in header.cells.values()
        ):
            return found
        above = (self.grid[r][cell.column] for r in range(head.row + head.row_span, cell.row))
        if any(c and label(head.text) in squeeze(c.text) for c in above):  # 按收入性质分（全年执行数）：
            return found
        self.places.doubts[f.key] = cell
        return None

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
