"""R320: the same amount in two of the standard tables of a final account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..accounts import Accounts, AccountTable, Line
from ..accounts.model import name_paths
from ..accounts.places import (
    INCOME,
    basic_total,
    by_name,
    group_total,
    main_columns,
    spending_column,
    three_public,
    total_column,
    year_line,
)
from ..facts import Facts
from ..findings import Figure, Severity
from . import Claim, Outcome, rule, sum_formula
from .accounts_common import cell_name, equal, makes, outcomes
from .accounts_sums import AMONG
from .common import digit_slip

# Columns that two tables of spending share.
SHARED = (r"合计", r"基本支出(?!/)", r"项目支出(?!/)")
FUNDS = {
    "一般公共预算": ("一般公共预算支出表", r"一般公共预算"),
    "政府性基金": ("政府性基金表", r"政府性基金"),
    "国有资本经营": ("国有资本经营表", r"国有资本经营"),
}
# Lines of spending by function and by economic use that most often hold the same amount.
TWINS = (("2080505", "30108"), ("2080506", "30109"), ("21011", "30110"), ("2210201", "30113"))
IN_BASIC = {"30212": "出国", "30217": "接待", "30231": "运行"}


@rule("R320", "accounts-between", Severity.ERROR, source="final-accounts")
def between(facts: Facts) -> Iterator[Outcome]:
    """决算表之间的对应数应当相等：总表与收入、支出决算表，财政拨款总表与一般公共预算、基金、国资表，基本支出表。

    Formula  总表本年收入（支出）合计 = 收入（支出）决算表合计;  基本支出 = 人员经费 + 公用经费
    Doubt    部分资金来源以外的支出使两表不必相等时，只核对不大于
    Flags    支出决算表201为264.87，总表“一般公共服务支出”为246.87
    Passes   两表均为264.87
    """
    yield from outcomes(facts, "R320")


@makes("R320")
def _between(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    yield from _overall(accounts)
    yield from _fiscal(accounts)
    yield from _spending(accounts)
    yield from _basic(accounts)


def _overall(accounts: Accounts) -> Iterator[Outcome]:
    """收支总表 with 收入决算表 and 支出决算表."""
    overall = accounts["收支总表"]
    sides = main_columns(overall) if overall else None
    if not overall or not sides:
        return
    left_zone, left, right_zone, right = sides
    income, spending = accounts["收入表"], accounts["支出表"]
    if income and (total := income.total()) and (column := total_column(income)) is not None:
        year = year_line(overall, left_zone)
        if year:
            subject = cell_name(income, total, column)
            yield from equal(total.figure(column), year.figure(left), subject, "收入支出决算总表本年收入合计")
        for c, path in income.columns.items():
            if c != column and (len(path) == 1 or path[-1] in ("小计", "合计")):
                yield from _source(overall, left_zone, left, income, total, c, path[0])
    if spending and (total := spending.total()) and (column := total_column(spending)) is not None:
        year = year_line(overall, right_zone)
        if year:
            subject = cell_name(spending, total, column)
            yield from equal(
                total.figure(column), year.figure(right), subject, "收入支出决算总表本年支出合计"
            )
        for line in spending.lines:
            if len(line.code) == 3:
                same = by_name(overall, line, right_zone)
                if same:
                    subject = cell_name(overall, same, right)
                    yield from equal(same.figure(right), line.figure(column), subject, "支出决算表")


def _source(
    overall: AccountTable, zone: int, column: int, income: AccountTable, total: Line, c: int, name: str
) -> Iterator[Outcome]:
    """A source of income: its line in 收支总表 and its column in 收入决算表."""
    figure = total.figure(c)
    if not figure:
        return
    wanted = re.sub(r"（[^）]*）", "", name)
    if wanted == "财政拨款收入":
        lines = [ln for ln in overall.lines if ln.zone == zone and re.search("财政拨款收入", ln.label)]
        lines = [ln for ln in lines if not AMONG.match(ln.marker)]
    else:
        lines = [
            ln for ln in overall.lines if ln.zone == zone and re.sub("（[^）]*）", "", ln.label) == wanted
        ]
    parts = [f for ln in lines if (f := ln.figure(column))]
    if parts:
        yield Claim(
            figure, sum_formula(parts), tuple(parts), subject=cell_name(income, total, c),
            basis="收入支出决算总表所载", advice="请核对两表",
        )  # fmt: skip


def _fiscal(accounts: Accounts) -> Iterator[Outcome]:
    """财政拨款总表 with 收支总表, 一般公共预算, 政府性基金 and 国有资本经营."""
    fiscal, overall = accounts["财政拨款总表"], accounts["收支总表"]
    sides = main_columns(fiscal) if fiscal else None
    if not fiscal or not sides:
        return
    left_zone, left, right_zone, _ = sides
    if overall and (whole := main_columns(overall)):
        yield from _fiscal_and_overall(fiscal, sides, overall, whole)
    spent = year_line(fiscal, right_zone)
    for fund, (kind, words) in FUNDS.items():
        column = fiscal.column(words, right_zone)
        table = accounts[kind]
        if column is None or not table:
            continue
        total, below = table.total(), spending_column(table)
        if total and below is not None:
            if spent:
                subject = cell_name(table, total, below)
                yield from equal(
                    total.figure(below), spent.figure(column), subject, "财政拨款总表本年支出合计"
                )
            for line in table.lines:
                if len(line.code) == 3 and (same := by_name(fiscal, line, right_zone)):
                    subject = cell_name(fiscal, same, column)
                    yield from equal(same.figure(column), line.figure(below), subject, table.title)
        income = group_total(table, INCOME)
        if total and income is not None:
            received = next((ln for ln in _numbered(fiscal, left_zone) if fund in ln.label), None)
            if received:
                subject = cell_name(table, total, income)
                yield from equal(total.figure(income), received.figure(left), subject, "财政拨款总表")


def _numbered(table: AccountTable, zone: int) -> list[Line]:
    """The lines above 本年收入合计."""
    lines = [line for line in table.lines if line.zone == zone]
    year = year_line(table, zone)
    return lines[: lines.index(year)] if year else lines


def _fiscal_and_overall(
    fiscal: AccountTable,
    sides: tuple[int, int, int, int],
    overall: AccountTable,
    whole: tuple[int, int, int, int],
) -> Iterator[Outcome]:
    left_zone, left, right_zone, right = sides
    income_zone, income, spending_zone, spending = whole
    for line in _numbered(fiscal, left_zone):
        fund = next((f for f in FUNDS if f in line.label), "")
        same = next((ln for ln in _numbered(overall, income_zone) if fund and fund in ln.label), None)
        if same and "财政拨款" in same.label and not AMONG.match(same.marker):
            subject = cell_name(fiscal, line, left)
            yield from equal(line.figure(left), same.figure(income), subject, "收入支出决算总表")
    ours, theirs = year_line(fiscal, right_zone), year_line(overall, spending_zone)
    if not ours or not theirs:
        return
    all_fiscal = _same(ours.figure(right), theirs.figure(spending))
    for line in fiscal.lines:
        if line.zone != right_zone or not re.match("[一二三四五六七八九十]", line.marker):
            continue
        other = next((ln for ln in overall.lines if ln.zone == spending_zone and ln.name == line.name), None)
        if other:
            yield from _no_more(
                line.figure(right), other.figure(spending), cell_name(fiscal, line, right), all_fiscal
            )
    yield from _no_more(
        ours.figure(right), theirs.figure(spending), cell_name(fiscal, ours, right), all_fiscal
    )


def _same(a: Figure | None, b: Figure | None) -> bool:
    return bool(a and b and a.quantity.agrees_with(b.quantity))


def _no_more(a: Figure | None, b: Figure | None, subject: str, all_of_it: bool) -> Iterator[Outcome]:
    """A part of all funds: equal where all is from it, else no more than the whole."""
    if all_of_it:
        yield from equal(a, b, subject, "全部资金的对应数")
    elif a and b:
        yield Claim(
            a, b.id, (b,), "<=", subject, "全部资金的对应数", advice="请核对两表口径"
        )  # fmt: skip


def _spending(accounts: Accounts) -> Iterator[Outcome]:
    """支出决算表 with 一般公共预算支出表, line by line; 收入决算表 with 支出决算表 where nothing is carried over."""
    spending, general, income = accounts["支出表"], accounts["一般公共预算支出表"], accounts["收入表"]
    if spending and general:
        yield from _lines(general, spending)
    if spending and income:
        a, b = total_column(income), total_column(spending)
        one, other = income.total(), spending.total()
        if a is None or b is None or not one or not other or not _same(one.figure(a), other.figure(b)):
            return
        pairs = matched(income, spending)
        found = [(ln, x, y) for ln, o in pairs if (x := ln.figure(a)) and (y := o.figure(b))]
        alike = sum(_same(x, y) for _, x, y in found)
        for line, x, y in found if alike * 10 >= len(found) * 8 else ():
            # Income may rightly be spent under other subjects: shown, never blamed.
            yield from equal(x, y, cell_name(income, line, a), "支出决算表", quiet=True)


def _lines(general: AccountTable, spending: AccountTable) -> Iterator[Outcome]:
    ours, theirs = general.total(), spending.total()
    for n, words in enumerate(SHARED):
        a = spending_column(general) if n == 0 else general.column(words)
        b = total_column(spending) if n == 0 else spending.column(words)
        if a is None or b is None:
            continue
        all_of_it = bool(ours and theirs and _same(ours.figure(a), theirs.figure(b)))
        pairs = [*matched(general, spending), *([(ours, theirs)] if ours and theirs else [])]
        for line, other in pairs:
            yield from _no_more(line.figure(a), other.figure(b), cell_name(general, line, a), all_of_it)


def _basic(accounts: Accounts) -> Iterator[Outcome]:
    """基本支出表 with the 基本支出 column of 一般公共预算支出表, and with “三公”经费."""
    basic, general = accounts["基本支出表"], accounts["一般公共预算支出表"]
    if not basic:
        return
    total, column = (general.total(), general.column("基本支出")) if general else (None, None)
    if total and column is not None and (figure := total.figure(column)) and general:
        parts = basic_parts(basic)
        if parts:
            yield Claim(
                figure, sum_formula(parts), tuple(parts), subject=cell_name(general, total, column),
                basis="基本支出表人员经费与公用经费相加", advice="请核对两表",
            )  # fmt: skip
        for function, economic in TWINS:
            line, use = general.by_code(function), basic.by_code(economic)
            if line and use and (figure := line.figure(column)):
                other = next((a.figure for a in use.amounts.values() if a.figure), None)
                if _same(figure, other) or (other and digit_slip(figure, other)):  # often equal, not always
                    yield from equal(
                        other,
                        figure,
                        f"{basic.title}：{economic}{use.label}",
                        general.title,
                        doubt="两数通常相等",
                    )
    table = accounts["三公经费表"]
    for code, part in IN_BASIC.items() if table else ():
        use, place = basic.by_code(code), three_public(table).get(("决算", part)) if table else None
        inside = next((a.figure for a in use.amounts.values() if a.figure), None) if use else None
        if inside and place and (whole := place[0].figure(place[1])):
            yield Claim(
                inside, whole.id, (whole,), "<=", f"{basic.title}：{code}", "“三公”经费表的决算数",
                severity=Severity.QUESTION, advice="请核对基本支出表与“三公”经费表的口径",
            )  # fmt: skip


def basic_parts(basic: AccountTable) -> list[Figure]:
    """人员经费合计 and 公用经费合计, else the classes."""
    found = [f for name in ("人员经费", "公用经费") if (f := basic_total(basic, name))]
    if len(found) == 2:
        return found
    total = basic.total()
    if total:
        column = next((c for c in total.amounts if total.figure(c)), None)
        figure = total.figure(column) if column is not None else None
        return [figure] if figure else []
    return []


def matched(one: AccountTable, other: AccountTable) -> list[tuple[Line, Line]]:
    """The lines of two tables that tell of the same subject: by their names, else by their codes."""
    paths = name_paths(other.lines)
    found = []
    for path, line in name_paths(one.lines).items():
        if same := paths.get(path) or other.by_code(line.code):
            found.append((line, same))
    return found
