"""R521: what is said of a group of indicators (产出指标 50分，得48.5分) against the indicators told below its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..facts import Fact, Facts
from ..findings import Severity
from . import Claim, Outcome, rule, sum_formula
from .scores import TOTAL_SCORE, pairs_in

Pair = tuple[Fact, Fact]
ABOUT = re.compile(
    r"（[^（）]*）|完成情况|实现情况|绩效(?=指标)|情况|分析|指标|维度|方面|部分|[“”：，。、；其中为得共]"
)


@dataclass(frozen=True)
class _Group:
    """A heading and the indicators below it."""

    name: str
    start: int
    stop: int
    pairs: list[Pair]


@dataclass(frozen=True)
class _Said:
    """A weight, a score or both that are told of a group by name."""

    name: str
    weight: Fact | None
    score: Fact | None
    paragraph: int


@rule("R521", "group-points", Severity.ERROR, source="scoring")
def group_points(facts: Facts) -> Iterator[Outcome]:
    """一类指标的分值、得分应等于其下各指标的分值、得分之和。

    Formula  类别分值 = Σ 指标分值;  类别得分 = Σ 指标得分
    Flags    经自评，总得分18分，其中产出指标得18.00分。
             （一）产出指标（20分）
             甲事项分值10分，得分10分。
             乙事项分值10分，得分9分。
    Passes   经自评，总得分19分，其中产出指标得19.00分。
             （一）产出指标（20分）
             甲事项分值10分，得分10分。
             乙事项分值10分，得分9分。
    """
    said = list(_said(facts))
    for group in _groups(facts):
        weights, scores = zip(*group.pairs, strict=True)
        points = sum((w.value for w in weights), Decimal(0))
        named = [s for s in said if s.name == group.name and not group.start < s.paragraph < group.stop]
        told = [s.weight for s in named if s.weight]
        whole = any(w.value == points for w in told)
        for weight in told:
            if whole or points > weight.value:
                yield _claim(
                    weight, list(weights), f"{group.name}分值", "" if whole else "下级指标可能分属不同类别"
                )
        for score in (s.score for s in named if s.score):
            if whole:
                yield _claim(score, list(scores), f"{group.name}得分", "")


def _claim(total: Fact, parts: list[Fact], subject: str, doubt: str) -> Claim:
    figures = tuple(f.figure for f in parts)
    return Claim(
        total.figure, sum_formula(figures), figures, subject=subject, basis=f"其下{len(figures)}项指标相加",
        doubt=doubt, advice="请核对各级分值、得分",
    )  # fmt: skip


def _groups(facts: Facts) -> Iterator[_Group]:
    """Headings of the first two levels below which two or more indicators carry points."""
    for start, paragraph in enumerate(facts.paragraphs):
        if not 1 <= paragraph.level <= 3 or not (name := _bare(paragraph.title)):
            continue
        inside = range(start + 1, len(facts.paragraphs))
        stop = next((i for i in inside if 0 < facts.paragraphs[i].level <= paragraph.level), inside.stop)
        pairs = [pair for i in range(start + 1, stop) for pair in _pairs(facts, i)]
        if len(pairs) > 1:
            yield _Group(name, start, stop, pairs)


def _pairs(facts: Facts, index: int) -> list[Pair]:
    """The indicators of a paragraph; of one that adds up its own parts only the whole."""
    row = [f for f in facts.in_paragraph(index) if f.kind == "score" and f.measure in ("分值", "得分")]
    if len(row) > 2 and len(row) % 2 == 0 and (row[0].measure, row[-1].measure) == ("分值", "得分"):
        inner = row[1:-1]
        if sum(w.value for w in inner[::2]) == row[0].value:
            return [(row[0], row[-1])]
    pairs = pairs_in(row)
    if len(pairs) > 1 and pairs[0][0].value == sum(w.value for w, _ in pairs[1:]):
        return pairs[:1]
    return pairs


def _said(facts: Facts) -> Iterator[_Said]:
    for index, paragraph in enumerate(facts.paragraphs):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score" and f.role == "level"]
        paired = {f for pair in pairs_in(row) for f in pair}
        for weight, score in pairs_in(row):
            first = min(weight, score, key=lambda f: f.start)
            yield _Said(_bare(_words(first)), weight, score, index)
        for fact in row:
            if fact in paired or fact.measure not in ("分值", "得分") or TOTAL_SCORE.search(fact.lead):
                continue
            if fact.measure == "分值" and paragraph.level and fact.start <= 40:
                yield _Said(_bare(paragraph.title), fact, None, index)
            elif fact.measure == "得分":
                yield _Said(_bare(_words(fact)), None, fact, index)


def _words(fact: Fact) -> str:
    words = [w for w in re.split("[，；。：、（）]", fact.lead) if w]
    return re.sub(r"(?:权重|分值|满分|自评|得分?|占|为)+$", "", words[-1]) if words else ""


def _bare(words: str) -> str:
    """产出指标完成情况, 产出指标（50分） and 产出 are one name."""
    return ABOUT.sub("", words)
