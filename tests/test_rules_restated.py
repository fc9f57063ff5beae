"""R3xx within the text: the same fact twice, words against amounts, the year of the report."""

from __future__ import annotations

import pytest

AGREES, DIFFERS = "相符", "不符"
TWICE = """
    2024年度部门整体支出绩效自评报告
    一、概况
    {}
    二、绩效情况
    {}
"""


def test_same_fact_passes_where_it_is_repeated(check):
    text = TWICE.format("全年执行数4044.35万元。", "部门整体支出全年执行数4044.35万元，完成年度任务。")
    assert check("R301", text).rows("stated", "status") == [("4044.35", AGREES)]


@pytest.mark.parametrize(
    ("first", "second", "at"),
    [
        ("部门整体支出预算执行率52.39%。", "部门整体支出预算执行率57.39%。", "57.39%"),
        ("基本支出年初预算数508.00万元。", "基本支出年初预算数580.00万元。", "580.00万元"),
        ("基本支出全年执行数508.00万元。", "基本支出全年执行数508.01万元。", "508.01万元"),
    ],
)
def test_same_fact_flags_one_digit_off_or_two_that_changed_places(check, first, second, at):
    assert check("R301", TWICE.format(first, second)).raised("code", "severity", "at") == [
        ("R301", "错误", at)
    ]


@pytest.mark.parametrize(
    ("first", "second", "at"),
    [
        ("基本支出年初预算数508.00万元。", "基本支出年初预算数612.00万元。", "612.00万元"),
        ("基本支出全年执行数508.00万元。", "基本支出全年执行数612.00万元。", "612.00万元"),
        ("核定编制38名。", "核定编制45名。", "45名"),
    ],
)
def test_same_fact_asks_where_the_values_are_far_apart(check, first, second, at):
    assert check("R301", TWICE.format(first, second)).raised("severity", "at") == [("疑点", at)]


def test_the_same_words_with_nearly_the_same_count_are_asked_about(check):
    text = TWICE.format("全年完成家庭适老化改造312户。", "1.家庭适老化改造321户，每户补助3000元。")
    ((code, _, at),) = check("R301", text).raised("code", "severity", "at")
    assert (code, at) == ("R301", "321户")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("基本支出年初预算数约508.00万元。", "基本支出年初预算数612.00万元。"),
        ("公用经费上年决算数64.12万元。", "公用经费决算数61.68万元。"),
        ("公用经费年初预算数64.12万元。", "公用经费决算数61.68万元。"),
        ("基本支出年初预算数508.00万元。", "基本支出全年预算数518.00万元。"),
    ],
)
def test_inexact_numbers_other_years_and_other_readings_are_no_contradiction(check, first, second):
    assert check("R301", TWICE.format(first, second)).raised("code") == []


def test_an_amount_repeated_in_brackets_may_be_rounded(check):
    text = "基本支出全年执行数4.86亿元（{}万元）。"
    assert check("R301", text.format("48615.30")).rows("status") == [(AGREES,)]
    found = check("R301", text.format("48665.30"))
    assert found.raised("severity", "stated", "expected") == [("错误", "4.86亿元", "4.87亿元")]


def test_direction_word_flags_a_reason_that_points_the_other_way(check):
    found = check("R303", "公用经费比上年减少10.00万元，主要增长原因是人员增加。")
    assert found.raised("code", "severity", "at") == [("R303", "错误", "主要增长原因")]


@pytest.mark.parametrize(
    "text",
    [
        "公用经费比上年增加10.00万元，增加的主要原因是人员增加。",
        "公用经费比上年减少10.00万元，主要原因是压减会议。",
        "公用经费为10.00万元，增加的主要原因是人员增加。",
    ],
)
def test_direction_word_passes_what_fits_or_says_nothing(check, text):
    assert check("R303", text).raised("code") == []


BUDGET = "“三公”经费预算100.00万元，决算{}万元，决算数{}预算数。"


@pytest.mark.parametrize(
    ("spent", "word"), [("90.00", "小于"), ("110.00", "大于"), ("100.00", "等于"), ("99.99", "低于")]
)
def test_comparison_word_passes_where_it_fits_the_amounts(check, spent, word):
    assert check("R306", BUDGET.format(spent, word)).rows("status") == [(AGREES,)]


@pytest.mark.parametrize(("spent", "word"), [("110.00", "小于"), ("90.00", "大于"), ("99.99", "等于")])
def test_comparison_word_flags_amounts_that_stand_the_other_way(check, spent, word):
    found = check("R306", BUDGET.format(spent, word))
    assert found.raised("code", "severity", "at") == [("R306", "错误", f"{spent}万元")]


@pytest.mark.parametrize("word", ["小于", "大于"])
def test_equal_amounts_are_neither_greater_nor_smaller(check, word):
    assert check("R306", BUDGET.format("100.00", word)).raised("code", "severity") == [("R306", "错误")]


def test_comparison_word_without_amounts_does_not_apply(check):
    assert check("R306", "决算数小于预算数的主要原因是压减会议。").rows("rule") == []


def test_report_year_flags_another_year_that_stands_for_the_reports_own(check):
    text = "2024年度部门整体支出绩效自评报告\n2023年度本部门基本支出共508.00万元。"
    assert check("R305", text).raised("code", "severity", "at") == [("R305", "疑点", "2023年度")]


@pytest.mark.parametrize(
    "text",
    [
        "2024年度部门整体支出绩效自评报告\n2024年度本部门基本支出共508.00万元。\n附件：2024年度自评表",
        "2024年度部门整体支出绩效自评报告\n2024年度基本支出比2023年度增加8.00万元。",
        "2024年度部门整体支出绩效自评报告\n结合2025年度预算编制完善指标。",
        "部门整体支出绩效自评报告\n基本支出共508.00万元。",
    ],
)
def test_report_year_passes_its_own_year_and_years_compared_with(check, text):
    assert check("R305", text).raised("code") == []


def test_satisfaction_is_told_once_and_stays(check):
    text = "2024年3月开展调查，群众满意度为97.22%。\n经自评，得94分。群众满意度达到{}。"
    assert check("R301", text.format("98.5%")).raised("severity", "stated") == [("疑点", "98.5%")]
    assert check("R301", text.format("97.22%")).raised("code") == []
