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

from ..columns import SIGNS, squeeze, unit_in
from ..errors import AuditError
from ..quantity import plain
from ..source import Cell, CellState, Document, Table
from .description import Form, profile, profile_ids
from .labels import inline, label
from .locate import BlockPlace, Places, locate
from .values import PRINTED_SIGN, Record, Value, decompose, from_cell, normal_indicator

SCHEMA = "audit-form/1"
KNOWN_AT = 0.5  # of a form's labels must be there, or fewer where its title is
TITLED_AT = 0.3
PLACEHOLDER = re.compile(r"(?:指标\s*\d*\s*[:：]?)?[\s/／…—-]*")
YEARS = ("year", "last_year")
SIGNED = r"(?:（[^（）]{0,6}）|\([^()]{0,6}\)|签字|签名|签章|盖章)?\s*"
SIGNATURES = ("填表人", "填报人", "填报日期", "联系电话", "电话", "单位负责人", "负责人", "填报单位", "单位")
PIECE = re.compile(r"([^{}]*)\{(\w+)\}")
INHERITED = ("level1", "level2")


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


@cache
def _labels(form: Form) -> frozenset[str]:
    return frozenset(label(word) for word in form.labels())


def recognise(table: Table, profile_name: str | None = None) -> Form | None:
    """The form whose labels a table has most of; None where it has too few of any."""
    there = set()
    for cell in table.cells:
        if cell.text.strip() and len(cell.text) < 60:
            there.add(label(cell.text))
            if pair := inline(cell):
                there.add(label(pair[0]))
    there |= {word.removeprefix(when) for word in there for when in ("上年", "当年")}
    top = squeeze("".join(c.text for c in table.cells if c.row < 3) + table.caption)
    best: tuple[float, Form] | None = None
    for form in known_forms(profile_name):
        wanted = _labels(form)
        share = len(wanted & there) / len(wanted)
        titled = squeeze(form.title) in top
        if share < (TITLED_AT if titled else KNOWN_AT):
            continue
        # Of two that fit alike, the one with more labels explains more of the table.
        score = share + 0.15 * titled + len(wanted & there) / 1000
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
        self.units = self._units()
        self.data = FormData(form, document.name, table.name, self.places.year, self.units[0] or "万元")

    def read(self) -> FormData:
        data = self.data
        for f in self.form.fields:
            cell = self.places.fields.get(f.key) or self.places.inside.get(f.key)
            if cell is None:
                continue
            shown = ""
            if f.key in self.places.inside and (pair := inline(cell)):
                shown = pair[1]
            elif f.kind in ("text", "long") and f.where != "cell" and label(cell.text) in _labels(self.form):
                data.values[f.key] = None  # the next label stands there: the value was left out
                continue
            data.values[f.key] = self._value(cell, f.kind, f.key, shown)
            data.cells[f.key] = cell.span.cell or ""
        for place in self.places.blocks.values():
            data.rows[place.block.key] = list(self._rows(place))
        self._texts()
        if self.places.year:
            data.values["year"] = Decimal(self.places.year)
        data.missing = [self._named(key) for key in self.places.missing]
        return data

    def _value(self, cell: Cell, kind: str, key: str, shown: str = "") -> Value:
        value = from_cell(cell, kind, self._unit(cell, key), shown)
        where = (cell.span.cell or "").rpartition("!")[2] or f"第{cell.row + 1}行第{cell.column + 1}列"
        if cell.state is CellState.ERROR:
            self.data.problems.append(f"{where}：是错误值“{cell.text}”，没有读取")
            return None
        if cell.state is CellState.UNCALCULATED:
            self.data.problems.append(f"{where}：公式没有计算结果，请用 Excel 或 WPS 打开保存后再读")
        return value

    # units

    def _units(self) -> list[str]:
        """The money unit that holds in each row: of the line above or beside it, else of the table."""
        said: dict[int, str] = {}
        for cell in self.table.cells:
            if 1 < len(cell.text) < 40 and (unit := unit_in(cell.text)):
                said.setdefault(cell.row, unit)
        current = unit_in(self.table.caption) or (said[min(said)] if said else "")
        units = []
        for r in range(self.table.rows):
            current = said.get(r, current)
            units.append(current)
        return units or [""]

    def _unit(self, cell: Cell, key: str) -> str:
        for near in (self.places.labels.get(key), self.places.heads.get(key)):
            if near is not None and (unit := unit_in(near.text)):
                return unit
        return self.units[cell.row] or "万元"

    # rows

    def _rows(self, place: BlockPlace) -> Iterator[Record]:
        above: Record = {}
        n = 0
        kinds = {c.key: c.kind for c in place.block.columns}
        for r in range(place.first, place.last + 1):
            row: Record = {}
            cells: dict[str, str] = {}
            for key, c in place.columns.items():
                cell = self.places.grid[r][c] if c < len(self.places.grid[r]) else None
                row[key] = None
                if cell is not None:
                    row[key] = self._value(cell, kinds[key], f"{place.block.key}_{key}")
                    cells[key] = cell.span.cell or ""
            if self._empty(row, place):
                continue
            row = decompose(row)
            if place.block.key == "indicators":
                for key in INHERITED:
                    if key in row and row[key] is None and (key == "level1" or row.get("level1") == above.get("level1")):
                        row[key] = above.get(key)
                if isinstance(sign := row.get("sign"), str):
                    row["sign"] = PRINTED_SIGN.get(SIGNS.get(sign.strip(), ""), sign)
                row = normal_indicator(row)
            above = row
            for key, where in cells.items():
                self.data.cells[f"{place.block.key}.{n}.{key}"] = where
            n += 1
            yield row

    def _empty(self, row: Record, place: BlockPlace) -> bool:
        """Nothing but classes, helper columns and placeholders such as 指标1：."""
        formulas = {c.key for c in place.block.columns if c.formula}
        told = {
            k: v for k, v in row.items()
            if v is not None and k not in formulas and k not in ("level1", "level1_points", "level2", *place.block.merged)
        }  # fmt: skip
        return all(isinstance(v, str) and PLACEHOLDER.fullmatch(v) for v in told.values())

    # words

    def _texts(self) -> None:
        """填报单位：某局 and the like: the words behind each label, up to the next."""
        for pattern in self.form.texts.values():
            asked = [
                (bare, key) for words, key in PIECE.findall(pattern) if key not in YEARS and (bare := _signed(words))
            ]
            ends = "|".join(rf"{re.escape(word)}{SIGNED}[：:]" for word in {*SIGNATURES, *(w for w, _ in asked)})
            for words, key in asked:
                self.data.values.setdefault(key, None)
                found = re.compile(rf"{re.escape(words)}{SIGNED}[：:](.*?)(?=\s(?:{ends})|$)", re.DOTALL)
                for cell in self.table.cells:
                    if len(cell.text) < 2000 and (match := found.search(cell.text)):
                        self.data.values[key] = match[1].strip() or None
                        break

    def _named(self, key: str) -> str:
        for f in self.form.fields:
            if f.key == key:
                return f"{f.label}·{f.head}" if f.head else f.label
        for block in self.form.blocks:
            for column in block.columns:
                if f"{block.key}_{column.key}" == key:
                    return column.head
        return {"indicators": "绩效指标", "earmarks": "本级专项资金", "buildings": "楼堂馆所"}.get(key, key)


def to_json(found: Sequence[FormData]) -> dict[str, Any]:
    return {"schema": SCHEMA, "unit": "万元", "forms": [each.to_dict() for each in found]}
