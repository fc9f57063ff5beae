"""Tables without ruling lines: rows of amounts that stand below one another in columns.

Comes in: the characters of a page that stand in no ruled table. Goes out: grids with their characters in the
cells, and the characters left over. Only rows with amounts (1,234.56) or budget codes make such a table, so that
contents, lists and running text are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from audit.read.glyphs import Glyph
from audit.read.ruling import Grid, Region

GAP = 0.8  # of the height of a line: a wider gap parts two cells
WRAPPED = 1.7  # lines nearer than so many heights may be one cell's
APART = 5.0  # rows further apart than so many heights are not one table's
MIN_ROWS = 3
AMOUNT = re.compile(r"[-－−]?(?:\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+\.\d+)%?")
NUMBER = re.compile(r"[-－−]?[\d,，.]+%?|[—–-]+|/")
CODE = re.compile(r"\d{3}(?:\d{2}){0,2}(?!\d)")
BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,2}）|\d{1,2}[.、．]|\d{3}|其中|本年|年初|年末|总计|合计|使用|结余|注[:：]|说明"
)
TOTAL = re.compile(r"(?:合计|总计|小计|栏次)$")
ABOVE = re.compile(r"单位\s*[:：]|公开\s*\d+\s*表|表$|^附件|年度$")


@dataclass(slots=True)
class Piece:
    """What stands together in a line."""

    glyphs: list[Glyph]

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        return max(g.x1 for g in self.glyphs)

    @property
    def text(self) -> str:
        return "".join(g.char for g in self.glyphs).replace(" ", "")

    @property
    def number(self) -> bool:
        return bool(NUMBER.fullmatch(self.text))


@dataclass(slots=True)
class Row:
    """A printed line."""

    middle: float
    height: float
    pieces: list[Piece] = field(default_factory=list)

    @property
    def data(self) -> bool:
        """With amounts behind a label, or a code before one."""
        if len(self.pieces) < 2:
            return False
        amounts = any(AMOUNT.fullmatch(p.text) for p in self.pieces)
        coded = bool(CODE.match(self.pieces[0].text)) and not self.pieces[1].number
        return amounts or coded


def aligned(glyphs: Sequence[Glyph]) -> tuple[list[Grid], list[Glyph]]:
    """The tables among the glyphs, from top to bottom, and the glyphs outside them."""
    rows = rows_of(glyphs)
    found: list[Grid] = []
    inside: set[int] = set()
    for first, last in stretches(rows):
        top = heads_from(rows, first)
        grid = build(rows[top : last + 1], first - top)
        if grid is not None:
            found.append(grid)
            inside |= {id(g) for row in rows[top : last + 1] for piece in row.pieces for g in piece.glyphs}
    return found, [g for g in glyphs if id(g) not in inside] if inside else list(glyphs)


def rows_of(glyphs: Iterable[Glyph]) -> list[Row]:
    lines: list[list[Glyph]] = []
    last = floor = 0.0
    for glyph in sorted(glyphs, key=lambda g: -(g.y0 + g.y1)):
        if glyph.char.isspace():
            continue
        if lines and last - glyph.middle < floor:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            last, floor = glyph.middle, 0.4 * (glyph.y1 - glyph.y0)
    found = []
    for line in lines:
        line.sort()
        height = max(g.y1 - g.y0 for g in line)
        row = Row(sum(g.middle for g in line) / len(line), height)
        row.pieces.append(Piece([line[0]]))
        for before, glyph in pairwise(line):
            if glyph.x0 - before.x1 > GAP * height:
                row.pieces.append(Piece([]))
            row.pieces[-1].glyphs.append(glyph)
        found.append(row)
    return found


def stretches(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """First and last row of each run of rows with data, nothing but short labels between them."""
    found: list[tuple[int, int]] = []
    start = end = -1
    held = 0
    reached = 0.0
    for n, row in enumerate(rows):
        if row.data:
            if start < 0:
                start, held = n, 0
            end, held, reached = n, held + 1, row.middle
            continue
        far = end >= 0 and reached - row.middle > APART * row.height
        if len(row.pieces) > 1 and not far:
            reached, end = row.middle, n if start >= 0 else end  # a line of the table with nothing in it
        text = len(row.pieces) == 1 and (
            len(row.pieces[0].text) > 24 or bool(ABOVE.search(row.pieces[0].text))
        )
        if start >= 0 and (far or text):
            if tabular(rows[start : end + 1], held):
                found.append((start, last_of(rows, end)))
            start = end = -1
    if start >= 0 and tabular(rows[start : end + 1], held):
        found.append((start, last_of(rows, end)))
    return found


def tabular(rows: Sequence[Row], held: int) -> bool:
    """Several rows with data, or one of many amounts: “三公”经费 is told in a single line."""
    return held >= MIN_ROWS or any(
        sum(bool(AMOUNT.fullmatch(p.text)) for p in row.pieces) > 3 for row in rows
    )


def last_of(rows: Sequence[Row], end: int) -> int:
    """The last row with data, or the rest of its wrapped label."""
    following = rows[end + 1] if end + 1 < len(rows) else None
    if following and wraps(following, rows[end]):
        return end + 1
    return end


def wraps(row: Row, anchor: Row) -> bool:
    """Is this line part of the cells of a row beside it?"""
    near = abs(row.middle - anchor.middle) <= WRAPPED * max(row.height, anchor.height)
    return near and not any(p.number or BEGINS.match(p.text) or len(p.text) > 24 for p in row.pieces)


def heads_from(rows: Sequence[Row], first: int) -> int:
    """The first row of the heads above the data."""
    top = first
    while top > 0:
        row = rows[top - 1]
        gap = row.middle - rows[top].middle
        if gap > APART * row.height or any(ABOVE.search(p.text) for p in row.pieces):
            break
        if any(len(p.text) > 20 for p in row.pieces) or re.search("[。；，]", row.pieces[-1].text):
            break
        top -= 1
    return top


def build(rows: Sequence[Row], heads: int) -> Grid | None:
    """A grid of the rows; `heads` of them stand above the data."""
    body = rows[heads:]
    # The label of a total runs over several columns.
    columns = intervals(p for row in body if row.data for p in row.pieces if not TOTAL.search(p.text))
    while heads and (numbered(rows[heads - 1]) or belongs(rows[heads - 1], rows[heads], columns)):
        heads -= 1  # the first line of a wrapped label stands above its row; 栏次 1 2 3 is a row of its own
    body = rows[heads:]
    columns = with_heads(columns, rows[:heads])
    amounts = [c for c in columns if sum(hits(p, c) for row in body for p in row.pieces if p.number) > 1]
    if len(columns) < 3 or not amounts:
        return None
    walls = [columns[0][0] - 2, *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1] + 2]
    laid = [*head_rows(rows[:heads], columns), *body_rows(body, columns)]
    ys = [rows[0].middle + rows[0].height, rows[-1].middle - rows[-1].height]
    step = (ys[0] - ys[1]) / len(laid)
    levels = [ys[1] + n * step for n in range(len(laid) + 1)]
    regions: list[Region] = []
    owner: dict[tuple[int, int], Region] = {}
    for r, cells in enumerate(laid):
        c = 0
        while c < len(columns):
            width, glyphs = cells.get(c, (1, []))
            region = Region(r, c, 1, width, glyphs)
            regions.append(region)
            owner.update(((r, k), region) for k in range(c, c + width))
            c += width
    return Grid(walls, levels, regions, owner, ruled=False)


Interval = tuple[float, float]
Cells = dict[int, tuple[int, list[Glyph]]]


def intervals(pieces: Iterable[Piece]) -> list[Interval]:
    """Where pieces stand, those that overlap together."""
    found: list[Interval] = []
    for low, high in sorted((p.x0, p.x1) for p in pieces):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def with_heads(columns: list[Interval], heads: Sequence[Row]) -> list[Interval]:
    """Columns that have a head and no data."""
    lone = [p for row in heads for p in row.pieces if not any(hits(p, c) for c in columns)]
    return sorted([*columns, *intervals(lone)])


def hits(piece: Piece, column: Interval) -> bool:
    return piece.x0 < column[1] and column[0] < piece.x1


def column_of(piece: Piece, columns: Sequence[Interval]) -> int:
    """The column that a piece shares most with, else the nearest."""

    def apart(n: int) -> tuple[float, float]:
        low, high = columns[n]
        middle = abs((low + high) / 2 - (piece.x0 + piece.x1) / 2)
        return max(low, piece.x0) - min(high, piece.x1), middle

    return min(range(len(columns)), key=apart)


def numbered(row: Row) -> bool:
    texts = [p.text for p in row.pieces]
    return texts[0] == "栏次" or (len(texts) > 2 and all(re.fullmatch(r"\d{1,2}", t) for t in texts))


def belongs(row: Row, anchor: Row, columns: Sequence[Interval]) -> bool:
    """Is a line part of the row beside it: near, and only in columns that the row leaves free?"""
    taken = {column_of(p, columns): p.text for p in anchor.pieces}
    if abs(row.middle - anchor.middle) > WRAPPED * max(row.height, anchor.height) or any(
        p.number for p in row.pieces
    ):
        return False
    for piece in row.pieces:
        there = taken.get(column_of(piece, columns))
        begins = BEGINS.match(piece.text)
        if begins and (
            there is None or row.middle < anchor.middle or BEGINS.match(there) or NUMBER.fullmatch(there)
        ):
            return False  # a label of its own; only what lacks a beginning goes with the beginning above it
        if there is not None and not begins:
            return False
    return True


def body_rows(body: Sequence[Row], columns: Sequence[Interval]) -> list[Cells]:
    """Lines put together to rows: the lines of a wrapped label go to the row with the data nearest to them."""
    anchors = [row for row in body if row.data or len(row.pieces) > 2]
    home: list[Row] = []
    for row in body:
        near = sorted(anchors, key=lambda a: abs(a.middle - row.middle))[:2]
        free = next((a for a in near if belongs(row, a, columns)), None)
        beside = free or next((a for a in near if wraps(row, a)), row)
        home.append(row if row.data else beside)
    found: list[Cells] = []
    for anchor in dict.fromkeys(id(row) for row in home):
        cells: Cells = {}
        for row in (r for r, h in zip(body, home, strict=True) if id(h) == anchor):
            for piece in row.pieces:
                column = column_of(piece, columns)
                cells.setdefault(column, (1, []))[1].extend(piece.glyphs)
        found.append(cells)
    return found


def head_rows(heads: Sequence[Row], columns: Sequence[Interval]) -> list[Cells]:
    """Heads: the lowest words above each column, and the wider ones above several."""
    if not heads:
        return []
    leaves: Cells = {}
    bottom: dict[int, float] = {}
    groups: list[tuple[float, Piece]] = []
    for row in reversed(heads):
        for piece in row.pieces:
            under = [n for n, c in enumerate(columns) if hits(piece, c)]
            n = under[0] if len(under) == 1 else -1
            joined = n in bottom and bottom[n] - row.middle > -WRAPPED * row.height
            if n >= 0 and (n not in leaves or joined):
                width, glyphs = leaves.get(n, (1, []))
                leaves[n] = (width, [*glyphs, *piece.glyphs])
                bottom[n] = row.middle
            else:
                groups.append((row.middle, piece))
    laid: list[Cells] = []
    for middle in sorted({m for m, _ in groups}, reverse=True):
        level = sorted((p for m, p in groups if m == middle), key=lambda p: p.x0)
        laid.append(spread(level, columns, {n for n, at in bottom.items() if at >= middle - 3}))
    return [*laid, leaves]


def spread(level: Sequence[Piece], columns: Sequence[Interval], taken: set[int]) -> Cells:
    """Wide heads over the columns in whose middle they stand."""
    found: Cells = {}
    used: set[int] = set()
    centres = [(p.x0 + p.x1) / 2 for p in level]
    for i, piece in enumerate(level):
        left = (centres[i - 1] + centres[i]) / 2 if i else float("-inf")
        right = (centres[i] + centres[i + 1]) / 2 if i + 1 < len(level) else float("inf")
        home = column_of(piece, columns)
        best = (home, home)
        for a in range(home, -1, -1):
            for b in range(home, len(columns)):
                run = range(a, b + 1)
                if any(n in taken or n in used for n in run):
                    continue
                if columns[a][1] < left or columns[b][0] > right:
                    continue
                middle = (columns[a][0] + columns[b][1]) / 2
                covers = columns[a][0] <= piece.x0 + 2 and piece.x1 <= columns[b][1] + 2
                centred = abs(middle - centres[i]) < 0.5 * (columns[home][1] - columns[home][0]) + 4
                if (centred or (covers and b - a == 1)) and b - a > best[1] - best[0]:
                    best = (a, b)
        if any(n in used for n in range(best[0], best[1] + 1)):
            continue
        used |= set(range(best[0], best[1] + 1))
        found[best[0]] = (best[1] - best[0] + 1, list(piece.glyphs))
    return found
