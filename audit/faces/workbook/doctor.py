"""What a machine lacks for the audit workbook, and how to mend it. Pure: a `Machine` in, sentences out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .layout import NO_INTERPRETER
from .machine import FONTS, Machine

INSTALL = 'pip install ".[excel]"（在工具所在文件夹）'
OLDEST = (3, 11)


class State(StrEnum):
    GOOD = "正常"
    MEND = "需处理"
    NOTE = "提示"
    ELSEWHERE = "不适用"


@dataclass(frozen=True)
class Verdict:
    subject: str
    state: State
    words: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.state}　{self.subject}：{self.words}" + (f"　→ {self.remedy}" if self.remedy else "")


def diagnose(machine: Machine) -> list[Verdict]:
    """Every check in order; one that looks at Windows alone says so elsewhere."""
    return [verdict for check in CHECKS for verdict in check(machine)]


def _python(m: Machine) -> Iterator[Verdict]:
    words = f"{'.'.join(map(str, m.python))}，{m.bits} 位，{m.executable}"
    if m.python[:2] < OLDEST:
        yield Verdict("Python", State.MEND, words, "请安装 Python 3.11 或更新版本（python.org，64 位）")
    elif m.bits != 64:
        yield Verdict("Python", State.NOTE, words, "建议用 64 位 Python；32 位只配 32 位 Excel")
    else:
        yield Verdict("Python", State.GOOD, words)


def _store(m: Machine) -> Iterator[Verdict]:
    if "windowsapps" in m.executable.lower():
        why = "这是微软商店版 Python，Excel 无法启动它"
        yield Verdict("Python 来源", State.MEND, why, "请改装 python.org 的 Python，再重新安装本工具")
    else:
        yield Verdict("Python 来源", State.GOOD, "不是微软商店版")


def _xlwings(m: Machine) -> Iterator[Verdict]:
    need = State.MEND if m.system == "Windows" else State.NOTE
    for name, found in (("xlwings", m.xlwings), ("pyOpenVBA", m.pyopenvba)):
        if found:
            yield Verdict(name, State.GOOD, found)
        else:
            yield Verdict(name, need, "没有安装，不能生成审核工作簿", f"请运行 {INSTALL}")


def _pywin32(m: Machine) -> Iterator[Verdict]:
    if m.pywin32:
        yield Verdict("pywin32", State.GOOD, m.pywin32)
    else:
        yield Verdict(
            "pywin32", State.MEND, "没有安装，Excel 与 Python 无法通信", "请运行 pip install pywin32"
        )


def _library(m: Machine) -> Iterator[Verdict]:
    if not m.xlwings:
        return
    wanted = f"xlwings{m.bits}-{m.xlwings}.dll"
    if any(name.endswith(f"-{m.xlwings}.dll") for name in m.libraries):
        yield Verdict("xlwings 程序库", State.GOOD, "、".join(m.libraries))
    else:
        found = f"只有 {'、'.join(m.libraries)}" if m.libraries else "没有找到"
        remedy = f"请运行 pip install --force-reinstall --no-deps xlwings=={m.xlwings}"
        yield Verdict("xlwings 程序库", State.MEND, f"解释器旁缺 {wanted}（{found}）", remedy)


def _excel(m: Machine) -> Iterator[Verdict]:
    program = m.excel.lower()
    if not program:
        yield Verdict(
            "Excel",
            State.MEND,
            "没有找到 Excel",
            "请安装桌面版 Excel；只有 WPS 时请用 audit check -o 生成底稿",
        )
    elif "wps" in program or "kingsoft" in program or "et.exe" in program.split("\\")[-1]:
        why = "Excel.Application 指向 WPS，函数和按钮会失灵"
        yield Verdict("Excel", State.MEND, why, "请在 WPS“配置工具”中取消兼容第三方系统，再修复安装 Office")
    else:
        yield Verdict("Excel", State.GOOD, m.excel)


def _workbook(m: Machine) -> Iterator[Verdict]:
    book = m.workbook
    if book is None:
        return
    if not book.readable or not book.macros:
        why = "打不开，或不是工作簿" if not book.readable else "里面没有宏"
        yield Verdict(book.name, State.MEND, why, "请运行 audit workbook 重新生成")
        return
    if not m.xlwings:
        yield Verdict(
            book.name, State.NOTE, f"按 xlwings {book.xlwings or '（未知版本）'} 生成，本机没有安装 xlwings"
        )
    elif book.xlwings == m.xlwings:
        yield Verdict(book.name, State.GOOD, f"按 xlwings {book.xlwings} 生成，与本机相同")
    else:
        why = f"按 xlwings {book.xlwings or '（未知版本）'} 生成，本机是 {m.xlwings}"
        yield Verdict(book.name, State.MEND, why, "请运行 audit workbook 重新生成")


def _interpreter(m: Machine) -> Iterator[Verdict]:
    book = m.workbook
    if book is None or not book.macros:
        return
    if book.interpreter_exists:
        yield Verdict("工作簿所用 Python", State.GOOD, book.interpreter)
    else:
        why = "尚未指定" if book.interpreter in ("", NO_INTERPRETER) else f"不存在：{book.interpreter}"
        yield Verdict("工作簿所用 Python", State.MEND, why, "请在本机运行 audit workbook 重新生成")


def _zone(m: Machine) -> Iterator[Verdict]:
    if m.workbook is None:
        return
    if m.workbook.zone:
        remedy = "请在文件属性中勾选“解除锁定”，或在本机重新生成"
        yield Verdict("宏", State.MEND, "文件来自网络，Excel 会禁止其中的宏", remedy)
    else:
        yield Verdict("宏", State.GOOD, "文件没有网络来源标记")


def _libreoffice(m: Machine) -> Iterator[Verdict]:
    if m.libreoffice:
        yield Verdict("LibreOffice", State.GOOD, m.libreoffice)
    else:
        yield Verdict("LibreOffice", State.NOTE, "没有安装；只有读取 .doc、.wps、.et 等旧格式时需要")


def _fonts(m: Machine) -> Iterator[Verdict]:
    missing = [name for name in FONTS if name not in m.fonts]
    if not missing:
        yield Verdict("中文字体", State.GOOD, "、".join(FONTS))
    elif m.fonts:
        yield Verdict(
            "中文字体", State.NOTE, f"没有{'、'.join(missing)}，用 {m.fonts[0]} 代替，版面可能略有不同"
        )
    else:
        yield Verdict(
            "中文字体",
            State.NOTE,
            "没有找到中文字体，打印和转换 PDF 时可能缺字",
            "请安装 fonts-noto-cjk 或中文字体",
        )


Check = Callable[[Machine], Iterator[Verdict]]


def _on_windows(subject: str, check: Check) -> Check:
    def checked(m: Machine) -> Iterator[Verdict]:
        if m.system == "Windows":
            yield from check(m)
        else:
            yield Verdict(subject, State.ELSEWHERE, "只在 Windows 上检查")

    return checked


CHECKS: tuple[Check, ...] = (
    _python,
    _on_windows("Python 来源", _store),
    _xlwings,
    _on_windows("pywin32", _pywin32),
    _on_windows("xlwings 程序库", _library),
    _on_windows("Excel", _excel),
    _workbook,
    _on_windows("工作簿所用 Python", _interpreter),
    _on_windows("宏", _zone),
    _libreoffice,
    _fonts,
)
