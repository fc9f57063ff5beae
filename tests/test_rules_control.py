"""R7xx: nothing spent, little spent, too much spent, and words that the figures do not bear out."""

from __future__ import annotations

import pytest

AGREES = "相符"


def test_results_of_a_project_that_spent_nothing_are_asked_about(check):
    found = check("R701", "1.社区艺术团项目。预算5.00万元，支出0万元。全年培训1场18人次，满意度99%。")
    assert found.raised("code", "severity") == [("R701", "疑点")]
    assert any("18人次" in span.text for span in found.findings[0].evidence)


@pytest.mark.parametrize(
    "text",
    [
        "1.设备购置项目。预算5.00万元，支出0万元，因资金年末下达，尚未实施。",
        "1.设备购置项目。预算5.00万元，支出0.01万元。全年培训1场18人次，满意度99%。",
        "因公出国（境）费支出0万元，推进了厉行节约。",
        "1.甲类项目。支出0万元，未实施。\n2.乙类项目。支出3.00万元，培训1场18人次。",
    ],
)
def test_no_results_some_spending_or_another_project_pass(check, text):
    assert check("R701", text).raised("code") == []


@pytest.mark.parametrize(
    ("spent", "severity"), [("89.99", "提示"), ("60.00", "提示"), ("59.99", "疑点"), ("0", "疑点")]
)
def test_low_execution_without_a_reason_weighs_by_how_low_it_is(check, spent, severity):
    found = check("R702", f"1.设备购置项目。预算100.00万元，执行{spent}万元。")
    assert found.raised("code", "severity") == [("R702", severity)]


@pytest.mark.parametrize(
    "text",
    [
        "1.设备购置项目。预算100.00万元，执行90.00万元。",
        "1.设备购置项目。预算100.00万元，执行59.99万元，主要原因是工程验收推迟。",
        "1.设备购置项目。预算0万元，执行0万元。",
        "三公经费预算10.00万元，决算3.00万元。",
    ],
)
def test_enough_spent_a_reason_told_no_budget_or_thrift_pass(check, text):
    assert check("R702", text).raised("code") == []


def test_low_execution_is_not_reckoned_from_an_inexact_budget(check):
    assert check("R702", "1.设备购置项目。预算约100万元，执行59.99万元。").raised("code") == []


def test_low_execution_by_its_printed_rate(check):
    text = "部门整体支出预算执行率为{}。"
    assert check("R702", text.format("75.30%")).raised("code", "at") != []
    assert check("R702", text.format("90%")).raised("code") == []


def test_spending_up_to_the_budget_passes_and_a_cent_more_does_not(check):
    text = "三公经费预算0.85万元，决算{}万元。"
    assert check("R703", text.format("0.85")).rows("status") == [(AGREES,)]
    assert check("R703", text.format("0.86")).raised("code", "severity", "at") == [
        ("R703", "疑点", "0.86万元")
    ]


@pytest.mark.parametrize(("spent", "severity"), [("120.00", "提示"), ("220.00", "疑点")])
def test_spending_beyond_the_initial_budget_weighs_by_how_far(check, spent, severity):
    found = check("R703", f"基本支出年初预算100.00万元，全年执行数{spent}万元。")
    assert found.raised("code", "severity") == [("R703", severity)]


def test_spending_is_held_against_the_adjusted_budget_where_there_is_one(check):
    text = "基本支出年初预算100.00万元，全年预算数{}万元，全年执行数120.00万元。"
    assert check("R703", text.format("130.00")).rows("status") == [(AGREES,)]
    assert check("R703", text.format("110.00")).raised("severity") == [("疑点",)]


@pytest.mark.parametrize(
    "text",
    ["三公经费预算约10万元，决算12.00万元。", "三公经费上年决算12.00万元。", "三公经费预算10.00万元。"],
)
def test_an_inexact_budget_or_one_side_alone_is_not_compared(check, text):
    assert check("R703", text).rows("rule") == []


def test_staff_up_to_the_posts_pass_and_one_more_is_asked_about(check):
    text = "核定编制17名，实有在职人员{}人。"
    assert check("R704", text.format(17)).rows("status") == [(AGREES,)]
    assert check("R704", text.format(18)).raised("code", "severity", "at") == [("R704", "疑点", "18人")]


@pytest.mark.parametrize("text", ["核定编制17名。", "核定编制17名，在职人员约20人。"])
def test_staff_unknown_or_inexact_are_not_compared(check, text):
    assert check("R704", text).raised("code") == []


INCOME = "部门整体支出年初预算100.00万元，上级补助50.00万元。\n全年总支出{}万元。"


def test_spending_without_a_source_is_asked_about(check):
    assert check("R706", INCOME.format("150.00")).rows("status") == [(AGREES,)]
    assert check("R706", INCOME.format("300.00")).raised("code", "severity", "at") == [
        ("R706", "疑点", "300.00万元")
    ]


def test_income_of_which_only_the_budget_is_told_is_not_compared(check):
    assert check("R706", "部门整体支出年初预算100.00万元。\n全年总支出300.00万元。").rows("rule") == []


@pytest.mark.parametrize(
    ("rate", "codes"), [("80%", []), ("79.99%", [("R707", "疑点")]), ("57.39%", [("R707", "疑点")])]
)
def test_idle_funds_denied_beside_a_low_rate(check, rate, codes):
    text = f"部门整体支出预算执行率{rate}。\n全年资金不存在闲置情况。"
    assert check("R707", text).raised("code", "severity") == codes


def test_a_claim_without_a_rate_is_not_doubted(check):
    assert check("R707", "全年资金不存在闲置情况。").raised("code") == []


def test_a_wrong_unit_is_no_low_execution(check):
    assert check("R702", "1.渡口监管项目。预算45万元，实际支出43.8元，执行率97.33%。").raised("code") == []


def test_what_was_added_in_the_year_is_part_of_the_budget(check):
    text = "部门整体支出年初预算100.00万元，年中追加{}万元。\n全年总支出140.00万元。"
    assert check("R703", text.format("50.00")).raised("code") == []
    assert check("R703", text.format("30.00")).raised("code") == [("R703",)]


def test_spending_and_budget_of_one_place_are_compared(check):
    text = "各乡镇“三公”经费决算支出1165.08万元。\n本单位三公经费预算44.52万元，决算{}万元。"
    assert check("R703", text.format("22.62")).raised("code") == []
    assert check("R703", text.format("45.62")).raised("at") == [("45.62万元",)]
