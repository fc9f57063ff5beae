"""The scanner: every kind of printed figure, what is none, and the place of each."""

from __future__ import annotations

import pytest

from audit import run
from audit.figures import scan
from audit.prose import paragraphs


@pytest.fixture
def scanned(document):
    """(text, value, unit, kind) of each figure of a small report; each stands where it says."""

    def _scanned(text: str) -> list[tuple[str, str, str, str]]:
        file = document(text)
        found = []
        for paragraph in paragraphs(file):
            for p in scan(paragraph.text):
                span = paragraph.span(p.start, p.end)
                assert file.text[span.start : span.end] == span.text
                found.append((span.text, str(p.quantity.value), p.quantity.unit, p.quantity.kind))
        return found

    return _scanned


@pytest.mark.parametrize(
    ("text", "figure", "value", "unit"),
    [
        ("支出423元", "423元", "423", "元"),
        ("支出423.7万元", "423.7万元", "423.7", "万元"),
        ("支出1.2亿元", "1.2亿元", "1.2", "亿元"),
        ("销售647.7万", "647.7万", "647.7", "万"),
        ("支出3,228.08万元", "3,228.08万元", "3228.08", "万元"),
        ("支出1,234,567.89元", "1,234,567.89元", "1234567.89", "元"),
        ("支出３２２８．０８万元", "３２２８．０８万元", "3228.08", "万元"),
        ("支出 3228.08 万元", "3228.08 万元", "3228.08", "万元"),
        ("支出0万元", "0万元", "0", "万元"),
        ("结余-5.00万元", "-5.00万元", "-5.00", "万元"),
        ("结余−5.00万元", "−5.00万元", "-5.00", "万元"),
        ("差额+5.00万元", "+5.00万元", "5.00", "万元"),
    ],
)
def test_money(scanned, text, figure, value, unit):
    assert scanned(text) == [(figure, value, unit, "money")]


def test_money_in_chinese_numerals(document):
    (paragraph,) = paragraphs(document("投入一千二百万元。"))
    (found,) = scan(paragraph.text)
    assert (found.quantity.text, found.quantity.exact, found.quantity.kind) == (
        "一千二百万元",
        12000000,
        "money",
    )


@pytest.mark.parametrize(
    ("text", "figure", "value", "unit"),
    [
        ("完成98.5%", "98.5%", "98.5", "%"),
        ("完成98.5％", "98.5％", "98.5", "%"),
        ("完成９８．５％", "９８．５％", "98.5", "%"),
        ("完成98.5 %", "98.5 %", "98.5", "%"),
        ("下降-2.10%", "-2.10%", "-2.10", "%"),
        ("达到百分之九十五", "百分之九十五", "95", "%"),
        ("达到百分之九十五点五", "百分之九十五点五", "95.5", "%"),
        ("达到百分之98.5", "百分之98.5", "98.5", "%"),
        ("提高3.2个百分点", "3.2个百分点", "3.2", "个百分点"),
    ],
)
def test_percent(scanned, text, figure, value, unit):
    assert scanned(text) == [(figure, value, unit, "percent")]


@pytest.mark.parametrize(
    ("text", "figure", "value", "unit"),
    [
        ("保障4735人", "4735人", "4735", "人"),
        ("建档 773 户", "773 户", "773", "户"),
        ("服务1.5万人次", "1.5万人次", "1.5", "万人次"),
        ("共5所学校", "5所", "5", "所"),
        ("新建１２个站点", "１２个", "12", "个"),
        ("办理128件", "128件", "128", "件"),
        ("更新标志36块", "36块", "36", "块"),
        ("举办三场培训", "三场", "3", "场"),
        ("覆盖两个社区", "两个", "2", "个"),
        ("覆盖二十三个社区", "二十三个", "23", "个"),
    ],
)
def test_counts_with_their_measure_words(scanned, text, figure, value, unit):
    assert scanned(text) == [(figure, value, unit, "count")]


@pytest.mark.parametrize(
    ("text", "figure", "value", "unit"),
    [
        ("标准605元/月", "605元/月", "605", "元/月"),
        ("补助1万元/人/年", "1万元/人/年", "1", "万元/人/年"),
        ("每人每月50元", "50元", "50", "元"),
        ("每户补助3000元", "3000元", "3000", "元"),
        ("补贴1000元（每人每月）", "1000元", "1000", "元"),
    ],
)
def test_standards_per_head_and_time(scanned, text, figure, value, unit):
    assert scanned(text) == [(figure, value, unit, "standard")]


@pytest.mark.parametrize(
    ("text", "figure", "value"),
    [
        ("得8分", "8分", "8"),
        ("扣0.35分", "0.35分", "0.35"),
        ("综合得分98.65，等级为优", "98.65", "98.65"),
        ("自评得分：98.65分", "98.65分", "98.65"),
    ],
)
def test_scores(scanned, text, figure, value):
    assert scanned(text) == [(figure, value, "分", "score")]


@pytest.mark.parametrize(
    "date",
    [
        "2023年",
        "2024年度",
        "2023年1—10月",
        "2024年1-12月",
        "2024年4月15日",
        "2024年10月底",
        "2024-03-28",
        "2024.3.28",
        "12月31日",
        "10月",
        "二〇二四年",
        "2021-2023年",
    ],
)
def test_dates_and_periods_are_one_figure(scanned, date):
    (found,) = scanned(f"截至{date}，工作完成")
    assert (found[0], found[3]) == (date, "date")


def test_the_days_of_a_date_are_no_counts(scanned):
    assert [kind for *_, kind in scanned("截至2024年4月15日，3月1日至5月31日共拨付96.30万元")] == [
        "date",
        "date",
        "money",
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("80-89周岁老人", "80", "89"),
        ("80—89岁老人", "80", "89"),
        ("补助5～10万元", "5", "10"),
        ("每组3至5个", "3", "5"),
        ("占比10%-20%", "10", "20"),
        ("结余1.50万元-2.50万元", "1.50", "2.50"),
    ],
)
def test_ranges_are_two_figures_of_one_unit_and_their_dash_is_no_minus(scanned, text, low, high):
    (a, b) = scanned(text)
    assert (a[1], b[1]) == (low, high)
    assert a[2:] == b[2:]


@pytest.mark.parametrize(
    ("text", "unit", "kind"),
    [
        ("建筑面积1200平方米", "平方米", "area"),
        ("建筑面积3.5万平方米", "万平方米", "area"),
        ("建筑面积1200㎡", "㎡", "area"),
        ("绿化5亩", "亩", "area"),
        ("道路12.5公里", "公里", "length"),
        ("管网300米", "米", "length"),
    ],
)
def test_areas_and_lengths(scanned, text, unit, kind):
    assert [found[2:] for found in scanned(text)] == [(unit, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "约1亿元",
        "近5000万元",
        "3,000余元",
        "3万余元",
        "5000余人次",
        "300多人",
        "十余家",
        "40万元左右",
        "超过50人",
        "几百人",
    ],
)
def test_inexact_numbers_are_marked_as_such(document, text):
    (found,) = [p for q in paragraphs(document(f"惠及{text}。")) for p in scan(q.text)]
    assert found.quantity.approx


@pytest.mark.parametrize("text", ["支出近五年最低，为12.00万元", "临近年末支出12.00万元", "附近12户"])
def test_words_that_only_look_inexact_leave_the_number_exact(document, text):
    (found,) = [p for q in paragraphs(document(text)) for p in scan(q.text)]
    assert not found.quantity.approx


def test_a_limit_is_an_exact_number(document):
    (found,) = [p for q in paragraphs(document("成本不超过7500元。")) for p in scan(q.text)]
    assert not found.quantity.approx


@pytest.mark.parametrize(
    "text",
    [
        "一、基本情况",
        "1.基本支出",
        "1、基本支出",
        "（1）基本支出",
        "1）项目",
        "①项目",
        "云财绩〔2019〕29号",
        "财预[2020]10号",
        "云民（2020）10号",
        "一是完善制度，二是加强管理",
        "第三方评价",
        "第2次会议",
        "三公经费",
        "“三公”经费",
        "十四五规划",
        "一体化推进",
        "五保户",
        "一把手",
        "《预算法》第三十二条",
        "二级指标",
        "见表1",
        "见附件2",
        "附表3-1",
        "电话：0731-12345678",
        "联系电话13800000000",
        "拨打12345热线",
        "三分之一",
        "5G基站",
    ],
)
def test_what_is_no_figure(scanned, text):
    assert scanned(text) == []


def test_minutes_are_no_points(scanned):
    assert [kind for *_, kind in scanned("群众在10分钟内办结，得8分")] == ["other", "score"]


def test_a_heading_number_before_a_year_is_left_out(scanned):
    assert [found[0] for found in scanned("1.2023年预算数为30.00万元")] == ["2023年", "30.00万元"]


def test_points_behind_a_heading_are_figures_and_its_number_is_not(scanned):
    assert [found[0] for found in scanned("2.质量指标15分，得14.5分")] == ["15分", "14.5分"]


def test_a_figure_cut_by_a_line_break_points_at_all_of_its_print(scanned):
    found = scanned("""
        2024年我局坚持以绩效为导向，保障城乡低保对象、特困供养人员和高龄老人共4735
        人，资金支出3228.08
        万元，全部发放到位。
    """)
    assert ["".join(figure[0].split()) for figure in found] == ["2024年", "4735人", "3228.08万元"]
    assert "\n" in found[1][0]


def test_figures_of_one_sentence_come_in_order_and_leave_nothing_out(scanned):
    found = scanned("2024年支出3,228.08万元，完成98.5%，惠及5000余人次，每人每月50元，得8分。")
    assert [figure[0] for figure in found] == ["2024年", "3,228.08万元", "98.5%", "5000余人次", "50元", "8分"]


def decimals(document, text: str) -> list[tuple[str, int]]:
    report = run.check_documents([document(text)])
    return [(str(f), f.quantity.decimals) for f in report.figures if f.quantity.kind == "money"]


def test_a_dropped_zero_is_judged_at_the_decimals_the_document_keeps(document):
    assert decimals(document, "收入358.2万元，支出5349.81万元，另有1.2亿元。") == [
        ("358.2万元", 2),
        ("5349.81万元", 2),
        ("1.2亿元", 1),
    ]


def test_where_the_document_shows_no_decimals_none_are_assumed(document):
    assert decimals(document, "收入358万元，支出349万元。") == [("358万元", 0), ("349万元", 0)]


def test_an_inexact_amount_is_never_sharpened(document):
    assert decimals(document, "收入约358万元，支出349.81万元。") == [("358万元", 0), ("349.81万元", 2)]
