"""What a sent file says as lines of text: an Excel workbook's first sheet, or a text file, whichever it is by its content."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from lingqu.duties.rules import text_of
from lingqu.duties.rules.holidays import MOST_LINES

WORKBOOK = b"PK\x03\x04"
MOST_UNPACKED = 20_000_000
"""Bytes of a workbook once it is unpacked: a small file may hold a very large one."""

MOST_COLUMNS = 20


def lines_of(content: bytes) -> str | None:
    """Return a file's text, one line for each row, cells separated by commas; None where there is none that can be read.

    Reads xlsx by its first sheet (at most 501 rows and 20 columns; dates as 2027-01-01), and text in UTF-8 or GB18030.
    """
    if not content.startswith(WORKBOOK):
        return text_of(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                return None
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=True, nrows=MOST_LINES + 1)
    except (CalamineError, zipfile.BadZipFile, IndexError, ValueError, OverflowError):
        return None
    lines = (",".join(_cell(cell) for cell in row[:MOST_COLUMNS]).strip(", ") for row in rows)
    return "\n".join(line for line in lines if line)


def _cell(value: object) -> str:
    """Return a cell as it would be typed: a day without its time, a whole number without its point, a truth as yes or no."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\n", " ").replace(",", " ").strip()
