"""A template taken apart once: its workbook's parts, rows and cells, column widths, font sizes.

Comes in: a `Form` with its form.xlsx. Goes out: a `Template` that gives a `Plan` per shape (so many projects, so many
indicators), laid out by `layout` when it is first asked for.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree

from ..errors import AuditError
from ..read import read
from ..source import Table
from .description import Form
from .locate import locate
from .package import Parts
from .plan import Plan

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMESPACE = re.compile(r' xmlns(?::\w+)?="[^"]*"')


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
            tuple(map(int, corners(ref))) for ref in re.findall(r'<mergeCell ref="([^"]+)"', self.tail)
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
                cells[column_of(c.get("r", ""))] = (c.get("s", ""), kind, inner)
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
            from .layout import Layout

            self.plans[counts] = Layout(self, counts).plan()
        return self.plans[counts]


@cache
def template(form: Form) -> Template:
    """The template of a form, taken apart once per process."""
    return Template(form)


def column_of(place: str) -> int:
    n = 0
    for letter in re.match("[A-Z]*", place)[0]:  # type: ignore[index]
        n = n * 26 + ord(letter) - 64
    return n - 1


def corners(ref: str) -> tuple[int, int, int, int]:
    """Row and column of both ends of A1 or A1:B2, from 0."""
    first, _, last = ref.replace("$", "").partition(":")
    last = last or first
    row = [int(re.sub(r"\D", "", end) or 1) - 1 for end in (first, last)]
    return row[0], column_of(first), row[1], column_of(last)
