"""The VBA project of the workbook: xlwings' modules, its wrappers, and our buttons with the functions' help.

Comes in: the installed xlwings and the registry. Goes out: a vbaProject.bin, and its modules as text.
Module text is ASCII, since a project stores it in a code page; Chinese goes as hexadecimal through ChrW.
"""

from __future__ import annotations

import re
import tempfile
from importlib.util import find_spec
from pathlib import Path

from ...errors import AuditError
from ...functions import Function, all_functions
from .layout import ANNEX_FILES, BUTTONS, BUTTONS_MODULE, REPORT_FILE, STATUS, TITLE
from .wrappers import wrappers

INSTALL = '请在工具所在文件夹运行 pip install ".[excel]"'
LONGEST_HELP = 255  # of Application.MacroOptions
PIECE = 50  # characters of one literal; a VBA line ends at 1023
STALE = "本机的 Python 或 xlwings 与生成本工作簿时不同，函数暂不可用。请运行 audit workbook 重新生成，或运行 audit doctor。"
REPORT_FILTER = "*.docx;*.pdf;*.txt;*.md;*.doc;*.wps"
ANNEX_FILTER = "*.xlsx;*.xls;*.xlsm;*.docx;*.pdf;*.et"

_BUTTONS_HEAD = """Attribute VB_Name = "audit_buttons"
Option Explicit
' Buttons, and Chinese help for the functions. Chinese is written as UTF-16 code units.

Private Function AuditWords(ByVal units As String) As String
    Dim at As Long
    For at = 1 To Len(units) Step 4
        AuditWords = AuditWords & ChrW(CLng("&H" & Mid$(units, at, 4)))
    Next at
End Function

Private Function AuditPlace(ByVal units As String) As Range
    Set AuditPlace = ThisWorkbook.Names(AuditWords(units)).RefersToRange
End Function

Private Sub AuditRun(ByVal action As String)
    AuditPlace({status}).Value = ""
    RunPython "import {module} as b; b." & action & "()"
    If AuditPlace({status}).Value <> "" Then
        MsgBox AuditPlace({status}).Value, vbInformation, AuditWords({title})
    End If
End Sub

Private Function AuditLibraryIsThere() As Boolean
    Dim folder As String, interpreter As String
    AuditLibraryIsThere = True
    #If Not Mac Then
        interpreter = GetConfig("INTERPRETER_WIN", "")
        If interpreter = "" Or InStr(interpreter, "\\") = 0 Then
            AuditLibraryIsThere = False
        Else
            folder = Left$(interpreter, InStrRev(interpreter, "\\"))
            AuditLibraryIsThere = Dir(folder & "xlwings*-" & XLWINGS_VERSION & ".dll") <> "" _
                Or Dir(folder & "..\\xlwings*-" & XLWINGS_VERSION & ".dll") <> ""
        End If
    #End If
End Function

Private Sub AuditDescribe(ByVal functionName As String, ByVal category As String, ByVal about As String, _
        ByVal told As Variant)
    On Error Resume Next
    Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & functionName, Description:=about, _
        Category:=category, ArgumentDescriptions:=told
End Sub

Sub Auto_Open()
    Dim wasSaved As Boolean, hidden As Boolean
    On Error Resume Next
    wasSaved = ThisWorkbook.Saved
    hidden = ThisWorkbook.IsAddin
    If hidden Then ThisWorkbook.IsAddin = False
{describe}
    If hidden Then ThisWorkbook.IsAddin = True
    If Not hidden And Not AuditLibraryIsThere() Then
        AuditPlace({status}).Value = {stale}
    End If
    ThisWorkbook.Saved = wasSaved
End Sub
"""
_READ = """
Sub {macro}()
    Dim chosen As Variant, paths As String, n As Long
    chosen = Application.GetOpenFilename({report} & " ({report_filter}),{report_filter}", , {report})
    If VarType(chosen) = vbString Then
        AuditPlace({report_file}).Value = chosen
        chosen = Application.GetOpenFilename({annexes} & " ({annex_filter}),{annex_filter}", , {annexes}, , True)
        If IsArray(chosen) Then
            For n = LBound(chosen) To UBound(chosen)
                paths = paths & IIf(n > LBound(chosen), vbLf, "") & chosen(n)
            Next n
        End If
        AuditPlace({annex_files}).Value = paths
    End If
    AuditRun "{action}"
End Sub
"""
_RECHECK = """
Sub {macro}()
    Application.CalculateFull
    AuditRun "{action}"
End Sub
"""
_PLAIN = """
Sub {macro}()
    AuditRun "{action}"
End Sub
"""


def modules(workbook_name: str) -> dict[str, str]:
    """Every module of the project by its name, as text with plain line ends."""
    home = xlwings_folder()
    texts = {
        "xlwings": (home / "xlwings.bas").read_text("utf-8"),
        "Dictionary": (home / "addin" / "Dictionary.cls").read_text("utf-8"),
        "xlwings_udfs": wrappers(workbook_name),
        "audit_buttons": buttons(),
    }
    for name, text in texts.items():
        if not text.isascii():
            raise AuditError("xlwings", f"模块 {name} 含有非英文字符，无法写入", "请换一个 xlwings 版本")
    return texts


def xlwings_folder() -> Path:
    found = find_spec("xlwings")
    if found is None or not found.origin:
        raise AuditError("xlwings", "没有安装", INSTALL)
    return Path(found.origin).parent


def xlwings_version() -> str:
    """As its VBA module says, for the DLL of just that version is what the workbook will ask for."""
    text = (xlwings_folder() / "xlwings.bas").read_text("utf-8")
    said = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', text)
    if said is None:
        raise AuditError("xlwings", "版本无法识别", INSTALL)
    return said[1]


def project(texts: dict[str, str]) -> bytes:
    """The vbaProject.bin with these modules. Excel adds the empty modules of further sheets itself."""
    try:
        from pyopenvba import ExcelFile, VBAModuleKind
    except ImportError as error:
        raise AuditError("pyOpenVBA", "没有安装", INSTALL) from error

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsm"
        with ExcelFile.create_new(path) as book:
            made = book.vba_project()
            made.delete_module("Module1")
            for name, text in texts.items():
                kind = VBAModuleKind.other if text.startswith("VERSION") else VBAModuleKind.standard
                made.add_module(name, "\r\n".join(text.splitlines()) + "\r\n", kind=kind)
            book.save()
        with ExcelFile(path) as book:
            return bytes(book.vba_project_bytes())


# ---- our own module ----------------------------------------------------------------------------------------


def units(text: str) -> str:
    """Text as a VBA literal of UTF-16 code units, four hexadecimal digits each.

    >>> units("甲A")
    '"75320041"'
    """
    return '"' + text.encode("utf-16-be").hex().upper() + '"'


def words(text: str) -> str:
    """A VBA expression that gives the text, in pieces that fit a line."""
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]
    return " & _\n        ".join(f"AuditWords({units(piece)})" for piece in pieces)


def buttons() -> str:
    """The module `audit_buttons`."""
    functions = all_functions()
    parts = [
        _BUTTONS_HEAD.format(
            status=units(STATUS),
            title=units(TITLE),
            module=BUTTONS_MODULE,
            stale=words(STALE),
            describe="\n".join(f"    AuditHelp{n}" for n in range(1, len(functions) + 1)),
        )
    ]
    parts += [_help(n, function) for n, function in enumerate(functions, 1)]
    shapes = {"read_report": _READ, "recheck": _RECHECK}
    parts += [
        shapes.get(button.action, _PLAIN).format(
            macro=button.macro,
            action=button.action,
            report=words("自评报告"),
            annexes=words("附表（可多选）"),
            report_file=units(REPORT_FILE),
            annex_files=units(ANNEX_FILES),
            report_filter=REPORT_FILTER,
            annex_filter=ANNEX_FILTER,
        )
        for button in BUTTONS
    ]
    return "".join(parts)


def _help(n: int, function: Function) -> str:
    told = ", _\n        ".join(words(argument.help[:LONGEST_HELP]) for argument in function.arguments)
    return f"""
Private Sub AuditHelp{n}()
    AuditDescribe "{function.name}", {words(function.category)}, _
        {words(function.help[:LONGEST_HELP])}, _
        Array({told})
End Sub
"""
