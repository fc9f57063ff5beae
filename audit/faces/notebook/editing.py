"""The projects of a case in a grid that is edited by hand, and back.

Comes in: a `Case`. Goes out: a grid widget; then a changed copy of the case and a table of what was changed. Cells hold
text, so that no amount passes through a float.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pandas

from ...errors import AuditError
from ...forms.case import Case
from ...frames import TEXT, typed_frame
from ...quantity import plain

if TYPE_CHECKING:
    from ipydatagrid import DataGrid

COLUMNS = {"name": "项目", "total_initial": "年初预算", "total_budget": "全年预算", "total_spent": "执行"}
CHANGES = {"项目": TEXT, "栏目": TEXT, "原来": TEXT, "改为": TEXT}


def case_table(case: Case) -> pandas.DataFrame:
    """The projects' names and totals as text, amounts in 万元."""
    rows = [[_shown(project.get(key)) for key in COLUMNS] for project in case.projects]
    return typed_frame(dict.fromkeys(COLUMNS.values(), TEXT), rows).astype(object)


def grid(case: Case) -> DataGrid:
    """The table of projects, to be edited in place."""
    with _without_its_warnings():
        from ipydatagrid import DataGrid

        look = {"selection_mode": "cell", "base_column_size": 150, "layout": {"height": "260px"}}
        return DataGrid(case_table(case), editable=True, **look)


def edited(case: Case, sheet: Any) -> tuple[Case, pandas.DataFrame]:
    """A copy of the case with what stands in the grid (or in a table like `case_table`), and the changes."""
    with _without_its_warnings():
        table = sheet.data if hasattr(sheet, "data") else sheet
    changed, told = deepcopy(case), []
    for row, project in enumerate(changed.projects):
        for key, label in COLUMNS.items():
            before, now = _shown(project.get(key)), str(table.iloc[row][label] or "").strip()
            if now == before:
                continue
            value = now if key == "name" else _amount(now, f"第{row + 1}行“{label}”")
            told.append((_shown(case.projects[row].get("name")), label, before, now))
            if value is None:
                project.pop(key, None)
            else:
                project[key] = value
    return changed, typed_frame(CHANGES, told)


@contextmanager
def _without_its_warnings() -> Iterator[None]:
    """The grid uses ways of pandas that are on their way out; users of a notebook need not hear of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _shown(value: Any) -> str:
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


def _amount(text: str, where: str) -> Decimal | None:
    bare = text.replace(",", "").replace("，", "")
    if not bare:
        return None
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise AuditError(where, f"“{text}”不是数", "请填数字，单位万元") from None
    if not value.is_finite():
        raise AuditError(where, f"“{text}”不是数", "请填数字，单位万元")
    return value
