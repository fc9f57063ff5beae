"""Tables flattened into lines of text: which lines are one, what their cells say, what stays running text."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from audit import run
from audit.source import Document

PROJECTS = """
    重点工作经费情况（单位：万元）
    序号 项目名称 年初预算 调整后预算 实际支出 执行率
    1 河湖巡护 1,200.00 1,200.00 1,080.00 90.00%
    2 水文 监测 300.00 450.00 441.00 98.00%
    小计 1,500.00 1,650.00 1,521.00 92.18%
    三、下一步打算
"""


def grid(document: Document, n: int = 0) -> list[list[str]]:
    table = document.tables[n]
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def findings(document: Document) -> list[tuple[str, str]]:
    return [(f.code, f.message) for f in run.check_documents([document]).findings if f.code[1] in "123"]


def test_cells_are_aligned_from_the_right(document: Callable[..., Document]) -> None:
    found = document(PROJECTS)
    assert grid(found) == [
        ["序号", "项目名称", "年初预算", "调整后预算", "实际支出", "执行率"],
        ["1", "河湖巡护", "1,200.00", "1,200.00", "1,080.00", "90.00%"],
        ["2", "水文 监测", "300.00", "450.00", "441.00", "98.00%"],
        ["", "小计", "1,500.00", "1,650.00", "1,521.00", "92.18%"],
    ]
    assert found.tables[0].caption == "重点工作经费情况（单位：万元）"
    assert [block.kind for block in found.blocks] == ["paragraph", "table", "paragraph"]


def test_cells_point_into_the_text(document: Callable[..., Document]) -> None:
    found = document(PROJECTS)
    for cell in found.tables[0].cells:
        assert found.text[cell.span.start : cell.span.end] == cell.text
    report = run.check_documents([found])
    amount = next(f for f in report.figures if f.quantity.text == "1,521.00")
    assert (amount.quantity.unit, amount.span.cell) == ("万元", None)
    assert amount.span.start == found.text.index("1,521.00")


@pytest.mark.parametrize("gap", [" ", "  ", "\t", "　", " | "])
def test_rates_and_sums_are_checked(document: Callable[..., Document], gap: str) -> None:
    rows = [
        "项目名称 预算数（万元） 执行数（万元） 执行率",
        "防汛物资储备 80.00 72.00 80.00%",
        "渠道清淤 60.00 60.00 100.00%",
        "合计 140.00 123.00 94.29%",
    ]
    text = "\n".join(["项目支出明细如下：", *(row.replace(" ", gap) for row in rows), "以上项目均已验收。"])
    assert [code for code, _ in findings(document(text))] == ["R104", "R208", "R208"]
    sound = text.replace("80.00%", "90.00%").replace("123.00", "132.00")
    assert findings(document(sound)) == []


def test_a_total_without_a_rate_fills_the_columns_of_amounts(document: Callable[..., Document]) -> None:
    text = """
        项目 预算数（元） 执行数（元） 执行率（%）
        堤防维护 5000 4000 80.00
        泵站检修 3000 3000 100.00
        合计 8000 7000
    """
    assert grid(document(text))[-1] == ["合计", "8000", "7000", ""]


def test_rows_between_bars_keep_their_blanks(document: Callable[..., Document]) -> None:
    text = """
        单位:万元
        项 目 | 预 算 数 | 决 算 数 |
        合 计 | 6.5 | 4.2 |
        因公出国(境)费 | ||
        公务接待费 | 2.5 | 1.2 |
        公务用车购置及运行维护费 | 4 | 3 |
        其中:公务用车运行维护费 | 4 | 3 |
        公务用车购置费 |
    """
    found = document(text)
    assert grid(found)[2] == ["因公出国(境)费", "", ""]
    assert findings(found) == []
    assert "R104" in {code for code, _ in findings(document(text.replace("| 4.2 |", "| 4.8 |")))}


def test_markdown_rule_lines_are_no_rows(document: Callable[..., Document]) -> None:
    text = """
        | 项目 | 预算（万元） | 支出（万元） |
        |---|---:|---:|
        | 甲类 | 3.00 | 2.00 |
        | 乙类 | 4.00 | 4.00 |
    """
    assert [row[0] for row in grid(document(text))] == ["项目", "甲类", "乙类"]


def test_one_cell_to_a_line(document: Callable[..., Document]) -> None:
    cells = ["", "项 目", "预 算 数", "决 算 数", "", "合 计", "9", "7.5", "", "公务接待费", "9", "7.5"]
    text = "单位:万元\n" + "\n".join(f"{cell} |".strip() for cell in cells) + "\n二、情况说明"
    assert grid(document(text)) == [cells[n : n + 4] for n in range(0, 12, 4)]


def test_a_page_number_and_a_repeated_head_do_not_end_a_table(document: Callable[..., Document]) -> None:
    text = """
        项目 预算（万元） 支出（万元）
        甲 3.00 2.00
        - 7 -
        项目 预算（万元） 支出（万元）
        乙 4.00 4.00
        合计 7.00 6.00
    """
    found = document(text)
    assert [row[0] for row in grid(found)] == ["项目", "甲", "乙", "合计"]
    assert findings(found) == []


def test_a_label_that_runs_over_two_lines(document: Callable[..., Document]) -> None:
    text = """
        序号 项目 预算（万元） 支出（万元）
        1 灌区续建配套（第一
        期） 3.00 2.00
        2 乙 4.00 4.00
        政府性基金
        3 丙 1.00 1.00
    """
    labels = [row[:2] for row in grid(document(text))]
    assert labels[1:] == [["1", "灌区续建配套（第一\n期）"], ["2", "乙"], ["3", "丙"]]


def test_a_column_of_remarks(document: Callable[..., Document]) -> None:
    text = """
        项目 预算（万元） 支出（万元） 备注
        甲 3.00 2.00 跨年实施
        乙 4.00 4.00
    """
    assert grid(document(text))[1:] == [["甲", "3.00", "2.00", "跨年实施"], ["乙", "4.00", "4.00", ""]]


def test_values_with_units_stand_under_their_heads(document: Callable[..., Document]) -> None:
    text = """
        二级指标 三级指标 指标值 完成值 分值 得分
        数量指标 巡河人次 ≥300人次 312人次 10 10
        质量指标 水质 达标率 ≥95% 96% 10 10
    """
    assert document(text).tables == ()  # which blank parts the name in two?
    found = document(text.replace("水质 达标率", "水质达标率"))
    assert grid(found)[1] == ["数量指标", "巡河人次", "≥300人次", "312人次", "10", "10"]
    assert {f.quantity.text for f in run.check_documents([found]).figures} >= {"312人次", "96%"}


def test_rows_with_codes(document: Callable[..., Document]) -> None:
    text = """
        单位：万元
        科目编码 科目名称 本年支出 基本支出 项目支出
        213 农林水支出 9.00 5.00 4.00
        21303 水利 9.00 5.00 4.00
        2130301 行政运行 5.00 5.00 -
        2130305 水利工程建设 4.00 - 4.00
        合计 9.00 5.00 4.00
    """
    found = document(text)
    assert [row[0] for row in grid(found)] == ["科目编码", "213", "21303", "2130301", "2130305", ""]
    assert findings(found) == []


def test_the_same_head_under_another_title_is_another_table(document: Callable[..., Document]) -> None:
    part = """
        {}
        项目 预算 （万元） 支出 （万元）
        甲 3.00 2.00
        乙 4.00 4.00
        合计 7.00 6.00
    """
    found = document(part.format("本级项目") + part.format("下属单位项目"))
    assert [table.caption for table in found.tables] == ["本级项目", "下属单位项目"]
    assert findings(found) == []


@pytest.mark.parametrize(
    "text",
    [
        # Sentences with numbers that stand apart.
        "2024 年 支出 1200 元，比上年 多 30 元\n2023 年 支出 1170 元，比上年 多 20 元",
        "全年 安排 经费 情况\n共有 车辆 3 辆，其中 执法 2 辆\n共有 房屋 5 处，其中 办公 4 处",
        # Lines of a letter: a head, but nothing that is measured.
        "姓名 手机 座机\n张某 13900000000 8123456\n李某 13900000001 8123457",
        # One row is no table, rows without a head neither.
        "项目 预算（万元） 支出（万元）\n甲 3.00 2.00\n以上为全部项目。",
        "甲 3.00 2.00\n乙 4.00 4.00",
        # One number to a line under a head that names no unit of money.
        "项目 支出数\n甲 3.00\n乙 4.00",
        # A row that cannot be placed: which of three amounts is missing?
        "项目 年初预算 全年预算 支出\n甲 3.00 3.00 2.00\n乙 4.00 4.00\n丙 1.00 1.00 1.00",
        # A number that ends each name would shift the columns.
        "项目 预算（万元） 支出（万元）\n标段 1 3.00 2.00\n标段 2 4.00 4.00",
        # A line like the rows that cannot be read as one: the table is not whole.
        "项目 预算（万元） 支出（万元）\n甲 3.00 2.00\n乙 4.00 4.00\n丙 1.00 甲 1.00 乙 丁",
        # Menus and breadcrumbs.
        "首页 | 公开 | 部门决算\n栏目 | 2024 | 正文\n打印 | 关闭 | 分享",
    ],
)
def test_other_lines_stay_running_text(document: Callable[..., Document], text: str) -> None:
    found = document(text)
    assert found.tables == ()
    assert all(block.kind == "paragraph" for block in found.blocks)


def test_the_head_of_a_column_is_no_project(document: Callable[..., Document]) -> None:
    text = """
        项目名称 预算数（万元） 执行数（万元） 执行率
        防汛物资储备 80.00 72.00 90.00%
        渠道清淤 60.00 60.00 100.00%
    """
    report = run.check_documents([document(text)])
    assert {fact.owner for fact in report.facts} == {""}


def test_totals_said_above_a_table_are_those_of_its_last_row(document: Callable[..., Document]) -> None:
    text = """
        全年安排2个项目，预算合计140.00万元，{}万元，平均执行率94.29%。明细如下：
        项目名称 预算数（万元） 执行数（万元） 执行率
        防汛物资储备 80.00 72.00 90.00%
        渠道清淤 60.00 60.00 100.00%
        合计 140.00 132.00 94.29%
    """
    assert findings(document(text.format("执行合计132.00"))) == []
    assert findings(document(text.format("支出合计132.00"))) == []
    assert "R302" in {code for code, _ in findings(document(text.format("执行合计123.00")))}


def test_a_part_of_the_projects_is_not_the_whole(document: Callable[..., Document]) -> None:
    text = "一、支出情况\n全年项目支出9,000.00万元，其中调增水文监测150.00万元，调整后预算9,500.00万元。"
    assert findings(document(text + PROJECTS.replace("    ", ""))) == []


@pytest.mark.parametrize(
    "line",
    ["甲 1.00 2.00", "甲 | 1.00 |", "|", "甲\t1.00\t2.00", "项目 预算 支出", "项目 预算（万元）\n甲 1 x 2"],
)
def test_time_grows_with_the_text(document: Callable[..., Document], line: str) -> None:
    start = time.process_time()
    document("\n".join(["项目 预算（万元） 支出（万元）", *[line] * 20_000]))
    assert time.process_time() - start < 10
