"""Chinese numerals and what is none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.numerals import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", "0"),
        ("一", "1"),
        ("两", "2"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("二十五", "25"),
        ("一百零五", "105"),
        ("一百一十", "110"),
        ("一千二百", "1200"),
        ("一千零二十", "1020"),
        ("一万", "10000"),
        ("一千二百万", "12000000"),
        ("三千万", "30000000"),
        ("一亿二千万", "120000000"),
        ("二〇二四", "2024"),
        ("二零二四", "2024"),
        ("九十五点五", "95.5"),
        ("零点零五", "0.05"),
        ("壹佰贰拾叁", "123"),
        ("壹万伍仟", "15000"),
    ],
)
def test_numerals_as_they_are_written(text, value):
    assert parse(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "万", "亿元", "点五", "九十五点", "九十五点十", "三公", "甲", "12"])
def test_what_is_no_numeral_is_none_and_not_zero(text):
    assert parse(text) is None
