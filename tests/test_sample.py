"""The sample department: nothing to say of it when it is sound, and every planted defect is found."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from audit import check, check_documents
from audit.read import read
from audit.report import Report
from audit.source import Document, Span
from tests.conftest import ROOT

SAMPLE = ROOT / "workbooks" / "sample"
DEFECTS = tomllib.loads((SAMPLE / "expected.toml").read_text("utf-8"))["defect"]
FORMATS = ("docx", "pdf")


@cache
def report(version: str, suffix: str) -> Report:
    folder = SAMPLE / version
    return check(folder / f"自评报告.{suffix}", sorted(folder.glob("附件*.xlsx")))


def met(span: Span, defect: dict[str, Any]) -> bool:
    """Does the span point at the defect: its cell or one near it, its figure, words inside its quote?"""
    if span.cell:
        return span.cell in (defect["quote"], *defect.get("near", ()))
    text = span.text.replace("\n", "")
    return bool(text) and (defect["figure"] in text or text in defect["quote"] or defect["quote"] in text)


def meeting(planted: Report, defect: dict[str, Any]) -> list[int]:
    codes = (defect["code"], *defect["also"])
    return [
        n
        for n, finding in enumerate(planted.findings)
        if finding.code in codes and any(met(span, defect) for span in finding.evidence)
    ]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_sound_department_has_no_findings(suffix):
    sound = report("sound", suffix)
    assert [finding.message for finding in sound.findings] == []
    assert len(sound.checks) > 400, "silence counts only where much was checked"


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("defect", DEFECTS, ids=[f"{d['code']}-{d['figure']}" for d in DEFECTS])
def test_a_planted_defect_is_found(defect, suffix):
    assert meeting(report("planted", suffix), defect), defect["explanation"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_no_planted_defect_is_at_most_a_note(suffix):
    planted = report("planted", suffix)
    expected = {n for defect in DEFECTS for n in meeting(planted, defect)}
    stray = [f.message for n, f in enumerate(planted.findings) if n not in expected and f.severity != "提示"]
    assert stray == []


def test_word_and_pdf_of_the_same_report_say_the_same():
    word, pdf = (
        [(f.code, f.severity, f.message.replace("\n", "")) for f in report("planted", suffix).findings]
        for suffix in FORMATS
    )
    assert word == pdf


# ---- one slip at a time ------------------------------------------------------------------------------------

IN_WORDS = [d for d in DEFECTS if all(edit["where"] == "自评报告.docx" for edit in d["edits"])]


@cache
def sound_documents() -> tuple[Document, ...]:
    folder = SAMPLE / "sound"
    annexes = enumerate(sorted(folder.glob("附件*.xlsx")), 2)
    return (read(folder / "自评报告.docx"), *(read(path, "annex", f"d{n}") for n, path in annexes))


def edited(document: Document, before: str, after: str) -> Document:
    """The document with one passage of its text replaced, all places behind it moved along."""
    assert document.text.count(before) == 1
    end = document.text.index(before) + len(before)

    def moved(place: Any) -> Any:
        shift = len(after) - len(before)
        return replace(
            place,
            start=place.start + (shift if place.start >= end else 0),
            end=place.end + (shift if place.end >= end else 0),
        )

    tables = (
        replace(t, cells=tuple(replace(c, span=moved(c.span)) for c in t.cells)) for t in document.tables
    )
    blocks = tuple(moved(block) for block in document.blocks)
    return replace(document, text=document.text.replace(before, after), blocks=blocks, tables=tuple(tables))


@pytest.mark.parametrize("defect", IN_WORDS, ids=[f"{d['code']}-{d['figure']}" for d in IN_WORDS])
def test_a_single_slip_in_the_sound_report_raises_its_code_and_no_other(defect):
    narrative, *annexes = sound_documents()
    for edit in defect["edits"]:
        narrative = edited(narrative, edit["sound"], edit["planted"])
    findings = check_documents([narrative, *annexes]).findings
    assert defect["code"] in [f.code for f in findings]
    assert [f.code for f in findings if f.severity != "提示"] in ([defect["code"]], [])
