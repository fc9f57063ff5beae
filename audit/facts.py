"""Figures understood: item, measure, owner, period, scope; and `Facts`, the index that the rules ask.

What stays unclear is left empty; nothing is guessed. How words become facts is told in `understand.py`.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from .findings import Figure
from .glossary import parameters
from .prose import Paragraph
from .source import Span

if TYPE_CHECKING:
    from .accounts.model import Accounts
    from .annex import FormTable
    from .indicators import Indicator

Role = Literal["level", "change", "rate", "standard", "date", "other"]
NAME_DECOR = re.compile(
    r"[“”\"‘’《》]|(?:专项)?(?:资金|经费)$|专项$|项目(?:支出)?$|支出$|年初预算项目|年中追加项目|预算项目|(?:专项)?(?:资金|经费)项目"
)
WHOLE = "整体支出"
# （一）城市低保。年初预算……: a project told under a heading that its text follows
RUN_ON = re.compile(
    r"^[（(][一二三四五六七八九十]+[）)][^，。；\d]{2,25}。(?:年初|全年|年中|当年)?(?:预算|追加|安排|调增|调减|金额)"
)
BUDGET_READINGS = {"年初预算", "全年预算", "预算"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure understood.

    item     what it is of, in standard words (`params/glossary.toml`) or the report's own: "基本支出"
    measure  which reading of it: 年初预算/全年预算/调整/执行/结转/目标/完成/分值/得分/执行率/…
    owner    whose: "" for the department as a whole, else the indicator's name
    period   "2023" for a named year, "上年", "" where the report's own year is meant
    scope    一般公共预算/政府性基金/… or "" for all funds
    doubt    why it stays unclear, "" where it does not
    role     level (an amount or a count), change (增加…), rate, standard, date
    direction  +1 or -1 for a change
    own_item, own_measure   whether the words stand right at the figure or were carried over from before
    lead, tail   the words before it (since the last figure) and after it (up to the next)
    paragraph, sentence, start, end   its place; paragraph -1 in a table
    """

    figure: Figure
    item: str = ""
    measure: str = ""
    owner: str = ""
    period: str = ""
    scope: str = ""
    doubt: str = ""
    role: Role = "level"
    direction: int = 0
    own_item: bool = False
    own_measure: bool = False
    lead: str = ""
    tail: str = ""
    paragraph: int = -1
    sentence: int = 0
    start: int = 0
    end: int = 0

    @property
    def value(self) -> Decimal:
        """In the base unit: 元, 1 for rates."""
        return self.figure.quantity.exact

    @property
    def kind(self) -> str:
        return self.figure.quantity.kind

    @property
    def unit(self) -> str:
        return self.figure.quantity.base_unit

    @property
    def name(self) -> str:
        """The item without the words that come and go around a project's name."""
        return bare_name(self.item)


def bare_name(item: str) -> str:
    """
    >>> bare_name("“殡葬服务”专项资金"), bare_name("殡葬服务项目")
    ('殡葬服务', '殡葬服务')
    """
    before = None
    while before != item:
        before, item = item, NAME_DECOR.sub("", item)
    return item


@dataclass
class Facts:
    """Everything understood, in reading order, with the text it was read from.

    Iterating gives the facts of running text; those of tables are asked for through `tables`.

    year    the year the report is about, 0 where it names none
    tables  forms and tables of all documents, as rows under heads
    accounts  the standard tables of a final account, None where there are none
    scoring   points for execution, tiers, grades: `params/scoring.toml`, or those of the profile chosen
    """

    facts: list[Fact] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    year: int = 0
    department: str = ""
    tables: list[FormTable] = field(default_factory=list)
    accounts: Accounts | None = None
    scoring: Mapping[str, Any] = field(default_factory=lambda: parameters("scoring"))
    indicators: list[Indicator] | None = None  # filled in by `indicators.indicators`

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def all(self) -> tuple[Fact, ...]:
        """Facts of running text, then those of tables."""
        accounts = self.accounts.facts() if self.accounts else ()
        return (*self.facts, *(fact for table in self.tables for fact in table.facts()), *accounts)

    def in_paragraph(self, index: int) -> list[Fact]:
        return self._by_paragraph().get(index, [])

    def sentences(self) -> Iterator[list[Fact]]:
        """Facts of running text, one list per sentence."""
        for facts in self._by_paragraph().values():
            start = 0
            for i in range(1, len(facts) + 1):
                if i == len(facts) or facts[i].sentence != facts[start].sentence:
                    yield facts[start:i]
                    start = i

    def _by_paragraph(self) -> dict[int, list[Fact]]:
        if not hasattr(self, "_index"):
            index: dict[int, list[Fact]] = {}
            for fact in self.facts:
                if fact.paragraph >= 0:
                    index.setdefault(fact.paragraph, []).append(fact)
            self._index = index
        return self._index

    def of_item(self, item: str) -> list[Fact]:
        """Facts of running text whose item is this one, in order."""
        if not hasattr(self, "_items"):
            self._items: dict[str, list[Fact]] = {}
            for fact in self.facts:
                self._items.setdefault(fact.item, []).append(fact)
        return self._items.get(item, [])

    def near(self, item: str, fact: Fact, most: int = 16) -> list[Fact]:
        """Amounts of an item in the report's own year, those nearest a figure first."""
        if not hasattr(self, "_amounts"):
            self._amounts: dict[str, list[Fact]] = {}
            for f in self.facts:
                exact = f.role == "level" and not f.figure.quantity.approx
                if f.kind == "money" and exact and not f.period and f.paragraph >= 0:
                    self._amounts.setdefault(f.item, []).append(f)
        known = self._amounts.get(item, [])
        at = bisect(known, (fact.paragraph, fact.start), key=lambda f: (f.paragraph, f.start))
        around = known[max(0, at - most) : at + most]
        return sorted(around, key=lambda f: abs(f.paragraph - fact.paragraph))[:most]

    def between(self, a: Fact, b: Fact) -> str:
        """The words from the end of one figure to the start of a later one of the same paragraph."""
        return self.paragraphs[a.paragraph].text[a.end : b.start]

    def after(self, fact: Fact) -> str:
        return self.paragraphs[fact.paragraph].text[fact.end :]

    def place(self, fact: Fact) -> Paragraph:
        return self.paragraphs[fact.paragraph]

    def repeated_in_bracket(self, fact: Fact) -> Fact | None:
        """4.86亿元（48615.30万元）: the same amount again, in another unit, in a bracket right behind."""
        row = self.in_paragraph(fact.paragraph)
        at = row.index(fact) + 1
        if at == len(row) or row[at].lead not in ("（", "（即", "（折合") or row[at].unit != fact.unit:
            return None
        return row[at] if self.after(row[at]).startswith("）") and fact.kind == row[at].kind else None

    def clause(self, fact: Fact) -> list[Fact]:
        """The facts that stand with this one between two semicolons or stops."""
        text = self.place(fact).text
        start = max(text.rfind("；", 0, fact.start), text.rfind("。", 0, fact.start))
        ends = [i for i in (text.find("；", fact.end), text.find("。", fact.end)) if i >= 0]
        stop = min(ends, default=len(text))
        return [f for f in self.in_paragraph(fact.paragraph) if start < f.start < stop]

    def quote(self, fact: Fact, words: int = 30) -> Span:
        """The figure with the words of its clause before it, as evidence."""
        paragraph = self.place(fact)
        start = max(paragraph.text.rfind(c, 0, fact.start) for c in "，。；：（") + 1
        return paragraph.span(max(start, fact.start - words), fact.end)
