"""Open one table of somebody's: reads it on standard input, writes its cells to standard output, and ends. Run by `sheets` alone.

A workbook of a few hundred bytes may say that it is 17 thousand million cells large, and its reader takes memory for all of them.
Everything is counted while it is read: what is unpacked, rows, columns; and what is answered.
"""

from __future__ import annotations

import csv
import gc
import io
import lzma
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Final, cast

import msgspec

from lingqu.base.child import limit_self

MEGABYTES: Final = 512
SECONDS: Final = 20
MOST_SHEETS: Final = 50
MOST_UNPACKED: Final = 100_000_000
"""Bytes of a workbook once it is unpacked: a small file may hold a very large one."""

MOST_PARTS: Final = 1_000
MOST_ANSWERED: Final = 50_000_000
"""Bytes of all cells together: one long text may be pointed to by a million cells."""

MOST_LINES: Final = 200_000
SAMPLE: Final = 20
_EXACT: Final = 1e15
"""Excel keeps 15 digits of a number."""

_BEGINNING: Final = 1 << 16
_CHUNK: Final = 1 << 16
_CELLS: Final = 1 << 15
"""Cells of a workbook that are answered in one part."""

_LAST_ROW: Final = 1_048_576
"""Excel's own; a file that says more would be walked through row by row."""

_PARTING_TAB: Final = re.compile(r'\t(?!"?(?:[,;]|$))')
_WORKBOOK: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BROKEN_PACKING: Final = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError)


class Wanted(msgspec.Struct, frozen=True):
    """The file, how many rows and columns of a sheet may have something in them, and what parts the cells of a text when that is known."""

    content: bytes
    most_rows: int
    most_columns: int
    separator: str = ""


class Day(msgspec.Struct, frozen=True, tag=1, array_like=True, gc=False):
    """A day of the workbook."""

    value: date


class Moment(msgspec.Struct, frozen=True, tag=2, array_like=True, gc=False):
    """A day with a time, in no zone."""

    value: datetime


Packed = bool | int | float | str | Day | Moment | None


def fraction(value: float) -> Decimal | str:
    """Return a number that is not whole with the 15 digits that Excel keeps; what is none (infinite) as text."""
    number = Decimal(f"{value:.15g}")
    return number if number.is_finite() else f"{value:.15g}"


class SheetBegun(msgspec.Struct, frozen=True, tag="sheet"):
    """A visible sheet, that of a text without a name; its rows follow."""

    name: str


class RowsFound(msgspec.Struct, frozen=True, tag="rows"):
    """More rows of the sheet, cells up to the last with something in it, and in which places fractions, days and moments stand."""

    rows: Sequence[Sequence[Packed]]
    packed_in: Sequence[int] = ()


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """Why there is no table, in one word: unreadable, encrypted, unpacked, rows, columns, sheets, letters. What came before is void."""

    trouble: str


Part = SheetBegun | RowsFound | Stopped
LENGTH: Final = 4
"""Bytes in front of each part that say how long it is."""


class _TooLargeError(Exception):
    """There is more of something than wanted; the word says of what."""


def main() -> None:
    """Answer the cells of the file on standard input, part by part, so that they are taken in while more is read."""
    limit_self(megabytes=MEGABYTES, seconds=SECONDS)
    # It ends before there is anything to collect.
    gc.disable()
    wanted = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Wanted)
    left = MOST_ANSWERED
    for part in opened(wanted):
        packed = msgspec.msgpack.encode(part)
        left -= len(packed)
        if left < 0:
            packed = msgspec.msgpack.encode(Stopped("letters"))
        sys.stdout.buffer.write(len(packed).to_bytes(LENGTH, "big") + packed)
        sys.stdout.buffer.flush()
        if left < 0:
            return


def opened(wanted: Wanted) -> Iterator[Part]:
    """Yield what is in the file, by its content: a workbook, whose hidden sheets are left out, or a text."""
    try:
        if wanted.content.startswith(_WORKBOOK):
            _check_unpacked(wanted.content)
        if wanted.content.startswith((_WORKBOOK, _COMPOUND)):
            yield from _from_workbook(wanted)
        else:
            yield SheetBegun("")
            yield from _from_text(wanted)
    except _TooLargeError as large:
        yield Stopped(str(large))
    except _BrokenError:
        yield Stopped("unreadable")


class _BrokenError(Exception):
    """The file is no table at all."""


def _from_workbook(wanted: Wanted) -> Iterator[Part]:
    # Loaded here, under the limits.
    from python_calamine import (  # noqa: PLC0415
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(wanted.content))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if len(names) > MOST_SHEETS:
            yield Stopped("sheets")
            return
        for name in names:
            yield SheetBegun(name)
            sheet = book.get_sheet_by_name(name)
            if sheet.end and sheet.end[0] >= _LAST_ROW:
                yield Stopped("rows")
                return
            yield from _rows(iter(sheet.iter_rows()), max(_CELLS // max(sheet.width, 1), 1), wanted)
    except PasswordError:
        raise _TooLargeError("encrypted") from None
    except _TooLargeError:
        raise
    except (CalamineError, ValueError, OverflowError, OSError, IndexError) as broken:
        raise _BrokenError from broken
    except BaseException as stopped:
        # The reader stops like this on what its authors thought no file would say.
        if type(stopped).__name__ != "PanicException":
            raise
        raise _BrokenError from stopped


def _check_unpacked(content: bytes) -> None:
    """Unpack every part and throw it away: no more than 100 MB, whatever the file says about its sizes."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _TooLargeError("unpacked")
            for part in parts:
                with packed.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise _TooLargeError("unpacked")
    except RuntimeError:
        raise _TooLargeError("encrypted") from None
    except (*_BROKEN_PACKING, ValueError, OSError, EOFError, NotImplementedError) as broken:
        raise _BrokenError from broken


def _rows(rows: Iterator[Sequence[object]], at_once: int, wanted: Wanted) -> Iterator[RowsFound]:
    """Yield the rows, so many at once; empty ones behind the last with something in it are left out, and never counted."""
    before, empty = 0, 0
    while some := list(islice(rows, at_once)):
        found = _packed_rows(some)
        kept = list(found.rows)
        while kept and not kept[-1]:
            kept.pop()
        if max(map(len, kept), default=0) > wanted.most_columns:
            raise _TooLargeError("columns")
        if kept:
            if before + len(kept) > wanted.most_rows:
                raise _TooLargeError("rows")
            yield RowsFound([()] * empty + kept, found.packed_in)
            empty = 0
        empty += len(some) - len(kept)
        before += len(some)


def _packed_rows(rows: Sequence[Sequence[object]]) -> RowsFound:
    """Return rows as they are answered, turned column by column: cells of a column are mostly of one kind, which is told in one step."""
    columns: list[Sequence[Packed]] = []
    packed_in = []
    letters = 0
    for place, cells in enumerate(zip(*rows, strict=True)):
        clean = set(map(type, cells)) == {str}
        words = cast("Sequence[str]", cells if clean else [cell for cell in cells if type(cell) is str])
        letters += sum(map(len, words))
        if letters > MOST_ANSWERED:
            raise _TooLargeError("letters")  # before a copy of them all is made
        if clean:
            columns.append([cell or None for cell in words] if "" in words else words)
            continue
        column = [_packed(cell) for cell in cells]
        columns.append(column)
        if not _PLAIN.issuperset(map(type, column)):
            packed_in.append(place)
    found: list[Sequence[Packed]] = list(zip(*columns, strict=True))
    if columns and None in columns[-1]:
        found = [_without_end(row) for row in found]
    return RowsFound(found, packed_in)


def _without_end(row: Sequence[Packed]) -> Sequence[Packed]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


_PLAIN: Final = frozenset({str, int, bool, type(None)})


def _packed(cell: object) -> Packed:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and -_EXACT < cell < _EXACT else cell
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, datetime):
        return Moment(cell)
    if isinstance(cell, date):
        return Day(cell)
    return str(cell)


# ------------------------------------------------------------------------------------------------------------------------ text


def _from_text(wanted: Wanted) -> Iterator[RowsFound]:
    words = _decoded(wanted.content)
    if words is None or not words.strip():
        raise _BrokenError
    rows: list[list[Packed]] = []
    filled = 0
    try:
        for number, line in enumerate(csv.reader(io.StringIO(words, newline=""), delimiter=wanted.separator or _separator(words)), 1):
            cells: list[Packed] = [cell or None for cell in line]
            while cells and cells[-1] is None:
                cells.pop()
            if len(cells) > wanted.most_columns:
                raise _TooLargeError("columns")
            if number > wanted.most_rows and (cells or number > MOST_LINES):
                raise _TooLargeError("rows")
            if number <= wanted.most_rows:
                rows.append(cells)
            filled = number if cells else filled
    except csv.Error as broken:
        raise _BrokenError from broken
    yield RowsFound(rows[:filled])


def _decoded(content: bytes) -> str | None:
    # What Excel calls Unicode text begins with these two.
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(words) else words
    return None


def _separator(words: str) -> str:
    """Return what parts the cells, by the first lines with something in them: a tab, a semicolon, else a comma.

    Amounts have commas of their own, and cells of a bank's list may end in a tab before their comma: neither parts cells.
    """
    lines = list(islice((line for line in words.lstrip()[:_BEGINNING].splitlines() if line.strip()), SAMPLE))
    if 2 * sum(1 for line in lines if _PARTING_TAB.search(line)) >= len(lines):
        return "\t"
    semicolons = sum(line.count(";") for line in lines)
    return ";" if semicolons >= len(lines) and semicolons > sum(line.count(",") for line in lines) else ","


if __name__ == "__main__":
    main()
