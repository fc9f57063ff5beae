"""Where a span stands, in the words a person searches by: paragraph, page, cell, and what is around it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from ...findings import Figure
from ...report import Report
from ...source import Cell, Document, Span

AROUND = 20
LONGEST_QUOTE, SHORT_QUOTE = 60, 16


class Places:
    """Looks spans up in the documents of one report; every table is laid out once."""

    def __init__(self, report: Report) -> None:
        self._documents = {document.id: document for document in report.documents}
        self._starts = {
            document.id: [b.start for b in document.blocks if document.text[b.start : b.end].strip()]
            for document in report.documents
        }
        self._rows: dict[tuple[str, str], list[Cell]] = {}
        for document in report.documents:
            self._lay_out(document)
        self._exact: dict[tuple[object, ...], Figure] = {}
        self._in_order: dict[str, list[Figure]] = defaultdict(list)
        for figure in report.figures:
            self._exact.setdefault(_key(figure.span), figure)
            if figure.span.start is not None:
                self._in_order[figure.span.document].append(figure)
        self._offsets: dict[str, list[int]] = {}
        for name, figures in self._in_order.items():
            figures.sort(key=lambda figure: figure.span.start or 0)
            self._offsets[name] = [figure.span.start or 0 for figure in figures]

    def file(self, span: Span) -> str:
        document = self._documents.get(span.document)
        return document.name if document else ""

    def where(self, span: Span) -> str:
        """ "第3页 第12段", "Sheet1!B4"."""
        if span.cell:
            return span.cell
        parts = [f"第{span.page}页"] if span.page else []
        document = self._documents.get(span.document)
        if document and span.start is not None:
            starts = self._starts[document.id]
            if starts:
                parts.append(f"第{max(bisect_right(starts, span.start), 1)}段")
            else:
                parts.append(f"第{document.text.count(chr(10), 0, span.start) + 1}行")
        return " ".join(parts)

    def context(self, span: Span, around: int = AROUND) -> str:
        """Some words before and after, the span itself in 【】."""
        document = self._documents.get(span.document)
        if span.cell and (span.document, span.cell) in self._rows:
            before = after = ""
            seen = False
            for cell in self._rows[span.document, span.cell]:
                if cell.span.cell == span.cell:
                    seen = True
                    head, _, tail = cell.text.partition(span.text)
                    before, after = before + head, after + tail
                elif seen:
                    after += f" ｜ {cell.text[: 2 * AROUND]}"
                else:
                    before += f"{cell.text[: 2 * AROUND]} ｜ "
            return _window(before, span.text, after, around)
        if document and span.start is not None and span.end is not None:
            before = document.text[max(span.start - 3 * AROUND, 0) : span.start]
            after = document.text[span.end : span.end + 3 * AROUND]
            return _window(before, document.text[span.start : span.end], after, around)
        return f"【{flat(span.text)}】"

    def quote(self, span: Span) -> str:
        """One line of evidence: place and words, the file where there are several."""
        words = flat(span.text)
        if len(words) > LONGEST_QUOTE:
            words = words[: LONGEST_QUOTE - 20] + "……" + words[-18:]
        elif len(words) < SHORT_QUOTE:  # a bare number says little
            words = self.context(span, SHORT_QUOTE // 2)
        name = f"{self.file(span)} " if len(self._documents) > 1 else ""
        return f"{name}{self.where(span)}：“{words}”"

    def figure_at(self, span: Span) -> Figure | None:
        """The figure printed there, else the first one within the span."""
        if (figure := self._exact.get(_key(span))) is not None:
            return figure
        if span.start is None or span.end is None or span.document not in self._offsets:
            return None
        at = bisect_right(self._offsets[span.document], span.start - 1)
        figures = self._in_order[span.document]
        if at < len(figures) and (figures[at].span.end or 0) <= span.end:
            return figures[at]
        return None

    def _lay_out(self, document: Document) -> None:
        for table in document.tables:
            rows: dict[int, list[Cell]] = defaultdict(list)
            for cell in table.cells:
                if cell.text.strip():
                    rows[cell.row].append(cell)
            for row in rows.values():
                row.sort(key=lambda cell: cell.column)
                for cell in row:
                    if cell.span.cell:
                        self._rows[document.id, cell.span.cell] = row


def _key(span: Span) -> tuple[object, ...]:
    return (span.document, span.start, span.end, span.cell, span.text if span.cell else "")


def flat(text: str) -> str:
    return " ".join(text.split())


def _window(before: str, middle: str, after: str, around: int) -> str:
    """Cut to so many characters on either side, blanks and line ends made one blank."""
    left, right = flat(before), flat(after)
    left = "…" + left[-around:] if len(left) > around else left
    right = right[:around] + "…" if len(right) > around else right
    return f"{left}【{flat(middle)}】{right}"
