"""Helpers of the notebooks: tables, charts, folders of departments. They show and call; they judge nothing.

Importing this is light; each name is loaded when it is first used, and so are pandas, matplotlib and itables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .charts import heatmap, outliers, ranked_rates, waterfall
    from .departments import make_departments
    from .digits import benford, last_digits
    from .editing import edited, grid
    from .folder import Unread, check_folder
    from .projects import projects_frame, what_if
    from .show import Chart, setup, table

__all__ = [
    "Chart", "Unread", "benford", "check_folder", "edited", "grid", "heatmap", "last_digits", "make_departments",
    "outliers", "projects_frame", "ranked_rates", "setup", "table", "waterfall", "what_if",
]  # fmt: skip
_HOME = {
    "Chart": "show",
    "Unread": "folder",
    "benford": "digits",
    "check_folder": "folder",
    "edited": "editing",
    "grid": "editing",
    "heatmap": "charts",
    "last_digits": "digits",
    "make_departments": "departments",
    "outliers": "charts",
    "projects_frame": "projects",
    "ranked_rates": "charts",
    "setup": "show",
    "table": "show",
    "waterfall": "charts",
    "what_if": "projects",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    from ...errors import AuditError
    from ...frames import INSTALL

    try:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    except ImportError as error:
        raise AuditError("笔记本", f"没有安装 {error.name}", INSTALL) from error
