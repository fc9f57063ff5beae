"""The first sheet: buttons, how to start, the sheets, and every function with its help from the registry; and xlwings.conf.

Comes in: the registry and what this Python is. Goes out: two sheets of an open workbook.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ...functions import Argument, Function, all_functions
from ..working_paper.kit import HEAD, SHADE, Book
from ..working_paper.layout import BOX, ENTRY
from .cells import Page
from .layout import (
    ANNEX,
    ANNEX_FILES,
    BUTTONS,
    CHECKS,
    CONFIG,
    GUIDE,
    HOW_TO,
    ISSUES,
    NARRATIVE,
    NO_INTERPRETER,
    RATES,
    REPORT_FILE,
    STATUS,
    TITLE,
    UDF_MODULE,
)
from .sheets import FOOTER, buttons

WIDTH = 5
SHEETS = {
    NARRATIVE: "自评报告的文字，每段一行",
    ANNEX: "一张附表的整个区域",
    RATES: "各项目年初、全年、执行数与执行率，逐行复算",
    CHECKS: "报告文字与附表逐项核对",
    ISSUES: "报告文字复算、核对后需核实的事项",
}
FUNCTION_HEADS = ("函数", "中文名", "类别", "用途", "参数（方括号内可省略）")
VERSION_KEY = "XLWINGS VERSION"
ABOUT_CONFIG = {
    "INTERPRETER_WIN": "生成本工作簿的 Python；换电脑后请重新生成",
    "ADD_WORKBOOK_TO_PYTHONPATH": "函数装在 Python 里，不从工作簿所在文件夹找",
    "UDF MODULES": "函数所在的模块",
    VERSION_KEY: "必须与本机安装的 xlwings 相同，否则请重新生成",
    "AUDIT VERSION": "生成本工作簿的工具版本",
}


def guide(book: Book, *, addin: bool) -> None:
    page = Page(book, GUIDE, [31, 13, 12, 50, 50], "#7A5B00")
    page.raw.hide_gridlines(2)
    page.title(TITLE, WIDTH, "读数、复算、核对都在单元格里：函数用 Python 计算，结果供审核人员核实后使用。")
    row = 2
    if not addin:
        buttons(page, row, 0)
        for label in (STATUS, REPORT_FILE, ANNEX_FILES):
            row += 1
            _place(page, row, label)
    row = _heading(page, row + 1, "一、怎样开始")
    for n, line in enumerate(HOW_TO, 1):
        page.text(row, 0, f"{n}. {line}", span=WIDTH, text_wrap=True)
        row += 1
    if not addin:
        row = _heading(page, row, "二、工作表与按钮")
        told = [*SHEETS.items(), *((f"按钮“{b.caption}”", b.help) for b in BUTTONS)]
        for name, words in told:
            page.text(row, 0, name, bg_color=SHADE, **BOX)
            page.text(row, 1, words, span=4, **BOX)
            row += 1
    row = _heading(page, row, "三、函数" if not addin else "二、函数")
    page.heads(row, FUNCTION_HEADS)
    for function in all_functions():
        row += 1
        told_of = (
            written(function),
            function.chinese,
            function.category,
            function.help,
            _arguments(function),
        )
        for column, words in enumerate(told_of):
            page.text(row, column, words, text_wrap=True, **BOX)
    page.raw.freeze_panes(2, 0)
    page.sheet.paper(0, row, WIDTH, TITLE, FOOTER)
    page.raw.activate()


def _place(page: Page, row: int, label: str) -> None:
    page.text(row, 0, label, bg_color=SHADE, align="center", **BOX)
    page.text(row, 1, "", span=4, bg_color=ENTRY, text_wrap=True, **BOX)
    page.area(row, 1, row, 1, label).define()


def _heading(page: Page, row: int, words: str) -> int:
    page.text(row, 0, words, font_name=HEAD, font_size=12, bold=True)
    page.sheet.at_least(row, 26)
    return row + 1


def written(function: Function) -> str:
    """As one types it: EXEC_SCORE(spent, budget, [weight])."""
    names = [f"[{a.name}]" if a.optional else a.name for a in function.arguments]
    return f"{function.name}({', '.join(names)})"


def _arguments(function: Function) -> str:
    def line(argument: Argument) -> str:
        return f"{argument.name}：{argument.help}"

    return "\n".join(map(line, function.arguments))


# ---- xlwings.conf ------------------------------------------------------------------------------------------


def settings(xlwings_version: str) -> dict[str, str]:
    """What xlwings reads from the workbook, and what `audit doctor` compares with the machine."""
    return {
        "INTERPRETER_WIN": interpreter(),
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
        "UDF MODULES": UDF_MODULE,
        VERSION_KEY: xlwings_version,
        "AUDIT VERSION": own_version(),
    }


def interpreter(platform: str = sys.platform, executable: str = sys.executable) -> str:
    """The Python without a console that stands beside the one that builds; elsewhere a hint."""
    if platform != "win32" or not executable:
        return NO_INTERPRETER
    quiet = Path(executable).with_name("pythonw.exe")
    return str(quiet if quiet.is_file() else executable)


def own_version() -> str:
    try:
        return version("audit-workbook-toolkit")
    except PackageNotFoundError:
        return "未安装（源码）"


def config(book: Book, xlwings_version: str) -> None:
    page = Page(book, CONFIG, [32, 70, 50], "#9AA5B1")
    box: dict[str, Any] = {**BOX, "text_wrap": True}
    for row, (key, value) in enumerate(settings(xlwings_version).items()):
        for column, words in enumerate((key, value, ABOUT_CONFIG[key])):
            page.text(row, column, words, **box)
    page.sheet.paper(-1, len(ABOUT_CONFIG), 3, CONFIG, "")
