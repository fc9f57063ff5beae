"""R325–R327, R329: what a final account tells without a table: government procurement, purposes, performance, vehicles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..accounts import Accounts
from ..accounts.narrative import explained, subjects
from ..facts import Fact, Facts
from ..findings import Severity
from ..glossary import parameters
from ..prose import Paragraph
from . import Claim, Found, Outcome, rule, sum_formula
from .accounts_common import makes, outcomes
from .common import digit_slip

KINDS = ("货物", "工程", "服务")
WHOLE = re.compile(
    r"政府采购(?:支出|合同|实际)?(?:总额|总金额|金额|支出|规模)(?:（[^）]*）)?(?:合?计|共)?(?:为|是|：)?$"
)
RESERVED = re.compile(r"(?:在|于)面向中小企业预留[^。；]*?(?:中标|成交)[^。；]*$")
ELSEWHERE = re.compile(r"(?:在|于)其他政府采购项目[^。；]*?中小企业[^。；]*$")
SMALL = re.compile(r"中小企业(?:的)?(?:合同)?(?:金额|总额|总金额)?(?:为|是|：)?$")
SMALLER = re.compile(r"小微企业(?:的)?(?:合同)?(?:金额|总额|总金额)?(?:为|是|：)?$")


@rule("R325", "procurement", Severity.ERROR, source="final-accounts")
def procurement(facts: Facts) -> Iterator[Outcome]:
    """政府采购金额＝货物＋工程＋服务；授予中小企业、小微企业的金额不应大于采购总额。

    Formula  采购总额 = 货物 + 工程 + 服务;  小微 ≤ 中小 ≤ 总额;  预留项目成交 + 其他项目成交 ≤ 总额
    Flags    采购总额21.07万元，预留项目中小企业成交21.07万元，其他项目中小企业成交21.07万元
    Passes   采购总额21.07万元，其中货物21.07万元，工程、服务0万元
    """
    yield from outcomes(facts, "R325")


@makes("R325")
def _procurement(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    told: dict[str, Fact] = {}
    others: list[Fact] = []
    for index, paragraph, section in explained(facts):
        if section != "采购":
            continue
        row = facts.in_paragraph(index)
        for n, fact in enumerate(row):
            if fact.kind == "money":
                before = row[n - 1].end if n else paragraph.marker
                if name := _bought(paragraph.text[before : fact.start]):
                    told.setdefault(name, fact)
                elif PAID.search(paragraph.text[before : fact.start]):
                    others.append(fact)
    whole = told.get("总额")
    if not whole:
        return
    parts = [told[kind] for kind in KINDS if kind in told]
    if len(parts) > 1:
        operands = tuple(f.figure for f in parts if f.value)
        doubt = "" if len(parts) == 3 else "未列全货物、工程、服务"
        yield Claim(
            whole.figure, sum_formula(operands) if operands else "0", operands, subject="政府采购总额",
            basis="货物、工程、服务相加", doubt=doubt, advice="请核对政府采购总额与各项",
        )  # fmt: skip
    for less, more in (("中小企业", "总额"), ("小微企业", "中小企业")):
        if less in told and more in told:
            yield Claim(
                told[less].figure, told[more].figure.id, (told[more].figure,), "<=", f"授予{less}金额", f"{more}",
                advice="请核对政府采购支出说明",
            )  # fmt: skip
    for fact in others:
        yield Claim(
            fact.figure, whole.figure.id, (whole.figure,), "<=", "政府采购中的一部分", "采购总额",
            advice="请核对政府采购支出说明",
        )  # fmt: skip
    if "预留" in told and "其他" in told:
        reserved = told["预留"].figure
        yield Claim(
            told["其他"].figure, f"{whole.figure.id} - {reserved.id}", (whole.figure, reserved), "<=",
            "其他采购项目中小企业成交金额", "采购总额减预留项目成交金额",
            advice="请核对是否重复填列预留项目的金额",
        )  # fmt: skip


def _bought(words: str) -> str:
    """Which part of 政府采购 the words before an amount name."""
    clause = re.split("[，。；：、]", words.rstrip("为是共计："))[-1]
    if WHOLE.search(words) and not any(kind in clause for kind in KINDS):
        return "总额"
    if ELSEWHERE.search(words):
        return "其他"
    if RESERVED.search(words) and "小微" not in words:
        return "预留"
    if kind := next(
        (kind for kind in KINDS if re.search(rf"{kind}(?:类)?(?:采购)?(?:支出|金额)?", clause)), ""
    ):
        return kind if "中小" not in words and "小微" not in words else ""
    if SMALLER.search(words):
        return "小微企业"
    return "中小企业" if SMALL.search(words) and "预留" not in words else ""


PAID = re.compile(r"(?:中标|成交|授予)[^。；]*?(?:采购|合同|成交)金额(?:为|是|：)?$")
PURPOSE = re.compile(r"(?:主要|具体)?用于[:：]?(?P<what>[^。；]{4,60})")


@cache
def _empty() -> re.Pattern[str]:
    return re.compile("|".join(parameters("accounts")["purpose"]["empty"]))


@rule("R326", "purpose-of-another", Severity.ERROR, source="final-accounts")
def purpose_of_another(facts: Facts) -> Iterator[Outcome]:
    """各功能科目的用途说明应是本科目的，不应照抄其他科目。

    Formula  用途说明所指科目 = 本科目
    Flags    住房公积金（项）。主要用于：事业单位医疗保险支出
    Passes   事业单位医疗（项）。主要用于：事业单位医疗保险支出
    """
    table = facts.accounts["一般公共预算支出表"] if facts.accounts else None
    if not table:
        return
    told: list[tuple[str, str, Paragraph, re.Match[str]]] = []
    for _, paragraph, _ in explained(facts):
        named = subjects(paragraph, table)
        for n, (end, _, name) in enumerate(named):
            stop = named[n + 1][0] if n + 1 < len(named) else len(paragraph.text)
            if match := PURPOSE.search(paragraph.text, end, stop):
                told.append((name, match["what"], paragraph, match))
    for name, what, paragraph, match in told:
        if _alike(name, what) > 1:
            continue
        for other, theirs, elsewhere, where in told:
            # The very words of another line, or a part of them that only that line's name explains.
            if other != name and theirs == what and _alike(other, what) > 1:
                yield Found(
                    f"“{name}”的用途写为“{what}”，与“{other}”的用途相同，疑为照抄",
                    (
                        paragraph.span(match.start(), match.end()),
                        elsewhere.span(where.start(), where.end()),
                    ),
                    f"请改写“{name}”的用途",
                )  # fmt: skip
                break


def _alike(name: str, what: str) -> int:
    """Length of the longest stretch of a name, its empty words left out, that a purpose holds."""
    longest = 0
    for piece in _empty().split(re.sub(r"[（）“”、]", " ", name)):
        for start in range(len(piece)):
            for end in range(len(piece), start + longest, -1):
                if piece[start:end].strip() == piece[start:end] and piece[start:end] in what:
                    longest = max(longest, end - start)
    return longest


GRADED = re.compile(
    r"(?:评级|等级|结果|得分)?(?:为|是)“?(?:优秀?|良好?|中等?|差|合格|不合格)”?(?:等次|的)*(?:项目)?(?:有)?$"
)
SELF = re.compile(r"自评[^，。；]{0,16}项目(?:共|计)?$")
STAGES = re.compile(r"(?:绩效目标|跟踪|监控|自评)[^。；]*?(?:涉及)?(?:预算)?(?:金额|资金)(?:共计|合计|为)?$")


@rule("R327", "performance-counts", Severity.ERROR, source="final-accounts")
def performance_counts(facts: Facts) -> Iterator[Outcome]:
    """绩效自评的项目数应等于各评级项目数之和；同样多的项目，编报目标、跟踪、自评涉及的金额应相同。

    Formula  自评项目 = 优 + 良 + 合格 + 不合格
    Flags    绩效自评项目12个，其中优8个、良3个、合格0个、不合格0个
    Passes   绩效自评项目12个，其中优9个、良3个
    """
    yield from outcomes(facts, "R327")


@makes("R327")
def _performance(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for index, paragraph, section in explained(facts):
        if section != "绩效":
            continue
        row = [f for f in facts.in_paragraph(index) if f.role == "level"]
        graded = [f for f in row if f.kind == "count" and GRADED.search(_clause(paragraph, f))]
        counted = [f for f in row if f.kind == "count" and SELF.search(_clause(paragraph, f))]
        whole = next((f for f in reversed(counted) if graded and f.start < graded[0].start), None)
        if whole and len(graded) > 1:
            operands = tuple(f.figure for f in graded)
            yield Claim(
                whole.figure, sum_formula(operands), operands, subject="绩效自评项目数", basis="各评级项目数相加",
                advice="请核对自评项目数与各评级的项目数",
            )  # fmt: skip
        for fact in row:
            if fact.kind == "score" and fact.value > 100 and "得分" in _clause(paragraph, fact):
                yield Found(f"得分{fact.figure}超过100分", (fact.figure.span,), "请核对得分")
        amounts = [f for f in row if f.kind == "money" and STAGES.search(paragraph.text[: f.start])]
        counts = [f for f in row if f.kind == "count" and "项目" in _clause(paragraph, f) and f not in graded]
        yield from _told_alike(amounts[:3])
        yield from _told_alike(counts[:3])


def _clause(paragraph: Paragraph, fact: Fact) -> str:
    return re.split("[，。；：（、]", paragraph.text[: fact.start])[-1]


def _told_alike(row: list[Fact]) -> Iterator[Outcome]:
    """目标, 跟踪, 自评: alike for all three; where two agree, the third is asked about."""
    if len(row) != 3 or len({f.value for f in row}) > 2 or len({f.unit for f in row}) > 1:
        return
    odd = next((f for f in row if [g.value for g in row].count(f.value) == 1), None)
    usual = next(f for f in row if f is not odd)
    for fact in row:
        slip = fact is odd and (digit_slip(fact.figure, usual.figure) or fact.kind == "count")
        if fact is usual or (fact is odd and not slip):
            continue
        yield Claim(
            fact.figure, usual.figure.id, (usual.figure,), subject="编报目标、跟踪、自评的项目", basis="另一处所载",
            doubt="各环节的范围可能不同", advice="请核对各环节的项目数和金额",
        )  # fmt: skip


@rule("R329", "vehicles", Severity.ERROR, source="final-accounts")
def vehicles(facts: Facts) -> Iterator[Outcome]:
    """车辆总数应等于所列各类用车之和。

    Formula  车辆 = Σ 各类用车
    Flags    共有车辆5辆，其中：应急保障用车3辆、执法执勤用车1辆
    Passes   共有车辆5辆，其中：应急保障用车3辆、执法执勤用车2辆
    """
    yield from outcomes(facts, "R329")


@makes("R329")
def _vehicles(facts: Facts, accounts: Accounts) -> Iterator[Outcome]:
    for index, paragraph, section in explained(facts):
        row = [f for f in facts.in_paragraph(index) if f.kind == "count" and f.unit in ("辆", "台")]
        wholes = [
            f
            for f in row
            if re.search(r"(?:车辆|公务用车)(?:保有量|共|计|为|数)*$", paragraph.text[: f.start])
            and "其中" in paragraph.text[f.end :][:6]
        ]
        if section not in ("资产", "三公") or not wholes:
            continue
        whole = wholes[0]
        stop = paragraph.text.find("。", whole.end)
        parts = [
            f for f in row if f.start > whole.start and (stop < 0 or f.start < stop) and f.unit == whole.unit
        ]
        parts = [f for f in parts if re.search("用车|车辆?$|车$", _clause(paragraph, f))]
        listed = tuple(f.figure for f in parts)
        if listed:
            more = sum(f.value for f in parts) > whole.value
            sure = more or len(parts) > 4 or "其他用车" in paragraph.text
            yield Claim(
                whole.figure, sum_formula(listed), listed, subject="车辆数", basis="所列各类用车相加",
                doubt="" if sure else "可能未列全各类用车", advice="请核对车辆总数与各类用车",
            )  # fmt: skip
