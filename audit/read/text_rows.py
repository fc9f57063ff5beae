"""Tables whose cells are parted by blanks: lines of words that end with numbers, under a line of heads.

Comes in: a text with its lines. Goes out: which lines are a table, and where its cells stand. Rows need not be
as long as the head: values are aligned from the right, a row whose place leaves a doubt makes it no table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from audit.read.assembly import DASHES, UNIT_LINE
from audit.source import Block

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
MONEY = re.compile(r"单位\s*[:：].*元|[（(](?:人民币)?[百千万亿]*元[)）]")
LONGEST = 300  # characters of a line that may be a row of cells parted by blanks
LONGEST_HEAD = 20
CAPTION = 60

Piece = tuple[int, int]  # where a cell begins and ends in the text; empty where it is blank


@dataclass(slots=True)
class Found:
    """A table: its rows of pieces by column, and how many lines it takes."""

    rows: list[dict[int, Piece]]
    columns: int
    lines: int
    ruled: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of words and values: [number] label … values [remark]."""

    index: tuple[Piece, ...]
    lead: tuple[Piece, ...]
    values: tuple[Piece, ...]
    tail: tuple[Piece, ...]


class Lines:
    """A text by its lines, and the pieces of a line."""

    def __init__(self, text: str, lines: Sequence[Block]) -> None:
        self.text, self.lines = text, lines

    def words(self, piece: Piece) -> str:
        return self.text[piece[0] : piece[1]]

    def line(self, n: int) -> str:
        return self.text[self.lines[n].start : self.lines[n].end]

    def split(self, mark: re.Pattern[str], start: int, end: int) -> list[Piece]:
        """The pieces between marks, without the blanks around them."""
        found: list[Piece] = []
        for m in [*mark.finditer(self.text, start, end), None]:
            found.append(self.stripped(start, m.start() if m else end))
            start = m.end() if m else end
        return found

    def stripped(self, start: int, end: int) -> Piece:
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        return start, max(start, start + len(words.strip()))


class Rows(Lines):
    """Finds the tables whose cells are parted by blanks."""

    done = 0  # up to this line none begins

    def at(self, i: int) -> Found | None:
        """The table whose head is this line, over lines that end with values."""
        if i < self.done or i + 2 >= len(self.lines) or not (heads := self._heads(i)):
            return None
        title = self.line(i)
        rows, count = self._rows(i)
        self.done = i + count
        if len(rows) < 2 or self._torn(i + count):
            return None
        most = max(len(row.values) for row in rows)
        above = self.line(i - 1) if i else ""
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
            pieces = [p for p in self.split(gap, line.start, line.end) if p[0] < p[1]]
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
        pieces = [p for p in self.split(GAP, self.lines[i].start, self.lines[i].end) if p[0] < p[1]]
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
        title = self.line(i).split()
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
        line = self.line(n).strip()
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
        pieces = [p for p in self.split(GAP, line.start, line.end) if p[0] < p[1]]
        words = self.words(pieces[-1])
        opened = words.count("（") + words.count("(") > words.count("）") + words.count(")")
        if row.index or not (opened or len(pieces) > 1):
            return row
        return Row(tuple(pieces[:-1]), ((pieces[-1][0], row.lead[0][1]), *row.lead[1:]), row.values, row.tail)

    def _torn(self, n: int) -> bool:
        """Does a line follow that looks like one more row, but could not be read as one?"""
        if n >= len(self.lines) or self.lines[n].end - self.lines[n].start > LONGEST:
            return False
        words = self.line(n)
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
        if len(head) <= most + tail or lead > max(len(row.lead) for row in rows):
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
