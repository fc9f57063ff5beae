"""A case: one department-year's facts, as data and as a workbook that people read and correct.

Comes in: a workbook with the sheets of `params/case.toml`. Goes out: a `Case`. Fills no form.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from .values import Record, normal_indicator


@dataclass
class Case:
    """department  its own values by key, amounts of 基础数据 and 整体支出 included
    projects, indicators, earmarks, buildings   one record per row
    """

    department: Record = field(default_factory=dict)
    projects: list[Record] = field(default_factory=list)
    indicators: list[Record] = field(default_factory=list)
    earmarks: list[Record] = field(default_factory=list)
    buildings: list[Record] = field(default_factory=list)

    def indicators_of(self, project: Record | None) -> list[Record]:
        """The indicators of a project, or of the department as a whole."""
        name = (project or {}).get("name")
        own = [row for row in self.indicators if (row.get("project") or None) == name]
        out, level1, level2 = [], None, None
        for row in own:
            if row.get("level1") is None:
                row = {**row, "level1": level1, "level2": row.get("level2") or level2}
            level1, level2 = row.get("level1"), row.get("level2")
            out.append(normal_indicator(row))
        return out


def read_case(path: str | os.PathLike[str]) -> Case:
    raise NotImplementedError
