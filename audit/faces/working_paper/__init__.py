"""The working paper: a Report as an .xlsx that an auditor can sign, follow and recalculate without Python.

Comes in: a Report. Goes out: one workbook (封面 · 数值台账 · 核对表 · 问题清单 · 标识说明), written beside
and moved into place. What auditors wrote into an earlier version of the same file is carried over.
Judges nothing: statuses and severities are the report's.

    layout       names, columns, colours        kit      safe text, fonts, links, row heights, A4
    live         a check as native formulas     places   where a span stands, in words
    sheets       ledger and findings            cover    cover and legend
    check_sheet  the checks                     earlier  what an auditor entered before
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from decimal import localcontext
from pathlib import Path

from ...errors import AuditError
from ...files import replacing
from ...report import Report
from .earlier import Earlier, read_earlier

MOST_ROWS = 1_000_000  # a sheet ends at row 1048576


def write_working_paper(
    report: Report,
    path: str | os.PathLike[str],
    *,
    force: bool = False,
    rules: Mapping[str, str] | None = None,
    department: str = "",
) -> Path:
    """Write the working paper to `path` and return it.

    force       replace an earlier working paper at `path`; what auditors entered there is kept
    rules       rule code → title, for the sheets that name rules; by default those of `audit.rules`
    department  被审核单位, where the report does not name it rightly
    """
    from xlsxwriter.exceptions import FileCreateError

    from ...rules import all_rules
    from .sheets import Paper

    if rules is None:
        rules = {rule.code: rule.title for rule in all_rules()}
    path = Path(path)
    earlier = _earlier(report, path, force)
    try:
        with replacing(path) as part, localcontext(prec=60):
            Paper(report, str(part), earlier, rules, department).write()
    except PermissionError as error:
        raise AuditError(path.name, "无法写入", "请关闭已打开的同名文件，或另选文件夹") from error
    except (OSError, FileCreateError) as error:
        raise AuditError(path.name, "无法写入", "请检查文件夹是否存在、磁盘是否已满") from error
    return path


def _earlier(report: Report, path: Path, force: bool) -> Earlier:
    """What stands at `path` already; raises AuditError where it must not be replaced."""
    if path.suffix.lower() != ".xlsx":
        raise AuditError(path.name, "底稿只能存为 .xlsx 文件", "请把扩展名改为 .xlsx")
    if max(len(report.figures), len(report.checks), len(report.findings)) > MOST_ROWS:
        raise AuditError(path.name, "数据超过一张工作表的行数", "请分文件核对")
    if not os.path.lexists(path):
        return Earlier()
    if not force:
        remedy = "请另选文件名；如需更新这份底稿，请使用覆盖选项（--force），已填的核实意见会保留"
        raise AuditError(path.name, "文件已存在", remedy)
    if not path.is_file():
        raise AuditError(path.name, "这不是文件", "请另选文件名")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AuditError(path.name, "已有文件无法读取", "请关闭该文件后重试，或另选文件名") from error
    if hashlib.sha256(content).hexdigest() in {document.sha256 for document in report.documents}:
        raise AuditError(path.name, "这是被核对的文件，不能覆盖", "请另选文件名")
    return read_earlier(content, path.name)
