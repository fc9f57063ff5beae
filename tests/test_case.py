"""The case workbook: what is written is what is read, whatever people do to it; and what lint says of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.errors import AuditError
from audit.forms.case import DOUBT, Case, Label, parts, read_case
from audit.forms.case_workbook import needed, write_case
from audit.forms.lint import lint_case

# ---- what is written is read back --------------------------------------------------------------------------

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), include_characters="\n"),
    max_size=60,
)
LEADING = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "＝", "'", "\n", " ", "_x0041_"]), TEXT)
LONG = st.builds(
    lambda text, times: text * times, st.sampled_from(["绩效目标，", "a b\n", "“"]), st.integers(1, 400)
)
WORDS = st.one_of(TEXT, LEADING, LONG).map(lambda t: t[:2000]).filter(lambda t: t.strip() != "")
NUMBERS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(0, 8),
)
NOT_NUMBERS = st.sampled_from(["—", "不适用", "无", "待定", "-"])


def values(label: Label) -> st.SearchStrategy[Any]:
    if label.kind in ("text", "long"):
        return WORDS
    if label.kind == "value":
        return NUMBERS | WORDS
    return NUMBERS | NOT_NUMBERS


def records(labels: tuple[Label, ...]) -> st.SearchStrategy[dict[str, Any]]:
    first = labels[0]
    some = st.dictionaries(st.sampled_from([c.key for c in labels]), st.integers(0, 3), max_size=6)
    full = st.fixed_dictionaries({c.key: values(c) for c in labels})
    return st.builds(
        lambda keys, record: {k: v for k, v in record.items() if k in keys or k == first.key}, some, full
    )


def cases() -> st.SearchStrategy[Case]:
    tables = {p.home: st.lists(records(p.columns), max_size=4) for p in parts() if p.shape == "table"}
    flat = {c.key: values(c) for p in parts() if p.shape == "list" for c in p.columns}
    flat |= {
        f"{r.key}_{c.key}": values(c)
        for p in parts()
        if p.shape == "matrix"
        for r in p.rows
        for c in p.columns
    }
    department = st.builds(
        lambda keys, record: {k: v for k, v in record.items() if k in keys},
        st.sets(st.sampled_from(sorted(flat)), max_size=15),
        st.fixed_dictionaries(flat),
    ).map(lambda d: {**d, "department": "某局"})
    return st.builds(Case, department=department, **tables)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_a_case_written_is_read_back_equal(tmp_path_factory, case):
    path = write_case(case, tmp_path_factory.mktemp("case") / "底稿.xlsx")
    assert read_case(path) == case


def test_sixty_projects_and_eighty_indicators(tmp_path):
    projects = [{"name": f"项目{n}", "total_spent": Decimal(n) / 7} for n in range(60)]
    projects = [{**p, "total_spent": round(p["total_spent"], 6)} for p in projects]
    indicators = [
        {"project": f"项目{n % 60}", "name": f"指标{n}", "target": Decimal(n), "goal": None}
        for n in range(80)
    ]
    case = Case(
        {"year": Decimal(2024)}, projects, [{k: v for k, v in i.items() if v is not None} for i in indicators]
    )
    assert read_case(write_case(case, tmp_path / "c.xlsx")) == case


@pytest.mark.parametrize(
    "number", ["999999999999999", "-0.000001", "0", "123456789.123456", "1E+20", "1E-20"]
)
def test_numbers_keep_every_digit_that_a_spreadsheet_holds(tmp_path, number):
    case = Case({"total_spent": Decimal(number)})
    assert read_case(write_case(case, tmp_path / "c.xlsx")) == case


def test_more_digits_than_a_spreadsheet_holds_are_kept_as_words(tmp_path):
    case = Case(
        {"total_spent": Decimal("12345678901234567.89")},
        [],
        [{"completion_rate": Decimal("0.12345678901234567")}],
    )
    assert read_case(write_case(case, tmp_path / "c.xlsx")) == case


# ---- what the workbook looks like --------------------------------------------------------------------------


def sheets(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def test_no_text_becomes_a_formula(tmp_path):
    case = Case({"department": "=1+1"}, [{"name": '=HYPERLINK("http://a")'}, {"name": "@SUM(A1)"}])
    book = sheets(write_case(case, tmp_path / "c.xlsx"))
    assert [
        c.coordinate for page in book for row in page.iter_rows() for c in row if c.data_type == "f"
    ] == []


def test_every_sheet_has_frozen_heads_and_prints_on_a4(tmp_path):
    book = sheets(write_case(Case({}, [{"name": "甲"}]), tmp_path / "c.xlsx"))
    assert book.sheetnames == ["使用说明", *(part.sheet for part in parts())]
    for part in parts():
        page = book[part.sheet]
        assert page.freeze_panes and page.page_setup.paperSize == 9 and page.print_title_rows == "$3:$3"


def test_a_source_is_a_comment_and_a_doubt_is_yellow(tmp_path):
    case = Case({"staff": Decimal(36), "authorized_posts": Decimal(38)})
    sources = {
        ("department", "staff"): "第6段",
        ("department", "authorized_posts"): f"第6段\n{DOUBT}两处不同",
    }
    page = sheets(write_case(case, tmp_path / "c.xlsx", sources=sources))["单位"]
    sure, unsure = (
        next(r[1] for r in page.iter_rows() if r[0].value == name) for name in ("实际在职人数", "编制数")
    )
    assert "第6段" in sure.comment.text and sure.fill.fgColor.rgb[-6:] != unsure.fill.fgColor.rgb[-6:]
    assert "两处不同" in unsure.comment.text and unsure.fill.fgColor.rgb.endswith("FFF2AB")


def test_what_forms_need_and_nobody_filled_in_is_marked_without_words_in_the_cell(tmp_path):
    page = sheets(write_case(Case({"profile": "hunan"}, [{"name": "甲"}]), tmp_path / "c.xlsx"))["项目"]
    marked = {str(area.sqref) for area in page.conditional_formatting}
    column = next(c.column_letter for c in page[3] if c.value == "财政拨款：全年执行数")
    assert f"{column}4" in marked and page[f"{column}4"].value is None
    assert ("projects", "appropriation_spent") in needed("hunan")
    assert ("projects", "total_spent") not in needed("hunan"), "the form adds it up"


def test_choices_are_drop_down_lists(tmp_path):
    book = sheets(write_case(Case({}, [{"name": "甲"}]), tmp_path / "c.xlsx"))
    lists = {v.formula1 for v in book["指标"].data_validations.dataValidation}
    assert '"≥,≤,="' in lists and any("项目" in text for text in lists)
    assert any("hunan" in v.formula1 for v in book["单位"].data_validations.dataValidation)


def test_a_file_is_not_replaced_unasked(tmp_path):
    path = write_case(Case({"department": "甲局"}), tmp_path / "c.xlsx")
    with pytest.raises(AuditError, match="已存在"):
        write_case(Case({"department": "乙局"}), path)
    assert read_case(path).department["department"] == "甲局"
    assert (
        read_case(write_case(Case({"department": "乙局"}), path, force=True)).department["department"]
        == "乙局"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["c.xlsx"]


def test_only_xlsx_is_written(tmp_path):
    with pytest.raises(AuditError, match="xlsx"):
        write_case(Case(), tmp_path / "c.xls")


# ---- reading what people made of it ------------------------------------------------------------------------


def changed(path: Path, change: Any) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


@pytest.fixture
def small(tmp_path) -> Path:
    case = Case(
        {"department": "甲局", "year": Decimal(2024), "staff": Decimal(36), "total_spent": Decimal("5.5")},
        [{"name": "一号项目", "total_budget": Decimal(10), "total_spent": Decimal(8)}],
        [{"project": "一号项目", "name": "人数", "sign": "≥", "target": Decimal(10), "actual": Decimal(9),
          "completion_rate": Decimal("0.9"), "weight": Decimal(90), "score": Decimal(81)}],
    )  # fmt: skip
    return write_case(case, tmp_path / "c.xlsx")


def find(page: Any, label: str) -> Any:
    return next(c for row in page.iter_rows() for c in row if c.value == label)


def test_rows_and_columns_may_move(small):
    before = read_case(small)

    def move(book):
        book["单位"].insert_rows(1, 2)
        book["单位"].insert_cols(1)
        page = book["项目"]
        page.insert_cols(1)
        page.insert_cols(5)
        page.cell(3, 5, "备用列")
        page.cell(4, 5, "随手写的")
        page.insert_rows(4, 3)
        book.move_sheet("指标", -6)

    assert read_case(changed(small, move)) == before


def test_matrix_rows_and_columns_may_change_places(small):
    def swap(book):
        page = book["整体支出"]
        heads = {c.value: c.column for c in page[3]}
        for row in page.iter_rows(min_row=3):
            a, b = row[heads["年初预算数"] - 1], row[heads["全年执行数"] - 1]
            a.value, b.value = b.value, a.value

    assert read_case(changed(small, swap)).department["total_spent"] == Decimal("5.5")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1,234.5", "1234.5"), ("１２", "12"), (" 7 ", "7"), ("3.2万元", "3.2"), ("50000元", "5"), ("—", "—")],
)
def test_amounts_typed_as_text_are_understood(small, typed, read):
    def type_in(book):
        page = book["项目"]
        page.cell(4, find(page, "全年执行数").column).value = typed

    got = read_case(changed(small, type_in)).projects[0]["total_spent"]
    assert got == (read if read == "—" else Decimal(read))


@pytest.mark.parametrize("typed", ["57.39%", "57.39", 0.5739, "0.5739"])
def test_rates_are_understood_however_they_are_typed(small, typed):
    def type_in(book):
        page = book["指标"]
        head = next(c for c in page[3] if str(c.value).startswith("完成率"))
        page.cell(4, head.column).value = typed

    assert read_case(changed(small, type_in)).indicators[0]["completion_rate"] == Decimal("0.5739")


def test_a_missing_sheet_leaves_its_part_empty(small):
    case = read_case(changed(small, lambda book: book.remove(book["指标"])))
    assert case.indicators == [] and case.projects


def test_another_workbook_is_no_case(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(AuditError, match="不是填表数据"):
        read_case(tmp_path / "a.xlsx")


# ---- lint --------------------------------------------------------------------------------------------------


def said(path: Path) -> list[str]:
    return [str(problem) for problem in lint_case(path)]


def linted(tmp_path: Path, **lists: Any) -> list[str]:
    department = {"department": "甲局", "year": Decimal(2024), **lists.pop("department", {})}
    return said(write_case(Case(department, **lists), tmp_path / "lint.xlsx"))


def test_a_sound_case_has_no_problems(small):
    assert said(small) == []


def indicator(**more: Any) -> dict[str, Any]:
    row = {
        "name": "人数",
        "sign": "≥",
        "target": Decimal(10),
        "actual": Decimal(9),
        "weight": Decimal(90),
        **more,
    }
    return {k: v for k, v in row.items() if v is not None}


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        ({"department": {"year": None, "department": None}}, "没有填写年度"),
        ({"department": {"profile": "火星"}}, "没有这套附表"),
        ({"department": {"profile": "火星" * 500}}, "没有这套附表"),
        ({"department": {"staff": "三十人"}}, "应填整数"),
        ({"department": {"staff": Decimal("3.5")}}, "应为整数"),
        ({"department": {"staff": Decimal(-3)}}, "负数"),
        ({"department": {"total_spent": Decimal("1234567890123456.7")}}, "17位有效数字"),
        ({"department": {"total_spent": Decimal(10), "basic_spent": Decimal(3), "projects_spent": Decimal(6)}}, "多1"),
        (
            {"department": {"three_public_expenses_final": Decimal(5), "vehicle_cost_final": Decimal(4),
                            "official_reception_final": Decimal(2)}},
            "少1",
        ),
        ({"department": {"total_budget": Decimal(10), "total_spent": Decimal(11)}}, "大于预算数"),
        ({"projects": [{"total_spent": Decimal(1)}]}, "没有填写项目名称"),
        ({"projects": [{"name": "甲"}, {"name": "甲"}]}, "出现2次"),
        (
            {"projects": [{"name": "甲", "total_spent": Decimal(5), "appropriation_spent": Decimal(3)}]},
            "各分项相加（3）为3，多2",
        ),
        ({"indicators": [indicator(project="乙")]}, "没有这个项目"),
        ({"indicators": [indicator(sign="约")]}, "应为≥、≤、=之一"),
        ({"indicators": [indicator(name=None)]}, "没有填写三级指标名称"),
        ({"indicators": [indicator(actual=None)]}, "没有填写实际完成值"),
        ({"indicators": [indicator(weight=Decimal(80))]}, "应为100分"),
        ({"indicators": [indicator(score=Decimal(91))]}, "应在0与分值90之间"),
        ({"indicators": [indicator(score=Decimal(70))]}, "计算为81.00"),
        ({"indicators": [indicator(completion_rate=Decimal("0.8"))]}, "计算为90.00%"),
    ],
)  # fmt: skip
def test_lint_names_what_does_not_fit(tmp_path, lists, words):
    assert any(words in line for line in linted(tmp_path, **lists))


def test_lint_names_sheet_cell_row_and_column(tmp_path):
    rows = [{"name": "一号项目", "total_spent": "很多"}]
    assert linted(tmp_path, projects=rows) == [
        "错误 项目 G4：“一号项目”的“全年执行数”写的是“很多”，应填以万元为单位的金额；没有的填0，不适用的填“不适用”"
    ]


def test_spending_beyond_the_budget_is_a_note_only(tmp_path):
    rows = [{"name": "甲", "total_budget": Decimal(5), "total_spent": Decimal(6)}]
    path = write_case(Case({"department": "甲局", "year": Decimal(2024)}, rows), tmp_path / "c.xlsx")
    assert [problem.note for problem in lint_case(path)] == [True]


def test_an_adjusted_target_explains_a_completion_rate(tmp_path):
    row = indicator(adjusted_target=Decimal(18), completion_rate=Decimal("0.5"), score=Decimal(45))
    assert linted(tmp_path, indicators=[row]) == []


@pytest.mark.parametrize(
    ("profile", "tier", "score", "words"),
    [
        ("hunan", "达成", 8, []),
        ("hunan", "部分达成", 7, []),
        ("hunan", "部分达成", "5.5", ["“部分达成”应得6至8分"]),
        ("jiangxi", "部分达成", "5.5", []),  # its tiers are 80/50
        ("hunan", "未达成", 7, ["“未达成”应得0至6分"]),
        ("hunan", "大部分", 7, ["应为达成、部分达成、未达成之一"]),
    ],
)
def test_points_lie_in_the_tier_of_a_qualitative_indicator(tmp_path, profile, tier, score, words):
    row = {"name": "群众生活", "target": "有所改善", "actual": "有所改善", "weight": Decimal(10)}
    row |= {"tier": tier, "score": Decimal(score)}
    told = linted(tmp_path, department={"profile": profile}, indicators=[row])
    told = [line for line in told if "分值相加" not in line]
    assert len(told) == len(words) and all(w in t for w, t in zip(words, told, strict=True))


@pytest.mark.parametrize(
    ("actual", "reason", "noted"), [(130, None, 0), (131, None, 1), (131, "需求增加。", 0)]
)
def test_a_result_far_beyond_its_target_should_have_a_reason(tmp_path, actual, reason, noted):
    row = indicator(target=Decimal(100), actual=Decimal(actual), reason=reason)
    told = linted(tmp_path, indicators=[row])
    assert len(told) == noted and all("请说明原因" in line and line.startswith("提示") for line in told)


def test_words_for_nothing_are_no_problem(tmp_path):
    rows = [{"name": "甲", "total_initial": "—", "other_spent": "不适用", "total_spent": "无"}]
    assert linted(tmp_path, projects=rows) == []


def test_formulas_without_result_and_error_values_are_reported_not_raised(small):
    def break_(book):
        page = book["项目"]
        page.cell(4, find(page, "全年执行数").column).value = "=A1+1"
        page.cell(4, find(page, "全年预算数").column).value = "#DIV/0!"
        page.cell(4, find(page, "全年预算数").column).data_type = "e"

    path = changed(small, break_)
    assert "total_spent" not in read_case(path).projects[0]
    lines = said(path)
    assert any("没有计算结果" in line for line in lines) and any("#DIV/0!" in line for line in lines)
