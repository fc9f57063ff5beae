"""Rules compare facts. They open no files, print nothing and know no Excel.

A rule is a function decorated with `@rule`; the decorator registers it and nothing else is edited. It
yields what the report claims (`Claim`), what somebody should look at without a sum behind it (`Found`),
or what could not be checked (`NotChecked`). `audit.run` judges claims and writes the findings.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ..facts import Facts
from ..findings import Figure, Severity
from ..source import Span


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation that the report states or that must hold: result = (or <=, >=) formula.

    result    the figure that is judged; None where the report does not print it (`stated` then says what must hold)
    formula   over figure ids (`audit.ranges`)
    subject   what is judged, in the report's words
    basis     the words for the right side; by default the formula with its figures
    doubt     why a difference may still be right; it makes a 疑点 of a 错误
    severity  of a difference, where it is not the rule's own
    quiet     a difference is shown among the checks, no finding is made of it
    also      further places of evidence
    """

    result: Figure | None
    formula: str
    operands: tuple[Figure, ...]
    relation: str = "="
    subject: str = ""
    basis: str = ""
    doubt: str = ""
    severity: Severity | None = None
    quiet: bool = False
    also: tuple[Span, ...] = ()
    advice: str = ""
    stated: Decimal | None = None
    unit: str = ""
    code: str = ""  # another rule's code for the finding, where the cause is known to be that
    cause: Figure | None = None  # the figure that is amiss, where it is not the result


@dataclass(frozen=True, slots=True)
class Found:
    """Something to look at that no sum shows."""

    message: str
    evidence: tuple[Span, ...]
    advice: str
    severity: Severity | None = None
    figure: Figure | None = None  # whose fault it is, so that other findings about it are joined


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A claim that could not be judged, and why."""

    reason: str
    result: Figure | None
    operands: tuple[Figure, ...] = ()
    formula: str = ""
    subject: str = ""


Outcome = Claim | Found | NotChecked


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    name: str
    severity: Severity
    source: str
    run: Callable[[Facts], Iterator[Outcome]]

    @property
    def title(self) -> str:
        """The first line of the docstring: what the rule says, in Chinese."""
        return (self.run.__doc__ or "").strip().splitlines()[0]

    @property
    def explanation(self) -> str:
        return "\n".join(line.strip() for line in (self.run.__doc__ or "").strip().splitlines())

    @property
    def sections(self) -> dict[str, str]:
        """What stands behind each of `HEADS` in the docstring, line by line; further words of the title under ""."""
        found: dict[str, str] = {}
        head = ""
        for line in self.explanation.splitlines()[1:]:
            first, _, rest = line.partition(" ")
            if first in HEADS:
                head, line = first, rest.strip()
            found[head] = f"{found[head]}\n{line}" if found.get(head) else line
        return {head: text for head, text in found.items() if text}


HEADS = ("Why", "Formula", "Unit", "Blank", "Doubt", "Note", "Flags", "Passes")
_registered: dict[str, Rule] = {}


def rule(
    code: str, name: str, severity: Severity, source: str
) -> Callable[[Callable[[Facts], Iterator[Outcome]]], Callable[[Facts], Iterator[Outcome]]]:
    """Register a rule. `source` is a key of `params/sources.toml`."""

    def register(run: Callable[[Facts], Iterator[Outcome]]) -> Callable[[Facts], Iterator[Outcome]]:
        if code in _registered:
            raise ValueError(f"rule code {code} is used twice")
        _registered[code] = Rule(code, name, severity, source, run)
        return run

    return register


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code. Importing the family modules registers them."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(_registered[code] for code in sorted(_registered))


def sum_formula(parts: Sequence[Figure]) -> str:
    """f1 + f2 + …; a very long sum in brackets of two hundred, so that reading it does not go too deep."""
    names = [f.id for f in parts]
    groups = [" + ".join(names[i : i + 200]) for i in range(0, len(names), 200)]
    return groups[0] if len(groups) == 1 else " + ".join(f"({group})" for group in groups)
