"""R709, R714, R715: what was achieved for the money: nothing spent, nothing counted, nothing to reckon by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..facts import Fact, Facts
from ..findings import Severity
from ..source import Span
from . import Found, Outcome, rule
from .indicator_rows import met
from .projects import projects
from .tables import where

COUNTED = ("count", "area", "length", "other")
CLAIMS = re.compile("绩效|成效|效益|实施|满意")
PER_HEAD = re.compile(r"每(?:人每|户每)?[人月年][^，。；]{0,8}$")


@rule("R709", "form-results-without-spending", Severity.QUESTION, source="control")
def form_results_without_spending(facts: Facts) -> Iterator[Outcome]:
    """自评表中全年没有执行的项目，不应填报产出指标已完成并得分。

    Why      没有执行的项目得到满分，自评分虚高
    Flags    | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 0 | 10 | 0% | 0 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥3场 | 3场 | 50 | 50 | |
    Passes   | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 0 | 10 | 0% | 0 |
             | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
             | | 产出指标 | 数量指标 | 讲座场次 | ≥3场 | 0场 | 50 | 0 | 资金未到位。 |
    """
    for form in facts.tables:
        whole = form.whole()
        spent = whole.find("执行") if whole else None
        if whole is None or spent is None or spent.value:
            continue
        budget = whole.find("全年预算") or whole.find("年初预算")
        claimed = [i for i in form.indicators if met(i) and i["完成"].value and not i.cost]
        if budget and budget.value and claimed:
            named = "、".join(f"“{i.name}”{i['完成'].figure}" for i in claimed[:4])
            yield Found(
                f"{where(form)}：全年执行数为0，却填报了完成的指标：{named}",
                (spent.figure.span, *(i["完成"].figure.span for i in claimed)),
                "请核实成效的资金来源，或更正执行数、完成值",
            )


@dataclass(frozen=True)
class _Told:
    """A project with all the figures told of it, up to the next one."""

    spent: Fact
    figures: list[Fact]
    words: str


def _told(facts: Facts) -> list[_Told]:
    found = []
    listed = [p["执行"] for p in projects(facts)]
    starts = [*(f.paragraph for f in listed), len(facts.paragraphs)]
    for spent, following in zip(listed, starts[1:], strict=True):
        level = facts.place(spent).level
        stop = spent.paragraph + 1
        while stop < following and not 0 < facts.paragraphs[stop].level <= level:
            stop += 1
        inside = range(spent.paragraph, stop)
        figures = [f for i in inside for f in facts.in_paragraph(i)]
        found.append(_Told(spent, figures, "".join(facts.paragraphs[i].text for i in inside)))
    return found


@rule("R714", "spending-without-output", Severity.NOTE, source="control")
def spending_without_output(facts: Facts) -> Iterator[Outcome]:
    """有支出的项目应写明数量产出（人数、户数、场次、面积等），只有定性表述的不能核实绩效。

    Flags    1.甲补贴项目，预算6万元，实际支出6万元。项目实施保障了困难群众基本生活。
             2.乙补贴项目，预算7万元，实际支出7万元。项目实施提升了服务水平。
             3.丙补贴项目，预算8万元，实际支出8万元。项目实施改善了环境。
    Passes   1.甲补贴项目，预算6万元，实际支出6万元。项目实施保障了120名困难群众基本生活。
             2.乙补贴项目，预算7万元，实际支出7万元。项目实施服务800人次。
             3.丙补贴项目，预算8万元，实际支出8万元。项目实施改造3处设施。
    """
    told = _told(facts)
    bare = [
        t for t in told
        if t.spent.value and CLAIMS.search(t.words) and not any(f.kind in COUNTED and f.role != "standard" for f in t.figures)
    ]  # fmt: skip
    bare = [t for t in bare if not any(f.kind == "standard" or "满意" in f.lead for f in t.figures)]
    if len(bare) > 2 and len(bare) * 3 >= len(told):
        named = "、".join(f"“{t.spent.name or t.spent.item}”" for t in bare[:4])
        yield Found(
            f"{len(bare)}个项目有支出而没有任何数量产出，只有定性表述：{named}{'等' if len(bare) > 4 else ''}",
            tuple(s for t in bare for s in _places(facts, t)), "请补充服务人数、场次、数量等可核实的产出",
        )  # fmt: skip


def _places(facts: Facts, told: _Told) -> list[Span]:
    """Every place that names the amount spent."""
    return [
        facts.quote(f) for f in told.figures if f.value == told.spent.value and f.measure in ("执行", "")
    ][:2]


@rule("R715", "standard-without-heads", Severity.NOTE, source="control")
def standard_without_heads(facts: Facts) -> Iterator[Outcome]:
    """写了补助标准的项目，应写明各档人数，以便按“标准×人数”复核金额。

    Flags    1.高龄补贴项目，预算90万元，实际支出88万元，对80岁以上老人每月补贴50元。
    Passes   1.高龄补贴项目，预算90万元，实际支出88万元，对1460名80岁以上老人每月补贴50元。
    """
    for told in _told(facts):
        standards = [
            f for f in told.figures
            if f.value and (f.kind == "standard" or (f.kind == "money" and PER_HEAD.search(f.lead))) and f.value < 100000
        ]  # fmt: skip
        counted = [f for f in told.figures if f.kind in ("count", "area", "length")]
        if told.spent.value and standards and not counted:
            named = "、".join(str(f.figure) for f in standards)
            yield Found(
                f"“{told.spent.name or told.spent.item}”支出{told.spent.figure}，写了标准（{named}）而没有人数，金额不能复核",
                (*_places(facts, told), *(f.figure.span for f in standards)), "请补充各档发放人数",
            )  # fmt: skip
