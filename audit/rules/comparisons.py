"""R307, R111: what the words between two figures say of them: 低于, 超过; 发放 and 收回."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..facts import Fact, Facts
from ..findings import Severity
from . import Claim, Outcome, rule
from .common import name_of, within_claim

WORD = re.compile(
    r"^[，、]?(?:均|也|已|仍|远|略|明显|大幅)?(?P<word>不低于|不少于|不小于|不高于|不超过|不大于|未超过|没有超过|未突破|低于|小于|少于|高于|大于|多于|优于|超过)"
    r"(?:了|或等于)?(?P<named>[^，。；：\d]{0,12})$"
)
MET = re.compile(r"^[，、]?(?:均|已)?(?P<word>达到|完成|实现)了?[^，。；\d]{0,6}$")
AIM = re.compile("的?(?:[^，。；]{0,6})(?:目标|任务|标准|要求|控制线)")
RELATIONS = {word: "<=" for word in "不高于 不超过 不大于 未超过 没有超过 未突破 低于 小于 少于".split()}
RELATIONS |= {word: ">=" for word in "不低于 不少于 不小于 高于 大于 多于 优于 超过 达到 完成 实现".split()}


@rule("R307", "comparison-word", Severity.QUESTION, source="consistency")
def comparison_word(facts: Facts) -> Iterator[Outcome]:
    """“低于”“超过”等词应与其前后两个数一致。

    Formula  甲低于乙: 甲 ≤ 乙;  甲超过乙: 甲 ≥ 乙
    Flags    在职人员控制率105.00%，低于100%
    Passes   接种率98.57%，高于95%的国家标准
    """
    for sentence in facts.sentences():
        for a, b in pairwise(f for f in sentence if f.role != "date"):
            aimed = bool(AIM.match(b.tail))
            said = WORD.match(b.lead) or (MET.match(b.lead) if aimed else None)
            same = (a.unit, a.kind) == (b.unit, b.kind) and a.role in ("level", "rate", "other")
            if not said or not same or (a.direction and not aimed) or a.figure.quantity.approx:
                continue
            if max(a.value, b.value) > 2 * min(a.value, b.value):
                continue  # 实际302.55万元，低于控制数20.45万元: by so much, not than so much
            better = said["word"] == "优于" and a.value < b.value  # of 死亡率 the lower is the better
            yield Claim(
                a.figure, b.figure.id, (b.figure,), "<=" if better else RELATIONS[said["word"]], name_of(a),
                f"所写“{said['word']}”，与其后", doubt="比较的可能不是这两个数", advice="请核对两数和比较的词",
            )  # fmt: skip


MOVED = re.compile(r"(?P<word>增加|增长|提高|上升|扩大|延长|下降|减少|降低|压缩|压减|缩短|回落)[到至为]$")
FELL = ("下降", "减少", "降低", "压缩", "压减", "缩短", "回落")


@rule("R308", "moved-to", Severity.QUESTION, source="consistency")
def moved_to(facts: Facts) -> Iterator[Outcome]:
    """由甲“提高到”“下降到”乙，方向应与前后两个数一致。

    Formula  提高到: 乙 ≥ 甲;  下降到: 乙 ≤ 甲
    Flags    办件量由上年的143件下降到152件
    Passes   覆盖率由68%提高到83%
    """
    for sentence in facts.sentences():
        for a, b in pairwise(f for f in sentence if f.role != "date"):
            said = MOVED.search(b.lead)
            if not said or (a.unit, a.kind) != (b.unit, b.kind) or len(b.lead) > 12 or a.figure.quantity.approx:
                continue
            yield Claim(
                b.figure, a.figure.id, (a.figure,), "<=" if said["word"] in FELL else ">=", name_of(b),
                f"所写“{said[0]}”，与其前", doubt="前后可能不是同一指标", advice="请核对两数和方向词",
            )  # fmt: skip


SENT = re.compile(r"(?:发放|发出|下发|印发|派发|发送)[^，。；\d]{0,10}$")
BACK = re.compile(r"(?:收回|回收|有效|返回)[^，。；\d]{0,8}$")
DUE = re.compile(r"应(?P<verb>[\u4e00-\u9fff]{1,3})$")


@rule("R111", "returned-of-sent", Severity.QUESTION, source="tie-outs")
def returned_of_sent(facts: Facts) -> Iterator[Outcome]:
    """收回的问卷不应多于发放的，实参、实种的不应多于应参、应种的。

    Formula  收回数 ≤ 发放数;  实参数 ≤ 应参数
    Flags    发放问卷300份，收回320份
    Passes   发放问卷320份，收回有效问卷308份
    """
    for sentence in facts.sentences():
        row = [f for f in sentence if f.kind == "count" and f.role == "level" and not f.figure.quantity.approx]
        for a, b in pairwise(row):
            if a.unit == b.unit and b.start - a.end < 30 and (_sent_back(a, b) or _due(a, b) or _filled(a, b)):
                yield within_claim(b, a)


POSTS = re.compile(r"编制(?:数|总数)?(?:为|是)?$")


def _filled(a: Fact, b: Fact) -> bool:
    """车辆编制9辆，实有9辆; of persons R704 speaks, which knows parts of the posts from all of them"""
    return a.unit != "人" and bool(POSTS.search(a.lead) and re.search(r"(?:实有|现有|在编|在用)[^，。；\d]{0,4}$", b.lead))


def _sent_back(a: Fact, b: Fact) -> bool:
    return bool((SENT.search(a.lead) or BACK.search(a.lead)) and BACK.search(b.lead))


def _due(a: Fact, b: Fact) -> bool:
    due = DUE.search(a.lead)
    return bool(due and re.search(f"实(?:际|有)?{due['verb'][:1]}", b.lead[-8:]))
