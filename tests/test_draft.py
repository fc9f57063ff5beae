"""A case drafted from a report: what is told is taken over with its place, and nothing else is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.errors import AuditError
from audit.forms.case import DOUBT, read_case
from audit.forms.draft import draft, draft_case
from audit.forms.lint import lint_case
from audit.run import check, check_documents
from tests.conftest import ROOT, SHARED

SOUND = ROOT / "workbooks" / "sample" / "sound"
HEAD = "云港市渔业局\n2024年度部门整体支出绩效自评报告\n"


@pytest.fixture
def drafted(document):
    def _drafted(text: str):
        return draft(check_documents([document(HEAD + text)]))

    return _drafted


# ---- amounts of the department -----------------------------------------------------------------------------


def test_name_year_and_people(drafted):
    case, sources = drafted("一、基本情况\n我局核定编制25名，年末实际在职人员23人，退休人员9人。")
    assert case.department["department"] == "云港市渔业局"
    assert (case.department["year"], case.department["authorized_posts"], case.department["staff"]) == (
        2024,
        25,
        23,
    )
    assert "第4段" in sources["department", "staff"] and "23人" in sources["department", "staff"]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        (
            "部门整体支出年初预算数为820.5万元，全年预算数为900万元，全年执行数为888.25万元。",
            "total_initial",
            "820.5",
        ),
        (
            "部门整体支出年初预算数为820.5万元，全年预算数为900万元，全年执行数为888.25万元。",
            "total_budget",
            "900",
        ),
        (
            "部门整体支出年初预算数为820.5万元，全年预算数为900万元，全年执行数为888.25万元。",
            "total_spent",
            "888.25",
        ),
        ("2024年总支出0.05亿元，其中：基本支出2000000元，项目支出300万元。", "total_spent", "500"),
        ("2024年总支出0.05亿元，其中：基本支出2000000元，项目支出300万元。", "basic_spent", "200"),
        ("“三公”经费预算数为6.80万元，决算数为5.92万元。", "three_public_expenses_planned", "6.8"),
        ("“三公”经费预算数为6.80万元，决算数为5.92万元。", "three_public_expenses_final", "5.92"),
        ("公务接待费决算数为1.2万元。", "official_reception_final", "1.2"),
        ("2024年政府采购预算30.00万元，实际采购金额28.60万元。", "government_procurement_final", "28.6"),
        ("公用经费61.68万元，比上年的64.12万元减少2.44万元。", "public_use_expenditure_previous", "64.12"),
    ],
)
def test_amounts_find_their_cells_in_the_unit_of_the_case(drafted, text, key, value):
    assert drafted(text)[0].department[key] == Decimal(value)


def test_amounts_of_other_years_go_nowhere(drafted):
    case, _ = drafted("2021年部门整体支出执行数为700万元。2024年部门整体支出全年执行数为800万元。")
    assert case.department["total_spent"] == 800
    assert Decimal(700) not in case.department.values()


def test_nothing_told_nothing_filled(drafted):
    case, sources = drafted("一、基本情况\n本局负责渔港管理。")
    assert set(case.department) == {"department", "year"}
    assert (
        not case.projects
        and not case.indicators
        and set(sources) == {("department", k) for k in case.department}
    )


def test_what_is_told_twice_differently_names_the_other_place(drafted):
    case, sources = drafted(
        """一、预算执行
部门整体支出全年预算数为900万元，全年执行数为888.25万元。
二、绩效分析
部门整体支出全年执行数为888.25万元。
三、结论
部门整体支出全年执行数为880.25万元。"""
    )
    source = sources["department", "total_spent"]
    assert case.department["total_spent"] == Decimal("888.25")
    assert DOUBT in source and "880.25万元" in source and "第8段" in source and "第6段" in source


def test_an_unsaid_reading_is_taken_with_a_doubt(drafted):
    case, sources = drafted("本部门共安排项目支出预算450万元。")
    assert case.department["projects_budget"] == 450
    assert "年初预算还是全年预算" in sources["department", "projects_budget"]


def test_where_a_projects_money_comes_from_is_not_the_departments(drafted):
    case, _ = drafted("项目支出共300万元，从来源看，包含一般公共预算财政拨款250万元。")
    assert "general_spent" not in case.department


def test_signatures_and_sections_are_taken_over(drafted):
    case, _ = drafted(
        """填报时间：2025年4月2日
一、基本情况
（一）主要职责
负责渔业资源养护和渔港管理。
二、存在的问题及原因分析
指标设置还不够细。
三、下一步改进措施
细化指标，按季度监控。"""
    )
    own = case.department
    assert own["filled_on"] == "2025年4月2日" and own["duties"] == "负责渔业资源养护和渔港管理。"
    assert own["problems"] == "指标设置还不够细。" and own["measures"] == "细化指标，按季度监控。"


def test_a_finding_of_the_check_is_told_at_the_value(drafted):
    _, sources = drafted("2024年基本支出90.00万元，其中：人员经费60.00万元，公用经费20.00万元。")
    assert "核对发现" in sources["department", "basic_spent"]


# ---- projects ----------------------------------------------------------------------------------------------

NUMBERED = """一、项目支出绩效情况
1.年初预算项目“渔港维护专项资金，年中执行调增5万元，实际支出40万元，结余结转2万元。项目实施及绩效情况如下：
渔港维护项目支出40万元，用于码头加固。
2.年初预算项目“巡航、执法专项资金，年中执行调减1万元，实际支出12.5万元，结余结转0万元。项目实施及绩效情况如下：
巡航次数达到要求。
3.年中追加项目“渔民转产“双补”专项资金，金额8万元，实际支出80000元，结余结转0万元。
二、其他
没有其他事项。"""


def test_projects_told_one_by_one(drafted):
    case, sources = drafted(NUMBERED)
    assert [(p["name"], p["total_spent"]) for p in case.projects] == [
        ("渔港维护专项资金", 40),
        ("巡航、执法专项资金", Decimal("12.5")),
        ("渔民转产“双补”专项资金", 8),
    ]
    assert case.projects[0]["outcome"] == "渔港维护项目支出40万元，用于码头加固。"
    assert "outcome" not in case.projects[2]
    assert "合8万元" in sources["projects", 2, "total_spent"].replace(".0", "")


def test_a_budget_that_is_not_told_is_only_hinted_at(drafted):
    case, sources = drafted(NUMBERED)
    assert "total_budget" not in case.projects[0] and "total_initial" not in case.projects[0]
    assert (
        "42万元" in sources["projects", 0, "total_budget"]
        and "37万元" in sources["projects", 0, "total_initial"]
    )


def test_several_projects_in_one_paragraph(drafted):
    case, _ = drafted(
        """一、项目情况
（1）本级项目：全年总预算金额为50万元，执行金额为45万元，涉及项目分别为：渔港维护项目，预算金额为30万元，执行金额为27万元，"""
        "达到预期效果；分别为增殖放流项目，预算金额为20万元，执行金额为18万元，达到预期效果。"
    )
    assert [(p["name"], p["total_budget"], p["total_spent"]) for p in case.projects] == [
        ("渔港维护项目", 30, 27),
        ("增殖放流项目", 20, 18),
    ]


def test_projects_under_headings_of_their_own(drafted):
    case, _ = drafted(
        """二、项目绩效
（一）河道清淤工程
该项目年初预算300万元，全年支出290万元。清淤河道目标值为不少于12公里，实际完成12.5公里。
（二）农村饮水安全项目
该项目年初预算350.3万元，全年支出479.5万元。
（三）项目管理情况
制度健全。"""
    )
    assert [(p["name"], p["total_initial"], p["total_spent"]) for p in case.projects] == [
        ("河道清淤工程", 300, 290),
        ("农村饮水安全项目", Decimal("350.3"), Decimal("479.5")),
    ]
    assert [(i["project"], i["actual"]) for i in case.indicators] == [("河道清淤工程", Decimal("12.5"))]


def test_a_project_told_twice_is_one_project(drafted):
    case, _ = drafted(
        """一、项目支出情况
1.渔港维护资金。全年预算数为30万元，全年执行数为27万元。
2.增殖放流资金。全年预算数为20万元，全年执行数为18万元。
二、项目绩效情况
1.渔港维护项目。全年预算数为30万元，全年执行数为27万元，码头完好。
2.增殖放流项目。全年预算数为20万元，全年执行数为18万元，鱼苗成活。"""
    )
    assert [p["name"] for p in case.projects] == ["渔港维护资金", "增殖放流资金"]


# ---- indicators --------------------------------------------------------------------------------------------

INDICATORS = """一、绩效分析
（一）指标一：
放流鱼苗数量：该指标预期指标值为大于等于200万尾，年中监控实际完成值为120万尾，本次评价放流鱼苗数量共计230万尾，该指标完成率为115%，偏差原因：鱼苗价格下降，改进措施：按市价编制计划。该指标权重分值为20分，自评得分20分。
（二）指标二：
鱼苗购置费：该指标目标值为不超过90万元，全年实际完成720000元，该指标完成率为100%。该指标权重分值为40分，自评得分40分。
（三）指标三：
渔民满意度：该指标预期指标值为95%，本次评价渔民满意度为90.25%，该指标完成率为95%。该指标权重分值为30分，自评得分28.5分。"""


def test_indicators_told_in_prose(drafted):
    case, _ = drafted(INDICATORS)
    first, second, third = case.indicators
    assert first == {
        "name": "放流鱼苗数量", "sign": "≥", "target": 200, "unit": "万尾", "midyear": 120, "actual": 230,
        "completion_rate": Decimal("1.15"), "weight": 20, "score": 20,
        "reason": "鱼苗价格下降", "measures": "按市价编制计划",
    }  # fmt: skip
    assert (second["sign"], second["target"], second["unit"], second["actual"]) == ("≤", 90, "万元", 72)
    assert "sign" not in third, "the report does not say how 95% is meant"
    assert (third["target"], third["unit"], third["actual"], third["score"]) == (
        95,
        "%",
        Decimal("90.25"),
        Decimal("28.5"),
    )


def test_an_indicator_of_a_project_belongs_to_it(drafted):
    case, _ = drafted(
        """一、项目支出绩效情况
1.渔港维护资金。全年预算数为30万元，全年执行数为27万元。
加固码头目标值为不少于4座，实际完成5座，完成率为125%。
2.增殖放流资金。全年预算数为20万元，全年执行数为18万元。"""
    )
    assert [(i["project"], i["target"], i["actual"]) for i in case.indicators] == [("渔港维护资金", 4, 5)]


def test_the_class_of_an_indicator_is_not_its_name(drafted):
    case, _ = drafted(
        "一、产出情况\n（1）数量指标：新建码头数量目标值≥3座，实际完成3座，分值10分，得分10分。"
    )
    assert (case.indicators[0]["name"], case.indicators[0]["level2"]) == ("新建码头数量", "数量指标")


# ---- annexes -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample():
    return draft(check(SOUND / "自评报告.docx", sorted(SOUND.glob("附件*.xlsx"))))


def test_the_sample_is_drafted_whole(sample):
    case, _ = sample
    assert case.department["profile"] == "hunan" and case.department["preparer"] == "江若澜"
    assert len(case.projects) == 6 and len(case.earmarks) == 5
    assert len(case.indicators_of(None)) == 13
    assert all(case.indicators_of(project) for project in case.projects)


def test_a_value_of_a_form_names_its_cell_and_the_other_places(sample):
    _, sources = sample
    source = sources["department", "three_public_expenses_final"]
    assert source.startswith("附件1-基础数据表.xlsx 基础数据表!F6") and "另见：第21段" in source


def test_amounts_stand_under_the_heads_of_the_form_itself(sample):
    """附件2 of the sample has three columns where the template has one."""
    own = sample[0].department
    assert [own[f"general_{c}"] for c in ("initial", "budget", "spent")] == [3380, Decimal("3614.6"), 3546]
    assert own["budget_adjustment_previous"] == "——"


def test_a_sound_report_leaves_no_doubt_and_no_error(sample, tmp_path):
    _, sources = sample
    assert [text for text in sources.values() if DOUBT in text] == []
    annexes = sorted(SOUND.glob("附件*.xlsx"))
    path = draft_case(SOUND / "自评报告.docx", annexes, tmp_path / "case.xlsx")
    assert read_case(path) == sample[0]
    assert lint_case(path) == []


def test_no_file_that_is_read_is_written_over(tmp_path):
    annex = tmp_path / "附件1.xlsx"
    annex.write_bytes((SOUND / "附件1-基础数据表.xlsx").read_bytes())
    before = annex.read_bytes()
    with pytest.raises(AuditError, match="不能覆盖"):
        draft_case(SOUND / "自评报告.docx", [annex], annex, force=True)
    assert annex.read_bytes() == before


def test_the_planted_defects_are_marked(tmp_path):
    folder = SOUND.parent / "planted"
    _, sources = draft(check(folder / "自评报告.docx", sorted(folder.glob("附件*.xlsx"))))
    doubted = {place for place, text in sources.items() if DOUBT in text}
    assert ("department", "three_public_expenses_previous") in doubted
    assert ("projects", 2, "total_spent") in doubted


# ---- real reports ------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_eighteen_projects_of_a_real_report():
    case, sources = draft(check(SHARED / "seeds" / "000.txt"))
    assert len(case.projects) == 18 and len({p["name"] for p in case.projects}) == 18
    assert all(
        p["total_spent"] is not None and ("projects", n, "total_spent") in sources
        for n, p in enumerate(case.projects)
    )
    assert case.projects[1]["total_spent"] == Decimal("1489.61")
    assert case.department["basic_spent"] == Decimal("423.7")


@pytest.mark.shared
def test_nine_indicators_of_a_real_report():
    case, _ = draft(check(SHARED / "seeds" / "004.txt"))
    own = case.department
    assert (own["total_initial"], own["total_budget"], own["total_spent"]) == tuple(
        map(Decimal, ("4726.44", "7047.68", "4044.35"))
    )
    told = [
        tuple(str(row.get(k)) for k in ("sign", "target", "unit", "midyear", "actual", "weight", "score"))
        for row in case.indicators
    ]
    assert told == [
        ("≥", "2045", "人", "2045", "2460", "8", "8"),
        ("≤", "4726.44", "万元", "1925.28", "4044.35", "12", "6.89"),
        ("=", "100", "%", "31.44", "55.82", "12", "6.7"),
        ("=", "100", "%", "48.67", "100", "8", "8"),
        ("≥", "7", "个", "7", "8", "8", "8"),
        ("=", "3700", "人", "3700", "3984", "9", "9"),
        ("=", "100", "%", "100", "100", "8", "8"),
        ("=", "100", "%", "100", "100", "15", "15"),
        ("≥", "95", "%", "0", "94.25", "10", "9.92"),
    ]
    rates = ("1.2029", "0.5739", "0.5582", "1", "1.1429", "1.0768", "1", "1", "0.9921")
    assert [row["completion_rate"] for row in case.indicators] == list(map(Decimal, rates))
    assert len(case.projects) == 10


@pytest.mark.shared
def test_a_report_without_forms_gives_what_it_tells():
    case, _ = draft(check(SHARED / "seeds" / "002.txt"))
    own = case.department
    assert (own["staff"], own["total_spent"], own["basic_initial"]) == (
        32,
        Decimal("17917.84"),
        Decimal("412.92"),
    )
    assert case.projects == [] and case.indicators == []
