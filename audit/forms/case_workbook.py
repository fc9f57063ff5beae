"""The case as a workbook that people read and correct: sheets, colours for what is missing or not sure, comments.

Comes in: a `Case` and where its values come from. Goes out: an .xlsx, written beside and moved into place. Text is
written as text, whatever it begins with.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from ..errors import AuditError
from ..files import replacing
from ..quantity import from_float, plain
from .case import DOUBT, HEADS, Case, Label, Part, Place, parts
from .values import TEXTS, Record, Value

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST, CUT_MARK = 32_767, "……（过长，后文略）"
UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
WIDTHS = {"text": (10, 30), "long": (24, 60), "money": (12, 18), "value": (11, 22)}
SPARE = 12  # framed rows below a table, for what is added by hand
INK, LINE, HEAD_FILL, UNSURE_FILL, MISSING_FILL = "#1F2933", "#B8C2CC", "#E4EBF3", "#FFF2AB", "#FBE0CF"
GUIDE = (
    "本工作簿是填列附表用的填表数据：请在 Excel 或 WPS 中逐项核对、改正、补齐，保存后再填列附表。",
    "金额单位一律为万元；比率填 57.39% 或 0.5739；没有发生的填 0，不适用的填“不适用”或“—”，不清楚的留空。",
    "浅橙色：填表需要而尚未填写的单元格，填上后颜色自行消去。",
    "黄色：起草时拿不准的值，理由写在批注里（鼠标停在单元格上可见），核对后可把底色去掉。",
    "有批注的值取自自评报告或附表，批注写明出处；没有出处的值不会自动填上。",
    "请保留工作表名称、表头和栏目名称；行、列可以增删和移动，多出的列不影响读取。",
    "“项目”表中折叠了本套附表用不到的列，点表格上方的“＋”可展开。",
    "“指标”表的“所属项目”须与“项目”表的名称一致；空白表示部门整体的指标。",
)


def write_case(
    case: Case,
    path: str | os.PathLike[str],
    *,
    sources: Mapping[Place, str] | None = None,
    force: bool = False,
) -> Path:
    """Write a case as a workbook, beside `path` first and then moved into place.

    sources  where the value at a place comes from, shown as a comment; a line that begins with `DOUBT` marks it
    force    replace a file that is already there
    """
    from xlsxwriter.exceptions import FileCreateError

    path = may_write(path, force)
    try:
        with replacing(path) as part:
            _Writer(str(part), case, sources or {}).write()
    except (OSError, FileCreateError) as error:
        raise AuditError(
            path.name, "无法写入", "请关闭已打开的同名文件，检查文件夹是否存在、是否可写"
        ) from error
    return path


def may_write(
    path: str | os.PathLike[str], force: bool, inputs: Sequence[str | os.PathLike[str]] = ()
) -> Path:
    """The path, where a case may be written to it; raises AuditError where it must not be."""
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise AuditError(path.name, "填表数据只能存为 .xlsx 文件", "请把扩展名改为 .xlsx")
    if path.resolve() in [Path(other).resolve() for other in inputs]:
        raise AuditError(path.name, "这是被读取的文件，不能覆盖", "请另选文件名")
    if os.path.lexists(path) and not (force and path.is_file()):
        raise AuditError(path.name, "文件已存在", "请另选文件名，或用 --force 覆盖；其中改过的内容会丢失")
    return path


@cache
def needed(profile_name: str, formulas: bool = False) -> frozenset[tuple[str, str]]:
    """What the forms of a profile are filled from: (list or "department", key); with `formulas` also what they work out."""
    from .description import profile
    from .fill import SHARED

    found: set[tuple[str, str]] = set()
    for form in profile(profile_name).forms():
        if form.id.rpartition("/")[2] not in form.profile.form_ids:
            continue
        words = {key for text in (*form.texts.values(), form.file) for key in re.findall(r"\{(\w+)\}", text)}
        own = words | {f.key for f in form.fields if formulas or not f.formula}
        home = "projects" if form.per == "project" else "department"
        found |= {("department" if key in SHARED else home, key) for key in own}
        for block in form.blocks:
            keys = {c.key for c in block.columns if formulas or (not c.formula and c.kind != "long")}
            plain_keys = {
                TEXTS.get(key, {"level1_points": "level1", "numbered_name": "name"}.get(key, key))
                for key in keys
            }
            found |= {(block.key, key) for key in plain_keys}
    return frozenset(found)


class _Writer:
    """One case workbook."""

    def __init__(self, filename: str, case: Case, sources: Mapping[Place, str]) -> None:
        import xlsxwriter

        from .description import profile_ids
        from .fill import DEFAULT

        safe = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self.book: Workbook = xlsxwriter.Workbook(filename, {"in_memory": True, **safe})
        self.book.set_calc_mode("auto")
        self.case, self.sources = case, sources
        self.profiles = profile_ids()
        named = str(case.department.get("profile") or DEFAULT)
        try:
            self.needed, self.shown = needed(named), needed(named, formulas=True)
        except (AuditError, OSError, ValueError):  # no such profile, or no name for a folder: lint says so
            self.needed = self.shown = frozenset()
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.missing = self.book.add_format({"bg_color": MISSING_FILL})
        self.summary: list[tuple[str, str]] = []

    def style(self, **look: Any) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            full = {"font_name": "宋体", "font_size": 10, "font_color": INK, "valign": "vcenter", **look}
            self.formats[key] = self.book.add_format(full)
        return self.formats[key]

    def boxed(self, **look: Any) -> Format:
        return self.style(border=1, border_color=LINE, **look)

    def write(self) -> None:
        guide: Worksheet = self.book.add_worksheet("使用说明")
        for part in parts():
            sheet: Worksheet = self.book.add_worksheet(part.sheet)
            sheet.set_comments_author("起草依据")
            sheet.set_default_row(18)
            {"list": self._list, "matrix": self._matrix, "table": self._table}[part.shape](sheet, part)
            self._count(part)
        self._guide(guide)
        self.book.close()

    # sheets

    def _guide(self, sheet: Worksheet) -> None:
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 76)
        year, name = self.case.department.get("year"), self.case.department.get("department")
        title = f"{_shown(name)}{_shown(year)}{'年度' if year is not None else ''}绩效自评填表数据"
        sheet.merge_range(0, 0, 0, 1, "", self.style(font_name="黑体", font_size=16, align="center"))
        sheet.write_string(0, 0, _clean(title), self.style(font_name="黑体", font_size=16, align="center"))
        sheet.set_row(0, 34)
        wrapped = self.style(text_wrap=True)
        for n, line in enumerate(GUIDE, 1):
            swatch = (
                self.boxed(bg_color=MISSING_FILL) if line.startswith("浅橙") else
                self.boxed(bg_color=UNSURE_FILL) if line.startswith("黄色") else self.style(align="center")
            )  # fmt: skip
            sheet.write_string(n, 0, "" if line[:2] in ("浅橙", "黄色") else f"{n}", swatch)
            sheet.write_string(n, 1, line, wrapped)
            sheet.set_row(n, 18 if _width(line) <= 80 else 32)
        row = len(GUIDE) + 2
        for column, head in enumerate(("工作表", "现有内容")):
            sheet.write_string(row, column, head, self._head_style())
        for n, (name, text) in enumerate(self.summary, row + 1):
            sheet.write_url(
                n, 0, f"internal:'{name}'!A1", self.boxed(font_color="#1F4E8C", underline=1), name
            )
            sheet.write_string(n, 1, text, self.boxed())
        self._paper(sheet, 1)

    def _count(self, part: Part) -> None:
        rows = [self.case.department] if part.home == "department" else getattr(self.case, part.home)
        keys = {f"{r.key}_{c.key}" for r in part.rows for c in part.columns} or {c.key for c in part.columns}
        values = sum(row.get(key) is not None for row in rows for key in keys)
        doubts = sum(
            DOUBT in text for at, text in self.sources.items() if at[0] == part.home and at[-1] in keys
        )
        text = f"{len(rows)}行，" if part.shape == "table" else ""
        self.summary.append(
            (part.sheet, f"{text}已填{values}处" + (f"，其中待核对{doubts}处" if doubts else ""))
        )

    def _list(self, sheet: Worksheet, part: Part) -> None:
        self._top(sheet, part, HEADS)
        for column, width in enumerate((28, 72, 8, 34)):
            sheet.set_column(column, column, width)
        for r, label in enumerate(part.columns, 3):
            place: Place = (part.home, label.key)
            sheet.write_string(r, 0, label.label, self.boxed(text_wrap=True))
            self._put(sheet, r, 1, label, place, align="left")
            if place in self.needed:
                self._mark(sheet, r, 1, r, 1)
            sheet.write_string(r, 2, label.unit, self.boxed(align="center"))
            sheet.write_string(r, 3, label.note, self.boxed(text_wrap=True, font_color="#6B7785"))
            choices = self.profiles if label.key == "profile" else label.choices
            self._choose(sheet, r, 1, r, 1, list(choices))
            value = self.case.at(place)
            high = 54 if label.kind == "long" else 20
            sheet.set_row(r, max(high, min(_lines(value, 72) * 14.5 + 6, 220)))
        sheet.freeze_panes(3, 1)
        self._paper(sheet, 1, head=2)

    def _matrix(self, sheet: Worksheet, part: Part) -> None:
        self._top(sheet, part, ("栏目", *(c.label for c in part.columns)))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(part.columns), 18)
        for r, row in enumerate(part.rows, 3):
            sheet.write_string(r, 0, row.label, self.boxed())
            for c, column in enumerate(part.columns, 1):
                place: Place = (part.home, f"{row.key}_{column.key}")
                self._put(sheet, r, c, column, place)
                if place in self.needed:
                    self._mark(sheet, r, c, r, c)
            sheet.set_row(r, 20)
        sheet.freeze_panes(3, 1)
        self._paper(sheet, 1, head=2)

    def _table(self, sheet: Worksheet, part: Part) -> None:
        rows: list[Record] = getattr(self.case, part.home)
        end = len(rows) + SPARE
        heads = [f"{c.label}\n（{c.note}）" if c.note else c.label for c in part.columns]
        self._top(sheet, part, heads)
        widths = []
        for c, label in enumerate(part.columns):
            least, most = WIDTHS.get(label.kind, (9, 14))
            texts = [_shown(row.get(label.key)) for row in rows]
            width = max(max((_width(line) for t in texts for line in t.split("\n")), default=0) + 2, least)
            widths.append(max(min(width, most), min(_width(label.label) + 2, 16)))
            told = any(texts) or any((part.home, r, label.key) in self.sources for r in range(len(rows)))
            spared = len(part.columns) > 20 and not told and (part.home, label.key) not in self.shown
            options = {"level": 1, "hidden": True} if spared and self.shown else {}
            sheet.set_column(c, c, widths[-1], None, options)
            if rows and (part.home, label.key) in self.needed:
                self._mark(sheet, 3, c, 2 + len(rows), c)
            self._choose(sheet, 3, c, 2 + end, c, list(label.choices) or self._names(part, label))
        for r, row in enumerate(rows):
            lines = 1
            for c, label in enumerate(part.columns):
                self._put(sheet, r + 3, c, label, (part.home, r, label.key))
                lines = max(lines, _lines(row.get(label.key), widths[c]))
            sheet.set_row(r + 3, max(20, min(lines * 14 + 6, 76)))
        for r in range(len(rows) + 3, end + 3):
            for c, label in enumerate(part.columns):
                sheet.write_blank(r, c, None, self.boxed(**_look(label.kind, None)))
        lines = max(_lines(head, width - 1) for head, width in zip(heads, widths, strict=True))
        sheet.set_row(2, max(24, lines * 14 + 6))
        if rows:
            sheet.autofilter(2, 0, 2 + len(rows), len(part.columns) - 1)
        first = next((c for c, label in enumerate(part.columns) if label.key == "name"), 0)
        sheet.freeze_panes(3, first + 1)
        sheet.repeat_columns(0, first)
        self._paper(sheet, max(1, ceil(sum(widths) / 190)), head=2, wide=True)

    def _names(self, part: Part, label: Label) -> str | list[str]:
        """The names of the projects to choose from, for the column that names a row's project."""
        for other in parts():
            if other.home == f"{label.key}s" and other is not part and other.shape == "table":
                at = next((c for c, column in enumerate(other.columns) if column.key == "name"), -1)
                last = len(getattr(self.case, other.home)) + SPARE + 3
                column = chr(ord("A") + at)
                return f"='{other.sheet}'!${column}$4:${column}${last}" if 0 <= at < 26 else []
        return []

    # pieces

    def _top(self, sheet: Worksheet, part: Part, heads: Sequence[str]) -> None:
        name = _shown(self.case.department.get("department"))
        sheet.write_string(
            0, 0, _clean(f"{name} {part.sheet}".strip()), self.style(font_name="黑体", font_size=14)
        )
        money = any(label.kind == "money" for label in part.columns)
        words = "金额单位：万元。" if money else ""
        kind = "每行一条，可增删。" if part.shape == "table" else ""
        line = f"{words}{kind}浅橙色为待补，黄色为待核对（理由见批注）。"
        sheet.write_string(1, 0, line, self.style(font_color="#6B7785", font_size=9))
        sheet.set_row(0, 24)
        for c, head in enumerate(heads):
            sheet.write_string(2, c, head, self._head_style())
        sheet.set_row(2, 34 if any("\n" in h or _width(h) > 16 for h in heads) else 24)

    def _head_style(self) -> Format:
        return self.boxed(font_name="黑体", bold=True, bg_color=HEAD_FILL, align="center", text_wrap=True)

    def _put(self, sheet: Worksheet, r: int, c: int, label: Label, place: Place, **more: Any) -> None:
        value = self.case.at(place)
        source = self.sources.get(place, "")
        look = {**_look(label.kind, value), **more}
        if DOUBT in source:
            look["bg_color"] = UNSURE_FILL
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = Decimal(str(value))
        if isinstance(value, Decimal) and label.kind not in ("text", "long") and _exact(value):
            sheet.write_number(r, c, float(value), self.boxed(**look))
        elif value is not None and value != "":
            if isinstance(value, Decimal):  # more digits than a spreadsheet keeps stay as words
                value = f"{plain(value * 100)}%" if label.kind == "rate" else plain(value)
            text = _clean(str(value))
            if text[:1] in tuple("=+-@"):
                look["quote_prefix"] = True  # stays text even when somebody edits the cell and presses Enter
            sheet.write_string(r, c, text, self.boxed(**look))
        else:
            sheet.write_blank(r, c, None, self.boxed(**look))
        if source:
            lines = _lines(source, 44)
            size = {"x_scale": 2.2, "y_scale": max(0.4, min(lines, 24) * 0.21 + 0.15)}
            sheet.write_comment(r, c, _clean(source)[:8000], {"font_name": "宋体", "font_size": 9, **size})

    def _mark(self, sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
        sheet.conditional_format(top, left, bottom, right, {"type": "blanks", "format": self.missing})

    @staticmethod
    def _choose(
        sheet: Worksheet, top: int, left: int, bottom: int, right: int, source: str | list[str]
    ) -> None:
        if source and len(",".join(source)) <= 255:
            options = {"validate": "list", "source": source, "error_type": "information"}
            words = {"error_title": "不在可选项中", "error_message": "通常从下拉列表中选择；确认无误可继续。"}
            sheet.data_validation(top, left, bottom, right, {**options, **words})

    @staticmethod
    def _paper(sheet: Worksheet, pages: int, head: int = -1, wide: bool = False) -> None:
        sheet.set_paper(9)
        if wide:
            sheet.set_landscape()
        sheet.fit_to_pages(pages, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer('&C&"宋体,常规"&9&A　第 &P 页 / 共 &N 页')
        if head >= 0:
            sheet.repeat_rows(head)


def _look(kind: str, value: Value) -> dict[str, Any]:
    """The number format and place of a cell; words in a column of numbers stand in the middle."""
    words = isinstance(value, str)
    if kind in ("text", "long"):
        return {"text_wrap": True, "num_format": "@" if kind == "text" else "General"}
    code = {"money": "#,##0.00####", "rate": "0.00%"}.get(kind, "General")
    return {"num_format": code, "align": "center" if words else "right", "text_wrap": words}


def _exact(value: Decimal) -> bool:
    """Can a spreadsheet hold the number with all its digits?"""
    return value.is_finite() and from_float(float(value)) == value


def _clean(text: str) -> str:
    """Text that a cell can hold."""
    text = UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        text = (
            text.encode("utf-16-le")[: 2 * (LONGEST - len(CUT_MARK))].decode("utf-16-le", "ignore") + CUT_MARK
        )
    return text


def _shown(value: Value | int) -> str:
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in text[:500])


def _lines(value: Value, width: float) -> int:
    text = _shown(value)[:4000]
    return sum(max(1, ceil(_width(line) * 1.06 / width)) for line in text.split("\n"))
