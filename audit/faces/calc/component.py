"""The component that LibreOffice Calc calls; this one file lies at the top of the add-in, `audit` beside it.

In, as `descriptions.types` asks for it: a text for a single value (an empty cell is "", a number its digits), tuples
of rows for a range, anything for an argument that may be left out. Out: one value, or tuples of rows for a table.
Calc gives one empty cell as 0 in the latter two, where 0 therefore stands for nothing; an error in a cell never
gets here, for Calc gives it on by itself.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]
import unohelper  # type: ignore[import-not-found, unused-ignore]

# Told while the extension is being added; UNO spoils Chinese in an exception's text, but not in the line it shows.
if sys.version_info < (3, 11):  # noqa: UP036
    raise ImportError(
        f"Python 3.11 is needed, found {sys.version.split()[0]}"
    )  # 此 LibreOffice 所带的 Python 太旧

SERVICE = "auditworkbook.Functions"
NUMBER = re.compile(r"-?((?:0|[1-9]\d*)(?:\.\d*[1-9])?)(?:E[+-]\d+)?")  # as Calc writes one
DIGITS = 15  # longer ones are codes, whose digits a float would not hold
ONE_CELL = "此处应为一个单元格"
DECIMAL_COMMA = "请在 LibreOffice 的语言选项中选用小数点为“.”的区域"


def single(text: str) -> Any:
    """What a cell holds that Calc handed over as text.

    >>> single("95.5"), single("95.50"), single("1E-07"), single("")
    (95.5, '95.50', 1e-07, None)
    """
    if text == "":
        return None
    number = NUMBER.fullmatch(text)
    return float(text) if number and sum(map(str.isdigit, number[1])) <= DIGITS else text


def given(value: Any) -> Any:
    """One cell as its value, a range as a list of rows with its texts as they are."""
    if isinstance(value, str):
        return single(value)
    if not isinstance(value, tuple):
        return None if value == 0 else value
    table = [[None if cell == "" else cell for cell in row] for row in value]
    return table if len(table) > 1 or len(table[0]) > 1 else given(table[0][0])


def shown(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(tuple(map(shown, row)) for row in value)
    if value is None:
        return ""
    return float(value) if isinstance(value, bool | int) else value  # Calc would lose TRUE


def method(function: Any, refusal: str) -> Callable[..., Any]:
    arguments = function.arguments

    def call(self: Any, *values: Any) -> Any:
        result = refusal or answer(*values)
        return ((result,),) if function.spills and not isinstance(result, tuple) else result

    def answer(*values: Any) -> Any:
        known = [a.default if v is None else given(v) for a, v in zip(arguments, values, strict=True)]
        if any(isinstance(v, list) and not a.range for a, v in zip(arguments, known, strict=True)):
            return ONE_CELL
        return shown(function.run(*known))

    return call


def writes_points(context: Any) -> bool:
    """Whether Calc writes a half as 0.5; where it is 0,5, a handed over 1,234 might be either number."""
    create = context.ServiceManager.createInstanceWithContext
    formatter = create("com.sun.star.util.NumberFormatter", context)
    formatter.attachNumberFormatsSupplier(create("com.sun.star.util.NumberFormatsSupplier", context))
    return bool(formatter.convertNumberToString(0, 0.5) == "0.5")


def functions(context: Any) -> Any:
    """The add-in, made when Calc first needs it: while the extension is being added, its types are not yet known."""
    from audit.functions import all_functions

    interface = uno.getClass("auditworkbook.XFunctions")
    refusal = "" if writes_points(context) else DECIMAL_COMMA
    methods = {one.name.replace("_", "").lower(): method(one, refusal) for one in all_functions()}
    return type("Functions", (unohelper.Base, interface), methods)()


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(functions, SERVICE, ("com.sun.star.sheet.AddIn", SERVICE))
