"""A wrong digit in a figure that nothing else supports: what is asked about, and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.nearby import prints
from audit.quantity import Quantity
from audit.run import check_documents
from tests.conftest import text_document


def slips(text):
    found = check_documents([text_document(text)]).findings
    return [(f.code, str(f.severity)) for f in found if "疑为笔误" in f.message]


@pytest.mark.parametrize(
    ("sound", "slip", "code"),
    [
        ("常住人口52.38万人。\n年末签约居民21.46万人，签约覆盖率40.97%。", ("40.97", "49.07"), "R207"),
        ("全年受理来信1347件，其中群众来信926件、网上来信421件。", ("1347", "1447"), "R101"),
        ("共开展活动86场次，城区32场次，乡镇54场次。", ("54", "59"), "R101"),
    ],
)
def test_a_digit_that_would_make_a_rule_agree_is_asked_about(sound, slip, code):
    assert slips(sound) == []
    assert (code, "疑点") in slips(sound.replace(*slip))


@pytest.mark.parametrize(
    "text",
    [
        "全市办理结婚登记1042对，离婚登记365对，补结婚证277对，补离婚证47对。",
        "事业编制57人（在职57人），退休71人，遗属6人。",
        "资助8名学生每人5000元；另有捐款45000元。",
        "基本支出年初预算数508.00万元。\n基本支出全年预算数518.00万元。",
    ],
    ids=["not its parts", "outside the bracket", "too few digits", "two readings"],
)
def test_figures_that_only_happen_to_be_near_are_left_alone(text):
    assert slips(text) == []


def texts(quantity):
    meant = prints(quantity)
    return [meant.quantity_of(number).text for number in meant.numbers]


def test_prints_have_one_digit_changed_or_two_neighbours_exchanged():
    found = texts(Quantity(Decimal("12.5"), "万元", "money", "12.5万元", 1))
    assert "21.5万元" in found and "15.2万元" in found and "92.5万元" in found
    assert "12.5万元" not in found and "2.5万元" not in found
    assert "12.6万元" not in found, "one in the last place is rounding"
    assert texts(Quantity(Decimal("3"), "个", "count", "三个")) == []
