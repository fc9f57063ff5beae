"""Filled forms in, values out: ours and other people's, workbook or Word table.

Comes in: a file, or a `Document` already read. Goes out: a `FormData` per form found in it, with the keys of
`params/case.toml`, amounts in 万元, rates as shares; and what was not found. Nothing is judged or worked out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..columns import SIGNS, squeeze
from ..errors import AuditError
from ..quantity import plain
from ..source import Cell, CellState, Document, Table
from .description import Form
from .headers import value_cell
from .labels import captions, label
from .locate import locate
from .places import BlockPlace, Places
from .recognise import helpers, known_forms, recognise, whole_tables
from .signatures import one_line, signed_texts
from .units import Units
from .values import (
    BELOW_IS_SHARE,
    PRINTED_SIGN,
    Record,
    Value,
    decompose,
    from_cell,
    normal_indicator,
    number_of,
)

SCHEMA = "audit-form/1"
PLACEHOLDER = re.compile(r"(?:指标\s*\d*\s*[:：]?)?[\s/／…—-]*")
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
                block: [{k: shown(v) for k, v in row.items()} for row in rows]
                for block, rows in self.rows.items()
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
    for table in whole_tables(document, profile_name):
        if form := recognise(table, profile_name):
            found.append(_Reader(form, document, table).read())
    return found


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
        if self.places.year:
            data.values["year"] = Decimal(self.places.year)
        beside = {f"{block.key}_{key}" for block in self.form.blocks for key in helpers(block)}
        data.missing += [self._named(key) for key in self.places.missing if key not in beside]
        for key, words, value, found in signed_texts(self.form, self.places):
            if data.values.get(key) is None and found:
                data.values[key] = value
            elif not found and key not in data.values:
                data.missing.append(words)
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
        if kind == "rate" and self._doubtful_rate(cell, key):
            self.data.problems.append(
                f"{_where(cell)}：表头是百分数，填的是“{cell.text}”，按{_percent(cell)}读取，请核对"
            )
        value = from_cell(cell, kind, self.units.of(cell, key) if kind == "money" else "", shown)
        return one_line(value) if kind == "text" and isinstance(value, str) else value

    def _doubtful_rate(self, cell: Cell, key: str) -> bool:
        """Is a bare 0.98 below 完成率（%） a share or a percentage? It is read as a share."""
        head = self.places.heads.get(key)
        number = cell.number if cell.number is not None else number_of(cell.text)
        bare_number = (
            number is not None
            and "%" not in cell.text + cell.number_format
            and 0 < abs(number) <= BELOW_IS_SHARE
        )
        return bare_number and head is not None and "%" in squeeze(head.text).replace("×100%", "")

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
                self._check_percent(row, cells)
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
        wide = own[0][1]
        across = range(wide.column, wide.column + wide.column_span)
        if len(own) == 1 and sum(c in across for c in place.columns.values()) >= 3:
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

    def _check_percent(self, row: Record, cells: dict[str, Cell]) -> None:
        """A target of 95% and a bare 0.96 done: a percentage without its format, or far off? Told, not changed.

        Where the unit has a column of its own, bare numbers are what it asks for.
        """
        target = row.get("target")
        if row.get("unit") != "%" or not isinstance(target, Decimal) or target <= BELOW_IS_SHARE:
            return
        for key in ("actual", "midyear"):
            cell, value = cells.get(f"{key}_text"), row.get(key)
            if cell and cell.number is not None and "%" not in cell.text and value and 0 < cell.number <= 1:
                said = f"指标值是百分数，填的是“{cell.text}”，按原数读取，请核对"
                self.data.problems.append(f"{_where(cell)}：{said}")

    def _empty(self, row: Record, place: BlockPlace) -> bool:
        """Nothing but classes, helper columns and placeholders such as 指标1：."""
        formulas = {c.key for c in place.block.columns if c.formula}
        told = {
            k: v
            for k, v in row.items()
            if v is not None and k not in formulas and k not in (*CLASSES, *place.block.merged)
        }
        return all(isinstance(v, str) and PLACEHOLDER.fullmatch(v) for v in told.values())

    def _named(self, key: str) -> str:
        for f in self.form.fields:
            if f.key == key:
                return f"{f.label}·{f.head}" if f.head else f.label
        for block in self.form.blocks:
            for column in block.columns:
                if f"{block.key}_{column.key}" == key:
                    return column.head
        return {"indicators": "绩效指标", "earmarks": "本级专项资金", "buildings": "楼堂馆所"}.get(key, key)


def _percent(cell: Cell) -> str:
    value = from_cell(cell, "rate", "")
    return f"{plain((value * 100).normalize())}%" if isinstance(value, Decimal) else cell.text


def _where(cell: Cell) -> str:
    return (cell.span.cell or "").rpartition("!")[2] or f"第{cell.row + 1}行第{cell.column + 1}列"


def to_json(found: Sequence[FormData]) -> dict[str, Any]:
    return {"schema": SCHEMA, "unit": "万元", "forms": [each.to_dict() for each in found]}
