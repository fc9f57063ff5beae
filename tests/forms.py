"""Small forms for the table tests: workbooks and Word tables made of rows, our own wording throughout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl

from audit.annex import FormTable
from audit.grid import read_tables
from audit.read import read
from audit.source import Role

Value = str | int | float | None | tuple[float, str]


def workbook(path: Path, *rows: Sequence[Value], merge: Sequence[str] = (), sheet: str = "表") -> Path:
    """A sheet of rows; (0.5739, "0.00%") is a number with its format."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            number, code = value if isinstance(value, tuple) else (value, None)
            cell = page.cell(r, c, number)
            if isinstance(number, str) and not number.isascii():
                cell.data_type = "s"  # =3700人 is a target, not a formula
            if code:
                cell.number_format = code
    for area in merge:
        page.merge_cells(area)
    book.save(path)
    return path


def word(path: Path, caption: str, *tables: Sequence[Sequence[str]]) -> Path:
    """A Word file: a caption and tables."""
    document = docx.Document()
    document.add_paragraph(caption)
    for rows in tables:
        table = document.add_table(len(rows), max(map(len, rows)))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
    document.save(path)
    return path


def forms(path: Path, year: int = 2024, role: Role = "annex") -> list[FormTable]:
    return read_tables(read(path, role, "d2"), year, 1)


def told(form: FormTable) -> list[str]:
    """Every figure of a form's rows in one line each: 标签/读数/期间 = 数 单位."""
    return [
        f"{row.label}/{f.item}/{f.measure}{f.period} = {f.figure.quantity.value}{f.figure.quantity.unit}"
        for row in form.rows
        for f in row.facts()
    ]


BASE = (
    ("", "某局2024年度部门整体支出绩效评价基础数据表"),
    ("", "填报单位：某局", "", "单位：万元"),
    ("", "财政供养人员情况（人）", "编制数", "年末实有在职人数", "控制率"),
    ("", "", 20, 19, (0.95, "0.00%")),
    ("", "经费控制情况（万元）", "2023年决算数", "2024年预算数", "2024年决算数"),
    ("", "三公经费", 6.34, 6.8, 5.92),
    ("", "1、公务用车购置和维护经费", 4.42, 4.6, 4.15),
    ("", "其中：公车购置", 0, "——", "/"),
    ("", "公车运行维护", 4.42, 4.6, 4.15),
    ("", "2、出国经费", 0, 0, 0),
    ("", "3、公务接待", 1.92, 2.2, 1.77),
    ("", "项目支出：", 130, 150, 140),
    ("", "1、业务工作经费", 30, 30, 28),
    ("", "2、公益讲座资金", 100, 120, 112),
    ("", "公用经费", 64.12, 63, 61.68),
    ("", "其中：办公经费", 22.4, 22, 21.35),
    ("", "水费、电费、差旅费", 14.86, 14.5, 14.15),
    ("", "政府采购金额", 25.4, 30, 28.6),
    ("", "部门基本支出预算调整", "——", 508, 522.6),
)


def project(
    name: str = "公益讲座资金",
    funds: Sequence[Sequence[Value]] = (
        ("", "年度资金总额", 120, 125, 112, 10, (0.896, "0.00%"), 8.96),
        ("", "其中：当年财政拨款", 120, 120, 107, "—", "—", "—"),
        ("", "上年结转资金", None, 5, 5, "/", "/", "/"),
    ),
    indicators: Sequence[Sequence[Value]] = (
        ("", "产出指标（50分）", "数量指标", "甲服务人次", "≥200人次", "180人次", 50, 45, "场地检修。"),
        ("", "效益指标（30分）", "社会效益指标", "群众获得感", "有所提升", "有所提升", 30, 30, ""),
        ("", "满意度指标（10分）", "服务对象满意度指标", "满意度", "≥90%", (0.96, "0%"), 10, 10, ""),
    ),
    total: Value = 93.96,
    unit: str = "万元",
) -> tuple[Sequence[Value], ...]:
    """附件3 with (A)/(B) heads, a dash and a blank among the figures."""
    return (
        ("2024年度项目支出绩效自评表",),
        ("项目支出名称", name),
        (f"项目资金（{unit}）", "", "年初预算数", "全年预算数\n(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分"),
        *funds,
        ("年度总体目标", "预期目标", "", "", "实际完成情况"),
        ("", "服务200人次", "", "", "服务180人次"),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
        *indicators,
        ("总分", "", "", "", "", "", 100, total, ""),
    )  # fmt: skip
