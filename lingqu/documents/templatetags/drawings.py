"""Drawings in SVG for the shared page parts: places and widths as attributes, so that no page needs an inline style."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict

from django.template import Library

register = Library()


class Segment(TypedDict):
    """One piece of a bar: what it means, where it starts and how wide it is, in percent of the bar."""

    kind: str
    x: str
    width: str


class Tick(TypedDict):
    """One label under a bar: the amount in yuan, its place in percent, and the side on which the text hangs."""

    value: Decimal
    x: str
    anchor: str


class Bar(TypedDict):
    """An exposure bar, ready to be drawn; `limit_x` is set only when more than the limit is taken."""

    segments: list[Segment]
    ticks: list[Tick]
    limit_x: str


class Line(TypedDict):
    """A small trend line: its points and its last point, in a box of 88 × 24."""

    points: str
    area: str
    x: str
    y: str


@register.simple_tag
def exposure_geometry(limit: Decimal, used: Decimal, overdue: Decimal, held: Decimal) -> Bar:
    """Return the pieces of an exposure bar: overdue first, the rest of what is used, then held; all amounts in yuan.

    The bar ends at the limit, or at what is taken when that is more. Without limit and use there is nothing to draw.
    """
    taken = used + held
    whole = max(limit, taken)
    if whole <= 0:
        return Bar(segments=[], ticks=[], limit_x="")
    late = min(max(overdue, Decimal(0)), used)
    pieces = (("overdue", Decimal(0), late), ("used", late, used - late), ("held", used, held))
    segments = [Segment(kind=kind, x=share(start, whole), width=share(size, whole)) for kind, start, size in pieces if size > 0]
    return Bar(segments=segments, ticks=_ticks(limit, whole), limit_x=share(limit, whole) if taken > limit else "")


@register.simple_tag
def trend_line(values: Sequence[Decimal | int]) -> Line | None:
    """Return a trend line through `values`, oldest first, scaled to their own span; None for fewer than two values."""
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    low, span = min(values), max(values) - min(values)
    step = Decimal(84) / (len(values) - 1)
    places = [(2 + step * at, 22 - 20 * (Decimal(value) - low) / span if span else Decimal(12)) for at, value in enumerate(values)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return Line(points=points, area=f"2,24 {points} {x:.1f},24", x=f"{x:.1f}", y=f"{y:.1f}")


@register.filter
def share(part: Decimal | int, whole: Decimal | int) -> str:
    """Return a part of a whole as an SVG length between 0% and 100%; 0% when there is no whole."""
    if not whole:
        return "0%"
    return f"{min(max(Decimal(part) * 100 / Decimal(whole), Decimal(0)), Decimal(100)):.2f}%"


def _ticks(limit: Decimal, whole: Decimal) -> list[Tick]:
    """Return the quarters of the limit; the first label hangs to the right, one at the very end to the left."""
    if limit <= 0:
        return []
    anchors = ("start", "middle", "middle", "middle", "end" if limit == whole else "middle")
    quarter = limit / 4
    return [Tick(value=quarter * at, x=share(quarter * at, whole), anchor=anchor) for at, anchor in enumerate(anchors)]
