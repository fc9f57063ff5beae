"""Figures understood: item, measure, owner, period, scope. (stub while the spine is laid)"""
from __future__ import annotations

from dataclasses import dataclass

from .findings import Figure


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure understood.

    item     what it is of, in standard words (`params/glossary.toml`) or the report's own: "基本支出"
    measure  which reading of it: 上年决算/年初预算/调整/全年预算/执行/结转/目标/完成/分值/得分/执行率/…
    owner    whose: "" for the department as a whole, else the project's or indicator's name
    period   "2024", "上年", … ; "" where the report's own year is meant
    scope    一般公共预算/政府性基金/… or "" for all funds
    doubt    why it stays unclear, "" where it does not
    """

    figure: Figure
    item: str
    measure: str
    owner: str = ""
    period: str = ""
    scope: str = ""
    doubt: str = ""
