"""The Excel functions: everything in `audit.functions`, handed to xlwings. Excel's VBA wrappers call this module.

In xlwings Lite: `from audit.udfs import *`. A blank, an error, one cell and a range stay what they are; the functions
themselves hold all the rest. Under Excel for Windows values pass as COM hands them over: xlwings' own cleaning of
every cell takes longer than the work. Elsewhere every argument is a list of rows with errors as their text.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from .functions import Function, all_functions

CLASSIC = xw.func.__module__ == "xlwings.udfs"
HOW: dict[str, Any] = {"convert": "raw"} if CLASSIC else {"ndim": 2, "err_to_str": True}


def _for_excel(function: Function) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        result = function.run(*(_given(value) for value in arguments))
        return [[result]] if CLASSIC and not isinstance(result, list) else result

    call.__name__ = call.__qualname__ = function.name
    call.__module__ = __name__
    call.__doc__ = function.help
    call.__signature__ = inspect.signature(function.run)  # type: ignore[attr-defined]
    for argument in function.arguments:
        call = xw.arg(argument.name, doc=argument.help, **HOW)(call)
    if CLASSIC:
        call = xw.ret(convert="raw")(call)
    return xw.func(category=function.category)(call)


def _given(value: Any) -> Any:
    """One cell as its value; an argument left out as None."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) and len(value[0]) == 1:
        return value[0][0]
    return value


for _function in all_functions():
    globals()[_function.name] = _for_excel(_function)

__all__ = [function.name for function in all_functions()]
