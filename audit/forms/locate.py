"""Where a form's values stand on a sheet: found by labels, on our own templates and on anybody's filled form.

Comes in: a `Form` and a `Table`. Goes out: `Places`, cells by key. Rows may be inserted, columns may stand in
another order, labels may use other words. Where two cells could be meant, none is taken. Reads no values, judges
nothing.
"""

from __future__ import annotations

from ..source import Cell, CellState, Table
from .beside import Beside
from .description import Block, Field, Form
from .headers import Header, find_header, heads_in, shared, value_cell
from .labels import ends, ends_list, inline, label
from .places import BlockPlace as BlockPlace
from .places import Places as Places
from .titles import sheet_year


def locate(form: Form, table: Table, year: int = 0) -> Places:
    """Find every cell of a form; keys whose labels are not there end up in `missing`."""
    places = Places(table, table.grid(), year or sheet_year(table))
    return _Finder(form, places).find()


class _Finder:
    def __init__(self, form: Form, places: Places) -> None:
        self.form, self.places = form, places
        self.grid, self.year = places.grid, places.year
        self.by_label: dict[str, list[Cell]] = {}
        self.by_inline: dict[str, list[tuple[Cell, str]]] = {}
        beside = {label(f.label) for f in form.fields if f.where in ("right", "below")}
        for cell in places.table.cells:
            if cell.state is CellState.BLANK:
                continue
            if core := label(cell.text, self.year):
                self.by_label.setdefault(core, []).append(cell)
            for core, rest in inline(cell.text, beside, self.year):
                self.by_inline.setdefault(core, []).append((cell, rest))
        self.headers: dict[str, Header] = {}  # by block

    def find(self) -> Places:
        for block in self.form.blocks:
            self._block(block)
        headers = [self._matrix_header(n) for n in range(len(self.form.heads))]
        self.starts = sorted(
            {h.first for h in headers if h} | {place.head for place in self.places.blocks.values()}
        )
        beside = Beside(
            self.form, self.places, self.by_label, self.by_inline, headers, list(self.headers.values())
        )
        for f in self.form.fields:
            cell = self._matrix(f, headers[f.matrix]) if f.where == "matrix" else beside.find(f)
            if cell is None:
                self.places.missing.append(f.key)
            elif f.where in ("right", "below") and f.key not in self.places.inside and beside.is_label(cell):
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
