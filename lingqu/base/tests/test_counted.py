"""What piles up is counted to a thousand and shown as 999+."""

from __future__ import annotations

import pytest

from lingqu.base.counted import MOST_COUNTED, counted, upto


@pytest.mark.parametrize(("many", "shown"), [(0, "0"), (1, "1"), (999, "999"), (1_000, "999+"), (1_000_000, "999+")])
def test_up_to_999_things_are_told_exactly(many: int, shown: str) -> None:
    assert counted(many) == shown


def test_a_count_stops_where_nobody_needs_the_number() -> None:
    assert upto("FROM t WHERE true") == f"(SELECT count(*) FROM (SELECT FROM t WHERE true LIMIT {MOST_COUNTED}) AS found)"
