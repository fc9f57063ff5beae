"""R82x: terms. 错别字、机构和业务名词写错一字、同一名称前后写法不一、已停用的名称。"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ..facts import Facts
from ..findings import Severity
from ..glossary import glossary, parameters
from ..source import Span
from . import Found, Outcome, rule
from .wording_text import matches, once, prose

TAILS = "处会率数费股科室站度员"  # end a word of three characters: 办事处, 委员会, 执行率
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
    """The terms, every right print there is, and where to look: two characters of a term → the terms that hold them.

    anchors maps a term's first and last two characters to (term, where in it they stand).
    """

    right: frozenset[str]
    anchors: Mapping[str, tuple[tuple[str, int], ...]]


@cache
def terms() -> Terms:
    data = parameters("wording")["terms"]
    listed = [t for t in dict.fromkeys(data["list"].split()) if len(t) > 3]
    anchors: dict[str, list[tuple[str, int]]] = {}
    for term in listed:
        for at in {0, len(term) - 2}:
            anchors.setdefault(term[at : at + 2], []).append((term, at))
    right = frozenset([*listed, *data["list"].split(), *data["apart"].split(), *glossary().items])
    return Terms(right, {pair: tuple(found) for pair, found in anchors.items()})


def misprints(text: str) -> Iterator[tuple[int, int, str]]:
    """Places where a term seems meant but one character is wrong, missing or changed places; and the term.

    >>> list(misprints("各街道办理处负责受理"))
    [(1, 6, '街道办事处')]
    """
    known = terms()
    for i in range(len(text) - 1):
        for term, at in known.anchors.get(text[i : i + 2], ()):
            if at == 0 and text.startswith(term, i):
                continue
            length = len(term)
            for size in (length, length - 1):
                start = i if at == 0 else i + 2 - size
                if (
                    start >= 0
                    and _slip(text[start : start + size], term)
                    and not _right(text, start, start + size)
                ):
                    yield start, start + size, term
                    break


def _slip(shown: str, term: str) -> bool:
    if shown == term or not HAN.fullmatch(shown):
        return False
    if len(shown) == len(term):
        wrong = [i for i, (a, b) in enumerate(zip(shown, term, strict=True)) if a != b]
        if len(wrong) == 1:
            at = wrong[0]
            sounds = shown[at] in alike().get(term[at], ())
            inner = at == 3 and term[-1] in TAILS if len(term) == 5 else 1 < at < len(term) - 2
            return sounds or (len(term) > 4 and inner)
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and shown[wrong[0]] == term[wrong[1]]
            and shown[wrong[1]] == term[wrong[0]]
        )
    left_out = range(2, len(term) - 1) if len(term) > 4 else ()
    return any(shown == term[:i] + term[i + 1 :] and term[i] not in LEFT_OUT for i in left_out)


def _right(text: str, start: int, end: int) -> bool:
    """Is what stands there, or a longer piece with it, a term written right?"""
    longest = 14
    for a in range(max(0, start - 4), start + 1):
        for b in range(end, min(len(text), a + longest) + 1):
            if text[a:b] in terms().right:
                return True
    return False


PLATE = re.compile(r"加挂(?:[^，。；（）()“”]{0,20}?)([\u4e00-\u9fff])(?=牌子)")
ORGANS = "室股科处部局委会办站所队院馆心组校厂场社厅署司台团行库园区的块等”"


@rule("R821", "misspelling", Severity.NOTE, source="wording")
def misspelling(facts: Facts) -> Iterator[Outcome]:
    """常用词和业务名词不应有错别字。

    Flags    在各街道办理处设立服务窗口，及时拔付资金
    Passes   在各街道办事处设立服务窗口，及时拨付资金
    """
    typos = parameters("wording")["typos"]
    pattern = _any(tuple(typos))
    told: set[tuple[int, int]] = set()
    found: dict[tuple[str, str], list[Span]] = {}
    for paragraph, match in matches(facts.paragraphs, pattern):
        span = paragraph.span(match.start(), match.end())
        told.add((span.start or 0, span.end or 0))
        found.setdefault((match[0], typos[match[0]]), []).append(span)
    for paragraph in facts.paragraphs:
        for start, end, term in misprints(paragraph.text):
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
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


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
WINDOW = 6


@rule("R822", "written-two-ways", Severity.NOTE, source="consistency")
def written_two_ways(facts: Facts) -> Iterator[Outcome]:
    """同一名称前后写法应一致，只有一处差一个同音或形近字的疑为笔误。

    Flags    石桥镇敬老院已完工。石桥镇敬老院已入住。石桥镇敬老院已验收。石桥镇净老院运转正常
    Passes   石桥镇敬老院已完工。石桥镇敬老院已入住。石桥镇敬老院已验收。石桥镇敬老院运转正常
    """
    frames: dict[tuple[str, str], Counter[str]] = {}
    text = "\n".join(p.text for p in prose(facts))
    for i in range(len(text) - WINDOW + 1):
        window = text[i : i + WINDOW]
        frames.setdefault((window[:3], window[4:]), Counter())[window[3]] += 1
    rare: dict[str, tuple[str, str]] = {}
    for (before, after), seen in frames.items():
        if len(seen) < 2:
            continue
        usual, often = seen.most_common(1)[0]
        for c, count in seen.items():
            apart = any({c, usual} <= pair for pair in PAIRS_THAT_DIFFER)
            if count == 1 and often >= 3 and c in alike().get(usual, ()) and not apart:
                rare[f"{before}{c}{after}"] = (f"{before}{usual}{after}", usual)
    for paragraph in prose(facts):
        for shown, (usual, _) in rare.items():
            if HAN.fullmatch(shown) and (at := paragraph.text.find(shown)) >= 0:
                span = paragraph.span(at, at + WINDOW)
                yield Found(f"“{shown}”在别处写作“{usual}”", (span,), "请核对名称，统一写法")


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
