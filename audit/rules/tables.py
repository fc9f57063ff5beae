"""R104, R208, R708: footings, rates and limits inside a table or form.

Walks `Facts.tables`; the rules of running text never see these facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..annex import Entry, FormTable, Row
from ..columns import MONEY, TOTAL, is_source
from ..facts import WHOLE, Fact, Facts
from ..findings import Severity
from ..glossary import glossary
from ..source import CellState
from . import Claim, NotChecked, Outcome, rule, sum_formula

UNREAD = {CellState.ERROR: "单元格是错误值", CellState.UNCALCULATED: "公式从未计算，没有存下结果"}
Reading = tuple[str, str]  # measure and period


def where(form: FormTable, row: Row | None = None, reading: Reading = ("", "")) -> str:
    """What to call a figure of a form: 附件3《高龄津贴资金》：年度资金总额执行."""
    owner = f"《{form.owner}》" if form.owner else ""
    named = f"{form.kind or '表'}{owner}"
    period = reading[1] and (reading[1] if reading[1] == "上年" else f"{reading[1]}年")
    return named + ("" if row is None else f"：{row.label}{period}{reading[0]}")


def readings(rows: Iterable[Row]) -> list[tuple[int, Reading]]:
    """The columns of money, counts and areas, with what they hold; rates and scores are never summed."""
    found: dict[int, Reading] = {}
    for row in rows:
        for entry in row.entries:
            rate = entry.head.unit in ("%", "分") or (entry.fact and entry.fact.role != "level")
            if not rate:
                found.setdefault(entry.cell.column, (entry.head.reading, entry.head.period))
    return sorted(found.items())


def at(row: Row, column: int) -> Entry | None:
    return next((e for e in row.entries if e.cell.column == column), None)


def footing(
    form: FormTable,
    total: Row,
    parts: Sequence[Row],
    column: int,
    reading: Reading,
    relation: str = "=",
    doubt: str = "",
) -> Iterator[Outcome]:
    """One column's total against its parts. A blank part counts as absent, a dash as nothing."""
    whole = at(total, column)
    cells = [e for e in (at(p, column) for p in parts) if e]
    if whole is None or not any(e.fact for e in cells):
        return
    subject = where(form, total, reading)
    figures = tuple(e.fact.figure for e in cells if e.fact)
    unread = next(
        (e for e in [whole, *cells] if e.fact is None and e.cell.state in (*UNREAD, CellState.VALUE)), None
    )
    if unread:
        reason = UNREAD.get(unread.cell.state, f"“{unread.cell.text[:12]}”不是数字")
        figure = whole.fact.figure if whole.fact else None
        yield NotChecked(reason, figure, figures, sum_formula(figures), subject)
    elif whole.fact:
        doubt = doubt or next(
            (f.doubt for f in (whole.fact, *(e.fact for e in cells if e.fact)) if f.doubt), ""
        )
        if relation == "=":
            yield Claim(
                whole.fact.figure, sum_formula(figures), figures, subject=subject, basis="表内各分项相加",
                doubt=doubt, advice="请核对合计与各分项，或补列遗漏的分项",
            )  # fmt: skip
        else:
            yield Claim(
                whole.fact.figure, sum_formula(figures), figures, ">=", subject, "“其中”各项相加",
                doubt=doubt, advice="请核对“其中”各项与总数的口径",
            )  # fmt: skip


@rule("R104", "table-footing", Severity.ERROR, source="tie-outs")
def table_footing(facts: Facts) -> Iterator[Outcome]:
    """表内合计应等于各分项之和，逐栏核对；“其中”各项之和不应大于总数。

    Why      表内合计常由手工填写，改了分项忘了改合计
    Formula  合计 = Σ 分项;  年度资金总额 = Σ 资金来源 = 基本支出 + 项目支出;  结转 = 全年预算 − 执行
    Blank    空白视为没有该项，短横视为零；有错误值的合计不核对
    Flags    | 单位：万元 | | |
             | 项目名称 | 全年预算数 | 全年执行数 |
             | 甲项目 | 33.33 | 33.33 |
             | 乙项目 | 33.33 | 33.33 |
             | 丙项目 | 33.34 | 33.34 |
             | 合计 | 101.00 | 100.00 |
    Passes   | 单位：万元 | | |
             | 项目名称 | 全年预算数 | 全年执行数 |
             | 甲项目 | 33.33 | 33.33 |
             | 乙项目 | 33.33 | 33.33 |
             | 丙项目 | 33.34 | 33.34 |
             | 合计 | 100.00 | 100.00 |
    """
    for form in facts.tables:
        for total, parts, relation, doubt in footings(form):
            for column, reading in readings([total]):
                yield from footing(form, total, parts, column, reading, relation, doubt)
        yield from _unsaid(form)
        for row in form.rows:
            yield from _across(form, row)
            yield from _carried(form, row)


Footing = tuple[Row, list[Row], str, str]


def footings(form: FormTable) -> Iterator[Footing]:
    """Every total of a table with its parts, how they should stand, and what is unsure about it."""
    for rows in blocks(form):
        yield from _partitions(rows)
        yield from _numbered(rows)
        yield from _sources(rows)
        yield from _listed(rows)
        yield from _coded(rows)
        for n, row in enumerate(rows):
            if row.is_total:
                yield from _total(rows, n)


def blocks(form: FormTable) -> list[list[Row]]:
    """Rows under the same heads and below one another."""
    found: dict[tuple[int, int], list[Row]] = {}
    for row in form.rows:
        if not row.group:
            found.setdefault((row.block, row.zone), []).append(row)
    return list(found.values())


def _partitions(rows: list[Row]) -> Iterator[Footing]:
    """三公 = 出国 + 车辆 + 接待 and the other known partitions."""
    always = {item: parts for item, parts in glossary().partitions.items() if item not in glossary().loose}
    for item, parts in always.items():
        totals = [r for r in rows if r.item == item and not r.code]
        named = [next((r for r in rows if r.item == part and not r.code), None) for part in parts]
        listed = [r for r in named if r]
        if len(totals) == 1 and len(listed) > 1:
            doubt = "" if len(listed) == len(parts) else "表中未列全各部分"
            yield totals[0], listed, "=", doubt


def _numbered(rows: list[Row]) -> Iterator[Footing]:
    """项目支出 with the lines 1、 2、 3、 below it."""
    for n, row in enumerate(rows):
        if row.item != "项目支出" or row.marker[:1].isdigit():
            continue
        lines: list[Row] = []
        for line in rows[n + 1 :]:
            if not line.marker[:1].isdigit():
                break
            lines.append(line)
        if len(lines) > 1:
            yield row, lines, "=", ""


def _sources(rows: list[Row]) -> Iterator[Footing]:
    """年度资金总额 with 当年财政拨款, 上年结转资金, 其他资金."""
    for n, row in enumerate(rows):
        if row.item != WHOLE:
            continue
        lines: list[Row] = []
        for line in rows[n + 1 :]:
            if not is_source(line.label):
                break
            lines.append(line)
        if lines and "其中" in lines[0].marker:
            yield row, lines, "=", "" if len(lines) > 1 else "只列了一项资金来源"


def _listed(rows: list[Row]) -> Iterator[Footing]:
    """其中 lines that may be partial: 公用经费 with 办公经费, 水电差旅费 …"""
    known = set(glossary().items.values())
    wholes = {part for parts in glossary().partitions.values() for part in parts}
    for n, row in enumerate(rows):
        if n == 0 or "其中" not in row.marker or is_source(row.label) or row.item in wholes - {"公用经费"}:
            continue
        lines = [row]
        for line in rows[n + 1 :]:
            if line.marker or line.item in known or line.is_total:
                break
            lines.append(line)
        yield rows[n - 1], lines, ">=", ""


def _coded(rows: list[Row]) -> Iterator[Footing]:
    """201 = Σ 20139 = Σ 2013901: rows by their code."""
    below: dict[str, list[Row]] = {}
    coded = [r for r in rows if re.fullmatch(r"\d{3,9}", r.code)]
    for row in coded:
        below.setdefault(row.code[:-2], []).append(row)
    for row in coded:
        if row.code in below:
            yield row, below[row.code], "=", ""


def _total(rows: list[Row], n: int) -> Iterator[Footing]:
    """A 合计 row: of the rows above it since the last one, or of those below where it comes first.

    合计 takes in the 小计 above it, 总计 the 合计 with what follows it.
    """
    total = rows[n]
    earlier = [i for i in range(n) if rows[i].is_total]
    grand = [i for i in earlier if rows[i].is_grand_total]
    if n == 0:
        yield from _of(total, rows[1:])
    elif not total.is_grand_total or not earlier:
        yield from _of(total, rows[earlier[-1] + 1 if earlier else 0 : n])
    elif not grand:
        yield total, [rows[i] for i in earlier] + rows[earlier[-1] + 1 : n], "=", ""
    else:
        yield total, rows[grand[-1] + (0 if "总计" in total.label else 1) : n], "=", ""


def _of(total: Row, rows: list[Row]) -> Iterator[Footing]:
    coded = [r for r in rows if r.code]
    if coded and len(coded) == len([r for r in rows if not r.is_total]):
        shortest = min(len(r.code) for r in coded)
        rows = [r for r in coded if len(r.code) == shortest]
    if not coded:
        rows = _first_rank(rows)
        style = [_style(r) for r in rows]
        if len(set(style)) > 1:
            # Lines of more than one rank: only those of the first rank count.
            rows = [r for r, s in zip(rows, style, strict=True) if s == style[0]]
            if len(rows) > 1:
                yield total, rows, "=", "表中行有层级，按第一层相加"
            return
    rows = [r for r in rows if not r.is_total]
    if rows:
        yield total, rows, "=", ""


def _first_rank(rows: list[Row]) -> list[Row]:
    """Without the rows that are known to be parts of another row: 公务用车购置费 beside 公务用车购置及运行维护费."""
    partitions = glossary().partitions
    parts = {part for row in rows for part in partitions.get(row.item, ())}
    return [row for row in rows if row.item not in parts]


def _style(row: Row) -> str:
    if "其中" in row.marker:
        return "其中"
    return re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", row.marker))


def _unsaid(form: FormTable) -> Iterator[Outcome]:
    """按收入性质分, 按支出性质分: each split makes up 年度资金总额.

    Where the form does not say which reading it splits, the one that fits, else the amount spent.
    """
    whole = form.whole()
    if whole is None:
        return
    for group in dict.fromkeys(r.group for r in form.rows if r.group):
        rows = [r for r in form.rows if r.group == group]
        by: dict[str, list[Fact]] = {}
        for fact in (f for row in rows for f in row.facts() if f.kind == "money"):
            by.setdefault(fact.measure, []).append(fact)
        for measure, parts in by.items():
            figures = tuple(f.figure for f in parts)
            totals = [
                t
                for m in ((measure,) if measure else ("执行", "全年预算", "年初预算"))
                if (t := whole.find(m))
            ]
            summed = sum((f.value for f in parts), Decimal(0))
            total = next((t for t in totals if t.value == summed), totals[0] if totals else None)
            if total is None or (len(parts) < 2 and total.value != summed):
                continue
            doubt = "" if measure else "表中未写明按预算数还是执行数划分，按执行数核对"
            yield Claim(
                total.figure, sum_formula(figures), figures, subject=where(form, whole, (total.measure, "")),
                basis=f"按{group}划分的各项相加", doubt=doubt, advice="请核对资金总额与各项划分",
            )  # fmt: skip


def _across(form: FormTable, row: Row) -> Iterator[Outcome]:
    """A 合计 column: of the columns to its right that stand under the same head."""
    for n, entry in enumerate(row.entries):
        total = entry.fact
        last = entry.head.path[-1] if entry.head.path else ""
        if (
            total is None
            or not TOTAL.fullmatch(re.sub(r"\s", "", last))
            or entry.head.reading in MONEY - {"执行"}
        ):
            continue
        parts: list[Entry] = []
        for e in row.entries[n + 1 :]:
            if TOTAL.fullmatch(re.sub(r"\s", "", e.head.path[-1] if e.head.path else "")) or e.head.unit in (
                "%",
                "分",
            ):
                break
            if e.head.path[:-1] == entry.head.path[:-1]:
                parts.append(e)
        facts = [e.fact for e in parts if e.fact]
        if len(parts) > 1 and facts:
            figures = tuple(f.figure for f in facts)
            yield Claim(
                total.figure, sum_formula(figures), figures, subject=f"{row.label}{last}",
                basis="右边各栏相加", doubt="各栏不一定是合计栏的全部构成", advice="请核对合计栏与各分栏",
            )  # fmt: skip


def _carried(form: FormTable, row: Row) -> Iterator[Outcome]:
    budget, spent, left = row.find("全年预算"), row.find("执行"), row.find("结转")
    if budget and spent and left:
        yield Claim(
            left.figure, f"{budget.figure.id} - {spent.figure.id}", (budget.figure, spent.figure),
            subject=where(form, row, ("结转", "")), basis="全年预算数减执行数",
        )  # fmt: skip


@rule("R208", "table-rates", Severity.ERROR, source="execution-rate")
def table_rates(facts: Facts) -> Iterator[Outcome]:
    """表内比率应能由本行的分子、分母算出：执行率、控制率、完成率。

    Why      表中比率若是手填，分子分母改动后不会跟着变
    Formula  执行率 = 执行 ÷ 全年预算;  控制率 = 实际 ÷ 核定;  完成率 = 完成值 ÷ 指标值
    Flags    | 单位：万元 | | | |
             | 项目名称 | 全年预算数 | 全年执行数 | 执行率 |
             | 甲项目 | 180.00 | 135.54 | 57.30% |
    Passes   | 单位：万元 | | | |
             | 项目名称 | 全年预算数 | 全年执行数 | 执行率 |
             | 甲项目 | 180.00 | 135.54 | 75.30% |
    """
    for form in facts.tables:
        for row in form.rows:
            for rate in [f for f in row.facts() if f.kind == "percent"]:
                if pairs := list(_bases(row, rate)):
                    yield _rate(form, row.label, rate, pairs)
        for indicator in form.indicators:
            if {"目标", "完成", "完成率"} <= indicator.facts.keys():
                target, actual, rate = (indicator[m] for m in ("目标", "完成", "完成率"))
                if target.unit == actual.unit:
                    pairs = [(actual, target)] + ([(target, actual)] if indicator.sign == "<=" else [])
                    claim = _rate(form, indicator.name, rate, pairs)
                    over = actual.value > target.value and rate.value == 1
                    yield replace(claim, doubt="完成率封顶按100%填列", quiet=True) if over else claim


def _bases(row: Row, rate: Fact) -> Iterator[tuple[Fact, Fact]]:
    """What a row's rate may be made of, the proper base first."""
    if rate.measure == "执行率":
        spent = row.find("执行", rate.period)
        for measure in ("全年预算", "预算", "年初预算"):
            if spent and (budget := row.find(measure, rate.period)):
                yield spent, budget
    elif rate.measure == "控制率":
        facts = [f for f in row.facts() if f.kind != "percent"]
        if rate.item == "在职人数":
            actual = next((f for f in facts if f.item == "在职人数"), None)
            base = next((f for f in facts if f.item == "编制数"), None)
        else:
            actual = next((f for f in facts if f.item == rate.item and f.measure == "执行"), None)
            base = next((f for f in facts if f.item == rate.item and f.measure == "预算"), None)
        if actual and base:
            yield actual, base


def _rate(form: FormTable, label: str, rate: Fact, pairs: list[tuple[Fact, Fact]]) -> Claim:
    from .common import judged

    claims = [
        Claim(
            rate.figure,
            f"{a.figure.id} / {b.figure.id}",
            (a.figure, b.figure),
            subject=f"{where(form)}：{label}{rate.measure}",
            doubt=a.doubt or b.doubt,
            advice="请按本行的分子、分母重新计算",
        )
        for a, b in pairs
    ]
    fits = next((n for n, c in enumerate(claims) if judged(c) in ("相符", "尾差")), 0)
    if fits:
        return replace(claims[0], doubt=f"按{pairs[fits][1].measure or pairs[fits][1].item}为分母计算才相符")
    return claims[0]


THREE_PUBLIC = {
    "三公经费",
    "公务接待费",
    "因公出国（境）费",
    "公务用车购置及运行维护费",
    "公务用车购置费",
    "公务用车运行维护费",
}


@rule("R708", "table-limits", Severity.ERROR, source="control")
def table_limits(facts: Facts) -> Iterator[Outcome]:
    """表内三公经费及其各项的决算数不应大于预算数，在职人数不应大于编制数。

    Why      三公经费不得超预算，人员不得超编制
    Formula  决算 ≤ 预算;  在职 ≤ 编制
    Flags    | 某局2024年度部门整体支出绩效评价基础数据表 | | | |
             | 经费控制情况（万元） | 2023年决算数 | 2024年预算数 | 2024年决算数 |
             | 三公经费 | 2.00 | 1.20 | 1.77 |
             | 其中：公务接待 | 2.00 | 1.20 | 1.77 |
    Passes   | 某局2024年度部门整体支出绩效评价基础数据表 | | | |
             | 经费控制情况（万元） | 2023年决算数 | 2024年预算数 | 2024年决算数 |
             | 三公经费 | 2.00 | 2.20 | 1.77 |
             | 其中：公务接待 | 2.00 | 2.20 | 1.77 |
    """
    for form in facts.tables:
        if form.kind != "附件1":
            continue
        for row in form.rows:
            spent, budget = row.find("执行"), row.find("预算") or row.find("年初预算")
            if row.item in THREE_PUBLIC and spent and budget:
                yield Claim(
                    spent.figure, budget.figure.id, (budget.figure,), "<=", f"{row.item}决算", "预算",
                    doubt=spent.doubt or budget.doubt, advice="请说明超出预算的原因和批准依据",
                )  # fmt: skip
            staff = next((f for f in row.facts() if f.item == "在职人数" and f.kind == "count"), None)
            posts = next((f for f in row.facts() if f.item == "编制数"), None)
            if staff and posts:
                yield Claim(
                    staff.figure, posts.figure.id, (posts.figure,), "<=", "在职人数", "编制数",
                    severity=Severity.QUESTION, advice="请核对编制数与实有人数的口径",
                )  # fmt: skip
