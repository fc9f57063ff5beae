"""R710, R711, R713: adjustments of the budget in the year: how large, why, and what they make of the original budget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..facts import WHOLE, Fact, Facts
from ..findings import Severity
from ..glossary import parameters
from . import Found, Outcome, rule
from .control import REASONS
from .projects import projects

# A reason told of the adjustment, not of something else in the same sentence.
WHY_ADJUSTED = re.compile(
    r"(?:追加|调整|调增|调剂)[^；]{0,60}?(?:主要(?:是|为)|原因(?:是|为|：|在于)|由于|因为|用于)|"
    r"(?:由于|因为?|受)[^。；]{2,40}(?:追加|调整|调增|调剂)"
)
RATE = re.compile("调[整剂增](?:率|比例|幅度)[^，。；]{0,2}$")


@rule("R710", "adjustment-unexplained", Severity.QUESTION, source="control")
def adjustment_unexplained(facts: Facts) -> Iterator[Outcome]:
    """预算调整幅度大的，应说明追加、调减的项目、依据和原因。

    Formula  调整率 = |全年预算 − 年初预算| ÷ 年初预算
    Flags    年初预算100.00万元，年中追加40.00万元，调整后全年预算140.00万元，预算调整率40.00%。
    Passes   年初预算100.00万元，年中追加40.00万元，预算调整率40.00%，主要原因是上级专项资金年中下达。
    """
    limits = parameters("control")
    note, ask = (Decimal(str(limits[k])) for k in ("adjusted_note_above", "adjusted_ask_above"))
    own = {f.paragraph for told in projects(facts) for f in told.values()}
    if any(WHY_ADJUSTED.search(p.text) for n, p in enumerate(facts.paragraphs) if n not in own):
        return
    rates = [
        f for f in facts
        if f.kind == "percent" and f.paragraph >= 0 and not f.period and (f.measure == "调整率" or RATE.search(f.lead))
        and f.value > note
    ]  # fmt: skip
    if rates:
        rate, value, places = rates[0], rates[0].value, _adjusted(facts, rates[0])
        said = f"预算调整率{rate.figure}"
    elif found := _whole_adjusted(facts, note):
        start, adjusted = found
        value, places = adjusted.value / start.value, [start, adjusted]
        said = f"年中调整{adjusted.figure}，为年初预算的{value:.2%}"
    else:
        return
    yield Found(
        f"{said}，未说明调整的原因和依据", tuple(facts.quote(f) for f in places),
        "请说明追加、调减的项目、依据和原因", Severity.QUESTION if value > ask else Severity.NOTE,
    )  # fmt: skip


def _adjusted(facts: Facts, rate: Fact) -> list[Fact]:
    """The rate with the amounts of its paragraph that were added or taken away."""
    amounts = [f for f in facts.in_paragraph(rate.paragraph) if f.measure == "调整" and f.kind == "money"]
    return [rate, *amounts[:2]]


def _whole_adjusted(facts: Facts, note: Decimal) -> tuple[Fact, Fact] | None:
    """Original budget and adjustment of the whole department, where no rate is printed."""
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.kind == "money" and not f.period]
        start = next((f for f in row if f.item == WHOLE and f.measure == "年初预算"), None)
        change = next((f for f in row if f.item == WHOLE and f.measure == "调整" and f.value), None)
        if start and change and start.value and start.value * note < change.value:
            return start, change
    return None


CONTROLLED = re.compile(
    r"(?:预算)?支出不超标|未超出?预算|不超预算|控制在(?:年初)?预算(?:以内|之内|范围内|内)|严格执行了?预算|严格控制预算"
)


@rule("R711", "many-times-the-budget", Severity.QUESTION, source="control")
def many_times_the_budget(facts: Facts) -> Iterator[Outcome]:
    """项目实际支出为年初预算数倍的，应说明追加原因；同时称“不超预算”的，应说明口径。

    Formula  年初预算（文中未列的）＝ 实际支出 ＋ 结转 － 调增 ＋ 调减
    Flags    1.甲补贴项目，年中调增40万元，实际支出60万元，结转0万元。
             2.乙补贴项目，年中调增50万元，实际支出70万元，结转0万元。
             3.丙补贴项目，年中调增30万元，实际支出40万元，结转0万元。
             做到了预算支出不超标。
    Passes   1.甲补贴项目，年中调增4万元，实际支出60万元，结转0万元。
             2.乙补贴项目，年中调增5万元，实际支出70万元，结转0万元。
             3.丙补贴项目，年中调增3万元，实际支出40万元，结转0万元。
             做到了预算支出不超标。
    """
    times = Decimal(str(parameters("control")["times_the_budget"]))
    beyond: list[tuple[str, Decimal, list[Fact]]] = []
    started = added = Decimal(0)
    for told in projects(facts):
        spent = told["执行"]
        start = _start(told)
        if start is None or start <= 0:
            continue
        started, added = started + start, added + spent.value - start
        if spent.value >= start * times and not REASONS.search(facts.place(spent).text):
            name = spent.name or facts.place(spent).title[:20]
            beyond.append((name, spent.value / start, [f for f in (told.get("调整"), spent) if f]))
    claims = [
        paragraph.span(match.start(), match.end())
        for paragraph in facts.paragraphs
        for match in CONTROLLED.finditer(paragraph.text)
        if "三公" not in re.split("[，。；：]", paragraph.text[: match.start()])[-1]
    ]
    if len(beyond) < 3:
        return
    named = "、".join(f"“{name}”{ratio:.2f}倍" for name, ratio, _ in beyond[:4])
    message = f"{len(beyond)}个项目的实际支出为年初预算的{times}倍以上（{named}{'等' if len(beyond) > 4 else ''}），未说明追加原因"
    if claims:
        message += f"；文中却称“{claims[0].text}”，未说明按什么口径"
    yield Found(
        message, (*claims, *(facts.quote(f) for _, _, places in beyond for f in places)),
        "请说明各项目追加的原因和依据；称不超预算的，写明是按年初预算还是调整后预算",
    )  # fmt: skip


def _start(told: dict[str, Fact]) -> Decimal | None:
    """The original budget, told or implied by what was spent, left and adjusted."""
    if "年初预算" in told:
        return told["年初预算"].value
    if "调整" not in told or "结转" not in told:
        return None
    change = told["调整"].value * (told["调整"].direction or 1)
    return told["执行"].value + told["结转"].value - change


@rule("R713", "zero-adjustment", Severity.NOTE, source="control")
def zero_adjustment(facts: Facts) -> Iterator[Outcome]:
    """“调增0万元”“调减0万元”没有意义；没有调整的，各项目统一写“未调整”。

    Flags    1.甲项目，年中调增0万元，实际支出6万元。
             2.乙项目，年中调减0万元，实际支出7万元。
    Passes   1.甲项目，年中调增2万元，实际支出6万元。
             2.乙项目，年中调减1万元，实际支出7万元。
    """
    zeros = [
        f for f in facts
        if f.kind == "money" and f.measure == "调整" and f.direction and not f.value and f.paragraph >= 0
    ]  # fmt: skip
    if len({f.direction for f in zeros}) > 1:
        yield Found(
            f"未调整的项目有的写“调增0”，有的写“调减0”，共{len(zeros)}处",
            tuple(facts.quote(f, 10) for f in zeros), "请统一写“未调整”，并核实是否漏填调整数",
        )  # fmt: skip
