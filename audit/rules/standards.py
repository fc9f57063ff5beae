"""R205: amount = standard × persons (× months), and averages per head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..facts import Fact, Facts
from ..findings import Severity, Status
from . import Claim, Outcome, rule
from .common import HEADS, judged, name_of, ratio

PER_HEAD = re.compile(r"(?:人均|户均|每人次?平均|次均|平均每[人户次])[\u4e00-\u9fff]{0,6}$")


@rule("R205", "standard-times-heads", Severity.QUESTION, source="ratios")
def standard_times_heads(facts: Facts) -> Iterator[Outcome]:
    """金额＝标准×人数（×月数）。

    Formula  金额 = 标准 × 人数 × 月数
    Flags    每人每月50元，共100人，全年发放7.00万元（应为6.00万元）
    Passes   每人每月50元，共100人，全年发放6.00万元
    """
    for fact in facts:
        if fact.role == "standard":
            row = facts.clause(fact)
            heads = [f for f in row if f.kind == "count" and f.unit in HEADS]
            money = [f for f in row if f.kind == "money" and f.role == "level"]
            whole = [f for f in facts.in_paragraph(fact.paragraph) if f.kind == "money" and f.role == "level"]
            nearest = sorted(heads, key=lambda f: abs(f.start - fact.start))[:3]
            yield from _paid(
                row, fact, nearest, sorted(money, key=lambda f: abs(f.start - fact.start))[:3], whole
            )
        elif fact.kind == "money" and PER_HEAD.search(fact.lead):
            yield from _per_head(facts, fact)


def _per_head(facts: Facts, mean: Fact) -> Iterator[Outcome]:
    """人均＝金额÷人数: whatever pair of the sentence explains it; a difference shows only where there is one pair."""
    row = [
        f for f in facts.in_paragraph(mean.paragraph) if f.sentence == mean.sentence and f.start < mean.start
    ]
    money = [f for f in row if f.kind == "money" and f.role == "level"]
    heads = [f for f in row if f.kind == "count" and f.unit in HEADS]
    claims = [ratio(mean, (m, h)) for m in reversed(money) for h in reversed(heads)]
    good = [c for c in claims if judged(c) in (Status.AGREES, Status.ROUNDING)]
    yield from good[:1] or (claims if len(claims) == 1 else [])


def _paid(
    row: list[Fact], standard: Fact, heads: list[Fact], money: list[Fact], paragraph: list[Fact]
) -> Iterator[Outcome]:
    said = standard.lead[-12:] + standard.figure.quantity.text + standard.tail[:6]
    months = [int(f.figure.quantity.value) for f in row if f.figure.quantity.unit == "个月"]
    days = [int(f.figure.quantity.value) for f in row if f.figure.quantity.unit == "天"]
    monthly, daily = re.search("每月|月均|/月|月人均|人均月|月补", said), re.search("每天|每日|/天|/日", said)
    factors = (days if daily else months) or ([12, 1] if monthly else [1])
    for paid in [*money, *paragraph]:
        for head in heads:
            for factor in factors:
                if standard.value * head.value * factor == paid.value:
                    yield _product(paid, standard, head, factor)
                    return
    if len(heads) == 1 and len(money) == 1 and len([f for f in row if f.role == "standard"]) == 1:
        got = standard.value * heads[0].value * factors[0]
        if (
            money[0].value
            and Decimal("0.5") < got / money[0].value < 2
            and not money[0].figure.quantity.approx
        ):
            yield _product(money[0], standard, heads[0], factors[0])


def _product(paid: Fact, standard: Fact, head: Fact, factor: int) -> Claim:
    formula = f"{standard.figure.id} * {head.figure.id}" + (f" * {factor}" if factor != 1 else "")
    return Claim(
        paid.figure, formula, (standard.figure, head.figure), subject=name_of(paid),
        doubt="年度内人数、标准可能有变动", advice="请提供人数、标准和发放月数的明细",
    )  # fmt: skip
