"""xlwings' own VBA wrappers for the functions of `audit.udfs`, as text.

    python -m audit.faces.workbook.wrappers 审核底稿.xlsm

Comes in: the name of the workbook, of which xlwings only asks whether it is an add-in. Goes out: the module
`xlwings_udfs`. xlwings writes it itself; off Windows its generator does not start because three modules of pywin32
are missing, of which writing text needs nothing but the names. They are supplied in a process of its own, so that
whoever builds a workbook never has them.
"""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
import types
from os import environ, pathsep

from ...errors import AuditError

MODULE = "audit.udfs"
HEAD = """Attribute VB_Name = "xlwings_udfs"
'Written by xlwings from audit.udfs; built anew by: audit workbook
#Const App = "Microsoft Excel"
"""
# What xlwings.udfs looks up in them while it is imported.
WINDOWS_MODULES: dict[str, dict[str, object]] = {
    "pythoncom": {"CoInitialize": None},
    "pywintypes": {"com_error": OSError},
    "win32com": {},
    "win32com.client": {"Dispatch": None},
}
SECONDS = 120


def wrappers(workbook_name: str) -> str:
    """The text of the module, made by the xlwings that this Python would import."""
    command = [sys.executable, "-m", __name__, workbook_name]
    path = pathsep.join(part for part in sys.path if part)
    try:
        run = subprocess.run(
            command,
            env={**environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
            capture_output=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AuditError("xlwings", f"无法生成函数包装（{error}）", "请运行 audit doctor 检查环境") from error
    if run.returncode:
        said = run.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[-1] if said else f"退出码 {run.returncode}"
        raise AuditError("xlwings", f"无法生成函数包装（{why}）", "请运行 audit doctor 检查环境")
    return run.stdout.decode("utf-8").replace("\r\n", "\n")


def _supply_windows_modules() -> None:
    for name, members in WINDOWS_MODULES.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
        sys.modules[name] = module


def _generate(workbook_name: str) -> str:
    if sys.platform != "win32":
        _supply_windows_modules()
    import xlwings

    generator = importlib.import_module("xlwings.udfs")
    xlwings.func, xlwings.arg = generator.xlfunc, generator.xlarg
    out = io.StringIO()
    out.write(HEAD)
    book = types.SimpleNamespace(Name=workbook_name)
    generator.generate_vba_wrapper(MODULE, importlib.import_module(MODULE), out, book)
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(_generate(sys.argv[1]).encode())
