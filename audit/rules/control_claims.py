"""R707, R717 to R720: what the report says of itself: claims against its figures, no problems, satisfaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..facts import WHOLE, Facts
from ..findings import Severity
from ..glossary import parameters
from ..indicators import indicators
from ..prose import Paragraph
from . import Found, Outcome, rule
from .common import name_of
from .control import LATER, low_amounts

NOT_IDLE = re.compile(
    r"不存在[^，。；]{0,10}(?:闲置|沉淀|结余)|无(?:资金)?闲置|未出现[^，。]{0,8}闲置|资金不闲置|杜绝了?资金闲置|"
    r"资金(?:支出|支付|拨付)及时|(?:全部|足额)(?:支付|拨付)到位"
)

SPENT_OUT = re.compile(r"预算(?:资金|支出)?(?:已经?|均|都)?全部(?:执行|支出|使用|支付)(?:完毕|完成|到位)")
ALL_BUT = Decimal("0.995")


@rule("R707", "claim-against-figures", Severity.QUESTION, source="control")
def claim_against_figures(facts: Facts) -> Iterator[Outcome]:
    """结论应与数据相符：称资金不闲置、支付及时，而执行率明显偏低的，请核实。

    Why      结论与数据相反，说明结论是套话
    Flags    部门整体支出预算执行率57.39%。
             资金不存在闲置情况。
    Passes   部门整体支出预算执行率99.20%。
             资金不存在闲置情况。
    """
    line = Decimal(str(parameters("control")["idle_below"]))
    rates = [f for f in facts if f.measure == "执行率" and f.kind == "percent" and f.paragraph >= 0]
    rates = [f for f in rates if f.item in (WHOLE, "项目支出")]
    for paragraph in _accounts(facts):
        match = NOT_IDLE.search(paragraph.text)
        low = [f for f in rates if f.value < line]
        if not match:
            match, low = SPENT_OUT.search(paragraph.text), [f for f in rates if f.value < ALL_BUT]
        if match and low:
            yield Found(
                f"称“{match[0]}”，而{name_of(low[0])}只有{low[0].figure}",
                (paragraph.span(match.start(), match.end()), *(f.figure.span for f in low[:3])),
                "请核实结论，说明未执行资金的情况",
            )


def _accounts(facts: Facts) -> Iterator[Paragraph]:
    """Paragraphs that tell of the year, not of what shall be done."""
    for paragraph in facts.paragraphs:
        if not LATER.search(" ".join((*paragraph.path, paragraph.title[:20]))):
            yield paragraph


ALL_MET = re.compile(
    r"(?:各项|全部|所有)[^，。；]{0,8}(?:指标|目标|任务)[^，。；]{0,6}(?:均|都|全部|全面|圆满|如期)[^，。；]{0,6}(?:完成|达到|达标|实现)[^，。；]{0,12}|"
    r"(?:全面|全部|圆满)完成了?[^，。；]{0,8}(?:指标|目标)(?:任务)?|"
    r"(?:指标|目标|任务)(?:已经?|均|都)?(?:全部|全面|圆满)(?:完成|实现|达成)"
)
ALL_DONE = re.compile(
    r"(?P<what>[一-龥]{4,16}?)(?:项目|任务|工程)?(?:已经?|均|都)?全部(?:完工|完成|建成|竣工)"
)
HEDGED = re.compile(r"基本|总体|较好|大部分|除|外|拟|将|力争|要|争取|能够")


@rule("R718", "all-targets-claimed", Severity.QUESTION, source="control")
def all_targets_claimed(facts: Facts) -> Iterator[Outcome]:
    """称各项指标全部完成的，所列指标应没有未达到指标值的。

    Flags    群众满意度：指标值≥95%，实际完成值91%，得分9分，主要是停水较多。
             各项绩效目标全面完成。
    Passes   群众满意度：指标值≥95%，实际完成值96%，得分10分。
             各项绩效目标全面完成。
    """
    missed = [i for i in indicators(facts) if i.comparable and i.missed and i.sign != "="]
    missed = [i for i in missed if not i["完成"].figure.quantity.approx]
    for paragraph in _accounts(facts):
        match = ALL_MET.search(paragraph.text)
        start = max(paragraph.text.rfind(c, 0, match.start()) for c in "。；") + 1 if match else 0
        if match and missed and not HEDGED.search(paragraph.text[start : match.end()]):
            named = "、".join(f"“{i.name}”{i['完成'].figure}（指标值{i['目标'].figure}）" for i in missed[:4])
            yield Found(
                f"称“{match[0]}”，而有{len(missed)}项未达到指标值：{named}",
                (paragraph.span(match.start(), match.end()), *(i["完成"].figure.span for i in missed)),
                "请核实结论",
            )
            break
    yield from _called_done(facts)


def _called_done(facts: Facts) -> Iterator[Outcome]:
    """水库加固全部完工, and elsewhere 水库加固……完工率83.33%."""
    rates = [
        f for f in facts
        if f.kind == "percent" and f.paragraph >= 0 and f.value < 1 and re.search("完[工成]率$", f.lead.rstrip("为是达到"))
    ]  # fmt: skip
    for paragraph in _accounts(facts):
        for match in ALL_DONE.finditer(paragraph.text):
            low = [
                r for r in rates if match["what"] in facts.place(r).text and facts.place(r) is not paragraph
            ]
            if low and not HEDGED.search(match[0]):
                yield Found(
                    f"称“{match[0]}”，而前文完成率为{low[0].figure}",
                    (paragraph.span(match.start(), match.end()), facts.quote(low[0])), "请核实完成情况",
                )  # fmt: skip


NO_PROBLEM = re.compile(
    r"(?:本单位|我单位|我局|目前|本年度)?(?:无|暂无|没有|未发现)(?:明显|突出|存在)?(?:问题|其他问题)?"
)


@rule("R717", "no-problems-told", Severity.NOTE, source="control")
def no_problems_told(facts: Facts) -> Iterator[Outcome]:
    """“存在的问题”不应只写“无”“暂无”：有未达标、执行偏低等情况的，应如实反映。

    Flags    一、存在的问题
             暂无。
    Passes   一、存在的问题
             预算编制不够细化，部分项目支付进度偏慢。
    """
    for paragraph in facts.paragraphs:
        title, _, rest = paragraph.text[paragraph.marker :].rstrip("。").partition("：")
        said = rest or title
        asked = title if rest else paragraph.path[-1] if paragraph.path else ""
        if "问题" in asked and len(asked) <= 20 and NO_PROBLEM.fullmatch(said):
            yield Found(
                f"“{asked}”只写“{said}”", (paragraph.span(paragraph.marker, len(paragraph.text)),),
                "请结合未达标指标、执行偏低项目等如实反映问题和原因",
            )  # fmt: skip


SURVEYED = re.compile(r"问卷|调查|样本|访谈|走访|回访|测评|评议|评价器|抽样|电话")
AIMED = re.compile(r"目标|指标值|不低于|≥|以上的|要求|任务|考核|标准|力争|确保")
SHEETS = ("份", "张")


@rule("R719", "satisfaction-unfounded", Severity.NOTE, source="control")
def satisfaction_unfounded(facts: Facts) -> Iterator[Outcome]:
    """满意度应有调查方式和样本量；只写“90%以上”、没有调查说明或样本过少的，难以核实。

    Flags    社会公众满意度达93%。
    Passes   发放问卷200份，收回192份，社会公众满意度达93%。
    """
    rates = [
        f for f in facts
        if f.kind == "percent" and f.role == "rate" and f.paragraph >= 0 and f.measure not in ("目标", "年中", "完成率")
        and "满意" in f.lead and not AIMED.search(f.lead[-14:])
    ]  # fmt: skip
    vague = [f for f in rates if f.tail.startswith(("以上", "左右"))]
    if vague:
        yield Found(
            "满意度只写“以上”“左右”，没有实际数", tuple(facts.quote(f) for f in vague), "请填写调查得出的满意度",
        )  # fmt: skip
    if rates and not any(SURVEYED.search(p.text) for p in facts.paragraphs):
        yield Found(
            f"满意度（{'、'.join(str(f.figure) for f in rates[:4])}）没有写调查方式和样本量",
            tuple(facts.quote(f) for f in rates), "请说明调查对象、方式、发放和收回数",
        )  # fmt: skip
    few = Decimal(parameters("control")["sample_at_least"])
    sheets = [f for f in facts if f.figure.quantity.unit in SHEETS and "问卷" in f.lead and f.paragraph >= 0]
    largest = max(sheets, key=lambda f: f.value, default=None)
    if largest and largest.value < few:
        yield Found(
            f"满意度调查只有问卷{largest.figure}，样本过少", (facts.quote(largest),), "请说明样本的代表性",
        )  # fmt: skip


PROBLEMS = re.compile("(?:存在|主要|发现)的?(?:主要)?问题|问题(?:及|和|与)|存在的?不足")
OTHER_YEAR = re.compile("整改|上年|上一年|落实")
MONEY_PROBLEM = re.compile("执行|支付|支出进度|进度|结转|结余|闲置|沉淀|未实施|未开工|零支出")


@rule("R720", "problems-left-out", Severity.NOTE, source="control")
def problems_left_out(facts: Facts) -> Iterator[Outcome]:
    """有项目零支出或执行明显偏低的，“存在的问题”应说到资金执行方面的问题。

    Flags    1.设备购置项目。预算100.00万元，支出0万元。
             二、存在的问题
             绩效管理专业人员不足，指标设置不够细化。
    Passes   1.设备购置项目。预算100.00万元，支出0万元。
             二、存在的问题
             个别项目支付进度偏慢。
    """
    line = Decimal(str(parameters("control")["question_below"]))
    low = [(name, rate, places) for name, rate, places in low_amounts(facts, line) if places]
    sections = [
        n for n, p in enumerate(facts.paragraphs)
        if p.level and len(p.title) <= 20 and PROBLEMS.search(p.title) and not OTHER_YEAR.search(p.title)
    ]  # fmt: skip
    if not low or not sections:
        return
    start = sections[0]
    level = facts.paragraphs[start].level
    inside = range(start + 1, len(facts.paragraphs))
    stop = next((i for i in inside if 0 < facts.paragraphs[i].level <= level), inside.stop)
    told = "".join(p.text for p in facts.paragraphs[start:stop])
    if (
        len(told) <= len(facts.paragraphs[start].text)
        or MONEY_PROBLEM.search(told)
        or any(n in told for n, _, _ in low)
    ):
        return
    first = facts.paragraphs[start], facts.paragraphs[start + 1]
    named = "、".join(f"“{name}”{rate:.2%}" for name, rate, _ in low[:4])
    yield Found(
        f"“{first[0].title}”没有说到执行明显偏低的项目：{named}",
        (*(p.span(0, len(p.text)) for p in first), *(facts.quote(places[1]) for _, _, places in low[:4])),
        "请补充资金执行方面的问题、原因和措施",
    )
