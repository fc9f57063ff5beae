"""R2xx: rates recomputed from the amounts around them."""

from __future__ import annotations

import pytest

AGREES, ROUNDING, DIFFERS, UNCHECKED = "相符", "尾差", "不符", "未能核对"
ZERO = "分母为零，比率无意义"


def test_execution_rate_flags_another_rate(check):
    found = check("R201", "全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。")
    assert found.raised("code", "severity", "at", "expected") == [("R201", "错误", "96.00%", "95.00%")]
    assert "多1.00个百分点" in found.findings[0].message


@pytest.mark.parametrize(
    ("printed", "status"),
    [("98.5%", AGREES), ("98.47%", AGREES), ("98.4%", ROUNDING), ("98.48%", DIFFERS), ("98.6%", DIFFERS)],
)
def test_execution_rate_is_judged_at_its_printed_decimals(check, printed, status):
    text = f"全年预算数1253.70万元，执行数1234.56万元，执行率{printed}。"
    assert check("R201", text).rows("status") == [(status,)]


@pytest.mark.parametrize("spent", ["0", "5.00"])
def test_execution_rate_of_no_budget_cannot_be_checked(check, spent):
    found = check("R201", f"全年预算数0万元，执行数{spent}万元，预算执行率100%。")
    assert found.rows("status", "expected", "note") == [(UNCHECKED, "", ZERO)]
    assert found.raised("code") == []


def test_execution_rate_is_not_made_of_inexact_amounts(check):
    assert check("R201", "全年预算数约1000万元，执行数900.00万元，预算执行率96.00%。").raised("code") == []


def test_execution_rate_takes_the_base_the_report_names(check):
    text = "年初预算数100.00万元，全年预算数120.00万元，执行数90.00万元，年初预算执行率为{}。"
    assert check("R201", text.format("90.00%")).rows("status") == [(AGREES,)]
    assert check("R201", text.format("75.00%")).raised("expected") == [("90.00%",)]


def test_execution_rate_mixes_units_freely_and_knows_a_slip(check):
    text = "全年预算数1000.00万元，执行数{}元，预算执行率90.00%。"
    assert check("R201", text.format("9000000.00")).rows("status") == [(AGREES,)]
    assert check("R201", text.format("900.00")).raised("code", "severity") == [("R601", "错误")]


def test_adjustment_rate_flags_digits_that_changed_places(check):
    found = check("R202", "年初预算数为3530.00万元，年中调增264.60万元，预算调整率为7.05%。")
    assert found.raised("severity", "at", "expected") == [("错误", "7.05%", "7.50%")]


@pytest.mark.parametrize("printed", ["7.50%", "7.5%", "7.496%", "7%"])
def test_adjustment_rate_passes_every_way_to_round_it(check, printed):
    text = f"年初预算数为3530.00万元，年中调增264.60万元，预算调整率为{printed}。"
    assert check("R202", text).rows("status") == [(AGREES,)]


def test_adjustment_rate_of_a_cut_is_counted_without_sign(check):
    text = "年初预算数为100.00万元，全年预算数为80.00万元，预算调整率为20.00%。"
    assert check("R202", text).rows("status") == [(AGREES,)]


def test_adjustment_rate_without_an_initial_budget_cannot_be_checked(check):
    text = "年初预算0万元，调增24.00万元，预算调整率100%。"
    assert check("R202", text).rows("status", "note") == [(UNCHECKED, ZERO)]


SHARES = "支出3681.54万元，其中：基本支出519.84万元，占{}；项目支出3161.70万元，占{}。"


def test_share_passes_as_rounded(check):
    assert check("R203", SHARES.format("14.1%", "85.9%")).rows("status") == [(AGREES,)] * 3


def test_share_flags_the_wrong_one_and_says_that_they_miss_a_hundred(check):
    found = check("R203", SHARES.format("14.12%", "85.38%"))
    assert found.raised("severity", "stated", "expected") == [
        ("错误", "85.38%", "85.88%"),
        ("提示", "100%", "99.50%"),
    ]


def test_shares_of_thirds_make_a_hundred_within_rounding(check):
    text = "支出300.00万元，其中：甲类支出100.00万元，占33.33%；乙类支出100.00万元，占33.33%；丙类支出100.00万元，占33.33%。"
    found = check("R203", text)
    assert found.rows("status")[-1] == (ROUNDING,)
    assert found.raised("code") == []


def test_share_names_the_part_and_not_the_whole(check):
    found = check("R203", "总支出200.00万元，其中基本支出50.00万元，占总支出的35.00%。")
    assert found.raised("severity", "expected") == [("错误", "25.00%")]
    assert "基本支出占比" in found.findings[0].message


def test_share_of_nothing_cannot_be_checked(check):
    text = "总支出0万元，其中基本支出0万元，占总支出的25%。"
    assert check("R203", text).rows("status", "note") == [(UNCHECKED, ZERO)]


def test_year_on_year_flags_the_rate_and_leaves_the_right_difference_alone(check):
    found = check("R204", "本年110.00万元，比上年100.00万元增加10.00万元，增长11.00%。")
    assert found.rows("stated", "status") == [("10.00", AGREES), ("11.00", DIFFERS)]
    assert found.raised("severity", "at", "expected") == [("错误", "11.00%", "10.00%")]


def test_year_on_year_flags_a_rise_that_is_a_fall(check):
    found = check("R204", "公用经费61.68万元，比上年的64.12万元增加2.44万元。")
    assert found.raised("severity", "at", "expected") == [("错误", "2.44万元", "-2.44万元")]


@pytest.mark.parametrize(("printed", "status"), [("3.81%", AGREES), ("3.8%", AGREES), ("3.80%", ROUNDING)])
def test_year_on_year_passes_rounded_and_cut_rates(check, printed, status):
    text = f"公用经费61.68万元，比上年的64.12万元减少2.44万元，下降{printed}。"
    found = check("R204", text)
    assert {row for row in found.rows("status", "stated") if row[1] == printed.rstrip("%")} == {
        (status, printed.rstrip("%"))
    }
    assert found.raised("code") == []


def test_year_on_year_works_back_to_last_year_from_the_change(check):
    assert check("R204", "本年110.00万元，比上年增加10.00万元，增长10%。").rows("status") == [(AGREES,)]


def test_growth_from_nothing_cannot_be_checked(check):
    found = check("R204", "公用经费5.00万元，比上年的0万元增加5.00万元，增长100%。")
    assert found.rows("status", "note") == [(AGREES, ""), (UNCHECKED, ZERO)]
    assert found.raised("code") == []


def test_year_on_year_asserts_nothing_from_inexact_amounts(check):
    assert check("R204", "公用经费约60万元，比上年的64.12万元减少2.44万元。").raised("code") == []


def test_standard_times_heads_over_twelve_months(check):
    text = "高龄津贴每人每月50元，共100人，全年发放{}万元。"
    assert check("R205", text.format("6.00")).rows("status") == [(AGREES,)]
    found = check("R205", text.format("7.00"))
    assert found.raised("severity", "at", "expected") == [("疑点", "7.00万元", "6.00万元")]


@pytest.mark.parametrize(
    "text",
    [
        "临时救助640人次，平均每人次1500元，发放96.00万元。",
        "家庭适老化改造321户，每户补助3000元，支出96.30万元。",
        "按605元/月的标准保障10人，发放7.26万元。",
        "按每人每月90元、6个月计算，补助100人，发放5.40万元。",
    ],
)
def test_standards_per_time_per_household_and_per_month(check, text):
    assert check("R205", text).rows("status") == [(AGREES,)]


def test_a_mean_is_the_amount_over_the_heads(check):
    text = "保障630人，资金94.61万元，人均补助{}元。"
    assert check("R205", text.format("1501.75")).rows("status") == [(AGREES,)]
    assert check("R205", text.format("1511.75")).raised("severity", "expected") == [("疑点", "1501.75元")]
    assert check("R205", text.format("1501.75").replace("630", "0")).rows("status") == [(UNCHECKED,)]


def test_standard_times_heads_asserts_nothing_of_an_inexact_amount(check):
    assert check("R205", "高龄津贴每人每月50元，共100人，全年发放约7.00万元。").rows("rule") == []


def test_control_rate_of_staff(check):
    text = "核定编制38名，年末实际在职人员36人，在职人员控制率为{}。"
    assert check("R207", text.format("94.74%")).rows("status") == [(AGREES,)]
    assert check("R207", text.format("94.7%")).rows("status") == [(AGREES,)]
    found = check("R207", text.format("97.44%"))
    assert found.raised("severity", "at", "expected") == [("错误", "97.44%", "94.74%")]


def test_control_rate_without_posts_cannot_be_checked(check):
    text = "核定编制0名，年末实际在职人员36人，在职人员控制率为100%。"
    assert check("R207", text).rows("status", "note") == [(UNCHECKED, ZERO)]


def test_control_rate_of_the_three_public_expenses(check):
    text = "三公经费预算数6.80万元，决算数5.92万元，三公经费控制率{}。"
    assert check("R207", text.format("87.06%")).rows("status") == [(AGREES,)]
    assert check("R207", text.format("78.06%")).raised("severity") == [("错误",)]


def test_a_rate_named_after_its_count_is_asked_about(check):
    text = "发现问题37处，整改34处，整改率{}。"
    assert check("R207", text.format("91.89%")).rows("status") == [(AGREES,)]
    assert check("R207", text.format("92.89%")).raised("severity", "expected") == [("疑点", "91.89%")]


def test_share_of_a_named_whole_told_above(check):
    text = "2023年支出合计2895.41万元。\n全年“三保”支出1926.58万元，占总支出的{}。"
    assert check("R203", text.format("66.54%")).rows("status") == [(AGREES,)]
    assert check("R203", text.format("65.54%")).raised("severity", "expected") == [("错误", "66.54%")]


def test_completion_is_what_was_done_over_what_was_planned(check):
    text = "计划修复灌溉渠3.5公里，实际完成3.2公里，完成率{}。"
    assert check("R207", text.format("91.43%")).rows("status") == [(AGREES,)]
    assert check("R207", text.format("100%")).raised("severity", "expected") == [("疑点", "91%")]


def test_change_rate_with_this_years_amount_told_above(check):
    text = "基本支出1683.55万元。\n1.基本支出比上年的1701.62万元减少18.07万元，下降{}。"
    assert (AGREES, "1.06") in check("R204", text.format("1.06%")).rows("status", "stated")
    assert check("R204", text.format("1.60%")).raised("severity", "expected") == [("错误", "1.06%")]


def test_a_mean_is_no_amount_of_the_years_compared(check):
    text = "公务接待费8.62万元，接待812人次，人均106元，较上年的9.38万元减少{}万元。"
    assert check("R204", text.format("0.76")).rows("status", "stated") == [(AGREES, "0.76")]
    assert check("R204", text.format("0.67")).raised("severity", "expected") == [("错误", "0.76万元")]


def test_an_average_gain_is_not_the_money_spent_by_household(check):
    text = "支出189万元，带动286户农户增收，户均增收0.18万元，共增收51.48万元。"
    assert check("R205", text).rows("status", "stated") == [(AGREES, "51.48")]


@pytest.mark.parametrize("printed", ["94.44%", "94.4%", "94%", "100%"])
def test_a_share_of_few_is_that_of_a_whole_number_of_heads(check, printed):
    assert check("R209", f"培训18人次，满意度{printed}。").rows("status") == [(AGREES,)]


def test_a_share_of_few_that_no_number_of_heads_makes_is_noted(check):
    found = check("R209", "培训18人次，满意度99%。")
    assert found.raised("code", "severity", "at", "expected") == [("R209", "提示", "99%", "100%")]


def test_a_share_of_nobody_cannot_be_checked(check):
    assert check("R209", "培训0人次，满意度99%。").rows("status", "note") == [(UNCHECKED, ZERO)]


@pytest.mark.parametrize("heads", ["51", "约18"])
def test_a_share_of_many_or_of_about_so_many_may_be_anything(check, heads):
    assert check("R209", f"培训{heads}人次，满意度99%。").rows("rule") == []


def test_share_of_an_amount_introduced_by_the_same_words(check):
    text = "采购预算3286.50万元，签约金额3104.72万元。中小企业中标2517.93万元，占签约金额{}。"
    assert check("R203", text.format("81.10%")).rows("status") == [(AGREES,)]
    assert check("R203", text.format("84.10%")).raised("severity", "expected") == [("错误", "81.10%")]


def test_satisfaction_counts_the_content_and_the_fairly_content(check):
    text = "问卷有效576份，其中满意521份、基本满意38份、不满意17份，满意度97.05%。"
    assert (AGREES, "97.05") in check("R207", text).rows("status", "stated")


def test_rate_of_people_counted_further_up(check):
    text = "常住人口52.38万人。\n年末签约居民21.46万人，签约覆盖率40.97%。"
    assert check("R207", text).rows("status") == [(AGREES,)]
    assert check("R207", text.replace("40.97", "36.18")).raised("code") == []
    assert check("R207", text.replace("40.97", "49.07")).raised("severity") == [("疑点",)]
