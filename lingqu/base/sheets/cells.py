"""What a cell of somebody's table means: money, a day, or text. None for what is not understood; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from lingqu.base.money import MAX_AMOUNT

Cell = str | int | Decimal | bool | date | datetime | None

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2200
_SIGNS: Final = str.maketrans({"\u2212": "-", "\u2013": "-", "﹣": "-", "￥": "¥", "（": "(", "）": ")", "，": ","})
_AMOUNT: Final = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,14})(?P<rest>\.\d{0,8})?")
_DAY: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d\d)(\d\d))", re.ASCII)
_TIME: Final = re.compile(r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$", re.ASCII)


def as_text(cell: Cell) -> str:
    """Return a cell as it would be typed: codes that Excel took for numbers without .0, a day as 2026-11-22, nothing as "".

    Blanks, tabs and hidden characters around it are taken off; those inside become one blank.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}" if cell != cell.to_integral_value() else str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    plain = str(cell)
    if not plain.isprintable():
        plain = "".join(one if unicodedata.category(one) != "Cf" else "" for one in plain)
    return " ".join(plain.split())


def as_money(cell: Cell) -> Decimal | None:
    """Return an amount of yuan, up to 99,999,999,999.99 either way with all its decimals; None for what is no amount.

    Understands 1,234.50, full-width digits, ¥ and 元, parentheses and minus for negatives, blanks and tabs around. A comma that does not
    part thousands, a day, a truth and words are no amount.
    """
    if isinstance(cell, bool | date) or cell is None:
        return None
    if isinstance(cell, int | Decimal):
        return _within(Decimal(cell))
    plain = as_text(_narrow(cell).translate(_SIGNS)).replace(" ", "")
    below = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1] if below else plain
    plain = plain.replace("¥", "", 1).removeprefix("RMB").removesuffix("元")
    found = _AMOUNT.fullmatch(plain)
    if not found or (below and found["sign"]):
        return None
    value = Decimal(found["digits"].replace(",", "") + (found["rest"] or "").rstrip("."))
    return _within(-value if below or found["sign"] == "-" else value)


def _narrow(words: str) -> str:
    """Return full-width digits and signs as plain ones; 10² stays what it is."""
    return "".join(one if unicodedata.category(one) == "No" else unicodedata.normalize("NFKC", one) for one in words)


def _within(value: Decimal) -> Decimal | None:
    return value if value.is_finite() and abs(value) <= MAX_AMOUNT else None


def as_day(cell: Cell) -> date | None:
    """Return a day of the years 1990 to 2200; None for what is no day.

    Understands a date of the workbook, and as text or number 2025-9-1, 2025/9/1, 2025.9.1, 2025年9月1日 and 20250901, with or without a
    time behind. A bare serial number of Excel (45901) is no day: nobody can tell it from a number.
    """
    if isinstance(cell, datetime):
        return _known(cell.date())
    if isinstance(cell, date):
        return _known(cell)
    if isinstance(cell, bool) or cell is None:
        return None
    plain = _TIME.sub("", as_text(_narrow(as_text(cell)))).replace(" ", "")
    found = _DAY.fullmatch(plain)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return _known(date(year, month, day))
    except ValueError:
        return None


def _known(day: date) -> date | None:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
