"""Builds workbooks/sample: a fictional bureau's self-evaluation, once sound and once with planted defects.

In: sample/report.txt (the report's words), sample/annexes.toml (its figures), sample/expected.toml (the
defects). Out: sample/sound and sample/planted, each a report (.docx, .pdf) and the filled annexes (.xlsx).
The two differ only where expected.toml says. Before anything is written, the words are checked against the
figures (`tie_out`), so the sound version cannot quietly stop being sound.

    python workbooks/build_sample.py            needs python-docx, XlsxWriter; soffice for the PDF
    python workbooks/build_sample.py --no-pdf   leaves the PDFs as they are
    python workbooks/build_sample.py --list     only prints what was checked
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from xlsxwriter.utility import xl_cell_to_rowcol

HERE = Path(__file__).parent / "sample"
REPORT = "自评报告.docx"
WHEN = datetime(2025, 3, 28, 9, 0, 0)
ZERO = Decimal(0)
KEYS = ("budget", "adjustment", "year_budget", "spent", "left", "last_year")

Data = dict[str, Any]


def money(value: Decimal | str) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """A rate with the four decimals that "97.02%" prints; 0 where there is nothing to divide by."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else ZERO


def percent(part: Decimal, whole: Decimal) -> str:
    return f"{ratio(part, whole) * 100:.2f}%"


def wan(value: Decimal) -> str:
    return f"{value:.2f}万元" if value else "0万元"


# ---- figures and their ties --------------------------------------------------------------------------------


def load() -> Data:
    """annexes.toml with what follows from it: year_budget, left, and the sums over projects and funds."""
    data = tomllib.loads((HERE / "annexes.toml").read_text("utf-8"))
    data["spending"] = {key: [money(v) for v in values] for key, values in data["spending"].items()}
    data["basic"] = {key: money(value) for key, value in data["basic"].items()}
    for item in (*data["project"], data["basic"]):
        item.update({key: money(item[key]) for key in ("budget", "adjustment", "spent", "last_year")})
        item["year_budget"] = item["budget"] + item["adjustment"]
        item["left"] = item["year_budget"] - item["spent"]
    fund = [p for p in data["project"] if p["fund"] == "政府性基金"]
    data["projects"] = {key: sum((p[key] for p in data["project"]), ZERO) for key in KEYS}
    data["fund"] = {key: sum((p[key] for p in fund), ZERO) for key in KEYS}
    data["total"] = {key: data["projects"][key] + data["basic"][key] for key in KEYS}
    data["general"] = {key: data["total"][key] - data["fund"][key] for key in KEYS}
    return data


def tie_out(data: Data, text: str) -> list[str]:
    """Everything that must hold in the sound version. Returns what was checked, one line each."""
    done: list[str] = []

    def holds(what: str, left: object, right: object) -> None:
        assert left == right, f"{what}: {left} ≠ {right}"
        done.append(f"= {what}：{left}")

    def says(phrase: str) -> None:
        assert phrase in text, f"report.txt does not say: {phrase}"
        done.append(f"“{phrase}”")

    def chain(it: Data) -> str:
        word = "调减" if it["adjustment"] < 0 else "调增"
        return f"年初预算数为{wan(it['budget'])}，年中{word}{wan(abs(it['adjustment']))}，"

    def year(it: Data) -> str:
        return f"全年预算数为{wan(it['year_budget'])}，全年执行数为{wan(it['spent'])}，"

    def rate(it: Data) -> str:
        return f"预算执行率为{percent(it['spent'], it['year_budget'])}"

    def against_last_year(spent: Decimal, last: Decimal) -> str:
        words = ("增加", "增长") if spent > last else ("减少", "下降")
        return f"{words[0]}{wan(abs(spent - last))}，{words[1]}{percent(abs(spent - last), last)}"

    basic, spending, staff = data["basic"], data["spending"], data["staff"]
    total, projects, fund, general = data["total"], data["projects"], data["fund"], data["general"]
    general_projects = projects["spent"] - fund["spent"]

    posts, people = staff["posts"], staff["people"]
    holds("编制", staff["administrative_posts"] + staff["institution_posts"], posts)
    holds("在职", staff["administrative_people"] + staff["institution_people"], people)
    says(f"核定编制{posts}名，其中：行政编制{staff['administrative_posts']}名，")
    says(f"在职人员{people}人，其中：行政人员{staff['administrative_people']}人，")
    says(f"在职人员控制率为{percent(people, posts)}")
    for lead, items in (("内设", "分别是："), ("所属事业单位", "个，分别是：")):
        found = re.search(rf"{lead}(\d+)个?(?:股室)?[^：。]*：([^。]*)。", text)
        assert found, items
        holds(f"{lead}列举个数", len(found[2].split("、")), int(found[1]))

    holds("人员+公用", basic["personnel"] + spending["public"][2], basic["spent"])
    holds("经济分类", basic["wages"] + basic["goods"] + basic["families"], basic["spent"])
    holds("人员经费", basic["wages"] + basic["families"], basic["personnel"])
    holds("基本支出按功能", basic["social_security"] + basic["health"] + basic["housing"], basic["spent"])
    holds("一般公共+基金", general["spent"] + fund["spent"], total["spent"])
    holds("基本+一般公共项目", basic["spent"] + general_projects, general["spent"])
    holds("总额结余", total["year_budget"] - total["spent"], total["left"])
    social = basic["social_security"] + general_projects
    says(
        f"一般公共预算支出{wan(general['spent'])}，其中：社会保障和就业支出{wan(social)}，"
        f"卫生健康支出{wan(basic['health'])}，住房保障支出{wan(basic['housing'])}。"
    )
    says(f"占一般公共预算支出的{percent(social, general['spent'])}")
    says(f"一般公共预算支出中基本支出{wan(basic['spent'])}，项目支出{wan(general_projects)}。")
    says(f"2024年基本支出{chain(basic)}{year(basic)}{rate(basic)}，结余{wan(basic['left'])}。")
    says(
        f"基本支出{wan(basic['spent'])}，其中：工资福利支出{wan(basic['wages'])}，"
        f"商品和服务支出{wan(basic['goods'])}，对个人和家庭的补助{wan(basic['families'])}。"
    )
    says(f"人员经费{wan(basic['personnel'])}，")
    last, _, now = spending["public"]
    says(f"公用经费{wan(now)}，比上年的{wan(last)}{against_last_year(now, last)}，")
    cars = [a + b for a, b in zip(spending["cars_bought"], spending["cars_running"], strict=True)]
    three = [a + b + c for a, b, c in zip(cars, spending["abroad"], spending["reception"], strict=True)]
    for column, word in ((1, "预算数"), (2, "决算数")):
        says(
            f"“三公”经费{word}为{wan(three[column])}，其中：因公出国（境）费{wan(spending['abroad'][column])}，"
            f"公务用车购置及运行维护费{wan(cars[column])}，公务接待费{wan(spending['reception'][column])}。"
        )
    says(f"决算数为预算数的{percent(three[2], three[1])}")
    for item in ("cars_bought", "cars_running", "abroad", "reception", "public", "procurement"):
        holds(f"{item} 不超预算", spending[item][2] <= spending[item][1], True)
    says(
        "项目支出"
        + wan(general_projects)
        + "，其中："
        + "，".join(f"{p['name']}{wan(p['spent'])}" for p in data["project"] if p["fund"] == "一般公共预算")
        + "。"
    )
    last = projects["last_year"] - fund["last_year"]
    says(f"与上年的{wan(last)}相比，{against_last_year(general_projects, last)}，")
    _, planned, bought = spending["procurement"]
    says(f"政府采购预算{wan(planned)}，实际采购金额{wan(bought)}，政府采购执行率为{percent(bought, planned)}")
    says(f"政府性基金预算支出{wan(fund['spent'])}")
    says(f"与上年的{wan(fund['last_year'])}相比，{against_last_year(fund['spent'], fund['last_year'])}。")

    says(
        f"部门整体支出{chain(total)}预算调整率为{percent(total['adjustment'], total['budget'])}，"
        f"{year(total)}{rate(total)}，年末结转结余{wan(total['left'])}。"
    )
    shares = [
        f"{wan(part)}，占{percent(part, total['spent'])}" for part in (basic["spent"], projects["spent"])
    ]
    says(f"全年执行数{wan(total['spent'])}中，基本支出{shares[0]}；项目支出{shares[1]}。")
    says(
        f"由{wan(total['last_year'])}增加到{wan(total['spent'])}，"
        f"{against_last_year(total['spent'], total['last_year'])}。"
    )
    says(
        f"2024年项目支出{chain(projects)}{year(projects)}{rate(projects)}，结转结余{wan(projects['left'])}。"
    )
    says(f"纳入绩效自评的项目共{len(data['project'])}个，全年执行数合计{wan(projects['spent'])}，")
    for number, p in enumerate(data["project"], 1):
        says(f"{number}.{p['name']}。{chain(p)}{year(p)}结转结余{wan(p['left'])}，{rate(p)}。")
        if p["split"]:
            holds(f"{p['name']}分项", sum(money(a) for _, a in p["split"]), p["spent"])
            says(
                f"全年执行数{wan(p['spent'])}，其中："
                + "，".join(f"{n}{a}万元" for n, a in p["split"])
                + "。"
            )
        for what, count, standard, months, amount in p["lines"]:
            holds(
                f"{what} {count}×{standard}×{months}",
                Decimal(count * standard * months) / 10000,
                money(amount),
            )
            says(f"{count}{_measure(text, count, standard)}")
    for group in (data["project"][1], data["project"][2]):
        holds(f"{group['name']}发放合计", sum(money(line[4]) for line in group["lines"]), group["spent"])
    holds("两项补贴人数", 1280 + 1650, 2930)
    holds("高龄人数", 2150 + 420 + 15, 2585)
    holds("低保人数", 860 + 3450, 4310)
    holds("特困人数", 120 + 380, 500)
    holds("婚姻登记", 1502 + 498 + 316, 2316)
    holds("未完成改造户数", 380 - 321, 59)

    for name, table in [("整体", data["whole"]), *((p["name"], p) for p in data["project"])]:
        money_of = total if table is data["whole"] else table
        execution = money(10 * ratio(money_of["spent"], money_of["year_budget"]))
        points = execution + sum(Decimal(row[6]) for row in table["indicators"])
        holds(f"{name} 分值", 10 + sum(row[5] for row in table["indicators"]), 100)
        for first, weight in (("产出", 50), ("效益", 30), ("满意度", 10)):
            rows = [row for row in table["indicators"] if row[0].startswith(first)]
            holds(f"{name} {first}分值", sum(row[5] for row in rows), weight)
            if table is data["whole"]:
                says(f"{first}指标分值{weight}分，得{sum(Decimal(r[6]) for r in rows):.2f}分")
        for row in table["indicators"]:
            holds(f"{name} {row[2]} 得分", money(row[6]), _score(row))
            holds(f"{name} {row[2]} 未达标有原因", bool(row[7]), Decimal(row[6]) < row[5])
        done.append(f"= {name} 执行率得分 {execution}，总分 {points}")
        if table is data["whole"]:
            says(f"综合得分为{points}分，评价等级为“优”。其中：预算执行率分值10分，得{execution}分")
    says(f"完成率为{percent(Decimal(2585), Decimal(2600))}")
    says(f"完成率为{percent(Decimal(321), Decimal(380))}")
    return done


def _measure(text: str, count: int, standard: int) -> str:
    """The words between a count and its standard, so that both are known to stand together."""
    found = re.search(rf"{count}((?:人次|人|例|户)[^。；]{{0,12}}?{standard}元)", text)
    assert found, (count, standard)
    return found[1]


def _score(row: list[Any]) -> Decimal:
    """weight × actual / target, at most the weight; words are 达成 or not."""
    _, _, _, target, actual, weight, *_ = row
    wanted, got = (re.search(r"\d+(?:\.\d+)?", word) for word in (target, actual))
    if not wanted or not got:
        return money(Decimal(weight if target == actual else 0))
    if target.startswith("≤"):
        wanted, got = got, wanted
    return money(weight * min(Decimal(1), Decimal(got[0]) / Decimal(wanted[0])))


# ---- annexes -----------------------------------------------------------------------------------------------

Compute = Callable[[Callable[[str], Decimal]], Decimal]


class Sheet:
    """A form being filled. Cells are collected first: an edit comes before the formulas are worked out."""

    def __init__(self, name: str, widths: list[float]) -> None:
        self.name, self.widths = name, widths
        self.cells: dict[
            str, tuple[Any, str, Compute | None, str]
        ] = {}  # value, look, compute, last cell of merge
        self.heights: dict[int, float] = {}

    def put(self, place: str, value: Any, look: str = "text", compute: Compute | None = None) -> None:
        """`place` is "B7" or "B7:C9" (merged); with `compute`, value is the formula."""
        first, _, last = place.partition(":")
        self.cells[first] = (value, look, compute, last)

    def edit(self, place: str, sound: str, planted: str) -> None:
        value, look, compute, last = self.cells[place]
        now = self.number(place) if compute or isinstance(value, Decimal | int) else value
        assert str(now) == sound or money(now) == money(sound), (
            f"{self.name}!{place} holds {now}, not {sound}"
        )
        new = Decimal(planted) if look in ("money", "score", "count") else planted
        self.cells[place] = (new, look, None, last)

    def number(self, place: str) -> Decimal:
        value, _, compute, _ = self.cells[place]
        if compute:
            return compute(self.number)
        return Decimal(value) if isinstance(value, Decimal | int) else ZERO

    def write(self, path: Path) -> None:
        book = xlsxwriter.Workbook(str(path))
        book.set_properties({"title": self.name, "author": "示例", "created": WHEN})
        song = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
        box = {**song, "border": 1, "align": "center"}
        looks = {
            "title": {**song, "font_size": 16, "bold": True, "align": "center"},
            "line": {**song, "align": "left"},
            "unit": {**song, "align": "right"},
            "head": {**box, "bold": True},
            "text": box,
            "left": {**box, "align": "left", "indent": 1},
            "money": {**box, "num_format": "0.00"},
            "score": {**box, "num_format": "0.00"},
            "count": {**box, "num_format": "0"},
            "rate": {**box, "num_format": "0.00%"},
        }
        formats = {name: book.add_format(look) for name, look in looks.items()}
        page = book.add_worksheet(self.name)
        for column, width in enumerate(self.widths):
            page.set_column(column, column, width)
        for row, height in self.heights.items():
            page.set_row(row - 1, height)
        for place, (value, look, compute, last) in self.cells.items():
            row, column = xl_cell_to_rowcol(place)
            style = formats[look]
            if last:
                page.merge_range(row, column, *xl_cell_to_rowcol(last), "", style)
            if compute:
                page.write_formula(row, column, value, style, float(self.number(place)))
            elif isinstance(value, Decimal | int):
                page.write_number(row, column, float(value), style)
            elif value:
                page.write_string(row, column, value, style)
            else:
                page.write_blank(row, column, None, style)
        page.set_paper(9)
        page.set_margins(left=0.6, right=0.5, top=0.7, bottom=0.7)
        page.center_horizontally()
        page.fit_to_pages(1, 0)
        page.set_footer("&C第 &P 页，共 &N 页")
        page.hide_gridlines(2)
        book.close()


def _sum(*places: str) -> tuple[str, Compute]:
    return "=" + "+".join(places), lambda at: sum((at(p) for p in places), ZERO)


def _rate(part: str, whole: str) -> tuple[str, Compute]:
    return f"=IF({whole}=0,0,ROUND({part}/{whole},4))", lambda at: ratio(at(part), at(whole))


def _earned(weight: str, rate: str) -> tuple[str, Compute]:
    return f"=ROUND({weight}*{rate},2)", lambda at: money(at(weight) * at(rate))


def basic_table(data: Data) -> Sheet:
    """附件1: 供养人员, 经费控制, 楼堂馆所, 厉行节约."""
    sheet, year, spending = Sheet("基础数据表", [29, 12, 12, 12, 12, 12, 12]), data["year"], data["spending"]
    pairs = (("B", "C"), ("D", "E"), ("F", "G"))

    def across(row: int, values: list[Any], look: str) -> None:
        for (first, last), value in zip(pairs, values, strict=True):
            sheet.put(f"{first}{row}:{last}{row}", value, look)

    def line(row: int, label: str, values: list[Any], look: str = "money") -> None:
        sheet.put(f"A{row}", label, "left")
        across(row, values, look)

    def total(row: int, label: str, rows: list[int]) -> None:
        sheet.put(f"A{row}", label, "left")
        for first, last in pairs:
            formula, compute = _sum(*(f"{first}{r}" for r in rows))
            sheet.put(f"{first}{row}:{last}{row}", formula, "money", compute)

    sheet.put("A1:G1", f"{year}年度部门整体支出绩效评价基础数据表", "title")
    sheet.put("A2:D2", f"填报单位：{data['unit']}", "line")
    sheet.put("E2:G2", "单位：万元", "unit")
    sheet.put("A3:A4", "财政供养人员情况（人）", "head")
    across(3, ["编制数", f"{year}年实际在职人数", "控制率"], "head")
    across(4, [data["staff"]["posts"], data["staff"]["people"], None], "count")
    formula, compute = _rate("D4", "B4")
    sheet.put("F4:G4", formula, "rate", compute)
    sheet.put("A5", "经费控制情况（万元）", "head")
    across(5, [f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数"], "head")
    total(6, "三公经费", [7, 10, 11])
    total(7, "1、公务用车购置和维护经费", [8, 9])
    line(8, "其中：公车购置", spending["cars_bought"])
    line(9, "公车运行维护", spending["cars_running"])
    line(10, "2、出国经费", spending["abroad"])
    line(11, "3、公务接待", spending["reception"])
    work = next(p for p in data["project"] if "业务工作" in p["name"])
    special = [p for p in data["project"] if p is not work]
    line(13, "1、业务工作经费", [work["last_year"], work["budget"], work["spent"]])
    line(14, "2、运行维护经费", [ZERO, ZERO, ZERO])
    for number, p in enumerate(special):
        line(15 + number, f"{3 + number}、{p['name']}", [p["last_year"], p["budget"], p["spent"]])
    row = 15 + len(special)
    total(12, "项目支出：", list(range(13, row)))
    line(row, "公用经费", spending["public"])
    line(row + 1, "其中：办公经费", spending["office"])
    line(row + 2, "水费、电费、差旅费", spending["utilities_travel"])
    line(row + 3, "会议费、培训费", spending["meetings_training"])
    line(row + 4, "政府采购金额", spending["procurement"])
    basic = data["basic"]
    line(row + 5, "部门基本支出预算调整", ["——", basic["budget"], basic["year_budget"]])
    row += 6
    sheet.put(f"A{row}:A{row + 1}", f"楼堂馆所控制情况（{year}年完工项目）", "head")
    heads = [
        "批复规模（㎡）",
        "实际规模（㎡）",
        "规模控制率",
        "预算投资（万元）",
        "实际投资（万元）",
        "投资概算控制率",
    ]
    for column, head in zip("BCDEFG", heads, strict=True):
        sheet.put(f"{column}{row}", head, "head")
        sheet.put(f"{column}{row + 1}", "——" if "率" in head else "无")
    sheet.put(f"A{row + 2}", "厉行节约保障措施", "head")
    saving = (
        "实行公务用车统一调度和定点维修，公务接待凭函安排并执行标准，"
        "同类会议培训合并举办，办公用品集中采购、按需领用。"
    )
    sheet.put(f"B{row + 2}:G{row + 2}", saving, "left")
    note = (
        f"说明：{year}年预算数为年初批复数，决算数为全年执行数；“项目支出”填列基本支出以外的全部支出；“公用经费”填列基本支出中的"
        "商品和服务支出；“部门基本支出预算调整”的预算数为年初预算，决算数为调整后的全年预算。"
    )
    sheet.put(f"A{row + 3}:G{row + 3}", note, "line")
    sheet.put(f"A{row + 4}:G{row + 4}", data["signature"], "line")
    sheet.heights = {1: 32, 3: 22, 4: 22, row: 32, row + 1: 24, row + 2: 40, row + 3: 44, row + 4: 30}
    sheet.heights |= {r: 19.5 for r in range(5, row)}
    return sheet


def indicators(
    sheet: Sheet, row: int, rows: list[list[Any]], execution: tuple[str, str], signature: str
) -> None:
    """The lower half that 附件2 and 附件3 share, from the heads in `row` to the signatures."""
    last, end = row + len(rows), row + len(rows) + 1
    heads = [
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ]
    sheet.put(f"A{row}:A{last}", "绩效指标", "head")
    for column, head in zip("BCDEFGHI", heads, strict=True):
        sheet.put(f"{column}{row}", head, "head")
    for level, column in enumerate("BC"):
        start = 0
        for i in range(1, len(rows) + 1):
            if i == len(rows) or rows[i][: level + 1] != rows[start][: level + 1]:
                place = f"{column}{row + 1 + start}" + (f":{column}{row + i}" if i - start > 1 else "")
                sheet.put(place, rows[start][level])
                start = i
    for r, (_, _, name, target, actual, weight, score, reason) in enumerate(rows, row + 1):
        values = (name, target, actual, weight, Decimal(score), reason)
        for column, value, look in zip(
            "DEFGHI", values, ("left", "text", "text", "count", "score", "left"), strict=True
        ):
            sheet.put(f"{column}{r}", value, look)
        sheet.heights[r] = max(32, 16 * (len(reason) // 11 + 1))
    sheet.put(f"A{end}:F{end}", "总分", "head")
    for column, first, look in (("G", execution[0], "count"), ("H", execution[1], "score")):
        places = [f"{column}{r}" for r in range(row + 1, last + 1)]
        sheet.put(
            f"{column}{end}",
            f"={first}+SUM({places[0]}:{places[-1]})",
            look,
            lambda at, all_of=(first, *places): sum((at(p) for p in all_of), ZERO),
        )
    sheet.put(f"I{end}", "")
    sheet.put(f"A{end + 1}:I{end + 1}", signature, "line")
    sheet.heights |= {row: 30, end: 24, end + 1: 30}


def funds_head(sheet: Sheet, row: int, label: str, rows: int) -> None:
    sheet.put(f"A{row}:A{row + rows}", label, "head")
    sheet.put(f"B{row}:C{row}", "", "head")
    for column, head in zip(
        "DEFGHI", ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"], strict=True
    ):
        sheet.put(f"{column}{row}", head, "head")


def funds_total(sheet: Sheet, row: int, parts: list[int]) -> None:
    sheet.put(f"B{row}:C{row}", "年度资金总额", "left")
    for column in "DEF":
        formula, compute = _sum(*(f"{column}{r}" for r in parts))
        sheet.put(f"{column}{row}", formula, "money", compute)
    sheet.put(f"G{row}", 10, "count")
    for column, look, (formula, compute) in (
        ("H", "rate", _rate(f"F{row}", f"E{row}")),
        ("I", "score", _earned(f"G{row}", f"H{row}")),
    ):
        sheet.put(f"{column}{row}", formula, look, compute)


WIDTHS = [13, 15, 15, 21, 14, 14, 9, 9, 27]


def goals(sheet: Sheet, row: int, it: Data) -> None:
    sheet.put(f"A{row}:A{row + 1}", "年度总体目标", "head")
    sheet.put(f"B{row}:E{row}", "预期目标", "head")
    sheet.put(f"F{row}:I{row}", "实际完成情况", "head")
    sheet.put(f"B{row + 1}:E{row + 1}", it["goal"], "left")
    sheet.put(f"F{row + 1}:I{row + 1}", it["result"], "left")
    sheet.heights |= {row: 20, row + 1: 52}


def whole_table(data: Data) -> Sheet:
    """附件2: the department's funds by income and by expenditure, goals, indicators."""
    sheet = Sheet("整体支出绩效自评表", WIDTHS)
    sheet.put("A1:I1", f"{data['year']}年度部门（单位）整体支出绩效自评表", "title")
    sheet.put("A2:I2", "单位：万元", "unit")
    sheet.put("A3", "部门（单位）名称", "head")
    sheet.put("B3:I3", data["unit"])
    funds_head(sheet, 4, "年度预算申请（万元）", 6)
    funds_total(sheet, 5, [7, 8, 9, 10])
    sheet.put("B6:F6", "按收入性质分：", "left")
    sheet.put("G6:I6", "按支出性质分（全年执行数）：", "left")
    none = dict.fromkeys(KEYS, ZERO)
    income = [
        ("其中：一般公共预算：", data["general"]),
        ("政府性基金拨款：", data["fund"]),
        ("纳入专户管理的非税收入拨款：", none),
        ("其他资金：", none),
    ]
    for row, (label, it) in enumerate(income, 7):
        sheet.put(f"B{row}:C{row}", label, "left")
        for column, key in (("D", "budget"), ("E", "year_budget"), ("F", "spent")):
            sheet.put(f"{column}{row}", it[key], "money")
    sheet.put("G7:H7", "其中：基本支出：", "left")
    sheet.put("I7", data["basic"]["spent"], "money")
    sheet.put("G8:H8", "项目支出：", "left")
    sheet.put("I8", data["projects"]["spent"], "money")
    for row in (9, 10):
        sheet.put(f"G{row}:I{row}", "")
    goals(sheet, 11, data["whole"])
    sheet.heights |= {1: 32, 3: 32, 4: 24} | {r: 22 for r in range(5, 11)} | {9: 32}
    indicators(sheet, 13, data["whole"]["indicators"], ("G5", "I5"), data["signature"])
    return sheet


def project_table(data: Data, project: Data) -> Sheet:
    """附件3: one project, laid out as the national form."""
    sheet = Sheet("项目支出绩效自评表", WIDTHS)
    sheet.put("A1:I1", f"{data['year']}年度项目支出绩效自评表", "title")
    sheet.put("A2:I2", "单位：万元", "unit")
    sheet.put("A3", "项目支出名称", "head")
    sheet.put("B3:I3", project["name"])
    sheet.put("A4", "主管部门", "head")
    sheet.put("B4:D4", data["unit"])
    sheet.put("E4", "实施单位", "head")
    sheet.put("F4:I4", data["unit"])
    funds_head(sheet, 5, "项目资金（万元）", 4)
    funds_total(sheet, 6, [7, 8, 9])
    for row, label in enumerate(["其中：当年财政拨款", "上年结转资金", "其他资金"], 7):
        sheet.put(f"B{row}:C{row}", label, "left")
        for column, key in (("D", "budget"), ("E", "year_budget"), ("F", "spent")):
            sheet.put(f"{column}{row}", project[key] if row == 7 else ZERO, "money")
        for column in "GHI":
            sheet.put(f"{column}{row}", "—")
    goals(sheet, 10, project)
    sheet.heights |= {1: 32, 3: 30, 4: 24, 5: 24} | {r: 22 for r in range(6, 10)}
    indicators(sheet, 12, project["indicators"], ("G6", "I6"), data["signature"])
    return sheet


def annexes(data: Data) -> dict[str, Sheet]:
    books = {"附件1-基础数据表.xlsx": basic_table(data), "附件2-整体支出绩效自评表.xlsx": whole_table(data)}
    for number, project in enumerate(data["project"], 1):
        books[f"附件3-{number}-{project['name']}.xlsx"] = project_table(data, project)
    return books


# ---- the report --------------------------------------------------------------------------------------------


def _font(run: Any, name: str, size: float, bold: bool = False) -> None:
    run.font.name, run.font.size, run.font.bold = "Times New Roman", Pt(size), bold
    run.font.color.rgb = RGBColor(0, 0, 0)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)


def _projects_table(document: Any, data: Data) -> None:
    heads = [
        "序号",
        "项目名称",
        "资金性质",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "结转结余",
        "预算执行率",
    ]
    widths = [1.0, 3.0, 2.3, 2.0, 2.0, 2.0, 1.7, 2.0]
    lines = [heads]
    for number, it in enumerate([*data["project"], {**data["projects"], "name": "合计", "fund": "——"}], 1):
        amounts = [f"{it[key]:.2f}" for key in ("budget", "year_budget", "spent", "left")]
        rate = percent(it["spent"], it["year_budget"])
        lines.append(["" if it["name"] == "合计" else str(number), it["name"], it["fund"], *amounts, rate])
    table = document.add_table(rows=len(lines), cols=len(heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for r, line in enumerate(lines):
        for c, word in enumerate(line):
            cell = table.cell(r, c)
            cell.width = Cm(widths[c])
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = r < len(lines) - 1
            _font(paragraph.add_run(word), "宋体", 9, bold=r == 0 or line[1] == "合计")
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)


def write_report(path: Path, text: str, data: Data) -> None:
    """Markup of report.txt: # title, ## and ### headings, [[table caption]], @ hanging line, > signature."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.5), Cm(3)
    section.left_margin, section.right_margin = Cm(2.7), Cm(2.5)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = "自评报告（示例）", "示例", "示例", ""
    core.created = core.modified = WHEN
    core.revision, core.language = 1, "zh-CN"
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if line.startswith("[["):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = True
            _font(paragraph.add_run(line.strip("[]")), "黑体", 12)
            _projects_table(document, data)
            continue
        if mark == "#":
            paragraph = document.add_paragraph(style="Title")
            border = paragraph.style.element.pPr.find(qn("w:pBdr"))
            if border is not None:
                paragraph.style.element.pPr.remove(border)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _font(paragraph.add_run(rest), "方正小标宋简体", 20, bold=True)
        elif mark in ("##", "###"):
            paragraph = document.add_paragraph(style=f"Heading {len(mark) - 1}")
            _font(paragraph.add_run(rest), "黑体" if mark == "##" else "楷体", 16, bold=mark == "###")
            paragraph.paragraph_format.first_line_indent = Pt(32)
        else:
            paragraph = document.add_paragraph()
            body = rest if mark == ">" else line.removeprefix("@")
            _font(paragraph.add_run(body), "仿宋", 16)
            # Left, not justified: LibreOffice drops a comma that hangs over the margin of a justified line.
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if mark == ">" else WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.first_line_indent = Pt(
                80 if line.startswith("@") else 0 if mark == ">" else 32
            )
        paragraph.paragraph_format.keep_with_next = (
            mark in ("#", "##", "###") or "附件" in line[:3] or line[0] in "@>"
        )
        paragraph.paragraph_format.line_spacing = Pt(36 if mark == "#" else 28)
        paragraph.paragraph_format.space_before = Pt(0)
        paragraph.paragraph_format.space_after = Pt(14 if mark == "#" and "年度" in rest else 0)
    _page_number(section.footer.paragraphs[0])
    document.save(str(path))
    _same_every_time(path)


def _same_every_time(path: Path) -> None:
    """Writes a .docx again with one fixed time on every part."""
    with zipfile.ZipFile(path) as old:
        parts = [(name, old.read(name)) for name in old.namelist() if name != "docProps/thumbnail.jpeg"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts:
            if name == "_rels/.rels":
                content = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", content)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, content)


def write_pdf(docx: Path) -> None:
    """LibreOffice prints the report; the day of printing and the ids are then made the same every time."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["soffice", f"-env:UserInstallation={Path(scratch).as_uri()}/profile", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(docx.parent), str(docx)]
        environment = os.environ | {"SOURCE_DATE_EPOCH": "1743123600"}
        subprocess.run(command, check=True, capture_output=True, timeout=240, env=environment)
    pdf = docx.with_suffix(".pdf")
    content = pdf.read_bytes()
    content = re.sub(rb"(/(?:Creation|Mod)Date\s*\()D:\d{14}[^)]*\)", _fixed_date, content)
    content = re.sub(rb"(?<=<)[0-9A-F]{32}(?=>)", b"0" * 32, content)
    content = re.sub(rb"(/DocChecksum /)[0-9A-F]{32}", rb"\g<1>" + b"0" * 32, content)
    pdf.write_bytes(content)


def _fixed_date(found: re.Match[bytes]) -> bytes:
    room = len(found[0]) - len(found[1]) - 1
    return found[1] + WHEN.strftime("D:%Y%m%d%H%M%SZ").encode().ljust(room)[:room] + b")"


# ---- both versions -----------------------------------------------------------------------------------------


def plant(defects: list[Data], text: str, books: dict[str, Sheet]) -> str:
    """The report's words with the defects in; the annexes are edited in place."""
    for defect in defects:
        for edit in defect["edits"]:
            if "cell" in edit:
                sheet, place = edit["cell"].split("!")
                assert books[edit["where"]].name == sheet, edit
                books[edit["where"]].edit(place, edit["sound"], edit["planted"])
            else:
                assert text.count(edit["sound"]) == 1, (
                    f"{defect['code']}: {text.count(edit['sound'])} × {edit['sound']}"
                )
                text = text.replace(edit["sound"], edit["planted"])
    for defect in defects:
        quote, figure = defect["quote"], defect["figure"]
        if defect["where"] == REPORT:
            assert text.count(quote) == 1 and figure in quote, f"{defect['code']}: {quote}"
            continue
        sheet = books[defect["where"]]
        name, place = quote.split("!")
        value = sheet.cells[place]
        shown = f"{sheet.number(place):.2f}" if value[2] or isinstance(value[0], Decimal) else value[0]
        assert (name, shown) == (sheet.name, figure), f"{defect['code']}: {quote} shows {shown}"
    return text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--out", type=Path, default=HERE, help="where sound/ and planted/ go")
    options.add_argument("--no-pdf", action="store_true", help="leave the PDFs as they are")
    options.add_argument("--list", action="store_true", help="print what was checked, write nothing")
    chosen = options.parse_args()

    data, text = load(), (HERE / "report.txt").read_text("utf-8")
    checked = tie_out(data, text)
    if chosen.list:
        print("\n".join(checked))
        return
    defects = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))["defect"]
    for version in ("sound", "planted"):
        folder: Path = chosen.out / version
        folder.mkdir(parents=True, exist_ok=True)
        books = annexes(data)
        words = plant(defects, text, books) if version == "planted" else text
        for name, sheet in books.items():
            sheet.write(folder / name)
        write_report(folder / REPORT, words, data)
        if not chosen.no_pdf:
            write_pdf(folder / REPORT)
    print(f"{len(checked)} ties hold; {len(defects)} defects planted")


if __name__ == "__main__":
    main()
