"""Inside Pyodide: the calls of the request, through what `from audit.udfs import *` gives a workbook of xlwings Lite.

With a licence key in the environment they go through xlwings' own custom functions call, as they do from Excel; without
one straight to the functions, every argument a list of rows as xlwings would hand it over.
"""
# ruff: noqa: E402, F704, F821
# `request` is set by run.mjs, which allows await outside a function.

import json
import os
import sys
import time
import types

sys.path.insert(0, "/packages")
started = time.perf_counter()
import audit.functions

functions = {function.name: function for function in audit.functions.all_functions()}
ready = time.perf_counter() - started
foreign = sorted(
    {name.partition(".")[0] for name in sys.modules}
    - set(sys.stdlib_module_names)
    - {"audit", "pyodide", "_pyodide", "_pyodide_core", "js", "pyodide_js", "__main__"}
)

import xlwings

main = types.ModuleType("main")
exec("from audit.udfs import *", main.__dict__)


def value(cell):
    if isinstance(cell, dict):
        return cell["basicValue"]
    return None if cell == "" else cell


def straight(name, arguments):
    given = [
        argument.default
        if not isinstance(matrix, list)
        else [[value(cell) for cell in row] for row in matrix]
        for argument, matrix in zip(functions[name].arguments, arguments, strict=True)
    ]
    result = getattr(main, name)(*given)
    return result if isinstance(result, list) else [[result]]


async def through_xlwings(name, arguments):
    from xlwings.server import custom_functions_call

    data = {
        "client": "Office.js", "func_name": name, "args": arguments, "caller_address": "[底稿.xlsx]Sheet1!C3",
        "session_id": "1", "culture_info_name": "zh-CN", "date_format": "yyyy/m/d", "version": xlwings.__version__,
        "runtime": "1.4",
    }  # fmt: skip
    return await custom_functions_call(data, main)


keyed = bool(os.environ.get("XLWINGS_LICENSE_KEY"))
results = []
for name, arguments in [(call["function"], call["args"]) for call in request.to_py()["calls"]]:
    results.append(await through_xlwings(name, arguments) if keyed else straight(name, arguments))

told = None
if keyed:
    from xlwings.server import custom_functions_meta

    told = [[f["name"], f["description"]] for f in custom_functions_meta(main)["functions"]]
json.dumps(
    {
        "python": sys.version,
        "results": results,
        "foreign": foreign,
        "ready": ready,
        "through": keyed,
        "told": told,
    },
    ensure_ascii=False,
)
