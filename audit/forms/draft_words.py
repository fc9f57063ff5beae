"""What the words of a report mean for a case: which cell a figure belongs to, what a project or an indicator is called.

Comes in: facts and paragraphs. Goes out: keys of `params/case.toml` and names. Keeps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from ..columns import item_of, read_head, row_meaning, squeeze
from ..facts import WHOLE, Fact
from ..glossary import glossary
from ..prose import Paragraph
from ..quantity import plain
from .case import Label, parts
from .values import Value

PREFIX = re.compile(r"^(?:[一-龥]{0,6}?(?:预算|追加|新增|安排))?项目(?=[“\"])")
NAME_ENDS = re.compile(r"(?:专项)?(?:资金|经费|补助|补贴|项目)*")
LONGEST, ROOMY = 1200, 300  # characters of a section that are taken over, that a form has room for
FORM, REPORT, LIKELY, LAST = range(
    4
)  # how much a place is trusted: a form, plain words, words that need a guess
PROJECT_END = re.compile(r"(?:项目|资金|经费|补助|补贴|工程|专项)$")
GENERAL = re.compile(
    r"^(?:本级|上级|转移支付|财政|各类?|其他|结转|专项|全部)*(?:财力)?(?:项目|资金|经费|专项)*$"
)
CLASS = re.compile(r"^([一-龥]{2,8}指标)(?:（.*）)?[：。]?$")


@cache
def part_labels(key: str) -> tuple[Label, ...]:
    return next(part.columns for part in parts() if part.key == key)


@cache
def department_keys() -> dict[str, None]:
    keys = [c.key for c in part_labels("department")]
    keys += [f"{r.key}_{c.key}" for p in parts() if p.shape == "matrix" for r in p.rows for c in p.columns]
    return dict.fromkeys(keys)


@cache
def project_totals() -> dict[str, str]:
    """The columns of a project's whole money, by reading."""
    own = [c for c in part_labels("projects") if c.kind == "money" and "：" not in c.label]
    return {read_head([c.label], 0, "万元").reading: c.key for c in own}


@cache
def matrix_keys() -> dict[tuple[str, str, str], tuple[str, ...]]:
    """The cells of 基础数据 and 整体支出 by item, reading and period."""
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for part in parts():
        for row in part.rows:
            readings = row_meaning(row.label).get("measures", {})
            for column in part.columns:
                head = read_head([column.label], 0, "万元")
                measure = readings.get(head.reading, head.reading)
                at = (item_of(row.label), measure, head.period)
                found[at] = (*found.get(at, ()), f"{row.key}_{column.key}")
    return found


WHOLES = (WHOLE, "基本支出", "项目支出")
# Amounts that stand in no matrix.
SINGLE = {
    (WHOLE, "结转", ""): "year_end_balance",
    ("三公经费", "预算", "上年"): "three_public_expenses_last_budget",
}


def keys_of(fact: Fact, before: list[Fact], year: int) -> Iterator[tuple[str, str, int]]:
    """The cells that an amount may be for, with what speaks against it."""
    item = item_of(fact.item) if fact.item else ""
    period = "上年" if year and fact.period == str(year - 1) else fact.period
    if period not in ("", "上年"):
        return
    doubt, rank = "", REPORT
    if fact.scope and item in WHOLES:
        if fact.scope != "一般公共预算":
            return
        doubt, rank = "这是一般公共预算的数，可能不含其他资金", LIKELY
    if item == "收入" and fact.measure == "年初预算":
        item, doubt, rank = WHOLE, "原文说的是收入预算，按收支平衡列在这里", LAST
    keys = matrix_keys()
    measure = fact.measure
    if (single := SINGLE.get((item, measure, period))) in department_keys():
        yield str(single), doubt, rank
    if measure == "预算" and any(f.measure == "年初预算" and not f.period for f in before):
        measure = "年初预算"  # 年初预算…，其中：基本支出…
    open_budget = measure == "预算" and item in WHOLES
    for key in keys.get((item, measure, period), ()) if not open_budget else ():
        yield key, doubt, rank
    other = {"年初预算": "预算", "全年预算": "预算", "预算": "全年预算", "": "执行"}.get(measure)
    if other is None or (measure == "预算" and not open_budget):
        return
    if measure != "年初预算":
        words = {"全年预算": "原文为调整后的全年预算数", "预算": "原文未写明是年初预算还是全年预算"}
        doubt = joined(doubt, words.get(measure, "原文未写明是预算数还是决算数"))
        rank = LAST if measure == "全年预算" else max(rank, LIKELY)
    for key in (
        *keys.get((item, other, period), ()),
        *(keys.get((item, "预算", period), ()) if open_budget else ()),
    ):
        yield key, doubt, rank


def part_of_another(fact: Fact, before: list[Fact]) -> bool:
    """项目支出…，包含一般公共预算拨款…: where the money of another total comes from, not the department's."""
    source = item_of(fact.item) if fact.item else ""
    if source in WHOLES or (source, "全年预算", "") not in matrix_keys():
        return False
    return any(f.item in WHOLES[1:] or f.item not in glossary().terms for f in before)


# ---- words -------------------------------------------------------------------------------------------------


def project_name(paragraph: Paragraph) -> str:
    """What a numbered paragraph calls its project.

    “年初预算项目“甲补助专项资金，年中……” is about 甲补助专项资金.
    """
    words = re.split("[，。；：]", paragraph.text[paragraph.marker :], maxsplit=1)[0]
    words = PREFIX.sub("", words)
    if words[:1] in '“"' and words.count("“") != words.count("”"):
        words = words[1:]
    elif words[:1] == "“" and words[-1:] == "”":
        words = words[1:-1]
    return words.strip('“”"、 ') if words.count("“") != words.count("”") else words.strip()


def listed_name(fact: Fact) -> str:
    """The project that a figure's words name, "" where they name none."""
    item = fact.item
    at = fact.lead.rfind(item)
    if at >= 0 and (more := NAME_ENDS.match(fact.lead, at + len(item))):
        item += more[0]
    if item in glossary().terms or fact.item in glossary().terms or len(item) < 4:
        return ""
    return "" if GENERAL.match(item) or not PROJECT_END.search(item) else item


def indicator_name(name: str, paragraph: Paragraph) -> tuple[str, str]:
    """The name of an indicator, and its class where the paragraph begins with that: 数量指标：甲人数目标值…"""
    if not CLASS.match(name):
        head = paragraph.text[paragraph.marker :].partition("：")[0]
        return name, head if len(head) <= 10 and CLASS.match(head) else ""
    rest = paragraph.text[paragraph.marker :].partition("：")[2]
    own = re.split("(?:年度|预期)?(?:目标|指标)值|计划|[≥≤=＝，。；：]", rest, maxsplit=1)[0]
    return (own, name) if 2 <= len(own) <= 30 else (name, "")


def same_name(a: str, b: str) -> bool:
    x, y = (re.sub(r"[“”\"‘’（）()]|[的率数值]$", "", squeeze(t)) for t in (a, b))
    return bool(x) and (x == y or (len(y) > 3 and x.endswith(y)) or (len(x) > 3 and y.endswith(x)))


def shortened(words: str) -> str:
    """As much as a form may have room for, whole sentences."""
    if len(words) <= LONGEST:
        return words
    end = max(words.rfind("。", 0, LONGEST), words.rfind("\n", 0, LONGEST))
    return words[: end + 1 if end > 0 else LONGEST].rstrip()


def joined(a: str, b: str) -> str:
    return f"{a}；{b}" if a else b


def shown(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
