"""`%%check`: the pasted text of a cell, checked.

Comes in: IPython and the text of a cell. Goes out: the Report and the narrative with its figures coloured, shown.
"""

from __future__ import annotations

import hashlib
from typing import Any

from ...config import settings
from ...display import narrative
from ...errors import AuditError
from ...read.assembly import Source
from ...read.text import read_text
from ...report import Report
from ...run import check_documents

NAME = "粘贴的文字"


def check_text(text: str) -> Report:
    """Check a text that stands in no file."""
    data = text.encode("utf-8")
    source = Source("d1", NAME, "narrative", hashlib.sha256(data).hexdigest())
    return check_documents([read_text(data, source)], config=settings())


def register(ipython: Any) -> None:
    """Make `%%check` known to a session. `%%check 名字` also keeps the Report under that name."""

    def check(line: str, cell: str) -> None:
        from IPython.display import display

        name = line.strip()
        if name and not name.isidentifier():
            print(f"“{name}”不能作变量名：%%check 后面可以不写，或写一个变量名")
            return
        try:
            report = check_text(cell)
        except AuditError as error:
            print(f"错误：{error}")
            return
        show: Any = display
        show(report, narrative(report))
        if name:
            ipython.user_ns[name] = report

    ipython.register_magic_function(check, "cell", "check")
