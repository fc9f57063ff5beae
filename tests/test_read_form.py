"""Filled forms of other people read into values: every layout that was met, in every shape people give it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.errors import AuditError
from audit.forms.description import profile
from audit.forms.read_back import FormData, read_file
from tests import other_forms as forms
from tests.forms import Value
from tests.other_forms import Sheet, paper, reordered, shifted, spread, unmerged

D = Decimal
INDICATOR = ("level1", "level2", "name", "sign", "target", "unit", "actual", "weight", "score", "reason")
Read = Callable[[Sheet], FormData]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(sheet: Sheet) -> FormData:
        (found,) = read_file(sheet.save(tmp_path / "表.xlsx"))
        return found

    return _read


def indicators(data: FormData, keys: tuple[str, ...] = INDICATOR) -> list[tuple[Any, ...]]:
    return [tuple(row.get(key) for key in keys) for row in data.rows["indicators"]]


def funds(row: str, **values: Any) -> dict[str, Any]:
    """funds("total", initial=1) is {"total_initial": Decimal(1)}; words and None stay."""
    return {f"{row}_{key}": D(str(v)) if isinstance(v, int | float) else v for key, v in values.items()}


def same(one: FormData, other: FormData) -> None:
    assert other.form is one.form and other.unit == one.unit
    assert other.values == one.values and other.rows == one.rows
    assert other.missing == one.missing and len(other.problems) == len(one.problems)


NOTHING = dict.fromkeys(("initial", "budget", "spent"))

# ---- 项目支出绩效自评表 --------------------------------------------------------------------------------------


def test_2019_names_behind_numbers_and_placeholder_rows(read):
    data = read(forms.filled_2019())
    assert (data.form.id, data.unit, data.missing, data.problems) == ("mof/project", "万元", [], [])
    assert data.values == {
        "year": 2019, "name": "校舍供暖改造经费", "supervisor": "云澄市发改委", "implementer": "云澄市职业学校",
        "goal": "更换两栋楼的暖气管道。", "outcome": "已更换两栋楼的暖气管道。",
        **funds("total", initial=43.2, budget=43.2, spent=37.24, points=10, rate=0.86, score=9),
        **funds("appropriation", initial=43.2, budget=43.2, spent=37.24),
        **funds("carryover", **NOTHING), **funds("other", **NOTHING),
        **funds("full", weight=100, score=97.8, grade=None),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "数量指标", "改造金额", None, D("43.2"), None, D("37.24"), 10, 9, "尾款待结算。"),
        ("产出指标", "质量指标", "验收合格率", None, 100, None, 100, 10, 10, None),
        ("产出指标", "质量指标", "试压通过率", None, 100, None, 100, 10, 10, None),
        ("效益指标", "经济效益指标", "节能率", None, 100, None, 100, 10, 10, "0"),
        ("满意度指标", "服务对象满意度指标", "师生满意度", None, 100, None, 98, 10, D("9.8"), None),
    ]
    assert data.cells["total_spent"] == "表!F7" and data.cells["indicators.1.score"] == "表!H17"


def test_2022_a_total_of_zero_stays_zero_beside_parts_that_are_not(read):
    data = read(forms.filled_2022())
    assert (data.form.id, data.missing, data.problems) == ("mof/project", [], [])
    assert data.values == {
        "year": 2022, "name": "委托业务项目", "supervisor": "219-云澄市青石镇人民政府",
        "implementer": "219001-云澄市青石镇人民政府", "goal": "编制预算30万元，\n审计30万元。", "outcome": "已完成。",
        **funds("total", initial=0, budget=0, spent=0, points=10, rate=0, score=0),
        **funds("appropriation", initial=90, budget=89.974, spent=89.974),
        **funds("carryover", **NOTHING), **funds("other", **NOTHING),
        **funds("full", weight=90, score=90, grade=None),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "数量指标", "委托项目数量", "≥", 50, "个", 50, 8, 8, None),
        ("产出指标", "质量指标", "报告合格率", "≥", 100, "百分比", 100, 8, 8, None),
        ("产出指标", "质量指标", "经费合规性", None, "按制度执行", None, "达成预期指标", 8, 8, None),
        ("产出指标", "成本指标", "项目总成本", "≤", 90, "万元", D("89.974"), 26, 26, None),
        (
            "效益指标",
            "社会效益指标",
            "对市场公平的影响",
            None,
            "效果明显",
            None,
            "达成预期指标",
            30,
            30,
            None,
        ),
        ("满意度指标", "满意度指标", "群众满意度", "≥", 95, "%", 96, 10, 10, None),
    ]


def test_2022_lettered_heads_dashes_and_a_bare_share(read):
    data = read(forms.filled_water_2022())
    assert (data.form.id, data.missing) == ("mof/project", [])
    assert data.values == {
        "year": 2022, "name": "防汛经费", "supervisor": None, "implementer": "云澄市水利局",
        "goal": "安全度汛。", "outcome": "全年安全度汛。",
        **funds("total", initial=1880.5, budget=1880.5, spent=1786.48, points=10, rate=0.95, score=9.5),
        **funds("appropriation", initial=1880.5, budget=1880.5, spent=1786.48),
        **funds("carryover", **NOTHING), **funds("other", initial="/", budget="——", spent="无"),
        **funds("full", weight=100, score=99.5, grade=None),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "数量指标", "完成灌区改造数量", None, 1, None, 1, 10, 10, None),
        ("产出指标", "数量指标", "完成水价改革项目", None, 1, None, 1, 10, 10, None),
        ("产出指标", "质量指标", "工程质量合格", None, None, None, None, 10, 10, None),
        ("产出指标", "时效指标", "年度支付完成率", None, 100, "%", D("0.95"), 10, 10, None),
        ("产出指标", "成本指标", "在预算范围内", None, None, None, None, 10, 10, None),
        ("效益指标", "经济效益指标", "全市安全度汛", None, None, None, None, 30, 30, None),
        ("满意度指标", "服务对象满意度指标", "服务对象满意度", None, 90, "%", 100, 10, 10, None),
    ]
    assert data.problems == ["F17：指标值是百分数，填的是“0.95”，按原数读取，请核对"]


@pytest.mark.parametrize("two_rows", [True, False])
def test_yunnan_amounts_in_yuan_and_targets_in_three_columns(read, two_rows):
    data = read(forms.split_targets(two_rows))
    assert (data.form.id, data.unit, data.missing, data.problems) == ("yunnan/project", "元", [], [])
    assert data.values == {
        "year": 2022, "name": "课后服务补助资金", "supervisor": "云澄县教育体育局", "implementer": "云澄县青山中学",
        "goal": "按时发放补助。", "outcome": "补助已发放。", "remarks": "无",
        **funds("total", initial=8.52, budget=8.52, spent=8.094, points=10, rate=0.95, score=9.5),
        **funds("appropriation", initial=8.52, budget=8.52, spent=8.094),
        **funds("carryover", initial=0, budget=0, spent=0), **funds("other", **NOTHING),
        **funds("full", weight=100, score=95.5, grade="优"),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "数量指标", "受助学生人数", "≥", 213, "人", 213, 30, 30, "无"),
        ("产出指标", "质量指标", "发放准确率", "=", 100, "%", 100, 20, 20, "无"),
        (
            "效益指标",
            "社会效益指标",
            "政策知晓度",
            "定性",
            "明显提高",
            None,
            "明显提高",
            30,
            26,
            "宣传不够。",
        ),
        ("满意度指标", "服务对象满意度指标", "家长满意度", "≥", 90, "%", 92, 10, 10, "无"),
    ]


@pytest.mark.parametrize("title", ["绩效目标自评表", "项目绩效自评表", "自评表（附件2）", ""])
@pytest.mark.parametrize("layout", [forms.filled_2019, forms.filled_2022, forms.filled_water_2022])
def test_a_form_is_known_by_its_labels_whatever_its_title(read, layout, title):
    sheet = layout()
    n = next(n for n, row in enumerate(sheet.rows) if row[0] == "项目支出绩效自评表")
    same(read(sheet), read(sheet.with_row(n, title)))


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("（2022年度）", 2022),
        ("（2022 年度） 填报日期：2023年3月", 2022),
        ("填报日期：2023年3月1日", None),
        ("", None),
        ("二〇二二年度", None),
    ],
)
def test_the_year_is_that_of_the_title_or_none(read, title, year):
    data = read(forms.filled_2022().with_row(2, title))
    assert data.values.get("year") == year and ("year" in data.values) == (year is not None)
    assert data.to_dict()["year"] == year


# ---- forms of provinces ------------------------------------------------------------------------------------


def test_sichuan(read):
    data = read(forms.sichuan())
    assert (data.form.id, data.missing, data.problems) == ("sichuan/project", [], [])
    assert data.values == {
        "year": 2023, "name": "51000021R000000000001-工资性支出", "supervisor": "云澄县发展和改革局本级",
        "implementer": "云澄县发展和改革局", "goal": "足额发放工资。", "outcome": "已足额发放。", "process": None,
        "reason": "无", "conclusion": "自评得分98分。", "problems": None, "measures": "无", "leader": "江某",
        "finance_leader": None,
        **funds("total", initial=238.93, budget=251.89, spent=251.89, rate=1, points=10, score=None),
        **funds("appropriation", initial=238.93, budget=251.89, spent=251.89, rate=1),
        **funds("special", initial=0, budget=0, spent=0, rate=0), **funds("own", initial=0, budget=0, spent=0, rate=0),
        **funds("other", **NOTHING, rate=None), **funds("full", weight=100, score=None),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "数量指标", "发放覆盖率", "=", 100, "%", 100, 60, 60, None),
        ("效益指标", "社会效益指标", "足额保障率", "=", 100, "%", None, 30, None, None),
    ]


def test_chongqing(read):
    data = read(forms.chongqing())
    assert (data.form.id, data.missing) == ("chongqing/overall", [])
    assert data.values == {
        "year": 2021, "department": "云澄区水利局", "finance_office": "农业科", "full_score": D("97.6"),
        "contact": "江某", "phone": "000-0000", "goal": "完成治理任务。", "adjusted_goal": None, "outcome": "已完成。",
        "remarks": "年中压减预算。",
        **funds("total", initial=12000, budget=11800, spent=11210, rate=0.95, points=10, score=9.5),
    }  # fmt: skip
    keys = (
        "name",
        "unit",
        "sign",
        "target",
        "adjusted_target",
        "actual",
        "completion_rate",
        "weight",
        "score",
        "core",
    )
    assert indicators(data, keys) == [
        ("治理河长", "公里", "≥", 30, 28, 28, 1, 40, 40, "是"),
        ("验收合格率", "%", "=", 100, 100, 98, D("0.98"), 30, D("29.4"), "否"),
        ("群众满意度", "%", "≥", 90, "/", 93, 1, 20, 20, "否"),
    ]
    assert data.problems == ["H12：表头是百分数，填的是“1”，按100%读取，请核对"]


@pytest.mark.parametrize("goals", [1, 2])
def test_hubei_points_for_execution_and_a_list_per_goal(read, goals):
    data = read(forms.hubei(goals))
    assert (data.form.id, data.missing, data.problems) == ("hubei/project", [], [])
    assert data.values == {
        "year": 2020, "name": "禁捕巡护项目", "supervisor": "云澄区市场监管局", "implementer": "农业工作科",
        "department": "云澄区农业工作科", "filled_on": "2021年3月5日", "reason": "无", "measures": "继续巡护。",
        **funds("total", budget=1.56, spent=1.56, rate=1, score=20), **funds("full", score=100),
    }  # fmt: skip
    last = ("产出指标", "质量指标", "巡护台账合格率", None, 100, "%", 100, None, 40, None)
    assert indicators(data) == [
        ("产出指标", "数量指标", "补助渔船数", None, 6, None, 6, None, 20, None),
        ("产出指标", "时效指标", "按时完成率", None, 100, "%", 100, None, 10, None),
        ("满意度指标", "满意度指标", "渔民满意度", None, 90, "%", 90, None, 50 if goals == 1 else 10, None),
        *([last] if goals == 2 else []),
    ]


def test_hebei_the_same_label_under_three_heads(read):
    data = read(forms.hebei())
    assert (data.form.id, data.missing, data.problems) == ("hebei/project", [], [])
    assert data.values == {
        "year": 2020, "name": "长者津贴", "implementer": "314002-云澄县民政局",
        **funds("total", budget=6.84, spent=6.2, rate=0.9064), **funds("appropriation", budget=6.84, spent=6.2),
        **funds("other", budget=0, spent="—"), "goal": "按月发放津贴。", "outcome": "已按月发放。", "full_score": D("92.3"),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "质量指标", "申报对象覆盖率", "≥", 98, "%", 100, 25, D("6.25"), None),
        ("效果指标", "社会效益指标", "津贴发放率", "≥", 75, "%", 100, 30, 9, None),
        ("预算执行率", None, "预算执行率", None, None, "%", D("90.64"), 10, D("9.06"), None),
    ]


def test_yinchuan_our_own_score_not_that_of_the_finance_office(read):
    data = read(forms.yinchuan())
    assert (data.form.id, data.problems) == ("yinchuan/project", [])
    assert data.values == {
        "year": 2021, "name": "公用经费补助", "supervisor": "云澄市教育局", "implementer": "云澄市第六中学", "full_score": 98,
        "goal": "保障学校运行。", "outcome": "运行正常。",
        **funds("total", initial=64.8, budget=64.8, spent=64.8, rate=1),
        **funds("appropriation", initial=64.8, budget=64.8, spent=64.8),
    }  # fmt: skip
    assert indicators(data) == [
        ("项目决策", "项目目标", "目标完整性", None, "—", None, "目标明确", 4, 4, None),
        ("项目管理", "投入管理", "预算执行率", None, "—", "%", 100, 10, 9, None),
        ("项目产出", "数量指标", "保障人数", None, 2370, "人", 2370, 10, 10, None),
        ("项目产出", "成本指标", "办公成本", None, 15, "万元", 15, 4, 4, None),
    ]
    assert data.missing == [
        "其他资金·年初预算数", "其他资金·调整预算数（A）", "其他资金·全年执行数（B）", "总分·参考分值",
    ]  # fmt: skip


def test_transfer_payment(read):
    data = read(forms.transfer())
    assert (data.form.id, data.missing) == ("transfer-payment/project", [])
    assert data.values == {
        "year": 2021, "name": "困难群众救助补助资金", "central_supervisor": "民政部", "supervisor": "云澄区民政局",
        "implementer": "云澄区民政局", "goal": "保障基本生活。", "outcome": "已保障。", "remarks": "审计没有发现问题。",
        **funds("total", budget=5306.2, spent=5306.2, rate=1), **funds("central", budget=4000, spent=4000, rate=1),
        **funds("local", budget=1306.2, spent=1306.2, rate=1), **funds("other", budget=0, spent=0, rate=None),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "数量指标", "救助人数", None, "应保尽保", None, "应保尽保", None, None, None),
        ("产出指标", "时效指标", "按时发放率", "≥", 90, "%", 100, None, None, None),
        ("满意度指标", "服务对象满意度指标", "救助对象满意度", "≥", 85, "%", None, None, None, "未调查。"),
    ]
    assert data.problems == ["E10：是错误值“#DIV/0!”，没有读取"]


def test_a_county_form_is_read_as_the_nearest_and_what_it_lacks_is_missing(read):
    data = read(forms.special_fund_2020())
    assert (data.form.id, data.missing, data.problems) == ("transfer-payment/project", ["中央主管部门"], [])
    assert data.values == {
        "year": 2020, "name": "乡村道路养护资金", "supervisor": "云澄县交通局", "implementer": "云澄县公路中心",
        "goal": "养护道路80公里。", "outcome": "养护道路76公里。", "remarks": "无",
        **funds("total", budget=320, spent=300, rate=0.9375), **funds("central", budget=200, spent=200, rate=1),
        **funds("local", budget=120, spent=100, rate=0.8333), **funds("other", budget=None, spent=None, rate=None),
    }  # fmt: skip
    assert indicators(data) == [
        ("产出指标", "数量指标", "养护里程", None, 80, "公里", 76, None, None, "雨季停工。"),
        ("效益指标", "社会效益指标", "通行条件", None, "改善", None, "改善", None, None, None),
    ]


# ---- 附件1, 附件2 --------------------------------------------------------------------------------------------

BASE = {
    "three_public_expenses": (63.46, 63.46, 44.29), "vehicle_cost": (41.46, 41.46, 39.3),
    "vehicle_purchase": (29.46, 29.46, 29.46), "vehicle_operation": (12, 12, 9.84),
    "overseas_travel_cost": ("——", 0, None), "official_reception": (22, 22, 4.99),
    "project_expenditure": (None, None, None), "business_projects": (11.86, 11.86, 11.86),
    "operation_projects": (17.22, 17.22, 17.22), "public_use_expenditure": (300, 310, 305),
    "office_cost": (80, 85, 84), "utilities_travel": (40, 41, 42), "meetings_training": (5, 6, 5),
    "government_procurement": ("——", 50, 48), "budget_adjustment": (None, 1922.76, 2690.62),
}  # fmt: skip
BASE_VALUES = {
    k: v
    for row, amounts in BASE.items()
    for k, v in funds(row, **dict(zip(("previous", "planned", "final"), amounts, strict=True))).items()
}


def test_base_data_of_2018(read):
    data = read(forms.base())
    assert (data.form.id, data.problems, data.rows["earmarks"]) == ("hunan/basic-data", [], [])
    people = {
        "year": 2018,
        "department": "云澄市统计局",
        "authorized_posts": 143,
        "staff": 136,
        "control_rate": D("0.951"),
    }
    assert data.values == {**people, **BASE_VALUES}
    assert data.missing == ["楼堂馆所", "厉行节约保障措施", "填表人", "填报日期", "联系电话", "单位负责人"]


def test_earmarks_are_rows_and_a_caption_over_them_is_none(read):
    sheet = forms.base(2023)
    more = (
        ("3、本级专项资金",),
        ("（1）高龄津贴", 180, "190", 188.4),
        ("4、改造资金", "——", 150, 135.54),
        ("……",),
    )
    data = read(Sheet((*sheet.rows[:14], *more, *sheet.rows[14:]), sheet.merge))
    assert data.rows["earmarks"] == [
        {"name": "高龄津贴", "previous": 180, "planned": 190, "final": D("188.4")},
        {"name": "改造资金", "previous": "——", "planned": 150, "final": D("135.54")},
    ]
    assert {k: data.values[k] for k in BASE_VALUES} == BASE_VALUES and data.values["year"] == 2023


def test_buildings_and_frugality(read):
    sheet = forms.base(2023)
    more = (
        ("楼堂馆所控制情况（2023年完工项目）", "批复规模（㎡）", "实际规模（㎡）", "规模控制率", "预算投资（万元）",
         "实际投资（万元）", "投资概算控制率"),
        ("", "1,200", 1180.5, (0.98375, "0.00%"), 300, 305, "101.67%"),
        ("厉行节约保障措施", "会议合并召开。"),
        ("填表人：江某　填报日期：2024年3月1日　联系电话：　单位负责人（签名）：何某",),
    )  # fmt: skip
    data = read(Sheet((*sheet.rows, *more), sheet.merge))
    assert data.rows["buildings"] == [
        {"area_approved": 1200, "area_built": D("1180.5"), "area_rate": D("0.98375"), "investment_approved": 300,
         "investment_spent": 305, "investment_rate": D("1.0167")},
    ]  # fmt: skip
    said = {
        "frugality": "会议合并召开。",
        "preparer": "江某",
        "filled_on": "2024年3月1日",
        "phone": None,
        "head": "何某",
    }
    assert {k: data.values[k] for k in said} == said and data.missing == []


def test_label_and_value_in_one_cell(read):
    data = read(forms.overall())
    assert (data.form.id, data.missing, data.problems) == ("hunan/overall", [], [])
    assert data.values == {
        "year": 2023, "department": "云澄市民政局", "goal": "按月发放补贴。", "outcome": "已按月发放。",
        **funds("total", initial=3530, budget=3794.6, spent=3681.54, points=10, rate=0.9702, score=9.7),
        "general_spent": D("2690.62"), "fund_spent": 0, "special_spent": None, "other_spent": D("990.92"),
        "basic_spent": D("519.84"), "projects_spent": D("3161.70"), **funds("full", weight=100, score=99.62, grade="优"),
        "preparer": "江某", "filled_on": "2024年3月1日", "phone": "000-0000", "head": None,
    }  # fmt: skip
    assert [row[2:9] for row in indicators(data)] == [
        ("发放人数", "≥", 3700, "人", 3984, 50, 50),
        ("基本生活", None, "有保障", None, "有保障", 30, 30),
        ("满意度", "≥", 95, "%", D("94.25"), 10, D("9.92")),
    ]


def test_several_sources_in_one_cell(read):
    sheet = forms.overall()
    said = "其中：一般公共预算：2690.62\n政府性基金拨款：——\n纳入专户管理的非税收入拨款：无；其他资金：990.92万元"
    rows = (*sheet.rows[:5], ("", said, "", "", "", "其中：基本支出：519.84  项目支出：/"), *sheet.rows[9:])
    values = read(Sheet(rows)).values
    keys = ("general_spent", "fund_spent", "special_spent", "other_spent", "basic_spent", "projects_spent")
    assert [values[k] for k in keys] == [D("2690.62"), "——", "无", D("990.92"), D("519.84"), "/"]


# ---- the same form in another shape ------------------------------------------------------------------------

LAYOUTS: dict[str, Callable[[], Sheet]] = {
    f.__name__: f
    for f in (
        forms.filled_2019, forms.filled_2022, forms.filled_water_2022, forms.split_targets, forms.sichuan,
        forms.chongqing, forms.hubei, forms.hebei, forms.yinchuan, forms.transfer, forms.special_fund_2020,
        forms.base, forms.overall,
    )
}  # fmt: skip
each_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


@each_layout
@pytest.mark.parametrize(("down", "right"), [(1, 0), (3, 2), (7, 1)])
def test_blank_rows_above_and_columns_left_change_nothing(read, layout, down, right):
    same(read(layout()), read(shifted(layout(), down, right)))


@each_layout
@pytest.mark.parametrize("right", range(0, 12))
def test_a_column_inserted_anywhere_changes_nothing(read, layout, right):
    same(read(layout()), read(spread(layout(), columns=[right])))


@each_layout
def test_a_row_inserted_anywhere_changes_nothing(read, layout):
    sheet = layout()
    for r in range(len(sheet.rows)):
        same(read(sheet), read(spread(sheet, rows=[r])))
    same(read(sheet), read(spread(sheet, rows=[3, 6, 6, 9], columns=[1, 4, 4])))


@each_layout
def test_cells_taken_apart_change_nothing(read, layout):
    same(read(layout()), read(unmerged(layout())))


ORDERS = [(6, 5, 4, 3, 2, 1, 0), (1, 0, 3, 2, 5, 4, 6), (3, 4, 5, 6, 0, 1, 2)]


@pytest.mark.parametrize("order", ORDERS)
def test_columns_of_the_funds_in_another_order(read, order):
    sheet = unmerged(forms.filled_2019())
    same(read(sheet), read(reordered(sheet, 5, 9, [n for n in order if n < 6], fixed=3)))


@pytest.mark.parametrize("order", ORDERS)
def test_columns_of_the_indicators_in_another_order(read, order):
    for layout, first, last, fixed, n in (
        (forms.filled_2019, 12, 22, 3, 6),
        (forms.split_targets, 11, 17, 3, 7),
        (forms.chongqing, 8, 11, 1, 7),
    ):
        sheet = unmerged(layout(False)) if layout is forms.split_targets else unmerged(layout())
        same(read(sheet), read(reordered(sheet, first, last, [i for i in order if i < n], fixed)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_shape_of_any_form_gives_the_same_values(tmp_path_factory, data):
    sheet = data.draw(st.sampled_from(list(LAYOUTS.values())))()
    few = st.lists(st.integers(0, 20), max_size=4)
    changed = spread(sheet, data.draw(few), data.draw(few))
    if data.draw(st.booleans()):
        changed = unmerged(changed)
    changed = shifted(changed, data.draw(st.integers(0, 4)), data.draw(st.integers(0, 3)))
    path = tmp_path_factory.mktemp("form") / "表.xlsx"
    (one,), (other,) = read_file(sheet.save(path)), read_file(changed.save(path))
    same(one, other)


# ---- several forms, Word -----------------------------------------------------------------------------------


def test_every_sheet_of_a_workbook(tmp_path):
    sheets = {
        "说明": Sheet((("填报说明",), ("请按要求填报。",))),
        "附件1": forms.base(),
        "附件2": forms.overall(),
        "项目1": forms.filled_2022(),
    }
    found = read_file(forms.book(tmp_path / "附件.xlsx", sheets))
    assert [(data.sheet, data.form.id) for data in found] == [
        ("附件1", "hunan/basic-data"), ("附件2", "hunan/overall"), ("项目1", "mof/project"),
    ]  # fmt: skip
    assert [data.values["year"] for data in found] == [2018, 2023, 2022]


def as_printed(data: FormData) -> FormData:
    """Word knows no numbers; what was an error value or a bare share is told from its print."""
    data.cells, data.problems = {}, []
    return data


@each_layout
def test_the_same_form_as_a_word_table(read, tmp_path, layout):
    (data,) = read_file(paper(tmp_path / "表.docx", layout()))
    sheet = read(layout())
    assert data.form is sheet.form and data.missing == sheet.missing
    assert data.values == sheet.values
    assert data.rows == sheet.rows


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("cut", [14, 16, 18, 21])
def test_a_word_table_cut_by_a_page_break(read, tmp_path, cut, repeated):
    sheet = unmerged(forms.filled_2019())
    heads = sheet.rows[12] if repeated else ()
    (data,) = read_file(paper(tmp_path / "表.docx", sheet, cut=cut, repeated=heads))
    same(read(sheet), data)


def test_two_forms_in_a_word_file_stay_two(tmp_path):
    document = docx.Document()
    for sheet in (forms.filled_2019(), forms.filled_2022()):
        document.add_paragraph("")
        table = document.add_table(len(sheet.rows), 9)
        for r, row in enumerate(sheet.rows):
            for c, value in enumerate(row):
                table.cell(r, c).text = forms._words(value)
    document.save(tmp_path / "两张.docx")
    found = read_file(tmp_path / "两张.docx")
    assert [data.values["name"] for data in found] == ["校舍供暖改造经费", "委托业务项目"]
    assert [data.values["year"] for data in found] == [2019, 2022]


def test_title_and_unit_above_a_word_table(tmp_path):
    sheet = forms.filled_2019()
    body = Sheet(sheet.rows[3:]).with_row(2, "项目资金", *sheet.rows[5][1:])
    (data,) = read_file(paper(tmp_path / "表.docx", body, above="2021年度项目支出绩效自评表"))
    assert data.values["year"] == 2021 and data.values["total_budget"] == D("43.2")


# ---- units -------------------------------------------------------------------------------------------------

FUNDS = 5  # the row of the heads in filled_2019


@pytest.mark.parametrize(
    ("corner", "head", "row", "line", "budget", "unit"),
    [
        ("项目资金（元）", "全年预算数", "年度资金总额", "", "432000", "元"),
        ("项目资金", "全年预算数", "年度资金总额", "单位：元", "432000", "元"),
        ("项目资金", "全年预算数（元）", "年度资金总额", "", "432000", "万元"),
        ("项目资金（万元）", "全年预算数（元）", "年度资金总额", "", "432000", "万元"),
        ("项目资金（万元）", "全年预算数", "年度资金总额（元）", "", "432000", "元"),
        ("项目资金（万元）", "全年预算数", "年度资金总额", "单位：元", "43.2", "万元"),
        ("项目资金", "全年预算数", "年度资金总额", "", "43.2", "万元"),
        ("项目资金（元）", "全年预算数", "年度资金总额", "", "43.2万元", "元"),
        ("项目资金（千元）", "全年预算数", "年度资金总额", "", "432", "千元"),
    ],
)
def test_the_unit_nearest_to_an_amount_holds(read, corner, head, row, line, budget, unit):
    sheet = forms.filled_2019()
    sheet = sheet.with_row(2, "（2019年度）", "", "", "", "", "", "", line)
    sheet = sheet.with_row(FUNDS, corner, "", "", "年初预算数", head, "全年执行数", "分值", "执行率", "得分")
    sheet = sheet.with_row(6, "", row, "", "", budget, "", 10, "86%", 9)
    data = read(sheet)
    assert (data.values["total_budget"], data.unit) == (D("43.2"), unit)


def test_an_indicator_in_yuan_does_not_make_the_form_one(read):
    sheet = forms.filled_2022()
    sheet = sheet.with_row(16, "", "", "成本指标", "人均补助标准（元）", "≤900元", "900元", 26, 26)
    data = read(sheet)
    assert data.unit == "万元" and data.values["appropriation_budget"] == D("89.974")
    assert indicators(data)[3] == (
        "产出指标",
        "成本指标",
        "人均补助标准（元）",
        "≤",
        900,
        "元",
        900,
        26,
        26,
        None,
    )


# ---- values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ((0.5739, "0.00%"), D("0.5739")),
        ((0.5739, "General"), D("0.5739")),
        ((57.39, "General"), D("0.5739")),
        ((57.39, '0.00"%"'), D("0.5739")),
        ((1.2, '0.00"%"'), D("0.012")),
        ("57.39%", D("0.5739")),
        ("57.39％", D("0.5739")),
        ("57.39", D("0.5739")),
        ("0.5739", D("0.5739")),
        ("1.2%", D("0.012")),
        (1, D(1)),
        (0, D(0)),
        ("/", "/"),
        ("—", "—"),
        ("无", "无"),
        ("", None),
    ],
)
@pytest.mark.parametrize("head", ["执行率", "执行率（%）", "预算\n执行率"])
def test_a_rate_however_it_was_typed(read, typed: Value, value: Any, head: str):
    sheet = forms.filled_2019()
    sheet = sheet.with_row(FUNDS, *sheet.rows[FUNDS][:7], head, "得分")
    assert (
        read(sheet.with_row(6, "", "年度资金总额", "", 43.2, 43.2, 37.24, 10, typed, 9)).values["total_rate"]
        == value
    )


def test_a_share_below_a_head_in_percent_is_told(read):
    sheet = forms.filled_2019()
    sheet = sheet.with_row(FUNDS, *sheet.rows[FUNDS][:7], "执行率（%）", "得分")
    sheet = sheet.with_row(6, "", "年度资金总额", "", 43.2, 43.2, 37.24, 10, 0.862, 9)
    assert read(sheet).problems == ["H7：表头是百分数，填的是“0.862”，按86.2%读取，请核对"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,880.50", D("1880.50")), ("1，880.50", D("1880.50")), (" 1880.5 ", D("1880.5")), ("1880.5万元", D("1880.5")),
        ("18805000元", D("1880.5")), ("￥1880.5万元", D("1880.5")), ("-3.2", D("-3.2")), (0, D(0)), ("0.00", D(0)),
        ("/", "/"), ("—", "—"), ("——", "——"), ("无", "无"), ("不适用", "不适用"), ("约1880", "约1880"), ("", None), (None, None),
    ],
)  # fmt: skip
def test_an_amount_however_it_was_typed(read, typed: Value, value: Any):
    sheet = forms.filled_2019().with_row(6, "", "年度资金总额", "", 43.2, typed, 37.24, 10, "86%", 9)
    data = read(sheet)
    assert data.values["total_budget"] == value and type(data.values["total_budget"]) is type(value)
    assert data.problems == [] and data.missing == []


@pytest.mark.parametrize(
    ("typed", "value"), [("10分", D(10)), ("9.5 分", D("9.5")), ("10", D(10)), ("—", "—")]
)
def test_a_score_however_it_was_typed(read, typed: Value, value: Any):
    sheet = forms.filled_2019().with_row(6, "", "年度资金总额", "", 43.2, 43.2, 37.24, 10, "86%", typed)
    assert read(sheet).values["total_score"] == value


def test_blank_dash_zero_error_and_not_there_are_five_things(read):
    sheet = forms.filled_2019()
    sheet = sheet.with_row(6, "", "年度资金总额", "", "", "—", 0, "#REF!", "=F7/E7", 9)
    sheet = Sheet((*sheet.rows[:9], *sheet.rows[10:]))
    data = read(sheet)
    assert [data.values[f"total_{k}"] for k in ("initial", "budget", "spent", "points", "rate")] == [
        None,
        "—",
        0,
        None,
        None,
    ]
    assert data.problems == [
        "G7：是错误值“#REF!”，没有读取",
        "H7：公式没有计算结果，请用 Excel 或 WPS 打开保存后再读",
    ]
    assert data.missing == ["其他资金·年初预算数", "其他资金·全年预算数", "其他资金·全年执行数"]
    assert not {"other_initial", "other_budget", "other_spent"} & data.values.keys()


def test_a_stored_result_of_a_formula_is_read(tmp_path):
    path = forms.filled_2019().save(tmp_path / "表.xlsx")
    text = path.read_bytes()
    assert read_file(path)[0].values["total_score"] == 9 and path.read_bytes() == text  # nothing is changed


# ---- no value from a wrong cell ----------------------------------------------------------------------------


def test_a_score_of_the_indicators_is_none_of_the_funds(read):
    sheet = unmerged(forms.filled_2019())
    rows = [row[:6] if FUNDS <= r < 10 else row for r, row in enumerate(sheet.rows)]
    data = read(Sheet(tuple(rows)))
    assert not {"total_points", "total_rate", "total_score"} & data.values.keys()
    assert data.missing == ["年度资金总额·分值", "年度资金总额·执行率", "年度资金总额·得分"]
    assert data.values["full_score"] == D("97.8")


def test_without_its_block_of_funds_a_form_has_no_amounts(read):
    sheet = unmerged(forms.filled_2019())
    data = read(Sheet((*sheet.rows[:5], *sheet.rows[10:])))
    amounts = {k for k in data.values if k.startswith(("total_", "appropriation_", "carryover_", "other_"))}
    assert amounts == set() and len(data.missing) == 15 and len(data.rows["indicators"]) == 5


def test_a_value_left_out_is_not_the_next_label(read):
    sheet = unmerged(forms.filled_2022()).with_row(4, "主管部门", "实施单位", "云澄市第一中学")
    values = read(sheet).values
    assert (values["supervisor"], values["implementer"]) == (None, "云澄市第一中学")
    sheet = unmerged(forms.filled_2022()).with_row(4, "主管部门", "", "", "联系人：", "江某", "实施单位")
    values = read(sheet).values
    assert (values["supervisor"], values["implementer"]) == (None, None)


def test_goals_left_out_are_not_the_heads_below(read):
    sheet = unmerged(forms.filled_2022()).with_row(11, "")
    values = read(sheet).values
    assert (values["goal"], values["outcome"]) == (None, None)


def test_two_numbers_beside_a_label_are_told_and_not_read(read):
    data = read(forms.yinchuan().with_row(4, "自评得分", 98, 97, "财政审核评分", 96))
    assert "full_score" not in data.values and data.missing[0] == "自评得分"
    assert data.problems == ["A5：“自评得分”可能是几格中的任一格，没有读取"]


@pytest.mark.parametrize(
    ("amounts", "value"),
    [
        ((3000, 3100, 2690.62), D("2690.62")),
        ((3000, 3100, ""), None),
        (("", "", 2690.62), D("2690.62")),
        (("", "", ""), None),
        (("—", "—", "—"), "—"),
    ],
)
def test_of_three_amounts_that_under_the_head_is_meant(read, amounts, value):
    """附件2 with 年初预算数, 全年预算数, 全年执行数 of each source of money; only the last is asked for."""
    sheet = unmerged(forms.overall()).with_row(
        5, "", "其中：一般公共预算：", *amounts, "其中：基本支出：", 519.84
    )
    data = read(sheet)
    assert data.values["general_spent"] == value and data.values["basic_spent"] == D("519.84")
    assert data.problems == [] and data.missing == []


def test_an_amount_under_another_head_is_not_taken(read):
    sheet = unmerged(forms.overall()).with_row(
        5, "", "其中：一般公共预算", 3000, "", "", "其中：基本支出", 519.84
    )
    data = read(sheet)
    assert "general_spent" not in data.values and data.missing == ["其中：一般公共预算"]
    assert data.problems == ["B6：“其中：一般公共预算”可能是几格中的任一格，没有读取"]
    sheet = sheet.with_row(4, "", "按收入性质分（全年执行数）：", "", "", "", "按支出性质分：")
    assert read(sheet).values["general_spent"] == 3000


def test_a_label_for_two_rows_is_told_and_not_read(read):
    sheet = unmerged(forms.filled_2019())
    data = read(sheet.with_row(8, "", "其他资金", "", 5, 5, 5))
    assert not {k for k in data.values if k.startswith(("other_", "carryover_"))}
    assert [p for p in data.problems if "其他资金·全年预算数" in p]


def test_a_number_across_two_columns_is_not_read(read):
    sheet = forms.filled_2019().with_row(6, "", "年度资金总额", "", 43.2, "", 37.24, 10, "86%", 9)
    data = read(Sheet(sheet.rows, (*sheet.merge, "D7:E7")))
    assert data.missing == ["年度资金总额·年初预算数", "年度资金总额·全年预算数"] and data.values[
        "total_spent"
    ] == D("37.24")


def test_points_shared_by_merged_rows_count_once(read):
    sheet = forms.filled_2019()
    data = read(Sheet(sheet.rows, (*sheet.merge, "G17:G18", "H17:H18", "I17:I18")))
    assert [row[7:] for row in indicators(data)[1:3]] == [(10, 10, None), (None, None, None)]


def test_a_subtotal_and_a_total_inside_are_no_indicators(read):
    sheet = unmerged(forms.filled_2022())
    rows = list(sheet.rows)
    rows.insert(17, ("", "产出指标小计", "", "", "", "", 50, 50))
    rows[21] = ("", "", "", "合计", "", "", 90, 90)
    data = read(Sheet(tuple(rows)))
    assert [row["name"] for row in data.rows["indicators"]] == [
        "委托项目数量", "报告合格率", "经费合规性", "项目总成本", "对市场公平的影响", "群众满意度",
    ]  # fmt: skip
    assert data.values["full_score"] == 90


def test_classes_of_rows_left_blank_hold_for_the_rows_below(read):
    sheet = unmerged(forms.filled_water_2022())
    sheet = sheet.with_row(18, "", "效益指标\n(30分)", "经济\n效益\n指标", "指标1:")
    sheet = sheet.with_row(20, "", "", "", "指标2:生态流量达标", "", "", 30, 30)
    names = [(row["level1"], row["level2"], row["name"]) for row in read(sheet).rows["indicators"]]
    assert names[-2:] == [
        ("效益指标", "生态效益指标", "生态流量达标"),
        ("满意度指标", "服务对象满意度指标", "服务对象满意度"),
    ]


def test_an_indicator_named_like_a_label_is_no_label(read):
    sheet = unmerged(forms.filled_2022())
    sheet = sheet.with_row(4, "主管单位及科室", "某局").with_row(
        13, "", "产出指标（50分）", "数量指标", "主管部门", "≥50个", 50, 8, 8
    )
    data = read(sheet)
    assert "supervisor" not in data.values and data.missing == ["主管部门", "实施单位"]
    assert data.rows["indicators"][0]["name"] == "主管部门"


def test_a_number_is_not_taken_from_beside_a_merged_head(read):
    sheet = unmerged(forms.split_targets())
    data = read(sheet.with_row(5, "", "年度资金总额", "", 85200, "", 85200, 1, 80940, 10, 0.95, 9.5))
    assert data.values["total_budget"] == D("8.52")
    merged = forms.split_targets()
    merge = tuple(area for area in merged.merge if area not in ("F6:G6", "D6:E6"))
    rows = merged.with_row(5, "", "年度资金总额", "", "", 85200, 85200, 1, 80940, 10, 0.95, 9.5).rows
    data = read(Sheet(rows, merge))
    assert data.values["total_initial"] == D("8.52") and data.missing == ["年度资金总额·全年预算数"]


# ---- what is none ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        (("姓名", "职务"), ("江某", "科长")),
        (("一级指标", "分值", "得分"), ("产出", 50, 50)),
        (("科目", "年初预算数", "全年预算数", "全年执行数"), ("工资", 1, 1, 1)),
    ],
)
def test_another_table_is_no_form(tmp_path, rows):
    with pytest.raises(AuditError, match="没有认出标准附表"):
        read_file(Sheet(rows).save(tmp_path / "表.xlsx"))


@pytest.mark.parametrize("name", ["hubei", "hebei", "yinchuan", "yunnan"])
def test_profiles_that_can_only_be_read_say_so(name):
    owner = profile(name)
    assert owner.form_ids == () and "只供读取" in owner.title
    assert [form.id for form in owner.forms()] == [f"{name}/project"]


def test_what_is_read_prints_as_json(read):
    told = read(forms.filled_2022()).to_dict()
    assert told["values"]["appropriation_budget"] == "89.974" and told["values"]["carryover_budget"] is None
    assert told["rows"]["indicators"][0]["target"] == "50" and told["cells"]["name"] == "表!B4"
