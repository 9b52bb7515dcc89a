"""A table that somebody sends: an Excel workbook or a text file, whichever it is by its content."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from itertools import islice
from typing import Final

import msgspec

from lingqu.base.child import Child, ChildFailed
from lingqu.base.refusal import Refusal
from lingqu.base.sheets.cells import Cell
from lingqu.base.text import Text
from lingqu.base.unpacking import MOST_SHEETS, SECONDS, Day, Fraction, Moment, Opened, Packed, SheetFound, Wanted

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_UNPACKED: Final = 20_000_000
"""Bytes of a workbook once it is unpacked: a small file may hold a very large one."""

MOST_PARTS: Final = 5_000
FIELD: Final = "file"
SAMPLE: Final = 20
MOST_LINES: Final = 200_000
_PARTING_TAB: Final = re.compile(r'\t(?!"?(?:[,;]|$))')
_WORKBOOK: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_LOCKED_OLD: Final = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""The first record of an Excel 97 workbook, and behind it the one that says that the others are encrypted."""

_CHUNK: Final = 1 << 16
_CONTROL: Final = frozenset(map(chr, range(32))) - {"\t", "\n", "\r"}
_opener: Final = Child("lingqu.base.unpacking", at_once=2, seconds=SECONDS)


class SheetIn(msgspec.Struct, frozen=True):
    """A sheet that was read: its name, and its rows as plain cells, row 1 first. Ends of rows and of the sheet that are empty are left out.

    A whole number is an int, another one a Decimal of the 15 digits that Excel keeps; text is as it stands, with its blanks.
    """

    name: str
    rows: list[list[Cell]]


def read_table(
    name: str, content: bytes, *, most_rows: int, most_columns: int, field: str = FIELD, separator: str = ""
) -> list[SheetIn]:  # fmt: skip
    """Return the visible sheets of a file: xlsx, xls, or text (UTF-8, GB18030, Excel's Unicode) parted by commas, tabs or semicolons.

    `name` names the one sheet of a text file, and the file in refusals. `separator` is what parts the cells of a text when the caller
    knows; else its first lines tell. Refuses at `field` (422): unreadable_table, encrypted_table, table_too_large (10 MB, 20 MB
    unpacked, `most_rows` or `most_columns` in a sheet, 50 sheets); and (503) while too many are read.
    """
    if len(content) > MOST_BYTES:
        raise _too_large(name, Text("超过 10 MB。", "is larger than 10 MB."), field)
    if content.startswith((_WORKBOOK, _COMPOUND)):
        return _from_workbook(name, content, Wanted(content, most_rows, most_columns), field)
    return [_from_text(name, content, Wanted(b"", most_rows, most_columns), field=field, separator=separator)]


# ------------------------------------------------------------------------------------------------------------------- workbooks


def _from_workbook(name: str, content: bytes, wanted: Wanted, field: str) -> list[SheetIn]:
    if content.startswith(_COMPOUND) and (_LOCKED in content or _LOCKED_OLD.search(content)):
        raise _encrypted(name, field)
    if content.startswith(_WORKBOOK):
        _check_unpacked(name, content, field)
    try:
        answer = msgspec.msgpack.decode(_opener.run(msgspec.msgpack.encode(wanted)), type=Opened)
    except ChildFailed as failed:
        if not (failed.slow or failed.starved):
            raise
        raise _too_large(name, Text("打开后太大。请只保留需要的表，另存后再试。", "is too large once opened."), field) from failed
    if answer.trouble:
        raise _troubles(wanted)[answer.trouble](name, field)
    return [_sheet(sheet) for sheet in answer.sheets]


def _check_unpacked(name: str, content: bytes, field: str) -> None:
    """Unpack every part and throw it away: refuses more than 20 MB, whatever the file says about its sizes."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _unpacks_large(name, field)
            for part in parts:
                with packed.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise _unpacks_large(name, field)
    except RuntimeError as locked:
        raise _encrypted(name, field) from locked
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, zipfile.LargeZipFile) as broken:
        raise _unreadable(name, field) from broken


def _sheet(found: SheetFound) -> SheetIn:
    return SheetIn(found.name, [[_cell(cell) for cell in row] for row in found.rows])


def _cell(packed: Packed) -> Cell:
    if isinstance(packed, Fraction):
        return packed.number()
    return packed.value if isinstance(packed, Day | Moment) else packed


# ------------------------------------------------------------------------------------------------------------------------ text


def _from_text(name: str, content: bytes, wanted: Wanted, *, field: str, separator: str) -> SheetIn:
    words = _decoded(content)
    if words is None or not words.strip():
        raise _unreadable(name, field)
    most_rows, most_columns = wanted.most_rows, wanted.most_columns
    rows: list[list[Cell]] = []
    filled = 0
    try:
        for number, line in enumerate(csv.reader(io.StringIO(words, newline=""), delimiter=separator or _separator(words)), 1):
            cells: list[Cell] = [cell or None for cell in line]
            while cells and cells[-1] is None:
                cells.pop()
            if len(cells) > most_columns:
                raise _troubles(wanted)["columns"](name, field)
            if number > most_rows and (cells or number > MOST_LINES):
                raise _troubles(wanted)["rows"](name, field)
            if number <= most_rows:
                rows.append(cells)
            filled = number if cells else filled
    except csv.Error as broken:
        raise _unreadable(name, field) from broken
    return SheetIn(name, rows[:filled])


def _decoded(content: bytes) -> str | None:
    # What Excel calls Unicode text begins with these two.
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.intersection(words) else words
    return None


def _separator(words: str) -> str:
    """Return what parts the cells, by the first lines with something in them: a tab, a semicolon, else a comma.

    Amounts have commas of their own, and cells of a bank's list may end in a tab before their comma: neither parts cells.
    """
    lines = list(islice((line for line in words.splitlines() if line.strip()), SAMPLE))
    if 2 * sum(1 for line in lines if _PARTING_TAB.search(line)) >= len(lines):
        return "\t"
    semicolons = sum(line.count(";") for line in lines)
    return ";" if semicolons >= len(lines) and semicolons > sum(line.count(",") for line in lines) else ","


# -------------------------------------------------------------------------------------------------------------------- refusals


def _shown(name: str) -> str:
    return name[:120] or "?"


def _unreadable(name: str, field: str) -> Refusal:
    words = Text(
        f"“{_shown(name)}”读不出内容。可用的有 Excel（xlsx、xls）和文本（csv、txt）。",
        f"“{_shown(name)}” cannot be read. Excel (xlsx, xls) and text (csv, txt) can be.",
    )
    return Refusal("unreadable_table", words, status=422, field=field)


def _encrypted(name: str, field: str) -> Refusal:
    words = Text(
        f"“{_shown(name)}”有密码保护。请在 Excel 中去掉打开密码，另存后再试。",
        f"“{_shown(name)}” is protected by a password; take it off in Excel, save, and try again.",
    )
    return Refusal("encrypted_table", words, status=422, field=field)


def _too_large(name: str, why: Text, field: str) -> Refusal:
    words = Text(f"“{_shown(name)}”{why.zh}", f"“{_shown(name)}” {why.en}")
    return Refusal("table_too_large", words, status=422, field=field)


def _unpacks_large(name: str, field: str) -> Refusal:
    return _too_large(name, Text("解开后超过 20 MB。请只保留需要的表，另存后再试。", "is larger than 20 MB once unpacked."), field)


def _troubles(wanted: Wanted) -> dict[str, Callable[[str, str], Refusal]]:
    """Return, for each word of `Opened.trouble`, the refusal it means."""
    rows, columns = f"{wanted.most_rows:,}", f"{wanted.most_columns:,}"
    return {
        "unreadable": _unreadable,
        "encrypted": _encrypted,
        "rows": lambda name, field: _too_large(name, Text(f"超过 {rows} 行。", f"has more than {rows} rows."), field),
        "columns": lambda name, field: _too_large(name, Text(f"超过 {columns} 列。", f"has more than {columns} columns."), field),
        "sheets": lambda name, field: _too_large(name, Text(f"超过 {MOST_SHEETS} 张表。", f"has more than {MOST_SHEETS} sheets."), field),
    }
