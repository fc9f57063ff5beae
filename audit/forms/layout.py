"""One shape of a template: so many rows in each block, and everything below them moved.

Comes in: a `Template` and the counts. Goes out: a `Plan`: cells, merges, formulas, names, validations, print area, all
at their new places. What this module does not know in the file is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from ..read.addresses import letters
from .cell_formulas import field_formula, row_formula
from .plan import Piece, Plan, RowStart, Slot
from .template import Template, corners

REFERENCE = re.compile(
    r"(?<![A-Za-z0-9_.!])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?::(\$?)([A-Z]{1,3})(\$?)(\d{1,7}))?(?![\w(])"
)
ROWS_ONLY = re.compile(r"\$(\d+):\$(\d+)")
ATTRIBUTE = re.compile(r'(\b(?:ref|sqref|activeCell|topLeftCell)=")([^"]+)"')
ELEMENT = re.compile(r"(<(formula1|formula2|formula|xm:f|xm:sqref)>)([^<]*)(<)")
BREAK = re.compile(r'(<brk id=")(\d+)"')
DEFINED = re.compile(r"(<definedName [^>]*>)([^<]*)(</definedName>)")
BEFORE_MERGES = re.compile(
    r"(?:\s*<(sheetCalcPr|sheetProtection|protectedRanges|scenarios|autoFilter|sortState|dataConsolidate"
    r"|customSheetViews)\b(?:[^>]*/>|.*?</\1>))*",
    re.DOTALL,
)


class Layout:
    """One shape of a template: where every row goes, and the pieces that come of it."""

    def __init__(self, template: Template, counts: tuple[int, ...]) -> None:
        self.t, self.counts = template, counts
        self.form, self.places = template.form, template.places
        self.moves: list[tuple[int, int, int, int]] = []  # first, last, new first, count
        shift = 0
        for place, n in zip(template.blocks, counts, strict=True):
            self.moves.append((place.first, place.last, place.first + shift, n))
            shift += n - (place.last - place.first + 1)
        self.slots = self._slots()

    def start(self, r: int) -> int:
        """Where a row goes; of a row in a block the first possible place."""
        shift = 0
        for first, last, new, n in self.moves:
            if r < first:
                break
            if r <= last:
                return new + min(r - first, n - 1)
            shift = new + n - 1 - last
        return r + shift

    def end(self, r: int) -> int:
        """Where a range that ends in a row ends; in a block's last row, at its new last."""
        for _, last, new, n in self.moves:
            if r == last:
                return new + n - 1
        return self.start(r)

    def reference(self, text: str) -> str:
        """References of a formula, a range or a list of ranges, moved."""

        def cell(m: re.Match[str]) -> str:
            one, column, two, row, three, column2, four, row2 = m.groups()
            if row2 is None:
                return f"{one}{column}{two}{self.start(int(row) - 1) + 1}"
            return f"{one}{column}{two}{self.start(int(row) - 1) + 1}:{three}{column2}{four}{self.end(int(row2) - 1) + 1}"

        def rows(m: re.Match[str]) -> str:
            return f"${self.start(int(m[1]) - 1) + 1}:${self.end(int(m[2]) - 1) + 1}"

        parts = re.split(r'("[^"]*")', text)
        for i in range(0, len(parts), 2):
            parts[i] = ROWS_ONLY.sub(rows, REFERENCE.sub(cell, parts[i]))
        return "".join(parts)

    def area(self, text: str) -> str:
        """Like `reference`, and what lies in one row of a block covers all its rows."""
        out = []
        for ref in text.split():
            top, left, bottom, right = corners(ref)
            for first, last, new, n in self.moves:
                if first <= top and bottom <= last:
                    out.append(f"{letters(left)}{new + 1}:{letters(right)}{new + n}")
                    break
            else:
                out.append(self.reference(ref))
        return " ".join(dict.fromkeys(out))

    # slots

    def _slots(self) -> dict[tuple[int, int], tuple[str, str, bool]]:
        """What is written where in the rows outside blocks: key, formula, words."""
        slots: dict[tuple[int, int], tuple[str, str, bool]] = {}
        rows = {
            place.block.key: (new, new + n - 1)
            for place, (_, _, new, n) in zip(self.t.blocks, self.moves, strict=True)
        }
        for f in self.form.fields:
            if cell := self.places.fields.get(f.key):
                text = field_formula(self.form, self.places, rows, f.formula, self.start) if f.formula else ""
                slots[cell.row, cell.column] = (f.key, escape(text), False)
        for cell in self.t.table.cells:
            if cell.text and (pattern := self.form.texts.get(cell.text)):
                slots[cell.row, cell.column] = (pattern, "", True)
        return slots

    # pieces

    def plan(self) -> Plan:
        pieces: list[Piece] = [self._attributes(self.t.head) + "<sheetData>"]
        runs = []
        scope = 1
        r, last = 0, max(self.t.rows, default=0)
        blocks = {place.first: (place, move) for place, move in zip(self.t.blocks, self.moves, strict=True)}
        while r <= last:
            if r in blocks:
                place, (_, _, new, n) = blocks[r]
                if place.block.merged:
                    columns = tuple(
                        (key, letters(place.columns[key]))
                        for key in place.block.merged
                        if key in place.columns
                    )
                    runs.append((scope, n, new, columns))
                for i in range(n):
                    sample = (
                        place.first
                        if i == 0
                        else place.last
                        if i == n - 1
                        else min(place.first + 1, place.last)
                    )
                    by_column = {c: key for key, c in place.columns.items()}
                    formulas = {c.key: c.formula for c in place.block.columns}
                    filled = {
                        c: (
                            key,
                            escape(row_formula(self.form, self.places, place.block, formulas[key], new + i))
                            if formulas[key]
                            else "",
                            False,
                        )
                        for c, key in by_column.items()
                    }
                    pieces += self._row(sample, new + i, filled, scope + i, keep=i == 0)
                scope += n
                r = place.last + 1
                continue
            if r in self.t.rows:
                filled = {c: slot for (row, c), slot in self.slots.items() if row == r}
                pieces += self._row(r, self.start(r), filled, 0, keep=True)
            r += 1
        pieces.append("</sheetData>")
        merges, tail = (
            self._merges(),
            re.sub(r"<mergeCells.*?</mergeCells>|<mergeCells[^>]*/>", "\0", self.t.tail, flags=re.DOTALL),
        )
        before, mark, tail = tail.partition("\0")
        if not mark:  # merges belong before everything that may follow them
            before, tail = self._split_tail(before)
        pieces.append(self._attributes(before))
        parts = {**self.t.parts.texts, "xl/workbook.xml": self._workbook()}
        return Plan(pieces, merges, self._attributes(tail), parts, self.t.part, runs)

    def _split_tail(self, tail: str) -> tuple[str, str]:
        before = BEFORE_MERGES.match(tail)
        assert before
        return tail[: before.end()], tail[before.end() :]

    def _row(
        self, sample: int, row: int, filled: Mapping[int, tuple[str, str, bool]], scope: int, keep: bool
    ) -> Iterator[Piece]:
        other, points, cells = self.t.rows.get(sample, ("", 0.0, {}))
        texts = {
            (scope, key): self._room(sample, c, cells.get(c, ("0",))[0])
            for c, (key, formula, words) in filled.items()
            if not formula and not words
        }
        start = f'<row r="{row + 1}"{other}'
        if texts and points:
            yield RowStart(start, points, texts)
        else:
            yield start + (f' ht="{points:g}" customHeight="1">' if points else ">")
        for c in sorted(cells.keys() | filled.keys()):
            style, kind, inner = cells.get(c, ("", "", ""))
            place = f'<c r="{letters(c)}{row + 1}"' + (f' s="{style}"' if style else "")
            if c in filled:
                key, formula, words = filled[c]
                yield Slot(scope, key, place, formula, words)
            elif inner and keep:
                yield f"{place}{kind}>{self._moved_formula(inner)}</c>"
            else:
                yield f"{place}/>"
        yield "</row>"

    def _moved_formula(self, inner: str) -> str:
        if "<f" not in inner:
            return inner
        return re.sub(r"(<f[^>]*>)([^<]*)(</f>)", lambda m: m[1] + self.reference(m[2]) + m[3], inner)

    def _room(self, r: int, c: int, style: str) -> tuple[float, float, float]:
        """Points of text on one line of a cell, merged or not; its font size; the height of its further rows."""
        merged = next((m for m in self.t.merged if m[0] <= r <= m[2] and m[1] <= c <= m[3]), (r, c, r, c))
        width = sum(self.t.widths.get(n, 51.0) for n in range(merged[1], merged[3] + 1))
        below = sum(self.t.rows[n][1] for n in range(r + 1, merged[2] + 1) if n in self.t.rows)
        return max(width - 6, 12), self._size(style), below

    def _size(self, style: str) -> float:
        n = int(style or 0)
        return self.t.sizes[n] if n < len(self.t.sizes) else 11.0

    def _merges(self) -> list[str]:
        out = []
        for top, left, bottom, right in self.t.merged:
            inside = next((m for m in self.moves if m[0] <= top and bottom <= m[1]), None)
            if inside is None:
                out.append((self.start(top), left, self.end(bottom), right))
            elif top == bottom == inside[0]:
                out += [(inside[2] + i, left, inside[2] + i, right) for i in range(inside[3])]
            elif (top, bottom) == inside[:2]:
                out.append((inside[2], left, inside[2] + inside[3] - 1, right))
        return [
            f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            for top, left, bottom, right in out
            if (top, left) != (bottom, right)
        ]

    def _attributes(self, xml: str) -> str:
        """The XML around the rows with every place in it moved."""
        xml = ATTRIBUTE.sub(
            lambda m: f'{m[1]}{self.area(m[2]) if "sqref" in m[1] else self.reference(m[2])}"', xml
        )
        xml = ELEMENT.sub(
            lambda m: m[1] + (self.area(m[3]) if m[2] == "xm:sqref" else self.reference(m[3])) + m[4], xml
        )
        return BREAK.sub(lambda m: f'{m[1]}{self.start(int(m[2]) - 1) + 1}"', xml)

    def _workbook(self) -> bytes:
        """Names and the print area moved; everything is to be worked out anew when the file is opened."""
        xml = self.t.parts.texts["xl/workbook.xml"].decode("utf-8")
        xml = DEFINED.sub(lambda m: m[1] + self._name(m[2]) + m[3], xml)
        if "<calcPr" in xml:
            xml = re.sub(r"<calcPr[^>]*?/>", '<calcPr calcId="191029" fullCalcOnLoad="1"/>', xml)
        else:
            xml = xml.replace("</workbook>", '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>')
        return xml.encode()

    def _name(self, text: str) -> str:
        """A defined name's places on our sheet; those of other sheets stay."""
        out = []
        for part in re.split(r"(,)", text):
            sheet, mark, place = part.rpartition("!")
            ours = sheet.strip("'").replace("&apos;", "'") == self.t.table.name
            out.append(f"{sheet}{mark}{self.reference(place)}" if mark and ours else part)
        return "".join(out)
