"""Rules over forms: footings, rates, narrative against annex, annex against annex, indicator rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from audit import run
from audit.read import read
from audit.rules import all_rules
from tests.conftest import Outcome, text_document
from tests.forms import BASE, Value, project, word, workbook

Judge = Callable[..., Outcome]
REPORT = "某局2024年度部门整体支出绩效自评报告\n一、基本情况\n"


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    """judge("R104", "words of the report", annex path …) runs that rule alone."""
    rules = {rule.code: rule for rule in all_rules()}

    def _judge(code: str, text: str, *annexes: Path) -> Outcome:
        monkeypatch.setattr(run, "all_rules", lambda: (rules[code],))
        found = [read(path, "annex", f"d{n}") for n, path in enumerate(annexes, 2)]
        return Outcome(run.check_documents([text_document(REPORT + text), *found]))

    return _judge


def with_row(rows: Sequence[Sequence[Value]], label: str, *values: Value) -> list[Sequence[Value]]:
    """The same rows with other values behind one label."""
    found = [list(row) for row in rows]
    for row in found:
        if label in row:
            at = row.index(label) + 1
            row[at : at + len(values)] = values
    return found


def listed(*amounts: Value) -> list[Sequence[Value]]:
    *parts, total = amounts
    rows: list[Sequence[Value]] = [("单位：万元",), ("项目名称", "全年预算数", "全年执行数")]
    rows += [(f"{name}项目", amount, amount) for name, amount in zip("甲乙丙", parts, strict=False)]
    return [*rows, ("合计", total, total)]


def statuses(outcome: Outcome, *columns: str) -> list[tuple[str, ...]]:
    return outcome.rows("status", *columns)


# R104


def test_footing_passes_at_the_edge_of_rounding(judge: Judge, tmp_path: Path) -> None:
    outcome = judge("R104", "", workbook(tmp_path / "表.xlsx", *listed(33.33, 33.33, 33.34, 100.01)))
    assert [row[0] for row in statuses(outcome)] == ["尾差", "尾差"]
    assert outcome.findings == ()


def test_footing_flags_a_total_beyond_rounding(judge: Judge, tmp_path: Path) -> None:
    path = workbook(tmp_path / "附件1.xlsx", *with_row(BASE, "三公经费", 6.43))
    outcome = judge("R104", "", path)
    assert outcome.raised("severity", "difference", "at") == [("错误", "0.09万元", "6.43")]
    assert outcome.findings[0].evidence[0].cell == "表!C6"


def test_footing_counts_a_blank_as_absent_and_a_dash_as_nothing(judge: Judge, tmp_path: Path) -> None:
    outcome = judge("R104", "", workbook(tmp_path / "表.xlsx", *listed(60, None, "——", 60)))
    assert {row[0] for row in statuses(outcome)} == {"相符"}


def test_footing_over_an_error_value_cannot_be_checked(judge: Judge, tmp_path: Path) -> None:
    outcome = judge("R104", "", workbook(tmp_path / "表.xlsx", *listed(60, "#DIV/0!", 40, 100)))
    assert set(statuses(outcome, "note")) == {("未能核对", "单元格是错误值")}
    uncalculated = judge("R104", "", workbook(tmp_path / "表.xlsx", *listed(60, "=1+1", 40, 100)))
    assert set(statuses(uncalculated, "note")) == {("未能核对", "公式从未计算，没有存下结果")}


def test_partial_list_need_not_make_up_the_total(judge: Judge, tmp_path: Path) -> None:
    sound = judge("R104", "", workbook(tmp_path / "附件1.xlsx", *BASE))
    assert sound.findings == ()
    over = judge("R104", "", workbook(tmp_path / "附件1.xlsx", *with_row(BASE, "其中：办公经费", 60)))
    assert over.raised("code", "at") == [("R104", "64.12")]


def test_project_form_sources_make_up_its_total(judge: Judge, tmp_path: Path) -> None:
    sound = judge("R104", "", workbook(tmp_path / "附件3.xlsx", *project()))
    assert [row[0] for row in statuses(sound)] == ["相符"] * 3
    wrong = workbook(tmp_path / "附件3.xlsx", *with_row(project(), "上年结转资金", "", 5, 6.25))
    assert judge("R104", "", wrong).raised("at", "difference") == [("112", "-1.25万元")]


def test_codes_and_subtotals_are_not_counted_twice(judge: Judge, tmp_path: Path) -> None:
    coded = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["", "合计", "307.82", "105.58", "202.24"],
        ["201", "甲类", "264.87", "62.63", "202.24"],
        ["20139", "甲款", "264.87", "62.63", "202.24"],
        ["2013901", "甲项", "62.63", "62.63", ""],
        ["2013999", "乙项", "202.24", "", "202.24"],
        ["208", "乙类", "42.95", "42.95", ""],
    ]
    outcome = judge("R104", "", word(tmp_path / "表.docx", "支出决算表 单位：万元", coded))
    assert {row[0] for row in statuses(outcome)} == {"相符"}
    assert ("相符", "甲类合计") in statuses(outcome, "subject")


def test_subtotals_make_up_the_total(judge: Judge, tmp_path: Path) -> None:
    def rows(total: float) -> list[Sequence[Value]]:
        amounts = [
            ("甲项", 1.5),
            ("乙项", 2.5),
            ("人员经费合计", 4.0),
            ("丙项", 6.0),
            ("小计", 6.0),
            ("合计", total),
        ]
        return [("单位：万元",), ("科目名称", "决算数"), *amounts]

    assert {s for (s,) in statuses(judge("R104", "", workbook(tmp_path / "表.xlsx", *rows(10.0))))} == {
        "相符"
    }
    wrong = judge("R104", "", workbook(tmp_path / "表.xlsx", *rows(12.75)))
    assert wrong.raised("at", "expected") == [("12.75", "10.00万元")]


# R208


def test_rate_of_a_row(judge: Judge, tmp_path: Path) -> None:
    def rows(rate: Value) -> list[Sequence[Value]]:
        return [
            ("单位：万元",),
            ("项目名称", "年初预算数", "全年预算数", "执行数", "执行率"),
            ("甲", 100, 180, 135.54, rate),
        ]

    sound = judge("R208", "", workbook(tmp_path / "表.xlsx", *rows("75.3%")))
    assert statuses(sound) == [("相符",)]
    flagged = judge("R208", "", workbook(tmp_path / "表.xlsx", *rows("57.30%")))
    assert flagged.raised("severity", "at", "expected") == [("错误", "57.30%", "75.30%")]
    other_base = judge("R208", "", workbook(tmp_path / "表.xlsx", *rows("135.54%")))
    assert other_base.raised("severity") == [("疑点",)]
    nothing = [*rows("0%")[:2], ("甲", 0, 0, 0, "0%")]
    zero = judge("R208", "", workbook(tmp_path / "表.xlsx", *nothing))
    assert statuses(zero, "note") == [("未能核对", "分母为零，比率无意义")]


# R302


SAID = "三公经费预算数为6.80万元，决算数为5.92万元。"


@pytest.mark.parametrize(("unit", "factor"), [("万元", 1), ("元", 10000)])
def test_narrative_agrees_with_annex_in_any_unit(
    judge: Judge, tmp_path: Path, unit: str, factor: int
) -> None:
    rows = [
        ("基础数据表",), (f"单位：{unit}",), ("经费控制情况", "2024年预算数", "2024年决算数"),
        ("三公经费", 6.8 * factor, 5.92 * factor),
    ]  # fmt: skip
    outcome = judge("R302", SAID, workbook(tmp_path / "附件1.xlsx", *rows))
    assert [row[0] for row in statuses(outcome)] == ["相符", "相符"]


def test_narrative_and_annex_differ(judge: Judge, tmp_path: Path) -> None:
    outcome = judge(
        "R302", SAID, workbook(tmp_path / "附件1.xlsx", *with_row(BASE, "三公经费", 6.34, 6.8, 5.29))
    )
    assert outcome.raised("severity", "at", "difference") == [("错误", "5.92万元", "0.63万元")]
    assert outcome.findings[0].evidence[1].cell == "表!E6"


def test_unsaid_reading_makes_a_question(judge: Judge, tmp_path: Path) -> None:
    path = workbook(tmp_path / "附件1.xlsx", *BASE)
    outcome = judge("R302", "公用经费61.86万元，主要用于日常运转。", path)
    assert outcome.raised("severity", "at") == [("疑点", "61.86万元")]
    assert "正文未写明是哪一项数" in outcome.findings[0].message
    assert judge("R302", "公用经费61.68万元，主要用于日常运转。", path).findings == ()


def test_adjusted_budget_in_the_base_table_makes_a_question(judge: Judge, tmp_path: Path) -> None:
    text = "2024年项目支出年初预算数为130.00万元，全年预算数为150.00万元，全年执行数为140.00万元。"
    outcome = judge("R302", text, workbook(tmp_path / "附件1.xlsx", *BASE))
    assert outcome.raised("severity", "at") == [("疑点", "130.00万元")]


def test_unsaid_unit_makes_a_question(judge: Judge, tmp_path: Path) -> None:
    rows = [("基础数据表",), ("经费控制情况", "2024年预算数", "2024年决算数"), ("三公经费", 6.8, 5.8)]
    outcome = judge("R302", SAID, workbook(tmp_path / "附件1.xlsx", *rows))
    assert outcome.raised("severity") == [("疑点",)]


def test_posts_and_staff_are_compared(judge: Judge, tmp_path: Path) -> None:
    text = "本单位核定编制20名，年末实有在职人员18人。"
    outcome = judge("R302", text, workbook(tmp_path / "附件1.xlsx", *BASE))
    assert outcome.raised("at", "expected") == [("18人", "19人")]


def test_project_paragraph_is_compared_with_its_form(judge: Judge, tmp_path: Path) -> None:
    text = "1.公益讲座资金。年初预算数为120.00万元，全年预算数为125.00万元，全年执行数为{}万元，预算执行率为89.60%。"
    path = workbook(tmp_path / "附件3-1.xlsx", *project())
    sound = judge("R302", text.format("112.00"), path)
    assert [row[0] for row in statuses(sound)] == ["相符"] * 4
    flagged = judge("R302", text.format("121.00"), path)
    assert flagged.raised("severity", "at", "expected") == [("错误", "121.00万元", "112.00万元")]


# R304


def test_two_annexes_on_one_project(judge: Judge, tmp_path: Path) -> None:
    form = workbook(tmp_path / "附件3-1.xlsx", *project())
    sound = judge("R304", "", workbook(tmp_path / "附件1.xlsx", *BASE), form)
    assert sound.findings == () and {row[0] for row in statuses(sound)} == {"相符"}
    swapped = workbook(tmp_path / "附件1.xlsx", *with_row(BASE, "2、公益讲座资金", 100, 102, 112))
    flagged = judge("R304", "", swapped, form)
    assert flagged.raised("severity", "at", "expected") == [("错误", "102", "120.00万元")]


def test_forms_make_up_project_expenditure(judge: Judge, tmp_path: Path) -> None:
    def annexes(total: float) -> list[Path]:
        lines = [*with_row(BASE, "项目支出：", 130, 240, total)]
        lines[12] = ("", "1、社区书屋资金", 30, 120, 112)
        paths = [workbook(tmp_path / "附件1.xlsx", *lines)]
        return paths + [
            workbook(tmp_path / f"附件3-{n}.xlsx", *project(n)) for n in ("公益讲座资金", "社区书屋资金")
        ]

    assert judge("R304", "", *annexes(224)).findings == ()
    assert judge("R304", "", *annexes(242)).raised("severity", "at", "expected") == [
        ("错误", "242", "224.00万元")
    ]
    # Without the second form the sum says nothing for sure.
    assert judge("R304", "", *annexes(242)[:2]).findings == ()


# R511, R512, R515


def scored(*indicator: Value) -> tuple[Sequence[Value], ...]:
    return project(indicators=[("", "产出指标", "数量指标", "甲指标", *indicator, "原因")])


@pytest.mark.parametrize(
    ("indicator", "status"),
    [
        (("≥200人次", "180人次", 50, 45), "相符"),
        (("≥200人次", "180人次", 50, 50), "不符"),
        (("≤100万元", "125万元", 10, 8), "相符"),
        (("≤100万元", "80万元", 10, 10), "相符"),
        (("=3700人", "3984人", 9, 9), "相符"),
        (("95%", "94.25%", 10, "9.92分"), "相符"),
        (("≥600", 599, 6, 5.99), "相符"),
        (("有所提升", "有所提升", 10, 9), "未能核对"),
        (("≥200人次", "180户", 10, 9), "未能核对"),
        (("有所提升", "有所提升", 10, 11), "不符"),
        (("≥0件", "", 10, 10), "未能核对"),
    ],
)
def test_score_of_an_indicator(
    judge: Judge, tmp_path: Path, indicator: tuple[Value, ...], status: str
) -> None:
    outcome = judge("R511", "", workbook(tmp_path / "附件3.xlsx", *scored(*indicator)))
    assert ("附件3《公益讲座资金》：甲指标得分", status) in outcome.rows("subject", "status")


def test_score_of_the_execution_rate_is_an_error(judge: Judge, tmp_path: Path) -> None:
    funds = [("", "年度资金总额", 150, 180, 135.54, 10, "75.30%", 8.53)]
    outcome = judge("R511", "", workbook(tmp_path / "附件3.xlsx", *project(funds=funds)))
    assert outcome.raised("severity", "at", "expected") == [("错误", "8.53", "7.53分")]


def test_total_score(judge: Judge, tmp_path: Path) -> None:
    assert judge("R512", "", workbook(tmp_path / "附件3.xlsx", *project())).findings == ()
    wrong = judge("R512", "", workbook(tmp_path / "附件3.xlsx", *project(total=93.69)))
    assert wrong.raised("severity", "at", "difference") == [("错误", "93.69", "-0.27分")]
    unread = with_row(project(), "满意度", "≥90%", "96%", 10, "#REF!")
    outcome = judge("R512", "", workbook(tmp_path / "附件3.xlsx", *unread))
    assert ("未能核对", "满意度：单元格是错误值") in statuses(outcome, "note")


def test_weights_make_up_100(judge: Judge, tmp_path: Path) -> None:
    rows = with_row(project(), "群众获得感", "有所提升", "有所提升", 20, 30)
    outcome = judge("R512", "", workbook(tmp_path / "附件3.xlsx", *rows))
    assert "90分" in [expected for (expected,) in outcome.raised("expected")]


@pytest.mark.parametrize(("reason", "found"), [("", 1), ("/", 1), ("无", 1), ("场地检修。", 0)])
def test_missed_target_needs_a_reason(judge: Judge, tmp_path: Path, reason: str, found: int) -> None:
    rows = with_row(project(), "甲服务人次", "≥200人次", "180人次", 50, 45, reason)
    outcome = judge("R515", "", workbook(tmp_path / "附件3.xlsx", *rows))
    assert outcome.raised("severity", "at") == [("疑点", "180人次")] * found
    assert len(outcome.checks) == 2  # a target in words is no check


# R708


def test_three_public_expenses_stay_within_their_budget(judge: Judge, tmp_path: Path) -> None:
    assert judge("R708", "", workbook(tmp_path / "附件1.xlsx", *BASE)).findings == ()
    over = judge(
        "R708", "", workbook(tmp_path / "附件1.xlsx", *with_row(BASE, "3、公务接待", 1.92, 1.2, 1.77))
    )
    assert over.raised("severity", "at", "difference") == [("错误", "1.77", "0.57万元")]


# all together


def test_sample_department(tmp_path: Path) -> None:
    """The sound annexes raise nothing, the planted ones exactly the cells that were changed."""
    sample = Path(__file__).parent.parent / "workbooks" / "sample"
    codes = {"R104", "R208", "R302", "R304", "R511", "R512", "R515", "R708"}
    cells = {}
    for version in ("sound", "planted"):
        folder = sample / version
        report = run.check(folder / "自评报告.docx", sorted(folder.glob("附件*.xlsx")))
        cells[version] = {
            (f.code, cell)
            for f in report.findings
            if f.code in codes
            for s in f.evidence[:2]
            if (cell := s.cell)
        }
        assert [f.id for f in report.figures] == [f"f{n}" for n in range(1, len(report.figures) + 1)]
    assert cells["sound"] == set()
    form = "项目支出绩效自评表"
    assert {
        ("R104", "基础数据表!B6"), ("R304", "基础数据表!D16"), ("R304", "基础数据表!D17"), ("R302", f"{form}!F6"),
        ("R511", f"{form}!I6"), ("R512", f"{form}!H21"), ("R515", "整体支出绩效自评表!F26"), ("R708", "基础数据表!F11"),
    } <= cells["planted"]  # fmt: skip
