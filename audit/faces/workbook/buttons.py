"""What the workbook's buttons do. RunPython calls these with nothing; tests hand them a book of their own.

Comes in: the open workbook (xlwings' Book). Goes out: words and values in its cells, files beside it, and one
sentence in the cell 处理结果. Whatever goes wrong is said there too. Text is written as text, never as a formula.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from ...errors import AuditError
from ...report import Report
from ..working_paper.kit import clean
from .layout import (
    ANNEX_FILES,
    ANNEX_TABLE,
    CHECKED_ROWS,
    ISSUE_ROWS,
    NARRATIVE,
    PROJECT_ROWS,
    PROJECT_TOTAL,
    PROJECTS,
    REPORT_FILE,
    REPORT_TEXT,
    STATUS,
)

Action = Callable[[Any], str]


def button(action: Action) -> Callable[..., None]:
    """Run an action on the calling workbook and say in 处理结果 how it went."""

    @wraps(action)
    def run(book: Any = None) -> None:
        if book is None:
            import xlwings

            book = xlwings.Book.caller()
        try:
            said = action(book)
        except AuditError as error:
            said = f"错误：{error}"
        except Exception as error:
            said = f"程序出错：{type(error).__name__} {error}。请把这句话和所用文件告诉维护人员。"
        _place(book, STATUS).value = _text(said)

    return run


@button
def read_report(book: Any) -> str:
    """The chosen files into 叙述, 附表 and 执行率复算."""
    from ...read import read
    from .reading import paragraphs, projects, values, whole_form

    report, annexes = _files(book)
    if report is None:
        raise AuditError("读取报告", "没有选择自评报告", "请点“读取报告”选择，或在“报告文件”填写路径")
    document = read(report)
    lines = paragraphs(document)
    form = whole_form([read(path, "annex", f"d{n}") for n, path in enumerate(annexes, 2)])
    area = _place(book, REPORT_TEXT)
    numbers = area.offset(column_offset=-1)
    numbers.clear_contents()
    _write(area, [[line] for line in lines])
    numbers[0, 0].options(transpose=True).value = list(range(1, len(lines) + 1))
    area.rows.autofit()
    book.sheets[NARRATIVE].page_setup.print_area = f"A1:B{area.row + max(len(lines), 1) - 1}"
    rows, total = projects(document)
    _write(_place(book, PROJECT_ROWS), [[row.name, *row.figures()] for row in rows[:PROJECTS]])
    _write(_place(book, PROJECT_TOTAL), [total.figures()] if total else [])
    said = f"已读入报告 {len(lines)} 段，项目 {len(rows)} 个"
    if form is not None:
        table = _place(book, ANNEX_TABLE)
        table.unmerge()
        _write(table, values(form))
        said += f"，附表“{form.name}”{form.rows} 行"
    return f"{said}。其余附表在“导出底稿”“填列附表”时一并使用。" if len(annexes) > 1 else f"{said}。"


@button
def recheck(book: Any) -> str:
    """What the checks of text and annex come to; Excel itself has just calculated everything anew."""
    report = _from_sheets(book)
    for name in (CHECKED_ROWS, ISSUE_ROWS):
        _place(book, name).rows.autofit()
    counts = "，".join(f"{status.value} {n}" for status, n in report.status_counts().items())
    found = "，".join(f"{severity.value} {n}" for severity, n in report.severity_counts().items() if n)
    return f"核对完成：读到数字 {len(report.figures)} 个，核对 {len(report.checks)} 项（{counts}）；" + (
        f"发现 {len(report.findings)} 条（{found}）。" if found else "未发现问题。"
    )


@button
def write_paper(book: Any) -> str:
    """The working paper beside the workbook; opinions filled into an earlier one are kept."""
    from ..working_paper import write_working_paper

    folder = _folder(book)
    report = _report(book)
    path = folder / f"{Path(book.fullname).stem}-导出.xlsx"
    return f"底稿已写到：{write_working_paper(report, path, force=True)}"


@button
def fill_forms(book: Any) -> str:
    """A case drafted from the report, and the standard forms filled from it, in a new folder."""
    from ...forms.case_workbook import write_case
    from ...forms.draft import draft
    from ...forms.fill import fill

    folder = _fresh(_folder(book), "填列附表")
    case, sources = draft(_report(book))
    folder.mkdir()
    write_case(case, folder / "填表数据.xlsx", sources=sources)
    made = fill(case, None, folder)
    return f"已填列 {len(made)} 张附表，连同填表数据写到：{folder}。请核对后使用。"


# ---- the workbook ------------------------------------------------------------------------------------------


def _place(book: Any, name: str) -> Any:
    return book.names[name].refers_to_range


def _given(book: Any, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = _place(book, name).options(ndim=2, err_to_str=True).value
    return rows


def _text(words: str) -> str:
    """Excel takes what follows an apostrophe as text, whatever it looks like."""
    return "'" + clean(words) if words else ""


def _write(area: Any, grid: list[list[Any]]) -> None:
    """Into the top left corner of an area, which is emptied."""
    area.clear_contents()
    if grid and grid[0]:
        area[0, 0].value = [
            [_text(value) if isinstance(value, str) else value for value in row] for row in grid
        ]


def _files(book: Any) -> tuple[Path | None, list[Path]]:
    """Report and annexes by the paths in their cells, one a line or parted by semicolons."""
    report, annexes = (
        [line.strip().strip('"') for line in str(_place(book, name).value or "").replace("；", ";").replace("\n", ";").split(";")]
        for name in (REPORT_FILE, ANNEX_FILES)
    )  # fmt: skip
    return (Path(report[0]) if report[0] else None), [Path(line) for line in annexes if line]


def _report(book: Any) -> Report:
    """Checked from the files that are named, or from what stands in the sheets."""
    from ...run import check

    report, annexes = _files(book)
    return check(report, annexes) if report else _from_sheets(book)


def _from_sheets(book: Any) -> Report:
    from ...functions.border import Reason
    from ...functions.texts import freeze, report_beside, report_of, words_of

    words = words_of(_given(book, REPORT_TEXT))
    if isinstance(words, Reason):
        raise AuditError("叙述", f"没有可核对的报告文字（{words}）", "请粘贴报告文字，或点“读取报告”")
    grid = _given(book, ANNEX_TABLE)
    filled = any(cell not in (None, "") for row in grid for cell in row)
    return report_beside(words, freeze(grid)) if filled else report_of(words)


def _folder(book: Any) -> Path:
    """Where the workbook stands; it must have been saved to a disk."""
    path = Path(book.fullname)
    if "://" in str(book.fullname) or not path.is_absolute():
        raise AuditError("本工作簿", "没有存在本机磁盘上", "请先另存到本机文件夹，再点按钮")
    return path.parent


def _fresh(folder: Path, name: str) -> Path:
    candidates = (folder / (name if n == 1 else f"{name}{n}") for n in range(1, 1000))
    return next(path for path in candidates if not path.exists())
