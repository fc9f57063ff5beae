"""Indicators told in prose: target, mid-year value, actual value, completion rate, weight, score.

Comes in: Facts. Goes out: one `Indicator` per paragraph that tells of a target and its score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .facts import Fact, Facts

SIGNS = (
    (re.compile(r"大于等于|不低于|不少于|≥|>=|至少|大于"), ">="),
    (re.compile(r"小于等于|不高于|不超过|不多于|≤|<=|以内|小于|控制在"), "<="),
    (re.compile(r"等于|＝|="), "="),
)
REASON = re.compile(r"偏差(?:的)?(?:主要)?原因|未完成(?:的)?(?:主要)?原因|原因(?:是|为|：|分析)")
MEASURES = re.compile("改进措施|整改措施")


@dataclass
class Indicator:
    """facts by measure: 目标, 年中, 完成, 完成率, 分值, 得分; sign is how the target is meant."""

    name: str
    paragraph: int
    sign: str = "="
    facts: dict[str, Fact] = field(default_factory=dict)
    has_reason: bool = False

    def __contains__(self, measure: str) -> bool:
        return measure in self.facts

    def __getitem__(self, measure: str) -> Fact:
        return self.facts[measure]


def indicators(facts: Facts) -> Iterator[Indicator]:
    """Every paragraph that tells of a target or a weight, with what it tells."""
    for index, paragraph in enumerate(facts.paragraphs):
        row = [f for f in facts.in_paragraph(index) if f.role != "date"]
        measures = {f.measure for f in row}
        if not ("目标" in measures and measures & {"完成", "完成率", "得分"}):
            continue
        name = re.split("[：，]", paragraph.text[paragraph.marker :], maxsplit=1)[0]
        found = Indicator(name[-30:], index, has_reason=bool(REASON.search(paragraph.text)))
        for fact in row:
            if fact.measure in ("目标", "年中", "完成", "完成率", "分值", "得分"):
                found.facts.setdefault(fact.measure, fact)
        _find_actual(found, row)
        _keep_sign(found)
        yield found


def _find_actual(found: Indicator, row: list[Fact]) -> None:
    """Where no word says which is the actual value: the last amount of the target's unit before the rate."""
    if "完成" in found or "目标" not in found:
        return
    target = found["目标"]
    rate = found.facts.get("完成率")
    taken = {f.figure for f in found.facts.values()}
    actual = [
        f for f in row
        if f.unit == target.unit and f.figure not in taken and f.start > target.start
        and (rate is None or f.start < rate.start) and f.measure not in ("调整", "全年预算", "分值", "得分")
    ]  # fmt: skip
    if actual:
        found.facts["完成"] = actual[-1]


def _keep_sign(found: Indicator) -> None:
    if "目标" in found:
        words = found["目标"].lead[-8:] + found["目标"].figure.quantity.text
        found.sign = next((sign for pattern, sign in SIGNS if pattern.search(words)), "=")
