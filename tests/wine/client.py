"""Under Wine: what the VBA wrappers do, from Python. The DLL starts Python by the command line that xlwings.bas builds,
Python serves `XLPython` over COM, and each row of the table of calls goes through it as `CallUDF`.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import Any

import calls
import pythoncom
import win32com.client

from audit.functions import all_functions

HERE = Path(__file__).resolve().parent
INTERPRETER = HERE / "python" / "python.exe"
BOOK = HERE / "底 稿.xlsm"
ERRORS = {
    "#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265, "#NAME?": -2146826259,
    "#NUM!": -2146826252, "#N/A": -2146826246,
}  # fmt: skip


class Variant(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_ushort), ("reserved", ctypes.c_ushort * 3), ("value", ctypes.c_void_p * 2)]


def command() -> str:
    """As XLPyCommand in xlwings.bas, with ADD_WORKBOOK_TO_PYTHONPATH off and the interpreter of the conf sheet."""
    path = ";".join(("false", str(BOOK), str(BOOK), "", "", "", "")).replace("\\", "\\\\")
    return (
        f'cmd.exe  /K ""{INTERPRETER}" -B -c "import sys, os;import xlwings.utils;'
        f'xlwings.utils.prepare_sys_path(\\"{path}\\");import xlwings; xlwings.serve(\'$(CLSID)\')""'
    )


def activate(mode: int) -> Any:
    dll = ctypes.WinDLL(str(INTERPRETER.with_name(next(HERE.glob("python/xlwings64-*.dll")).name)))
    result = Variant()
    failed = dll.XLPyDLLActivateAuto(ctypes.byref(result), command().encode("mbcs"), mode)
    if failed:
        raise SystemExit(
            f"the DLL failed: {failed}, kind {result.kind}, {ctypes.wstring_at(result.value[0])[:500]}"
        )
    if mode < 0:
        return None
    return win32com.client.Dispatch(pythoncom.ObjectFromAddress(result.value[0], pythoncom.IID_IDispatch))


def as_com(value: Any) -> Any:
    return calls.put(
        value,
        range=lambda grid: tuple(map(tuple, grid)),
        blank=lambda _: None,
        missing=lambda _: win32com.client.VARIANT(pythoncom.VT_ERROR, -2147352572),
        # pywin32 sends any error as "left out"; what it makes of one that it receives is the code, so that is sent.
        error=lambda error: ERRORS[error.name],
        date=lambda day: dt.datetime(day.year, day.month, day.day),
    )


def main() -> int:
    started = time.perf_counter()
    server = activate(1)
    print(
        f"code page {ctypes.windll.kernel32.GetACP()}, {HERE}, server up in {time.perf_counter() - started:.1f} s"
    )
    wrong = []
    for call in calls.all_calls():
        function = next(f for f in all_functions() if f.name == call.function)
        given = [as_com(value) for value in call.args]
        given += [as_com(calls.MISSING)] * (len(function.arguments) - len(given))
        try:
            got = server.CallUDF("audit.udfs", call.function, given, None, None)
        except pythoncom.com_error as error:
            got = repr(error)
        if not calls.same(got, call.gives):
            wrong.append(f"{call.id}: {got} instead of {call.gives} {call.why}")
    started = time.perf_counter()
    for _ in range(500):
        server.CallUDF("audit.udfs", "EXEC_RATE", (80.0, 100.0), None, None)
    each = (time.perf_counter() - started) / 500
    block = tuple((float(n),) * 5 for n in range(10_000))
    started = time.perf_counter()
    server.CallUDF("audit.udfs", "SHARE", (block, 100_000.0), None, None)
    print(
        f"{each * 1000:.2f} ms a call, 10,000 × 5 in and out {(time.perf_counter() - started) * 1000:.0f} ms"
    )
    print("\n".join(wrong))
    print(f"{len(calls.all_calls()) - len(wrong)} passed, {len(wrong)} failed")
    del server
    activate(-1)
    return bool(wrong)


if __name__ == "__main__":
    os.chdir(HERE)
    sys.exit(main())
