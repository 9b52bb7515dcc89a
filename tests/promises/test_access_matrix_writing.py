"""P10, what is sent: every address, by everybody, about objects of every relation: who may not is refused, and no row is written.

The suite asks every eleventh question, `make soak` all of them. What was done is taken back after each.
"""

from __future__ import annotations

import pytest

from tests.promises.access_fixtures import seat
from tests.promises.access_matrix import Seat, cells, part_of, walk
from tests.promises.access_more import Programs, walk_programs
from tests.promises.sent_twice import forms, forms_twice, programs_twice

__all__ = ["seat"]
EVERY = 11


def test_writing_goes_by_the_declarations(seat: Seat) -> None:
    found = walk(seat, part_of(cells(seat, ("POST",)), EVERY, unanswered=21))
    assert found.wrong == []
    assert found.cells > 2_500
    assert found.answers[302] > 60


def test_programs_go_by_the_declarations(seat: Seat) -> None:
    programs = Programs(seat)
    found = walk_programs(programs, part_of(programs.cells(), 7, unanswered=61))
    assert found.wrong == []
    assert found.cells > 300
    assert found.answers[200] > 15


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_all_that_is_sent_goes_by_the_declarations(seat: Seat) -> None:
    found = walk(seat, cells(seat, ("POST",)))
    assert found.wrong == []
    assert found.cells > 25_000


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_all_programs_go_by_the_declarations(seat: Seat) -> None:
    programs = Programs(seat)
    assert walk_programs(programs, list(programs.cells())).wrong == []


def test_a_form_that_comes_again_is_done_once(seat: Seat) -> None:
    found = forms_twice(seat, forms(seat, tries=1, every=5))
    assert found.wrong == []
    assert len(found.proved) > 7


def test_a_call_that_comes_again_is_done_once(seat: Seat) -> None:
    found = programs_twice(Programs(seat), every=4)
    assert found.wrong == []
    assert len(found.proved) > 2


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_every_form_that_comes_again_is_done_once(seat: Seat) -> None:
    found = forms_twice(seat, forms(seat, tries=9, every=1))
    assert found.wrong == []
    assert len(found.proved) > 50


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_every_call_that_comes_again_is_done_once(seat: Seat) -> None:
    found = programs_twice(Programs(seat), every=1)
    assert found.wrong == []
    assert len(found.proved) > 10
