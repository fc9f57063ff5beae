"""The commands for the audit workbook: workbook, doctor. Translates and calls; holds no rule of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

WELL, TO_MEND = 0, 1
Help = Callable[[argparse.ArgumentParser], None]


def add_commands(commands: Any, add_help: Help) -> None:
    workbook = commands.add_parser(
        "workbook", help="在本机生成带审计函数的 Excel 工作簿（或加载项）", add_help=False
    )
    workbook.add_argument(
        "-o",
        "--output",
        metavar="文件",
        required=True,
        help="如 审核底稿.xlsm；加 --addin 时如 审计函数.xlam，加 --libreoffice 时如 审计函数.oxt",
    )
    workbook.add_argument("--addin", action="store_true", help="生成加载项：函数可在所有工作簿中使用")
    workbook.add_argument(
        "--libreoffice", action="store_true", help="生成 LibreOffice Calc 的扩展（.oxt），函数相同"
    )
    workbook.add_argument("--force", action="store_true", help="文件已存在时覆盖")
    workbook.set_defaults(run=_workbook)

    doctor = commands.add_parser(
        "doctor", help="检查本机能否使用审核工作簿，缺什么、怎样处理", add_help=False
    )
    doctor.add_argument("workbook", metavar="工作簿", nargs="?", help="一并检查这个工作簿（.xlsm、.xlam）")
    doctor.set_defaults(run=_doctor)
    for parser in (workbook, doctor):
        add_help(parser)


def _workbook(arguments: argparse.Namespace) -> int:
    if arguments.libreoffice:
        from .calc import build_addin

        print(f"扩展：{build_addin(arguments.output, force=arguments.force)}")
        return WELL
    from .workbook import build_workbook

    path = build_workbook(arguments.output, addin=arguments.addin, force=arguments.force)
    print(f"{'加载项' if arguments.addin else '工作簿'}：{path}")
    if sys.platform != "win32":
        print(
            "本机不是 Windows：文件可以查看，函数须在装有 Excel 的 Windows 电脑上重新生成后使用。",
            file=sys.stderr,
        )
    return WELL


def _doctor(arguments: argparse.Namespace) -> int:
    from .workbook.doctor import State, diagnose
    from .workbook.machine import this_machine

    found = diagnose(this_machine(arguments.workbook))
    for verdict in found:
        print(verdict)
    bad = sum(verdict.state is State.MEND for verdict in found)
    print(f"需处理 {bad} 项。" if bad else "没有需要处理的问题。")
    return TO_MEND if bad else WELL
