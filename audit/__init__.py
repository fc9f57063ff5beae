"""The audit workbook toolkit: checks departmental performance self-evaluations (部门整体支出绩效自评).

`import audit` is light; what a name needs is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import AuditError, ReadError
    from .faces.working_paper import write_working_paper
    from .forms.case import Case, read_case
    from .forms.case_workbook import write_case
    from .forms.draft import draft_case
    from .forms.fill import fill
    from .forms.lint import lint_case
    from .forms.read_back import FormData, read_form
    from .read import read
    from .report import Report
    from .run import check, check_documents

__all__ = [
    "AuditError", "Case", "FormData", "ReadError", "Report", "check", "check_documents", "draft_case", "fill", "lint_case",
    "read", "read_case", "read_form", "write_case", "write_working_paper",
]  # fmt: skip
_HOME = {
    "AuditError": "errors",
    "Case": "forms.case",
    "FormData": "forms.read_back",
    "ReadError": "errors",
    "Report": "report",
    "check": "run",
    "check_documents": "run",
    "draft_case": "forms.draft",
    "fill": "forms.fill",
    "lint_case": "forms.lint",
    "read": "read",
    "read_case": "forms.case",
    "read_form": "forms.read_back",
    "write_case": "forms.case_workbook",
    "write_working_paper": "faces.working_paper",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'audit' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"audit.{_HOME[name]}"), name)


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext audit` in Jupyter: the cell magic `%%check` for pasted text."""
    from importlib import import_module

    import_module("audit.faces.notebook.magic").register(ipython)
