"""The notebooks: pairs without outputs, run from a clean kernel without a warning, and clicked in a real browser."""

from __future__ import annotations

import ast
import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from audit.faces.cli import main
from tests.browser.chromium import Chromium, program
from tests.browser.lab import address, jupyter_lab, run_all
from tests.conftest import ROOT, SHARED

FOLDER = ROOT / "notebooks"
NUMBERS = ("01", "02", "03", "04", "05")
MAY_IMPORT = {"audit", "pathlib", "tempfile", "xlwings"}
PICTURE = "image/png"


def notebook(number: str, kind: str = "ipynb") -> Path:
    (path,) = FOLDER.glob(f"{number}-*.{kind}")
    return path


def run(number: str, home: Path, /, **parameters: Any) -> Any:
    """The notebook after a run in a kernel of its own, with parameters as papermill hands them over."""
    found = load_notebook_node(str(notebook(number)))
    if parameters:
        found = parameterize_notebook(found, parameters)
    NotebookClient(found, timeout=60, kernel_name="python3", resources={"metadata": {"path": home}}).execute()
    return found


def outputs(run: Any) -> list[Any]:
    return [output for cell in run.cells if cell.cell_type == "code" for output in cell.outputs]


def shown(run: Any, kind: str = "text/plain") -> list[str]:
    return [output.data[kind] for output in outputs(run) if kind in output.get("data", {})]


def said(run: Any, stream: str = "stdout") -> str:
    return "".join(o.text for o in outputs(run) if o.output_type == "stream" and o.name == stream)


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Kernels find this checkout, nobody's own IPython settings, and matplotlib's list of fonts already made."""
    import matplotlib.font_manager  # noqa: F401

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        yield


# ---- as files ----------------------------------------------------------------------------------------------


def test_each_notebook_is_a_pair():
    assert [path.stem[:2] for path in sorted(FOLDER.glob("*.ipynb"))] == [*NUMBERS]
    assert {p.stem for p in FOLDER.glob("*.ipynb")} == {p.stem for p in FOLDER.glob("*.py")}


@pytest.mark.parametrize("newer", ["py", "ipynb"])
def test_syncing_changes_nothing(tmp_path, newer):
    from jupytext.cli import jupytext as command

    home = Path(shutil.copytree(FOLDER, tmp_path / "notebooks"))
    before = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    for path in home.iterdir():
        os.utime(path, (1e9, 1e9 + (path.suffix == f".{newer}")))
    command(["--sync", "--quiet", *map(str, sorted(home.glob("*.py")))])
    assert {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_of_a_run_is_stored(number):
    found = nbformat.read(notebook(number), as_version=4)
    nbformat.validate(found)
    assert set(found.metadata) == {"kernelspec", "jupytext"}
    for cell in found.cells:
        assert set(cell.metadata) <= {"tags"}
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None


@pytest.mark.parametrize("number", NUMBERS)
def test_a_notebook_has_one_cell_of_parameters_and_prose_before_code(number):
    cells = nbformat.read(notebook(number), as_version=4).cells
    assert cells[0].cell_type == "markdown" and cells[0].source.startswith(f"# {notebook(number).stem[:2]} ")
    assert [cell.metadata.get("tags") for cell in cells if cell.metadata.get("tags")] == [["parameters"]]
    assert max(cell.source.count("\n") for cell in cells if cell.cell_type == "code") < 20


@pytest.mark.parametrize("number", NUMBERS)
def test_a_notebook_holds_no_logic_of_its_own(number):
    tree = ast.parse(notebook(number, "py").read_text("utf-8"))
    logic = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.While)
    assert not [node for node in ast.walk(tree) if isinstance(node, logic)]
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }  # fmt: skip
    assert imported <= MAY_IMPORT


# ---- run ---------------------------------------------------------------------------------------------------

# What the sample department must show.
SAMPLE = {
    "01": ["519.84万元÷522.60万元", "报告印的 94.47 　应为 99.47 　差 -5.00 　 不符"],
    "02": [],
    "03": ["项目 6 个", "6 个项目，读回与写入一致"],
    "04": ["12 个部门，其中 0 个读不了"],
    "05": ["基础数据表!B6 “附件1：三公经费上年执行”写为6.43万元", "基础数据表!F4 “在职人数控制率”写为97.44%"],
}
PICTURES = {"01": 1, "02": 3, "03": 0, "04": 4, "05": 0}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_notebook_runs_on_the_sample_without_a_warning(number, tmp_path):
    done = run(number, tmp_path)
    assert said(done, "stderr") == ""
    assert [words for words in SAMPLE[number] if words not in said(done)] == []
    assert len(shown(done, PICTURE)) == PICTURES[number]
    assert not list(tmp_path.iterdir()), "nothing is left beside the notebook"


def test_notebook_03_writes_the_forms_where_it_is_told_to(tmp_path):
    done = run("03", tmp_path, output=str(tmp_path / "填好的"))
    assert said(done, "stderr") == ""
    assert len(list((tmp_path / "填好的" / "附表").glob("附件*.xlsx"))) == 8


def test_notebook_04_goes_on_where_a_department_cannot_be_read(tmp_path):
    from audit.faces.notebook import make_departments

    folder = tmp_path / "部门"
    make_departments(folder, 3)
    (folder / "坏文件").mkdir()
    (folder / "坏文件" / "自评报告.docx").write_bytes(b"PK\x03\x04 cut off")
    done = run("04", tmp_path, folder=str(folder))
    assert said(done, "stderr") == ""
    assert "4 个部门，其中 1 个读不了" in said(done)
    assert folder.is_dir(), "only the folder made by the notebook goes away"


@pytest.mark.shared
def test_notebook_01_runs_on_a_real_report(tmp_path):
    done = run("01", tmp_path, report=str(SHARED / "seeds" / "000.txt"), annexes=[])
    assert said(done, "stderr") == ""
    assert "可能范围" in said(done)


# ---- in JupyterLab -----------------------------------------------------------------------------------------

ROWS = "document.querySelectorAll('.dt-container tbody tr').length"
CHART = "document.querySelector('.jp-OutputArea img[src^=\"data:image/png\"]')"
NARRATIVE = (
    "[...document.querySelectorAll('.jp-OutputArea [title]')].find(e => e.textContent.includes('94.47%'))"
)


@pytest.fixture
def lab(tmp_path: Path) -> Any:
    """JupyterLab really started, where `audit notebooks` copied the notebooks to."""
    if program() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")
    assert main(["notebooks", "-o", str(tmp_path / "notebooks"), "--copy-only"]) == 0
    with jupyter_lab(tmp_path / "notebooks") as (pattern, _):
        yield pattern


@pytest.mark.host
def test_notebook_01_through_run_all_in_jupyterlab(lab, tmp_path):
    with Chromium() as page:
        page.open(address(lab, notebook("01").name))
        run_all(page)

        page.wait(f"{ROWS} === 10")  # the interactive table, its first page
        page.click("document.querySelector('.dt-container .dt-search input')")
        page.call("Input.insertText", text="R201")
        page.wait(f"{ROWS} === 1")
        row = page.value("document.querySelector('.dt-container tbody tr').textContent")
        assert "94.47%" in row and "519.84万元÷522.60万元" in row

        page.wait(f"{CHART}?.naturalWidth > 500")
        page.wait(NARRATIVE)
        assert "519.84万元÷522.60万元" in page.value(f"{NARRATIVE}.title")
        red = page.value(f"getComputedStyle({NARRATIVE}).backgroundColor")
        assert red == "rgb(246, 191, 187)"
        page.value(f"{NARRATIVE}.scrollIntoView({{block: 'center'}})")
        page.picture(tmp_path / "narrative.png")
        # itables 2.9 asks for the page's dark mode before its own bundle is there; the tables do not mind
        assert [c for c in page.complaints if "set_or_remove_dark_class" not in c] == []
        assert [a for a in page.asked if a.startswith("http") and "//127.0.0.1:" not in a] == []
