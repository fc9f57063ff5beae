"""Plain text in, `Document` out. The text is the file itself: no character is added, dropped or changed."""

from __future__ import annotations

import re

from audit.read.assembly import Source
from audit.read.text_table import text_tables
from audit.source import Block, Document

# Tab, line feed, form feed, carriage return and escape occur in text; the other controls do not.
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
LINE = re.compile(r"[^\r\n]+")


def read_text(data: bytes, source: Source) -> Document:
    """Blocks are the lines that hold something besides white space; those of a flattened table are one."""
    text = decode(data, source)
    lines = [Block(*line.span()) for line in LINE.finditer(text) if not line[0].isspace()]
    if not lines:
        raise source.error("文件里没有文字", "请重新获取文件")
    blocks, tables = text_tables(text, lines, source.id)
    return Document(source.id, source.name, source.role, source.sha256, text, tuple(blocks), tuple(tables))


def decode(data: bytes, source: Source) -> str:
    """UTF-8, UTF-16 with its mark, else GB18030, the encoding of older Chinese Windows programs."""
    encodings = ("utf-8-sig", "gb18030")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16", "utf-16")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text
    raise source.error(
        "不是可识别的文本（UTF-8、GB18030、UTF-16 均不能解码）",
        "请确认文件未损坏；如是其他格式请改正后缀，如是文本请另存为 UTF-8",
    )
