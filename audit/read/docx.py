"""A Word file in, `Document` out: paragraphs, tables, text boxes and notes in reading order.

Left alone: headers, footers, comments, pictures, hidden text, tracked deletions, field codes.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from audit.read.archive import Archive
from audit.read.assembly import Assembly, Draft, Source
from audit.read.numbering import VAL, Numbering, W
from audit.source import BlockKind, Document

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
P, R, T, TBL, TR, TC = (W + tag for tag in ("p", "r", "t", "tbl", "tr", "tc"))
PPR, RPR, STYLE, OUTLINE, NUMBERED = (W + tag for tag in ("pPr", "rPr", "pStyle", "outlineLvl", "numPr"))
TCPR, MERGE, SPAN = (W + tag for tag in ("tcPr", "vMerge", "gridSpan"))
BOX = W + "txbxContent"
# Wrappers that a reader does not see.
OPEN = {W + tag for tag in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}
GONE = {
    W + tag
    for tag in ("del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "rt", "sdtPr")
}
PRINTED = {
    T: None,
    MATH + "t": None,
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}


def read_docx(data: bytes, source: Source) -> Document:
    archive = Archive(data, source)
    main = "word/document.xml"
    if main not in archive.names:
        found = sorted(n for n in archive.names if n.startswith("word/document") and n.endswith(".xml"))
        main = found[0] if found else main
    reader = Reader(archive, source)
    body = archive.xml(main).find(W + "body")
    if body is not None:
        reader.walk(body)
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        if name in archive.names:
            for note in archive.xml(name):
                if note.get(W + "type", "normal") == "normal":
                    reader.walk(note, "note")
    if not reader.assembly.blocks:
        raise source.error("文件里没有文字", "若内容是图片，请先做文字识别（OCR）后另存为 .docx")
    return reader.assembly.document()


class Styles:
    """Heading level and list of each paragraph style, inherited along basedOn."""

    def __init__(self, root: etree._Element | None) -> None:
        self.own: dict[str, tuple[str, int | None, tuple[str, int] | None]] = {}
        self.default = ""
        for style in () if root is None else root.iter(W + "style"):
            if style.get(W + "type") != "paragraph":
                continue
            id = style.get(W + "styleId", "")
            if style.get(W + "default") in ("1", "true"):
                self.default = id
            _, level, numbered = said_by(style.find(PPR))
            name = value(style, "name").lower()
            if level is None and name.startswith(("heading ", "标题 ")) and name[-1].isdigit():
                level = int(name[-1])
            self.own[id] = (value(style, "basedOn"), level, numbered)
        self.known: dict[str, tuple[int, tuple[str, int] | None]] = {}

    def look_up(self, id: str) -> tuple[int, tuple[str, int] | None]:
        if id not in self.known:
            level: int | None = None
            numbered: tuple[str, int] | None = None
            at, seen = id, set[str]()
            while at in self.own and at not in seen:  # a file may chase its own tail
                seen.add(at)
                at, own_level, own_list = self.own[at]
                level = own_level if level is None else level
                numbered = own_list if numbered is None else numbered
            self.known[id] = (level or 0, numbered)
        return self.known[id]


class Reader:
    def __init__(self, archive: Archive, source: Source) -> None:
        def part(name: str) -> etree._Element | None:
            return archive.xml(name) if name in archive.names else None

        self.assembly = Assembly(source)
        self.styles = Styles(part("word/styles.xml"))
        self.numbering = Numbering(part("word/numbering.xml"))

    def walk(self, container: etree._Element, kind: BlockKind = "paragraph") -> None:
        for child in children(container):
            if child.tag == P:
                boxes: list[etree._Element] = []
                level, text = self.paragraph(child, boxes)
                if text.strip():
                    self.assembly.block(text, kind, level)
                for box in boxes:
                    self.walk(box, "textbox")
            elif child.tag == TBL:
                self.table(child)

    def paragraph(self, element: etree._Element, boxes: list[etree._Element]) -> tuple[int, str]:
        """Heading level and text; the text boxes anchored here are put aside."""
        out: list[str] = []
        collect(element, out, boxes)
        text = "".join(out)
        style, own_level, own_list = said_by(element.find(PPR))
        level, numbered = self.styles.look_up(style or self.styles.default)
        numbered = own_list or numbered
        if numbered is not None and text.strip():
            text = self.numbering.label(*numbered) + text
        return level if own_level is None else own_level, text

    def table(self, element: etree._Element) -> None:
        """One table as a block. Tables and text boxes inside follow it, so that no figure stands twice."""
        cells: list[Draft] = []
        open_above: dict[int, Draft] = {}  # column → the cell that a vertical merge goes on with
        enclosed: list[etree._Element] = []
        boxes: list[etree._Element] = []
        row = columns = 0
        for line in children(element):
            if line.tag != TR or deleted(line):
                continue
            properties = line.find(W + "trPr")
            column = 0 if properties is None else number(properties, "gridBefore", 0)
            for box in children(line):
                if box.tag != TC:
                    continue
                width, merge = 1, ""
                for said in () if (shape := box.find(TCPR)) is None else shape:
                    if said.tag == SPAN:
                        width = max(1, whole(said.get(VAL, ""), 1))
                    elif said.tag == MERGE:
                        merge = said.get(VAL, "continue")
                above = open_above.get(column)
                if merge == "continue" and above is not None:
                    above.row_span = row - above.row + 1
                else:
                    cell = Draft(row, column, self.cell_text(box, enclosed, boxes), 1, width)
                    cells.append(cell)
                    open_above.pop(column, None)
                    if merge:
                        open_above[column] = cell
                column += width
            columns = max(columns, column)
            row += 1
        if any(cell.text.strip() for cell in cells):
            self.assembly.table(cells, row, columns)
        for inner in enclosed:
            self.table(inner)
        for box in boxes:
            self.walk(box, "textbox")

    def cell_text(
        self, cell: etree._Element, enclosed: list[etree._Element], boxes: list[etree._Element]
    ) -> str:
        lines = []
        for child in children(cell):
            if child.tag == P:
                lines.append(self.paragraph(child, boxes)[1].rstrip())
            elif child.tag == TBL:
                enclosed.append(child)
        return "\n".join(lines).strip("\n")


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The children, seen through wrappers such as content controls and tracked insertions."""
    for child in element:
        if child.tag in OPEN:
            yield from children(child)
        elif child.tag == ALTERNATE:
            yield from children(child[0])
        elif child.tag not in GONE:
            yield child


def collect(element: etree._Element, out: list[str], boxes: list[etree._Element]) -> None:
    """Append the printed text below an element, in order; text boxes go to `boxes`."""
    for child in element:
        tag = child.tag
        if tag in PRINTED:
            printed = PRINTED[tag]
            if printed is not None:
                out.append(printed if child.get(W + "type") != "page" else "")
            elif child.text:
                out.append(child.text)
        elif tag == R:
            properties = child.find(RPR)
            if properties is None or not hidden(properties):
                collect(child, out, boxes)
        elif tag == BOX:
            boxes.append(child)
        elif tag == ALTERNATE:
            before = len(out), len(boxes)
            for branch in child:  # the same thing said twice: take the first that says anything
                collect(branch, out, boxes)
                if (len(out), len(boxes)) != before:
                    break
        elif tag not in GONE and len(child):
            collect(child, out, boxes)


def hidden(properties: etree._Element) -> bool:
    vanish = properties.find(W + "vanish")
    return vanish is not None and vanish.get(VAL, "1") not in ("0", "false", "off")


def deleted(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def value(element: etree._Element, tag: str) -> str:
    child = element.find(W + tag)
    return "" if child is None else child.get(VAL, "")


def number(element: etree._Element, tag: str, default: int) -> int:
    return whole(value(element, tag), default)


def whole(text: str, default: int) -> int:
    """A count as the file states it, kept within what a table or a list can have."""
    return min(int(text), 1000) if text.isascii() and text.isdigit() else default


def said_by(properties: etree._Element | None) -> tuple[str, int | None, tuple[str, int] | None]:
    """What paragraph properties say themselves: style, heading level (0: body text), list and depth."""
    style, level, numbered = "", None, None
    for child in () if properties is None else properties:
        if child.tag == STYLE:
            style = child.get(VAL, "")
        elif child.tag == OUTLINE:
            text = child.get(VAL, "")
            level = (int(text) + 1) % 10 if text.isdigit() else None
        elif child.tag == NUMBERED:
            numbered = value(child, "numId"), number(child, "ilvl", 0)
    return style, level, numbered
