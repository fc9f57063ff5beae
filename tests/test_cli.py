"""The command line: exit codes, what is written and what is left alone, messages in Chinese."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from audit.faces import working_paper
from audit.faces.cli import main
from tests.conftest import ROOT
from tests.forms import BASE, workbook

WRONG = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。"
RIGHT = WRONG.replace("96.00%", "95.00%")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    """An empty working directory with one report that has a slip."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "报告.txt").write_text(WRONG, "utf-8")
    return tmp_path


def files(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}


def refused(capsys, *arguments: str) -> str:
    """Run what must be refused: exit code 2, nothing on stdout, one Chinese message, no traceback."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"错误：[^\n]+：[^\n]+。请[^\n]+。\n", err)  # where, what, what to do
    return err


# ---- exit codes and what is shown --------------------------------------------------------------------------


def test_a_report_with_findings_ends_with_1_and_shows_them(capsys):
    assert main(["check", "报告.txt"]) == 1
    out, err = capsys.readouterr()
    assert "发现 1 条：错误 1  疑点 0  提示 0" in out
    assert re.search(r"错误 R201 .*96.00%.*95.00%", out)
    assert "〔第1段〕" in out
    assert err == ""


def test_a_report_without_findings_ends_with_0(here, capsys):
    (here / "报告.txt").write_text(RIGHT, "utf-8")
    assert main(["check", "报告.txt"]) == 0
    assert "未发现问题。" in capsys.readouterr().out


def test_quiet_lists_nothing_and_keeps_the_exit_code(capsys):
    assert main(["check", "报告.txt", "-q"]) == 1
    assert capsys.readouterr() == ("", "")


def test_the_module_is_the_command():
    run = subprocess.run(
        [sys.executable, "-m", "audit", "check", "报告.txt"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        timeout=60,
    )
    assert run.returncode == 1
    assert "发现 1 条" in run.stdout.decode("utf-8"), "UTF-8 whatever the locale says"
    assert run.stderr == b""


# ---- JSON and working paper --------------------------------------------------------------------------------


def test_json_goes_to_a_file_beside_the_list_or_alone_to_the_screen(here, capsys):
    assert main(["check", "报告.txt", "--json", "结果.json"]) == 1
    assert "发现 1 条" in capsys.readouterr().out
    assert main(["check", "报告.txt", "--json", "-"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((here / "结果.json").read_text("utf-8"))
    assert [finding["code"] for finding in printed["findings"]] == ["R201"]


def test_a_working_paper_is_written_and_named(here, capsys):
    assert main(["check", "报告.txt", "-o", "底稿.xlsx"]) == 1
    assert "底稿：底稿.xlsx" in capsys.readouterr().err
    assert openpyxl.load_workbook(here / "底稿.xlsx").sheetnames[:1] == ["封面"]


def test_an_earlier_working_paper_is_kept_unless_forced(here, capsys):
    main(["check", "报告.txt", "-o", "底稿.xlsx", "-q"])
    capsys.readouterr()
    before = files(here)
    assert "--force" in refused(capsys, "check", "报告.txt", "-o", "底稿.xlsx")
    assert files(here) == before
    (here / "报告.txt").write_text(RIGHT, "utf-8")
    assert main(["check", "报告.txt", "-o", "底稿.xlsx", "--force", "-q"]) == 0
    assert files(here)["底稿.xlsx"] != before["底稿.xlsx"]


def test_the_checked_files_are_never_touched(here):
    workbook(here / "附件1.xlsx", *BASE)
    before = files(here)
    main(["check", "报告.txt", "附件1.xlsx", "-o", "底稿.xlsx", "--json", "结果.json", "-q"])
    after = files(here)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"底稿.xlsx", "结果.json"}


def test_a_checked_annex_is_not_overwritten_even_when_forced(here, capsys):
    workbook(here / "附件1.xlsx", *BASE)
    before = files(here)
    refused(capsys, "check", "报告.txt", "附件1.xlsx", "-o", "附件1.xlsx", "--force")
    assert files(here) == before


@pytest.mark.parametrize(
    "target", [("-o", "没有/底稿.xlsx"), ("-o", "底稿.xls"), ("--json", "没有/结果.json"), ("--json", "夹")]
)
def test_what_cannot_be_written_leaves_nothing_half_written(here, capsys, target):
    (here / "夹").mkdir()
    before = files(here)
    refused(capsys, "check", "报告.txt", *target)
    assert (files(here), list((here / "夹").iterdir())) == (before, [])


def test_a_disk_that_fills_up_leaves_no_half_working_paper(here, capsys, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(working_paper.os, "replace", full)
    before = files(here)
    refused(capsys, "check", "报告.txt", "-o", "底稿.xlsx")
    assert files(here) == before


# ---- what cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("没有.docx", None, "找不到文件"),
        ("空.docx", b"", "文件为空"),
        ("坏.docx", b"PK\x03\x04" + b"\0" * 200, "损坏"),
        ("图.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "这是图片"),
    ],
)
@pytest.mark.parametrize("beside_a_good_one", [False, True])
def test_a_file_that_cannot_be_read_is_named_with_cause_and_remedy(
    here, capsys, name, content, says, beside_a_good_one
):
    if content is not None:
        (here / name).write_bytes(content)
    before = files(here)
    good = ["报告.txt"] if beside_a_good_one else []
    message = refused(capsys, "check", *good, name, "-o", "底稿.xlsx")
    assert name in message and says in message
    assert files(here) == before


def test_a_damaged_docx_does_not_keep_the_next_from_being_checked(here, capsys):
    word = docx.Document()
    word.add_paragraph(WRONG)
    word.save(here / "好.docx")
    whole = (here / "好.docx").read_bytes()
    (here / "坏.docx").write_bytes(whole[: len(whole) // 2])
    refused(capsys, "check", "坏.docx")
    assert main(["check", "好.docx"]) == 1


@pytest.mark.parametrize(
    "arguments", [[], ["check"], ["chek", "报告.txt"], ["check", "报告.txt", "--jsn", "x"]]
)
def test_a_wrong_command_line_ends_with_2_in_chinese(capsys, arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("用法：audit")
    assert re.search("缺少参数|没有这个命令|不认识的参数", err)


# ---- the other commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], ["check"], ["figures"], ["rules"], ["demo"]])
def test_help_is_in_chinese(capsys, command):
    with pytest.raises(SystemExit) as end:
        main([*command, "--help"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith("用法：audit")
    explained = [line for line in out.splitlines() if re.match(r" +\S.* {2,}\S", line)]
    assert explained and all(re.search("[一-龥]", line) for line in explained)
    assert not re.search(r"usage|options|arguments|show this", out)


def test_figures_lists_every_number_with_its_place(capsys):
    assert main(["figures", "报告.txt"]) == 0
    out, err = capsys.readouterr()
    assert "f2\t100.00万元\t100.00 万元\t第1段" in out.splitlines()
    assert err == "共 4 个数字\n"


def test_rules_lists_all_and_explains_one(capsys):
    assert main(["rules"]) == 0
    listed = capsys.readouterr().out
    assert main(["rules", "r201"]) == 0
    one = capsys.readouterr().out
    assert "R201" in listed and "R101" in listed
    assert one.startswith("R201 ") and "公式：" in one and "依据：" in one
    assert "R999" in refused(capsys, "rules", "R999")


def test_the_demo_ends_with_findings_and_the_path_of_the_working_paper(here, capsys):
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"发现 \d\d 条", out)
    paper = here / "audit-demo" / "审计底稿.xlsx"
    assert out.rstrip().endswith(f"底稿已写到：{paper.resolve()}")
    assert "问题清单" in openpyxl.load_workbook(paper, read_only=True).sheetnames
    assert [p.name for p in here.iterdir() if p.is_dir()] == ["audit-demo"]


def test_json_replaces_nothing_unless_told_and_never_a_file_that_was_read(here, capsys):
    text = WRONG.encode()
    (here / "报告.txt").write_bytes(text)
    assert main(["check", "报告.txt", "--json", "报告.txt", "--force"]) == 2
    assert (here / "报告.txt").read_bytes() == text
    (here / "结果.json").write_text("旧的", "utf-8")
    assert main(["check", "报告.txt", "--json", "结果.json"]) == 2
    assert (here / "结果.json").read_text("utf-8") == "旧的"
    assert "--force" in capsys.readouterr().err
    assert main(["check", "报告.txt", "--json", "结果.json", "--force"]) == 1


def test_nothing_is_written_as_data_where_the_working_paper_is_refused(here):
    (here / "报告.txt").write_bytes(WRONG.encode())
    assert main(["check", "报告.txt", "--json", "结果.json", "-o", "没有/底稿.xlsx"]) == 2
    assert not (here / "结果.json").exists()


def test_the_demo_replaces_no_file_of_others_and_runs_again(here):
    assert main(["demo", "-o", "样例"]) == main(["demo", "-o", "样例"]) == 0
    own = here / "我的" / "自评报告.docx"
    own.parent.mkdir()
    own.write_bytes(b"mine")
    assert main(["demo", "-o", "我的"]) == 2
    assert own.read_bytes() == b"mine"
    paper = here / "旧" / "审计底稿.xlsx"
    paper.parent.mkdir()
    paper.write_bytes(b"mine")
    assert main(["demo", "-o", "旧"]) == 2
    assert paper.read_bytes() == b"mine"
