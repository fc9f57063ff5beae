"""Which standard form a table is, whatever its year, place and maker.

Comes in: the tables of a document. Goes out: the `Form` whose labels a table has, or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ..columns import squeeze
from ..source import CellState, Document, Table
from .description import Block, Form, profile, profile_ids
from .labels import LONGEST, bare, inline, label
from .titles import title_lines

KNOWN_AT = 0.5  # of a form's labels must be there, or fewer where its title is
TITLED_AT = 0.3


@cache
def known_forms(profile_name: str | None = None) -> tuple[Form, ...]:
    names = [profile_name] if profile_name else profile_ids()
    return tuple(form for name in names for form in profile(name).forms())


HELPERS = ("target_number", "actual_number", "completion_rate")


@cache
def helpers(block: Block) -> frozenset[str]:
    """The last columns of a block that only its formulas need; nobody else's print has them."""
    keys = []
    for c in reversed(block.columns):
        if c.key not in HELPERS or not c.formula:
            break
        keys.append(c.key)
    return frozenset(keys)


@cache
def _labels(form: Form) -> frozenset[str]:
    return frozenset(_prints(form).values())


@cache
def _prints(form: Form) -> dict[str, str]:
    """Labels of a form as it prints them itself, and as they are compared."""
    beside = {c.head for block in form.blocks for c in block.columns if c.key in helpers(block)}
    return {bare(word): label(word) for word in form.labels() if word not in beside}


@cache
def _all_labels(profile_name: str | None) -> frozenset[str]:
    return frozenset().union(*map(_labels, known_forms(profile_name)))


@cache
def _title(text: str) -> str:
    """A title without what comes and goes: （单位）, quotes, blanks."""
    return re.sub(r"（[^（）]*）|[“”\"《》]", "", squeeze(text))


def recognise(table: Table, profile_name: str | None = None) -> Form | None:
    """The form whose labels a table has most of, and that leaves fewest of its labels over; None where none fits."""
    universe = _all_labels(profile_name)
    there: set[str] = set()
    exact: set[str] = set()
    for cell in table.cells:
        if cell.state is not CellState.BLANK:
            if len(cell.text) <= LONGEST:
                exact.add(bare(cell.text))
                there.add(label(cell.text))
            there.update(core for core, _ in inline(cell.text, universe))
    there |= {word.removeprefix(when) for word in there for when in ("上年", "当年")}
    there &= universe
    if not there:
        return None
    top = _title("".join(title_lines(table)))
    best: tuple[float, Form] | None = None
    for form in known_forms(profile_name):
        wanted = _labels(form)
        hits = len(wanted & there)
        share = hits / len(wanted)
        title = _title(form.title)
        titled = title in top
        if share < (TITLED_AT if titled else KNOWN_AT):
            continue
        # Of forms that fit alike, the one that explains more of the table, then the one that uses its very words.
        score = share + hits / len(there) + titled * (0.15 + len(title) / 200)
        score += len(_prints(form).keys() & exact) / 1000
        if best is None or score > best[0]:
            best = (score, form)
    return best[1] if best else None


def whole_tables(document: Document, profile_name: str | None) -> Iterator[Table]:
    """Tables of a document; one that a page break cut in a text document is put together again."""
    before: Table | None = None
    for table in document.tables:
        cut = document.text and before and not table.caption and table.columns == before.columns
        if cut and before and recognise(before, profile_name) and not recognise(table, profile_name):
            below = tuple(replace(c, row=c.row + before.rows) for c in table.cells)
            before = replace(before, cells=before.cells + below, rows=before.rows + table.rows)
            continue
        if before:
            yield before
        before = table
    if before:
        yield before
