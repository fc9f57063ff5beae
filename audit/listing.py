"""How a total opens a list of parts: which figures can be its parts, where the list starts and ends.

Comes in: Facts. Goes out: facts in the order of the text. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from .facts import BUDGET_READINGS, Fact, Facts

SENTENCE_END = re.compile("[。！？](?!其中|分项情况|具体(?:为|是|情况))")
BELOW = re.compile(r"(?:其中|如下|分别为|分别是|包括|具体)[^，。；]{0,6}：$")
OPENS = re.compile(r"其中|包括|包含|分别|具体(?:为|是|如下)|构成|组成|如下|即：|含|[：（]|^中，")
# 68.55万元（预算75万元，执行率91.4%）: another reading of the same, no part of it
OTHER_READING = re.compile(
    "（(?:年初|全年|调整后)?(?:预算|计划|目标|任务|指标|应|上年|去年|合同|概算|标准|控制|原值|账面)"
)
STATE = re.compile("[，、](?:已|均已|全部|现已)?(?:整改|办结|完成|验收|销号|处理|回复|支付|拨付|到位|合格)")
LISTS = re.compile(r"其中|包括|包含|分别")
BODIES = {"个", "家", "所", "处"}  # 175家社会组织 and 175个社会组织 are the same count
ANIMALS = {"头", "只", "羽", "匹"}
PLANNED = {"目标", "年中", "分值", "得分", "扣分"}
CLOSES = re.compile(r"合计|共计|总计|总(?!经理|体|工)|共(?!同|和|产|建|享|有产)")


def same_measure(a: Fact, b: Fact) -> bool:
    """Can these two be readings of the same kind? An unsaid measure fits any."""
    x, y = a.measure, b.measure
    if not x or not y or x == y or {x, y} == {"收入", "全年预算"}:
        return True
    return x in BUDGET_READINGS and y in BUDGET_READINGS and "预算" in (x, y)


def addable(total: Fact, part: Fact) -> bool:
    """Could this be a part of that total: same unit, same kind of reading, same period?"""
    if part.kind != total.kind or part.role != total.role or part.period != total.period:
        return False
    if part.role != "level" and not part.direction == total.direction != 0:
        return False
    one, other = part.unit, total.unit
    if one != other and not any(one in words and other in words for words in (BODIES, ANIMALS)):
        return False
    if part.figure.quantity.approx:
        return False
    counted = total.kind != "money" and total.measure not in PLANNED and part.measure not in PLANNED
    return counted or same_measure(total, part)


def tie(total: Decimal, parts: Sequence[Fact], at_least: int = 2) -> list[Fact]:
    """The shortest run of leading parts that makes up the total, the parts of parts left out.

    A part followed by its own parts (which add up to it) counts once. Empty where nothing ties.
    """
    for nested in (True, False):
        chosen: list[Fact] = []
        rest = total
        i = 0
        while i < len(parts) and len(chosen) < 60:
            chosen.append(parts[i])
            rest -= parts[i].value
            if rest == 0 and len(chosen) >= at_least and any(p.value for p in chosen):
                while (
                    (i := i + 1) < len(parts)
                    and not parts[i].value
                    and parts[i].sentence == chosen[-1].sentence
                ):
                    chosen.append(parts[i])
                return chosen
            i = children_end(parts, i) if nested else i + 1
    return []


def children_end(parts: Sequence[Fact], i: int) -> int:
    """Where the parts of parts[i] end: after the run right behind it that adds up to it, else i + 1."""
    if not parts[i].value:
        return i + 1
    rest = parts[i].value
    for j in range(i + 1, min(len(parts), i + 20)):
        rest -= parts[j].value
        if rest == 0 and j > i + 1:
            return j + 1
        if rest < 0:
            break
    return i + 1


def opening(facts: Facts, total: Fact) -> str:
    """How a list of parts is opened behind a total.

    "list" in its sentence, "nested" where the total is itself a part of an open list, "below" in the
    paragraphs that follow, "" not at all. Between a total and its 其中 only other readings of the same
    thing may stand (预算100万元，执行90万元，其中：…), or the same thing counted otherwise (10户20人).
    """
    row = facts.in_paragraph(total.paragraph)
    at = row.index(total)
    text = facts.place(total).text
    if BELOW.search(text) and not any(addable(total, f) for f in row[at + 1 :]):
        return "below"
    i = at
    while True:
        following = row[i + 1] if i + 1 < len(row) else None
        gap = text[row[i].end : following.start if following else len(text)]
        stop = SENTENCE_END.search(gap)
        opener = OPENS.search(gap, 0, stop.start() if stop else len(gap))
        close = _closing(text, row[i].end)
        if (
            opener
            and opener[0] == "（"
            and not any(addable(total, f) for f in row[i + 1 :] if f.start < close)
        ):
            opener = None
        if (
            opener
            and opener[0] == "（"
            and following
            and OTHER_READING.match(following.lead[following.lead.rfind("（") :])
        ):
            opener = None
        if opener and "；" not in gap[: opener.start() - (opener[0] == "其中")]:
            same = [
                f for f in row[:at] if f.sentence == total.sentence and "；" not in text[f.end : total.start]
            ]
            inside = any(LISTS.search(f.lead) for f in same)
            inside = inside or (bool(LISTS.search(total.lead)) and "（" not in total.lead)
            ends = [j for c in "；。" if (j := text.find(c, row[i].end + opener.end())) >= 0]
            colon = "：" in text[row[i].end + opener.start() : row[i].end + opener.end() + 1]
            stop_at = len(text) if colon else min(ends, default=len(text))
            if not any(addable(total, f) for f in row[i + 1 :] if f.start < stop_at):
                return ""
            return "nested" if inside and not opener[0].startswith("（") else "list"
        if stop or following is None or addable(total, following):
            return ""
        counted = following.role == "level" and following.unit != total.unit
        if counted and (gap or following.kind != "count") and total.kind not in ("length", "area"):
            return ""
        i += 1


def _closing(text: str, start: int) -> int:
    """Where the bracket opened behind `start` closes."""
    close = text.find("）", start)
    return close if close >= 0 else len(text)


def parts_below(facts: Facts, total: Fact) -> list[Fact]:
    """Facts of the paragraphs below a total that ends in a colon, down to the next heading of its rank."""
    owner = facts.place(total)
    found: list[Fact] = []
    for index in range(total.paragraph + 1, len(facts.paragraphs)):
        paragraph = facts.paragraphs[index]
        if len(paragraph.path) < len(owner.path) or paragraph.path[: len(owner.path)] != owner.path:
            break
        found += [f for f in facts.in_paragraph(index) if addable(total, f)]
    return found


def inside_bracket(facts: Facts, total: Fact, parts: list[Fact]) -> list[Fact]:
    """The parts that stand in a bracket opened right behind the total."""
    text = facts.after(total)
    opened = re.match(r"[\u4e00-\u9fff]{0,12}（", text)
    if not opened or OTHER_READING.match(text, opened.end() - 1):
        return []
    close = text.find("）", opened.end())
    return [p for p in parts if p.start - total.end < close] if close > 0 else []


def top_level(facts: Facts, total: Fact, parts: list[Fact], keep_new: bool = False) -> list[Fact]:
    """The parts named at the first level: up to a closing total, without the lists inside a part."""
    top: list[Fact] = []
    nested = False
    colon = bool(parts) and parts[0].paragraph == total.paragraph and "：" in facts.between(total, parts[0])
    for n, part in enumerate(parts):
        if n and CLOSES.search(part.lead) and not re.search("其中", part.lead):
            break
        words = facts.between(parts[n - 1], part) if n else ""
        if total.kind == "count" and "；" in words and not colon:
            break  # the sentence has gone on to something else
        if re.search("比上年|较上年|同比", part.lead) or (keep_new and "新增" in part.lead):
            continue
        if top and _share_of(facts, part, top):
            continue
        if n:
            if "其中" in words or "包括" in words or words.rfind("（") > words.rfind("）"):
                nested = True
            elif total.kind == "count" and words.count("，") > 1:
                break
            elif "；" in words or "）" in words or "。" in words:
                nested = False
        if not nested:
            top.append(part)
    return top


def _share_of(facts: Facts, part: Fact, before: list[Fact]) -> bool:
    """授予小微企业108万元，占授予中小企业合同金额的55.56%: its share says that it is a part of a part."""
    row = facts.in_paragraph(part.paragraph)
    behind = row[row.index(part) + 1 :][:1]
    named = behind[0].lead if behind and behind[0].measure == "占比" else ""
    return any(
        len(words) >= 4 and words[-6:] in named for words in (f.lead.lstrip("，、；其中") for f in before)
    )


def adjacent(facts: Facts, total: Fact, parts: list[Fact]) -> bool:
    """No other figure of that unit stands between the total and its parts' end."""
    inside = [
        f for f in facts.in_paragraph(total.paragraph)
        if total.start < f.start <= parts[-1].start and f.unit == total.unit and f.kind == total.kind
    ]  # fmt: skip
    return len(inside) <= len(parts) + 2
