"""Words behind labels in running cells: 填表人：某人　填报日期：…, 填报单位：某局.

Comes in: a form located on a sheet. Goes out: the words behind each label that the form's texts name, up to the
next label, or right of the cell that the label ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..columns import squeeze
from ..source import Cell, CellState
from .description import Form
from .labels import label
from .places import Places, known_labels

YEARS = ("year", "last_year")
SIGNED = r"(?:（[^（）]{0,6}）|\([^()]{0,6}\)|签字|签名|签章|盖章)?\s*"
SIGNATURES = ("填表人", "填报人", "填报日期", "联系电话", "电话", "单位负责人", "负责人", "填报单位", "单位")
PIECE = re.compile(r"([^{}]*)\{(\w+)\}")


def signed_texts(form: Form, places: Places) -> Iterator[tuple[str, str, str | None, bool]]:
    """Key, label, the words behind it (None where there are none), and whether the label is there at all."""
    patterns = _patterns(form)
    if not patterns:
        return
    cells = [c for c in places.table.cells if ("：" in c.text or ":" in c.text) and len(c.text) < 2000]
    for words, key, pattern in patterns:
        value, found = "", False
        for cell in cells:
            if match := pattern.search(cell.text):
                found = True
                value = match[1].strip() or _beside(form, places, cell, match)
                if value:
                    break
        yield key, words, value or None, found


def _beside(form: Form, places: Places, cell: Cell, match: re.Match[str]) -> str:
    """The words right of a label that ends its cell."""
    if match.end() < len(cell.text.rstrip()):
        return ""
    for other in places.grid[cell.row][cell.column + cell.column_span :]:
        if other is not None and other.state is not CellState.BLANK:
            text = other.text.strip()
            return "" if re.search("[：:]", text) or label(text) in known_labels(form) else text
    return ""


@cache
def _patterns(form: Form) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Of the texts that hold values: label, key, and what finds the words behind the label."""
    found = []
    for text in form.texts.values():
        asked = [
            (said, key) for words, key in PIECE.findall(text) if key not in YEARS and (said := _signed(words))
        ]
        ends = "|".join(rf"{re.escape(word)}{SIGNED}[：:]" for word in {*SIGNATURES, *(w for w, _ in asked)})
        for words, key in asked:
            spaced = r"\s*".join(map(re.escape, words))
            pattern = rf"(?<![\u4e00-\u9fff]){spaced}{SIGNED}[：:](.*?)(?=\s(?:{ends})|$)"
            found.append((words, key, re.compile(pattern, re.DOTALL)))
    return tuple(found)


def one_line(text: str) -> str:
    """Words that were broken into lines to fit a narrow cell.

    >>> one_line("经济\\n效益 \\n指标"), one_line("A4\\nB5")
    ('经济效益指标', 'A4 B5')
    """
    if "\n" not in text:
        return text
    text = re.sub(r"\s*\n\s*", "\n", text.strip())
    return re.sub(r"(?<=[\x21-\x7e])\n(?=[\x21-\x7e])", " ", text).replace("\n", "")


def _signed(words: str) -> str:
    """The label right before a value, without 签名 and colon: 单位负责人（签名）： is 单位负责人."""
    return re.sub(rf"{SIGNED}[：:]?$", "", squeeze(words))
