"""R620–R622: years and money units in a final account."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from ..accounts import Accounts
from ..accounts.narrative import explained
from ..facts import Facts
from ..findings import Severity
from ..prose import Paragraph
from . import Found, Outcome, rule

YEAR = re.compile(r"(?<!\d)(?P<year>\d{4})年(?P<of>度)?")
COMPARED = re.compile(r"(?:与|比|较|同|上年|上一年|去年|上年度)(?:（)?$")
EARLIER = re.compile(r"(?:以前|历年|起|始|自|从|至|到|于|根据|按照|依据|〔|《)[^，。；]{0,6}$")
OWN = re.compile(
    r"^(?:部门|单位|本部门|本单位|我|收入|支出|收、支|财政拨款|一般公共预算|政府性基金|国有资本|机关运行|政府采购|预算绩效|“三公”|三公|"
    r"因公|公务|无|没有|未|决算|年初|年末|项目|本年)"
)
YEAR_END = re.compile(r"^(?:12月31日|12月底|12月末|年?底|年?末)")


@rule("R620", "accounts-year", Severity.ERROR, source="period")
def accounts_year(facts: Facts) -> Iterator[Outcome]:
    """标题、目录、各部分所称年度应为决算年度；同比应与上一年度相比；截止日应在决算年度末。

    Formula  所称年度 = 决算年度;  “与……年度相比” = 决算年度 − 1
    Flags    2024年度部门决算中：2023年度收入支出总计……；与2022年度相比
    Passes   2024年度收入支出总计……，与2023年度相比
    """
    accounts = facts.accounts
    if not accounts:
        return
    year = account_year(facts, accounts)
    if not year:
        return
    for paragraph in facts.paragraphs:
        for match in YEAR.finditer(paragraph.text):
            said = int(match["year"])
            before, after = paragraph.text[: match.start()], paragraph.text[match.end() :]
            if found := _judge(paragraph, match, said, year, before, after):
                message, severity = found
                start = max(0, match.start() - 10)
                yield Found(
                    message,
                    (paragraph.span(match.start(), match.end()), paragraph.span(start, min(match.end() + 12, len(paragraph.text)))),
                    "请核对年度", severity,
                )  # fmt: skip


def account_year(facts: Facts, accounts: Accounts) -> int:
    """The year that most of the text calls its own."""
    years = Counter(
        int(m["year"])
        for p in facts.paragraphs
        for m in YEAR.finditer(p.text)
        if m["of"] and not COMPARED.search(p.text[: m.start()])
    )
    return years.most_common(1)[0][0] if years else 0


def _judge(
    paragraph: Paragraph, match: re.Match[str], said: int, year: int, before: str, after: str
) -> tuple[str, Severity | None] | None:
    words = f"{match[0]}{after[:6]}"
    if not 1949 <= said <= 2100:
        return f"“{match[0]}”不是可能的年份", None
    if COMPARED.search(before) and (match["of"] or re.match("相比|增|减|决算|同期|上升|下降|持平", after)):
        if said == year - 1:
            return None
        sure = said >= year
        return (
            f"“{before[-2:]}{words}”：同比应与{year - 1}年度相比，决算年度为{year}年",
            None if sure else Severity.QUESTION,
        )
    if said == year:
        return None
    if YEAR_END.match(after) and re.search("截至?止?到?(?:至)?$", before):
        return f"“{before[-2:]}{words}”：截止日应在决算年度{year}年末", None
    if not match["of"]:
        return None
    title = len(paragraph.text) <= 60 and not re.search("[。；]", paragraph.text)
    if title or (OWN.match(after) and not EARLIER.search(before)):
        return f"“{words}”：与决算年度{year}年不一致", None
    listed = re.match(r"(?:和|、|及|与|至|-|—|－)", after) or re.search(
        r"年度?(?:和|、|及|与|至|-|—|－)$", before
    )
    sentence = re.split("[。；]", before)[-1] + re.split("[。；]", after)[0]
    planned = said > year and re.search("将|下一步|下年|改进|预算|安排|编制|计划|工作", sentence)
    if not listed and not planned and not EARLIER.search(before) and said > year - 3:
        return f"“{words}”：与决算年度{year}年不同，请核对", Severity.QUESTION
    return None


@rule("R621", "accounts-unit", Severity.ERROR, source="units")
def accounts_unit(facts: Facts) -> Iterator[Outcome]:
    """各决算表的金额单位应一致，且与表中数额相称。

    Flags    各表单位均为万元，支出决算表注明“单位：元”，而合计同为307.82
    Passes   各表均注明“单位：万元”
    """
    accounts = facts.accounts
    if not accounts:
        return
    totals: dict[str, list[str]] = defaultdict(list)
    for table in accounts.all_tables():
        totals[table.unit] += [f.quantity.text for f in table.figures() if f.quantity.value]
    if len(totals) < 2:
        return
    usual = max(totals, key=lambda unit: len(totals[unit]))
    for table in accounts.all_tables():
        if table.unit == usual or not table.unit_span:
            continue
        own = {f.quantity.text for f in table.figures() if f.quantity.value}
        shared = own & set(totals[usual])
        sure = len(shared) * 2 > len(own) if own else False
        yield Found(
            f"{table.title}注明单位为{table.unit}，其他表为{usual}{'，而数额与其他表相同' if sure else ''}",
            (table.unit_span,), "请核对金额单位", None if sure else Severity.QUESTION,
        )  # fmt: skip


@rule("R622", "same-words-other-year", Severity.QUESTION, source="period")
def same_words_other_year(facts: Facts) -> Iterator[Outcome]:
    """反复出现的同一说法，年份应当一致。

    Flags    多处“单位2024年新成立”，一处“单位2014年新成立”
    Passes   各处均为“单位2024年新成立”
    """
    if not facts.accounts:
        return
    found: dict[str, list[tuple[str, Paragraph, re.Match[str]]]] = defaultdict(list)
    for _, paragraph, _ in explained(facts):
        for match in YEAR.finditer(paragraph.text):
            text = paragraph.text
            if match["of"]:
                continue
            around = (
                text[max(0, match.start() - 3) : match.start()] + "#" + text[match.end() : match.end() + 3]
            )
            found[around].append((match["year"], paragraph, match))
    for places in found.values():
        years = Counter(year for year, _, _ in places)
        usual, times = years.most_common(1)[0]
        for year, paragraph, match in places:
            if times >= 3 and years[year] == 1 and year != usual:
                quote = paragraph.span(max(0, match.start() - 6), min(match.end() + 6, len(paragraph.text)))
                yield Found(
                    f"“{quote.text}”：别处同一说法均为{usual}年",
                    (paragraph.span(match.start(), match.end()), quote), "请核对年份",
                )  # fmt: skip
