"""Files in, `Document` out: text, tables and their places. Interprets nothing, changes nothing.

Comes in: the path of a .docx, .pdf, .xlsx, .xlsm, .xls, .txt or .md file, or of a .doc, .wps, .et, .rtf,
.odt or .ods file where LibreOffice is installed. What a file is, its content says; the name is only asked
where the content leaves it open. Each reader, and its library, is imported when a file calls for it.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from audit.errors import ReadError
from audit.read.assembly import Source
from audit.source import Document, Role

MAX_BYTES = 200_000_000

Kind = Literal["docx", "xlsx", "xls", "pdf", "text", "doc", "rtf", "odt", "ods", "xlsb"]
SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "docx": (".docx", ".docm", ".dotx", ".wps"),
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm", ".et"),
    "xls": (".xls", ".xlt", ".et", ".ett"),
    "pdf": (".pdf",),
    "text": (".txt", ".md", ".text", ".markdown", ".log", ""),
    "doc": (".doc", ".dot", ".wps", ".wpt"),
    "rtf": (".rtf", ".doc"),
    "odt": (".odt",),
    "ods": (".ods",),
    "xlsb": (".xlsb",),
}
READ_AS: dict[Kind, str] = {
    "docx": "Word 文档（.docx）",
    "xlsx": "Excel 工作簿（.xlsx）",
    "xls": "Excel 97-2003 工作簿（.xls）",
    "pdf": "PDF",
    "text": "纯文本",
    "doc": "Word 97-2003 文档（.doc）",
    "rtf": "RTF 文档",
    "odt": "ODF 文档（.odt）",
    "ods": "ODF 表格（.ods）",
    "xlsb": "Excel 二进制工作簿（.xlsb）",
}
# The first record of a workbook, perhaps a write protection, then FilePass ([MS-XLS] 2.1.7.20.3).
LOCKED_BOOK = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06.{14}|\x08\x00\x00\x05.{6})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
KINDS = "支持 .docx、.pdf、.xlsx、.xls、.txt、.md；.doc、.wps、.et、.rtf 等需装有 LibreOffice"


def read(path: str | os.PathLike[str], role: Role = "narrative", id: str = "d1") -> Document:
    """Read one file. Everything that can be wrong with it is a `ReadError` in the user's words."""
    file = Path(path)
    name = file.name or str(path)
    data = load(file, name)
    source = Source(id, name, role, hashlib.sha256(data).hexdigest())
    suffix = file.suffix.lower()
    kind = sniff(data, suffix, source)
    document = dispatch(kind, data, source)
    if suffix in SUFFIXES[kind]:
        return document
    note = f"{name}：后缀与内容不符，已按{READ_AS[kind]}读取"
    return replace(document, warnings=(note, *document.warnings))


def load(file: Path, name: str) -> bytes:
    """The bytes of a file that is there, is a file, and is neither empty nor huge."""
    try:
        if file.is_dir():
            raise ReadError(name, "这是文件夹，不是文件", "请选择其中的文件")
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(
                name,
                f"文件过大（{size / 1e6:.0f}MB，上限{MAX_BYTES / 1e6:.0f}MB）",
                "请删去其中的图片，或拆分后再试",
            )
        with file.open("rb") as stream:
            # A file can grow between stat and read; a device or pipe has no size at all.
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ReadError(name, f"找不到文件（{file}）", "请核对路径和文件名") from None
    except PermissionError:
        raise ReadError(name, "没有读取权限", "请检查文件权限，或关闭正在占用它的程序") from None
    except (OSError, ValueError) as error:
        raise ReadError(name, f"无法打开（{error}）", "请核对路径和文件名") from None
    if not data:
        raise ReadError(name, "文件为空（0字节）", "请重新获取文件")
    if len(data) > MAX_BYTES:
        raise ReadError(name, "文件过大", "请拆分后再试")
    return data


def utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def sniff(data: bytes, suffix: str, source: Source) -> Kind:
    """What the content is; a `ReadError` where it is something that no reader takes."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PK\x03\x04"):
        return sniff_zip(data, source)
    if data.startswith(b"PK"):
        raise source.error("压缩包为空或已损坏", "请重新获取文件，或打开后另存")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return sniff_ole(data, suffix, source)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if re.match(
        rb"(?i)<!doctype html|<html|mime-version:|<\?xml[^>]*>\s*<(\?mso|html|workbook|w:worddocument)", head
    ):
        raise source.error(
            "内容是网页或 XML，不是它的后缀所说的格式", "请用 Word、Excel 或 WPS 打开后另存为 .docx 或 .xlsx"
        )
    if re.match(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM|RIFF", data):
        raise source.error(
            "这是图片，没有可读的文字", "请先做文字识别（OCR），再另存为 .docx 或带文字层的 .pdf"
        )
    if re.match(rb"Rar!|7z\xbc\xaf|\x1f\x8b", data):
        raise source.error("这是压缩包", "请先解压")
    return "text"


def sniff_zip(data: bytes, source: Source) -> Kind:
    from audit.read.archive import Archive

    archive = Archive(data, source)
    names = archive.names
    if "mimetype" in names:
        kind = archive.read("mimetype").decode("ascii", "replace")
        if kind.startswith("application/vnd.oasis.opendocument.text"):
            return "odt"
        if kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
    if "xl/workbook.bin" in names:
        return "xlsb"
    # A .docx may carry a workbook inside word/embeddings, never a top-level xl/, and the other way round.
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise source.error("这是压缩包，里面不是 Word 或 Excel 的内容", "请先解压；" + KINDS)


def sniff_ole(data: bytes, suffix: str, source: Source) -> Kind:
    """The old Office container. Its directory holds stream names in UTF-16."""
    if utf16("EncryptedPackage") in data or LOCKED_BOOK.search(data) or locked_word(data):
        raise source.error("文件已加密", "请先在 Word、Excel 或 WPS 中取消密码后另存")
    word = utf16("WordDocument") in data
    sheet = utf16("Workbook") in data or utf16("Book") + b"\0\0" in data
    if word and sheet:  # one embedded in the other
        return "xls" if suffix in SUFFIXES["xls"] else "doc"
    if word or sheet:
        return "doc" if word else "xls"
    raise source.error(
        "不是可识别的 Word 或 Excel 文件，或已损坏", "请用 Word、Excel 或 WPS 打开后另存为 .docx 或 .xlsx"
    )


def locked_word(data: bytes) -> bool:
    """Does a stream begin like a Word document ([MS-DOC] 2.5.2) whose flag fEncrypted is set?"""
    return any(
        data[at : at + 2] == b"\xec\xa5" and data[at + 11] & 1 for at in range(512, len(data) - 11, 512)
    )


def dispatch(kind: Kind, data: bytes, source: Source) -> Document:
    if kind == "docx":
        from audit.read.docx import read_docx

        return read_docx(data, source)
    if kind == "xlsx":
        from audit.read.sheet import read_xlsx

        return read_xlsx(data, source)
    if kind == "xls":
        from audit.read.sheet import read_xls

        return read_xls(data, source)
    if kind == "pdf":
        from audit.read.pdf import read_pdf

        return read_pdf(data, source)
    if kind == "text":
        from audit.read.text import read_text

        return read_text(data, source)
    from audit.read.convert import convert

    target: Literal["docx", "xlsx"] = "xlsx" if kind in ("ods", "xlsb") else "docx"
    return dispatch(target, convert(data, kind, target, source), source)
