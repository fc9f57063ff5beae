"""What the rules on wording share: the text as it is printed, its places, one finding for a repeated slip.

`Paragraph.text` reads half-width marks as full-width ones; rules on marks need the print. Holds no rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..facts import Facts
from ..findings import Severity
from ..prose import Paragraph
from ..source import Span
from . import Found

STOPS = "，。；：！？、,;:"
TABLE_ROW = re.compile(r"\t|\||\S {2,}\S.* {2,}\S")


def printed(paragraph: Paragraph, most: int | None = None) -> str:
    """The paragraph's (first) characters as the file has them, one for one with `Paragraph.text`."""
    source = paragraph.document.text
    text, offsets = paragraph.text[:most], paragraph.offsets[:most]
    return "".join([" " if shown == " " else source[at] for shown, at in zip(text, offsets, strict=True)])


def prints(facts: Facts) -> list[tuple[Paragraph, str]]:
    """Every paragraph with its print; made once."""
    known: list[tuple[Paragraph, str]] | None = vars(facts).get("_prints")
    if known is None:
        known = vars(facts)["_prints"] = [(p, printed(p)) for p in facts.paragraphs]
    return known


def prose(facts: Facts) -> list[Paragraph]:
    """Paragraphs that are running text; rows of a table pasted as text are left out."""
    known: list[Paragraph] | None = vars(facts).get("_prose")
    if known is None:
        known = vars(facts)["_prose"] = [p for p in facts.paragraphs if not TABLE_ROW.search(_line(p))]
    return known


def _line(paragraph: Paragraph) -> str:
    return paragraph.document.text[paragraph.offsets[0] : paragraph.offsets[-1] + 1].strip()


def matches(
    paragraphs: Iterable[Paragraph], pattern: re.Pattern[str]
) -> Iterator[tuple[Paragraph, re.Match[str]]]:
    for paragraph in paragraphs:
        for match in pattern.finditer(paragraph.text):
            yield paragraph, match


def clause(text: str, at: int, most: int = 24) -> tuple[int, int]:
    """The words around a place, up to the next stops."""
    start, end = at, at
    while start > 0 and text[start - 1] not in STOPS and at - start < most:
        start -= 1
    while end < len(text) and text[end] not in STOPS and end - at < most:
        end += 1
    return start, end


def cut_edge(facts: Facts, paragraph: Paragraph, start: int, end: int) -> bool:
    """Does the place touch the very start or end of the text, where an excerpt may have been cut?"""
    first, last = facts.paragraphs[0], facts.paragraphs[-1]
    return (paragraph is first and start == 0) or (paragraph is last and end >= len(paragraph.text))


def once(what: str, spans: Sequence[Span], advice: str, severity: Severity | None = None) -> Iterator[Found]:
    """One finding for all places of the same kind of slip, in order; nothing where there is none."""
    if spans:
        ordered = tuple(sorted(dict.fromkeys(spans), key=lambda s: (s.document, s.start or 0)))
        words = ordered[0].text.strip().replace("\n", "")
        count = f"{len(ordered)}处" if len(ordered) > 1 else ""
        yield Found(f"{what}{count}，见“{words}”", ordered, advice, severity)
