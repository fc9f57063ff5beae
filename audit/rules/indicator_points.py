"""R501, R503, R507, R519, R520: points against weight, completion rate and what was deducted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from .. import ranges
from ..facts import WHOLE, Fact, Facts
from ..findings import Figure, Severity, Status
from ..indicators import Indicator, indicators
from ..listing import tie
from ..ranges import Range
from . import Claim, Found, Outcome, rule, sum_formula
from .common import judged, name_of, sum_claim, telling
from .scores import Pair, every_pair, label, pairs_in

BY_RATE = "按分值乘完成率（不超过分值）计算"
OTHER_WAYS = "分档、定性指标另有计分办法的除外"


@rule("R501", "indicator-score", Severity.ERROR, source="scoring")
def indicator_score(facts: Facts) -> Iterator[Outcome]:
    """指标得分＝分值×完成率，不超过分值；预算执行率得分＝10分×执行率。

    Why      得分不按分值与完成率计算，自评分就失去可比性
    Formula  得分 = min(分值, 分值 × 完成率)
    Flags    培训人数：指标值100人，实际完成值95人，完成率95.00%，分值10分，得10分。
    Passes   培训人数：指标值2045人，实际完成值2460人，完成率120.29%，分值8分，得8分。
    """
    for indicator in indicators(facts):
        yield from _by_completion(indicator)
    yield from _execution_score(facts)
    yield from _by_its_rate(facts)
    yield from _by_told_rate(facts)


def _by_completion(indicator: Indicator) -> Iterator[Claim]:
    """Weight × completion rate; where none is told (or it is wrong), weight × actual ÷ target."""
    if not {"分值", "得分"} <= indicator.facts.keys():
        return
    weight, score = indicator["分值"].figure, indicator["得分"].figure
    if score.quantity.value > weight.quantity.value:
        return  # R519
    ways: list[tuple[str, tuple[Figure, ...]]] = []
    if "完成率" in indicator:
        rate = indicator["完成率"].figure
        ways.append((f"min({weight.id}, {weight.id} * {rate.id})", (weight, rate)))
    limit_kept = indicator.sign == "<=" and indicator.comparable and not indicator.missed
    if indicator.comparable and not (
        limit_kept and not ways and score.quantity.value < weight.quantity.value
    ):
        target, actual = indicator["目标"].figure, indicator["完成"].figure
        a, b = (target, actual) if indicator.sign == "<=" else (actual, target)
        ways.append((f"min({weight.id}, {weight.id} * {a.id} / {b.id})", (weight, a, b)))
        if actual.quantity.kind == "percent":
            # Some offices score a percentage as it stands: 96.17% satisfied of 10 points gives 9.62.
            ways.append((f"{weight.id} * {actual.id}", (weight, actual)))
    claims = [
        Claim(
            _if_full(score, weight), formula, operands, subject=f"{indicator.name}得分", doubt=OTHER_WAYS,
            basis=BY_RATE,
        )
        for formula, operands in ways
    ]  # fmt: skip
    yield from ([c for c in claims if judged(c) is Status.AGREES] or claims)[:1]


def _by_told_rate(facts: Facts) -> Iterator[Outcome]:
    """目标值“有效提升”，完成率100%，分值20分，得分20分: no figure to reckon the rate from, but one to score by."""
    own = {i.paragraph for i in indicators(facts)}
    for index in range(len(facts.paragraphs)):
        row = facts.in_paragraph(index)
        told = [[f for f in row if f.measure == m] for m in ("完成率", "分值", "得分")]
        if index in own or any(len(found) != 1 for found in told):
            continue
        rate, weight, score = (found[0] for found in told)
        if rate.sentence == weight.sentence == score.sentence and score.value <= weight.value:
            w, r = weight.figure, rate.figure
            yield Claim(
                _if_full(score.figure, w), f"min({w.id}, {w.id} * {r.id})", (w, r), subject=name_of(score),
                basis=BY_RATE, doubt=OTHER_WAYS,
            )  # fmt: skip


def _by_its_rate(facts: Facts) -> Iterator[Outcome]:
    """满分2分。利用率97.76%，得1.96分: where weight times rate is the score, it says how it was reckoned."""
    for index in range(len(facts.paragraphs)):
        row = facts.in_paragraph(index)
        weights, scores = ([f for f in row if f.kind == "score" and f.measure == m] for m in ("分值", "得分"))
        if len(weights) != 1 or len(scores) != 1:
            continue
        weight, score = weights[0].figure, scores[0].figure
        for rate in (f for f in row if f.kind == "percent" and f.start < scores[0].start and telling(f)):
            claim = Claim(
                score, f"{weight.id} * {rate.figure.id}", (weight, rate.figure), subject=name_of(scores[0]),
                basis="分值乘所写比率",
            )  # fmt: skip
            if judged(claim) is Status.AGREES and score.quantity.value < weight.quantity.value:
                yield claim
    yield from _satisfaction_elsewhere(facts)


def _satisfaction_elsewhere(facts: Facts) -> Iterator[Outcome]:
    """满意度指标满分10分，得9.38分, and far from it 群众满意度93.83%: only where they agree."""
    rates = [f for f in facts if f.kind == "percent" and "满意" in f.lead + f.item and telling(f)]
    for weight, score in pairwise(f for f in facts if f.kind == "score" and f.paragraph >= 0):
        if (weight.measure, score.measure) != ("分值", "得分") or "满意" not in weight.lead:
            continue
        for rate in (r for r in rates if r.paragraph != score.paragraph and score.value < weight.value):
            claim = Claim(
                score.figure, f"{weight.figure.id} * {rate.figure.id}", (weight.figure, rate.figure),
                subject="满意度得分", basis="分值乘所写满意度",
            )  # fmt: skip
            if judged(claim) is Status.AGREES:
                yield claim
                break


def _if_full(score: Figure, weight: Figure | Decimal | int) -> Figure:
    """Full points must be earned to the cent: a whole number is then not taken as rounded."""
    most = weight.quantity.value if isinstance(weight, Figure) else weight
    full = score.quantity.value == most
    return replace(score, quantity=score.quantity.judged_at(2)) if full else score


def _execution_score(facts: Facts) -> Iterator[Outcome]:
    """预算执行率得分: the points of its own paragraph, or the form's 10."""
    full = facts.scoring["execution_weight"]
    own = {i.paragraph for i in indicators(facts)}
    for score in facts:
        if score.kind != "score" or score.measure != "得分" or score.paragraph in own or score.paragraph < 0:
            continue
        row = [f for f in facts.in_paragraph(score.paragraph) if f.start < score.start]
        near = [f for f in row if f.sentence == score.sentence]
        rates = [f for f in near if f.kind == "percent"]
        if not rates and near and near[-1].measure == "分值" and re.search("预算执行", near[-1].lead):
            yield from _scored_elsewhere(facts, near[-1], score)
        if (
            not rates
            or rates[-1].measure != "执行率"
            or any(f.kind == "score" and f.measure == "得分" for f in near)
        ):
            continue
        rate = rates[-1].figure
        weights = [f.figure for f in row if f.kind == "score" and f.measure == "分值"][-1:]
        points = weights[0].id if weights else str(full)
        most = weights[0].quantity.value if weights else full
        yield Claim(
            _if_full(score.figure, most), f"min({points}, {points} * {rate.id})", (*weights, rate),
            subject="预算执行率得分",
            doubt="" if weights else f"文中未写分值，按{full}分计算",
            basis=f"按{weights[0] if weights else f'{full}分'}乘执行率（不超过满分）计算",
        )  # fmt: skip


def _scored_elsewhere(facts: Facts, weight: Fact, score: Fact) -> Iterator[Outcome]:
    """预算执行20分，得18.71分: the rate is told in another place."""
    stated = [f for f in facts if f.measure == "执行率" and f.kind == "percent" and f.paragraph >= 0]
    whole = [f for f in stated if f.item == WHOLE]
    rates = list({f.value: f for f in whole or stated}.values())[:6]
    claims = [
        Claim(
            score.figure, f"min({weight.figure.id}, {weight.figure.id} * {r.figure.id})", (weight.figure, r.figure),
            subject="预算执行得分", doubt="另有分档计分办法的除外", basis="按分值乘前文执行率计算",
        )
        for r in rates
    ]  # fmt: skip
    good = [c for c in claims if judged(c) in (Status.AGREES, Status.ROUNDING)]
    # 预算执行10分得8.5分 may hold more than the rate.
    yield from good[:1] or (claims[:1] if whole and "率" in weight.lead else [])


@rule("R503", "limit-kept", Severity.QUESTION, source="scoring")
def limit_kept(facts: Facts) -> Iterator[Outcome]:
    """“≤”型（成本、控制类）指标未超过上限即为达标，应得满分。

    Why      “≤”型指标越低越好，按完成率折算会把做得好的扣分
    Formula  完成值 ≤ 目标值 → 得分 = 分值
    Flags    户均改造成本：指标值≤7500元，实际完成值7350元，分值6分，得5.88分。
    Passes   户均改造成本：指标值≤7500元，实际完成值7350元，分值6分，得6分。
    """
    for indicator in indicators(facts):
        if indicator.sign != "<=" or not {"分值", "得分"} <= indicator.facts.keys():
            continue
        if indicator.comparable and not indicator.missed:
            target, actual = indicator["目标"], indicator["完成"]
            yield Claim(
                indicator["得分"].figure, indicator["分值"].figure.id, (indicator["分值"].figure,),
                subject=f"{indicator.name}得分", basis="未超过上限，应得满分",
                doubt="按完成率折算扣分，与“≤”型指标的计分办法不符", also=(target.figure.span, actual.figure.span),
                advice="请核对该指标的计分办法",
            )  # fmt: skip


@rule("R507", "points-deducted", Severity.ERROR, source="scoring")
def points_deducted(facts: Facts) -> Iterator[Outcome]:
    """得分＝分值－扣分。

    Formula  得分 = 分值 − 扣分
    Flags    （一）过程：分值25分，得分23.5分，扣2.5分。
    Passes   （一）过程：分值15分，得分14分，扣1分。
    """
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score"]
        for three in zip(row, row[1:], row[2:], strict=False):
            told = {f.measure: f for f in three}
            between = facts.place(three[0]).text[three[0].end : three[2].start]
            apart = three[0].measure == "分值" and three[0].sentence != three[1].sentence
            together = three[1].sentence == three[2].sentence and "；" not in between
            together = together and (apart or "。" not in between)
            if (
                told.keys() == {"分值", "得分", "扣分"}
                and together
                and told["得分"].value <= told["分值"].value
            ):
                weight, score, lost = (told[m] for m in ("分值", "得分", "扣分"))
                yield Claim(
                    score.figure, f"{weight.figure.id} - {lost.figure.id}", (weight.figure, lost.figure),
                    subject=name_of(score), basis="分值减扣分", advice="请核对分值、得分与扣分",
                )  # fmt: skip
        yield from _deductions(facts, index)
    yield from _deducted_elsewhere(facts)
    yield from _deducted_in_all(facts)


def _deducted_in_all(facts: Facts) -> Iterator[Outcome]:
    """整体效能扣0.9分……采购管理扣0.5分，合计扣分1.4分: the single deductions before, where they make it up."""
    told = [f for f in facts if f.measure == "扣分" and f.paragraph >= 0]
    for n, total in enumerate(told):
        if n > 1 and re.search("(?:合计|共计|累计|共)(?:扣|失)分?$", total.lead):
            parts = tie(total.value, told[max(0, n - 12) : n][::-1])
            if len(parts) > 1:
                yield sum_claim(total, parts[::-1])


def _deducted_elsewhere(facts: Facts) -> Iterator[Outcome]:
    """整体效能25分……得24.1分。……扣分说明：整体效能扣0.9分: of the pair of that name; unnamed, where all fit."""
    by_paragraph: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.measure == "扣分" and fact.paragraph >= 0:
            by_paragraph.setdefault(fact.paragraph, []).append(fact)
    pairs = [p for p in every_pair(facts) if p[0].value != 100] if by_paragraph else []
    for lost in by_paragraph.values():
        reasons: list[tuple[Fact, Pair | None]] = []
        for fact in lost:
            if named := next((p for p in pairs if len(label(fact)) > 1 and label(p[0]) == label(fact)), None):
                beside = named[1].paragraph == fact.paragraph and named[1].sentence == fact.sentence
                yield from () if beside else (_deducted(fact, named),)
            elif not re.search("[合共总]计?(?:扣|失)分?$|失分$", fact.lead):
                short = [p for p in pairs if p[0].value - p[1].value == fact.value]
                reasons.append((fact, short[0] if len(short) == 1 else None))
        apart = len({id(p) for _, p in reasons}) == len(reasons) > 1
        yield from (_deducted(f, p) for f, p in reasons if p and apart and all(pair for _, pair in reasons))


def _deducted(lost: Fact, pair: Pair) -> Claim:
    weight, score = (f.figure for f in pair)
    return Claim(
        lost.figure, f"{weight.id} - {score.id}", (weight, score), subject=f"{label(lost)}扣分",
        basis="分值减得分", doubt="该项可能分几处扣分", advice="请核对分值、得分与扣分",
    )  # fmt: skip


def _deductions(facts: Facts, index: int) -> Iterator[Claim]:
    """扣2.5分。……扣2分；……扣0.5分: what was deducted against the single deductions behind it."""
    lost = [f for f in facts.in_paragraph(index) if f.measure == "扣分"]
    if len(lost) > 2:
        figures = tuple(f.figure for f in lost[1:])
        claim = Claim(
            lost[0].figure, sum_formula(figures), figures, subject=name_of(lost[0]), basis="各项扣分相加"
        )
        if judged(claim) is Status.AGREES:  # else they may be of different indicators
            yield claim


BONUS = re.compile("加分|附加分")
SAID_WEIGHT = re.compile(r"(?:分值|满分|权重|标准分|占)[为是：]?$")
PER_UNIT = re.compile(r"[每各扣加][^，。；]{0,12}$")


@rule("R519", "score-within-weight", Severity.ERROR, source="scoring")
def score_within_weight(facts: Facts) -> Iterator[Outcome]:
    """得分不应大于分值（文中写有加分项的，请核对）。

    Formula  得分 ≤ 分值
    Flags    巡查覆盖率：满分8分，得分9分。
    Passes   巡查覆盖率：满分8分，得分8分。
    """
    bonus = any(BONUS.search(p.text) for p in facts.paragraphs)
    for index, paragraph in enumerate(facts.paragraphs):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score" and f.role == "level"]
        for weight, score in pairs_in(row):
            more = score.value > weight.value and weight.sentence == score.sentence
            said = SAID_WEIGHT.search(weight.lead) or weight.tail.strip("，）") in (
                "得",
                "得分",
                "自评",
                "自评得分",
            )
            if more and said and not PER_UNIT.search(weight.lead):
                head = re.split("[：，。；（]", paragraph.text[paragraph.marker : score.start])[0].lstrip(
                    "—-·"
                )
                yield Claim(
                    score.figure, weight.figure.id, (weight.figure,), "<=",
                    f"{head}得分" if 1 < len(head) <= 30 else name_of(score), "分值",
                    doubt="文中写有加分项，请核对是否含加分" if bonus else "", advice="请核对得分与分值",
                )  # fmt: skip


@rule("R520", "rounded-score", Severity.NOTE, source="scoring")
def rounded_score(facts: Facts) -> Iterator[Outcome]:
    """其他得分带小数，个别得分却取了整数，应按同一小数位计分。

    Formula  得分的小数位一致
    Flags    甲指标：指标值100人，实际完成值86人，分值10分，得9分。
             乙指标：指标值100人，实际完成值95人，分值10分，得9.5分。
    Passes   甲指标：指标值100人，实际完成值86人，分值10分，得8.6分。
    """
    scored = [i for i in indicators(facts) if {"分值", "得分"} <= i.facts.keys()]
    if not any(i["得分"].value % 1 for i in scored):
        return
    found = []
    for indicator in scored:
        score = indicator["得分"].figure
        for claim in _by_completion(indicator):
            values = {f.id: Range(f.quantity.exact, f.quantity.low, f.quantity.high) for f in claim.operands}
            if score.quantity.decimals or judged(claim) is not Status.AGREES:
                continue
            exact = ranges.evaluate(claim.formula, values).exact
            if abs(exact - score.quantity.value) >= Decimal("0.05"):
                found.append((indicator, exact))
    if found:
        named = "、".join(f"“{i.name}”{e:.2f}分写为{i['得分'].figure}" for i, e in found)
        yield Found(
            f"得分取了整数：{named}，而其他得分带小数", tuple(i["得分"].figure.span for i, _ in found),
            "请按同一小数位计分，并核对总分",
        )  # fmt: skip
