"""Filling: what goes in comes back, formulas give what LibreOffice gives, rows are inserted, nothing is overwritten."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libreoffice import need, recalculate_all

import audit
from audit.errors import AuditError
from audit.forms.case import Case
from audit.forms.cell_formulas import cell_formulas
from audit.forms.description import Form, _known_kinds, profile, profile_ids
from audit.forms.fill import filled, filler, forms_of
from audit.forms.labels import ends, label
from audit.forms.read_back import PLACEHOLDER, FormData, read_forms
from audit.forms.template import Template
from audit.forms.values import DASHES, normal_indicator, split_value
from audit.read.assembly import Source
from audit.read.sheet import read_xlsx

D = Decimal
FORMS = [form for name in profile_ids() for form in profile(name).forms() if form.template.is_file()]
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def read_bytes(data: bytes, form: Form) -> FormData:
    document = read_xlsx(data, Source("d1", "表.xlsx", "annex", ""))
    (found,) = read_forms(document, form.profile.id)
    return found


# ---- generated values --------------------------------------------------------------------------------------

HAN = "预算执行指标完成情况补助资金社区老年人服务站点及说明"
short = st.text(HAN + "=+-@&<>\"'%#甲乙丙Aa1 ", min_size=1, max_size=20).map(str.strip)
LABELS = frozenset(label(word) for form in FORMS for word in form.labels()) | ends()


def no_label(text: str) -> bool:
    return bool(text) and label(text) not in LABELS and not PLACEHOLDER.fullmatch(text)


words = short.filter(no_label)
formula_like = st.sampled_from("=+-@").flatmap(lambda c: words.map(lambda w: c + "甲" + w))
name = words | formula_like
long = (
    st.text(HAN + "，。；=+-@\n<&>1234567890.%", min_size=1, max_size=1500).map(str.strip).filter(no_label)
    | formula_like
)
amount = (
    st.decimals(D("-99999.99"), D("99999.99"), places=2)
    | st.decimals(D("0"), D("9"), places=6)
    | st.just(D(0))
    | st.integers(10**10, 10**14).map(lambda n: D(n) / 10)
    | st.sampled_from([D(1), D("0.01"), D("1E+3")])
)
dash = st.sampled_from(DASHES)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": name,
    "long": long,
    "count": st.integers(0, 10**6).map(D),
    "number": st.decimals(D(0), D(100), places=2),
    "money": amount | dash,
    "rate": st.decimals(D(0), D(2), places=4),
    "value": amount | words,
}


@st.composite
def indicator(draw: Any) -> dict[str, Any]:
    counted = draw(st.booleans())
    row: dict[str, Any] = {"name": draw(name), "weight": draw(st.none() | KINDS["number"])}
    row["level1"] = draw(st.sampled_from(["产出指标", "效益指标", "满意度指标", "自设指标"]) | st.none())
    row["level2"] = (
        draw(st.sampled_from(["数量指标", "质量指标", "社会效益指标"]) | st.none()) if row["level1"] else None
    )
    if counted:
        unit = draw(st.sampled_from(["%", "人", "个", "万元", "元/人·月", None]))
        row |= {"target": draw(amount), "sign": draw(st.sampled_from(["≥", "≤", "=", None])), "unit": unit}
        row |= {key: draw(st.none() | amount) for key in ("actual", "midyear", "adjusted_target")}
    else:
        described = words.filter(lambda text: not isinstance(split_value(text)[1], D))
        row |= {
            "target": draw(st.none() | described),
            "actual": draw(st.none() | described),
            "sign": None,
            "unit": None,
        }
    for key in ("score", "completion_rate"):
        row[key] = draw(st.none() | KINDS["number" if key == "score" else "rate"])
    row |= {key: draw(st.none() | long) for key in ("reason", "measures")}
    return normal_indicator(row)


def rows_of(block: str, form: Form) -> st.SearchStrategy[list[dict[str, Any]]]:
    if block == "indicators":
        return st.lists(indicator(), max_size=80).map(lambda rows: Case(indicators=rows).indicators_of(None))
    columns = {c.key: c.kind for c in form.block(block).columns if not c.formula}  # type: ignore[union-attr]
    cells = {
        ("name" if key == "numbered_name" else key): name if kind == "text" else st.none() | KINDS[kind]
        for key, kind in columns.items()
    }
    some = st.fixed_dictionaries(cells).filter(lambda row: any(isinstance(v, D) for v in row.values()))
    return st.lists(some, max_size=12)


@st.composite
def content(draw: Any, form: Form) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    record: dict[str, Any] = {"year": D(draw(st.integers(2015, 2030)))}
    for f in form.fields:
        # What a formula gives may be stated as well, except rates of execution, totals and grades.
        if f.formula and f.key not in _known_kinds(form.per):
            continue
        record[f.key] = draw(st.none() | KINDS[f.kind])
    for pattern in form.texts.values():
        for key in re.findall(r"\{(\w+)\}", pattern):
            if key not in ("year", "last_year"):
                record[key] = draw(st.none() | words)
    return record, {block.key: draw(rows_of(block.key, form)) for block in form.blocks}


def same(put: Any, got: Any) -> bool:
    if isinstance(put, str) and isinstance(got, str):
        return put.strip() == got.strip()
    return bool(put == got)


@each_form
def test_every_value_that_went_in_comes_back_equal(form: Form):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(content(form))
    def comes_back(case: Any) -> None:
        record, blocks = case
        read = read_bytes(filled(form, record, blocks), form)
        assert read.missing == [] and read.problems == []
        keys = filler(form).fields
        told = {k: v for k, v in record.items() if v is not None and (k in keys or k in read.values)}
        lost = {k: (v, read.values.get(k)) for k, v in told.items() if not same(v, read.values.get(k))}
        assert lost == {}
        printed = filler(form).printed
        blank = [k for k in keys if record.get(k) is None and k not in printed and not keys[k].formula]
        invented = {k: read.values[k] for k in blank if read.values[k] is not None}
        assert invented == {}
        for block, rows in blocks.items():
            assert len(read.rows[block]) == len(rows)
            for put, got in zip(rows, read.rows[block], strict=True):
                changed = {
                    k: (v, got[k])
                    for k, v in put.items()
                    if v is not None and k in got and not same(v, got[k])
                }
                assert changed == {}

    comes_back()


# ---- a small department ------------------------------------------------------------------------------------


def row(
    target: str, actual: str, weight: int, project: str | None = None, level1: str = "产出指标", **more: Any
) -> dict[str, Any]:
    record = {
        "project": project,
        "level1": level1,
        "level2": "数量指标",
        "name": f"指标{target}",
        "weight": D(weight),
    }
    return normal_indicator(record | {"target": target, "actual": actual} | more)


def department(projects: int = 2, indicators: int = 4) -> Case:
    return Case(
        department={
            "year": D(2024), "department": "云澄市民政局", "authorized_posts": D(38), "staff": D(36), "preparer": "江某",
            "vehicle_operation_final": D("4.15"), "official_reception_final": D("1.77"), "business_projects_final": D("76.56"),
            "total_initial": D(3530), "total_budget": D("3794.60"), "total_spent": D("3681.54"),
            "basic_spent": D("519.84"), "projects_spent": D("3161.70"), "goal": "按月足额发放各项补贴。", "outcome": "已按月发放。",
        },
        projects=[
            {"name": f"补贴{n}", "appropriation_initial": D(n), "appropriation_budget": D(n), "appropriation_spent": D(n) / 2}
            for n in range(1, projects + 1)
        ],
        earmarks=[{"name": "高龄津贴", "final": D("188.40")}, {"name": "改造资金", "planned": D(150), "final": D("135.54")}],
        indicators=[row(f"≥{n}人", "90人", 10) for n in range(97, 97 + indicators)] + [row("≥10次", "9次", 50, "补贴1")],
    )  # fmt: skip


def grid(path: Path | BytesIO, values: bool = True) -> Any:
    return openpyxl.load_workbook(path, data_only=values).active


def below(page: Any, text: str) -> Iterator[Any]:
    """The cells of the row whose first words are these."""
    for cells in page.iter_rows():
        if any(c.value == text for c in cells[:2]):
            return iter(cells)
    raise AssertionError(text)


def test_a_case_gives_one_file_per_form_and_per_project(tmp_path):
    paths = audit.fill(department(projects=3), "hunan", tmp_path / "附表")
    assert [p.name for p in paths] == [
        "附件1-基础数据表.xlsx", "附件2-整体支出绩效自评表.xlsx", "附件3-1-补贴1.xlsx", "附件3-2-补贴2.xlsx", "附件3-3-补贴3.xlsx",
    ]  # fmt: skip


def test_derived_cells_are_formulas_with_their_values_stored(tmp_path):
    basic, overall, project, _ = audit.fill(department(), "hunan", tmp_path)
    live, stored = grid(basic, values=False), grid(basic)
    assert live["F4"].value == '=IF(AND(ISNUMBER(D4),ISNUMBER(B4),B4<>0),ROUND(D4/B4,4),"")'
    assert stored["F4"].value == 0.9474 and stored["F4"].number_format == "0.00%"
    assert stored["F6"].value == 5.92  # 三公 = 4.15 + 1.77, with no figure for the rest
    assert stored["F12"].value == 400.5  # 项目支出 with both 专项
    total = {c.coordinate[0]: c.value for c in below(grid(overall), "总分")}
    assert (total["G"], total["H"], total["I"]) == (50, round(9.7 + 9.28 + 9.18 + 9.09 + 9.0, 2), "差")
    assert grid(project)["H6"].value == 0.5 and grid(project)["I6"].value == 5


def test_a_zero_budget_leaves_rate_and_score_blank(tmp_path):
    case = department()
    case.projects = [{"name": "未启动项目", "total_budget": D(0), "total_spent": D(0)}]
    project = audit.fill(case, "hunan", tmp_path)[-1]
    assert (grid(project)["H6"].value or "", grid(project)["I6"].value or "") == ("", "")
    assert audit.read_form(project).values["total_budget"] == 0


def test_what_the_case_states_stands_before_what_the_formula_gives(tmp_path):
    case = department()
    case.indicators = [row("≥10次", "9次", 10, score=D(8)), row("有所提升", "有所提升", 10, score=D("9.5"))]
    form = audit.read_form(audit.fill(case, "hunan", tmp_path)[1])
    assert [r["score"] for r in form.rows["indicators"]] == [8, D("9.5")]


def test_a_whole_number_in_a_formula_is_a_number_like_any_other():
    from audit.formulas import compute

    assert compute("rate_score(10, rate)", {"rate": D("0.5739")}) == D("5.74")
    assert compute("add(column, 10)", {"column": [D(1), None]}) == 11
    assert compute("half_up(x, 2)", {"x": D("2.675")}) == D("2.68")


def test_a_date_is_no_number_to_score_by(tmp_path):
    case = department()
    case.indicators = [row("12月底前", "11月完成", 10, score=D(10)), row("2024年6月30日前", "2024年12月", 5)]
    path = audit.fill(case, "hunan", tmp_path)[1]
    page = grid(path, values=False)
    first = Template(profile("hunan").form("overall")).places.blocks["indicators"].first + 1
    assert [page.cell(first + n, 11).value for n in (0, 1)] == [
        None,
        None,
    ]  # no formula that might read a date
    assert [r["score"] for r in audit.read_form(path).rows["indicators"]] == [10, None]


def test_text_longer_than_a_cell_holds_is_refused_and_nothing_is_written(tmp_path):
    case = department()
    case.department["goal"] = "长" * 40_000
    with pytest.raises(AuditError, match="文字过长"):
        audit.fill(case, "hunan", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_indicator_that_does_not_apply_is_left_out_and_the_rest_counts_for_100(tmp_path):
    case = department()
    case.indicators = [row("≥100人", "90人", 60), row("≥1座", "—", 30) | {"weight": "不适用"}]
    form = audit.read_form(audit.fill(case, "hunan", tmp_path)[1])
    assert form.values["full_weight"] == 70
    assert form.values["full_score"] == D("91")  # (54 + 9.70) / 70 × 100
    assert form.values["full_grade"] == "优"


def test_rows_are_inserted_with_format_formulas_merges_and_print_area(tmp_path):
    form = profile("hunan").form("overall")
    blank = grid(form.template, values=False)
    sample = Template(form).places.blocks["indicators"]
    path = audit.fill(department(indicators=40), "hunan", tmp_path)[1]
    page = openpyxl.load_workbook(path).active
    shift = 40 - (sample.last - sample.first + 1)
    last = sample.first + 40
    assert page.print_area == blank.print_area.replace(str(blank.max_row), str(blank.max_row + shift))
    assert page.print_title_rows == blank.print_title_rows
    for r in (sample.first + 1, last - 1, last):
        assert page.cell(r, 4).border.left.style == "thin" and page.cell(r, 5).alignment.wrap_text
        assert page.cell(r, 8).value.startswith(f"=IF(AND(ISNUMBER(G{r})")
        assert page.cell(r, 8).protection.locked and not page.cell(r, 5).protection.locked
    merged = {str(m) for m in page.merged_cells.ranges}
    assert {f"A{sample.first}:A{last}", f"B{sample.first + 1}:B{last}", f"A{last + 1}:F{last + 1}"} <= merged
    assert f"G{sample.first + 1}:G{last}" in {str(v.sqref) for v in page.data_validations.dataValidation}
    assert f"SUM(H{sample.first + 1}:H{last}" in page.cell(last + 1, 8).value
    names = openpyxl.load_workbook(path).defined_names
    assert names["full_score"].attr_text.endswith(f"$H${last + 1}")
    assert page.protection.sheet and page.protection.password is None


def test_text_never_becomes_a_formula(tmp_path):
    case = department(projects=1)
    case.projects[0] |= {"goal": '=HYPERLINK("http://x")', "supervisor": "@SUM(1)", "outcome": "+1-1"}
    path = audit.fill(case, "hunan", tmp_path)[-1]
    page = grid(path, values=False)
    formulas = [c.value for cells in page.iter_rows() for c in cells if c.data_type == "f"]
    assert not [f for f in formulas if "HYPERLINK" in f or "@" in f]
    assert audit.read_form(path).values["goal"] == '=HYPERLINK("http://x")'


def test_long_text_makes_its_row_higher(tmp_path):
    case = department()
    case.department["goal"] = "完成各项任务。" * 60
    page = grid(audit.fill(case, "hunan", tmp_path)[1])
    usual = grid(audit.fill(department(), "hunan", tmp_path / "b")[1])
    at = next(c.row for c in (c for cells in page.iter_rows() for c in cells) if c.value == "预期目标") + 1
    assert page.row_dimensions[at].height > usual.row_dimensions[at].height * 1.5


def test_existing_files_are_kept_unless_told_otherwise(tmp_path):
    first = audit.fill(department(), "hunan", tmp_path)[0]
    before = first.read_bytes()
    with pytest.raises(AuditError, match="已存在"):
        audit.fill(department(), "hunan", tmp_path)
    assert first.read_bytes() == before
    assert audit.fill(department(), "hunan", tmp_path, force=True)[0].exists()
    assert not list(tmp_path.glob("*.part"))


def test_a_project_name_makes_a_safe_file_name_and_no_name_twice(tmp_path):
    case = department()
    case.projects = [{"name": '../甲/乙:"丙"*?'}, {"name": "甲乙丙"}, {"name": "长" * 300}]
    names = [p.name for p in audit.fill(case, "hunan", tmp_path)[2:]]
    assert names[0] == "附件3-1-..甲乙丙.xlsx" and len(set(names)) == 3
    assert all(len(n.encode()) < 255 for n in names)


def test_an_unknown_profile_is_told_with_those_there_are(tmp_path):
    with pytest.raises(AuditError, match="hunan"):
        audit.fill(department(), "atlantis", tmp_path)


def test_a_profile_for_reading_only_and_a_case_without_projects_are_told(tmp_path):
    with pytest.raises(AuditError, match="只供读取"):
        audit.fill(department(), "hubei", tmp_path)
    with pytest.raises(AuditError, match="没有项目"):
        audit.fill(department(projects=0), "mof", tmp_path)


def test_a_form_in_yuan_is_filled_and_read_in_wan_yuan(tmp_path):
    import shutil

    folder = tmp_path / "yuan"
    shutil.copytree(profile("hunan").folder, folder)
    description = folder / "project" / "form.toml"
    description.write_text(description.read_text("utf-8").replace('unit = "万元"', 'unit = "元"'), "utf-8")
    book = openpyxl.load_workbook(folder / "project" / "form.xlsx")
    for cells in book.active.iter_rows():
        for cell in cells:
            if cell.value == "项目资金（万元）":
                cell.value = "项目资金（元）"
    book.save(folder / "project" / "form.xlsx")
    path = audit.fill(department(projects=1), str(folder), tmp_path / "out")[-1]
    assert grid(path)["E7"].value == 10000
    assert audit.read_form(path).values["appropriation_budget"] == 1


def test_blank_dash_and_zero_stay_three_things(tmp_path):
    case = department(projects=1)
    case.projects[0] = {"name": "甲", "other_budget": "—", "carryover_budget": D(0)}
    values = audit.read_form(audit.fill(case, "hunan", tmp_path)[-1]).values
    assert (values["other_budget"], values["carryover_budget"], values["appropriation_budget"]) == (
        "—",
        0,
        None,
    )


# ---- all forms ---------------------------------------------------------------------------------------------


@each_form
def test_the_formulas_printed_in_a_template_are_those_of_its_description(form: Form):
    page = grid(form.template, values=False)
    for (r, c), text in cell_formulas(form, Template(form).places).items():
        assert page.cell(r + 1, c + 1).value == f"={text}"


@pytest.mark.host
def test_libreoffice_agrees_with_every_stored_value(tmp_path: Path):
    need("soffice")
    case = department(projects=2, indicators=12)
    case.indicators += [
        row("≤100万元", "120万元", 5), row("=100%", "96.5%", 5, level1="效益指标"), row("有所提升", "有所提升", 5, score=D(4)),
        row("≥95%", "94.25%", 5, level1="满意度指标", reason="样本偏少。" * 40), row("≥0人", "3人", 2), row("≥7个", "", 2),
    ]  # fmt: skip
    paths = []
    for owner in map(profile, profile_ids()):
        for form, file, record, blocks in forms_of(case, owner):
            paths.append(tmp_path / f"{owner.id}-{file}")
            paths[-1].write_bytes(filled(form, record, blocks))
    differ = []
    for path, again in zip(paths, recalculate_all(paths, tmp_path / "again"), strict=True):
        ours, theirs = grid(path), grid(again)
        for cells in grid(path, values=False).iter_rows():
            for cell in (c for c in cells if c.data_type == "f"):
                a, b = ours[cell.coordinate].value or "", theirs[cell.coordinate].value or ""
                if a != b and not (isinstance(a, float) and pytest.approx(a) == b):
                    differ.append((path.name, cell.coordinate, cell.value, a, b))
    assert len(paths) > 10 and differ == []


def test_a_filled_form_is_a_sound_zip_with_all_parts_of_its_template():
    form = profile("hunan").form("project")
    data = filled(form, {"name": "甲"}, {})
    with zipfile.ZipFile(BytesIO(data)) as made, zipfile.ZipFile(form.template) as template:
        assert made.testzip() is None
        assert sorted(made.namelist()) == sorted(template.namelist())
        same = [n for n in made.namelist() if made.read(n) == template.read(n)]
        assert {"xl/styles.xml", "[Content_Types].xml"} <= set(same)
