"""R322–R324, R328, R220–R224: the 情况说明 of a final account against its tables, and against itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..accounts import Accounts, AccountTable, Line
from ..accounts.narrative import explained, part_of_sentence, subjects, told, whole_of
from ..accounts.places import spending_column, three_public
from ..facts import BUDGET_READINGS as BUDGETS
from ..facts import Fact, Facts
from ..findings import Severity, Status
from ..prose import Paragraph
from ..quantity import round_half_up
from . import Claim, Found, Outcome, rule, sum_formula
from .accounts_common import makes, outcomes
from .common import digit_slip, judged


@rule("R322", "accounts-text", Severity.ERROR, source="final-accounts")
def text(facts: Facts) -> Iterator[Outcome]:
    """决算情况说明中的数额应与决算表对应数一致：总计、各类收入支出、功能科目、人员和公用经费、“三公”经费。

    Formula  正文数额 = 表中对应数
    Flags    正文“基本支出105.85万元”，支出决算表基本支出105.58
    Passes   正文与表均为105.58
    """
    yield from outcomes(facts, "R322")


@makes("R322")
def _text(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for found in told(facts, accounts):
        ours = found.fact.figure
        if not found.figures and found.sure and found.fact.value:
            yield Found(
                f"正文所写“{found.place}”为{ours}，决算表中没有数额", (ours.span, facts.quote(found.fact)),
                "请核对正文与决算表，更正错误的一处",
            )  # fmt: skip
        for figure in found.figures:
            alike = ours.quantity.agrees_with(figure.quantity)
            # 机关运行经费 takes in only some units: another amount may be right.
            if not found.sure and not alike and not digit_slip(ours, figure):
                continue
            doubt = "" if found.sure else "二者口径可能不同"
            yield Claim(
                ours, figure.id, (figure,), subject=f"{found.place}（正文）", basis="决算表所载", doubt=doubt,
                also=(facts.quote(found.fact),), advice="请核对正文与决算表，更正错误的一处",
            )  # fmt: skip


@rule("R323", "accounts-items", Severity.ERROR, source="final-accounts")
def items(facts: Facts) -> Iterator[Outcome]:
    """逐项说明的各功能科目，决算数之和应等于一般公共预算财政拨款支出，预算数之和应等于总预算数。

    Formula  Σ 各项决算数 = 支出决算数;  Σ 各项预算数 = 预算数
    Flags    全年预算321.02，各项52.00、17.86、…相加为321.20
    Passes   全年预算321.02，各项相加为321.02
    """
    yield from outcomes(facts, "R323")


READINGS = {
    "年初预算": re.compile(r"年初(?:安排)?预算(?:数|安排)?(?:支出)?(?:共|计)?(?:为|是|：)?$"),
    "全年预算": re.compile(r"(?:全年|调整后?|调整)预算(?:数)?(?:为|是|：)?$"),
    "预算": re.compile(r"(?<!年初)(?<!全年)(?<!调整)(?<!调整后)预算(?:数|安排)?(?:支出)?(?:为|是|：)?$"),
    "决算": re.compile(r"(?:支出)?决算(?:数)?(?:为|是|：)?$"),
}


@makes("R323")
def _items(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    table = accounts["一般公共预算支出表"]
    if not table:
        return
    wholes: dict[str, Fact] = {}
    parts: dict[str, dict[str, Fact]] = {}
    for index, paragraph, section in explained(facts):
        if section != "一般":
            continue
        named = subjects(paragraph, table)
        for fact in facts.in_paragraph(index):
            if fact.kind != "money" or fact.role != "level":
                continue
            lead = paragraph.text[: fact.start]
            reading = next((r for r, pattern in READINGS.items() if pattern.search(lead)), "")
            before = [line for end, line, _ in named if end <= fact.start]
            if reading and before and before[-1]:
                parts.setdefault(reading, {}).setdefault(before[-1].code, fact)
            elif reading and not named:
                wholes.setdefault(reading, fact)
    column = spending_column(table)
    leaves = [ln for ln in table.coded() if len(ln.code) == 7]
    listed = {
        ln.code for ln in leaves if column is not None and (f := ln.figure(column)) and f.quantity.value
    }
    for reading, found in parts.items():
        whole = wholes.get(reading)
        if whole and len(found) > 1 and listed <= found.keys():
            operands = tuple(f.figure for f in found.values())
            yield Claim(
                whole.figure, sum_formula(operands), operands, subject=f"一般公共预算财政拨款支出{reading}数",
                basis=f"逐项说明的{len(operands)}项相加", advice="请核对总数与各项",
                doubt="逐项说明可能未列全没有支出的科目" if reading != "决算" else "",
            )  # fmt: skip


WANTED = {"调整": "全年预算", "调整后": "全年预算", "": "预算"}
COMPLETED = re.compile(
    r"(?:完成|占|达到?|为)(?P<base>(?:年初|全年|调整后?|调整)?)预算(?:数|安排)?(?:的|：)?$"
)


@rule("R220", "accounts-completion", Severity.ERROR, source="final-accounts")
def completion(facts: Facts) -> Iterator[Outcome]:
    """“完成年初（全年）预算的x%”应等于支出决算÷所称的预算数；所称预算为零时比率无意义。

    Formula  完成率 = 支出决算 ÷ 所称的预算数
    Flags    年初预算为0万元，全年预算为321.02万元，支出决算为307.82万元，完成年初预算的95.89%
    Passes   全年预算为321.02万元，支出决算为307.82万元，完成全年预算的95.89%
    """
    yield from outcomes(facts, "R220")


@makes("R220")
def _completion(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for index, paragraph, section in explained(facts):
        row = facts.in_paragraph(index)
        for n, rate in enumerate(row):
            match = COMPLETED.search(paragraph.text, 0, rate.start) if rate.kind == "percent" else None
            if not match:
                continue
            budgets, spent = _before(paragraph.text, row[:n], row[n - 1].sentence if n else 0)
            if section == "三公" and not budgets:
                yield from _three_public_rate(accounts, paragraph.text[: match.start()], rate)
            if not spent or not budgets or rate.sentence != spent.sentence:
                continue
            yield from _completed(
                facts, rate, match["base"], budgets, spent, paragraph.span(match.start(), rate.end)
            )


def _three_public_rate(accounts: Accounts, before: str, rate: Fact) -> Iterator[Outcome]:
    """公务接待费支出2.16万元，完成预算54.0%: the budget stands in the table alone."""
    table = accounts["三公经费表"]
    part = part_of_sentence(re.split("[。；]", before)[-1])
    if not table or not part:
        return
    cells = three_public(table)
    found = [
        next((cells[k] for k in cells if k[1] == part and k[0].endswith(r)), None) for r in ("决算", "预算")
    ]
    figures = [place[0].figure(place[1]) for place in found if place]
    if len(figures) == 2 and figures[0] and figures[1]:
        a, b = figures[0], figures[1]
        yield Claim(
            rate.figure, f"{a.id} / {b.id}", (a, b), subject=f"“三公”经费（{part}）完成预算的比率",
            basis="“三公”经费表决算数÷预算数", advice="请核对表中预算数、决算数与正文的比率",
            doubt="正文未写预算数，按表核对",
        )  # fmt: skip


def _before(words: str, row: list[Fact], sentence: int | None) -> tuple[dict[str, Fact], Fact | None]:
    """The nearest budgets by their name, and the nearest amount spent, before a rate."""
    budgets: dict[str, Fact] = {}
    spent = None
    for fact in reversed(row):
        if fact.kind != "money" or fact.role not in ("level", "other"):
            continue
        if sentence is not None and fact.sentence != sentence:
            continue
        lead = words[: fact.start]
        reading = next((r for r, pattern in READINGS.items() if pattern.search(lead)), "")
        if reading == "决算" or (not reading and re.search(r"(?:支出|执行数?)(?:为|是|：)?$", lead)):
            spent = spent or fact
        elif reading:
            budgets.setdefault(reading, fact)
    return budgets, spent


def _completed(
    facts: Facts, rate: Fact, base: str, budgets: dict[str, Fact], spent: Fact, words: object
) -> Iterator[Outcome]:
    wanted = WANTED.get(base, f"{base}预算")
    named = budgets.get(wanted) or (next(iter(budgets.values())) if len(budgets) == 1 and not base else None)
    fits = [
        (name, budget)
        for name, budget in budgets.items()
        if judged(_ratio(rate, spent, budget)) in (Status.AGREES, Status.ROUNDING)
    ]
    if named is None:
        if not base or not fits:
            return
        named = fits[0][1]
        wanted = fits[0][0]
        if wanted == "预算":  # 预算为100万元，完成年初预算的……: the same budget
            yield _ratio(rate, spent, named)
            return
    if any(budget is named for _, budget in fits):
        yield _ratio(rate, spent, named)
        return
    if fits:
        name, budget = fits[0]
        span = facts.place(rate).span(max(0, rate.start - 12), rate.end)
        why = "为零，不能作分母" if not named.value else f"为{named.figure}"
        yield Found(
            f"“完成{base}预算的{rate.figure}”：{wanted}数{why}；按{name}{budget.figure}计算才是{rate.figure}，应写“完成{name}的”",
            (rate.figure.span, span, named.figure.span, budget.figure.span, spent.figure.span),
            "请改正所称的预算口径或重新计算完成率",
        )  # fmt: skip
    elif named.value:
        yield _ratio(rate, spent, named)
    else:
        yield Found(
            f"“完成{base}预算的{rate.figure}”：{wanted}数为零，比率无意义", (rate.figure.span, named.figure.span),
            "请核对预算数，删去或改正完成率",
        )  # fmt: skip


def _ratio(rate: Fact, spent: Fact, budget: Fact) -> Claim:
    return Claim(
        rate.figure, f"{spent.figure.id} / {budget.figure.id}", (spent.figure, budget.figure),
        subject="完成预算的比率", basis="支出决算÷所称预算", advice="请核对预算数、决算数与完成率",
    )  # fmt: skip


WORDS = re.compile(
    r"决算(?:数|金额)?(?P<word>大于|高于|多于|超过|小于|低于|少于|等于)(?P<base>年初|全年|调整后?)?预算"
    r"|与(?P<base2>年初|全年|调整后?)?预算(?:数)?(?:基本)?(?P<same>持平|一致|相同|相等)"
)
MORE = {"大于", "高于", "多于", "超过"}
LESS = {"小于", "低于", "少于"}


@rule("R328", "accounts-comparison", Severity.ERROR, source="final-accounts")
def comparison(facts: Facts) -> Iterator[Outcome]:
    """“决算数大于（小于、等于）预算数”“与预算数持平”应与所述预算数、决算数一致。

    Formula  大于: 决算 > 预算;  小于: 决算 < 预算;  持平: 决算 = 预算
    Flags    全年预算为17.68万元，支出决算为11.31万元。决算数大于全年预算数的主要原因：……
    Passes   全年预算为17.68万元，支出决算为11.31万元。决算数小于全年预算数的主要原因：……
    """
    yield from outcomes(facts, "R328")


@makes("R328")
def _comparison(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for index, paragraph, _ in explained(facts):
        for match in WORDS.finditer(paragraph.text):
            row = [f for f in facts.in_paragraph(index) if f.start < match.start()]
            budgets, spent = _before(paragraph.text, row, None)
            base = match["base"] or match["base2"] or ""
            budget = budgets.get(WANTED.get(base, f"{base}预算"))
            if budget is None and not base:  # 预算数 as such: as it stood at the end of the year
                budget = budgets.get("全年预算") or budgets.get("年初预算")
            if not spent or not budget:
                continue
            word = match["word"] or match["same"]
            said = paragraph.span(match.start(), match.end())
            relation = ">=" if word in MORE else "<=" if word in LESS else "="
            if relation != "=" and spent.value == budget.value:
                yield Found(
                    f"所写“{match[0]}”，而决算数{spent.figure}与预算数{budget.figure}相等",
                    (said, spent.figure.span, budget.figure.span), "请核对两数，改正比较词",
                )  # fmt: skip
                continue
            yield Claim(
                spent.figure, budget.figure.id, (budget.figure,), relation, "支出决算数", f"所写“{match[0]}”，与预算数",
                also=(said,), advice="请核对预算数、决算数与比较词",
            )  # fmt: skip


SHARE = re.compile(r"占(?P<of>[^，。；：占]{0,20}?)(?:的)?(?:比重|比例)?(?:为|：)?$")


@rule("R224", "accounts-share", Severity.ERROR, source="final-accounts")
def share(facts: Facts) -> Iterator[Outcome]:
    """正文中某项收入、支出所占的比重，应等于该项÷决算表的合计数。

    Formula  占比 = 正文数额 ÷ 决算表合计
    Flags    住房保障支出74.88万元，占3.1%；一般公共预算财政拨款支出2243.56万元
    Passes   住房保障支出74.88万元，占3.3%
    """
    yield from outcomes(facts, "R224")


@makes("R224")
def _share(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    known = {found.fact.figure.id for found in told(facts, accounts) if found.sure}
    for index, paragraph, section in explained(facts):
        row = facts.in_paragraph(index)
        for n, rate in enumerate(row):
            part = row[n - 1] if n else None
            if rate.kind != "percent" or part is None or part.figure.id not in known:
                continue
            match = SHARE.search(paragraph.text[part.end : rate.start])
            if not match or len(paragraph.text[part.end : match.start() + part.end]) > 3:
                continue
            whole, name = whole_of(accounts, section, match["of"])
            if whole:
                yield Claim(
                    rate.figure, f"{part.figure.id} / {whole.id}", (part.figure, whole), subject="占比",
                    basis=f"本项÷{name}", advice="请核对占比的分子、分母",
                )  # fmt: skip


@rule("R221", "accounts-share-cut", Severity.NOTE, source="final-accounts")
def share_cut(facts: Facts) -> Iterator[Outcome]:
    """同一组占比应按四舍五入计算；其中一项截尾或为凑足100%而改动末位，应予更正。

    Formula  占比 = 部分 ÷ 总数，四舍五入
    Flags    29.42÷307.82＝9.5575%，写为9.55%，同组其余各项均为四舍五入
    Passes   写为9.56%；或各项均截尾
    """
    if not facts.accounts:
        return
    for index, _, _ in explained(facts):
        row = facts.in_paragraph(index)
        cut: list[tuple[Fact, Fact, Fact, Decimal]] = []
        rounded_up = False
        for n, rate in enumerate(row):
            if rate.kind != "percent" or "占" not in rate.lead or not n or row[n - 1].kind != "money":
                continue
            part = row[n - 1]
            quantity = rate.figure.quantity
            for whole in (f for f in row[:n] if f.kind == "money" and f.value >= part.value and f.value):
                exact = part.value / whole.value * 100
                down = exact.quantize(Decimal(1).scaleb(-quantity.decimals), rounding="ROUND_DOWN")
                near = round_half_up(exact, quantity.decimals)
                if near != down and quantity.value == near:
                    rounded_up = True
                elif near != down and quantity.value == down:
                    cut.append((rate, part, whole, near))
                else:
                    continue
                break
        for rate, part, whole, near in cut if rounded_up else ():
            yield Found(
                f"占比写为{rate.figure}，{part.figure}÷{whole.figure}四舍五入为{near}%，同组其他占比均按四舍五入",
                (rate.figure.span, part.figure.span, whole.figure.span), "请按四舍五入更正占比",
            )  # fmt: skip


@rule("R222", "growth-from-nothing", Severity.QUESTION, source="ratios")
def growth_from_nothing(facts: Facts) -> Iterator[Outcome]:
    """上年为零（增加额等于本年数）时，增长率没有意义，不应写“增长100%”。

    Formula  上年 = 本年 − 增加额 = 0
    Flags    本年支出307.82万元，比上年增加307.82万元，增长100.00%
    Passes   本年支出307.82万元，比上年增加307.82万元，上年无此项支出
    """
    for row in facts.sentences():
        for n, rate in enumerate(row):
            change = row[n - 1] if n else None
            if rate.kind != "percent" or rate.direction <= 0 or change is None or change.role != "change":
                continue
            now = next((f for f in reversed(_recent(facts, change)) if f.unit == change.unit), None)
            if now and change.direction > 0 and now.value == change.value and rate.value and change.value:
                yield Found(
                    f"增加额{change.figure}等于本年数，上年为零，增长率{rate.figure}无意义",
                    (rate.figure.span, facts.quote(rate), change.figure.span, now.figure.span),
                    "请改写为“上年无此项”，不写增长率",
                )  # fmt: skip


@rule("R223", "accounts-growth", Severity.ERROR, source="final-accounts")
def growth(facts: Facts) -> Iterator[Outcome]:
    """“与上年相比增加X万元，增长y%”应与本年数相符：增长率＝增加额÷（本年数－增加额）；增与减的词应前后一致。

    Formula  增长率 = 增加额 ÷ (本年 − 增加额);  下降率 = 减少额 ÷ (本年 + 减少额)
    Flags    本年2621.66万元，与上年相比增加182.45万元，增长5.32%
    Passes   本年2621.66万元，与上年相比增加132.45万元，增长5.32%
    """
    yield from outcomes(facts, "R223")


@makes("R223")
def _growth(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for index, paragraph, _ in explained(facts):
        row = facts.in_paragraph(index)
        for n, rate in enumerate(row):
            change = row[n - 1] if n else None
            if rate.kind != "percent" or not rate.direction or change is None or change.role != "change":
                continue
            if change.kind != "money" or rate.start - change.end > 8 or re.search("预算", change.lead[-14:]):
                continue
            if rate.direction != change.direction:
                words = paragraph.span(change.start - 3, rate.end)
                yield Found(
                    f"“{words.text}”：增减的方向前后矛盾",
                    (words, change.figure.span, rate.figure.span),
                    "请改正方向词",
                )
                continue
            before = [f for f in _recent(facts, change) if f.kind == "money" and f.measure not in BUDGETS]
            if not before or any(f.period for f in before):
                continue  # last year's amount is told: R204
            sign = "-" if change.direction > 0 else "+"
            claims = [
                Claim(
                    rate.figure, f"{change.figure.id} / ({now.figure.id} {sign} {change.figure.id})",
                    (change.figure, now.figure), subject="增减率", basis="增减额÷上年数（由本年数推得）",
                    advice="请核对本年数、增减额与增减率",
                    doubt="" if len({f.value for f in before}) == 1 else "句中有几个本年数",
                )
                for now in reversed(before)
            ]  # fmt: skip
            yield next((c for c in claims if judged(c) in (Status.AGREES, Status.ROUNDING)), claims[0])


def _recent(facts: Facts, change: Fact) -> list[Fact]:
    row = facts.in_paragraph(change.paragraph)
    return [
        f for f in row if f.start < change.start and f.sentence >= change.sentence - 1 and f.role == "level"
    ]


USES = re.compile(
    r"(?P<what>人员经费|公用经费)[^。；]{0,30}?(?:主要|具体)?(?:包括|用于|包含)(?:支出|了)?[:：]?(?P<list>[^。；]{4,})"
)


@rule("R324", "listed-but-empty", Severity.QUESTION, source="final-accounts")
def listed_but_empty(facts: Facts) -> Iterator[Outcome]:
    """正文列举的人员经费、公用经费项目，基本支出决算表中应有支出。

    Formula  列举的项目在表中的数额 > 0
    Flags    公用经费主要包括：办公费、邮电费……；表中30207邮电费为0.00
    Passes   列举的各项在表中均有数额
    Note     列举的项目多半没有数额时，是照抄科目表，只作提示
    """
    table = facts.accounts["基本支出表"] if facts.accounts else None
    if not table:
        return
    lines = {_listed_name(line.name): line for line in table.coded() if len(line.code) > 3}
    for _, paragraph, section in explained(facts):
        if section != "基本":
            continue
        for match in USES.finditer(paragraph.text):
            found: list[tuple[int, int, str]] = []
            at = match.start("list")
            for words in re.split("([、，])", match["list"]):
                whole = _listed_name(words) in lines
                for piece in (words,) if whole else re.split("(以及|和|及)", words):
                    line = lines.get(_listed_name(piece))
                    if line and line.code.startswith(("301", "303")) == (match["what"] == "人员经费"):
                        found.append((at, at + len(piece), line.code))
                    at += len(piece)
            empty = [x for x in found if not _spent(table, x[2])]
            yield from _unlisted(table, lines, match, {x[2] for x in found}, paragraph)
            if not empty:
                continue
            named = "、".join(paragraph.text[a:b] for a, b, _ in empty)
            yield Found(
                f"正文列举{match['what']}包括{named}，{table.title}中没有数额",
                (
                    *(paragraph.span(a, b) for a, b, _ in empty),
                    *(line.cell.span for _, _, code in empty if (line := table.by_code(code)) and line.cell),
                ),
                "请按表中实际支出的项目列举",
                Severity.NOTE if len(empty) * 2 > len(found) else None,
            )  # fmt: skip


def _listed_name(words: str) -> str:
    return re.sub(r"[（）()]|境|(?<=..)支出$|等$", "", words)


def _unlisted(
    table: AccountTable, lines: dict[str, Line], match: re.Match[str], listed: set[str], paragraph: Paragraph
) -> Iterator[Outcome]:
    """An item with money that is left out of a list which otherwise names all of them."""
    if re.search("等[^、，]{0,6}$", match["list"]):
        return
    staff = match["what"] == "人员经费"
    spent = [
        ln for ln in lines.values() if _spent(table, ln.code) and ln.code.startswith(("301", "303")) == staff
    ]
    left = [ln for ln in spent if ln.code not in listed]
    if left and len(left) * 4 <= len(spent):
        amounts = [a.figure for ln in left for a in ln.amounts.values() if a.figure]
        yield Found(
            f"{table.title}中有数额的{'、'.join(ln.label for ln in left)}，正文列举{match['what']}时未提到",
            (*(f.span for f in amounts), paragraph.span(match.start(), match.start("list"))),
            "请核对正文列举与表", Severity.NOTE,
        )  # fmt: skip


def _spent(table: AccountTable, code: str) -> bool:
    line = table.by_code(code)
    return bool(line and any(a.figure and a.figure.quantity.value for a in line.amounts.values()))
