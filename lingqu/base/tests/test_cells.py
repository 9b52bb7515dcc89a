"""What cells of somebody's table mean; what is not understood is None, never a guess."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from lingqu.base.sheets import Cell, as_day, as_money, as_text

DAY = date(2025, 9, 1)
AFTERNOON = datetime.combine(DAY, time(13, 5, 9))


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("1234.5", "1234.5"),
        ("12,345,678.90", "12345678.90"),
        ("１，２３４．５０", "1234.50"),
        ("￥1,234.50", "1234.50"),
        ("¥ 60000.01", "60000.01"),
        ("RMB 20", "20"),
        ("1 234.50元", "1234.50"),
        ("\t99.00\t\t", "99.00"),
        ("\u00a088\u00a0", "88"),
        ("\ufeff7", "7"),
        ("(1,234.50)", "-1234.50"),
        ("（８８）", "-88"),
        ("-5", "-5"),
        ("−5.10", "-5.10"),
        ("-¥5", "-5"),
        ("¥-5", "-5"),
        ("+5", "5"),
        ("5.", "5"),
        ("0", "0"),
        (1234, "1234"),
        (Decimal("0.1"), "0.1"),
        (Decimal("99999999999.99"), "99999999999.99"),
        ("99999999999.99", "99999999999.99"),
        ("100000000000", None),
        (Decimal(10) ** 30, None),
        ("1,23", None),
        ("1,2345", None),
        ("1.234,50", None),
        ("1e5", None),
        ("NaN", None),
        ("10²", None),
        ("--5", None),
        ("(-5)", None),
        ("(5", None),
        (".5", None),
        ("", None),
        ("-", None),
        ("五百", None),
        ("12.5万", None),
        (None, None),
        (True, None),
        (DAY, None),
    ],
)
def test_money(cell: Cell, amount: str | None) -> None:
    assert as_money(cell) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    "cell",
    [
        DAY, AFTERNOON, "2025-09-01", "2025-9-1", "2025.9.1", "2025/9/1", "2025年9月1日", "2025年09月01日", "2025年9月1号",
        "2025 年 9 月 1 日", "20250901", 20250901, "２０２５．９．１", "2025-09-01 13:05", "2025/9/1 13:05:30", "2025-09-01T00:00:00",
        "\t2025-09-01 ",
    ],
)  # fmt: skip
def test_a_day(cell: Cell) -> None:
    assert as_day(cell) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        None, "", True, 45901, Decimal("45901.5"), "45901", "2025-13-01", "2025-2-29", "20251301", "25-9-1", "9/1/2025", "2025-9", "202591",
        "1899-12-31", "2201-01-01", date(1989, 12, 31), "2025-9/1x", "明天", 99999999,
    ],
)  # fmt: skip
def test_no_day(cell: Cell) -> None:
    assert as_day(cell) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (9787302, "9787302"),
        (Decimal("12.0"), "12"),
        (Decimal("12.50"), "12.5"),
        (Decimal(100), "100"),
        (Decimal("1E+3"), "1000"),
        ("007", "007"),
        ("\tQH25-711 \u200b", "QH25-711"),
        ("上海 \n 书店", "上海 书店"),
        (DAY, "2025-09-01"),
        (datetime.combine(DAY, time()), "2025-09-01"),
        (AFTERNOON, "2025-09-01 13:05"),
        (True, "TRUE"),
        (False, "FALSE"),
        (0, "0"),
    ],
)
def test_text(cell: Cell, text: str) -> None:
    assert as_text(cell) == text
