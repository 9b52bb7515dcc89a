"""Workbooks as no program of ours writes them: old ones, locked ones, and ones that lie about their size."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def changed(workbook: bytes, part: str, *replacements: tuple[bytes, bytes]) -> bytes:
    """A workbook with some bytes of one part exchanged."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == part:
                for before, after in replacements:
                    assert before in content, before
                    content = content.replace(before, after)
            new.writestr(entry.filename, content)
    return made.getvalue()


def old_workbook(rows: Sequence[Sequence[str | float]], *, locked: bool = False) -> bytes:
    """An Excel 97 workbook of one sheet called s; with a password if `locked`."""
    sheet = [record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))]
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                letters = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                sheet.append(record(0x0204, struct.pack("<HHH", y, x, 0) + letters))
            else:
                sheet.append(record(0x0203, struct.pack("<HHHd", y, x, 0, value)))
    sheet.append(record(0x000A, b""))
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    lock = record(0x002F, struct.pack("<HHHHH", 1, 1, 1, 1, 1) + bytes(48)) if locked else b""
    pages = record(0x0042, struct.pack("<H", 1200))
    name = struct.pack("<BB", 1, 0) + b"s"
    place = len(start) + len(lock) + len(pages) + 4 + 6 + len(name) + 4
    book = start + lock + pages + record(0x0085, struct.pack("<IBB", place, 0, 0) + name) + record(0x000A, b"")
    return compound({"Workbook": book + b"".join(sheet)})


def record(kind: int, content: bytes) -> bytes:
    """A record of the old format."""
    return struct.pack("<HH", kind, len(content)) + content


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A file of files, as Windows made them; each stream is filled up with zeros to a size that needs no small sectors."""
    body, chain, entries = b"", [TABLE, END], [directory("Root Entry", 5, END, 0)]
    for name, content in streams.items():
        padded = content.ljust(4096, b"\x00")
        padded += bytes(-len(padded) % SECTOR)
        entries.append(directory(name, 2, len(chain), len(padded)))
        first, many = len(chain), len(padded) // SECTOR
        chain += [*range(first + 1, first + many), END]
        body += padded
    table = struct.pack(f"<{SECTOR // 4}I", *(chain + [FREE] * (SECTOR // 4 - len(chain))))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + struct.pack("<108I", *[FREE] * 108)
    return head + table + b"".join(entries).ljust(SECTOR, b"\x00") + body


def directory(name: str, kind: int, start: int, size: int) -> bytes:
    """An entry of the list of files; the root has the first file below it."""
    letters = (name + "\x00").encode("utf-16-le")
    child = 1 if kind == 5 else FREE
    return (
        letters.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(letters), kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )
