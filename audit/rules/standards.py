"""R205: amount = standard × persons (× months), and averages per head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..facts import Fact, Facts
from ..findings import Severity, Status
from . import Claim, Outcome, rule
from .common import HEADS, judged, name_of, ratio

GOOD = (Status.AGREES, Status.ROUNDING)
BARE = re.compile(
    r"(?:[人户册场件车床亩生班期]均|每人次?平均|次均|平均每[人户次])(?:(?!增|收)[\u4e00-\u9fff]){0,6}$"
)
COUNTED = {
    **{f"{c}均": (c,) for c in "户册场件车床亩班期"}, "人均": ("人", "人次"), "生均": ("人",),
    "日均": ("天",), "次均": ("次", "人次", "批次"), "每人": ("人", "人次"),
}  # fmt: skip
PER_HEAD = re.compile(r"每人次?平均[\u4e00-\u9fff]{0,6}$")


@rule("R205", "standard-times-heads", Severity.QUESTION, source="ratios")
def standard_times_heads(facts: Facts) -> Iterator[Outcome]:
    """金额＝标准×人数（×月数）。

    Why      补助类支出都由标准和人数算出，乘不出来的金额要查发放名册
    Formula  金额 = 标准 × 人数 × 月数
    Flags    低保对象共100人，每人每月50元，全年发放7.00万元
    Passes   低保对象共100人，每人每月50元，全年发放6.00万元
    """
    for fact in facts:
        mean = fact.kind in ("money", "standard") and fact.role == "other"
        if mean or (fact.kind == "money" and PER_HEAD.search(fact.lead)):
            yield from _per_head(facts, fact)
        elif fact.kind in ("count", "other") and (shown := _mean_count(facts, fact) or _each(facts, fact)):
            yield shown
    for sentence in facts.sentences():
        standards = [f for f in sentence if f.role == "standard"]
        if len(standards) > 1:
            yield from _tiers(sentence, standards)
        for standard in standards:
            row = facts.clause(standard)
            heads = [f for f in row if f.kind in ("count", "area", "length") and f.role == "level"]
            money = [f for f in row if f.kind == "money" and f.role == "level"]
            whole = [
                f for f in facts.in_paragraph(standard.paragraph) if f.kind == "money" and f.role == "level"
            ]
            paid = _paid(row, standard, _nearest(heads, standard), _nearest(money, standard), whole)
            # 80至89周岁3680人每月50元；90至99周岁……: one tier of several does not make up the amount
            yield from (c for c in paid if len(standards) == 1 or c.code or judged(c) in GOOD)


def _heads_elsewhere(facts: Facts, mean: Fact, money: list[Fact]) -> Iterator[Claim]:
    """人均公用经费1.91万元: of the item it names, over the heads or cases told anywhere. Only agreement is said."""
    named = [f for f in facts.near(mean.item, mean) if f.measure in ("执行", "")] if mean.own_item else []
    named += [
        f for f in facts if f.kind == "money" and f.own_item and len(f.item) >= 4 and f.item in mean.lead
    ]
    heads = [
        f
        for f in facts
        if f.kind == "count" and f.role == "level" and f.value > 1 and not f.figure.quantity.approx
    ]
    staff = [f for f in heads if f.item == "在职人数"] if "人均" in mean.lead else []
    close = [f for f in heads if abs(f.paragraph - mean.paragraph) <= 3][-24:]
    row = [f for f in facts.in_paragraph(mean.paragraph) if f.kind == "money" and f.role == "level"][:12]
    for whole in [*money, *named[:4], *row]:
        for head in (*staff[:3], *close):
            claim = ratio(mean, (whole, head))
            exact = whole.value == mean.value * head.value
            if (exact or len(mean.figure.quantity.value.normalize().as_tuple().digits) > 2) and judged(
                claim
            ) is Status.AGREES:
                yield claim
                return


EACH = re.compile(r"每[个名户家所处座位](?P<named>[\u4e00-\u9fff]{1,6})?$")


def _each(facts: Facts, each: Fact) -> Claim | None:
    """网格72个，网格员144名，每个网格2名: the total of one kind spread over the things named."""
    said = EACH.search(each.lead)
    if not said or each.role != "level" or each.paragraph < 0:
        return None
    row = [
        f
        for f in facts.in_paragraph(each.paragraph)
        if f.role == "level" and f is not each and f.kind == "count"
    ]
    named = said["named"] or ""
    over = [
        f
        for f in row
        if named and (named in f.lead[-10:] or f.tail.startswith(named)) and f.start < each.start
    ]
    for total in (f for f in row if f.unit == each.unit):
        for things in over:
            if things is not total and each.value * things.value == total.value:
                return Claim(
                    total.figure, f"{things.figure.id} * {each.figure.id}", (things.figure, each.figure),
                    subject=name_of(total), basis="每个的数量乘个数",
                )  # fmt: skip
    return None


def _mean_count(facts: Facts, mean: Fact) -> Claim | None:
    """14处渡口检查168次，平均每处12次: whatever pair of the sentence explains it."""
    if mean.role != "other":
        return None
    row = [
        f for f in facts.in_paragraph(mean.paragraph) if f.sentence == mean.sentence and f.start < mean.start
    ]
    counts = [
        f for f in row if f.kind in ("count", "other") and f.role == "level" and not f.figure.quantity.approx
    ]
    pairs = [(a, b) for a in reversed(counts) if a.unit == mean.unit for b in reversed(counts) if b is not a]
    units = [(p, p[1].figure.quantity.unit.lstrip("万千百")) for p in pairs]
    days = {"天": "日均"}
    claims = [
        ratio(mean, p)
        for p, unit in units
        if re.search(f"每{unit}|{days.get(unit, unit[:1] + '均')}", mean.lead)
    ]
    good = next((c for c in claims if judged(c) in GOOD), None)
    if not good and not claims:
        above = [f for f in facts.in_paragraph(mean.paragraph) if f.role == "level" and f.start < mean.start]
        whole = [f for f in above if f.unit == mean.unit]
        named = [
            f for f in facts if f.kind == "count" and f.own_item and len(f.item) >= 3 and f.item in mean.lead
        ]
        claims = [ratio(mean, (a, b)) for a in reversed(whole) for b in named[:4] if b.value > 1]
        return next((c for c in claims if judged(c) is not None and judged(c) in GOOD), None)
    return good or (replace(claims[0], doubt="平均数可能另有口径") if len(claims) == 1 else None)


def _nearest(found: list[Fact], fact: Fact) -> list[Fact]:
    return sorted(found, key=lambda f: abs(f.start - fact.start))[:3]


def _tiers(sentence: list[Fact], standards: list[Fact]) -> Iterator[Outcome]:
    """9624人每人每月50元，1432人每人每月100元……发放756.84万元: the tiers together. Only agreement says anything."""
    pairs = []
    for standard in standards:
        heads = [f for f in sentence if f.kind == "count" and f.start < standard.start]
        if not heads:
            return
        pairs.append((heads[-1], standard))
    figures = tuple(f.figure for pair in pairs for f in pair)
    formula = " + ".join(f"{head.figure.id} * {standard.figure.id}" for head, standard in pairs)
    total = sum(head.value * standard.value for head, standard in pairs)
    for paid in (f for f in sentence if f.kind == "money" and f.role == "level"):
        for months in (12, 1):
            if total * months == paid.value:
                yield Claim(
                    paid.figure, f"({formula}) * {months}", figures, subject=name_of(paid), basis="各档相加"
                )
                return


def _per_head(facts: Facts, mean: Fact) -> Iterator[Outcome]:
    """人均＝金额÷人数: whatever pair of the sentence explains it; a difference shows only where there is one pair."""
    row = [
        f for f in facts.in_paragraph(mean.paragraph) if f.sentence == mean.sentence and f.start < mean.start
    ]
    money = [f for f in row if f.kind == "money" and f.role == "level"]
    shared = [f for f in row if f.kind in ("count", "area", "length") or f.unit == "担"]
    claims = [ratio(mean, (m, h)) for m in reversed(money) for h in reversed(shared) if h.role == "level"]
    if "月" in mean.lead[-8:]:
        claims = [replace(c, formula=f"{c.formula} / 12") for c in claims]
    if not any(judged(c) in GOOD for c in claims):
        claims = [*claims, *_heads_elsewhere(facts, mean, money)]
    if good := [c for c in claims if judged(c) in GOOD]:
        yield good[0]
        return
    behind = [
        f for f in facts.clause(mean) if f.kind == "money" and f.role in ("level", "change") and f.start > mean.start
    ]  # fmt: skip
    named = [
        f for f in facts if f.kind == "count" and f.own_item and len(f.item) >= 3 and f.item in mean.lead
    ]
    products = [
        Claim(m.figure, f"{mean.figure.id} * {h.figure.id}", (mean.figure, h.figure), subject=name_of(m))
        for m in behind for h in (*reversed(shared), *named[:3])
    ]  # fmt: skip
    if good := [c for c in products if judged(c) in GOOD]:
        yield good[0]
    elif len(claims) == 1 and shared and shared[0].unit in HEADS and BARE.search(mean.lead):
        yield claims[0]
    elif BARE.search(mean.lead):
        text = facts.place(mean).text
        counted = next((units for word, units in COUNTED.items() if word in mean.lead), HEADS)
        for marks in ("，；。：", "；。"):
            start = max(text.rfind(c, 0, mean.start - len(mean.lead)) for c in marks)
            near = [[f for f in group if f.start > start and f.role == "level"] for group in (money, shared)]
            heads = [f for f in near[1] if f.unit in counted]
            if len(near[0]) == len(heads) == 1:
                yield replace(ratio(mean, (near[0][0], heads[0])), doubt="平均数可能另有口径")
                return


def _paid(
    row: list[Fact], standard: Fact, heads: list[Fact], money: list[Fact], paragraph: list[Fact]
) -> Iterator[Claim]:
    said = standard.lead[-12:] + standard.figure.quantity.text + standard.tail[:6]
    months = [int(f.figure.quantity.value) for f in row if f.figure.quantity.unit == "个月"]
    days = [int(f.figure.quantity.value) for f in row if f.figure.quantity.unit == "天"]
    monthly, daily = re.search("每月|月均|/月|月人均|人均月|月补", said), re.search("每天|每日|/天|/日", said)
    factors = (days if daily else months) or ([12, 1] if monthly else [1])
    explained = False
    for paid in [*money, *paragraph]:
        products = [(h, n) for h in heads for n in factors if judged(_product(paid, standard, h, n)) in GOOD]
        if products and not (explained and paid not in money):
            explained = True
            yield _product(paid, standard, *products[0])
    alone = len(heads) == len(money) == len([f for f in row if f.role == "standard"]) == 1
    if explained or not alone or money[0].figure.quantity.approx or not money[0].value:
        return
    got = standard.value * heads[0].value * factors[0]
    claim = _product(money[0], standard, heads[0], factors[0])
    printed = money[0].figure.quantity
    if printed.low * 10000 <= got < printed.high * 10000:
        # Of 每人91万元 the standard is amiss, of 共发放4766.58元 the amount.
        in_wan = standard.figure.quantity.unit.startswith("万元")
        amiss, right = (standard, "元") if in_wan else (money[0], "万元")
        yield replace(
            claim,
            code="R601",
            cause=amiss.figure,
            doubt="",
            basis=f"“{amiss.figure}”若按{right}计则正好相符；照印出的单位，标准乘数量",
            advice=f"“{amiss.figure}”的单位疑应为{right}，请核对",
            also=(amiss.figure.span,),
        )
    elif Decimal("0.5") < got / money[0].value < 2:
        yield claim
    elif got / money[0].value in (Decimal(10), Decimal(100), Decimal("0.1"), Decimal("0.01")):
        yield replace(claim, doubt="小数点疑错位")


def _product(paid: Fact, standard: Fact, head: Fact, factor: int) -> Claim:
    formula = f"{standard.figure.id} * {head.figure.id}" + (f" * {factor}" if factor != 1 else "")
    return Claim(
        paid.figure, formula, (standard.figure, head.figure), subject=name_of(paid),
        doubt="年度内人数、标准可能有变动", advice="请提供人数、标准和发放月数的明细",
    )  # fmt: skip
