"""R508 to R525: what indicators, their reasons and their points show when they are laid side by side."""

from __future__ import annotations

import pytest

ROW = "{}：指标值{}，实际完成值{}，分值{}分，得分{}分{}。"


def row(name: str, target: str, actual: str, weight: str = "5", score: str = "5", more: str = "") -> str:
    return ROW.format(name, target, actual, weight, score, more)


COPIED = "，偏差原因：汛期演出取消较多"


def test_a_reason_of_another_indicator_is_asked_about_once(check):
    text = (
        row("下乡演出", "80场", "72场", more=COPIED) + "\n" + row("传承人培训", "150人", "141人", more=COPIED)
    )
    found = check("R508", text)
    assert found.raised("code", "severity") == [("R508", "疑点")]
    assert "“传承人培训”" in found.findings[0].message and len(found.findings[0].evidence) == 2


@pytest.mark.parametrize("reason", ["，偏差原因：学员报名不足", "，偏差原因：传承人培训期间演出取消较多", ""])
def test_own_reasons_pass(check, reason):
    text = (
        row("下乡演出", "80场", "72场", more=COPIED) + "\n" + row("传承人培训", "150人", "141人", more=reason)
    )
    assert check("R508", text).raised("code") == []


def test_one_reason_for_two_that_it_does_not_name_passes(check):
    shared = "，偏差原因：资金年末才下达"
    text = (
        row("道路养护", "80公里", "72公里", more=shared) + "\n" + row("桥梁维修", "15座", "14座", more=shared)
    )
    assert check("R508", text).raised("code") == []


def test_values_named_after_another_indicator(check):
    text = (
        "救助保障率：指标值100%，本次评价救助保障率为100%，分值8分，得分8分。\n"
        "保障群众生活：指标值100%，本次评价{}为100%，分值15分，得分15分。"
    )
    found = check("R509", text.format("救助保障率"))
    assert found.raised("severity") == [("疑点",)] and "共23分" in found.findings[0].message
    assert check("R509", text.format("群众生活保障比例")).raised("code") == []


def test_the_same_indicator_under_two_names(check):
    one = row("困难群众救助人数", "300人", "310人")
    assert check("R510", f"{one}\n{row('困难群众的救助人数', '300人', '310人')}").raised("severity") == [
        ("提示",)
    ]
    assert check("R510", f"{one}\n{row('困难群众的救助人数', '200人', '210人')}").raised("code") == []


@pytest.mark.parametrize(
    ("actual", "more", "codes"),
    [("26场", "", []), ("27场", "", ["R513"]), ("27场", "，偏差原因：省级赛事临时落户", [])],
)
def test_far_beyond_the_target_needs_a_reason(check, actual, more, codes):
    assert [c for (c,) in check("R513", row("举办赛事", "≥20场", actual, more=more)).raised("code")] == codes


def test_several_far_beyond_are_one_finding(check):
    text = "\n".join(row(name, "≥20场", "40场") for name in ("举办赛事", "下乡演出", "公益讲座"))
    assert check("R513", text).raised("severity") == [("疑点",)]


def test_growth_is_not_measured_by_how_far_it_grew(check):
    text = "游客人次同比增长11.2%（目标增长≥8%），该项指标分值14分，自评得分14分。"
    assert check("R513", text).raised("code") == []


@pytest.mark.parametrize(
    ("sign", "actual", "codes"),
    [("等于", "310人", ["R514"]), ("等于", "300人", []), ("大于等于", "310人", [])],
)
def test_more_than_an_exact_target_scored_in_full(check, sign, actual, codes):
    assert [c for (c,) in check("R514", row("救助人数", f"{sign}300人", actual)).raised("code")] == codes


def test_targets_copied_as_values(check):
    assert check("R516", row("群众满意度", "≥90%", "“≥90%”")).raised("severity") == [("疑点",)]
    assert check("R516", row("群众满意度", "≥90%", "92%")).raised("code") == []


MIDYEAR = "{}：指标值{}，年中监控完成值{}，实际完成值{}，得分8分。"


def test_midyear_values_that_are_the_targets(check):
    one, other = (
        MIDYEAR.format("体检人数", "2045人", "2045人", "2460人"),
        MIDYEAR.format("站点数", "7个", "7个", "8个"),
    )
    assert check("R517", f"{one}\n{other}").raised("severity") == [("提示",)]
    assert check("R517", one).raised("code") == []
    full = MIDYEAR.format("保障率", "100%", "100%", "100%")
    assert check("R517", f"{one}\n{full}").raised("code") == []


def test_satisfaction_of_nought_at_midyear(check):
    assert check("R518", MIDYEAR.format("群众满意度", "≥95%", "0%", "96%")).raised("severity") == [("疑点",)]
    assert check("R518", MIDYEAR.format("任务完成率", "≥95%", "0%", "96%")).raised("code") == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("巡查覆盖率：满分8分，得分9分。", [("错误",)]),
        ("巡查覆盖率：满分8分，得分9分。\n另有加分项3分。", [("疑点",)]),
        ("巡查覆盖率：满分8分，得分8分。", []),
        ("每发现一处得2分，本项得分6分。", []),
        ("预算管理28.5分（满分30分）、职责履行38.1分（满分40分）。", []),
        ("权重依次为15分、25分，得分依次为14分、24分，总分38分。", []),
    ],
)
def test_more_points_than_there_are(check, text, severity):
    assert check("R519", text).raised("severity") == severity


def test_a_whole_number_among_scores_with_decimals(check):
    odd = row("甲事项", "100人", "86人", "10", "9")
    assert check("R520", f"{odd}\n{row('乙事项', '100人', '95人', '10', '9.5')}").raised("severity") == [
        ("提示",)
    ]
    assert check("R520", f"{odd}\n{row('乙事项', '100人', '90人', '10', '9')}").raised("code") == []


GROUP = """经自评，总得分{0}分，其中产出指标得{0}分。
    （一）产出指标（20分）
    甲事项分值10分，得分10分。
    乙事项分值10分，得分9分。"""


def test_a_group_is_the_sum_of_its_indicators(check):
    assert check("R521", GROUP.format("19")).rows("status") == [("相符",), ("相符",)]
    assert check("R521", GROUP.format("18")).raised("severity", "expected") == [("错误", "19分")]


def test_a_group_whose_weights_do_not_tie_is_not_judged_by_its_scores(check):
    assert check("R521", GROUP.format("18").replace("（20分）", "（30分）")).raised("code") == []


def test_one_indicator_that_decides_all(check):
    rows = [
        row(name, "10个", "10个", weight, weight)
        for name, weight in (("甲", "50"), ("乙", "20"), ("丙", "20"))
    ]
    assert check("R522", "\n".join(rows)).raised("severity") == [("提示",)]
    assert check("R522", "\n".join(rows[1:])).raised("code") == []


def test_points_without_an_actual_value(check):
    assert check("R523", row("下乡演出", "80场", "：无")).raised("severity") == [("疑点",)]
    assert check("R523", row("下乡演出", "80场", "82场")).raised("code") == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("经自评，评价等级为“良”。", ["R525"]),
        ("经自评，综合得分85.25分。\n按得分评定等级。", ["R525"]),
        ("经自评，综合得分85.25分，评价等级为“良”。", []),
        ("经自评，综合得分85.25分。", []),
    ],
)
def test_a_grade_and_a_score_go_together(check, text, codes):
    assert [c for (c,) in check("R525", text).raised("code")] == codes


def test_weights_and_scores_told_in_turn_make_the_total(check):
    text = "权重依次为15分、25分、60分，得分依次为14分、24分、57分，总分{}分。"
    assert check("R502", text.format(95)).raised("code") == []
    assert check("R502", text.format(96)).raised("expected") == [("95分",)]


def test_parts_are_not_graded(check):
    text = "投入40分自评得39.5分，产出60分自评得56.3分，综合得分95.8分，评价等级为“优”。"
    assert check("R504", text).raised("code") == []


def test_points_weighted_twice(check):
    rows = [row("甲事项", "10个", "10个", "25", "6.25"), row("乙事项", "10个", "10个", "20", "4")]
    assert check("R526", "\n".join(rows)).raised("severity") == [("疑点",)]
    assert check("R526", rows[0]).raised("code") == []


def test_fewer_than_a_hundred_points_with_their_total(check):
    rows = [
        "甲事项分值20分，得分20分。", "乙事项得9.5分，分值10分。", "丙事项分值40分，得分38分。",
        "以上三项合计分值70分，合计得分{}分。",
    ]  # fmt: skip
    assert check("R502", "\n".join(rows).format("67.5")).raised("code") == []
    assert check("R502", "\n".join(rows).format("68.5")).raised("expected") == [("67.5分",)]
