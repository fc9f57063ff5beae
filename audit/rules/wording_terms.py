"""R82x: terms. 错别字、机构和业务名词写错一字、同一名称前后写法不一、已停用的名称。"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import add

from ..facts import Facts
from ..findings import Severity
from ..glossary import glossary, parameters
from ..source import Span
from . import Found, Outcome, rule
from .wording_text import matches, once, prose

TAILS = "处会率数费股科室站度员"  # end a word of three characters: 办事处, 委员会, 执行率
FIRST_LOST = "一政国社"  # behind a year or a title: 2022年度般公共预算
LEFT_OUT = "的性人及和与者化"  # go missing in usual short names
HAN = re.compile(r"[\u4e00-\u9fff]+")


@cache
def alike() -> Mapping[str, frozenset[str]]:
    """For each character those that typing takes for it: same sound, similar shape."""
    data = parameters("alike")
    known: dict[str, set[str]] = {}
    for group in (*data["sound"].split(), *data["shape"].split()):
        for c in group:
            known.setdefault(c, set()).update(group)
    return {c: frozenset(group - {c}) for c, group in known.items()}


@dataclass(frozen=True)
class Terms:
    """The terms, every right print there is, and by which characters to look for misprints.

    whole    three characters that a term begins or ends with → (term, where in it they stand)
    open     three characters around one that may be wrong (AB?D, A?CD) → the same
    variants three characters that a term begins with after one was lost or two changed places → (print, term)
    """

    right: frozenset[str]
    whole: Mapping[str, list[tuple[str, int]]]
    open: tuple[Mapping[str, list[tuple[str, int]]], Mapping[str, list[tuple[str, int]]]]
    variants: Mapping[str, list[tuple[str, str]]]
    pairs: frozenset[str]  # first two characters of all keys but those of A?CD, whose last two are the tails
    tails: frozenset[str]


@cache
def terms() -> Terms:
    data = parameters("wording")["terms"]
    listed = [t for t in dict.fromkeys(data["list"].split()) if len(t) > 3]
    right = frozenset([*data["list"].split(), *data["apart"].split(), *glossary().items])
    whole: dict[str, list[tuple[str, int]]] = {}
    second: dict[str, list[tuple[str, int]]] = {}
    third: dict[str, list[tuple[str, int]]] = {}
    variants: dict[str, list[tuple[str, str]]] = {}
    for term in listed:
        last = len(term) - 3
        for at in {0, last}:
            whole.setdefault(term[at : at + 3], []).append((term, at))
        if len(term) < 6:
            third.setdefault(term[:2] + term[3], []).append((term, 0))
        if len(term) == 4:
            second.setdefault(term[0] + term[2:], []).append((term, 0))
        for print_ in _lost_or_swapped(term):
            if print_ not in right:
                variants.setdefault(print_[:3], []).append((print_, term))
    pairs = frozenset(key[:2] for table in (whole, third, variants) for key in table)
    tails = frozenset(key[1:] for key in second)
    return Terms(right, whole, (second, third), variants, pairs, tails)


def _lost_or_swapped(term: str) -> Iterator[str]:
    for i in range(len(term) - 1):
        if term[i] != term[i + 1]:
            yield term[:i] + term[i + 1] + term[i] + term[i + 2 :]
    if len(term) > 4:
        yield from (term[:i] + term[i + 1 :] for i in range(2, len(term) - 1) if term[i] not in LEFT_OUT)
    if term[0] in FIRST_LOST and len(term) > 5:
        yield term[1:]


def misprints(text: str) -> Iterator[tuple[int, int, str]]:
    """Places where a term seems meant but one character is wrong, missing or changed places; and the term.

    >>> list(misprints("各街道办理处负责受理"))
    [(1, 6, '街道办事处')]
    """
    known = terms()
    second, third = known.open
    pairs = [text[i : i + 2] for i in range(len(text) - 2)]
    for i in (i for i, pair in enumerate(pairs) if pair in known.pairs):
        three = text[i : i + 3]
        for term, at in (*known.whole.get(three, ()), *third.get(pairs[i] + text[i + 3 : i + 4], ())):
            yield from _meant(text, i - at, term)
        for shown, term in known.variants.get(three, ()):
            lost = term.endswith(shown) and text[max(i - 1, 0) : i] == term[0]
            if not lost and text.startswith(shown, i) and not _right(text, i, i + len(shown)):
                yield i, i + len(shown), term
    for i in (i - 2 for i, pair in enumerate(pairs) if i > 1 and pair in known.tails):
        for term, _ in second.get(text[i] + pairs[i + 2], ()):
            yield from _meant(text, i, term)


def _meant(text: str, start: int, term: str) -> Iterator[tuple[int, int, str]]:
    end = start + len(term)
    if start >= 0 and _slip(text[start:end], term) and not _right(text, start, end):
        yield start, end, term


def _slip(shown: str, term: str) -> bool:
    """Is one character another: of the same sound or shape anywhere, any other inside a long term?"""
    if len(shown) != len(term) or shown == term:
        return False
    at = next(i for i, c in enumerate(term) if shown[i] != c)
    if shown[at + 1 :] != term[at + 1 :] or not HAN.match(shown[at]):
        return False
    inner = at == 3 and term[-1] in TAILS if len(term) == 5 else 1 < at < len(term) - 2
    return shown[at] in alike().get(term[at], ()) or (len(term) > 4 and inner)


def _right(text: str, start: int, end: int) -> bool:
    """Is what stands there, or a longer piece with it, a term written right?"""
    return any(
        text[a:b] in terms().right
        for a in range(max(0, start - 4), start + 1)
        for b in range(end, min(len(text), a + 14) + 1)
    )


@cache
def short_slips() -> Mapping[str, str]:
    """Two characters that are no word → the word of the same sound that is meant: 编治 → 编制."""
    known: dict[str, str] = {}
    for line in parameters("wording")["homophones"]["list"].strip().splitlines():
        word, first, second = line.split()
        known.update({f"{c}{word[1]}": word for c in first if c != "-"})
        known.update({f"{word[0]}{c}": word for c in second if c != "-"})
    return known


NAME_AFTER = re.compile("[\u4e00-\u9fff]?(?:[村镇乡县路街河桥]|社区|水库|公司)")


def short_misprints(text: str) -> Iterator[tuple[int, int, str]]:
    """Common words of two characters, one of them a homophone; not where a name is likely (编治村).

    >>> list(short_misprints("年度目标编治不够细"))
    [(4, 6, '编制')]
    """
    known = short_slips()
    for shown in sorted(known.keys() & set(map(add, text, text[1:]))):
        at = text.find(shown)
        while at >= 0:
            if not NAME_AFTER.match(text, at + 2) and not _right(text, at, at + 2):
                yield at, at + 2, known[shown]
            at = text.find(shown, at + 1)


PLATE = re.compile(r"加挂(?:[^，。；（）()“”]{0,20}?)([\u4e00-\u9fff])(?=牌子)")
ORGANS = "室股科处部局委会办站所队院馆心组校厂场社厅署司台团行库园区的块等”"


@rule("R821", "misspelling", Severity.NOTE, source="wording")
def misspelling(facts: Facts) -> Iterator[Outcome]:
    """常用词和业务名词不应有错别字。

    Flags    在各街道办理处设立服务窗口，及时拔付资金
    Passes   在各街道办事处设立服务窗口，及时拨付资金
    """
    typos = parameters("wording")["typos"]
    told: set[tuple[int, int]] = set()
    found: dict[tuple[str, str], list[Span]] = {}
    text = "\n".join(p.text for p in facts.paragraphs)
    for paragraph, match in matches(facts.paragraphs, _any(tuple(w for w in typos if w in text))):
        span = paragraph.span(match.start(), match.end())
        told.add((span.start or 0, span.end or 0))
        found.setdefault((match[0], typos[match[0]]), []).append(span)
    for paragraph in facts.paragraphs:
        for start, end, term in (*misprints(paragraph.text), *short_misprints(paragraph.text)):
            span = paragraph.span(start, end)
            if not any(a < (span.end or 0) and (span.start or 0) < b for a, b in told):
                told.add((span.start or 0, span.end or 0))
                found.setdefault((paragraph.text[start:end], term), []).append(span)
    for (shown, right), spans in found.items():
        if len(spans) < 4 or shown in typos:
            yield Found(f"“{shown}”疑为“{right}”之误", tuple(spans), "请核对用字")
    for paragraph, match in matches(facts.paragraphs, PLATE):
        if match[1] not in ORGANS:
            span = paragraph.span(max(match.end() - 8, match.start()), match.end() + 2)
            yield Found(f"机构名称“{span.text}”疑有错字或漏字", (span,), "请核对机构名称")


@cache
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)")


PAIRS_THAT_DIFFER = (
    {*"他她它"},
    {*"的地得"},
    {*"做作坐座"},
    {*"制至治"},
    {*"订定"},
    {*"其期"},
    {*"市是"},
    {*"实施时"},
    {*"一以已"},
)
WINDOW, MIDDLE = 5, 3


@rule("R822", "written-two-ways", Severity.NOTE, source="consistency")
def written_two_ways(facts: Facts) -> Iterator[Outcome]:
    """同一名称前后写法应一致，只有一处差一个同音或形近字的疑为笔误。

    Flags    石桥镇敬老院已完工。石桥镇敬老院已入住。石桥镇敬老院已验收。石桥镇净老院运转正常
    Passes   石桥镇敬老院已完工。石桥镇敬老院已入住。石桥镇敬老院已验收。石桥镇敬老院运转正常
    """
    body = prose(facts)
    text = "\n".join(p.text for p in body)
    seen = Counter(text[i : i + WINDOW] for i in range(len(text) - WINDOW + 1))
    usual = [window for window, count in seen.items() if count >= 3 and HAN.fullmatch(window)]
    for right in usual:
        for c in alike().get(right[MIDDLE], ()):
            shown = f"{right[:MIDDLE]}{c}{right[MIDDLE + 1 :]}"
            if seen.get(shown) != 1 or any({c, right[MIDDLE]} <= pair for pair in PAIRS_THAT_DIFFER):
                continue
            for paragraph in body:
                if (at := paragraph.text.find(shown)) >= 0:
                    span = paragraph.span(at, at + WINDOW)
                    yield Found(f"“{shown}”在别处写作“{right}”", (span,), "请核对名称，统一写法")


@rule("R823", "replaced-term", Severity.NOTE, source="wording")
def replaced_term(facts: Facts) -> Iterator[Outcome]:
    """已停用的名称、科目应改用现行名称。

    Flags    负责农村五保供养工作
    Passes   负责特困人员救助供养工作
    """
    for entry in parameters("wording")["replaced"]:
        if facts.year < entry["since"]:
            continue
        spans = [
            p.span(m.start(), m.end())
            for p, m in matches(facts.paragraphs, _compiled(entry["old"]))
            if not re.search("原[^，。；]{0,6}$|历史|以前年度", p.text[: m.start()])
            and not _in_title(p.text, m.start())
        ]
        yield from once(f"名称已改（现为{entry['new']}）", spans, "请核对是否沿用了旧材料，改用现行名称")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _in_title(text: str, at: int) -> bool:
    return text.rfind("《", 0, at) > text.rfind("》", 0, at)
