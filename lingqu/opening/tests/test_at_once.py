"""Two at the same moment: the same workbook, and the same row in two workbooks, are taken over once."""

from __future__ import annotations

from lingqu.credit.models import Batch
from lingqu.ledger.queries import standings
from lingqu.opening.actions import book_file, sign_file
from lingqu.opening.models import OpeningFile, OpeningRow
from lingqu.opening.states import OpeningKind
from lingqu.opening.tests.test_going_live import BATCHES, prepare
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world


def booking(world: World, file: OpeningFile):  # type: ignore[no-untyped-def]  # noqa: ANN201
    by, regulation, at = world.who("director"), world.regulation, world.at
    return lambda: book_file(file.number, regulation=regulation, by=by, at=at)


def test_many_take_the_same_workbook_over_and_one_does(race_database: str) -> None:
    world = build_world()
    file = prepare(world, OpeningKind.BATCHES, BATCHES)
    sign_file(file.number, by=world.who("finance"), at=world.at)
    assert at_once([booking(world, file)] * 6) == {"done": 1, "wrong_state": 5}
    assert OpeningRow.objects.count() == Batch.objects.count() == 3


def test_the_same_rows_of_two_workbooks_are_taken_over_once(race_database: str) -> None:
    world = build_world()
    files = [prepare(world, OpeningKind.BATCHES, rows) for rows in (BATCHES, BATCHES[:3], [BATCHES[1], BATCHES[0]])]
    for file in files:
        sign_file(file.number, by=world.who("finance"), at=world.at)
    done = at_once([booking(world, file) for file in files])
    assert done["done"] == 1
    assert done["done"] + done["taken_over_already"] + done["has_errors"] == 3
    account = world.lines["agent"].account_id
    owed = sum(batch.value for batch in Batch.objects.all())
    assert standings([account])[account].used == owed
    assert OpeningRow.objects.count() == Batch.objects.count()
