"""What does not fit in a case workbook: where, what, why. For the person who corrects it in Excel or WPS.

Comes in: a case workbook. Goes out: `Problem`s in the order of its sheets and cells. Changes nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from ..columns import item_of, row_meaning
from ..formulas import completion_rate, rate_score
from ..glossary import parameters
from ..quantity import plain, round_half_up
from ..source import CellState
from .case import Entry, Place, Reading, parts, read_sheets
from .description import profile, profile_ids
from .problems import Problem
from .values import DASHES, Record, normal_indicator

NUMERIC = ("count", "number", "money", "rate")
NOTHING = {*DASHES, "无", "-", "－", "／"}  # what people write where there is no number
LONGEST, DIGITS = 32_767, 15
FULL = Decimal(100)
# A total and its parts by the first words of their keys. Blank parts count as 0, but the first must be there.
SUMS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "expenses": (
        ("three_public_expenses", ("vehicle_cost", "overseas_travel_cost", "official_reception")),
        ("vehicle_cost", ("vehicle_operation", "vehicle_purchase")),
    ),
    "funds": (
        ("total", ("general", "fund", "special", "other", "carryover")),
        ("total", ("basic", "projects")),
    ),
    "projects": (("total", ("appropriation", "carryover", "other", "special", "own")),),
}
PAIRS = {("basic", "projects")}  # told by both parts or not at all
# What is spent, and out of what
SPENDING = (("final", "planned"), ("spent", "budget"))


def lint_case(path: str | os.PathLike[str]) -> list[Problem]:
    """Everything that stands in the way of filling forms from a case, and what should be looked at.

    Raises AuditError where the file is no case workbook.
    """
    return _Linter(read_sheets(path)).lint()


class _Linter:
    def __init__(self, reading: Reading) -> None:
        self.reading, self.case = reading, reading.case
        self.found: list[tuple[tuple[int, int, int], Problem]] = []
        name = str(self.case.department.get("profile") or "")
        self.scoring = profile(name).scoring if name and _profile_known(name) else parameters("scoring")
        self.order = {part.sheet: n for n, part in enumerate(parts())}

    def lint(self) -> list[Problem]:
        for entry in self.reading.entries.values():
            for message, note in _cell(entry):
                self.at(entry.place, message, note)
        self._department()
        self._projects()
        self._indicators()
        return [problem for _, problem in sorted(self.found, key=lambda pair: pair[0])]

    def at(self, place: Place, message: str, note: bool = False) -> None:
        """A problem at the cell of a value; where that is blank, at its row."""
        entry = self.reading.entries.get(place)
        if entry:
            sheet, _, cell = (entry.cell.span.cell or f"{entry.part.sheet}!").rpartition("!")
            row, column = entry.cell.row, entry.cell.column
            what = self._named(entry)
        else:
            part = next(p for p in parts() if p.home == place[0])
            sheet, column, what = part.sheet, -1, ""
            row = next((e.cell.row for e in self.reading.entries.values() if e.place[:-1] == place[:-1]), 0)
            cell = f"第{row + 1}行" if len(place) == 3 else ""
            if len(place) == 3 and (name := self._name(place)):
                what = f"“{name}”"
        order = (self.order.get(sheet, 99), row, column)
        self.found.append((order, Problem(sheet, cell, f"{what}{message}", note)))

    def _named(self, entry: Entry) -> str:
        """Row and column in words: “甲项目”的“全年执行数”."""
        if len(entry.place) == 3:
            name = self._name(entry.place)
            return f"“{name}”的“{entry.label.label}”" if name else f"“{entry.label.label}”"
        if entry.part.rows:
            row = next(r for r in entry.part.rows if entry.place[1] == f"{r.key}_{entry.label.key}")
            return f"“{row.label}”的“{entry.label.label}”"
        return f"“{entry.label.label}”"

    def _name(self, place: Place) -> str:
        rows: list[Record] = getattr(self.case, place[0])
        at = place[1]
        name = rows[at].get("name") if isinstance(at, int) and at < len(rows) else None
        return name[:30] if isinstance(name, str) else ""

    # the department

    def _department(self) -> None:
        own = self.case.department
        profile, year = own.get("profile"), own.get("year")
        if isinstance(profile, str) and not _profile_known(profile):
            known = "、".join(profile_ids())
            self.at(
                ("department", "profile"),
                f"写的是“{profile}”，没有这套附表；可填：{known}，或自建模板文件夹的路径",
            )
        if own.get("department") is None:
            self.at(("department", "department"), "没有填写部门（单位）名称")
        if year is None:
            self.at(("department", "year"), "没有填写年度")
        elif isinstance(year, Decimal) and not (year == int(year) and 2000 <= year <= 2100):
            self.at(("department", "year"), f"写的是{plain(year)}，应为四位年份，如 2024")
        for part in parts():
            for column in part.columns if part.rows else ():
                for total, names in SUMS.get(part.key, ()):
                    places: list[Place] = [("department", f"{name}_{column.key}") for name in names]
                    self._sum(("department", f"{total}_{column.key}"), places, names in PAIRS)
            for row in part.rows:
                about = row_meaning(row.label)
                if "measures" in about or "kind" in about or item_of(row.label) == "项目支出":
                    continue  # both columns are budgets, or the budget is the first one, before the year's additions
                for spent, budget in SPENDING:
                    self._spent(("department", f"{row.key}_{spent}"), ("department", f"{row.key}_{budget}"))
        for reading in ("previous", "planned", "final"):
            named: list[Place] = [
                ("department", f"{key}_{reading}") for key in ("business_projects", "operation_projects")
            ]
            earmarks: list[Place] = [("earmarks", n, reading) for n in range(len(self.case.earmarks))]
            if earmarks and all(isinstance(self.case.at(place), Decimal) for place in named):
                self._sum(("department", f"project_expenditure_{reading}"), named + earmarks)

    def _sum(self, total: Place, places: Sequence[Place], both: bool = False) -> None:
        """A stated total other than its parts."""
        stated = self.case.at(total)
        given = {place: value for place in places if isinstance(value := self.case.at(place), Decimal)}
        if not isinstance(stated, Decimal) or places[0] not in given or (both and len(given) < len(places)):
            return
        got = sum(given.values(), Decimal(0))
        gap = stated - got
        if gap:
            told = "＋".join(map(plain, given.values())) if len(given) < 8 else f"{len(given)}项"
            words = f"写的是{plain(stated)}，各分项相加（{told}）为{plain(got)}"
            self.at(total, f"{words}，{'多' if gap > 0 else '少'}{plain(abs(gap))}；请核对合计或分项")

    def _spent(self, spent: Place, budget: Place) -> None:
        a, b = self.case.at(spent), self.case.at(budget)
        if isinstance(a, Decimal) and isinstance(b, Decimal) and a > b:
            self.at(
                spent, f"是{plain(a)}，大于预算数{plain(b)}，超出{plain(a - b)}；请确认并说明原因", note=True
            )

    # projects

    def _projects(self) -> None:
        names = Counter(p.get("name") for p in self.case.projects)
        seen: set[object] = set()
        for n, project in enumerate(self.case.projects):
            name = project.get("name")
            if name is None:
                self.at(("projects", n, "name"), "没有填写项目名称")
            elif names[name] > 1 and name in seen:
                self.at(
                    ("projects", n, "name"), f"项目名称“{name}”出现{names[name]}次；请合并，或改成不同的名称"
                )
            seen.add(name)
            for column in ("initial", "budget", "spent"):
                for total, groups in SUMS["projects"]:
                    places: list[Place] = [("projects", n, f"{group}_{column}") for group in groups]
                    self._sum(("projects", n, f"{total}_{column}"), places)
            self._spent(("projects", n, "total_spent"), ("projects", n, "total_budget"))
        for n, earmark in enumerate(self.case.earmarks):
            if earmark.get("name") is None:
                self.at(("earmarks", n, "name"), "没有填写本级专项资金名称")

    # indicators

    def _indicators(self) -> None:
        known = {p.get("name") for p in self.case.projects}
        owners: dict[object, list[int]] = {}
        for n, row in enumerate(self.case.indicators):
            project = row.get("project")
            owners.setdefault(project, []).append(n)
            if project is not None and project not in known:
                words = f"写的是“{project}”，“项目”表里没有这个项目"
                self.at(("indicators", n, "project"), f"{words}；请改成一致的名称，部门整体的指标请留空")
            self._indicator(n, normal_indicator(row))
        for project, rows in owners.items():
            self._weights(project, rows)

    def _weights(self, project: object, rows: Sequence[int]) -> None:
        values = [self.case.indicators[n].get("weight") for n in rows]
        numbers = [v for v in values if isinstance(v, Decimal)]
        if not numbers or any(isinstance(v, str) for v in values):
            return  # none is told, or 不适用 is left out and the rest counted up to 100
        execution = Decimal(self.scoring["execution_weight"])
        got = sum(numbers, execution)
        if got != FULL:
            blank = values.count(None)
            owner = f"项目“{project}”" if project else "部门整体"
            more = f"，另有{blank}个指标没有填分值" if blank else ""
            share = f"{owner}的指标分值相加为{plain(got - execution)}，加预算执行{plain(execution)}分为{plain(got)}分"
            self.at(("indicators", rows[0], "weight"), f"：{share}，应为100分{more}")

    def _indicator(self, n: int, row: Record) -> None:
        def at(key: str, message: str, note: bool = False) -> None:
            self.at(("indicators", n, key), message, note)

        if row.get("name") is None:
            at("name", "没有填写三级指标名称")
        target, actual, sign = row.get("target"), row.get("actual"), row.get("sign")
        weight, score, stated = row.get("weight"), row.get("score"), row.get("completion_rate")
        if actual is None:
            at("actual", "没有填写实际完成值")
        if isinstance(target, Decimal) and sign is None:
            at("sign", "的指标值是数字，没有填符号（≥、≤、=），计算时按≥处理", note=True)
        if isinstance(weight, Decimal) and isinstance(score, Decimal) and not 0 <= score <= weight:
            at("score", f"是{plain(score)}，应在0与分值{plain(weight)}之间")
        targets = [t for t in (target, row.get("adjusted_target")) if isinstance(t, Decimal)]
        rates = [r for t in targets if isinstance(r := _number(completion_rate(t, actual, sign)), Decimal)]
        if isinstance(stated, Decimal) and rates and not any(_same(stated, rate) for rate in rates):
            at(
                "completion_rate",
                f"写的是{_percent(stated)}，按{sign or '≥'}规则由指标值和完成值计算为{_percent(rates[0])}",
            )
        if isinstance(stated, Decimal):
            rates.append(stated)
        scores = [s for rate in rates if isinstance(s := _number(rate_score(weight, rate)), Decimal)]
        if (
            isinstance(score, Decimal)
            and scores
            and score not in scores
            and not any(_close(score, s) for s in scores)
        ):
            at("score", f"写的是{plain(score)}，按分值×完成率计算为{plain(scores[-1])}")
        most = 1 + Decimal(str(self.scoring["over_reason_above"]))
        if rates and max(rates) > most and row.get("reason") is None:
            words = f"超过{_percent(most)}，指标值可能定低了；请说明原因"
            at("actual", f"的完成率为{_percent(max(rates))}，{words}", note=True)
        if (tier := row.get("tier")) is not None:
            self._tier(n, str(tier), weight, score)

    def _tier(self, n: int, tier: str, weight: object, score: object) -> None:
        """A qualitative indicator's points must lie in the tier that its result is said to be in."""
        found = next((t for t in self.scoring["tiers"] if t["name"] == tier), None)
        if found and isinstance(weight, Decimal) and isinstance(score, Decimal):
            least, most = (weight * Decimal(str(found[end])) for end in ("from", "to"))
            if not least <= score <= most:
                span = f"{plain(least.normalize())}至{plain(most.normalize())}分"
                self.at(("indicators", n, "score"), f"是{plain(score)}，“{tier}”应得{span}")


def _cell(entry: Entry) -> Iterator[tuple[str, bool]]:
    """What is wrong with a cell by itself, and whether that is only a note."""
    cell, label, value = entry.cell, entry.label, entry.value
    if cell.state is CellState.ERROR:
        yield f"是错误值“{cell.text}”，没有读取；请改正公式或直接填数", False
    elif cell.state is CellState.UNCALCULATED:
        yield "是公式，但没有计算结果；请用 Excel 或 WPS 打开，保存后再用", False
    elif isinstance(value, str):
        if len(value) > LONGEST:
            yield f"有{len(value)}个字，一个单元格最多容纳{LONGEST}个", False
        if label.choices and value not in label.choices:
            yield f"写的是“{value[:20]}”，应为{'、'.join(label.choices)}之一", False
        if label.kind in NUMERIC and value.strip() not in NOTHING:
            kind = {"money": "以万元为单位的金额", "rate": "百分比", "count": "整数"}.get(label.kind, "数字")
            yield f"写的是“{value[:20]}”，应填{kind}；没有的填0，不适用的填“不适用”", False
    elif isinstance(value, Decimal):
        if len(value.normalize().as_tuple().digits) > DIGITS:
            yield (
                f"有{len(value.normalize().as_tuple().digits)}位有效数字，Excel 只保留{DIGITS}位；请核对",
                False,
            )
        if value < 0 and label.kind in NUMERIC:
            yield f"是负数（{plain(value)}），请核对", False
        if label.kind == "count" and value != int(value):
            yield f"是{plain(value)}，应为整数", False


def _profile_known(name: str) -> bool:
    try:
        return name in profile_ids() or (Path(name) / "profile.toml").is_file()
    except (OSError, ValueError):  # too long for a path
        return False


def _number(value: object) -> object:
    return Decimal(value) if isinstance(value, int) else value


def _same(stated: Decimal, rate: Decimal) -> bool:
    """A rate as printed with two, one or no decimals of a percentage."""
    return any(round_half_up(rate, decimals) == stated for decimals in (4, 3, 2))


def _close(a: Decimal, b: Decimal) -> bool:
    return abs(a - b) <= Decimal("0.01") or round_half_up(b, 1) == a


def _percent(rate: Decimal) -> str:
    return f"{plain(round_half_up(rate * 100, 2))}%"
