"""Filled forms in, values out: ours and other people's, workbook or Word table.

Comes in: a file, or a `Document` already read. Goes out: a `FormData` per form found in it, with the keys of
`params/case.toml`, amounts in 万元, rates as shares; and what was not found. Nothing is judged or worked out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from ..columns import BRACKETS, SIGNS, squeeze, unit_in
from ..errors import AuditError
from ..quantity import plain
from ..source import Cell, CellState, Document, Table
from .description import Block, Form, profile, profile_ids
from .labels import LONGEST, bare, captions, inline, label
from .locate import BlockPlace, Places, known_labels, locate, title_lines, value_cell
from .values import PRINTED_SIGN, Record, Value, decompose, from_cell, normal_indicator

SCHEMA = "audit-form/1"
KNOWN_AT = 0.5  # of a form's labels must be there, or fewer where its title is
TITLED_AT = 0.3
PLACEHOLDER = re.compile(r"(?:指标\s*\d*\s*[:：]?)?[\s/／…—-]*")
YEARS = ("year", "last_year")
SIGNED = r"(?:（[^（）]{0,6}）|\([^()]{0,6}\)|签字|签名|签章|盖章)?\s*"
SIGNATURES = ("填表人", "填报人", "填报日期", "联系电话", "电话", "单位负责人", "负责人", "填报单位", "单位")
PIECE = re.compile(r"([^{}]*)\{(\w+)\}")
CLASSES = ("level1", "level1_points", "level2")
INHERITED = ("level1", "level2")
SHARED_DOWN = (*CLASSES, "name", "reason", "measures")  # what a cell merged over rows says of each of them
PREFIX = re.compile(r"^\s*指标\s*\d+\s*[:：]\s*")
LOOSE_PREFIX = re.compile(r"^\s*指标\s*\d+\s*[:：、.．]?\s*")
NUMBER_ONLY = re.compile(r"指标\d+[:：]?")


@dataclass
class FormData:
    """A filled form as data.

    values   by key; None is a blank cell. A dash or other words in a number's place stay words
    rows     the repeating rows by block: indicators, earmarks, buildings
    cells    where each value stands: "表!B4"; rows' values as "indicators.0.score"
    missing  what the form has and the file has not, in the words of the form
    problems cells that could not be read, and why
    """

    form: Form
    document: str
    sheet: str
    year: int
    unit: str
    values: Record = field(default_factory=dict)
    rows: dict[str, list[Record]] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `audit read`; amounts in 万元, every number as text, so that no digit is lost."""

        def shown(value: Any) -> Any:
            return plain(value) if isinstance(value, Decimal) else value

        return {
            "form": self.form.id,
            "title": self.form.title,
            "document": self.document,
            "sheet": self.sheet,
            "year": self.year or None,
            "printed_unit": self.unit,
            "values": {key: shown(value) for key, value in self.values.items()},
            "rows": {
                block: [{k: shown(v) for k, v in row.items()} for row in rows] for block, rows in self.rows.items()
            },
            "cells": self.cells,
            "missing": self.missing,
            "problems": self.problems,
        }


def read_form(path: str | os.PathLike[str], profile_name: str | None = None) -> FormData:
    """The form in a file; of several the first. Raises AuditError where there is none."""
    return read_file(path, profile_name)[0]


def read_file(path: str | os.PathLike[str], profile_name: str | None = None) -> list[FormData]:
    """All forms in a file."""
    from ..read import read

    document = read(path, "annex")
    found = read_forms(document, profile_name)
    if not found:
        known = "、".join(dict.fromkeys(form.title for form in known_forms(profile_name)))
        raise AuditError(document.name, "没有认出标准附表", f"能读取的附表：{known}")
    return found


def read_forms(document: Document, profile_name: str | None = None) -> list[FormData]:
    """Every standard form among a document's tables."""
    found = []
    for table in _whole(document, profile_name):
        if form := recognise(table, profile_name):
            found.append(_Reader(form, document, table).read())
    return found


@cache
def known_forms(profile_name: str | None = None) -> tuple[Form, ...]:
    names = [profile_name] if profile_name else profile_ids()
    return tuple(form for name in names for form in profile(name).forms())


HELPERS = ("target_number", "actual_number", "completion_rate")


def helpers(block: Block) -> frozenset[str]:
    """Columns beside a form that only its formulas need; nobody else's print has them."""
    keys = {c.key for c in block.columns}
    return frozenset(HELPERS) if "target_number" in keys else frozenset()


@cache
def _labels(form: Form) -> frozenset[str]:
    return frozenset(_prints(form).values())


@cache
def _prints(form: Form) -> dict[str, str]:
    """Labels of a form as it prints them itself, and as they are compared."""
    beside = {c.head for block in form.blocks for c in block.columns if c.key in helpers(block)}
    return {bare(word): label(word) for word in form.labels() if word not in beside}


@cache
def _all_labels(profile_name: str | None) -> frozenset[str]:
    return frozenset().union(*map(_labels, known_forms(profile_name)))


@cache
def _title(text: str) -> str:
    """A title without what comes and goes: （单位）, quotes, blanks."""
    return re.sub(r"（[^（）]*）|[“”\"《》]", "", squeeze(text))


def recognise(table: Table, profile_name: str | None = None) -> Form | None:
    """The form whose labels a table has most of, and that leaves fewest of its labels over; None where none fits."""
    universe = _all_labels(profile_name)
    there: set[str] = set()
    exact: set[str] = set()
    for cell in table.cells:
        if cell.state is not CellState.BLANK:
            if len(cell.text) <= LONGEST:
                exact.add(bare(cell.text))
                there.add(label(cell.text))
            there.update(core for core, _ in inline(cell.text, universe))
    there |= {word.removeprefix(when) for word in there for when in ("上年", "当年")}
    there &= universe
    if not there:
        return None
    top = _title("".join(title_lines(table)))
    best: tuple[float, Form] | None = None
    for form in known_forms(profile_name):
        wanted = _labels(form)
        hits = len(wanted & there)
        share = hits / len(wanted)
        title = _title(form.title)
        titled = title in top
        if share < (TITLED_AT if titled else KNOWN_AT):
            continue
        # Of forms that fit alike, the one that explains more of the table, then the one that uses its very words.
        score = share + hits / len(there) + titled * (0.15 + len(title) / 200)
        score += len(_prints(form).keys() & exact) / 1000
        if best is None or score > best[0]:
            best = (score, form)
    return best[1] if best else None


def _whole(document: Document, profile_name: str | None) -> Iterator[Table]:
    """Tables of a document; one that a page break cut in a text document is put together again."""
    before: Table | None = None
    for table in document.tables:
        cut = document.text and before and not table.caption and table.columns == before.columns
        if cut and before and recognise(before, profile_name) and not recognise(table, profile_name):
            below = tuple(replace(c, row=c.row + before.rows) for c in table.cells)
            before = replace(before, cells=before.cells + below, rows=before.rows + table.rows)
            continue
        if before:
            yield before
        before = table
    if before:
        yield before


def _signed(words: str) -> str:
    """The label right before a value, without 签名 and colon: 单位负责人（签名）： is 单位负责人."""
    return re.sub(rf"{SIGNED}[：:]?$", "", squeeze(words))


class _Reader:
    def __init__(self, form: Form, document: Document, table: Table) -> None:
        self.form, self.table = form, table
        self.places: Places = locate(form, table)
        self.units = Units(form, self.places)
        self.data = FormData(form, document.name, table.name, self.places.year, self.units.printed())

    def read(self) -> FormData:
        data = self.data
        for f in self.form.fields:
            if f.key in self.places.empty:
                data.values[f.key] = None  # the next label stands there: the value was left out
                continue
            cell = self.places.fields.get(f.key) or self.places.inside.get(f.key)
            if cell is None:
                continue
            if f.key in self.places.inside and not self.places.shown[f.key]:
                data.values[f.key] = None
            else:
                data.values[f.key] = self._value(cell, f.kind, f.key, self.places.shown.get(f.key, ""))
            data.cells[f.key] = cell.span.cell or ""
        for place in self.places.blocks.values():
            data.rows[place.block.key] = self._rows(place)
        self._texts()
        if self.places.year:
            data.values["year"] = Decimal(self.places.year)
        beside = {f"{block.key}_{key}" for block in self.form.blocks for key in helpers(block)}
        data.missing += [self._named(key) for key in self.places.missing if key not in beside]
        for key, cell in self.places.doubts.items():
            data.problems.append(f"{_where(cell)}：“{self._named(key)}”可能是几格中的任一格，没有读取")
        return data

    def _value(self, cell: Cell, kind: str, key: str, shown: str = "") -> Value:
        if cell.state is CellState.ERROR:
            self.data.problems.append(f"{_where(cell)}：是错误值“{cell.text}”，没有读取")
            return None
        if cell.state is CellState.UNCALCULATED:
            self.data.problems.append(f"{_where(cell)}：公式没有计算结果，请用 Excel 或 WPS 打开保存后再读")
            return None
        return from_cell(cell, kind, self.units.of(cell, key) if kind == "money" else "", shown)

    # rows

    def _rows(self, place: BlockPlace) -> list[Record]:
        rows: list[Record] = []
        loose = False  # is 指标1 printed before names without a colon? Where 指标2 was left blank, it is.
        for r in range(place.first, place.last + 1):
            cells = self._cells(place, r)
            if self._no_row(place, r, cells):
                continue
            row: Record = {}
            for c in place.block.columns:
                if c.key in place.columns:
                    cell = cells.get(c.key)
                    row[c.key] = (
                        None if cell is None else self._value(cell, c.kind, f"{place.block.key}_{c.key}")
                    )
            if self._empty(row, place):
                loose = loose or bool(NUMBER_ONLY.fullmatch(squeeze(str(row.get("name")))))
                continue
            row = decompose(row)
            if place.block.key == "indicators":
                row = self._indicator(row, rows[-1] if rows else {})
            for key, cell in cells.items():
                self.data.cells[f"{place.block.key}.{len(rows)}.{key}"] = cell.span.cell or ""
            rows.append(row)
        if place.block.key == "indicators":
            prefix = LOOSE_PREFIX if loose else PREFIX
            for row in rows:
                if isinstance(row.get("name"), str):
                    row["name"] = prefix.sub("", row["name"], count=1) or row["name"]
        return rows

    def _cells(self, place: BlockPlace, r: int) -> dict[str, Cell]:
        """A row's cells by key. One that began in a row above counts there, but its classes and words hold here too."""
        found = {}
        for key, column in place.columns.items():
            cell = value_cell(self.places.grid[r], column, place.widths[key])
            if cell is None:
                if any(
                    c is not None and c.state is not CellState.BLANK
                    for c in self.places.grid[r][column : column + place.widths[key]]
                ):
                    self.data.problems.append(
                        f"第{r + 1}行：“{self.places.heads[f'{place.block.key}_{key}'].text}”栏有几个数，没有读取"
                    )
            elif cell.row == r or key in SHARED_DOWN:
                found[key] = cell
        return found

    def _no_row(self, place: BlockPlace, r: int, cells: dict[str, Cell]) -> bool:
        """Is a row none of the list: blank, the rest of merged cells, heads repeated, a caption, a subtotal?"""
        own = [(key, c) for key, c in cells.items() if c.row == r and c.state is not CellState.BLANK]
        if not any(key not in CLASSES for key, _ in own):
            return True
        heads = {c.key: label(c.head) for c in place.block.columns}
        if sum(label(c.text, self.places.year) == heads[key] for key, c in own) >= min(2, len(heads)):
            return True
        if len({id(c) for _, c in own}) == 1 and own[0][1].column_span >= max(3, len(cells) // 2):
            return True
        words = [squeeze(c.text) for key, c in own if key in (*CLASSES, "name", "numbered_name")]
        if any(word.endswith("小计") for word in words):
            return True
        told = [c for key, c in own if key not in (*CLASSES, "name", "numbered_name")]
        return not told and any(label(word) in captions() for word in words)

    def _indicator(self, row: Record, above: Record) -> Record:
        for key in INHERITED:
            if (
                key in row
                and row[key] is None
                and (key == "level1" or row.get("level1") == above.get("level1"))
            ):
                row[key] = above.get(key)
        if isinstance(sign := row.get("sign"), str):
            row["sign"] = PRINTED_SIGN.get(SIGNS.get(sign.strip(), ""), sign)
        return normal_indicator(row)

    def _empty(self, row: Record, place: BlockPlace) -> bool:
        """Nothing but classes, helper columns and placeholders such as 指标1：."""
        formulas = {c.key for c in place.block.columns if c.formula}
        told = {
            k: v
            for k, v in row.items()
            if v is not None and k not in formulas and k not in (*CLASSES, *place.block.merged)
        }
        return all(isinstance(v, str) and PLACEHOLDER.fullmatch(v) for v in told.values())

    # words

    def _texts(self) -> None:
        """填报单位：某局 and the like: the words behind each label, up to the next."""
        for words, key, pattern in _patterns(self.form):
            if self.data.values.get(key) is not None:
                continue
            for cell in self.table.cells:
                if cell.state is CellState.BLANK or len(cell.text) > 2000 or words not in squeeze(cell.text):
                    continue
                if match := pattern.search(cell.text):
                    value = match[1].strip() or self._beside(cell, match)
                    if self.data.values.setdefault(key, value or None) is None:
                        self.data.values[key] = value or None
                    if value:
                        break
            if key not in self.data.values:
                self.data.missing.append(words)

    def _beside(self, cell: Cell, match: re.Match[str]) -> str:
        """The words right of a label that ends its cell."""
        if match.end() < len(cell.text.rstrip()):
            return ""
        for other in self.places.grid[cell.row][cell.column + cell.column_span :]:
            if other is not None and other.state is not CellState.BLANK:
                text = other.text.strip()
                return "" if re.search("[：:]", text) or label(text) in known_labels(self.form) else text
        return ""

    def _named(self, key: str) -> str:
        for f in self.form.fields:
            if f.key == key:
                return f"{f.label}·{f.head}" if f.head else f.label
        for block in self.form.blocks:
            for column in block.columns:
                if f"{block.key}_{column.key}" == key:
                    return column.head
        return {"indicators": "绩效指标", "earmarks": "本级专项资金", "buildings": "楼堂馆所"}.get(key, key)


@cache
def _patterns(form: Form) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Of the texts that hold values: label, key, and what finds the words behind the label."""
    found = []
    for text in form.texts.values():
        asked = [
            (said, key) for words, key in PIECE.findall(text) if key not in YEARS and (said := _signed(words))
        ]
        ends = "|".join(rf"{re.escape(word)}{SIGNED}[：:]" for word in {*SIGNATURES, *(w for w, _ in asked)})
        for words, key in asked:
            spaced = r"\s*".join(map(re.escape, words))
            pattern = rf"(?<![\u4e00-\u9fff]){spaced}{SIGNED}[：:](.*?)(?=\s(?:{ends})|$)"
            found.append((words, key, re.compile(pattern, re.DOTALL)))
    return tuple(found)


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


def _where(cell: Cell) -> str:
    return (cell.span.cell or "").rpartition("!")[2] or f"第{cell.row + 1}行第{cell.column + 1}列"


def to_json(found: Sequence[FormData]) -> dict[str, Any]:
    return {"schema": SCHEMA, "unit": "万元", "forms": [each.to_dict() for each in found]}
