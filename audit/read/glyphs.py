"""What lies on a PDF page: characters with their boxes, ruling lines, and how much of it is picture.

Comes in: a page that pdfium has opened. Goes out: plain numbers, upright, y growing upwards.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

THIN = 3.0  # points: a longer, thinner shape is a ruling line, drawn or filled
MAX_OBJECTS = 50_000  # maps and drawings; tables have a few hundred
MAX_DEPTH = 8

# Some fonts give their characters as radicals (⼀ for 一), which no search would find.
RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), 0x2E9F, 0x2EF3)
}


class Glyph(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float
    char: str

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


class Ruling(NamedTuple):
    """A horizontal line at y = `at` from x = `low` to `high`, or a vertical one the other way round."""

    at: float
    low: float
    high: float


class Page(NamedTuple):
    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    across: list[Ruling]
    down: list[Ruling]
    pictured: float  # share of the page covered by its largest picture


Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]


def look(page: pdfium.PdfPage, number: int) -> Page:
    """Everything that a reader needs of one page, turned upright."""
    turn = Turn(page)
    glyphs = [
        Glyph(*turn.box(box), char)
        for box, char in characters(page)
        if not char.isspace() or char in " \u3000"
    ]
    across: list[Ruling] = []
    down: list[Ruling] = []
    pictured = 0.0
    for kind, box in shapes(page):
        x0, y0, x1, y1 = turn.box(box)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictured = max(pictured, (x1 - x0) * (y1 - y0) / (turn.width * turn.height or 1))
        elif y1 - y0 <= THIN and x1 - x0 >= y1 - y0:
            across.append(Ruling((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= THIN:
            down.append(Ruling((x0 + x1) / 2, y0, y1))
    return Page(number, turn.width, turn.height, glyphs, across, down, pictured)


class Turn:
    """Page coordinates as a reader holds the page: /Rotate undone."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.width, self.height = page.get_size()
        self.angle = page.get_rotation()

    def box(self, box: Box) -> Box:
        x0, y0, x1, y1 = box
        if self.angle == 90:
            return y0, self.height - x1, y1, self.height - x0
        if self.angle == 180:
            return self.width - x1, self.height - y1, self.width - x0, self.height - y0
        if self.angle == 270:
            return self.width - y1, x0, self.width - y0, x1
        return box


def characters(page: pdfium.PdfPage) -> Iterator[tuple[Box, str]]:
    """The characters that the file holds, in its own order; those that pdfium makes up are left out."""
    textpage = page.get_textpage()
    handle = textpage.raw
    rect = raw.FS_RECTF()
    pointer = ctypes.byref(rect)
    for index in range(raw.FPDFText_CountChars(handle)):
        if raw.FPDFText_IsGenerated(handle, index) == 1:
            continue
        code = raw.FPDFText_GetUnicode(handle, index)
        if code < 32 or 0x7F <= code < 0xA0 or code in (0xAD, 0xFFFE, 0xFEFF, 0x200B):
            continue
        # The loose box spans the advance and the height of the font: even for 一 and full stops.
        if raw.FPDFText_GetLooseCharBox(handle, index, pointer):
            char = "\ufffd" if 0xD800 <= code < 0xE000 else RADICALS.get(code) or chr(code)
            yield (rect.left, rect.bottom, rect.right, rect.top), " " if code == 0xA0 else char
    textpage.close()


def shapes(page: pdfium.PdfPage) -> Iterator[tuple[int, Box]]:
    """The boxes of pictures, and of the straight pieces of every path; forms are looked into."""
    count = raw.FPDFPage_CountObjects(page.raw)
    if count > MAX_OBJECTS:
        return
    for index in range(count):
        yield from shape(raw.FPDFPage_GetObject(page.raw, index), None, 0)


def shape(item: Any, outer: Matrix | None, depth: int) -> Iterator[tuple[int, Box]]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
        inner = times(matrix_of(item), outer)
        for index in range(min(raw.FPDFFormObj_CountObjects(item), MAX_OBJECTS)):
            yield from shape(raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)
    elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH):
        sides = [ctypes.c_float() for _ in range(4)]
        if not raw.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides)):
            return
        x0, y0, x1, y1 = (side.value for side in sides)
        if kind == raw.FPDF_PAGEOBJ_IMAGE or min(x1 - x0, y1 - y0) <= THIN:
            yield kind, moved((x0, y0, x1, y1), outer)
        else:
            for piece in pieces(item):
                yield kind, moved(piece, times(matrix_of(item), outer))


def pieces(path: Any) -> Iterator[Box]:
    """The straight pieces of a path that is no line itself: sides that are drawn, areas that are filled."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    subpath: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    count = raw.FPDFPath_CountSegments(path)
    for index in range(min(count, 4000)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield from lines(subpath, bool(stroke.value))
            subpath = []
        subpath.append((x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            subpath.append(subpath[0])
    yield from lines(subpath, bool(stroke.value))


def lines(subpath: list[tuple[float, float]], stroked: bool) -> Iterator[Box]:
    if stroked:
        for (ax, ay), (bx, by) in pairwise(subpath):
            if abs(ax - bx) < 0.5 or abs(ay - by) < 0.5:
                yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
    elif subpath:
        xs, ys = [p[0] for p in subpath], [p[1] for p in subpath]
        yield min(xs), min(ys), max(xs), max(ys)


def matrix_of(item: Any) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def times(inner: Matrix, outer: Matrix | None) -> Matrix:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def moved(box: Box, matrix: Matrix | None) -> Box:
    if matrix is None:
        return box
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = box
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return min(xs), min(ys), max(xs), max(ys)
