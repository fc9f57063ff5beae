"""Forms and tables understood: what stands in which row under which head, and the indicators with their scores.

Comes in: the tables of a Document. Goes out: one `FormTable` per table (continued ones joined), its Figures
numbered on, its Facts with item, measure, owner and period. Read by labels, never by cell address. What
is blank, a dash or an error stays apart from 0. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .columns import (
    BRACKETS, MARKER, MONEY, PAIR, TOTAL, WORDS, Head, bare_label, form_kind, has_words, is_number, item_of,
    kind_of, read_cell, read_head, row_meaning, squeeze, unit_in,
)  # fmt: skip
from .facts import WHOLE, Fact
from .findings import Figure
from .indicators import Indicator
from .quantity import Quantity
from .source import Cell, CellState, Document, Span, Table

OWNER = re.compile(r"^(?:项目|专项资金|专项|转移支付|转移支付（项目）)(?:支出)?名称：?$")
PROJECT_CODE = re.compile(r"^[0-9A-Z]{6,}[-－—_]")
GROUPED = re.compile(r"按(?P<by>[^，。：（]{2,6}?)分")
TITLE = re.compile(r"表$|表[（(]|表\s*\d|^附[件表]")
INDICATOR_TOTAL = re.compile(r"总分|合计|总计|(?:自评)?总得分|自评总分|总评分")
PLACEHOLDER = re.compile(r"(?:指标\d*[:：]?)?[\s/／…—.-]*")
ABOUT = re.compile(r"单位[:：]|填报|负责人|联系电话|^(?:主管部门|实施单位)$")
MAX_DATA = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a row under a head; `fact` is None where the cell is no figure."""

    cell: Cell
    head: Head
    fact: Fact | None = None


@dataclass(slots=True)
class Row:
    """A label and its figures by column.

    label    without number and 其中; `marker` is what was left out
    item     the standard term, or the label
    block    rows of one block stand under the same heads
    zone     rows side by side in one block differ in it
    group    收入性质, 支出性质 … where the form splits the total so
    """

    label: str
    item: str
    cell: Cell
    marker: str
    block: int
    zone: int = 0
    group: str = ""
    code: str = ""
    entries: list[Entry] = field(default_factory=list)

    @property
    def is_total(self) -> bool:
        return bool(TOTAL.fullmatch(BRACKETS.sub("", self.label)))

    def find(self, measure: str, period: str = "") -> Fact | None:
        """The row's figure of a measure."""
        return next((f for f in self.facts() if (f.measure, f.period) == (measure, period)), None)

    def facts(self) -> Iterator[Fact]:
        return (e.fact for e in self.entries if e.fact)


@dataclass
class FormIndicator(Indicator):
    """An indicator row of a form: also what stands there in words.

    signed   whether the form says ≥, ≤ or =; group is the first-level heading with its cell
    cells    by measure, and 原因 for the reasons (more than one column may hold them)
    """

    signed: bool = False
    cost: bool = False
    group: Cell | None = None
    cells: dict[str, Cell] = field(default_factory=dict)
    reasons: list[Cell] = field(default_factory=list)


@dataclass
class FormTable:
    """A table as rows under heads.

    kind   附件1, 附件2, 附件3, or "" for any other table
    owner  the project of an 附件3, "" for the department
    total  the facts of the 总分 row by measure
    """

    kind: str
    title: str
    owner: str
    document: str
    role: str
    rows: list[Row] = field(default_factory=list)
    indicators: list[FormIndicator] = field(default_factory=list)
    total: dict[str, Fact] = field(default_factory=dict)

    def facts(self) -> Iterator[Fact]:
        """In reading order."""
        found = [f for row in self.rows for f in row.facts()] + list(self.total.values())
        found += [f for i in self.indicators for f in i.facts.values()]
        return iter(sorted(found, key=lambda f: int(f.figure.id[1:])))

    def figures(self) -> list[Figure]:
        return [f.figure for f in self.facts()]

    def whole(self) -> Row | None:
        """The row of a form's whole money: 年度资金总额."""
        return next((r for r in self.rows if r.item == WHOLE and not r.group and r.find("执行")), None)


def read_tables(document: Document, year: int, first: int) -> list[FormTable]:
    """Every table of a document, understood; its figures are numbered from `first` on."""
    counter = [first]
    two = any(re.search(r"\d\.\d\d$", c.text) for table in document.tables for c in table.cells)
    found: list[FormTable] = []
    before: _Reader | None = None
    for table in document.tables:
        reader = _Reader(document, table, year, counter, 2 if two else 0)
        if before and reader.continues(before):
            reader.take_over(before)
        else:
            found.append(reader.form)
        reader.read()
        before = reader
    return [form for form in found if form.rows or form.indicators or form.total]


class _Reader:
    """Walks a grid from top to bottom, carrying the heads."""

    def __init__(self, document: Document, table: Table, year: int, counter: list[int], decimals: int) -> None:
        self.document, self.table, self.year = document, table, year
        self.counter, self.decimals = counter, decimals
        self.grid = [distinct(row) for row in table.grid()]
        self.heads: dict[int, Head] = {}
        self.spans: dict[int, int] = {}  # column of a head → how many columns it covers
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
        for row in self.grid[:8]:
            for label, value in zip(row, row[1:], strict=False):
                if OWNER.match(squeeze(label.text)) and len(row) <= 4 and value.text.strip():
                    return PROJECT_CODE.sub("", squeeze(value.text))
        return ""

    def continues(self, before: _Reader) -> bool:
        """The rest of a table that a page break cut: no caption, no heads of its own, as many columns."""
        if self.table.caption or not self.document.text or self.table.columns != before.table.columns:
            return False
        return bool(before.heads) and bool(self.grid) and self._as_heads(0) is None and not self._generic_heads(0)

    def take_over(self, before: _Reader) -> None:
        self.form, self.heads, self.spans = before.form, before.heads, before.spans
        self.block, self.unit, self.zones = before.block, before.unit, before.zones

    def read(self) -> None:
        r = 0
        while r < min(len(self.grid), MAX_DATA):
            row = self.grid[r]
            if unit := next((u for c in row[:9] if "单位" in c.text and (u := unit_in(c.text))), ""):
                self.unit = unit
            heads = self._as_heads(r) or self._generic_heads(r)
            if heads:
                self.heads, count = heads
                self.spans = {c.column: c.column_span for c in self.grid[r + count - 1]}
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
        self.form.rows = [row for row in self.form.rows if any(e.fact or not has_words(e.cell) for e in row.entries)]

    # heads

    def _as_heads(self, r: int) -> tuple[dict[int, Head], int] | None:
        """The heads that begin in this row, with how many rows they take; None where it is no head row."""
        if not self._looks_like_heads(r):
            return None
        count = 1
        while r + count < len(self.grid) and self._goes_on(r, count):
            count += 1
        outer = 0
        while outer < min(3, r) and self._outer_heads(r - outer - 1):
            outer += 1
        return self._heads(r - outer, count + outer), count

    def _outer_heads(self, r: int) -> bool:
        """Does this row hold heads that each cover several of the columns below?"""
        row = [c for c in self.grid[r] if c.text.strip()]
        plain = not any(is_number(c) or ABOUT.search(c.text) or len(c.text) > 30 for c in row)
        return len(row) > 1 and plain and any(c.column_span > 1 for c in row)

    def _looks_like_heads(self, r: int) -> bool:
        row = [c for c in self.grid[r] if c.row == r and c.text.strip()]
        if len(row) < 2 or any(is_number(c) for c in row):
            return False
        heads = [read_head([c.text], self.year, "") for c in row if len(c.text) <= 24]
        known = [h for h in heads if h.known]
        return len(known) >= 2 and any(h.reading not in WORDS for h in known)

    def _goes_on(self, r: int, count: int) -> bool:
        """Does the next row hold the inner heads of this one?"""
        below = self.grid[r + count]
        held = any(c.row < r + count < c.row + c.row_span for c in self.grid[r] if c.column >= min(self._value_columns(r)))
        return held and not any(is_number(c) for c in below) and any(c.row == r + count and c.text for c in below)

    def _value_columns(self, r: int) -> list[int]:
        known = [c.column for c in self.grid[r] if read_head([c.text], self.year, "").reading not in WORDS | {""}]
        return known or [0]

    def _generic_heads(self, r: int) -> tuple[dict[int, Head], int] | None:
        """Rows of words right above the first row of numbers, where no head is known by its name."""
        if self.heads and any(h.known for h in self.heads.values()):
            return None
        count = 0
        while r + count < len(self.grid) and count < 5:
            filled = [c for c in self.grid[r + count] if c.text.strip()]
            if any(is_number(c) for c in filled) or len(filled) < 2 or any(len(c.text) > 30 for c in filled):
                break
            named = len(filled) == 2 and re.search("名称[:：]?$", filled[0].text.strip())
            if named or self._looks_like_heads(r + count) or any(ABOUT.search(c.text.strip()) for c in filled):
                return None
            count += 1
        if not count or r + count >= len(self.grid):
            return None
        numbers = [c for c in self.grid[r + count] if is_number(c)]
        return (self._heads(r, count), count) if numbers and not self.heads else None

    def _heads(self, r: int, count: int) -> dict[int, Head]:
        paths: dict[int, list[str]] = {}
        for row in self.grid[r : r + count]:
            for cell in row:
                if cell.row + cell.row_span > r + count:
                    continue  # a side cell that goes on beside the rows
                for column in range(cell.column, cell.column + cell.column_span):
                    path = paths.setdefault(column, [])
                    if cell.text.strip() and (not path or path[-1] != cell.text):
                        path.append(cell.text)
        side = next((u for c in self.grid[r] if (u := unit_in(c.text))), "")
        starts = {c.column for row in self.grid[r : r + count] for c in row}
        return {
            column: read_head(path, self.year, side or self.unit)
            for column, path in paths.items() if path and column in starts
        }  # fmt: skip

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
        if "目标" in readings and readings & {"完成", "得分"}:
            self._indicator(row)
        elif self.zones:
            for zone in self.zones:
                self._grouped([c for c in row if zone[0] <= c.column < zone[1]], zone)
        else:
            self._rows(row)

    def _rows(self, row: list[Cell]) -> None:
        """Each value goes to the nearest label on its left."""
        current: Row | None = None
        zone = 0
        code = ""
        for cell in row:
            head = self.heads.get(cell.column)
            reading = head.reading if head else "名称"
            if head and not head.known and not is_number(cell) and cell.state is CellState.VALUE:
                reading = "名称" if current is None or not self._named(current.cell) else "文字"
            if reading == "编码" and not has_words(cell):
                code = cell.text.strip()
            elif reading == "编码" and cell.column_span > 1:
                current = self._row(cell, zone)
            elif reading == "名称":
                if has_words(cell) and not (current and not current.entries and self._named(current.cell)):
                    zone += 1 if current and current.entries else 0
                    current = self._row(cell, zone, code=code)
            elif head and reading not in WORDS:
                unnamed = not any(h.reading == "名称" for h in self.heads.values())
                if current is None and (has_words(cell) or head.known and head.item and unnamed):
                    current = self._row(cell, zone, label="" if has_words(cell) else head.item)
                    if has_words(cell):
                        continue
                if current is not None:
                    self._enter(current, cell, head)

    def _named(self, cell: Cell) -> bool:
        head = self.heads.get(cell.column)
        return bool(head and head.reading == "名称")

    def _row(self, cell: Cell, zone: int, group: str = "", code: str = "", label: str = "") -> Row:
        text = label or cell.text
        marker = MARKER.match(squeeze(text))
        found = Row(bare_label(text), item_of(text), cell, marker[0] if marker else "", self.block, zone, group, code)
        return found

    def _enter(self, row: Row, cell: Cell, head: Head) -> None:
        measure = row_meaning(row.cell.text).get("measures", {}).get(head.reading, head.reading)
        item = head.item if head.known and head.item else row.item
        unit = (kind_of(head.unit) == "money" and unit_in(row.cell.text)) or head.unit
        entry = Entry(cell, head, self._fact(cell, unit, item, measure, head))
        if not row.entries:
            self.form.rows.append(row)
        row.entries.append(entry)

    def _grouped(self, row: list[Cell], zone: tuple[int, int, str, str]) -> None:
        """Labels with their values beside them, or label and value in one cell."""
        current: Row | None = None
        values: list[Cell] = []
        for cell in [*row, None]:
            if cell is None or has_words(cell):
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
                    current = self._row(cell, zone[0], zone[2])
                    if pair := PAIR.fullmatch(squeeze(cell.text)):
                        current = self._row(cell, zone[0], zone[2], label=pair["label"])
                        at = cell.text.rindex(re.split("[：]", squeeze(cell.text))[-1][0])
                        self._enter(current, _part(cell, cell.text[at:], at), self._unsaid(zone))
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
        for group in {r.group for r in self.form.rows if r.group} if whole else ():
            unsaid = [e for r in self.form.rows if r.group == group for e in r.entries if e.fact and not e.fact.measure]
            summed = sum((e.fact.value for e in unsaid if e.fact), Decimal(0))
            fits = [f for m in ("执行", "全年预算", "年初预算") if whole and (f := whole.find(m)) and f.value == summed]
            if len({f.measure for f in fits}) != 1:
                continue
            doubt = f"表中未写明读数，按合计相等认定为{fits[0].measure}数"
            for row in (r for r in self.form.rows if r.group == group):
                row.entries = [
                    replace(e, fact=replace(e.fact, measure=fits[0].measure, doubt=doubt)) if e in unsaid and e.fact else e
                    for e in row.entries
                ]  # fmt: skip

    # indicators

    def _indicator(self, row: list[Cell]) -> None:
        by_head = [(self.heads[c.column], c) for c in row if c.column in self.heads]
        name = next((c for h, c in by_head if h.reading == "指标"), None)
        words = [c for c in row if has_words(c)]
        total = next((c for c in words if INDICATOR_TOTAL.fullmatch(bare_label(c.text))), None)
        values = {h.reading: c for h, c in by_head if h.reading in ("目标", "年中", "完成", "完成率", "分值", "得分")}
        if total is not None:
            for reading, cell in values.items():
                fact = self._fact(cell, self._scored(reading), "总分", reading, self.heads[cell.column])
                if fact and reading in ("分值", "得分") and cell.column > total.column:
                    self.form.total.setdefault(reading, fact)
            return
        if name is None or name.column_span > 1 and name.column_span >= self.table.columns - 2:
            return
        if all(PLACEHOLDER.fullmatch(values[r].text.strip()) for r in ("目标", "得分") if r in values):
            if PLACEHOLDER.fullmatch(name.text.strip()):
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
        found.has_reason = any(c.state is CellState.VALUE and squeeze(c.text) not in ("无", "无偏差") for c in found.reasons)
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
        mark = read_cell(replace(target, text=f"{squeeze(said)}1", state=CellState.VALUE), "") if target and said else None
        sign = (read[3] if read else "") or (mark[3] if mark else "")
        found.signed = bool(sign)
        found.sign = sign or ("<=" if found.cost else ">=")
        one, other = found.facts.get("目标"), found.facts.get("完成")
        if one and other and bool(one.figure.quantity.unit) != bool(other.figure.quantity.unit):
            # 95% beside a bare 96, 300人 beside a bare 310: the bare number takes the other's unit.
            bare, full = (one, other) if not one.figure.quantity.unit else (other, one)
            q = bare.figure.quantity
            unit = full.figure.quantity.unit
            taken = replace(q, unit=unit, kind=kind_of(unit) if full.kind != "standard" else full.figure.quantity.kind)
            found.facts[bare.measure] = replace(bare, figure=replace(bare.figure, quantity=taken))

    # figures

    def _fact(self, cell: Cell, unit: str, item: str, measure: str, head: Head) -> Fact | None:
        money = kind_of(unit) == "money"
        decimals = self.decimals if money else self._shown(cell.column) if unit == "分" and measure == "得分" else 0
        read = read_cell(cell, unit, decimals)
        if read is None:
            return None
        quantity, start, end, _ = read
        figure = Figure(f"f{self.counter[0]}", quantity, self._span(cell, start, end))
        self.counter[0] += 1
        return Fact(
            figure, item, measure, owner=self.form.owner, period=head.period,
            doubt=head.doubt if quantity.kind == "money" or head.reading not in MONEY else "",
            role=_role(quantity), own_item=True, own_measure=bool(measure),
        )  # fmt: skip

    def _shown(self, column: int) -> int:
        """The decimals a column of scores shows: 10 beside 9.86 is 10.00."""
        texts = [c.text.strip() for row in self.grid for c in row if c.column == column and is_number(c)]
        return max((len(t.partition(".")[2]) for t in texts if "%" not in t), default=0)

    def _span(self, cell: Cell, start: int, end: int) -> Span:
        if cell.span.start is None:
            return cell.span
        return replace(cell.span, start=cell.span.start + start, end=cell.span.start + end, text=cell.text[start:end])


def _part(cell: Cell, text: str, start: int) -> Cell:
    """A cell's figure behind its label."""
    span = cell.span
    if span.start is not None:
        span = replace(span, start=span.start + start, text=text)
    return replace(cell, text=text, span=span)


def _role(quantity: Quantity) -> str:
    return {"percent": "rate", "standard": "standard"}.get(quantity.kind, "level")


def distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a grid row, each once."""
    found: list[Cell] = []
    for cell in row:
        if cell is not None and (not found or found[-1] is not cell):
            found.append(cell)
    return found


def amount(fact: Fact | None) -> Decimal | None:
    return None if fact is None else fact.value
