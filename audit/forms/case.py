"""A case: one department-year's facts, as data and as a workbook that people read and correct.

Comes in: a workbook with the sheets of `params/case.toml`. Goes out: a `Case`; and back. Fills no form. Sheets are
found by their names, rows and columns by their labels, wherever they stand. What cannot be read is left out here
and reported by `lint`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from ..columns import squeeze
from ..errors import AuditError
from ..glossary import parameters
from ..source import Cell, CellState, Document, Table
from .labels import bare
from .values import Record, Value, from_cell, normal_indicator

# ("department", key), amounts of 基础数据 and 整体支出 included, or (a list, row from 0, key)
Place = tuple[str, str] | tuple[str, int, str]
DOUBT = "请核对："  # begins the line of a source's text that says why the value is not sure
UNREAD = (CellState.ERROR, CellState.UNCALCULATED)
MOST_ROWS = 20_000


@dataclass
class Case:
    """department  its own values by key, amounts of 基础数据 and 整体支出 included
    projects, indicators, earmarks, buildings   one record per row
    """

    department: Record = field(default_factory=dict)
    projects: list[Record] = field(default_factory=list)
    indicators: list[Record] = field(default_factory=list)
    earmarks: list[Record] = field(default_factory=list)
    buildings: list[Record] = field(default_factory=list)

    def indicators_of(self, project: Record | None) -> list[Record]:
        """The indicators of a project, or of the department as a whole."""
        name = (project or {}).get("name")
        own = [row for row in self.indicators if (row.get("project") or None) == name]
        out, level1, level2 = [], None, None
        for row in own:
            if row.get("level1") is None:
                row = {**row, "level1": level1, "level2": row.get("level2") or level2}
            level1, level2 = row.get("level1"), row.get("level2")
            out.append(normal_indicator(row))
        return out

    def at(self, place: Place) -> Value:
        """What stands at a place, None where nothing does."""
        if len(place) == 2:
            return self.department.get(place[1])
        rows: list[Record] = getattr(self, place[0])
        return rows[place[1]].get(place[2]) if place[1] < len(rows) else None


# ---- the sheets --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Label:
    """A field, a column or a row, as `case.toml` has it."""

    key: str
    label: str
    kind: str = ""
    note: str = ""
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet: a list of labels with values, a matrix of rows and columns, or a table of records."""

    key: str
    sheet: str
    shape: Literal["list", "matrix", "table"]
    columns: tuple[Label, ...]
    rows: tuple[Label, ...] = ()

    @property
    def home(self) -> str:
        """Where its values stand in a `Case`."""
        return self.key if self.shape == "table" else "department"


@cache
def parts() -> tuple[Part, ...]:
    """The sheets of a case in the order of `case.toml`."""
    found = []
    for key, about in parameters("case").items():
        kind = about.get("kind", "")
        rows = tuple(_label(row, kind) for row in about.get("rows", ()))
        columns = tuple(_label(c, kind) for c in about.get("fields", about.get("columns", ())))
        shape: Any = "list" if "fields" in about else "matrix" if rows else "table"
        found.append(Part(key, about["sheet"], shape, columns, rows))
    return tuple(found)


def _label(about: Mapping[str, Any], kind: str) -> Label:
    unit = about.get("unit", "万元" if about.get("kind", kind) == "money" else "")
    choices = tuple(about.get("choices", ()))
    return Label(about["key"], about["label"], about.get("kind", kind), about.get("note", ""), choices, unit)


# ---- reading -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of a case workbook that is not blank, with what was read from it."""

    place: Place
    part: Part
    label: Label
    cell: Cell
    value: Value


@dataclass
class Reading:
    """A case with the cell of every value; `tables` says which sheets were found, by part."""

    case: Case
    entries: dict[Place, Entry]
    tables: dict[str, Table]


def read_case(path: str | os.PathLike[str]) -> Case:
    """The case in a workbook; raises AuditError where the file is none."""
    return read_sheets(path).case


def read_sheets(path: str | os.PathLike[str]) -> Reading:
    """A case workbook with the cells its values stand in."""
    from ..read import read

    document = read(path, "annex")
    found = Reading(Case(), {}, {})
    for part in parts():
        if (table := _sheet(document, part.sheet)) is None:
            continue
        reader = {"list": _list, "matrix": _matrix, "table": _table}[part.shape]
        entries = reader(part, table)
        if entries is None:
            continue
        found.tables[part.key] = table
        for entry in entries:
            found.entries[entry.place] = entry
    if not found.tables:
        sheets = "、".join(f"“{part.sheet}”" for part in parts())
        cause = f"这不是填表数据（没有找到{sheets}等工作表）"
        raise AuditError(document.name, cause, "请选择由 audit draft 起草的工作簿，保留工作表名称和表头")
    for place, entry in found.entries.items():
        if len(place) == 2:
            if entry.value is not None:
                found.case.department[place[1]] = entry.value
            continue
        rows: list[Record] = getattr(found.case, place[0])
        rows.extend({} for _ in range(place[1] + 1 - len(rows)))
        if entry.value is not None:
            rows[place[1]][place[2]] = entry.value
    return found


def _sheet(document: Document, name: str) -> Table | None:
    for word in (squeeze, bare):
        for table in document.tables:
            if word(table.name) == word(name):
                return table
    return None


@cache
def _words(labels: tuple[Label, ...]) -> tuple[dict[str, Label], dict[str, Label]]:
    """Labels by their words, and by their words without numbers and brackets where those tell them apart."""
    exact = {squeeze(label.label): label for label in labels}
    loose: dict[str, Label] = {}
    for label in labels:
        word = bare(label.label)
        loose[word] = label if loose.get(word, label) is label else Label("", "")
    return exact, {word: label for word, label in loose.items() if label.key}


def _known(labels: tuple[Label, ...], cell: Cell | None) -> Label | None:
    if cell is None or not cell.text.strip() or len(cell.text) > 100:
        return None
    exact, loose = _words(labels)
    return exact.get(squeeze(cell.text)) or loose.get(bare(cell.text))


def _head(
    grid: Sequence[Sequence[Cell | None]], labels: tuple[Label, ...]
) -> tuple[int, dict[int, Label]] | None:
    """The row of the heads, with the first column of each."""
    best: tuple[int, dict[int, Label]] | None = None
    for r, row in enumerate(grid[:30]):
        columns: dict[int, Label] = {}
        for c, cell in enumerate(row):
            label = _known(labels, cell)
            if label and label not in columns.values():
                columns[c] = label
        if len(columns) >= min(2, len(labels)) and len(columns) > len(best[1] if best else ()):
            best = r, columns
    return best


FIELD, VALUE, UNIT, NOTE = HEADS = ("栏目", "填写内容", "单位", "说明")
_HEADS = tuple(Label(head, head) for head in HEADS)


def _list(part: Part, table: Table) -> list[Entry] | None:
    grid = table.grid()
    head = _head(grid, _HEADS)
    places = {label.key: c for c, label in head[1].items()} if head else {}
    found: list[Entry] = []
    seen = False
    for row in grid[head[0] + 1 if head else 0 :]:
        if FIELD in places and VALUE in places:
            label, at = _known(part.columns, row[places[FIELD]]), places[VALUE]
        else:
            first = next((c for c, cell in enumerate(row) if _known(part.columns, cell)), -1)
            label, at = (_known(part.columns, row[first]), first + 1) if first >= 0 else (None, 0)
        seen = seen or label is not None
        if label and at < len(row):
            found += _entry((part.home, label.key), part, label, row[at])
    return found if seen else None


def _matrix(part: Part, table: Table) -> list[Entry] | None:
    grid = table.grid()
    head = _head(grid, part.columns)
    if not head:
        return None
    found: list[Entry] = []
    for row in grid[head[0] + 1 :]:
        names = (row[c] for c in range(len(row)) if c not in head[1])
        if label := next((known for cell in names if (known := _known(part.rows, cell))), None):
            for c, column in head[1].items():
                found += _entry((part.home, f"{label.key}_{column.key}"), part, column, row[c])
    return found


def _table(part: Part, table: Table) -> list[Entry] | None:
    grid = table.grid()
    head = _head(grid, part.columns)
    if not head:
        return None
    found: list[Entry] = []
    index = 0
    for r, row in enumerate(grid[head[0] + 1 : head[0] + 1 + MOST_ROWS], head[0] + 1):
        # a cell merged over several rows belongs to each of them, but makes no row of its own
        if any(cell.row == r and cell.state is not CellState.BLANK for c in head[1] if (cell := row[c])):
            for c, column in head[1].items():
                found += _entry((part.home, index, column.key), part, column, row[c])
            index += 1
    return found


def _entry(place: Place, part: Part, label: Label, cell: Cell | None) -> Iterator[Entry]:
    if cell is not None and (cell.state is not CellState.BLANK):
        value = None if cell.state in UNREAD else from_cell(cell, label.kind, "万元")
        yield Entry(place, part, label, cell, value)
