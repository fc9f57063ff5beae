"""Indicators and scored sections told in prose: target, actual value, completion rate, weight, score.

Comes in: Facts. Goes out: one `Indicator` per target, one `Section` per heading that carries points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .facts import Fact, Facts

SIGNS = (
    (re.compile(r"大于等于|不低于|不少于|不小于|≥|>=|至少|大于|高于|以上"), ">="),
    (re.compile(r"小于等于|不高于|不超过|不多于|不大于|≤|<=|以内|小于|控制在"), "<="),
    (re.compile(r"等于|＝|="), "="),
)
REASON = re.compile(
    r"偏差(?:的)?(?:主要)?原因|未(?:完成|达标|达到)[^，。；]{0,10}原因|原因(?:是|为|：|分析)|因为|由于|主要是|因[^此而]"
)
REFERS = re.compile(r"[详另]?见附[件表]")
READINGS = ("目标", "年中", "完成", "完成率", "分值", "得分")


@dataclass
class Indicator:
    """facts by measure: 目标, 年中, 完成, 完成率, 分值, 得分; sign is how the target is meant."""

    name: str
    paragraph: int
    sign: str = ">="
    facts: dict[str, Fact] = field(default_factory=dict)
    has_reason: bool = False

    def __contains__(self, measure: str) -> bool:
        return measure in self.facts

    def __getitem__(self, measure: str) -> Fact:
        return self.facts[measure]


@dataclass
class Section:
    """A heading with its points: “2.质量指标15分，得15分”."""

    level: int
    paragraph: int
    weight: Fact
    score: Fact


def indicators(facts: Facts) -> Iterator[Indicator]:
    """Every target of the running text with what is told of it.

    A paragraph with one target is one indicator; one with several is read clause by clause.
    """
    told_elsewhere = {p.path for p in facts.paragraphs if REFERS.search(p.text)}
    for index, paragraph in enumerate(facts.paragraphs):
        row = [f for f in facts.in_paragraph(index) if f.role != "date"]
        targets = [f for f in row if f.measure == "目标" and f.role in ("level", "rate", "standard")]
        for target in targets:
            near = row if len(targets) == 1 else [f for f in facts.clause(target) if f.role != "date"]
            if len(targets) > 1 and len([f for f in near if f.measure == "目标"]) > 1:
                continue
            text = paragraph.text if len(targets) == 1 else paragraph.text[near[0].start : near[-1].end + 40]
            found = Indicator(
                "", index, has_reason=bool(REASON.search(text)) or paragraph.path in told_elsewhere
            )
            found.facts["目标"] = target
            for fact in near:
                if fact.measure in READINGS and fact is not target:
                    found.facts.setdefault(fact.measure, fact)
            _find_actual(found, near)
            if not {"完成", "完成率", "得分"} & found.facts.keys():
                continue
            found.name = target.owner or _name(facts, found, len(targets) == 1)
            words = target.lead[-8:] + target.tail[:3]
            found.sign = next((sign for pattern, sign in SIGNS if pattern.search(words)), ">=")
            yield found


def _find_actual(found: Indicator, near: list[Fact]) -> None:
    """Where no word says which is the actual value: the figure of the target's unit nearest to it."""
    target = found["目标"]
    if "完成" in found and found["完成"].unit == target.unit:
        return
    found.facts.pop("完成", None)
    taken = {f.figure for f in found.facts.values()}
    like = [
        f for f in near
        if f.unit == target.unit and f.kind == target.kind and f.figure not in taken
        and not f.figure.quantity.unit.endswith("百分点")
        and f.role in ("level", "rate", "standard") and f.measure not in ("调整", "全年预算", "分值", "得分", "年中", "占比")
    ]  # fmt: skip
    part = next((f.start for f in near if f.start > target.start and "其中" in f.lead), None)
    like = [f for f in like if part is None or f.start < part]
    rate = found.facts.get("完成率")
    like = [f for f in like if rate is None or f.start < rate.start] or like
    if like:
        after = [f for f in like if f.start > target.start]
        found.facts["完成"] = after[-1] if after else like[-1]


def _name(facts: Facts, found: Indicator, alone: bool) -> str:
    paragraph = facts.paragraphs[found.paragraph]
    if alone:
        head = re.split("[：，。]", paragraph.text[paragraph.marker :], maxsplit=1)[0]
        if len(head) <= 30 and not re.search(r"\d", head):
            return head
    first = min(found.facts.values(), key=lambda f: f.start)
    words = re.split("[，。；：]", first.lead)[-1]
    words = re.sub(r"(?:年度)?(?:目标|指标)值?(?:为|是|：)?.{0,4}$", "", words)
    return words or first.item or first.lead.strip("，。；：、的为是（")[-12:]


def sections(facts: Facts) -> list[Section]:
    """Headings that state both their points and the score given, in order."""
    found = []
    for index, paragraph in enumerate(facts.paragraphs):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score"]
        if not paragraph.level or len(row) < 2 or row[0].measure != "分值" or row[0].start > 40:
            continue
        score = next((f for f in row[1:] if f.measure == "得分"), None)
        targets = [f for f in facts.in_paragraph(index) if f.measure == "目标"]
        if score and row[0].value != 100 and not (len(targets) == 1 and targets[0].start < row[0].start):
            found.append(Section(paragraph.level, index, row[0], score))
    return found
