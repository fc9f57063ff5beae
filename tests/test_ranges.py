"""The formula language of checks, ranges through arithmetic, and the verdict on what comes out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.findings import Status, verdict
from audit.quantity import Quantity
from audit.ranges import Range, evaluate, names_in


def amount(value: str, unit: str = "万元", kind: str = "money") -> Quantity:
    decimals = max(0, -int(Decimal(value).as_tuple().exponent))
    return Quantity(Decimal(value), unit, kind, f"{value}{unit}", decimals)


def given(*values: str, unit: str = "万元", kind: str = "money") -> dict[str, Range]:
    quantities = (amount(value, unit, kind) for value in values)
    return {f"f{i}": Range(q.exact, q.low, q.high) for i, q in enumerate(quantities, 1)}


def test_a_sum_carries_the_slack_of_its_parts():
    total = evaluate("f1 + f2 + f3", given("33.33", "33.33", "33.34"))
    assert (total.exact, total.low, total.high) == (Decimal(1000000), Decimal(999850), Decimal(1000150))


def test_a_rate_lies_between_what_its_prints_allow():
    rate = evaluate("f1 / f2", given("1234.56", "1253.70"))
    assert Decimal("0.984725") < rate.low < rate.exact < rate.high < Decimal("0.984742")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("f1 - f2", "40"),
        ("f1 * f2 * 12", "72000"),
        ("(f1 - f2) / f2", "0.6666666666666666666666666667"),
        ("-f1 + 200", "100"),
        ("min(f2, f2 * 1.2)", "60"),
        ("max(f1 - f2, f2 - f1) / f1", "0.4"),
    ],
)
def test_the_language_knows_what_checks_need(formula, value):
    assert evaluate(formula, given("100", "60", unit="人", kind="count")).exact == Decimal(value)


def test_subtraction_widens_and_never_narrows():
    difference = evaluate("f1 - f2", given("100.00", "40.00"))
    assert (difference.low, difference.high) == (Decimal(599900), Decimal(600100))


@pytest.mark.parametrize("divisor", ["0", "0.00"])
def test_division_by_what_may_be_zero_is_refused(divisor):
    with pytest.raises(ZeroDivisionError):
        evaluate("f1 / f2", given("100.00", divisor))


def test_a_zero_count_is_a_zero_divisor_too():
    with pytest.raises(ZeroDivisionError):
        evaluate("f1 / f2", given("36", "0", unit="人", kind="count"))


@pytest.mark.parametrize(
    "formula", ["__import__('os')", "f1.exact", "f1 ** 2", "[f1]", "f1 if f1 else f1", "abs(f1)"]
)
def test_nothing_else_is_a_formula(formula):
    with pytest.raises(ValueError, match="not a formula"):
        evaluate(formula, given("1"))


def test_names_come_in_order_and_once():
    assert names_in("min(f12, f12 * f3 / f120)") == ["f12", "f3", "f120"]


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("98.5", "相符"),
        ("98.47", "相符"),
        ("98.473", "相符"),
        ("98.4", "尾差"),
        ("98.48", "不符"),
        ("98.6", "不符"),
    ],
)
def test_verdict_on_a_rate(printed, status):
    """1234.56 ÷ 1253.70 = 98.473…%: rounded, cut off, or wrong."""
    got = evaluate("f1 / f2", given("1234.56", "1253.70"))
    assert verdict(amount(printed, "%", "percent"), got) == status


@pytest.mark.parametrize(("printed", "status"), [("100.00", "相符"), ("100.01", "尾差"), ("100.02", "不符")])
def test_verdict_on_a_sum_of_rounded_amounts(printed, status):
    """The slack of three prints is 0.015 and of the total 0.005: 0.01 off may be rounding, 0.02 may not."""
    assert verdict(amount(printed), evaluate("f1 + f2 + f3", given("33.33", "33.33", "33.34"))) == status


def test_verdict_on_counts_knows_no_slack():
    got = evaluate("f1 + f2", given("120", "380", unit="人", kind="count"))
    assert verdict(amount("500", "人", "count"), got) is Status.AGREES
    assert verdict(amount("501", "人", "count"), got) is Status.DIFFERS


def test_limits_are_kept_at_the_limit():
    got = evaluate("f1", given("100.00"))
    assert verdict(amount("100.00"), got, "<=") is Status.AGREES
    assert verdict(amount("100.01"), got, "<=") is Status.DIFFERS
    assert verdict(amount("100.00"), got, ">=") is Status.AGREES
    assert verdict(amount("99.99"), got, ">=") is Status.DIFFERS
