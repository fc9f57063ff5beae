"""How a standard table is laid out: where its heads end, which columns hold codes, names, amounts.

Comes in: rows of cells. Goes out: `Layout`, and the lines under it. Columns are known by what their cells
hold first, by their heads second: heads are worded, merged and broken in many ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..columns import is_number
from ..source import Cell, CellState, Table
from .model import MARKER, TOTAL, Amount, Line, Path

Rows = Sequence[Sequence[Cell]]
CODE = re.compile(r"\d{3}(?:\d{2}){0,3}")
CODED_NAME = re.compile(r"(\d{3}(?:\d{2}){0,3})(\D.*)")
CODE_HEAD = re.compile(r"编码|代码|^类$|^款$|^项$")
NAME_HEAD = re.compile(r"名称$|^项目(?:（[^）]*）)?$|^科目$|^支出功能分类$|^按功能分类")
COUNT_HEAD = re.compile(r"^行次$|^序号$|^栏次$")
ORDER_ROW = re.compile(r"栏次|行次|栏次/行次")
AMONG = re.compile(r"^其中[:：]?")
FOOT = re.compile(r"^(?:注|说明|备注)[:：]")


@dataclass(slots=True)
class Layout:
    """Columns of a table by index; `heads` are the head rows as printed, to know them again overleaf."""

    width: int
    columns: dict[int, Path] = field(default_factory=dict)
    zones: dict[int, int] = field(default_factory=dict)
    codes: set[int] = field(default_factory=set)
    names: set[int] = field(default_factory=set)
    heads: set[tuple[str, ...]] = field(default_factory=set)

    def fits(self, table: Table, rows: Rows) -> bool:
        """May the rows go on under these heads: as many columns, or the same heads again."""
        return bool(rows) and (table.columns == self.width or self.repeated(rows))

    def repeated(self, rows: Rows) -> bool:
        start = _data_start(rows)
        return 0 < start < len(rows) and _same_heads(rows[:start], self)

    def as_in(self, first: Layout, line: Line) -> Line:
        """A line of this page with its columns and zones numbered as on the first page of its table."""
        if first is self or len(first.columns) != len(self.columns):
            return line
        columns = dict(zip(sorted(self.columns), sorted(first.columns), strict=True))
        line.amounts = {columns[c]: amount for c, amount in line.amounts.items()}
        zones = {self.zones[c]: first.zones[columns[c]] for c in self.columns}
        line.zone = zones.get(line.zone, line.zone)
        return line


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("(", "（").replace(")", "）").replace(":", "：")


def layout_of(rows: Rows, before: Layout | None) -> Layout | None:
    """The layout of a table, or that of the page before where the table goes on; None where it has no heads."""
    start = _data_start(rows)
    width = max((c.column + c.column_span for row in rows for c in row), default=0)
    repeats = start == 0 or _same_heads(rows[:start], before) if before else False
    if before is not None and start < len(rows) and width == before.width and repeats:
        return before
    if start == 0 or start > 8:
        return before
    layout = Layout(width, heads={_texts(row) for row in rows[:start]})
    paths: dict[int, list[str]] = {}
    for r, row in enumerate(rows[:start]):
        if _is_order(row):
            continue
        for cell in row:
            text = squeeze(cell.text)
            # A cell that began in the row above says nothing again; a side cell may reach into the data.
            if not text or (cell.row != row[0].row and r and any(cell is c for c in rows[r - 1])):
                continue
            for column in range(cell.column, cell.column + cell.column_span):
                path = paths.setdefault(column, [])
                if not path or path[-1] != text:
                    path.append(text)
    body = rows[start:]
    for column in range(width):
        path = [re.sub(r"（(?:单位：)?[百千万亿]*元）", "", t) for t in paths.get(column, [])]
        kind = _column_kind(column, path, body)
        if kind == "code":
            layout.codes.add(column)
        elif kind == "name":
            layout.names.add(column)
        elif kind == "amount":
            layout.columns[column] = tuple(path)
    for column in layout.columns:
        left = [n for n in layout.names | layout.codes if n < column]
        if left:
            # The label's zone is told by its name column; a code column right before it belongs to it.
            layout.zones[column] = max([n for n in layout.names if n < column] or left)
        else:
            layout.zones[column] = -1
    return layout


def _column_kind(column: int, path: Sequence[str], body: Rows) -> str:
    if body and not any(c.column == column for row in body for c in row):
        return ""  # a line that only other rows have runs through the cells here
    cells = [c for row in body for c in row if c.column == column and c.text.strip()]
    # A 合计 line may stand beside the last row of heads, under 编码 and 名称.
    head = next((text for text in reversed(path) if not TOTAL.fullmatch(text)), path[-1] if path else "")
    if COUNT_HEAD.match(head):
        return "count"
    if CODE_HEAD.search(head) and not head.endswith("名称"):
        return "code"
    words = [c for c in cells if c.state is CellState.VALUE and not is_number(c)]
    codes = [c for c in cells if CODE.fullmatch(squeeze(c.text))]
    numbers = [c for c in cells if is_number(c)]
    if NAME_HEAD.search(head):
        if codes and len(codes) >= len(numbers) * 0.9 and len(codes) > len(words):
            return "code"
        if len(numbers) <= len(words) or not numbers:
            return "name"
    if len(words) > len(numbers) and len(words) > 1:
        return "name"
    if not head and codes and len(codes) == len(numbers) and len(codes) > len(words):
        return "code"
    return "amount" if path or numbers else ""


def _data_start(rows: Rows) -> int:
    """The first row that is no head: with a code, a numbered label, a total, or amounts."""
    for r, row in enumerate(rows):
        filled = [c for c in row if c.text.strip()]
        if not filled or _is_order(row):
            continue
        first = squeeze(filled[0].text)
        numbers = [c for c in filled if is_number(c)]
        words = [c for c in filled if not is_number(c) and c.state is CellState.VALUE]
        if CODE.fullmatch(first) and len(filled) > 1 and not is_number(filled[1]):
            return r
        if CODED_NAME.fullmatch(first):
            return r
        labelled = [c for c in words if MARKER.match(squeeze(c.text)) or AMONG.match(squeeze(c.text))]
        if labelled and len(labelled) >= len(words) - 1:
            return r
        if TOTAL.fullmatch(first) and len(words) <= 2 and (numbers or len(row) == len(filled)):
            return r
        if TOTAL.fullmatch(first) and len(words) == 1 and len(row) > 1:
            return r
        if numbers and len(numbers) >= len(words):
            return r
        if numbers and any(re.search(r"\.\d", c.text) for c in numbers):
            return r
    # Nothing but heads: an empty table. What is below the last row of words is its body.
    last = max((r for r, row in enumerate(rows) if any(c.text.strip() for c in row)), default=-1)
    return last + 1


def _is_order(row: Sequence[Cell]) -> bool:
    """栏次 1 2 3 …: numbers of columns, no amounts."""
    filled = [squeeze(c.text) for c in row if c.text.strip()]
    if not filled:
        return False
    if ORDER_ROW.fullmatch(filled[0]):
        return True
    plain = [int(t) for t in filled if re.fullmatch(r"\d{1,2}", t)]
    return len(plain) == len(filled) >= 3 and plain == list(range(plain[0], plain[0] + len(plain)))


def _same_heads(rows: Rows, before: Layout) -> bool:
    return all(_texts(row) in before.heads or not any(_texts(row)) or _is_order(row) for row in rows)


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(squeeze(c.text) for c in row if c.text.strip())


def lines_of(rows: Rows, layout: Layout) -> Iterator[Line]:
    """The lines of a table under a layout; rows of heads, of 栏次 and of notes are left out."""
    for row in rows:
        texts = _texts(row)
        if texts in layout.heads or _is_order(row):
            continue
        if len(texts) == 1 and (FOOT.match(texts[0]) or len(texts[0]) > 40):
            continue
        yield from (line for line in _lines(row, layout) if line.label or line.code or line.filled)


def _lines(row: Sequence[Cell], layout: Layout) -> Iterator[Line]:
    current: Line | None = None
    code, code_cell = "", None
    for cell in row:
        text = squeeze(cell.text)
        if cell.column in layout.codes and (not text or re.fullmatch(r"\d+", text)):
            code += text
            code_cell = cell if text else code_cell
            continue
        if (cell.column in layout.codes or cell.column in layout.names) and text:
            if current:
                yield current
            if match := CODED_NAME.fullmatch(text):
                code, text = match[1], match[2]
            zone = max(n for n in {cell.column + cell.column_span - 1, cell.column})
            marker = MARKER.match(text) or AMONG.match(text)
            said = marker[0] if marker else ""
            bare = text[len(said) :] if marker else text
            again = MARKER.match(bare)  # 其中：1.
            current = Line(
                bare[again.end() :] if again else bare, code, said, cell, zone, code_cell=code_cell
            )
            code, code_cell = "", None
        elif cell.column in layout.columns:
            if current is None or _other_zone(current, cell, layout):
                if current:
                    yield current
                current = Line("", code, "", None, layout.zones[cell.column], code_cell=code_cell)
                code, code_cell = "", None
            current.zone = layout.zones[cell.column]
            current.amounts[cell.column] = Amount(cell)
    if current:
        yield current


def _other_zone(line: Line, cell: Cell, layout: Layout) -> bool:
    """Amounts under the heads of another zone, with no label of their own: they are not this line's, unless it has
    none and is a total, whose label may be set over both zones."""
    wide = "合计" in line.label and not line.filled
    return bool(line.amounts) and layout.zones[cell.column] != line.zone and not wide
