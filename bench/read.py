"""How long reading takes: a 15-page .docx with 20 tables, and the .pdf that LibreOffice makes of it.

    python bench/read.py

Prints the median of several rounds. Goals: .docx under 20 ms, .pdf under 200 ms.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import docx
from docx.shared import Pt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from audit.read import read
from audit.read.convert import find_office

ROUNDS = 15
SENTENCE = "本年度该项支出{0}.24万元，比上年增加{1}.05万元，增长{2}.3%，主要用于日常运转和设备更新。"


def make(path: Path) -> None:
    """A made-up report: headings, indented paragraphs of several runs, tables with merged cells."""
    document = docx.Document()
    for chapter in range(1, 21):
        document.add_heading(f"第{chapter}项工作", level=2)
        for n in range(3):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(24)
            for part in range(4):
                paragraph.add_run(
                    SENTENCE.format(1000 * chapter + n, 10 * n + part, part + 1)
                ).font.size = Pt(12)
        document.add_paragraph("单位：万元")
        table = document.add_table(rows=9, cols=6, style="Table Grid")
        for r, row in enumerate(table.rows):
            for c, cell in enumerate(row.cells):
                cell.text = f"{r * c}.{chapter:02d}" if r and c else f"指标{r}{c}"
        table.cell(0, 0).merge(table.cell(0, 1))
        table.cell(3, 5).merge(table.cell(5, 5))
    document.save(str(path))


def measure(path: Path) -> None:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        document = read(path)
        times.append(1000 * (time.perf_counter() - start))
    pages = f"{len(document.pages)} pages, " if document.pages else ""
    print(
        f"{path.suffix:6} {median(times):7.1f} ms  (first {times[0]:.1f})  "
        f"{pages}{len(document.text)} characters, {len(document.tables)} tables"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        make(path)
        measure(path)
        office = find_office()
        if office is None:
            print("LibreOffice is not installed: no .pdf to measure")
            return
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        subprocess.run(
            [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        measure(path.with_suffix(".pdf"))


if __name__ == "__main__":
    main()
