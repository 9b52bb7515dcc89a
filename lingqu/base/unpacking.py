"""Open one Excel file of somebody's: reads it on standard input, writes its cells to standard output, and ends. Run by `sheets` alone.

A workbook of a few hundred bytes may say that it is 17 thousand million cells large, and its reader takes memory for all of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Final

import msgspec

from lingqu.base.child import limit_self

MEGABYTES: Final = 768
SECONDS: Final = 20
MOST_SHEETS: Final = 50


class Wanted(msgspec.Struct, frozen=True):
    """The file, and how many rows and columns of a sheet may have something in them."""

    content: bytes
    most_rows: int
    most_columns: int


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A day of the workbook."""

    value: date


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """A day with a time, in no zone."""

    value: datetime


class Fraction(msgspec.Struct, frozen=True, tag="fraction"):
    """A number that is not whole, with the 15 digits that Excel keeps."""

    value: str

    def number(self) -> Decimal | str:
        """Return it as a number; what is none (infinite) as text."""
        number = Decimal(self.value)
        return number if number.is_finite() else self.value


Packed = bool | int | str | Day | Moment | Fraction | None


class SheetFound(msgspec.Struct, frozen=True):
    """A visible sheet: its rows up to the last with something in it, each up to its last cell with something in it."""

    name: str
    rows: list[list[Packed]]


class Opened(msgspec.Struct, frozen=True):
    """What came out: the sheets, or in one word why there are none (unreadable, encrypted, rows, columns, sheets)."""

    sheets: list[SheetFound] = []
    trouble: str = ""


class _TooLargeError(Exception):
    """A sheet has more rows or columns than wanted."""


def main() -> None:
    """Answer the cells of the file on standard input."""
    limit_self(megabytes=MEGABYTES, seconds=SECONDS)
    wanted = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Wanted)
    sys.stdout.buffer.write(msgspec.msgpack.encode(opened(wanted)))


def opened(wanted: Wanted) -> Opened:
    """Return what is in the file; hidden sheets are left out."""
    # Loaded here, under the limits.
    from python_calamine import (  # noqa: PLC0415
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(wanted.content))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if len(names) > MOST_SHEETS:
            return Opened(trouble="sheets")
        return Opened([SheetFound(name, _rows(book.get_sheet_by_name(name).iter_rows(), wanted)) for name in names])
    except PasswordError:
        return Opened(trouble="encrypted")
    except _TooLargeError as large:
        return Opened(trouble=str(large))
    except (CalamineError, ValueError, OverflowError, OSError, IndexError):
        return Opened(trouble="unreadable")
    except BaseException as stopped:
        # The reader stops like this on what its authors thought no file would say.
        if type(stopped).__name__ != "PanicException":
            raise
        return Opened(trouble="unreadable")


def _rows(rows: Iterable[Sequence[object]], wanted: Wanted) -> list[list[Packed]]:
    kept: list[list[Packed]] = []
    filled = 0
    for number, row in enumerate(rows, 1):
        cells = [_packed(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > wanted.most_columns:
            raise _TooLargeError("columns")
        if cells:
            filled = number
            if number > wanted.most_rows:
                raise _TooLargeError("rows")
        if number <= wanted.most_rows:
            kept.append(cells)
    return kept[:filled]


def _packed(cell: object) -> Packed:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return Moment(cell)
    if isinstance(cell, date):
        return Day(cell)
    return str(cell)


def _number(value: float) -> Packed:
    digits = f"{value:.15g}"
    if "e" in digits or "." in digits or not digits.lstrip("-").isdecimal():
        return Fraction(digits)
    return int(digits)


if __name__ == "__main__":
    main()
