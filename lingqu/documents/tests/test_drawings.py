"""Drawings: an exposure bar and a trend line say what their numbers say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingqu.documents.templatetags.drawings import exposure_geometry, share, trend_line


def bar(*amounts: int) -> list[tuple[str, str, str]]:
    limit, used, overdue, held = map(Decimal, amounts)
    return [(piece["kind"], piece["x"], piece["width"]) for piece in exposure_geometry(limit, used, overdue, held)["segments"]]


def test_overdue_comes_first_then_the_rest_of_used_then_held() -> None:
    assert bar(200_000, 163_200, 38_600, 24_000) == [
        ("overdue", "0.00%", "19.30%"),
        ("used", "19.30%", "62.30%"),
        ("held", "81.60%", "12.00%"),
    ]


def test_pieces_without_an_amount_are_left_out() -> None:
    assert bar(200_000, 100_000, 0, 0) == [("used", "0.00%", "50.00%")]
    assert bar(200_000, 50_000, 50_000, 0) == [("overdue", "0.00%", "25.00%")]


def test_the_bar_ends_at_the_limit_with_its_quarters_below() -> None:
    drawn = exposure_geometry(Decimal(200_000), Decimal(1), Decimal(0), Decimal(0))
    assert drawn["limit_x"] == ""
    assert [(tick["value"], tick["x"], tick["anchor"]) for tick in drawn["ticks"]] == [
        (Decimal(0), "0.00%", "start"),
        (Decimal(50_000), "25.00%", "middle"),
        (Decimal(100_000), "50.00%", "middle"),
        (Decimal(150_000), "75.00%", "middle"),
        (Decimal(200_000), "100.00%", "end"),
    ]


def test_more_than_the_limit_is_drawn_to_its_end_and_the_limit_is_marked() -> None:
    drawn = exposure_geometry(Decimal(100_000), Decimal(90_000), Decimal(0), Decimal(35_000))
    assert drawn["limit_x"] == "80.00%"
    assert bar(100_000, 90_000, 0, 35_000) == [("used", "0.00%", "72.00%"), ("held", "72.00%", "28.00%")]


def test_without_limit_and_use_there_is_nothing_to_draw() -> None:
    assert exposure_geometry(Decimal(0), Decimal(0), Decimal(0), Decimal(0)) == {"segments": [], "ticks": [], "limit_x": ""}


def test_use_without_a_limit_is_drawn_without_quarters() -> None:
    drawn = exposure_geometry(Decimal(0), Decimal(100), Decimal(0), Decimal(0))
    assert drawn["ticks"] == []
    assert drawn["limit_x"] == "0.00%"


@pytest.mark.parametrize(("part", "whole", "length"), [(1, 3, "33.33%"), (-1, 3, "0.00%"), (4, 3, "100.00%"), (1, 0, "0%")])
def test_a_share_stays_between_nothing_and_all(part: int, whole: int, length: str) -> None:
    assert share(part, whole) == length


def test_a_trend_runs_from_its_lowest_to_its_highest_value() -> None:
    line = trend_line([Decimal(10), Decimal(30), Decimal(20)])
    assert line is not None
    assert line["points"] == "2.0,22.0 44.0,2.0 86.0,12.0"
    assert (line["x"], line["y"]) == ("86.0", "12.0")


def test_a_trend_without_change_is_level_and_one_value_makes_none() -> None:
    level = trend_line([5, 5])
    assert level is not None
    assert level["points"] == "2.0,12.0 86.0,12.0"
    assert trend_line([5]) is None
