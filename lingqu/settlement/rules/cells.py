"""What stands in a cell of a bank's table: a day, an amount, an account number, a direction. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

from lingqu.base.money import half_up
from lingqu.base.sheets import Cell, as_day, as_money, as_text

EXACT_DIGITS: Final = 15
"""Excel keeps no more digits of a number: behind them every account number ends in zeros."""

_FORMULA: Final = re.compile(r'="([^"]*)"|=(\d+)')
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)
_LONG_TIME: Final = re.compile(r"(\d{8})\d{6}")
_STAMP: Final = re.compile(r"(\d{4}-\d{2}-\d{2})-\d{2}[.:]\d{2}[.:]\d{2}.*")
_IN: Final = frozenset(
    ("贷", "贷方", "收", "收入", "收款", "存", "存入", "入", "进", "转入", "来账", "进账", "c", "cr", "credit", "+", "in")
)
_OUT: Final = frozenset(("借", "借方", "支", "支出", "付", "付款", "取", "支取", "出", "转出", "往账", "d", "dr", "debit", "-", "out"))
_NOTHING: Final = frozenset({"", "-", "--", "—", "——", "/", "无"})


def words_in(cell: Cell) -> str:
    """Return the words of a cell; ="6222…", by which exports keep Excel from changing a number, is undone."""
    words = as_text(cell).replace("\x00", "")
    formula = _FORMULA.fullmatch(words) if words.startswith("=") else None
    return ((formula[1] or formula[2] or "") if formula else words.removeprefix("'")).strip()


def day_in(cell: Cell) -> date | None:
    """Return the day of a cell, also of 20261123093000 and 2026-11-23-09.30.00; None for what is no day."""
    plain = words_in(cell) if isinstance(cell, str) else as_text(cell)
    for pattern in (_LONG_TIME, _STAMP):
        found = pattern.fullmatch(plain)
        if found:
            return as_day(found[1])
    return as_day(plain if isinstance(cell, str) else cell)


def is_empty(cell: Cell) -> bool:
    """Return whether a cell says nothing: blank, a dash, a stroke."""
    return isinstance(cell, str | None) and words_in(cell) in _NOTHING


def money_in(cell: Cell) -> Decimal | None:
    """Return an amount in yuan of a cell, None for what is none, or none to the cent. An empty cell is asked about by `is_empty`."""
    value = as_money(words_in(cell) if isinstance(cell, str) else cell)
    return half_up(value) if value is not None and value == half_up(value) else None


def code_in(cell: Cell) -> tuple[str, bool]:
    """Return an account or serial number without blanks, and whether Excel lost its last digits: then there is none to go by."""
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        digits = as_text(cell)
        return ("", True) if len(digits.lstrip("-")) > EXACT_DIGITS or "." in digits else (digits, False)
    words = unicodedata.normalize("NFKC", words_in(cell)).replace(" ", "")
    if _SCIENTIFIC.fullmatch(words):
        return "", True
    return ("", False) if words in _NOTHING else (words, False)


def is_incoming(cell: Cell) -> bool | None:
    """Return whether a marker says that money came in (贷, 收, C), False for out (借, 支, D), None for what is neither."""
    words = unicodedata.normalize("NFKC", words_in(cell)).replace(" ", "").lower()
    if words in _IN:
        return True
    return False if words in _OUT else None
