"""The Report: everything one run found out, and the JSON contract `audit-report/1`."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .config import Config
from .facts import Fact
from .findings import Check, Figure, Finding, Severity, Status
from .quantity import plain
from .source import Document, Span

if TYPE_CHECKING:
    import pandas

SCHEMA = "audit-report/1"


@dataclass(frozen=True)
class Report:
    """documents in the order given; figures, facts, checks and findings in reading order; what the user had changed."""

    documents: tuple[Document, ...]
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    versions: dict[str, str]
    department: str = ""
    year: int = 0
    config: Config = field(default_factory=Config)

    def document(self, span: Span) -> Document:
        return next(d for d in self.documents if d.id == span.document)

    def where(self, span: Span) -> str:
        """A place in words: 附件1.xlsx 基础数据!B6, 第3页, 第12段."""
        document = self.document(span)
        if span.cell:
            return f"{document.name} {span.cell}"
        name = "" if document is self.documents[0] else f"{document.name} "
        if span.page:
            return f"{name}第{span.page}页"
        before = bisect(document.blocks, span.start or 0, key=lambda block: block.start)
        return f"{name}第{before}段"

    def status_counts(self) -> dict[Status, int]:
        counts = Counter(check.status for check in self.checks)
        return {status: counts[status] for status in Status}

    def severity_counts(self) -> dict[Severity, int]:
        counts = Counter(finding.severity for finding in self.findings)
        return {severity: counts[severity] for severity in Severity}

    def to_dict(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "versions": self.versions,
            "config": self.config.to_dict(),
            "documents": [
                {"id": d.id, "name": d.name, "role": d.role, "sha256": d.sha256, "warnings": list(d.warnings)}
                for d in self.documents
            ],
            "figures": [
                {
                    "id": f.id,
                    **_place(f.span),
                    "value": plain(f.quantity.value),
                    "unit": f.quantity.unit,
                    "kind": f.quantity.kind,
                }
                for f in self.figures
            ],
            "checks": [
                {
                    "id": c.id,
                    "rule": c.rule,
                    "status": c.status.value,
                    "formula": c.formula,
                    "relation": c.relation,
                    "subject": c.subject,
                    "operands": [f.id for f in c.operands],
                    "result": c.result.id if c.result else None,
                    "expected": _number(c.expected),
                    "stated": _number(c.stated),
                    "difference": _number(c.difference),
                    "note": c.note,
                }
                for c in self.checks
            ],
            "findings": [
                {
                    "code": f.code,
                    "severity": f.severity.value,
                    "message": f.message,
                    "advice": f.advice,
                    "source": f.source,
                    "fingerprint": f.fingerprint,
                    "evidence": [_place(span) for span in f.evidence],
                    "expected": f.expected,
                    "stated": f.stated,
                    "difference": f.difference,
                    "tolerance": f.tolerance,
                    "check": f.check,
                }
                for f in self.findings
            ],
        }

    def _repr_html_(self) -> str:
        from .display import report_html

        return report_html(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        from .display import report_words

        printer.text(report_words(self))

    def figures_frame(self) -> pandas.DataFrame:
        """The printed numbers as a table; columns and dtypes: `audit.frames.COLUMNS`."""
        from .frames import figures_frame

        return figures_frame(self)

    def checks_frame(self) -> pandas.DataFrame:
        """Every recomputation and comparison as a table; columns and dtypes: `audit.frames.COLUMNS`."""
        from .frames import checks_frame

        return checks_frame(self)

    def findings_frame(self) -> pandas.DataFrame:
        """The findings as a table; columns and dtypes: `audit.frames.COLUMNS`."""
        from .frames import findings_frame

        return findings_frame(self)

    def facts_frame(self) -> pandas.DataFrame:
        """The figures understood as a table; columns and dtypes: `audit.frames.COLUMNS`."""
        from .frames import facts_frame

        return facts_frame(self)


def _place(span: Span) -> dict[str, Any]:
    return {
        "document": span.document,
        "start": span.start,
        "end": span.end,
        "page": span.page,
        "cell": span.cell,
        "text": span.text,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
