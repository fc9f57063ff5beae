"""Which standard table a title names. The names are data: `params/accounts.toml`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ..glossary import parameters

QUOTES = re.compile(r"[\s“”\"‘’'《》〈〉]+")
SENTENCE = re.compile(r"[。；，！？]|^(?:注|说明|备注)[:：]")
LEADERS = re.compile(r"[.．…·\s]*\d*$")  # ...... 5 in a table of contents
MAX_TITLE = 90
OTHER = "其他表"


@cache
def _tables() -> list[tuple[str, re.Pattern[str]]]:
    return [(entry["kind"], re.compile(entry["pattern"])) for entry in parameters("accounts")["table"]]


@cache
def titles() -> dict[str, str]:
    """The usual title by kind."""
    return {
        entry["kind"]: entry["title"] for entry in parameters("accounts")["table"] if entry["kind"] != OTHER
    }


def kind_of_title(text: str) -> str:
    """
    >>> kind_of_title("五、一般公共预算财政拨款支出决算表（续）"), kind_of_title("收支说明见下。")
    ('一般公共预算支出表', '')
    """
    words = QUOTES.sub("", text)
    if not words or len(words) > MAX_TITLE or SENTENCE.search(words):
        return ""
    return next((kind for kind, pattern in _tables() if pattern.search(words)), "")


@cache
def _parts() -> list[tuple[str, re.Pattern[str]]]:
    data: list[dict[str, Any]] = parameters("accounts")["three_public"]
    return [(entry["part"], re.compile(entry["pattern"])) for entry in data]


def part_of(label: str) -> str:
    """Which part of “三公”经费 a head or label names, "" where none.

    >>> part_of("（1）公务用车购置费"), part_of("公务用车购置及运行维护费"), part_of("因公出国（境）费")
    ('购置', '车辆', '出国')
    """
    words = QUOTES.sub("", label)
    return next((part for part, pattern in _parts() if pattern.search(words)), "")
