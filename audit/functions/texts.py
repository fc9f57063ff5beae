"""Figures and findings of text that stands in cells, narrative against annex, values of a form in a range.

What a text gives is kept by its content, so that recalculating a sheet costs nothing where the words are the same.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..errors import AuditError
from ..facts import Fact
from ..findings import Check, Status
from ..glossary import glossary
from ..quantity import MONEY_UNITS, Quantity, plain
from ..report import Report
from ..run import check_documents
from ..source import Block, Cell, CellState, Document, Role, Span, Table
from . import function
from .border import (
    DASHES,
    HAS_ERROR,
    MISSING,
    Given,
    Reason,
    is_error,
    rows,
    single,
    text,
    to_cell,
    to_table,
)  # fmt: skip

if TYPE_CHECKING:
    from ..forms.read_back import FormData

READING, CHECKING, FORMS = "审计·读数", "审计·核对", "审计·附表"
KINDS = {
    "money": "金额", "percent": "比率", "count": "数量", "standard": "标准", "score": "分数", "date": "日期", "area": "面积",
    "length": "长度", "other": "其他",
}  # fmt: skip
LARGEST = 2_000_000  # characters; more than any report
Frozen = tuple[tuple[Any, ...], ...]


def words_of(value: Given) -> str | Reason:
    """A range as text: a paragraph per row, blank cells left out. With an error in it, it is not the text meant."""
    if any(is_error(cell) for row in rows(value) for cell in row):
        return HAS_ERROR
    lines = ["　".join(words for cell in row if (words := text(cell).strip())) for row in rows(value)]
    words = "\n".join(line for line in lines if line)
    return Reason("文字过长") if len(words) > LARGEST else words or MISSING


def narrative(words: str) -> Document:
    blocks, at = [], 0
    for line in words.split("\n"):
        if line.strip():
            blocks.append(Block(at, at + len(line)))
        at += len(line) + 1
    return Document(
        "d1",
        "叙述",
        "narrative",
        hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(),
        words,
        tuple(blocks),
    )


def table(grid: Frozen, role: Role = "annex", id: str = "d2") -> Document:
    """A range as a document with one table. Merged cells come as their first cell and blanks."""
    cells = []
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            cells.append(_cell(r, c, value, id))
    width = max(map(len, grid))
    return Document(id, "附表", role, "", tables=(Table("附表", tuple(cells), len(grid), width),))


def _cell(r: int, c: int, value: Any, id: str) -> Cell:
    words = text(value).strip()
    number = Decimal(words) if isinstance(value, int | float | Decimal) and math.isfinite(value) else None
    state = CellState.VALUE
    if words == "":
        state = CellState.BLANK
    elif words in DASHES - {"不适用", "无"}:
        state = CellState.DASH
    elif is_error(value):
        state, number = CellState.ERROR, None
    return Cell(r, c, words, Span(id, None, None, words, cell=f"附表!R{r + 1}C{c + 1}"), number, state)


@lru_cache(maxsize=64)
def report_of(words: str) -> Report:
    return check_documents([narrative(words)])


@lru_cache(maxsize=32)
def report_beside(words: str, grid: Frozen) -> Report:
    return check_documents([narrative(words), table(grid)])


@lru_cache(maxsize=32)
def forms_in(grid: Frozen) -> tuple[FormData, ...]:
    from ..forms.read_back import read_forms

    return tuple(read_forms(table(grid)))


def freeze(value: Given) -> Frozen:
    """A range that can be looked up. TRUE is its word here: as a key it would be the same as 1."""
    return tuple(tuple(text(cell) if isinstance(cell, bool) else cell for cell in row) for row in rows(value))


def _shown(figure: Quantity) -> Decimal:
    """The number in the unit that sheets use: 万元, shares, or the printed one."""
    if figure.base_unit == "元":
        return figure.exact / MONEY_UNITS["万元"]
    return figure.exact if figure.kind == "percent" else figure.value


@function(
    "FIGURES",
    "读数",
    READING,
    spills=True,
    ranges=("source",),
    source="文字，或一列段落",
)
def figures(source: Given) -> Any:
    """列出文字中的每个数：原文、数值、单位、类型、事项、读数、期间、第几段。"""
    words = words_of(source)
    if isinstance(words, Reason):
        return str(words)
    report = report_of(words)
    facts = {fact.figure.id: fact for fact in report.facts}
    out: list[Sequence[Any]] = [("原文", "数值", "单位", "类型", "事项", "读数", "期间", "段")]
    starts = [block.start for block in report.documents[0].blocks]
    for figure in report.figures:
        fact = facts.get(figure.id, Fact(figure))
        q = figure.quantity
        paragraph = sum(start <= (figure.span.start or 0) for start in starts)
        value = q.text if q.kind == "date" else q.value
        out.append((q.text, value, q.unit, KINDS[q.kind], fact.item, fact.measure, fact.period, paragraph))
    return to_table(out) if len(out) > 1 else "没有数字"


@function(
    "FIGURE",
    "取数",
    READING,
    ranges=("source",),
    source="文字，或一列段落",
    item="事项，如 整体支出、基本支出、三公经费",
    measure="读数，如 年初预算、全年预算、执行、执行率",
    period="期间，省略为本年；上年写“上年”",
)
def figure(source: Given, item: Given, measure: Given = None, period: Given = None) -> Any:
    """从文字中取一个数：金额以万元计，比率为小数。多处所写不同时返回说明。"""
    words = words_of(source)
    wanted, reading, when = (text(single(value)).strip() for value in (item, measure, period))
    if isinstance(words, Reason):
        return str(words)
    if any(is_error(single(value)) for value in (item, measure, period)):
        return str(HAS_ERROR)
    if not wanted:
        return str(MISSING)
    wanted = glossary().items.get(wanted, wanted)
    if reading not in dict(glossary().measures) and (found := glossary().measure_in(reading)):
        reading = found[0]  # 执行数 is 执行
    facts = [
        fact for fact in report_of(words).facts
        if fact.item == wanted and fact.period == when and (not reading or fact.measure == reading)
        and fact.kind != "date" and (reading or fact.role == "level")
    ]  # fmt: skip
    values = list(dict.fromkeys(_shown(fact.figure.quantity) for fact in facts))
    if not values:
        return "没有找到"
    if len(values) > 1:
        return "多处不一致：" + "、".join(plain(value.normalize()) for value in values[:4])
    return to_cell(values[0])


@function(
    "CHECK_TEXT", "核对文字", CHECKING, spills=True, ranges=("source",), source="自评报告的文字，一列段落"
)
def check_text(source: Given) -> Any:
    """复算并核对报告文字，列出发现：程度、规则、问题、涉及原文、建议。"""
    words = words_of(source)
    if isinstance(words, Reason):
        return str(words)
    report = report_of(words)
    found = report.findings
    if not found:
        return "未发现问题" if report.figures else "没有数字"
    out: list[Sequence[Any]] = [("程度", "规则", "问题", "涉及原文", "建议")]
    for one in found:
        quoted = "；".join(dict.fromkeys(span.text for span in one.evidence[:4]))
        out.append((one.severity.value, one.code, one.message, quoted, one.advice))
    return to_table(out)


@function(
    "RECONCILE",
    "表文核对",
    CHECKING,
    spills=True,
    ranges=("narrative_range", "annex_range"),
    narrative_range="自评报告的文字，一列段落",
    annex_range="附表所在区域，含表头",
)
def reconcile(narrative_range: Given, annex_range: Given) -> Any:
    """叙述与附表的同一事项逐项核对：事项、叙述、附表、差异、结论。"""
    words, grid = words_of(narrative_range), freeze(annex_range)
    if isinstance(words, Reason):
        return str(words)
    if not any(text(cell).strip() for row in grid for cell in row):
        return str(MISSING)
    report = report_beside(words, grid)
    out: list[Sequence[Any]] = [("事项", "叙述", "附表", "差异", "结论")]
    for check in report.checks:
        sides = _sides(check)
        if sides:
            told, printed = sides
            gap = (
                ""
                if check.difference is None or check.status is Status.AGREES
                else f"{plain(check.difference)}{'个百分点' if check.unit == '%' else check.unit}"
            )
            out.append((check.subject, told, printed, gap, check.status.value))
    return to_table(out) if len(out) > 1 else "没有可核对的事项"


def _sides(check: Check) -> tuple[str, str] | None:
    """The printed numbers of both sides of a check that joins narrative and annex."""
    own = [check.result] if check.result else []
    here = [f.quantity.text for f in (*own, *check.operands) if f.span.document == "d1"]
    there = [f.quantity.text for f in (*own, *check.operands) if f.span.document == "d2"]
    return ("、".join(here), "、".join(there)) if here and there else None


@function(
    "FORM_VALUE",
    "附表取数",
    FORMS,
    ranges=("form",),
    form="填好的附表所在区域，含标题和表头",
    field="栏目，如 编制数；行列交叉的写“年度资金总额·全年执行数”",
)
def form_value(form: Given, field: Given) -> Any:
    """从填好的附表中按栏目取数，不受插行、换列影响。金额以万元计，比率为小数。"""
    from ..forms.labels import label

    if is_error(single(field)):
        return str(HAS_ERROR)
    asked = text(single(field)).strip()
    if not asked:
        return str(MISSING)
    try:
        found = forms_in(freeze(form))
    except AuditError as error:
        return error.cause
    if not found:
        return "没有认出标准附表"
    data = found[0]
    row, _, column = asked.replace("：", "·").partition("·")
    heads = []
    for f in data.form.fields:
        if f.key not in data.values:
            continue
        both = (label(row), label(column)) == (label(f.label), label(f.head))
        if asked == f.key or both or (not f.head and label(asked) == label(f.label)):
            return to_cell(data.values[f.key])
        if f.head and label(asked) == label(f.label):
            heads.append(f"{f.label}·{f.head}")
    return "请写明列：" + "、".join(heads) if heads else f"附表中没有“{asked}”"
