"""The table of calls through xlwings' own `XLPython.CallUDF`: what runs under Excel for Windows, short of COM itself.

In a process of its own, so that the Windows names it needs are seen by no other test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import calls
import pytest

from audit.functions import all_functions

TESTS = Path(__file__).parent
SCRIPT = """
import json, sys, calls, xlwings_shim
from audit.functions import all_functions
server = xlwings_shim.load()
width = {function.name: len(function.arguments) for function in all_functions()}
out = []
for call in calls.all_calls():
    given = [xlwings_shim.as_com(value) for value in call.args]
    given += [xlwings_shim.LEFT_OUT] * (width[call.function] - len(given))
    out.append(xlwings_shim.call(server, call.function, *given))
import audit.udfs
told = {}
for name in audit.udfs.__all__:
    function = getattr(audit.udfs, name)
    info = function.__xlfunc__
    arguments = [[a["name"], a["doc"], "optional" in a] for a in info["args"]]
    told[name] = [info["name"], info["category"], function.__doc__, arguments]
json.dump({"results": out, "told": told, "pro": sys.modules["xlwings"].__pro__}, sys.stdout)
"""


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SCRIPT],
        cwd=TESTS.parent,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def environment() -> dict[str, str]:
    """Without a licence key, wherever one may be set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS_")}
    return kept | {"PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent)))}


@pytest.mark.parametrize(
    "number, call", list(enumerate(calls.all_calls())), ids=lambda one: getattr(one, "id", "")
)
def test_call_through_xlwings_gives_what_the_table_says(answers, number, call):
    got = answers["results"][number]
    assert calls.same(got, call.gives), f"{got} instead of {call.gives} {call.why}"


def test_no_licence_key_is_needed(answers):
    assert answers["pro"] is False


def test_excels_function_wizard_is_told_the_registrys_words(answers):
    for function in all_functions():
        arguments = [[a.name, a.help, a.optional] for a in function.arguments]
        assert answers["told"][function.name] == [function.name, function.category, function.help, arguments]
