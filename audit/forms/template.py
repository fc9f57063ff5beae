"""A template taken apart once, and put together for any number of rows.

Comes in: a `Form` with its form.xlsx. Goes out: a `Plan` per shape (so many projects, so many indicators): the
sheet's XML as fixed pieces and slots, everything below an inserted row moved: cells, merges, formulas, names,
validations, print area. What this module does not know in the file is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from ..errors import AuditError
from ..formulas import excel, names
from ..read import read
from ..read.addresses import letters
from ..source import Table
from .description import Block, Form
from .locate import Places, locate
from .package import Package, Parts

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMESPACE = re.compile(r' xmlns(?::\w+)?="[^"]*"')
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


class Template:
    """A form's workbook, read and located."""

    def __init__(self, form: Form) -> None:
        self.form = form
        if not form.template.is_file():
            raise AuditError(str(form.template), "找不到模板", "请把空白表另存为这个文件")
        document = read(form.template, "annex")
        self.table: Table = document.tables[0]
        self.places = locate(form, self.table)
        self.parts = Parts(form.template.read_bytes(), form.template.name)
        self._find_sheet()
        self._take_apart()
        self.plans: dict[tuple[int, ...], Plan] = {}
        self.blocks = sorted(self.places.blocks.values(), key=lambda place: place.first)

    def _find_sheet(self) -> None:
        book = etree.fromstring(self.parts.texts["xl/workbook.xml"])
        relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        first = next(s for s in book.iter(S + "sheet") if s.get("name") == self.table.name)
        rels = etree.fromstring(self.parts.texts["xl/_rels/workbook.xml.rels"])
        targets = {r.get("Id"): r.get("Target", "") for r in rels}
        target = targets[first.get(relation)]
        self.part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "xl/calcChain.xml" in self.parts.texts:  # it would name cells that have moved
            self.parts.drop("xl/calcChain.xml")
            for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
                text = self.parts.texts[name].decode("utf-8")
                self.parts.replace(
                    name, re.sub(r"<(?:Override|Relationship)[^>]*calcChain[^>]*/>", "", text).encode()
                )

    def _take_apart(self) -> None:
        raw = self.parts.texts[self.part].decode("utf-8")
        start, end = raw.index("<sheetData"), raw.index("</sheetData>") + len("</sheetData>")
        self.head, self.tail = raw[:start], raw[end:]
        self.merged = [
            tuple(map(int, _corners(ref))) for ref in re.findall(r'<mergeCell ref="([^"]+)"', self.tail)
        ]
        self.rows: dict[int, tuple[str, float, dict[int, tuple[str, str, str]]]] = {}
        root = etree.fromstring(self.parts.texts[self.part])
        data = root.find(S + "sheetData")
        assert data is not None
        for element in data:
            r = int(element.get("r", "0")) - 1
            cells = {}
            for c in element:
                inner = "".join(NAMESPACE.sub("", etree.tostring(child, encoding="unicode")) for child in c)
                kind = f' t="{c.get("t")}"' if c.get("t") else ""
                cells[_column(c.get("r", ""))] = (c.get("s", ""), kind, inner)
            known = ("r", "ht", "customHeight", "spans")
            kept = ((k, v) for k, v in element.items() if k not in known and not str(k).startswith("{"))
            other = "".join(f' {k!s}="{v!s}"' for k, v in kept)
            self.rows[r] = (other, float(element.get("ht", 0)), cells)
        self.widths = self._widths(root)
        self.sizes = self._sizes()

    def _widths(self, root: Any) -> dict[int, float]:
        """Column widths in points."""
        widths: dict[int, float] = {}
        for col in root.iter(S + "col"):
            for c in range(int(col.get("min")) - 1, min(int(col.get("max")), 200)):
                widths[c] = (float(col.get("width", 8.43)) * 7 + 5) * 0.75
        return widths

    def _sizes(self) -> list[float]:
        """The font size of each style."""
        root = etree.fromstring(self.parts.texts["xl/styles.xml"])
        fonts = root.find(S + "fonts")
        sizes = [] if fonts is None else [self._points(font.find(S + "sz")) for font in fonts]
        styles = root.find(S + "cellXfs")
        return [] if styles is None else [sizes[int(xf.get("fontId", 0))] for xf in styles]

    @staticmethod
    def _points(size: etree._Element | None) -> float:
        return 11.0 if size is None else float(size.get("val", 11))

    def plan(self, counts: tuple[int, ...]) -> Plan:
        """The plan for so many rows in each block, in the order of `blocks`; at least one each."""
        counts = tuple(max(1, n) for n in counts)
        if counts not in self.plans:
            if len(self.plans) > 500:
                self.plans.clear()
            self.plans[counts] = _Layout(self, counts).plan()
        return self.plans[counts]


@cache
def template(form: Form) -> Template:
    """The template of a form, taken apart once per process."""
    return Template(form)


def cell_formulas(form: Form, places: Places) -> dict[tuple[int, int], str]:
    """Every formula of a form on its own template, by cell (row, column from 0)."""
    found: dict[tuple[int, int], str] = {}
    layout = {place.block.key: (place.first, place.last) for place in places.blocks.values()}
    for f in form.fields:
        if f.formula and (cell := places.fields.get(f.key)):
            found[cell.row, cell.column] = _field_formula(form, places, layout, f.formula, lambda r: r)
    for place in places.blocks.values():
        for r in range(place.first, place.last + 1):
            for column in place.block.columns:
                if column.formula and column.key in place.columns:
                    found[r, place.columns[column.key]] = _row_formula(
                        form, places, place.block, column.formula, r
                    )
    return found


def _field_formula(
    form: Form, places: Places, rows: Mapping[str, tuple[int, int]], text: str, moved: Callable[[int], int]
) -> str:
    cells = {}
    for name in names(text):
        if name in places.fields:
            cell = places.fields[name]
            cells[name] = f"{letters(cell.column)}{moved(cell.row) + 1}"
            continue
        for key, (first, last) in rows.items():
            column = name.removeprefix(f"{key}_")
            if column != name and column in places.blocks[key].columns:
                c = letters(places.blocks[key].columns[column])
                cells[name] = f"{c}{first + 1}:{c}{last + 1}" if last > first else f"{c}{first + 1}"
        if name not in cells:
            raise AuditError(
                form.id, f"公式“{text}”用到的“{name}”在表中没有", "请核对 form.toml 的公式和各栏的标签"
            )
    return excel(text, cells, {"grade": form.profile.grade})


def _row_formula(form: Form, places: Places, block: Block, text: str, row: int) -> str:
    columns = places.blocks[block.key].columns
    unknown = next((name for name in names(text) if name not in columns), None)
    if unknown:
        raise AuditError(
            form.id, f"公式“{text}”用到的“{unknown}”在表中没有", "请核对 form.toml 的公式和各栏的标签"
        )
    return excel(text, {name: f"{letters(columns[name])}{row + 1}" for name in names(text)})


class _Layout:
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
            top, left, bottom, right = _corners(ref)
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
                text = (
                    _field_formula(self.form, self.places, rows, f.formula, self.start) if f.formula else ""
                )
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
                            escape(_row_formula(self.form, self.places, place.block, formulas[key], new + i))
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


def _column(place: str) -> int:
    n = 0
    for letter in re.match("[A-Z]*", place)[0]:  # type: ignore[index]
        n = n * 26 + ord(letter) - 64
    return n - 1


def _corners(ref: str) -> tuple[int, int, int, int]:
    """Row and column of both ends of A1 or A1:B2, from 0."""
    first, _, last = ref.replace("$", "").partition(":")
    last = last or first
    row = [int(re.sub(r"\D", "", end) or 1) - 1 for end in (first, last)]
    return row[0], _column(first), row[1], _column(last)
