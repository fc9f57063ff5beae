"""R120–R122: sums within the standard tables of a final account, across, down and from 收入 to 支出."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..accounts import Accounts, AccountTable, Line
from ..accounts.model import GRAND, TOTAL, Path, families, roots
from ..accounts.places import CLOSING, INCOME, OPENING, group_total, side, three_public
from ..facts import Facts
from ..findings import Figure, Severity
from . import Claim, Outcome, rule
from .accounts_common import cell_name, equal, figures, makes, outcomes, sum_of

SUMMARIES = ("收支总表", "财政拨款总表")
FLOWS = ("政府性基金表", "国有资本经营表", "一般公共预算支出表")
AMONG = re.compile(r"^其中")
STAFF = {"301", "303", "工资福利", "对个人和家庭的补助"}


@rule("R120", "accounts-across", Severity.ERROR, source="final-accounts")
def across(facts: Facts) -> Iterator[Outcome]:
    """决算表逐行横加：合计＝各栏之和；“三公”经费合计＝因公出国＋公务用车（购置＋运行）＋公务接待。

    Formula  合计栏 = Σ 各栏;  小计 = Σ 其下各栏（“其中”栏不计）
    Blank    空白、短横视为零
    Flags    合计264.87，基本支出62.36，项目支出202.24
    Passes   合计264.87，基本支出62.63，项目支出202.24
    """
    yield from outcomes(facts, "R120")


@makes("R120")
def _across(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for table in accounts.all_tables():
        if table.kind == "三公经费表":
            yield from _three_public(table)
            continue
        for total, parts in column_sums(table):
            if not any(line.figure(column) for line in table.lines for column in parts):
                continue
            for line in table.lines:
                yield from sum_of(table, line, total, figures(line, parts), "本行各栏相加")


def column_sums(table: AccountTable) -> Iterator[tuple[int, list[int]]]:
    """Every column that is a total, with the columns that make it up, by the tree of heads."""
    for zone in dict.fromkeys(table.zones.values()):
        paths = {c: p for c, p in table.columns.items() if table.zones[c] == zone}
        for parent in dict.fromkeys(p[:-1] for p in paths.values()):
            inside = {c: p[len(parent) :] for c, p in paths.items() if p[: len(parent)] == parent}
            total = next((c for c, p in inside.items() if len(p) == 1 and TOTAL.fullmatch(p[0])), None)
            if total is None:
                continue
            rest = [c for c in _heads(inside, table.columns) if c != total]
            if rest and not (not parent and any(OPENING.search(inside[c][0]) for c in rest)):
                yield total, rest


def _heads(inside: dict[int, Path], paths: dict[int, Path]) -> list[int]:
    """The columns of one rank: single ones, and of each group its total or, without one, all of it."""
    found: list[int] = []
    groups: dict[str, dict[int, Path]] = {}
    for column, path in inside.items():
        if not path or AMONG.match(path[0]) or AMONG.match(path[-1]):
            continue
        if len(path) == 1:
            found.append(column)
        else:
            groups.setdefault(path[0], {})[column] = path[1:]
    for group in groups.values():
        total = next((c for c, p in group.items() if len(p) == 1 and TOTAL.fullmatch(p[0])), None)
        found += [total] if total is not None else _heads(group, paths)
    return found


def _three_public(table: AccountTable) -> Iterator[Outcome]:
    cells = three_public(table)
    for reading in dict.fromkeys(reading for reading, _ in cells):
        for whole, parts in (("合计", ("出国", "车辆", "接待")), ("车辆", ("购置", "运行"))):
            if (reading, whole) not in cells or not all((reading, p) in cells for p in parts):
                continue
            line, column = cells[reading, whole]
            found = [f for p in parts if (f := _figure(cells[reading, p]))]
            yield from sum_of(table, line, column, found, "各项相加")


def _figure(place: tuple[Line, int]) -> Figure | None:
    return place[0].figure(place[1])


@rule("R121", "accounts-down", Severity.ERROR, source="final-accounts")
def down(facts: Facts) -> Iterator[Outcome]:
    """决算表逐栏纵加：类＝Σ款，款＝Σ项，合计＝Σ类；人员经费、公用经费合计＝所属经济分类之和。

    Formula  类 = Σ 款 = Σ 项;  合计 = Σ 类
    Blank    空白、短横视为零
    Flags    20139 = 265.87，其下51.32、11.31、202.24
    Passes   20139 = 264.87，其下51.32、11.31、202.24
    """
    yield from outcomes(facts, "R121")


@makes("R121")
def _down(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for table in accounts.all_tables():
        if table.kind in SUMMARIES:
            yield from _summary(table)
        elif table.kind == "基本支出表":
            yield from _by_code(table)
            yield from _economic(table)
        elif table.kind != "三公经费表":
            yield from _by_code(table)
            yield from _coded_total(table)


def _by_code(table: AccountTable) -> Iterator[Outcome]:
    for line, parts in families(table.lines):
        if line:
            yield from _each_column(table, line, parts, "其下各科目相加")


def _coded_total(table: AccountTable) -> Iterator[Outcome]:
    total = table.total()
    classes = roots(table.lines)
    if total and classes:
        yield from _each_column(table, total, classes, "各类科目相加")


def _each_column(
    table: AccountTable, total: Line, parts: Sequence[Line], basis: str, **more: object
) -> Iterator[Outcome]:
    for column in total.amounts:
        found = [f for part in parts if (f := part.figure(column))]
        yield from sum_of(table, total, column, found, basis, **more)


def _economic(table: AccountTable) -> Iterator[Outcome]:
    """人员经费合计 = 301 + 303, 公用经费合计 = the others; or one 合计 of all."""
    classes = roots(table.lines)
    staff = [line for line in classes if line.code in STAFF or line.name in STAFF]
    rest = [line for line in classes if line not in staff]
    for line in table.lines:
        if line.code or not line.amounts:
            continue
        parts = staff if "人员经费" in line.label else rest if "公用经费" in line.label else None
        if parts is None and line.is_total:
            parts = classes
        if parts is None:
            continue
        for column in [c for c in line.amounts if not line.filled or line.figure(c)]:
            # The parts may stand under other columns: 公用经费 often takes two pairs of columns.
            several = len(set(table.zones.values())) > 1
            found = [
                f
                for part in parts
                for c in part.amounts
                if (several or c == column) and (f := part.figure(c))
            ]
            yield from sum_of(table, line, column, found, "所属经济分类相加")


def _summary(table: AccountTable) -> Iterator[Outcome]:
    """收入支出决算总表: the numbered lines make 本年…合计; that with what was carried over makes 总计."""
    for zone in dict.fromkeys(table.zones.values()):
        lines = [line for line in table.lines if line.zone == zone and (line.label or line.filled)]
        year = next(
            (n for n, ln in enumerate(lines) if re.fullmatch(r"本年(?:收入|支出)合?计?", ln.label)), None
        )
        grand = next((n for n, ln in enumerate(lines) if n != year and GRAND.fullmatch(ln.label)), None)
        if grand is None:
            grand = next((n for n, ln in enumerate(lines) if n != year and ln.is_total), None)
        if year is not None:
            yield from _each_column(table, lines[year], _ranked(lines[:year]), "各项相加")
        if year is not None and grand is not None and grand > year:
            carried = list(_blocks(lines[year + 1 : grand]))
            for head, parts in carried:
                if parts:
                    # “其中” may leave something out.
                    partial = {"relation": ">="} if AMONG.match(parts[0].marker) else {}
                    yield from _each_column(table, head, parts, "其下各项相加", **partial)
            rest = [head for head, _ in carried]
            yield from _each_column(table, lines[grand], [lines[year], *rest], "本年合计与结转结余相加")


def _ranked(lines: Sequence[Line]) -> list[Line]:
    """Those that are numbered 一、 二、; all but 其中 where none is."""
    first = [line for line in lines if re.match("[一二三四五六七八九十]", line.marker)]
    return first or [line for line in lines if not AMONG.match(line.marker) and not line.is_total]


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[Line, list[Line]]]:
    """Lines between 本年合计 and 总计, each with the numbered or 其中 lines below it."""
    head: Line | None = None
    parts: list[Line] = []
    for line in lines:
        inner = (
            bool(line.marker)
            or not line.label
            or bool(re.match("(?:基本支出|项目支出|一般公共|政府性基金|国有资本)", line.label))
        )
        if head is not None and inner:
            parts += [line] if line.label else []
        elif line.label:
            if head:
                yield head, parts
            head, parts = line, []
    if head:
        yield head, parts


@rule("R122", "accounts-balance", Severity.ERROR, source="final-accounts")
def balance(facts: Facts) -> Iterator[Outcome]:
    """决算表收支平衡：收入总计＝支出总计；年初结转和结余＋本年收入－本年支出＝年末结转和结余。

    Formula  收入总计 = 支出总计;  年末 = 年初 + 收入 − 支出
    Flags    收入总计307.82，支出总计308.72
    Passes   收入总计307.82，支出总计307.82
    """
    yield from outcomes(facts, "R122")


@makes("R122")
def _balance(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for table in accounts.all_tables():
        if table.kind in SUMMARIES:
            yield from _both_sides(table)
        elif table.kind in FLOWS:
            yield from _flow(table)


def _both_sides(table: AccountTable) -> Iterator[Outcome]:
    zones = list(dict.fromkeys(table.zones.values()))
    sides = [line for zone in zones[:2] if (line := side(table, zone))]
    if len(sides) < 2:
        return
    left, right = sides
    for a in left.amounts:
        reading = _reading(table.columns[a])
        for b in right.amounts:
            if _reading(table.columns[b]) == reading:
                yield from equal(right.figure(b), left.figure(a), cell_name(table, right, b), "收入总计")
                break


def _reading(path: Path) -> str:
    said = re.search(r"年初预算|全年预算|调整预算|预算", "".join(path[-1:]))
    return said[0] if said else ""


def _flow(table: AccountTable) -> Iterator[Outcome]:
    columns = {name: group_total(table, pattern) for name, pattern in _FLOW.items()}
    opening, income, spent, closing = (columns[name] for name in _FLOW)
    if opening is None or income is None or spent is None or closing is None:
        return
    for line in table.lines:
        parts = [line.figure(c) for c in (opening, income, spent)]
        result = line.figure(closing)
        if result is None or not any(parts):
            continue
        words = ["0"]
        for sign, figure in zip("++-", parts, strict=True):
            words += [sign, figure.id] if figure else []
        used = tuple(f for f in parts if f)
        yield Claim(
            result, " ".join(words), used, subject=cell_name(table, line, closing),
            basis="年初结转和结余＋本年收入－本年支出", advice="请核对本行年初、收入、支出与年末数",
        )  # fmt: skip


_FLOW = {"年初": OPENING, "收入": INCOME, "支出": re.compile(r"本年支出|^支出"), "年末": CLOSING}
