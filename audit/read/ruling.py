"""Ruling lines of a PDF page put together to grids, and characters into their cells.

Comes in: horizontal and vertical lines. Goes out: grids whose cells cover them without gap or overlap;
a cell spans several rows or columns where the lines between are not drawn.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from audit.read.glyphs import Glyph, Ruling

TOUCH = 3.0  # points: ends that nearly meet, and lines that are nearly one
OPEN = 12.0  # a line running further than this beyond the last crossing belongs to a table with open sides
MAX_LINES = 3000
NUMERIC = "0123456789.,%-"


@dataclass(slots=True)
class Region:
    """A cell: rows and columns of the grid that it covers, and what is printed in it."""

    row: int
    column: int
    row_span: int
    column_span: int
    glyphs: list[Glyph] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """`xs` from left to right, `ys` from bottom to top; rows count from the top."""

    xs: list[float]
    ys: list[float]
    regions: list[Region]
    owner: dict[tuple[int, int], Region]
    ruled: bool = True

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    def at(self, x: float, y: float) -> Region | None:
        column = bisect_right(self.xs, x) - 1
        row = self.rows - bisect_right(self.ys, y)
        return self.owner.get((row, column))

    def width(self, region: Region) -> float:
        return self.xs[region.column + region.column_span] - self.xs[region.column]

    def place(self, glyphs: Sequence[Glyph]) -> list[Glyph]:
        """Put the glyphs that stand in the grid into their cells; returns the others.

        Glyphs printed in one go are split where a ruling line passes between two of them. Where it passes
        through one, or through a number, the text is too wide for its cell: all of it belongs to the cell of
        its middle.
        """
        outside: list[Glyph] = []
        for run in runs(glyphs):
            walls = self.xs[bisect_left(self.xs, run[0].x0 + 1) : bisect_right(self.xs, run[-1].x1 - 1)]
            if len(run) > 1 and any(passes_through(x, run) for x in walls):
                region = self.at((run[0].x0 + run[-1].x1) / 2, run[0].middle)
                (region.glyphs if region else outside).extend(run)
                continue
            for glyph in run:
                region = self.at((glyph.x0 + glyph.x1) / 2, glyph.middle)
                (region.glyphs if region else outside).append(glyph)
        return outside


def passes_through(x: float, run: Sequence[Glyph]) -> bool:
    for left, right in pairwise(run):
        if left.x0 < x < right.x1 and left.char in NUMERIC and right.char in NUMERIC:
            return right.x0 - left.x1 < 0.12 * (left.y1 - left.y0)
    return any(g.x0 + 0.2 * (g.x1 - g.x0) < x < g.x1 - 0.2 * (g.x1 - g.x0) for g in run)


def runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Neighbours in the file's order that stand close on one line."""
    found: list[list[Glyph]] = []
    before: Glyph | None = None
    for glyph in glyphs:
        near = (
            before is not None
            and abs(glyph.y0 - before.y0) < 1
            and -1 < glyph.x0 - before.x1 < 0.25 * (glyph.y1 - glyph.y0)
        )
        if near:
            found[-1].append(glyph)
        else:
            found.append([glyph])
        before = glyph
    return found


def grids(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[Grid]:
    """The tables that lines make, from top to bottom. A frame around nothing but text is none."""
    level, upright = merged(across), merged(down)
    if not level or not upright or len(level) + len(upright) > MAX_LINES:
        return []
    found = []
    for rows, columns in connected(level, upright):
        grid = build(rows, columns)
        if grid is not None and len(grid.regions) > 1:
            found.append(grid)
    return sorted(found, key=lambda grid: -grid.ys[-1])


def merged(lines: Sequence[Ruling]) -> list[Ruling]:
    """Lines on one level joined where they touch: double lines, dashes, cell sides drawn one by one."""
    whole: list[Ruling] = []
    level: list[Ruling] = []

    def close() -> None:
        at = sum(line.at for line in level) / len(level)
        level.sort(key=lambda line: line.low)
        low, high = level[0].low, level[0].high
        for line in level:
            if line.low > high + TOUCH:
                whole.append(Ruling(at, low, high))
                low, high = line.low, line.high
            low, high = min(low, line.low), max(high, line.high)
        whole.append(Ruling(at, low, high))

    for line in sorted(lines):
        if level and line.at - level[-1].at > TOUCH:
            close()
            level = []
        level.append(line)
    if level:
        close()
    return [line for line in whole if line.high - line.low > 2 * TOUCH]


def connected(across: list[Ruling], down: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Lines that cross or touch, directly or by way of others."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for j, v in enumerate(down, len(across)):
        for i, h in enumerate(across):
            if h.low - TOUCH <= v.at <= h.high + TOUCH and v.low - TOUCH <= h.at <= v.high + TOUCH:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = defaultdict(lambda: ([], []))
    for i, line in enumerate(across):
        groups[root(i)][0].append(line)
    for j, line in enumerate(down, len(across)):
        groups[root(j)][1].append(line)
    return [group for group in groups.values() if group[0] and group[1]]


def build(across: list[Ruling], down: list[Ruling]) -> Grid | None:
    xs = levels(down, across)
    ys = levels(across, down)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1:
        return None
    # Walls right of a cell, and below it.
    right: set[tuple[int, int]] = set()
    for line in down:
        wall = nearest(xs, line.at)
        for row in range(rows):
            if line.low < (ys[rows - row] + ys[rows - row - 1]) / 2 < line.high:
                right.add((row, wall - 1))
    below: set[tuple[int, int]] = set()
    for line in across:
        wall = rows - nearest(ys, line.at)
        for column in range(columns):
            if line.low < (xs[column] + xs[column + 1]) / 2 < line.high:
                below.add((wall - 1, column))
    owner: dict[tuple[int, int], Region] = {}
    regions = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in owner:
                continue
            width = 1
            while (
                column + width < columns
                and (row, column + width - 1) not in right
                and (row, column + width) not in owner
            ):
                width += 1
            height = 1
            while row + height < rows and not any(
                (row + height - 1, c) in below
                or (row + height, c) in owner
                or (c < column + width - 1 and (row + height, c) in right)
                for c in range(column, column + width)
            ):
                height += 1
            region = Region(row, column, height, width)
            regions.append(region)
            owner.update(
                ((r, c), region) for r in range(row, row + height) for c in range(column, column + width)
            )
    return Grid(xs, ys, regions, owner)


def levels(lines: list[Ruling], crossing: list[Ruling]) -> list[float]:
    """Where the lines stand, each place once, and the open ends of the lines that cross them."""
    places: list[float] = []
    for at in sorted(line.at for line in lines):
        if not places or at - places[-1] > TOUCH:
            places.append(at)
    low, high = min(line.low for line in crossing), max(line.high for line in crossing)
    if low < places[0] - OPEN:
        places.insert(0, low)
    if high > places[-1] + OPEN:
        places.append(high)
    return places


def nearest(places: list[float], at: float) -> int:
    return min(range(len(places)), key=lambda i: abs(places[i] - at))
