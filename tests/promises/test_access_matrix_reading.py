"""P10, what is read: every address, by everybody, about objects of every relation: the status, what the answer shows, and no row written.

The suite asks every eleventh question, `make soak` all of them.
"""

from __future__ import annotations

import pytest

from tests.promises.access_fixtures import seat
from tests.promises.access_matrix import Seat, cells, part_of, unfilled, walk

__all__ = ["seat"]
EVERY = 11


def test_every_address_with_an_object_is_asked_about_objects_that_exist(seat: Seat) -> None:
    assert unfilled(seat) == []


def test_reading_goes_by_the_declarations(seat: Seat) -> None:
    found = walk(seat, part_of(cells(seat, ("GET",)), EVERY, unanswered=21))
    assert found.wrong == []
    assert found.cells > 2_500
    assert found.answers[200] > 200


def test_no_other_method_is_answered(seat: Seat) -> None:
    found = walk(seat, part_of(cells(seat, ("PUT", "DELETE", "HEAD")), 151, unanswered=151))
    assert found.wrong == []
    assert found.answers[405] > 500


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_all_that_is_read_goes_by_the_declarations(seat: Seat) -> None:
    found = walk(seat, cells(seat, ("GET", "HEAD", "PUT", "DELETE")))
    assert found.wrong == []
    assert found.cells > 80_000
