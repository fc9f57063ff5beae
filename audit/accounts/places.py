"""Where in the standard tables an amount is to be looked for: totals, sides of a 总表, parts of “三公”经费.

Comes in: `AccountTable`s. Goes out: lines and columns. The heads' wording differs by province and year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..findings import Figure
from .model import GRAND, TOTAL, AccountTable, Line
from .titles import part_of

INCOME = re.compile(r"本年收入|^收入")
OPENING = re.compile(r"(?:年初|上年|期初)[^/]*结[转余]")
CLOSING = re.compile(r"(?:年末|期末)[^/]*结[转余]|结转下年")


def main_columns(table: AccountTable) -> tuple[int, int, int, int] | None:
    """Of a 总表: label zone and first column of the income side and of the spending side."""
    zones = list(dict.fromkeys(table.zones.values()))
    if len(zones) < 2:
        return None
    left, right = (next(c for c in _outturn(table, z)) for z in zones[:2])
    return zones[0], left, zones[1], right


def _outturn(table: AccountTable, zone: int) -> list[int]:
    """The columns of a zone, those of 决算 before those of 预算."""
    columns = [c for c in table.columns if table.zones[c] == zone]
    return sorted(columns, key=lambda c: "预算数" in "".join(table.columns[c][-1:]))


def year_line(table: AccountTable, zone: int) -> Line | None:
    return table.find(r"本年(?:收入|支出)合?计?", zone)


def total_column(table: AccountTable) -> int | None:
    """本年收入合计, 本年支出合计 or 合计 of a table by codes."""
    return next(
        (c for c, p in table.columns.items() if p and re.fullmatch(r"(?:本年)?(?:收入|支出)?合计", p[0])),
        next((c for c, p in table.columns.items() if p and re.search("合计", p[-1])), None),
    )


def by_name(table: AccountTable, line: Line, zone: int) -> Line | None:
    """The line of a 总表 that is named like a 类."""
    return next((ln for ln in table.lines if ln.zone == zone and ln.label and ln.name == line.name), None)


def spending_column(table: AccountTable) -> int | None:
    """The total of 本年支出 in a table by codes."""
    group = group_total(table, re.compile("本年支出"))
    return group if group is not None else total_column(table)


def three_public(table: AccountTable) -> dict[tuple[str, str], tuple[Line, int]]:
    """The cells of a “三公”经费 table by reading (预算, 决算 …) and part, laid out across or down."""
    found: dict[tuple[str, str], tuple[Line, int]] = {}
    years = re.findall(r"20\d\d(?=年)", "".join(text for path in table.columns.values() for text in path))
    other = re.compile(
        "|".join([*{y for y in years if y != max(years)}, "上年", "去年", "增减", "变动", "%"])
    )
    for line in table.lines:
        down = part_of(line.label)
        for column, path in table.columns.items():
            if column not in line.amounts or other.search("".join(path)):
                continue
            heads = [p for p in path if p not in ("项目",)]
            words = "/".join(heads)
            said = re.search(r"全年预算|年初预算|预算|决算", words)
            part = down or _part_across(heads)
            if part:
                found.setdefault((said[0] if said else "决算", part), (line, column))
    return found


def _part_across(heads: Sequence[str]) -> str:
    """The part that a path of heads names, innermost first; a 小计 is its group's."""
    for head in reversed(heads):
        if re.search(r"预算数|决算数|^小计$|^\d{4}年|统计数", head):
            continue
        if part := part_of(head):
            return part
    return ""


def side(table: AccountTable, zone: int) -> Line | None:
    """The 总计 line of one side."""
    lines = [line for line in table.lines if line.zone == zone and not line.code]
    grand = next((ln for ln in lines if GRAND.fullmatch(ln.label)), None)
    totals = [ln for ln in lines if ln.is_total and not ln.label.startswith("本年")]
    return grand or (totals[-1] if totals else None)


def group_total(table: AccountTable, pattern: re.Pattern[str]) -> int | None:
    """The column of a head, or the 合计 among the columns below it."""
    inside = [c for c, path in table.columns.items() if path and pattern.search(path[0])]
    totals = [c for c in inside if len(table.columns[c]) == 1 or TOTAL.fullmatch(table.columns[c][-1])]
    return next(iter(totals), None)


def basic_total(table: AccountTable, name: str) -> Figure | None:
    """人员经费 or 公用经费 of the table of basic spending: a line of that name, or a column on the 合计 line."""
    for line in table.lines:
        if not line.code and name in line.label:
            return next((a.figure for a in line.amounts.values() if a.figure), None)
    total, column = table.total(), table.column(name)
    return (
        total.figure(column) if total and column is not None and len(set(table.zones.values())) == 1 else None
    )
