"""Which reader takes a file, what is refused, and in which words; plain text."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from audit.errors import ReadError
from audit.read import read
from audit.source import Document


@pytest.fixture
def reading(tmp_path: Path):
    """Write bytes under a name and read them back as a document."""

    def _read(name: str, data: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return read(path)

    return _read


def word_file(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def workbook(value: object = 1) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def ole(*streams: str) -> bytes:
    """Enough of an old Office container to be taken for one."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams) + bytes(512)


def test_text_is_the_file_itself(reading):
    text = "一、概况\r\n\r\n本年支出12.30万元。\n  结余0元。"
    document = reading("报告.txt", text.encode())
    assert document.text == text
    assert [text[b.start : b.end] for b in document.blocks] == [
        "一、概况",
        "本年支出12.30万元。",
        "  结余0元。",
    ]
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (document.id, document.name, document.role, document.tables) == ("d1", "报告.txt", "narrative", ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_encodings_that_occur(reading, encoding):
    assert reading("a.txt", "预算执行率98.5%，镕".encode(encoding)).text == "预算执行率98.5%，镕"


def test_bytes_that_are_no_text_are_refused(reading):
    with pytest.raises(ReadError, match="不是可识别的文本"):
        reading("a.txt", bytes(range(256)))


def test_role_and_id_are_passed_on(tmp_path):
    path = tmp_path / "附件1.md"
    path.write_text("# 表", encoding="utf-8")
    document = read(str(path), "annex", "d3")
    assert (document.role, document.id, document.span(0, 1).document) == ("annex", "d3", "d3")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.docx", b"", "文件为空"),
        ("空白.txt", b" \n\n", "没有文字"),
        ("坏.docx", b"PK\x03\x04" + bytes(60), "已损坏"),
        ("坏.pdf", b"%PDF-1.7\nnothing", "PDF 已损坏"),
        ("坏.xls", ole("Workbook"), "已损坏"),
        ("密.xlsx", ole("EncryptedPackage"), "文件已加密"),
        ("密.docx", ole("EncryptedPackage"), "文件已加密"),
        ("怪.doc", ole("Something"), "不是可识别的"),
        ("导出.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("图.pdf", b"\x89PNG\r\n\x1a\n" + bytes(20), "这是图片"),
        ("包.docx", zipped({"a/b.txt": b"x"}), "这是压缩包"),
        ("缺.docx", zipped({"word/styles.xml": b"<a/>"}), "已损坏"),
        ("缺.xlsx", zipped({"xl/styles.xml": b"<a/>"}), "已损坏"),
    ],
)
def test_unreadable_files_say_what_is_wrong_and_name_the_file(reading, name, data, words):
    with pytest.raises(ReadError, match=words) as caught:
        reading(name, data)
    assert caught.value.where == name
    assert caught.value.remedy


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ReadError, match=r"没有的\.docx：找不到文件"):
        read(tmp_path / "没有的.docx")
    with pytest.raises(ReadError, match="这是文件夹"):
        read(tmp_path)


def test_file_without_permission(tmp_path, monkeypatch):
    """The system's refusal is played, since permissions do not bind an administrator."""
    path = tmp_path / "a.txt"
    path.write_text("x")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(ReadError, match="没有读取权限"):
        read(path)


def test_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "大.pdf"
    with path.open("wb") as stream:
        stream.truncate(300_000_000)
    with pytest.raises(ReadError, match="文件过大（300MB"):
        read(path)


def test_wrongly_named_files_are_read_as_what_they_are(reading):
    assert reading("其实是表.docx", workbook(7)).tables[0].cells[0].text == "7"
    assert reading("其实是文.xlsx", word_file("甲")).text == "甲"
    document = reading("其实是字.doc", "基本支出1元".encode())
    assert document.text == "基本支出1元"
    assert document.warnings == ("其实是字.doc：后缀与内容不符，已按纯文本读取",)


def test_rightly_named_files_carry_no_warning(reading):
    assert reading("a.docx", word_file("甲")).warnings == ()
    assert reading("a.xlsm", workbook()).warnings == ()


def test_zip_bombs_are_refused_before_they_are_unpacked(reading):
    with pytest.raises(ReadError, match="解压后过大"):
        reading("弹.docx", zipped({"word/document.xml": bytes(60_000_000)}))
    with pytest.raises(ReadError, match="解压后过大"):
        reading("多.xlsx", zipped({f"xl/{n}.xml": b"" for n in range(10_001)}))


def test_entities_are_neither_expanded_nor_fetched(reading, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    body = (
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY l "哈哈">]><w:document xmlns:w='
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&l;&e;</w:t>'
        "</w:r></w:p></w:body></w:document>"
    )
    with pytest.raises(ReadError, match="文档类型声明"):
        reading("实体.docx", zipped({"word/document.xml": body.encode()}))
    sheet = '<!DOCTYPE s [<!ENTITY l "哈">]><sst xmlns="{}"><si><t>&l;</t></si></sst>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {"xl/workbook.xml": f'<workbook xmlns="{main}"/>'.encode()}
    parts["xl/sharedStrings.xml"] = sheet.format(main).encode()
    with pytest.raises(ReadError, match="文档类型声明"):
        reading("实体.xlsx", zipped(parts))


def test_importing_the_package_loads_no_library():
    heavy = ("lxml", "pypdfium2", "python_calamine")
    code = f"import sys, audit.read; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
