"""Errors that a user sees: what happened, where, and what to do. All in Chinese."""

from __future__ import annotations


class AuditError(Exception):
    """Something the user can mend. The command line prints it and exits with 2.

    >>> str(AuditError("附件1.xlsx", "文件已加密", "请先在 Excel 中取消密码后另存"))
    '附件1.xlsx：文件已加密。请先在 Excel 中取消密码后另存。'
    """

    def __init__(self, where: str, cause: str, remedy: str = "") -> None:
        self.where, self.cause, self.remedy = where, cause, remedy
        super().__init__(f"{where}：{cause}。" + (f"{remedy}。" if remedy else ""))


class ReadError(AuditError):
    """A file that cannot be read."""
