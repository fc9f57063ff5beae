"""R5xx and R206: completion rates, missed targets, points, totals and grades."""

from __future__ import annotations

import pytest

AGREES, DIFFERS, UNCHECKED = "相符", "不符", "未能核对"
HEADS = "高龄津贴发放人数：指标值{}人，实际完成值{}人，完成率{}。"


def test_completion_rate_flags_another_rate(check):
    found = check("R206", HEADS.format(100, 90, "95.00%"))
    assert found.raised("code", "severity", "at", "expected") == [("R206", "错误", "95.00%", "90.00%")]


@pytest.mark.parametrize("printed", ["120.29%", "120.3%", "120%"])
def test_completion_rate_passes_as_rounded(check, printed):
    assert check("R206", HEADS.format(2045, 2460, printed)).rows("status") == [(AGREES,)]


def test_completion_rate_of_a_zero_target_cannot_be_checked(check):
    assert check("R206", HEADS.format(0, 90, "100%")).rows("status", "note") == [
        (UNCHECKED, "分母为零，比率无意义")
    ]


def test_completion_rate_does_not_apply_without_an_actual_value(check):
    assert check("R206", "高龄津贴发放人数：指标值100人，完成率95.00%。").rows("rule") == []


SATISFIED = "服务对象满意度：指标值≥95%，实际完成值{}，得分8分{}。"


def test_a_missed_target_without_a_reason_is_asked_about(check):
    found = check("R505", SATISFIED.format("94.25%", ""))
    assert found.raised("code", "severity", "at") == [("R505", "疑点", "94.25%")]
    assert "服务对象满意度" in found.findings[0].message


def test_a_missed_target_in_the_short_words_of_a_report(check):
    found = check("R505", "服务对象满意度：目标≥95%，完成94.25%，得分8分。")
    assert found.raised("code", "at") == [("R505", "94.25%")]


@pytest.mark.parametrize(
    ("actual", "reason"),
    [("95%", ""), ("96%", ""), ("94.25%", "，偏差原因是宣传不够"), ("94.25%", "，主要是样本偏少")],
)
def test_targets_met_to_the_dot_or_missed_with_a_reason_pass(check, actual, reason):
    assert check("R505", SATISFIED.format(actual, reason)).raised("code") == []


def test_a_missed_target_with_a_reason_still_shows_among_the_checks(check):
    assert check("R505", SATISFIED.format("94.25%", "，偏差原因是宣传不够")).rows("status") == [(DIFFERS,)]


def test_an_upper_limit_is_missed_from_above(check):
    text = "单位改造成本：指标值≤7500元，实际完成值{}元，得分8分。"
    assert check("R505", text.format(7500)).raised("code") == []
    assert check("R505", text.format(7600)).raised("code", "severity") == [("R505", "疑点")]


def test_a_target_in_another_unit_is_not_compared(check):
    text = "高龄津贴发放：指标值2600人，实际完成值188.40万元，得分8分。"
    assert check("R505", text).raised("code") == []


SCORE = "高龄津贴发放人数：指标值100人，实际完成值95人，完成率95.00%，分值10分，得{}分。"


@pytest.mark.parametrize("points", ["9.5", "9.50"])
def test_points_are_weight_times_completion(check, points):
    assert check("R501", SCORE.format(points)).rows("status") == [(AGREES,)]


@pytest.mark.parametrize("points", ["10", "9.6", "9", "10.00"])
def test_points_that_were_not_earned_are_flagged(check, points):
    found = check("R501", SCORE.format(points))
    assert found.rows("status") == [(DIFFERS,)]
    assert found.raised("code", "at") == [("R501", f"{points}分")]


def test_points_end_at_the_weight(check):
    text = "高龄津贴发放人数：指标值2045人，实际完成值2460人，完成率120.29%，分值8分，得{}分。"
    assert check("R501", text.format("8")).rows("status") == [(AGREES,)]
    assert check("R519", text.format("9.62")).raised("code", "severity") == [("R519", "错误")]


def test_points_without_a_rate_come_from_target_and_actual_value(check):
    text = "服务对象满意度：指标值≥95%，实际完成值94.25%，分值10分，得{}分，偏差原因是宣传不够。"
    assert check("R501", text.format("9.92")).rows("status") == [(AGREES,)]
    found = check("R501", text.format("10"))
    assert found.raised("code", "severity", "expected") == [("R501", "疑点", "9.92分")]


def test_points_of_a_zero_target_cannot_be_checked(check):
    text = "新增站点数：指标值0个，实际完成值3个，分值10分，得10分。"
    assert check("R501", text).rows("status") == [(UNCHECKED,)]


EXECUTION = "2024年预算执行率97.02%，分值10分，得{}分。"


@pytest.mark.parametrize("points", ["9.70", "9.7", "9.702"])
def test_points_of_the_execution_rate(check, points):
    assert check("R501", EXECUTION.format(points)).rows("status") == [(AGREES,)]


@pytest.mark.parametrize("points", ["9.71", "9.07", "10"])
def test_points_of_the_execution_rate_that_were_not_earned(check, points):
    assert check("R501", EXECUTION.format(points)).raised("code", "severity") == [("R501", "错误")]


def test_points_of_the_execution_rate_are_ten_where_the_report_does_not_say(check):
    text = "2024年预算执行率97.02%，得{}分。"
    assert check("R501", text.format("9.70")).rows("status") == [(AGREES,)]
    assert check("R501", text.format("9.07")).raised("severity", "expected") == [("疑点", "9.70分")]


LIMIT = "单位改造成本：指标值≤7500元，实际完成值{}元，分值6分，得{}分。"


def test_a_limit_kept_earns_all_its_points(check):
    assert check("R503", LIMIT.format(7500, 6)).rows("status") == [(AGREES,)]
    found = check("R503", LIMIT.format(7350, "5.88"))
    assert found.raised("code", "severity", "at", "expected") == [("R503", "疑点", "5.88分", "6.00分")]


def test_a_limit_passed_is_not_the_business_of_that_rule(check):
    assert check("R503", LIMIT.format(7600, "5.88")).rows("rule") == []


TOTAL = """
    我局自评综合得分为{total}分。其中：预算执行率分值10分，得9.70分；产出指标分值{weight}分，得49.03分；
    效益指标分值30分，得30.00分；满意度指标分值10分，得9.92分。
"""


def test_the_total_is_the_sum_of_the_points(check):
    assert check("R502", TOTAL.format(total="98.65", weight=50)).rows("status") == [(AGREES,), (AGREES,)]
    found = check("R502", TOTAL.format(total="95.65", weight=50))
    assert found.raised("code", "severity", "at", "expected") == [("R502", "错误", "95.65分", "98.65分")]


def test_weights_that_do_not_make_a_hundred_are_asked_about(check):
    found = check("R502", TOTAL.format(total="98.65", weight=60))
    assert found.raised("severity", "stated", "expected") == [("疑点", "100分", "110分")]


def test_the_total_of_sections_under_headings(check):
    text = """
        1.预算执行率10分，得9.70分。
        2.产出指标50分，得49.03分。
        3.效益指标30分，得30.00分。
        4.满意度指标10分，得9.92分。
        自评总分{}分。
    """
    assert check("R502", text.format("98.65")).rows("status") == [(AGREES,), (AGREES,)]
    assert check("R502", text.format("98.56")).raised("severity", "expected") == [("错误", "98.65分")]


def test_a_total_alone_has_nothing_to_be_checked_against(check):
    assert check("R502", "自评总分98.65分。").rows("rule") == []


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "优秀"),
        ("98.65", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良好"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
    ],
)
def test_grades_begin_with_their_lower_bound(check, score, grade):
    assert check("R504", f"自评综合得分{score}分，评价等级为“{grade}”。").rows("status") == [(AGREES,)]


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("89.99", "优"),
        ("90", "良"),
        ("98.65", "良"),
        ("80", "中"),
        ("60", "差"),
        ("59.99", "中"),
        ("85.25", "优秀"),
    ],
)
def test_grades_that_do_not_go_with_the_score_are_flagged(check, score, grade):
    found = check("R504", f"自评综合得分{score}分，评价等级为“{grade}”。")
    assert found.raised("code", "severity") == [("R504", "错误")]
    assert grade in [span.text.strip("“”") for span in found.findings[0].evidence]


def test_a_grade_said_without_a_verb(check):
    assert check("R504", "自评得分85.25分，等级“优”。").raised("code") == [("R504",)]


def test_a_score_without_a_grade_is_not_graded(check):
    assert check("R504", "自评综合得分85.25分，工作优质高效。").rows("rule") == []


def test_less_than_planned_and_praised(check):
    text = "年初计划改造危桥7座，实际完成{}座，圆满完成改造任务。"
    assert check("R505", text.format(6)).raised("severity", "stated") == [("疑点", "6座")]
    assert check("R505", text.format(7)).raised("code") == []


def test_points_left_over_after_those_deducted_in_either_order(check):
    text = "1.明确性（满分4分）。个别指标未细化，扣1分，得{}分。"
    assert check("R507", text.format(3)).rows("status") == [("相符",)]
    assert check("R507", text.format(2)).raised("severity") == [("错误",)]


def test_total_of_sections_whose_points_stand_in_their_headings(check):
    text = """经自评，绩效得分{}分。
    （一）投入（满分40分，得38分，扣2分）
    （二）过程（满分30分，得29.5分，扣0.5分）
    （三）产出（满分30分，得29分，扣1分）"""
    assert check("R502", text.format("96.5")).raised("code") == []
    assert check("R502", text.format("95.6")).raised("severity", "expected") == [("错误", "96.5分")]


def test_scores_inside_a_paragraph_add_up_where_the_points_do(check):
    text = "1.绩效管理（12分）：制度4分得4分，申报4分得3.5分，监控4分得3.5分，自评{}分。"
    assert check("R502", text.format(11)).raised("code") == []
    assert check("R502", text.format("11.5")).raised("severity", "expected") == [("错误", "11.0分")]


def test_two_parts_of_a_hundred_points_make_the_total(check):
    text = "按评分表（总分100分），我局自评得{}分。其中效能权重50分，自评47.8分；效率权重50分，自评46.61分。"
    assert check("R502", text.format("94.41")).raised("code") == []
    assert check("R502", text.format("94.91")).raised("severity", "expected") == [("错误", "94.41分")]
