"""R2xx: rates recomputed. 执行率、调整率、占比、增减、标准×人数、控制率。

A printed rate is explained by the amounts around it: first those of its own sentence, then of its
paragraph, then the same item's elsewhere. Where one explanation holds, the rate is 相符; it is 不符 only
where the words leave no doubt which amounts it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ..facts import Fact, Facts
from ..findings import Severity, Status, verdict
from ..formulas import Range
from ..glossary import glossary
from ..quantity import round_half_up
from . import Claim, Outcome, rule
from .arithmetic import BUDGETS, name_of, opening

Pair = tuple[Fact, Fact]
SPENT = {"执行", ""}
FULL = re.compile(r"^100(?:\.0+)?$")


def amounts(facts: Iterable[Fact], kinds: tuple[str, ...] = ("money", "count")) -> list[Fact]:
    return [f for f in facts if f.kind in kinds and f.role == "level" and not f.figure.quantity.approx]


def holds(rate: Fact, numerator: Range, denominator: Range) -> Status | None:
    """How a printed rate stands to numerator ÷ denominator; None where that cannot be divided."""
    try:
        return verdict(rate.figure.quantity, numerator / denominator)
    except ZeroDivisionError:
        return None


def spread(fact: Fact) -> Range:
    quantity = fact.figure.quantity
    return Range(quantity.exact, quantity.low, quantity.high)


def before(facts: Facts, rate: Fact) -> list[list[Fact]]:
    """Amounts a rate may be made of, nearest circle first: its sentence, its paragraph."""
    row = [f for f in facts.in_paragraph(rate.paragraph) if f.start < rate.start]
    sentence = amounts(f for f in row if f.sentence == rate.sentence)
    return [sentence, amounts(row)]


def elsewhere(facts: Facts, rate: Fact) -> list[Fact]:
    """Amounts of the same item anywhere in the report, the nearest last."""
    return facts.near(rate.item, rate)[::-1]


def matching(rate: Fact, pairs: Iterable[Pair]) -> Pair | None:
    """The first pair that explains the rate, one that needs no rounding before one that does."""
    close = None
    for pair in pairs:
        status = holds(rate, *(spread(f) for f in pair))
        if status is Status.AGREES:
            return pair
        if status is Status.ROUNDING:
            close = close or pair
    return close


def ratio(rate: Fact, pair: Pair, **more: object) -> Claim:
    numerator, denominator = (f.figure for f in pair)
    return Claim(
        rate.figure, f"{numerator.id} / {denominator.id}", (numerator, denominator),
        subject=name_of(rate), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def telling(rate: Fact) -> bool:
    """Has the rate digits enough that a chance agreement with unrelated amounts is unlikely?"""
    digits = rate.figure.quantity.value.normalize().as_tuple().digits
    return len(digits) >= 3 and not FULL.match(str(rate.figure.quantity.value))


def rates(facts: Facts, *measures: str) -> Iterator[Fact]:
    return (f for f in facts if f.kind == "percent" and f.paragraph >= 0 and f.measure in measures)


@rule("R201", "execution-rate", Severity.ERROR, source="execution-rate")
def execution_rate(facts: Facts) -> Iterator[Outcome]:
    """预算执行率＝执行数÷预算数；文中写明以年初预算为基数的，按年初预算计算。

    Formula  执行率 = 执行数 ÷ 全年预算数（或写明的预算数）
    Flags    全年预算数100.00万元，执行数95.00万元，预算执行率96.00%
    Passes   全年预算数1253.70万元，执行数1234.56万元，执行率98.5%
    """
    for rate in facts:
        if rate.kind != "percent" or rate.paragraph < 0 or rate.direction:
            continue
        if rate.owner and rate.measure != "执行率":
            continue
        done = re.search(r"完成(?:了)?[^，。；]{0,12}(?:预算|计划|任务)[^，。；率]{0,8}$", rate.lead)
        if rate.measure != "执行率" and not done:
            continue
        circles = [*before(facts, rate), elsewhere(facts, rate)]
        pairs = [p for circle in circles for p in _spent_of_budget(rate, circle)]
        pairs.sort(key=lambda p: (p[0].paragraph, p[0].sentence) != (p[1].paragraph, p[1].sentence))
        if found := matching(rate, pairs):
            yield ratio(rate, found)
            continue
        clear = [p for p in pairs if _clear(rate, *p)]
        if slips := [p for p in clear if _unit_slip(rate, *p)]:
            spent, budget = slips[0]
            small = min(slips[0], key=lambda f: f.value)
            yield ratio(
                rate, slips[0], code="R601", also=(small.figure.span,),
                basis=f"“{spent.figure}”与“{budget.figure}”单位不一，照印出的单位计算",
                advice=f"“{small.figure}”的单位疑应为万元，请核对",
            )  # fmt: skip
        elif clear:
            yield ratio(rate, clear[0], advice="请按执行数除以预算数重新计算，并核对执行数、预算数")


def _spent_of_budget(rate: Fact, circle: list[Fact]) -> Iterator[Pair]:
    base = re.search("年初|全年|调整", rate.lead[-14:])
    for spent in reversed(circle):
        if spent.measure not in SPENT:
            continue
        for budget in reversed(circle):
            if budget is spent or budget.unit != spent.unit or budget.period != spent.period:
                continue
            if budget.measure not in BUDGETS or (not spent.measure and budget.sentence != spent.sentence):
                continue
            if base and base[0] == "年初" and budget.measure == "全年预算":
                continue
            yield spent, budget


def _unit_slip(rate: Fact, spent: Fact, budget: Fact) -> bool:
    """Would the rate be right if one of the two amounts were in 万元 instead of 元?"""
    myriad = Range.of(Decimal(10000))
    ways = ((spread(spent) / myriad, spread(budget)), (spread(spent) * myriad, spread(budget)))
    return any(holds(rate, *way) in (Status.AGREES, Status.ROUNDING) for way in ways)


def _clear(rate: Fact, spent: Fact, budget: Fact) -> bool:
    """Do the words say that this rate is made of exactly these two?"""
    same_place = spent.paragraph == budget.paragraph == rate.paragraph and spent.sentence == rate.sentence
    said = spent.measure == "执行" and (budget.own_measure or budget.measure == "全年预算")
    return same_place and said and spent.item == budget.item and budget.sentence == rate.sentence


@rule("R202", "adjustment-rate", Severity.ERROR, source="adjustment-rate")
def adjustment_rate(facts: Facts) -> Iterator[Outcome]:
    """预算调整率＝调整数÷年初预算数。

    Formula  调整率 = |全年预算 − 年初预算| ÷ 年初预算
    Flags    年初预算100.00万元，调增20.00万元，预算调整率25.00%
    Passes   年初预算100.00万元，调增20.00万元，预算调整率20.00%
    """
    for rate in rates(facts, "调整率"):
        row = [f for f in facts.in_paragraph(rate.paragraph) if f.start < rate.start and f.kind == "money"]
        changes = [f for f in row if f.measure == "调整"]
        starts = [f for f in row if f.measure in ("年初预算", "预算") and f.role == "level" and f.item == rate.item]
        finals = [f for f in row if f.measure == "全年预算" and f.role == "level" and f.item == rate.item]
        claims = []
        for start in reversed(starts):
            for final in reversed(finals):
                a, b = final.figure, start.figure
                formula = f"max({a.id} - {b.id}, {b.id} - {a.id}) / {b.id}"
                claims.append(Claim(rate.figure, formula, (a, b), subject=name_of(rate)))
            claims += [ratio(rate, (change, start)) for change in reversed(changes)]
        direct = [c for c in claims if c.operands[0] in {f.figure for f in changes}]
        good = [c for c in [*direct, *claims] if judged(c) in (Status.AGREES, Status.ROUNDING)]
        yield from (good or claims)[:1]


@rule("R203", "share", Severity.ERROR, source="ratios")
def share(facts: Facts) -> Iterator[Outcome]:
    """占比＝部分÷总数；同一总数的各占比之和应为100%。

    Formula  占比 = 部分 ÷ 总数
    Flags    总支出200.00万元，其中基本支出50.00万元，占总支出的35.00%
    Passes   总支出200.00万元，其中基本支出50.00万元，占总支出的25%
    """
    for sentence in facts.sentences():
        shares = [f for f in sentence if f.measure == "占比" and f.kind == "percent"]
        for rate in shares:
            yield from _share(facts, rate)
        total = sum((f.figure.quantity.value for f in shares), Decimal(0))
        if len(shares) > 1 and abs(total - 100) <= 1 and len({_whole_named(f) for f in shares}) == 1:
            formula = " + ".join(f.figure.id for f in shares)
            figures = tuple(f.figure for f in shares)
            yield Claim(
                None, formula, figures, subject="各占比合计", stated=Decimal(100), unit="%",
                severity=Severity.NOTE,
            )  # fmt: skip


def _whole_named(rate: Fact) -> str:
    match = re.search(r"占(?P<whole>[^，。；：]*?)(?:的?(?:比重|比例|比)?(?:为|达到|达|约)?|的)$", rate.lead)
    return match["whole"].strip("的了") if match else ""


def _share(facts: Facts, rate: Fact) -> Iterator[Outcome]:
    row = [f for f in facts.in_paragraph(rate.paragraph) if f.start < rate.start]
    near = amounts(row)
    if not near or near[-1].sentence != rate.sentence:
        return
    part = near[-1]
    wholes = [f for f in reversed(near[:-1]) if f.unit == part.unit and f.value >= part.value]
    named = _whole_named(rate)
    opened = [f for f in wholes if f.sentence == part.sentence and opening(facts, f) == "list"]
    wholes = [*opened, *wholes]
    if telling(rate):
        above = amounts(facts.in_paragraph(rate.paragraph - 1))
        wholes += [f for f in above if f.unit == part.unit and f.value >= part.value]
    whole_item = glossary().item_in(named)
    if whole_item:
        wholes += [f for f in facts.near(whole_item[0], part) if f.unit == part.unit]
    pairs = [(part, whole) for whole in wholes]
    pairs += [(p, w) for p in reversed(near[:-1]) for w in wholes if telling(rate) and p is not w]
    if found := matching(rate, pairs):
        yield ratio(rate, found)
        return
    same = [w for w in wholes if w.sentence == rate.sentence and w.paragraph == rate.paragraph]
    said = [w for w in same if whole_item and w.item == whole_item[0]] or ([] if named else opened[-1:])
    if said and part.own_item and part.end + 12 > rate.start - len(rate.lead):
        yield ratio(rate, (part, said[0]), advice="请核对占比的分子、分母")


LEVEL_WORDS = re.compile(r"同比|上年|去年|前年|同期|(?:19|20)\d\d年")


@rule("R204", "year-on-year", Severity.ERROR, source="ratios")
def year_on_year(facts: Facts) -> Iterator[Outcome]:
    """增减额＝本年－上年；增减率＝（本年－上年）÷上年，上年为零时不可比。

    Formula  增减额 = 本年 − 上年;  增减率 = 增减额 ÷ 上年
    Flags    本年110.00万元，比上年100.00万元增加10.00万元，增长11.00%
    Passes   本年110.00万元，比上年增加10.00万元，增长10%
    """
    for sentence in facts.sentences():
        for fact in sentence:
            if fact.role == "change" and fact.kind in ("money", "count") and fact.measure != "调整":
                yield from _difference(facts, sentence, fact)
            elif fact.kind == "percent" and (fact.direction or "变动" in fact.lead or "增减" in fact.lead):
                yield from _change_rate(facts, sentence, fact)


def _difference(facts: Facts, sentence: list[Fact], change: Fact) -> Iterator[Outcome]:
    levels = [f for f in recent(facts, change) if f.unit == change.unit]
    following = [f for f in amounts(sentence) if f.unit == change.unit and f.start > change.start]
    if len(levels) < 1:
        return
    pairs = [(a, b) for i, b in enumerate(reversed(levels)) for a in reversed(levels[: len(levels) - 1 - i])]
    pairs += [(levels[-1], f) for f in following[:1]]
    for now, then in [*pairs, *((b, a) for a, b in pairs)]:
        if now.period and not then.period:
            continue
        moved = now.value - then.value if change.direction else abs(now.value - then.value)
        if moved == (change.direction or 1) * change.value and change.value:
            yield Claim(
                change.figure, _gap(now, then, change), (now.figure, then.figure), subject=_change_name(change)
            )
            return
    if not change.direction:
        return
    for now in facts.near(change.item, change) if change.kind == "money" else ():
        for then in (f for f in levels if f.period and f.sentence == change.sentence):
            if now.value - then.value == change.direction * change.value and change.value:
                yield Claim(
                    change.figure, _gap(now, then, change), (now.figure, then.figure), subject=_change_name(change)
                )
                return
    then_ = [f for f in levels if f.period and f.sentence == change.sentence]
    if not then_:
        return
    then = then_[-1]
    nows = [f for f in levels if not f.period and f.measure == then.measure]
    same = [f for f in nows if f.sentence == change.sentence] or nows[:1]
    if not same:
        return
    now = same[-1]
    if not (now.item == then.item or not then.own_item or not now.item or then.item == "收入"):
        return
    if _compared_with_prior(facts, change, then) and now.measure == then.measure:
        yield Claim(
            change.figure, _gap(now, then, change), (now.figure, then.figure), subject=_change_name(change),
            advice="请核对本年数、上年数与增减额及方向",
        )  # fmt: skip


def recent(facts: Facts, fact: Fact) -> list[Fact]:
    """Levels of this sentence and the one before it, up to a figure."""
    row = facts.in_paragraph(fact.paragraph)
    return amounts(f for f in row if f.start < fact.start and f.sentence >= fact.sentence - 1)


def _gap(now: Fact, then: Fact, change: Fact) -> str:
    a, b = now.figure.id, then.figure.id
    if not change.direction:
        return f"max({a} - {b}, {b} - {a})"
    return f"{a} - {b}" if change.direction > 0 else f"{b} - {a}"


def _change_name(change: Fact) -> str:
    return f"{change.item}{'增加' if change.direction > 0 else '减少'}额"


def _compared_with_prior(facts: Facts, change: Fact, then: Fact) -> bool:
    words = facts.place(change).text[max(0, then.start - 30) : change.start]
    return bool(LEVEL_WORDS.search(words))


def _change_rate(facts: Facts, sentence: list[Fact], rate: Fact) -> Iterator[Outcome]:
    levels = recent(facts, rate)
    changes = [
        f for f in sentence if f.role == "change" and f.start < rate.start and f.measure != "调整"
        and not f.figure.quantity.approx
    ]  # fmt: skip
    change = changes[-1] if changes else None
    near = sorted(levels, key=lambda f: -f.start)[:5]
    claims: list[Claim] = []
    prior = [f for f in near if f.period and f.sentence == rate.sentence]
    for then in prior or near:
        for now in near:
            if now is then or now.unit != then.unit:
                continue
            a, b = now.figure, then.figure
            formula = f"({a.id} - {b.id}) / {b.id}" if rate.direction >= 0 else f"({b.id} - {a.id}) / {b.id}"
            claims.append(Claim(rate.figure, formula, (a, b), subject=name_of_rate(rate)))
        if change and then.unit == change.unit and then in prior:
            c, b = change.figure, then.figure
            claims.append(Claim(rate.figure, f"{c.id} / {b.id}", (c, b), subject=name_of_rate(rate)))
    if change:
        for now in near:
            if now.unit == change.unit:
                a, c = now.figure, change.figure
                sign = "-" if change.direction > 0 else "+"
                claims.append(
                    Claim(rate.figure, f"{c.id} / ({a.id} {sign} {c.id})", (c, a), subject=name_of_rate(rate))
                )
    good = [claim for claim in claims if judged(claim) in (Status.AGREES, Status.ROUNDING)]
    if good:
        exact = [claim for claim in good if judged(claim) is Status.AGREES] or good
        yield from exact[:2]
        return
    yield from _wrong_change_rate(facts, rate, near, change)


def _wrong_change_rate(facts: Facts, rate: Fact, near: list[Fact], change: Fact | None) -> Iterator[Outcome]:
    """Only where both years, or this year and the change, are the sentence's own and nothing stands between."""
    if change and near and change.start > near[0].start and rate.start - change.end <= 12:
        then = [f for f in near if f.period and f.unit == change.unit]
        then = [f for f in then if f.sentence == change.sentence][:1] or then
        now = [f for f in near if not f.period and f.unit == change.unit]
        if not LEVEL_WORDS.search(change.lead + (then[0].lead if then else "")):
            return
        c = change.figure
        if len(then) == 1:
            b = then[0].figure
            yield Claim(rate.figure, f"{c.id} / {b.id}", (c, b), subject=name_of_rate(rate))
        elif not then and len(now) == 1 and now[0].own_item:
            a, sign = now[0].figure, "-" if change.direction > 0 else "+"
            yield Claim(rate.figure, f"{c.id} / ({a.id} {sign} {c.id})", (c, a), subject=name_of_rate(rate))


def name_of_rate(rate: Fact) -> str:
    return f"{rate.item}{'增长率' if rate.direction >= 0 else '下降率'}"


def judged(claim: Claim) -> Status | None:
    """How a claim about a rate stands, without making a check of it."""
    from .. import formulas

    assert claim.result is not None
    values = {f.id: Range(f.quantity.exact, f.quantity.low, f.quantity.high) for f in claim.operands}
    try:
        return verdict(claim.result.quantity, formulas.evaluate(claim.formula, values))
    except ZeroDivisionError:
        return None


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
            yield from _paid(row, fact, nearest, sorted(money, key=lambda f: abs(f.start - fact.start))[:3], whole)
        elif fact.kind == "money" and PER_HEAD.search(fact.lead):
            yield from _per_head(facts, fact)


HEADS = ("人", "名", "户", "人次", "张", "位", "例", "个", "座", "次")
PER_HEAD = re.compile(r"(?:人均|户均|每人次?平均|次均|平均每[人户次])[\u4e00-\u9fff]{0,6}$")


def _per_head(facts: Facts, mean: Fact) -> Iterator[Outcome]:
    """人均＝金额÷人数: whatever pair of the sentence explains it; a difference shows only where there is one pair."""
    row = [f for f in facts.in_paragraph(mean.paragraph) if f.sentence == mean.sentence and f.start < mean.start]
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
    monthly, daily = re.search("每月|月均|/月|月人均", said), re.search("每天|每日|/天|/日", said)
    factors = (days if daily else months) or ([12, 1] if monthly else [1])
    for paid in [*money, *paragraph]:
        for head in heads:
            for factor in factors:
                if standard.value * head.value * factor == paid.value:
                    yield _product(paid, standard, head, factor)
                    return
    if len(heads) == 1 and len(money) == 1 and len([f for f in row if f.role == "standard"]) == 1:
        got = standard.value * heads[0].value * factors[0]
        if money[0].value and Decimal("0.5") < got / money[0].value < 2 and not money[0].figure.quantity.approx:
            yield _product(money[0], standard, heads[0], factors[0])


def _product(paid: Fact, standard: Fact, head: Fact, factor: int) -> Claim:
    formula = f"{standard.figure.id} * {head.figure.id}" + (f" * {factor}" if factor != 1 else "")
    return Claim(
        paid.figure, formula, (standard.figure, head.figure), subject=name_of(paid),
        doubt="年度内人数、标准可能有变动", advice="请提供人数、标准和发放月数的明细",
    )  # fmt: skip


@rule("R207", "control-rate", Severity.ERROR, source="ratios")
def control_rate(facts: Facts) -> Iterator[Outcome]:
    """在职人员控制率＝在职人数÷编制数；三公经费控制率＝决算数÷预算数；其他写明分子分母的比率同理。

    Formula  控制率 = 实际 ÷ 核定
    Flags    编制20人，在职19人，在职人员控制率96.00%
    Passes   编制20人，在职19人，在职人员控制率95.00%
    """
    for rate in rates(facts, "控制率", "率", "完成率", "结转结余率", "满意度", "执行率", ""):
        if rate.owner or rate.direction:
            continue
        near = [f for f in before(facts, rate)[0] if rate.start - f.end < 120][-4:]
        pairs = [(a, b) for a in reversed(near) for b in reversed(near) if a is not b and a.unit == b.unit]
        canonical = _control_pair(rate, near) or _control_pair(rate, before(facts, rate)[1])
        if not canonical and rate.measure == "结转结余率":
            left = [f for f in near if f.measure == "结转"]
            pairs += [(a, b) for a in left for b in elsewhere(facts, rate) if b.measure in BUDGETS]
        if canonical:
            named = rate.measure not in ("控制率",)
            doubt = "分母可能另有口径" if named else ""
            yield ratio(rate, canonical, advice="请核对比率的分子、分母", doubt=doubt)
        elif telling(rate) and (found := matching(rate, pairs)):
            yield ratio(rate, found)


def _control_pair(rate: Fact, near: list[Fact]) -> Pair | None:
    if rate.measure == "控制率" and re.search("人员|在职", rate.lead):
        staff = [f for f in near if f.item == "在职人数"]
        posts = [f for f in near if f.item == "编制数" and "其中" not in f.lead]
        return (staff[-1], posts[-1]) if staff and posts else None
    if (named := _named_pair(rate, near)) is not None:
        return named
    if rate.measure == "控制率" and re.search("经费", rate.lead):
        spent = [f for f in near if f.measure == "执行"]
        budget = [f for f in near if f.measure in BUDGETS]
        return (spent[-1], budget[-1]) if len(spent) == 1 and len(budget) == 1 else None
    return None


RATE_NAME = re.compile(r"(?P<stem>[\u4e00-\u9fff]{2})(?:率|度)(?:为|达到|达|是|：|约)*$")


def _named_pair(rate: Fact, near: list[Fact]) -> Pair | None:
    """发现问题37处，整改34处，整改率91.89%: the rate is named after the count it is the share of."""
    name = RATE_NAME.search(rate.lead)
    counts = [f for f in near if f.kind == "count"]
    if not name or len(counts) < 2 or name["stem"] not in counts[-1].lead[-8:]:
        return None
    part, whole = counts[-1], counts[-2]
    fits = part.unit == whole.unit and part.value <= whole.value and name["stem"] not in whole.lead[-8:]
    return (part, whole) if fits and rate.start - part.end < 16 else None


PEOPLE = ("人", "人次", "名", "份", "户")


@rule("R209", "share-of-few", Severity.NOTE, source="ratios")
def share_of_few(facts: Facts) -> Iterator[Outcome]:
    """人数不多时，满意度等比率应是某个整数人数所占的比率。

    Formula  比率 = k ÷ 人数（k为整数）
    Flags    培训18人次，满意度99%（17人为94.44%，18人为100%）
    Passes   培训20人次，满意度95%
    """
    for rate in rates(facts, "满意度"):
        heads = [f for f in before(facts, rate)[0] if f.kind == "count" and f.unit in PEOPLE]
        if len(heads) != 1 or rate.start - heads[0].end > 20 or heads[0].value > 50 or rate.owner:
            continue
        satisfied = int(round_half_up(heads[0].value * rate.value, 0))
        yield Claim(
            rate.figure, f"{satisfied} / {heads[0].figure.id}", (heads[0].figure,), subject=name_of(rate),
            basis=f"最接近的整数人数{satisfied}人所占", doubt="满意度可能按平均得分计算",
            advice="请提供满意度的测算依据", severity=Severity.NOTE,
        )  # fmt: skip
