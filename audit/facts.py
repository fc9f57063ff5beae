"""Figures understood: item, measure, owner, period, scope, read from the words around them.

Comes in: paragraphs with their figures. Goes out: one Fact per figure, and `Facts`, the index that the
rules ask. What stays unclear is left empty; nothing is guessed.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from .figures import Printed
from .findings import Figure
from .glossary import glossary
from .numerals import CHARACTERS
from .prose import Paragraph
from .source import Span
from .title import YEAR, department, report_year

if TYPE_CHECKING:
    from .annex import FormTable

Role = Literal["level", "change", "rate", "standard", "date", "other"]
SENTENCE_END = re.compile(r"[。！？](?!其中|分项情况|具体(?:为|是|情况))|；(?=[一二三四五六七八九]是)")
CLAUSE = re.compile(r"[，。；：、！？]|（(?!境）)|(?<!境)）")
SPLIT_BY = re.compile(r"按[\u4e00-\u9fff]{2,8}(?:分类?|划分|来看|看)")
NO_NAME = re.compile("情况|分析|说明|管理|指标|目标|绩效|措施|问题|原因|及时|机制|工作$")
FILLER = re.compile(
    r"(?:共计|合计|总计|累计|总共|分别为|分别是|分别|其中|仅为|仅|共|为|是|达到|达|计|有|了|数额|数量|总额|总量|金额|资金|数为|额为|人民币|"
    r"就|已|等|约|近|超过|超|逾|不足|大约|至|到|于|在|的|占|：|:)+$"
)
CHANGE = re.compile(
    r"(?P<up>增加|增长|上升|提高|增幅|多|调增加|调增|追加|核增|增支|超支|超出|超(?=预算|计划)|新增)|(?P<down>减少|下降|降低|减幅|降幅|少|调减|核减|追减|压减|压缩|节约|节支)"
)
CHANGE_END = re.compile(
    rf"(?:{CHANGE.pattern})(?:预算)?(?:率|幅度|比例|额|数|金额|资金|支出)?(?:共计|合计|累计)?(?:为|了|约|达|近|到|：)*$"
)
ALL_PROJECTS = re.compile(r"^(?:(?:纳入|安排|实施|全部|各)[^，]*)?项目$")
DIFFERENCE = re.compile(r"(?:差值|差额|相差|差异)(?:为|是|达|：)*$")
COMPARED = re.compile(
    r"(?:比|较|与|对比|同)(?P<base>[^，。；]{0,16}?(?:上年|去年|前年|上一年|(?:19|20)\d\d年|同期|预算|年初|计划|目标))|同比|环比"
)
REASON_CLAUSE = re.compile("因[^公]|由于|达到|确保|有效|使")
PRIOR = re.compile(r"(?<!加)上年(?!度?结转|度?结余)|去年|前年|上一年|同期")
COMPARING = re.compile(r"[与比较同于]$")
TIME_WORDS = re.compile(
    r"(?:19|20)\d\d年(?:度|末|底|初)?|截至?止?到?|\d{1,2}月(?:份|底|末|初)?|\d{1,2}日|本年度|本年|全年|当年|年度|今年|年末|年底|目前|我国|"
    r"我(?:市|县|区|镇|乡|局|委|办|院|校|中心|单位|部门|会)|本(?:市|县|区|局|单位|部门|委|级|次)|全(?:市|县|区|镇|省|国)|其中|其他的?"
)
LEADING_VERB = re.compile(
    r"^(?:例如|如|共有|共计|共|总计|合计|累计|发放|安排|用于|完成|享受|新增|投入|争取到?|下达|拨付|收到|获得|开展|举办|建成|支付|使用|实现|涉及|落实|"
    r"主要(?:是|为|用于)?|包括|包含|分别为|分别是|分别|一是|二是|三是|四是|五是|含|即|有|和|与|及|的|是|为|按|从|在|对|已|了|其|项目“|“|”|-|—)+"
)
TAIL_WORDS = re.compile(r"(?:总|为|是|达|达到|的|共|共计|合计|数|额|总额|有|“|”|\"|：|已|约|了|等)+$")
NAME_DECOR = re.compile(
    r"[“”\"‘’《》]|(?:专项)?(?:资金|经费)$|项目(?:支出)?$|支出$|预算项目|年初预算项目|年中追加项目|(?:专项)?(?:资金|经费)项目"
)
WHOLE = "整体支出"
CARRIED = {"年初预算", "全年预算", "预算", "执行", "上年结转", "结转"}
BUDGET_READINGS = {"年初预算", "全年预算", "预算"}
DEPARTMENT = {"年初预算", "全年预算", "预算", "执行", "调整", "结转", "执行率", "调整率", "结转结余率"}


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
    """

    facts: list[Fact] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    year: int = 0
    department: str = ""
    tables: list[FormTable] = field(default_factory=list)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def all(self) -> tuple[Fact, ...]:
        """Facts of running text, then those of tables."""
        return (*self.facts, *(fact for table in self.tables for fact in table.facts()))

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


def understand(
    paragraphs: Sequence[Paragraph], printed: Sequence[tuple[int, Printed]], figures: Sequence[Figure]
) -> Facts:
    """Facts of running text. `printed` pairs a paragraph's index with what the scanner found there."""
    year = report_year(paragraphs)
    result = Facts(paragraphs=list(paragraphs), year=year, department=department(paragraphs))
    by_paragraph: dict[int, list[tuple[Printed, Figure]]] = {}
    for (index, p), figure in zip(printed, figures, strict=True):
        by_paragraph.setdefault(index, []).append((p, figure))
    for index, found in by_paragraph.items():
        result.facts += _Reader(paragraphs[index], index, year).read(found)
    return result


class _Reader:
    """Reads one paragraph, carrying item and measure from figure to figure as a reader would."""

    def __init__(self, paragraph: Paragraph, index: int, year: int) -> None:
        self.paragraph, self.index, self.year = paragraph, index, year
        self.subject = ""  # the item the paragraph is about
        self.item = self.top = self.measure = (
            ""  # item last named, item last named that is no part of another
        )
        heading = glossary().item_in(" ".join(paragraph.path[-2:]))
        self.heading = heading[0] if heading else ""
        if paragraph.level >= 3 and (title := _title_item(paragraph)):
            self.heading = self.subject = self.item = self.top = title
        self.scope = _scope(paragraph.path)
        self.owner = _indicator_name(paragraph)
        self.spent_before = False

    def read(self, found: list[tuple[Printed, Figure]]) -> Iterator[Fact]:
        text = self.paragraph.text
        stops = [m.end() for m in SENTENCE_END.finditer(text)]
        before = self.paragraph.marker
        sentence, period = 0, ""
        for n, (p, figure) in enumerate(found):
            while stops and stops[0] <= p.start:
                before = max(before, stops.pop(0))
                sentence += 1
                self.measure = period = ""
                self.spent_before = False
                self.item = self.top = self.subject
            following = found[n + 1][0].start if n + 1 < len(found) else len(text)
            tail = text[p.end : min(following, *(stops[:1] or [len(text)]))]
            lead = text[before : p.start]
            if p.quantity.kind == "date":
                if not COMPARING.search(text, max(before, p.start - 3), p.start):
                    period = self._period(text[p.start : p.end], period)
                yield Fact(
                    figure, measure="日期", role="date", lead=lead, tail=tail, paragraph=self.index,
                    sentence=sentence, start=p.start, end=p.end,
                )  # fmt: skip
                continue
            yield self._fact(p, figure, lead, tail, sentence, period)
            if p.quantity.text[0] not in CHARACTERS:  # 两项补贴资金: the numeral belongs to the name
                before = p.end

    def _period(self, words: str, before: str) -> str:
        years = YEAR.findall(words)
        if not years:
            return before
        return "" if int(years[-1]) == self.year else years[-1]

    def _fact(self, p: Printed, figure: Figure, lead: str, tail: str, sentence: int, period: str) -> Fact:
        role, direction = _role(p, lead)
        item, measure, own_item, own_measure = self._words(lead, role, p)
        if "；" in lead:
            self.item = self.top
        if not own_item:
            item = self.item or self.subject or self.heading
            if not item and p.quantity.kind in ("money", "percent") and measure in DEPARTMENT:
                item = WHOLE
        if re.match(r"的?(?:预期|年度)?(?:目标|指标)值", tail):
            measure, own_measure = "目标", True
        if p.quantity.kind == "score" and measure not in ("分值", "得分"):
            measure, own_measure = "分值", True
        elif not own_measure and role == "level":
            measure = self.measure
            if (
                measure in BUDGET_READINGS
                and self.spent_before
                and lead.rstrip("共计为是达").endswith("支出")
            ):
                measure = "执行"  # 支出2.05万元，预算2.95万元……其中：接待费支出……
        if measure == "完成" and p.quantity.kind == "money":
            measure = "执行"
        if role == "level" and p.quantity.kind in ("money", "count", "area", "length"):
            if own_item or item == WHOLE:
                self.item = item
                if "其中" not in lead and not lead.startswith(("、", "和")):
                    self.top = item
            if not self.subject and p.quantity.kind == "money":
                self.subject = item
            self.spent_before = self.spent_before or measure == "执行"
            if own_measure:
                self.measure = measure if measure in CARRIED else ""
            elif not measure and self._spent(p, lead):
                measure = self.measure = "执行"
        if PRIOR.search(lead) and not COMPARED.search(lead):
            period = "上年"
        elif (compared := COMPARED.search(lead)) and role == "level":
            years = YEAR.findall(compared[0])
            period = years[-1] if years else "上年" if PRIOR.search(compared[0]) else period
        return Fact(
            figure, item, measure, owner=self.owner, period=period, scope=self.scope, role=role, direction=direction,
            own_item=own_item, own_measure=own_measure, lead=lead, tail=tail, paragraph=self.index,
            sentence=sentence, start=p.start, end=p.end,
        )  # fmt: skip

    def _spent(self, p: Printed, lead: str) -> bool:
        """总支出17917.84万元: spending, unless the sentence speaks of a budget."""
        if p.quantity.kind != "money" or not lead.rstrip("共计为是达合总：").endswith("支出"):
            return False
        text = self.paragraph.text
        start = max(text.rfind(c, 0, p.start) for c in "。；") + 1
        return not re.search("预算|安排|计划|下达", _masked(text[start : p.start]))

    def _words(self, lead: str, role: Role, p: Printed) -> tuple[str, str, bool, bool]:
        """Item and measure said in the words before a figure, nearest clause first."""
        item = measure = ""
        named = None
        lead = SPLIT_BY.sub("", lead)
        clauses = [c for c in CLAUSE.split(lead) if c]
        for clause in reversed(clauses[-4:]):
            if item == "" and REASON_CLAUSE.match(clause):
                continue
            named = glossary().item_in(clause)
            if named and named[0] == WHOLE and (owner := glossary().item_in(clause[: named[1]])):
                # 公用经费本年支出: the spending of that item, not of the whole
                named = owner if owner[2] == named[1] else named
            rest = clause[: named[1]] + clause[named[2] :] if named else clause
            if not measure and (hit := glossary().measure_in(rest)):
                measure = hit[0]
                rest = rest[: hit[1]] + rest[hit[2] :]
            item = named[0] if named else _noun(rest)
            if item:
                break
        if not measure and named and lead[-12:].rstrip("为是共计达：").endswith("收入") and item != "收入":
            measure = "收入"  # 一般公共预算财政拨款收入 is not the spending of that name
        if not measure and role == "level" and (hit := glossary().measure_in(_masked(lead))):
            measure = hit[0]
        return item, measure, bool(item), bool(measure)


def _title_item(paragraph: Paragraph) -> str:
    """What a numbered paragraph says it is about: “2.学生资助。预算……” is about 学生资助."""
    title = paragraph.title
    if not 2 <= len(title) <= 25 or len(title) + paragraph.marker == len(paragraph.text):
        return ""
    named = glossary().item_in(title)
    if named:
        return named[0]
    return "" if NO_NAME.search(title) or re.search(r"[，\d]", title) else title


def _indicator_name(paragraph: Paragraph) -> str:
    """The indicator a paragraph is about, "" where it is about none."""
    text = paragraph.text
    if not re.search("指标值|目标值", text) or not re.search("得分|分值|完成率|完成值|得\\d", text):
        return ""
    if len(re.findall("指标值|目标值", text)) > 1:
        return ""
    body = re.sub(r"^指标[一二三四五六七八九十\d]+[：、]", "", text[paragraph.marker :])
    name = re.split("[：，。]", body, maxsplit=1)[0]
    if len(name) > 30 or re.search(r"\d|该指标", name):
        name = paragraph.path[-1] if paragraph.path else ""
    return name


def _masked(words: str) -> str:
    """Words without the names of items, so that 一般公共预算 is not read as a budget figure."""
    return glossary().item_pattern.sub(lambda m: "〇" * len(m[0]), words)


def _noun(words: str) -> str:
    """What is left of a clause when time, verbs and fillers are gone; "" where nothing is."""
    words = TIME_WORDS.sub("", COMPARED.sub("", words))
    words = CHANGE_END.sub("", words)
    before = None
    while before != words:
        before = words
        words = LEADING_VERB.sub("", TAIL_WORDS.sub("", FILLER.sub("", words)))
    if ALL_PROJECTS.search(words):
        return "项目支出"
    return words[-24:] if len(words) >= 2 else ""


def _role(p: Printed, lead: str) -> tuple[Role, int]:
    kind = p.quantity.kind
    direction = 0
    if change := CHANGE_END.search(lead):
        direction = 1 if change["up"] else -1
    elif DIFFERENCE.search(lead) and kind in ("money", "count"):
        return "change", 0
    if kind == "percent":
        return "rate", direction
    if kind == "standard":
        return "standard", 0
    if kind in ("money", "count", "score", "area", "length"):
        return ("change", direction) if direction and "新增" not in lead[-6:] else ("level", 0)
    return "other", 0


def _scope(path: Sequence[str]) -> str:
    words = " ".join(path)
    for scope in ("一般公共预算", "政府性基金", "国有资本经营", "社会保险基金"):
        if scope in words:
            return scope
    return ""
