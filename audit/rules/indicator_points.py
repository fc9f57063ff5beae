"""R501, R503, R507: points against weight, completion rate and what was deducted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..facts import WHOLE, Fact, Facts
from ..findings import Figure, Severity, Status
from ..glossary import parameters
from ..indicators import indicators
from . import Claim, Outcome, rule
from .common import judged, name_of, telling


@rule("R501", "indicator-score", Severity.ERROR, source="scoring")
def indicator_score(facts: Facts) -> Iterator[Outcome]:
    """指标得分＝分值×完成率，不超过分值；预算执行率得分＝10分×执行率。

    Formula  得分 = min(分值, 分值 × 完成率)
    Flags    分值10分，完成率95.00%，得10分
    Passes   分值8分，完成率120.29%，得8分
    """
    for indicator in indicators(facts):
        if not {"完成率", "分值", "得分"} <= indicator.facts.keys():
            continue
        rate, weight, score = (indicator[m].figure for m in ("完成率", "分值", "得分"))
        yield Claim(
            _if_full(score, weight), f"min({weight.id}, {weight.id} * {rate.id})", (weight, rate),
            subject=f"{indicator.name}得分", doubt="分档、定性指标另有计分办法的除外",
            basis="按分值乘完成率（不超过分值）计算",
        )  # fmt: skip
    yield from _direct_scores(facts)
    yield from _execution_score(facts)
    yield from _by_its_rate(facts)


def _direct_scores(facts: Facts) -> Iterator[Outcome]:
    """Indicators that state no completion rate: weight × actual ÷ target (target ÷ actual for ≤)."""
    for indicator in indicators(facts):
        if "完成率" in indicator or not {"目标", "完成", "分值", "得分"} <= indicator.facts.keys():
            continue
        target, actual, weight, score = (indicator[m].figure for m in ("目标", "完成", "分值", "得分"))
        if indicator["目标"].unit != indicator["完成"].unit:
            continue
        a, b = (target, actual) if indicator.sign == "<=" else (actual, target)
        by_rate = Claim(
            _if_full(score, weight), f"min({weight.id}, {weight.id} * {a.id} / {b.id})", (weight, a, b),
            subject=f"{indicator.name}得分", doubt="分档、定性指标另有计分办法的除外",
            basis="按分值乘完成率（不超过分值）计算",
        )  # fmt: skip
        # Some offices score a percentage as it stands: 96.17% satisfied of 10 points gives 9.62.
        plainly = replace(by_rate, formula=f"{weight.id} * {actual.id}", operands=(weight, actual))
        yield plainly if actual.quantity.kind == "percent" and judged(plainly) is Status.AGREES else by_rate


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


def _if_full(score: Figure, weight: Figure | Decimal | int) -> Figure:
    """Full points must be earned to the cent: a whole number is then not taken as rounded."""
    most = weight.quantity.value if isinstance(weight, Figure) else weight
    full = score.quantity.value == most
    return replace(score, quantity=score.quantity.judged_at(2)) if full else score


def _execution_score(facts: Facts) -> Iterator[Outcome]:
    """预算执行率得分: the points of its own paragraph, or the form's 10."""
    full = parameters("scoring")["execution_weight"]
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
    stated = {f.value: f for f in facts if f.measure == "执行率" and f.item == WHOLE and f.kind == "percent"}
    rates = list(stated.values())[:6]
    claims = [
        Claim(
            score.figure, f"min({weight.figure.id}, {weight.figure.id} * {r.figure.id})", (weight.figure, r.figure),
            subject="预算执行得分", doubt="另有分档计分办法的除外", basis="按分值乘前文执行率计算",
        )
        for r in rates
    ]  # fmt: skip
    good = [c for c in claims if judged(c) in (Status.AGREES, Status.ROUNDING)]
    yield from (good or claims)[:1]


@rule("R503", "limit-kept", Severity.QUESTION, source="scoring")
def limit_kept(facts: Facts) -> Iterator[Outcome]:
    """“≤”型（成本、控制类）指标未超过上限即为达标，应得满分。

    Formula  完成值 ≤ 目标值 → 得分 = 分值
    Flags    指标值≤7500元，实际7350元，分值6分，得5.88分
    Passes   指标值≤7500元，实际7350元，分值6分，得6分
    """
    for indicator in indicators(facts):
        if indicator.sign != "<=" or not {"目标", "完成", "分值", "得分"} <= indicator.facts.keys():
            continue
        target, actual = indicator["目标"], indicator["完成"]
        if target.unit == actual.unit and actual.value <= target.value:
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
    Flags    分值25分，得分23.5分，扣2.5分
    Passes   分值15分，得分14分，扣1分
    """
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score"]
        for weight, *both in zip(row, row[1:], row[2:], strict=False):
            told = {f.measure: f for f in both}
            together = both[0].sentence == both[1].sentence
            if weight.measure == "分值" and told.keys() == {"得分", "扣分"} and together:
                score, lost = told["得分"], told["扣分"]
                yield Claim(
                    score.figure, f"{weight.figure.id} - {lost.figure.id}", (weight.figure, lost.figure),
                    subject=name_of(score), basis="分值减扣分", advice="请核对分值、得分与扣分",
                )  # fmt: skip
