"""The spreadsheet formulas of a form, from its description and where its cells stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..errors import AuditError
from ..formulas import excel, names
from ..read.addresses import letters
from .description import Block, Form
from .locate import Places


def cell_formulas(form: Form, places: Places) -> dict[tuple[int, int], str]:
    """Every formula of a form on its own template, by cell (row, column from 0)."""
    found: dict[tuple[int, int], str] = {}
    layout = {place.block.key: (place.first, place.last) for place in places.blocks.values()}
    for f in form.fields:
        if f.formula and (cell := places.fields.get(f.key)):
            found[cell.row, cell.column] = field_formula(form, places, layout, f.formula, lambda r: r)
    for place in places.blocks.values():
        for r in range(place.first, place.last + 1):
            for column in place.block.columns:
                if column.formula and column.key in place.columns:
                    found[r, place.columns[column.key]] = row_formula(
                        form, places, place.block, column.formula, r
                    )
    return found


def field_formula(
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


def row_formula(form: Form, places: Places, block: Block, text: str, row: int) -> str:
    columns = places.blocks[block.key].columns
    unknown = next((name for name in names(text) if name not in columns), None)
    if unknown:
        raise AuditError(
            form.id, f"公式“{text}”用到的“{unknown}”在表中没有", "请核对 form.toml 的公式和各栏的标签"
        )
    return excel(text, {name: f"{letters(columns[name])}{row + 1}" for name in names(text)})
