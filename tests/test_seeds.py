"""Real reports against annotations made by reading: what must be found, and that errors are real ones."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from typing import Any

import pytest

from audit import check
from tests.conftest import SHARED

pytestmark = pytest.mark.shared

AT_LEAST = {
    "figures recall": 0.99,
    "money and percent precision": 0.99,
    "relations judged right": 0.92,
    "findings recall (certain, figures)": 1.0,
    "findings recall (certain, wording)": 0.95,
    "findings recall (likely, figures)": 0.85,
    "findings precision (errors)": 1.0,
    "findings precision (errors and questions)": 0.9,
}


@cache
def scores(seed: str) -> tuple[dict[str, tuple[int, int]], dict[str, list[str]]]:
    """What shared/eval/score.py says of one report: measure → (hits, of how many), and what was missed."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gold = json.loads((SHARED / "eval" / "gold" / f"{seed}.json").read_text("utf-8"))
    measures, missed = module.score(gold, check(SHARED / "seeds" / f"{seed}.txt").to_dict())
    return measures, missed


@pytest.mark.parametrize("measure", AT_LEAST)
@pytest.mark.parametrize("seed", ["000", "002", "004"])
def test_a_real_report_scores(seed, measure):
    measures, missed = scores(seed)
    hits, total = measures[measure]
    assert total, "nothing to measure"
    assert hits >= AT_LEAST[measure] * total, f"{hits} of {total}; missed: {missed}"
