"""What the tests share: small reports as documents, one rule at a time, and the two markers."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from pathlib import Path
from textwrap import dedent

import pytest

from audit import run
from audit.quantity import plain
from audit.read.assembly import Source
from audit.read.text import read_text
from audit.report import Report
from audit.rules import all_rules
from audit.source import Document

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`host` and `shared` tests are skipped where what they need is missing; in CI that is a failure."""
    missing = []
    if item.get_closest_marker("host") and shutil.which("soffice") is None:
        missing.append("LibreOffice (soffice) is not installed")
    if item.get_closest_marker("shared") and not (SHARED / "seeds").is_dir():
        missing.append("the shared reports are not beside the checkout")
    for reason in missing:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def text_document(text: str, name: str = "自评报告.txt", id: str = "d1", role: str = "narrative") -> Document:
    """A text file in memory: common indentation and the first and last line break are not part of it."""
    data = dedent(text).strip("\n").encode()
    return read_text(data, Source(id, name, role, hashlib.sha256(data).hexdigest()))  # type: ignore[arg-type]


class Outcome:
    """What one rule says of a small report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.checks = report.checks
        self.findings = report.findings

    def rows(self, *columns: str) -> list[tuple[str, ...]]:
        """One row per check made, passing or not: status, subject, stated, expected, difference, note …"""
        return [tuple(_words(getattr(check, column)) for column in columns) for check in self.checks]

    def raised(self, *columns: str) -> list[tuple[str, ...]]:
        """One row per finding: code, severity, message, difference …; `at` is the text of its first place."""
        return [
            tuple(f.evidence[0].text if column == "at" else _words(getattr(f, column)) for column in columns)
            for f in self.findings
        ]


def _words(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


@pytest.fixture
def document() -> Callable[..., Document]:
    return text_document


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Outcome]:
    """check("R101", text) runs that rule alone, through the same door as everything else."""
    rules = {rule.code: rule for rule in all_rules()}

    def _check(code: str, text: str) -> Outcome:
        monkeypatch.setattr(run, "all_rules", lambda: (rules[code],))
        return Outcome(run.check_documents([text_document(text)]))

    return _check
