"""Where things stand: documents, their tables, and spans that point into them.

Comes in from `audit.read`, goes out to every later stage. Interprets nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Role = Literal["narrative", "annex"]


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a document with the words printed there.

    start, end  Unicode code points in `Document.text`; None for a workbook cell
    cell        "sheet!A1" in a workbook, else None
    page        from 1 in a PDF, else None
    """

    document: str
    start: int | None
    end: int | None
    text: str
    page: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        return self.text


class CellState(StrEnum):
    """What stands in a cell. Blank, dash, an error and "never calculated" are different things."""

    VALUE = "值"
    BLANK = "空白"
    DASH = "短横"  # —, ——, -, /, ／ : "not applicable"
    ERROR = "错误值"  # #DIV/0! and its like
    UNCALCULATED = "未计算"  # a formula whose value was never stored


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; a merged cell appears once, at its top left corner.

    text     as a person sees it; a number in its shortest plain decimal form, "57.39%" where the
             number format is a percentage
    number   the stored number (0.5739 for that percentage), cut to 15 significant digits; None for text
    """

    row: int
    column: int
    text: str
    span: Span
    number: Decimal | None = None
    state: CellState = CellState.VALUE
    row_span: int = 1
    column_span: int = 1
    number_format: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells: a worksheet, a Word table, a ruled table on a PDF page.

    name     sheet name, or "表1" in order of appearance
    caption  the paragraph right above it in a text document, else ""
    ruled    False where it has no lines and was put together from where its words stand on the page
    """

    name: str
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    caption: str = ""
    page: int | None = None
    ruled: bool = True

    def grid(self) -> list[list[Cell | None]]:
        """Every grid position with the cell that covers it (merged cells repeat)."""
        grid: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for r in range(cell.row, min(cell.row + cell.row_span, self.rows)):
                for c in range(cell.column, min(cell.column + cell.column_span, self.columns)):
                    grid[r][c] = cell
        return grid


BlockKind = Literal["paragraph", "table", "note", "textbox"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of `Document.text` that belongs together. `level` is the heading level where the file says so."""

    start: int
    end: int
    kind: BlockKind = "paragraph"
    level: int = 0


@dataclass(frozen=True)
class Document:
    """One file, read. `text` holds everything with a place in running text, tables included.

    A workbook has text "" and its tables; a text, Word or PDF file has text, blocks that cover it in
    order, and tables whose cells' spans point into the text. `pages` holds (start offset, page number).
    """

    id: str
    name: str
    role: Role
    sha256: str
    text: str = ""
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def page_of(self, offset: int) -> int | None:
        """The page (from 1) on which a text offset stands; None where the file has no pages."""
        page = None
        for start, number in self.pages:
            if start > offset:
                break
            page = number
        return page

    def span(self, start: int, end: int) -> Span:
        return Span(self.id, start, end, self.text[start:end], self.page_of(start))

    def prose(self) -> Iterator[Block]:
        """The blocks that are running text, not tables."""
        return (block for block in self.blocks if block.kind != "table")
