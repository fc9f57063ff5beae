"""xlwings' own Windows code importable anywhere: `XLPython.CallUDF` runs as it does under Excel. Tests and benches only.

Only names that pywin32 and ctypes hold at import time are supplied; no function of xlwings is replaced. What it can't
show is how COM packs values. Use it in a process of its own: afterwards `import win32com` finds the names supplied.
"""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import sys
from types import ModuleType
from typing import Any

LEFT_OUT = -2147352572  # how VBA hands over an optional argument that is not there
ERRORS = {
    "#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265, "#NAME?": -2146826259,
    "#NUM!": -2146826252, "#N/A": -2146826246,
}  # fmt: skip


class Anything:
    """Stands for constants and classes that are named when a module is imported, and used on Windows only."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Anything()

    def __getitem__(self, _: Any) -> Any:
        return Anything()


class Time(dt.datetime):
    """A date as pywin32 hands it over."""


def _supply(name: str, **names: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(names)
    module.__getattr__ = Anything().__getattr__  # type: ignore[method-assign]
    sys.modules[name] = module
    package, _, own = name.rpartition(".")
    if package:
        setattr(sys.modules[package], own, module)
    return module


def _no_gateway(_: Any) -> Any:
    raise TypeError


def install() -> None:
    error, dispatch = type("com_error", (Exception,), {}), type("CDispatch", (), {})
    _supply("pywintypes", com_error=error, TimeType=Time, IID=str)
    _supply("pythoncom", com_error=error, __file__="", IID_IDispatch="", TypeIIDs={"": type("PyIDispatch", (), {})},
            CoInitialize=lambda *_: None)  # fmt: skip
    for name in (
        "win32api",
        "win32con",
        "win32gui",
        "win32process",
        "win32event",
        "win32com",
        "win32com.server",
    ):
        _supply(name)
    zone = type("TimeZoneInfo", (), {"utc": staticmethod(lambda: dt.UTC)})
    _supply("win32timezone", TimeZoneInfo=zone)
    _supply("win32com.client", CDispatch=dispatch, DispatchBaseClass=type("Base", (), {}), CoClassBaseClass=object,
            Dispatch=lambda one, **_: one)  # fmt: skip
    _supply("win32com.client.dynamic", CDispatch=dispatch)
    _supply("win32com.server.util", unwrap=_no_gateway, wrap=lambda one, *_, **__: one)
    _supply("win32com.server.policy")
    _supply("win32com.server.dispatcher")
    for name in ("windll", "oledll", "WINFUNCTYPE", "HRESULT", "WinError"):
        if not hasattr(ctypes, name):
            setattr(ctypes, name, Anything())


def load() -> Any:
    """The COM server's object, decorators and engine bound as xlwings binds them on Windows."""
    install()
    import xlwings

    library, ctypes.PyDLL = ctypes.PyDLL, Anything()  # type: ignore[assignment, misc]
    try:
        from xlwings import _xlwindows
    finally:
        ctypes.PyDLL = library  # type: ignore[misc]
    atexit.unregister(_xlwindows.cleanup)
    xlwings._xlwindows = _xlwindows
    if "excel" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    from xlwings import com_server, udfs

    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    return com_server.XLPython()


def call(server: Any, function: str, *arguments: Any) -> Any:
    """As the VBA wrapper calls: the module's name, the function's, an array of arguments."""
    return server.CallUDF("audit.udfs", function, arguments, None, None)


def as_com(value: Any) -> Any:
    """A value of the table of calls as COM hands it over: tuples, blanks as None, errors as their code."""
    import calls

    return calls.put(
        value,
        range=lambda grid: tuple(map(tuple, grid)),
        blank=lambda _: None,
        missing=lambda _: LEFT_OUT,
        error=lambda error: ERRORS[error.name],
        date=lambda day: Time(day.year, day.month, day.day),
    )
