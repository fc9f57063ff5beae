"""The audit workbook as built: its VBA in two readers, its stored values, its buttons on a workbook of our own.

Excel itself is not here. LibreOffice opens the file; what the VBA does there is not asked.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from oletools.olevba import VBA_Parser
from openpyxl.formula import Tokenizer
from openpyxl.utils import FORMULAE, range_boundaries
from openpyxl.worksheet.formula import ArrayFormula
from pyopenvba import ExcelFile, check_file
from pyopenvba.interpreter import Interpreter, parse_module

from audit.errors import AuditError
from audit.faces.cli import main
from audit.faces.workbook import build_workbook, buttons, guide, layout, vba
from audit.faces.workbook.cells import Page
from audit.faces.working_paper.kit import Book
from audit.functions import all_functions
from tests.conftest import ROOT
from tests.libreoffice import recalculate

FUNCTIONS = {function.name: function for function in all_functions()}
SAMPLE = ROOT / "workbooks" / "sample" / "planted"
OWN = ("xlwings", "Dictionary", "xlwings_udfs", "audit_buttons")
LONGEST_LINE, MOST_CONTINUATIONS = 1023, 24
# Words that VBA keeps for itself; an argument of such a name breaks the whole project.
VBA_WORDS = set(
    """addressof alias and any append array as base binary boolean byref byte byval call case cbool cbyte ccur cdate
    cdbl cdecl cint close clng clnglng clngptr compare const csng cstr currency cvar cverr date debug decimal declare
    defbool defbyte defcur defdate defdbl defint deflng defobj defsng defstr defvar dim do doevents double each else
    elseif empty end endif enum eqv erase error event exit explicit false fix for friend function get global gosub goto
    if imp implements in input int integer is lbound len lenb let lib like line load lock long longlong longptr loop
    lset me mid midb mod module name new next not nothing null object on open option optional or output paramarray
    preserve print private property psect public put raiseevent random read redim rem resume return rset seek select
    set sgn shared single spc static step stop string sub tab text then to true type typeof ubound unload unlock until
    variant version wend while width with withevents write xor""".split()
)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_workbook(tmp_path_factory.mktemp("workbook") / "审核底稿.xlsm")


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_workbook(tmp_path_factory.mktemp("addin") / "审计函数.xlam", addin=True)


def plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


def by_olevba(path: Path) -> dict[str, str]:
    parser = VBA_Parser(str(path))
    found = {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    parser.close()
    return found


def by_pyopenvba(path: Path) -> dict[str, str]:
    with ExcelFile(path) as book:
        return {module.name: module.source for module in book.vba_project().modules}


# ---- VBA ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["workbook", "addin"])
def test_two_readers_agree_on_the_modules_and_their_text(kind, request):
    path = request.getfixturevalue(kind)
    first, second = by_olevba(path), by_pyopenvba(path)
    assert set(first) == set(second) == {*OWN, "ThisWorkbook", "Sheet1"}
    for name in first:
        body = [t.split("\nAttribute VB_")[-1] for t in (plain(first[name]), plain(second[name]))]
        assert body[0] == body[1]
    assert check_file(path).ok


@pytest.mark.parametrize("kind", ["workbook", "addin"])
def test_module_text_is_ascii_and_keeps_to_the_limits_of_vba(kind, request):
    for name, text in by_pyopenvba(request.getfixturevalue(kind)).items():
        lines = text.splitlines()
        assert text.isascii()
        assert max(map(len, lines)) < LONGEST_LINE
        run = 0
        for line in lines:
            run = run + 1 if line.endswith(" _") else 0
            assert run < MOST_CONTINUATIONS, f"{name}: {line}"


def test_xlwings_own_modules_are_those_of_the_installed_one(workbook):
    home, found = vba.xlwings_folder(), by_pyopenvba(workbook)
    assert plain(found["xlwings"]) == plain((home / "xlwings.bas").read_text("utf-8"))
    original = plain((home / "addin" / "Dictionary.cls").read_text("utf-8"))
    code = original[original.index("\n''\n") :]
    assert plain(found["Dictionary"]).endswith(code)


@pytest.mark.parametrize("kind, book", [("workbook", "ThisWorkbook"), ("addin", "ActiveWorkbook")])
def test_every_function_has_one_wrapper_with_its_arguments(kind, book, request):
    text = plain(by_pyopenvba(request.getfixturevalue(kind))["xlwings_udfs"])
    found = re.findall(r"^Function (\w+)\((.*)\)$", text, re.MULTILINE)
    assert dict(found) == {
        name: ", ".join(f"Optional {a.name}" if a.optional else a.name for a in function.arguments)
        for name, function in FUNCTIONS.items()
    }
    assert len(found) == len(FUNCTIONS)
    assert text.count(f", {book}, Application.Caller)") == len(FUNCTIONS)
    assert text.count('XLPy.CallUDF("audit.udfs", ') == 2 * len(FUNCTIONS)


def test_names_can_stand_in_a_formula_and_in_vba():
    seen = set()
    for name, function in FUNCTIONS.items():
        assert re.fullmatch("[A-Z][A-Z_]*", name) and name.lower() not in seen
        seen.add(name.lower())
        assert name not in FORMULAE and name.lower() not in VBA_WORDS
        # neither A1 nor R1C1: columns end at XFD, and R, C, RC stand for whole rows and columns
        assert not re.fullmatch(r"[A-Z]{1,3}\d+|R\d*C\d*|R\d*|C\d*", name)
        own = [argument.name.lower() for argument in function.arguments]
        assert len(set(own)) == len(own) and name.lower() not in own
        for argument in own:
            assert re.fullmatch("[a-z][a-z_]*", argument) and argument not in VBA_WORDS
            assert argument not in {other.lower() for other in FUNCTIONS}, (
                "VBA would call the function instead"
            )


def decoded(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")


def test_the_wizard_is_told_the_chinese_help_of_the_registry(workbook):
    text = plain(by_olevba(workbook)["audit_buttons"])
    told = {}
    for body in re.findall(r"Private Sub AuditHelp\d+\(\)\n(.*?)\nEnd Sub", text, re.DOTALL):
        line = re.sub(r" _\n\s*", " ", body)
        line = re.sub(
            r'AuditWords\("([0-9A-F]*)"\)', lambda m: json.dumps(decoded(m[1]), ensure_ascii=False), line
        )
        name, category, help, *arguments = re.findall(r'"([^"]*)"', line.replace('" & "', ""))
        told[name] = (category, help, arguments)
    assert told == {f.name: (f.category, f.help, [a.help for a in f.arguments]) for f in FUNCTIONS.values()}
    assert all(len(text) <= vba.LONGEST_HELP for _, help, more in told.values() for text in (help, *more))


def test_the_vba_of_the_buttons_can_be_parsed_and_its_chinese_decodes(workbook):
    text = by_pyopenvba(workbook)["audit_buttons"]
    assert parse_module(text)
    machine = Interpreter()
    machine.add_module(
        text.replace("Private Function AuditWords", "Function AuditWords"), name="audit_buttons"
    )
    for words in ("处理结果", "“三公”经费 ≥95%", "a㐀𠀀"):
        said = str(machine.run("AuditWords", [vba.units(words).strip('"')]))
        assert said.encode("utf-16", "surrogatepass").decode("utf-16") == words


def test_every_button_has_its_macro_and_every_macro_its_python(workbook):
    text = plain(by_olevba(workbook)["audit_buttons"])
    with zipfile.ZipFile(workbook) as package:
        drawn = "".join(package.read(n).decode() for n in package.namelist() if n.endswith(".vml"))
    for button in layout.BUTTONS:
        assert f"\nSub {button.macro}()\n" in text and f'AuditRun "{button.action}"' in text
        assert callable(getattr(buttons, button.action))
        assert drawn.count(f"[0]!{button.macro}<") == len(button.sheets)
        assert button.caption in drawn
    assert drawn.count("<x:FmlaMacro>") == sum(len(button.sheets) for button in layout.BUTTONS)


# ---- the file ----------------------------------------------------------------------------------------------


def test_an_existing_file_is_kept_unless_told_otherwise(tmp_path):
    path = tmp_path / "甲 乙.xlam"
    path.write_bytes(b"mine")
    with pytest.raises(AuditError, match="文件已存在"):
        build_workbook(path, addin=True)
    assert path.read_bytes() == b"mine"
    assert build_workbook(path, addin=True, force=True) == path
    assert path.read_bytes()[:2] == b"PK" and [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "name, addin, words",
    [("a.xlsx", False, ".xlsm"), ("a.xlsm", True, ".xlam"), ("没有/a.xlsm", False, "无法写入")],
)
def test_where_it_cannot_be_written_is_told_in_chinese(tmp_path, name, addin, words):
    with pytest.raises(AuditError, match=re.escape(words)):
        build_workbook(tmp_path / name, addin=addin)
    assert list(tmp_path.iterdir()) == []


def test_without_xlwings_one_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(vba, "find_spec", lambda name: None)
    with pytest.raises(AuditError, match="pip install"):
        build_workbook(tmp_path / "a.xlsm")


def test_the_command_builds_it(tmp_path, capsys):
    path = tmp_path / "函数.xlam"
    assert main(["workbook", "--addin", "-o", str(path)]) == 0
    assert "加载项" in capsys.readouterr().out and path.is_file()
    assert main(["workbook", "--addin", "-o", str(path)]) == 2


def test_an_addin_is_declared_as_one_and_asks_for_no_sample(addin):
    with zipfile.ZipFile(addin) as package:
        types = package.read("[Content_Types].xml").decode()
        sheets = re.findall('<sheet name="([^"]+)"', package.read("xl/workbook.xml").decode())
    assert "addin.macroEnabled" in types and "sheet.macroEnabled" not in types
    assert sheets == [layout.GUIDE, layout.CONFIG]


def settings_of(path: Path) -> dict[str, str]:
    sheet = openpyxl.load_workbook(path, read_only=True)[layout.CONFIG]
    return {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}


def test_the_settings_name_the_python_and_the_xlwings_that_built_it(workbook, tmp_path):
    found = settings_of(workbook)
    assert found["ADD_WORKBOOK_TO_PYTHONPATH"] == "False" and found["UDF MODULES"] == "audit.udfs"
    assert found[guide.VERSION_KEY] == vba.xlwings_version()
    assert all(key and key == key.upper() for key in found), (
        "xlwings looks keys up in capitals, down to a blank"
    )
    quiet = tmp_path / "pythonw.exe"
    python = str(tmp_path / "python.exe")
    assert guide.interpreter("win32", python) == python
    quiet.touch()
    assert guide.interpreter("win32", python) == str(quiet)
    assert guide.interpreter("linux", python) == layout.NO_INTERPRETER
    if sys.platform != "win32":
        assert found["INTERPRETER_WIN"] == layout.NO_INTERPRETER


def test_it_is_built_from_whichever_xlwings_is_installed(tmp_path):
    other = "0.34.0"
    target = tmp_path / "packages"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--target",
        str(target),
        f"xlwings=={other}",
    ]
    if subprocess.run(pip, capture_output=True, timeout=120).returncode:
        if os.environ.get("CI"):
            pytest.fail("pip cannot install another xlwings")
        pytest.skip("no package index")
    path = tmp_path / "旧.xlsm"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(target), str(ROOT)])}
    command = [sys.executable, "-m", "audit", "workbook", "-o", str(path)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120, cwd=tmp_path)
    modules = by_olevba(path)
    assert f"xlwings64-{other}.dll" in modules["xlwings"]
    assert settings_of(path)[guide.VERSION_KEY] == other
    names = re.findall(r"^Function (\w+)\(", modules["xlwings_udfs"], re.MULTILINE)
    assert sorted(names) == sorted(FUNCTIONS)


# ---- values ------------------------------------------------------------------------------------------------


class Stored:
    """A workbook's formulas beside the values stored with them."""

    def __init__(self, path: Path) -> None:
        self.formulas = openpyxl.load_workbook(path, keep_vba=True)
        self.values = openpyxl.load_workbook(path, data_only=True)

    def areas(self) -> Iterator[tuple[str, str, str]]:
        """Sheet, area and formula of every formula of ours."""
        for sheet in self.formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, ArrayFormula):
                        yield sheet.title, cell.value.ref, cell.value.text.lstrip("=")

    def natives(self) -> Iterator[tuple[str, str, str]]:
        for sheet in self.formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.data_type == "f":
                        yield sheet.title, cell.coordinate, cell.value

    def place(self, reference: str, sheet: str) -> tuple[str, tuple[int, int, int, int]]:
        if reference in self.formulas.defined_names:
            reference = self.formulas.defined_names[reference].attr_text
        title, _, cells = reference.rpartition("!")
        return title.strip("'") or sheet, range_boundaries(cells.replace("$", ""))

    def grid(self, reference: str, sheet: str) -> Any:
        title, (left, top, right, bottom) = self.place(reference, sheet)
        rows = self.values[title].iter_rows(top, bottom, left, right, values_only=True)
        grid = [[float(v) if type(v) is int else v for v in row] for row in rows]
        return grid[0][0] if len(grid) == len(grid[0]) == 1 else grid

    def works_out(self, formula: str, sheet: str) -> Any:
        """What a formula of ours gives: calls, cells, names, words, numbers, and one form of IF."""
        blank = re.fullmatch(r'IF\(([^=]+)="","",(.*)\)', formula)
        if blank:
            masks, inner = self.grid(blank[1], sheet), self.works_out(blank[2], sheet)
            return [
                [value if mask[0] else "" for value in row] for mask, row in zip(masks, inner, strict=True)
            ]
        call = re.fullmatch(r"([A-Z_]+)\((.*)\)", formula)
        if call:
            return FUNCTIONS[call[1]].run(*(self.works_out(one, sheet) for one in arguments(call[2])))
        if formula.startswith('"'):
            return formula[1:-1].replace('""', '"')
        return float(formula) if formula.replace(".", "", 1).isdigit() else self.grid(formula, sheet)


def arguments(text: str) -> list[str]:
    depth, quoted, parts = 0, False, [""]
    for c in text:
        quoted ^= c == '"'
        depth += (c == "(") - (c == ")") if not quoted else 0
        if c == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += c
    return parts


@pytest.fixture(scope="module")
def stored(workbook: Path) -> Stored:
    return Stored(workbook)


def test_stored_values_are_what_the_functions_give_now(stored):
    seen = 0
    for sheet, area, formula in stored.areas():
        result = stored.works_out(formula, sheet)
        grid = result if isinstance(result, list) else [[result]]
        kept = stored.grid(area, sheet)
        kept = kept if isinstance(kept, list) else [[kept]]
        assert [[None if v == "" else v for v in row] for row in grid] == kept, f"{sheet}!{area} {formula}"
        seen += len(grid) * len(grid[0])
    assert seen > 300


def test_the_sheets_use_functions_of_the_registry_and_the_sample_shows_them_at_work(stored):
    formulas = [formula for _, _, formula in stored.areas()]
    used = {name for formula in formulas for name in re.findall(r"([A-Z_]+)\(", formula)} - {"IF"}
    assert used <= set(FUNCTIONS)
    assert {
        "EXEC_RATE",
        "EXEC_SCORE",
        "ADJUST_RATE",
        "RATE_CHECK",
        "SUM_CHECK",
        "TIE",
        "RECONCILE",
        "CHECK_TEXT",
    } <= used
    checks = [c.value for row in stored.values[layout.CHECKS].iter_rows() for c in row]
    assert checks.count("相符") > 20 and "不符" in checks
    severities = [c.value for c in stored.values[layout.ISSUES]["A"]]
    assert severities.count("错误") >= 10


@pytest.mark.host
def test_libreoffice_opens_it_and_native_formulas_give_what_is_stored(workbook, stored, tmp_path):
    again = openpyxl.load_workbook(recalculate(workbook, tmp_path), data_only=True)
    assert again.sheetnames == stored.values.sheetnames
    ours = {
        (sheet, r, c)
        for sheet, area, _ in stored.areas()
        for left, top, right, bottom in [range_boundaries(area)]
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    }
    known = set(ours)
    compared = 0
    for sheet, place, formula in stored.natives():
        operands = [t.value for t in Tokenizer(formula).items if t.subtype == "RANGE"]
        below = set()
        for operand in operands:
            title, (left, top, right, bottom) = stored.place(operand, sheet)
            below |= {(title, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        if below & known:  # without macros LibreOffice cannot know these
            cell = again[sheet][place]
            known.add((sheet, cell.row, cell.column))
            continue
        before, after = (book[sheet][place].value or "" for book in (stored.values, again))
        assert after == (pytest.approx(before, abs=1e-9) if isinstance(before, float | int) else before), (
            place
        )
        compared += 1
    assert compared >= 30
    sheet, area, _ = next(stored.areas())
    assert again[sheet][area.partition(":")[0]].value in ("#NAME?", "#VALUE!"), "it was not calculated anew"


def test_opening_keeps_the_stored_values(workbook):
    with zipfile.ZipFile(workbook) as package:
        said = package.read("xl/workbook.xml").decode()
    assert "fullCalcOnLoad" not in said and f'calcId="{191029}"' in said


def test_the_names_that_formulas_and_buttons_use_are_defined(stored):
    names = "REPORT_TEXT ANNEX_TABLE REPORT_FILE ANNEX_FILES STATUS PROJECT_ROWS PROJECT_TOTAL CHECKED_ROWS ISSUE_ROWS"
    assert {getattr(layout, name) for name in names.split()} == set(stored.formulas.defined_names) - {
        "_xlnm.Print_Area"
    }


def test_every_sheet_prints_on_a4_with_its_head(stored):
    for sheet in stored.formulas:
        assert sheet.page_setup.paperSize == 9 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.freeze_panes or sheet.title == layout.CONFIG


def test_text_from_outside_is_no_formula(tmp_path):
    book = Book(str(tmp_path / "a.xlsx"))
    page = Page(book, "甲", [10], "#000000")
    for row, text in enumerate(("=1+1", "+1", "-1", "@A1", "=cmd|'/c calc'!A1")):
        page.put(row, 0, text)
        page.merged(row, 2, 2 if row == 4 else 1, 2, text)
    book.file.close()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["甲"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_the_guide_lists_every_function_with_the_help_of_the_registry(stored):
    lines = [row for row in stored.values[layout.GUIDE].iter_rows(values_only=True)]
    for function in FUNCTIONS.values():
        written = guide.written(function)
        row = next(line for line in lines if line[0] == written)
        assert row[1:4] == (function.chinese, function.category, function.help)
        assert all(argument.help in row[4] for argument in function.arguments)


# ---- buttons -----------------------------------------------------------------------------------------------


class Cells:
    """As much of xlwings' Range as the buttons use, over a dictionary; takes values as Excel does."""

    def __init__(
        self, grid: dict[tuple[int, int], Any], bounds: tuple[int, int, int, int], ndim: int = 0
    ) -> None:
        self.grid, self.bounds, self.ndim = grid, bounds, ndim
        self.rows = SimpleNamespace(autofit=lambda: None)
        self.down = False

    @property
    def row(self) -> int:
        return self.bounds[1]

    def options(self, ndim: int = 0, err_to_str: bool = False, transpose: bool = False) -> Cells:
        made = Cells(self.grid, self.bounds, ndim)
        made.down = transpose
        return made

    def offset(self, row_offset: int = 0, column_offset: int = 0) -> Cells:
        left, top, right, bottom = self.bounds
        return Cells(
            self.grid, (left + column_offset, top + row_offset, right + column_offset, bottom + row_offset)
        )

    def __getitem__(self, at: tuple[int, int]) -> Cells:
        left, top = self.bounds[0] + at[1], self.bounds[1] + at[0]
        return Cells(self.grid, (left, top, left, top))

    def clear_contents(self) -> None:
        left, top, right, bottom = self.bounds
        for place in [p for p in self.grid if top <= p[0] <= bottom and left <= p[1] <= right]:
            del self.grid[place]

    def unmerge(self) -> None:
        pass

    @property
    def value(self) -> Any:
        left, top, right, bottom = self.bounds
        rows = [[self.grid.get((r, c)) for c in range(left, right + 1)] for r in range(top, bottom + 1)]
        return rows if self.ndim == 2 else rows[0][0]

    @value.setter
    def value(self, given: Any) -> None:
        rows = given if isinstance(given, list) and given and isinstance(given[0], list) else [given]
        rows = [row if isinstance(row, list) else [row] for row in rows]
        if self.down:
            rows = [[value] for row in rows for value in row]
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                assert not str(value).startswith(("=", "+", "@")), "Excel would take this for a formula"
                value = value[1:] if isinstance(value, str) and value.startswith("'") else value
                self.grid[self.bounds[1] + r, self.bounds[0] + c] = None if value == "" else value


class FakeBook:
    """The built workbook, opened: names and values."""

    def __init__(self, stored: Stored, home: Path) -> None:
        self.fullname = str(home / "审核底稿.xlsm")
        grids = {
            sheet.title: {
                (c.row, c.column): c.value for row in sheet.iter_rows() for c in row if c.value is not None
            }
            for sheet in stored.values
        }
        self.sheets = {title: SimpleNamespace(page_setup=SimpleNamespace(print_area="")) for title in grids}
        self.names = {}
        for name in stored.formulas.defined_names:
            title, bounds = stored.place(name, "")
            self.names[name] = SimpleNamespace(refers_to_range=Cells(grids[title], bounds))

    def cell(self, name: str) -> Cells:
        return self.names[name].refers_to_range

    @property
    def said(self) -> str:
        return str(self.cell(layout.STATUS).value)


@pytest.fixture
def book(stored: Stored, tmp_path: Path) -> FakeBook:
    return FakeBook(stored, tmp_path)


def test_recheck_says_what_the_sheets_hold(book):
    buttons.recheck(book)
    assert re.match(r"核对完成：读到数字 \d+ 个，核对 \d+ 项（相符 \d+.*）；发现 \d+ 条（错误 \d+", book.said)
    book.cell(layout.REPORT_TEXT).clear_contents()
    buttons.recheck(book)
    assert book.said.startswith("错误：叙述：没有可核对的报告文字")


def test_read_report_fills_narrative_and_annex_from_the_chosen_files(book):
    places = (layout.REPORT_TEXT, layout.ANNEX_TABLE, layout.PROJECT_ROWS, layout.PROJECT_TOTAL)
    before = [book.cell(name).options(ndim=2).value for name in places]
    for name in places:
        book.cell(name).clear_contents()
    buttons.read_report(book)
    assert book.said.startswith("错误：读取报告：没有选择自评报告")
    book.cell(layout.REPORT_FILE).value = str(SAMPLE / "自评报告.docx")
    book.cell(layout.ANNEX_FILES).value = "\n".join(map(str, sorted(SAMPLE.glob("附件*.xlsx"))))
    buttons.read_report(book)
    assert book.said.startswith("已读入报告 64 段，项目 6 个，附表“整体支出绩效自评表”28 行")
    assert [book.cell(name).options(ndim=2).value for name in places] == before
    assert book.sheets[layout.NARRATIVE].page_setup.print_area == "A1:B68"


def test_read_report_takes_formulas_in_a_report_as_words(book, tmp_path):
    evil = tmp_path / "报告.txt"
    evil.write_text('=HYPERLINK("x")\n+1\n@a\n2024年全年预算数100.00万元，执行数95.00万元。', "utf-8")
    book.cell(layout.REPORT_FILE).value = str(evil)
    buttons.read_report(book)
    assert book.cell(layout.REPORT_TEXT).value == '=HYPERLINK("x")' and "4 段，项目 0 个" in book.said
    assert book.cell(layout.PROJECT_ROWS).value is None


def test_write_paper_writes_beside_the_workbook_and_again(book, tmp_path):
    for _ in range(2):
        buttons.write_paper(book)
        assert book.said == f"底稿已写到：{tmp_path / '审核底稿-导出.xlsx'}"
    found = openpyxl.load_workbook(tmp_path / "审核底稿-导出.xlsx")
    assert "问题清单" in found.sheetnames


def test_fill_forms_makes_a_new_folder_each_time(book, tmp_path):
    book.cell(layout.REPORT_FILE).value = str(SAMPLE / "自评报告.docx")
    book.cell(layout.ANNEX_FILES).value = "；".join(map(str, sorted(SAMPLE.glob("附件*.xlsx"))))
    for folder in ("填列附表", "填列附表2"):
        buttons.fill_forms(book)
        made = {path.name for path in (tmp_path / folder).iterdir()}
        assert "填表数据.xlsx" in made and len(made) == 9
        assert f"已填列 8 张附表，连同填表数据写到：{tmp_path / folder}" in book.said


@pytest.mark.parametrize("where", ["https://d.docs.live.net/1/审核底稿.xlsm", "工作簿1"])
def test_a_workbook_that_stands_nowhere_is_to_be_saved_first(book, where):
    book.fullname = where
    for action in (buttons.write_paper, buttons.fill_forms):
        action(book)
        assert "请先另存到本机文件夹" in book.said


def test_a_fault_of_ours_is_said_and_not_thrown(book, monkeypatch):
    monkeypatch.setattr(buttons, "_from_sheets", lambda book: 1 / 0)
    buttons.recheck(book)
    assert book.said.startswith("程序出错：ZeroDivisionError")
