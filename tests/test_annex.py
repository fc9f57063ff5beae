"""Forms read by their labels: shifted, renamed, merged, in 元 or 万元, in workbooks and Word tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.source import CellState
from tests.forms import BASE, forms, project, told, word, workbook


def test_base_table_is_read_wherever_it_stands(tmp_path: Path) -> None:
    shifted = [("", "", *row) for row in (("",), ("注：本表由某局填报",), *BASE)]
    for rows in (BASE, shifted):
        (form,) = forms(workbook(tmp_path / "附件1.xlsx", *rows))
        assert form.kind == "附件1"
        assert [line.partition("/")[2] for line in told(form)[:3]] == [
            "编制数/ = 20人",
            "在职人数/ = 19人",
            "在职人数/控制率 = 95.00%",
        ]
        assert told(form)[3:6] == [
            "三公经费/三公经费/执行上年 = 6.34万元",
            "三公经费/三公经费/预算 = 6.8万元",
            "三公经费/三公经费/执行 = 5.92万元",
        ]
        assert "公车运行维护/公务用车运行维护费/预算 = 4.6万元" in told(form)
        assert "部门基本支出预算调整/基本支出/年初预算 = 508万元" in told(form)
        assert "部门基本支出预算调整/基本支出/全年预算 = 522.6万元" in told(form)


def test_dash_blank_and_zero_stay_apart(tmp_path: Path) -> None:
    (base,) = forms(workbook(tmp_path / "附件1.xlsx", *BASE))
    bought = next(r for r in base.rows if r.item == "公务用车购置费")
    assert [(e.cell.state, e.fact and e.fact.value) for e in bought.entries] == [
        (CellState.VALUE, 0), (CellState.DASH, None), (CellState.DASH, None),
    ]  # fmt: skip
    (form,) = forms(workbook(tmp_path / "附件3.xlsx", *project()))
    carried = next(r for r in form.rows if r.item == "上年结转资金")
    assert [e.cell.state for e in carried.entries][:2] == [CellState.BLANK, CellState.VALUE]


def test_project_form_knows_its_project_and_its_indicators(tmp_path: Path) -> None:
    (form,) = forms(workbook(tmp_path / "附件3-1.xlsx", *project()))
    assert (form.kind, form.owner) == ("附件3", "公益讲座资金")
    whole = form.whole()
    assert whole is not None
    assert [(f.measure, str(f.figure)) for f in whole.facts()] == [
        ("年初预算", "120"), ("全年预算", "125"), ("执行", "112"), ("分值", "10"), ("执行率", "89.60%"), ("得分", "8.96"),
    ]  # fmt: skip
    first, second, third = form.indicators
    assert (first.name, first.sign, first.has_reason) == ("甲服务人次", ">=", True)
    assert [(m, str(f.figure)) for m, f in first.facts.items()] == [
        ("目标", "200人次"), ("完成", "180人次"), ("分值", "50"), ("得分", "45"),
    ]  # fmt: skip
    assert second.facts.keys() == {"分值", "得分"}
    assert [str(third[m].value) for m in ("目标", "完成")] == ["0.90", "0.96"]
    assert {m: str(f.figure) for m, f in form.total.items()} == {"分值": "100", "得分": "93.96"}
    assert all(f.owner == "公益讲座资金" and f.paragraph == -1 for f in form.facts())


@pytest.mark.parametrize("rate", [(0.5739, "0.00%"), "57.39%", 57.39, 0.5739, "0.5739"])
def test_rate_is_read_however_it_is_written(tmp_path: Path, rate: object) -> None:
    funds = [("", "年度资金总额", 100, 200, 114.78, 10, rate, 5.74)]
    (form,) = forms(workbook(tmp_path / "附件3.xlsx", *project(funds=funds)))  # type: ignore[arg-type]
    whole = form.whole()
    assert whole is not None
    found = whole.find("执行率")
    assert found is not None
    quantity = found.figure.quantity
    assert (str(quantity.value.normalize()), quantity.unit, quantity.decimals) == ("57.39", "%", 2)


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_unit_comes_from_head_line_or_caption(tmp_path: Path, unit: str) -> None:
    (side,) = forms(workbook(tmp_path / "甲.xlsx", *project(unit=unit)))
    rows = [
        ("项目支出明细表",),
        (f"单位：{unit}",),
        ("项目名称", "年初预算数", "全年执行数"),
        ("甲项目", 100, 90),
    ]
    (line,) = forms(workbook(tmp_path / "乙.xlsx", *rows))
    (caption,) = forms(
        word(
            tmp_path / "丙.docx",
            f"表1 项目支出明细表（单位：{unit}）",
            [["项目名称", "执行数"], ["甲项目", "90"]],
        )
    )
    for form in (side, line, caption):
        fact = next(f for row in form.rows for f in row.facts() if f.kind == "money")
        assert (fact.figure.quantity.unit, fact.doubt) == (unit, "")


def test_unsaid_unit_is_kept_as_a_doubt(tmp_path: Path) -> None:
    (form,) = forms(
        workbook(tmp_path / "表.xlsx", ("项目名称", "年初预算数", "全年执行数"), ("甲项目", 100, 90))
    )
    assert {f.doubt for f in form.facts()} == {"表中未写明金额单位，按万元计"}


def test_department_form_with_labels_and_values_in_one_cell(tmp_path: Path) -> None:
    rows = (
        ("2024年度部门（单位）整体支出绩效自评表",),
        ("年度预算申请（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
        ("", "年度资金总额", 650, 700, 640, 10, "91.43%", 9.14),
        ("", "按收入性质分：", "", "", "", "按支出性质分：", "", ""),
        ("", "其中：一般公共预算：600.00", "", "", "", "其中：基本支出：519.84", "", ""),
        ("", "政府性基金拨款：40", "", "", "", "项目支出：", "", "120.16万元"),
    )
    merge = ("A2:A6", "B4:E4", "F4:H4", "B5:E5", "F5:H5", "B6:E6", "F6:G6")
    (form,) = forms(workbook(tmp_path / "附件2.xlsx", *rows, merge=merge))
    assert form.kind == "附件2"
    grouped = {(r.group, r.item): f for r in form.rows if r.group for f in r.facts()}
    assert {key: (str(f.figure), f.measure) for key, f in grouped.items()} == {
        ("收入性质", "一般公共预算"): ("600.00", "执行"),
        ("收入性质", "政府性基金"): ("40", "执行"),
        ("支出性质", "基本支出"): ("519.84", "执行"),
        ("支出性质", "项目支出"): ("120.16万元", "执行"),
    }
    assert all("按合计相等认定" in f.doubt for f in grouped.values())


def test_sichuan_form(tmp_path: Path) -> None:
    rows = (
        ("部门预算项目支出绩效自评表",),
        ("项目名称", "51000023T000001-甲项目"),
        ("预算执行情况", "年度预算数（万元）", "年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分", "原因"),
        ("", "总额", 100, 90, 81, "90.00%", 10, 9, "年底下达"),
        ("", "其中：财政资金", 100, 90, 81, "90.00%", "/", "/", ""),
        ("", "单位资金", "", "", "", "", "/", "/", ""),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分", "原因"),
        ("", "产出指标", "数量指标", "培训场次", "≥", 12, "场次", 10, 50, 41.67, "讲师请假"),
        ("", "成本指标", "经济成本指标", "每场费用", "≤", 3000, "元", 2800, 40, 40, ""),
        ("合计", "", "", "", "", "", "", "", 100, 90.67),
    )  # fmt: skip
    (form,) = forms(workbook(tmp_path / "自评表.xlsx", *rows, merge=("A3:A6", "A7:A9")))
    assert (form.kind, form.owner) == ("附件3", "甲项目")
    whole = form.whole()
    assert whole is not None and str(whole.find("全年预算").figure) == "90"  # type: ignore[union-attr]
    one, other = form.indicators
    assert (one.sign, str(one["目标"].figure), one["目标"].unit) == (">=", "12", "场次")
    assert (other.sign, other["完成"].kind) == ("<=", "money")
    assert str(form.total["得分"].figure) == "90.67"


def test_table_of_the_narrative_goes_on_after_a_page_break(tmp_path: Path) -> None:
    head = ["序号", "项目名称", "资金性质", "年初预算数", "全年执行数", "执行率"]
    rows = [
        [str(n), f"{name}项目", "一般公共预算", "100.00", "90", "90%"] for n, name in enumerate("甲乙丙丁", 1)
    ]
    pages = ([head, *rows[:2]], [*rows[2:], ["", "合计", "——", "400.00", "360.00", "90.00%"]])
    found = forms(word(tmp_path / "报告.docx", "表1 项目支出明细表（单位：万元）", *pages), role="narrative")
    assert [r.label for form in found for r in form.rows] == ["甲项目", "乙项目", "丙项目", "丁项目", "合计"]
    assert len(found) == 1
    # 90 beside 100.00 is 90.00
    assert {f.figure.quantity.decimals for f in found[0].facts() if f.kind == "money"} == {2}


def test_figures_of_words_point_into_the_text(tmp_path: Path) -> None:
    path = word(tmp_path / "表.docx", "自评表", [
        ["三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["甲人数", "≥ 3700人", "3,650 人", "10", "9.86分"],
    ])  # fmt: skip
    from audit.read import read

    text = read(path, "annex", "d2").text
    (form,) = forms(path)
    spans = [f.figure.span for f in form.facts()]
    assert [s.text for s in spans] == ["3700人", "3,650 人", "10", "9.86分"]
    assert [text[s.start : s.end] for s in spans] == [s.text for s in spans]
