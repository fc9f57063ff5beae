"""Sheets whose cells remember what was written, and functions of the registry as formulas with their values.

A `Call` is written once and gives both: the formula that Excel will show and the value that the function gives now.
Text from outside is written as text, as everywhere (`working_paper.kit`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_range, xl_range_abs

from ...functions import all_functions
from ..working_paper.kit import HEAD, SHADE, Book, Sheet, clean
from ..working_paper.layout import BOX, LINE

Value = str | float | bool | None


class Page:
    """One sheet of the workbook, its cells counted from 0."""

    def __init__(self, book: Book, name: str, widths: Sequence[float], colour: str) -> None:
        self.sheet: Sheet = book.sheet(name, list(widths), colour)
        self.book, self.name, self.raw = book, name, self.sheet.raw
        self.values: dict[tuple[int, int], Value] = {}

    def text(self, row: int, column: int, text: str, span: int = 1, **style: Any) -> None:
        self.values[row, column] = text or None
        self.sheet.text(row, column, text, span=span, **style)

    def number(self, row: int, column: int, value: Decimal | float, **style: Any) -> None:
        self.values[row, column] = float(value)
        self.sheet.number(row, column, Decimal(str(value)), **style)

    def put(self, row: int, column: int, value: Value, **style: Any) -> None:
        """Whatever a function gave."""
        if isinstance(value, float | int) and not isinstance(value, bool):
            self.number(row, column, value, **style)
        else:
            self.text(row, column, "" if value is None else str(value), **style)

    def merged(self, row: int, column: int, height: int, width: int, value: Value, **style: Any) -> None:
        """Whatever stands in cells that are joined. Those joined downward set no row's height."""
        if height == 1 and isinstance(value, str):
            self.text(row, column, value, span=width, **style)
            return
        if height > 1 or width > 1:
            self.raw.merge_range(
                row, column, row + height - 1, column + width - 1, "", self.book.style(**style)
            )
        if isinstance(value, str):
            self.values[row, column] = value
            self.raw.write_string(row, column, clean(value), self.book.style(**style))
        else:
            self.put(row, column, value, **style)

    def native(self, row: int, column: int, formula: str, value: Value, **style: Any) -> None:
        """A formula of Excel's own functions, with its value."""
        self.values[row, column] = value
        self.sheet.formula(
            row, column, formula, value if isinstance(value, str) else Decimal(str(value or 0)), **style
        )

    def area(self, row: int, column: int, last_row: int, last_column: int, name: str = "") -> Area:
        return Area(self, row, column, last_row, last_column, name)

    def call(
        self, row: int, column: int, call: Call, *, look: Mapping[int, Any] | None = None, **style: Any
    ) -> Area:
        """A formula of ours that spills from here; returns the area it takes.

        look  styles by column of the result
        """
        result = call.value()
        grid = result if isinstance(result, list) else [[result]]
        last = row + len(grid) - 1, column + len(grid[0]) - 1
        first = {**style, **(look or {}).get(0, {})}
        self.put(row, column, grid[0][0], **first)  # for the height that it needs
        self.raw.write_dynamic_array_formula(
            row, column, *last, f"={call.formula(self)}", self.book.style(**first), _stored(grid[0][0])
        )
        for r, line in enumerate(grid):
            for c, value in enumerate(line):
                if (r, c) != (0, 0):
                    self.put(row + r, column + c, value, **{**style, **(look or {}).get(c, {})})
        return self.area(row, column, *last)

    # ---- looks

    def title(self, text: str, columns: int, hint: str) -> None:
        self.text(0, 0, text, span=columns, font_name=HEAD, font_size=16, bold=True, align="center")
        self.sheet.at_least(0, 34)
        self.text(1, 0, hint, span=columns, font_color="#52606D", text_wrap=True)

    def heads(self, row: int, titles: Sequence[str]) -> None:
        for column, title in enumerate(titles):
            self.values[row, column] = title
        self.sheet.head(row, list(titles))

    def framed_when_filled(self, row: int, columns: int, rows: int, *, head: bool = True) -> None:
        """Frames, wrapped lines and a shaded head for a result that grows and shrinks."""
        form = self.book.file.add_format
        start = xl_range(row, 0, row, 0)
        if head:
            rule = {"criteria": f'=${start}<>""', "format": form({"bg_color": SHADE, "bold": True, **BOX})}
            self.raw.conditional_format(row, 0, row, columns - 1, {"type": "formula", **rule})
        rule = {"criteria": f'=${start}<>""', "format": form({"border": 1, "border_color": LINE})}
        self.raw.conditional_format(row, 0, row + rows, columns - 1, {"type": "formula", **rule})

    def coloured(self, area: Area, colours: Mapping[str, tuple[str, str]]) -> None:
        for word, (ink, fill) in colours.items():
            look = self.book.file.add_format({"font_color": ink, "bg_color": fill, **BOX})
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
            self.raw.conditional_format(area.row, area.column, area.last_row, area.last_column, rule)


@dataclass(frozen=True)
class Area:
    """Cells as an argument: A1:B2, 'sheet'!$A$1:$B$2, or the name that is defined for them."""

    page: Page
    row: int
    column: int
    last_row: int
    last_column: int
    name: str = ""

    def formula(self, page: Page) -> str:
        if self.name:
            return self.name
        corners = self.row, self.column, self.last_row, self.last_column
        if page is self.page:
            return str(xl_range(*corners))
        return f"'{self.page.name}'!{xl_range_abs(*corners)}"

    def value(self) -> Any:
        """As Excel hands it over: one value, or a list of rows."""
        known = self.page.values
        grid = [
            [known.get((r, c)) for c in range(self.column, self.last_column + 1)]
            for r in range(self.row, self.last_row + 1)
        ]
        return grid[0][0] if len(grid) == len(grid[0]) == 1 else grid

    def define(self) -> None:
        """Give the area its name in the workbook."""
        where = xl_range_abs(self.row, self.column, self.last_row, self.last_column)
        self.page.book.file.define_name(self.name, f"='{self.page.name}'!{where}")


Argument = Area | str | float | None


@dataclass(frozen=True)
class Call:
    """A function of the registry with its arguments. `unless_blank`: rows where this column is blank stay blank."""

    name: str
    arguments: tuple[Any, ...]
    unless_blank: Area | None = None

    def formula(self, page: Page) -> str:
        written = f"{self.name}({','.join(_argument(each, page) for each in self.arguments)})"
        if self.unless_blank is None:
            return written
        return f'IF({self.unless_blank.formula(page)}="","",{written})'

    def value(self) -> Any:
        known = {function.name: function.run for function in all_functions()}
        given = [each.value() if isinstance(each, Area | Call) else each for each in self.arguments]
        result = known[self.name](*given)
        if self.unless_blank is None:
            return result
        masks = self.unless_blank.value()
        return [
            line if mask[0] not in (None, "") else [""] * len(line)
            for line, mask in zip(result, masks, strict=True)
        ]


def call(name: str, *arguments: Any, unless_blank: Area | None = None) -> Call:
    return Call(name, arguments, unless_blank)


def _argument(given: Any, page: Page) -> str:
    if isinstance(given, Area | Call):
        return given.formula(page)
    if given is None:
        return ""
    if isinstance(given, str):
        return '"' + given.replace('"', '""') + '"'
    return f"{given:g}"


def _stored(value: Value) -> Value:
    return "" if value is None else value
