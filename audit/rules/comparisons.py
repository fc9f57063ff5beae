"""R111, R112, R307–R309: what words say of figures: 发放 and 收回, 年初 and 年末, 低于, 下降到, 全部办结."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..facts import Fact, Facts
from ..findings import Severity
from ..indicators import indicators
from . import Claim, Found, Outcome, rule
from .common import name_of, within_claim
from .restated import common_runs

WORD = re.compile(
    r"^[，、]?(?:均|也|已|仍|远|略|明显|大幅)?(?P<word>不低于|不少于|不小于|不高于|不超过|不大于|未超过|没有超过|未突破|低于|小于|少于|高于|大于|多于|优于|超过|超出)"
    r"(?:了|或等于)?(?P<named>[^，。；：\d]{0,12})$"
)
MET = re.compile(r"^[，、]?(?:均|已)?(?P<word>达到|完成|实现)了?[^，。；\d]{0,10}$")
AIM = re.compile("的?(?:[^，。；]{0,6})(?:目标|任务|标准|要求|控制线)")
RELATIONS = {word: "<=" for word in "不高于 不超过 不大于 未超过 没有超过 未突破 低于 小于 少于".split()}
RELATIONS |= {
    word: ">=" for word in "不低于 不少于 不小于 高于 大于 多于 优于 超过 超出 达到 完成 实现".split()
}


@rule("R307", "comparison-word", Severity.QUESTION, source="consistency")
def comparison_word(facts: Facts) -> Iterator[Outcome]:
    """“低于”“超过”等词应与其前后两个数一致。

    Why      比较的结论与数字相反，会误导评价
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

    Why      方向写反，成效就说反了
    Formula  提高到: 乙 ≥ 甲;  下降到: 乙 ≤ 甲
    Flags    办件量由上年的143件下降到152件
    Passes   覆盖率由68%提高到83%
    """
    for sentence in facts.sentences():
        for a, b in pairwise(f for f in sentence if f.role != "date"):
            said = MOVED.search(b.lead)
            if (
                not said
                or (a.unit, a.kind) != (b.unit, b.kind)
                or len(b.lead) > 12
                or a.figure.quantity.approx
            ):
                continue
            yield Claim(
                b.figure, a.figure.id, (a.figure,), "<=" if said["word"] in FELL else ">=", name_of(b),
                f"所写“{said[0]}”，与其前", doubt="前后可能不是同一指标", advice="请核对两数和方向词",
            )  # fmt: skip


SENT = re.compile(r"(?:发放|发出|下发|印发|派发|发送)[^，。；\d]{0,10}$")
BACK = re.compile(r"(?:收回|回收|有效|返回)[^，。；\d]{0,8}$")
DUE = re.compile(r"应(?P<verb>[\u4e00-\u9fff]{1,6})$")


@rule("R111", "returned-of-sent", Severity.QUESTION, source="tie-outs")
def returned_of_sent(facts: Facts) -> Iterator[Outcome]:
    """收回的问卷不应多于发放的，实参、实种的不应多于应参、应种的。

    Why      收回多于发放，说明调查数据有误
    Formula  收回数 ≤ 发放数;  实参数 ≤ 应参数
    Flags    发放问卷300份，收回320份
    Passes   发放问卷320份，收回有效问卷308份
    """
    for sentence in facts.sentences():
        row = [
            f for f in sentence if f.kind == "count" and f.role == "level" and not f.figure.quantity.approx
        ]
        for a, b in pairwise(row):
            if (
                a.unit == b.unit
                and b.start - a.end < 30
                and (
                    _sent_back(a, b)
                    or due_and_done(a, b)
                    or _filled(a, b)
                    or _newly(a, b)
                    or _sent_home(a, b)
                )
            ):
                yield within_claim(*((a, b) if _newly(a, b) else (b, a)))


ALL_DONE = re.compile(
    "(?P<what>[\u4e00-\u9fff]{2,14}?)(?:已|均已|也)?全部(?P<verb>办结|完成|完工|竣工|整改|验收|销号|到位|兑现)"
)


@rule("R309", "all-done", Severity.QUESTION, source="consistency")
def all_done(facts: Facts) -> Iterator[Outcome]:
    """称“全部完成”“全部办结”的，同一事项的完成数应等于总数。

    Why      结论与数据矛盾，成效被夸大
    Formula  完成数 = 总数
    Flags    受理投诉举报48件，办结45件，投诉举报已全部办结
    Passes   受理投诉举报48件，办结48件，投诉举报已全部办结
    """
    for paragraph in facts.paragraphs:
        for said in ALL_DONE.finditer(paragraph.text):
            for done in facts:
                if (
                    done.kind != "count"
                    or done.role != "level"
                    or said["verb"] not in done.lead[-6:]
                    or "全部" in done.lead
                ):
                    continue
                row = [
                    f
                    for f in facts.in_paragraph(done.paragraph)
                    if f.kind == "count" and f.start < done.start
                ]
                wholes = [
                    f
                    for f in row
                    if f.unit == done.unit and f.value > done.value and f.sentence == done.sentence
                ]
                place = facts.place(done)
                words = (
                    place.text
                    if place is paragraph
                    else f"{place.title}{done.lead}{wholes[0].lead if wholes else ''}"
                )
                same = place is paragraph or any(len(r) >= 4 for r in common_runs(said["what"], words))
                if wholes and same:
                    span = paragraph.span(said.start(), said.end())
                    yield Found(
                        f"称“{span.text}”，而{name_of(wholes[0])}{wholes[0].figure}，{said['verb']}{done.figure}",
                        (span, done.figure.span, wholes[0].figure.span), "请核对完成数，或改写结论",
                    )  # fmt: skip
                    break


OPENING = re.compile(r"(?:年初|期初|上年末|上年底|原有|旧存|原在册)[^，。；\d]{0,10}$")
ADDED = re.compile(r"(?:新增|新接收|新收|新发展|新纳入|增加|调入|转入|入库|接收)[^，。；\d]{0,8}$")
LEFT = re.compile(r"(?:解除|退出|注销|减少|调出|转出|死亡|出库|清退|迁出|核减)[^，。；\d]{0,8}$")
CLOSING = re.compile(r"(?:年末|期末|年底|现有|现在册)[^，。；\d]{0,8}$")


@rule("R112", "stock-and-flow", Severity.QUESTION, source="tie-outs")
def stock_and_flow(facts: Facts) -> Iterator[Outcome]:
    """年初数＋新增－退出＝年末数。

    Why      期初、增减、期末互相勾稽，写错一个就对不上
    Formula  年末 = 年初 + 新增 − 退出
    Flags    年初在册312人，新接收268人，解除294人，年末在册268人
    Passes   年初在册312人，新接收268人，解除294人，年末在册286人
    """
    for sentence in facts.sentences():
        row = [f for f in sentence if f.kind in ("count", "area", "length") and not f.figure.quantity.approx]
        opened = next((f for f in row if OPENING.search(f.lead)), None)
        closed = next((f for f in row if CLOSING.search(f.lead) and f is not opened), None)
        if not opened or not closed:
            continue
        like = [
            f for f in row if f.unit == opened.unit and opened.start < f.start < max(closed.start, f.start)
        ]
        added = [f for f in like if ADDED.search(f.lead) and f is not closed and f.start < closed.start]
        left = [f for f in like if LEFT.search(f.lead) and f is not closed and f.start < closed.start]
        if closed.unit == opened.unit and added and left:
            moved = [*added, *left]
            steps = "".join(f" {'+' if f in added else '-'} {f.figure.id}" for f in moved)
            yield Claim(
                closed.figure, f"{opened.figure.id}{steps}", (opened.figure, *(f.figure for f in moved)),
                subject=name_of(closed), basis="年初数加新增减退出", doubt="增减的可能未列全", advice="请核对年初、增减与年末数",
            )  # fmt: skip
    yield from _beyond_target(facts)


def _beyond_target(facts: Facts) -> Iterator[Outcome]:
    """指标值7个，实际完成8个，偏差原因：本年新增1个: where what was added is what the target was passed by."""
    for indicator in indicators(facts):
        if not {"目标", "完成"} <= indicator.facts.keys():
            continue
        target, actual = indicator["目标"], indicator["完成"]
        for added in facts.in_paragraph(actual.paragraph) if actual.paragraph >= 0 else ():
            told = added.start > actual.end and added.unit == actual.unit == target.unit
            if told and ADDED.search(added.lead) and 0 < added.value == actual.value - target.value:
                yield Claim(
                    added.figure, f"{actual.figure.id} - {target.figure.id}", (actual.figure, target.figure),
                    subject=name_of(added), basis="完成值减指标值",
                )  # fmt: skip
                break


NEW = re.compile(r"(?:新增|新建|新设|新登记|新发展)[^，。；\d]{0,12}$")
ALL_OF_THEM = re.compile(r"^，[^，。；\d]{0,8}(?:累计|总数|总量)[^，。；\d]{0,4}$")
POSTS = re.compile(r"编制(?:数|总数)?(?:为|是)?$")


def _filled(a: Fact, b: Fact) -> bool:
    """车辆编制9辆，实有9辆; of persons R704 speaks, which knows parts of the posts from all of them"""
    return a.unit != "人" and bool(
        POSTS.search(a.lead) and re.search(r"(?:实有|现有|在编|在用)[^，。；\d]{0,4}$", b.lead)
    )


def _newly(a: Fact, b: Fact) -> bool:
    """新建幸福院12个，累计达到151个: the new ones are among all of them"""
    return bool(NEW.search(a.lead) and ALL_OF_THEM.search(b.lead))


def _sent_home(a: Fact, b: Fact) -> bool:
    """救助流浪乞讨人员33人次，护送返乡7人次"""
    return "救助" in a.lead and bool(re.search(r"(?:返乡|返家|送返|寻亲|寻家)(?:成功|共|了)?$", b.lead))


def _sent_back(a: Fact, b: Fact) -> bool:
    return bool((SENT.search(a.lead) or BACK.search(a.lead)) and BACK.search(b.lead))


def due_and_done(a: Fact, b: Fact) -> bool:
    """应参加年检226家，实际参加218家"""
    due = DUE.search(a.lead)
    return bool(due and re.search(f"实(?:际|有)?{due['verb'][:1]}", b.lead[-8:]))
