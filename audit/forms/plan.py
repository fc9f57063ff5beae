"""A form of one shape, flat: fixed pieces of the sheet's XML and the places of its values.

Comes in: the pieces in order, from `layout`. Goes out: a `Plan` that `render` fills with one loop per kind of place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .package import Package

MAX_HEIGHT = 409.0  # points, of a row


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell to be filled. scope 0 is the form itself, then one per row of its blocks.

    start    the cell's XML up to its value: <c r="B4" s="12"
    key      of its value; for a cell whose words hold values the words with {keys}
    formula  as the spreadsheet writes it, escaped; "" where there is none
    """

    scope: int
    key: str
    start: str
    formula: str = ""
    words: bool = False


@dataclass(frozen=True, slots=True)
class RowStart:
    """The opening of a row whose height follows from its longest text.

    texts  by (scope, key): points on a line, font size, and the height of the further rows that the cell covers
    """

    start: str
    height: float
    texts: Mapping[tuple[int, str], tuple[float, float, float]]


Piece = str | Slot | RowStart


class Input(NamedTuple):
    """Where a value goes among a plan's texts; `row` is the place of its row's height, 0 where that is fixed.

    fits      so many characters need no thought about the height
    capacity  points of text on one line
    beside    points of height in the further rows that the cell covers
    """

    at: int
    scope: int
    key: str
    row: int
    fits: float
    capacity: float
    size: float
    beside: float


class Worked(NamedTuple):
    """Where a formula goes; `number` and `words` is its XML up to a value of that type."""

    at: int
    scope: int
    key: str
    number: str
    words: str


class Plan:
    """A form of one shape, flat, so that filling it is a loop over each kind of place and one join.

    texts  the sheet's XML in pieces; what is filled in replaces the pieces at the places of the lists below, which
           hold the XML of a blank cell, of a row's usual height, of the merges that are always there
    """

    def __init__(
        self, pieces: Iterable[Piece], merges: Sequence[str], tail: str, parts: dict[str, bytes], part: str,
        runs: list[tuple[int, int, int, tuple[tuple[str, str], ...]]],
    ) -> None:  # fmt: skip
        self.texts: list[str] = [""]
        self.inputs: list[Input] = []
        self.formulas: list[Worked] = []
        self.words: list[tuple[int, str]] = []
        self.heights: dict[int, float] = {}
        self.runs = runs
        row = 0
        lines: Mapping[tuple[int, str], tuple[float, float, float]] = {}
        for piece in pieces:
            if isinstance(piece, str):
                self.texts[-1] += piece
            elif isinstance(piece, RowStart):
                row, lines = self._place(piece.start, height(piece.height)), piece.texts
                self.heights[row] = piece.height
            elif piece.words:
                self.words.append((self._place(piece.start, ""), piece.key))
            elif piece.formula:
                start = f"><f>{piece.formula}</f><v>"
                at = self._place(piece.start, "")
                self.formulas.append(Worked(at, piece.scope, piece.key, start, f' t="str"{start}'))
            else:
                at = self._place(piece.start, "/>")
                capacity, size, beside = lines.get((piece.scope, piece.key), (0.0, 0.0, 0.0))
                fits = capacity / size if size else 0.0
                self.inputs.append(
                    Input(at, piece.scope, piece.key, row if size else 0, fits, capacity, size, beside)
                )
        self.merges, self.merge_count = "".join(f'<mergeCell ref="{m}"/>' for m in merges), len(merges)
        self.merged_at = self._place("", self.merged())
        self.texts[-1] = tail
        self.package = Package(parts, part)

    def _place(self, before: str, usual: str) -> int:
        self.texts[-1] += before
        self.texts += usual, ""
        return len(self.texts) - 2

    def merged(self, more: Sequence[str] = ()) -> str:
        """The XML of the merges, those of equal neighbours included."""
        count = self.merge_count + len(more)
        return f'<mergeCells count="{count}">{self.merges}{"".join(more)}</mergeCells>' if count else ""


def height(points: float) -> str:
    """The end of a row's opening."""
    return f' ht="{min(points, MAX_HEIGHT):g}" customHeight="1">'
