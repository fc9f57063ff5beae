"""PDFs: paragraphs put back together, tables from ruling lines, page furniture dropped.

The files are written here by hand, so that every character stands where the test says.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.errors import ReadError
from audit.read import read
from audit.source import CellState, Document

LEFT, RIGHT, TOP, SIZE, LEAD = 72, 72 + 12 * 36, 760, 12, 24


class Paper:
    """A page: text at places, lines, a picture."""

    def __init__(self, width: int = 576, height: int = 842) -> None:
        self.width, self.height, self.ops, self.picture, self.rotate = width, height, list[str](), False, 0

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> Paper:
        code = text.encode("utf-16-be").hex()
        self.ops.append(f"BT /F {size} Tf {x} {y} Td <{code}> Tj ET")
        return self

    def lines(self, *texts: str, y: float = TOP) -> Paper:
        for i, text in enumerate(texts):
            indent = len(text) - len(text.lstrip("\u3000"))
            self.text(LEFT + indent * SIZE, y - i * LEAD, text.lstrip("\u3000"))
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Paper:
        self.ops.append(f"0.5 w {x0} {y0} m {x1} {y1} l S")
        return self

    def area(self, x: float, y: float, width: float, height: float) -> Paper:
        self.ops.append(f"{x} {y} {width} {height} re f")
        return self

    def image(self) -> Paper:
        self.picture = True
        self.ops.append(f"q {self.width} 0 0 {self.height} 0 0 cm /I Do Q")
        return self

    def frame(self, xs: list[float], ys: list[float]) -> Paper:
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        return self


def pdf(*pages: Paper) -> bytes:
    """A PDF with one Chinese font that is not embedded; Latin characters are half as wide."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count {}/Kids[{}]>>".format(
            len(pages), " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
        ),
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/Ascent 880/Descent -120"
        "/CapHeight 700/ItalicAngle 0/StemV 80/FontBBox[0 -120 1000 880]>>>>",
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        "\nstream\n\x7f\nendstream",
    ]
    for i, page in enumerate(pages):
        body = "\n".join(page.ops)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width} {page.height}]/Rotate {page.rotate}"
            f"/Contents {7 + 2 * i} 0 R/Resources<</Font<</F 3 0 R>>/XObject<</I 5 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(body)}>>\nstream\n{body}\nendstream")
    out, offsets = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{item}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    return out + trailer.encode()


@pytest.fixture
def reading(tmp_path: Path):
    def _read(*pages: Paper) -> Document:
        path = tmp_path / "决算.pdf"
        path.write_bytes(pdf(*pages))
        return read(path)

    return _read


def prints(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks]


def full(start: str) -> str:
    """A line as long as the page is wide, in Chinese characters that say nothing."""
    width = sum(2 if ord(c) > 0x2E80 else 1 for c in start)
    return start + "某" * ((72 - width) // 2) + " " * (width % 2)


FILLER = [full("\u3000\u3000" + "其余情况"), full("如前"), full("如后"), "止。"]


def test_lines_of_a_paragraph_are_joined_and_paragraphs_kept_apart(reading):
    document = reading(Paper().lines(*FILLER, "\u3000\u3000另起一段。", "\u3000\u3000又一段。"))
    assert prints(document) == ["".join(FILLER).strip("\u3000"), "另起一段。", "又一段。"]


@pytest.mark.parametrize(
    ("head", "tail", "whole"),
    [
        ("175", "39.24万元。", "17539.24万元。"),
        ("17539.", "24万元。", "17539.24万元。"),
        ("17539.24", "万元。", "17539.24万元。"),
    ],
)
def test_number_cut_by_a_line_end_comes_out_whole(reading, head, tail, whole):
    width = 72 - len(head) - 4
    line = "\u3000\u3000" + "本" * (width // 2) + " " * (width % 2) + head
    document = reading(Paper().lines(*FILLER, line, tail, *FILLER))
    assert any(text.endswith("本" + " " * (width % 2) + whole) for text in prints(document))


def test_paragraph_goes_on_overleaf_past_the_page_number(reading):
    first = Paper().lines(*FILLER, full("\u3000\u3000支出")).text(280, 30, "- 1 -")
    second = Paper().lines("为33.10万元。", *FILLER).text(280, 30, "- 2 -")
    document = reading(first, second)
    (block,) = [b for b in document.blocks if "33.10" in document.text[b.start : b.end]]
    assert (
        document.text[block.start : block.end] == full("\u3000\u3000支出").strip("\u3000") + "为33.10万元。"
    )
    assert document.page_of(block.start) == 1
    assert document.page_of(document.text.index("33.10")) == 2
    assert "- 1 -" not in document.text


@pytest.mark.parametrize("foot", ["- {} -", "— {} —", "第{}页 共3页", "{}/3", "{}"])
def test_page_numbers_and_running_headers_are_dropped(reading, foot):
    pages = [
        Paper()
        .text(180, 815, "某单位决算公开")
        .lines(f"\u3000\u3000第{n}项12.5万元。")
        .text(285, 28, foot.format(n))
        for n in (1, 2, 3)
    ]
    document = reading(*pages)
    assert prints(document) == [f"第{n}项12.5万元。" for n in (1, 2, 3)]
    assert [number for _, number in document.pages] == [1, 2, 3]


def test_title_that_every_form_repeats_is_kept(reading):
    pages = [Paper().text(200, 750, "绩效自评表").lines(f"\u3000\u3000甲{n}", y=700) for n in (1, 2, 3)]
    assert prints(reading(*pages)) == ["绩效自评表", "甲1", "绩效自评表", "甲2", "绩效自评表", "甲3"]


def test_title_on_two_centred_lines_is_one(reading):
    document = reading(Paper().lines(*FILLER, full("关于支出")).text(270, TOP - 5 * LEAD, "的报告"))
    assert prints(document)[-1] == full("关于支出") + "的报告"


def test_figures_at_the_foot_of_a_page_are_kept(reading):
    document = reading(Paper().lines("\u3000\u3000合计").text(LEFT, 28, "307.82万元"))
    assert prints(document)[-1] == "307.82万元"


def test_headings_and_list_items_begin_paragraphs_even_after_a_full_line(reading):
    document = reading(Paper().lines(full("二、支出"), full("（一）基本"), "1.人员经费", "2.公用经费"))
    assert prints(document) == [full("二、支出"), full("（一）基本"), "1.人员经费", "2.公用经费"]


def test_signature_and_date_on_the_right_are_kept_apart(reading):
    paper = Paper().lines(*FILLER).text(RIGHT - 60, 600, "某市某局").text(RIGHT - 78, 576, "2025年3月28日")
    assert prints(reading(paper))[-2:] == ["某市某局", "2025年3月28日"]


def test_list_number_before_a_year_begins_a_paragraph(reading):
    document = reading(
        Paper().lines(*FILLER, full("附件：1.2024年度某表"), "\u3000\u3000\u30002.2024年度另表")
    )
    assert prints(document)[-1] == "2.2024年度另表"


def test_gaps_of_typesetting_are_no_spaces_and_wide_ones_are(reading):
    paper = Paper().text(72, 700, "共").text(87, 700, "30").text(102, 700, "人").text(160, 700, "甲")
    assert reading(paper).text == "共30人 甲"


def test_bold_printed_twice_and_words_out_of_order_read_once_and_in_order(reading):
    paper = Paper().text(100, 700, "第二").text(72, 700, "第一").text(72.4, 700, "第一").text(72, 730, "题")
    assert reading(paper).text == "题\n第一第二"


def test_ruled_table_with_merged_cells(reading):
    xs, ys = [72, 172, 272, 372], [600, 620, 640, 660]
    paper = Paper().lines("\u3000\u3000某表", y=720).text(320, 670, "单位：万元")
    for x in (72, 372):
        paper.line(x, 600, x, 660)
    paper.line(172, 600, 172, 640).line(272, 600, 272, 660)
    for y in (600, 640, 660):
        paper.line(72, y, 372, y)
    paper.line(72, 620, 272, 620)
    paper.text(80, 645, "项目").text(80, 625, "甲").text(180, 625, "12.50").text(80, 605, "乙").text(
        180, 605, "—"
    )
    paper.text(280, 615, "备注").text(72, 560, "表后")
    document = reading(paper)
    (table,) = document.tables
    assert (table.rows, table.columns, table.caption, table.page) == (3, 3, "某表 单位：万元", 1)
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        ("项目", 0, 0, 1, 2),
        ("", 0, 2, 1, 1),
        ("甲", 1, 0, 1, 1),
        ("12.50", 1, 1, 1, 1),
        ("备注", 1, 2, 2, 1),
        ("乙", 2, 0, 1, 1),
        ("—", 2, 1, 1, 1),
    ]
    for cell in table.cells:
        assert document.text[cell.span.start : cell.span.end] == cell.text
        assert cell.span.page == 1
    assert table.cells[-1].state is CellState.DASH
    assert [b.kind for b in document.blocks] == ["paragraph", "paragraph", "table", "paragraph"]
    assert len(xs) == len(ys) == 4


def test_table_drawn_with_thin_rectangles_and_cell_by_cell(reading):
    paper = Paper()
    for x in (72, 172, 272):
        paper.area(x, 600, 0.5, 40)
    for y in (600, 620, 640):
        paper.area(72, y, 100, 0.5).area(172, y, 100, 0.5)
    paper.text(80, 625, "收入").text(180, 625, "5.00").text(80, 605, "支出").text(180, 605, "4.00")
    (table,) = reading(paper).tables
    assert [c.text for c in table.cells] == ["收入", "5.00", "支出", "4.00"]


def test_table_with_open_sides(reading):
    paper = Paper()
    for y in (600, 620, 640):
        paper.line(72, y, 272, y)
    paper.line(172, 600, 172, 640)
    paper.text(80, 625, "收入").text(180, 625, "5.00").text(80, 605, "支出").text(180, 605, "4.00")
    (table,) = reading(paper).tables
    assert [[c.text if c else None for c in row] for row in table.grid()] == [
        ["收入", "5.00"],
        ["支出", "4.00"],
    ]


def test_cell_text_wraps_only_where_the_cell_was_too_narrow(reading):
    paper = Paper().frame([72, 144, 300], [580, 640])
    for i, text in enumerate(["机关运行经", "费合计"]):
        paper.text(78, 620 - 15 * i, text)
    for i, text in enumerate(["12.50", "13.60"]):
        paper.text(150, 620 - 15 * i, text)
    (table,) = reading(paper).tables
    assert [c.text for c in table.cells] == ["机关运行经费合计", "12.50\n13.60"]


def test_number_cut_inside_a_narrow_cell_comes_out_whole(reading):
    paper = Paper().frame([72, 120, 172], [580, 640])
    paper.text(77, 620, "17539.").text(77, 605, "24").text(125, 620, "万元")
    (table,) = reading(paper).tables
    assert table.cells[0].text == "17539.24"


def test_number_wider_than_its_cell_stays_in_one_piece(reading):
    paper = Paper().frame([72, 110, 172], [600, 620]).text(74, 605, "1234567").text(140, 605, "8")
    (table,) = reading(paper).tables
    assert [c.text for c in table.cells] == ["1234567", "8"]


def test_frame_around_prose_is_no_table(reading):
    paper = Paper().frame([60, 520], [600, 720]).lines("\u3000\u3000框内文字12万元。", y=680)
    document = reading(paper)
    assert document.tables == ()
    assert document.text == "框内文字12万元。"


def test_table_on_two_pages_is_two_tables(reading):
    pages = [
        Paper().frame([72, 172, 272], [600, 620]).text(80, 605, f"项{n}").text(180, 605, f"{n}.0")
        for n in (1, 2)
    ]
    document = reading(*pages)
    assert [(t.name, t.page) for t in document.tables] == [("表1", 1), ("表2", 2)]
    assert document.page_of(document.tables[1].cells[0].span.start or 0) == 2


def test_turned_page_reads_upright(reading):
    paper = Paper()
    paper.rotate = 90
    for i, text in enumerate(["第一行", "第二行"]):
        code = text.encode("utf-16-be").hex()
        paper.ops.append(f"BT /F 12 Tf 0 1 -1 0 {100 + 20 * i} 100 Tm <{code}> Tj ET")
    assert reading(paper).text == "第一行\n第二行"


def test_scanned_pages_are_told(reading):
    with pytest.raises(ReadError, match=r"决算\.pdf：PDF 没有文字层.*OCR"):
        reading(Paper().image(), Paper().image())
    document = reading(Paper().lines("\u3000\u3000有字。"), Paper().image(), Paper().image())
    assert document.warnings[0].startswith("决算.pdf：第2-3页没有文字层")
    assert [number for _, number in document.pages] == [1, 2, 3]


def test_scan_with_page_numbers_only_is_a_scan(reading):
    with pytest.raises(ReadError, match="没有文字层"):
        reading(*(Paper().image().text(280, 30, f"- {n} -") for n in (1, 2)))
