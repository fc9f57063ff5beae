"""Figures understood: item, measure, whose, which period, and what is only carried over."""

from __future__ import annotations

import pytest

from audit import run
from audit.facts import bare_name


@pytest.fixture
def understood(document):
    """One row per figure that is no date: its print and the columns asked for."""

    def _understood(text: str, *columns: str) -> list[tuple[str, ...]]:
        facts = run.check_documents([document(text)]).facts
        return [
            (str(f.figure), *(getattr(f, column) for column in columns)) for f in facts if f.role != "date"
        ]

    return _understood


def test_a_budget_sentence_is_read_from_reading_to_reading(understood):
    text = """
        2024年基本支出年初预算数为508.00万元，年中调增14.60万元，全年预算数为522.60万元，
        全年执行数为519.84万元，预算执行率为99.47%，结余2.76万元。
    """
    assert understood(text, "measure") == [
        ("508.00万元", "年初预算"),
        ("14.60万元", "调整"),
        ("522.60万元", "全年预算"),
        ("519.84万元", "执行"),
        ("99.47%", "执行率"),
        ("2.76万元", "结转"),
    ]


def test_an_item_is_carried_to_figures_that_name_none(understood):
    text = "基本支出年初预算数为508.00万元，全年执行数为519.84万元。"
    assert understood(text, "item", "own_item") == [
        ("508.00万元", "基本支出", True),
        ("519.84万元", "基本支出", False),
    ]


def test_a_project_under_its_number_is_what_its_figures_are_of(understood):
    text = "3.高龄津贴资金。年初预算数为186.00万元，全年执行数为188.40万元。"
    assert understood(text, "item", "measure") == [
        ("186.00万元", "高龄津贴资金", "年初预算"),
        ("188.40万元", "高龄津贴资金", "执行"),
    ]


def test_where_nothing_is_named_a_budget_is_the_departments(understood):
    assert understood("年初预算数为3530.00万元。", "item") == [("3530.00万元", "整体支出")]


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("“三公”经费", "三公经费"),
        ("公务接待费用", "公务接待费"),
        ("日常公用经费", "公用经费"),
        ("总支出", "整体支出"),
        ("人员编制", "编制数"),
        ("因公出国（境）费用", "因公出国（境）费"),
    ],
)
def test_other_prints_of_a_term_mean_the_term(understood, words, item):
    unit = "名" if "编制" in words else "万元"
    assert understood(f"{words}5{unit}。", "item") == [(f"5{unit}", item)]


def test_the_nearest_item_counts_and_not_one_inside_it(understood):
    text = "公用经费本年支出110.00万元。"
    assert understood(text, "item") == [("110.00万元", "公用经费")]


def test_staff_and_posts_are_told_apart(understood):
    assert understood("核定编制38名，年末实际在职人员36人。", "item") == [
        ("38名", "编制数"),
        ("36人", "在职人数"),
    ]


def test_last_year_and_named_years_are_other_periods(understood):
    head = "2024年度自评报告\n"
    assert understood(head + "公用经费61.68万元，比上年的64.12万元减少2.44万元。", "period") == [
        ("61.68万元", ""),
        ("64.12万元", "上年"),
        ("2.44万元", ""),
    ]
    assert understood(head + "2023年公用经费64.12万元。", "period") == [("64.12万元", "2023")]
    assert understood(head + "2024年公用经费61.68万元。", "period") == [("61.68万元", "")]


def test_carry_over_from_last_year_belongs_to_this_year(understood):
    assert understood("上年结转资金12.00万元。", "period") == [("12.00万元", "")]


@pytest.mark.parametrize(
    ("words", "role", "direction"),
    [
        ("公用经费比上年增加2.44万元", "change", 1),
        ("公用经费比上年减少2.44万元", "change", -1),
        ("年中调减6.00万元", "change", -1),
        ("追加资金6.00万元", "change", 1),
        ("公用经费2.44万元", "level", 0),
        ("新增床位12张", "level", 0),
        ("支出增长5.77%", "rate", 1),
        ("支出下降5.77%", "rate", -1),
        ("每人每月50元", "standard", 0),
        ("80周岁", "other", 0),
    ],
)
def test_levels_changes_rates_and_standards(understood, words, role, direction):
    ((_, *found),) = understood(words + "。", "role", "direction")
    assert found == [role, direction]


def test_the_heading_says_which_fund(understood):
    text = """
        三、政府性基金预算支出情况
        项目支出135.54万元。
        四、整体绩效
        项目支出3161.70万元。
    """
    assert understood(text, "scope") == [("135.54万元", "政府性基金"), ("3161.70万元", "")]


def test_an_indicators_figures_belong_to_the_indicator(understood):
    text = "高龄津贴发放人数：指标值2600人，实际完成值2585人，完成率99.42%，分值10分，得9.94分。"
    assert understood(text, "measure", "owner") == [
        ("2600人", "目标", "高龄津贴发放人数"),
        ("2585人", "完成", "高龄津贴发放人数"),
        ("99.42%", "完成率", "高龄津贴发放人数"),
        ("10分", "分值", "高龄津贴发放人数"),
        ("9.94分", "得分", "高龄津贴发放人数"),
    ]


def test_a_new_sentence_does_not_inherit_the_reading_of_the_last(understood):
    text = "基本支出年初预算数为508.00万元。公用经费61.68万元。"
    assert understood(text, "measure")[1] == ("61.68万元", "")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("云澄市民政局2024年度部门整体支出绩效自评报告\n2023年支出5.00万元。", 2024),
        ("2024年支出5.00万元，2024年完成，2023年开工。", 2024),
        ("支出5.00万元。", 0),
    ],
)
def test_the_year_of_a_report(document, text, year):
    from audit.prose import paragraphs
    from audit.title import report_year

    assert report_year(paragraphs(document(text))) == year


def test_a_project_is_known_by_its_bare_name():
    assert {bare_name(n) for n in ("殡葬服务", "“殡葬服务”专项资金", "殡葬服务项目", "殡葬服务经费")} == {
        "殡葬服务"
    }
