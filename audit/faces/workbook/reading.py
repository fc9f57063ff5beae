"""A report and an annex as the workbook's sheets take them. Comes in: read documents. Goes out: words and values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ...forms.read_back import read_forms
from ...source import Cell, Document, Table
from .layout import ANNEX_COLUMNS, ANNEX_ROWS, PARAGRAPHS

WHOLE = "附件2"  # the form that tells of the whole department
LONGEST = 32_000  # characters; a cell holds 32767


class Project(NamedTuple):
    """A row of the report's own table of projects, as printed."""

    name: str
    amounts: tuple[Decimal | None, Decimal | None, Decimal | None]  # 年初预算数, 全年预算数, 全年执行数
    rate: str

    def figures(self) -> list[str | float | None]:
        """As the cells take them."""
        return [*(None if amount is None else float(amount) for amount in self.amounts), self.rate]


def paragraphs(document: Document) -> list[str]:
    """The running text, a paragraph a row; tables stand in sheets of their own."""
    lines = [
        line.strip()
        for block in document.prose()
        for line in document.text[block.start : block.end].split("\n")
        if line.strip()
    ]
    pieces = [line[at : at + LONGEST] for line in lines for at in range(0, len(line), LONGEST)]
    return pieces[:PARAGRAPHS]


def cell_value(cell: Cell) -> str | float | None:
    return float(cell.number) if cell.number is not None else (cell.text or None)


def values(table: Table) -> list[list[str | float | None]]:
    """The grid, each merged cell at its top left corner, cut to the room there is."""
    rows, columns = min(table.rows, ANNEX_ROWS), min(table.columns, ANNEX_COLUMNS)
    grid: list[list[str | float | None]] = [[None] * columns for _ in range(rows)]
    for cell in table.cells:
        if cell.row < rows and cell.column < columns:
            grid[cell.row][cell.column] = cell_value(cell)
    return grid


def whole_form(annexes: Sequence[Document]) -> Table | None:
    """The table to show: the form of the whole department where there is one, else the first table."""
    for document in annexes:
        for form in read_forms(document):
            if form.form.kind == WHOLE:
                found = next((t for t in document.tables if t.name == form.sheet), None)
                if found:
                    return found
    return next((table for document in annexes for table in document.tables), None)


HEADS = ("项目名称", "年初预算数", "全年预算数", "全年执行数", "预算执行率")


def projects(document: Document) -> tuple[list[Project], Project | None]:
    """The report's table of projects, and its total row; both empty where it has no such table."""
    for table in document.tables:
        lines = [[cell.text if cell else "" for cell in row] for row in table.grid()]
        if not lines or not set(HEADS) <= set(lines[0]):
            continue
        at = [lines[0].index(head) for head in HEADS]
        found = [_project([line[column] for column in at]) for line in lines[1:]]
        rows = [project for project in found if project.name != "合计"]
        return rows, next((project for project in found if project.name == "合计"), None)
    return [], None


def _project(line: list[str]) -> Project:
    first, second, third = (_amount(words) for words in line[1:4])
    return Project(line[0], (first, second, third), line[4])


def _amount(words: str) -> Decimal | None:
    bare = words.replace(",", "").strip()
    return Decimal(bare) if bare.replace(".", "", 1).isdigit() else None
