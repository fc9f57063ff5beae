"""The shipped forms: what their descriptions say is there, printable, protected, and scored by their own rules."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from libreoffice import recalculate_all
from openpyxl.utils import range_boundaries

from audit.forms.cell_formulas import cell_formulas
from audit.forms.description import Form, profile, profile_ids
from audit.forms.fill import filled, filler
from audit.forms.template import Template

D = Decimal
FORMS = [form for name in profile_ids() for form in profile(name).forms() if form.template.is_file()]
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


@cache
def book(form: Form) -> Any:
    return openpyxl.load_workbook(form.template)


@cache
def taken_apart(form: Form) -> Template:
    return Template(form)


def located(form: Form) -> Iterator[tuple[str, str, bool]]:
    """Key, address and whether a formula stands there, of every cell the description names."""
    places = taken_apart(form).places
    for f in form.fields:
        if f.key in places.fields:
            cell = places.fields[f.key]
            yield f.key, book(form).active.cell(cell.row + 1, cell.column + 1).coordinate, bool(f.formula)
    for key, place in places.blocks.items():
        for column in place.block.columns:
            first, last = (
                book(form).active.cell(r + 1, place.columns[column.key] + 1).coordinate
                for r in (place.first, place.last)
            )
            where = first if first == last else f"{first}:{last}"
            yield f"{key}_{column.key}", where, bool(column.formula)


def cells(form: Form, where: str) -> Iterator[Any]:
    left, top, right, bottom = range_boundaries(where)
    for row in book(form).active.iter_rows(top, bottom, left, right):
        yield from row


def test_every_profile_in_the_domain_is_shipped_with_its_forms():
    expected = {
        "chongqing/overall", "hunan/basic-data", "hunan/overall", "hunan/project", "hunan/scoring-2013",
        "jiangxi/overall", "mof/project", "sichuan/project", "transfer-payment/project", "xinjiang/overall",
    }  # fmt: skip
    assert expected <= {form.id for form in FORMS}


def test_the_scoring_table_of_2013_is_filled_only_when_asked_for():
    assert profile("hunan").form_ids == ("basic-data", "overall", "project")
    assert profile("hunan").form("scoring-2013").about["in_force_until"].year == 2020


@each_form
def test_every_cell_of_a_description_is_found_on_its_own_template(form: Form):
    places = taken_apart(form).places
    assert places.missing == []
    wheres = [where for _, where, _ in located(form)]
    assert len(set(wheres)) == len(wheres)
    assert {f.key for f in form.fields} == places.fields.keys()


@each_form
def test_a_template_has_the_formulas_of_its_description_and_no_others(form: Form):
    printed = {
        (c.row - 1, c.column - 1): c.value.removeprefix("=")
        for row in book(form).active.iter_rows()
        for c in row
        if c.data_type == "f"
    }
    assert printed == cell_formulas(form, taken_apart(form).places)


@each_form
def test_a_template_prints_on_a4_one_page_wide_with_its_heads_repeated(form: Form):
    page = book(form).active
    assert page.page_setup.paperSize in (9, "9")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToWidth == 1
    left, top, right, _ = range_boundaries(page.print_area.replace("$", "").rpartition("!")[2])
    assert (left, top) == (1, 1)
    heads = int(page.print_title_rows.replace("$", "").split(":")[0])
    if place := taken_apart(form).places.blocks.get("indicators"):
        assert heads == place.head + 1
    else:
        assert any(c.value for c in page[heads])
    boxed = {c.column for c in page[heads] if c.border.top.style}
    assert max(boxed) == right  # calculation columns beside the form have no box and are not printed


@each_form
def test_a_template_is_protected_without_a_password_and_open_where_one_writes(form: Form):
    page = book(form).active
    assert page.protection.sheet
    assert not page.protection.password
    for key, where, formula in located(form):
        for cell in cells(form, where):
            told = cell.value is not None and not formula  # points that the form itself prints
            assert cell.protection.locked == (formula or told), (key, cell.coordinate)


@each_form
def test_names_point_at_the_cells_they_name(form: Form):
    names = {
        name: defined.attr_text.rpartition("!")[2].replace("$", "")
        for name, defined in book(form).defined_names.items()
    }
    assert names == {key: where for key, where, _ in located(form)}


@each_form
def test_entries_are_validated(form: Form):
    rules = book(form).active.data_validations.dataValidation
    ranges = {str(r): (rule.type, rule.errorStyle) for rule in rules for r in rule.sqref.ranges}
    kinds = {f.key: f.kind for f in form.fields}
    kinds |= {f"{b.key}_{c.key}": c.kind for b in form.blocks for c in b.columns}
    columns = {
        key.removeprefix("indicators_"): where
        for key, where, _ in located(form)
        if key.startswith("indicators_")
    }
    for key, type in (("weight", "custom"), ("score", "custom"), ("sign", "list"), ("core", "list")):
        if key in columns and (key != "score" or "weight" in columns):
            assert ranges[columns[key]][0] == type, key
    for key, where, formula in located(form):
        if kinds[key] == "money" and not formula:
            assert any(_covers(r, where) and kind == ("decimal", "warning") for r, kind in ranges.items()), (
                key
            )


def _covers(outer: str, inner: str) -> bool:
    a, b = range_boundaries(outer), range_boundaries(inner)
    return a[0] <= b[0] and a[1] <= b[1] and a[2] >= b[2] and a[3] >= b[3]


# ---- rules of single forms ---------------------------------------------------------------------------------


def scores(values: dict[str, Any], buildings: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What the scoring table of 2013 makes of a department."""
    form = profile("hunan").form("scoring-2013")
    scopes, _, _ = filler(form).values(values, {"buildings": buildings or []})
    return scopes[0]


@pytest.mark.parametrize(
    ("staff", "score"),
    [
        ("100", "5"),
        ("99", "5"),
        ("100.01", "4.5"),
        ("101", "4.5"),
        ("101.01", "4"),
        ("110", "0"),
        ("130", "0"),
    ],
)
def test_each_point_of_staff_begun_above_the_posts_costs_half_a_point(staff: str, score: str):
    assert scores({"staff": D(staff), "authorized_posts": D(100)})["staff_control_score"] == D(score)


@pytest.mark.parametrize(
    ("planned", "last", "score"),
    [("100", "100", "5"), ("80", "100", "5"), ("101", "100", "4.5"), ("0", "0", "5"), ("3", "0", None)],
)
def test_three_public_expenses_may_not_grow(planned: str, last: str, score: str | None):
    values = {"three_public_expenses_planned": D(planned), "three_public_expenses_last_budget": D(last)}
    assert scores(values)["three_public_change_score"] == (None if score is None else D(score))


@pytest.mark.parametrize(
    ("spent", "score"), [("1000", "5"), ("999", "3"), ("950", "3"), ("949", "1"), ("900", "1"), ("899", "0")]
)
def test_each_five_points_begun_below_completion_cost_two_points(spent: str, score: str):
    values = {
        "total_initial": D(800),
        "total_budget": D(1000),
        "carryover_budget": D(150),
        "total_spent": D(spent),
    }
    assert scores(values)["budget_completion_score"] == D(score)


@pytest.mark.parametrize(
    ("added", "score"),
    [("0", "5"), ("0.1", "4"), ("100", "4"), ("101", "3"), ("200", "3"), ("300", "2"), ("301", "0")],
)
def test_supplements_are_scored_by_bands(added: str, score: str):
    assert scores({"total_initial": D(1000), "added_budget": D(added)})["budget_control_score"] == D(score)


def test_buildings_are_measured_together_and_full_where_there_are_none():
    assert scores({})["area_control_score"] == scores({})["investment_control_score"] == 5
    two = [
        {
            "area_approved": D(1000),
            "area_built": D(1040),
            "investment_approved": D(100),
            "investment_spent": D(100),
        },
        {
            "area_approved": D(1000),
            "area_built": D(1000),
            "investment_approved": D(100),
            "investment_spent": D(111),
        },
    ]
    found = scores({}, two)
    assert (found["area_rate"], found["area_control_score"]) == (D("1.02"), 3)
    assert (found["investment_rate"], found["investment_control_score"]) == (D("1.055"), 1)


def test_the_scoring_table_has_a_total_only_when_every_row_has_its_score():
    assert scores({})["full_score"] is None
    form = profile("hunan").form("scoring-2013")
    every = {f.key: D(4) for f in form.fields if f.key.endswith("_score") and f.key != "full_score"}
    found = scores(every)
    assert (found["full_weight"], found["full_score"], found["grade"]) == (100, 4 * len(every), "中")


def test_a_stated_completion_rate_stands_and_the_score_follows_it():
    row = {"name": "甲", "sign": "≤", "target": D(50), "actual": D(40), "unit": "万元", "weight": D(12)}
    form = profile("xinjiang").form("overall")
    for stated, score in ((None, D(12)), (D("0.5739"), D("6.89"))):
        scopes, _, _ = filler(form).values({}, {"indicators": [row | {"completion_rate": stated}]})
        assert scopes[1]["score"] == score


def test_the_coefficient_of_chongqing_follows_the_adjusted_target_and_stops_at_one():
    form = profile("chongqing").form("overall")
    rows = [
        {
            "name": "甲",
            "sign": "≥",
            "target": D(26),
            "adjusted_target": D(15),
            "actual": D(12),
            "weight": D(10),
        },
        {"name": "乙", "sign": "≥", "target": D(10), "actual": D(12), "weight": D(20)},
        {"name": "丙", "target": "有所改善", "actual": "有所改善", "weight": D(60), "score": D(54)},
    ]
    record = {"total_budget": D(100), "total_spent": D(76)}
    scopes, _, _ = filler(form).values(record, {"indicators": rows})
    assert [row["completion_rate"] for row in scopes[1:]] == [D("0.8"), 1, None]
    assert scopes[0]["full_score"] == D("7.6") + 8 + 20 + 54


# ---- against LibreOffice -----------------------------------------------------------------------------------

COUNTED = {"level1": "产出指标", "level2": "数量指标", "unit": "个", "weight": D(20)}
ROWS: list[dict[str, Any]] = [
    {**COUNTED, "name": "甲", "sign": "≥", "target": D(7), "actual": D(6)},
    {**COUNTED, "name": "乙", "sign": "≤", "target": D(90), "actual": D("97.5")},
    {**COUNTED, "name": "丙", "sign": "=", "target": D(0), "adjusted_target": D(3), "actual": D(2)},
    {
        "level1": "效益指标",
        "name": "丁",
        "target": "有所改善",
        "actual": "改善",
        "weight": D(20),
        "score": D(18),
    },
    {
        "level1": "满意度指标",
        "name": "戊",
        "sign": "≥",
        "target": D(95),
        "actual": D("94.25"),
        "weight": D(10),
    },
]


def one_case(form: Form) -> bytes:
    """Every amount and count filled with another number, except those that formulas give."""
    record: dict[str, Any] = {"year": D(2024)}
    for n, f in enumerate(form.fields):
        if f.kind in ("money", "count") and not f.formula:
            record[f.key] = D(1000 + 37 * (n * 7 % 11)) / (1 if f.kind == "count" else 8)
        elif f.kind in ("text", "long") and not f.formula:
            record[f.key] = f"甲{n}"
        elif f.kind == "number" and f.key.endswith("_score") and not f.formula:
            record[f.key] = D("3.5")
    building = {"area_approved": D(900), "area_built": D(931), "investment_spent": D(80)}
    more = {
        "earmarks": [{"name": "甲", "final": D("1.25")}, {"name": "乙", "previous": D(3), "final": D(0)}],
        "buildings": [building | {"investment_approved": D(77)}] * 2,
    }
    return filled(form, record, {"indicators": ROWS, **more})


@pytest.mark.host
def test_libreoffice_works_out_what_is_stored(tmp_path: Path):
    files = []
    for form in FORMS:
        files.append(tmp_path / f"{form.id.replace('/', '-')}.xlsx")
        files[-1].write_bytes(one_case(form))
        files.append(tmp_path / f"{form.id.replace('/', '-')}-blank.xlsx")
        files[-1].write_bytes(filled(form, {}, {}))
    compared = 0
    for ours, theirs in zip(files, recalculate_all(files, tmp_path / "again"), strict=True):
        formulas = openpyxl.load_workbook(ours).active
        stored, anew = (openpyxl.load_workbook(path, data_only=True).active for path in (ours, theirs))
        for row in formulas.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    a, b = (page[cell.coordinate].value or "" for page in (stored, anew))
                    assert (a, cell.coordinate, ours.name) == (b, cell.coordinate, ours.name)
                    compared += a != ""
    assert compared > 150
