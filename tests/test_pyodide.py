"""The table of calls inside Pyodide under Node, from our wheel: what xlwings Lite runs, without Excel.

Needs node and npm; `npm ci` puts Pyodide (tests/pyodide/package-lock.json pins it) into the folder that AUDIT_TEST_CACHE
names, or into a temporary one. xlwings is the one installed here: off Windows its wheel is pure Python.

Without a licence key, calls go straight to what `from audit.udfs import *` gives. xlwings' own way from Excel to a custom
function is part of xlwings PRO: that half runs only where the person who tests sets XLWINGS_LICENSE_KEY.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import calls
import pytest

from audit.functions import all_functions

pytestmark = pytest.mark.host
HERE = Path(__file__).parent / "pyodide"
ROOT = HERE.parent.parent


def run(*command: str | Path, cwd: Path, **more: Any) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=300, check=False, **more
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (shutil.which("node") and shutil.which("npm")):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("node and npm are not installed")
    cache = os.environ.get("AUDIT_TEST_CACHE")
    folder = Path(cache) / "pyodide" if cache else tmp_path_factory.mktemp("pyodide")
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "package-lock.json"
    wanted = (HERE / "package-lock.json").read_bytes()
    if not (lock.exists() and lock.read_bytes() == wanted and (folder / "node_modules").is_dir()):
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    return folder / "node_modules" / "pyodide"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our wheel and xlwings, unpacked: what micropip does in xlwings Lite."""
    built, unpacked = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("packages")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", built, ROOT, cwd=built)
    [wheel] = built.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    spec = find_spec("xlwings")
    assert spec and spec.origin, "xlwings is not installed"
    leave = shutil.ignore_patterns("*.dll", "*.xl*", "__pycache__", "quickstart*", "html")
    shutil.copytree(Path(spec.origin).parent, unpacked / "xlwings", ignore=leave)
    return unpacked


def as_office(value: Any) -> Any:
    """As Excel hands an argument to a custom function: a matrix, dates as serials, errors as an object; null if left out."""
    plain = calls.put(
        value,
        blank=lambda _: "",
        missing=lambda _: None,
        error=lambda error: {"type": "Error", "basicType": "Error", "basicValue": error.name},
        date=calls.serial,
    )
    return plain if plain is None or isinstance(plain, list) else [[plain]]


def answer(pyodide: Path, packages: Path, environment: dict[str, str]) -> dict[str, Any]:
    width = {function.name: len(function.arguments) for function in all_functions()}
    request = {
        "environment": environment,
        "calls": [
            {
                "function": call.function,
                "args": [as_office(value) for value in call.args]
                + [None] * (width[call.function] - len(call.args)),
            }
            for call in calls.all_calls()
        ],
    }
    told = run("node", HERE / "run.mjs", pyodide, packages, cwd=HERE, input=json.dumps(request))
    return dict(json.loads(told))


@pytest.fixture(scope="module")
def answers(pyodide: Path, packages: Path) -> dict[str, Any]:
    return answer(pyodide, packages, {})


@pytest.fixture(scope="module")
def answers_through_xlwings(pyodide: Path, packages: Path) -> dict[str, Any]:
    key = os.environ.get("XLWINGS_LICENSE_KEY")
    if not key:
        pytest.skip("xlwings PRO: set XLWINGS_LICENSE_KEY if its licence allows it to you")
    return answer(pyodide, packages, {"XLWINGS_LICENSE_KEY": key, "XLWINGS_ON_SERVER": "true"})


def differing(answers: dict[str, Any]) -> list[str]:
    wrong = []
    for call, got in zip(calls.all_calls(), answers["results"], strict=True):
        expected = call.expected("pyodide")
        if not calls.same(got, expected if isinstance(expected, list) else [[expected]]):
            wrong.append(f"{call.id}: {got} instead of {expected} {call.why}")
    return wrong


def test_calls_from_the_wheel_give_what_the_table_says(answers):
    assert differing(answers) == []
    assert not answers["through"]


def test_the_functions_need_the_standard_library_only(answers):
    assert answers["foreign"] == []


def test_calls_through_xlwings_give_what_the_table_says(answers_through_xlwings):
    assert differing(answers_through_xlwings) == []
    assert answers_through_xlwings["through"]


def test_xlwings_lite_is_told_the_registrys_words(answers_through_xlwings):
    told = {name.rpartition(".")[2]: words for name, words in answers_through_xlwings["told"]}
    assert told == {function.name: function.help for function in all_functions()}
