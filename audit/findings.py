"""What a check says and what somebody should look at. The words of the JSON contract live here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .quantity import Quantity, cut, round_half_up
from .ranges import Range
from .source import Span


class Severity(StrEnum):
    ERROR = "错误"
    QUESTION = "疑点"
    NOTE = "提示"


class Status(StrEnum):
    """How a check ended. A zero denominator is 未能核对, not a pass."""

    AGREES = "相符"
    ROUNDING = "尾差"
    DIFFERS = "不符"
    NOT_CHECKED = "未能核对"


def verdict(stated: Quantity, got: Range, relation: str = "=") -> Status:
    """相符: the recomputed value rounds half-up to the print. 尾差: only the ranges meet, or the last
    digits were cut off instead of rounded. 不符: no true values could have been printed so."""
    if relation == "<=":
        return Status.AGREES if stated.exact <= got.exact else Status.DIFFERS
    if relation == ">=":
        return Status.AGREES if stated.exact >= got.exact else Status.DIFFERS
    if stated.printed_like(got.exact) == round_half_up(stated.value, stated.decimals):
        return Status.AGREES
    meet = stated.low < got.high and got.low < stated.high
    if meet or (stated.kind == "percent" and cut(got.exact / stated.scale, stated.decimals) == stated.value):
        return Status.ROUNDING
    return Status.DIFFERS


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed quantity with its place. `id` is "f1", "f2" … in reading order over all documents."""

    id: str
    quantity: Quantity
    span: Span

    def __str__(self) -> str:
        return self.quantity.text


@dataclass(frozen=True, slots=True)
class Check:
    """One recomputation or comparison that was made, whatever came out.

    formula     over figure ids, see `audit.ranges`: "f34 / f33"; for a comparison the right side
    relation    how `result` should stand to the formula: "=", "<=" or ">="
    subject     what is compared, in the report's words: "预算执行率"
    expected, stated, difference   in the result's printed unit (or `unit` where there is no result figure)
    note        why it could not be checked, or what was assumed
    """

    id: str
    rule: str
    status: Status
    formula: str
    operands: tuple[Figure, ...]
    result: Figure | None
    relation: str = "="
    subject: str = ""
    unit: str = ""
    expected: Decimal | None = None
    stated: Decimal | None = None
    difference: Decimal | None = None
    note: str = ""

    def _repr_html_(self) -> str:
        from .display import check_html

        return check_html(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something somebody should look at. `check` names the check it came from, if one did."""

    code: str
    severity: Severity
    message: str
    evidence: tuple[Span, ...]
    advice: str
    source: str
    expected: str | None = None
    stated: str | None = None
    difference: str | None = None
    tolerance: str = ""
    check: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same finding in the next run: code and quoted words, not offsets."""
        words = "|".join([self.code, *(span.text for span in self.evidence), self.stated or ""])
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def _repr_html_(self) -> str:
        from .display import finding_html

        return finding_html(self)
