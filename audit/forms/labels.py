"""What a label says, whoever printed it: blanks, numbers, brackets and other words for the same thing left out.

Comes in: the text of a cell. Goes out: the word by which `locate` compares. Other prints of a label are data,
`params/labels.toml`.
"""

from __future__ import annotations

import re
from functools import cache

from ..columns import BRACKETS, MARKER, squeeze
from ..glossary import parameters
from ..source import Cell

QUOTES = re.compile(r"[“”\"'‘’《》*＊]")
YEAR = re.compile(r"((?:19|20)\d\d)年(?:度)?")
LONGEST = 60  # a cell with more words than this is no label
INLINE = re.compile(r"(?P<label>\D{2,40}?)[：:]\s*(?P<value>[-−]?[\d,，]+(?:\.\d+)?\s*(?:[万亿]?元)?)\s*")


@cache
def synonyms() -> dict[str, str]:
    return {bare(word): bare(group[0]) for group in parameters("labels")["same"] for word in group}


@cache
def ends() -> frozenset[str]:
    return frozenset(label(word) for word in parameters("labels")["ends"])


@cache
def bare(text: str) -> str:
    """A label without what comes and goes.

    >>> bare("其中：1、“三公” 经费（万元）："), bare("全年执行数(B)"), bare("（二）项目支出")
    ('三公经费', '全年执行数', '项目支出')
    """
    core = MARKER.sub("", squeeze(text))
    return QUOTES.sub("", BRACKETS.sub("", core).split("（")[0] if "（" in core else core).rstrip("：:；;")


@cache
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


def inline(cell: Cell) -> tuple[str, str] | None:
    """Label and number of a cell that holds both: 一般公共预算：2690.62."""
    match = INLINE.fullmatch(cell.text.strip())
    return (match["label"], match["value"]) if match else None
