"""A printed number: its exact value, its unit, the range it can stand for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.quantity import Quantity, cut, from_float, plain, round_half_up, unit_scale


def printed(value: str, unit: str, kind: str = "money", **more) -> Quantity:
    decimals = max(0, -int(Decimal(value).as_tuple().exponent))
    return Quantity(Decimal(value), unit, kind, f"{value}{unit}", decimals, **more)


@pytest.mark.parametrize(
    ("value", "unit", "base_unit", "exact"),
    [
        ("423.7", "元", "元", "423.7"),
        ("423.7", "万元", "元", "4237000"),
        ("647.7", "万", "元", "6477000"),
        ("1.2", "亿元", "元", "120000000"),
        ("3", "千元", "元", "3000"),
        ("57.39", "%", "1", "0.5739"),
        ("3.2", "个百分点", "1", "0.032"),
        ("605", "元/月", "元/月", "605"),
        ("1", "万元/人/年", "元/人/年", "10000"),
        ("4735", "人", "人", "4735"),
        ("1.5", "万人次", "人次", "15000"),
        ("3.5", "万平方米", "平方米", "35000"),
        ("300", "米", "公里", "0.3"),
        ("8", "分", "分", "8"),
    ],
)
def test_every_unit_has_its_base_unit(value, unit, base_unit, exact):
    quantity = printed(value, unit)
    assert (quantity.base_unit, quantity.exact) == (base_unit, Decimal(exact))


def test_a_measure_word_that_looks_like_a_multiplier_is_left_alone():
    assert unit_scale("个") == ("个", Decimal(1))
    assert unit_scale("万") == ("元", Decimal(10000))  # 647.7万: an amount with its 元 left out


def test_a_rate_covers_half_a_unit_of_its_last_place():
    rate = printed("98.5", "%", "percent")
    assert (rate.low, rate.high) == (Decimal("0.9845"), Decimal("0.9855"))
    assert rate.agrees_with(printed("98.47", "%", "percent"))
    assert not printed("98.47", "%", "percent").agrees_with(printed("98.48", "%", "percent"))


def test_amounts_in_different_units_meet_where_the_coarser_is_the_finer_rounded():
    assert printed("4.86", "亿元").agrees_with(printed("48615.30", "万元"))
    assert not printed("4.86", "亿元").agrees_with(printed("48665.30", "万元"))
    assert printed("188.40", "万元").agrees_with(printed("1884000", "元"))


@pytest.mark.parametrize("kind", ["count", "score", "date"])
def test_what_is_counted_has_no_slack(kind):
    assert printed("321", "户", kind).half_step == 0
    assert printed("321", "户", kind).agrees_with(printed("321", "户", kind))
    assert not printed("321", "户", kind).agrees_with(printed("312", "户", kind))


def test_slack_comes_from_printed_digits_and_not_from_the_size_of_the_amount():
    assert printed("1000000.00", "万元").half_step == printed("0.01", "万元").half_step == Decimal(50)
    assert printed("358.2", "万元").half_step == Decimal(500)


def test_decimals_of_the_document_sharpen_a_print_and_never_blunt_it():
    short = printed("358.2", "万元")
    assert short.judged_at(2).half_step == Decimal(50)
    assert short.judged_at(0).half_step == short.half_step
    assert short.judged_at(2).text == "358.2万元"


def test_rounding_is_half_up_away_from_zero():
    assert round_half_up(Decimal("2.675"), 2) == Decimal("2.68")
    assert round_half_up(Decimal("2.665"), 2) == Decimal("2.67")  # half-even would say 2.66
    assert round_half_up(Decimal("-2.5"), 0) == Decimal("-3")
    assert cut(Decimal("2.679"), 2) == Decimal("2.67")
    assert cut(Decimal("-2.679"), 2) == Decimal("-2.67")


def test_a_recomputed_value_is_shown_as_the_print_would_show_it():
    assert printed("98.4", "%", "percent").printed_like(Decimal("0.984734")) == Decimal("98.5")
    assert printed("12", "万元").printed_like(Decimal("125000")) == Decimal("13")


def test_no_exponent_reaches_the_reader():
    assert plain(Decimal("1E+4")) == "10000"
    assert plain(Decimal("0E-2")) == "0.00"


def test_excel_floats_lose_their_binary_dust():
    assert from_float(0.1 + 0.2) == Decimal("0.3")
    assert from_float(188.4) == Decimal("188.4")
    assert from_float(3681.54 - 519.84) == Decimal("3161.7")
