"""What `audit doctor` says of machines: one sound Windows machine, and others with one thing wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.faces.cli import main
from audit.faces.workbook import build_workbook
from audit.faces.workbook.doctor import State, Verdict, diagnose
from audit.faces.workbook.layout import NO_INTERPRETER
from audit.faces.workbook.machine import Machine, Workbook, look_at, this_machine

BOOK = Workbook(
    "审核底稿.xlsm",
    readable=True,
    macros=True,
    xlwings="0.37.8",
    interpreter="C:\\p\\pythonw.exe",
    interpreter_exists=True,
)
SOUND = Machine(
    system="Windows",
    python=(3, 12, 4),
    bits=64,
    executable="C:\\审计 工具\\python.exe",
    xlwings="0.37.8",
    pywin32="312",
    pyopenvba="6.5.0",
    libraries=("xlwings32-0.37.8.dll", "xlwings64-0.37.8.dll"),
    excel="C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE /automation",
    libreoffice="C:\\soffice.exe",
    fonts=("宋体", "黑体"),
    workbook=BOOK,
)


def not_good(machine: Machine) -> list[Verdict]:
    return [verdict for verdict in diagnose(machine) if verdict.state is not State.GOOD]


def test_a_sound_machine_has_nothing_to_mend():
    assert not_good(SOUND) == []
    assert len(diagnose(SOUND)) > 10


@pytest.mark.parametrize(
    "change, state, said, remedy",
    [
        ({"python": (3, 10, 9)}, State.MEND, "3.10.9", "Python 3.11"),
        ({"bits": 32, "libraries": ("xlwings32-0.37.8.dll",)}, State.NOTE, "32 位", "64 位"),
        (
            {"executable": "C:\\Users\\a\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe"},
            State.MEND,
            "微软商店",
            "python.org",
        ),
        ({"pyopenvba": ""}, State.MEND, "没有安装", "pip install"),
        ({"pywin32": ""}, State.MEND, "没有安装", "pip install pywin32"),
        ({"libraries": ()}, State.MEND, "xlwings64-0.37.8.dll", "force-reinstall"),
        (
            {"libraries": ("xlwings64-0.33.0.dll",)},
            State.MEND,
            "只有 xlwings64-0.33.0.dll",
            "force-reinstall",
        ),
        ({"excel": ""}, State.MEND, "没有找到 Excel", "audit check"),
        ({"excel": "C:\\Kingsoft\\WPS Office\\et.exe /automation"}, State.MEND, "指向 WPS", "配置工具"),
        ({"libreoffice": ""}, State.NOTE, "没有安装", ""),
        ({"fonts": ("黑体",)}, State.NOTE, "没有宋体", ""),
        ({"fonts": ()}, State.NOTE, "没有找到中文字体", "字体"),
    ],
)
def test_one_thing_wrong_is_told_with_its_remedy(change, state, said, remedy):
    (verdict,) = not_good(replace(SOUND, **change))
    assert verdict.state is state and said in verdict.words
    assert remedy in verdict.remedy + verdict.words


@pytest.mark.parametrize(
    "change, said, remedy",
    [
        ({"xlwings": "0.34.0"}, "按 xlwings 0.34.0 生成，本机是 0.37.8", "重新生成"),
        ({"interpreter_exists": False}, "不存在：C:\\p\\pythonw.exe", "重新生成"),
        ({"interpreter_exists": False, "interpreter": NO_INTERPRETER}, "尚未指定", "重新生成"),
        ({"zone": True}, "来自网络", "解除锁定"),
        ({"macros": False}, "没有宏", "重新生成"),
        ({"readable": False}, "打不开", "重新生成"),
    ],
)
def test_one_thing_wrong_with_the_workbook_is_told(change, said, remedy):
    found = not_good(replace(SOUND, workbook=replace(BOOK, **change)))
    verdict = found[0]
    assert verdict.state is State.MEND and said in verdict.words and remedy in verdict.remedy


def test_without_xlwings_only_that_is_to_be_mended_first():
    states = {v.subject: v.state for v in diagnose(replace(SOUND, xlwings="", libraries=()))}
    assert states["xlwings"] is State.MEND and states["审核底稿.xlsm"] is State.NOTE
    assert "xlwings 程序库" not in states


def test_off_windows_what_is_only_there_is_not_asked():
    linux = replace(SOUND, system="Linux", pywin32="", libraries=(), excel="", xlwings="", pyopenvba="")
    found = diagnose(linux)
    assert State.MEND not in {verdict.state for verdict in found}
    elsewhere = {v.subject for v in found if v.state is State.ELSEWHERE}
    assert elsewhere == {"Python 来源", "pywin32", "xlwings 程序库", "Excel", "工作簿所用 Python", "宏"}
    assert all("Windows" in v.words for v in found if v.state is State.ELSEWHERE)


def test_this_machine_and_a_built_workbook_are_looked_at(tmp_path, capsys):
    path = build_workbook(tmp_path / "函数.xlam", addin=True)
    machine = this_machine(path)
    assert machine.workbook is not None and machine.workbook.macros
    assert machine.workbook.xlwings == machine.xlwings != ""
    assert main(["doctor", str(path)]) in (0, 1)
    assert "函数.xlam：按 xlwings" in capsys.readouterr().out


def test_what_is_no_workbook_is_to_be_built_anew(tmp_path, capsys):
    wrong = tmp_path / "坏.xlsm"
    wrong.write_bytes(b"no")
    assert not look_at(wrong).readable and not look_at(tmp_path / "没有.xlsm").readable
    assert main(["doctor", str(wrong)]) == 1
    assert "需处理　坏.xlsm：打不开" in capsys.readouterr().out
