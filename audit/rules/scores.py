"""R5xx: indicators, scores and grades. 指标完成率、达标、得分、总分、权重、等级。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, takewhile, zip_longest

from ..facts import WHOLE, Fact, Facts
from ..findings import Figure, Severity, Status
from ..glossary import parameters
from ..indicators import Indicator, Section, indicators, sections
from ..source import Span
from . import Claim, Outcome, rule, sum_formula
from .common import amounts, judged, name_of, planned_and_done, telling


@rule("R206", "completion-rate", Severity.ERROR, source="scoring")
def completion_rate(facts: Facts) -> Iterator[Outcome]:
    """指标完成率＝实际完成值÷指标值；写明按其他口径（如调整后预算）计算的，按该口径复算。

    Formula  完成率 = 完成值 ÷ 目标值
    Flags    指标值100人，完成值90人，完成率95.00%
    Passes   指标值2045人，完成值2460人，完成率120.29%
    """
    for indicator in indicators(facts):
        if not {"目标", "完成率"} <= indicator.facts.keys():
            continue
        rate, target = indicator["完成率"], indicator["目标"]
        actual = indicator.facts.get("完成")
        claims = []
        for base in [target, *_other_bases(facts, indicator)]:
            for done in filter(None, [actual, *_spent(facts, indicator)]):
                if done.unit == base.unit and done is not base:
                    claims.append(
                        Claim(
                            rate.figure,
                            f"{done.figure.id} / {base.figure.id}",
                            (done.figure, base.figure),
                            subject=f"{indicator.name}完成率",
                        )
                    )
        good = [c for c in claims if judged(c) in (Status.AGREES, Status.ROUNDING)]
        if not good and indicator.sign == "<=" and actual and actual.unit == target.unit:
            # A cost kept below its limit may be counted as fully met, or as target over actual.
            continue
        if good:
            yield good[0]
            if good[0] is not claims[0]:
                yield _other_base(claims[0])
        elif claims:
            yield claims[0]


def _other_base(claim: Claim) -> Claim:
    return replace(
        claim, doubt="完成率改按调整后预算计算，与指标值口径不一", severity=Severity.QUESTION,
        advice="请说明完成率的计算口径；按指标值计算的结果不同",
    )  # fmt: skip


def _other_bases(facts: Facts, indicator: Indicator) -> list[Fact]:
    return [
        f for f in facts.in_paragraph(indicator.paragraph) if f.kind == "money" and f.measure == "全年预算"
    ]


def _spent(facts: Facts, indicator: Indicator) -> list[Fact]:
    return [f for f in facts.in_paragraph(indicator.paragraph) if f.kind == "money" and f.measure == "执行"]


CLAIMED = re.compile(
    r"(?<!未)(?:已达到|达到了?)(?:预期|年度|绩效)?目标|完成了?(?:预期|年度)?目标任务|(?:圆满|超额|全面|如期)完成|(?<!未)(?:顺利|均已?|已)达标"
)


@rule("R505", "target-met", Severity.QUESTION, source="scoring")
def target_met(facts: Facts) -> Iterator[Outcome]:
    """实际完成值应达到指标值；未达到的应写明偏差原因和改进措施。

    Formula  完成值 ≥（≤、＝）目标值
    Flags    目标≥95%，完成94.25%，未写原因
    Passes   目标≥95%，完成96%
    """
    for indicator in indicators(facts):
        if not {"目标", "完成"} <= indicator.facts.keys():
            continue
        target, actual = indicator["目标"], indicator["完成"]
        if target.unit != actual.unit:
            continue
        missed = {
            ">=": actual.value < target.value, "<=": actual.value > target.value, "=": actual.value < target.value,
        }[indicator.sign]  # fmt: skip
        claimed = missed and CLAIMED.search(facts.paragraphs[indicator.paragraph].text)
        quiet = not missed or (indicator.has_reason and not claimed)
        doubt = "未达到指标值，却称已达到" if claimed else "未达到指标值，且未写偏差原因"
        others = [indicator.facts[m].figure.span for m in ("完成率", "分值", "得分") if m in indicator]
        paragraph = facts.paragraphs[indicator.paragraph]
        yield Claim(
            actual.figure, target.figure.id, (target.figure,), indicator.sign, f"{indicator.name}完成值", "指标值",
            severity=Severity.QUESTION, quiet=quiet, doubt=doubt if not quiet else "未达到指标值，已说明原因" if missed else "",
            also=(*others, _rest(facts, indicator)) if not quiet else (),
            advice=f"请补充“{indicator.name}”未达标的原因和改进措施" if paragraph else "",
        )  # fmt: skip
    for index in range(len(facts.paragraphs)):
        row = amounts(facts.in_paragraph(index))
        for pair in {planned_and_done(row[: n + 1][-2:]) for n in range(1, len(row))} - {None}:
            yield _planned(facts, *pair)  # type: ignore[misc]


def _planned(facts: Facts, plan: Fact, done: Fact) -> Claim:
    """计划改造7座，实际完成6座，圆满完成: less than was planned, and praised."""
    claimed = CLAIMED.search(facts.after(done).split("。")[0])
    missed = done.value < plan.value
    return Claim(
        done.figure, plan.figure.id, (plan.figure,), ">=", f"{name_of(done)}完成数", "计划数",
        severity=Severity.QUESTION, quiet=not claimed,
        doubt="未达到计划数，却称已完成" if claimed else "未达到计划数" if missed else "",
        also=(facts.place(done).span(done.end + claimed.start(), done.end + claimed.end()),) if claimed else (),
        advice="请核对计划数、完成数与所述结论",
    )  # fmt: skip


def _rest(facts: Facts, indicator: Indicator) -> Span:
    """The words behind the rate, where a reason should stand."""
    paragraph = facts.paragraphs[indicator.paragraph]
    start = min(indicator.facts.get("完成率", indicator["完成"]).end, len(paragraph.text) - 1)
    stop = paragraph.text.find("。", start)
    return paragraph.span(start, stop if stop > start else min(len(paragraph.text), start + 20))


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


OF_TOTAL = re.compile(r"的(?:自评|综合|绩效)*(?:总分|得分|评分)")
TOTAL_SCORE = re.compile(
    r"总分|总评分|综合评价得分|综合得分|总得分|自评(?:综合)?得分|评价得分|最终得分|综合评分|自评结果|自评总|绩效得分|绩效自评得分|自评得$"
)


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


@rule("R502", "total-score", Severity.ERROR, source="scoring")
def total_score(facts: Facts) -> Iterator[Outcome]:
    """自评总分应等于各指标得分（含预算执行率得分）之和；各分值之和应为100分。

    Formula  总分 = Σ 得分;  Σ 分值 = 100
    Flags    各项得分相加85.25分，总分写95.25分
    Passes   总分85.25分
    """
    scored = sections(facts)
    yield from _within_sections(scored)
    yield from _within_paragraph(facts)
    top = [s for s in scored if s.level == min(x.level for x in scored)]
    leaves = [s for s, after in zip_longest(scored, scored[1:]) if not after or after.level <= s.level]
    ways = [[(s.weight, s.score) for s in chosen] for chosen in (top, leaves)]
    ways = [way for way in [*ways, _scored_pairs(facts)] if len(way) >= 3] + list(_whole_in_a_sentence(facts))
    full = Decimal(parameters("scoring")["execution_weight"])
    sums = [sum((weight.value for weight, _ in way), Decimal(0)) for way in ways]
    for way, points in zip(ways, sums, strict=True):
        if points in (100, 100 - full):
            yield from _total(facts, way, points != 100)
            return
    for way, points in zip(ways, sums, strict=True):
        if abs(points - 100) <= 20:
            yield _points(way, doubt="文中可能未列全部指标")
            return


def _scored_pairs(facts: Facts) -> list[tuple[Fact, Fact]]:
    """Every “分值……得分……” of the text, a total beside its 100 points apart."""
    pairs: list[tuple[Fact, Fact]] = []
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score"]
        behind = [(w, s) for s, w in pairwise(row) if s.tail.startswith("（") and w.measure == "分值"]
        here = behind or [(w, s) for w, s in pairwise(row) if (w.measure, s.measure) == ("分值", "得分")]
        if not any(TOTAL_SCORE.search(s.lead) and "指标" not in w.lead for w, s in here):
            pairs += here
    return pairs


def _whole_in_a_sentence(facts: Facts) -> Iterator[list[tuple[Fact, Fact]]]:
    """其中履职效能权重50分，自评47.8分；管理效率权重50分，自评46.61分: the 100 points in two or more parts."""
    for sentence in facts.sentences():
        row = [f for f in sentence if f.kind == "score"]
        pairs = [(w, s) for w, s in pairwise(row) if (w.measure, s.measure) == ("分值", "得分") and w.value < 100]
        if len(pairs) > 1 and sum(w.value for w, _ in pairs) == 100:
            yield pairs


def _within_paragraph(facts: Facts) -> Iterator[Outcome]:
    """绩效管理（12分）：制度4分得4分，申报4分得3.5分，监控4分得3.5分，自评11分: where the points add up, so must the scores."""
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score" and f.measure in ("分值", "得分")]
        inner = row[1:-1]
        pairs = list(zip(inner[::2], inner[1::2], strict=False))
        if len(pairs) < 2 or len(inner) % 2 or any((w.measure, s.measure) != ("分值", "得分") for w, s in pairs):
            continue
        weight, score = row[0], row[-1]
        weights, scores = zip(*((w.figure, s.figure) for w, s in pairs), strict=True)
        if (weight.measure, score.measure) == ("分值", "得分") and weight.value == sum(w.value for w, _ in pairs):
            yield Claim(weight.figure, sum_formula(weights), weights, subject=name_of(weight), basis="下级分值相加")
            yield Claim(
                score.figure, sum_formula(scores), scores, subject=name_of(score), basis="下级得分相加",
                advice="请核对各级得分",
            )  # fmt: skip


def _within_sections(scored: list[Section]) -> Iterator[Outcome]:
    """A section's points and score are the sums of its sub-sections'."""
    for n, section in enumerate(scored):
        below = list(takewhile(lambda s, level=section.level: s.level > level, scored[n + 1 :]))  # type: ignore[misc]
        children = [s for s in below if s.level == below[0].level]
        if len(children) < 2:
            continue
        for total, parts in (
            (section.score, [c.score for c in children]),
            (section.weight, [c.weight for c in children]),
        ):
            figures = tuple(f.figure for f in parts)
            yield Claim(
                total.figure, sum_formula(figures), figures, subject=name_of(total),
                basis="下级各项相加", advice="请核对各级分值、得分",
            )  # fmt: skip


def _total(facts: Facts, way: list[tuple[Fact, Fact]], without_execution: bool) -> Iterator[Outcome]:
    """The total against its parts; the execution score's 10 points may be left unsaid."""
    inside = {f for pair in way for f in facts.in_paragraph(pair[1].paragraph)}
    outside = [f for f in facts if f.kind == "score" and f.paragraph >= 0 and f not in inside]
    execution = [
        f for f in outside if f.measure == "得分" and "执行率" in facts.place(f).text[: f.start][-80:]
    ]
    totals = [f for f in facts if f.kind == "score" and f.paragraph >= 0 and f.measure == "得分"]
    totals = [f for f in totals if TOTAL_SCORE.search(f.lead) or OF_TOTAL.match(f.tail)]
    totals = [f for f in totals if f not in execution and f not in {s for _, s in way}]
    scores = [*(execution[:1] if without_execution else []), *(score for _, score in way)]
    figures = tuple(f.figure for f in scores)
    for total in {f.value: f for f in reversed(totals)}.values():
        yield Claim(
            total.figure, sum_formula(figures), figures, subject="自评总分",
            basis=f"{len(figures)}项得分相加", advice="请核对各项得分与总分",
        )  # fmt: skip
    yield _points(way)


def _points(way: list[tuple[Fact, Fact]], doubt: str = "") -> Claim:
    full = Decimal(parameters("scoring")["execution_weight"])
    figures = tuple(weight.figure for weight, _ in way)
    unsaid = sum((weight.value for weight, _ in way), Decimal(0)) == 100 - full
    return Claim(
        None, sum_formula(figures) + (f" + {full}" if unsaid else ""), figures, subject="分值合计",
        stated=Decimal(100), unit="分", doubt=doubt, advice="请核对各指标分值",
    )  # fmt: skip


GRADE = re.compile(
    r"[“\"]?(?P<grade>优秀|良好|合格|不合格|较差|优|良|中|差)[”\"]?(?:等次|等级|级|档)?(?=[，。；）”\"]|$)"
)
GRADE_LEAD = re.compile(
    r"(?:等级|等次|档次|级别)$|(?:等级|等次|结果|评定|评为|档次|级别)[^，。；]{0,8}[为是：“\"]$"
)


@rule("R504", "grade", Severity.ERROR, source="grades")
def grade(facts: Facts) -> Iterator[Outcome]:
    """评价等级应与得分相符：优90—100，良80—90，中60—80，差60以下（各档含下限）。

    Formula  下限 ≤ 得分 < 上限
    Flags    得分85.25分，等级“优”
    Passes   得分85.25分，评价结果为“良”
    """
    bands = parameters("scoring")["grades"]
    for fact in facts:
        if fact.kind != "score" or fact.paragraph < 0 or not TOTAL_SCORE.search(fact.lead):
            continue
        tail = facts.after(fact)[:120]
        for match in GRADE.finditer(tail):
            if not GRADE_LEAD.search(tail[: match.start()]):
                continue
            band = next((b for b in bands if match["grade"] in b["names"]), None)
            if band:
                below = fact.value >= band["below"] and band["below"] < 100
                limit = Decimal(str(band["below"])) - Decimal("0.01") if below else band["from"]
                yield Claim(
                    fact.figure, str(limit), (), "<=" if below else ">=", f"评价等级“{match['grade']}”的得分",
                    "该等级的上限" if below else "该等级的下限",
                    also=(facts.place(fact).span(fact.end + match.start(), fact.end + match.end()),),
                    advice="请核对得分与等级",
                )  # fmt: skip
            break
