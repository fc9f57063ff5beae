"""Forms and tables understood: rows under heads, indicators with their scores.

What `audit.grid` reads from a document's tables and the table rules walk. What is blank, a dash or an
error stays apart from 0: the cell is kept where there is no figure. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .columns import BRACKETS, SUBTOTAL, TOTAL, Head
from .facts import WHOLE, Fact
from .findings import Figure
from .indicators import Indicator
from .source import Cell


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
    zone     where the figures begin: rows side by side in one block differ in it
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
        return self.is_grand_total or bool(SUBTOTAL.fullmatch(BRACKETS.sub("", self.label)))

    @property
    def is_grand_total(self) -> bool:
        """合计 as such, not 小计 or 人员经费合计."""
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
