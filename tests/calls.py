"""The table of calls of `calls.toml` for the tests of every host: its rows, and how each host hands values over.

In: the table. Out: `Call`s with `Blank`, `Error`, `Missing`, dates, floats, texts, and lists of rows of these. The
hosts' own tests turn those into what the host hands over (`put`), and compare what comes back (`same`).
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("calls.toml")
EPOCH = dt.date(1899, 12, 30)


class Blank:
    def __repr__(self) -> str:
        return "blank"


class Missing:
    def __repr__(self) -> str:
        return "left out"


@dataclass(frozen=True)
class Error:
    name: str  # "#N/A"


BLANK, MISSING = Blank(), Missing()


@dataclass(frozen=True)
class Call:
    function: str
    number: int
    args: tuple[Any, ...]
    gives: Any
    hosts: dict[str, Any] = field(default_factory=dict)
    why: str = ""

    @property
    def id(self) -> str:
        return f"{self.function}-{self.number}"

    def expected(self, host: str) -> Any:
        """The result in a host; an `Error` stands for any error value."""
        return self.hosts.get(host, self.gives)


@cache
def all_calls() -> tuple[Call, ...]:
    data = tomllib.loads(TABLE.read_text("utf-8"))
    given = data["given"]
    return tuple(
        Call(
            name,
            number,
            tuple(_value(given.get(arg, arg) if isinstance(arg, str) else arg) for arg in row["args"]),
            _value(row["gives"]),
            {host: _value(row[host]) for host in ("calc", "pyodide") if host in row},
            row.get("why", ""),
        )
        for name, rows in data["calls"].items()
        for number, row in enumerate(rows, 1)
    )


def _value(told: Any) -> Any:
    match told:
        case list():
            return [_value(one) for one in told]
        case {"error": name}:
            return Error(name)
        case {"missing": True}:
            return MISSING
        case dict():
            return BLANK
        case bool() | str() | dt.date():
            return told
    return float(told)


def put(value: Any, **ways: Callable[[Any], Any]) -> Any:
    """A value as a host hands it over; ways: blank, missing, error, date, range."""
    match value:
        case list():
            grid = [[put(cell, **ways) for cell in row] for row in value]
            return ways["range"](grid) if "range" in ways else grid
        case Blank():
            return ways["blank"](value)
        case Missing():
            return ways["missing"](value)
        case Error():
            return ways["error"](value)
        case dt.date():
            return ways["date"](value)
    return value


def serial(day: dt.date) -> float:
    return float((day - EPOCH).days)


def same(got: Any, expected: Any) -> bool:
    """Numbers as numbers, to the last digits of a double; a row alone or a list of rows."""
    if isinstance(expected, list):
        rows = got if got and isinstance(got[0], list | tuple) else [got]
        return len(rows) == len(expected) and all(
            len(a) == len(b) and all(map(same, a, b)) for a, b in zip(rows, expected, strict=True)
        )
    if isinstance(expected, float):
        return (
            isinstance(got, int | float)
            and not isinstance(got, bool)
            and math.isclose(got, expected, rel_tol=1e-13)
        )
    return type(got) is type(expected) and bool(got == expected)
