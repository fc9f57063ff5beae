"""Rates, scores, grades and amounts as worksheet functions."""

from __future__ import annotations

from decimal import Decimal
from math import floor
from typing import Any

from .. import formulas
from ..columns import SIGNS
from ..forms.description import national_bands, profile, profile_ids
from ..forms.values import BELOW_IS_SHARE, PRINTED_SIGN, split_value
from ..quantity import Quantity, round_half_up, unit_scale
from . import function
from .border import (
    BLANK,
    HAS_ERROR,
    UNITS_DIFFER,
    UNMISTAKABLE,
    ZERO_BASE,
    Given,
    Reason,
    attempt,
    each,
    like,
    points,
    quantity,
    rows,
    single,
    text,
)  # fmt: skip

RATES, SCORES, NUMBERS = "审计·比率", "审计·得分", "审计·数字"


def _rate(part: Any, whole: Any) -> Any:
    numbers = like(part, whole)
    if isinstance(numbers, Reason):
        return numbers
    return ZERO_BASE if numbers[1] == 0 else formulas.rate(*numbers)


def _shown_rate(part: Any, whole: Any) -> Any:
    """The same, in floats where these are sure to give what decimals do: far from a tie. For whole columns."""
    if (
        type(part) is float is type(whole)
        and -UNMISTAKABLE < part < UNMISTAKABLE
        and 0 < whole < UNMISTAKABLE
    ):
        scaled = part / whole * 10_000
        if -1e8 < scaled < 1e8:
            nearest = floor(scaled + 0.5)
            if abs(scaled - nearest) < 0.499999:
                return nearest / 10_000
    return _rate(part, whole)


def _change(now: Any, before: Any) -> Any:
    numbers = like(now, before)
    if isinstance(numbers, Reason):
        return numbers
    return ZERO_BASE if numbers[1] == 0 else formulas.change_rate(*numbers)


@function(
    "EXEC_RATE",
    "执行率",
    RATES,
    spent="全年执行数",
    budget="全年预算数（调整后）；与执行数单位相同",
)
def exec_rate(spent: Given, budget: Given) -> Any:
    """预算执行率＝全年执行数÷全年预算数，四位小数（即百分数两位）。可整列计算。缺数时为空，分母为零时返回说明。"""
    return each(_shown_rate, spent, budget)


@function(
    "COMPLETION_RATE",
    "完成率",
    RATES,
    target="指标值，可带符号和单位，如 ≥95%",
    actual="完成值",
    sign="符号 ≥、≤ 或 =；已写在指标值里的可省略",
)
def completion_rate(target: Given, actual: Given, sign: Given = None) -> Any:
    """指标完成率：≥、=为完成值÷指标值；≤达到为100%，超过为指标值÷完成值。不写单位的数视为与另一数同单位，比率写成95%、0.95均可。"""
    return each(_completion, target, actual, sign)


def _completion(target: Any, actual: Any, sign: Any) -> Any:
    own, number, unit = split_value(target) if isinstance(target, str) else ("", target, "")
    if isinstance(target, str) and isinstance(number, Decimal):
        target = f"{number}{unit}"
    given = text(sign).strip()
    said = PRINTED_SIGN.get(SIGNS.get(given, ""), "") if given else own
    if given and not said:
        return Reason("符号应为≥、≤或=")
    wanted, got = quantity(target), quantity(actual)
    if isinstance(wanted, Reason):
        return wanted
    if isinstance(got, Reason):
        return got
    if wanted.base_unit != got.base_unit and wanted.unit and got.unit:
        return UNITS_DIFFER
    return formulas.completion_rate(_beside(wanted, got), _beside(got, wanted), said or "≥")


def _beside(one: Quantity, other: Quantity) -> Decimal:
    """A bare number takes the unit of what it is compared with; beside a percentage 0.95 and 95 are one."""
    if one.unit or not other.unit:
        return one.exact
    if other.base_unit == "1":
        return one.value if abs(one.value) <= BELOW_IS_SHARE else one.value / 100
    return one.value * other.scale


@function(
    "ADJUST_RATE",
    "预算调整率",
    RATES,
    initial="年初预算数",
    budget="全年预算数（调整后）",
)
def adjust_rate(initial: Given, budget: Given) -> Any:
    """预算调整率＝｜全年预算数－年初预算数｜÷年初预算数。"""

    def one(before: Any, now: Any) -> Any:
        rate = _change(now, before)
        return abs(rate) if isinstance(rate, Decimal) else rate

    return each(one, initial, budget)


@function(
    "CARRYOVER_RATE",
    "结转结余率",
    RATES,
    carryover="年末结转和结余",
    budget="支出预算数",
)
def carryover_rate(carryover: Given, budget: Given) -> Any:
    """结转结余率＝年末结转和结余÷支出预算数。"""
    return each(_shown_rate, carryover, budget)


@function(
    "CONTROL_RATE",
    "控制率",
    RATES,
    actual="实际数（实际在职人数、实际支出、实际规模等）",
    limit="限额（编制数、预算数、批复规模等）",
)
def control_rate(actual: Given, limit: Given) -> Any:
    """控制率＝实际数÷限额。"""
    return each(_shown_rate, actual, limit)


@function(
    "CHANGE_RATE",
    "变动率",
    RATES,
    now="本期数",
    before="上期数",
)
def change_rate(now: Given, before: Given) -> Any:
    """变动率＝（本期数－上期数）÷上期数。上期为零时无法比较，返回说明。"""
    return each(_change, now, before)


@function(
    "SHARE",
    "占比",
    RATES,
    part="部分",
    whole="整体",
)
def share(part: Given, whole: Given) -> Any:
    """占比＝部分÷整体。"""
    return each(_shown_rate, part, whole)


# ---- scores ------------------------------------------------------------------------------------------------


@function(
    "EXEC_SCORE", "执行率得分", SCORES, spent="全年执行数", budget="全年预算数", weight="分值，省略为10"
)
def exec_score(spent: Given, budget: Given, weight: Given = 10.0) -> Any:
    """执行率得分＝分值×执行率，不超过分值，两位小数。"""

    def one(part: Any, whole: Any, full: Any) -> Any:
        return _scored(full, _rate(part, whole))

    return each(one, spent, budget, weight)


@function(
    "INDICATOR_SCORE",
    "指标得分",
    SCORES,
    target="指标值，如 ≥95%",
    actual="完成值",
    weight="分值",
    sign="符号 ≥、≤ 或 =；已写在指标值里的可省略",
    rule="“比例”（默认，按完成率计分）或“是否”（达到满分，否则零分）",
)
def indicator_score(
    target: Given, actual: Given, weight: Given, sign: Given = None, rule: Given = None
) -> Any:
    """指标得分＝分值×完成率，不超过分值、不低于零，两位小数。"""

    def one(wanted: Any, got: Any, weight: Any, mark: Any, how: Any) -> Any:
        rate = _completion(wanted, got, mark)
        how = text(how).strip() or "比例"
        if how not in ("比例", "是否"):
            return Reason("规则应为“比例”或“是否”")
        if how == "是否" and isinstance(rate, Decimal | int):
            rate = Decimal(rate >= 1)
        return _scored(weight, rate)

    return each(one, target, actual, weight, sign, rule)


def _scored(weight: Any, rate: Any) -> Any:
    if isinstance(rate, Reason):
        return rate
    full = points(weight)
    return full if isinstance(full, Reason) else formulas.rate_score(full, Decimal(rate))


@function(
    "TOTAL_SCORE",
    "总分",
    SCORES,
    ranges=("scores",),
    scores="各项得分所在区域，空白和文字不计",
)
def total_score(scores: Given) -> Any:
    """总分＝各项得分之和，两位小数。区域中有错误值或分以外的单位时返回说明。"""
    found = [points(cell) for row in rows(scores) for cell in row]
    for reason in (HAS_ERROR, UNITS_DIFFER):
        if reason in found:
            return str(reason)
    numbers = [one for one in found if isinstance(one, Decimal)]
    return attempt(lambda: round_half_up(sum(numbers, Decimal(0)), 2) if numbers else BLANK)


@function(
    "GRADE",
    "等级",
    SCORES,
    score="总分",
    profile_name="附表格式，如 hunan；省略用全国通行的优良中差",
)
def grade(score: Given, profile_name: Given = None) -> Any:
    """评价等级：90分以上优，80分以上良，60分以上中，其余差；各地另有规定的按所选格式。"""
    name = text(single(profile_name)).strip()
    if name and name not in profile_ids():
        return f"没有这套附表：{name}"
    bands = profile(name).bands if name else national_bands()

    def one(total: Any) -> Any:
        value = points(total)
        if isinstance(value, Reason):
            return value
        return next((word for word, least in bands if value >= least), Reason("不在等级范围内"))

    return each(one, score)


# ---- numbers -----------------------------------------------------------------------------------------------


@function(
    "AMOUNT",
    "金额",
    NUMBERS,
    printed="写有金额的文字或数，如 423.7万元",
    unit="换算成的单位：元、万元（默认）、亿元",
)
def amount(printed: Given, unit: Given = "万元") -> Any:
    """把写成文字的金额换算成指定单位的数；不带单位的数视为已是该单位。"""
    wanted = text(single(unit)).strip() or "万元"
    base, scale = unit_scale(wanted)
    if base != "元":
        return f"不是金额单位：{wanted}"

    def one(value: Any) -> Any:
        found = quantity(value, wanted)
        if isinstance(found, Reason):
            return found
        if found.base_unit != "元":
            return UNITS_DIFFER
        return found.exact / scale

    return each(one, printed)
