"""From documents to a Report: the JSON contract, ids and fingerprints, faults of ours, nothing to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import audit
from audit import run
from audit.errors import ReadError
from audit.facts import Facts
from audit.findings import Severity
from audit.read import read
from audit.rules import Claim, NotChecked, Outcome, Rule, all_rules
from audit.run import check_documents
from audit.source import Document
from tests.conftest import ROOT, text_document
from tests.forms import BASE, workbook

TEXT = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。"

NUMBER = re.compile(r"-?\d+(\.\d+)?")
PLACE = {"document": str, "start": int, "end": int, "page": None, "cell": None, "text": str}
CONTRACT: dict[str, dict[str, type | None]] = {  # docs/json.md; None: null for a text file
    "documents": {"id": str, "name": str, "role": str, "sha256": str, "warnings": list},
    "figures": {"id": str, **PLACE, "value": str, "unit": str, "kind": str},
    "checks": {
        "id": str, "rule": str, "status": str, "formula": str, "relation": str, "subject": str, "operands": list,
        "result": str, "expected": str, "stated": str, "difference": str, "note": str,
    },
    "findings": {
        "code": str, "severity": str, "message": str, "advice": str, "source": str, "fingerprint": str,
        "evidence": list, "expected": str, "stated": str, "difference": str, "tolerance": str, "check": str,
    },
}  # fmt: skip


def result(*documents: Document) -> dict[str, Any]:
    """What a reader of the JSON file sees."""
    loaded: dict[str, Any] = json.loads(json.dumps(check_documents(documents).to_dict()))
    return loaded


def typed(row: dict[str, Any]) -> dict[str, type | None]:
    return {key: None if value is None else type(value) for key, value in row.items()}


# ---- the contract ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", CONTRACT)
def test_every_row_of_the_json_has_the_promised_keys_and_types(part):
    rows = result(text_document(TEXT))[part]
    assert rows
    for row in rows:
        assert typed(row) == CONTRACT[part]


def test_the_example_of_the_json_page_is_what_comes_out():
    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    promised = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
    got = result(text_document(TEXT, "report.txt"))
    assert got["schema"] == promised["schema"] == "audit-report/1"
    assert list(got) == list(promised)
    for part in ("figures", "checks"):
        assert [row for row in got[part] if row in promised[part]] == promised[part]
    (finding,), (shown,) = got["findings"], promised["findings"]
    assert finding["evidence"][0] == shown.pop("evidence")[0]
    assert {key: finding[key] for key in shown} == shown


def test_places_point_at_what_is_printed():
    text = "一、概况🀄\n" + TEXT  # a character outside the BMP counts as one
    got = result(text_document(text))
    for place in [*got["figures"], *got["findings"][0]["evidence"]]:
        assert text[place["start"] : place["end"]] == place["text"]


def test_numbers_are_plain_strings_and_formulas_speak_of_known_figures():
    got = result(text_document(TEXT))
    known = {figure["id"] for figure in got["figures"]}
    for row in got["checks"]:
        assert set(re.findall(r"f\d+", row["formula"])) == set(row["operands"]) <= known
        assert all(NUMBER.fullmatch(row[key]) for key in ("expected", "stated", "difference"))


# ---- ids and fingerprints ----------------------------------------------------------------------------------


def test_a_fingerprint_does_not_move_with_text_put_before():
    before = "一、基本情况\n本单位办公环境整洁，现有会议室3间。\n"
    plain, moved = (result(text_document(text)) for text in (TEXT, before + TEXT))
    assert [f["fingerprint"] for f in plain["findings"]] == [f["fingerprint"] for f in moved["findings"]]
    assert plain["findings"][0]["evidence"] != moved["findings"][0]["evidence"]


def test_a_fingerprint_changes_with_the_figures():
    one, other = (result(text_document(t))["findings"][0] for t in (TEXT, TEXT.replace("96.00%", "97.00%")))
    assert one["code"] == other["code"]
    assert one["fingerprint"] != other["fingerprint"]


def test_two_runs_say_the_same_and_ids_are_unique():
    documents = sample_documents()
    first, second = result(*documents), result(*documents)
    assert first == second
    for part in ("figures", "checks"):
        letter = part[0]
        assert [row["id"] for row in first[part]] == [f"{letter}{n}" for n in range(1, len(first[part]) + 1)]


def test_a_finding_names_the_check_it_came_from():
    got = result(*sample_documents())
    checks = {check["id"]: check for check in got["checks"]}
    named = [finding for finding in got["findings"] if finding["check"]]
    assert len(named) > 15
    for finding in named:
        check = checks[finding["check"]]
        assert check["status"] == "不符"
        assert check["result"] is None or finding["evidence"][0]["text"] in {
            figure["text"] for figure in got["figures"] if figure["id"] == check["result"]
        }


def sample_documents() -> list[Document]:
    folder = ROOT / "workbooks" / "sample" / "planted"
    annexes = sorted(folder.glob("附件*.xlsx"))
    return [
        read(folder / "自评报告.docx"),
        *(read(path, "annex", f"d{n}") for n, path in enumerate(annexes, 2)),
    ]


def test_one_wrong_figure_is_one_finding_with_every_place_to_look_at():
    text = """
        一、概况
        基本支出全年执行数519.84万元。
        二、绩效情况
        基本支出全年执行数591.84万元，其中：人员经费458.16万元，公用经费61.68万元。
    """
    report = check_documents([text_document(text)])
    assert {c.rule for c in report.checks if c.status == "不符"} == {"R101", "R301"}
    (finding,) = report.findings
    places = {s.text for s in finding.evidence}
    assert places == {"591.84万元", "458.16万元", "61.68万元", "519.84万元"}


# ---- faults of ours ----------------------------------------------------------------------------------------


def broken_at_once(facts: Facts) -> Iterator[Outcome]:
    raise KeyError("金额")
    yield


def broken_on_the_way(facts: Facts) -> Iterator[Outcome]:
    rate = next(f.figure for f in facts.all() if f.figure.quantity.kind == "percent")
    yield NotChecked("先说一句", rate, subject="执行率")
    raise ZeroDivisionError


def broken_formula(facts: Facts) -> Iterator[Outcome]:
    rate = next(f.figure for f in facts.all() if f.figure.quantity.kind == "percent")
    yield Claim(rate, "f1 +* f2", (), subject="执行率")


@pytest.mark.parametrize("broken", [broken_at_once, broken_on_the_way, broken_formula])
def test_a_rule_that_breaks_is_our_fault_and_the_others_still_run(monkeypatch, broken):
    whole = check_documents([text_document(TEXT)])
    bad = Rule("R000", "broken", Severity.ERROR, "ratios", broken)
    monkeypatch.setattr(run, "all_rules", lambda: (bad, *all_rules()))
    report = check_documents([text_document(TEXT)])
    ours = [check for check in report.checks if check.rule == "R000" and "R000 内部出错" in check.note]
    assert [(check.status, "请反馈给开发者" in check.note) for check in ours] == [("未能核对", True)]
    assert [f.fingerprint for f in report.findings] == [f.fingerprint for f in whole.findings] != []
    others = [(c.rule, c.status) for c in report.checks if c.rule != "R000"]
    assert others == [(c.rule, c.status) for c in whole.checks]


# ---- little or nothing to read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [Document("d1", "空.docx", "narrative", ""), text_document("本年度工作平稳。")],
    ids=["empty", "words without figures"],
)
def test_a_report_without_figures_is_no_fault(document):
    report = check_documents([document])
    assert (report.figures, report.checks, report.findings) == ((), (), ())
    assert report.to_dict()["documents"][0]["name"] == document.name


def test_a_file_that_cannot_be_read_says_which_and_why(tmp_path: Path):
    good, bad = tmp_path / "报告.txt", tmp_path / "附件1.xlsx"
    good.write_text(TEXT, "utf-8")
    bad.write_bytes(b"PK\x03\x04" + b"\0" * 40)
    with pytest.raises(ReadError) as error:
        audit.check(good, [bad])
    assert str(error.value).startswith("附件1.xlsx：")
    assert "请" in error.value.remedy


# ---- narrative and annexes together ------------------------------------------------------------------------


def test_narrative_and_annex_are_checked_against_each_other(tmp_path: Path):
    text = tmp_path / "报告.txt"
    text.write_text("某局2024年度部门整体支出绩效自评报告\n编制数20名，在职人员18人。\n", "utf-8")
    report = audit.check(text, [workbook(tmp_path / "附件1.xlsx", *BASE)])
    assert [(d.id, d.role) for d in report.documents] == [("d1", "narrative"), ("d2", "annex")]
    assert {f.span.document for f in report.figures} == {"d1", "d2"}
    finding = next(f for f in report.findings if f.code == "R302")
    assert "18人" in finding.message and "19人" in finding.message
    assert {(s.document, s.cell) for s in finding.evidence} >= {("d2", "表!D4")}


def test_steps_are_told_as_they_come(tmp_path: Path):
    text = tmp_path / "报告.txt"
    text.write_text(TEXT, "utf-8")
    steps: list[str] = []
    audit.check(text, progress=steps.append)
    assert steps == ["读取 报告.txt", "识别数字", "复算与核对"]


@pytest.mark.parametrize(
    "text",
    [
        "全年预算数" + "1" * 40 + "万元，执行数95.00万元，预算执行率96.00%。",
        "9人含21111111111111111111111111111111人4人",
        "两个（，区）",
        "目标80户1户完成率7%",
    ],
)
def test_odd_text_ends_no_check_and_breaks_no_rule(document, text):
    report = check_documents([document(text)])
    assert "出错" not in " ".join(c.note for c in report.checks) + " ".join(
        f.message for f in report.findings
    )
