"""R81x: numbering. 序号跳号、重号、倒退，漏写序号，同级序号样式混用，标题与上段连写。"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..facts import Facts
from ..findings import Severity
from ..prose import CLOSED, Paragraph
from ..source import Span
from . import Found, Outcome, rule
from .wording_lists import NAMED, Mark, Run, mark_of, number_of, run_in, runs_of
from .wording_text import once, prints


def _head(paragraph: Paragraph, most: int = 20) -> Span:
    """The number and the title behind it."""
    stop = re.search("[，。；：]", paragraph.text[paragraph.marker :])
    end = paragraph.marker + (stop.start() if stop else most)
    return paragraph.span(0, max(min(end, paragraph.marker + most, len(paragraph.text)), 1))


@rule("R811", "numbering", Severity.NOTE, source="wording")
def numbering(facts: Facts) -> Iterator[Outcome]:
    """同级序号应当连续，不跳号、不重号。

    Flags    （一）基本情况
             我局内设股室4个。
             （三）年度重点工作
             新建养老服务站3个
    Passes   （一）基本情况
             我局内设股室4个。
             （二）年度重点工作
             新建养老服务站3个
    """
    runs, slips = runs_of(facts)
    for slip in slips:
        here = slip.mark.marker
        evidence = [_head(slip.mark.paragraph)]
        if slip.kind == "jumped" and slip.before is None:
            message = f"序号从“{here}”开始，缺前面的序号"
        elif slip.before is None:
            continue
        else:
            there = slip.before.marker
            message = {
                "jumped": f"序号由“{there}”跳到“{here}”",
                "repeated": f"序号“{here}”重复",
                "backwards": f"“{there}”之后又是“{here}”，序号倒退",
                "nested": f"“{there}”之下又用“{here}”，层级序号重复",
            }[slip.kind]
            if slip.kind in ("repeated", "nested"):
                evidence.append(_head(slip.before.paragraph))
        bare = [p for p in slip.between if slip.kind == "jumped"][:8]
        if bare:
            message += f"，其间的标题“{bare[0].text.rstrip('。')}”{'等' if len(bare) > 1 else ''}没有序号"
        evidence += [_head(p) for p in bare]
        yield Found(message, tuple(evidence), "请核对序号，补写漏写的序号，并看是否漏了内容")
    yield from _unnumbered(facts, runs, {id(p) for slip in slips for p in slip.between})
    yield from _against_ordinal(runs)
    yield from _inside(facts)


ORDINAL = re.compile(r"(?:指标|项目|问题|目标|措施)([一二三四五六七八九十]{1,3})(?=[：:、．.。]|$)")


def _against_ordinal(runs: Sequence[Run]) -> Iterator[Outcome]:
    """（八）指标七, where its sisters have the same number twice."""
    for run in runs:
        told = [
            (mark, match)
            for mark in run.marks
            if (match := ORDINAL.match(mark.paragraph.text, mark.paragraph.marker))
        ]
        apart = Counter(mark.number - number_of(match[1]) for mark, match in told)
        usual, count = apart.most_common(1)[0] if apart else (0, 0)
        for mark, match in told if count > 2 else ():
            if mark.number - number_of(match[1]) != usual:
                yield Found(
                    f"序号“{mark.marker}”与“{match[0]}”不对应",
                    (_head(mark.paragraph),),
                    "请核对序号，并看是否漏了内容",
                )


def _unnumbered(facts: Facts, runs: Sequence[Run], told: set[int]) -> Iterator[Outcome]:
    """Headings without a number beside numbered ones: （一）…, 三公经费情况, （二）…; 3.时效指标：…, 成本指标：…"""
    lost = []
    for run in runs:
        for first, second in itertools.pairwise(run.marks if run.kind == "（一）" else ()):
            between = facts.paragraphs[first.index + 1 : second.index]
            bare = [p for p in between[1:-1] if _bare_heading(p)]
            if len(bare) == 1 and not any(mark_of(p, 0) for p in between):
                lost.append((bare[0], first))
        if run.kind not in NAMED:
            lost += [(p, run.marks[-1]) for p in _behind(facts.paragraphs, run)]
    for paragraph, before in lost:
        if id(paragraph) not in told:
            told.add(id(paragraph))
            yield Found(
                f"“{before.marker}”之后并列的标题“{_title(paragraph)}”没有序号",
                (_head(paragraph),), "请核对是否漏写序号",
            )  # fmt: skip


def _bare_heading(paragraph: Paragraph) -> bool:
    bare = paragraph.heading and not paragraph.marker and paragraph.text[-1] not in CLOSED
    return bare and 4 <= len(paragraph.text) <= 24


def _title(paragraph: Paragraph) -> str:
    return re.split("[：。]", paragraph.text[paragraph.marker :])[0]


def _behind(paragraphs: Sequence[Paragraph], run: Run) -> Iterator[Paragraph]:
    """Paragraphs behind the last number of a list that are headed like its members, but for the number."""
    endings = [_ending(m.paragraph) for m in run.marks]
    common = endings[-1] if endings.count(endings[-1]) > len(endings) // 2 else ""
    for n, paragraph in enumerate(paragraphs[run.marks[-1].index + 1 :][:8]):
        if mark_of(paragraph, 0):
            return
        sure = len(endings) > 1 or (paragraph.heading and n > 0)
        if common and sure and _ending(paragraph) == common:
            yield paragraph


def _ending(paragraph: Paragraph) -> str:
    """How its heading ends, with the colon behind it: 情况, 指标："""
    title, colon, _ = paragraph.text[paragraph.marker :].partition("：")
    if colon and 3 <= len(title) <= 12 and not re.search("[，。；]", title):
        return title[-2:] + "："
    if run_in(paragraph):
        return "。"
    return title[-2:] if paragraph.heading and not colon and paragraph.text[-1] not in CLOSED else ""


ORDINALS = (
    re.compile(r"(?:^|(?<=[。；：，:;]))(?:第)?([一二三四五六七八九十])(?:是|要(?!素))"),
    re.compile(r"(?:^|(?<=[。；：，:;]))[（(](\d)[）)]"),
    re.compile(r"([①-⑩])"),
    re.compile(r"(?:^|(?<=[。；：，:;]))第([一二三四五六七八九十])(?=[，、,])"),
)


def _inside(facts: Facts) -> Iterator[Outcome]:
    """一是、二是、四是 within a paragraph."""
    for paragraph in facts.paragraphs:
        text = paragraph.text
        for pattern in ORDINALS:
            found = [(number_of(m[1]), m) for m in pattern.finditer(text)]
            for (before, _), (number, match) in itertools.pairwise(found):
                if number not in (before + 1, 1):
                    kind = "重复" if number == before else "与前一项不连续"
                    span = paragraph.span(match.start(), min(match.end() + 8, len(text)))
                    yield Found(f"分项序号“{match[0]}”{kind}", (span,), "请核对分项序号，并看是否漏了内容")


BRACKETED = re.compile(r"(?<=[。；：;:])[（(]\d[）)]")


@rule("R813", "marker-style", Severity.NOTE, source="wording")
def marker_style(facts: Facts) -> Iterator[Outcome]:
    """同级序号的样式应一致：括号全角或半角，“1.”或“1、”。

    Flags    分三步：(1)摸底；（2）审核；（3）发放
    Passes   分三步：（1）摸底；（2）审核；（3）发放
    """
    runs, _ = runs_of(facts)
    spans: list[Span] = []
    for paragraph, text in prints(facts):
        inside = list(BRACKETED.finditer(text))
        half = [m for m in inside if "(" in m[0] or ")" in m[0]]
        if 0 < len(half) < len(inside):
            spans += [paragraph.span(m.start(), m.end() + 4) for m in half]
    for run in runs:
        styles: dict[str, list[Mark]] = {}
        for mark in run.marks:
            styles.setdefault(re.sub(r"[\d一二三四五六七八九十①-⑳]+", "1", mark.marker), []).append(mark)
        if len(styles) > 1 and run.kind not in NAMED:
            most = max(len(marks) for marks in styles.values())
            odd = [m for marks in styles.values() if len(marks) < most for m in marks] or run.marks
            spans += [_head(m.paragraph) for m in odd]
    yield from once("序号样式与同级的不一致", spans, "请统一同级序号的括号和顿号、圆点")


INLINE = re.compile(r"(?<=[。；！])(\d{1,2})([、．.])(?!\d)(?=[\u4e00-\u9fff“])")


@rule("R814", "heading-run-on", Severity.NOTE, source="wording")
def heading_run_on(facts: Facts) -> Iterator[Outcome]:
    """标题应另起一段，不接在上一段末尾。

    Flags    管理有待加强。八、下一步改进措施
    Passes   管理有待加强
    """
    spans: list[Span] = []
    for before, paragraph in itertools.pairwise(facts.paragraphs):
        gap = before.document.text[before.offsets[-1] + 1 : paragraph.offsets[0]]
        same_line = not gap.strip("\u3000 \t") and "\n" not in gap
        listed = re.match(r"[一二三四五六七八九十]+、", before.text) and len(before.text) <= 60
        if same_line and mark_of(paragraph, 0) and before.text[-1] in "。！" and not listed:
            spans.append(_head(paragraph))
    for paragraph in facts.paragraphs:
        own = re.match(r"(\d{1,2})([、．.])(?!\d)", paragraph.text)
        found = list(INLINE.finditer(paragraph.text)) if own else []
        if not own or not found or own[2] != found[0][2]:
            continue
        ends = [*(m.start() for m in found[1:]), len(paragraph.text)]
        for number, (match, end) in enumerate(zip(found, ends, strict=True), int(own[1]) + 1):
            if int(match[1]) == number and (end - match.end() > 60 or match.start() > 100):
                stop = re.search("[。：；，]", paragraph.text[match.end() :])
                title = match.end() + (stop.start() if stop else 10)
                spans.append(paragraph.span(match.start(), min(title, match.end() + 20)))
    yield from once("标题接在上一段末尾", spans, "请将标题另起一段")
