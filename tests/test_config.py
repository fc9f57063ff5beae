"""audit.toml: what it changes, that every face says so, and what it says of mistakes."""

from __future__ import annotations

import openpyxl
import pytest

from audit import AuditError, check, check_documents, write_working_paper
from audit.config import Config, read_config, settings
from audit.display import report_html
from audit.faces.cli import main
from audit.faces.notebook.magic import check_text
from audit.findings import Severity
from tests.conftest import text_document

WRONG_RATE = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。"
EXAMPLE = """
[rules.R203]
off = true

[rules.R201]
severity = "疑点"

[report]
profile = "hubei"
"""


@pytest.fixture
def report(tmp_path):
    file = tmp_path / "自评报告.txt"
    file.write_text(WRONG_RATE, "utf-8")
    return file


def written(folder, text, name="audit.toml"):
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_the_file_beside_the_report_is_used_and_told(report, tmp_path):
    assert [(f.code, f.severity) for f in check(report).findings] == [("R201", "错误")]
    written(tmp_path, EXAMPLE)
    found = check(report)
    assert [(f.code, f.severity) for f in found.findings] == [("R201", "疑点")]
    assert found.to_dict()["config"] == {
        "file": "audit.toml",
        "off": ["R203"],
        "severity": {"R201": "疑点"},
        "profile": "hubei",
    }


def test_a_rule_that_is_off_checks_and_raises_nothing(report):
    found = check(report, config=Config(off=frozenset({"R201"})))
    assert "R201" not in {f.code for f in found.findings} | {c.rule for c in found.checks}


def test_the_file_in_the_working_directory_comes_after_the_one_beside_the_report(
    report, tmp_path, monkeypatch
):
    away = tmp_path / "别处"
    away.mkdir()
    written(away, "[rules.R201]\noff = true\n")
    monkeypatch.chdir(away)
    assert check(report).config.off == {"R201"}
    written(tmp_path, "[rules.R201]\noff = false\n")
    assert check(report).config.off == frozenset()


def test_a_file_given_comes_first(report, tmp_path):
    written(tmp_path, EXAMPLE)
    other = written(tmp_path, "[rules.r201]\noff = true\n", "另一份.toml")
    assert check(report, config=other).config == Config(frozenset({"R201"}), {}, "", "另一份.toml")


def test_the_profile_gives_the_points_of_the_execution_rate():
    text = "2024年预算执行率95.00%，得19.00分。"
    by_default, of_hubei = (
        check_documents([text_document(text)], config=config) for config in (None, Config(profile="hubei"))
    )
    assert [f.code for f in by_default.findings] == ["R501"]
    assert [f.code for f in of_hubei.findings] == []


def test_command_line_and_working_paper_and_notebook_say_what_was_changed(
    report, tmp_path, monkeypatch, capsys
):
    file = written(tmp_path, EXAMPLE, "设置.toml")
    paper = tmp_path / "底稿.xlsx"
    assert main(["check", str(report), "--config", str(file), "-o", str(paper)]) == 1
    said = "按 设置.toml：关闭规则 R203；R201 改为疑点；计分参数采用 hubei"
    assert said in capsys.readouterr().out
    cover = openpyxl.load_workbook(paper).worksheets[0]
    assert f"规则设置：{said}" in [cell.value for row in cover.iter_rows() for cell in row]
    written(tmp_path, EXAMPLE)
    monkeypatch.chdir(tmp_path)
    pasted = check_text(WRONG_RATE)
    assert "R201 改为疑点" in pasted.config.changes() and "R201 改为疑点" in report_html(pasted)


def test_an_unchanged_report_says_nothing_of_settings(report, tmp_path, capsys):
    main(["check", str(report)])
    assert "按 " not in capsys.readouterr().out.splitlines()[1]
    write_working_paper(check(report), tmp_path / "底稿.xlsx")
    cover = openpyxl.load_workbook(tmp_path / "底稿.xlsx").worksheets[0]
    assert not [c.value for row in cover.iter_rows() for c in row if "规则设置" in str(c.value)]


def test_the_list_of_rules_shows_their_state(tmp_path, capsys):
    file = written(tmp_path, EXAMPLE)
    assert main(["rules", "--config", str(file)]) == 0
    lines = {line[:4]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["R203"].endswith("（关闭）") and lines["R201"].endswith("（改为疑点）")
    assert not lines["R101"].endswith("）（关闭）")
    assert main(["rules", "R203", "--config", str(file)]) == 0
    assert "，关闭）" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules.R2O3]\noff = true", "audit.toml [rules.R2O3]：没有这条规则。请核对规则号，相近的有 R203；"),
        (
            '[rules.R203]\nseverity = "严重"',
            "audit.toml [rules.R203]：没有这个程度：严重。可用：错误、疑点、提示",
        ),
        (
            '[rules.R203]\noff = "是"',
            "audit.toml [rules.R203]：off 写成了 '是'。请写 off = true 或 off = false",
        ),
        ("[rules.R203]\naus = true", "audit.toml [rules.R203]：没有这一项：aus。可用：off、severity"),
        ("[regeln]", "audit.toml：没有这一节：regeln。可用：[rules.规则号]、[report]"),
        ("[rules]\nR203 = true", "audit.toml：R203 应是一节。请写成 [rules.R203]"),
        (
            '[report]\nprofile = "hunnan"',
            "audit.toml [report] profile：hunnan：没有这套附表。可用：chongqing",
        ),
        ("[report]\nprofile = 3", "audit.toml [report]：profile 写成了 3"),
        ('[report]\nname = "x"', "audit.toml [report]：没有这一项：name。可用：profile"),
        ("[rules.R203]\nseverity = 疑点", "audit.toml：不合 TOML 格式"),
    ],
)
def test_what_is_wrong_is_said_with_place_and_remedy(tmp_path, text, said):
    with pytest.raises(AuditError) as caught:
        read_config(written(tmp_path, text))
    assert str(caught.value).startswith(said)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(AuditError, match="无法读取设置文件"):
        settings(tmp_path / "没有.toml")
    (tmp_path / "gbk.toml").write_bytes('[report]\nprofile = "湖南"'.encode("gbk"))
    with pytest.raises(AuditError, match="不是 UTF-8 编码"):
        settings(tmp_path / "gbk.toml")


def test_a_wrong_file_stops_the_command(report, tmp_path, capsys):
    written(tmp_path, "[rules.R999]\noff = true")
    assert main(["check", str(report)]) == 2
    assert "没有这条规则" in capsys.readouterr().err


def test_without_a_file_nothing_is_changed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = settings()
    assert config == Config() and not config.changes()
    assert Config(severity={"R101": Severity.NOTE}).changes() == "按 所给设置：R101 改为提示"
