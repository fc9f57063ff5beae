"""The rows of a list on a filled form: indicators, 本级专项资金, buildings.

Comes in: a list's place on a sheet. Goes out: one record per row and the address of each cell. What is no row is
left out: placeholders such as 指标1：, repeated heads, captions, subtotals, the rest of merged cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from ..columns import SIGNS, squeeze
from ..source import Cell, CellState
from .headers import value_cell
from .labels import captions, label
from .places import BlockPlace, Places
from .values import BELOW_IS_SHARE, PRINTED_SIGN, Record, Value, decompose, normal_indicator

PLACEHOLDER = re.compile(r"(?:指标\s*\d*\s*[:：]?)?[\s/／…—-]*")
CLASSES = ("level1", "level1_points", "level2")
NAMES = ("name", "numbered_name")
SHARED_DOWN = (*CLASSES, "name", "reason", "measures")  # what a cell merged over rows says of each of them
PREFIX = re.compile(r"^\s*指标\s*\d+\s*[:：]\s*")
LOOSE_PREFIX = re.compile(r"^\s*指标\s*\d+\s*[:：、.．]?\s*")
NUMBER_ONLY = re.compile(r"指标\d+[:：]?")
BLANK = CellState.BLANK


class RowReader:
    """value  reads a cell as a kind; `problems` gets what could not be read"""

    def __init__(
        self, place: BlockPlace, places: Places, value: Callable[[Cell, str, str], Value], problems: list[str]
    ) -> None:
        self.place, self.places, self.value, self.problems = place, places, value, problems
        block = place.block
        self.columns = [
            (c.key, c.kind, f"{block.key}_{c.key}", place.columns[c.key], place.widths[c.key], label(c.head))
            for c in block.columns
            if c.key in place.columns
        ]
        self.heads = {key: core for key, _, _, _, _, core in self.columns}
        self.silent = {c.key for c in block.columns if c.formula} | {*CLASSES, *block.merged}
        self.listed = block.key == "indicators"
        self.level1: Value = None
        self.level2: Value = None
        self.loose = (
            False  # is 指标1 printed before names without a colon? Where 指标2 was left blank, it is.
        )

    def read(self) -> Iterator[tuple[Record, dict[str, Cell]]]:
        found = []
        for r in range(self.place.first, self.place.last + 1):
            cells = self._cells(r)
            own = [(key, c) for key, c in cells.items() if c.row == r and c.state is not BLANK]
            if not own or self._head(own):
                continue
            row: Record = {}
            for key, kind, name, _, _, _ in self.columns:
                cell = cells.get(key)
                row[key] = None if cell is None or cell.state is BLANK else self.value(cell, kind, name)
            out = decompose(row)
            if self.listed:
                self._classes(out)  # of blank rows too: what follows belongs to them
            if self._no_row(own) or self._empty(row):
                continue
            if self.listed:
                out = normal_indicator(out)
                self._check_percent(out, cells)
            found.append((out, cells))
        prefix = LOOSE_PREFIX if self.loose else PREFIX
        for out, cells in found:
            if self.listed and isinstance(words := out.get("name"), str):
                out["name"] = prefix.sub("", words, count=1) or words
            yield out, cells

    def _cells(self, r: int) -> dict[str, Cell]:
        """A row's cells by key. One that began in a row above counts there, but its classes and words hold here too."""
        found = {}
        line = self.places.grid[r]
        for key, _, _, column, width, _ in self.columns:
            cell = line[column] if width == 1 else value_cell(line, column, width)
            if cell is None:
                if width > 1 and any(c and c.state is not BLANK for c in line[column : column + width]):
                    head = self.places.heads[f"{self.place.block.key}_{key}"]
                    self.problems.append(f"第{r + 1}行：“{head.text}”栏有几个数，没有读取")
            elif cell.column >= column and (cell.row == r or key in SHARED_DOWN):
                found[key] = cell
        return found

    def _head(self, own: list[tuple[str, Cell]]) -> bool:
        """Are the heads repeated, as after a page break?"""
        repeated = sum(label(c.text, self.places.year) == self.heads[key] for key, c in own)
        return repeated >= min(2, len(self.heads))

    def _no_row(self, own: list[tuple[str, Cell]]) -> bool:
        """Is a row none of the list: the rest of merged cells, a caption, a subtotal?"""
        names = [c.text for key, c in own if key in CLASSES or key in NAMES]
        if all(key in CLASSES for key, _ in own) or any(
            name.rstrip("：: 　").endswith("小计") for name in names
        ):
            return True
        if len(own) > 1:
            return len(names) == len(own) and any(label(name) in captions() for name in names)
        wide = own[0][1]
        across = range(wide.column, wide.column + wide.column_span)
        covered = sum(column in across for _, _, _, column, _, _ in self.columns)
        return covered >= 3 or any(label(name) in captions() for name in names)

    def _empty(self, row: Record) -> bool:
        """Nothing but classes, helper columns and placeholders such as 指标1：."""
        for key, value in row.items():
            if value is None or key in self.silent:
                continue
            if not isinstance(value, str) or not PLACEHOLDER.fullmatch(value):
                return False
        self.loose = self.loose or bool(NUMBER_ONLY.fullmatch(squeeze(str(row.get("name")))))
        return True

    def _classes(self, row: Record) -> None:
        """一级指标 and 二级指标 hold until the next are named."""
        level1, level2 = row.get("level1"), row.get("level2")
        if level1 is not None and level1 != self.level1:
            self.level1, self.level2 = level1, None
        if level2 is not None:
            self.level2 = level2
        for key, value in (("level1", self.level1), ("level2", self.level2)):
            if key in row:
                row[key] = value
        if isinstance(sign := row.get("sign"), str):
            row["sign"] = PRINTED_SIGN.get(SIGNS.get(sign.strip(), ""), sign)

    def _check_percent(self, row: Record, cells: dict[str, Cell]) -> None:
        """A target of 95% and a bare 0.96 done: a percentage without its format, or far off? Told, not changed.

        Where the unit has a column of its own, bare numbers are what it asks for.
        """
        target = row.get("target")
        if row.get("unit") != "%" or not isinstance(target, Decimal) or target <= BELOW_IS_SHARE:
            return
        for key in ("actual_text", "midyear_text"):
            cell = cells.get(key)
            if cell and cell.number is not None and "%" not in cell.text and 0 < cell.number <= 1:
                said = f"指标值是百分数，填的是“{cell.text}”，按原数读取，请核对"
                self.problems.append(f"{where(cell)}：{said}")


def where(cell: Cell) -> str:
    """A cell's address for people: B4, or 第4行第2列 in a text document."""
    return (cell.span.cell or "").rpartition("!")[2] or f"第{cell.row + 1}行第{cell.column + 1}列"
