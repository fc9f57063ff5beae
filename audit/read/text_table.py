"""Tables that were flattened into lines: their cells parted by bars, tabs or blanks, or one to a line.

Comes in: a text with its lines. Goes out: `Table`s whose cells point into that text, and the lines that are
left over. Where lines only look like a table they stay running text: a table has a head of words, at least two
rows alike below it, and a head or caption that says what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from audit.read.assembly import DASHES, UNIT_LINE, state_of
from audit.source import Block, Cell, Span, Table

BAR = re.compile(r"[|｜│┃]")
TAB = re.compile(r"\t")
WIDE_GAP = re.compile(r"\t|[ \u3000\xa0]{2,}")
GAP = re.compile(r"\s+")
VALUE = re.compile(r"[-－−+]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?%?")
INDEX = re.compile(r"\d{1,7}|\d{1,3}[.、．)）]|[（(]\d{1,2}[)）]")  # a number, a budget code
WORD = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[，。；！？;!?]|,(?!\d{3})")
PAGE = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,3}(?:\s*页)?[-—–\s]*")
INDEXED = re.compile(r"序号|编号")
RATE = re.compile(r"率|%|％|占比|比[重例]|增减幅")
# What is measured: a head without any of these may be over telephone numbers.
MEASURED = re.compile(r"元|%|率|数|额|分值|得分|预算|决算|支出|收入|执行|面积")
UNIT_ALONE = re.compile(r"[（(]?(?:金额|计量)?单位[^，。]{0,12}$")
MONEY = re.compile(r"单位\s*[:：].*元|[（(](?:人民币)?[百千万亿]*元[)）]")
LONGEST = 300  # characters of a line that may be a row of cells parted by blanks
LONGEST_HEAD = 20
WIDEST = 30  # columns
CAPTION = 60
MOST_LOOSE = 3000  # cells that stand one to a line

Piece = tuple[int, int]  # where a cell begins and ends in the text; empty where it is blank


@dataclass(frozen=True, slots=True)
class Row:
    """A line of words and values: [number] label … values [remark]."""

    index: tuple[Piece, ...]
    lead: tuple[Piece, ...]
    values: tuple[Piece, ...]
    tail: tuple[Piece, ...]


@dataclass(slots=True)
class Found:
    """A table: its rows of pieces by column, and how many lines it takes."""

    rows: list[dict[int, Piece]]
    columns: int
    lines: int
    ruled: bool


def text_tables(text: str, lines: Sequence[Block], document: str) -> tuple[list[Block], list[Table]]:
    """The blocks of a text, with the lines of each table put together, and the tables."""
    finder = _Finder(text, lines)
    blocks: list[Block] = []
    tables: list[Table] = []
    i = 0
    while i < len(lines):
        found = finder.at(i)
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
        caption = finder.caption(blocks)
        tables.append(Table(name, cells, len(found.rows), found.columns, caption, ruled=found.ruled))
        blocks.append(Block(lines[i].start, lines[i + found.lines - 1].end, "table"))
        i += found.lines
    return blocks, tables


class _Finder:
    def __init__(self, text: str, lines: Sequence[Block]) -> None:
        self.text, self.lines = text, lines
        self.done: dict[re.Pattern[str], int] = {}  # up to where no table with these marks begins

    def words(self, piece: Piece) -> str:
        return self.text[piece[0] : piece[1]]

    def caption(self, above: Sequence[Block]) -> str:
        """The line right above, with the one over it where that one only says the unit."""
        found: list[str] = []
        for block in reversed(above[-2:]):
            if block.kind == "table":
                break
            line = self.words((block.start, block.end)).strip()
            found.insert(0, line)
            if not UNIT_ALONE.match(line):
                break
        return " ".join(found)

    def at(self, i: int) -> Found | None:
        """The table that begins with a line."""
        for mark in (BAR, TAB):
            if i >= self.done.get(mark, 0) and (run := self._run(mark, i)):
                self.done[mark] = i + len(run)
                if found := self._drawn(mark, run):
                    return found
        return self._blanks(i) if i >= self.done.get(GAP, 0) else None

    # cells parted by a mark of their own

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
        lines = [self._split(mark, line.start, line.end) for line in run]
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

    def _split(self, mark: re.Pattern[str], start: int, end: int) -> list[Piece]:
        """The pieces between marks, without the blanks around them."""
        found: list[Piece] = []
        for m in [*mark.finditer(self.text, start, end), None]:
            found.append(self._stripped(start, m.start() if m else end))
            start = m.end() if m else end
        return found

    def _stripped(self, start: int, end: int) -> Piece:
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        return start, max(start, start + len(words.strip()))

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

    # cells parted by blanks

    def _blanks(self, i: int) -> Found | None:
        """A head line over lines that end with values, aligned from the right."""
        if i + 2 >= len(self.lines) or not (heads := self._heads(i)):
            return None
        title = self.words((self.lines[i].start, self.lines[i].end))
        rows, count = self._rows(i)
        self.done[GAP] = i + count
        if len(rows) < 2 or self._torn(i + count):
            return None
        most = max(len(row.values) for row in rows)
        above = self.words((self.lines[i - 1].start, self.lines[i - 1].end)) if i else ""
        if len(above) > CAPTION and not UNIT_LINE.search(above):
            above = ""
        if not MEASURED.search(title + above) or (most < 2 and not MONEY.search(title + above)):
            return None
        for head in heads:
            if placed := self._placed(head, rows, most):
                return Found(placed[0], placed[1], count, False)
        return None

    def _heads(self, i: int) -> list[list[Piece]]:
        """The ways to part a line of words: at wide gaps, at every blank; 项 目 is one word, 支出 （万元） too."""
        line = self.lines[i]
        if line.end - line.start > LONGEST:
            return []
        found: list[list[Piece]] = []
        for gap in (WIDE_GAP, GAP):
            pieces = [p for p in self._split(gap, line.start, line.end) if p[0] < p[1]]
            joined: list[Piece] = []
            for n, piece in enumerate(pieces):
                single = piece[1] - piece[0] == 1 and n and pieces[n - 1][1] - pieces[n - 1][0] == 1
                if joined and (single or self.text[piece[0]] in "（("):
                    joined[-1] = joined[-1][0], piece[1]
                else:
                    joined.append(piece)
            words = [self.words(p) for p in joined]
            if len(words) < 2 or any(len(w) > LONGEST_HEAD or SENTENCE.search(w) for w in words):
                continue
            if all(WORD.search(w) for w in words) and joined not in found:
                found.append(joined)
        return found

    def _row(self, i: int) -> Row | None:
        if i >= len(self.lines) or self.lines[i].end - self.lines[i].start > LONGEST:
            return None
        pieces = [p for p in self._split(GAP, self.lines[i].start, self.lines[i].end) if p[0] < p[1]]
        index: tuple[Piece, ...] = ()
        if len(pieces) > 2 and INDEX.fullmatch(self.words(pieces[0])) and WORD.search(self.words(pieces[1])):
            index, pieces = (pieces[0],), pieces[1:]
        tail: tuple[Piece, ...] = ()
        if pieces and not self._is_value(pieces[-1]) and pieces[-1][1] - pieces[-1][0] > 1:
            tail, pieces = (pieces[-1],), pieces[:-1]
        values = len(list(takewhile(self._is_value, reversed(pieces))))
        lead, values_ = pieces[: len(pieces) - values], tuple(pieces[len(pieces) - values :])
        words = "".join(map(self.words, (*lead, *tail)))
        if not values or not lead or not WORD.search(self.words(lead[0])) or SENTENCE.search(words):
            return None
        if not any(VALUE.fullmatch(self.words(v)) for v in values_):
            return None
        return Row(index, tuple(lead), values_, tail)

    def _is_value(self, piece: Piece) -> bool:
        words = self.words(piece)
        return bool(VALUE.fullmatch(words)) or words in DASHES

    def _rows(self, i: int) -> tuple[list[Row], int]:
        """The rows below a head, and how many lines they take with it."""
        title = self.words((self.lines[i].start, self.lines[i].end)).split()
        rows: list[Row] = []
        n = i + 1
        while n < len(self.lines):
            if row := self._row(n):
                rows.append(row)
                n += 1
                continue
            between = [self._between(k, title) for k in range(n, min(n + 3, len(self.lines)))]
            gap = list(takewhile(bool, between))
            # Words over a repeated head are the title of another table.
            below = self._row(n + len(gap)) if gap else None
            if below is None or {"head", "label"} <= set(gap):
                break
            n += len(gap)
            rows.append(self._joined(n - 1, below) if gap[-1] == "label" else below)
            n += 1
        return rows, n - i

    def _between(self, n: int, title: list[str]) -> str:
        """What may stand between two rows: a page number, the head again, a label broken or without values."""
        line = self.words((self.lines[n].start, self.lines[n].end)).strip()
        if len(line) > max(CAPTION, len("".join(title)) * 2):
            return ""
        words = line.split()
        if PAGE.fullmatch(line) or words == title:
            return "page" if PAGE.fullmatch(line) else "head"
        if len(words) > 1 and INDEX.fullmatch(words[0]):
            words = words[1:]
        return "label" if len(words) == 1 and WORD.search(line) and not SENTENCE.search(line) else ""

    def _joined(self, n: int, row: Row) -> Row:
        """A row with the beginning of its label, where that stands on the line above."""
        line = self.lines[n]
        pieces = [p for p in self._split(GAP, line.start, line.end) if p[0] < p[1]]
        words = self.words(pieces[-1])
        opened = words.count("（") + words.count("(") > words.count("）") + words.count(")")
        if row.index or not (opened or len(pieces) > 1):
            return row
        return Row(tuple(pieces[:-1]), ((pieces[-1][0], row.lead[0][1]), *row.lead[1:]), row.values, row.tail)

    def _torn(self, n: int) -> bool:
        """Does a line follow that looks like one more row, but could not be read as one?"""
        if n >= len(self.lines) or self.lines[n].end - self.lines[n].start > LONGEST:
            return False
        words = self.words((self.lines[n].start, self.lines[n].end))
        return not SENTENCE.search(words) and sum(bool(VALUE.fullmatch(w)) for w in words.split()) > 1

    def _placed(
        self, head: Sequence[Piece], rows: Sequence[Row], most: int
    ) -> tuple[list[dict[int, Piece]], int] | None:
        """Heads and rows by column, the values from the right; None where they do not fit."""
        if self._even(full := [(*r.index, *r.lead, *r.values, *r.tail) for r in rows], len(head)):
            return [dict(enumerate(cells)) for cells in (head, *full)], len(head)
        tail = max(len(row.tail) for row in rows)
        numbered = any(row.index for row in rows) or bool(INDEXED.fullmatch(self.words(head[0])))
        columns = max(len(head), numbered + 1 + most + tail)
        lead = columns - numbered - most - tail  # columns of words before the values
        if len(head) < most + tail or lead > max(len(row.lead) for row in rows):
            return None
        first = numbered + lead
        over = [self.words(p) for p in head[len(head) - most - tail : len(head) - tail]]
        complete = [row for row in rows if len(row.values) == most]
        rates = [
            bool(RATE.search(title)) or any(self.words(row.values[c]).endswith("%") for row in complete)
            for c, title in enumerate(over)
        ]
        found = [{columns - len(head) + c: piece for c, piece in enumerate(head)}]
        for row in rows:
            at = self._columns_of(row, rates)
            if at is None or len(row.lead) > lead > 1:
                return None
            cells = dict(enumerate(row.index))
            words = [(row.lead[0][0], row.lead[-1][1])] if lead == 1 else row.lead
            cells |= {numbered + c: piece for c, piece in enumerate(words)}
            cells |= {first + c: piece for c, piece in zip(at, row.values, strict=True)}
            cells |= {columns - 1 + c: piece for c, piece in enumerate(row.tail)}
            found.append(cells)
        return found, columns

    def _even(self, rows: Sequence[Sequence[Piece]], columns: int) -> bool:
        """Has each row a piece for every head, and no column words among its numbers?"""
        if any(len(row) != columns for row in rows):
            return False
        texts = [[self.words(row[c]) for row in rows] for c in range(columns)]
        valued = [column for column in texts if any(VALUE.fullmatch(words) for words in column)]
        return all(words in DASHES or re.search(r"\d", words) for column in valued for words in column)

    def _columns_of(self, row: Row, rates: Sequence[bool]) -> Sequence[int] | None:
        """Which columns of values a row fills: all, or those of its kind where that leaves no doubt."""
        texts = [self.words(v) for v in row.values]
        if len(texts) == len(rates):
            fits = all(rate or not words.endswith("%") for rate, words in zip(rates, texts, strict=True))
            return range(len(rates)) if fits else None
        amounts = [c for c, rate in enumerate(rates) if not rate]
        if len(texts) == len(amounts) and not any(words.endswith("%") for words in texts):
            return amounts
        return None
