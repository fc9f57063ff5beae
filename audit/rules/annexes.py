"""R302, R304: the same fact in the narrative and in an annex, and in two annexes.

A fact's first statement in the running text is compared with the form that is meant for it (附件2 for the
department, 附件3 for a project); other tables are compared with that form. So each difference shows once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..annex import FormTable, Row
from ..columns import row_meaning, squeeze
from ..facts import WHOLE, Fact, Facts, bare_name
from ..findings import Severity
from ..glossary import glossary
from . import Claim, Outcome, rule, sum_formula
from .scores import TOTAL_SCORE

Subject = tuple[str, str, str]  # project or "", item or "" for the project's whole, period
READ_AS = {
    "年初预算": ("年初预算", "预算"),
    "预算": ("预算", "年初预算", "全年预算"),
    "": ("", "执行", "预算", "年初预算", "全年预算"),
}
RANK = {"附件2": 0, "附件3": 0, "附件1": 1, "": 2}
# In a section on one fund these are not the department's whole.
BY_FUND = {WHOLE, "项目支出", "收入", "财政拨款收入"}
TOTAL = "总分"
SUMMED = re.compile(r"(?:合计|共计|总计|总额|总共|(?:平均|总体|综合)(?:预算)?执行率)(?:为|达)?$")
SOME = re.compile(r"重点|重大|主要|部分|其中|前[一二三四五六七八九十\d]+[个大]")


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact with where it is stated."""

    fact: Fact
    place: str
    rank: int
    narrative: bool


class Statements:
    """What forms and tables state, by subject and measure; in each list the form meant for it comes first."""

    def __init__(self, facts: Facts) -> None:
        self.by: dict[Subject, dict[str, list[Stated]]] = defaultdict(lambda: defaultdict(list))
        self.projects = projects(facts.tables)
        self.longest = sorted(self.projects, key=lambda p: (-len(p), p))
        self.named: dict[str, str] = {}  # the project by heading
        self.indicators = {
            bare_name(f.owner): [i.name for i in f.indicators] for f in facts.tables if f.indicators
        }
        for form in facts.tables:
            for subject, fact in self._of(form):
                place = f"{form.kind or '表'}《{form.owner}》" if form.owner else form.kind or "文中表格"
                rank = RANK[form.kind] + (3 if form.role == "narrative" else 0)
                self.by[subject][fact.measure].append(Stated(fact, place, rank, form.role == "narrative"))
        for measures in self.by.values():
            for stated in measures.values():
                stated.sort(key=lambda s: s.rank)

    def _of(self, form: FormTable) -> Iterator[tuple[Subject, Fact]]:
        owner = bare_name(form.owner)
        known = set(glossary().items.values())
        for row in form.rows:
            project = bare_name(row.label)
            for fact in row.facts():
                if not fact.measure and fact.item not in ("编制数", "在职人数"):
                    continue
                if fact.kind == "score" or (form.kind and row.is_total):
                    continue
                if form.kind == "附件3":
                    if row.item == WHOLE and not row.group:
                        yield (owner, "", fact.period), fact
                elif project in self.projects and not row_meaning(row.label):
                    yield (project, "", fact.period), fact
                elif form.kind and fact.item in known:
                    yield ("", fact.item, fact.period), fact
                elif row.is_grand_total and self._lists_projects(form):
                    yield ("", "项目支出", fact.period), fact
        for indicator in form.indicators:
            for measure in ("目标", "完成"):
                if measure in indicator:
                    yield (owner, indicator.name, ""), indicator[measure]
        if "得分" in form.total and form.kind in ("附件2", "附件3"):
            yield (owner, TOTAL, ""), form.total["得分"]

    def _lists_projects(self, form: FormTable) -> bool:
        """Is this a table of the department's projects, all of them?"""
        if form.kind or "项目" not in form.title or SOME.search(form.title):
            return False
        return len([r for r in form.rows if bare_name(r.label) in self.projects]) > 1

    def find(
        self, subject: Subject, measure: str, like: Fact, inside: bool = False
    ) -> tuple[list[Stated], str]:
        """What tables state of this reading, and what is unsure where the reading is not said alike.

        inside  among the narrative's own tables instead of the annexes
        """
        found = self.by.get(subject, {})
        candidates = [
            (name, [s for s in found.get(name, ()) if s.narrative is inside and s.fact.kind == like.kind])
            for name in READ_AS.get(measure, (measure,))
        ]
        # 预算 over a column of any table may be either budget: other words than the text's say nothing against it.
        candidates = [
            (name, stated)
            for name, stated in candidates
            if stated
            and (
                name == measure
                or not inside
                or stated[0].rank < RANK[""] + 3
                or stated[0].fact.figure.quantity.agrees_with(like.figure.quantity)
            )
        ]
        if not candidates:
            return [], ""
        fits = [c for c in candidates if c[1][0].fact.figure.quantity.agrees_with(like.figure.quantity)]
        name, stated = (fits or candidates)[0]
        unsure = (
            name != measure and measure in ("", "预算") and not (measure == "预算" and len(candidates) == 1)
        )
        doubt = f"正文未写明是哪一项数，按{name}数核对" if unsure else ""
        return stated, doubt


def projects(tables: Iterable[FormTable]) -> set[str]:
    """The bare names of the projects that forms and project tables list."""
    found = {bare_name(form.owner) for form in tables if form.owner}
    for form in tables:
        if form.kind == "附件1":
            found |= {bare_name(row.label) for row in project_lines(form)}
        elif not form.kind and "项目" in form.title:
            found |= {bare_name(row.label) for row in form.rows if row.find("执行") and not row.is_total}
    return {name for name in found if len(name) > 2} - set(glossary().items.values())


def project_lines(form: FormTable) -> list[Row]:
    """附件1: the numbered lines below 项目支出 that are projects, not kinds of expenditure."""
    lines: list[Row] = []
    inside = False
    for row in form.rows:
        inside = row.item == "项目支出" or (inside and row.marker[:1].isdigit())
        if inside and row.marker[:1].isdigit() and not row_meaning(row.label):
            lines.append(row)
    return lines


def told(facts: Facts, statements: Statements) -> dict[tuple[Subject, str], Fact]:
    """The best statement of each fact in running text: item and measure said there, else the first."""
    found: dict[tuple[Subject, str], tuple[int, Fact]] = {}
    known = set(glossary().items.values())
    named: set[tuple[int, str]] = set()
    for fact in facts:
        if (
            fact.role not in ("level", "rate")
            or fact.direction
            or fact.figure.quantity.approx
            or fact.paragraph < 0
        ):
            continue
        if fact.own_item:
            named.add((fact.paragraph, fact.item))
        subject = _subject(facts, statements, fact, known, named)
        if subject is None:
            continue
        measure = _measure(fact, subject)
        rank = (0 if fact.own_item else 1) + (0 if fact.own_measure else 2) + (4 if fact.scope else 0)
        if not measure:
            rank += 8
        key = subject, measure
        if key not in found or rank < found[key][0]:
            found[key] = rank, fact
    best = {key: fact for key, (_, fact) in found.items()}
    said: dict[Subject, set[str]] = defaultdict(set)
    for subject, measure in best:
        said[subject].add(measure)
    return {key: fact for key, fact in best.items() if not _said_better(key[1], said[key[0]])}


def _said_better(measure: str, said: set[str]) -> bool:
    """基本支出519.84万元 says no more than 基本支出执行519.84万元, nor 预算 more than 年初预算."""
    return bool(
        (measure == "" and said & {"执行", "年初预算", "全年预算"})
        or (measure == "预算" and said & {"年初预算", "全年预算"})
    )


def _measure(fact: Fact, subject: Subject) -> str:
    if subject[1] == TOTAL:
        return "得分"
    if fact.measure in ("执行", "") and subject[1] and subject[1] not in glossary().items.values():
        return "完成"  # an indicator's 实际完成
    return "" if fact.item in ("编制数", "在职人数") and fact.kind == "count" else fact.measure


def _subject(
    facts: Facts, statements: Statements, fact: Fact, known: set[str], named: set[tuple[int, str]]
) -> Subject | None:
    """Whose and what a figure of the running text is, as far as tables can be asked for it."""
    paragraph = facts.place(fact)
    here = next(
        (p for title in (paragraph.title, *reversed(paragraph.path)) if (p := _project(statements, title))),
        "",
    )
    item = bare_name(fact.item)
    if fact.kind == "score":
        return (here, TOTAL, "") if TOTAL_SCORE.search(fact.lead) and "执行率" not in fact.lead else None
    for indicator in statements.indicators.get(here, ()):
        if len(indicator) > 3 and indicator not in known and fact.item.startswith(indicator):
            return here, indicator, ""
    # 调增甲项目50万元，调整后预算800万元: after a change, an amount without a name is the department's.
    carried = here == item or (not here and (fact.paragraph, fact.item) in named)
    if item in statements.projects and (fact.own_item or carried):
        return None if fact.kind == "count" else (item, "", fact.period)
    if here:
        whole = not fact.own_item or fact.item in ("项目支出", WHOLE)
        return (
            (here, "", fact.period)
            if whole and fact.own_measure and fact.kind in ("money", "percent")
            else None
        )
    if fact.item not in known or (fact.scope and fact.item in BY_FUND):
        return None
    return ("", fact.item, fact.period) if (fact.paragraph, fact.item) in named else None


def _project(statements: Statements, title: str) -> str:
    """The project that a heading names."""
    if title not in statements.named:
        named = (p for p in statements.longest if p in title[: len(p) + 8])
        statements.named[title] = next(named, "")
    return statements.named[title]


def name(subject: Subject, measure: str) -> str:
    owner, item, period = subject
    return owner + item + (period if period == "上年" else "") + measure


@rule("R302", "narrative-and-annex", Severity.ERROR, source="consistency")
def narrative_and_annex(facts: Facts) -> Iterator[Outcome]:
    """正文与附件、正文与文中表格对同一事实的数值应当一致。

    Why      正文由附件归纳而来，不一致说明其中一处没有更新
    Formula  正文数 = 附件数（同一项目、同一口径、同一期间）
    Flags    高龄津贴项目全年执行数188.40万元
             | 项目支出绩效自评表 | | | |
             | 项目名称 | 高龄津贴 | | |
             | 单位：万元 | 年初预算数 | 全年预算数 | 全年执行数 |
             | 年度资金总额 | 188.40 | 188.40 | 184.80 |
    Passes   高龄津贴项目全年执行数188.40万元
             | 项目支出绩效自评表 | | | |
             | 项目名称 | 高龄津贴 | | |
             | 单位：万元 | 年初预算数 | 全年预算数 | 全年执行数 |
             | 年度资金总额 | 188.40 | 188.40 | 188.40 |
    """
    statements = Statements(facts)
    stated_in_text = told(facts, statements)
    for (subject, measure), fact in stated_in_text.items():
        for inside in (False, True):
            stated, doubt = statements.find(subject, measure, fact, inside)
            if not stated:
                continue
            final = stated_in_text.get((subject, "全年预算"))
            loose = final and measure == "年初预算" and stated[0].fact.measure == "预算"
            if final and loose and final.figure.quantity.agrees_with(stated[0].fact.figure.quantity):
                doubt = f"{stated[0].place}的预算数与正文全年预算数相同，可能按调整后数填列"
            if fact.scope and subject[1] == "基本支出":
                doubt = doubt or f"正文该处为{fact.scope}口径"
            yield _same(fact, stated[0], name(subject, measure or stated[0].fact.measure), doubt, "正文")
            break
    for subject, measures in list(statements.by.items()):
        for measure, stated in measures.items():
            for own in (s for s in stated if s.narrative):
                annexed, doubt = statements.find(subject, measure, own.fact)
                if annexed:
                    yield _same(own.fact, annexed[0], name(subject, measure), doubt, "文中表格")
    yield from _projects_sum(facts, statements, stated_in_text)
    yield from _announced(facts)


def _announced(facts: Facts) -> Iterator[Outcome]:
    """The totals in the paragraph right above a table against its 合计: …，执行合计90.00万元。明细如下："""
    places = {squeeze(paragraph.text): i for i, paragraph in enumerate(facts.paragraphs)}
    for form in facts.tables:
        total = next((row for row in form.rows if row.is_grand_total), None)
        above = places.get(squeeze(form.title))
        if form.role != "narrative" or form.kind or total is None or above is None:
            continue
        for fact in facts.in_paragraph(above):
            same = total.find(fact.measure) if SUMMED.search(fact.lead) and fact.own_measure else None
            if same and same.kind == fact.kind and fact.role in ("level", "rate") and not fact.period:
                other = Stated(same, "文中表格", RANK[""], True)
                doubt = "文字与表格的口径可能不同"
                yield _same(fact, other, f"{total.label}{fact.measure}", doubt, "表格上文")


def _same(fact: Fact, other: Stated, subject: str, doubt: str, place: str) -> Claim:
    doubt = doubt or fact.doubt or other.fact.doubt
    return Claim(
        fact.figure, other.fact.figure.id, (other.fact.figure,), subject=f"{place}：{subject}",
        basis=f"{other.place}所载", doubt=doubt, advice="请核对正文与附件，更正不符的一处",
    )  # fmt: skip


@rule("R304", "annex-and-annex", Severity.ERROR, source="tie-outs")
def annex_and_annex(facts: Facts) -> Iterator[Outcome]:
    """附件之间对同一事实的数值应当一致；各附件3之和应等于项目支出。

    Why      各附件由不同的人填报，是最容易不一致的地方
    Formula  附件1 = 附件2 = 附件3（同一项目、口径、期间）；项目支出 = Σ 附件3
    Flags    | 某局2024年度部门整体支出绩效评价基础数据表 | | | |
             | 经费控制情况（万元） | 2023年决算数 | 2024年预算数 | 2024年决算数 |
             | 项目支出： | 150.00 | 186.00 | 135.54 |
             | 1、公益讲座资金 | 150.00 | 186.00 | 145.54 |

             | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
    Passes   | 某局2024年度部门整体支出绩效评价基础数据表 | | | |
             | 经费控制情况（万元） | 2023年决算数 | 2024年预算数 | 2024年决算数 |
             | 项目支出： | 150.00 | 180.00 | 135.54 |
             | 1、公益讲座资金 | 150.00 | 180.00 | 135.54 |

             | 2024年度项目支出绩效自评表 | | | | | | | |
             | 项目支出名称 | 公益讲座资金 | | | | | | |
             | 项目资金（万元） | | 年初预算数 | 全年预算数(A) | 全年执行数(B) | 分值 | 执行率(B/A) | 得分 |
             | | 年度资金总额 | 180.00 | 180.00 | 135.54 | 10 | 75.30% | 7.53 |
    """
    statements = Statements(facts)
    for subject, measures in list(statements.by.items()):
        for measure, stated in measures.items():
            annexed = [s for s in stated if not s.narrative]
            for other in annexed:
                first, doubt = _counterpart(statements, subject, measure, other)
                if first:
                    yield _annexes(other, first, name(subject, measure), doubt)
    yield from _forms_sum(facts, statements)


def _counterpart(
    statements: Statements, subject: Subject, measure: str, other: Stated
) -> tuple[Stated | None, str]:
    """The form that is meant for a fact which another form states too; 附件1's 预算 is 年初预算 there."""
    readings = ("年初预算", "全年预算") if measure == "预算" and other.rank == RANK["附件1"] else (measure,)
    found = [
        s for m in readings for s in statements.by[subject].get(m, ())
        if not s.narrative and s is not other and s.rank <= other.rank and s.fact.kind == other.fact.kind
    ]  # fmt: skip
    own = statements.by[subject][measure]
    found = [s for s in found if s.rank < other.rank or (s in own and own.index(s) < own.index(other))]
    if not found:
        return None, ""
    fits = [s for s in found if s.fact.figure.quantity.agrees_with(other.fact.figure.quantity)]
    return (fits or found)[0], ""


def _annexes(other: Stated, first: Stated, subject: str, doubt: str) -> Claim:
    return Claim(
        other.fact.figure, first.fact.figure.id, (first.fact.figure,), subject=f"{other.place}：{subject}",
        basis=f"{first.place}所载", doubt=doubt or other.fact.doubt or first.fact.doubt,
        advice="请核对两张表，更正不符的一处",
    )  # fmt: skip


def _wholes(facts: Facts, measure: str) -> dict[str, Fact]:
    """What each 附件3 states for its project."""
    forms = [f for f in facts.tables if f.kind == "附件3" and f.owner and f.role == "annex"]
    return {bare_name(f.owner): fact for f in forms if (row := f.whole()) and (fact := row.find(measure))}


def _forms_sum(facts: Facts, statements: Statements) -> Iterator[Outcome]:
    """Σ 附件3 against 项目支出 of 附件2, else 附件1."""
    for measure in ("年初预算", "全年预算", "执行"):
        stated = statements.by.get(("", "项目支出", ""), {})
        totals = [s for m in READ_AS.get(measure, (measure,)) for s in stated.get(m, ()) if not s.narrative]
        for total in totals[:1]:
            yield from _sum(facts, statements, measure, total.fact, total.place)


def _projects_sum(
    facts: Facts, statements: Statements, stated_in_text: dict[tuple[Subject, str], Fact]
) -> Iterator[Outcome]:
    """Σ 附件3 against the narrative's 项目支出."""
    for measure in ("年初预算", "全年预算", "执行"):
        if total := stated_in_text.get((("", "项目支出", ""), measure)):
            yield from _sum(facts, statements, measure, total, "正文")


def _sum(facts: Facts, statements: Statements, measure: str, total: Fact, place: str) -> Iterator[Outcome]:
    parts = _wholes(facts, measure)
    if len(parts) < 2:
        return
    missing = statements.projects - parts.keys()
    doubt = "附件3可能未交齐：" + "、".join(sorted(missing)[:3]) if missing else ""
    figures = tuple(f.figure for f in parts.values())
    gap = total.value - sum((f.value for f in parts.values()), Decimal(0))
    yield Claim(
        total.figure, sum_formula(figures), figures, subject=f"{place}：项目支出{measure}",
        basis=f"{len(parts)}份附件3相加", doubt=doubt or total.doubt,
        quiet=bool(gap) and _explained(statements, parts, measure, gap),
        advice="请核对项目支出总数与各项目自评表，或补交缺少的附件3",
    )  # fmt: skip


def _explained(statements: Statements, parts: dict[str, Fact], measure: str, gap: Decimal) -> bool:
    """Does one project's other statement close the gap? Then that project is reported, not the sum."""
    return any(
        s.fact.value - fact.value == gap
        for project, fact in parts.items()
        for m in READ_AS.get(measure, (measure,))
        for s in statements.by.get((project, "", ""), {}).get(m, ())
    )
