"""R509, R510, R516 to R518, R522 to R524, R526: what an indicator's own values show to be copied, missing or misplaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations

from ..annex import FormIndicator
from ..columns import SIGN
from ..facts import Facts
from ..findings import Severity
from ..indicators import SIGN_END, Indicator, indicator_lists, indicators
from ..source import CellState, Span
from . import Found, Outcome, rule
from .tables import where

SATISFIED = re.compile("满意")
BLANK_WORDS = re.compile(r"无|完成|已完成|全部完成|达标|已达标|达成|是|合格|100分")


def _groups(facts: Facts) -> Iterator[tuple[str, list[Indicator]]]:
    """Each list of indicators with what to say of its place."""
    for form, told in indicator_lists(facts):
        yield f"{where(form)}：" if form else "", told


@rule("R509", "measured-by-another", Severity.QUESTION, source="scoring")
def measured_by_another(facts: Facts) -> Iterator[Outcome]:
    """完成值说的应是本指标；写成另一指标的名称，两项内容相同的，疑为重复或套用。

    Formula  完成值所指名称 ＝ 本指标名称
    Flags    救助保障率：指标值100%，本次评价救助保障率为100%，得分8分。
             保障群众正常生活：指标值100%，本次评价救助保障率为100%，得分15分。
    Passes   救助保障率：指标值100%，本次评价救助保障率为100%，得分8分。
             保障群众正常生活：指标值100%，本次评价正常生活保障比例为100%，得分15分。
    """
    told = [i for i in indicators(facts) if "完成" in i]
    for indicator in told:
        words = re.split("[，。；：]", indicator["完成"].lead)[-1]
        others = [
            o for o in told
            if o is not indicator and len(o.name) >= 4 and o.name in words
            and o.name not in indicator.name and indicator.name not in words
        ]  # fmt: skip
        if others:
            other = max(others, key=lambda o: len(o.name))
            both = [i["分值"].value for i in (indicator, other) if "分值" in i]
            points = f"，两项分值共{sum(both):f}分" if len(both) == 2 else ""
            yield Found(
                f"“{indicator.name}”的完成值写的是“{other.name}”，与该指标内容相同{points}",
                (facts.quote(indicator["完成"]), other["完成"].figure.span),
                "请核实两项指标是否重复，按本指标填写完成值",
            )


@rule("R510", "same-indicator-twice", Severity.NOTE, source="scoring")
def same_indicator_twice(facts: Facts) -> Iterator[Outcome]:
    """名称相近、指标值和完成值都相同的两项指标，疑为重复设置。

    Formula  名称、指标值、完成值不应同时相同
    Flags    困难群众救助人数：指标值300人，实际完成值310人，得分5分。
             困难群众的救助人数：指标值300人，实际完成值310人，得分5分。
    Passes   困难群众救助人数：指标值300人，实际完成值310人，得分5分。
             困难学生资助人数：指标值200人，实际完成值210人，得分5分。
    """
    for place, told in _groups(facts):
        known = [i for i in told if {"目标", "完成"} <= i.facts.keys() and len(i.name) >= 4]
        for one, other in combinations(known, 2):
            same = all(
                one[m].value == other[m].value and one[m].unit == other[m].unit for m in ("目标", "完成")
            )
            if same and one["目标"].value != 1 and _alike(one.name, other.name):
                yield Found(
                    f"{place}“{one.name}”与“{other.name}”名称相近，指标值、完成值都相同，疑为重复",
                    (*_values(one), *_values(other)), "请核实是否重复设置指标",
                )  # fmt: skip


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= 0.85


def _values(indicator: Indicator) -> tuple[Span, ...]:
    return tuple(indicator[m].figure.span for m in ("目标", "完成") if m in indicator)


@rule("R516", "target-copied", Severity.QUESTION, source="scoring")
def target_copied(facts: Facts) -> Iterator[Outcome]:
    """完成值应是实际数；带“≥”“≤”的是照抄指标值。

    Formula  完成值应为数，不应带“≥”“≤”
    Flags    群众满意度：指标值≥90%，实际完成值≥90%，分值10分，得分10分。
    Passes   群众满意度：指标值≥90%，实际完成值92%，分值10分，得分10分。
    """
    for place, told in _groups(facts):
        found = [i for i in told if "目标" in i and "完成" in i and _signed(i)]
        if found:
            named = "、".join(f"“{i.name}”" for i in found[:5])
            yield Found(
                f"{place}{named}{f'等{len(found)}项' if len(found) > 5 else ''}的完成值带“≥”“≤”等符号，"
                "是照抄指标值，不是实际完成数",
                tuple(span for i in found for span in _values(i)), "请填写实际完成数",
            )  # fmt: skip


def _signed(indicator: Indicator) -> bool:
    if isinstance(indicator, FormIndicator):
        return bool(SIGN.match(indicator.cells["完成"].text.strip())) and indicator.comparable
    actual = indicator["完成"]
    return actual.own_measure and actual.measure == "完成" and bool(SIGN_END.search(actual.lead))


@rule("R517", "midyear-is-target", Severity.NOTE, source="scoring")
def midyear_is_target(facts: Facts) -> Iterator[Outcome]:
    """年中监控值应是监控时的实际数；多项恰好等于全年指标值的，疑为照填。

    Formula  年中监控值 ＝ 指标值的不多于1项（100%的除外）
    Flags    甲指标：指标值2045人，年中监控完成值2045人，实际完成值2460人，得分8分。
             乙指标：指标值7个，年中监控完成值7个，实际完成值8个，得分8分。
    Passes   甲指标：指标值2045人，年中监控完成值1020人，实际完成值2460人，得分8分。
             乙指标：指标值7个，年中监控完成值7个，实际完成值8个，得分8分。
    """
    for place, told in _groups(facts):
        known = [i for i in told if {"目标", "年中"} <= i.facts.keys() and i["目标"].value != 1]
        same = [i for i in known if (i["年中"].value, i["年中"].unit) == (i["目标"].value, i["目标"].unit)]
        if len(same) > 1:
            named = "、".join(f"“{i.name}”{i['年中'].figure}" for i in same)
            yield Found(
                f"{place}{len(same)}项指标的年中监控值恰等于全年指标值，疑为照填：{named}",
                tuple(span for i in same for span in (i["年中"].figure.span, i["目标"].figure.span)),
                "请核对年中监控数据",
            )


@rule("R518", "midyear-satisfaction", Severity.QUESTION, source="scoring")
def midyear_satisfaction(facts: Facts) -> Iterator[Outcome]:
    """年中满意度写为0%的，应是未开展调查，不是满意度为0。

    Formula  年中满意度 ≠ 0%
    Flags    群众满意度：指标值≥95%，年中监控完成值0%，实际完成值96%，得分10分。
    Passes   群众满意度：指标值≥95%，年中监控完成值95.2%，实际完成值96%，得分10分。
    """
    for place, told in _groups(facts):
        for indicator in told:
            if SATISFIED.search(indicator.name) and "年中" in indicator and not indicator["年中"].value:
                yield Found(
                    f"{place}“{indicator.name}”年中监控值为{indicator['年中'].figure}，应是尚未调查，而不是满意度为0",
                    (indicator["年中"].figure.span,), "请核实年中是否开展调查；未调查的写明“未开展”",
                )  # fmt: skip


@rule("R522", "heavy-indicator", Severity.NOTE, source="scoring")
def heavy_indicator(facts: Facts) -> Iterator[Outcome]:
    """单一指标的分值不宜过大，否则一项即可左右总分。

    Formula  单项分值 ≤ 30分
    Flags    甲指标：指标值10个，实际完成值10个，分值50分，得分50分。
             乙指标：指标值10个，实际完成值10个，分值20分，得分20分。
             丙指标：指标值10个，实际完成值10个，分值20分，得分20分。
    Passes   甲指标：指标值10个，实际完成值10个，分值30分，得分30分。
             乙指标：指标值10个，实际完成值10个，分值30分，得分30分。
             丙指标：指标值10个，实际完成值10个，分值30分，得分30分。
    """
    most = Decimal(facts.scoring["indicator_weight_at_most"])
    for place, told in _groups(facts):
        weighted = [i for i in told if "分值" in i]
        heavy = [i for i in weighted if most < i["分值"].value < 100]
        if heavy and len(weighted) >= 3 and "目标" in heavy[0]:
            named = "、".join(f"“{i.name}”{i['分值'].figure}" for i in heavy)
            yield Found(
                f"{place}单一指标分值超过{most}分：{named}", tuple(i["分值"].figure.span for i in heavy),
                "请核对分值是否合理，是否应细分指标",
            )  # fmt: skip


@rule("R523", "no-actual-value", Severity.QUESTION, source="scoring")
def no_actual_value(facts: Facts) -> Iterator[Outcome]:
    """有数字指标值又给了分的指标，应填写实际完成数；空白、“无”或只写“完成”的不能核实。

    Formula  有指标值、有得分 → 有完成值
    Flags    下乡演出：指标值80场，实际完成值：无，分值8分，得分8分。
    Passes   下乡演出：指标值80场，实际完成值82场，分值8分，得分8分。
    """
    unfinished = [i for i in indicators(facts) if "完成" not in i]
    for index, paragraph in enumerate(facts.paragraphs):
        for indicator in (i for i in unfinished if i.paragraph == index):
            told = re.search(
                r"(?:实际)?完成(?:值|数|情况)(?:为|：)?[“\"]?(?:无|空)[”\"]?(?=[，。；])", paragraph.text
            )
            if told and "得分" in indicator and indicator["得分"].value:
                yield Found(
                    f"“{indicator.name}”有指标值和得分，没有实际完成数",
                    (paragraph.span(*told.span()), indicator["得分"].figure.span), "请填写实际完成数，核对得分",
                )  # fmt: skip
    for form in facts.tables:
        scored = [
            i for i in form.indicators if "目标" in i and "完成" not in i and "得分" in i and i["得分"].value
        ]
        cells = [(i, i.cells["完成"]) for i in scored if "完成" in i.cells]
        empty = [(i, c) for i, c in cells if c.state in (CellState.BLANK, CellState.DASH)]
        words = [(i, c) for i, c in cells if BLANK_WORDS.fullmatch(c.text.strip())]
        for group, severity, what in (
            (empty, Severity.QUESTION, "空白"),
            (words, Severity.NOTE, "只有“完成”“无”等字样"),
        ):
            if group:
                named = "、".join(f"“{i.name}”" for i, _ in group[:5])
                yield Found(
                    f"{where(form)}：{named}{f'等{len(group)}项' if len(group) > 5 else ''}有指标值和得分，完成值{what}",
                    tuple(s for i, c in group for s in (c.span, i["得分"].figure.span)),
                    "请填写实际完成数，核对得分", severity,
                )  # fmt: skip


@rule("R524", "points-as-actual", Severity.QUESTION, source="scoring")
def points_as_actual(facts: Facts) -> Iterator[Outcome]:
    """完成值一栏不应填分值：多行的完成值与分值相同而与指标值不同的，疑为填错栏。

    Formula  完成值 ≠ 分值（与指标值不同的行）
    Flags    | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥80场 | 10 | 10 | 10 | |
             | | 满意度指标 | 满意度指标 | 听众满意度 | ≥95% | 20 | 20 | 20 | |
    Passes   | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥80场 | 82场 | 10 | 10 | |
             | | 满意度指标 | 满意度指标 | 听众满意度 | ≥95% | 96% | 20 | 20 | |
    """
    for form in facts.tables:
        found = [
            i for i in form.indicators
            if {"目标", "完成", "分值"} <= i.facts.keys() and i["完成"].figure.quantity.value == i["分值"].figure.quantity.value
            and i["完成"].value != i["目标"].value and i["完成"].figure.quantity.value != i["目标"].figure.quantity.value
        ]  # fmt: skip
        if len(found) > 1 and len(found) * 2 > len(form.indicators):
            yield Found(
                f"{where(form)}：{len(found)}项指标的完成值与分值相同，与指标值不同，疑把分值填入了完成值",
                tuple(i["完成"].figure.span for i in found), "请核对完成值一栏",
            )  # fmt: skip


@rule("R526", "weighted-twice", Severity.QUESTION, source="scoring")
def weighted_twice(facts: Facts) -> Iterator[Outcome]:
    """得分已按权重给出的，不应再乘一次权重：25分的指标满分得6.25分，是重复加权。

    Formula  得分 ≠ 分值 × 分值%
    Flags    甲指标：指标值10个，实际完成值10个，分值25分，得分6.25分。
             乙指标：指标值10个，实际完成值10个，分值20分，得分4分。
    Passes   甲指标：指标值10个，实际完成值10个，分值25分，得分25分。
             乙指标：指标值10个，实际完成值10个，分值20分，得分20分。
    """
    for place, told in _groups(facts):
        scored = [i for i in told if {"分值", "得分"} <= i.facts.keys() and 0 < i["分值"].value < 100]
        found = [i for i in scored if i["得分"].value * 100 == i["分值"].value ** 2]
        if len(found) > 1 and len(found) * 2 > len(scored):
            named = "、".join(f"“{i.name}”{i['分值'].figure}得{i['得分'].figure}" for i in found[:4])
            yield Found(
                f"{place}{len(found)}项指标的得分正好是分值再乘分值的百分比，疑重复加权：{named}",
                tuple(s for i in found for s in (i["分值"].figure.span, i["得分"].figure.span)),
                "请核对加权办法和总分",
            )  # fmt: skip
