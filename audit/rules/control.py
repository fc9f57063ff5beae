"""R7xx: budget control. 零支出、执行偏低、超预算、无支出却有成效、结论与数据。"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import WHOLE, Fact, Facts, bare_name
from ..findings import Severity
from ..glossary import parameters
from ..source import Span
from . import Claim, Found, Outcome, rule
from .common import name_of

# Spending less than planned on these is thrift, and the whole is judged by its own rate.
THREE_PUBLIC = ("三公经费", "公务接待费", "公务用车购置及运行维护费", "公务用车运行维护费")
WHOLES = {bare_name(x) for x in (WHOLE, *THREE_PUBLIC)}
RESULTS = re.compile(r"达到|实现|促成|提升|提高|推进|推动|保障了|完成了?|满意度|培训|解决|改善")
NOT_DONE = re.compile("未(?!成年|来)|尚|拟|将|计划|预计|共有|现有|实有|保有")
REASONS = re.compile(
    r"原因|由于|因为|因[^此而素]|主要是|受[^，。]{0,10}影响|未能|不及时|滞后|未达到|尚未|暂未|进度"
)


def money_by_item(facts: Facts) -> dict[tuple[str, int], dict[str, list[Fact]]]:
    """Amounts by item and paragraph, then by measure: what one place says of one project."""
    groups: dict[tuple[str, int], dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        exact = fact.role == "level" and not fact.figure.quantity.approx
        if fact.kind == "money" and exact and not fact.period and fact.paragraph >= 0:
            groups[bare_name(fact.item), fact.paragraph][fact.measure].append(fact)
    return groups


@rule("R701", "results-without-spending", Severity.QUESTION, source="control")
def results_without_spending(facts: Facts) -> Iterator[Outcome]:
    """全年没有支出的项目，不应列报产出和效益。

    Why      没有支出却列报成效，成效不是本项资金产生的，或支出漏记
    Flags    1.艺术团项目。预算5.00万元，支出0万元。全年培训1场18人次，满意度99%。
    Passes   1.艺术团项目。预算5.00万元，支出0万元，因资金年末下达，尚未实施。
    """
    by_name: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        spent = fact.measure == "执行" or (not fact.measure and "支出" in fact.lead[-4:])
        if spent and fact.kind == "money" and fact.role == "level" and not fact.value and fact.paragraph >= 0:
            name = bare_name(fact.item)
            if name and not _no_such_activity(facts, fact):
                by_name[name].append(fact)
    for name, zeros in by_name.items():
        claimed: list[Span] = []
        for zero in zeros:
            claimed += _claimed_results(facts, zero)
        if claimed:
            yield Found(
                f"“{name}”全年支出为0，却列报了成效：“{claimed[0].text}”",
                (*(facts.quote(z) for z in zeros), *claimed[:3]),
                "请核实成效的资金来源，或更正支出数、删去不实成效",
            )


def _no_such_activity(facts: Facts, zero: Fact) -> bool:
    """三公经费 and whole funds are rightly zero."""
    from ..glossary import glossary

    return zero.item in set(glossary().items.values()) or bool(
        re.search(
            "政府采购|国有资本|社会保险|基金预算|出国|接待|(?:公务用?车|车辆).{0,4}购置",
            zero.lead + zero.item,
        )
    )


def _claimed_results(facts: Facts, zero: Fact) -> list[Span]:
    """Clauses behind a zero that claim results, up to the next project's money or the next marker."""
    name = bare_name(zero.item)
    titled = facts.place(zero).text.endswith("：")
    found: list[Span] = []
    for index in range(zero.paragraph, min(zero.paragraph + 4, len(facts.paragraphs))):
        paragraph = facts.paragraphs[index]
        start = zero.end if index == zero.paragraph else 0
        if index > zero.paragraph and (paragraph.level or not (facts.place(zero).level or titled)):
            break
        row = facts.in_paragraph(index)
        others = [
            f for f in row if f.kind == "money" and f.start > start and f.value and bare_name(f.item) != name
        ]
        stop = others[0].start if others else len(paragraph.text)
        if index == zero.paragraph:
            ends = [i for i in (paragraph.text.find(c, start, stop) for c in "；") if i >= 0]
            stop = min([stop, *ends])
        for match in re.finditer(r"[^，。；：]+", paragraph.text[start:stop]):
            here = range(start + match.start(), start + match.end())
            counted = any(f.kind == "count" and f.value and f.start in here for f in row)
            if (counted or RESULTS.search(match[0])) and not re.search(
                "主要用于|主要为|主要对|情况如下", match[0]
            ):
                if NOT_DONE.search(match[0]):
                    continue
                found.append(paragraph.span(start + match.start(), start + match.end()))
        if others:
            break
    return found


# What shall be done is no account of the year: headings, and words before a figure.
LATER = re.compile(r"措施|下一步|建议|打算|努力方向")
AIMED = re.compile(r"力争|确保|争取|不低于|目标|≥|[低高小大]于|超过|不足")
_Low = tuple[str, list[Fact]]


@rule("R702", "low-execution", Severity.QUESTION, source="control")
def low_execution(facts: Facts) -> Iterator[Outcome]:
    """执行率偏低（零执行、低于规定线）应说明原因；全额结转的应说明去向。

    Why      执行率低说明预算没有落实，应有原因和去向
    Flags    1.设备购置项目。预算40万元，执行0万元。
    Passes   1.设备购置项目。预算100.00万元，执行95.00万元。
    """
    limits = parameters("control")
    explain, ask = (Decimal(str(limits[k])) for k in ("explain_below", "question_below"))
    found: dict[Severity, list[_Low]] = {Severity.QUESTION: [], Severity.NOTE: []}
    told: set[Fact] = set()
    for name, rate, places in low_amounts(facts, explain):
        told.update(places)
        found[Severity.QUESTION if rate < ask else Severity.NOTE].append(
            (f"“{places[1].item or name}”执行{places[1].figure}，为预算的{rate:.2%}", places)
        )
    paragraphs = {f.paragraph for f in told}
    for fact in facts:
        if fact.measure != "执行率" or fact.kind != "percent" or fact.paragraph < 0:
            continue
        if (
            not 0 < fact.value < explain
            or LATER.search(" ".join(facts.place(fact).path))
            or AIMED.search(fact.lead)
        ):
            continue
        again = fact.paragraph in paragraphs and bare_name(fact.item) in {f.name for f in told}
        if not again and (fact.value < ask or not _explained(facts, fact)):
            found[Severity.NOTE].append((f"“{name_of(fact)}”为{fact.figure}", [fact]))
    for severity, low in found.items():
        if low:
            named = "；".join(words for words, _ in low[:6])
            more = f"；等{len(low)}处" if len(low) > 6 else ""
            yield Found(
                f"执行率偏低（低于{explain if severity is Severity.NOTE else ask:.0%}）而未说明原因：{named}{more}",
                tuple(facts.quote(f) for _, places in low for f in places),
                "请说明执行偏低的原因和结余资金去向", severity,
            )  # fmt: skip


def low_amounts(facts: Facts, line: Decimal) -> Iterator[tuple[str, Decimal, list[Fact]]]:
    """What spent less than the line of its budget without a reason: name, share, [budget,] spent[, left]."""
    seen: set[str] = set()
    accounts = [p.text for p in facts.paragraphs if "问题" in " ".join((*p.path, p.title[:20]))]
    for (name, _), group in money_by_item(facts).items():
        spent = group.get("执行", [])
        budgets = [f for measure in ("年初预算", "预算", "全年预算") for f in group.get(measure, [])]
        left = group.get("结转", [])
        if not spent or not name or name in seen or name in WHOLES or not (budgets or left):
            continue
        actual = spent[0]
        base = budgets[-1].value if budgets else actual.value + left[0].value
        mixed = budgets and budgets[-1].figure.quantity.unit != actual.figure.quantity.unit
        if mixed and 0 < actual.value * 1000 < base:
            continue  # 预算45万元，支出43.8元: a wrong unit, which other rules tell
        if not base or actual.value >= base * line or _explained(facts, actual):
            continue
        if "分别" in actual.lead and budgets and "分别" not in budgets[-1].lead:
            continue  # 合计123万元，执行数分别为84.1万元和30万元: one part of what the budget covers
        if any(name in text and REASONS.search(text) for text in accounts):
            continue
        seen.add(name)
        yield name, actual.value / base, [*(budgets[-1:] or [actual]), actual, *left[:1]]


def _explained(facts: Facts, fact: Fact) -> bool:
    text = facts.after(fact)
    told = {f.item for f in facts.in_paragraph(fact.paragraph) if f.measure in BUDGETS and f.role == "level"}
    stop = text.find("；") if len(told) > 1 else -1  # several projects in one paragraph, each with its clause
    return bool(REASONS.search(text[:stop] if stop >= 0 else text))


@rule("R703", "over-budget", Severity.QUESTION, source="control")
def over_budget(facts: Facts) -> Iterator[Outcome]:
    """支出不应大于预算；远超年初预算的应列明调整数和追加依据。三公经费决算不应大于预算。

    Why      超预算支出须有追加依据
    Formula  执行 ≤ 全年预算（没有全年预算数时与年初预算比）
    Flags    三公经费预算10.00万元，决算12.00万元
    Passes   三公经费预算0.85万元，决算0.66万元
    """
    stated: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.kind == "money" and fact.role == "level" and not fact.period and fact.paragraph >= 0:
            if fact.figure.quantity.approx or fact.owner:
                continue
            item = _comparable(fact)
            if item and fact.measure in BUDGETS | {"执行"}:
                stated[item, fact.scope].append(fact)
    for (item, scope), told in stated.items():
        readings = _readings(told)
        spent = readings.get("执行")
        budget = readings.get("全年预算") or readings.get("预算") or readings.get("年初预算")
        if not spent or not budget or (scope and spent.scope != budget.scope):
            continue
        within = budget.measure != "全年预算" and (
            spent.value <= budget.value + _added(facts, budget)
            or _accounted(facts, spent.value - budget.value)
        )
        doubt = "" if budget.measure == "全年预算" else "文中未列调整预算数，可能有追加"
        granted = [f for item in FUNDS for f in facts.of_item(item) if f.kind == "money" and not f.period]
        paid_for = any(
            f.value >= spent.value - budget.value for f in granted
        )  # the source of the rest is told
        far = spent.value > budget.value * 2 and not paid_for
        yield Claim(
            spent.figure, budget.figure.id, (budget.figure,), "<=", f"{item}执行", f"“{item}{budget.measure}”",
            doubt=doubt, severity=Severity.QUESTION if far or item in THREE_PUBLIC or not doubt else Severity.NOTE,
            advice="请说明超出预算的原因，列明调整数和追加依据", quiet=within,
        )  # fmt: skip


FUNDS = ("上级补助收入", "上年结转资金", "其他资金")


def _accounted(facts: Facts, gap: Decimal) -> bool:
    """决算数比年初预算数多778.57万元，系年中上级追加: the excess is told with where it came from."""
    told = [f for f in facts if f.role == "change" and f.kind == "money" and f.value == gap]
    return any(re.match("[^。；]{0,30}(?:追加|下达|调增|结转|上级)", facts.after(f)) for f in told)


def _added(facts: Facts, budget: Fact) -> Decimal:
    """What the paragraph of an original budget says was added to it in the year."""
    row = facts.in_paragraph(budget.paragraph)
    added = [f for f in row if f.measure == "调整" and f.kind == "money" and budget.item in (WHOLE, f.item)]
    return sum((f.value * (f.direction or 1) for f in added), Decimal(0))


def _readings(told: list[Fact]) -> dict[str, Fact]:
    """One fact per measure: the first of each, or those of one paragraph where several amounts were spent."""
    places = [told]
    if len({f.value for f in told if f.measure == "执行"}) > 1:
        places = [[f for f in told if f.paragraph == p] for p in dict.fromkeys(f.paragraph for f in told)]
        places = [p for p in places if len({f.measure for f in p}) > 1] or [told]
    return {f.measure: f for f in reversed(places[0])}


def _comparable(fact: Fact) -> str:
    from ..glossary import glossary

    if fact.item in glossary().partitions or fact.item in {"项目支出", "人员经费", "公用经费", "公务接待费"}:
        return "" if fact.item == "编制数" else fact.item
    return ""


POSTS = re.compile("(?<!预算)编制(?:数|总数)?(?:为|共)?$")


@rule("R704", "posts-and-staff", Severity.QUESTION, source="control")
def posts_and_staff(facts: Facts) -> Iterator[Outcome]:
    """在职人数不应大于编制数。

    Why      超编用人要有批准文件
    Formula  在职人数 ≤ 编制数
    Flags    核定编制20人，在职23人
    Passes   核定编制17人，在职14人
    """
    told = [f for f in facts if f.kind == "count" and f.own_item and not f.period and f.paragraph >= 0]
    staff = [f for f in told if f.item == "在职人数"]
    # 实有人数61人，其中在职49人、退休12人: the posts are for those in service
    serving = [f for f in staff if "其中" in f.lead and re.search("在职|在编", f.lead[-6:])]
    staff = [f for f in serving if staff and f.paragraph == staff[0].paragraph] or staff
    posts = [
        f
        for f in told
        if f.item == "编制数" and (f.figure.quantity.unit in ("人", "名") or POSTS.search(f.lead))
    ]
    if posts and not staff:
        staff = [f for f in facts.in_paragraph(posts[0].paragraph) if f.start > posts[0].end and _at_work(f)][
            :1
        ]
    elif staff and not posts:
        posts = [
            f
            for f in facts.in_paragraph(staff[0].paragraph)
            if f.start < staff[0].start and _all_posts(facts, f)
        ]
    if staff and posts and not (staff[0].figure.quantity.approx or posts[0].figure.quantity.approx):
        yield Claim(
            staff[0].figure, posts[0].figure.id, (posts[0].figure,), "<=", "在职人数", "编制数",
            doubt="在职人数可能含编外人员", advice="请核对编制数与实有人数的口径",
        )  # fmt: skip
    for whole in (f for f in told if f.item == "在职人数" and staff and f is not staff[0]):
        if (
            posts and whole.paragraph == staff[0].paragraph and whole.value <= posts[0].value
        ):  # else retired ones are among them
            yield Claim(whole.figure, posts[0].figure.id, (posts[0].figure,), "<=", "实有人数", "编制数")
            break
    for post in (f for f in told if f.item in ("行政编制", "事业编制")):
        kind = re.compile(f"{post.item[:2]}(?:在职|在编)?(?:人员|人数|干部)?(?:为|有)?$")
        row = [f for f in facts.in_paragraph(post.paragraph) if f.start > post.end and f.unit == post.unit]
        if person := next((f for f in row if kind.search(f.lead)), None):
            yield Claim(
                person.figure, post.figure.id, (post.figure,), "<=", f"{post.item[:2]}人员", post.item,
                doubt="人员身份与编制性质可能不同", advice="请核对各类编制与实有人数的口径",
            )  # fmt: skip


def _at_work(fact: Fact) -> bool:
    """编制总数21名……；实有19人: nobody is named, so it is of them all"""
    words = re.search(
        r"(?:^|[，；。])(?:年末|年底|现|实际)?(?:实有|现有)(?:干部职工|干部|职工|人员|人数)?(?:为|共)?$",
        fact.lead,
    )
    return fact.figure.quantity.unit in ("人", "名") and bool(words)


def _all_posts(facts: Facts, fact: Fact) -> bool:
    """行政编制12名，事业编制23名，合计35名"""
    row = [
        f for f in facts.in_paragraph(fact.paragraph) if f.start < fact.start and f.sentence == fact.sentence
    ]
    kinds = [f for f in row if f.item.endswith("编制") and f.unit == fact.unit]
    return (
        bool(re.search("[合共总]计$", fact.lead))
        and sum(f.value for f in kinds) == fact.value
        and len(kinds) > 1
    )


@rule("R706", "income-and-spending", Severity.QUESTION, source="tie-outs")
def income_and_spending(facts: Facts) -> Iterator[Outcome]:
    """支出应有来源：总支出不应大于所列收入（预算安排、上级补助、上年结转等）之和。

    Why      支出没有相应来源，可能漏列结转、补助，或支出写错
    Formula  总支出 ≤ 年初预算 + 上级补助 + 上年结转 + 其他
    Flags    部门年初预算100.00万元，上级补助收入50.00万元，总支出300.00万元
    Passes   部门年初预算100.00万元，上级补助收入50.00万元，总支出148.00万元
    """
    own = [f for f in facts if f.kind == "money" and f.role == "level" and not f.period and f.paragraph >= 0]
    spent = [f for f in own if f.item == WHOLE and f.own_item and f.measure in ("", "执行")]
    grants = [f for f in own if f.item == "上级补助收入"]
    start = [f for f in own if f.measure == "年初预算" and f.item in (WHOLE, "收入")]
    if spent and grants and start:
        figures = (start[0].figure, grants[0].figure)
        yield Claim(
            spent[0].figure, f"{figures[0].id} + {figures[1].id}", figures, "<=", "总支出", "所列收入来源合计",
            doubt="收入来源可能未列全（如上年结转、年中追加）", advice="请列明全部收入来源和结转结余",
        )  # fmt: skip
