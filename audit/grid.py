"""The tables of a document in, forms understood out: `FormTable`s with their Figures and Facts.

Read by labels, never by cell address: people insert rows, move columns and use other words for the same
thing. Walks each grid from top to bottom, carrying the heads. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count, pairwise

from .annex import Entry, FormIndicator, FormTable, Row
from .columns import (
    MARKER,
    MONEY,
    PAIR,
    SIGNS,
    SUBTOTAL,
    TOTAL,
    WORDS,
    Head,
    bare_label,
    form_kind,
    has_words,
    is_number,
    item_of,
    kind_of,
    read_cell,
    read_head,
    row_meaning,
    squeeze,
    unit_in,
)
from .facts import Fact, Role
from .findings import Figure
from .heads import known_heads, plain_heads
from .prose import squash
from .quantity import Quantity
from .source import Cell, CellState, Document, Span, Table

OWNER = re.compile(r"^(?:项目|专项资金|专项|转移支付|转移支付（项目）)(?:支出)?名称：?$")
PROJECT_CODE = re.compile(r"^[0-9A-Z]{6,}[-－—_]")
GROUPED = re.compile(r"按(?P<by>[^，。：（]{2,6}?)分")
TITLE = re.compile(r"表$|表[（(]|表\s*\d|^附[件表]")
INDICATOR_TOTAL = re.compile(r"总分|合计|总计|(?:自评)?总得分|自评总分|总评分")
PLACEHOLDER = re.compile(r"(?:指标\d*[:：]?)?[\s/／…—.-]*")
NO_REASON = {"无", "无偏差", "不适用"}
READINGS = ("目标", "年中", "完成", "完成率", "分值", "得分")
MAX_DATA = 5000


def read_tables(document: Document, year: int, first: int, taken: Collection[str] = ()) -> list[FormTable]:
    """Every table of a document, understood; its figures are numbered from `first` on.

    taken  names of tables that were read otherwise

    As in running text, amounts are judged at two decimals as soon as one in that unit shows two.
    """
    document = replace(document, tables=tuple(t for t in document.tables if t.name not in taken))
    found = _read(document, year, first, {})
    money = [f.figure.quantity for form in found for f in form.facts() if f.kind == "money"]
    usual = {q.unit: 2 for q in money if q.decimals == 2}
    return _read(document, year, first, usual) if usual else found


def _read(document: Document, year: int, first: int, usual: Mapping[str, int]) -> list[FormTable]:
    counter = count(first)
    found: list[FormTable] = []
    before: _Reader | None = None
    for table in document.tables:
        reader = _Reader(document, table, year, counter, usual)
        if before and reader.continues(before):
            reader.take_over(before)
        else:
            found.append(reader.form)
        reader.read()
        before = reader
    return [form for form in found if form.rows or form.indicators or form.total]


class _Reader:
    """Walks a grid from top to bottom, carrying the heads."""

    def __init__(
        self, document: Document, table: Table, year: int, counter: Iterator[int], usual: Mapping[str, int]
    ) -> None:
        self.document, self.table, self.year = document, table, year
        self.counter, self.usual = counter, usual
        self.grid = [distinct(row) for row in table.grid()]
        self.heads: dict[int, Head] = {}
        self.shown: dict[int, int] = {}  # decimals by column of scores
        self.zones: list[tuple[int, int, str, str]] = []  # first, last column, 收入性质 …, measure
        self.block = 0
        self.unit = unit_in(table.caption)
        title = self._title()
        annex_name = document.name if document.role == "annex" and not document.text else ""
        kind = form_kind(title, table.name, table.caption, annex_name)
        self.form = FormTable(kind, title, self._owner(), document.id, document.role)
        if self.form.owner and kind != "附件1":
            self.form.kind = "附件3"

    def _title(self) -> str:
        for row in self.grid[:3]:
            filled = [c for c in row if c.text.strip()]
            if len(filled) == 1 and TITLE.search(filled[0].text.strip()):
                return filled[0].text.strip()
        return self.table.caption or self.table.name

    def _owner(self) -> str:
        for r, row in enumerate(self.grid[:8]):
            filled = [c for c in row if c.text.strip()]
            if known_heads(self.grid, r, self.year, self.unit):
                continue  # the name of a column, not of a project
            for label, value in pairwise(filled):
                if OWNER.match(squeeze(label.text)) and len(filled) <= 4:
                    return PROJECT_CODE.sub("", squeeze(value.text))
        return ""

    def continues(self, before: _Reader) -> bool:
        """The rest of a table that a page break cut: no caption, no heads of its own, as many columns."""
        if self.table.caption or not self.document.text or self.table.columns != before.table.columns:
            return False
        return bool(before.heads) and bool(self.grid) and self._heads_at(0) is None

    def take_over(self, before: _Reader) -> None:
        self.form, self.heads = before.form, before.heads
        self.block, self.unit, self.zones = before.block, before.unit, before.zones

    def _heads_at(self, r: int) -> tuple[dict[int, Head], int] | None:
        found = known_heads(self.grid, r, self.year, self.unit)
        return found or (None if self.heads else plain_heads(self.grid, r, self.year, self.unit))

    def read(self) -> None:
        r = 0
        while r < min(len(self.grid), MAX_DATA):
            row = self.grid[r]
            if unit := next((u for c in row[:9] if "单位" in c.text and (u := unit_in(c.text))), ""):
                self.unit = unit
            if heads := self._heads_at(r):
                self.heads, count = heads
                self.block += 1
                self.zones = []
                r += count
                continue
            if grouped := [c for c in row if GROUPED.search(c.text) and not is_number(c)]:
                self.zones = [self._zone(c) for c in grouped]
            elif self.heads:
                self._data(row)
            r += 1
        self._settle()
        self.form.rows = [
            row for row in self.form.rows if any(e.fact or not has_words(e.cell) for e in row.entries)
        ]

    def _zone(self, cell: Cell) -> tuple[int, int, str, str]:
        """按支出性质分（全年执行数）： the columns it covers, what it splits by, which reading it says."""
        match = GROUPED.search(cell.text)
        assert match
        said = read_head([cell.text[match.end() :].strip("（）()：: ") or "—"], self.year, "")
        measure = said.reading if said.known and said.reading in MONEY else ""
        return cell.column, cell.column + cell.column_span, match["by"], measure

    # rows

    def _data(self, row: list[Cell]) -> None:
        readings = {h.reading for h in self.heads.values()}
        if ("目标" in readings and readings & {"完成", "得分"}) or {"指标", "得分"} <= readings:
            self._indicator(row)
        elif self.zones:
            for zone in self.zones:
                self._grouped([c for c in row if zone[0] <= c.column < zone[1]], zone)
        else:
            self._rows(row)

    def _rows(self, row: list[Cell]) -> None:
        """Each value goes to the nearest label on its left."""
        current: Row | None = None
        code = ""
        for cell in row:
            head = self.heads.get(cell.column)
            reading = head.reading if head else "名称"
            if head and not head.known and not is_number(cell) and cell.state is CellState.VALUE:
                reading = "名称" if current is None or not self._named(current.cell) else "文字"
            if reading == "编码" and not has_words(cell):
                code = cell.text.strip()
            elif reading in ("编码", "序号") and has_words(cell) and (cell.column_span > 1 or _totals(cell)):
                current = self._row(cell)
            elif reading == "名称":
                if has_words(cell) and not (current and not current.entries and self._named(current.cell)):
                    current = self._row(cell, code=code)
            elif head and reading not in WORDS:
                unnamed = not any(h.reading == "名称" for h in self.heads.values())
                if current is None and (has_words(cell) or (head.known and head.item and unnamed)):
                    current = self._row(cell, label="" if has_words(cell) else head.item)
                    if has_words(cell):
                        continue
                if current is not None:
                    self._enter(current, cell, head)

    def _named(self, cell: Cell) -> bool:
        head = self.heads.get(cell.column)
        return bool(head and head.reading == "名称")

    def _row(self, cell: Cell, group: str = "", code: str = "", label: str = "") -> Row:
        text = label or cell.text
        marker = MARKER.match(squeeze(text))
        left_out = marker[0] if marker else ""
        return Row(bare_label(text), item_of(text), cell, left_out, self.block, group=group, code=code)

    def _enter(self, row: Row, cell: Cell, head: Head) -> None:
        measure = row_meaning(row.cell.text).get("measures", {}).get(head.reading, head.reading)
        item = head.item if head.known and head.item else row.item
        unit = (kind_of(head.unit) == "money" and unit_in(row.cell.text)) or head.unit
        entry = Entry(cell, head, self._fact(cell, unit, item, measure, head))
        if not row.entries:
            row.zone = cell.column
            self.form.rows.append(row)
        row.entries.append(entry)

    def _grouped(self, row: list[Cell], zone: tuple[int, int, str, str]) -> None:
        """Labels with their values beside them, or label and value in one cell."""
        current: Row | None = None
        values: list[Cell] = []
        for cell in [*row, None]:
            if cell is None or (has_words(cell) and read_cell(cell, self.unit) is None):
                if current and values:
                    several = len([v for v in values if v.state is not CellState.BLANK]) > 1
                    for value in values:
                        head = self.heads.get(value.column)
                        money = bool(head and head.reading in MONEY)
                        if several and head and money and not zone[3]:
                            self._enter(current, value, head)
                        elif value.text.strip():
                            self._enter(current, value, self._unsaid(zone))
                values = []
                if cell is not None:
                    current = self._row(cell, zone[2])
                    body, offsets = squash(cell.text, 0, len(cell.text))
                    if pair := PAIR.fullmatch(body):
                        current = self._row(cell, zone[2], label=pair["label"])
                        self._enter(current, _part(cell, offsets[pair.start("number")]), self._unsaid(zone))
            else:
                values.append(cell)

    def _unsaid(self, zone: tuple[int, int, str, str]) -> Head:
        money = [h for h in self.heads.values() if h.reading in MONEY]
        unit = money[0].unit if money else self.unit or "万元"
        doubt = "" if zone[3] else "表中未写明是预算数还是执行数"
        return Head(zone[3], unit=unit, doubt=doubt)

    def _settle(self) -> None:
        """A split that does not say its reading is that of the total which it makes up."""
        whole = self.form.whole()
        for group in dict.fromkeys(r.group for r in self.form.rows if r.group) if whole else ():
            rows = [r for r in self.form.rows if r.group == group]
            summed = sum((f.value for r in rows for f in r.facts() if not f.measure), Decimal(0))
            totals = [whole.find(m) for m in ("执行", "全年预算", "年初预算")] if whole else []
            fits = [f.measure for f in totals if f and f.value == summed]
            if len(fits) != 1:
                continue
            doubt = f"表中未写明是预算数还是执行数，按合计相等认定为{fits[0]}数"
            for row in rows:
                row.entries = [_settled(e, fits[0], doubt) for e in row.entries]

    # indicators

    def _indicator(self, row: list[Cell]) -> None:
        by_head = [(self.heads[c.column], c) for c in row if c.column in self.heads]
        name = next((c for h, c in by_head if h.reading == "指标"), None)
        words = [c for c in row if has_words(c)]
        total = next((c for c in words if INDICATOR_TOTAL.fullmatch(bare_label(c.text))), None)
        values = {h.reading: c for h, c in by_head if h.reading in READINGS}
        if total is not None:
            for reading in ("分值", "得分"):
                cell = values.get(reading)
                if cell is None or cell.column <= total.column or reading in self.form.total:
                    continue
                if fact := self._fact(cell, "分", "总分", reading, self.heads[cell.column]):
                    self.form.total[reading] = fact
            return
        if name is None or name.column_span > max(1, self.table.columns - 3):
            return
        told = [name, *(values[r] for r in ("目标", "得分") if r in values)]
        if all(PLACEHOLDER.fullmatch(c.text.strip()) for c in told):
            return
        unit = squeeze(next((c.text for h, c in by_head if h.reading == "单位"), ""))
        groups = [c for h, c in by_head if h.reading == "级别"]
        said = next((c.text for h, c in by_head if h.reading == "符号"), "")
        label = re.sub(r"^指标\d+[:：]", "", squeeze(name.text))
        found = FormIndicator(
            label, -1, group=groups[0] if groups else None, cells=values,
            reasons=[c for h, c in by_head if h.reading == "原因"],
            cost=any("成本" in c.text for c in groups),
        )  # fmt: skip
        found.has_reason = any(
            c.state is CellState.VALUE and squeeze(c.text) not in NO_REASON for c in found.reasons
        )
        for reading, cell in values.items():
            own = unit if reading in ("目标", "年中", "完成") else self._scored(reading)
            fact = self._fact(cell, own, label, reading, self.heads[cell.column])
            if fact:
                found.facts[reading] = fact
        self._give_sign(found, values.get("目标"), said)
        self.form.indicators.append(found)

    @staticmethod
    def _scored(reading: str) -> str:
        return {"分值": "分", "得分": "分", "完成率": "%"}.get(reading, "")

    def _give_sign(self, found: FormIndicator, target: Cell | None, said: str) -> None:
        read = read_cell(target, "") if target else None
        sign = (read[3] if read else "") or SIGNS.get(squeeze(said), "")
        found.signed = bool(sign)
        found.sign = sign or ("<=" if found.cost else ">=")
        one, other = found.facts.get("目标"), found.facts.get("完成")
        if one and other and bool(one.figure.quantity.unit) != bool(other.figure.quantity.unit):
            # 95% beside a bare 96, 300人 beside a bare 310: the bare number takes the other's unit.
            bare, full = (one, other) if not one.figure.quantity.unit else (other, one)
            like = full.figure.quantity
            kind = like.kind if like.kind == "standard" else kind_of(like.unit)
            taken = replace(bare.figure.quantity, unit=like.unit, kind=kind)
            found.facts[bare.measure] = replace(bare, figure=replace(bare.figure, quantity=taken))

    # figures

    def _fact(self, cell: Cell, unit: str, item: str, measure: str, head: Head) -> Fact | None:
        read = read_cell(cell, unit)
        if read is None:
            return None
        quantity, start, end, _ = read
        if quantity.kind == "money" and not quantity.approx:
            quantity = quantity.judged_at(self.usual.get(quantity.unit, 0))
        elif measure == "得分":
            quantity = quantity.judged_at(self._shown(cell.column))
        figure = Figure(f"f{next(self.counter)}", quantity, self._span(cell, start, end))
        return Fact(
            figure, item, measure, owner=self.form.owner, period=head.period,
            doubt=head.doubt if quantity.kind == "money" or head.reading not in MONEY else "",
            role=_role(quantity), own_item=True, own_measure=bool(measure),
        )  # fmt: skip

    def _shown(self, column: int) -> int:
        """The decimals a column of scores shows: 10 beside 9.86 is 10.00."""
        if column not in self.shown:
            cells = [c for row in self.grid for c in row if c.column == column and is_number(c)]
            texts = [c.text.strip() for c in cells if "%" not in c.text]
            self.shown[column] = max((len(t.partition(".")[2]) for t in texts), default=0)
        return self.shown[column]

    def _span(self, cell: Cell, start: int, end: int) -> Span:
        if cell.span.start is None:
            return cell.span
        return replace(
            cell.span, start=cell.span.start + start, end=cell.span.start + end, text=cell.text[start:end]
        )


def _totals(cell: Cell) -> bool:
    return bool(SUBTOTAL.fullmatch(bare_label(cell.text)) or TOTAL.fullmatch(bare_label(cell.text)))


def _settled(entry: Entry, measure: str, doubt: str) -> Entry:
    if entry.fact is None or entry.fact.measure:
        return entry
    return replace(entry, fact=replace(entry.fact, measure=measure, doubt=doubt))


def _part(cell: Cell, start: int) -> Cell:
    """A cell's figure behind its label."""
    text = cell.text[start:]
    span = cell.span
    if span.start is not None:
        span = replace(span, start=span.start + start, text=text)
    return replace(cell, text=text, span=span)


def _role(quantity: Quantity) -> Role:
    return "rate" if quantity.kind == "percent" else "standard" if quantity.kind == "standard" else "level"


def distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a grid row, each once."""
    found: list[Cell] = []
    for cell in row:
        if cell is not None and (not found or found[-1] is not cell):
            found.append(cell)
    return found
