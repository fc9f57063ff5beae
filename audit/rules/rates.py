"""R201, R202, R207, R209: execution, adjustment and other named rates recomputed.

A printed rate is explained by the amounts around it: first those of its own sentence, then of its
paragraph, then the same item's elsewhere. Where one explanation holds, the rate is 相符; it is 不符 only
where the words leave no doubt which amounts it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import WHOLE, Fact, Facts
from ..findings import Severity, Status
from ..quantity import round_half_up
from ..ranges import Range
from . import Claim, Outcome, rule
from .common import (
    Pair,
    amounts,
    digits,
    holds,
    judged,
    matching,
    name_of,
    planned_and_done,
    ratio,
    spread,
    telling,
)
from .comparisons import due_and_done

FULFILLED = re.compile(
    r"(?:完成(?:了)?[^，。；]{0,12}|[为达是占]|相当于)(?:年初|调整|全年)?(?:预算|计划|任务)[^，。；率]{0,8}$"
)
OF_IT = ("的", "的比例", "的比重")
SPENT = {"执行", ""}
RATE_NAME = re.compile(r"(?P<stem>[\u4e00-\u9fff]{2,8})(?:率|度)(?:为|达到|达|是|：|约)*$")
PEOPLE = ("人", "人次", "名", "份", "户")


def before(facts: Facts, rate: Fact) -> list[list[Fact]]:
    """Amounts a rate may be made of, nearest circle first: its sentence, its paragraph."""
    row = [f for f in facts.in_paragraph(rate.paragraph) if f.start < rate.start]
    sentence = amounts(f for f in row if f.sentence == rate.sentence)
    return [sentence, amounts(row)]


def elsewhere(facts: Facts, rate: Fact) -> list[Fact]:
    """Amounts of the same item anywhere in the report, the nearest last."""
    return facts.near(rate.item, rate)[::-1]


def rates(facts: Facts, *measures: str) -> Iterator[Fact]:
    return (f for f in facts if f.kind == "percent" and f.paragraph >= 0 and f.measure in measures)


OF_BUDGET = re.compile("完成(?:年初|全年|调整后?)?预算(?:数|安排)?的?(?:比例)?为?$")


@rule("R201", "execution-rate", Severity.ERROR, source="execution-rate")
def execution_rate(facts: Facts) -> Iterator[Outcome]:
    """预算执行率＝执行数÷预算数；文中写明以年初预算为基数的，按年初预算计算。

    Why      执行率是自评打分的依据，直接影响10分（或该地规定分值）的得分
    Formula  执行率 = 执行数 ÷ 全年预算数（或写明的预算数）
    Flags    全年预算数100.00万元，执行数95.00万元，预算执行率96.00%
    Passes   全年预算数1253.70万元，执行数1234.56万元，执行率98.5%
    """
    for rate in facts:
        if rate.kind != "percent" or rate.paragraph < 0 or rate.direction:
            continue
        if rate.owner and rate.measure != "执行率":
            continue
        if facts.accounts and OF_BUDGET.search(rate.lead):
            continue  # R220
        if rate.lead in OF_IT and (pair := _fulfilled(facts, rate)):
            yield ratio(rate, pair, advice="请按执行数除以预算数重新计算，并核对执行数、预算数")
            continue
        done = FULFILLED.search(rate.lead)
        if rate.measure != "执行率" and not done:
            continue
        circles = [*before(facts, rate), elsewhere(facts, rate), _named_like(facts, rate)]
        pairs = [p for circle in circles for p in _spent_of_budget(rate, circle)]
        pairs.sort(key=lambda p: (not together(p[0], rate), not together(*p)))
        if found := matching(rate, pairs) or _budget_elsewhere(facts, rate):
            yield ratio(rate, found)
            continue
        clear = [p for p in pairs if _clear(rate, *p)]
        if not clear and (whole := _whole_elsewhere(facts, rate)):
            yield ratio(rate, whole, doubt="预算数取自另一段", advice="请核对执行数、预算数与执行率")
            continue
        if slips := [p for p in clear if _read_in_myriads(rate, *p)]:
            spent, budget = slips[0]
            small = min(slips[0], key=lambda f: f.value)
            yield ratio(
                rate, slips[0], code="R601", cause=small.figure, also=(small.figure.span,),
                basis=f"“{spent.figure}”与“{budget.figure}”单位不一，照印出的单位计算",
                advice=f"“{small.figure}”的单位疑应为万元，请核对",
            )  # fmt: skip
        elif clear:
            yield ratio(rate, clear[0], advice="请按执行数除以预算数重新计算，并核对执行数、预算数")


def _named_like(facts: Facts, rate: Fact) -> list[Fact]:
    """就业培训资金执行率60.95%: of 残疾人就业培训项目, told further up."""
    name = rate.name
    if len(name) < 4 or not rate.own_item:
        return []
    like = [f for f in facts if f.kind == "money" and f.role == "level" and f.name != name and name in f.name]
    return like if len({f.name for f in like}) == 1 else []


def _budget_elsewhere(facts: Facts, rate: Fact) -> Pair | None:
    """实际执行926.54万元，执行率88.74%: of a budget told further up under the project's own name."""
    spent = [f for f in before(facts, rate)[0] if f.kind == "money" and f.measure in SPENT][-1:]
    if not spent or not telling(rate):
        return None
    budgets = [
        f for f in facts if f.measure in BUDGETS and f.kind == "money" and f.role == "level" and not f.period
    ]
    pair = matching(rate, [(spent[0], b) for b in budgets[:60] if b.value >= spent[0].value])
    return pair if pair and holds(rate, *(spread(f) for f in pair)) is Status.AGREES else None


def _whole_elsewhere(facts: Facts, rate: Fact) -> Pair | None:
    """全年支出4512.85万元，预算执行率91.49%: of the one budget that the report tells of the whole."""
    spent = [f for f in before(facts, rate)[0] if f.item == WHOLE and f.measure == "执行"][-1:]
    budgets = {
        f.value: f
        for f in facts.of_item(WHOLE)
        if f.measure == "全年预算" and f.role == "level" and not f.period
    }
    if rate.item != WHOLE or not spent or len(budgets) != 1 or rate.measure != "执行率" or not telling(rate):
        return None
    return spent[0], next(iter(budgets.values()))


def _fulfilled(facts: Facts, rate: Fact) -> Pair | None:
    """完成预算45万元的72.62%: the spending of the item that this budget is of."""
    row = [f for f in facts.in_paragraph(rate.paragraph) if f.start < rate.start and f.kind == "money"]
    if not row or not re.search("完成[^，。；]{0,8}预算数?$", row[-1].lead):
        return None
    budget = row[-1]
    spent = [
        f
        for f in row[:-1]
        if f.item == budget.item and f.measure in SPENT and f.role == "level" and not f.period
    ]
    return (spent[-1], budget) if spent else None


def together(a: Fact, b: Fact) -> bool:
    """Do two figures stand in one sentence?"""
    return (a.paragraph, a.sentence) == (b.paragraph, b.sentence)


def _spent_of_budget(rate: Fact, circle: list[Fact]) -> Iterator[Pair]:
    base = re.search("年初|全年|调整", rate.lead[-14:])
    for spent in reversed(circle):
        if spent.measure not in SPENT:
            continue
        for budget in reversed(circle):
            if budget is spent or budget.unit != spent.unit or budget.period != spent.period:
                continue
            funds = budget.item == "收入" and budget.measure in ("收入", "", "执行") and spent.item != "收入"
            if not (budget.measure in BUDGETS or funds) or (
                not spent.measure and budget.sentence != spent.sentence
            ):
                continue
            if base and base[0] == "年初" and budget.measure == "全年预算":
                continue
            yield spent, budget


def _read_in_myriads(rate: Fact, spent: Fact, budget: Fact) -> bool:
    """Would the rate be right if one of the two amounts were in 万元 instead of 元?"""
    myriad = Range.of(Decimal(10000))
    ways = ((spread(spent) / myriad, spread(budget)), (spread(spent) * myriad, spread(budget)))
    return any(holds(rate, *way) in (Status.AGREES, Status.ROUNDING) for way in ways)


def _clear(rate: Fact, spent: Fact, budget: Fact) -> bool:
    """Do the words say that this rate is made of exactly these two?"""
    same_place = spent.paragraph == budget.paragraph == rate.paragraph and spent.sentence == rate.sentence
    said = spent.measure == "执行" and (budget.own_measure or budget.measure == "全年预算")
    said = said and budget.measure in BUDGETS
    of_it = not rate.item or rate.item in (
        spent.item,
        WHOLE,
    )  # 其中接待费支出31元，完成预算的15%: not of the whole
    return same_place and said and of_it and spent.item == budget.item and budget.sentence == rate.sentence


@rule("R202", "adjustment-rate", Severity.ERROR, source="adjustment-rate")
def adjustment_rate(facts: Facts) -> Iterator[Outcome]:
    """预算调整率＝调整数÷年初预算数。

    Why      调整率反映预算编制的准确程度，评价时按它扣分
    Formula  调整率 = |全年预算 − 年初预算| ÷ 年初预算
    Flags    年初预算100.00万元，调增20.00万元，预算调整率25.00%
    Passes   年初预算100.00万元，调增20.00万元，预算调整率20.00%
    """
    for rate in rates(facts, "调整率"):
        row = [f for f in facts.in_paragraph(rate.paragraph) if f.start < rate.start and f.kind == "money"]
        changes = [f for f in row if f.measure == "调整"]
        starts = [f for f in row if f.measure in ("年初预算", "预算") and f.role == "level"]
        starts = [f for f in starts if f.item == rate.item] or starts
        if not starts and rate.item == WHOLE:
            starts = [f for f in facts.near(WHOLE, rate) if f.measure == "年初预算"][:3]
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


@rule("R207", "control-rate", Severity.ERROR, source="ratios")
def control_rate(facts: Facts) -> Iterator[Outcome]:
    """在职人员控制率＝在职人数÷编制数；三公经费控制率＝决算数÷预算数；其他写明分子分母的比率同理。

    Why      控制率用来判断是否超编、超支，写错会掩盖超标
    Formula  控制率 = 实际 ÷ 核定
    Flags    编制20人，在职19人，在职人员控制率96.00%
    Passes   编制20人，在职19人，在职人员控制率95.00%
    """
    counted = list({f.value: f for f in reversed(amounts(facts, ("count",)))}.values())
    for rate in rates(facts, "控制率", "率", "完成率", "结转结余率", "满意度", "执行率", ""):
        if rate.direction or (rate.owner and rate.measure not in ("满意度", "率")):
            continue
        near = [f for f in before(facts, rate)[0] if rate.start - f.end < 120][-4:]
        if rate.measure == "满意度" and not near:
            near = [f for f in amounts(facts.in_paragraph(rate.paragraph)) if f.sentence == rate.sentence + 1]
        wide = [f for f in before(facts, rate)[0] if rate.start - f.end < 200][-8:]
        if rate.lead in OF_IT:  # 58.32万亩，为任务58万亩的100.55%
            if len(near) < 2 or near[-2].unit != near[-1].unit or "预算" in near[-1].lead:
                continue
            found = matching(rate, [(a, near[-1]) for a in reversed(wide[:-1]) if a.unit == near[-1].unit])
            found = found or (
                matching(rate, [(a, b) for a in wide for b in wide if a.unit == b.unit])
                if telling(rate)
                else None
            )
            listed = near[-2].lead.startswith("、") or re.search("其中|分别", near[-2].lead + near[-1].lead)
            if found or not listed:
                yield ratio(rate, found or (near[-2], near[-1]), doubt="分母可能另有口径")
            continue
        pairs = [(a, b) for a in reversed(wide) for b in reversed(wide) if a is not b and alike_units(a, b)]
        pairs += _named_after(facts, rate)
        if near and rate.start - near[-1].end < 12 and not telling(rate):  # 在用资产1251.16万元，使用率99%
            part = near[-1]
            wholes = [w for w in before(facts, rate)[0] if alike_units(w, part) and w.value > part.value]
            if found := matching(rate, [(part, w) for w in wholes]):
                yield ratio(rate, found)
                continue
        canonical = (
            _told_behind(facts, rate, near)
            or _control_pair(rate, near)
            or _control_pair(rate, before(facts, rate)[1])
        )
        if not canonical and rate.measure == "结转结余率":
            left = [f for f in [*near, *facts.near(rate.item, rate)] if f.measure == "结转"]
            pairs += [(a, b) for a in left for b in facts.near(rate.item, rate) if b.measure in BUDGETS]
        if canonical:
            part = canonical[0]
            others = [(part, w) for w in wide if w is not part and w.unit == part.unit]
            canonical = matching(rate, others) or canonical
            named = rate.measure not in ("控制率",)
            doubt = "分母可能另有口径" if named else ""
            yield ratio(rate, canonical, advice="请核对比率的分子、分母", doubt=doubt)
        elif telling(rate) and (found := matching(rate, pairs)):
            yield ratio(rate, found)
        elif rate.measure == "满意度" and (both := _satisfied(rate, wide)):
            yield both
        elif near and near[-1].sentence == rate.sentence and len(digits(rate)) >= 4:
            part = near[-1]
            wholes = [f for f in counted if alike_units(f, part) and f.value > part.value]
            if part.kind == "count" and (found := matching(rate, [(part, w) for w in wholes])):
                yield ratio(rate, found)


AIM_BEHIND = re.compile("^（(?:年度|全年|下达)?(?:任务|计划|目标|应)")


def _told_behind(facts: Facts, rate: Fact, near: list[Fact]) -> Pair | None:
    """处置闲置土地640亩，完成率128%（任务500亩）: the base stands in a bracket behind."""
    behind = [f for f in facts.in_paragraph(rate.paragraph) if f.start > rate.end][:1]
    if rate.measure == "完成率" and behind and near and AIM_BEHIND.match(behind[0].lead):
        like = [f for f in before(facts, rate)[0] if f.unit == behind[0].unit]
        alone = (
            like[-1:]
            if len(like) == 1 or (like and not re.match("[、，；]其中|、|，", like[-1].lead))
            else []
        )
        return matching(rate, [(f, behind[0]) for f in like]) or next(((f, behind[0]) for f in alone), None)
    return None


def _satisfied(rate: Fact, row: list[Fact]) -> Claim | None:
    """满意521份、基本满意38份、不满意17份: the first two over all that came back, where that is the rate."""
    content = [f for f in row if "满意" in f.lead[-8:] and "不满意" not in f.lead[-8:]][-2:]
    if len(content) == 1 and "分别" in content[0].lead:  # “满意”和“基本满意”的分别有936人、222人
        content += [f for f in row if f.start > content[0].end and f.lead == "、"][:1]
    if len(content) != 2:
        return None
    a, b = (f.figure for f in content)
    for whole in reversed([f for f in row if f.unit == content[0].unit and f.start < content[0].start]):
        claim = Claim(
            rate.figure, f"({a.id} + {b.id}) / {whole.figure.id}", (a, b, whole.figure), subject=name_of(rate)
        )
        if judged(claim) in (Status.AGREES, Status.ROUNDING):
            return claim
    return None


def _control_pair(rate: Fact, near: list[Fact]) -> Pair | None:
    if rate.measure == "控制率" and re.search("人员|在职", rate.lead):
        staff = [f for f in near if f.item == "在职人数"]
        posts = [f for f in near if f.item == "编制数" and "其中" not in f.lead]
        return (staff[-1], posts[-1]) if staff and posts else None
    if rate.measure == "完成率" and (planned := planned_and_done(near)):
        return planned[1], planned[0]
    if (named := _named_pair(rate, near)) is not None:
        return named
    counts = [f for f in near if f.kind == "count" and f.role == "level"][-2:]
    if len(counts) == 2 and due_and_done(*counts) and "率" in rate.lead and rate.start - counts[1].end < 16:
        return counts[1], counts[0]
    if rate.measure == "控制率" and re.search("经费", rate.lead):
        spent = [f for f in near if f.measure == "执行"]
        budget = [f for f in near if f.measure in BUDGETS]
        return (spent[-1], budget[-1]) if len(spent) == 1 and len(budget) == 1 else None
    return None


def _named_pair(rate: Fact, near: list[Fact]) -> Pair | None:
    """发现问题37处，整改34处，整改率91.89%: the rate is named after the count it is the share of."""
    name = RATE_NAME.search(rate.lead)
    kinds = ("count", "money") if rate.measure == "率" else ("count",)
    counts = [f for f in near if f.kind in kinds and f.role == "level"]
    if not name or len(counts) < 2:
        return None
    part, whole = counts[-1], counts[-2]
    words = part.lead[-10:]
    stem = next(
        (s for n in range(len(name["stem"]) - 1) if (s := name["stem"][n:]) in words), name["stem"][-2:]
    )
    if not any(s in words for s in (stem, stem[::-1])):  # 收回252份，回收率
        return None
    fits = part.unit == whole.unit and part.value <= whole.value and stem not in whole.lead[-8:]
    return (part, whole) if fits and rate.start - part.end < 16 else None


def alike_units(a: Fact, b: Fact) -> bool:
    """Can one be the share of the other: the same unit, or both reckoned by heads (34.9万份 of 38.6万人)?"""
    return a.unit == b.unit or {a.unit, b.unit} in ({"人", "份"}, {"人", "张"})


def _named_after(facts: Facts, rate: Fact) -> Iterator[Pair]:
    """审执结9528件……结案率96.77%: a count of the paragraph that shares the rate's verb, over a larger one."""
    name = RATE_NAME.search(rate.lead)
    if not name or not telling(rate):
        return
    row = [
        f for f in amounts(facts.in_paragraph(rate.paragraph)) if f.start < rate.start and f.kind == "count"
    ]
    for part in reversed(row[-20:]):
        if set(name["stem"][-2:]) & set(part.lead[-6:]) - set("率的一"):
            yield from (
                (part, whole) for whole in row[-20:] if whole.unit == part.unit and whole.value >= part.value
            )


@rule("R209", "share-of-few", Severity.NOTE, source="ratios")
def share_of_few(facts: Facts) -> Iterator[Outcome]:
    """人数不多时，满意度等比率应是某个整数人数所占的比率。

    Why      样本小时满意度只能取有限几个值，取不到的说明不是按人数算出
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
