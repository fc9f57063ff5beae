"""R81x: numbering. 序号跳号、重号、倒退，漏写序号，同级序号样式混用，标题与上段连写。"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..facts import Facts
from ..findings import Severity
from ..numerals import parse
from ..prose import CLOSED, Paragraph
from ..source import Span
from . import Found, Outcome, rule
from .wording_text import once, printed, prints

PARTS = re.compile(r"第([一二三四五六七八九十]+)(?:部分|章)")
MARKS = (
    ("一、", re.compile(r"([一二三四五六七八九十]{1,3})[、．.]")),
    ("（一）", re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]")),
    ("1.", re.compile(r"(\d{1,2})(?:[、．]|\.(?!\d)|\.(?=(?:19|20)\d\d年))")),
    ("（1）", re.compile(r"[（(](\d{1,2})[）)]")),
    ("1）", re.compile(r"(\d{1,2})[）)]")),
    ("①", re.compile(r"([①-⑳])")),
    (
        "指标一",
        re.compile(r"((?:指标|项目|问题|目标|措施|附件|附表)[一二三四五六七八九十]{1,3})(?=[：:、．.])"),
    ),
)
TOP = ("第一部分", "一、")


@dataclass
class Mark:
    """A paragraph's number: kind of list, number, the marker as printed, its paragraph."""

    kind: str
    number: int
    marker: str
    paragraph: Paragraph
    index: int


@dataclass
class Run:
    """Sisters of one list, in order; `parent` is how deep it stands."""

    kind: str
    marks: list[Mark] = field(default_factory=list)


@dataclass
class Slip:
    kind: str  # jumped, repeated, backwards, nested
    before: Mark | None
    mark: Mark
    between: list[Paragraph] = field(default_factory=list)


def mark_of(paragraph: Paragraph, index: int) -> Mark | None:
    text = printed(paragraph, 12)
    if match := PARTS.match(text):
        return Mark("第一部分", int(parse(match[1]) or 0), match[0], paragraph, index)
    for kind, pattern in MARKS:
        if match := pattern.match(text):
            return Mark(kind, _number(match[1]), match[0], paragraph, index)
    return None


def _number(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    if "①" <= digits <= "⑳":
        return ord(digits) - ord("①") + 1
    return int(parse(digits.lstrip("指标项目问题措施附件表")) or 0)


def read_runs(paragraphs: Sequence[Paragraph]) -> tuple[list[Run], list[Slip]]:
    """Follow the numbers down the text: lists within lists, and where a number is not the next one."""
    runs: list[Run] = []
    stack: list[Run] = []
    slips: list[Slip] = []
    for index, paragraph in enumerate(paragraphs):
        mark = mark_of(paragraph, index)
        if mark is None:
            if paragraph.heading:  # a heading without a number may start lists afresh
                stack = [run for run in stack if run.kind in (*TOP, "（一）", "指标一")]
            continue
        at = _continued(stack, mark)
        if at is None:
            at = next((i for i in reversed(range(len(stack))) if stack[i].kind == mark.kind), None)
            last = stack[at].marks[-1] if at is not None else None
            if mark.number == 1 or last is None:
                known = stack and mark.kind not in TOP  # else the beginning may have been cut off
                if (
                    last is None
                    and mark.number > 1
                    and known
                    and not _inline(paragraphs, stack[-1].marks[-1], mark)
                ):
                    slips.append(
                        Slip("jumped", None, mark, _bare(paragraphs, stack[-1].marks[-1].index, index))
                    )
                if last is not None and mark.kind in ("（一）",) and _right_below(last, mark):
                    slips.append(Slip("nested", last, mark))
                if mark.kind in TOP:
                    stack = []
                run = Run(mark.kind, [mark])
                runs.append(run)
                stack = [*stack, run] if last is None or mark.kind != "一、" else [run]
                continue
            assert at is not None
            if slip := _slip(paragraphs, last, mark):
                slips.append(slip)
        stack = stack[: at + 1]
        stack[at].marks.append(mark)
        if mark.kind in TOP:
            stack = [run for run in stack if run is stack[at] or run.kind == "第一部分"]
    return runs, slips


def runs_of(facts: Facts) -> tuple[list[Run], list[Slip]]:
    """Read once for all rules."""
    known: tuple[list[Run], list[Slip]] | None = vars(facts).get("_numbered")
    if known is None:
        known = vars(facts)["_numbered"] = read_runs(facts.paragraphs)
    return known


def _continued(stack: Sequence[Run], mark: Mark) -> int | None:
    """The innermost open list whose next number this is."""
    for i in reversed(range(len(stack))):
        if stack[i].kind == mark.kind and stack[i].marks[-1].number + 1 == mark.number:
            return i
    return None


def _slip(paragraphs: Sequence[Paragraph], last: Mark, mark: Mark) -> Slip | None:
    if mark.number > last.number + 1:
        if _inline(paragraphs, last, mark):
            return None
        return Slip("jumped", last, mark, _bare(paragraphs, last.index, mark.index))
    return Slip("repeated" if mark.number == last.number else "backwards", last, mark)


def _right_below(last: Mark, mark: Mark) -> bool:
    return mark.index == last.index + 1 and last.number > 1 and last.paragraph.heading


def _inline(paragraphs: Sequence[Paragraph], last: Mark, mark: Mark) -> bool:
    """Do the numbers between two marks stand inside the text between them, in the same style?"""
    if mark.kind not in INSIDE:
        return False
    text = "".join(p.text for p in paragraphs[last.index : mark.index])
    first = last.number + 1 if last.kind == mark.kind else 1
    return all(re.search(INSIDE[mark.kind](n), text) for n in range(first, mark.number))


def _chinese(n: int) -> str:
    tens, ones = divmod(n, 10)
    digits = " 一二三四五六七八九"
    return ((digits[tens] if tens > 1 else "") + "十" if tens else "") + digits[ones].strip()


INSIDE = {
    "（一）": lambda n: rf"（{_chinese(n)}）",
    "1.": lambda n: rf"(?<![\d.]){n}(?:[、．]|\.(?!\d)|\.(?=20\d\d年))",
    "（1）": lambda n: rf"（{n}）",
    "1）": lambda n: rf"(?<!\d){n}）",
}


TITLE = re.compile(
    r"[^，；：。\d]{2,28}(?:情况|目标|任务|说明|分析|措施|问题|建议|效果|成效|效益|支出|收入|经费|工作|职能|职责|机构|结论|安排|应用|管理|设置|指标|概况)。?"
    r"|[^，；：。\d]{4,24}"
)


def _bare(paragraphs: Sequence[Paragraph], start: int, end: int) -> list[Paragraph]:
    """Short paragraphs without a number between two marks: headings that may have lost theirs."""
    return [
        p for p in paragraphs[start + 1 : end]
        if not mark_of(p, 0)
        and (_run_in(p) or TITLE.fullmatch(p.text))
    ]  # fmt: skip


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
        apart = Counter(mark.number - _number(match[1]) for mark, match in told)
        usual, count = apart.most_common(1)[0] if apart else (0, 0)
        for mark, match in told if count > 2 else ():
            if mark.number - _number(match[1]) != usual:
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
        if run.kind != "指标一":
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


def _run_in(paragraph: Paragraph) -> bool:
    """Does it open with a title and a stop, the text right behind: 公务接待。全年接待…"""
    title, stop, rest = paragraph.text[paragraph.marker :].partition("。")
    return (
        bool(stop and rest)
        and 2 <= len(title) <= 12
        and not re.search(r"[，；：、\d]|^(?:综上|以上|此外|具体)", title)
    )


def _ending(paragraph: Paragraph) -> str:
    """How its heading ends, with the colon behind it: 情况, 指标："""
    title, colon, _ = paragraph.text[paragraph.marker :].partition("：")
    if colon and 3 <= len(title) <= 12 and not re.search("[，。；]", title):
        return title[-2:] + "："
    if _run_in(paragraph):
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
            found = [(_number(m[1]), m) for m in pattern.finditer(text)]
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
        if len(styles) > 1 and run.kind != "指标一":
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
