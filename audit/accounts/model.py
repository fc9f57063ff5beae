"""What the standard tables hold: lines with codes and amounts by column; the tables of a document by kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..facts import Fact
from ..findings import Figure
from ..source import Cell, CellState, Span

if TYPE_CHECKING:
    from ..rules import Outcome

Path = tuple[str, ...]
TOTAL = re.compile(r"(?:本年)?(?:收入|支出|收支)?(?:合计|总计|小计|共计)(?:数|金额)?")
GRAND = re.compile(r"(?:收入|支出|收支)?总计")
BRACKET = re.compile(r"（[^（）]*）|\([^()]*\)")
MARKER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[、．.](?!\d)|（\d{1,2}）|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A cell under an amount's head; `figure` is None where it is blank, a dash or words."""

    cell: Cell
    figure: Figure | None = None

    @property
    def blank(self) -> bool:
        """Nothing there, to be taken as no amount: blank or a dash."""
        return self.figure is None and self.cell.state in (CellState.BLANK, CellState.DASH)


@dataclass(slots=True)
class Line:
    """A label with its amounts.

    code     201, 20139, 2013901 or 301, 30101; "" where the line has none
    marker   一、 or （一） or 其中： as printed before the label
    zone     the column of its label: lines side by side differ in it
    """

    label: str
    code: str
    marker: str
    cell: Cell | None
    zone: int
    amounts: dict[int, Amount] = field(default_factory=dict)
    code_cell: Cell | None = None

    @property
    def is_total(self) -> bool:
        return not self.code and bool(TOTAL.fullmatch(self.label))

    @property
    def places(self) -> tuple[Span, ...]:
        """Where its code and its label stand."""
        return tuple(cell.span for cell in (self.code_cell, self.cell) if cell)

    @property
    def filled(self) -> bool:
        return any(amount.cell.text.strip() for amount in self.amounts.values())

    @property
    def name(self) -> str:
        return bare_name(self.label)

    def figure(self, column: int) -> Figure | None:
        amount = self.amounts.get(column)
        return amount.figure if amount else None


def bare_name(label: str) -> str:
    """A subject's name without number, brackets and 支出, so that two tables meet.

    >>> bare_name("一、一般公共服务支出"), bare_name("行政运行（项）")
    ('一般公共服务', '行政运行')
    """
    words = MARKER.sub("", re.sub(r"\s+", "", label))
    words = re.sub(r"[（(](?:类|款|项|境)[)）]", "", words)
    return re.sub(r"(?<=..)支出$", "", words)


@dataclass
class AccountTable:
    """One standard table, whatever pages it goes over.

    kind      by `params/accounts.toml`: 收支总表, 收入表 …
    columns   the path of heads over each column of amounts, outermost first
    zones     the column of the labels that each column of amounts belongs to
    unit      as the page says, "万元" where it does not; `unit_span` where it says it
    below     what is written right below the table: notes, 说明
    """

    kind: str
    title: str
    unit: str
    document: str
    title_span: Span | None = None
    unit_span: Span | None = None
    lines: list[Line] = field(default_factory=list)
    columns: dict[int, Path] = field(default_factory=dict)
    zones: dict[int, int] = field(default_factory=dict)
    below: list[Span] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    ruled: bool = True

    @property
    def empty(self) -> bool:
        """Not one amount in it."""
        return not any(True for _ in self.figures())

    def figures(self) -> Iterator[Figure]:
        for line in self.lines:
            for amount in line.amounts.values():
                if amount.figure:
                    yield amount.figure

    def coded(self, zone: int | None = None) -> list[Line]:
        return [line for line in self.lines if line.code and (zone is None or line.zone == zone)]

    def total(self, zone: int | None = None) -> Line | None:
        """The 合计 line; the first where there are several."""
        return next((ln for ln in self.lines if ln.is_total and zone in (None, ln.zone)), None)

    def by_code(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.code == code), None)

    def column(self, pattern: str, zone: int | None = None) -> int | None:
        """The first column whose heads, put together, fit."""
        wanted = re.compile(pattern)
        for column, path in self.columns.items():
            if zone in (None, self.zones[column]) and wanted.search("/".join(path)):
                return column
        return None

    def find(self, label: str, zone: int | None = None) -> Line | None:
        """The first line without code whose name fits."""
        wanted = re.compile(label)
        return next((ln for ln in self.lines if zone in (None, ln.zone) and wanted.fullmatch(ln.name)), None)

    def facts(self) -> Iterator[Fact]:
        """Every amount as a fact, so that registers and notebooks show it."""
        for line in self.lines:
            for column, amount in line.amounts.items():
                if amount.figure:
                    item = f"{line.code}{line.label}" or self.title
                    measure = "".join(self.columns.get(column, ())[-1:])
                    yield Fact(amount.figure, item, measure, own_item=True, own_measure=bool(measure))


@dataclass
class Accounts:
    """The standard tables of a final account, by kind.

    contents   titles of tables that the table of contents lists, by kind
    orphans    titles that stand in the text with no table below, by kind
    unread     tables that are there but could not be read for sure, by kind
    outcomes, culprits   what the rules make of it, by code, and the figures to blame; filled by them, once
    """

    tables: dict[str, AccountTable] = field(default_factory=dict)
    others: list[AccountTable] = field(default_factory=list)
    contents: dict[str, Span] = field(default_factory=dict)
    orphans: dict[str, Span] = field(default_factory=dict)
    unread: dict[str, AccountTable] = field(default_factory=dict)
    outcomes: dict[str, list[Outcome]] | None = None
    culprits: set[str] = field(default_factory=set)

    def __getitem__(self, kind: str) -> AccountTable | None:
        return self.tables.get(kind)

    def all_tables(self) -> Iterator[AccountTable]:
        yield from self.tables.values()
        yield from self.others

    def every_table(self) -> Iterator[AccountTable]:
        """Those that could not be read for sure as well."""
        yield from self.all_tables()
        yield from self.unread.values()

    def figures(self) -> list[Figure]:
        found = [figure for table in self.every_table() for figure in table.figures()]
        return sorted(found, key=lambda figure: int(figure.id[1:]))

    def facts(self) -> Iterator[Fact]:
        for table in self.every_table():
            yield from table.facts()


def families(lines: Sequence[Line]) -> list[tuple[Line | None, list[Line]]]:
    """The coded lines of a table under the line that each belongs to; the outermost under None.

    A line belongs to the last one before it with a shorter code, as the table is laid out: one wrong digit in a
    code then breaks no sum. Where the table is in no such order, to the one whose code its own begins with.
    """
    zones = list(dict.fromkeys(line.zone for line in lines))
    coded = [line for zone in zones for line in lines if line.code and line.zone == zone]
    above: list[Line | None] = []
    stack: list[Line] = []
    for line in coded:
        while stack and len(stack[-1].code) >= len(line.code):
            stack.pop()
        above.append(stack[-1] if stack else None)
        stack.append(line)
    known = {line.code: line for line in coded}
    elsewhere = [known.get(line.code[:-2]) for line in coded]
    strays = sum(b is not None and a is not b for a, b in zip(above, elsewhere, strict=True))
    owners = elsewhere if strays * 3 > len(coded) else above
    found: dict[int, tuple[Line | None, list[Line]]] = {}
    for owner, line in zip(owners, coded, strict=True):
        found.setdefault(id(owner), (owner, []))[1].append(line)
    return list(found.values())


def roots(lines: Sequence[Line]) -> list[Line]:
    """The 类 of a table."""
    return next((inside for owner, inside in families(lines) if owner is None), [])


NamePath = tuple[str, ...]


def name_paths(lines: Sequence[Line]) -> dict[NamePath, Line]:
    """Coded lines by their names from the 类 down."""
    owner_of = {id(line): owner for owner, inside in families(lines) for line in inside}
    found: dict[NamePath, Line] = {}
    for line in lines:
        if id(line) in owner_of:
            names, at = [line.name], owner_of[id(line)]
            while at is not None:
                names.append(at.name)
                at = owner_of[id(at)]
            found.setdefault(tuple(reversed(names)), line)
    return found
