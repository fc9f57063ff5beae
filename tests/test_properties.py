"""What holds for any number and any text: print and read, rounding, scanning, no crash on a broken report."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import numerals
from audit.figures import scan
from audit.findings import Status, verdict
from audit.quantity import Quantity, plain, round_half_up
from audit.ranges import Range
from audit.run import check_documents
from tests.conftest import ROOT, text_document

SAMPLE = (ROOT / "workbooks" / "sample" / "report.txt").read_text("utf-8")
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
SCALES = {"元": 1, "万元": 10**4, "亿元": 10**8}

settings.register_profile("tests", derandomize=True, deadline=None, max_examples=200, database=None)
settings.load_profile("tests")

places = st.integers(0, 4)
amounts = places.flatmap(
    lambda n: st.decimals(0, 10**9, places=n, allow_nan=False, allow_infinity=False).map(
        lambda d: abs(d)  # -0
    )
)
before = st.text(alphabet="支出为计使用专项资金，、；：（“”）", max_size=12).filter(
    lambda t: not t.endswith("上")
)
after = st.text(alphabet="。；）主要用于购置设备", max_size=12)


def spoken(number: int) -> str:
    """How a number below a hundred million is read out: 10205 → 一万零二百零五."""
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        gap = "零" if low and low < 1000 else ""
        return f"{spoken(high)}万{gap}{spoken(low) if low else ''}"
    words, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return words or "零"


# ---- print and read ----------------------------------------------------------------------------------------


@given(amounts, st.sampled_from(list(SCALES)))
def test_what_is_printed_plainly_is_read_back(value, unit):
    (found,) = scan(f"{plain(value)}{unit}")
    assert (found.quantity.value, found.quantity.unit) == (value, unit)
    assert found.quantity.decimals == max(0, -value.as_tuple().exponent)
    assert found.quantity.exact == value * SCALES[unit]


@given(st.integers(0, 99_999_999))
def test_a_number_read_out_in_chinese_is_understood(number):
    assert numerals.parse(spoken(number)) == number


@given(st.text(alphabet=numerals.CHARACTERS + "点元a1", max_size=8))
def test_a_numeral_is_a_number_or_nothing(text):
    value = numerals.parse(text)
    assert value is None or (value.is_finite() and value >= 0)


# ---- rounding ----------------------------------------------------------------------------------------------


@given(st.decimals(-(10**9), 10**9, places=6), places, st.sampled_from(["money", "percent"]))
def test_a_rounded_print_covers_the_value_that_was_rounded(true, decimals, kind):
    unit = {"money": "万元", "percent": "%"}[kind]
    value = round_half_up(true, decimals)
    printed = Quantity(value, unit, kind, f"{plain(value)}{unit}", decimals)
    assert printed.low <= true * printed.scale <= printed.high
    assert printed.printed_like(true * printed.scale) == value
    assert verdict(printed, Range(*[true * printed.scale] * 3)) is Status.AGREES
    assert verdict(printed, Range(*[(true + 10) * printed.scale] * 3)) is Status.DIFFERS


def money(value, unit: str = "万元") -> Quantity:
    return Quantity(value, unit, "money", f"{plain(value)}{unit}", max(0, -value.as_tuple().exponent))


def spread(quantity: Quantity) -> Range:
    return Range(quantity.exact, quantity.low, quantity.high)


@given(amounts, st.sampled_from(list(SCALES)))
def test_an_amount_agrees_with_itself(value, unit):
    assert verdict(money(value, unit), spread(money(value, unit))) is Status.AGREES
    assert money(value, unit).agrees_with(money(value, unit))


@given(amounts, st.sampled_from([-2, -1, 0, 1, 2]), places)
def test_two_amounts_differ_whichever_of_them_is_judged(value, steps, decimals):
    a, b = money(value), money(value + steps * Decimal(1).scaleb(-decimals))
    assert a.agrees_with(b) == b.agrees_with(a)
    assert (verdict(a, spread(b)) is Status.DIFFERS) == (verdict(b, spread(a)) is Status.DIFFERS)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=8), st.integers(1, 10**6))
def test_a_sum_of_exact_counts_has_one_right_value(parts, off):
    got = sum((Range.of(Decimal(part)) for part in parts[1:]), Range.of(Decimal(parts[0])))

    def said(number: int) -> Status:
        return verdict(Quantity(Decimal(number), "人", "count", f"{number}人"), got)

    assert said(sum(parts)) is Status.AGREES
    assert said(sum(parts) + off) is said(sum(parts) - off) is Status.DIFFERS


# ---- units -------------------------------------------------------------------------------------------------


def small_report(start: int, up: int, left: int, staff: int, wrong: list[bool], write) -> str:
    """A consistent report in hundredths of a 万元, with a slip of at least one 万元 or point where wanted."""
    final, slip = start + up, [1000 * w for w in wrong]
    spent = final - left
    rate = round_half_up(Decimal(spent * 100) / final, 2) + (3 if wrong[3] else 0)
    return f"""2024年度部门整体支出绩效自评报告
        一、预算执行情况
        2024年基本支出年初预算数为{write(start)}，年中调增{write(up)}，全年预算数为{write(final + slip[0])}。
        基本支出{write(spent + slip[1])}，其中：人员经费{write(staff)}，公用经费{write(spent - staff)}。
        基本支出全年预算数为{write(final + slip[0])}，全年执行数为{write(spent + slip[1])}，预算执行率为{rate}%。
        公用经费{write(spent - staff)}，比上年的{write(spent - staff + 2000)}减少{write(2000 + slip[2])}。
    """


@settings(max_examples=40)
@given(
    st.integers(200_000, 300_000), st.integers(10_000, 50_000), st.integers(5_000, 20_000),
    st.integers(20_000, 90_000), st.lists(st.booleans(), min_size=4, max_size=4),
)  # fmt: skip
def test_written_in_yuan_the_verdicts_are_the_same(start, up, left, staff, wrong):
    in_wan, in_yuan = (
        check_documents([text_document(small_report(start, up, left, staff, wrong, write))])
        for write in (lambda n: f"{n // 100}.{n % 100:02}万元", lambda n: f"{n * 100}.00元")
    )
    assert len(in_wan.checks) > 4
    assert [(c.rule, c.subject, c.status) for c in in_wan.checks] == [
        (c.rule, c.subject, c.status) for c in in_yuan.checks
    ]
    assert [(f.code, f.severity) for f in in_wan.findings] == [(f.code, f.severity) for f in in_yuan.findings]
    assert bool(in_wan.findings) == any(wrong)


# ---- the scanner -------------------------------------------------------------------------------------------


@given(before, amounts, st.sampled_from(list(SCALES)), after, st.booleans(), st.booleans())
def test_an_amount_between_words_is_found_in_its_place(before, value, unit, after, separators, wide):
    digits = f"{value:,f}" if separators else plain(value)
    amount = f"{digits.translate(FULL_WIDTH) if wide else digits}{unit}"
    text = f"报告{before}{amount}{after}"
    document = text_document(text)
    (figure,) = check_documents([document]).figures
    start = len("报告" + before)
    assert (figure.span.start, figure.span.end, figure.span.text) == (start, start + len(amount), amount)
    assert (figure.quantity.value, figure.quantity.unit) == (value, unit)


@given(st.lists(st.tuples(amounts, st.sampled_from(list(SCALES))), min_size=1, max_size=8))
def test_a_text_said_twice_gives_its_figures_twice(printed):
    text = "，".join(f"第{n}项支出{plain(value)}{unit}" for n, (value, unit) in enumerate(printed)) + "。\n"
    once = [p.quantity for p in scan(text)]
    assert len(once) == len(printed)
    assert [p.quantity for p in scan(text + text)] == once * 2


def test_the_sample_said_twice_gives_its_figures_twice():
    once, twice = (check_documents([text_document(text)]).figures for text in (SAMPLE, f"{SAMPLE}\n{SAMPLE}"))
    assert len(once) > 200
    assert [f.quantity.text for f in twice] == [f.quantity.text for f in once] * 2


PIECES = [
    *"0123456789.,%-—～+/〔〕（）()、，。：；“”≥≤²𠀋１％．㎡一二十百千两〇点年月日分万亿元人个米余约近第至到 \n\u3000"
]
PIECES += "万元 亿元 人次 百分之 个百分点 年度 季度 每人 每月 支出 预算 得分 一是 三公 平方米 周岁".split()


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_is_scanned_figures_come_in_order_and_apart(text):
    end = 0
    for printed in scan(text):
        assert end <= printed.start < printed.end <= len(text)
        assert printed.quantity.text == text[printed.start : printed.end]
        assert printed.quantity.low <= printed.quantity.exact <= printed.quantity.high
        end = printed.end


# ---- broken reports ----------------------------------------------------------------------------------------


def broken(seed: int) -> str:
    """The sample with its lines, sentences or characters in disorder, cut somewhere."""
    dice = random.Random(seed)
    unit = dice.choice(["\n", "。", "，", ""])
    parts = SAMPLE.split(unit) if unit else list(SAMPLE)
    if dice.random() < 0.7:
        dice.shuffle(parts)
    text = unit.join(parts)
    start = dice.randrange(len(text) - 100)
    return text[start : dice.randrange(start + 50, len(text))] + "完"


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_report_breaks_no_rule(seed):
    report = check_documents([text_document(broken(seed))])
    assert [check.note for check in report.checks if "内部出错" in check.note] == []
    text = report.documents[0].text
    spans = [f.span for f in report.figures] + [s for f in report.findings for s in f.evidence]
    assert all(s.text == text[s.start : s.end] for s in spans)


FRAGMENTS = [
    *"，。；、：（）\n",
    "2024年度部门整体支出绩效自评报告\n",
    "一、部门基本情况\n",
    "（二）支出情况\n",
]
FRAGMENTS += """
    1. 2.某某专项资金。 附件1： 其中： 分别为： 基本支出 项目支出 “三公”经费 年初预算数为 全年预算数为 全年执行数为 年中调增
    年中调减 结转结余 预算执行率为 预算调整率 占 比上年 比上年的 增加 减少 增长 下降 每人每月 核定编制 在职人员 在职人员控制率
    内设3个股室： 指标值≥ 目标值 实际完成值 完成率 分值 得 扣 综合得分 评价等级为“优” 惠及 满意度 合计 共 截至 预计 不存在闲置
    决算数小于预算数 偏差原因是 0万元 0元 0人 0% 0分 100.00万元 66.67万元 33.33万元 1.2亿元 约5万元 12人 5户 98.5% -2.10%
    10分 9.85分 605元/月 80-89周岁 2024年 12月底
""".split()


@settings(max_examples=150)
@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=40).map("".join))
def test_whatever_a_report_is_made_of_no_rule_breaks(text):
    report = check_documents([text_document(text + "完")])
    assert [check.note for check in report.checks if "内部出错" in check.note] == []
    report.to_dict()
