"""The field's words, read from `params/glossary.toml`: items, measures, known partitions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def parameters(name: str) -> Mapping[str, Any]:
    """The contents of `audit/params/NAME.toml`."""
    return tomllib.loads((files("audit") / "params" / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Glossary:
    """items maps every print of a term to the standard term, one of terms; measures are tried longest match first;
    loose names the totals whose partition need not hold; combinations are further pairs of a total and parts that
    may make it up."""

    items: Mapping[str, str]
    terms: frozenset[str]
    item_pattern: re.Pattern[str]
    measures: tuple[tuple[str, re.Pattern[str]], ...]
    partitions: Mapping[str, tuple[str, ...]]
    loose: frozenset[str]
    combinations: tuple[tuple[str, tuple[str, ...]], ...]

    def item_in(self, text: str) -> tuple[str, int, int] | None:
        """The last standard item named in a text, with its place."""
        last = None
        for last in self.item_pattern.finditer(text):  # noqa: B007 - the last match is what is wanted
            pass
        return (self.items[last[0]], last.start(), last.end()) if last else None

    def measure_in(self, text: str) -> tuple[str, int, int] | None:
        """The measure word nearest the end of a text; of two that end together the longer one.

        The catch-all 率 yields to every rate that has a name.
        """
        best: tuple[int, bool, int] | None = None
        found = None
        for term, pattern in self.measures:
            for match in pattern.finditer(text):
                key = (match.end(), term != "率", match.end() - match.start())
                if best is None or key > best:
                    best, found = key, (term, match.start(), match.end())
        return found


@cache
def glossary() -> Glossary:
    data = parameters("glossary")
    items = {
        name: entry["term"] for entry in data["item"] for name in (entry["term"], *entry.get("aliases", ()))
    }
    names = sorted(items, key=len, reverse=True)
    return Glossary(
        items=items,
        terms=frozenset(items.values()),
        item_pattern=re.compile("|".join(map(re.escape, names))),
        measures=tuple((entry["term"], re.compile(entry["pattern"])) for entry in data["measure"]),
        partitions={entry["total"]: tuple(entry["parts"]) for entry in data["partition"]},
        loose=frozenset(entry["total"] for entry in data["partition"] if not entry.get("always", True)),
        combinations=tuple((entry["total"], tuple(entry["parts"])) for entry in data["combination"]),
    )
