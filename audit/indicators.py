"""Indicators and scored sections told in prose: target, actual value, completion rate, weight, score.

Comes in: Facts. Goes out: one `Indicator` per target, one `Section` per heading that carries points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .facts import Fact, Facts
from .source import Span

if TYPE_CHECKING:
    from .annex import FormTable

SIGNS = (
    (
        re.compile(
            r"大于等于|不低于|不少于|不小于|≥|≧|>=|至少|(?<!不)大于|(?<!不)高于|(?<!不)超过|以上|>|＞"
        ),
        ">=",
    ),
    (
        re.compile(
            r"小于等于|不高于|不超过|不多于|不大于|≤|≦|<=|以内|以下|(?<!不)小于|(?<!不)低于|控制在|<|＜"
        ),
        "<=",
    ),
    (re.compile(r"等于|＝|="), "="),
)
# What is better the lower it is, where no sign says so.
LOWER_IS_BETTER = re.compile(r"成本|控制数|失业率|发生率|发病率|死亡率|投诉率|事故|能耗|返贫率")
REASON = re.compile(
    r"偏差(?:的)?(?:主要)?原因|未(?:完成|达标|达到)[^，。；]{0,10}原因|原因(?:是|为|：|分析)|因为|由于|主要是|因[^此而素]|受[^，。；]{2,20}影响|所致|导致|(?:未达标|未完成|未达到?|偏低|偏差)[^，。；]{0,6}系"
)
WHY = re.compile(
    r"(?:原因(?:分析)?(?:主要)?(?:是|为|在于|：)|因为|由于|主要是(?:因为|由于)?|(?=受[^，。；]{2,20}影响))：?"
    r"(?P<why>[^。；]{3,150}?)(?=[，。；]?改进措施|[，。；]?该(?:项)?指标|，?得分|，?得\d|[。；]|$)"
)
REFERS = re.compile(r"[详另]?见附[件表]")
LABELS = {
    **dict.fromkeys(("目标值", "目标", "指标值", "年度指标值", "计划"), "目标"),
    **dict.fromkeys(("实际值", "实际", "完成值", "实际完成值", "完成"), "完成"),
    **dict.fromkeys(("分值", "满分", "权重"), "分值"),
    **dict.fromkeys(("得分", "自评得分", "自评"), "得分"),
}
LABEL_BEHIND = re.compile(f"（({'|'.join(LABELS)})）")
PROBLEMS = re.compile("问题|不足|原因|未达|偏差")
READINGS = ("目标", "年中", "完成", "完成率", "分值", "得分")
SIGN_END = re.compile(r"(?:≥|≧|≤|≦|>=|<=|＝|=|>|<|＞|＜|不[低少小高多大]于|不超过|至少|等于|控制在)[“\"]?$")
AIM = re.compile(r"(?:目标|指标值|任务|考核值|标准值)[^，。；：（）\d]{0,14}$")
PLAN = re.compile(
    r"(?:计划|目标|任务|预期|预计|设定|要求|考核|不[低少小高多大]于|不超过|至少|控制在|≥|≤)[^，。；（）\d]{0,16}$"
)
ACTUAL = re.compile(r"实际|完成|达|已|[，：]为$|结果")
SCORED = ("完成率", "分值", "得分")
CLASS = re.compile(
    r"(?:产出|绩效)?(?:数量|质量|时效|成本|社会效益|经济效益|生态效益|可持续影响|满意度?|效益)(?:指标|目标)"
)
NUMBERED = re.compile(r"^(?:指标[一二三四五六七八九十\d]+[、：.]?|[\d.]+|[①-⑳]|[—\-·]+)+")
MEASURED = ("level", "rate", "standard", "other", "change")
BEYOND = re.compile(r"(?:超额?|多|少|差|未)(?:完成)?$")  # 超额完成18人 is how far beyond, not how many
SAID = re.compile("(?:方面)?(?:预期|设定|计划)?(?:达到|达|为|是|共|约)*$")
ENUMERATED = re.compile(r"[①-⑳]")


@dataclass
class Indicator:
    """facts by measure: 目标, 年中, 完成, 完成率, 分值, 得分; sign is how the target is meant.

    signed  whether the report prints that sign
    why     the reason that is told, with its place
    """

    name: str
    paragraph: int
    sign: str = ">="
    facts: dict[str, Fact] = field(default_factory=dict)
    has_reason: bool = False
    signed: bool = False
    why: Span | None = None

    def __contains__(self, measure: str) -> bool:
        return measure in self.facts

    def __getitem__(self, measure: str) -> Fact:
        return self.facts[measure]

    @property
    def comparable(self) -> bool:
        """Have target and actual value one unit?"""
        return (
            "目标" in self
            and "完成" in self
            and self["目标"].unit == self["完成"].unit
            and self["目标"].kind == self["完成"].kind
        )

    @property
    def missed(self) -> bool:
        """Did the actual value fall short of its target? More than an exact target is no miss."""
        target, actual = self["目标"].value, self["完成"].value
        return actual > target if self.sign == "<=" else actual < target

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(f.figure.span for f in self.facts.values())


@dataclass
class Section:
    """A heading with its points: “2.质量指标15分，得15分”."""

    level: int
    paragraph: int
    weight: Fact
    score: Fact


@dataclass(frozen=True)
class _Stretch:
    """Where one indicator is told: its target, the figures around it, its words."""

    target: Fact
    near: list[Fact]
    start: int
    end: int


def indicators(facts: Facts) -> list[Indicator]:
    """Every target of the running text with what is told of it; read once, asked for by many rules."""
    if facts.indicators is None:
        facts.indicators = list(_told(facts))
    return facts.indicators


def _told(facts: Facts) -> Iterator[Indicator]:
    """A paragraph with one target is one indicator; one with several is read stretch by stretch."""
    told_elsewhere = {p.path for p in facts.paragraphs if REFERS.search(p.text)}
    accounts = [
        p.text
        for p in facts.paragraphs
        if REASON.search(p.text) and PROBLEMS.search(" ".join((*p.path, p.title[:30])))
    ]
    for index, paragraph in enumerate(facts.paragraphs):
        row = [f for f in facts.in_paragraph(index) if f.role != "date"]
        targets = [f for f in row if _is_target(f, row)]
        for stretch in _stretches(facts, row, targets):
            text = paragraph.text[stretch.start : stretch.end]
            found = Indicator(
                "", index, has_reason=bool(REASON.search(text)) or paragraph.path in told_elsewhere
            )
            found.facts["目标"] = stretch.target
            for fact in stretch.near:
                reading = _reading(fact)
                if reading == "完成" and BEYOND.search(fact.lead):
                    continue
                if reading in READINGS and fact is not stretch.target and fact not in targets:
                    found.facts.setdefault(reading, fact)
            _find_actual(found, stretch.near)
            if not {"完成", "完成率", "得分"} & found.facts.keys():
                continue
            if any("分别" in f.lead for f in (stretch.target, *found.facts.values())):
                continue  # two lists that stand to each other item by item
            owner = stretch.target.owner
            found.name = (
                owner
                if owner and owner in text and not CLASS.fullmatch(owner)
                else _name(facts, found, stretch.start)
            )
            found.has_reason = found.has_reason or any(_named_in(found.name, text) for text in accounts)
            _give_sign(found)
            if told := WHY.search(paragraph.text, stretch.start, stretch.end):
                found.why = paragraph.span(*told.span("why"))
            yield found


def indicator_lists(facts: Facts) -> Iterator[tuple[FormTable | None, list[Indicator]]]:
    """The indicators of the running text, then those of each form."""
    yield None, indicators(facts)
    for form in facts.tables:
        yield form, list(form.indicators)


def _named_in(name: str, text: str) -> bool:
    """Does a text name the indicator, or six characters of it?"""
    size = min(6, len(name))
    return size >= 4 and any(name[i : i + size] in text for i in range(len(name) - size + 1))


def _reading(fact: Fact) -> str:
    """The measure; a label in brackets behind the figure says it best: 900人次（目标值）、950人次（实际值）."""
    if label := LABEL_BEHIND.match(fact.tail):
        return LABELS[label[1]]
    other = LABEL_BEHIND.match(fact.lead)  # that of the figure before
    return "" if other and not fact.lead[other.end() :].strip("，、；") else fact.measure


def _is_target(fact: Fact, row: Sequence[Fact]) -> bool:
    """目标≥95%; 目标改善灌溉面积8400亩，实际9030亩; 年初设定改造20座，年末完成18座，得8分."""
    if fact.kind == "score" or fact.role not in MEASURED or fact.figure.quantity.unit.endswith("百分点"):
        return False
    reading = _reading(fact)
    if reading == "目标" and fact.role != "change":
        return True
    if reading != fact.measure:
        return False
    if AIM.search(fact.lead) and SIGN_END.search(fact.lead):
        return True
    behind = (f for f in row if f.start > fact.start and f.sentence == fact.sentence)
    after = next((f for f in behind if f.unit == fact.unit and f.kind == fact.kind), None)
    told = after is not None and bool(ACTUAL.search(after.lead)) and not PLAN.search(after.lead)
    if told and re.search("[≥≧≤≦]$", fact.lead):
        return True
    # Where points are given, softer words say what was aimed at.
    return bool(PLAN.search(fact.lead)) and told and any(f.measure in SCORED for f in row)


def _stretches(facts: Facts, row: list[Fact], targets: list[Fact]) -> Iterator[_Stretch]:
    if not targets:
        return
    text = facts.place(targets[0]).text
    if len(targets) == 1:
        yield _Stretch(targets[0], row, 0, len(text))
        return
    starts = [_begins(facts, row, target, targets) for target in targets]
    for target, start, end in zip(targets, starts, [*starts[1:], len(text)], strict=True):
        stops = [i for i in (text.find(c, target.end) for c in "；。") if i >= 0]
        stop = min([end, *stops])
        near = [f for f in row if start <= f.start < end]
        # Behind its own clause only points and rates still belong to an indicator.
        near = [
            f for f in near
            if f.start < stop or f.measure in ("完成率", "分值", "得分") or (f.measure == "完成" and f.own_measure)
        ]  # fmt: skip
        yield _Stretch(target, near, start, end)


def _begins(facts: Facts, row: list[Fact], target: Fact, targets: list[Fact]) -> int:
    """Where the words about a target begin: its clause, or behind the last figure that is another's."""
    text = facts.place(target).text
    clause = max(text.rfind("；", 0, target.start), text.rfind("。", 0, target.start)) + 1
    marks = [m.start() for m in ENUMERATED.finditer(text, clause, target.start)]
    clause = max([clause, *marks[-1:]])
    before = [t for t in targets if clause <= t.start < target.start]
    if not before:
        return clause
    at = row.index(target)
    bracketed = re.search(r"（[^（）]*$", target.lead)
    first = row[at - 1] if bracketed and row[at - 1] is not before[-1] else target
    return max(clause, first.start - len(first.lead))


def _find_actual(found: Indicator, near: list[Fact]) -> None:
    """Where no word says which is the actual value: the figure of the target's unit nearest to it."""
    target = found["目标"]
    if "完成" in found and found["完成"].unit == target.unit and found["完成"].kind == target.kind:
        return
    found.facts.pop("完成", None)
    taken = {f.figure for f in found.facts.values()}
    like = [
        f for f in near
        if f.unit == target.unit and f.kind == target.kind and f.figure not in taken
        and not f.figure.quantity.unit.endswith("百分点") and f.role in MEASURED and not BEYOND.search(f.lead)
        and f.measure not in ("调整", "全年预算", "分值", "得分", "年中")
    ]  # fmt: skip
    like = [f for f in like if f.role != "change"] or [f for f in like if f.kind == "percent"]
    like = [f for f in like if f.measure != "占比"] or like
    parts = [f for f in near if f.start > target.start and "其中" in f.lead and f.unit == target.unit]
    like = [f for f in like if not parts or f.start < parts[0].start]
    rate = found.facts.get("完成率")
    like = [f for f in like if rate is None or f.start < rate.start] or like
    if not like:
        return
    after = [f for f in like if f.start > target.start]
    bracketed = re.search(r"（[^（）]*$", target.lead) and len(like) > len(after)
    found.facts["完成"] = after[-1] if after and not bracketed else [f for f in like if f not in after][-1]


def _give_sign(found: Indicator) -> None:
    target = found["目标"]
    words = target.lead[-8:] + target.tail[:3]
    sign = next((sign for pattern, sign in SIGNS if pattern.search(words)), "")
    found.signed = bool(sign)
    found.sign = sign or ("<=" if LOWER_IS_BETTER.search(found.name) else ">=")


def _name(facts: Facts, found: Indicator, start: int) -> str:
    """The words that name the indicator: those its stretch begins with, else those before its first figure."""
    paragraph = facts.paragraphs[found.paragraph]
    first = min(found.facts.values(), key=lambda f: f.start)
    text = re.sub(r"（[^（）]*）", "", paragraph.text[max(start, paragraph.marker) : first.start + 30])
    heads = [NUMBERED.sub("", part) for part in re.split("[：，。；]", text)]
    heads = [h for h in heads if h and not CLASS.fullmatch(h)] or heads[:1]
    head = heads[0] if heads else ""
    if 1 < len(head) <= 30 and not re.search(r"\d", head) and not PLAN.search(head):
        return SAID.sub("", head)
    words = re.split("[，。；：]", first.lead)[-1]
    words = re.sub(r"(?:年度)?(?:目标|指标)值?(?:为|是|：)?.{0,4}$", "", words)
    words = SAID.sub("", SIGN_END.sub("", words)).strip("（）—-· ")
    return words or first.item or first.lead.strip("，。；：、的为是（")[-12:]


def sections(facts: Facts) -> list[Section]:
    """Headings that state both their points and the score given, in order."""
    found = []
    for index, paragraph in enumerate(facts.paragraphs):
        row = [f for f in facts.in_paragraph(index) if f.kind == "score"]
        if not paragraph.level or len(row) < 2 or row[0].measure != "分值" or row[0].start > 40:
            continue
        score = next((f for f in row[1:] if f.measure == "得分"), None)
        targets = [f for f in facts.in_paragraph(index) if f.measure == "目标"]
        if score and row[0].value != 100 and not (len(targets) == 1 and targets[0].start < row[0].start):
            found.append(Section(paragraph.level, index, row[0], score))
    return found
