"""R3xx: the same fact in two places. 文内复述、增减方向、年度口径。"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import WHOLE, Fact, Facts, bare_name
from ..findings import Severity
from ..glossary import glossary
from ..listing import BODIES
from . import Claim, Found, Outcome, rule
from .common import digit_slip, name_of

STOP_WORDS = re.compile(
    r"其中|共计|合计|实际|完成|发放|累计|全年|本年|预算|执行|支出|金额|资金|项目|情况|数|率|为|的|了|等|该|指标|本次|评价"
)


def significant(fact: Fact) -> int:
    """How many digits a print has that say something: leading and trailing zeros of whole numbers do not."""
    quantity = fact.figure.quantity
    digits = re.sub(r"[^\d]", "", quantity.text).lstrip("0")
    return len(digits if quantity.decimals and "." in quantity.text else digits.rstrip("0"))


def alike(facts: Facts, a: Fact, b: Fact) -> bool:
    """Do the words in front of two figures name the same thing?"""
    if a.item and a.item == b.item and same_reading(a, b):
        return True
    x, y = (STOP_WORDS.sub("", f"{f.item}｜{f.owner}｜{f.lead[-16:]}") for f in (a, b))
    enough = 2 if a.kind == "count" and significant(a) >= 3 else 3
    if any(len(run) >= enough for run in common_runs(x, y)):
        return True
    return significant(a) >= 2 and shared(facts, a, b) >= 4


def shared(facts: Facts, a: Fact, b: Fact) -> int:
    """How many characters, in runs of two or more, the words about two figures have in common."""
    x, y = (about(facts, f) for f in (a, b))
    if any((one in x) != (one in y) and (other in x) != (other in y) for one, other in CONTRASTS):
        return 0
    return sum(len(run) for run in common_runs(x, y) if len(run) > 1 and run not in facts.department)


def about(facts: Facts, fact: Fact) -> str:
    """What the text says around a figure of what it counts: title, indicator, words before it and the noun behind."""
    place = facts.place(fact)
    start = max(
        place.text.rfind("。", 0, fact.start) + 1, place.text.rfind("；", 0, fact.start) + 1, fact.start - 24
    )
    noun = re.match(r"[\u4e00-\u9fff]{0,8}", place.text[fact.end :])
    title = place.title if place.level >= 3 and len(place.title) <= 25 else ""
    item = (
        fact.item
        if fact.item != WHOLE and fact.item not in facts.place(fact).text[start : fact.start]
        else ""
    )
    words = f"{title}｜{fact.owner}｜{item}｜{place.text[start : fact.start]}｜{noun[0] if noun else ''}"
    return STOP_WORDS.sub("｜", words)


CONTRASTS = (
    ("城市", "农村"), ("城镇", "农村"), ("男", "女"), ("线上", "线下"), ("集中", "分散"), ("一级", "二级"), ("小学", "初中"),
    ("上年", "本年"), ("新增", "退出"), ("收入", "支出"), ("行政", "事业"), ("低保", "特困"), ("孤儿", "事实无人"),
    ("发放", "收回"),
)  # fmt: skip


def common_runs(x: str, y: str) -> Iterator[str]:
    """Maximal runs of Chinese characters of x that stand in y as well.

    >>> [r for r in common_runs("完成高龄体检人", "参加高龄体检的人") if len(r) > 2]
    ['高龄体检']
    """
    i = 0
    while i < len(x):
        j = i
        while j < len(x) and "\u4e00" <= x[j] <= "\u9fff" and x[i : j + 1] in y:
            j += 1
        if j > i:
            yield x[i:j]
        i = max(j, i + 1)


def same_reading(a: Fact, b: Fact) -> bool:
    same = a.measure == b.measure or not a.measure or not b.measure
    return same or {a.measure, b.measure} <= BUDGETS or {a.measure, b.measure} <= {"执行", "完成"}


@rule("R301", "same-fact", Severity.ERROR, source="consistency")
def same_fact(facts: Facts) -> Iterator[Outcome]:
    """同一事实在文中多处出现，数值应当一致。

    Why      同一事实两处不一，读者不知以哪一处为准
    Formula  后文所载 = 前文所载
    Flags    一、预算执行
             部门整体支出预算执行率52.39%。
             二、自评情况
             部门整体支出执行率57.39%
    Passes   一、预算执行
             部门整体支出执行数4044.35万元。
             二、自评情况
             部门整体支出执行数4044.35万元
    """
    stated = [f for f in facts if f.role in ("level", "rate", "change") and not f.figure.quantity.approx]
    stated = [f for f in stated if f.paragraph >= 0]
    for fact in stated:
        if fact.kind == "money" and (again := facts.repeated_in_bracket(fact)):
            yield Claim(
                fact.figure, again.figure.id, (again.figure,), subject=name_of(fact), basis="括号内所载"
            )
    yield from _other_unit(facts, stated)
    yield from _restated(facts, stated)
    yield from _contradicted(facts, stated)
    yield from _slips(stated)
    yield from _slips_by_words(facts, stated)
    yield from _indicator_told_otherwise(stated)
    yield from _swapped_whole(stated)


def _restated(facts: Facts, stated: list[Fact]) -> Iterator[Outcome]:
    """Equal values: each later statement against the first one that is about the same thing."""
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in stated:
        groups["个" if fact.unit in BODIES else fact.unit, fact.kind, fact.value].append(fact)
    for group in groups.values():
        firsts: list[Fact] = []
        for n, fact in enumerate(group):
            telling = _telling(fact)
            first = next((f for f in firsts[:40] if telling or _restates(facts, f, fact)), None)
            if first is None or (telling and not firsts):
                firsts.append(fact)
                continue
            before = group[n - 1]
            for earlier in (first, before) if telling and before is not first else (first,):
                yield Claim(
                    fact.figure, earlier.figure.id, (earlier.figure,), subject=name_of(fact), basis="前文所载"
                )
            if not telling:
                firsts.append(fact)


def _telling(fact: Fact) -> bool:
    """Has a print digits enough that the same print elsewhere is the same fact?"""
    return significant(fact) >= (3 if fact.kind == "score" and fact.figure.quantity.decimals > 1 else 4)


def _other_unit(facts: Facts, stated: list[Fact]) -> Iterator[Outcome]:
    """One amount in 亿元 here and in 万元 there: the coarser print must be the finer one rounded."""
    coarse = [f for f in stated if f.kind == "money" and f.figure.quantity.unit in ("亿元", "亿")]
    for fact in coarse:
        for other in facts.near(fact.item, fact):
            same = same_reading(other, fact) and other.period == fact.period
            if other.figure.quantity.unit in ("亿元", "亿") or not same:
                continue
            if fact.figure.quantity.agrees_with(other.figure.quantity):
                yield Claim(
                    fact.figure,
                    other.figure.id,
                    (other.figure,),
                    subject=name_of(fact),
                    basis="另一处以万元所载",
                )
                break


def _restates(facts: Facts, first: Fact, fact: Fact) -> bool:
    if first.sentence == fact.sentence and first.paragraph == fact.paragraph:
        return False
    return alike(facts, first, fact) and same_reading(first, fact) and first.period == fact.period


def _contradicted(facts: Facts, stated: list[Fact]) -> Iterator[Outcome]:
    """Different values for one item, measure, owner, period and scope, all of them said and not inferred."""
    keyed: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in stated:
        if fact.role != "change" and _nameable(fact):
            item = bare_name(fact.item) or "整体支出"
            period = "" if fact.measure == "满意度" else fact.period  # 2024年3月……调查: when it was asked
            keyed[item, fact.measure, fact.owner, period, fact.kind, fact.unit].append(fact)
    for group in keyed.values():
        values = {f.value for f in group}
        if len(values) < 2:
            continue
        earlier = [group[0]]
        for fact in group[1:]:
            if any(
                f.value == fact.value or f.figure.quantity.agrees_with(fact.figure.quantity)
                for f in earlier[-12:]
            ):
                continue
            apart = [f for f in earlier[-12:] if (f.paragraph, f.sentence) != (fact.paragraph, fact.sentence)]
            slips = [f for f in apart if significant(fact) >= 4 and digit_slip(f.figure, fact.figure)]
            earlier.append(fact)
            if slips:
                first = slips[0]
                same_scope = first.scope == fact.scope or fact.item in (first.scope, fact.scope)
                doubt = "" if same_scope else "两处数值只差一位或次序颠倒，所在标题的口径不同"
            elif apart and _strong(apart[0], fact):
                first, doubt = apart[0], "两处数值不同，口径或时点可能不一"
            else:
                continue
            yield Claim(
                fact.figure, first.figure.id, (first.figure,), subject=name_of(fact), basis="前文所载",
                doubt=doubt, advice="请核对两处数据，统一为正确的一处",
            )  # fmt: skip


def _slips(stated: list[Fact]) -> Iterator[Outcome]:
    """The same words with nearly the same number: one digit off, or two that changed places."""
    seen: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in stated:
        if fact.role not in ("level", "rate") or significant(fact) < (4 if fact.kind == "money" else 3):
            continue
        unit = "个" if fact.unit in BODIES else fact.unit
        keys = [(unit, fact.period, *key) for key in _slip_keys(fact)]
        for first in (f for key in keys for f in seen[key]):
            apart = (first.paragraph, first.sentence) != (fact.paragraph, fact.sentence)
            apart = apart and {first.measure, fact.measure} != {"年初预算", "全年预算"}
            if fact.kind == "percent":  # 三个项目的执行率分别为……: not the department's
                named = first.own_item and fact.own_item and first.name != fact.name
                apart = apart and not named and "分别" not in first.lead + fact.lead
            if apart and same_reading(first, fact) and digit_slip(first.figure, fact.figure):
                yield Claim(
                    fact.figure, first.figure.id, (first.figure,), subject=name_of(fact), basis="前文所载",
                    doubt="两处数值只差一位或次序颠倒", advice="请核对两处数据，统一为正确的一处",
                )  # fmt: skip
                break
        for key in keys:
            if fact.value not in {f.value for f in seen[key]}:
                seen[key].append(fact)


def _slips_by_words(facts: Facts, stated: list[Fact]) -> Iterator[Outcome]:
    """提质改造86.4公里 here, 提质改造84.6公里 there: much the same words, nearly the same digits."""
    seen: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    values: dict[object, set[Decimal]] = defaultdict(set)
    for fact in stated:
        long = len(fact.figure.quantity.value.normalize().as_tuple().digits)
        if fact.role != "level" or long < (4 if fact.kind == "money" else 3) or fact.kind == "score":
            continue
        unit = "个" if fact.unit in BODIES else fact.unit
        digits = re.sub(r"\D", "", fact.figure.quantity.text)
        keys = [(unit, fact.period, "".join(sorted(digits)))]
        keys += [(unit, fact.period, f"{digits[:i]}?{digits[i + 1 :]}") for i in range(len(digits))]
        near = [
            f for key in keys for f in seen[key] if f.paragraph != fact.paragraph and same_reading(f, fact)
        ]
        slip = next(
            (f for f in near if digit_slip(f.figure, fact.figure) and _one_thing(facts, f, fact)), None
        )
        if not slip and long > 4 and fact.measure == "执行" and facts.place(fact).level > 2:
            # a project's own paragraph: 全年支付528.94万元……两项补贴共538.94万元
            spent = [f for key in keys for f in seen[key] if f.paragraph == fact.paragraph]
            spent = [f for f in spent if f.measure == "执行" and f.sentence != fact.sentence]
            slip = next((f for f in spent if digit_slip(f.figure, fact.figure)), None)
        if slip and fact.value not in values[unit]:
            yield Claim(
                fact.figure, slip.figure.id, (slip.figure,), subject=name_of(fact), basis="前文所载",
                doubt="两处所述相近，数值只差一位或次序颠倒", advice="请核对两处是否同一事实，统一为正确的数",
            )  # fmt: skip
        values[unit].add(fact.value)
        for key in keys:
            seen[key].append(fact)


def _indicator_told_otherwise(stated: list[Fact]) -> Iterator[Outcome]:
    """指标七：发表论文，完成值4篇……全年发表论文6篇: an indicator's actual value and the text under the same name."""
    for actual in (
        f for f in stated if f.owner and f.measure == "完成" and f.kind in ("count", "area", "length")
    ):
        like = [
            f for f in stated if not f.owner and f.own_item and f.unit == actual.unit and not f.period and f.role == "level"
            and len(f.item) >= 4 and (f.item in actual.owner or actual.owner in f.item) and f.measure in ("", "完成", "执行")
        ]  # fmt: skip
        if like and all(f.value != actual.value for f in like) and not PLAN.search(like[-1].lead):
            yield Claim(
                like[-1].figure, actual.figure.id, (actual.figure,), subject=name_of(like[-1]),
                basis=f"指标“{actual.owner}”的完成值", doubt="可能不是同一口径", advice="请核对两处数据",
            )  # fmt: skip


def _swapped_whole(stated: list[Fact]) -> Iterator[Outcome]:
    """预算执行580.56万元 where 580.65 is the budget and 571.90 was spent: two digits in each other's place."""
    whole = [
        f for f in stated if f.item == WHOLE and f.kind == "money" and f.role == "level" and not f.period
    ]
    told = Counter(f.value for f in whole)
    for n, fact in enumerate(whole):
        digits = "".join(map(str, fact.figure.quantity.value.normalize().as_tuple().digits))
        others = [f for f in whole[:n] if f.measure != fact.measure and digit_slip(f.figure, fact.figure)]
        if len(digits) < 5 or told[fact.value] > 1 or not any(f.measure == fact.measure for f in whole[:n]):
            continue
        for first in others:
            if sorted(digits) == sorted(
                "".join(map(str, first.figure.quantity.value.normalize().as_tuple().digits))
            ):
                yield Claim(
                    fact.figure, first.figure.id, (first.figure,), subject=name_of(fact), basis=f"前文{first.measure}所载",
                    doubt="两数只是次序颠倒", advice="请核对两处数据",
                )  # fmt: skip
                break


PLAN = re.compile("计划|目标|任务|拟|预计|其中|新增")


def _one_thing(facts: Facts, a: Fact, b: Fact) -> bool:
    if min(a.value, b.value) * 2 < max(a.value, b.value) or {a.measure, b.measure} == {
        "年初预算",
        "全年预算",
    }:
        return False  # rather a part of the other, or before and after an adjustment
    indicator = bool(a.owner) != bool(b.owner) and "完成" in (a.measure, b.measure)
    return shared(facts, a, b) >= (2 if indicator else 4) and "目标" not in (a.measure, b.measure)


def _slip_keys(fact: Fact) -> Iterator[tuple[str, str]]:
    """What a slip of this figure would share with it: the item said and all digits but one, or the item
    (of a long amount: the reading) and the same digits in another order."""
    digits = re.sub(r"\D", "", fact.figure.quantity.text)
    shuffled = "".join(sorted(digits))
    if fact.kind == "percent":
        if fact.measure == "执行率" and len(digits) >= 4:
            yield fact.measure, shuffled
        return
    if fact.kind not in ("count", "money"):
        return
    if fact.own_item and len(fact.item) >= 3:
        yield fact.name, shuffled
        for i in range(len(digits)):
            yield fact.name, f"{digits[:i]}?{digits[i + 1 :]}"
    elif fact.own_measure and fact.kind == "money" and len(digits.rstrip("0")) >= 5:
        yield fact.measure, shuffled


def _nameable(fact: Fact) -> bool:
    """Is it clear what the figure is of: a standard item or the department itself?"""
    if fact.kind == "percent":
        satisfied = fact.measure == "满意度" and fact.own_item and fact.own_measure and len(fact.item) >= 2
        return (fact.measure in ("执行率", "调整率") or satisfied) and fact.owner == ""
    return fact.item in glossary().terms and fact.kind in ("money", "count")


def _strong(first: Fact, fact: Fact) -> bool:
    """Are both so fully said, in so firm a kind of figure, that a plain difference is worth a question?"""
    said = first.own_item and fact.own_item and first.own_measure and fact.own_measure
    counted = first.kind == "count" and first.own_item and fact.own_item and first.item in POSTS
    firm = first.kind == "percent" or (first.measure in FIRM and first.kind == "money")
    apart = "其中" not in first.lead + fact.lead
    # Of twice as much something else is meant: the whole county's, or a part.
    close = first.value <= fact.value * 2 and fact.value <= first.value * 2
    return close and ((said and firm and first.scope == fact.scope and apart) or counted)


FIRM = ("年初预算", "全年预算", "执行")
POSTS = ("编制数", "在职人数")  # the department has one number of each
UP = re.compile(r"增长|增加|上升|提高")
REASON = re.compile(r"(?:主要)?(?P<word>增长|增加|上升|减少|下降|降低)(?:的)?(?:主要)?原因")


@rule("R303", "direction-word", Severity.ERROR, source="consistency")
def direction_word(facts: Facts) -> Iterator[Outcome]:
    """增减、高低等方向词应与数额一致，也应与所述原因的方向一致。

    Why      方向词与数额相反，会把增支说成减支
    Formula  增加: 本年 > 上年;  减少: 本年 < 上年
    Flags    比上年减少10.00万元，主要增长原因是……
    Passes   比上年增加10.00万元，增加的主要原因是……
    """
    for sentence in facts.sentences():
        changes = [f for f in sentence if f.direction and f.role in ("change", "rate")]
        if not changes:
            continue
        last = changes[-1]
        yield from _opposed(facts, changes)
        reason = REASON.search(facts.after(last)[:40])
        if reason and (1 if UP.match(reason["word"]) else -1) != last.direction:
            paragraph = facts.place(last)
            span = paragraph.span(last.end + reason.start(), last.end + reason.end())
            word = "增加" if last.direction > 0 else "减少"
            yield Found(
                f"数额为{word}（{last.figure}），所述却是“{span.text}”，方向相反",
                (span, *(f.figure.span for f in changes)),
                "请核对是增加还是减少，并改写原因",
            )


def _opposed(facts: Facts, changes: list[Fact]) -> Iterator[Outcome]:
    """减少656.07万元，增长3.32%: an amount and its rate cannot go two ways."""
    for amount, rate in pairwise(changes):
        close = rate.start - amount.end <= 8 and amount.role == "change" and rate.kind == "percent"
        if close and amount.direction and amount.direction == -rate.direction and amount.measure != "调整":
            words = [("增加" if f.direction > 0 else "减少") for f in (amount, rate)]
            yield Found(
                f"数额写为{words[0]}{amount.figure}，比率却写为{words[1]}{rate.figure}，方向相反",
                (amount.figure.span, rate.figure.span),
                "请核对是增加还是减少",
            )


COMPARED_TO_BUDGET = re.compile(
    r"决算数?(?:比|较|与)?(?:年初)?(?:预算数?)?(?P<word>大于|小于|高于|低于|多于|少于|等于|持平)(?:年初|全年|调整)?(?:预算)?"
)
RELATIONS = {
    "大于": ">=",
    "高于": ">=",
    "多于": ">=",
    "小于": "<=",
    "低于": "<=",
    "少于": "<=",
    "等于": "=",
    "持平": "=",
}


@rule("R306", "budget-comparison-word", Severity.ERROR, source="consistency")
def budget_comparison_word(facts: Facts) -> Iterator[Outcome]:
    """“决算数大于（小于、等于）预算数”应与两个数额一致。

    Why      决算与预算的大小决定要不要说明超支原因
    Formula  大于: 决算 ≥ 预算;  小于: 决算 ≤ 预算;  持平: 决算 = 预算
    Flags    预算100.00万元，决算110.00万元，决算数小于预算数
    Passes   预算100.00万元，决算90.00万元，决算数小于预算数的主要原因是……
    """
    for index, paragraph in enumerate(facts.paragraphs) if facts.accounts is None else ():  # there R328
        for match in COMPARED_TO_BUDGET.finditer(paragraph.text):
            row = [f for f in facts.in_paragraph(index) if f.start < match.start() and f.kind == "money"]
            row = [f for f in row if f.role == "level" and not f.period]
            if not row or "。" in paragraph.text[row[-1].end : match.start()]:
                continue
            spent = [f for f in row if f.measure == "执行" and f.sentence == row[-1].sentence]
            budget = [f for f in row if f.measure in BUDGETS and f.sentence == row[-1].sentence]
            if not spent or not budget or spent[-1].item != budget[-1].item:
                continue
            if spent[-1].value == budget[-1].value and RELATIONS[match["word"]] != "=":
                yield Found(
                    f"所写“{match[0]}”，而{name_of(spent[-1])}{spent[-1].figure}与预算数相等",
                    (
                        paragraph.span(match.start(), match.end()),
                        spent[-1].figure.span,
                        budget[-1].figure.span,
                    ),
                    "请核对两数，改正方向词",
                )
            else:
                yield Claim(
                    spent[-1].figure, budget[-1].figure.id, (budget[-1].figure,), RELATIONS[match["word"]],
                    name_of(spent[-1]), f"所写“{match[0]}”，与预算数",
                    also=(paragraph.span(match.start(), match.end()),), advice="请核对两数，改正方向词",
                )  # fmt: skip


@rule("R305", "report-year", Severity.QUESTION, source="period")
def report_year(facts: Facts) -> Iterator[Outcome]:
    """全文的评价年度应当一致。

    Why      沿用上年文本时年度最容易漏改
    Formula  正文所称本年度 = 标题的年度
    Flags    一、基本情况
             2024年度，我局认真履职。2023年度本部门基本支出共100.00万元
    Passes   一、基本情况
             2024年度，我局认真履职。2024年度本部门基本支出共100.00万元
    """
    dates = [f for f in facts if f.role == "date" and f.figure.quantity.unit == "年度"]
    own = [f for f in dates if f.figure.quantity.value == facts.year]
    for fact in own[1:]:
        yield Claim(fact.figure, own[0].figure.id, (own[0].figure,), subject="评价年度", basis="标题所载")
    for fact in dates:
        text = facts.place(fact).text
        sentence = text[fact.start : text.find("。", fact.end)]
        opens = not text[: fact.start].strip() or text[fact.start - 1] in "。；"
        alone = opens and OWN_YEAR.match(facts.after(fact)) and not OTHER_YEAR.search(sentence)
        if alone and own and fact.figure.quantity.value == facts.year - 1:
            yield Claim(
                fact.figure, own[0].figure.id, (own[0].figure,), subject="评价年度", basis="标题所载",
                doubt="可能引用了上年数据，或照抄上年报告未改", advice="请核对所述数据属于哪一年度",
            )  # fmt: skip


OWN_YEAR = re.compile(r"(?:本|我|部门|单位|全局|全年)")
OTHER_YEAR = re.compile(r"比|较|相比|上年|去年|同期|结转")
