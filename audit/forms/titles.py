"""What the first lines of a form say: its name, and the year it is about.

Comes in: a table. Goes out: the texts of its title lines, and a year.
"""

from __future__ import annotations

import re
from collections import Counter

from ..columns import squeeze
from ..source import Table
from .labels import YEAR

TITLE_ROWS = 4  # rows with words, from the top, that may say the form's name and year
ACCOUNTED = re.compile(r"((?:19|20)\d\d)年(?:度)?(?=[^\d月]{0,8}(?:决算|预算|在职|执行))")


def title_lines(table: Table) -> list[str]:
    """The texts of the first rows with words in them, and what is printed right above."""
    lines, rows = [table.caption], set[int]()
    for cell in table.cells:
        if cell.text.strip():
            rows.add(cell.row)
            if len(rows) > TITLE_ROWS:
                break
            lines.append(squeeze(cell.text))
    return lines


def sheet_year(table: Table) -> int:
    """The year a form is about: that of its title lines, else the latest of its heads; 0 where it names none."""
    lines = [line.partition("日期")[0] for line in title_lines(table) if len(line) < 60]
    for pattern in (r"((?:19|20)\d\d)年度", YEAR):
        if top := [int(y) for line in lines for y in re.findall(pattern, line)]:
            return Counter(top).most_common(1)[0][0]
    years = [int(y) for c in table.cells if len(c.text) < 30 for y in ACCOUNTED.findall(c.text)]
    return max(years, default=0)
