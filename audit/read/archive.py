"""Zip containers and the XML inside, opened with distrust: no bombs, no document types, no network.

Comes in: the bytes of a file from outside. Goes out: its parts, each of them bounded in size.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from audit.read.assembly import Source

MAX_PARTS = 10_000
MAX_TOTAL = 400_000_000  # uncompressed, all parts: pictures count
MAX_PART = 200_000_000
# Office XML shrinks 5 to 40 times; deflate can reach 1000. Small files may shrink as they like.
MAX_RATIO = 200
RATIO_MATTERS = 20_000_000
SMALL = 500_000  # a part that may stand in memory as a tree: read in a third of the time

REMEDY = "请用 Word、Excel 或 WPS 打开后另存，再试"
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}


class Archive:
    """A zip file whose directory has been looked over before anything is unpacked."""

    def __init__(self, data: bytes, source: Source) -> None:
        self.source = source
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
            raise source.error("文件已损坏，无法解压", REMEDY) from None
        parts = self.zip.infolist()
        total = sum(part.file_size for part in parts)
        if (
            len(parts) > MAX_PARTS
            or total > MAX_TOTAL
            or (total > RATIO_MATTERS and total > MAX_RATIO * len(data))
        ):
            raise source.error(
                f"解压后过大或异常（{len(parts)}个部件，{total / 1e6:.0f}MB）",
                "这不像正常的办公文件，请核实来源，或" + REMEDY[1:],
            )
        if any(part.flag_bits & 1 for part in parts):
            raise source.error("文件已加密", "请先取消密码后另存")
        self.names = {part.filename for part in parts}

    def read(self, name: str) -> bytes:
        """One part, whole. `zipfile` stops at the size that the directory states."""
        try:
            if self.zip.getinfo(name).file_size > MAX_PART:
                raise self.source.error(f"内部部件过大（{name}）", REMEDY)
            return self.zip.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
            raise self.source.error(f"文件已损坏（{name}）", REMEDY) from None

    def xml(self, name: str) -> etree._Element:
        """One part as a tree; entities stay unexpanded and a document type is refused."""
        return self.tree(name, self.transitional(name))

    def tree(self, name: str, data: bytes) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise self.source.error(f"文件已损坏（{name} 不是合格的 XML）", REMEDY) from None
        self.refuse_doctype(root)
        return root

    def elements(self, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
        """The elements with these tags as they are met, those of a large part emptied afterwards: bounded memory."""
        data = self.transitional(name)
        if len(data) < SMALL:
            yield from self.tree(name, data).iter(*tags)
            return
        stream = io.BytesIO(data)
        try:
            context = etree.iterparse(
                stream,
                events=("end",),
                tag=tags,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            first = True
            for _, element in context:
                if first:
                    self.refuse_doctype(element)
                    first = False
                yield element
                element.clear()
                while (previous := element.getprevious()) is not None:
                    parent = element.getparent()
                    if parent is None:
                        break
                    parent.remove(previous)
        except etree.XMLSyntaxError:
            raise self.source.error(f"文件已损坏（{name} 不是合格的 XML）", REMEDY) from None

    def transitional(self, name: str) -> bytes:
        """The part with the namespaces of "strict" Office files put back to the usual ones."""
        data = self.read(name)
        if b"http://purl.oclc.org/ooxml/" in data[:4000]:
            for strict, usual in STRICT.items():
                data = data.replace(strict, usual)
        return data

    def refuse_doctype(self, element: etree._Element) -> None:
        info = element.getroottree().docinfo
        if info.internalDTD is not None or info.doctype:
            raise self.source.error("文件内含文档类型声明（DTD），有安全风险，不予读取", REMEDY)
