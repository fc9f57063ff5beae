"""Running text as a reader takes it in: whole paragraphs under their headings.

Comes in: `Document` blocks. Goes out: paragraphs whose broken lines are joined and whose blanks are
gone, each character still knowing where it stands in the file. Knows nothing of money or budgets.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .source import Document, Span

WIDE = str.maketrans("０１２３４５６７８９％．－＋　", "0123456789%.-+ ")
# Latin punctuation between Chinese words reads as the Chinese mark; a comma inside 3,228 stays.
CHINESE_MARKS = str.maketrans("();:", "（）；：")
LATIN_COMMA = re.compile(r"(?<!\d),|,(?!\d{3})")
MARKERS = (
    re.compile(r"第[一二三四五六七八九十]+(?:部分|章|节)|[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}(?:[、．]|\.(?!\d)|\.(?=(?:19|20)\d\d年))"),
    re.compile(r"[（(]\d{1,2}[）)]|\d{1,2}[）)]|[①-⑳]"),
)
MARKER = re.compile("|".join(f"(?:{m.pattern})" for m in MARKERS))
ATTACHMENT = re.compile(r"附件[一二三四五六七八九十\d：:]")
TITLE_END = re.compile(r"[。：:；;]")
IN_TURN = re.compile("[一二三四五六七八九十]{1,2}是")
CLOSED = "。！？；;：:!?"
INNER_HEADING = re.compile(r"(?<=[。；！])(?=[一二三四五六七八九十]{1,2}、)")


@dataclass
class Paragraph:
    """A paragraph without blanks and line breaks; digits in half width, punctuation in full width.

    offsets  offsets[i] is where text[i] stands in the document
    level    of its own marker: 1 一、 2 （一） 3 1. 4 （1）, 0 without one; `marker` is its length
    heading  nothing but a title
    path     titles of the headings above it, from the outside in
    """

    document: Document
    text: str
    offsets: list[int]
    level: int = 0
    marker: int = 0
    heading: bool = False
    path: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """The words of its heading: up to the first stop, without the marker."""
        body = self.text[self.marker :]
        stop = TITLE_END.search(body)
        return body[: stop.start()] if stop else body

    @property
    def depth(self) -> int:
        """Its level; 5 for one that begins 一是, 二是."""
        return 5 if IN_TURN.match(self.text) else self.level

    def span(self, start: int, end: int) -> Span:
        """The place in the document of text[start:end]."""
        return self.document.span(self.offsets[start], self.offsets[min(end, len(self.offsets)) - 1] + 1)


def paragraphs(document: Document) -> list[Paragraph]:
    """The paragraphs of a document's running text, in order, with their headings."""
    found: list[Paragraph] = []
    for block in document.prose():
        text, offsets = squash(document.text, block.start, block.end)
        if not text:
            continue
        if found and _continues(found[-1].text, text) and not block.level:
            last = found.pop()
            glue = last.text[-1:].isdigit() and text[:1].isdigit()
            text = last.text + (" " if glue else "") + text
            offsets = last.offsets + ([last.offsets[-1]] if glue else []) + offsets
        found += _split(Paragraph(document, text, offsets, level=block.level))
    _give_headings(found)
    return found


def squash(source: str, start: int, end: int) -> tuple[str, list[int]]:
    """Text without blanks (one is kept between Latin words or numbers), and where each character stood.

    >>> squash("支出 3228.08\\u3000万元， 12 34", 0, 22)[0]
    '支出3228.08万元，12 34'
    """
    characters: list[str] = []
    offsets: list[int] = []
    blank = False
    for i, c in enumerate(source[start:end].translate(WIDE), start):
        if c.isspace() or c in "\u200b\ufeff":
            blank = True
            continue
        if blank and characters and _word(characters[-1]) and _word(c):
            characters.append(" ")
            offsets.append(offsets[-1])
        characters.append(c)
        offsets.append(i)
        blank = False
    text = "".join(characters).translate(CHINESE_MARKS)
    return LATIN_COMMA.sub("，", text), offsets


def _word(c: str) -> bool:
    return c.isascii() and c.isalnum()


def _continues(above: str, below: str) -> bool:
    """Was this line cut off from the one above by a page or line break?"""
    if above[-1] in CLOSED or MARKER.match(below) or ATTACHMENT.match(below):
        return False
    body = above[_marker(above)[1] :]
    if len(body) < 40 and not re.search("[，,、]", body) and (len(body) < 20 or body != above):
        return False
    return above[-1] in "，,、" or not _title_like(below)


def _title_like(text: str) -> bool:
    return len(text) <= 25 and not re.search(r"[，。；,\d]", text)


def _split(paragraph: Paragraph) -> Iterator[Paragraph]:
    """A heading that was run on to the end of a paragraph starts one of its own."""
    cuts = [0, *(m.start() for m in INNER_HEADING.finditer(paragraph.text)), len(paragraph.text)]
    for start, end in itertools.pairwise(cuts):
        if start < end:
            yield Paragraph(
                paragraph.document, paragraph.text[start:end], paragraph.offsets[start:end], paragraph.level
            )


def _give_headings(found: list[Paragraph]) -> None:
    path: list[tuple[int, str]] = []
    for paragraph in found:
        level, length = _marker(paragraph.text)
        paragraph.marker = length
        level = level or paragraph.level
        if not level and _title_like(paragraph.text):
            # A title whose number was forgotten stands beside the deepest Chinese-numbered heading.
            level = min(2, (path[-1][0] if path else 1))
            paragraph.heading = True
        elif level:
            rest = paragraph.text[length:]
            stop = TITLE_END.search(rest)
            bare = len(rest) <= 40 and "，" not in rest
            paragraph.heading = bare and (not stop or stop.end() == len(rest))
        paragraph.level = level
        if level:
            while path and path[-1][0] >= level:
                path.pop()
        paragraph.path = tuple(title for _, title in path)
        if level and len(paragraph.title) <= 40:
            path.append((level, paragraph.title))


def _marker(text: str) -> tuple[int, int]:
    for level, pattern in enumerate(MARKERS, 1):
        if match := pattern.match(text):
            return level, match.end()
    return 0, 0
