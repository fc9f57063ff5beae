"""What a label says, whoever printed it: blanks, numbers, brackets and other words for the same thing left out.

Comes in: the text of a cell. Goes out: the word by which `locate` compares. Other prints of a label are data,
`params/labels.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import cache, lru_cache

from ..columns import BRACKETS, MARKER, squeeze
from ..glossary import parameters

QUOTES = re.compile(r"[“”\"'‘’《》*＊]")
YEAR = re.compile(r"((?:19|20)\d\d)年(?:度)?")
LONGEST = 60  # a cell with more words than this is no label
LONGEST_INLINE = 30  # nor are more words than this before a colon
GAP = re.compile(r"[\n\t　]+|\s{2,}|[；;]\s*")  # what may stand between two labels in one cell
NUMBERED_NOTE = re.compile(r"\d{1,2}$")


@cache
def synonyms() -> dict[str, str]:
    return {bare(word): bare(group[0]) for group in parameters("labels")["same"] for word in group}


@cache
def ends() -> frozenset[str]:
    return frozenset(label(word) for word in parameters("labels")["ends"])


@cache
def captions() -> frozenset[str]:
    """Labels that stand over a list of rows and are no row of it."""
    return frozenset(label(word) for word in parameters("labels")["captions"])


@lru_cache(maxsize=16_384)
def bare(text: str) -> str:
    """A label without what comes and goes.

    >>> bare("其中：1、“三公” 经费（万元）："), bare("全年执行数(B)"), bare("（二）项目支出")
    ('三公经费', '全年执行数', '项目支出')
    >>> bare("年度部门（单位）名称")
    '年度部门名称'
    """
    core = MARKER.sub("", squeeze(text))
    if "（" in core:
        core = BRACKETS.sub("", core).split("（")[0]
    return QUOTES.sub("", core).rstrip("：:；;")


@lru_cache(maxsize=16_384)
def label(text: str, year: int = 0) -> str:
    """The word by which a label is compared.

    >>> label("2022年决算数", 2023), label("本年财政拨款"), label("2023年度实际在职人数", 2023)
    ('上年决算数', '当年财政拨款', '实际在职人数')
    """
    if len(text) > LONGEST:
        return ""
    core = bare(text)
    if year and (found := YEAR.search(core)):
        gap = int(found[1]) - year
        word = "上年" if gap == -1 else "当年" if gap == 0 else found[0]
        core = YEAR.sub(word, core, count=1)
        if core not in synonyms() and word == "当年":
            core = synonyms().get(core.removeprefix("当年"), core)
    return synonyms().get(core, core)


def ends_list(text: str, year: int, until: Container[str]) -> bool:
    """Does a cell say that a list of rows is over? 总分, 注1：…, 备注：…

    >>> ends_list("备注1：按资金额度加权。", 2023, ends()), ends_list("注重实效的项目数", 2023, ends())
    (True, False)
    """
    if label(text, year) in until:
        return True
    if "：" not in text and ":" not in text:
        return False
    head, colon, _ = squeeze(text[:LONGEST]).partition("：")
    if not colon:
        return False
    core = label(head, year)
    return core in until or NUMBERED_NOTE.sub("", core) in until


def inline(text: str, wanted: Container[str], year: int = 0) -> Iterator[tuple[str, str]]:
    """Labels and their values where one cell holds both, as often as it does.

    >>> list(inline("其中：一般公共预算：2690.62  其他资金：0", {"一般公共预算", "其他资金"}))
    [('一般公共预算', '2690.62'), ('其他资金', '0')]
    >>> list(inline("预期目标：一是按月发放；\\n二是及时足额。", {"预期目标"}))
    [('预期目标', '一是按月发放；\\n二是及时足额。')]
    """
    if "：" not in text and ":" not in text:
        return
    text = text.strip()
    found: list[tuple[int, int, str]] = []
    for start in (0, *(gap.end() for gap in GAP.finditer(text))):
        for colon in re.finditer("[：:]", text[start : start + LONGEST_INLINE]):
            core = label(text[start : start + colon.start()], year)
            if core in wanted:
                found.append((start, start + colon.end(), core))
                break
    for n, (_, first, core) in enumerate(found):
        last = found[n + 1][0] if n + 1 < len(found) else len(text)
        yield core, text[first:last].strip() if last == len(text) else text[first:last].strip(" \t\n　；;")
