"""R203: shares of a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..facts import Fact, Facts
from ..findings import Severity, Status
from ..glossary import glossary
from ..listing import opening
from . import Claim, Outcome, rule, sum_formula
from .common import amounts, judged, matching, ratio, telling

FUND = re.compile("一般公共预算|财政拨款|政府性基金|国有资本经营")


@rule("R203", "share", Severity.ERROR, source="ratios")
def share(facts: Facts) -> Iterator[Outcome]:
    """占比＝部分÷总数；同一总数的各占比之和应为100%。

    Why      占比写错会误导支出结构的判断
    Formula  占比 = 部分 ÷ 总数
    Flags    总支出200.00万元，其中基本支出50.00万元，占总支出的35.00%
    Passes   总支出200.00万元，其中基本支出50.00万元，占总支出的25%
    """
    for index in range(len(facts.paragraphs)):
        rates = [f for f in facts.in_paragraph(index) if f.measure == "占比" and f.kind == "percent"]
        told = {rate.figure.id: list(_share(facts, rate)) for rate in rates}
        for rate in rates:
            yield from told[rate.figure.id] or _like_its_sisters(facts, rate, rates, told)
    for run in (*_runs(facts), *_named_wholes(facts)):
        figures = tuple(f.figure for f in run)
        yield Claim(
            None, sum_formula(figures), figures, subject="各占比合计", stated=Decimal(100), unit="%",
            severity=Severity.NOTE,
        )  # fmt: skip


def _like_its_sisters(
    facts: Facts, rate: Fact, rates: list[Fact], told: dict[str, list[Outcome]]
) -> Iterator[Outcome]:
    """Of five shares in a list four are of one total: the fifth is held against it as well."""
    sisters = [
        claim
        for r in rates
        if r.sentence == rate.sentence
        for claim in told[r.figure.id]
        if isinstance(claim, Claim)
    ]
    wholes = Counter(c.operands[1].id for c in sisters if len(c.operands) == 2 and judged(c) in GOOD)
    near = [
        f for f in amounts(facts.in_paragraph(rate.paragraph)) if f.start < rate.start and f.kind == "money"
    ]
    in_turn = bool(near and _in_turn(facts, rate, near[-1]))
    if (
        not near
        or not wholes
        or not (in_turn or (wholes.most_common(1)[0][1] > 1 and rate.start - near[-1].end <= 8))
    ):
        return
    whole = next(c.operands[1] for c in sisters if c.operands[1].id == wholes.most_common(1)[0][0])
    of = near[-1 - _behind(facts, rate, near[-1])]
    part = of.figure
    yield Claim(
        rate.figure, f"{part.id} / {whole.id}", (part, whole), subject=f"{of.item}占比",
        doubt="分母取自同一列举中的其他占比", advice="请核对占比的分子、分母",
    )  # fmt: skip


def _runs(facts: Facts) -> Iterator[list[Fact]]:
    """Shares of one whole that come to about 100%: of a sentence, else of a paragraph or of those in a row."""
    told: list[list[Fact]] = []
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.kind == "percent" and not f.direction]
        row = [f for f in row if f.measure == "占比"]
        if row:
            told.append(row)
    for n, row in enumerate(told):
        sentences = [[f for f in row if f.sentence == s] for s in dict.fromkeys(f.sentence for f in row)]
        whole = [run for run in (*sentences, *_windows(row)) if _of_one_whole(run)]
        inner = {f.figure.id for run in whole for f in run}
        whole += [run for run in _windows([f for f in row if f.figure.id not in inner]) if _of_one_whole(run)]
        firsts = [r[0] for r in told[n:] if r[0].paragraph - row[0].paragraph == told.index(r) - n]
        whole = whole or [firsts[:k] for k in range(2, len(firsts) + 1) if _of_one_whole(firsts[:k])]
        seen: set[str] = set()
        for run in whole:
            if not seen & {f.figure.id for f in run}:
                seen |= {f.figure.id for f in run}
                yield run


def _named_wholes(facts: Facts) -> Iterator[list[Fact]]:
    """基本支出……占总支出的71.79% in one section, 项目支出……占总支出的28.21% in the next."""
    told: dict[tuple[str, str], Fact] = {}
    for rate in facts:
        if rate.measure == "占比" and rate.kind == "percent" and _whole_named(rate):
            told.setdefault((_whole_named(rate), rate.item), rate)
    for parts in glossary().partitions.values():
        for whole in dict.fromkeys(name for name, _ in told):
            run = [told[whole, part] for part in parts if (whole, part) in told]
            if len(run) == len(parts) and len({f.paragraph for f in run}) > 1 and _of_one_whole(run):
                yield run


def _windows(row: list[Fact]) -> Iterator[list[Fact]]:
    for size in range(2, min(len(row), 12) + 1):
        for start in range(len(row) - size + 1):
            yield row[start : start + size]


def _of_one_whole(run: list[Fact]) -> bool:
    total = sum((f.figure.quantity.value for f in run), Decimal(0))
    return len(run) > 1 and abs(total - 100) <= 1 and len({_whole_named(f) for f in run} - {""}) <= 1


def _whole_named(rate: Fact) -> str:
    match = re.search(r"占(?P<whole>[^，。；：]*?)(?:的?(?:比重|比例|比)?(?:为|达到|达|约)?|的)$", rate.lead)
    return match["whole"].strip("的了") if match else ""


def _named_before(row: list[Fact], named: str, part: Fact) -> Fact | None:
    """占签约金额84.10%: the amount of this paragraph that was introduced by these very words."""
    words = re.sub("(?:总额|金额|总数|数|额)$", "", named)
    if len(words) < 2 or len(named) > 12:
        return None
    found = [f for f in row if f.unit == part.unit and f.value >= part.value and f is not part]
    found = [f for f in found if f.role == "level" and words in re.split("[，。；、]", f.lead)[-1]]
    return found[-1] if found and len({f.value for f in found}) == 1 else None


GOOD = (Status.AGREES, Status.ROUNDING)
NAMED_BEFORE = re.compile(r"[，；、](?:其中)?(?P<part>[\u4e00-\u9fff]{2,12}?)占[^，。；]*$")
GENERIC = set("合计 共计 总计 分别 总共 大约 其中 两者 依次 比例 基本".split())
NAMED_PART = re.compile(
    r"[，；、](?:其中)?(?P<part>(?!其中|分别)[\u4e00-\u9fff]{2,8}?)(?:支出|资金)?占比(?:为|达|达到|约)?$"
)


def _in_turn(facts: Facts, rate: Fact, last: Fact) -> list[Fact]:
    """甲6万元和乙4万元分别占60%和40%: the rates behind the amounts that are meant one by one."""
    row = [
        f for f in facts.in_paragraph(rate.paragraph) if last.start < f.start and f.sentence == rate.sentence
    ]
    run: list[Fact] = []
    for fact in row:
        if fact.kind != "percent" or (run and fact.lead not in ("、", "和", "及")):
            break
        run.append(fact)
    amount = [
        f
        for f in amounts(facts.in_paragraph(rate.paragraph))
        if f.start <= last.start and f.unit == last.unit
    ]
    together = run and "分别" in run[0].lead and rate in run and len(run) <= len(amount)
    return run if together else []


def _behind(facts: Facts, rate: Fact, last: Fact) -> int:
    """How many parts before the last amount this rate is of."""
    run = _in_turn(facts, rate, last)
    return len(run) - 1 - run.index(rate) if run else 0


def _share(facts: Facts, rate: Fact) -> Iterator[Outcome]:
    row = [f for f in facts.in_paragraph(rate.paragraph) if f.start < rate.start]
    near = amounts(row)
    if not near or near[-1].sentence != rate.sentence:
        return
    part = near[-1 - _behind(facts, rate, near[-1])]
    unnamed = False
    named_part = NAMED_BEFORE.search(rate.lead)  # 其中农林水支出占总支出的36.43%
    words = named_part["part"].removesuffix("支出").removesuffix("资金") if named_part else ""
    if len(words) > 1 and words not in GENERIC:
        told_here = [
            f for f in amounts(facts.in_paragraph(rate.paragraph)) if f.start < rate.start and f.own_item
        ]
        like = [f for f in told_here if words in f.lead[-14:]]
        unnamed = not like  # 高标准农田占永久基本农田的比例为75%: of what no amount is told
        part = like[-1] if like else part
    if told := NAMED_PART.search(rate.lead):  # 护理型占比60%: not of what stands last
        like = [f for f in near if told["part"] in f.lead[-10:] and f.sentence == rate.sentence]
        if not like and told["part"] not in facts.place(rate).text[part.end - 40 : part.start]:
            return
        part = like[-1] if like else part
    wholes = [f for f in reversed(near) if f is not part and f.unit == part.unit and f.value >= part.value]
    named = _whole_named(rate)
    opened = [f for f in wholes if f.sentence == part.sentence and opening(facts, f) == "list"]
    wholes = [*opened, *wholes]
    if telling(rate):
        above = amounts(f for i in range(1, 5) for f in facts.in_paragraph(rate.paragraph - i))
        wholes += [f for f in above if f.unit == part.unit and f.value >= part.value]
    whole_item = glossary().item_in(named)
    if whole_item:
        wholes += [f for f in facts.near(whole_item[0], part) if f.unit == part.unit]
    pairs = [(part, whole) for whole in wholes]
    pairs += [(p, w) for p in reversed(near[:-1]) for w in wholes if telling(rate) and p is not w]
    if found := matching(rate, pairs):
        yield replace(ratio(rate, found), subject=f"{found[0].item}占比")
        return
    if unnamed:
        return
    same = [w for w in wholes if w.sentence == rate.sentence and w.paragraph == rate.paragraph]
    said = [w for w in same if whole_item and w.item == whole_item[0]] or ([] if named else opened[-1:])
    if said and part.own_item and part.end + 12 > rate.start - len(rate.lead):
        claim = ratio(rate, (part, said[0]), advice="请核对占比的分子、分母")
        yield replace(claim, subject=f"{part.item}占比")
    elif not whole_item and (said_so := _named_before(row, named, part)):
        claim = ratio(rate, (part, said_so), advice="请核对占比的分子、分母")
        yield replace(claim, subject=f"{part.item}占比")
    elif whole_item and part.end + 12 > rate.start - len(rate.lead):
        fund = FUND.search(named)
        spent = [
            f for f in facts.near(whole_item[0], rate) if f.measure in ("执行", "") and f.value >= part.value
        ]
        spent = [f for f in spent if not fund or fund[0] in f.lead or fund[0] in f.item]
        if spent and not rate.figure.quantity.approx:
            claim = ratio(rate, (part, spent[0]), advice="请核对占比的分子、分母")
            doubt = "" if len({f.value for f in spent}) == 1 else "分母可能另有口径"
            yield replace(claim, subject=f"{part.item}占比", doubt=doubt)
