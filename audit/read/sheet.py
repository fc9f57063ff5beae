"""A workbook in, `Document` out: one `Table` per sheet, every cell at its own address, blank ones included.

.xlsx is read from its XML in one pass, because only there a formula without a stored value differs from a
blank, and a number has its format. .xls goes through python-calamine, which knows values and merges only.
Left alone: charts, comments, pictures, macros. Nothing is calculated.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from lxml import etree

from audit.quantity import from_float
from audit.read.addresses import address, column_of, letters, moved
from audit.read.archive import Archive
from audit.read.assembly import Source, state_of
from audit.read.formats import BUILTIN, date_text, is_date, shortest, show
from audit.source import Cell, CellState, Document, Span, Table

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ROW, C, V, F, T, IS, PHONETIC = (S + tag for tag in ("row", "c", "v", "f", "t", "is", "rPh"))

# A stray value in the last row must not make a grid of a milliard blanks.
MAX_AREA = 20_000_000
MAX_BLANKS = 1_000_000
REMEDY = "请用 Excel 或 WPS 打开后另存为 .xlsx，再试"

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(slots=True)
class Found:
    """What stands in a cell, before it has a place."""

    text: str
    number: Decimal | None = None
    state: CellState = CellState.VALUE
    format: str = ""
    formula: str = ""


# Styles already read, by their XML: the forms of one template have all the same.
KNOWN_STYLES: dict[bytes, tuple[list[str], list[bool]]] = {}

Grid = dict[tuple[int, int], Found]


def read_xlsx(data: bytes, source: Source) -> Document:
    archive = Archive(data, source)
    if "xl/workbook.xml" not in archive.names:
        raise source.error("文件已损坏（缺少工作簿）", REMEDY)
    workbook = archive.xml("xl/workbook.xml")
    book = Book(archive, workbook)
    tables, hidden = [], []
    for sheet in workbook.iter(S + "sheet"):
        part = book.parts.get(sheet.get(RELATION, ""), "")
        name = sheet.get("name", "")
        if part not in archive.names:
            continue  # a chart sheet, or none
        grid, merges = book.sheet(part)
        table = lay_out(name, grid, merges, source)
        if table is None:
            continue
        tables.append(table)
        if sheet.get("state", "visible") != "visible":
            hidden.append(name)
    return finish(tables, hidden, source)


def read_xls(data: bytes, source: Source) -> Document:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        tables, hidden = [], []
        for about in workbook.sheets_metadata:
            sheet = workbook.get_sheet_by_name(about.name)
            grid: Grid = {}
            for r, row in enumerate(sheet.to_python(skip_empty_area=False)):
                for c, value in enumerate(row):
                    if value != "":
                        grid[r, c] = plain_value(value)
            ranges = sheet.merged_cell_ranges or ()
            merges = [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
            table = lay_out(about.name, grid, merges, source)
            if table is None:
                continue
            tables.append(table)
            if about.visible != SheetVisibleEnum.Visible:
                hidden.append(about.name)
    except (CalamineError, ValueError, OSError):
        raise source.error("工作簿已损坏，无法读取", REMEDY) from None
    except BaseException as error:
        # A panic of the Rust library, met on damaged files; no class is exported to name it by.
        if type(error).__name__ != "PanicException":
            raise
        raise source.error("工作簿已损坏，无法读取", REMEDY) from None
    return finish(tables, hidden, source)


def finish(tables: list[Table], hidden: list[str], source: Source) -> Document:
    if not tables:
        raise source.error("工作簿里没有内容", "请确认选对了文件")
    warnings = (f"{source.name}：含隐藏的工作表（{'、'.join(hidden)}），已一并读取",) if hidden else ()
    return Document(
        source.id, source.name, source.role, source.sha256, tables=tuple(tables), warnings=warnings
    )


def lay_out(name: str, grid: Grid, merges: Sequence[Merge], source: Source) -> Table | None:
    """A grid as a table with its addresses; None for a sheet with nothing on it."""
    grid = {at: found for at, found in grid.items() if found.state is not CellState.BLANK or found.formula}
    if not grid:
        return None
    filled = [
        merge for merge in merges if merge[:2] in grid and merge[2] - merge[0] < 1000 > merge[3] - merge[1]
    ]
    rows = 1 + max([r for r, _ in grid] + [merge[2] for merge in filled])
    columns = 1 + max([c for _, c in grid] + [merge[3] for merge in filled])
    if rows * columns > MAX_AREA:
        raise source.error(
            f"工作表“{name}”的已用区域过大（{rows}行×{columns}列）", "请删去表格以外的零星内容后另存"
        )
    corners: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for top, left, bottom, right in merges:
        # Whole rows and columns may be merged; only what lies in the used area counts.
        bottom, right = min(bottom, rows - 1), min(right, columns - 1)
        if top <= bottom and left <= right and (top, left) not in covered:
            corners[top, left] = bottom - top + 1, right - left + 1
            covered.update((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
            covered.discard((top, left))
    places: Iterable[tuple[int, int]] = ((r, c) for r in range(rows) for c in range(columns))
    if rows * columns - len(grid) > MAX_BLANKS:
        places = sorted(grid)
    blank = Found("", state=CellState.BLANK)
    names = [f"{name}!{letters(c)}" for c in range(columns)]
    cells = []
    for at in places:
        if at in covered:
            continue
        r, c = at
        found = grid.get(at, blank)
        height, width = corners.get(at, (1, 1))
        span = Span(source.id, None, None, found.text, None, f"{names[c]}{r + 1}")
        cells.append(
            Cell(
                r, c, found.text, span, found.number, found.state, height, width, found.format, found.formula
            )
        )
    return Table(name, tuple(cells), rows, columns)


class Book:
    """The parts of an .xlsx that its sheets refer to: texts, formats, the calendar."""

    def __init__(self, archive: Archive, workbook: etree._Element) -> None:
        self.archive = archive
        self.parts: dict[str, str] = {}
        if "xl/_rels/workbook.xml.rels" in archive.names:
            for relation in archive.xml("xl/_rels/workbook.xml.rels"):
                target = posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
                if relation.get("Type", "").endswith("/worksheet"):
                    self.parts[relation.get("Id", "")] = target
        properties = workbook.find(S + "workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.formats, self.dates = self.read_formats()
        self.texts: list[str] = []
        if "xl/sharedStrings.xml" in archive.names:
            self.texts = [rich_text(item) for item in archive.elements("xl/sharedStrings.xml", (S + "si",))]

    def read_formats(self) -> tuple[list[str], list[bool]]:
        """The number format of each style index, and whether it is a date's."""
        if "xl/styles.xml" not in self.archive.names:
            return [], []
        data = self.archive.transitional("xl/styles.xml")
        if data in KNOWN_STYLES:
            return KNOWN_STYLES[data]
        root = self.archive.tree("xl/styles.xml", data)
        codes: dict[int, str] = dict(BUILTIN)
        for own in root.iter(S + "numFmt"):
            codes[whole(own.get("numFmtId"), 0)] = own.get("formatCode", "")
        styles = root.find(S + "cellXfs")
        formats = [] if styles is None else [codes.get(whole(xf.get("numFmtId"), 0), "") for xf in styles]
        found = formats, [is_date(code) for code in formats]
        if len(data) < 100_000:
            if len(KNOWN_STYLES) >= 20:
                KNOWN_STYLES.clear()
            KNOWN_STYLES[data] = found
        return found

    def sheet(self, part: str) -> tuple[Grid, list[Merge]]:
        grid: Grid = {}
        merges: list[Merge] = []
        shared: dict[str, tuple[int, int, str]] = {}
        r = -1
        for element in self.archive.elements(part, (ROW, S + "mergeCell")):
            if element.tag == ROW:
                r = whole(element.get("r"), r + 2) - 1
                columns: list[int] = []
                for n, cell in enumerate(element.iterchildren(C)):
                    if not len(cell):  # most cells of a form are only formatted
                        continue
                    c = column_of(cell.get("r", ""))
                    if c is None:
                        columns = columns or columns_of(element)
                        c = columns[n]
                    if (found := self.cell(cell, (r, c), shared)) is not None:
                        grid[r, c] = found
            else:
                ends = [address(end) for end in element.get("ref", "").split(":")]
                if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
                    merges.append((*ends[0], *ends[1]))
        return grid, merges

    def cell(
        self, element: etree._Element, at: tuple[int, int], shared: dict[str, tuple[int, int, str]]
    ) -> Found | None:
        """What one <c> holds; None for a cell that is only formatted."""
        kind = element.get("t", "n")
        formula = raw = None
        inline = ""
        for child in element:
            tag = child.tag
            if tag == V:
                raw = child.text
            elif tag == F:
                formula = formula_of(child, at, shared)
            elif tag == IS:
                inline = rich_text(child)
        if kind == "inlineStr":
            found = worded(inline)
        elif raw is None or (raw == "" and kind == "n"):
            if formula is None:
                return None
            # The result "" is stored as an empty text (t="str"); a formula never calculated stores nothing.
            found = worded("") if kind == "str" else Found("", state=CellState.UNCALCULATED)
        elif kind == "s":
            index = whole(raw, -1)
            found = worded(self.texts[index] if 0 <= index < len(self.texts) else "")
        elif kind == "e":
            found = Found(raw, state=CellState.ERROR)
        elif kind == "b":
            found = Found("TRUE" if raw.strip() in ("1", "true") else "FALSE")
        elif kind == "n":
            found = self.number(raw, whole(element.get("s"), 0))
        elif kind == "d":
            found = Found(raw.replace("T00:00:00", "").replace("T", " "))
        else:
            found = worded(unescape(raw))
        found.formula = "" if formula is None else "=" + formula
        return found

    def number(self, raw: str, style: int) -> Found:
        try:
            value = float(raw)
        except ValueError:
            return worded(raw)
        if not math.isfinite(value):
            return worded(raw)
        code = self.formats[style] if style < len(self.formats) else ""
        if code and self.dates[style] and (text := date_text(value, code, self.from_1904)):
            return Found(text, format=code)
        exact = from_float(value) + 0  # + 0: no negative zero
        return Found(show(exact, code), exact, format=code)


def worded(text: str) -> Found:
    # Letters that look like an error value are words here: a real error has a type of its own.
    state = state_of(text)
    return Found(text, state=CellState.VALUE if state is CellState.ERROR else state)


def plain_value(value: object) -> Found:
    """A value as calamine gives it; it keeps no number format."""
    if isinstance(value, bool):
        return Found("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        exact = from_float(value) + 0
        return Found(shortest(exact), exact)
    if isinstance(value, datetime):
        return Found(value.isoformat(" ").removesuffix(" 00:00:00"))
    if isinstance(value, date | time):
        return Found(value.isoformat())
    if isinstance(value, timedelta):
        return Found(date_text(value.total_seconds() / 86400, "h:mm"))
    return Found(str(value), state=state_of(str(value)))


def formula_of(element: etree._Element, at: tuple[int, int], shared: dict[str, tuple[int, int, str]]) -> str:
    """A formula's text. One shared by many cells is written once; the others get it moved to their place."""
    text = element.text or ""
    if element.get("t") != "shared":
        return text
    index = element.get("si", "")
    if text:
        shared[index] = (*at, text)
        return text
    if index not in shared:
        return ""
    row, column, text = shared[index]
    return moved(text, at[0] - row, at[1] - column)


def columns_of(row: etree._Element) -> list[int]:
    """The column of each cell of a row where not every cell says its own: the one after its neighbour's."""
    columns = [-1]
    for cell in row.iterchildren(C):
        c = column_of(cell.get("r", ""))
        columns.append(columns[-1] + 1 if c is None else c)
    return columns[1:]


def rich_text(element: etree._Element) -> str:
    """The text of a string with its runs, without phonetic guides."""
    if len(element) == 1 and element[0].tag == T:
        return unescape(element[0].text or "")
    texts = [t.text for t in element.iter(T) if t.text and getattr(t.getparent(), "tag", "") != PHONETIC]
    return unescape("".join(texts))


def unescape(text: str) -> str:
    """Excel writes control characters as _x000D_; a carriage return says nothing beside its line feed."""
    if "_x" not in text:
        return text
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)).replace("\r", ""), text)


def whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default
