"""R83x: how words go together. 重复的字词，介词、语序和搭配，成段照抄。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..facts import Facts
from ..findings import Severity
from ..glossary import parameters
from ..prose import Paragraph
from ..source import Span
from . import Outcome, rule
from .wording_text import matches, once, prose

INNER = "[^，。；：、！？（）“”《》,;:()]"
WORD_TWICE = re.compile(r"([\u4e00-\u9fff]{2,8})\1")
LISTED_TWICE = re.compile(
    r"(?<=[、，])([\u4e00-\u9fff]{2,8})、\1(?=[、，。；]|[\u4e00-\u9fff]{2,8}(?:[、，。；]|工作|政策))"
)
FIRST_TWICE = re.compile(  # 保障儿童、儿童和残疾人: the word right before a mark, again behind it
    r"([\u4e00-\u9fff]{2,8})、\1(?=[、，。；和及与或等])"
)
ALL_TWICE = re.compile(
    r"等等(?=(?:各?方面|各?项|工作|内容|问题|情况|支出|费用|事项|措施|领域|环节|[\d一二两三四五六七八九十]+[个项类]))"
)
PHRASE_TWICE = re.compile(r"(?:^|(?<=[，。；：、]))([\u4e00-\u9fff]{4,40})[，；]\1(?=[，。；]|$)")
CLAUSE_TWICE = re.compile(
    r"(?:^|(?<=[，。；：、）．.]))([^，。；]{5,40}(?:[，；][^，。；]{4,40})?)[，。；]\1(?=[，。；]|$)"
)
# Repetitions of a character that are words: 为了了解, 目的的, 参与与否 …
SOUND = re.compile(
    r"了了解|了了然|目的的|的的确|参与与|作为为|成为为|视为为|现在在|存在在|合并并|应对对|针对对|普及及|涉及及|理由由|自由由|是是非|一对对|至至|各各|按按|非是是|事由由"
)
REDUPLICATED = re.compile(
    r"每|^指标指标$|组织组织|研究研究|讨论讨论|一步一步|一项一项|一户一户|一条一条|分期分批|很多很多|多多|人人|户户"
)


@rule("R831", "doubled-word", Severity.NOTE, source="wording")
def doubled_word(facts: Facts) -> Iterator[Outcome]:
    """字词不应重复：“预算编制的的准确性”“完成改造任务完成改造”。

    Flags    完成100户特殊困难家庭完成适老化改造
    Passes   完成100户特殊困难家庭适老化改造
    """
    spans: list[Span] = []
    for paragraph in prose(facts):
        spans += [paragraph.span(start, end) for start, end in _repetitions(paragraph.text)]
    spans = [
        s
        for s in spans
        if not WORD_TWICE.fullmatch(re.sub(r"\s", "", s.text)) or not re.search(r"\s", s.text)
    ]
    yield from once("字词重复", _outermost(spans), "请删去重复的字词")
    for paragraph in prose(facts):
        again = [m.start() + 1 for m in re.finditer("[；;]分别为(?![^；。]{0,14}、)", paragraph.text)]
        if len(again) > 1:
            places = [paragraph.span(at, min(at + 16, len(paragraph.text))) for at in again]
            yield from once("逐项重复“分别为”", places, "列举时“分别为”只写一次")


def _repetitions(text: str) -> Iterator[tuple[int, int]]:
    pattern = _patterns()
    for match in pattern["character"].finditer(text):
        if not SOUND.search(text[max(match.start() - 1, 0) : match.end() + 1]):
            yield max(match.start() - 2, 0), min(match.end() + 2, len(text))
    for match in WORD_TWICE.finditer(text):
        if not REDUPLICATED.search(match[0]) and len(set(match[1])) > 1:
            yield match.span()
    for pattern_ in (LISTED_TWICE, FIRST_TWICE, PHRASE_TWICE, CLAUSE_TWICE, ALL_TWICE):
        yield from (match.span() for match in pattern_.finditer(text))
    for match in pattern["preposition"].finditer(text):
        yield match.span()
    for match in pattern["take"].finditer(text):
        yield match.span()
    for match in pattern["verb"].finditer(text):
        if not JOINED.search(match[2]) and not text[: match.start()].endswith(NOT_A_VERB_BEFORE):
            yield match.span()


JOINED = re.compile(r"[和并及与或以来而再又后即就才的]|计划|实际|应|未|已|目标|任务|按|力争|[\d今全本]年")
NOT_A_VERB_BEFORE = ("未", "率", "应", "待", "已", "共同", "有效", "实际", "计划", "目标")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = parameters("wording")["repeated"]
    nouns = "|".join(words["nouns"])
    prepositions, verbs = "|".join(words["prepositions"]), "|".join(words["verbs"])
    return {
        "character": re.compile(rf"([{words['characters']}])\1|{nouns}"),
        "preposition": re.compile(rf"({prepositions}){INNER}{{2,24}}\1"),
        "verb": re.compile(
            rf"({verbs})({INNER}{{2,24}}?)\1(?!率|情况|数|度|值|量|的|行动|工程|计划|项目|任务|比例|了)"
        ),
        "take": re.compile(
            rf"(?<![即必终麻])将(?![军来近要领士帅会])({INNER}{{3,24}}?)(?<![即必终])将(?![军来近要领士帅])"
        ),
    }


def _outermost(spans: list[Span]) -> list[Span]:
    """Without those that lie within another."""
    kept: list[Span] = []
    end = -1
    for span in sorted(spans, key=lambda s: (s.start or 0, -(s.end or 0))):
        if (span.end or 0) > end:
            kept.append(span)
            end = span.end or 0
    return kept


@rule("R832", "word-order", Severity.NOTE, source="wording")
def word_order(facts: Facts) -> Iterator[Outcome]:
    """语序、介词和搭配应通顺。

    Flags    每月按时了发放救助金
    Passes   每月按时发放了救助金
    """
    body = prose(facts)
    for entry in parameters("wording")["slip"]:
        spans = [p.span(m.start(), _end(p, m.end())) for p, m in matches(body, _compiled(entry["pattern"]))]
        yield from once(entry["what"], spans, entry["advice"])


def _end(paragraph: Paragraph, end: int) -> int:
    """With a few characters more, so that the words can be told."""
    return min(end + 4, len(paragraph.text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
