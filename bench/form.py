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

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "templates")]

from draw import Sheet, finish  # noqa: E402 - templates/draw.py

from audit.forms.description import Form, profile  # noqa: E402
from audit.forms.fill import filler  # noqa: E402
from audit.forms.template import Plan, RowStart, Slot  # noqa: E402

COUNT = 300  # distinct records
INDICATORS = 6
FUNDS = ("一般公共预算", "政府性基金", "国有资本经营预算", "专户管理资金", "上年结转资金", "其他资金")
FUND_KEYS = ("general", "fund", "capital", "special", "carryover", "other")
TEXTS = ("name", "supervisor", "implementer", "leader", "goal", "outcome")
HEADS = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "目标数",
    "完成数",
    "完成率",
    "分值",
    "得分",
)
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
columns = { "年初预算数" = "initial", "全年预算数" = "budget", "全年执行数" = "spent", "执行率" = "rate", "执行得分" = "points_got" }
rows = { ROWS }
kinds = { rate = "rate", points_got = "number" }
only = { points_got = ["general"] }

[matrix.formulas]
rate = "rate({row}_spent, {row}_budget)"
points_got = "half_up(10 * {row}_rate, 2) if number({row}_rate) else None"

[[block]]
key = "indicators"
until = ["总分"]
columns = { "一级指标" = "level1_points", "二级指标" = "level2", "三级指标" = "name", "年度指标值" = "target_text", "实际完成值" = "actual_text", "目标数" = "target_number", "完成数" = "actual_number", "完成率" = "completion_rate", "分值" = "weight", "得分" = "score" }
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


def make(folder: Path) -> Form:
    """Draw the form into a folder of its own, as templates/draw.py draws the shipped ones."""
    home = folder / "bench-form"
    (home / "wide").mkdir(parents=True)
    (home / "profile.toml").write_text(PROFILE, "utf-8")
    rows = ", ".join(f'"{label}" = "{key}"' for label, key in zip(FUNDS, FUND_KEYS, strict=True))
    (home / "wide" / "form.toml").write_text(FORM.replace("ROWS", rows), "utf-8")
    form = profile(str(home)).form("wide")
    _draw().book.save(form.template)
    finish(form)
    return form


def _draw() -> Sheet:
    sheet = Sheet("项目支出绩效自评表", [14, 16, 24, 15, 15, 10, 10, 10, 9, 9], landscape=True)
    sheet.page.print_area = "A1:J42"
    sheet.row(1, ("A:J", "项目支出绩效自评表", "title"), height=32)
    sheet.row(2, ("A:J", "（年度）", "middle"), height=20)
    sheet.row(3, ("A", "项目名称"), ("B:J", ""), height=24)
    sheet.row(4, ("A", "主管部门"), ("B:D", ""), ("E:F", "实施单位"), ("G:J", ""), height=24)
    sheet.row(5, ("A", "项目负责人"), ("B:D", ""), ("E:J", "单位：万元", "right"), height=24)
    heads = ("年初预算数", "全年预算数", "全年执行数", "执行率")
    columns = ("C", "D", "E", "F:G")
    sheet.row(
        6, ("A:B", "项目资金", "head"), *((c, h, "head") for c, h in zip(columns, heads, strict=True)),
        ("H:J", "执行得分", "head"), height=24,
    )  # fmt: skip
    for r, label in enumerate(FUNDS, 7):
        sheet.row(r, ("A:B", label, "left"), *((c, "") for c in columns), ("H:J", ""), height=22)
    sheet.row(13, ("A:E", "预期目标", "head"), ("F:J", "实际完成情况", "head"), height=22)
    sheet.row(14, ("A:E", "", "left"), ("F:J", "", "left"), height=80)
    sheet.row(15, *((c, head, "head") for c, head in zip("ABCDEFGHIJ", HEADS, strict=True)), height=34)
    for r in range(16, 16 + INDICATORS):
        sheet.row(r, *((c, "") for c in "ABCDEFGHIJ"), height=24)
    sheet.row(22, ("A:G", "总分", "head"), *((c, "") for c in "HIJ"), height=24)
    for r in range(23, 43):
        text = f"{r - 22}．填列说明：本栏按批复的绩效目标逐项填列，没有发生的填0，不适用的写明原因。"
        sheet.row(r, ("A", f"说明{r - 22}"), ("B:J", text, "left"), height=20)
    return sheet


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


def plan_of(form: Form) -> Plan:
    return filler(form).template.plan((INDICATORS,))


def size(form: Form) -> str:
    """Inputs and formulas, counted in the plan that is filled."""
    slots = [piece for piece in plan_of(form).pieces if isinstance(piece, Slot) and not piece.words]
    formulas = sum(bool(slot.formula) for slot in slots)
    heights = sum(isinstance(piece, RowStart) for piece in plan_of(form).pieces)
    return f"{len(slots) - formulas} inputs, {formulas} formulas, {heights} rows whose height follows from their text"
