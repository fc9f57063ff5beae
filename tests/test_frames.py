"""A report as pandas tables: documented columns, amounts as Decimal, nothing lost."""

from __future__ import annotations

from decimal import Decimal

import pytest

import audit
from audit.frames import COLUMNS, DECIMAL
from audit.report import Report
from audit.rules import all_rules
from tests.conftest import ROOT, text_document

KINDS = ("figures", "checks", "findings", "facts")


@pytest.fixture(scope="module")
def report() -> Report:
    folder = ROOT / "workbooks" / "sample" / "planted"
    return audit.check(folder / "自评报告.docx", sorted(folder.glob("附件*.xlsx")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_one_row_per_thing_and_the_documented_columns(report, kind):
    table = getattr(report, f"{kind}_frame")()
    assert len(table) == len(getattr(report, kind)) > 0
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == COLUMNS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_amounts_are_decimal_or_none_never_float(report, kind):
    table = getattr(report, f"{kind}_frame")()
    for name in (name for name, dtype in COLUMNS[kind].items() if dtype == DECIMAL):
        assert {type(value) for value in table[name]} <= {Decimal, type(None)}, name
        assert any(isinstance(value, Decimal) for value in table[name]), name


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_report_gives_a_table_of_the_same_shape(kind):
    empty = audit.check_documents([text_document("没有数字的一段话。")])
    table = getattr(empty, f"{kind}_frame")()
    assert len(table) == 0
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == COLUMNS[kind]


def test_a_figure_keeps_the_digits_of_its_print_and_its_value_in_yuan():
    table = audit.check_documents([text_document("2024年全年预算数100.10万元，约95%。")]).figures_frame()
    amount = table[table["原文"] == "100.10万元"].iloc[0]
    assert (str(amount["数值"]), amount["单位"], amount["基准值"], amount["基准单位"]) == (
        "100.10", "万元", Decimal(1001000), "元",
    )  # fmt: skip
    assert list(table.loc[table["原文"] == "95%", "约数"]) == [True]
    assert table.loc[table["类别"] == "date", "数值"].isna().all()


def test_a_finding_has_the_numbers_of_its_check():
    text = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。"
    row = audit.check_documents([text_document(text)]).findings_frame().iloc[0]
    assert (row["规则"], row["类型"], row["级别"]) == ("R201", "比率重算", "错误")
    assert (row["报告数"], row["应为"], row["差额"], row["单位"]) == (
        Decimal("96.00"), Decimal("95.00"), Decimal("1.00"), "%",
    )  # fmt: skip
    assert row["原文"] == "96.00%"


def test_sums_over_a_column_are_exact(report):
    table = report.facts_frame()
    money = table[(table["类别"] == "money")]["值"]
    assert isinstance(money.sum(), Decimal)
    assert money.sum() == sum(f.value for f in report.facts if f.kind == "money")


def test_every_rule_belongs_to_a_named_family():
    from audit.frames import family

    assert "其他" not in {family(rule.code) for rule in all_rules()}
