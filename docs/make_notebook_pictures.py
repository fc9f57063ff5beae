"""The picture of docs/notebooks.md: notebook 01 in JupyterLab, run through "Run All" in headless Chromium.

    python docs/make_notebook_pictures.py

Needs the test extras and Chromium. Writes docs/images/notebook.png and notebook-narrative.png.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import Chromium  # noqa: E402 - stands in tests/
from tests.browser.lab import address, jupyter_lab, run_all  # noqa: E402

MOST_BYTES = 300_000
TABLE = "document.querySelector('.dt-container')"
# what is scrolled to the top of the page
PICTURES = {
    "notebook": f"{TABLE}.closest('.jp-Cell')",
    "notebook-narrative": "[...document.querySelectorAll('.jp-MarkdownCell')].find(e => /三、正文/.test(e.textContent))",
}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(shutil.copytree(ROOT / "notebooks", Path(folder) / "notebooks"))
        (first,) = home.glob("01-*.ipynb")
        with jupyter_lab(home) as (pattern, _), Chromium(1200, 860) as page:
            page.open(address(pattern, first.name))
            run_all(page)
            page.wait(f"{TABLE}?.querySelectorAll('tbody tr').length === 10")
            for name, place in PICTURES.items():
                page.value(f"{place}.scrollIntoView({{block: 'start'}})")
                page.value("new Promise(done => setTimeout(done, 500))")
                size = page.picture(IMAGES / f"{name}.png").stat().st_size
                print(f"docs/images/{name}.png  {size:,} bytes")
                if size > MOST_BYTES:
                    raise SystemExit(f"{name}.png is larger than {MOST_BYTES:,} bytes: take a smaller page")


if __name__ == "__main__":
    main()
