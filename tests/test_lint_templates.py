"""`audit forms lint`: what is wrong with a folder of templates is said where it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from audit.faces.cli import main
from audit.forms.description import profile, profile_ids
from audit.forms.lint_templates import lint_profile


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str, str, str], str]:
    """A copy of hunan with one change in one file; each under a name of its own, since profiles are read once."""

    def _folder(file: str, old: str, new: str) -> str:
        copy = tmp_path / f"own-{len(list(tmp_path.iterdir()))}-{abs(hash((file, old, new)))}"
        shutil.copytree(profile("hunan").folder, copy)
        if file:
            path = copy / file
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new), "utf-8")
        return str(copy)

    return _folder


@pytest.mark.parametrize("name", profile_ids())
def test_the_shipped_templates_have_no_problem(name: str):
    assert [str(p) for p in lint_profile(name)] == []


def test_a_copy_in_a_folder_of_ones_own_has_no_problem(folder):
    assert lint_profile(folder("", "", "")) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "said"),
    [
        ("project/form.toml", 'right = "主管部门"', 'right = "主管局"', "supervisor", "找不到标签“主管局”"),
        ("project/form.toml", '"其他资金" = "other"', '"别的资金" = "other"', "other_initial", "别的资金·年初预算数"),
        (
            "project/form.toml", 'score = "rate_score(weight', 'score = "rate_scores(weight', "indicators.score",
            "rate_scores() 没有",
        ),
        ("project/form.toml", "rate_score({row}_points", "rate_score({row}_weight", "total_score", "total_weight 不在这张表里"),
        ("project/form.toml", 'grade = "grade(full_score)"', 'grade = "grade(full_score"', "full_grade", "写法不对"),
        ("project/form.toml", 'key = "implementer"', 'key = "implementor"', "implementor", "没有这一项"),
        ("project/form.toml", '"（{year}年度）"', '"（{jahr}年度）"', "texts", "{jahr} 不是可填的项"),
        ("project/form.toml", 'unit = "万元"', 'unit = "千元"', "unit", "应为 元 或 万元"),
        ("project/form.toml", 'mark = "C"\n', "", "mark", "没有写明依据"),
        ("profile.toml", 'mark = "G"', 'marke = "G"', "mark", "没有写明"),
        ("profile.toml", '"project"]', '"projekt"]', "", "projekt"),
    ],
)  # fmt: skip
def test_a_slip_in_a_description_is_named(folder, file: str, old: str, new: str, place: str, said: str):
    found = [p for p in lint_profile(folder(file, old, new)) if not p.note]
    assert any(p.place == place and said in str(p) for p in found), [str(p) for p in found]


def test_a_description_that_is_no_toml_is_named(folder):
    (problem, *_) = lint_profile(folder("project/form.toml", "[texts]", "[texts"))
    assert "语法错误" in problem.message and "form.toml" in str(problem)


def test_a_blank_form_that_was_changed_is_named(folder):
    path = Path(folder("", "", ""))
    book = openpyxl.load_workbook(path / "overall" / "form.xlsx")
    book.active["I5"].value = None
    book.active.print_area = None
    book.save(path / "overall" / "form.xlsx")
    told = [str(p) for p in lint_profile(str(path))]
    assert any("I5" in line and "应有公式" in line for line in told)
    assert any("打印区域" in line for line in told)


def test_a_damaged_blank_form_is_named(folder):
    path = Path(folder("", "", ""))
    (path / "project" / "form.xlsx").write_bytes(b"PK\3\4 nothing")
    assert any("form.xlsx" in str(p) or "project" in str(p) for p in lint_profile(str(path)))


def test_the_command_lists_and_checks(folder, capsys):
    assert main(["forms"]) == 0
    assert "附件3  项目支出绩效自评表（每项目一张，万元）" in capsys.readouterr().out
    assert main(["forms", "lint", "hunan"]) == 0
    bad = folder("project/form.toml", 'right = "主管部门"', 'right = "主管局"')
    assert main(["forms", "lint", bad]) == 1
    assert "错误 project/form.xlsx supervisor" in capsys.readouterr().out
    assert main(["forms", "lint", "atlantis"]) == 2
