"""What holds for any number and any text: print and read, rounding, scanning, no crash on a broken report."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import numerals
from audit.figures import scan
from audit.findings import Status, verdict
from audit.formulas import Range
from audit.quantity import Quantity, plain, round_half_up
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
