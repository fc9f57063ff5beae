"""The worksheet functions as plain Python: the table of calls, the registry, laws that hold for any argument."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import calls
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit.functions import Function, all_functions, texts
from audit.quantity import from_float, round_half_up

FUNCTIONS = {function.name: function for function in all_functions()}
RUN = {name: function.run for name, function in FUNCTIONS.items()}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RATES = [
    "EXEC_RATE",
    "COMPLETION_RATE",
    "ADJUST_RATE",
    "CARRYOVER_RATE",
    "CONTROL_RATE",
    "CHANGE_RATE",
    "SHARE",
]
CELL_BY_CELL = [*RATES, "TIE", "AMOUNT", "GRADE"]


def in_python(call: calls.Call) -> list[Any]:
    """Arguments as `audit.udfs` hands them on: errors as text, blanks as None, dates as dates."""
    arguments = FUNCTIONS[call.function].arguments
    return [
        calls.put(
            value,
            blank=lambda _: None,
            missing=lambda _, a=argument: a.default,
            error=lambda error: error.name,
            date=lambda day: dt.datetime(day.year, day.month, day.day),
        )
        for value, argument in zip(call.args, arguments, strict=False)
    ]


# ---- the table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", calls.all_calls(), ids=lambda call: call.id)
def test_call_gives_what_the_table_says(call):
    got = RUN[call.function](*in_python(call))
    assert calls.same(got, call.gives), f"{got} instead of {call.gives} {call.why}"


def test_the_table_has_every_function_and_nothing_else():
    assert {call.function for call in calls.all_calls()} == set(FUNCTIONS)
    assert len(calls.all_calls()) >= 150


def kinds(value: Any) -> set[str]:
    match value:
        case list():
            shape = {
                (False, False): "one cell",
                (True, False): "column",
                (False, True): "row",
                (True, True): "table",
            }
            inside = set().union(*(kinds(cell) for row in value for cell in row))
            return {shape[len(value) > 1, len(value[0]) > 1]} | {f"{kind} in a range" for kind in inside}
        case calls.Blank():
            return {"blank"}
        case calls.Missing():
            return {"left out"}
        case calls.Error():
            return {"error"}
        case dt.date():
            return {"date"}
        case bool():
            return {"bool"}
        case float():
            size = {"negative"} if value < 0 else {"huge"} if value >= 1e9 else set()
            return {"number", "integer" if value.is_integer() else "fraction"} | size
        case "":
            return {"empty text"}
        case "—" | "-" | "/":
            return {"dash"}
        case "不适用":
            return {"not applicable"}
    if re.fullmatch(r"\s*[\d,，.０-９]+\s*", value):
        return {"text number"}
    if value.endswith("%"):
        return {"percentage"}
    return {"number with unit"} if re.fullmatch(r"[^\d]{0,2}[\d.,]+\D{1,3}", value) else {"words"}


EVERY_KIND = {
    "number", "integer", "fraction", "negative", "huge", "bool", "date", "blank", "left out", "error", "dash",
    "not applicable", "empty text", "text number", "percentage", "number with unit", "words", "one cell", "row", "column",
    "table", "error in a range", "blank in a range",
}  # fmt: skip


def test_the_table_has_every_kind_of_argument():
    found = set().union(*(kinds(value) for call in calls.all_calls() for value in call.args))
    assert EVERY_KIND - found == set()


def test_some_ranges_of_a_call_differ_in_length():
    lengths = [{len(value) for value in call.args if isinstance(value, list)} for call in calls.all_calls()]
    assert any(len(found - {1}) > 1 for found in lengths)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_row_with_a_blank_an_error_and_a_range(name):
    found = set().union(
        *(kinds(value) for call in calls.all_calls() for value in call.args if call.function == name)
    )
    found |= {"error"} if "error in a range" in found else set()
    assert {"blank", "error"} <= found
    assert found & {"column", "row", "table"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_optional_argument_is_given_somewhere_and_left_out_elsewhere(name):
    function = FUNCTIONS[name]
    required = sum(not argument.optional for argument in function.arguments)
    given = {len(call.args) for call in calls.all_calls() if call.function == name}
    assert {required, len(function.arguments)} <= given


# ---- the registry ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_names_and_help_are_what_every_host_can_show(function: Function):
    assert re.fullmatch(r"[A-Z]+(?:_[A-Z]+)*", function.name)
    assert CHINESE.search(function.chinese) and CHINESE.search(function.category)
    assert CHINESE.search(function.help) and len(function.help) <= 255
    for argument in function.arguments:
        assert re.fullmatch(r"[a-z]+(?:_[a-z]+)*", argument.name)
        assert CHINESE.search(argument.help) and len(argument.help) <= 255


def test_chinese_names_are_unique_and_optional_arguments_come_last():
    assert len({function.chinese for function in FUNCTIONS.values()}) == len(FUNCTIONS)
    for function in FUNCTIONS.values():
        optional = [argument.optional for argument in function.arguments]
        assert optional == sorted(optional)


def test_functions_that_spill_are_those_that_give_a_table_for_plain_arguments():
    spilling = {"FIGURES", "CHECK_TEXT", "RECONCILE"}
    assert {function.name for function in FUNCTIONS.values() if function.spills} == spilling


# ---- laws --------------------------------------------------------------------------------------------------

number = st.floats(-1e9, 1e9, allow_nan=False) | st.integers(-1000, 1000).map(float)
printed = st.sampled_from(
    ["57.39%", "4044.35万元", "36人", "—", "", "不适用", "#N/A", "≥95%", "八十万元", "约80万元", "-3"]
)
cell = (
    st.none()
    | st.booleans()
    | number
    | printed
    | st.dates().map(lambda d: dt.datetime(d.year, d.month, d.day))
)
strange = (
    cell | st.floats() | st.text(max_size=12) | st.dates() | st.datetimes() | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False) | st.just("\ud800")
)  # fmt: skip
anything = strange | st.lists(strange, max_size=3) | st.lists(st.lists(strange, max_size=3), max_size=3)


def plain(result: Any) -> bool:
    if isinstance(result, list):
        return bool(result) and all(
            isinstance(row, list)
            and len(row) == len(result[0])
            and all(type(c) in (float, str, bool) for c in row)
            for row in result
        )
    return (
        type(result) in (float, str, bool)
        and result == result
        and result not in (float("inf"), -float("inf"))
    )


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_argument_gives_a_float_a_text_or_a_table_of_these(name, data):
    arguments = [data.draw(anything) for _ in FUNCTIONS[name].arguments]
    assert plain(RUN[name](*arguments))


@pytest.mark.parametrize("name", CELL_BY_CELL)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_column_is_worked_out_cell_by_cell(name, data):
    height = data.draw(st.integers(2, 5))
    required = [a for a in FUNCTIONS[name].arguments if not a.optional]
    columns = [data.draw(st.lists(cell, min_size=height, max_size=height)) for _ in required]
    whole = RUN[name](*([[value] for value in column] for column in columns))
    assert whole == [[RUN[name](*values)] for values in zip(*columns, strict=True)]


@pytest.mark.parametrize("name", RATES)
@given(left=st.lists(cell, min_size=2, max_size=4), right=cell)
@settings(max_examples=30, deadline=None)
def test_a_single_value_goes_with_every_cell_of_a_row(name, left, right):
    assert RUN[name]([left], right) == [[RUN[name](value, right) for value in left]]
    assert RUN[name]([left], [[right]]) == RUN[name]([left], right)


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=8), st.randoms())
@settings(deadline=None)
def test_a_true_total_agrees_in_any_order_and_any_shape(parts, random):
    total, cells = float(sum(parts, Decimal(0))), [float(part) for part in parts]
    random.shuffle(cells)
    assert RUN["SUM_CHECK"](total, [cells]) == RUN["SUM_CHECK"](total, [[c] for c in cells]) == "相符"


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_rate_that_was_worked_out_here_ties_with_itself(spent, budget):
    part, whole = spent / 100, budget / 100
    assert RUN["RATE_CHECK"](RUN["EXEC_RATE"](part, whole), part, whole) in ("相符", "尾差")


@given(st.decimals(0, 10**6, places=2), st.sampled_from(["元", "万元", "亿元"]))
def test_an_amount_printed_and_read_in_one_unit_is_the_same(value, unit):
    assert RUN["AMOUNT"](f"{value}{unit}", unit) == float(value)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9), st.integers(0, 4), st.integers(0, 4))
@example(1, 20000, 0, 0)
@example(5, 100000, 0, 0)
@example(-25, 1000000, 0, 0)
def test_a_rate_worked_out_fast_is_the_exact_one(part, whole, down, further):
    part_, whole_ = part / 10**down, whole / 10**further
    exact = round_half_up(from_float(part_) / from_float(whole_), 4)
    assert RUN["SHARE"](part_, whole_) == float(exact)


def test_cells_in_a_currency_format_come_as_decimals():
    assert RUN["EXEC_RATE"](Decimal("80.0000"), Decimal("100")) == 0.8
    assert RUN["FIGURES"](Decimal("12.5")) == "没有数字"


def test_errors_that_xlwings_cannot_name_come_as_excels_code():
    assert RUN["EXEC_RATE"](-2146826281.0, 100.0) == "单元格有错误值"
    assert RUN["TOTAL_SCORE"]([[8.0], [-2146826243]]) == "单元格有错误值"  # #SPILL!


# ---- kept by content ---------------------------------------------------------------------------------------


def test_the_same_text_is_checked_once(monkeypatch):
    texts.report_of.cache_clear()
    made = []
    check = texts.check_documents
    monkeypatch.setattr(texts, "check_documents", lambda documents: made.append(1) or check(documents))
    source = [["2024年全年预算数100.00万元，执行数80.00万元，预算执行率90.00%。"], [None]]
    first = RUN["CHECK_TEXT"](source)
    assert RUN["CHECK_TEXT"]([list(row) for row in source]) == first
    RUN["FIGURES"](source[0][0])
    RUN["FIGURE"](source, "整体支出", "执行")
    assert made == [1]
    RUN["CHECK_TEXT"]([["2024年全年预算数100.00万元，执行数80.00万元，预算执行率80.00%。"]])
    assert made == [1, 1]


def test_true_and_one_in_a_form_are_not_taken_for_each_other():
    narrative = "2024年末在职人员1人。"
    form = [["项目", "人数"], ["在职人员", 1.0]]
    texts.report_beside.cache_clear()
    RUN["RECONCILE"](narrative, form)
    RUN["RECONCILE"](narrative, [["项目", "人数"], ["在职人员", True]])
    assert texts.report_beside.cache_info().currsize == 2


def test_a_result_that_a_caller_changes_is_whole_again_the_next_time():
    source = "2024年基本支出执行数为10.50万元。"
    RUN["FIGURES"](source)[1][0] = "changed"
    assert RUN["FIGURES"](source)[1][0] == "2024年"


def test_the_page_of_functions_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "docs/make_functions.py", "--check"], cwd=Path(__file__).parent.parent
    )
    assert done.returncode == 0
