"""The form that filling and reading are measured with: 42 rows × 10 columns, 60 inputs, 34 formulas.

A project's self-evaluation like the shipped ones, with more funds than most and the filling instructions printed
below it, as many offices have them. Also records to fill it with; every number and word of them is made up.
"""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audit.forms.cell_formulas import cell_formulas  # noqa: E402
from audit.forms.description import Form, profile  # noqa: E402
from audit.forms.fill import filler  # noqa: E402
from audit.forms.locate import locate  # noqa: E402
from audit.read import read  # noqa: E402
from audit.read.addresses import letters  # noqa: E402

COUNT = 300  # distinct records
INDICATORS = 6
FUNDS = ("一般公共预算", "政府性基金", "国有资本经营预算", "专户管理资金", "上年结转资金", "其他资金")
FUND_KEYS = ("general", "fund", "capital", "special", "carryover", "other")
FUND_HEADS = ("年初预算数", "全年预算数", "全年执行数", "执行率", "执行得分")
FUND_COLUMNS = ("C", "D", "E", "F:G", "H:J")
FORMATS = {"money": "0.00", "rate": "0.00%", "number": "0.##"}
HEADS = tuple("一级指标 二级指标 三级指标 年度指标值 实际完成值 目标数 完成数 完成率 分值 得分".split())
INDICATOR_KEYS = (
    "level1_points", "level2", "name", "target_text", "actual_text",
    "target_number", "actual_number", "completion_rate", "weight", "score",
)  # fmt: skip
CLASSES = (
    ("产出指标", "数量指标"), ("产出指标", "数量指标"), ("产出指标", "质量指标"),
    ("产出指标", "时效指标"), ("效益指标", "社会效益指标"), ("满意度指标", "服务对象满意度指标"),
)  # fmt: skip

PROFILE = """
title = "计时用的附表"
forms = ["wide"]

[level1]
"产出指标" = 50
"效益指标" = 30
"满意度指标" = 10
"""
FORM = """
kind = "附件"
title = "项目支出绩效自评表"
per = "project"
file = "{number}-{name}.xlsx"

[texts]
"（年度）" = "（{year}年度）"

[[field]]
key = "name"
right = "项目名称"

[[field]]
key = "supervisor"
right = "主管部门"

[[field]]
key = "implementer"
right = "实施单位"

[[field]]
key = "leader"
right = "项目负责人"

[[field]]
key = "goal"
below = "预期目标"

[[field]]
key = "outcome"
below = "实际完成情况"

[[matrix]]
columns = { FUND_COLUMNS }
rows = { ROWS }
kinds = { rate = "rate", points_got = "number" }
only = { points_got = ["general"] }

[matrix.formulas]
rate = "rate({row}_spent, {row}_budget)"
points_got = "half_up(10 * {row}_rate, 2) if number({row}_rate) else None"

[[block]]
key = "indicators"
until = ["总分"]
columns = { INDICATOR_COLUMNS }
merged = ["level1_points", "level2"]

[block.formulas]
target_number = "number_in(target_text)"
actual_number = "number_in(actual_text)"
completion_rate = "completion_rate(target_number, actual_number, first(target_text))"
score = "rate_score(weight, completion_rate)"

[[matrix]]
head = "indicators"
columns = { "分值" = "weight", "得分" = "score", "完成率" = "grade" }
rows = { "总分" = "full" }
kinds = { weight = "number", score = "number", grade = "text" }

[matrix.formulas]
weight = "half_up(total(indicators_weight) + 10, 2)"
score = "full_score(indicators_weight, full_weight, indicators_score, general_points_got)"
grade = "grade(full_score)"
"""


def _filled_in(text: str) -> str:
    for word, labels, keys in (
        ("ROWS", FUNDS, FUND_KEYS),
        ("FUND_COLUMNS", FUND_HEADS, ("initial", "budget", "spent", "rate", "points_got")),
        ("INDICATOR_COLUMNS", HEADS, INDICATOR_KEYS),
    ):
        text = text.replace(word, ", ".join(f'"{a}" = "{b}"' for a, b in zip(labels, keys, strict=True)))
    return text


def make(folder: Path) -> Form:
    """Draw the form into a folder of its own, with its descriptions."""
    home = folder / "bench-form"
    (home / "wide").mkdir(parents=True)
    (home / "profile.toml").write_text(PROFILE, "utf-8")
    (home / "wide" / "form.toml").write_text(_filled_in(FORM), "utf-8")
    form = profile(str(home)).form("wide")
    book = openpyxl.Workbook()
    _draw(book.active)
    book.save(form.template)
    _add_formulas(form)
    return form


THIN = Side(style="thin")


def _put(page: Worksheet, columns: str, row: int, text: str = "", size: float = 10.5) -> None:
    """A boxed cell, or one merged over columns: "A:C"."""
    first, _, last = columns.partition(":")
    where = f"{first}{row}:{last or first}{row}"
    for cell in page[where][0]:
        cell.font, cell.border = Font("仿宋", size), Border(THIN, THIN, THIN, THIN)
        cell.alignment, cell.protection = (
            Alignment("center", "center", wrap_text=True),
            Protection(locked=False),
        )
    if last:
        page.merge_cells(where)
    page[f"{first}{row}"].value = text or None


def _draw(page: Worksheet) -> None:
    """Labels and boxes of 42 rows and ten columns."""
    page.title = "项目支出绩效自评表"
    for column, width in zip("ABCDEFGHIJ", (14, 16, 24, 15, 15, 10, 10, 10, 9, 9), strict=True):
        page.column_dimensions[column].width = width
    rows: dict[int, tuple[tuple[str, str], ...]] = {
        1: (("A:J", "项目支出绩效自评表"),),
        2: (("A:J", "（年度）"),),
        3: (("A", "项目名称"), ("B:J", "")),
        4: (("A", "主管部门"), ("B:D", ""), ("E:F", "实施单位"), ("G:J", "")),
        5: (("A", "项目负责人"), ("B:D", ""), ("E:J", "单位：万元")),
        6: (("A:B", "项目资金"), *zip(FUND_COLUMNS, FUND_HEADS, strict=True)),
        13: (("A:E", "预期目标"), ("F:J", "实际完成情况")),
        14: (("A:E", ""), ("F:J", "")),
        15: tuple(zip("ABCDEFGHIJ", HEADS, strict=True)),
        22: (("A:G", "总分"), ("H", ""), ("I", ""), ("J", "")),
    }
    rows |= {r: (("A:B", name), *((c, "") for c in FUND_COLUMNS)) for r, name in enumerate(FUNDS, 7)}
    rows |= {r: tuple((c, "") for c in "ABCDEFGHIJ") for r in range(16, 16 + INDICATORS)}
    note = "本栏按批复的绩效目标逐项填列，没有发生的填0，不适用的写明原因。"
    rows |= {r: (("A", f"说明{r - 22}"), ("B:J", f"{r - 22}．{note}")) for r in range(23, 43)}
    for r, cells in rows.items():
        for columns, text in cells:
            _put(page, columns, r, text, 16 if r == 1 else 10.5)
        page.row_dimensions[r].height = 80 if r == 14 else 24
    page.print_area, page.print_title_rows = "A1:J42", "15:15"
    page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", 9, 0
    page.oddFooter.center.text = "第 &P 页 共 &N 页"


def _add_formulas(form: Form) -> None:
    """Formulas, number formats, names and validations, as templates/draw.py adds them to the shipped forms."""
    places = locate(form, read(form.template, "annex").tables[0])
    book = openpyxl.load_workbook(form.template)
    page = book.active
    for f in form.fields:
        at = places.fields[f.key]
        page.cell(at.row + 1, at.column + 1).number_format = FORMATS.get(f.kind, "General")
        name = f"'{page.title}'!${letters(at.column)}${at.row + 1}"
        book.defined_names[f.key] = DefinedName(f.key, attr_text=name)
    for place in places.blocks.values():
        for column in place.block.columns:
            for r in range(place.first + 1, place.last + 2):
                page.cell(r, place.columns[column.key] + 1).number_format = FORMATS.get(
                    column.kind, "General"
                )
        area = f"{letters(place.columns['weight'])}{place.first + 1}:{letters(place.columns['weight'])}{place.last + 1}"
        rule = DataValidation("decimal", operator="between", formula1="0", formula2="100", sqref=area)
        page.add_data_validation(rule)
    for (row, column), text in cell_formulas(form, places).items():
        page.cell(row + 1, column + 1).value = f"={text}"
        page.cell(row + 1, column + 1).fill = PatternFill("solid", fgColor="F2F2F2")
    book.save(form.template)


def record(n: int) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """A form's values and its indicators; the same for the same number."""
    pick = random.Random(n)
    own: dict[str, Any] = {
        "number": str(n), "year": Decimal(2024), "name": f"第{n}号专项业务经费", "supervisor": "某市某局",
        "implementer": f"某市某局第{pick.randint(1, 40)}中心", "leader": pick.choice(("赵某", "钱某某", "孙某")),
        "goal": f"目标1：完成{pick.randint(10, 99)}项业务工作。\n目标2：保障{pick.randint(1000, 9999)}人次的日常服务。",
        "outcome": f"全年完成{pick.randint(10, 99)}项业务工作，服务{pick.randint(1000, 9999)}人次，群众反映良好。",
    }  # fmt: skip
    for key in FUND_KEYS:
        budget = Decimal(pick.randint(1_000, 9_999_999)) / 100
        own[f"{key}_initial"] = budget + Decimal(pick.randint(0, 99_999)) / 100
        own[f"{key}_budget"] = budget
        own[f"{key}_spent"] = (budget * pick.randint(800, 1000) / 1000).quantize(Decimal("0.01"))
    rows = []
    for i, (level1, level2) in enumerate(CLASSES):
        target = Decimal(pick.randint(20, 400))
        share = i in (2, 3, 5)
        rows.append(
            {
                "level1": level1, "level2": level2, "name": f"{level2[:2]}第{i + 1}项完成情况", "weight": Decimal(15),
                "sign": pick.choice("≥≤") if not share else "≥", "unit": "%" if share else "人次",
                "target": Decimal(95) if share else target,
                "actual": Decimal(pick.randint(900, 1000)) / 10 if share else target + pick.randint(-15, 30),
            }
        )  # fmt: skip
    return own, {"indicators": rows}


def records() -> list[tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]]:
    return [record(n) for n in range(COUNT)]


def size(form: Form) -> str:
    """Inputs and formulas, counted in the plan that is filled."""
    plan = filler(form).template.plan((INDICATORS,))
    rows = len(plan.heights)
    return f"{len(plan.inputs)} inputs, {len(plan.formulas)} formulas, {rows} rows whose height follows from their text"
