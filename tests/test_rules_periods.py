"""R6xx: units, households and persons, cut-off dates, future tense."""

from __future__ import annotations

import pytest

YEAR = "2024年度部门整体支出绩效自评报告\n"


def test_an_amount_without_yuan_is_noted_once_for_the_whole_text(check):
    found = check("R602", "全年销售647.7万，带动增收1.2亿。")
    assert found.raised("code", "severity", "at") == [("R602", "提示", "647.7万")]
    assert [span.text for span in found.findings[0].evidence] == ["647.7万", "1.2亿"]


@pytest.mark.parametrize("text", ["全年销售647.7万元。", "全年服务5万人次。", "建筑面积3.5万平方米。"])
def test_whole_units_are_not_noted(check, text):
    assert check("R602", text).raised("code") == []


@pytest.mark.parametrize(
    ("text", "at"),
    [("低保户数 773 人。", "773 人"), ("救助人数773户。", "773户"), ("服务户数达120人次。", "120人次")],
)
def test_households_and_persons_are_told_apart(check, text, at):
    assert check("R603", text).raised("code", "severity", "at") == [("R603", "疑点", at)]


@pytest.mark.parametrize(
    "text", ["低保 773 户 1204 人。", "低保户数773户、低保人数1204人。", "下户走访773人。"]
)
def test_households_and_persons_in_their_own_units_pass(check, text):
    assert check("R603", text).raised("code") == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("截至10月，发放资金5.00万元。", "截至10月"),
        ("截止2024年10月底，发放资金5.00万元。", "截止2024年10月底"),
        ("2024年1—10月，发放资金5.00万元。", "1—10月"),
        ("截至2024年4月15日，发放资金5.00万元。", "截至2024年4月15日"),
        ("前三季度发放资金5.00万元。", "前三季度"),
    ],
)
def test_data_that_stop_before_the_year_does_are_asked_about(check, text, at):
    assert check("R604", YEAR + text).raised("code", "severity", "at") == [("R604", "疑点", at)]


@pytest.mark.parametrize(
    "text",
    [
        "截至2024年12月31日，发放资金5.00万元。",
        "截至12月底，发放资金5.00万元。",
        "截至年末，发放资金5.00万元。",
        "2024年1—12月，发放资金5.00万元。",
        "截至2025年3月，整改全部完成。",
    ],
)
def test_data_of_the_whole_year_pass(check, text):
    assert check("R604", YEAR + text).raised("code") == []


def test_a_report_that_names_no_year_has_no_cut_off(check):
    assert check("R604", "截至10月，发放资金5.00万元。").raised("code") == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("标识更换预计11月底前完成。", "预计11月底前完成"),
        ("设备预计2024年12月投入使用。", "预计2024年12月投入"),
        ("工程年底前将完成验收。", "年底前将完成验收"),
    ],
)
def test_future_tense_for_a_year_that_is_over_is_asked_about(check, text, at):
    assert check("R605", YEAR + text).raised("code", "severity", "at") == [("R605", "疑点", at)]


@pytest.mark.parametrize(
    "text",
    [
        "标识更换已于11月底完成。",
        "标识更换预计2025年6月完成。",
        "一、下一步改进措施\n标识更换预计11月底前完成。",
    ],
)
def test_the_past_next_year_and_plans_may_stand_as_they_do(check, text):
    assert check("R605", YEAR + text).raised("code") == []


@pytest.mark.parametrize(
    ("code", "text", "at"),
    [
        ("R605", "冷库将于2024年11月底前完成安装。", ["将于2024年11月底前完成"]),
        ("R606", "我局对2023年度部门整体支出开展了自评。", ["2023年度部门整体支出"]),
        ("R606", "2023年度绩效目标完成情况：良好。", ["2023年度绩效目标完成情况"]),
        ("R606", "根据《关于开展2025年度部门整体支出绩效自评的通知》，与2023年度整体支出相比下降。", []),
        ("R607", "填报日期：2024年9月30日", ["填报日期：2024年9月30日"]),
        ("R607", "填报日期：2025年4月2日", []),
        ("R608", "2026年5月已建成冷库1座。", ["2026年5月已"]),
        ("R608", "2025年2月已通过验收。", []),
        ("R602", "采购种苗425万株。", []),
    ],
)
def test_years_and_dates_fit_the_report(check, code, text, at):
    found = check(code, f"{YEAR}{text}").findings
    assert [span.text for finding in found for span in finding.evidence] == at
