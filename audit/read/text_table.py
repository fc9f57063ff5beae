"""Tables that were flattened into lines: their cells parted by bars, tabs or blanks, or one to a line.

Comes in: a text with its lines. Goes out: `Table`s whose cells point into that text, and the lines that are
left over. Where lines only look like a table they stay running text: a table has a head of words, at least two
rows alike below it, and a head or caption that says what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.read.assembly import DASHES, state_of
from audit.read.text_rows import MEASURED, VALUE, Found, Lines, Piece, Rows
from audit.source import Block, Cell, Span, Table

BAR = re.compile(r"[|｜│┃]")
TAB = re.compile(r"\t")
UNIT_ALONE = re.compile(r"[（(]?(?:金额|计量)?单位[^，。]{0,12}$")
WIDEST = 30  # columns
MOST_LOOSE = 3000  # cells that stand one to a line


def text_tables(text: str, lines: Sequence[Block], document: str) -> tuple[list[Block], list[Table]]:
    """The blocks of a text, with the lines of each table put together, and the tables."""
    drawn, rows = Drawn(text, lines), Rows(text, lines)
    blocks: list[Block] = []
    tables: list[Table] = []
    i = 0
    while i < len(lines):
        found = drawn.at(i) or rows.at(i)
        if found is None:
            blocks.append(lines[i])
            i += 1
            continue
        cells = tuple(
            Cell(
                r, c, text[start:end], Span(document, start, end, text[start:end]),
                state=state_of(text[start:end]),
            )
            for r, row in enumerate(found.rows)
            for c, (start, end) in sorted(row.items())
        )  # fmt: skip
        name = f"表{len(tables) + 1}"
        tables.append(
            Table(name, cells, len(found.rows), found.columns, caption(text, blocks), ruled=found.ruled)
        )
        blocks.append(Block(lines[i].start, lines[i + found.lines - 1].end, "table"))
        i += found.lines
    return blocks, tables


def caption(text: str, above: Sequence[Block]) -> str:
    """The line right above, with the one over it where that one only says the unit."""
    found: list[str] = []
    for block in reversed(above[-2:]):
        if block.kind == "table":
            break
        line = text[block.start : block.end].strip()
        found.insert(0, line)
        if not UNIT_ALONE.match(line):
            break
    return " ".join(found)


class Drawn(Lines):
    """Finds the tables whose cells are parted by bars or tabs, which keep their blank cells."""

    def __init__(self, text: str, lines: Sequence[Block]) -> None:
        super().__init__(text, lines)
        self.done = {BAR: 0, TAB: 0}  # up to this line no table with these marks begins

    def at(self, i: int) -> Found | None:
        for mark in (BAR, TAB):
            if i >= self.done[mark] and (run := self._run(mark, i)):
                self.done[mark] = i + len(run)
                if found := self._drawn(mark, run):
                    return found
        return None

    def _run(self, mark: re.Pattern[str], i: int) -> list[Block]:
        """The lines from here on with such marks; with equally many of them where they are tabs."""
        first = len(mark.findall(self.text, self.lines[i].start, self.lines[i].end))
        run: list[Block] = []
        for n in range(i, len(self.lines)) if first else ():
            line = self.lines[n]
            marks = len(mark.findall(self.text, line.start, line.end))
            if not marks or (mark is TAB and marks != first):
                break
            run.append(line)
        return run

    def _drawn(self, mark: re.Pattern[str], run: Sequence[Block]) -> Found | None:
        """Lines of one row each, or of one cell each where every line but a few ends with the mark."""
        if len(run) < 3:
            return None
        lines = [self.split(mark, line.start, line.end) for line in run]
        if mark is BAR and self._one_to_a_line(lines):
            return self._flow(lines)
        rows: list[list[Piece]] = []
        for line, pieces in zip(run, lines, strict=True):
            if mark is BAR:
                bars = self.words((line.start, line.end)).strip()
                if "--" in bars and not re.search(r"[^\s|｜│┃:+—-]", bars):
                    continue
                pieces = pieces[bool(BAR.match(bars)) : len(pieces) - bool(BAR.match(bars[-1]))]
            rows.append(pieces)
        width = len(rows[0]) if rows else 0
        for row in rows:
            while len(row) > width and row[-1][0] == row[-1][1]:
                row.pop()
        if width > WIDEST or any(len(row) > width for row in rows):
            return None
        return self._checked(rows, len(run))

    def _one_to_a_line(self, lines: Sequence[list[Piece]]) -> bool:
        filled = [[start < end for start, end in line] for line in lines]
        return all(sum(line) <= 1 and not line[-1] for line in filled)

    def _flow(self, lines: Sequence[list[Piece]]) -> Found | None:
        """As many columns as make every column below the heads one of words or one of values."""
        pieces = [piece for line in lines for piece in line[:-1]]
        if len(pieces) > MOST_LOOSE:
            return None
        for width in range(2, min(WIDEST, len(pieces) // 3) + 1):
            rows = [pieces[n : n + width] for n in range(0, len(pieces), width)]
            columns = [[self._kind(row[c]) for row in rows if c < len(row)] for c in range(width)]
            heads = [column[0] for column in columns]
            below = [set(column[1:]) - {""} for column in columns]
            valued = [c for c in range(width) if below[c] == {"value"}]
            if valued and all(heads[c] == "word" for c in valued) and max(map(len, below)) == 1:
                return self._checked(rows, len(lines))
        return None

    def _kind(self, piece: Piece) -> str:
        words = self.words(piece)
        if not words or words in DASHES:
            return ""
        return "value" if VALUE.fullmatch(words) else "word"

    def _checked(self, rows: Sequence[Sequence[Piece]], lines: int) -> Found | None:
        """A head of words over rows of which two or more hold values."""
        kinds = [[self._kind(piece) for piece in row] for row in rows]
        valued = [n for n, row in enumerate(kinds) if "value" in row]
        if len(valued) < 2 or valued[0] == 0 or kinds[valued[0] - 1].count("word") < 2:
            return None
        if not MEASURED.search("".join(self.words(piece) for row in rows[: valued[0]] for piece in row)):
            return None
        return Found([dict(enumerate(row)) for row in rows], len(rows[0]), lines, True)
