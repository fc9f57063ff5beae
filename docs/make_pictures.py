"""The pictures of the READMEs: the demo in a terminal, pages of the working paper it writes, a filled form, the workbook.

    python docs/make_pictures.py

Needs the test extras, LibreOffice (calc and writer), poppler and the Noto CJK fonts. Writes docs/images/*.png.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from libreoffice import to_pdf  # noqa: E402 - stands in tests/

import audit  # noqa: E402
from audit.faces.workbook import build_workbook  # noqa: E402

MOST_BYTES = 300_000
FIRST_LINES = 26  # of the terminal at most, whole findings; the last line is shown too
NEW_FINDING = re.compile(r" *\d+ ")
POINTS = 10  # size of a terminal character; a Latin one is half as wide
# picture, sheet, resolution, share of the page's width and height from its top left corner
PAGES = (
    ("cover", "封面", 90, 1.0, 1.0),
    ("findings", "问题清单", 120, 1.0, 0.62),
    ("checks", "核对表", 120, 1.0, 0.62),
)
WORKBOOK_PAGES = (
    ("workbook", "使用说明", 100, 1.0, 1.0),
    ("workbook-checks", "核对", 100, 1.0, 1.0),
    ("workbook-rates", "执行率复算", 110, 1.0, 0.56),
    ("workbook-findings", "问题清单", 100, 1.0, 1.0),
)
FORMULA = re.compile(rb"<f[ >].*?</f>", re.DOTALL)
MACROS, PLAIN = (
    f"application/vnd.{kind}.main+xml".encode()
    for kind in ("ms-excel.sheet.macroEnabled", "openxmlformats-officedocument.spreadsheetml.sheet")
)
TERMINAL = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles>
<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="{width}pt"
 fo:page-height="{height}pt" fo:margin="14pt" fo:background-color="#1e2329"/></style:page-layout>
<style:style style:name="P" style:family="paragraph">
<style:paragraph-properties fo:line-height="{line}pt" style:text-autospace="none"
 style:punctuation-wrap="simple" style:line-break="normal"/>
<style:text-properties fo:font-size="{size}pt" style:font-size-asian="{size}pt" fo:color="#e8eaed"
 fo:font-family="'Noto Sans Mono CJK SC'" style:font-family-asian="'Noto Sans Mono CJK SC'"/></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L"/></office:master-styles>
<office:body><office:text>{paragraphs}</office:text></office:body></office:document>
"""


def demo(home: Path) -> list[str]:
    """Run the demo in `home` and return what it prints."""
    command = [sys.executable, "-m", "audit", "demo", "-o", "audit-demo"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    run = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=True)
    return run.stdout.decode().replace(str(home.resolve()), "~").splitlines()


def terminal(lines: list[str], folder: Path) -> Path:
    """The printed lines as a .pdf page that looks like a terminal."""
    if len(lines) > FIRST_LINES + 2:
        cut = max(n for n in range(FIRST_LINES + 1) if NEW_FINDING.match(lines[n]))
        lines = [*lines[:cut], "……", lines[-1]]
    lines = ["$ audit demo", *lines]
    paragraphs = "".join(f'<text:p text:style-name="P">{_spaced(line)}</text:p>' for line in lines)
    line = POINTS * 1.5
    page = folder / "terminal.fodt"
    page.write_text(
        TERMINAL.format(
            width=100 * POINTS / 2 + 36, height=len(lines) * line + 32, line=line, size=POINTS, paragraphs=paragraphs
        ),
        "utf-8",
    )
    return to_pdf(page, folder)


def _spaced(line: str) -> str:
    return escape(line).replace("  ", ' <text:s text:c="1"/>')


def filled(home: Path) -> Path:
    """附件2 of the sample department, drafted from its report and annexes."""
    sound = ROOT / "workbooks" / "sample" / "sound"
    case = audit.draft_case(sound / "自评报告.docx", sorted(sound.glob("附件*.xlsx")), home / "case.xlsx")
    return audit.fill(case, "hunan", home / "forms")[1]


def as_stored(workbook: Path, copy: Path) -> Path:
    """A copy with the stored values in place of the formulas: what one sees where macros are off."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as made:
        for item in source.infolist():
            data = source.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                data = FORMULA.sub(b"", data)
            made.writestr(item, data.replace(MACROS, PLAIN) if item.filename == "[Content_Types].xml" else data)
    return copy


def pages(pdf: Path, wanted: tuple[tuple[str, str, int, float, float], ...]) -> None:
    """A picture of the first page of each sheet."""
    document = pypdfium2.PdfDocument(str(pdf))
    places = {sheet: page_of(document, sheet) for _, sheet, *_ in wanted}
    document.close()
    for name, sheet, dpi, width, height in wanted:
        picture(pdf, name, places[sheet], dpi, width, height)


def page_of(document: pypdfium2.PdfDocument, sheet: str) -> int:
    """The first page (from 0) of a sheet, by its page header."""
    for index in range(len(document)):
        header = document[index].get_textpage().get_text_range().splitlines()[0]
        if header.endswith(sheet):
            return index
    raise ValueError(f"no page of {sheet}")


def picture(pdf: Path, name: str, page: int, dpi: int, width: float = 1.0, height: float = 1.0) -> None:
    document = pypdfium2.PdfDocument(str(pdf))
    across, down = document[page].get_size()
    document.close()
    crop = ["-x", 0, "-y", 0, "-W", round(across * width * dpi / 72), "-H", round(down * height * dpi / 72)]
    command = ["pdftoppm", "-png", "-singlefile", "-r", dpi, "-f", page + 1, *crop, pdf, IMAGES / name]
    subprocess.run([str(word) for word in command], check=True)
    target = IMAGES / f"{name}.png"
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}  {size:,} bytes")
    if size > MOST_BYTES:
        raise SystemExit(f"{target.name} is larger than {MOST_BYTES:,} bytes: lower its resolution")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        lines = demo(home)
        picture(terminal(lines, home), "terminal", 0, 120)
        pages(to_pdf(home / "audit-demo" / "审计底稿.xlsx", home), PAGES)
        picture(to_pdf(filled(home), home), "form", 0, 100)
        workbook = build_workbook(home / "审核底稿.xlsm")
        pages(to_pdf(as_stored(workbook, home / "工作簿.xlsx"), home), WORKBOOK_PAGES)


if __name__ == "__main__":
    main()
