"""How fast the worksheet functions are, through the code that runs under Excel: xlwings' own `XLPython.CallUDF`.

    python bench/udf.py
    python bench/udf.py --rounds 3

What Excel and COM add on top (some 4 ms a call under Excel, by its users) is not in it. Needs xlwings and the tests'
import-only shim. Every round runs all measurements once, in shuffled order; the median is shown.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import xlwings_shim  # noqa: E402

from audit.functions import texts  # noqa: E402

REPORT = ROOT / "workbooks" / "sample" / "report.txt"
CALLS, ROWS = 2000, 10_000


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measurements(server: Any) -> dict[str, tuple[str, str, Callable[[], float]]]:
    """name → goal, unit, and what is measured: calls a second or milliseconds."""

    def call(name: str, *arguments: Any) -> Any:
        return xlwings_shim.call(server, name, *arguments)

    def a_second(name: str, *arguments: Any) -> Callable[[], float]:
        return lambda: CALLS / timed(lambda: [call(name, *arguments) for _ in range(CALLS)])

    def milliseconds(work: Callable[[], Any]) -> float:
        return timed(work) * 1000

    dice = random.Random(4)
    block = tuple(tuple(round(dice.uniform(1, 9999), 2) for _ in range(5)) for _ in range(ROWS))
    spent, budget = (tuple((row[c],) for row in block) for c in (0, 1))
    report = tuple((line,) for line in REPORT.read_text("utf-8").splitlines())

    def cold() -> float:
        texts.report_of.cache_clear()
        return milliseconds(lambda: call("CHECK_TEXT", report))

    def again() -> float:
        call("CHECK_TEXT", report)
        return milliseconds(lambda: call("CHECK_TEXT", report))

    def kept() -> float:
        given = [list(row) for row in report]
        texts.check_text(given)
        return milliseconds(lambda: texts.check_text(given))

    column = f"{ROWS:,} × 1"
    return {
        "EXEC_RATE of two cells": ("–", "calls/s", a_second("EXEC_RATE", 4044.35, 7047.68)),
        "EXEC_RATE of two texts (4044.35万元)": ("–", "calls/s", a_second("EXEC_RATE", "4044.35万元", "7047.68万元")),
        "TIE of a text and a cell": ("–", "calls/s", a_second("TIE", "57.39%", 0.573857)),
        f"{ROWS:,} × 5 numbers in, one out (TOTAL_SCORE)": (
            "–", "ms", lambda: milliseconds(lambda: call("TOTAL_SCORE", block)),
        ),
        f"{ROWS:,} × 5 in and out (SHARE of one whole)": (
            "< 60 ms", "ms", lambda: milliseconds(lambda: call("SHARE", block, 123456.0)),
        ),
        f"EXEC_RATE of two columns, {column} each": (
            "–", "ms", lambda: milliseconds(lambda: call("EXEC_RATE", spent, budget)),
        ),
        "CHECK_TEXT of a whole report (sample)": ("< 100 ms", "ms", cold),
        "the same again": ("< 2 ms", "ms", again),
        "the same again, without xlwings": ("–", "ms", kept),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    found = measurements(xlwings_shim.load())
    took: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(rounds):
        for name in random.sample(list(found), len(found)):
            took[name].append(found[name][2]())
    print("| what | goal | median |\n|---|---|---|")
    for name, (goal, unit, _) in found.items():
        median = statistics.median(took[name])
        print(
            f"| {name} | {goal} | {median:,.0f} {unit} |"
            if median >= 100
            else f"| {name} | {goal} | {median:.2f} {unit} |"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
