"""The money unit of every amount on a form: 元 here, 万元 there.

Comes in: a form located on a sheet. Goes out: the unit of a cell. What stands nearest to an amount says it: its
own label, its head, a head over that, a corner cell along its rows, the last line 单位：元 above, the caption.
"""

from __future__ import annotations

from ..columns import BRACKETS, squeeze, unit_in
from ..source import Cell
from .description import Form
from .places import Places


class Units:
    """The money unit of every cell: what stands nearest to it says it."""

    def __init__(self, form: Form, places: Places) -> None:
        self.form, self.places = form, places
        self.lines: list[tuple[int, str]] = []  # 单位：元, by row
        self.said: list[tuple[Cell, str]] = []  # 项目资金（元）, by cell
        listed = [place for place in places.blocks.values() if place.block.key == "indicators"]
        for cell in places.table.cells:
            if not 1 < len(cell.text) < 60 or "元" not in cell.text or not (unit := unit_in(cell.text)):
                continue
            if any(place.first <= cell.row <= place.last for place in listed):
                continue  # an indicator's own unit
            if "单位" in cell.text or not BRACKETS.sub("", squeeze(cell.text)):
                self.lines.append((cell.row, unit))
            else:
                self.said.append((cell, unit))
        self.caption = unit_in(places.table.caption)
        self.found: dict[str, str] = {}

    def printed(self) -> str:
        """The unit that the form prints: of its first amount, else of its lines."""
        for f in self.form.fields:
            if f.kind == "money" and (cell := self.places.fields.get(f.key) or self.places.inside.get(f.key)):
                return self.of(cell, f.key)
        return self.lines[0][1] if self.lines else self.caption or self.form.unit

    def of(self, cell: Cell, key: str) -> str:
        own = self.places.labels.get(key)
        if own is not None and own is not cell and (unit := unit_in(own.text)):
            return unit
        head = self.places.heads.get(key)
        if head is not None and (unit := unit_in(head.text)):
            return unit
        # the head over heads, then a corner beside them, then a cell merged along the rows
        for corner, unit in self.said:
            if head is not None and corner.row <= head.row < corner.row + corner.row_span + 1:
                over = (
                    corner.row < head.row
                    and corner.column <= head.column < corner.column + corner.column_span
                )
                beside = head.row < corner.row + corner.row_span and not self._is_head(corner)
                if over or beside:
                    return unit
            if (
                corner.row <= cell.row < corner.row + corner.row_span
                and corner.column < cell.column
                and not self._is_head(corner)
            ):
                return unit
        above = [unit for r, unit in self.lines if r <= cell.row]
        return above[-1] if above else self.caption or self.form.unit

    def _is_head(self, cell: Cell) -> bool:
        return any(head is cell for head in self.places.heads.values())
