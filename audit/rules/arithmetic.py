"""R1xx: sums and footings. 分项合计、全文构成、列举个数、项目合计、预算调整链。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice, pairwise, product

from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import WHOLE, Fact, Facts
from ..findings import Figure, Severity
from ..glossary import glossary
from . import Claim, Found, Outcome, rule, sum_formula

SENTENCE_END = re.compile("[。！？](?!其中|分项情况|具体(?:为|是|情况))")
BELOW = re.compile(r"(?:其中|如下|分别为|分别是|包括|具体)[^，。；]{0,6}：$")
OPENS = re.compile(r"其中|包括|包含|分别|具体(?:为|是|如下)|构成|组成|如下|即：|含|[：（]|^中，")
LISTS = re.compile(r"其中|包括|包含|分别")
ALL_OF_IT = re.compile(r"分别为|分别是|构成|组成|具体为|如下")
CLOSES = re.compile(r"合计|共计|总计|总(?!经理|体|工)|共(?!同|和|产|建|享|有产)")
NESTED = re.compile(r"其中|（")
NEAR = Decimal("0.9")


def same_measure(a: Fact, b: Fact) -> bool:
    """Can these two be readings of the same kind? An unsaid measure fits any."""
    x, y = a.measure, b.measure
    return not x or not y or x == y or (x in BUDGETS and y in BUDGETS and "预算" in (x, y))


def addable(total: Fact, part: Fact) -> bool:
    """Could this be a part of that total: same unit, same kind of reading, same period?"""
    quantity = part.figure.quantity
    return (
        part.unit == total.unit
        and part.kind == total.kind
        and part.role == total.role
        and (part.role == "level" or part.direction == total.direction != 0)
        and part.period == total.period
        and not quantity.approx
        and same_measure(total, part)
    )


def tie(total: Decimal, parts: Sequence[Fact], at_least: int = 2) -> list[Fact]:
    """The shortest run of leading parts that makes up the total, the parts of parts left out.

    A part followed by its own parts (which add up to it) counts once. Empty where nothing ties.
    """
    for nested in (True, False):
        chosen: list[Fact] = []
        rest = total
        i = 0
        while i < len(parts) and len(chosen) < 60:
            chosen.append(parts[i])
            rest -= parts[i].value
            if rest == 0 and len(chosen) >= at_least and any(p.value for p in chosen):
                while (i := i + 1) < len(parts) and not parts[i].value and parts[i].sentence == chosen[-1].sentence:
                    chosen.append(parts[i])
                return chosen
            i = children_end(parts, i) if nested else i + 1
    return []


def children_end(parts: Sequence[Fact], i: int) -> int:
    """Where the parts of parts[i] end: after the run right behind it that adds up to it, else i + 1."""
    if not parts[i].value:
        return i + 1
    rest = parts[i].value
    for j in range(i + 1, min(len(parts), i + 20)):
        rest -= parts[j].value
        if rest == 0 and j > i + 1:
            return j + 1
        if rest < 0:
            break
    return i + 1


@rule("R101", "sum-of-parts", Severity.ERROR, source="tie-outs")
def sum_of_parts(facts: Facts) -> Iterator[Outcome]:
    """总数应等于其所列各分项之和（同一句或同一段内）。

    Formula  total = Σ parts; parts of parts are counted once
    Unit     as printed, compared in the base unit; rates are never summed
    Flags    基本支出423.70万元，其中人员经费346.25万元、公用经费87.45万元
    Passes   单位共有16个，其中甲类9个、乙类7个，今年新增2个
    """
    for total in facts:
        if total.role not in ("level", "change") or total.figure.quantity.approx or total.paragraph < 0:
            continue
        if total.kind not in ("money", "count", "area", "length", "score") or facts.repeated_in_bracket(total):
            continue
        yield from _forward(facts, total)
        yield from _backward(facts, total)
    yield from _split_by(facts)
    yield from _added_to(facts)


def _added_to(facts: Facts) -> Iterator[Outcome]:
    """收入100万元……加上上年结转5万元，收入总量为105万元: something said before plus what is added."""
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.role == "level" and f.kind == "money"]
        for n, total in enumerate(row):
            if not re.search("总量|总计|合计|共计", total.lead):
                continue
            since = max((i for i in range(n) if "加上" in row[i].lead), default=n)
            added = row[since:n]
            for start in reversed(row[:since]):
                if added and start.value + sum(f.value for f in added) == total.value:
                    yield _sum(total, [start, *added])
                    break


SPLIT = re.compile(r"按[\u4e00-\u9fff]{2,10}(?:分类?|划分|来看|看)?：|按[\u4e00-\u9fff]{2,10}(?:分类?|划分|来看|看)[，为]|(?<=[入出金费额])中[：，]|从[\u4e00-\u9fff]{2,10}看，")


def _split_by(facts: Facts) -> Iterator[Outcome]:
    """按资金性质分：……；按支出性质分：……: each a whole split of the total before it."""
    for index, paragraph in enumerate(facts.paragraphs):
        row = facts.in_paragraph(index)
        for match in SPLIT.finditer(paragraph.text):
            before = [f for f in row if f.start < match.start() and f.role == "level"]
            before = [f for n, f in enumerate(before) if f.value not in {e.value for e in before[:n]}]
            for mark, total in product("；。", reversed(before)):
                stop = paragraph.text.find(mark, match.end())
                behind = [f for f in row if match.end() <= f.start < (stop if stop >= 0 else len(paragraph.text))]
                parts = [f for f in behind if f.role == "level" and f.kind == "money" and addable(total, f)]
                if len(parts) > 1 and (ties := tie(total.value, parts)):
                    yield _sum(total, ties)
                    break


def _forward(facts: Facts, total: Fact) -> Iterator[Outcome]:
    behind = [f for f in facts.in_paragraph(total.paragraph) if f.start > total.start]
    in_sentence = [f for f in behind if f.sentence == total.sentence and addable(total, f)]
    opened = opening(facts, total)
    if opened == "below":
        if ties := tie(total.value, _parts_below(facts, total)):
            yield _sum(total, ties)
        return
    if not opened:
        small = total.kind in ("count", "score") and abs(total.value) < 10
        following = [f for f in behind if f.sentence == total.sentence + 1 and addable(total, f)]
        ties = tie(total.value, in_sentence or (following if following and "其中" in following[0].lead else []))
        if not small and len([t for t in ties if t.value]) >= 2 and _adjacent(facts, total, ties):
            yield _sum(total, ties)
            for extra in (f for f in in_sentence if f.start > ties[-1].start and "新" in f.lead):
                if extra.value <= total.value:
                    yield _within(extra, total)
        return
    inside = _inside_bracket(facts, total, in_sentence)
    listed = inside or in_sentence
    later = [] if inside else [f for f in behind if f.sentence > total.sentence and addable(total, f)]
    tied: list[Fact] = []
    while ties := tie(total.value, listed, 1) or tie(total.value, [*listed, *later]):
        yield _sum(total, ties)
        tied = ties
        # The same total split another way: 按来源……；按功能……
        listed, later = [f for f in listed if f.start > ties[-1].start], []
    if tied:
        for extra in _top_level(facts, total, [f for f in listed if f.value < total.value])[:3]:
            if inside or "新增" in extra.lead or "新成立" in extra.lead:
                yield _within(extra, total)
        return
    if not (top := _top_level(facts, total, listed, keep_new=True)):
        return
    if ties := tie(total.value, top, 1):
        yield _sum(total, ties)
    elif opened == "list":
        yield from _not_tied(facts, total, top)
    elif len(top) == 1 and not _of_another(top[0], total):
        yield _within(top[0], total)


def _not_tied(facts: Facts, total: Fact, parts: list[Fact]) -> Iterator[Outcome]:
    """The parts do not make up the total: a wrong unit, a slip, or a list that is not meant to be whole."""
    listed = sum((p.value for p in parts), Decimal(0))
    figures = [p.figure for p in parts]
    subject = name_of(total)
    for other in _other_totals(facts, total, parts):
        if other.value == listed:
            # 本年支出100万元……年末结转3万元。其中，基本支出……: the list belongs to a total further up.
            yield _sum(other, parts)
            return
    if slip := _unit_slip(total, parts):
        yield Claim(
            total.figure, sum_formula(figures), tuple(figures), subject=subject, code="R601",
            basis=f"“{slip.figure}”若按万元计，各分项正好相加为{total.figure}；照印出的单位相加",
            advice=f"“{slip.figure}”的单位疑应为万元，请核对",
        )  # fmt: skip
        return
    if len(parts) == 1:
        if not _of_another(parts[0], total):
            yield _within(parts[0], total)
        return
    whole = _known_whole(total, parts)
    words = facts.between(total, parts[0])
    claim = Claim(
        total.figure, sum_formula(figures), tuple(figures), subject=subject, basis=f"所列{len(parts)}项相加",
        advice="请核对总数与各分项，或补列遗漏的分项",
    )  # fmt: skip
    if whole or (ALL_OF_IT.search(words) and listed > total.value * NEAR):
        yield claim
    elif listed > total.value:
        if total.own_item and listed <= total.value * 2 and (total.kind == "money" or len(parts) > 2):
            yield _doubting(claim, "“其中”各项之和大于总数，各项之间可能有重复或口径不同")
    elif listed >= total.value * NEAR and len(parts) > 1:
        yield _doubting(claim, "“其中”可能未列全，差额去向请单位说明")
    else:
        for part in parts:
            yield _within(part, total)
        if len(parts) > 2 and listed >= total.value / 2:
            yield Found(
                f"“{subject}”{total.figure}，所列{len(parts)}项相加只占"
                f"{listed / total.value:.1%}，其余未列明",
                (total.figure.span, *(p.figure.span for p in parts)),
                "请确认“其中”是否列全",
                Severity.NOTE,
            )


def _other_totals(facts: Facts, total: Fact, parts: list[Fact]) -> list[Fact]:
    row = facts.in_paragraph(total.paragraph)
    return [f for f in row if f.start < total.start and f.unit == total.unit and f.role == "level"]


def _backward(facts: Facts, total: Fact) -> Iterator[Outcome]:
    before = [
        f for f in facts.in_paragraph(total.paragraph)
        if f.sentence == total.sentence and f.start < total.start and addable(total, f)
    ]  # fmt: skip
    if len(before) < 2:
        return
    closes = bool(CLOSES.search(total.lead))
    if total.kind in ("count", "score") and not (closes or abs(total.value) >= 100):
        return
    rest = total.value
    run: list[Fact] = []
    for part in reversed(before):
        rest -= part.value
        run.insert(0, part)
        if rest == 0 and len([p for p in run if p.value]) >= 2 and not opening(facts, run[0]):
            yield _sum(total, run)
            return
    if closes and sum(p.value for p in before) <= total.value:
        figures = [p.figure for p in before]
        yield Claim(
            total.figure, sum_formula(figures), tuple(figures), ">=", name_of(total), "所列各项之和", quiet=True
        )


def opening(facts: Facts, total: Fact) -> str:
    """How a list of parts is opened behind a total.

    "list" in its sentence, "nested" where the total is itself a part of an open list, "below" in the
    paragraphs that follow, "" not at all. Between a total and its 其中 only other readings of the same
    thing may stand (预算100万元，执行90万元，其中：…), or the same thing counted otherwise (10户20人).
    """
    row = facts.in_paragraph(total.paragraph)
    at = row.index(total)
    text = facts.place(total).text
    if BELOW.search(text) and not any(addable(total, f) for f in row[at + 1 :]):
        return "below"
    i = at
    while True:
        following = row[i + 1] if i + 1 < len(row) else None
        gap = text[row[i].end : following.start if following else len(text)]
        stop = SENTENCE_END.search(gap)
        opener = OPENS.search(gap, 0, stop.start() if stop else len(gap))
        if opener and opener[0] == "（" and not (following and following.start < _closing(text, row[i].end)):
            opener = None
        if opener and "；" not in gap[: opener.start() - (opener[0] == "其中")]:
            same = [f for f in row[:at] if f.sentence == total.sentence and "；" not in text[f.end : total.start]]
            inside = any(LISTS.search(f.lead) for f in same)
            inside = inside or (bool(LISTS.search(total.lead)) and "（" not in total.lead)
            return "nested" if inside and not opener[0].startswith("（") else "list"
        if stop or following is None or addable(total, following):
            return ""
        counted = following.kind in ("money", "count", "score") and following.unit != total.unit
        if counted and (gap or following.kind != "count"):
            return ""
        i += 1


def _closing(text: str, start: int) -> int:
    """Where the bracket opened behind `start` closes."""
    close = text.find("）", start)
    return close if close >= 0 else len(text)


def _parts_below(facts: Facts, total: Fact) -> list[Fact]:
    """Facts of the paragraphs below a total that ends in a colon, down to the next heading of its rank."""
    owner = facts.place(total)
    found: list[Fact] = []
    for index in range(total.paragraph + 1, len(facts.paragraphs)):
        paragraph = facts.paragraphs[index]
        if len(paragraph.path) < len(owner.path) or paragraph.path[: len(owner.path)] != owner.path:
            break
        found += [f for f in facts.in_paragraph(index) if addable(total, f)]
    return found


def _inside_bracket(facts: Facts, total: Fact, parts: list[Fact]) -> list[Fact]:
    """The parts that stand in a bracket opened right behind the total."""
    text = facts.after(total)
    opened = re.match(r"[\u4e00-\u9fff]{0,12}（", text)
    if not opened:
        return []
    close = text.find("）", opened.end())
    return [p for p in parts if p.start - total.end < close] if close > 0 else []


def _top_level(facts: Facts, total: Fact, parts: list[Fact], keep_new: bool = False) -> list[Fact]:
    """The parts named at the first level: up to a closing total, without the lists inside a part."""
    top: list[Fact] = []
    nested = False
    for n, part in enumerate(parts):
        if n and CLOSES.search(part.lead) and not re.search("其中", part.lead):
            break
        if re.search("比上年|较上年|同比", part.lead) or (keep_new and "新增" in part.lead):
            continue
        if n:
            words = facts.between(parts[n - 1], part)
            if "其中" in words or "包括" in words or words.rfind("（") > words.rfind("）"):
                nested = True
            elif "；" in words or "）" in words or "。" in words:
                nested = False
        if not nested:
            top.append(part)
    return top


def _adjacent(facts: Facts, total: Fact, parts: list[Fact]) -> bool:
    """No other figure of that unit stands between the total and its parts' end."""
    inside = [
        f for f in facts.in_paragraph(total.paragraph)
        if total.start < f.start <= parts[-1].start and f.unit == total.unit and f.kind == total.kind
    ]  # fmt: skip
    return len(inside) <= len(parts) + 2


def _unit_slip(total: Fact, parts: list[Fact]) -> Fact | None:
    """The part that makes the sum right when its 元 is read as 万元 (or the other way round)."""
    if total.kind != "money":
        return None
    listed = sum((p.value for p in parts), Decimal(0))
    for part in parts:
        for factor in (Decimal(10000), Decimal("0.0001")):
            if listed - part.value + part.value * factor == total.value and part.value:
                return part
    return None


def _known_whole(total: Fact, parts: list[Fact]) -> bool:
    """Do the parts named belong to a known partition of this total, all of them?"""
    named = {p.item for p in parts}
    partition = set(glossary().partitions.get(total.item, ()))
    if not total.own_item and not partition:
        return False
    if total.measure in ("结转", "调整", "上年结转"):
        return False
    needed = partition if len(partition) == 2 else partition - {"工勤编制"}
    return bool(partition) and named <= partition and named >= needed


def name_of(fact: Fact) -> str:
    """What to call a figure in a message: item and measure, or the report's own words before a count."""
    if fact.kind not in ("money", "percent", "score"):
        words = re.split("[，。；：、（]", fact.lead)[-1].rstrip("为是共达到约有计了")
        if 2 <= len(words) <= 20:
            return words
    if fact.item and fact.measure and fact.measure not in fact.item and fact.measure != "率":
        return f"{fact.item}{fact.measure}"
    return fact.item or fact.measure or fact.lead.strip("，、；：的为是共计（）")[-10:] or "此处"


def _sum(total: Fact, parts: Sequence[Fact]) -> Claim:
    figures = [p.figure for p in parts]
    return Claim(
        total.figure, sum_formula(figures), tuple(figures), subject=name_of(total), basis="各分项相加"
    )


def _of_another(part: Fact, total: Fact) -> bool:
    """Is the part known to belong to another whole than this one?"""
    wholes = {whole for whole, items in glossary().partitions.items() if part.item in items}
    return bool(wholes) and total.item not in wholes


def _within(part: Fact, total: Fact) -> Claim:
    return Claim(
        part.figure, total.figure.id, (total.figure,), "<=", name_of(part), f"其总数“{name_of(total)}”",
        doubt="“其中”的一项大于总数，请核对二者口径", severity=Severity.QUESTION,
    )  # fmt: skip


def _doubting(claim: Claim, doubt: str) -> Claim:
    return replace(claim, doubt=doubt)


@rule("R102", "known-partition", Severity.ERROR, source="tie-outs")
def known_partition(facts: Facts) -> Iterator[Outcome]:
    """固定构成的总数应等于各部分之和（全文范围）：整体支出＝基本支出＋项目支出，等等。

    Formula  total = Σ parts of one partition in `params/glossary.toml`, same measure, period and scope
    Flags    基本支出执行100.00万元……人员经费执行60.00万元……公用经费执行30.00万元
    Passes   三处分别写为100.00、60.00、40.00万元
    """
    for total_item, part_items in glossary().partitions.items():
        for measure in ("年初预算", "全年预算", "预算", "执行", "收入", "调整", ""):
            totals = _stated(facts, total_item, measure)
            parts = [p for item in part_items if (p := _stated(facts, item, measure))]
            if totals and len(parts) > 1:
                yield from _partition(totals, parts, len(parts) == len(part_items))
            loose = [p for item in part_items if (p := _stated(facts, item, measure) + _stated(facts, item, ""))]
            if totals and measure and len(loose) == len(part_items):
                yield from _tied_partition(totals, loose, measure == "执行")


def _stated(facts: Facts, item: str, measure: str) -> list[Fact]:
    """Where this item is first stated at this measure with each of its values: the department's, own year."""
    found: dict[Decimal, Fact] = {}
    for fact in facts:
        if fact.item == item and fact.role == "level" and fact.kind in ("money", "count") and not fact.period:
            read = fact.measure if fact.measure != "预算" or measure == "预算" else "全年预算"
            if read == measure and not fact.owner and fact.paragraph >= 0 and not fact.figure.quantity.approx:
                found.setdefault(fact.value, fact)
    return list(found.values())[:8]


def _tied_partition(totals: list[Fact], parts: list[list[Fact]], spent: bool) -> Iterator[Outcome]:
    """Parts whose reading is not said, where they add up: of each part the statement nearest the next total."""
    for total in totals:
        for chosen in islice(product(*(p[:4] for p in parts)), 64):
            if sum(f.value for f in chosen) == total.value:
                yield _sum(total, chosen)
                return
    if spent and all(len(p) == 1 for p in parts):
        chosen = [p[0] for p in parts]
        listed = sum(f.value for f in chosen)
        near = [t for t in totals if abs(t.value - listed) * 10 < t.value]
        if near and all(f.own_item for f in chosen):
            figures = tuple(f.figure for f in chosen)
            yield Claim(
                near[0].figure, sum_formula(figures), figures, subject=name_of(near[0]), basis="全文所载各部分相加",
                doubt="各部分未写明是预算还是执行", advice="请核对各部分与总数是否同一口径",
            )  # fmt: skip


def _partition(totals: list[Fact], parts: list[list[Fact]], complete: bool) -> Iterator[Outcome]:
    for total in totals:
        chosen: list[Fact] = []
        rest = total.value
        for stated in parts:
            values = {f.value for f in stated}
            if len(values) > 1 and len(parts) == 2:
                other = parts[1] if stated is parts[0] else parts[0]
                fits = [f for f in stated for g in other if f.value + g.value == total.value]
                chosen.append(fits[0] if fits else stated[0])
            else:
                chosen.append(stated[0])
            rest -= chosen[-1].value
        if rest == 0:
            yield _sum(total, chosen)
            return
    total, chosen = totals[0], [p[0] for p in parts]
    clear = all(len({f.value for f in stated}) == 1 for stated in [totals, *parts])
    named = all(f.own_item for f in [total, *chosen]) and total.own_measure
    same_scope = len({f.scope for f in [total, *chosen]}) == 1
    if complete and clear and named and same_scope:
        figures = [f.figure for f in chosen]
        yield Claim(
            total.figure, sum_formula(figures), tuple(figures), subject=name_of(total),
            basis="全文所载各部分相加", doubt="各处口径可能不同", advice="请核对各部分与总数是否同一口径",
        )  # fmt: skip


LIST_BEFORE = re.compile(r"(?:^|[，。；：])(?P<list>[^，。；：]{4,60}?)的?“?$")
LIST_AFTER = re.compile(
    r"[\u4e00-\u9fff]{0,8}，?(?:分别是|分别为|即|包括|分别|有)?：(?P<list>[^。]+)"
    r"|[\u4e00-\u9fff]{0,8}，?(?:分别是|分别为|包括|即为?)(?P<bare>[^。；，]+)"
)
BRACKETS = re.compile(r"（[^（）]*）|“[^”]*”的")
NUMBERED = re.compile(r"(?:^|(?<=[。；，、：]))(\d{1,2})[、.．]")


@rule("R103", "list-count", Severity.ERROR, source="tie-outs")
def list_count(facts: Facts) -> Iterator[Outcome]:
    """写明的个数应与随后列举的名称个数一致（如“内设8个股室：……”）。

    Formula  stated count = names listed
    Flags    内设5个股室：办公室、财务股、业务股、法规股
    Passes   下设3个科：办公室（挂行政审批科牌子）、财务科、业务科
    """
    for fact in facts:
        if fact.kind != "count" or fact.paragraph < 0 or not 1 <= fact.figure.quantity.value <= 60:
            continue
        if fact.figure.quantity.base_unit not in ("个", "家", "所", "项", "类", "种", "处", "支", "大", "名", "社"):
            continue
        told = _bracketed(facts, fact) or _in_paragraphs(facts, fact) or _summed(facts, fact)
        counts, certain = told or _listed(facts, fact)
        if not counts:
            yield from _listed_before(facts, fact)
            continue
        stated = int(fact.figure.quantity.value)
        count = stated if stated in counts else counts[0]
        if count != stated and not certain:
            continue
        doubt = "" if len(counts) == 1 else "列举的分隔不规范，个数按顿号、分号数出"
        yield Claim(
            fact.figure, str(count), (), subject=name_of(fact) or "个数", basis="随后列举的名称个数",
            doubt=doubt, advice="请核对列举是否有遗漏或多列",
            also=(facts.place(fact).span(fact.end, min(len(facts.place(fact).text), fact.end + 40)),),
        )  # fmt: skip


def _in_paragraphs(facts: Facts, fact: Fact) -> tuple[list[int], bool] | None:
    """共实施8个项目……: the numbered paragraphs right below, 1. to n."""
    if not re.match("项目|专项", fact.tail) or not re.search("共|涉及|实施|安排", fact.lead[-8:]):
        return None
    count = 0
    for paragraph in facts.paragraphs[fact.paragraph + 1 :]:
        number = re.match(r"\d+", paragraph.text)
        if paragraph.level < 3 or not number:
            if count and not paragraph.level:
                continue  # a project's own further paragraphs
            break
        if int(number[0]) != count + 1:
            break
        count += 1
    return ([count], True) if count > 2 else None


def _summed(facts: Facts, fact: Fact) -> tuple[list[int], bool] | None:
    """共计7个项目，预算金额……分别为……: as many amounts as make up the total."""
    if not fact.tail.startswith("项目"):
        return None
    row = [f for f in facts.in_paragraph(fact.paragraph) if f.sentence == fact.sentence and f.start > fact.start]
    for total in (f for f in row if f.kind == "money" and f.role == "level"):
        ties = tie(total.value, [f for f in row if f.start > total.start and addable(total, f)], 3)
        if ties and opening(facts, total) == "list":
            return [len(ties)], False
    return None


def _bracketed(facts: Facts, fact: Fact) -> tuple[list[int], bool] | None:
    """三星级社区两个（甲社区和乙社区）: names in a bracket right behind the count."""
    inside = re.match(r"[\u4e00-\u9fff]{0,6}（([^（）\d]{2,80})）", facts.after(fact))
    if not inside:
        return None
    names = re.split(r"[、；，]|(?<=[\u4e00-\u9fff]{3})[和及与](?=[\u4e00-\u9fff]{2})", inside[1])
    same_end = len({name[-1] for name in names}) == 1 and all(2 <= len(n) <= 16 for n in names)
    return ([len(names)], len(names) > 1) if same_end else None


def _listed_before(facts: Facts, fact: Fact) -> Iterator[Outcome]:
    """绩效目标引领和绩效结果应用两大支撑: names right before the count. Only agreement says anything."""
    before = LIST_BEFORE.search(facts.place(fact).text[: fact.start])
    if not before or fact.figure.quantity.text[0].isdigit():
        return
    words = re.sub(r"^(?:[^、]{0,8}(?:发挥|推动|强化|依托|落实|围绕|聚焦))", "", before["list"])
    names = re.split(r"[、和与及]", words)
    if len(names) == fact.figure.quantity.value and all(2 <= len(n) <= 24 for n in names):
        place = facts.place(fact)
        start = fact.start - len(before[0]) + before[0].index(before["list"])
        yield Claim(
            fact.figure, str(len(names)), (), subject="列举个数", basis="前面列举的名称个数", quiet=True,
            also=(place.span(start, fact.start),),
        )  # fmt: skip


def _listed(facts: Facts, fact: Fact) -> tuple[list[int], bool]:
    """How many names are listed behind a count; more than one reading where separators are mixed."""
    after = facts.after(fact)
    match = LIST_AFTER.match(after)
    if not match:
        return [], False
    text = after[match.start("list") :] if match["list"] else match["bare"] or ""
    numbers = [int(n) for n in NUMBERED.findall(text[:400])]
    if numbers[:2] == [1, 2] and NUMBERED.match(text):
        run = 1
        for a, b in pairwise(numbers):
            if b != a + 1:
                break
            run = b
        return [run], True
    text = BRACKETS.sub("", re.split("[。]", text)[0])
    if re.search(r"\d|。$", text) and re.search(r"\d", text):
        return [], False
    strong = [t for t in re.split(r"；", text) if t.strip()]
    names = [t for t in re.split(r"[、；，]|(?<=[室股科局处站心所队])和", text) if t.strip()]
    if any(len(name) > 20 for name in names) or len(names) < 2:
        return [], False
    # A name of a body or an office ends like one; clauses of prose do not make a list.
    bodies = sum(bool(re.search(r"[室股科局处站心所队院校会办组部委园馆司厂场厅署台]$", n)) for n in names)
    readings = [len(names)]
    if 1 < len(strong) != len(names):
        readings.append(len(strong))
    return readings, bodies >= len(names) - 1 and len(readings) == 1


@rule("R105", "project-list", Severity.ERROR, source="tie-outs")
def project_list(facts: Facts) -> Iterator[Outcome]:
    """逐项列示的项目支出合计应等于项目支出总数。

    Formula  项目支出 = Σ 各项目实际支出
    Flags    项目支出100.00万元；三个项目分别支出30.00、30.00、30.00万元
    Passes   相加为100.00万元
    """
    told = projects(facts)
    for readings in (("执行",), ("全年预算", "预算"), ("年初预算",)):
        parts = [next((p[m] for m in readings if m in p), None) for p in told]
        listed = [p for p in parts if p is not None]
        if len(listed) < 3 or len(listed) < len(told) * NEAR:
            continue
        yield from _projects_sum(facts, listed, readings)


def _projects_sum(facts: Facts, listed: list[Fact], readings: tuple[str, ...]) -> Iterator[Outcome]:
    """Against the totals told right above the list, and against the 项目支出 of the report."""
    inside = {p.figure for p in listed}
    first = min(p.paragraph for p in listed)
    path = facts.paragraphs[first].path
    money = [f for f in facts if f.kind == "money" and f.role == "level" and not f.period and f.figure not in inside]
    above = [
        f for f in money
        if first - 3 <= f.paragraph < first and facts.place(f).path == path and f.measure in readings
    ]  # fmt: skip
    totals = [f for f in money if f.item == "项目支出" and f.measure in ("", *readings) and f not in above]
    value = sum((f.value for f in listed), Decimal(0))
    for total in above:
        if total.value == value or CLOSES.search(total.lead):
            yield _project_claim(total, listed)
    tied = next((t for t in totals if t.value == value), None)
    slipped = next((t for t in totals[:4] if _unit_slip(t, listed)), None)
    if totals and not (above and not tied):
        yield _project_claim(tied or slipped or totals[0], listed)


def _project_claim(total: Fact, listed: list[Fact]) -> Claim:
    figures = tuple(f.figure for f in listed)
    claim = Claim(
        total.figure, sum_formula(figures), figures, subject=name_of(total),
        basis=f"逐项列示的{len(listed)}个项目相加", doubt="列示的项目可能不全，或资金来源口径不同",
        advice="请核对是否有项目未列示，或说明差额去向",
    )  # fmt: skip
    if slip := _unit_slip(total, listed):
        claim = replace(
            claim, code="R601", doubt="", advice=f"“{slip.figure}”的单位疑应为万元，请核对",
            basis=f"“{slip.figure}”若按万元计，各项目正好相加为{total.figure}；照印出的单位相加",
        )  # fmt: skip
    return claim


def projects(facts: Facts) -> list[dict[str, Fact]]:
    """One dict measure → fact per project paragraph: numbered paragraphs that tell a project's money."""
    found: list[dict[str, Fact]] = []
    for index, paragraph in enumerate(facts.paragraphs):
        if paragraph.level < 3:
            continue
        project: dict[str, Fact] = {}
        for fact in facts.in_paragraph(index):
            if fact.kind == "money" and fact.role in ("level", "change") and fact.measure and not fact.period:
                project.setdefault(fact.measure, fact)
        named = re.search("项目|专项|资金|经费|补助|补贴", paragraph.text[:60])
        if "执行" in project and len(project) > 1 and (named or project.keys() & BUDGETS):
            found.append(project)
    return found


@rule("R106", "budget-chain", Severity.ERROR, source="tie-outs")
def budget_chain(facts: Facts) -> Iterator[Outcome]:
    """预算链：年初预算＋调整＝全年预算；预算－执行＝结转结余。

    Formula  全年预算 = 年初预算 ± 调整;  结转 = 全年预算 − 执行
    Flags    年初100万元，调增20万元，全年预算130万元
    Passes   年初100万元，调减20万元，全年预算80万元
    """
    for index in range(len(facts.paragraphs)):
        money = [f for f in facts.in_paragraph(index) if f.kind == "money" and not f.figure.quantity.approx]
        changes = [f for f in money if f.measure == "调整" and f.direction]
        for final in (f for f in money if f.measure == "全年预算" and f.role == "level" and not f.period):
            yield from _adjusted(money, [c for c in changes if c.start < final.start], final)
        for fact in money:
            if fact.measure == "结转" and fact.role == "level":
                yield from _carried(facts, money, fact)


def _adjusted(money: list[Fact], changes: list[Fact], final: Fact) -> Iterator[Outcome]:
    """年初 ± 调整 = 全年: all adjustments of the sentence together, or the last one alone."""
    starts = [f for f in money if f.measure in ("年初预算", "目标", "预算") and f.role == "level" and not f.period]
    near = [c for c in changes if c.sentence == final.sentence] or changes[-1:]
    for moved in (near, near[-1:]):
        for start in starts:
            if moved and start.value + sum(c.direction * c.value for c in moved) == final.value:
                yield _chain(start, moved, final)
                return
    starts = [f for f in starts if f.measure == "年初预算" and f.item in ("", final.item)]
    if near and len({f.value for f in starts}) == 1 and near[0].sentence == final.sentence:
        yield _chain(starts[0], near, final)


def _chain(start: Fact, moved: list[Fact], final: Fact) -> Claim:
    formula = start.figure.id + "".join(f" {'+' if c.direction > 0 else '-'} {c.figure.id}" for c in moved)
    return Claim(
        final.figure, formula, (start.figure, *(c.figure for c in moved)), subject=name_of(final),
        advice="请核对年初预算、调整数与全年预算数",
    )  # fmt: skip


def _carried(facts: Facts, money: list[Fact], left: Fact) -> Iterator[Outcome]:
    same = [f for f in money if f.sentence == left.sentence and f.role == "level" and f.start < left.start]
    spent = [f for f in same if f.measure == "执行"]
    budgets = [f for f in same if f.measure in BUDGETS]
    for budget in reversed(budgets):
        for actual in reversed(spent):
            if budget.value == actual.value + left.value:
                yield Claim(
                    budget.figure, f"{actual.figure.id} + {left.figure.id}", (actual.figure, left.figure),
                    subject=name_of(budget), basis="实际支出与结转结余相加",
                )  # fmt: skip
                return
    final = [b for b in budgets if b.measure == "全年预算"]
    if len(final) == 1 and len(spent) == 1:
        yield _left_over(left, final[0], spent[0])
    elif left.item == WHOLE:
        stated = facts.near(WHOLE, left)
        for budget in (f for f in stated if f.measure == "全年预算"):
            for actual in (f for f in stated if f.measure == "执行"):
                if budget.value - actual.value == left.value:
                    yield _left_over(left, budget, actual)
                    return


def _left_over(left: Fact, budget: Fact, actual: Fact) -> Claim:
    return Claim(
        left.figure, f"{budget.figure.id} - {actual.figure.id}", (budget.figure, actual.figure),
        subject=name_of(left), advice="请核对全年预算、执行数与结转结余",
    )  # fmt: skip


@rule("R109", "named-subset", Severity.QUESTION, source="tie-outs")
def named_subset(facts: Facts) -> Iterator[Outcome]:
    """“其中”一项、或名称更窄的一类，不应大于它所属的总数。

    Formula  subset ≤ whole
    Flags    孤儿6人……其中享受助学金的孤儿9人
    Passes   事实无人抚养儿童131人，其中残疾事实无人抚养儿童15人
    """
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.role == "level" and not f.figure.quantity.approx]
        for n, part in enumerate(row):
            if part.kind not in ("count", "money"):
                continue
            before = [f for f in row[:n] if addable(f, part)]
            if "其中" in part.lead:
                words = [f for f in before if f.sentence == part.sentence and "；" not in facts.between(f, part)]
                if words and part.value <= words[-1].value:
                    yield _within(part, words[-1])
            elif part.kind == "count" and part.unit in ("人", "名", "户"):
                for whole in reversed(before):
                    if len(whole.item) >= 2 and whole.own_item and whole.item in part.lead[-20:] and whole.item != part.item:
                        if part.value <= whole.value:
                            yield _within(part, whole)
                        break
                named = {f.item: f for f in before if len(f.item) >= 2 and f.own_item and f.item in part.lead}
                if len(named) > 1 and sum(f.value for f in named.values()) <= part.value:
                    figures = [f.figure for f in named.values()]
                    yield Claim(
                        part.figure, sum_formula(figures), tuple(figures), ">=", name_of(part), "所点名各类之和"
                    )  # fmt: skip


@rule("R110", "reached-persons", Severity.QUESTION, source="tie-outs")
def reached_persons(facts: Facts) -> Iterator[Outcome]:
    """惠及（去重后）人数不应少于任一单项人数，也不应多于各单项之和；点名合计的对象数不应少于各类之和。

    Formula  max(各单项) ≤ 惠及人数 ≤ Σ 各单项
    Flags    2243例享受甲补贴、2703例享受乙补贴，惠及5811名
    Passes   2243例享受甲补贴、2703例享受乙补贴，惠及3811名
    """
    for sentence in facts.sentences():
        for n, reached in enumerate(sentence):
            if reached.kind != "count" or not re.search("惠及|受益|去重", reached.lead[-10:]):
                continue
            parts = [f for f in sentence[:n] if f.kind == "count" and f.unit in HEADS and f.role == "level"][-2:]
            if len(parts) < 2 or "、" not in facts.between(*parts) or "；" in facts.between(parts[0], reached):
                continue
            a, b = (p.figure for p in parts)
            name = name_of(reached)
            yield Claim(reached.figure, f"{a.id} + {b.id}", (a, b), "<=", name, "各单项之和", doubt="各单项可能未列全")
            yield Claim(reached.figure, f"max({a.id}, {b.id})", (a, b), ">=", name, "单项人数", doubt="单项可能按人次计")


HEADS = ("人", "名", "例", "户", "人次")


AGE = re.compile(r"周?岁")


@rule("R108", "brackets-meet", Severity.QUESTION, source="tie-outs")
def brackets_meet(facts: Facts) -> Iterator[Outcome]:
    """年龄等分档应首尾相接，不留空档、不重叠。

    Formula  下一档起点 = 上一档终点 + 1
    Flags    80-89周岁每月50元，91-99周岁每月100元
    Passes   80-89周岁每月50元，90-99周岁每月100元
    """
    for sentence in facts.sentences():
        ages = [f for f in sentence if AGE.fullmatch(f.figure.quantity.unit)]
        for upper, lower in zip(ages[1::2], ages[2::2], strict=False):
            low = ages[ages.index(upper) - 1]
            if low.value < upper.value and facts.between(low, upper) in ("-", "—", "–", "~", "～", "至", "到", "－"):
                yield Claim(lower.figure, f"{upper.figure.id} + 1", (upper.figure,), subject="分档起点", basis="上一档终点加1")


def digit_slip(a: Figure, b: Figure) -> bool:
    """Do two prints differ by one digit, or by two neighbours that changed places?"""
    if a.quantity.text.count(".") != b.quantity.text.count("."):
        return False
    x, y = (re.sub(r"\D", "", f.quantity.text) for f in (a, b))
    if len(x) != len(y) or len(x) < 3:
        return False
    wrong = [i for i, (c, d) in enumerate(zip(x, y, strict=True)) if c != d]
    if len(wrong) == 1:
        return True
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and x[wrong[0]] == y[wrong[1]] and x[wrong[1]] == y[wrong[0]]
