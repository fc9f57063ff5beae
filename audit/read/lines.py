"""Characters of a PDF page put into lines, and lines into paragraphs, by where they stand.

Comes in: glyphs with boxes. Goes out: lines of text; whether one line goes on in the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from audit.read.glyphs import Glyph

# Punctuation that may not begin a line: it pulls the character before it along.
CLOSING = "，。、；：？！）》”’】〕」』％%,.;:?!)]"
ENDS = "。！？；：.!?;:"
OPENS_ON = "、，（《“‘(,"  # a line that ends so is not finished, whatever follows
BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}[、．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}(?:[、．]|\.(?!\d|$)|\.(?=20\d\d年))"
    r"|第[一二三四五六七八九十\d]{1,3}(?:部分|章|节|条)|[①-⑳]|注[:：]|说明[:：]"
)
CUT_NUMBER = re.compile(r"[\d.,][\d.,%]")
PADDING = 11.5  # points left and right in a cell, together: what Word and WPS put there, and a little
TOKEN = re.compile(r"[A-Za-z0-9.,%\-+/]+|.")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. `em` is the width of its Chinese characters, 0 where it has none."""

    text: str
    x0: float
    x1: float
    middle: float
    em: float
    height: float
    first: float  # width of the first character
    token: float  # width of what could not have been parted from it
    page: int

    @property
    def size(self) -> float:
        return self.em or self.height * 0.8


@dataclass(frozen=True, slots=True)
class Margins:
    left: float
    right: float
    pitch: float


def chinese(char: str) -> bool:
    return char >= "\u2e80" or char in "“”‘’—…·"


def lines_of(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """Glyphs sorted into lines from top to bottom, each line from left to right."""
    found: list[list[Glyph]] = []
    last = floor = 0.0
    for glyph in sorted(glyphs, key=lambda g: -(g.y0 + g.y1)):
        middle = (glyph.y0 + glyph.y1) / 2
        if found and last - middle < floor:
            found[-1].append(glyph)
        else:
            found.append([glyph])
            last, floor = middle, 0.4 * (glyph.y1 - glyph.y0)
    return [line for row in found if (line := line_of(row, page)) is not None]


def line_of(row: list[Glyph], page: int) -> Line | None:
    row.sort()
    while row and row[0].char.isspace():
        row.pop(0)
    while row and row[-1].char.isspace():
        row.pop()
    if not row:
        return None
    widths = [g.x1 - g.x0 for g in row if chinese(g.char)]
    em = median(widths) if widths else 0.0
    height = median(g.y1 - g.y0 for g in row)
    size = em or height * 0.8
    out: list[str] = []
    before: Glyph | None = None
    for glyph in row:
        if before is not None:
            # Bold made by printing twice, a little apart.
            if glyph.char == before.char and glyph.x0 - before.x0 < 0.3 * (glyph.x1 - glyph.x0):
                continue
            # The quarter em between Chinese and digits is typesetting; a wider gap is a space.
            narrow = 0.6 if chinese(glyph.char) or chinese(before.char) else 0.2
            if glyph.x0 - before.x1 > narrow * size and " " not in (glyph.char, before.char):
                out.append(" ")
        out.append(glyph.char)
        before = glyph
    text = "".join(out)
    return Line(
        text,
        row[0].x0,
        max(g.x1 for g in row),
        median(g.middle for g in row),
        em,
        height,
        row[0].x1 - row[0].x0,
        first_token(row, text),
        page,
    )


def first_token(row: Sequence[Glyph], text: str) -> float:
    match = TOKEN.match(text)
    count = match.end() if match else 1
    while count < len(row) and row[count].char in CLOSING:
        count += 1
    return row[min(count, len(row)) - 1].x1 - row[0].x0


def margins_of(lines: Sequence[Line], width: float) -> Margins:
    """Where the running text of pages of one width begins and ends.

    The right margin is where many long lines end. With few or short lines that is not known, and the margins
    are taken as equal.
    """
    if not lines:
        return Margins(0.0, width, 0.0)
    longest = max(line.x1 - line.x0 for line in lines)
    long = [line for line in lines if line.x1 - line.x0 > 0.6 * longest]
    left = sorted(line.x0 for line in long)[len(long) // 10]
    ends = sorted(line.x1 for line in long)
    right = ends[(len(ends) * 9 - 1) // 10]
    if longest < 0.5 * width or sum(abs(end - right) < long[0].size for end in ends) < 3:
        right = max(right, width - left)
    steps = [
        a.middle - b.middle
        for a, b in pairwise(lines)
        if a.page == b.page and 0 < a.middle - b.middle < 6 * a.height
    ]
    return Margins(left, right, median(steps) if steps else 0.0)


def goes_on(paragraph: Sequence[Line], following: Line, margins: Margins) -> bool:
    """Is the next line a continuation? It is when the paragraph's last line had no room for its beginning."""
    last = paragraph[-1]
    em = last.size
    # Half an em: what typesetting puts between Chinese and digits, and what is lost in justifying.
    if margins.right - last.x1 >= following.token + 0.5 * em or last.x0 - margins.left > 8 * em:
        return False  # the second: a signature or date on the right, not running text
    if last.text[-1] not in OPENS_ON and BEGINS.match(following.text):
        return False
    if last.em and following.em and abs(last.em - following.em) > 0.12 * last.em:
        return False
    same_page = last.page == following.page
    if same_page and margins.pitch and last.middle - following.middle > 1.7 * margins.pitch:
        return False
    if following.x0 - margins.left <= em:
        return True
    # Indented: a new paragraph, unless it is the second line of a centred title, or all of it is indented.
    axis = (margins.left + margins.right) / 2
    if abs((following.x0 + following.x1) / 2 - axis) < 0.5 * em and last.text[-1] not in ENDS:
        return True
    shift = following.x0 - last.x0
    if len(paragraph) > 1:
        return abs(shift) < 0.5 * em
    if shift < -0.5 * em:
        return True
    return shift < 4 * em and last.text[-1] not in ENDS


def seam(before: Line, line: Line, room: float) -> str:
    """What stood between two lines that belong together: mostly nothing, which makes a cut number whole."""
    if CUT_NUMBER.match(before.text[-1] + line.text[0]) and room > 1.5 * line.first:
        return " "  # there was room for another digit: these are two numbers
    return " " if re.search("[A-Za-z,;]$", before.text) and re.match("[A-Za-z]", line.text) else ""


def joined(lines: Sequence[Line], right: float) -> tuple[str, list[int]]:
    """The text of a paragraph that was set up to the margin `right`, and where in it each line begins."""
    text, starts = lines[0].text, [0]
    for before, line in pairwise(lines):
        text += seam(before, line, right - before.x1)
        starts.append(len(text))
        text += line.text
    return text, starts


def cell_text(lines: Sequence[Line], width: float) -> str:
    """The lines of a table cell: joined where the cell was too narrow for more, else apart."""
    text = lines[0].text if lines else ""
    for before, line in pairwise(lines):
        room = width - PADDING - (before.x1 - before.x0)
        # A number is only parted where not one more digit fits.
        needed = line.first if CUT_NUMBER.match(before.text[-1] + line.text[0]) else line.token
        text += ("\n" if needed < room else seam(before, line, room)) + line.text
    return text
