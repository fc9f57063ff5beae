"""The commands for notebooks: notebooks, report. Translates and calls; holds no rule of its own.

Libraries of the extra `notebooks` are loaded when a command needs them; where one is missing, that is told.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import AuditError

CLEAN = 0
SAMPLE = "样例"
PARAMETERS = "parameters"  # the tag of the cell whose values papermill replaces
# Nothing leaves the machine: no news, no look for updates, no catalogue of extensions.
OFFLINE = (
    "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)  # fmt: skip
MOST_WORDS = 300  # of an error in a notebook
# Scripts of the page's frame that would come from a network: none is needed for what the notebooks show.
REMOTE = re.compile(
    r'<script[^>]*\bsrc=""[^>]*>\s*</script>|<script type="module">(?:(?!</script>).)*?mermaid.*?</script>',
    re.S,
)
Help = Callable[[argparse.ArgumentParser], None]


def add_commands(commands: Any, add_help: Help) -> None:
    notebooks = commands.add_parser(
        "notebooks", help="复制核对笔记本和样例数据，并启动 JupyterLab", add_help=False
    )
    notebooks.add_argument("-o", "--output", metavar="目录", required=True, help="复制到哪个目录")
    notebooks.add_argument("--no-browser", action="store_true", help="启动 JupyterLab，但不打开浏览器")
    notebooks.add_argument("--copy-only", action="store_true", help="只复制，不启动 JupyterLab")
    notebooks.add_argument("--force", action="store_true", help="同名文件已改动时也覆盖")
    notebooks.set_defaults(run=_notebooks)

    report = commands.add_parser(
        "report", help="用一个笔记本核对一份报告，写出网页（每个部门一份）", add_help=False
    )
    report.add_argument("report", metavar="报告", help="自评报告")
    report.add_argument("annexes", metavar="附表", nargs="*", default=[], help="附件1、2、3")
    report.add_argument(
        "--notebook",
        metavar="编号",
        default="01",
        help="笔记本的编号（如 01），或自己的 .ipynb 文件；默认 01",
    )
    report.add_argument("-o", "--output", metavar="核对.html", required=True, help="写到哪个文件")
    report.add_argument("--force", action="store_true", help="文件已存在时覆盖")
    report.set_defaults(run=_report)
    for parser in (notebooks, report):
        add_help(parser)


def notebooks_folder() -> Path:
    """The notebooks: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise AuditError("笔记本", "安装包中没有笔记本", "请重新安装本工具")


def _notebooks(arguments: argparse.Namespace) -> int:
    if not arguments.copy_only:
        _need("jupyterlab")
    target = Path(arguments.output)
    copied = copy_notebooks(target, force=arguments.force)
    print(f"已复制 {len(copied)} 个文件到：{target.resolve()}")
    if arguments.copy_only:
        print(f'启动：jupyter lab "{target}"')
        return CLEAN
    options = [*OFFLINE, "--no-browser"] if arguments.no_browser else OFFLINE
    return _until_closed([sys.executable, "-m", "jupyterlab", *options, str(target.resolve())])


def _until_closed(command: list[str]) -> int:
    """Run a program until it ends; Ctrl-C is for it to answer, not for us."""
    with subprocess.Popen(command) as program:
        while True:
            try:
                return program.wait()
            except KeyboardInterrupt:
                continue


def copy_notebooks(target: Path, *, force: bool = False) -> list[Path]:
    """Notebooks and the sample's files; a file that somebody changed is replaced only when told so."""
    from .cli import sample_folder

    sample = sample_folder()
    sources = {target / path.name: path for path in sorted(notebooks_folder().glob("*.ipynb"))}
    for version in ("planted", "sound"):
        for path in sorted((sample / version).iterdir()):
            sources[target / SAMPLE / version / path.name] = path
    if not force:
        for copy, source in sources.items():
            if os.path.lexists(copy) and not (copy.is_file() and copy.read_bytes() == source.read_bytes()):
                raise AuditError(str(copy), "已有同名文件，不会覆盖", "请用 -o 另选目录，或用 --force 覆盖")
    try:
        for copy, source in sources.items():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    except OSError as error:
        raise AuditError(str(target), "无法写入", "请检查目录是否有写权限") from error
    return list(sources)


def _report(arguments: argparse.Namespace) -> int:
    from .cli import _may_replace, _write_text

    inputs = [arguments.report, *arguments.annexes]
    _need("papermill", "nbconvert", "ipykernel", "pandas", "matplotlib", "itables")
    for path in inputs:
        if not Path(path).is_file():
            raise AuditError(path, "找不到文件", "请核对路径和文件名")
    notebook = _chosen(arguments.notebook)
    _may_replace(arguments.output, inputs, arguments.force)
    if not Path(arguments.output).resolve().parent.is_dir():
        raise AuditError(arguments.output, "无法写入", "请检查目录是否存在、是否有写权限")
    _write_text(run_notebook(notebook, arguments.report, arguments.annexes), arguments.output)
    print(f"网页：{arguments.output}")
    return CLEAN


def _chosen(name: str) -> Path:
    """A notebook by its number, or a file of one's own."""
    if name.endswith(".ipynb"):
        path = Path(name)
        if not path.is_file():
            raise AuditError(name, "找不到这个笔记本", "请核对路径")
        return path
    known = sorted(notebooks_folder().glob("*.ipynb"))
    for path in known:
        if name in (path.stem, path.stem.partition("-")[0]):
            return path
    numbers = "、".join(path.stem for path in known)
    raise AuditError(name, "没有这个编号的笔记本", f"可选：{numbers}")


def run_notebook(notebook: Path, report: str, annexes: list[str]) -> str:
    """The notebook run on a report in a kernel of its own, as a web page without code that stands alone."""
    import nbformat
    import papermill

    read: Any = nbformat.read
    cells = read(notebook, as_version=4).cells
    settings = [cell.source for cell in cells if PARAMETERS in cell.metadata.get("tags", ())]
    if not any(line.startswith("report") for source in settings for line in source.splitlines()):
        raise AuditError(
            notebook.name, "这个笔记本不是核对一份报告用的", "请换一个笔记本，或用 audit notebooks 打开它"
        )
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # or the kernel warns of a frozen Python
    values = {"report": os.path.abspath(report), "annexes": [os.path.abspath(path) for path in annexes]}
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = papermill.execute_notebook(
                str(notebook.resolve()), os.path.join(folder, "done.ipynb"), parameters=values, kernel_name="python3",
                progress_bar=sys.stderr.isatty(), cwd=folder, extra_arguments=["--log-level=40"],
            )  # fmt: skip
        except papermill.exceptions.PapermillExecutionError as error:
            raise AuditError(
                notebook.name, f"运行时出错：{error.ename}：{error.evalue[:MOST_WORDS]}"
            ) from error
    title = f"{Path(report).stem} {notebook.stem}"
    return _page(done, title)


def _page(notebook: Any, title: str) -> str:
    from nbconvert import HTMLExporter

    make: Any = HTMLExporter
    exporter = make(exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)
    exporter.mathjax_url = exporter.require_js_url = exporter.jquery_url = exporter.mermaid_js_url = ""
    exporter.language_code = "zh"
    body, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return REMOTE.sub("", str(body))


def _need(*names: str) -> None:
    from ..frames import INSTALL

    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise AuditError("笔记本", f"没有安装 {'、'.join(missing)}", INSTALL)
