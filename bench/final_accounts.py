"""How long a final account takes: a PDF of 30 pages and more, read and checked.

    python bench/final_accounts.py [FILE.pdf]

Without a file, LibreOffice prints the made-up account of the tests, its narrative repeated until it fills the
pages. Prints the median of several rounds. Goal: a 30-page PDF in less than 3 s.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import accounts  # noqa: E402

from audit.read import read  # noqa: E402
from audit.read.convert import find_office  # noqa: E402
from audit.run import check_documents  # noqa: E402

ROUNDS = 7
PAGES = 30


def make(folder: Path) -> Path:
    """The account with so much text that it has thirty pages."""
    parts = accounts.account()
    more = [
        f"{n}.{text}"
        for n in range(60)
        for text in accounts.narrative()[2:8]
        if isinstance(text, str) and "，" in text
    ]
    source = folder / "account.html"
    source.write_text(accounts.html([*parts, *more]), encoding="utf-8")
    office = find_office()
    if office is None:
        raise SystemExit("needs LibreOffice, or the name of a PDF")
    subprocess.run(
        [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "pdf:writer_web_pdf_Export", "--outdir", str(folder), str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "account.pdf"


def measure(path: Path) -> None:
    reading, checking = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        document = read(path)
        between = time.perf_counter()
        report = check_documents([document])
        reading.append(between - start)
        checking.append(time.perf_counter() - between)
    print(
        f"{len(document.pages)} pages, {len(document.text)} characters, {len(document.tables)} tables, "
        f"{len(report.checks)} checks: reading {median(reading):.2f} s, checking {median(checking):.2f} s"
    )


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(make(Path(folder)))


if __name__ == "__main__":
    main()
