"""R502, R504: totals, weights and grades. 总分、权重合计、等级。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, takewhile, zip_longest

from ..facts import Fact, Facts
from ..findings import Severity
from ..indicators import Section, sections
from . import Claim, Found, Outcome, rule, sum_formula
from .common import name_of

OF_TOTAL = re.compile(r"的(?:自评|综合|绩效)*(?:总分|得分|评分)")
TOTAL_SCORE = re.compile(
    r"总分|总评分|综合评价得分|综合得分|总得分|自评(?:综合)?得分|评价得分|最终得分|综合评分|自评结果|自评总|绩效得分|绩效自评得分|自评得$|(?:合计|共计|总计|累计)(?:自评)?得分?$"
)


WHOLE_SCORE = re.compile("总分|综合|总得分|总评分|合计|最终得分")
SAID_BEHIND = re.compile("[，、](?:该项)?(?:分值|满分|权重)(?:为|：)?")
ALL = re.compile("(?:合计|共计|总计)(?:权重|分值|满分)?$")
FULL = re.compile("（(?:满分|分值|权重|总分|共)?(?:为|：)?")
Pair = tuple[Fact, Fact]


@rule("R502", "total-score", Severity.ERROR, source="scoring")
def total_score(facts: Facts) -> Iterator[Outcome]:
    """自评总分应等于各指标得分（含预算执行率得分）之和；各分值之和应为100分。

    Why      总分是各项得分的结果，相加不符时等级也可能不对
    Formula  总分 = Σ 得分;  Σ 分值 = 100
    Flags    自评总分96.00分。
             （一）投入：分值20分，得分18分。
             （二）过程：分值30分，得分28分。
             （三）产出：分值50分，得分47分。
    Passes   自评总分93.00分。
             （一）投入：分值20分，得分18分。
             （二）过程：分值30分，得分28分。
             （三）产出：分值50分，得分47分。
    """
    scored = sections(facts)
    yield from _within_sections(scored)
    yield from _within_paragraph(facts)
    yield from _below(facts)
    top = [s for s in scored if s.level == min(x.level for x in scored)]
    leaves = [s for s, after in zip_longest(scored, scored[1:]) if not after or after.level <= s.level]
    ways = [[(s.weight, s.score) for s in chosen] for chosen in (top, leaves)]
    ways = [way for way in [*ways, _scored_pairs(facts)] if len(way) >= 3 or _hundred(way)]
    ways += _whole_in_a_paragraph(facts)
    full = Decimal(facts.scoring["execution_weight"])
    sums = [sum((weight.value for weight, _ in way), Decimal(0)) for way in ways]
    for way, points in zip(ways, sums, strict=True):
        if points in (100, 100 - full):
            yield from _total(facts, way, points != 100)
            return
    for way, points in zip(ways, sums, strict=True):
        if said := next(
            (f for f in facts if f.measure == "分值" and f.value == points and ALL.search(f.lead)), None
        ):
            figures = tuple(weight.figure for weight, _ in way)
            yield Claim(said.figure, sum_formula(figures), figures, subject="分值合计", basis="各分值相加")
            yield from _total(facts, way, False, points)
            return
    for way, points in zip(ways, sums, strict=True):
        if abs(points - 100) <= 20:
            yield _points(facts, way, doubt="文中可能未列全部指标")
            return


def _scored_pairs(facts: Facts) -> list[Pair]:
    """Every “分值……得分……” of the text, a total beside its 100 points apart."""
    pairs: list[Pair] = []
    for index in range(len(facts.paragraphs)):
        here = pairs_in([f for f in facts.in_paragraph(index) if f.kind == "score"])
        here = [(w, s) for w, s in here if w.value != 100]
        if not any(WHOLE_SCORE.search(s.lead) and "指标" not in w.lead for w, s in here):
            pairs += here
    return pairs


def _hundred(way: list[Pair]) -> bool:
    return len(way) > 1 and sum(weight.value for weight, _ in way) == 100


def pairs_in(row: list[Fact]) -> list[Pair]:
    """Weight and score side by side in a paragraph: 分值10分，得9分; 9分（满分10分）."""
    behind = [(w, s) for s, w in pairwise(row) if FULL.fullmatch(s.tail) and w.measure == "分值"]
    after: list[Pair] = []
    last = None
    for one, other in pairwise(row):
        if one is last:
            continue
        if one.measure == "分值" and (other.measure == "得分" or other.lead in ("＝", "=")):
            after.append((one, other))
            last = other
        elif (one.measure, other.measure) == ("得分", "分值") and SAID_BEHIND.fullmatch(other.lead):
            after.append((other, one))  # 得9.46分，分值10分
            last = other
    # A score above the points of another sentence is not theirs: 效果指标25分。经自评，得分97.94分.
    return behind or [(w, s) for w, s in after if s.value <= w.value or s.sentence == w.sentence]


def _points_in(facts: Facts, index: int) -> list[Fact]:
    return [f for f in facts.in_paragraph(index) if f.kind == "score"]


def _whole_in_a_paragraph(facts: Facts) -> Iterator[list[Pair]]:
    """其中履职效能权重50分，自评47.8分；管理效率权重50分，自评46.61分: the 100 points in two or more parts."""
    for sentence in facts.sentences():
        row = [f for f in sentence if f.kind == "score"]
        pairs = [
            (w, s) for w, s in pairwise(row) if (w.measure, s.measure) == ("分值", "得分") and w.value < 100
        ]
        if _hundred(pairs):
            yield pairs
    for index in range(len(facts.paragraphs)):
        yield from (way for way in in_turn(_points_in(facts, index)) if _hundred(way))


def in_turn(row: list[Fact]) -> Iterator[list[Pair]]:
    """权重依次为15分、25分，得分依次为14分、24分; 预算30分、产出40分，对应得分28.5分、38.8分: each weight with its score."""
    runs: list[list[Fact]] = []
    for fact in row:
        begins = not runs or fact.measure != runs[-1][-1].measure or not re.match("[、，和及]", fact.lead)
        if fact.measure not in ("分值", "得分") or WHOLE_SCORE.search(fact.lead):
            begins = True
        if begins or re.search("依次|分别", fact.lead):
            runs.append([])
        runs[-1].append(fact)
    for weights, scores in pairwise(runs):
        if len(weights) == len(scores) + 1 and weights[0].value == sum(w.value for w in weights[1:]):
            weights = weights[1:]  # 按照100分制，预算管理30分……
        said = re.search("依次|分别|对应|自评|得分", scores[0].lead) and scores[0].measure == "得分"
        if said and weights[0].measure == "分值" and len(weights) == len(scores) > 1:
            yield list(zip(weights, scores, strict=True))


def label(fact: Fact) -> str:
    """What points are said to be for: 整体效能 in “、整体效能25分” and “1.整体效能扣0.9分”."""
    words = re.split("[：；，、。.]", fact.lead)[-1]
    return re.sub("^.*(?:下设|包括|其中|指标)|(?:分值|权重|满分|占|为|扣|扣减|失分)+$", "", words)


def every_pair(facts: Facts) -> list[Pair]:
    """All weights with their scores that the text tells, side by side or in turn."""
    found: list[Pair] = []
    for index in range(len(facts.paragraphs)):
        row = _points_in(facts, index)
        turns = [pair for pairs in in_turn(row) for pair in pairs]
        found += turns or pairs_in(row)
    return found


def _below(facts: Facts) -> Iterator[Outcome]:
    """履职效能50分，得48.6分。履职效能下设整体效能25分、专项效能25分，得分依次为24.1分、24.5分"""
    known: dict[str, Pair] = {}
    for index in range(len(facts.paragraphs)):
        row = _points_in(facts, index)
        for pairs in in_turn(row):
            said = BELOW.search(pairs[0][0].lead)
            whole = known.get(said["whole"]) if said else None
            for total, parts in zip(whole or (), zip(*pairs, strict=True), strict=False):
                figures = tuple(f.figure for f in parts)
                yield Claim(
                    total.figure, sum_formula(figures), figures, subject=f"{said['whole'] if said else ''}{total.measure}",
                    basis="下级各项相加", advice="请核对各级分值、得分",
                )  # fmt: skip
        for weight, score in pairs_in(row):
            if weight.value < 100:
                known.setdefault(label(weight), (weight, score))


BELOW = re.compile(
    r"(?:^|[。；，：])(?P<whole>[^。；，：]{2,14}?)(?:下设|下含|包括|包含|分为|由)[^。；，：]*$"
)


def _within_paragraph(facts: Facts) -> Iterator[Outcome]:
    """绩效管理（12分）：制度4分得4分，申报4分得3.5分，监控4分得3.5分，自评11分: where the points add up, so must the scores."""
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score" and f.measure in ("分值", "得分")]
        inner = row[1:-1]
        pairs = list(zip(inner[::2], inner[1::2], strict=False))
        if (
            len(pairs) < 2
            or len(inner) % 2
            or any((w.measure, s.measure) != ("分值", "得分") for w, s in pairs)
        ):
            continue
        weight, score = row[0], row[-1]
        weights, scores = zip(*((w.figure, s.figure) for w, s in pairs), strict=True)
        if (weight.measure, score.measure) == ("分值", "得分") and weight.value == sum(
            w.value for w, _ in pairs
        ):
            yield Claim(
                weight.figure, sum_formula(weights), weights, subject=name_of(weight), basis="下级分值相加"
            )
            yield Claim(
                score.figure, sum_formula(scores), scores, subject=name_of(score), basis="下级得分相加",
                advice="请核对各级得分",
            )  # fmt: skip


def _within_sections(scored: list[Section]) -> Iterator[Outcome]:
    """A section's points and score are the sums of its sub-sections'."""
    for n, section in enumerate(scored):
        below = list(takewhile(lambda s, level=section.level: s.level > level, scored[n + 1 :]))  # type: ignore[misc]
        children = [s for s in below if s.level == below[0].level]
        if len(children) < 2:
            continue
        for total, parts in (
            (section.score, [c.score for c in children]),
            (section.weight, [c.weight for c in children]),
        ):
            figures = tuple(f.figure for f in parts)
            yield Claim(
                total.figure, sum_formula(figures), figures, subject=name_of(total),
                basis="下级各项相加", advice="请核对各级分值、得分",
            )  # fmt: skip


def _total(
    facts: Facts, way: list[Pair], without_execution: bool, points: Decimal = Decimal(100)
) -> Iterator[Outcome]:
    """The total against its parts; the execution score's 10 points may be left unsaid."""
    inside = {f for pair in way for f in facts.in_paragraph(pair[1].paragraph)}
    outside = [f for f in facts if f.kind == "score" and f.paragraph >= 0 and f not in inside]
    execution = [
        f for f in outside if f.measure == "得分" and "执行率" in facts.place(f).text[: f.start][-80:]
    ]
    totals = [f for f in facts if f.kind == "score" and f.paragraph >= 0]
    totals = [
        f
        for n, f in enumerate(totals)
        if (f.measure == "得分" and TOTAL_SCORE.search(f.lead))
        or OF_TOTAL.match(f.tail)
        or (n and totals[n - 1].value == 100 and totals[n - 1].measure == "分值" and f.measure == "得分")
    ]
    totals = [f for f in totals if f not in execution and f not in {s for _, s in way}]
    scores = [*(execution[:1] if without_execution else []), *(score for _, score in way)]
    figures = tuple(f.figure for f in scores)
    unsaid = facts.scoring["execution_weight"] if without_execution and not execution else 0
    for total in {f.value: f for f in reversed(totals)}.values():
        if unsaid and 0 <= total.value - sum(f.value for f in scores) <= unsaid:
            continue  # the rest may be what the execution rate earned
        yield Claim(
            total.figure, sum_formula(figures), figures, subject="自评总分",
            basis=f"{len(figures)}项得分相加", advice="请核对各项得分与总分",
        )  # fmt: skip
    for again in totals[1:]:
        if again.value != totals[0].value:
            yield Claim(
                again.figure, totals[0].figure.id, (totals[0].figure,), subject="自评总分", basis="前文所载总分",
                advice="请核对各处总分",
            )  # fmt: skip
    if points == 100:
        yield _points(facts, way)


def _points(facts: Facts, way: list[Pair], doubt: str = "") -> Claim:
    full = Decimal(facts.scoring["execution_weight"])
    figures = tuple(weight.figure for weight, _ in way)
    unsaid = sum((weight.value for weight, _ in way), Decimal(0)) == 100 - full
    return Claim(
        None, sum_formula(figures) + (f" + {full}" if unsaid else ""), figures, subject="分值合计",
        stated=Decimal(100), unit="分", doubt=doubt, advice="请核对各指标分值",
    )  # fmt: skip


GRADE = re.compile(
    r"[“\"]?(?P<grade>优秀|良好|合格|不合格|较差|优|良|中|差)[”\"]?(?:等次|等级|级|档)?(?=[，。；）”\"]|$)"
)
GRADE_LEAD = re.compile(
    r"(?:等级|等次|档次|级别)$|(?:等级|等次|结果|评定|评为|档次|级别)[^，。；]{0,8}[为是：“\"]$"
)


@rule("R504", "grade", Severity.ERROR, source="grades")
def grade(facts: Facts) -> Iterator[Outcome]:
    """评价等级应与得分相符：优90—100，良80—90，中60—80，差60以下（各档含下限）。

    Why      等级由得分决定，写错会影响结果应用
    Formula  下限 ≤ 得分 < 上限
    Flags    自评综合得分85.25分，评价等级为“优”。
    Passes   自评综合得分85.25分，评价结果为“良”。
    """
    bands = facts.scoring["grades"]
    for fact in facts:
        if fact.kind != "score" or fact.paragraph < 0:
            continue
        summed = fact.measure == "得分" and re.search("[合共总]计$", fact.lead)
        if not summed and not TOTAL_SCORE.search(fact.lead):
            continue
        if any(fact is s and w.value != 100 for w, s in pairs_in(_points_in(facts, fact.paragraph))):
            continue  # 投入20分自评得19.5分: a part
        tail = facts.after(fact)[:120]
        for match in GRADE.finditer(tail):
            if not GRADE_LEAD.search(tail[: match.start()]):
                continue
            band = next((b for b in bands if match["grade"] in b["names"]), None)
            if band:
                below = fact.value >= band["below"] and band["below"] < 100
                limit = Decimal(str(band["below"])) - Decimal("0.01") if below else band["from"]
                yield Claim(
                    fact.figure, str(limit), (), "<=" if below else ">=", f"评价等级“{match['grade']}”的得分",
                    "该等级的上限" if below else "该等级的下限",
                    also=(facts.place(fact).span(fact.end + match.start(), fact.end + match.end()),),
                    advice="请核对得分与等级",
                )  # fmt: skip
            break


@rule("R525", "grade-and-score", Severity.NOTE, source="grades")
def grade_and_score(facts: Facts) -> Iterator[Outcome]:
    """写了等级的应有得分；说了要评等级的，有得分也应有等级。

    Formula  有总分 ⇔ 有等级
    Flags    经自评，评价等级为“良”。
    Passes   经自评，综合得分85.25分，评价等级为“良”。
    """
    totals = [f for f in facts if f.kind == "score" and f.paragraph >= 0 and TOTAL_SCORE.search(f.lead)]
    totals = [f for f in totals if f.measure == "得分" and f.value > 50]
    grades = [
        paragraph.span(match.start("grade"), match.end("grade"))
        for paragraph in facts.paragraphs
        for match in GRADE.finditer(paragraph.text)
        if GRADE_LEAD.search(paragraph.text[max(0, match.start() - 15) : match.start()])
    ]
    scored = bool(totals) or any(form.total.get("得分") for form in facts.tables)
    if grades and not scored and not any(f.kind == "score" for f in facts):
        yield Found(f"写了等级“{grades[0].text}”而没有自评得分", (grades[0],), "请补充自评得分")
    elif totals and not grades and any("等级" in p.text or "等次" in p.text for p in facts.paragraphs):
        yield Found(
            f"写了自评得分{totals[0].figure}而没有评价等级", (facts.quote(totals[0]),), "请按得分补充评价等级"
        )
