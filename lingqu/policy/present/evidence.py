"""What really happened under a clause this year: judged, passed, failed, waived, by month, and the newest of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

WIDTH, HEIGHT = 320, 96
"""The box of the drawing in its own units."""
LEFT, BOTTOM, TOP = 30, 18, 6
BAR = 0.5
"""How much of a month's place its bar takes."""


class MonthBar(msgspec.Struct, frozen=True):
    """One month of the drawing: the bar of what passed, and on it that of what failed; all places as written in SVG."""

    month: int
    judged: int
    failed: int
    x: str
    width: str
    passed_y: str
    passed_height: str
    failed_y: str
    failed_height: str
    label_x: str


class Mark(msgspec.Struct, frozen=True):
    """A line of the scale."""

    value: int
    y: str


class Chart(msgspec.Struct, frozen=True):
    """A small drawing of the months."""

    bars: tuple[MonthBar, ...]
    marks: tuple[Mark, ...]
    right: str
    label_y: str


def chart_of(months: Sequence[tuple[int, int, int]]) -> Chart | None:
    """Return the drawing of months given as (month, judged, failed); None when nothing was judged at all."""
    most = max((judged for _, judged, _ in months), default=0)
    if not most:
        return None
    scale = _round_up(most)
    place = Decimal(WIDTH - LEFT) / len(months)
    bars = tuple(_bar(number, month, place, scale) for number, month in enumerate(months))
    steps = (0, scale // 2, scale) if scale > 1 else (0, scale)
    marks = tuple(Mark(value, _written(_y(value, scale))) for value in steps)
    return Chart(bars, marks, str(WIDTH), str(HEIGHT - 4))


def _bar(number: int, month: tuple[int, int, int], place: Decimal, scale: int) -> MonthBar:
    name, judged, failed = month
    width = place * Decimal(str(BAR))
    x = LEFT + place * number + (place - width) / 2
    top, middle, foot = _y(judged, scale), _y(judged - failed, scale), _y(0, scale)
    return MonthBar(
        month=name, judged=judged, failed=failed, x=_written(x), width=_written(width), passed_y=_written(middle),
        passed_height=_written(foot - middle), failed_y=_written(top), failed_height=_written(middle - top),
        label_x=_written(x + width / 2),
    )  # fmt: skip


def _y(value: int, scale: int) -> Decimal:
    room = HEIGHT - BOTTOM - TOP
    return HEIGHT - BOTTOM - Decimal(room) * value / scale


def _round_up(most: int) -> int:
    """Return the end of the scale: an even number of the form 2, 4, 6, 10, 20, 40, 60, 100 … that is not below `most`."""
    step = 1
    while True:
        for factor in (2, 4, 6, 10):
            if factor * step >= most:
                return factor * step
        step *= 10


def _written(number: Decimal) -> str:
    return f"{number:.1f}"
