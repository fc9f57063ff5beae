"""R40x: what a template left behind. 提示语、占位符、空节、文档残留。"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache

from ..facts import Facts
from ..findings import Severity
from ..glossary import parameters
from ..prose import Paragraph
from ..source import Span
from . import Found, Outcome, rule
from .wording_text import once, prints, prose


@cache
def pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in parameters("wording")["leftover"][kind]))


@rule("R401", "prompt-left", Severity.QUESTION, source="template")
def prompt_left(facts: Facts) -> Iterator[Outcome]:
    """填报提示语应删去，改写为实际内容。

    Flags    （请结合实际说明原因，不少于200字）
    Passes   新增就业岗位200个，履职效果较好
    """
    for paragraph in prose(facts):
        found = list(pattern("prompts").finditer(paragraph.text))
        if found:
            words = max((m[0] for m in found), key=len)
            spans = tuple(paragraph.span(m.start(), m.end()) for m in found)
            yield Found(f"填报提示语未删除：“{_short(words)}”", spans, "请删去提示语，补写实际内容")


def _short(words: str, most: int = 40) -> str:
    return words if len(words) <= most else f"{words[:most]}……"


@rule("R402", "placeholder", Severity.QUESTION, source="template")
def placeholder(facts: Facts) -> Iterator[Outcome]:
    """占位符应换成实际内容，数字不应空缺。

    Flags    项目支出占%，XX机制不断健全
    Passes   项目支出占35%，长效机制不断健全
    """
    spans = []
    for paragraph in facts.paragraphs:
        for match in pattern("placeholders").finditer(paragraph.text):
            start = max(match.start() - 6, 0) if match.start() else 0
            spans.append(paragraph.span(start, min(match.end() + 4, len(paragraph.text))))
    yield from once("占位符未填或数字空缺", spans, "请补写实际内容")


@rule("R404", "remains", Severity.NOTE, source="template")
def remains(facts: Facts) -> Iterator[Outcome]:
    """不应留有文档软件的残留字样。

    Flags    三、绩效目标完成情况错误!未定义书签。
    Passes   三、绩效目标完成情况良好
    """
    spans = []
    for paragraph, text in prints(facts):
        for match in pattern("remains").finditer(text):
            spans.append(paragraph.span(match.start(), match.end()))
    yield from once("文档残留字样", spans, "请更新目录、域和链接后重新生成文件")


ONLY_PROMPT = re.compile(r"^(?:（[^（）]*）|……|…|略|待补充|[。，；：、\s])*$")
POINTS_AWAY = re.compile(
    r"^(?:详?见|参见|参照|同)(?:各|附|上|前|后|下|本|项目|专项|表)[^，。；]{0,16}[。；]?$"
)
LISTED = 4  # so many headings in a row are a table of contents


@rule("R403", "empty-section", Severity.QUESTION, source="template")
def empty_section(facts: Facts) -> Iterator[Outcome]:
    """每一节都应有内容。

    Flags    数量目标：见各专项绩效目标内容
    Passes   数量目标：新建养老服务站3个
    """
    yield from _empty_headings(facts.paragraphs)
    for paragraph in prose(facts):
        label, colon, body = paragraph.text[paragraph.marker :].partition("：")
        if colon and POINTS_AWAY.match(body) and 2 <= len(label) <= 16 and "附" not in label:
            yield _empty(paragraph, f"“{label}”没有内容，只写“{body.rstrip('。；')}”")

    bare = [
        p
        for p, below in itertools.zip_longest(facts.paragraphs, facts.paragraphs[1:])
        if p.marker and p.marker == len(p.text) and p.level < 4 and (below is None or below.marker)
    ]
    yield from once("只有序号，没有标题和内容", [_whole(p) for p in bare], "请补写内容，或删去多余的序号")


def _empty(paragraph: Paragraph, message: str) -> Found:
    return Found(message, (_whole(paragraph),), "请补写本节内容；确无内容的写明原因")


def _whole(paragraph: Paragraph) -> Span:
    return paragraph.span(0, min(len(paragraph.text), 60))


def _empty_headings(paragraphs: Sequence[Paragraph]) -> Iterator[Found]:
    titles = [p.text[p.marker :] for p in paragraphs]
    row = 0
    for i, paragraph in enumerate(paragraphs):
        if not _section(paragraph):
            row = 0
            continue
        body, after = _below(paragraphs, i)
        blank = not body or (len(body) == 1 and bool(ONLY_PROMPT.match(body[0].text)))
        stripped = re.sub(r"（[^（）]*）|[。：]", "", paragraph.title)
        prompt = _prompt_only(paragraph)
        if not blank or (
            not prompt and _goes_on(paragraph, paragraphs[after] if after < len(paragraphs) else None)
        ):
            row = 0
            continue
        row += 1
        if row >= LISTED or titles.count(titles[i]) > 1 or _table_below(paragraphs, i):
            continue
        if not prompt and _neighbours_empty(paragraphs, i):
            continue
        if stripped:
            yield _empty(paragraph, f"“{stripped}”一节没有内容")


def _section(paragraph: Paragraph) -> bool:
    """A numbered heading 一、 or （一） that names a section."""
    if paragraph.level not in (1, 2) or not paragraph.marker:
        return False
    bare = (paragraph.heading and paragraph.text[-1] not in "。；：") or _prompt_only(paragraph)
    return bare and len(paragraph.text) > paragraph.marker + 1


def _prompt_only(paragraph: Paragraph) -> bool:
    """A heading behind whose colon stands nothing but what the outline asks for."""
    _, colon, rest = paragraph.text.partition("：")
    match = pattern("prompts").search(rest) if colon else None
    return bool(match) and len(rest) - len(match[0]) <= 3 if match else False


def _below(paragraphs: Sequence[Paragraph], i: int) -> tuple[list[Paragraph], int]:
    """The paragraphs up to the next heading of the same or a higher level."""
    level = paragraphs[i].level
    for end in range(i + 1, len(paragraphs)):
        if 0 < paragraphs[end].level <= level and paragraphs[end].marker:
            return list(paragraphs[i + 1 : end]), end
    return list(paragraphs[i + 1 :]), len(paragraphs)


def _goes_on(paragraph: Paragraph, below: Paragraph | None) -> bool:
    """A list that starts afresh right below is what the section holds."""
    return (
        below is not None
        and bool(re.match(r"[（(]?[一1][）)、.．]", below.text))
        and below.level >= paragraph.level
    )


def _table_below(paragraphs: Sequence[Paragraph], i: int) -> bool:
    start = paragraphs[i].offsets[-1]
    end = paragraphs[i + 1].offsets[0] if i + 1 < len(paragraphs) else len(paragraphs[i].document.text)
    return any(block.kind != "paragraph" and start < block.end and block.start < end
               for block in paragraphs[i].document.blocks)  # fmt: skip


def _sister(paragraph: Paragraph, level: int) -> bool:
    return paragraph.level == level and paragraph.marker > 0 and paragraph.heading


def _neighbours_empty(paragraphs: Sequence[Paragraph], i: int) -> bool:
    """Three or more sister headings without text in a row: a list, not sections."""
    level = paragraphs[i].level
    count = 1
    for step in (-1, 1):
        at = i + step
        while 0 <= at < len(paragraphs) and _sister(paragraphs[at], level):
            count, at = count + 1, at + step
    return count >= 3
