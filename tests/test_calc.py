"""The add-in for LibreOffice Calc: what it is made of, and what Calc answers to the table of calls with it.

LibreOffice runs once, with a profile and a folder of extensions of its own; nothing of the machine's own is touched.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import xlsxwriter
from calls import BLANK, MISSING, Call, Error, all_calls, same, serial

from audit.errors import AuditError
from audit.faces.calc import build_addin
from audit.functions import all_functions

EVALUATE = Path(__file__).parent / "calc" / "evaluate.py"
PYTHON = "/usr/bin/python3"  # the one that the distribution's python3-uno is made for
SECONDS = 120
ERRORS = {
    "#N/A": "=NA()",
    "#DIV/0!": "=1/0",
    "#NUM!": "=SQRT(-1)",
    "#VALUE!": '=VALUE("a")',
    "#NAME?": "=NOBODY()",
}
OTHER_ERROR = "=1/0"  # #REF! and #NULL! cannot be typed
FUNCTIONS = {function.name: function for function in all_functions()}
ONE_CELL = "此处应为一个单元格"
INTERFACE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale" oor:op="fuse">
<value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>{region}</value></prop></item>
</oor:items>
"""
XCU = "{http://openoffice.org/2001/registry}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


# ---- what it is made of ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_addin(tmp_path_factory.mktemp("addin") / "审计函数.oxt")


def test_every_function_is_described_once_in_both_languages(addin: Path) -> None:
    with ZipFile(addin) as archive:
        root = ElementTree.fromstring(archive.read("CalcAddIns.xcu"))
        types = archive.read("functions.idl").decode()
    nodes = root.findall("node/node/node/node")
    for language, names in (
        ("en-US", [f.name for f in FUNCTIONS.values()]),
        ("zh-CN", [f.chinese for f in FUNCTIONS.values()]),
    ):
        shown = [_said(node, "DisplayName", language) for node in nodes]
        assert shown == names and len(set(shown)) == len(shown)
    assert [_said(node, "CompatibilityName", "en-US") for node in nodes] == list(FUNCTIONS)
    for node, function in zip(nodes, FUNCTIONS.values(), strict=True):
        assert _said(node, "Description", "zh-CN") == function.help
        assert f" {node.get(f'{XCU}name')}(" in types
        arguments = node.findall("node/node")
        assert [_said(one, "Description", "zh-CN") for one in arguments] == [
            a.help for a in function.arguments
        ]
        assert [_said(one, "DisplayName", "en-US") for one in arguments] == [
            a.name for a in function.arguments
        ]
        assert all(_said(one, "DisplayName", "zh-CN") for one in arguments)


def _said(node: ElementTree.Element, name: str, language: str) -> str | None:
    for prop in node.findall("prop"):
        if prop.get(f"{XCU}name") == name:
            return next((value.text for value in prop if value.get(LANG) == language), None)
    return None


def test_the_addin_needs_only_python(addin: Path) -> None:
    with ZipFile(addin) as archive:
        names = archive.namelist()
    inside = [name.removeprefix("pythonpath/audit/") for name in names if name.startswith("pythonpath/")]
    assert {
        "__init__.py",
        "functions/numbers.py",
        "params/glossary.toml",
        "templates/hunan/profile.toml",
    } <= set(inside)
    assert not [
        name for name in inside if name.startswith(("faces/", "read/", "tests/")) or name == "udfs.py"
    ]
    assert {Path(name).suffix for name in inside} == {".py", ".toml"}


def test_the_same_functions_give_the_same_file(addin: Path, tmp_path: Path) -> None:
    assert build_addin(tmp_path / "b.oxt").read_bytes() == addin.read_bytes()


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "审计函数.oxt"
    path.write_text("mine")
    with pytest.raises(AuditError, match="已存在"):
        build_addin(path)
    assert path.read_text() == "mine"
    build_addin(path, force=True)
    assert ZipFile(path).testzip() is None and list(tmp_path.iterdir()) == [path]


def test_a_file_of_another_kind_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"\.oxt"):
        build_addin(tmp_path / "审计函数.xlam")
    with pytest.raises(AuditError, match="无法写入"):
        build_addin(Path("/proc/审计函数.oxt"))


# ---- what Calc answers -------------------------------------------------------------------------------------


class Sheet:
    """Cells and formulas to be worked out, one below the other."""

    def __init__(self) -> None:
        self.cells: list[list[Any]] = []
        self.formulas: list[list[Any]] = []
        self.row = 0

    def add(self, call: Call, height: int, width: int) -> None:
        column, tallest, given = 0, 1, []
        for arg in call.args:
            table = arg if isinstance(arg, list) else [[arg]]
            if arg is MISSING:
                given.append("")
                continue
            for r, row in enumerate(table):
                for c, value in enumerate(row):
                    self._cell(self.row + r, column + c, value)
            first, last = (
                _name(self.row, column),
                _name(self.row + len(table) - 1, column + len(table[0]) - 1),
            )
            given.append(first if first == last else f"{first}:{last}")
            column, tallest = column + len(table[0]), max(tallest, len(table))
        formula = f"={call.function}({';'.join(given)})"
        self.write(formula if (height, width) == (1, 1) else "{" + formula, height, width, max(column, 20))
        self.row += max(tallest, height)

    def write(self, formula: str, height: int = 1, width: int = 1, column: int = 20) -> None:
        self.formulas.append([self.row, column, height, width, formula])

    def _cell(self, row: int, column: int, value: Any) -> None:
        match value:
            case bool():
                self.cells.append([row, column, "formula", "=TRUE()" if value else "=FALSE()"])
            case float():
                self.cells.append([row, column, "number", value])
            case str():
                self.cells.append([row, column, "text", value])
            case dt.date():
                self.cells.append([row, column, "date", serial(value)])
            case Error():
                self.cells.append([row, column, "formula", ERRORS.get(value.name, OTHER_ERROR)])
            case _:
                assert value is BLANK


def _name(row: int, column: int) -> str:
    assert column < 26
    return f"{chr(65 + column)}{row + 1}"


def _size(value: Any) -> tuple[int, int]:
    return (len(value), len(value[0])) if isinstance(value, list) else (1, 1)


def _expected(call: Call) -> Any:
    """The table's result, but for what Calc's array formulas do by themselves.

    A single value that is given a range is worked out cell by cell; cells that a shorter range lacks are #N/A. An
    argument that may be left out has to be one cell.
    """
    arguments = FUNCTIONS[call.function].arguments
    ranges = [
        _size(arg)
        for arg, a in zip(call.args, arguments, strict=False)
        if not a.range and _size(arg) != (1, 1)
    ]
    wanted = call.expected("calc")
    if not ranges:
        return wanted
    height, width = max(h for h, _ in ranges), max(w for _, w in ranges)
    if any(a.optional and _size(arg) != (1, 1) for arg, a in zip(call.args, arguments, strict=False)):
        return [[ONE_CELL] * width for _ in range(height)]
    out = []
    for r in range(height):
        row = []
        for c in range(width):
            cells = [arg if a.range else _at(arg, r, c) for arg, a in zip(call.args, arguments, strict=False)]
            if None in cells or any(isinstance(cell, Error) for cell in cells):
                row.append(Error("#N/A"))
            elif isinstance(call.gives, list):
                row.append(call.gives[r][c])
            else:
                row.append(FUNCTIONS[call.function].run(*cells))
        out.append(row)
    return out


def _at(arg: Any, r: int, c: int) -> Any:
    height, width = _size(arg)
    if not isinstance(arg, list):
        return arg
    if (height > 1 and r >= height) or (width > 1 and c >= width):
        return None
    return arg[r if height > 1 else 0][c if width > 1 else 0]


def _value(got: list[Any]) -> Any:
    kind, value = got
    return Error(str(value)) if kind == "error" else value


def _agrees(got: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return all(map(_agrees, (c for row in got for c in row), (c for row in expected for c in row)))
    if isinstance(expected, Error):
        return isinstance(got, Error)
    return same(got, float(expected) if isinstance(expected, bool | int) else expected)


# Formulas over the functions' results, and literals for arguments; what texts compare with is Calc's affair.
COMPOSED: list[tuple[str, Any]] = [
    ("=EXEC_RATE(80;100)+1", 1.8),
    ('=EXEC_RATE("80万元";"100万元")', 0.8),
    ("=exec_rate(80;100)", 0.8),
    ('=IF(EXEC_RATE("";100)="";"空";"有")', "空"),
    ('=IF(TIE(0.8;EXEC_RATE(80;100))="相符";1;2)', 1.0),
    ('=IFERROR(EXEC_RATE(80;1/0);"错误")', "错误"),
    ('=GRADE(95)="优"', 1.0),
    ("=GRADE(95)=GRADE(96)", 1.0),
    ('=COUNTIF(A1:A3;"不符")', 1.0),
    ('=VLOOKUP("不符";A1:B3;2;0)', 7.0),
    ("=ROUND(AMOUNT(2^60);0)", 2.0**60),
    ("=AMOUNT(1/3)", 0.333333333333333),
    ("=EXEC_RATE(80)", Error("Err:504")),
    ("~=执行率(80,100)", 0.8),
    ("=AUDITWORKBOOK.FUNCTIONS.EXECRATE(80;100)", 0.8),
    # In 7.4 and 25.2 a text out of a table equals no other text; with &"" it does.
    ('=IF(FIGURES("执行数5万元")&""="原文";1;2)', 1.0),
    ('=COUNTIF(E1:L2;"整体支出")', 1.0),
]


@pytest.fixture(scope="session")
def calc(addin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What LibreOffice answers to everything that the tests ask."""
    folder = tmp_path_factory.mktemp("calc")
    sheet = Sheet()
    for call in all_calls():
        sheet.add(call, *_size(_expected(call)))
    composed = Sheet()
    for row, stated in enumerate((1, 2, 3)):
        composed.cells += [
            [row, 0, "formula", f"=TIE({stated};{stated + (row == 1)})"],
            [row, 1, "number", row + 6],
        ]
    for formula, _ in COMPOSED:
        composed.write(formula)
        composed.row += 1
    composed.formulas.append([0, 4, 2, 8, '{=FIGURES("整体支出执行数5万元")&""'])
    path = _workbook(folder / "底稿.xlsx")
    told = {
        "sheets": [{"cells": one.cells, "formulas": one.formulas} for one in (sheet, composed)],
        "files": [{"path": str(path), "cells": [[0, 2], [1, 2]], "again": again} for again in (False, True)],
    }
    try:
        yield _office(addin, folder, told)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _workbook(path: Path) -> Path:
    """As Excel would leave it, but with stored results that are wrong."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (80, 100))
        sheet.write_formula(0, 2, "=EXEC_RATE(A1,B1)", None, 999)
        sheet.write_formula(1, 2, '=TIE("80%",C1)', None, "旧值")
    return path


def _office(addin: Path, folder: Path, told: dict[str, Any], region: str = "zh-CN") -> dict[str, Any]:
    """LibreOffice with the add-in and a Chinese interface, as its users have it.

    An active virtual environment would give LibreOffice's own Python the wrong library.
    """
    soffice, unopkg = shutil.which("soffice"), shutil.which("unopkg")
    assert soffice and unopkg, "LibreOffice's soffice and unopkg belong together"
    own = [f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    own += [f"-env:UNO_SHARED_PACKAGES_CACHE={(folder / 'extensions').as_uri()}"]
    (folder / "extensions").mkdir()
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(INTERFACE.format(region=region))
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    paths = [str(Path(soffice).parent), "/usr/bin", "/bin"]
    environment = {**kept, "PATH": os.pathsep.join(paths), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    has_uno = (
        subprocess.run([PYTHON, "-c", "import uno"], env=environment, capture_output=True).returncode == 0
    )
    if not has_uno:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("python3-uno is not installed")
    command = [unopkg, "add", "-f", "--shared", *own, str(addin)]
    added = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert added.returncode == 0, added.stdout + added.stderr
    told["soffice"] = own
    ran = subprocess.run(
        [PYTHON, str(EVALUATE)],
        input=json.dumps(told),
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    print("LibreOffice", answer["version"], answer["language"])
    if answer["language"] != "zh-CN":
        (pytest.fail if os.environ.get("CI") else pytest.skip)("libreoffice-l10n-zh-cn is not installed")
    return answer


@pytest.mark.host
@pytest.mark.parametrize("function", FUNCTIONS)
def test_calc_answers_like_the_table(function: str, calc: dict[str, Any]) -> None:
    wrong = []
    rows = [
        (call, got)
        for call, got in zip(all_calls(), calc["sheets"][0], strict=True)
        if call.function == function
    ]
    assert rows
    for call, table in rows:
        expected = _expected(call)
        got = [[_value(cell) for cell in row] for row in table]
        if not _agrees(got if isinstance(expected, list) else got[0][0], expected):
            wrong.append((call.id, call.args, got, expected))
    assert not wrong


@pytest.mark.host
def test_the_wizard_shows_every_function_once_in_chinese(calc: dict[str, Any]) -> None:
    names = [name for name, _, _ in calc["functions"]]
    assert len(set(names)) == len(names), "a name that Calc already has"
    shown = {name: (help, arguments) for name, help, arguments in calc["functions"]}
    for function in FUNCTIONS.values():
        help, arguments = shown[function.chinese]
        assert help == function.help
        assert [(h, o) for _, h, o in arguments] == [(a.help, a.optional) for a in function.arguments]
        assert all(name for name, _, _ in arguments)


@pytest.mark.host
def test_results_work_in_other_formulas(calc: dict[str, Any]) -> None:
    wrong = []
    for (formula, expected), table in zip(COMPOSED, calc["sheets"][1], strict=False):
        if not _agrees(_value(table[0][0]), expected):
            wrong.append((formula, table[0][0], expected))
    assert not wrong


@pytest.mark.host
def test_where_numbers_have_a_comma_nothing_is_guessed(addin: Path, tmp_path: Path) -> None:
    sheet = Sheet()
    for formula in ("=AMOUNT(1.234)", '=FIGURES("执行数5万元")'):
        sheet.write(formula)
        sheet.row += 1
    told = {"sheets": [{"cells": sheet.cells, "formulas": sheet.formulas}]}
    answer = _office(addin, tmp_path, told, region="de-DE")
    assert all("小数点" in table[0][0][1] for table in answer["sheets"][0])


@pytest.mark.host
def test_formulas_of_an_excel_workbook(calc: dict[str, Any]) -> None:
    """From 25.2 the names in an .xlsx are understood when it is opened; 7.4 understands them when entered anew."""
    opened, entered = ([row[0] for row in one] for one in calc["files"])
    right = [["number", 0.8], ["text", "相符"]]
    version = tuple(map(int, calc["version"].split(".")[:2]))
    assert entered == right
    if version >= (25, 2):
        assert opened == right
    else:
        assert opened == right or [kind for kind, _ in opened] == ["error", "error"], (
            "never the stored wrong values"
        )
    if version == (7, 4):
        assert opened[0] == ["error", 525]
