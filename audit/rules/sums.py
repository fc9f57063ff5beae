"""R101: 分项合计, within a sentence or a paragraph and the list below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, takewhile

from ..facts import Fact, Facts
from ..findings import Severity, Status
from ..glossary import glossary
from ..listing import (
    CLOSES,
    STATE,
    addable,
    adjacent,
    inside_bracket,
    opening,
    parts_below,
    same_measure,
    tie,
    top_level,
)
from ..numerals import parse
from ..quantity import plain
from . import Claim, Found, Outcome, rule, sum_formula
from .common import judged, name_of, slips_apart, sum_claim, unit_slip, within_claim

ALL_OF_IT = re.compile(r"分别为|分别是|构成|组成|具体为|如下")
NEAR = Decimal("0.9")
SPLIT = re.compile(
    r"按[\u4e00-\u9fff]{2,10}(?:分类?|划分|来看|看)?：|按[\u4e00-\u9fff]{2,10}(?:分类?|划分|来看|看)[，为]|(?<=[入出金费额])中[：，]|从[\u4e00-\u9fff]{2,10}看，"
    r"|(?<=。)其中[，：]?|^其中[，：]?|(?:主要)?用于："
)


@rule("R101", "sum-of-parts", Severity.ERROR, source="tie-outs")
def sum_of_parts(facts: Facts) -> Iterator[Outcome]:
    """总数应等于其所列各分项之和（同一句或同一段内）。

    Why      总数与分项出自同一来源，不相加必有一处写错或漏列
    Formula  总数 = Σ 分项（分项之下的分项不重复计）
    Unit     按印出的单位换算后比较；比率不相加
    Flags    基本支出423.70万元，其中人员经费346.25万元、公用经费87.45万元
    Passes   单位共有16个，其中甲类9个、乙类7个，今年新增2个
    """
    for total in facts:
        if total.role not in ("level", "change") or total.figure.quantity.approx or total.paragraph < 0:
            continue
        if total.kind not in ("money", "count", "area", "length", "score") or facts.repeated_in_bracket(
            total
        ):
            continue
        yield from _forward(facts, total)
        yield from _backward(facts, total)
    yield from _split_by(facts)
    yield from _added_to(facts)
    yield from _made_of(facts)
    yield from _remaining(facts)
    yield from _told_above(facts)
    yield from _headed(facts)
    yield from _town_and_country(facts)
    yield from _by_columns(facts)


def _forward(facts: Facts, total: Fact) -> Iterator[Outcome]:
    row = facts.in_paragraph(total.paragraph) if total.role == "change" else []
    if any(
        f.role == "change" and f.sentence == total.sentence and f.direction * total.direction < 0 for f in row
    ):
        return  # 减少200万元，其中甲减少207.70万元、乙增加7.70万元: R204 knows the signs
    behind = [f for f in facts.in_paragraph(total.paragraph) if f.start > total.start]
    in_sentence = [f for f in behind if f.sentence == total.sentence and addable(total, f)]
    opened = opening(facts, total)
    if opened == "below":
        below = parts_below(facts, total)
        first = list({f.paragraph: f for f in reversed(below)}.values())[::-1]
        if ties := tie(total.value, below) or tie(total.value, first):
            yield sum_claim(total, ties)
        return
    if not opened:
        small = total.kind in ("count", "score") and abs(total.value) < 10
        following = [f for f in behind if f.sentence == total.sentence + 1 and addable(total, f)]
        ties = tie(
            total.value, in_sentence or (following if following and _listing(facts, following) else [])
        )
        crossed = total.kind == "count" and ties and "；" in facts.between(total, ties[-1])
        crossed = crossed and not _complements(ties)
        if (
            not small
            and not crossed
            and len([t for t in ties if t.value]) >= 2
            and adjacent(facts, total, ties)
        ):
            yield sum_claim(total, ties)
            yield from _interleaved(facts, total, ties)
            for extra in (f for f in in_sentence if f.start > ties[-1].start and "新" in f.lead):
                if extra.value <= total.value and total.kind != "score":
                    yield within_claim(extra, total)
        yield from _by_clauses(facts, total) if not ties else ()
        if not ties and len(in_sentence) > 2 and adjacent(facts, total, in_sentence):
            rounded = sum_claim(total, in_sentence)
            if judged(rounded) is Status.ROUNDING:
                yield rounded
        run = _joined_run(facts, in_sentence)
        if (
            not ties
            and (len(run) > 3 or (len(run) == 2 and _opposites(run)))
            and total.value > max(f.value for f in run)
            and (slip := _slip(total, run))
        ):
            yield replace(sum_claim(total, run), doubt=slip, advice="请核对总数与各分项")
        return
    inside = inside_bracket(facts, total, in_sentence)
    listed = inside or list(takewhile(lambda f: not STATE.match(f.lead), in_sentence))
    later = [] if inside else [f for f in behind if f.sentence > total.sentence and addable(total, f)]
    tied: list[Fact] = []
    while ties := tie(total.value, listed, 1) or tie(total.value, [*listed, *later]):
        if tied and total.kind == "count" and "；" in facts.between(ties[0], ties[-1]):
            break
        yield sum_claim(total, ties)
        yield from _interleaved(facts, total, ties)
        tied = ties
        # The same total split another way: 按来源……；按功能……
        listed, later = [f for f in listed if f.start > ties[-1].start], []
    if tied:
        for extra in top_level(facts, total, [f for f in listed if f.value < total.value])[:3]:
            if inside or "新增" in extra.lead or "新成立" in extra.lead:
                yield within_claim(extra, total)
        return
    if not (top := top_level(facts, total, listed, keep_new=True)):
        return
    if ties := tie(total.value, top, 1):
        yield sum_claim(total, ties)
    elif opened == "list" or (total.kind == "count" and len(top) > 2 and _slip(total, top)):
        yield from _not_tied(facts, total, top)
    elif len(top) == 1 and not _of_another(top[0], total) and total.kind != "score":
        yield within_claim(top[0], total)


MADE_OF = re.compile(
    r"^，?(?:主要)?(?:由(?P<list>[^。；]*?)(?:构成|组成)|(?:资金)?来源(?:为|包括|于|是)(?P<source>[^。；]*))"
)
REST = re.compile(r"(?:尚有|其余|剩余|还有|余下|仍有)[^，。；\d]{0,8}$|未(?P<verb>[\u4e00-\u9fff]{1,3})$")


def _made_of(facts: Facts) -> Iterator[Outcome]:
    """全年预算数100万元，由年初预算80万元和追加20万元构成: the parts may be of other readings than the whole."""
    for total in facts:
        said = MADE_OF.match(facts.after(total)) if total.role == "level" and total.paragraph >= 0 else None
        if not said:
            continue
        end = total.end + said.end()
        row = [
            f
            for f in facts.in_paragraph(total.paragraph)
            if total.start < f.start < end and f.role == "level"
        ]
        parts = [f for f in row if (f.unit, f.kind) == (total.unit, total.kind)]
        if len(parts) > 1:
            yield sum_claim(total, tie(total.value, parts) or parts)


ABOVE = re.compile(
    r"(?:上述|以上)(?:[一二三四五六七八九十\d]+[项个类])?[^，。；\d]{0,8}(?:合计|共计|总计|共)[^，。；\d]{0,6}$"
)


def _by_columns(facts: Facts) -> Iterator[Outcome]:
    """项目共8个，预算1557万元，执行1416万元。（1）甲类项目5个，预算……（2）乙类项目3个，预算……: column by column.

    Where one column adds up, the others are held to it.
    """
    for index in range(len(facts.paragraphs)):
        head = [f for f in facts.in_paragraph(index) if f.role == "level" and f.kind in ("money", "count")]
        level = facts.paragraphs[index + 1].depth if head and index + 1 < len(facts.paragraphs) else 0
        below: list[list[Fact]] = []
        for child in range(index + 1, min(len(facts.paragraphs), index + 40)):
            paragraph = facts.paragraphs[child]
            if paragraph.depth == level >= 3:
                below.append([f for f in facts.in_paragraph(child) if f.role == "level"][:6])
            elif (paragraph.level and paragraph.level < max(level, 3)) or level > 4:
                break
        if not 1 < len(below) < 12:
            continue
        columns: list[tuple[Fact, list[Fact]]] = []
        for total in head[:6]:
            firsts = [next((f for f in row if _same_column(total, f)), None) for row in below]
            found = [f for f in firsts if f is not None]
            again = any((total.measure, total.unit) == (t.measure, t.unit) for t, _ in columns)
            if len(found) == len(below) and not again:
                columns.append((total, found))
        tied = [sum(p.value for p in parts) == total.value for total, parts in columns]
        if any(tied) and len(columns) > 1:
            for (total, parts), right in zip(columns, tied, strict=True):
                claim = sum_claim(total, parts)
                yield (
                    claim
                    if right
                    else replace(claim, doubt=_slip(total, parts) or "其他各栏相加正好相符，此栏不符")
                )


def _same_column(total: Fact, part: Fact) -> bool:
    same = (total.unit, total.kind) == (part.unit, part.kind)
    return same and (total.kind == "count" or (bool(total.measure) and same_measure(total, part)))


def _town_and_country(facts: Facts) -> Iterator[Outcome]:
    """城市低保……815户1246人。农村低保……3942户6518人。城乡合计4757户7764人."""
    for total in facts:
        row = facts.in_paragraph(total.paragraph) if total.kind == "count" and total.role == "level" else []
        beside = next(
            (f for f in reversed(row) if f.start < total.start and f.sentence == total.sentence), None
        )
        words = total.lead if len(total.lead) > 1 or beside is None else beside.lead  # 4757户7764人
        if not row or not re.search(r"城乡[^，。；\d]{0,4}(?:合计|共计|总计|共)", words):
            continue
        before = [f for i in range(total.paragraph - 2, total.paragraph + 1) for f in facts.in_paragraph(i)]
        before = [f for f in before if f.unit == total.unit and f.kind == "count" and f.role == "level"]
        before = [f for f in before if (f.paragraph, f.start) < (total.paragraph, total.start)]
        town = [f for f in before if re.search("城市|城镇", facts.place(f).title + f.lead)]
        country = [f for f in before if "农村" in facts.place(f).title + f.lead and f not in town]
        pairs = [(a, b) for a in town for b in country]
        if tied := next((p for p in pairs if p[0].value + p[1].value == total.value), None):
            yield sum_claim(total, tied)
        elif len(pairs) == 1:
            yield replace(sum_claim(total, pairs[0]), doubt="城乡两数的时点可能不同")


HEADED = re.compile(r"^由(?P<list>[^。；]*?)(?:构成|组成)")


def _headed(facts: Facts) -> Iterator[Outcome]:
    """2.项目支出。由甲30万元、乙20万元组成: of the amount that the heading's item has elsewhere."""
    for index, paragraph in enumerate(facts.paragraphs):
        start = paragraph.marker + len(paragraph.title) + 1
        said = HEADED.match(paragraph.text[start:])
        named = glossary().item_in(paragraph.title) if said else None
        if not said or not named:
            continue
        row = [f for f in facts.in_paragraph(index) if f.kind == "money" and f.start < start + said.end()]
        wholes = (
            [f for f in facts.near(named[0], row[0]) if f.measure in ("执行", "") and f.paragraph != index]
            if row
            else []
        )
        if len(row) > 1 and wholes:
            tied = next((w for w in wholes if tie(w.value, row)), wholes[0])
            yield sum_claim(tied, row)


def _told_above(facts: Facts) -> Iterator[Outcome]:
    """上述五项支出合计100万元: one amount of each of the paragraphs above that stand in one row."""
    for total in facts:
        if total.kind != "money" or total.role != "level" or not ABOVE.search(total.lead):
            continue
        rows: list[list[Fact]] = []
        level = 0
        for index in range(total.paragraph - 1, max(-1, total.paragraph - 60), -1):
            paragraph = facts.paragraphs[index]
            if paragraph.level and level and paragraph.level < level:
                break
            money = [
                f
                for f in facts.in_paragraph(index)
                if f.kind == "money" and f.role == "level" and not f.period
            ]
            if money and paragraph.level:
                level = level or paragraph.level
                if paragraph.level == level:
                    rows.insert(0, [f for f in money if same_measure(total, f)][:4])
        if 2 < len(rows) < 12 and all(rows):
            tied = _one_of_each(rows, total.value)
            spent = [[f for f in row if f.measure == "执行"][:1] or row[:1] for row in rows]
            yield (
                sum_claim(total, tied)
                if tied
                else replace(sum_claim(total, [row[0] for row in spent]), doubt="各段的数额可能另有口径")
            )


def _one_of_each(rows: list[list[Fact]], rest: Decimal) -> list[Fact]:
    """One fact of each row so that together they make up the rest; empty where none do."""
    if not rows:
        return []
    for fact in rows[0]:
        left = rest - fact.value
        if len(rows) == 1:
            if left == 0:
                return [fact]
        elif left >= 0 and (behind := _one_of_each(rows[1:], left)):
            return [fact, *behind]
    return []


def _remaining(facts: Facts) -> Iterator[Outcome]:
    """5个问题，已办结4个，尚有1个……; 受理9846件……审结9528件……未结318件: what was done and what is left."""
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.role == "level" and f.kind in ("count", "money")]
        for n, rest in enumerate(row):
            said = REST.search(rest.lead)
            if not said or rest.figure.quantity.approx:
                continue
            before = [f for f in row[max(0, n - 10) : n] if (f.unit, f.period) == (rest.unit, rest.period)]
            done = [f for f in before if not said["verb"] or set(said["verb"]) & set(f.lead[-6:])]
            pairs = [(a, b) for b in reversed(done) for a in reversed(before) if a.start < b.start]
            tied = next((p for p in pairs if p[0].value == p[1].value + rest.value), None)
            if tied or (said["verb"] and pairs):
                total, part = tied or max(pairs, key=lambda p: p[0].value)
                yield Claim(
                    rest.figure, f"{total.figure.id} - {part.figure.id}", (total.figure, part.figure),
                    subject=name_of(rest), basis=f"{name_of(total)}减{name_of(part)}",
                    doubt="剩余的可能另有口径", advice="请核对总数、已完成数与剩余数",
                )  # fmt: skip


def _listing(facts: Facts, following: list[Fact]) -> bool:
    """Does the sentence behind a total list its parts: 其中……, or three of them joined by 、?"""
    return "其中" in following[0].lead or len(_joined_run(facts, following)) > 2


OPPOSITES = (
    ("集中", "分散"),
    ("城市", "农村"),
    ("城镇", "农村"),
    ("男", "女"),
    ("公办", "民办"),
    ("机构", "散居"),
)


def _opposites(parts: list[Fact]) -> bool:
    """集中供养318人、分散供养798人: between them they are all there is"""
    a, b = (p.lead for p in parts)
    return any((x in a and y in b) or (y in a and x in b) for x, y in OPPOSITES)


def _complements(parts: list[Fact]) -> bool:
    """不合格29批次，合格1257批次"""
    a, b = (re.sub("[为是有]$", "", f.lead)[-6:] for f in parts[:2]) if len(parts) == 2 else ("", "?")
    return any(x.endswith((f"不{y[-2:]}", f"未{y[-2:]}")) for x, y in ((a, b), (b, a)))


def _interleaved(facts: Facts, total: Fact, parts: list[Fact]) -> Iterator[Outcome]:
    """2145人次，其中甲班6期318人次、乙班26期1827人次: the figures told with the parts make up a total as well."""
    row = [
        f for f in facts.in_paragraph(total.paragraph) if f.role == "level" and not f.figure.quantity.approx
    ]
    beside: dict[str, list[Fact]] = {}
    for part in parts:
        close = [
            f
            for f in row
            if f.sentence == part.sentence and f.unit != part.unit and f.kind in ("count", "money")
        ]
        for fact in (f for f in close if 0 < part.start - f.end <= 4 or 0 < f.start - part.end <= 4):
            beside.setdefault(fact.unit, []).append(fact)
    for unit, also in beside.items():
        if len(also) == len(parts):
            value = sum(f.value for f in also)
            wholes = [f for f in row if f.unit == unit and f.start < parts[0].start and f.value == value]
            yield from (sum_claim(whole, also) for whole in wholes[-1:])


def _by_clauses(facts: Facts, total: Fact) -> Iterator[Outcome]:
    """资助1187人次。资助甲类126人次，每人500元，计6.3万元；资助乙类……: one part in each of three clauses or more."""
    if total.kind not in ("count", "money") or (facts.place(total).level == 0 and total.sentence > 3):
        return
    text = facts.place(total).text
    stops = [
        total.end,
        *(m.start() for m in re.finditer("[；。]", text) if m.start() >= total.end),
        len(text),
    ]
    row = [f for f in facts.in_paragraph(total.paragraph) if f.start > total.end and addable(total, f)]
    parts: list[Fact] = []
    for start, stop in pairwise(stops):
        inside = [f for f in row if start <= f.start < stop and not f.period]
        if inside:
            parts.append(inside[0])
        elif parts:
            break
        if len(parts) > 2 and sum(p.value for p in parts) == total.value:
            yield sum_claim(total, parts)
            return


def _joined_run(facts: Facts, parts: list[Fact]) -> list[Fact]:
    """公共场所1215户、医疗机构684户、学校137户: the first part and those joined to it by 、."""
    run = parts[:1]
    for part in parts[1:]:
        if not re.match("、[^，。；、]*$", facts.between(run[-1], part)):
            break
        run.append(part)
    return run


def _not_tied(facts: Facts, total: Fact, parts: list[Fact]) -> Iterator[Outcome]:
    """The parts do not make up the total: a wrong unit, a slip, or a list that is not meant to be whole."""
    listed = sum((p.value for p in parts), Decimal(0))
    figures = [p.figure for p in parts]
    subject = name_of(total)
    for other in _other_totals(facts, total, parts):
        if other.value == listed or judged(sum_claim(other, parts)) is Status.ROUNDING:
            # 本年支出100万元……年末结转3万元。其中，基本支出……: the list belongs to a total further up.
            yield sum_claim(other, parts)
            return
    if slip := unit_slip(total, parts):
        yield Claim(
            total.figure, sum_formula(figures), tuple(figures), subject=subject, code="R601",
            basis=f"“{slip.figure}”若按万元计，各分项正好相加为{total.figure}；照印出的单位相加",
            advice=f"“{slip.figure}”的单位疑应为万元，请核对", cause=slip.figure,
        )  # fmt: skip
        return
    if len(parts) == 1:
        if total.kind != "score" and not _of_another(parts[0], total):
            yield within_claim(parts[0], total)
        return
    whole = _known_whole(total, parts)
    words = facts.between(total, parts[0])
    reached = re.search("惠及|受益|覆盖", total.lead[-8:]) and total.kind == "count"
    if "满意" in words or reached:
        return  # of 1200 persons asked, so many were content; who gets two benefits is reached once
    claim = Claim(
        total.figure, sum_formula(figures), tuple(figures), subject=subject, basis=f"所列{len(parts)}项相加",
        advice="请核对总数与各分项，或补列遗漏的分项",
    )  # fmt: skip
    whole = whole or (len(parts) > 2 and "其他" in parts[-1].lead)
    if whole or (ALL_OF_IT.search(words) and listed > total.value * NEAR):
        yield claim
    elif listed > total.value:
        if (
            (total.own_item or _slip(total, parts))
            and listed <= total.value * 2
            and (
                total.kind == "money"
                or len(parts) > 2
                or re.search("其中：|分别|包括", words)
                or _complementary(parts)
            )
        ):
            yield replace(
                claim, doubt=_slip(total, parts) or "“其中”各项之和大于总数，各项之间可能有重复或口径不同"
            )
    elif listed >= total.value * NEAR and len(parts) > 1:
        yield replace(claim, doubt=_slip(total, parts) or "“其中”可能未列全，差额去向请单位说明")
    else:
        for part in parts:
            yield within_claim(part, total)
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
    return [
        f for f in row if f is not total and f.start < parts[0].start and f.unit == total.unit and f.role == "level"
    ]  # fmt: skip


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


def _of_another(part: Fact, total: Fact) -> bool:
    """Is the part known to belong to another whole than this one?"""
    wholes = {whole for whole, items in glossary().partitions.items() if part.item in items}
    return bool(wholes) and total.item not in wholes


def _complementary(parts: list[Fact]) -> bool:
    """脱贫村13个、非脱贫村9个: kinds of one thing, which cannot overlap."""
    ends = {p.item[-1:] for p in parts if p.own_item}
    return len(ends) == 1 and all(p.own_item and len(p.item) > 1 for p in parts)


def _slip(total: Fact, parts: list[Fact]) -> str:
    """The one figure that would make the sum right with one digit changed, or two that change places."""
    gap = total.value - sum((p.value for p in parts), Decimal(0))
    for fact, right in [(total, total.value - gap), *((p, p.value + gap) for p in parts)]:
        quantity = fact.figure.quantity
        meant = plain(quantity.printed_like(right))
        digits = re.sub(r"\D", "", quantity.text)
        if right > 0 and slips_apart(digits, re.sub(r"\D", "", meant)):
            return f"“{fact.figure}”若为{meant}{quantity.unit}，则正好相加，疑为笔误"
    return ""


def _of_so_many(facts: Facts, total: Fact) -> Claim | None:
    """生活补贴1432人，护理补贴2105人，两项共计3537人次: the so many amounts right before."""
    told = NUMBER_OF.search(total.lead)
    count = int((parse(told["count"]) or 0) if told else 0)
    row = [
        f
        for f in facts.in_paragraph(total.paragraph)
        if f.sentence == total.sentence and f.start < total.start
    ]
    like = [f for f in row if f.kind == total.kind and f.role == "level" and not f.figure.quantity.approx]
    like = [f for f in like if f.unit == total.unit or {f.unit, total.unit} == {"人", "人次"}]
    if not 1 < count <= len(like):
        return None
    if count == 2:  # 孤儿38人，其中……；事实无人抚养儿童214人，两类儿童共252人
        pairs = [[a, b] for i, b in enumerate(reversed(like)) for a in reversed(like[: len(like) - 1 - i])]
        tied = next((p for p in pairs if p[0].value + p[1].value == total.value), None)
        if tied:
            return sum_claim(total, tied)
    parts = tie(total.value, like[-int(count) :]) or like[-count:]
    return replace(sum_claim(total, parts), doubt="所指的各项可能不是紧接的几项")


def _run_before(facts: Facts, total: Fact) -> Claim | None:
    """每期分别102人、96人、91人参加，累计289人次: a run of three or more right before what closes it."""
    if total.unit not in ("人", "人次") or not re.search("累计|合计|共计|共|总计", total.lead[-8:]):
        return None
    run: list[Fact] = []
    for fact in reversed([f for f in facts.in_paragraph(total.paragraph) if f.start < total.start]):
        if (
            fact.unit not in ("人", "人次")
            or fact.sentence != total.sentence
            or (run and run[0].lead != "、")
        ):
            break
        run.insert(0, fact)
    return replace(sum_claim(total, run), doubt="所列的可能不全") if len(run) > 2 else None


def _backward(facts: Facts, total: Fact) -> Iterator[Outcome]:
    if claim := _of_so_many(facts, total) or _run_before(facts, total):
        yield claim
        return
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
            yield sum_claim(total, run)
            return
    if closes and sum(p.value for p in before) <= total.value:
        figures = [p.figure for p in before]
        yield Claim(
            total.figure,
            sum_formula(figures),
            tuple(figures),
            ">=",
            name_of(total),
            "所列各项之和",
            quiet=True,
        )


NUMBER_OF = re.compile(
    r"(?P<count>[两二三四五六七八九十]|\d)[项类种]?(?:资金|支出|补贴|儿童|人员|对象)?(?:共计|合计|总计|共)[^，。；\d]{0,4}$"
)


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
                    yield sum_claim(total, [start, *added])
                    break


def _split_by(facts: Facts) -> Iterator[Outcome]:
    """按资金性质分：……；按支出性质分：……；基本支出中：……: each a whole split of a total before it.

    A sentence that says no such thing is one where three or more of its amounts make up a total above.
    """
    for index, paragraph in enumerate(facts.paragraphs):
        text = paragraph.text
        row = [f for f in facts.in_paragraph(index) if f.role == "level"]
        said = {m.end(): 2 for m in SPLIT.finditer(text)}
        for start in said:  # 按自理能力分，全失能97人、半失能142人、全自理887人
            counts = [f for f in row if f.kind == "count" and not re.search("[；。]", text[start : f.start])]
            inside = [f for f in counts if f.start >= start]
            whole = (
                [f for f in row if f.kind == "count" and f.start < start and f.sentence == inside[0].sentence]
                if inside
                else []
            )
            if claim := _split_of(whole, inside, text[:start], 2):
                yield claim
        starts = {0: 3, **{m.end(): 3 for m in re.finditer("[。；]", text)}, **said}
        if not (money := [f for f in row if f.kind == "money"]):
            if text.endswith("："):
                yield from _split_below(facts, index)
            continue
        above = _above(facts, index)
        for start, at_least in sorted(starts.items()):
            totals = _each_once([*above, *(f for f in money if f.start < start)])
            for mark in "；。":
                stop = text.find(mark, start)
                stop = stop if stop >= 0 else len(text)
                behind = [f for f in money if start <= f.start < stop]
                if claim := _split_of(reversed(totals), behind, text[:start], at_least):
                    yield claim
                    break
                if start in said and mark == "。" and (claim := _split_amiss(totals, behind, text[start:])):
                    yield claim


def _above(facts: Facts, index: int) -> list[Fact]:
    """Amounts of the four paragraphs above, the first of each value."""
    row = [f for i in range(index - 4, index) for f in facts.in_paragraph(i) if f.role == "level"]
    return _each_once(f for f in row if f.kind == "money")


def _each_once(totals: Iterable[Fact]) -> list[Fact]:
    return list({f.value: f for f in reversed(list(totals))}.values())[::-1]


def _split_below(facts: Facts, index: int) -> Iterator[Outcome]:
    """按支出功能分类：, then one part in each paragraph below, down to one that closes the list."""
    parts: list[Fact] = []
    for below in range(index + 1, min(len(facts.paragraphs), index + 60)):
        row = [f for f in facts.in_paragraph(below) if f.role == "level" and f.kind == "money"]
        if not row or facts.paragraphs[below].level in (1, 2):
            break
        parts.append(row[0])
        if facts.paragraphs[below].text.endswith("。"):
            break
    if claim := _split_of(reversed(_above(facts, index)), parts, "", 3):
        yield claim


def _split_amiss(totals: list[Fact], parts: list[Fact], words: str) -> Claim | None:
    """其中，就业补助资金用于……: parts that miss, by a slip, the amount told above of what they name."""
    named = [t for t in totals if t.own_item and len(t.item) >= 4 and words.startswith(t.item)]
    listed = [f for f in parts if named and addable(named[-1], f)]
    if len(listed) < 3 or not _slip(named[-1], listed):
        return None
    claim = sum_claim(named[-1], listed)
    return replace(claim, advice="请核对总数与各分项", doubt=_slip(named[-1], listed))


def _split_of(totals: Iterable[Fact], behind: list[Fact], words: str, at_least: int) -> Claim | None:
    """The total that these parts make up; one named right before them may be met within rounding."""
    near = None
    for total in totals:
        parts = [f for f in behind if addable(total, f)]
        if len(parts) >= at_least and (ties := tie(total.value, parts, at_least)):
            return sum_claim(total, ties)
        named = len(parts) > 1 and total.item and words.rstrip("中：，").endswith(total.item)
        if named and near is None:
            claim = sum_claim(total, parts)
            near = claim if judged(claim) is Status.ROUNDING else None
    return near
