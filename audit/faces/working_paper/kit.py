"""What every sheet of ours needs from XlsxWriter: safe text, Chinese fonts, links, row heights, A4.

Knows nothing about reports. Text is always written as text; only `formula` writes formulas, and those
come from our own code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from .layout import BOX, LINE

BODY, HEAD = "宋体", "黑体"
INK, SHADE, LINK = "#1F2933", "#E4EBF3", "#1F4E8C"
LINE_HEIGHT, LONGEST, CUT_MARK = 14.5, 32767, "……（过长，后文略）"
MOST_LINKS = 60000  # Excel takes 65530 a sheet

_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Text that a cell can hold: no control characters or lone surrogates, not too long.

    >>> clean("甲\\x00乙\\tc\\r\\nd")
    '甲乙 c\\nd'
    """
    text = _UNPRINTABLE.sub("", text[: LONGEST + 1].replace("\t", " "))
    while len(text.encode("utf-16-le")) // 2 > LONGEST:
        over = len(text.encode("utf-16-le")) // 2 - LONGEST + len(CUT_MARK)
        text = text[: len(text) - over] + CUT_MARK
    return text


def display_width(text: str) -> int:
    """Columns of a fixed-width page: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


class Row:
    """A row of a table, its cells known by their heads, bordered and wrapped."""

    def __init__(self, sheet: Sheet, row: int, columns: Mapping[str, float]) -> None:
        self.sheet, self.row = sheet, row
        self._column = {title: number for number, title in enumerate(columns)}

    def here(self, title: str) -> str:
        return self.sheet.here(self.row, self._column[title])

    def text(self, title: str, text: str, link: str = "", **style: Any) -> None:
        look = {"text_wrap": True, **BOX, **style}
        self.sheet.text(self.row, self._column[title], text, link, **look)

    def number(self, title: str, value: Decimal, **style: Any) -> None:
        self.sheet.number(self.row, self._column[title], value, **{**BOX, "align": "right", **style})

    def formula(self, title: str, formula: str, value: Decimal | str, **style: Any) -> None:
        look = {**BOX, "align": "right", **style}
        self.sheet.formula(self.row, self._column[title], formula, value, **look)


class Book:
    """A workbook with its formats, each made once."""

    def __init__(self, filename: str) -> None:
        self.file = xlsxwriter.Workbook(
            filename,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def style(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            full = {"font_name": BODY, "font_size": 10, "font_color": INK, "valign": "vcenter", **properties}
            self._formats[key] = self.file.add_format(full)
        return self._formats[key]

    def sheet(self, name: str, widths: list[float], colour: str) -> Sheet:
        return Sheet(self, name, widths, colour)


class Sheet:
    """A worksheet that remembers how tall its rows must be."""

    def __init__(self, book: Book, name: str, widths: list[float], colour: str) -> None:
        self.book, self.name, self.widths = book, name, widths
        self.raw = book.file.add_worksheet(name)
        self.raw.set_tab_color(colour)
        self.raw.set_default_row(18)
        for column, width in enumerate(widths):
            self.raw.set_column(column, column, width, book.style())
        self._heights: dict[int, float] = {}
        self._links = 0

    def cell(self, row: int, column: int) -> str:
        """A reference to one of its cells from any sheet."""
        return f"'{self.name}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def here(self, row: int, column: int, fixed: bool = False) -> str:
        """A reference to one of its cells from the same sheet."""
        return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))

    def text(self, row: int, column: int, text: str, link: str = "", span: int = 1, **style: Any) -> None:
        """Text, never a formula. `link` is a cell reference; `span` merges so many columns."""
        text = clean(text)
        if text[:1] in tuple("=+-@＝＋－＠"):
            style["quote_prefix"] = True  # stays text even when somebody edits the cell and presses Enter
        if link:
            style.setdefault("font_color", LINK)
        form = self.book.style(**style)
        if span > 1:
            self.raw.merge_range(row, column, row, column + span - 1, "", form)
        if link and text and self._may_link():
            self.raw.write_url(row, column, f"internal:{link.replace('$', '')}", form, text)
        elif text:
            self.raw.write_string(row, column, text, form)
        else:
            self.raw.write_blank(row, column, None, form)
        if style.get("text_wrap"):
            self._need(row, text, sum(self.widths[column : column + span]), style.get("font_size", 10))

    def number(self, row: int, column: int, value: Decimal, **style: Any) -> None:
        self.raw.write_number(row, column, float(value), self.book.style(**style))

    def formula(self, row: int, column: int, formula: str, value: Decimal | int | str, **style: Any) -> None:
        """A live formula with the value it gives, for viewers that do not recalculate."""
        stored = value if isinstance(value, str) else float(value)
        self.raw.write_formula(row, column, formula, self.book.style(**style), stored)

    def head(self, row: int, titles: list[str]) -> None:
        for column, title in enumerate(titles):
            self.text(
                row, column, title, font_name=HEAD, bold=True, bg_color=SHADE, border=1, border_color=LINE,
                align="center", text_wrap=True,
            )  # fmt: skip
        self.at_least(row, 24)

    def at_least(self, row: int, height: float) -> None:
        self._heights[row] = max(self._heights.get(row, 0), height)

    def paper(self, head_row: int, last_row: int, columns: int, header: str, footer: str) -> None:
        """A4, fitted to the width; a table (it has a head row, which is repeated) lies on its side."""
        raw = self.raw
        if head_row >= 0:
            raw.set_landscape()
        raw.set_paper(9)
        raw.fit_to_pages(1, 0)
        raw.set_margins(left=0.45, right=0.45, top=0.7, bottom=0.7)
        raw.print_area(0, 0, last_row, columns - 1)
        raw.center_horizontally()
        font = f'&"{BODY},常规"&9'
        raw.set_header(f"&L{font}{header}&R{font}{self.name}", {"margin": 0.35})
        raw.set_footer(f"&L{font}{footer}&R{font}第 &P 页 / 共 &N 页", {"margin": 0.35})
        if head_row >= 0:
            raw.repeat_rows(head_row)
        for row, height in self._heights.items():
            raw.set_row(row, min(height, 409))

    def _may_link(self) -> bool:
        self._links += 1
        return self._links <= MOST_LINKS

    def _need(self, row: int, text: str, width: float, size: float) -> None:
        room = (
            max(width * 1.05 - 1, 1) * 10 / size
        )  # a 10 point character is 6.67 pixels wide, a column unit 7
        lines = sum(max(1, ceil(display_width(part) / room)) for part in text[:4000].split("\n"))
        self.at_least(row, lines * LINE_HEIGHT * size / 10 + 4)
