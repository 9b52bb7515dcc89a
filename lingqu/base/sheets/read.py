"""A table that somebody sends: an Excel workbook or a text file, whichever it is by its content."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, cast

import msgspec

from lingqu.base.child import Child, ChildFailed
from lingqu.base.refusal import Refusal
from lingqu.base.sheets.cells import Cell
from lingqu.base.sheets.quiet import without_collecting
from lingqu.base.text import Text
from lingqu.base.unpacking import (
    LENGTH,
    MOST_ANSWERED,
    MOST_SHEETS,
    MOST_UNPACKED,
    SECONDS,
    Day,
    Moment,
    Packed,
    Part,
    SheetBegun,
    Stopped,
    Wanted,
    fraction,
)

MOST_BYTES: Final = 10 * 1024 * 1024
FIELD: Final = "file"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_LOCKED_OLD: Final = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
"""The first record of an Excel 97 workbook, and behind it the one that says that the others are encrypted."""

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

    It is opened in a process of its own, which counts while it reads. `name` names the one sheet of a text file, and the file in refusals.
    `separator` is what parts the cells of a text when the caller knows; else its first lines tell. Refuses at `field` (422):
    unreadable_table, encrypted_table, table_too_large (10 MB, 100 MB unpacked, 50 MB of cells, `most_rows` or `most_columns` in a
    sheet, 50 sheets, 20 seconds, 512 MB of memory); and (503) while too many are read.
    """
    if len(content) > MOST_BYTES:
        raise _too_large(name, Text("超过 10 MB。", "is larger than 10 MB."), field)
    if content.startswith(_COMPOUND) and (_LOCKED in content or _LOCKED_OLD.search(content)):
        raise _encrypted(name, field)
    wanted = Wanted(content, most_rows, most_columns, separator)
    found = _Found(name)
    try:
        _opener.feed(msgspec.msgpack.encode(wanted), found.take)
    except ChildFailed as failed:
        if not (failed.slow or failed.starved):
            raise
        raise _too_large(name, Text("打开后太大。请只保留需要的表，另存后再试。", "is too large once opened."), field) from failed
    if found.trouble:
        raise _troubles(wanted)[found.trouble](name, field)
    return found.sheets


class _Found:
    """What has come out of the file so far."""

    def __init__(self, name: str) -> None:
        self.sheets: list[SheetIn] = []
        self.trouble = ""
        self._name = name
        self._pieces = bytearray()
        self._fractions = _Fractions()

    def take(self, piece: bytes) -> None:
        """Take in a piece of the answer; each part that is whole with it is turned into cells at once."""
        self._pieces += piece
        while len(self._pieces) >= LENGTH:
            end = LENGTH + int.from_bytes(self._pieces[:LENGTH], "big")
            if len(self._pieces) < end:
                return
            with without_collecting():
                self._add(_parts.decode(self._pieces[LENGTH:end]))
            del self._pieces[:end]

    def _add(self, part: Part) -> None:
        if isinstance(part, Stopped):
            self.trouble = part.trouble
        elif isinstance(part, SheetBegun):
            self.sheets.append(SheetIn(part.name or self._name, []))
        else:
            rows = cast("list[list[Cell]]", part.rows)
            for place in part.packed_in:
                self._unpack(rows, place)
            self.sheets[-1].rows.extend(rows)

    def _unpack(self, rows: list[list[Cell]], place: int) -> None:
        """Turn what stands in a place of each row."""
        turned = self._fractions
        for row in rows:
            if place >= len(row):
                continue
            packed = cast("Packed", row[place])
            if type(packed) is float:
                row[place] = turned[packed]
            elif isinstance(packed, Day | Moment):
                row[place] = packed.value


class _Fractions(dict[float, Decimal | str]):
    """Fractions as cells; one that stands in many rows is turned once."""

    def __missing__(self, packed: float) -> Decimal | str:
        cell = fraction(packed)
        if len(self) < _MOST_KEPT:
            self[packed] = cell
        return cell


_MOST_KEPT: Final = 10_000
_parts: Final = msgspec.msgpack.Decoder(Part)


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


def _troubles(wanted: Wanted) -> dict[str, Callable[[str, str], Refusal]]:
    """Return, for each word of `Stopped.trouble`, the refusal that it means."""
    rows, columns = f"{wanted.most_rows:,}", f"{wanted.most_columns:,}"
    return {
        "unpacked": lambda name, field: _too_large(
            name,
            Text(
                f"解开后超过 {MOST_UNPACKED // 10**6} MB。请只保留需要的表，另存后再试。",
                f"is larger than {MOST_UNPACKED // 10**6} MB once unpacked.",
            ),
            field,
        ),
        "letters": lambda name, field: _too_large(
            name, Text(f"内容超过 {MOST_ANSWERED // 10**6} MB。", f"holds more than {MOST_ANSWERED // 10**6} MB."), field
        ),
        "unreadable": _unreadable,
        "encrypted": _encrypted,
        "rows": lambda name, field: _too_large(name, Text(f"超过 {rows} 行。", f"has more than {rows} rows."), field),
        "columns": lambda name, field: _too_large(name, Text(f"超过 {columns} 列。", f"has more than {columns} columns."), field),
        "sheets": lambda name, field: _too_large(name, Text(f"超过 {MOST_SHEETS} 张表。", f"has more than {MOST_SHEETS} sheets."), field),
    }
