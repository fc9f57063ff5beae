"""R206, R505 and their kin: completion rates and targets, met, missed or far exceeded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..facts import Fact, Facts
from ..findings import Severity, Status
from ..glossary import parameters
from ..indicators import Indicator, indicator_lists, indicators
from ..source import Span
from . import Claim, Found, Outcome, rule
from .common import amounts, judged, name_of, planned_and_done
from .tables import where


@rule("R206", "completion-rate", Severity.ERROR, source="scoring")
def completion_rate(facts: Facts) -> Iterator[Outcome]:
    """指标完成率＝实际完成值÷指标值；写明按其他口径（如调整后预算）计算的，按该口径复算。

    Why      完成率决定得分，写错则得分随之出错
    Formula  完成率 = 完成值 ÷ 目标值
    Flags    培训人数：指标值100人，实际完成值90人，完成率95.00%。
    Passes   培训人数：指标值2045人，实际完成值2460人，完成率120.29%。
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
        if not good and indicator.sign == "<=" and indicator.comparable:
            yield from _of_a_limit(indicator)
            continue
        if good:
            yield good[0]
            if good[0] is not claims[0]:
                yield _other_base(claims[0])
        elif claims:
            yield claims[0]


def _of_a_limit(indicator: Indicator) -> Iterator[Claim]:
    """A cost kept below its limit may be counted as fully met, or as target over actual."""
    rate, target, actual = (indicator[m] for m in ("完成率", "目标", "完成"))
    if rate.value == 1 and not indicator.missed:
        return
    yield Claim(
        rate.figure, f"{target.figure.id} / {actual.figure.id}", (target.figure, actual.figure),
        subject=f"{indicator.name}完成率", doubt="“≤”型指标的完成率另有算法的除外",
    )  # fmt: skip


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

    Why      未达标而没有原因，评价结果不能用来改进工作
    Formula  完成值 ≥（≤、＝）目标值
    Flags    群众满意度：目标≥95%，实际完成94.25%，得分9分。
    Passes   群众满意度：目标≥95%，实际完成96%，得分9分。
    """
    explain = Decimal(str(parameters("control")["explain_below"]))
    for indicator in indicators(facts):
        if not {"目标", "完成"} <= indicator.facts.keys():
            continue
        target, actual = indicator["目标"], indicator["完成"]
        if target.unit != actual.unit:
            continue
        missed = indicator.missed
        claimed = missed and CLAIMED.search(facts.paragraphs[indicator.paragraph].text)
        quiet = not missed or (indicator.has_reason and not claimed)
        doubt = "未达到指标值，却称已达到" if claimed else "未达到指标值，且未写偏差原因"
        spent = "执行率" in indicator.name and actual.kind == "percent" and actual.value >= explain
        others = [indicator.facts[m].figure.span for m in ("完成率", "分值", "得分") if m in indicator]
        paragraph = facts.paragraphs[indicator.paragraph]
        yield Claim(
            actual.figure, target.figure.id, (target.figure,), indicator.sign, f"{indicator.name}完成值", "指标值",
            severity=Severity.NOTE if spent else Severity.QUESTION, quiet=quiet,
            doubt=doubt if not quiet else "未达到指标值，已说明原因" if missed else "",
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


GROWTH = re.compile("增长|增幅|提高|下降|降低")


@rule("R513", "far-beyond-target", Severity.QUESTION, source="scoring")
def far_beyond_target(facts: Facts) -> Iterator[Outcome]:
    """完成值远超指标值（超过30%）的，应说明原因；指标值是否定得偏低。

    Formula  完成值 ≤ 指标值 × (1 + 30%)
    Flags    举办赛事：指标值≥20场，实际完成值33场，分值8分，得分8分。
    Passes   举办赛事：指标值≥20场，实际完成值24场，分值8分，得分8分。
             举办赛事：指标值≥20场，实际完成值33场，得分8分，偏差原因：省级赛事临时落户。
    """
    limit = Decimal(str(facts.scoring["over_reason_above"]))
    for form, told in indicator_lists(facts):
        found = []
        for indicator in told:
            if indicator.sign == "<=" or not indicator.comparable or indicator.has_reason:
                continue
            if GROWTH.search(indicator.name) and indicator["目标"].kind == "percent":
                continue  # 增长8% met with 11% is three points more, not a third
            target, actual = indicator["目标"], indicator["完成"]
            if target.value > 0 and actual.value > target.value * (1 + limit):
                found.append(indicator)
        if found:
            named = "、".join(
                f"“{i.name}”指标值{i['目标'].figure}，完成{i['完成'].figure}，"
                f"超{(i['完成'].value / i['目标'].value - 1) * 100:.1f}%"
                for i in found[:4]
            )
            more = f"等{len(found)}项" if len(found) > 4 else ""
            yield Found(
                f"{f'{where(form)}：' if form else ''}完成值超过指标值{limit:.0%}以上而未说明原因：{named}{more}",
                tuple(i[m].figure.span for i in found for m in ("目标", "完成")),
                "请说明超额原因，核实指标值是否偏低、完成值是否准确",
            )


@rule("R514", "exact-target", Severity.QUESTION, source="scoring")
def exact_target(facts: Facts) -> Iterator[Outcome]:
    """指标值写作“等于”的，完成值超出时不是恰好达标；按满分计的，指标值方向或计分应核对。

    Formula  指标值写“等于”时，完成值 ＝ 指标值
    Flags    救助人数：指标值等于3700人，实际完成值3984人，分值9分，得分9分。
    Passes   救助人数：指标值大于等于3700人，实际完成值3984人，分值9分，得分9分。
    """
    for indicator in indicators(facts):
        full = {"分值", "得分"} <= indicator.facts.keys() and indicator["分值"].value == indicator[
            "得分"
        ].value
        exact = indicator.signed and indicator.sign == "=" and indicator.comparable
        if full and exact and indicator["完成"].value > indicator["目标"].value:
            target, actual = indicator["目标"], indicator["完成"]
            yield Found(
                f"“{indicator.name}”指标值写作等于{target.figure}，完成{actual.figure}，却按达标计满分",
                (facts.quote(target), actual.figure.span, indicator["得分"].figure.span),
                "请核对指标值的方向（应为“≥”还是“＝”）和得分",
            )
