"""One wrong digit in a sound report: the share that is found, over a sample spread through each text."""

from __future__ import annotations

import pytest

from bench.mutations import survivors
from tests.conftest import ROOT, SHARED

MOST = 30  # slips tried in a text; `python bench/mutations.py` tries them all


def found(path, at_least):
    tried, missed = survivors(path.read_text("utf-8"), digits=1, most=MOST)
    lost = [f"{m.figure} → {m.changed} ({m.checks[0].rule})" for m in missed]
    assert tried and 1 - len(missed) / tried >= at_least, lost


def test_slips_in_the_sample_are_found():
    found(ROOT / "workbooks" / "sample" / "report.txt", 0.93)


@pytest.mark.shared
@pytest.mark.parametrize(("seed", "at_least"), [("000", 0.75), ("002", 0.95), ("004", 0.93)])
def test_slips_in_a_real_report_are_found(seed, at_least):
    found(SHARED / "seeds" / f"{seed}.txt", at_least)
