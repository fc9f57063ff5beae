"""Numbered lists of a report: which paragraphs carry which number, and where a number is not the next one.

Comes in: paragraphs. Goes out: runs of sisters and the slips between them, for `wording_numbering`. Holds no rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..facts import Facts
from ..numerals import parse
from ..prose import Paragraph
from .wording_text import printed

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
    ("指标1", re.compile(r"((?:指标|目标|问题|措施)\d{1,2})(?=[：:、．])")),
)
TOP = ("第一部分", "一、")
NAMED = ("指标一", "指标1")  # the number behind a word


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
            return Mark(kind, number_of(match[1]), match[0], paragraph, index)
    return None


def number_of(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    if "①" <= digits <= "⑳":
        return ord(digits) - ord("①") + 1
    bare = digits.lstrip("指标项目问题措施附件表")
    return int(bare) if bare.isdecimal() else int(parse(bare) or 0)


def read_runs(paragraphs: Sequence[Paragraph]) -> tuple[list[Run], list[Slip]]:
    """Follow the numbers down the text: lists within lists, and where a number is not the next one."""
    runs: list[Run] = []
    stack: list[Run] = []
    slips: list[Slip] = []
    for index, paragraph in enumerate(paragraphs):
        mark = mark_of(paragraph, index)
        if mark is None:
            if paragraph.heading:  # a heading without a number may start lists afresh
                stack = [run for run in stack if run.kind in (*TOP, "（一）", *NAMED)]
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
        and (run_in(p) or TITLE.fullmatch(p.text))
    ]  # fmt: skip


def run_in(paragraph: Paragraph) -> bool:
    """Does it open with a title and a stop, the text right behind: 公务接待。全年接待…"""
    title, stop, rest = paragraph.text[paragraph.marker :].partition("。")
    return (
        bool(stop and rest)
        and 2 <= len(title) <= 12
        and not re.search(r"[，；：、\d]|^(?:综上|以上|此外|具体)", title)
    )
