"""Lines put back into paragraphs, paragraphs under their headings, places kept."""

from __future__ import annotations

import pytest

from audit.prose import paragraphs


@pytest.fixture
def read(document):
    return lambda text: paragraphs(document(text))


def texts(found):
    return [paragraph.text for paragraph in found]


def test_a_line_cut_by_the_page_is_joined_and_the_heading_above_it_is_not(read):
    found = read("""
        一、部门基本情况
        我局内设7个股室，所属事业单位3个，全部为财政全额拨款单位，2024年末实有在职人员
        36人，离退休人员21人。
    """)
    assert texts(found) == [
        "一、部门基本情况",
        "我局内设7个股室，所属事业单位3个，全部为财政全额拨款单位，2024年末实有在职人员36人，离退休人员21人。",
    ]


def test_a_number_cut_after_its_point_or_before_its_unit_is_put_together(read):
    found = read("""
        2024年部门整体支出年初预算数为3530.00万元，年中调增264.60万元，全年预算数为3794.
        60万元，全年执行数为3681.54
        万元，预算执行率为97.02%。
    """)
    assert texts(found)[0].endswith("全年预算数为3794.60万元，全年执行数为3681.54万元，预算执行率为97.02%。")


def test_two_numbers_at_a_line_break_do_not_grow_together(read):
    found = read("""
        2024年部门整体支出年初预算数、年中调整数、全年预算数、全年执行数依次为3530.00
        264.60和3794.60万元。
    """)
    assert "3530.00 264.60和" in texts(found)[0]


def test_a_finished_sentence_and_a_short_line_end_their_paragraph(read):
    assert texts(read("支出508.00万元。\n结余2.76万元。\n云澄市民政局\n2025年3月28日")) == [
        "支出508.00万元。",
        "结余2.76万元。",
        "云澄市民政局",
        "2025年3月28日",
    ]


def test_a_numbered_line_starts_anew_even_after_a_comma(read):
    found = read("全年完成改造321户，每户补助3000元，支出96.30万元，\n2.高龄津贴\n附件：1.自评表")
    assert [p.marker for p in found] == [0, 2, 0]


@pytest.mark.parametrize(
    ("line", "level", "title"),
    [
        ("一、部门概况", 1, "部门概况"),
        ("第二部分 绩效情况", 1, "绩效情况"),
        ("（三）项目支出", 2, "项目支出"),
        ("(三)项目支出", 2, "项目支出"),
        ("4.高龄津贴资金。年初预算数为186.00万元。", 3, "高龄津贴资金"),
        ("4、高龄津贴资金", 3, "高龄津贴资金"),
        ("（1）数量指标", 4, "数量指标"),
        ("②质量指标", 4, "质量指标"),
    ],
)
def test_every_kind_of_marker_has_its_level(read, line, level, title):
    (found,) = read(line)
    assert (found.level, found.title) == (level, title)


def test_decimals_and_years_at_the_start_of_a_line_are_no_markers(read):
    assert [p.level for p in read("3.5万元用于培训，其余用于会议。")] == [0]
    assert [p.level for p in read("1.2024年支出508.00万元，按期完成。")] == [3]


def test_each_paragraph_knows_the_headings_above_it(read):
    found = read("""
        一、部门基本情况
        核定编制38名。
        二、支出情况
        （一）基本支出
        支出519.84万元。
        （二）项目支出
        1.高龄津贴资金。支出188.40万元。
        其中80至89周岁129.00万元。
        三、存在的问题
        力量偏弱。
    """)
    assert [(p.text[:4], p.path) for p in found if not p.heading] == [
        ("核定编制", ("部门基本情况",)),
        ("支出51", ("支出情况", "基本支出")),
        ("1.高龄", ("支出情况", "项目支出")),
        ("其中80", ("支出情况", "项目支出", "高龄津贴资金")),
        ("力量偏弱", ("存在的问题",)),
    ]


def test_a_heading_run_on_to_a_paragraph_starts_one_of_its_own(read):
    found = read("我局负责救助。二、支出情况：全年支出3546.00万元，按期完成。")
    assert texts(found) == ["我局负责救助。", "二、支出情况：全年支出3546.00万元，按期完成。"]


def test_a_heading_run_on_does_not_swallow_the_line_below_it(read):
    found = read("我局负责全市社会救助和养老服务工作。二、一般公共预算支出情况\n全年支出3546.00万元。")
    assert texts(found) == [
        "我局负责全市社会救助和养老服务工作。",
        "二、一般公共预算支出情况",
        "全年支出3546.00万元。",
    ]


def test_every_character_knows_where_it_stands_in_the_file(document):
    text = "一、 概 况\r\n\r\n　　支出 ３,２２８.０８\u3000万元， 完成 98.5 %(含追加);\n"
    file = document(text)
    for paragraph in paragraphs(file):
        for i in range(len(paragraph.text)):
            span = paragraph.span(i, i + 1)
            assert file.text[span.start : span.end] == span.text
            assert len(span.text) == 1
    assert paragraphs(file)[1].text == "支出3,228.08万元，完成98.5%（含追加）；"


def test_a_comma_inside_a_number_stays_and_between_words_becomes_chinese(read):
    assert texts(read("支出3,228.08万元,完成98.5%,其中:会议费1,200元;")) == [
        "支出3,228.08万元，完成98.5%，其中：会议费1,200元；"
    ]
