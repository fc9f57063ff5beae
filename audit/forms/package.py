"""An .xlsx as a zip whose unchanged parts are copied as they are, never packed again.

Comes in: the bytes of a template. Goes out: the bytes of a workbook with some parts replaced. Only what was
replaced is compressed; the rest is one block of bytes that is written for every form.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from ..errors import AuditError

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
DATE, VERSION, UTF8, DEFLATED = 0x21, 20, 0x800, 8  # 1980-01-01


class Parts:
    """The parts of a template by name, raw (still compressed) and as read."""

    def __init__(self, data: bytes, name: str) -> None:
        try:
            with ZipFile(BytesIO(data)) as archive:
                self.infos = [i for i in archive.infolist() if not i.is_dir()]
                self.texts = {i.filename: archive.read(i) for i in self.infos}
        except (BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError) as error:
            raise AuditError(name, f"模板已损坏（{error}）", "请用 Excel 打开后另存为 .xlsx") from None

    def replace(self, name: str, content: bytes) -> None:
        self.texts[name] = content

    def drop(self, name: str) -> None:
        self.texts.pop(name, None)


class Package:
    """Parts ready to be written, all but one: `form(content)` gives the whole file with that one filled in."""

    def __init__(self, parts: dict[str, bytes], open_part: str, level: int = 6) -> None:
        self.level = level
        blob, entries = bytearray(), []
        for name, content in parts.items():
            if name != open_part:
                packed = _deflate(content, level)
                entries.append(_central(name, zlib.crc32(content), len(packed), len(content), len(blob)))
                blob += _local(name, zlib.crc32(content), len(packed), len(content)) + packed
        self.before, self.entries = bytes(blob), b"".join(entries)
        self.name, self.count = open_part, len(entries) + 1

    def form(self, content: bytes) -> bytes:
        packed = _deflate(content, self.level)
        crc, size = zlib.crc32(content), len(content)
        local = _local(self.name, crc, len(packed), size)
        entries = self.entries + _central(self.name, crc, len(packed), size, len(self.before))
        start = len(self.before) + len(local) + len(packed)
        end = END.pack(b"PK\5\6", 0, 0, self.count, self.count, len(entries), start, 0)
        return b"".join((self.before, local, packed, entries, end))


def _deflate(content: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _local(name: str, crc: int, packed: int, size: int) -> bytes:
    raw = name.encode()
    return LOCAL.pack(b"PK\3\4", VERSION, UTF8, DEFLATED, 0, DATE, crc, packed, size, len(raw), 0) + raw


def _central(name: str, crc: int, packed: int, size: int, offset: int) -> bytes:
    raw = name.encode()
    head = CENTRAL.pack(
        b"PK\1\2", VERSION, VERSION, UTF8, DEFLATED, 0, DATE, crc, packed, size, len(raw), 0, 0, 0, 0, 0, offset
    )  # fmt: skip
    return head + raw
