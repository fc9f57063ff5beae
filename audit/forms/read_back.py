"""Filled forms in, values out: ours and other people's, workbook or Word table.

Comes in: a file, or a `Document` already read. Goes out: a `FormData` per form found in it, with the keys of
`params/case.toml`, amounts in 万元, rates as shares; and what was not found. Nothing is judged or worked out.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..columns import squeeze
from ..errors import AuditError
from ..quantity import plain
from ..source import Cell, CellState, Document, Table
from .description import Form
from .locate import locate
from .places import Places
from .recognise import helpers, known_forms, recognise, whole_tables
from .rows import PLACEHOLDER as PLACEHOLDER
from .rows import RowReader, where
from .signatures import one_line, signed_texts
from .units import Units
from .values import (
    BELOW_IS_SHARE,
    Record,
    Value,
    from_cell,
    number_of,
)

SCHEMA = "audit-form/1"


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

    def _repr_html_(self) -> str:
        from ..display import form_html

        return form_html(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"<FormData {self.form.id} {self.document} {self.sheet}>")


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
            rows: list[Record] = []
            for row, cells in RowReader(place, self.places, self._value, data.problems).read():
                for key, cell in cells.items():
                    data.cells[f"{place.block.key}.{len(rows)}.{key}"] = cell.span.cell or ""
                rows.append(row)
            data.rows[place.block.key] = rows
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
            data.problems.append(f"{where(cell)}：“{self._named(key)}”可能是几格中的任一格，没有读取")
        return data

    def _value(self, cell: Cell, kind: str, key: str, shown: str = "") -> Value:
        if cell.state is CellState.ERROR:
            self.data.problems.append(f"{where(cell)}：是错误值“{cell.text}”，没有读取")
            return None
        if cell.state is CellState.UNCALCULATED:
            self.data.problems.append(f"{where(cell)}：公式没有计算结果，请用 Excel 或 WPS 打开保存后再读")
            return None
        if kind == "rate" and self._doubtful_rate(cell, key):
            self.data.problems.append(
                f"{where(cell)}：表头是百分数，填的是“{cell.text}”，按{_percent(cell)}读取，请核对"
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


def to_json(found: Sequence[FormData]) -> dict[str, Any]:
    return {"schema": SCHEMA, "unit": "万元", "forms": [each.to_dict() for each in found]}
