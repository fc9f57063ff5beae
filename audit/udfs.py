"""The Excel functions: everything in `audit.functions`, handed to xlwings. Excel's VBA wrappers call this module.

In xlwings Lite: `from audit.udfs import *`. Every argument is taken as a list of rows with errors as their text, so
that a blank, an error, one cell and a range stay what they are; the functions themselves hold all the rest.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from .functions import Function, all_functions


def _for_excel(function: Function) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return function.run(*(_given(value) for value in arguments))

    call.__name__ = call.__qualname__ = function.name
    call.__module__ = __name__
    call.__doc__ = function.help
    call.__signature__ = inspect.signature(function.run)  # type: ignore[attr-defined]
    for argument in function.arguments:
        call = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(call)
    return xw.func(category=function.category)(call)


def _given(value: Any) -> Any:
    """One cell as its value; an argument left out as None."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) and len(value[0]) == 1:
        return value[0][0]
    return value


for _function in all_functions():
    globals()[_function.name] = _for_excel(_function)

__all__ = [function.name for function in all_functions()]
