"""Draws the shipped templates: the words and boxes of every form.xlsx, then what its form.toml adds to them.

    python templates/draw.py                 draws all forms
    python templates/draw.py hunan           those of one profile

A template is an ordinary workbook: it may as well be drawn or changed by hand in Excel, as long as
`audit forms lint` finds its labels. Drawing anew overwrites such changes.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.utils import get_column_letter as letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: F401  (fills FORMS)
from sheet import FORMS

from audit.forms.cell_formulas import cell_formulas
from audit.forms.description import Column, Field, Form, profile, profile_ids
from audit.forms.locate import Places, locate
from audit.read import read

DRAWN = datetime(2026, 1, 1)
COMPUTED = PatternFill("solid", fgColor="F2F2F2")
HELPER = PatternFill("solid", fgColor="E8EEF7")
# "0.##" would print 10 as "10.": numbers without fixed digits are General.
FORMATS = {
    "money": "0.00", "rate": "0.00%", "number": "General", "count": "0", "text": "@", "long": "General", "value": "General"
}  # fmt: skip


def finish(form: Form) -> None:
    """What the description adds: formats, formulas, names, validation, protection, print titles."""
    places = locate(form, read(form.template, "annex").tables[0])
    book = openpyxl.load_workbook(form.template)
    page = book.active
    for f in form.fields:
        if cell := places.fields.get(f.key):
            _cell(page, cell.row + 1, cell.column + 1, f)
            _name(book, page, f.key, cell.row + 1, cell.column + 1)
    for place in places.blocks.values():
        for column in place.block.columns:
            if column.key not in place.columns:
                continue
            c = place.columns[column.key] + 1
            for r in range(place.first + 1, place.last + 2):
                _cell(page, r, c, column)
            _name(book, page, f"{place.block.key}_{column.key}", place.first + 1, c, place.last + 1)
        _validate(page, places, place.block.key)
    _amounts(page, form, places)
    for (row, column), text in cell_formulas(form, places).items():
        page.cell(row + 1, column + 1, f"={text}")
    page.protection.sheet = True
    page.protection.formatRows = page.protection.formatColumns = page.protection.formatCells = False
    book.calculation.fullCalcOnLoad = True
    book.properties.creator, book.properties.title = "audit", form.title
    _save(book, form.template)


def _save(book: openpyxl.Workbook, path: Path) -> None:
    """Written so that the same drawing gives the same bytes."""
    book.properties.created = DRAWN
    whole = io.BytesIO()
    book.save(whole)
    stamp = f">{DRAWN.isoformat()}Z</dcterms:modified>"
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "docProps/core.xml":
                data = re.sub(r">[^<]*</dcterms:modified>", stamp, data.decode()).encode()
            info = zipfile.ZipInfo(name, DRAWN.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)


def _cell(page: Worksheet, row: int, column: int, f: Field | Column) -> None:
    cell = page.cell(row, column)
    helper = cell.border.left.style is None
    cell.number_format = "0.00" if f.key.endswith("score") else FORMATS[f.kind]
    if f.kind == "long":
        cell.alignment = Alignment("left", "center", wrap_text=True)
    if f.formula:
        cell.fill = HELPER if helper else COMPUTED
    elif cell.value is None:
        cell.protection = Protection(locked=False)
        for merged in page.merged_cells.ranges:
            if cell.coordinate in merged:
                for covered in merged.cells:
                    page.cell(*covered).protection = Protection(locked=False)


def _name(book: openpyxl.Workbook, page: Worksheet, name: str, row: int, column: int, last: int = 0) -> None:
    place = f"${letter(column)}${row}" + (f":${letter(column)}${last}" if last > row else "")
    book.defined_names[name] = DefinedName(name, attr_text=f"'{page.title}'!{place}")


def _validate(page: Worksheet, places: Places, block: str) -> None:
    place = places.blocks[block]

    def area(key: str) -> str:
        column = letter(place.columns[key] + 1)
        return f"{column}{place.first + 1}:{column}{place.last + 1}"

    def add(rule: DataValidation, key: str) -> None:
        rule.errorTitle, rule.showErrorMessage = "请核对", True
        rule.add(area(key))
        page.add_data_validation(rule)

    if {"weight", "score"} <= place.columns.keys():
        weight, score = (f"{letter(place.columns[k] + 1)}{place.first + 1}" for k in ("weight", "score"))
        rule = f'OR({weight}="不适用",AND(ISNUMBER({weight}),{weight}>=0,{weight}<=100))'
        words = "分值应为0至100的数；指标不适用时填“不适用”"
        add(DataValidation("custom", formula1=rule, error=words), "weight")
        rule = f'OR({score}="",AND(ISNUMBER({score}),{score}>=0,{score}<=N({weight})))'
        add(DataValidation("custom", formula1=rule, error="得分应在0与分值之间"), "score")
    for key, choices in (("sign", "≥,≤,=,定性"), ("core", "是,否")):
        if key in place.columns:
            add(DataValidation("list", formula1=f'"{choices}"', error="请从下拉列表中选择"), key)


def _amounts(page: Worksheet, form: Form, places: Places) -> None:
    """Amounts and counts are numbers; other entries such as a dash are let through after a warning."""
    rule = DataValidation("decimal", operator="between", formula1="-1E+12", formula2="1E+12")
    rule.errorStyle, rule.errorTitle, rule.showErrorMessage = "warning", "请核对", True
    rule.error = f"这里应填数字（金额单位为{form.unit}）；没有发生的填0，不适用的填“—”"
    for f in form.fields:
        if f.kind in ("money", "count") and not f.formula and (cell := places.fields.get(f.key)):
            rule.add(page.cell(cell.row + 1, cell.column + 1).coordinate)
    for place in places.blocks.values():
        for column in place.block.columns:
            if column.kind in ("money", "count") and not column.formula and column.key in place.columns:
                c = letter(place.columns[column.key] + 1)
                rule.add(f"{c}{place.first + 1}:{c}{place.last + 1}")
    if rule.sqref:
        page.add_data_validation(rule)


def main() -> None:
    wanted = sys.argv[1:]
    for name in profile_ids():
        for each in profile(name).forms():
            if each.id not in FORMS or (wanted and name not in wanted and each.id not in wanted):
                continue
            sheet = FORMS[each.id]()
            sheet.page.print_area = sheet.print_area
            sheet.book.save(each.template)
            finish(each)
            print(each.id)


if __name__ == "__main__":
    main()
