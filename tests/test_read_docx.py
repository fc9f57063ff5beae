"""Word files: what is read once, what is left out, where each thing stands."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from audit.read import read
from audit.source import CellState, Document

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


@pytest.fixture
def raw(tmp_path: Path):
    """Read a .docx whose body, and other parts, are given as XML."""

    def _read(body: str, **parts: str) -> Document:
        path = tmp_path / "报告.docx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
            )
            for name, inner in parts.items():
                archive.writestr(f"word/{name}.xml", f"<w:{name} {NAMESPACES}>{inner}</w:{name}>")
        return read(path)

    return _read


def prints(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks]


def check_places(document: Document) -> None:
    """Every cell's span covers exactly its text, inside a table block; blocks cover the text in order."""
    for table in document.tables:
        for cell in table.cells:
            assert cell.span.start is not None
            assert document.text[cell.span.start : cell.span.end] == cell.text == cell.span.text
    assert document.text == "\n".join(prints(document))


def test_paragraphs_headings_and_a_merged_table(tmp_path):
    source = docx.Document()
    source.add_heading("一、基本情况", level=1)
    source.add_paragraph("支出明细表")
    source.add_paragraph("")
    source.add_paragraph("单位：万元")
    table = source.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "项目"
    table.cell(0, 2).merge(table.cell(2, 2)).text = "备注"
    table.cell(1, 0).text, table.cell(1, 1).text = "甲", "12.50"
    table.cell(2, 0).text, table.cell(2, 1).text = "乙", "—"
    source.add_paragraph("以上。")
    path = tmp_path / "a.docx"
    source.save(str(path))
    document = read(path)
    check_places(document)
    assert document.text == "一、基本情况\n支出明细表\n单位：万元\n项目\t备注\n甲\t12.50\n乙\t—\n以上。"
    assert [(b.kind, b.level) for b in document.blocks] == [
        ("paragraph", 1),
        ("paragraph", 0),
        ("paragraph", 0),
        ("table", 0),
        ("paragraph", 0),
    ]
    (made,) = document.tables
    assert (made.name, made.caption, made.rows, made.columns) == ("表1", "支出明细表 单位：万元", 3, 3)
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in made.cells] == [
        ("项目", 0, 0, 1, 2),
        ("备注", 0, 2, 3, 1),
        ("甲", 1, 0, 1, 1),
        ("12.50", 1, 1, 1, 1),
        ("乙", 2, 0, 1, 1),
        ("—", 2, 1, 1, 1),
    ]
    assert made.cells[-1].state is CellState.DASH
    assert made.cells[3].number is None
    assert [cell.text if cell else None for cell in made.grid()[2]] == ["乙", "—", "备注"]


def test_cell_states_by_their_print(raw):
    texts = ["", " ", "-", "——", "/", "＼", "0", "#DIV/0!"]
    document = raw("<w:tbl><w:tr>" + "".join(tc(p(t)) for t in [*texts, "x"]) + "</w:tr></w:tbl>")
    states = [cell.state for cell in document.tables[0].cells]
    blank, dash, value = CellState.BLANK, CellState.DASH, CellState.VALUE
    assert states == [blank, blank, dash, dash, dash, dash, value, CellState.ERROR, value]


def test_text_box_is_read_once_after_its_paragraph(raw):
    box = f"<w:txbxContent>{p('框内3.5万元')}</w:txbxContent>"
    drawing = (
        f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    document = raw(f"<w:p><w:r><w:t>正文</w:t></w:r><w:r>{drawing}</w:r></w:p>" + p("后文"))
    assert prints(document) == ["正文", "框内3.5万元", "后文"]
    assert [b.kind for b in document.blocks] == ["paragraph", "textbox", "paragraph"]


def test_text_box_that_only_the_fallback_has(raw):
    drawing = (
        "<mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{p('旧框')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert prints(raw(f"<w:p><w:r>{drawing}</w:r></w:p>")) == ["旧框"]


def test_footnotes_follow_at_the_end_as_notes(raw):
    notes = f'<w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote>'
    notes += f'<w:footnote w:id="1">{p("含结转")}</w:footnote>'
    document = raw(p("支出5万元") + p("完"), footnotes=notes)
    assert prints(document) == ["支出5万元", "完", "含结转"]
    assert document.blocks[-1].kind == "note"


def test_tracked_changes_fields_hidden_text_tabs_and_breaks(raw):
    body = (
        "<w:p><w:r><w:t>共</w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>8</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>7</w:t></w:r></w:moveFrom>"
        "<w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>"
        '<w:fldSimple w:instr="x"><w:r><w:t>人</w:t></w:r></w:fldSimple>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:tab/><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>"
        '<w:r><w:br w:type="page"/></w:r><m:oMath><m:r><m:t>a/b</m:t></m:r></m:oMath></w:p>'
    )
    assert raw(body).text == "共8人\t甲\n乙a/b"


def test_deleted_row_is_gone_and_wrapped_rows_stay(raw):
    rows = (
        f"<w:tr><w:trPr><w:del/></w:trPr>{tc(p('删'))}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{tc(p('留'))}<w:sdt><w:sdtContent>{tc(p('1'))}</w:sdtContent></w:sdt></w:tr>"
        "</w:sdtContent></w:sdt>"
    )
    document = raw(f"<w:tbl>{rows}</w:tbl>")
    assert [c.text for c in document.tables[0].cells] == ["留", "1"]
    assert document.tables[0].rows == 1


def test_nested_table_follows_the_outer_one_and_no_figure_stands_twice(raw):
    inner = f"<w:tbl><w:tr>{tc(p('内'))}{tc(p('42.00'))}</w:tr></w:tbl>"
    document = raw(f"<w:tbl><w:tr>{tc(p('外') + inner + p('尾'))}{tc(p('旁'))}</w:tr></w:tbl>")
    check_places(document)
    assert document.text.count("42.00") == 1
    assert [[c.text for c in t.cells] for t in document.tables] == [["外\n尾", "旁"], ["内", "42.00"]]


def test_row_that_starts_further_right(raw):
    rows = f"<w:tr>{tc(p('甲'))}{tc(p('乙'))}</w:tr>"
    rows += f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{tc(p("丙"))}</w:tr>'
    (table,) = raw(f"<w:tbl>{rows}</w:tbl>").tables
    assert [(c.text, c.row, c.column) for c in table.cells] == [("甲", 0, 0), ("乙", 0, 1), ("丙", 1, 1)]


def test_automatic_numbers_are_part_of_the_text(raw):
    def level(depth: int, style: str, text: str, more: str = "") -> str:
        return (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
        )

    levels = level(0, "chineseCountingThousand", "%1、") + level(1, "japaneseCounting", "（%2）")
    levels += level(2, "decimal", "%3.") + level(3, "bullet", "·")
    numbering = (
        f'<w:abstractNum w:abstractNumId="4">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="4"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="章"/><w:basedOn w:val="2"/></w:style>'
    )

    def numbered(text: str, depth: int, number: int = 1) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')

    body = (
        p("概况", '<w:pStyle w:val="a"/>')
        + numbered("职能", 1)
        + numbered("机构", 1)
        + numbered("2024年", 2)
        + numbered("点", 3)
        + p("支出", '<w:pStyle w:val="2"/>')
        + numbered("基本", 1)
        + numbered("重起", 0, 2)
        + numbered("无号", 0, 0)
    )
    document = raw(body, numbering=numbering, styles=styles)
    assert prints(document) == [
        "一、概况",
        "（一）职能",
        "（二）机构",
        "1. 2024年",
        "点",
        "二、支出",
        "（一）基本",
        "一、重起",
        "无号",
    ]
    assert [b.level for b in document.blocks][:2] == [1, 0]
    assert document.blocks[5].level == 1


def test_strict_office_files_are_read_alike(tmp_path):
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        body = f'<w:document xmlns:w="{strict}"><w:body>{p("严格")}</w:body></w:document>'
        archive.writestr("word/document.xml", body)
    assert read(path).text == "严格"


def test_file_is_left_as_it_was(tmp_path):
    stream = io.BytesIO()
    source = docx.Document()
    source.add_paragraph("甲")
    source.save(stream)
    path = tmp_path / "a.docx"
    path.write_bytes(stream.getvalue())
    path.chmod(0o444)
    read(path)
    assert path.read_bytes() == stream.getvalue()
    assert list(tmp_path.iterdir()) == [path]
