"""A PDF in, `Document` out: paragraphs put back together across lines and pages, tables from ruling lines or,
where amounts stand in columns, without them.

Left alone: page numbers, running headers and footers, pictures, annotations, form fields. A table that
goes on overleaf is another table. Nothing is recognised in pictures.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass

import pypdfium2 as pdfium

from audit.read.aligned import aligned
from audit.read.assembly import Assembly, Draft, Source
from audit.read.glyphs import Page, look
from audit.read.lines import Line, Margins, cell_text, goes_on, joined, lines_of, margins_of
from audit.read.ruling import Grid, grids
from audit.source import Document

MAX_PAGES = 2000
# How far from the edge, as a share of the page's longer side: a page number may stand (in official papers
# 2.8 cm from the foot), and a running header or footer. Further in, what repeats is the title of a form.
NUMBER_BAND = 0.12
HEADER_BAND = 0.075
PAGE_NUMBER = re.compile(
    r"[-—–－~·\s]*(?:第\s*)?(?:\d{1,4}|[IVXivx]{1,6}|[一二三四五六七八九十]{1,4})\s*(?:页)?"
    r"(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–－~·\s]*"
)
OCR = "请先做文字识别（OCR），另存为带文字层的 .pdf 或 .docx，或索取电子版"
PDFIUM = threading.Lock()  # pdfium is not made for threads


@dataclass(slots=True)
class Sheet:
    """A page whose characters have been put into tables and lines."""

    page: Page
    tables: list[Grid]
    lines: list[Line]


def read_pdf(data: bytes, source: Source) -> Document:
    with PDFIUM:
        pages = load(data, source)
    sheets = [sheet_of(page) for page in pages]
    drop_furniture(sheets)
    assembly = Assembly(source)
    warn(sheets, assembly)
    margins = margins_by_width(sheets)
    flow = Flow(assembly)
    for sheet in sheets:
        items: list[tuple[float, Line | Grid]] = [(-line.middle, line) for line in sheet.lines]
        items += [(-grid.ys[-1], grid) for grid in sheet.tables]
        items.sort(key=lambda item: item[0])
        for _, item in items:
            if isinstance(item, Line):
                flow.line(item, margins[round(sheet.page.width)])
            else:
                flow.table(item, sheet.page.number)
    flow.flush()
    if not assembly.blocks:
        raise source.error("PDF 里没有文字", "请确认选对了文件")
    assembly.pages = flow.page_starts(len(sheets))
    return assembly.document()


def load(data: bytes, source: Source) -> list[Page]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise source.error("文件已加密", "请先取消打开密码后另存") from None
        raise source.error("PDF 已损坏，无法读取", "请重新获取文件，或用阅读器打开后另存") from None
    try:
        if len(document) > MAX_PAGES:
            raise source.error(f"页数过多（{len(document)}页，上限{MAX_PAGES}页）", "请拆分后再试")
        pages = []
        for index in range(len(document)):
            page = document[index]
            pages.append(look(page, index + 1))
            page.close()
        return pages
    except pdfium.PdfiumError:
        raise source.error("PDF 已损坏，有的页无法读取", "请重新获取文件，或用阅读器打开后另存") from None
    finally:
        document.close()


def sheet_of(page: Page) -> Sheet:
    rest = page.glyphs
    tables = []
    for grid in grids(page.across, page.down):
        outside = grid.place(rest)
        filled = sum(any(not g.char.isspace() for g in region.glyphs) for region in grid.regions)
        if filled > 1:  # else a frame, an axis, a drawing
            tables.append(grid)
            rest = outside
    without_lines, rest = aligned(rest)
    return Sheet(page, tables + without_lines, lines_of(rest, page.number))


def drop_furniture(sheets: list[Sheet]) -> None:
    """Take page numbers and running headers and footers out of the lines."""
    seen: Counter[tuple[str, int]] = Counter()
    outer: dict[int, set[int]] = defaultdict(set)  # page → index of its first and last line
    for sheet in sheets:
        outer[sheet.page.number] = {0, len(sheet.lines) - 1}
        for line in sheet.lines:
            if in_band(line, sheet.page, NUMBER_BAND):
                seen[key_of(line)] += 1

    def furniture(index: int, line: Line, page: Page) -> bool:
        if not in_band(line, page, NUMBER_BAND):
            return False
        repeats = seen[key_of(line)]
        if index in outer[page.number] and PAGE_NUMBER.fullmatch(line.text):
            number = re.search(r"\d+", line.text)
            bare = line.text.isdigit()
            # A bare number is a page number when it counts the pages, or stands where others stand.
            return not bare or repeats > 1 or (number is not None and int(number[0]) == page.number)
        return repeats >= max(3, 0.4 * len(sheets)) and in_band(line, page, HEADER_BAND)

    for sheet in sheets:
        sheet.lines = [line for i, line in enumerate(sheet.lines) if not furniture(i, line, sheet.page)]


def in_band(line: Line, page: Page, share: float) -> bool:
    return min(line.middle, page.height - line.middle) < share * max(page.width, page.height)


def key_of(line: Line) -> tuple[str, int]:
    """What makes two lines the same header: the words without their numbers, and the height on the page."""
    return re.sub(r"[\d\s]+", "#", line.text), round(line.middle / 6)


def warn(sheets: list[Sheet], assembly: Assembly) -> None:
    """Pages that could not be read: said in a warning, or an error where that is all of them."""
    source = assembly.source
    bare = [s for s in sheets if not s.lines and not s.tables]
    if len(bare) == len(sheets):
        raise source.error("PDF 没有文字层，像是扫描件或图片", OCR)
    scanned = [s.page.number for s in bare if s.page.pictured > 0.05]
    if scanned:
        assembly.warnings.append(f"{source.name}：第{listed(scanned)}页没有文字层（扫描件），未能读取；{OCR}")
    garbled = [s.page.number for s in sheets if odd(s.page) > 0.1]
    if garbled:
        assembly.warnings.append(
            f"{source.name}：第{listed(garbled)}页的字体编码异常，文字可能是乱码，请核对原件"
        )


def odd(page: Page) -> float:
    """Share of characters that stand for nothing: private use, or unknown."""
    strange = sum(g.char == "\ufffd" or "\ue000" <= g.char <= "\uf8ff" for g in page.glyphs)
    return strange / max(1, len(page.glyphs))


def listed(numbers: list[int]) -> str:
    """
    >>> listed([2, 3, 4, 7])
    '2-4、7'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return "、".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def margins_by_width(sheets: list[Sheet]) -> dict[int, Margins]:
    """Upright and landscape pages of one file have margins of their own."""
    groups: dict[int, list[Line]] = defaultdict(list)
    for sheet in sheets:
        groups[round(sheet.page.width)] += sheet.lines
    return {width: margins_of(lines, width) for width, lines in groups.items()}


class Flow:
    """Lines and tables in reading order, laid down as paragraphs and tables."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self.paragraph: list[Line] = []
        self.right = 0.0
        self.starts: dict[int, int] = {}

    def line(self, line: Line, margins: Margins) -> None:
        if self.paragraph and not goes_on(self.paragraph, line, margins):
            self.flush()
        self.paragraph.append(line)
        self.right = margins.right

    def flush(self) -> None:
        if self.paragraph:
            text, offsets = joined(self.paragraph, self.right)
            start = self.assembly.block(text)
            for line, offset in zip(self.paragraph, offsets, strict=True):
                self.starts.setdefault(line.page, start + offset)
            self.paragraph = []

    def table(self, grid: Grid, page: int) -> None:
        self.flush()
        cells = [
            Draft(
                region.row,
                region.column,
                cell_text(lines_of(region.glyphs, page), grid.width(region)),
                region.row_span,
                region.column_span,
            )
            for region in grid.regions
        ]
        self.starts.setdefault(page, self.assembly.table(cells, grid.rows, grid.columns, page, grid.ruled))

    def page_starts(self, count: int) -> list[tuple[int, int]]:
        """Where each page begins; one without text begins, and ends, where the next does."""
        starts = []
        following = self.assembly.length
        for number in range(count, 0, -1):
            following = self.starts.get(number, following)
            starts.append((following, number))
        return starts[::-1]
