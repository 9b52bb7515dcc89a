"""Number series: JH-2026-0001. A number is never given twice; a rolled-back document leaves a hole."""

from __future__ import annotations

from lingqu.base.database import must_be_atomic, rows


def take_numbers(series: str, year: int, many: int = 1) -> list[str]:
    """Return the next numbers of a series in a year, such as `JH-2026-0001`.

    Backed by one sequence per series and year, so that two documents never wait for each other. `series` is two capital letters.
    """
    must_be_atomic()
    return [row.number for row in rows("SELECT number FROM documents_take_numbers(%s, %s, %s)", (series, year, many))]
