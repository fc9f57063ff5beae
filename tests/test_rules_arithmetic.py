"""R1xx: sums within a sentence and across the text, list counts, the budget chain."""

from __future__ import annotations

import pytest

AGREES, ROUNDING, DIFFERS = "相符", "尾差", "不符"


def test_sum_of_parts_flags_a_total_that_its_parts_do_not_make(check):
    found = check("R101", "基本支出423.70万元，其中人员经费346.25万元、公用经费87.45万元。")
    assert found.rows("status", "stated", "expected", "difference") == [
        (DIFFERS, "423.70", "433.70", "-10.00")
    ]
    assert found.raised("code", "severity", "at", "expected") == [
        ("R101", "错误", "423.70万元", "433.70万元")
    ]


def test_sum_of_parts_passes_a_total_of_rounded_parts_and_flags_one_step_more(check):
    text = "基本支出100.01万元，其中：人员经费33.33万元，公用经费{}万元。"
    near = check("R101", text.format("66.67"))
    assert near.rows("status", "expected") == [(ROUNDING, "100.00")]
    assert near.raised("code") == []
    far = check("R101", text.format("66.66"))
    assert far.rows("status", "difference") == [(DIFFERS, "0.02")]
    assert far.raised("severity") == [("错误",)]


def test_sum_of_parts_adds_in_the_units_printed(check):
    text = "支出合计1.00亿元，分别为：人员经费6666.60万元，公用经费33333000元。"
    assert check("R101", text).rows("status") == [(AGREES,)]


def test_sum_of_parts_counts_exactly(check):
    text = "特困供养人员500人，其中：集中供养120人，分散供养{}人。"
    assert check("R101", text.format(380)).rows("status") == [(AGREES,)]
    over = check("R101", text.format(390))
    assert over.raised("severity", "difference") == [("疑点", "-10人")]


def test_sum_of_parts_takes_a_near_miss_of_an_open_list_for_a_question(check):
    found = check("R101", "全年受理投诉120件，其中：来电80件，来访30件，来信9件。")
    assert found.raised("severity", "expected", "difference") == [("疑点", "119件", "1件")]
    assert "未列全" in found.findings[0].message


def test_sum_of_parts_accepts_a_list_that_names_only_some(check):
    found = check("R101", "项目支出100.00万元，其中：学生资助30.00万元，设备购置25.00万元。")
    assert found.raised("code") == []
    assert found.rows("relation", "status") == [("<=", AGREES), ("<=", AGREES)]


def test_sum_of_parts_counts_parts_of_parts_once(check):
    text = (
        "支出519.84万元，其中：人员经费458.16万元（其中：工资438.96万元、补助19.20万元），公用经费61.68万元。"
    )
    assert (AGREES, "519.84") in check("R101", text).rows("status", "stated")
    assert check("R101", text).raised("code") == []


def test_sum_of_parts_leaves_out_what_is_told_besides_the_parts(check):
    text = "单位共有16个，其中甲类9个、乙类7个，今年新增2个。"
    assert check("R101", text).rows("relation", "status", "stated") == [
        ("=", AGREES, "16"),
        ("<=", AGREES, "2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "基本支出约100万元，其中：人员经费33.33万元，公用经费60.66万元。",
        "基本支出100.01万元，其中：人员经费约33万元，公用经费约60万元。",
        "参训人员300余人，其中：机关120人，乡镇390人。",
    ],
)
def test_sum_of_parts_asserts_nothing_from_inexact_numbers(check, text):
    assert check("R101", text).raised("code") == []


def test_sum_of_parts_leaves_last_year_out_of_this_years_sum(check):
    text = "基本支出519.84万元，上年为500.00万元，其中：人员经费458.16万元，公用经费61.68万元。"
    assert (AGREES, "519.84") in check("R101", text).rows("status", "stated")
    assert check("R101", text).raised("code") == []


def test_a_part_in_yuan_among_wan_yuan_is_a_unit_slip(check):
    text = """
        基本支出519.84万元，其中：工资福利支出438.96万元，商品和服务支出61.68万元，补助支出19.20元。
    """
    found = check("R101", text)
    assert found.raised("code", "severity") == [("R601", "错误")]
    assert "19.20元" in [span.text for span in found.findings[0].evidence]


def test_known_partition_ties_parts_from_all_over_the_text(check):
    text = "基本支出执行{}万元。\n人员经费执行66.67万元。\n公用经费执行33.33万元。"
    assert check("R102", text.format("100.00")).rows("status") == [(AGREES,)]
    assert check("R102", text.format("100.01")).rows("status") == [(ROUNDING,)]
    assert check("R102", text.format("100.02")).rows("status") == [(DIFFERS,)]


def test_known_partition_asks_where_the_parts_stand_far_apart(check):
    found = check("R102", "基本支出执行100.00万元。\n人员经费执行60.00万元。\n公用经费执行30.00万元。")
    assert found.raised("severity", "at", "difference") == [("疑点", "100.00万元", "10.00万元")]


@pytest.mark.parametrize(
    "text",
    [
        "基本支出执行100.00万元。\n人员经费执行60.00万元。",
        "基本支出执行100.00万元。\n人员经费执行60.00万元。\n公用经费执行约30万元。",
        "基本支出执行100.00万元。\n人员经费年初预算数60.00万元。\n公用经费年初预算数30.00万元。",
    ],
)
def test_known_partition_does_not_apply_to_missing_inexact_or_other_readings(check, text):
    assert check("R102", text).rows("rule") == []


def test_list_count_flags_a_name_left_out(check):
    found = check("R103", "内设5个股室：办公室、财务股、业务股、法规股。")
    assert found.raised("severity", "at", "expected", "difference") == [("错误", "5个", "4个", "1个")]


@pytest.mark.parametrize(
    "text",
    [
        "下设3个科：办公室（挂行政审批科牌子）、财务科、业务科。",
        "内设机构4个，分别是：办公室、财务股、业务股、法规股。",
        "所属事业单位两个，分别为：市社会福利中心、市救助管理站。",
    ],
)
def test_list_count_passes_names_as_many_as_told(check, text):
    assert check("R103", text).rows("status") == [(AGREES,)]


def test_list_count_does_not_apply_where_nothing_is_listed(check):
    assert check("R103", "内设5个股室，负责全市社会救助工作。").rows("rule") == []


PROJECTS = """
    2024年项目支出{}万元。
    1.甲类改造项目。预算40.00万元，执行33.33万元。
    2.乙类改造项目。预算40.00万元，执行33.33万元。
    3.丙类改造项目。预算40.00万元，执行33.34万元。
"""


def test_project_list_adds_up_to_the_rounding_of_its_figures(check):
    assert check("R105", PROJECTS.format("100.00")).rows("status") == [(AGREES,)]
    assert check("R105", PROJECTS.format("100.01")).rows("status") == [(ROUNDING,)]


def test_project_list_asks_where_projects_do_not_make_the_total(check):
    found = check("R105", PROJECTS.format("101.00"))
    assert found.raised("severity", "at", "expected") == [("疑点", "101.00万元", "100.00万元")]


def test_project_list_checks_the_total_told_right_above_it(check):
    text = PROJECTS.replace("2024年项目支出", "2024年纳入自评的项目共3个，全年执行数合计")
    assert check("R105", text.format("100.01")).rows("status") == [(ROUNDING,)]
    assert check("R105", text.format("101.00")).raised("code", "at") == [("R105", "101.00万元")]


def test_project_list_does_not_apply_to_fewer_than_three_projects(check):
    text = "\n".join(PROJECTS.format("101.00").splitlines()[:4])
    assert check("R105", text).rows("rule") == []


def test_budget_chain_flags_an_adjustment_that_does_not_lead_to_the_final_budget(check):
    found = check("R106", "年初预算100万元，调增20万元，全年预算130万元。")
    assert found.raised("severity", "at", "expected") == [("错误", "130万元", "120万元")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("年初预算100万元，调减20万元，全年预算80万元。", AGREES),
        ("年初预算数为1.00亿元，年中调增333.33万元，全年预算数为10333.34万元。", ROUNDING),
    ],
)
def test_budget_chain_goes_up_and_down(check, text, status):
    assert check("R106", text).rows("status") == [(status,)]


def test_budget_chain_follows_what_is_left_over(check):
    text = "全年预算数为120.00万元，全年执行数为110.00万元，结转结余{}万元。"
    assert check("R106", text.format("10.00")).rows("status") == [(AGREES,)]
    assert check("R106", text.format("5.00")).raised("severity", "expected") == [("错误", "10.00万元")]


def test_budget_chain_asserts_nothing_from_an_inexact_start(check):
    assert (
        check("R106", "年初预算数约100万元，年中调增20.00万元，全年预算数为130.00万元。").rows("rule") == []
    )


def test_age_brackets_meet(check):
    assert check("R108", "80-89周岁每月50元，90-99周岁每月100元。").rows("status") == [(AGREES,)]
    gap = check("R108", "80-89周岁每月50元，91-99周岁每月100元。")
    assert gap.raised("severity", "stated", "expected") == [("疑点", "91周岁", "90周岁")]
    assert check("R108", "80周岁以上每月50元。").rows("rule") == []


def test_a_subset_is_not_larger_than_its_whole(check):
    text = "事实无人抚养儿童131人，其中残疾事实无人抚养儿童{}人。"
    assert check("R109", text.format(15)).rows("relation", "status") == [("<=", AGREES)]
    assert check("R109", text.format(131)).rows("status") == [(AGREES,)]
    assert check("R101", text.format(150)).raised("code", "severity") == [("R101", "疑点")]


def test_an_inexact_subset_is_not_compared(check):
    assert check("R109", "孤儿6人，其中享受助学金的孤儿约9人。").rows("rule") == []


def test_a_split_in_its_own_sentence_or_paragraphs_is_tied_to_the_total_above(check):
    text = """2023年项目支出100.00万元。按功能分类：甲类支出60.25万元，乙类支出39.75万元；按来源：上级50.00万元。
    按支出科目分：
    教育支出20.50万元；
    卫生支出30.25万元；
    农林水支出49.25万元。"""
    assert check("R101", text).rows("status", "stated") == [(AGREES, "100.00")] * 2


def test_a_split_that_names_its_total_and_misses_it_by_a_slip(check):
    text = """主要用于：就业专项资金124.76万元，其他20万元。
    其中，就业专项资金用于甲补贴50.42万元、乙补贴40.25万元、丙补贴34.00万元。"""
    assert check("R101", text).raised("severity", "stated", "expected") == [
        ("疑点", "124.76万元", "124.67万元")
    ]


def test_parts_by_village_are_asked_about_where_one_digit_mends_the_sum(check):
    text = "铺设管网2.6公里，受益548户2316人，其中甲村196户、乙村204户、丙村158户。"
    assert check("R101", text).raised("severity", "expected") == [("疑点", "558户")]


def test_a_count_list_ends_at_the_semicolon(check):
    text = "纳入低保412户，其中一类86户；动态新增23户、退出31户，比年初的420户净减少8户。"
    assert check("R101", text).raised("code") == []


def test_full_points_in_a_bracket_are_no_parts(check):
    text = "自评得分94.6分，其中管理28.5分（满分30分）、履职38.1分（满分40分）、效益18.5分（满分20分）、满意度9.5分（满分10分）。"
    found = check("R101", text)
    assert found.rows("status", "stated") == [(AGREES, "94.6")]


def test_carry_over_from_what_was_carried_in(check):
    text = """收入合计2864.53万元。上年结转86.20万元。
    支出合计2895.41万元。
    年末结转和结余55.32万元。"""
    assert (AGREES, "55.32") in check("R106", text).rows("status", "stated")


REACHED = "2243例享受甲类补贴、2703例享受乙类补贴，惠及{}名。"


@pytest.mark.parametrize("number", ["2703", "3811", "4946"])
def test_persons_reached_lie_between_the_largest_part_and_the_sum(check, number):
    assert check("R110", REACHED.format(number)).rows("relation", "status") == [
        ("<=", AGREES),
        (">=", AGREES),
    ]


@pytest.mark.parametrize(("number", "expected"), [("4947", "4946名"), ("2702", "2703名")])
def test_persons_reached_beyond_their_bounds_are_asked_about(check, number, expected):
    found = check("R110", REACHED.format(number))
    assert found.raised("code", "severity", "at", "expected") == [("R110", "疑点", f"{number}名", expected)]


@pytest.mark.parametrize(
    "text",
    [
        REACHED.format("约5000"),
        "约2243例享受甲类补贴、2703例享受乙类补贴，惠及5811名。",
        "2243例享受甲类补贴，惠及5811名。",
    ],
)
def test_persons_reached_by_inexact_numbers_or_a_single_part_are_not_bounded(check, text):
    assert check("R110", text).raised("code") == []


def test_a_joined_run_is_asked_about_where_one_digit_mends_it(check):
    text = "检查单位2846户次，涉及公共场所1215户次、医疗机构684户次、学校137户次、供水96户次、企业724户次，立案8宗。"
    assert check("R101", text).raised("severity", "expected") == [("疑点", "2856户次")]
    assert check("R101", text.replace("2846", "2856")).rows("status") == [("相符",)]
