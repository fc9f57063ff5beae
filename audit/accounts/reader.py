"""Document tables in, standard tables of a final account out.

A table is known by the title above it (or in its first rows, or its sheet's name); what follows overleaf
without a title, or under the same one, goes on with it. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from ..columns import read_cell, unit_in
from ..facts import Facts
from ..findings import Figure
from ..grid import distinct
from ..prose import MARKER
from ..quantity import MONEY_UNITS
from ..source import Block, Cell, Document, Span, Table
from .layout import Layout, layout_of, lines_of
from .model import Accounts, AccountTable, Amount
from .titles import OTHER, kind_of_title, titles

UNIT = re.compile(r"单位\s*[:：]\s*(?:人民币)?\s*(?P<unit>[百千万亿]*元)")
LOOK_BACK = 8


def about_accounts(facts: Facts) -> bool:
    """Is the running text that of a final account, so that the tables may stand in another file?"""
    return any(re.search(r"(?:部门|单位)决算", p.text) for p in facts.paragraphs[:10])


def read_accounts(document: Document, first: int) -> tuple[Accounts, set[str]]:
    """The standard tables of a document, their figures numbered from `first` on; and the names of the
    document's tables that they took in."""
    accounts, used = _read(document, first, {})
    money = [f.quantity for f in accounts.figures()]
    usual = {q.unit: 2 for q in money if q.decimals == 2}
    return _read(document, first, usual) if usual else (accounts, used)


def _read(document: Document, first: int, usual: Mapping[str, int]) -> tuple[Accounts, set[str]]:
    accounts = Accounts()
    counter = count(first)
    used: set[str] = set()
    open_table: AccountTable | None = None
    layout: Layout | None = None
    first_layout = Layout(0)
    for paragraphs, table in _parts(document):
        captioned = None
        if table is not None:
            kind, captioned, skip = _title(document, table, paragraphs)
        _note_titles(accounts, document, paragraphs, captioned)
        if open_table:
            open_table.below += _notes(document, paragraphs, captioned)
        if table is None:
            continue
        rows = [distinct(row) for row in table.grid()][skip:]
        if kind in ("", OTHER):
            goes_on = (
                not kind and open_table and layout and layout.fits(table, rows) and not _closed(paragraphs)
            )
            if not goes_on:
                open_table = layout = None
                continue
        known = open_table if open_table and kind in ("", open_table.kind) else None
        if known is None:
            known = _new_table(document, table, kind, paragraphs, captioned, rows)
            if kind in accounts.tables:
                accounts.others.append(known)
            else:
                accounts.tables[kind] = known
            layout = None
        open_table = known
        used.add(table.name)
        known.ruled = known.ruled and table.ruled
        layout = layout_of(rows, layout)
        if layout is None:
            continue
        if not known.lines:
            first_layout = layout
            known.columns, known.zones = layout.columns, layout.zones
        if table.page and table.page not in known.pages:
            known.pages.append(table.page)
        for line in (layout.as_in(first_layout, line) for line in lines_of(rows, layout)):
            for column, amount in line.amounts.items():
                line.amounts[column] = _amount(amount.cell, known.unit, usual, counter)
            known.lines.append(line)
    return accounts, used


def _parts(document: Document) -> Iterator[tuple[list[Block], Table | None]]:
    """Every table with the paragraphs before it; the paragraphs behind the last one with None."""
    if not document.text:
        yield from (([], table) for table in document.tables)
        return
    tables = iter(document.tables)
    paragraphs: list[Block] = []
    for block in document.blocks:
        if block.kind == "table" and (table := next(tables, None)):
            yield paragraphs, table
            paragraphs = []
        elif block.kind != "table":
            paragraphs.append(block)
    yield paragraphs, None


def _title(document: Document, table: Table, paragraphs: Sequence[Block]) -> tuple[str, Block | None, int]:
    """The kind of a table, the paragraph that says it, and how many rows of the grid are title."""
    for paragraph in reversed(paragraphs[-LOOK_BACK:]):
        text = document.text[paragraph.start : paragraph.end]
        if kind := kind_of_title(text):
            return kind, paragraph, 0
        if "。" in text:
            break
    for r, row in enumerate(table.grid()[:3]):
        filled = [c for c in distinct(row) if c.text.strip()]
        if len(filled) == 1 and (kind := kind_of_title(filled[0].text)):
            return kind, None, r + 1
    if not document.text:
        return kind_of_title(table.name if table.name.endswith("表") else table.name + "表"), None, 0
    return "", None, 0


def _note_titles(
    accounts: Accounts, document: Document, paragraphs: Sequence[Block], captioned: Block | None
) -> None:
    """Titles with no table below them: first in the table of contents, and in the text where one is missing."""
    for paragraph in paragraphs:
        kind = kind_of_title(document.text[paragraph.start : paragraph.end])
        if kind not in titles() or paragraph is captioned:
            continue
        span = document.span(paragraph.start, paragraph.end)
        if accounts.tables and _amounts_below(document, paragraph):
            accounts.unread.setdefault(kind, AccountTable(kind, titles()[kind], "万元", document.id, span))
            continue
        if not accounts.tables and kind not in accounts.contents:
            accounts.contents[kind] = span
        else:
            accounts.orphans.setdefault(kind, span)


def _amounts_below(document: Document, title: Block) -> bool:
    """Do lines with amounts follow a title: a table that was not seen as one?"""
    at = document.blocks.index(title)
    found = 0
    for block in document.blocks[at + 1 : at + 40]:
        text = document.text[block.start : block.end]
        if block.kind == "table" or kind_of_title(text) or "。" in text:
            break
        found += bool(re.search(r"\d\.\d\d(?!\d)|^\d{3,7}\s*[\u4e00-\u9fff]", text))
    return found > 2


def _notes(document: Document, paragraphs: Sequence[Block], captioned: Block | None) -> list[Span]:
    """What stands below a table: up to the next title, a few lines at most."""
    found = []
    for paragraph in paragraphs[:6]:
        text = document.text[paragraph.start : paragraph.end]
        if paragraph is captioned or paragraph.level or MARKER.match(text) or kind_of_title(text):
            break
        found.append(document.span(paragraph.start, paragraph.end))
    return found


def _closed(paragraphs: Sequence[Block]) -> bool:
    """More than furniture between two tables: the second is not the first's continuation."""
    return len(paragraphs) > 3


def _new_table(
    document: Document,
    table: Table,
    kind: str,
    paragraphs: Sequence[Block],
    captioned: Block | None,
    rows: Sequence[Sequence[Cell]],
) -> AccountTable:
    unit, unit_span = "", None
    title_span: Span | None = None
    if captioned:
        title_span = document.span(captioned.start, captioned.end)
        for paragraph in paragraphs[paragraphs.index(captioned) :]:
            text = document.text[paragraph.start : paragraph.end]
            if match := UNIT.search(text):
                unit = match["unit"]
                unit_span = document.span(paragraph.start + match.start(), paragraph.start + match.end())
    for cell in (c for row in rows[:4] for c in row):
        if not unit and "单位" in cell.text and (said := unit_in(cell.text)):
            unit, unit_span = said, cell.span
    if unit not in MONEY_UNITS:
        unit = "万元"
    title = kind_of_title(title_span.text) and title_span.text if title_span else ""
    return AccountTable(kind, title or titles()[kind], unit, document.id, title_span, unit_span)


def _amount(cell: Cell, unit: str, usual: Mapping[str, int], counter: Iterator[int]) -> Amount:
    read = read_cell(cell, unit)
    if read is None or read[0].kind != "money":
        return Amount(cell)
    quantity, start, end, _ = read
    quantity = quantity.judged_at(usual.get(quantity.unit, 0))
    span = cell.span
    if span.start is not None:
        span = replace(span, start=span.start + start, end=span.start + end, text=cell.text[start:end])
    return Amount(cell, Figure(f"f{next(counter)}", quantity, span))
