"""A folder of departments, checked one by one.

Comes in: a folder with a sub-folder per department. Goes out: by sub-folder's name a `Report`, or `Unread` with the
reason. One that cannot be read does not stop the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...display import Html
from ...errors import AuditError
from ...report import Report
from ...run import check

NARRATIVE = "自评报告"
NARRATIVE_KINDS = (".docx", ".txt", ".pdf", ".doc", ".wps", ".md")  # the first that is there is read
ANNEX_KINDS = (".xlsx", ".xlsm", ".xls", ".docx", ".pdf", ".et", ".ods", ".doc", ".wps")


@dataclass(frozen=True, slots=True)
class Unread:
    """A department that could not be checked, and why."""

    name: str
    error: str

    def _repr_html_(self) -> str:
        from html import escape

        return str(Html(f"<div>未能核对 <b>{escape(self.name)}</b>：{escape(self.error)}</div>"))


Outcome = Report | Unread


def check_folder(folder: str | os.PathLike[str], *, progress: bool = True) -> dict[str, Outcome]:
    """Check every department of a folder, in the order of their names.

    The narrative is the file with 自评报告 in its name, all others are annexes. Hidden files, lock files of Office
    and other formats of the same narrative are left out.
    """
    root = Path(folder)
    if not root.is_dir():
        raise AuditError(str(folder), "找不到这个文件夹", "请核对路径")
    homes = sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
    if not homes:
        raise AuditError(str(folder), "里面没有部门的子文件夹", "每个部门一个子文件夹，放自评报告和附表")
    steps: Iterable[Path] = homes
    if progress:
        from tqdm.auto import tqdm

        steps = tqdm(homes, desc="核对", unit="个部门")
    return {home.name: _checked(home) for home in steps}


def department_files(home: Path) -> tuple[Path, list[Path]]:
    """The narrative and the annexes of one department."""
    files = sorted(p for p in home.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))
    narratives = [
        p for p in files
        if NARRATIVE in p.stem and p.suffix.lower() in NARRATIVE_KINDS and not p.stem.startswith(("附件", "附表"))
    ]  # fmt: skip
    if not narratives:
        raise AuditError(
            home.name, f"没有找到文件名含“{NARRATIVE}”的报告", "请放入 .docx、.txt 或 .pdf 的自评报告"
        )
    report = min(narratives, key=lambda p: (NARRATIVE_KINDS.index(p.suffix.lower()), len(p.stem), p.name))
    annexes = [p for p in files if p not in narratives and p.suffix.lower() in ANNEX_KINDS]
    return report, annexes


def readable_reports(reports: Mapping[str, Outcome]) -> dict[str, Report]:
    return {name: report for name, report in reports.items() if isinstance(report, Report)}


def unread_note(reports: Mapping[str, Outcome]) -> str:
    """In words, which departments are not among the reports; "" where all are."""
    names = [name for name, report in reports.items() if isinstance(report, Unread)]
    shown = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
    return f"{len(names)} 个部门未能核对：{shown}" if names else ""


def _checked(home: Path) -> Outcome:
    try:
        return check(*department_files(home))
    except AuditError as error:
        return Unread(home.name, str(error))
    except Exception as error:  # a fault of ours in one department must not cost the others
        return Unread(home.name, f"程序出错（{type(error).__name__}：{error}）")
