"""Something that doesn't fit in a file that a person made: where, what, and whether it stands in the way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """file or sheet, place in it, message in Chinese; a `note` stands in nobody's way."""

    file: str
    place: str
    message: str
    note: bool = False

    def __str__(self) -> str:
        where = " ".join(part for part in (self.file, self.place) if part)
        return f"{'提示' if self.note else '错误'} {where}：{self.message}"
