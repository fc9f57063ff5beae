"""What the readers share: whose file it is, and the laying of paragraphs and tables into one text.

Comes in: paragraphs and tables in reading order. Goes out: a `Document` whose spans fit its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.errors import ReadError
from audit.source import Block, BlockKind, Cell, CellState, Document, Role, Span, Table

DASHES = {"—", "——", "———", "–", "-", "--", "－", "−", "─", "―", "/", "／", "\\", "＼"}
ERRORS = {
    "#DIV/0!",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
}
UNIT_LINE = re.compile(r"单位\s*[:：]?\s*[（(]?\s*(人民币)?\s*[百千万亿]*元")


@dataclass(frozen=True, slots=True)
class Source:
    """The file that is being read, as the `Document` will name it."""

    id: str
    name: str
    role: Role
    sha256: str

    def error(self, cause: str, remedy: str = "") -> ReadError:
        return ReadError(self.name, cause, remedy)


@dataclass(slots=True)
class Draft:
    """A table cell before it has a place in the text."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


def state_of(text: str) -> CellState:
    """What a cell of a text document says by its print alone."""
    text = text.strip()
    if not text:
        return CellState.BLANK
    if text in DASHES:
        return CellState.DASH
    return CellState.ERROR if text in ERRORS else CellState.VALUE


class Assembly:
    """The text of a document as it grows: blocks parted by line feeds, cells by tabs, rows by line feeds."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.pages: list[tuple[int, int]] = []
        self.warnings: list[str] = []

    def append(self, text: str) -> int:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start

    def begin(self) -> int:
        """Where the next block will start."""
        if self.blocks:
            self.append("\n")
        return self.length

    def block(self, text: str, kind: BlockKind = "paragraph", level: int = 0) -> int:
        """Lay down a paragraph that is not blank; returns where it starts."""
        start = self.begin()
        self.append(text)
        self.blocks.append(Block(start, self.length, kind, level))
        return start

    def table(
        self, cells: Iterable[Draft], rows: int, columns: int, page: int | None = None, ruled: bool = True
    ) -> int:
        """Lay down a table row by row, a merged cell once, where it begins; returns where it starts."""
        caption = self.caption()
        start = self.begin()
        placed: list[Cell] = []
        row = 0
        first = True
        for draft in sorted(cells, key=lambda cell: (cell.row, cell.column)):
            if draft.row > row:
                self.append("\n" * (draft.row - row))
                row, first = draft.row, True
            if not first:
                self.append("\t")
            first = False
            at = self.append(draft.text)
            span = Span(self.source.id, at, self.length, draft.text, page)
            placed.append(
                Cell(
                    draft.row,
                    draft.column,
                    draft.text,
                    span,
                    state=state_of(draft.text),
                    row_span=draft.row_span,
                    column_span=draft.column_span,
                )
            )
        self.blocks.append(Block(start, self.length, "table"))
        name = f"表{len(self.tables) + 1}"
        self.tables.append(Table(name, tuple(placed), rows, columns, caption, page, ruled))
        return start

    def caption(self) -> str:
        """The paragraph right above, with the line of units where one stands between."""
        lines: list[str] = []
        for block in reversed(self.blocks[-2:]):
            if block.kind == "table":
                break
            text = self.text_of(block)
            lines.insert(0, text)
            if len(text) > 60 or not UNIT_LINE.search(text):
                break
        return " ".join(lines)

    def text_of(self, block: Block) -> str:
        """A recent block's text, without joining the whole."""
        tail: Sequence[str] = self.parts[-4:]
        offset = self.length - sum(map(len, tail))
        return "".join(tail)[block.start - offset : block.end - offset]

    def document(self) -> Document:
        source = self.source
        return Document(
            source.id,
            source.name,
            source.role,
            source.sha256,
            "".join(self.parts),
            tuple(self.blocks),
            tuple(self.tables),
            tuple(self.pages),
            tuple(self.warnings),
        )
