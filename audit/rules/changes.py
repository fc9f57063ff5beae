"""R204: 增减额 and 增减率 against another year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import WHOLE, Fact, Facts
from ..findings import Figure, Severity, Status
from . import Claim, Outcome, rule
from .common import amounts, judged

OPPOSITE = {1: re.compile("[，、](?:下降|减少|降低)"), -1: re.compile("[，、](?:增长|增加|上升|提高)")}
LEVEL_WORDS = re.compile(r"同比|[比较]年初|上年|去年|前年|同期|(?:19|20)\d\d年")


@rule("R204", "year-on-year", Severity.ERROR, source="ratios")
def year_on_year(facts: Facts) -> Iterator[Outcome]:
    """增减额＝本年－上年；增减率＝（本年－上年）÷上年，上年为零时不可比。

    Why      与上年的比较是说明的依据，算错则原因分析无从谈起
    Formula  增减额 = 本年 − 上年;  增减率 = 增减额 ÷ 上年
    Flags    本年110.00万元，比上年100.00万元增加10.00万元，增长11.00%
    Passes   本年110.00万元，比上年增加10.00万元，增长10%
    """
    for sentence in facts.sentences():
        yield from _made_up(sentence)
        for fact in sentence:
            if fact.role == "change" and fact.kind != "score" and fact.measure != "调整":
                yield from _difference(facts, sentence, fact)
            elif fact.figure.quantity.unit.endswith("百分点"):
                yield from _points(facts, sentence, fact)
            elif fact.kind == "percent" and (fact.direction or "变动" in fact.lead or "增减" in fact.lead):
                yield from _change_rate(facts, sentence, fact)


def _made_up(sentence: list[Fact]) -> Iterator[Outcome]:
    """减少50万元，其中：甲增加10万元；乙减少60万元: the parts' changes make up the first."""
    moved = [f for f in sentence if f.role == "change" and f.direction and f.measure != "调整"]
    for n, total in enumerate(moved[:-2]):
        parts = [f for f in moved[n + 1 :] if (f.unit, f.kind) == (total.unit, total.kind)]
        listed = (
            any("其中" in f.lead for f in sentence if total.start < f.start <= parts[0].start)
            if parts
            else False
        )
        if not listed or len(parts) < 2:
            continue
        value = Decimal(0)
        for end, part in enumerate(parts, 1):
            value += part.direction * part.value
            if end > 1 and value == total.direction * total.value and not any(p.value for p in parts[end:]):
                yield signed_claim(total, parts)
                break


def signed_claim(total: Fact, parts: Sequence[Fact]) -> Claim:
    """A change against the changes of its parts, each with its own direction."""
    signs = ["+" if f.direction == total.direction else "-" for f in parts]
    steps = " ".join(f"{sign} {f.figure.id}" for sign, f in zip(signs, parts, strict=True))
    formula = steps.removeprefix("+ ") if steps.startswith("+") else f"0 {steps}"
    return Claim(
        total.figure,
        formula,
        tuple(f.figure for f in parts),
        subject=_change_name(total),
        basis="各部分增减额合计",
    )


def _points(facts: Facts, sentence: list[Fact], change: Fact) -> Iterator[Outcome]:
    """由68%提高到83%，提高15个百分点: the difference of two rates told around it."""
    rates = [f for f in sentence if f.kind == "percent" and not f.figure.quantity.unit.endswith("百分点")]
    rates = [f for f in rates if not f.figure.quantity.approx and not f.direction]
    pair = [f for f in rates if f.start < change.start][-2:]
    if pair and (after := _in_bracket(facts, rates, change)):
        pair = [pair[-1], after]
    far = 80 if "目标" in change.lead else 40
    if len(pair) < 2 or change.start - pair[0].end > far:
        return
    now, then = pair if pair[1].period else pair[::-1]
    aim = "目标" in change.lead and any(f.measure == "目标" or "目标" in f.lead for f in pair)
    said = bool(pair[1].period or aim or REACHED_TO.search(pair[1].lead))
    gap = abs(now.value - then.value)
    if gap != change.value and (not said or gap > 10 * change.value):
        return  # 同比提高3.6个百分点: than a rate that is not printed
    if not (pair[1].period or REACHED_TO.search(pair[1].lead)):
        change = replace(change, direction=0)
    claim = _moved_by(now, then, change)
    yield replace(
        claim, doubt="所比的两个比率可能不是这两个", advice="请核对两个比率与相差的百分点",
        code="R303" if _opposite(now, then, change) else "",
    )  # fmt: skip


REACHED_TO = re.compile(r"[到至为]$")


def _in_bracket(facts: Facts, found: list[Fact], change: Fact) -> Fact | None:
    """增加402件，上升4.6%（上年新收8732件）: the prior amount in a bracket right behind."""
    behind = [f for f in found if f.start > change.start and f.period and f.role in ("level", "rate")]
    if behind and "（" in facts.between(change, behind[0]) and behind[0].start - change.end < 30:
        return behind[0]
    return None


def _difference(facts: Facts, sentence: list[Fact], change: Fact) -> Iterator[Outcome]:
    levels = [f for f in recent(facts, change) if f.unit == change.unit]
    if GROWN.search(change.lead) and (claims := list(_grown(facts, change))):
        yield from claims
        return
    if "预算" in change.lead:
        yield from _against_budget(levels, change)
        return
    if not change.value:
        return
    same = [f for f in amounts(sentence) if f.unit == change.unit]
    before = [f for f in levels if f.period and f.sentence == change.sentence]
    listed = [f for f in sentence if "其中" in f.lead and f.start <= change.start]
    if (
        listed and change.own_item
    ):  # 与上年2500万元相比减少200万元，其中甲减少60万元: of the whole's year before
        before = [f for f in before if f.start > listed[-1].start]
    then = _in_bracket(facts, same, change) or (before[-1] if before else None)
    if then is None or not change.direction:
        told = _explained(levels, [f for f in same if f.start > change.start], change)
        if claim := told or (_since_opening(facts, levels, change) if change.direction else None):
            yield claim
        return
    nows = _present(facts, levels, then, change)
    moved = change.direction * change.value
    if fits := [f for f in nows if f.value - then.value == moved]:
        yield _moved_by(fits[0], then, change)
        return
    turned = [f for f in nows if then.value - f.value == moved]
    clear = turned or [
        f for f in nows if _comparable(f, then) and not f.period
        and (f.item == then.item or not then.own_item or not f.item or then.item == "收入")
    ]  # fmt: skip
    if then.period == "原值" and not turned:
        clear = [f for f in levels if f.start > then.end][:1]
    clear = clear if turned or (clear and clear[0] in levels) else []
    if (
        not turned
        and clear
        and clear[0].sentence != change.sentence
        and not (then.own_item or change.own_item)
    ):
        return  # 与上年支出……相比: of what, an earlier sentence said
    if clear and (
        then.period == "原值" or LEVEL_WORDS.search(change.lead) or _compared_with_prior(facts, change, then)
    ):
        claim = replace(_moved_by(clear[0], then, change), advice="请核对本年数、上年数与增减额及方向")
        if turned:
            truth = "减少" if change.direction > 0 else "增加"
            said = OPPOSITE[change.direction].match(facts.after(change))
            claim = replace(
                claim, code="R303", quiet=bool(said),  # 增加2.44万元，下降3.81%: R303 tells that already
                basis=f"{then.figure}到{clear[0].figure}是{truth}，方向词写反，按所写方向",
            )  # fmt: skip
        yield claim


def _explained(levels: list[Fact], following: list[Fact], change: Fact) -> Claim | None:
    """The first pair of amounts around it, those of its item first, whose difference it is."""
    pairs = [(a, b) for i, b in enumerate(reversed(levels)) for a in reversed(levels[: len(levels) - 1 - i])]
    pairs += [(levels[-1], f) for f in following[:1] if levels]
    pairs.sort(key=lambda p: (p[0].item, p[1].item) != (change.item, change.item))
    for now, then in [*pairs, *((b, a) for a, b in pairs)]:
        moved = now.value - then.value if change.direction else abs(now.value - then.value)
        if not (now.period and not then.period) and moved == (change.direction or 1) * change.value:
            return _moved_by(now, then, change)
    return None


def _since_opening(facts: Facts, levels: list[Fact], change: Fact) -> Claim | None:
    """年末结转925.58万元，较年初减少111.27万元: against the carry-over from the year before, told elsewhere."""
    opened = facts.near("上年结转资金", change) if "年初" in change.lead else []
    for now in [f for f in reversed(levels) if f.measure == "结转"]:
        for then in opened:
            if now.value - then.value == change.direction * change.value:
                return _moved_by(now, then, change)
    return None


def _present(facts: Facts, levels: list[Fact], then: Fact, change: Fact) -> list[Fact]:
    """This year's amounts that a prior one may be compared with, the likeliest first."""
    nows = [f for f in levels if f is not then and f.period != then.period and f.start < change.start]
    named = {change.item, then.item} - {""}
    nows.sort(
        key=lambda f: (
            bool(f.period),
            not _comparable(f, then),
            f.item not in named,
            f.sentence != change.sentence,
            -f.start,
        )
    )
    elsewhere = [f for item in named for f in facts.near(item, change)] if change.kind == "money" else []
    return [*nows, *(f for f in elsewhere if f not in nows and f is not then and _comparable(f, then))]


def _moved_by(now: Fact, then: Fact, change: Fact) -> Claim:
    name = name_of_rate(change) if change.kind == "percent" else _change_name(change)
    return Claim(change.figure, _gap(now, then, change), (now.figure, then.figure), subject=name)


def _opposite(now: Fact, then: Fact, change: Fact) -> bool:
    return bool(change.direction) and now.value - then.value == -change.direction * change.value


def _comparable(now: Fact, then: Fact) -> bool:
    """上年 without a reading is compared with spending, not with a budget."""
    return now.measure == then.measure or (not then.measure and now.measure not in BUDGETS)


GROWN = re.compile("(?P<now>(?:全年|调整后)预算|决算|支出|执行)[^，。；]{0,6}[较比]年初[^，。；]{0,4}预算")


def _grown_of(facts: Facts, change: Fact) -> list[tuple[Fact, Fact]]:
    """What the report tells of the whole: each 全年预算, or each spending, with each 年初预算."""
    said = GROWN.search(change.lead)
    told = facts.near(WHOLE, change)
    now = "全年预算" if said and said["now"].endswith("预算") else "执行"
    starts = [f for f in told if f.measure == "年初预算"]
    return [(a, b) for a in told if a.measure == now and not a.period for b in starts]


def _grown(facts: Facts, change: Fact) -> Iterator[Outcome]:
    """全年预算较年初预算增加6275.05万元; 决算数比年初预算数多778.57万元"""
    pairs = _grown_of(facts, change)
    moved = (change.direction or 1) * change.value
    if pairs:
        now, then = next((p for p in pairs if p[0].value - p[1].value == moved), pairs[0])
        subject = f"{now.measure}比年初预算增减额"
        yield replace(_moved_by(now, then, change), subject=subject, doubt="两个数可能另有口径")


def _against_budget(levels: list[Fact], change: Fact) -> Iterator[Outcome]:
    """比预算减少1.76万元: spending against the budget of the same item."""
    spent = [f for f in levels if f.measure == "执行" and f.item == change.item and not f.period]
    budgets = [f for f in levels if f.measure in BUDGETS and f.item == change.item and not f.period]
    if spent and budgets and change.direction:
        a, b = spent[-1], budgets[-1]
        yield Claim(
            change.figure, _gap(a, b, change), (a.figure, b.figure), subject=f"{change.item}比预算增减额",
            advice="请核对预算数、决算数与增减额及方向",
        )  # fmt: skip


def recent(facts: Facts, fact: Fact) -> list[Fact]:
    """Levels of this sentence and the one before it, up to a figure."""
    row = facts.in_paragraph(fact.paragraph)
    kinds = ("money", "count", "area", "length", "other", "standard")
    return amounts((f for f in row if f.start < fact.start and f.sentence >= fact.sentence - 1), kinds)


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
        f for f in sentence if f.role == "change" and f.measure != "调整" and not f.figure.quantity.approx
        and f.start - rate.end < 12
    ]  # fmt: skip
    change = next((f for f in reversed(changes) if f.start < rate.start), changes[0] if changes else None)
    near = sorted(levels, key=lambda f: -f.start)[:5]
    if after := _in_bracket(facts, amounts(sentence), rate):
        near.append(after)
    # 减少18.07万元，增长1.06%: R303 tells that the words disagree; the rate is judged as the amount goes.
    ways = {rate.direction, change.direction} if change and rate.start - change.end <= 8 else {rate.direction}
    claims: list[Claim] = []
    prior = [f for f in near if f.period and f.sentence == rate.sentence]
    for then in prior or near:
        for now in near:
            if now is then or now.unit != then.unit:
                continue
            a, b = now.figure, then.figure
            if not rate.value and now.value != then.value:
                continue  # 增长0%: 0.48% is no explanation
            claims += [
                Claim(rate.figure, _moved(a, b, way), (a, b), subject=name_of_rate(rate)) for way in ways
            ]
        if change and then.unit == change.unit and then in prior:
            c, b = change.figure, then.figure
            claims.append(Claim(rate.figure, f"{c.id} / {b.id}", (c, b), subject=name_of_rate(rate)))
            for now in facts.near(change.item, change):
                if now not in near and now.value == then.value + change.direction * change.value:
                    a = now.figure  # this year's amount is told further up
                    formula = _moved(a, b, change.direction)
                    claims.insert(0, Claim(rate.figure, formula, (a, b), subject=name_of_rate(rate)))
                    break
    if change:
        told = [f for f in facts.near(change.item, change) if f.measure in ("执行", "") and f not in near]
        for now in [*near, *told[:4]]:
            if now.unit == change.unit:
                a, c = now.figure, change.figure
                sign = "-" if change.direction > 0 else "+"
                claims.append(
                    Claim(rate.figure, f"{c.id} / ({a.id} {sign} {c.id})", (c, a), subject=name_of_rate(rate))
                )
    if change and re.search("[节结][约余支]率|压减率", rate.lead):
        budgets = [f.figure for f in levels if f.measure in BUDGETS and f.unit == change.unit]
        c = change.figure
        claims += [
            Claim(rate.figure, f"{c.id} / {b.id}", (c, b), subject="节约率") for b in reversed(budgets)
        ]
    if change and "年初" in change.lead:
        starts = [f.figure for f in levels if f.measure == "年初预算" and f.unit == change.unit]
        c = change.figure
        claims += [Claim(rate.figure, f"{c.id} / {b.id}", (c, b), subject=name_of_rate(rate)) for b in starts]
    if change and GROWN.search(change.lead):
        c = change.figure
        for now, then in _grown_of(facts, change):
            a, b = now.figure, then.figure
            name = name_of_rate(rate)
            claims += [
                Claim(rate.figure, f"{c.id} / {b.id}", (c, b), subject=name),
                Claim(rate.figure, _moved(a, b, change.direction), (a, b), subject=name),
            ]
    yield from _turned_rate(facts, levels, rate, change, prior)
    good = [claim for claim in claims if judged(claim) in (Status.AGREES, Status.ROUNDING)]
    if good:
        exact = [claim for claim in good if judged(claim) is Status.AGREES] or good
        yield from (exact[:2] if exact[-1].subject != "节约率" else exact[-1:])
        return
    if change is None and prior and rate.start - prior[0].end <= 6:
        same = [f for f in levels if (f.unit, f.kind) == (prior[0].unit, prior[0].kind)]
        nows = [f for f in _present(facts, same, prior[0], rate) if f in facts.clause(rate) and not f.period]
        turned = [f for f in nows if judged(_rate_of(f, prior[0], rate, -rate.direction)) in GOOD]
        if turned and judged(_rate_of(turned[0], prior[0], rate, rate.direction)) not in GOOD:
            truth = "减少" if rate.direction > 0 else "增加"
            yield replace(
                _rate_of(turned[0], prior[0], rate, rate.direction), code="R303",
                basis=f"{prior[0].figure}到{turned[0].figure}是{truth}，方向词写反，按所写方向",
            )  # fmt: skip
        elif len(nows) == 1 and rate.direction:
            a, b = nows[0].figure, prior[0].figure
            yield Claim(
                rate.figure, _moved(a, b, rate.direction), (a, b), subject=name_of_rate(rate),
                doubt="所比的本年数可能另有所指", advice="请核对本年数、上年数与增减率",
            )  # fmt: skip
        return
    yield from _wrong_change_rate(facts, rate, near, change)


GOOD = (Status.AGREES, Status.ROUNDING)


def _rate_of(now: Fact, then: Fact, rate: Fact, direction: int) -> Claim:
    a, b = now.figure, then.figure
    return Claim(rate.figure, _moved(a, b, direction), (a, b), subject=name_of_rate(rate))


def _turned_rate(
    facts: Facts, levels: list[Fact], rate: Fact, change: Fact | None, prior: list[Fact]
) -> Iterator[Outcome]:
    """增加13.2万元，增长9.94% of what has fallen: R303 speaks of the amount, the rate is shown to differ as well."""
    if not change or not prior or change.direction != rate.direction:
        return
    for now in _present(facts, levels, prior[0], change):
        if _opposite(now, prior[0], change):
            a, b = now.figure, prior[0].figure
            formula = _moved(a, b, rate.direction)
            yield Claim(rate.figure, formula, (a, b), subject=name_of_rate(rate), quiet=True)
            return


def _moved(now: Figure, then: Figure, direction: int) -> str:
    a, b = (now.id, then.id) if direction >= 0 else (then.id, now.id)
    return f"({a} - {b}) / {then.id}"


def _wrong_change_rate(facts: Facts, rate: Fact, near: list[Fact], change: Fact | None) -> Iterator[Outcome]:
    """Only where both years, or this year and the change, are the sentence's own and nothing stands between."""
    if change and near and change.start > near[0].start and rate.start - change.end <= 12:
        then = [f for f in near if f.period and f.unit == change.unit]
        then = [f for f in then if f.sentence == change.sentence][:1] or then
        now = [f for f in near if not f.period and f.unit == change.unit]
        raised = then and then[0].period == "原值"
        if not raised and not LEVEL_WORDS.search(change.lead + (then[0].lead if then else "")):
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
