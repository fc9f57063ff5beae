"""R7xx beyond single amounts: adjustments, outputs, claims and satisfaction; forms of projects that spent nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from audit import run
from audit.read import read
from audit.rules import all_rules
from tests.conftest import Outcome, text_document
from tests.forms import Value, project, workbook

ADJUSTED = "年初预算100.00万元，年中追加{0}.00万元，调整后全年预算1{0}.00万元，预算调整率{0}.00%{1}。"


@pytest.mark.parametrize(
    ("rate", "why", "severity"),
    [
        ("40", "", ["疑点"]),
        ("20", "", ["提示"]),
        ("10", "", []),
        ("40", "，主要原因是上级专项资金年中下达", []),
        ("40", "。受上级资金年中下达影响，追加较多", []),
    ],
)
def test_adjustments_need_a_reason_the_more_the_larger_they_are(check, rate, why, severity):
    assert [s for (s,) in check("R710", ADJUSTED.format(rate, why)).raised("severity")] == severity


def test_adjustments_without_a_printed_rate(check):
    text = "部门整体支出年初预算100.00万元，年中追加{}.00万元。"
    assert check("R710", text.format(13)).raised("severity") == [("提示",)]
    assert check("R710", text.format(9)).raised("code") == []


def test_a_share_of_the_adjusted_budget_is_no_adjustment(check):
    assert check("R710", "全年支出96.06万元，为调整预算的96.06%。").raised("code") == []


def implied(*amounts: tuple[str, str]) -> str:
    rows = (f"{n}.{name}补贴项目，年中调增{added}万元，实际支出{spent}万元，结转0万元。"
            for n, (name, (added, spent)) in enumerate(zip("甲乙丙", amounts, strict=True), 1))  # fmt: skip
    return "\n".join(rows)


def test_many_times_the_budget_that_is_implied(check):
    text = implied(("40", "60"), ("50", "70"), ("30", "40"))
    found = check("R711", f"{text}\n做到了预算支出不超标。")
    assert found.raised("severity", "at") == [("疑点", "预算支出不超标")]
    assert "“甲补贴”3.00倍" in found.findings[0].message
    assert (
        "不超标" not in check("R711", f"{text}\n严格控制三公经费，三公经费支出不超标。").findings[0].message
    )


@pytest.mark.parametrize(
    "amounts", [(("4", "60"), ("5", "70"), ("3", "40")), (("40", "60"), ("5", "70"), ("3", "40"))]
)
def test_a_single_project_or_small_adjustments_pass(check, amounts):
    assert check("R711", implied(*amounts)).raised("code") == []


def test_nought_adjusted_upwards_and_downwards(check):
    text = "1.甲项目，年中调增0万元，实际支出6万元。\n2.乙项目，年中调{}0万元，实际支出7万元。"
    assert check("R713", text.format("减")).raised("severity") == [("提示",)]
    assert check("R713", text.format("增")).raised("code") == []


def outputs(*words: str) -> str:
    rows = (f"{n}.{name}补贴项目，预算6万元，实际支出6万元。项目实施{said}。"
            for n, (name, said) in enumerate(zip("甲乙丙", words, strict=False), 1))  # fmt: skip
    return "\n".join(rows)


def test_projects_that_count_nothing_are_one_note(check):
    found = check("R714", outputs("保障了基本生活", "提升了服务水平", "改善了环境"))
    assert found.raised("severity") == [("提示",)] and len(found.findings[0].evidence) == 3
    assert check("R714", outputs("保障了120名群众", "服务800人次", "改善了环境")).raised("code") == []
    assert check("R714", outputs("保障了基本生活", "提升了服务水平")).raised("code") == []


def test_a_standard_without_heads(check):
    text = "1.高龄补贴项目，预算90万元，实际支出88万元，对{}80岁以上老人每月补贴50元。"
    assert check("R715", text.format("")).raised("severity") == [("提示",)]
    assert check("R715", text.format("1460名")).raised("code") == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("部门整体支出预算执行率97.20%。\n全年预算已全部执行完毕。", ["R707"]),
        ("部门整体支出预算执行率100%。\n全年预算已全部执行完毕。", []),
        ("部门整体支出预算执行率57.39%。\n五、改进措施\n加快支付，做到资金不闲置。", []),
    ],
)
def test_all_spent_claimed_and_plans_for_later(check, text, codes):
    assert [c for (c,) in check("R707", text).raised("code")] == codes


MISSED = "群众满意度：指标值≥95%，实际完成值{}，得分9分，主要是停水较多。\n{}"


@pytest.mark.parametrize(
    ("actual", "claim", "codes"),
    [
        ("91%", "各项绩效目标全面完成。", ["R718"]),
        ("91%", "年初设定的绩效目标全部完成。", ["R718"]),
        ("96%", "各项绩效目标全面完成。", []),
        ("91%", "各项绩效目标基本完成。", []),
        ("91%", "除满意度外，各项绩效目标均已完成。", []),
    ],
)
def test_all_targets_claimed(check, actual, claim, codes):
    assert [c for (c,) in check("R718", MISSED.format(actual, claim)).raised("code")] == codes


def test_works_called_done_that_are_not(check):
    text = "病险水库加固实施12座，年末完工10座，完工率{}。\n病险水库加固全部完工。"
    assert check("R718", text.format("83.33%")).raised("severity") == [("疑点",)]
    assert check("R718", text.format("100%")).raised("code") == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("一、存在的问题\n暂无。", ["R717"]),
        ("一、存在的问题：无", ["R717"]),
        ("一、存在的问题\n无专职人员，资料归档不及时。", []),
    ],
)
def test_no_problems_told(check, text, codes):
    assert [c for (c,) in check("R717", text).raised("code")] == codes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("社会公众满意度达93%。", 1),
        ("社会公众满意度达90%以上。", 2),
        ("发放问卷200份，收回192份，社会公众满意度达93%。", 0),
        ("发放问卷20份，社会公众满意度达95%。", 1),
        ("群众满意度目标值≥95%。", 0),
    ],
)
def test_satisfaction_has_a_survey_and_a_number(check, text, count):
    assert check("R719", text).raised("severity") == [("提示",)] * count


def test_low_execution_of_several_projects_is_one_finding(check):
    rows = [f"{n}.{name}建设项目。预算100.00万元，支出{spent}万元。" for n, (name, spent) in
            enumerate((("甲", "20.00"), ("乙", "0"), ("丙", "95.00")), 1)]  # fmt: skip
    found = check("R702", "\n".join(rows))
    assert found.raised("severity") == [("疑点",)]
    assert (
        all(name in found.findings[0].message for name in ("甲", "乙"))
        and "丙" not in found.findings[0].message
    )


def test_problems_leave_out_what_did_not_run(check):
    text = "1.设备购置项目。预算100.00万元，支出{}万元。\n二、存在的问题\n{}"
    assert check("R720", text.format("0", "绩效管理专业人员不足。")).raised("severity") == [("提示",)]
    assert check("R720", text.format("0", "个别项目支付进度偏慢。")).raised("code") == []
    assert check("R720", text.format("95.00", "绩效管理专业人员不足。")).raised("code") == []


# ---- forms ------------------------------------------------------------------------------------------------


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    rules = {rule.code: rule for rule in all_rules()}

    def _judge(code: str, rows: Sequence[Sequence[Value]]) -> Outcome:
        monkeypatch.setattr(run, "all_rules", lambda: (rules[code],))
        annex = read(workbook(tmp_path / "附件3.xlsx", *rows), "annex", "d2")
        return Outcome(run.check_documents([text_document("2024年度自评报告\n一、概况\n"), annex]))

    return _judge


def test_a_form_with_results_and_no_spending(judge):
    spent = lambda amount: project(funds=[("", "年度资金总额", 150, 180, amount, 10, "0%", 0)])
    assert judge("R709", spent(0)).raised("severity") == [("疑点",)]
    assert judge("R709", spent(135.54)).raised("code") == []


def indicator(*values: Value) -> list[Sequence[Value]]:
    return list(project(indicators=[("", "产出指标", "数量指标", "甲指标", *values)]))


@pytest.mark.parametrize(
    ("code", "values", "severity"),
    [
        ("R513", ("≥20场", "40场", 50, 50, ""), [("疑点",)]),
        ("R513", ("≥20场", "40场", 50, 50, "省级赛事落户。"), []),
        ("R516", ("≥20场", "≥20场", 50, 50, ""), [("疑点",)]),
        ("R516", ("≥20场", "22场", 50, 50, ""), []),
        ("R523", ("≥20场", "", 50, 50, ""), [("疑点",)]),
        ("R523", ("≥20场", "完成", 50, 50, ""), [("提示",)]),
        ("R523", ("≥20场", "", 50, 0, ""), []),
    ],
)
def test_rows_of_forms(judge, code, values, severity):
    assert judge(code, indicator(*values)).raised("severity") == severity


def test_points_in_the_column_of_values(judge):
    rows = [
        ("", "产出指标", "数量指标", f"{n}指标", "≥80场", value, 20, 20, "")
        for n, value in (("甲", 20), ("乙", 20))
    ]
    assert judge("R524", project(indicators=rows)).raised("severity") == [("疑点",)]
    rows[1] = ("", "产出指标", "数量指标", "乙指标", "≥80场", 82, 20, 20, "")
    assert judge("R524", project(indicators=rows)).raised("code") == []
