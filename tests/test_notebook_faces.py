"""Helpers of the notebooks: the numbers that tables and charts show, folders that hold unreadable files, `%%check`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import warnings
from decimal import Decimal
from pathlib import Path

import pytest

import audit
from audit.errors import AuditError
from audit.faces import notebook
from audit.faces.cli import main
from audit.faces.notebook import Unread, check_folder, make_departments, projects_frame, what_if
from audit.findings import Status
from audit.formulas import rate
from audit.report import Report
from tests.conftest import ROOT, text_document

PLANTED = ROOT / "workbooks" / "sample" / "planted"


@pytest.fixture(scope="module")
def report() -> Report:
    return audit.check(PLANTED / "自评报告.docx", sorted(PLANTED.glob("附件*.xlsx")))


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict:
    return check_folder(make_departments(tmp_path_factory.mktemp("departments"), 12), progress=False)


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def drawn(chart: notebook.Chart) -> list[str]:
    """The words in a picture that was really drawn; a missing glyph warns and so fails."""
    assert chart._repr_png_().startswith(b"\x89PNG")
    import matplotlib.text

    return [t.get_text() for t in chart.figure.findobj(matplotlib.text.Text) if t.get_text()]


# ---- projects ----------------------------------------------------------------------------------------------


def test_projects_carry_the_amounts_of_the_report_and_recomputed_rates(report):
    table = projects_frame(report)
    assert list(table["项目"])[:2] == ["困难群众救助补助资金", "残疾人两项补贴资金"] and len(table) == 6
    for row in table.to_dict("records"):
        assert row["执行率"] == rate(row["执行"], row["全年预算"])
        assert row["结转"] == row["全年预算"] - row["执行"]
        assert all(type(row[key]) is Decimal for key in ("年初预算", "全年预算", "执行", "报告执行率"))


def test_a_project_without_a_budget_has_no_rate():
    text = """
    2024年度部门整体支出绩效自评报告
    项目支出情况
    1.甲项目。全年预算数为0万元，全年执行数为0万元。
    2.乙项目。全年预算数为10.00万元，全年执行数为9.00万元，预算执行率为90.00%。
    """
    table = projects_frame(audit.check_documents([text_document(text)])).set_index("项目")
    assert table.loc["甲项目", "执行率"] is None
    assert table.loc["乙项目", "执行率"] == Decimal("0.9000")


def frame(spent: str, budget: str = "300", stated: str | None = None):
    from audit.faces.notebook.projects import PROJECT_COLUMNS
    from audit.frames import typed_frame

    row = ("甲", None, Decimal(budget), Decimal(spent), None, None, Decimal(stated) if stated else None)
    return typed_frame(PROJECT_COLUMNS, [row])


@pytest.mark.parametrize(
    "spent, rule, shown, score",
    [
        ("200", {}, "66.67", "6.67"),
        ("200", {"decimals": 0}, "67", "6.70"),
        ("200", {"cut_off": True}, "66.66", "6.67"),
        ("330", {}, "110.00", "10.00"),
        ("330", {"cap": False}, "110.00", "11.00"),
        ("285", {"full_from": 0.95}, "95.00", "10.00"),
        ("285", {"full_from": 0.95, "weight": 20}, "95.00", "20.00"),
        ("284", {"full_from": 0.95}, "94.67", "9.47"),
    ],
)
def test_another_rule_gives_another_score(spent, rule, shown, score):
    row = what_if(frame(spent), **rule).iloc[0]
    assert (str(row["执行率"]), str(row["得分"])) == (shown, score)


def test_what_if_tells_how_far_the_printed_rate_is_away():
    row = what_if(frame("200", stated="0.6700")).iloc[0]
    assert (row["报告执行率"], row["相差"]) == (Decimal("67.00"), Decimal("0.33"))


def test_what_if_leaves_blank_what_cannot_be_divided():
    row = what_if(frame("5", budget="0")).iloc[0]
    assert row["执行率"] is None and row["得分"] is None


# ---- charts ------------------------------------------------------------------------------------------------


def test_the_waterfall_shows_all_projects_or_one(report):
    projects = projects_frame(report)
    chart = notebook.waterfall(projects)
    assert dict(chart.values.to_numpy().tolist()) == {
        "年初预算": projects["年初预算"].sum(), "年中调增": Decimal(250), "全年预算": projects["全年预算"].sum(),
        "执行": -projects["执行"].sum(), "结转结余": projects["结转"].sum(),
    }  # fmt: skip
    assert "3272.00" in drawn(chart)
    assert "民政业务工作经费：从年初预算到结转（万元）" in drawn(notebook.waterfall(projects.iloc[3]))


def test_rates_are_ranked_and_those_below_the_threshold_marked(report):
    chart = notebook.ranked_rates(projects_frame(report), threshold=0.9)
    assert list(chart.values["执行率"]) == sorted(chart.values["执行率"], reverse=True)
    assert list(chart.values["低于门槛"]) == [rate < Decimal("0.9") for rate in chart.values["执行率"]]
    assert {"99.51%", "75.30%", "执行率（%），虚线为 90%"} <= set(drawn(chart))


def test_no_float_dust_is_drawn(report, reports):
    projects = projects_frame(report)
    charts = [notebook.waterfall(projects), notebook.ranked_rates(projects)]
    charts += [getattr(notebook, name)(reports) for name in ("heatmap", "outliers", "benford", "last_digits")]
    for chart in charts:
        assert [words for words in drawn(chart) if "00000" in words or "99999" in words] == []


def test_the_heat_map_counts_every_finding_once(reports):
    chart = notebook.heatmap(reports)
    assert chart.values.to_numpy().sum() == sum(len(r.findings) for r in reports.values()) > 0
    assert set(chart.values.index) == set(reports) <= set(drawn(chart))


def test_outliers_are_rates_far_from_the_others():
    from audit.faces.notebook.charts import fences

    low, high = fences([Decimal(n) for n in (95, 96, 96, 97, 97, 98, 98, 99, 30)])
    assert Decimal(30) < low < Decimal(95) and Decimal(99) < high
    few = fences([Decimal(1), Decimal(99)])
    assert few[0] < -(10**9) and few[1] > 10**9, "too few to say that one stands apart"


@pytest.mark.parametrize("name, digits", [("benford", range(1, 10)), ("last_digits", range(10))])
def test_digits_are_counted_and_the_caution_is_in_the_picture(reports, name, digits):
    chart = getattr(notebook, name)(reports)
    assert list(chart.values["数字"]) == list(digits)
    assert chart.values["个数"].sum() > 100
    assert any("不是差错，更不是造假的证据" in words for words in drawn(chart))


@pytest.mark.parametrize("name", ["heatmap", "outliers", "benford", "last_digits"])
def test_a_picture_of_no_reports_is_empty_but_drawn(name):
    assert drawn(getattr(notebook, name)({"甲": Unread("甲", "坏了")}))


def test_chinese_is_drawn_with_the_bundled_font():
    import mplfonts
    from matplotlib import font_manager

    from audit.faces.notebook.show import FONT, FONT_FILE, use_chinese_font

    use_chinese_font()
    bundled = Path(mplfonts.__file__).parent / "fonts" / FONT_FILE
    assert str(bundled) in {f.fname for f in font_manager.fontManager.ttflist if f.name == FONT}


# ---- folders -----------------------------------------------------------------------------------------------


def test_one_unreadable_department_does_not_stop_the_others(tmp_path):
    make_departments(tmp_path, 2)
    for name, content in {"甲局": b"", "乙局": b"PK\x03\x04broken"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "自评报告.docx").write_bytes(content)
    (tmp_path / "丙局").mkdir()
    found = check_folder(tmp_path, progress=False)
    assert len(found) == 5 and sum(isinstance(each, Report) for each in found.values()) == 2
    assert "文件为空" in found["甲局"].error and "没有找到" in found["丙局"].error
    assert "3 个部门未能核对" in "".join(drawn(notebook.heatmap(found)))


def test_a_fault_of_ours_in_one_department_does_not_stop_the_others(tmp_path, monkeypatch):
    from audit.faces.notebook import folder

    make_departments(tmp_path, 2)
    real, calls = folder.check, []

    def faulty(*given):
        calls.append(given)
        if len(calls) == 1:
            raise RuntimeError("boom")
        return real(*given)

    monkeypatch.setattr(folder, "check", faulty)
    first, second = check_folder(tmp_path, progress=False).values()
    assert isinstance(first, Unread) and "boom" in first.error and isinstance(second, Report)


def test_the_narrative_is_told_from_the_annexes_and_from_its_own_other_formats():
    from audit.faces.notebook.folder import department_files

    narrative, annexes = department_files(PLANTED)
    assert narrative.name == "自评报告.docx"
    assert annexes == sorted(PLANTED.glob("附件*.xlsx"))


def test_a_folder_without_departments_is_told(tmp_path):
    with pytest.raises(AuditError, match="没有部门的子文件夹"):
        check_folder(tmp_path)
    with pytest.raises(AuditError, match="找不到这个文件夹"):
        check_folder(tmp_path / "none")


def test_made_departments_are_the_same_every_time_and_partly_sound(tmp_path, reports):
    def content(folder: Path) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

    assert content(make_departments(tmp_path / "a", 4)) == content(make_departments(tmp_path / "b", 4))
    wrong = [sum(c.status is Status.DIFFERS for c in r.checks) for r in reports.values()]
    assert 0 in wrong and max(wrong) > 0
    assert all(r.department == name and r.year == 2024 for name, r in reports.items())
    assert {c.status for r in reports.values() for c in r.checks} <= {
        Status.AGREES,
        Status.ROUNDING,
        Status.DIFFERS,
    }


def test_two_hundred_departments_are_checked_and_drawn_within_a_minute(tmp_path):
    start = time.monotonic()
    found = check_folder(make_departments(tmp_path, 200), progress=False)
    for name in ("heatmap", "outliers", "benford", "last_digits"):
        drawn(getattr(notebook, name)(found))
    assert len(found) == 200 and not any(isinstance(each, Unread) for each in found.values())
    assert time.monotonic() - start < 60


# ---- commands ----------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("default")
def test_a_notebook_is_run_on_a_report_and_gives_a_page_that_stands_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    Path("甲'局 自评报告.txt").write_text(
        "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。", "utf-8"
    )
    assert main(["report", "甲'局 自评报告.txt", "--notebook", "01", "-o", "核对.html"]) == 0
    page = Path("核对.html").read_text("utf-8")
    assert "按95.00万元÷100.00万元计算为95.00%" in page and "data:image/png" in page
    assert "sample_folder()" not in page, "the code is not shown"
    assert (
        re.findall(r"""(?:<script[^>]+src=|<link[^>]+href=|import\(|Url = )["']?(?:https?:|["'])""", page)
        == []
    )
    assert main(["report", "甲'局 自评报告.txt", "-o", "核对.html"]) == 2
    assert "文件已存在" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given, words",
    [
        (["没有.txt", "-o", "a.html"], "找不到文件"),
        (["a.txt", "--notebook", "77", "-o", "a.html"], "没有这个编号的笔记本"),
        (["a.txt", "--notebook", "04", "-o", "a.html"], "不是核对一份报告用的"),
        (["a.txt", "--notebook", "mine.ipynb", "-o", "a.html"], "找不到这个笔记本"),
        (["a.txt", "-o", "none/a.html"], "无法写入"),
        (["a.txt", "-o", "a.txt", "--force"], "这是要核对的文件"),
    ],
)
def test_what_is_wrong_with_the_command_is_told_in_chinese(given, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("2024年", "utf-8")
    assert main(["report", *given]) == 2
    assert words in capsys.readouterr().err
    assert Path("a.txt").read_text("utf-8") == "2024年"


@pytest.mark.filterwarnings("default")
def test_a_report_that_cannot_be_read_is_told_and_no_page_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    Path("a.docx").write_bytes(b"")
    assert main(["report", "a.docx", "-o", "a.html"]) == 2
    assert "文件为空" in capsys.readouterr().err
    assert not Path("a.html").exists()


def test_notebooks_are_copied_with_the_sample_and_changed_files_are_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["notebooks", "-o", "mine", "--copy-only"]
    assert main(command) == main(command) == 0
    copied = {p.name for p in Path("mine").glob("*.ipynb")}
    assert {name[:2] for name in copied} == {"01", "02", "03", "04", "05"}
    assert (Path("mine") / "样例" / "planted" / "自评报告.docx").is_file()
    first = Path("mine") / min(copied)
    first.write_text("mine", "utf-8")
    assert main(command) == 2 and first.read_text("utf-8") == "mine"
    assert "不会覆盖" in capsys.readouterr().err
    assert main([*command, "--force"]) == 0 and first.read_text("utf-8") != "mine"


def test_jupyterlab_is_started_on_the_copies_without_looking_for_news(tmp_path, monkeypatch):
    from audit.faces import notebook_commands

    started = []

    monkeypatch.setattr(notebook_commands, "_until_closed", lambda command: started.append(command) or 0)
    assert main(["notebooks", "-o", str(tmp_path)]) == 0
    assert started[0][1:3] == ["-m", "jupyterlab"] and started[0][-1] == str(tmp_path)
    assert "--LabApp.news_url=None" in started[0] and "--no-browser" not in started[0]
    assert main(["notebooks", "-o", str(tmp_path), "--no-browser"]) == 0
    assert "--no-browser" in started[1]


def test_ctrl_c_is_left_to_jupyterlab(monkeypatch):
    from audit.faces import notebook_commands

    class Interrupted(subprocess.Popen):
        times = 0

        def wait(self, timeout=None):
            Interrupted.times += 1
            if Interrupted.times == 1:
                raise KeyboardInterrupt
            return super().wait(timeout)

    monkeypatch.setattr(notebook_commands.subprocess, "Popen", Interrupted)
    assert notebook_commands._until_closed([sys.executable, "-c", "raise SystemExit(3)"]) == 3


@pytest.mark.parametrize("command", [["notebooks", "-o", "x"], ["report", "a.txt", "-o", "a.html"]])
def test_without_the_extra_the_commands_tell_what_to_install(command, tmp_path, monkeypatch, capsys):
    from audit.faces import notebook_commands

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebook_commands, "find_spec", lambda name: None)
    assert main(command) == 2
    assert "[notebooks]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# ---- tables, the grid, the magic ---------------------------------------------------------------------------


def test_a_table_works_offline_and_shows_decimals_as_written(report):
    html = notebook.table(projects_frame(report))._repr_html_()
    assert "184.8" in html and "0.9858" in html
    assert "查找：" in html or json.dumps("查找：")[1:-1] in html
    assert re.findall(r"""(?:src\s*=|import|from)[^>\n]{0,20}https?:""", html) == []


def test_text_in_a_table_is_never_markup():
    import pandas

    html = notebook.table(pandas.DataFrame({"内容": ["<script>alert(1)</script>"]}))._repr_html_()
    assert "<script>alert" not in html


def test_what_is_edited_in_the_grid_comes_back_as_decimal(report):
    from audit.forms.draft import draft

    case, _ = draft(report)
    sheet = notebook.grid(case)
    same, changes = notebook.edited(case, sheet)
    assert same == case and len(changes) == 0
    sheet.set_cell_value("执行", 3, "1,177.50")
    changed, changes = notebook.edited(case, sheet)
    assert (
        changed.projects[3]["total_spent"] == Decimal("1177.50") and case.projects[3]["total_spent"] != 1177
    )
    assert changes.to_dict("records") == [
        {"项目": "民政业务工作经费", "栏目": "执行", "原来": "76.56", "改为": "1,177.50"}
    ]
    sheet.set_cell_value("执行", 3, "约七十")
    with pytest.raises(AuditError, match="不是数"):
        notebook.edited(case, sheet)


@pytest.fixture
def shell():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell()
        shell.run_line_magic("load_ext", "audit")
        yield shell


def test_pasted_text_is_checked_by_the_magic(shell, capsys):
    text = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。"
    shell.run_cell_magic("check", "kept", text)
    kept = shell.user_ns["kept"]
    assert [f.code for f in kept.findings] == ["R201"]
    shell.run_cell_magic("check", "", " \n")
    assert "没有文字" in capsys.readouterr().out
    shell.run_cell_magic("check", "not a name", text)
    assert "不能作变量名" in capsys.readouterr().out


def test_the_magic_does_not_load_charts(tmp_path):
    from tests.test_housekeeping import loaded_after

    loaded = loaded_after("import audit.faces.notebook.magic", tmp_path)
    assert loaded.isdisjoint({"pandas", "matplotlib", "itables"})


def test_a_missing_library_is_told_in_chinese(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for name in [name for name in sys.modules if name.startswith("audit.faces.notebook.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(AuditError, match="没有安装"):
        _ = notebook.__getattr__("waterfall")
