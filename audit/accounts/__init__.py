"""Final accounts (部门决算公开): the standard tables read by their titles, and the narrative beside them.

Comes in: documents and the facts of their running text. Goes out: tables as lines under columns with codes,
and what the narrative states of them. Judges nothing; that is `audit/rules/accounts_*.py`.
"""

from .model import Accounts, AccountTable, Amount, Line
from .reader import about_accounts, read_accounts

__all__ = ["AccountTable", "Accounts", "Amount", "Line", "about_accounts", "read_accounts"]
