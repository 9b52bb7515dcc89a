"""Cut short in the middle: the process is killed, or the database ends its connection. Nothing half stays, and again is once."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import OperationalError, connection, connections

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.models import Batch, CreditLine
from lingqu.credit.queries import standing_of
from lingqu.duties.models import Duty
from lingqu.ledger.models import Posting
from lingqu.notices.models import Notice
from lingqu.opening import jobs
from lingqu.opening.actions import book_file, fail_file, finish_file, sign_file
from lingqu.opening.models import OpeningFile, OpeningProgress, OpeningRow
from lingqu.opening.queries import progress_of, totals_now
from lingqu.opening.states import OpeningKind, OpeningState
from lingqu.opening.tests.test_going_live import Written, prepare
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

MANY = 501
NOTHING = Text("没有可做的", "Nothing left to do")
ROWS: list[list[Written]] = [["agent", f"旧-{place}", "2026-02-01", "2026-02-03", 90, "10.01", "2026-05-04"] for place in range(MANY)]


def queued(world: World) -> OpeningFile:
    file = prepare(world, OpeningKind.BATCHES, ROWS)
    sign_file(file.number, by=world.who("finance"), at=world.at)
    file = book_file(file.number, regulation=world.regulation, by=world.who("director"), at=world.at)
    assert (file.state, Batch.objects.count()) == (OpeningState.BOOKING.value, 0)
    return file


def taken_over_whole_and_once(world: World, file: OpeningFile) -> None:
    file.refresh_from_db()
    assert (file.state, OpeningRow.objects.count(), Batch.objects.count()) == (OpeningState.BOOKED.value, MANY, MANY)
    assert totals_now(file) == file.totals
    line = CreditLine.objects.get(pk=world.lines["agent"].pk)
    standing = standing_of(line, on=world.at.date())
    assert (str(standing.used), standing.open_count, line.last_batch) == (file.totals["amount"], MANY, MANY)


def nothing_of_it_is_there(file: OpeningFile) -> None:
    file.refresh_from_db()
    assert file.state == OpeningState.BOOKING.value
    assert OpeningRow.objects.count() == Batch.objects.count() == Posting.objects.filter(document_kind="batch").count() == 0


def test_a_process_killed_in_the_middle_leaves_nothing_and_the_next_takes_all(race_database: str) -> None:
    world = build_world()
    file = queued(world)
    regulation = world.regulation

    def die(done: int) -> None:
        if done >= MANY // 2:
            os.kill(os.getpid(), signal.SIGKILL)

    connections.close_all()
    child = os.fork()
    if not child:
        try:
            finish_file(file.pk, regulation=regulation, at=world.at, told=die)
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    nothing_of_it_is_there(file)
    assert finish_file(file.pk, regulation=regulation, at=world.at)
    assert not finish_file(file.pk, regulation=regulation, at=world.at)
    taken_over_whole_and_once(world, file)


def test_a_connection_cut_in_the_middle_leaves_nothing_and_the_next_takes_all(race_database: str) -> None:
    world = build_world()
    file = queued(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    beside = connection.copy()

    def cut(done: int) -> None:
        if done >= MANY // 2:
            with beside.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", (ours,))

    with pytest.raises(OperationalError):
        finish_file(file.pk, regulation=world.regulation, at=world.at, told=cut)
    beside.close()
    connections.close_all()
    nothing_of_it_is_there(file)
    assert finish_file(file.pk, regulation=world.regulation, at=world.at)
    taken_over_whole_and_once(world, file)


def test_many_jobs_at_once_take_it_over_once(race_database: str) -> None:
    world = build_world()
    file = queued(world)
    regulation, at = world.regulation, world.at

    def job() -> None:
        if not finish_file(file.pk, regulation=regulation, at=at):
            raise Refusal("nothing_left", NOTHING)

    assert at_once([job] * 4) == {"done": 1, "nothing_left": 3}
    taken_over_whole_and_once(world, file)


def test_the_job_shows_how_far_it_is_takes_all_over_and_lets_holds_follow(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world()
    file = queued(world)
    monkeypatch.setattr(jobs, "now", lambda: world.at)
    assert jobs.take_file_over(file=file.pk)
    taken_over_whole_and_once(world, file)
    assert progress_of(file) == MANY // 50 * 50
    assert world.lines["agent"].holds.count() == 1
    assert Duty.objects.exists()
    assert not jobs.take_file_over(file=file.pk)


def test_what_cannot_be_taken_over_any_more_comes_back_with_the_reason(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world()
    first, second = queued(world), prepare(world, OpeningKind.BATCHES, ROWS[:2])
    sign_file(second.number, by=world.who("finance"), at=world.at)
    book_file(second.number, regulation=world.regulation, by=world.who("director"), at=world.at)
    monkeypatch.setattr(jobs, "now", lambda: world.at)
    assert jobs.take_file_over(file=first.pk)
    first.refresh_from_db()
    assert (first.state, first.booked_by_id) == (OpeningState.SIGNED.value, None)
    assert first.failure
    assert "未作任何更改" in first.failure["zh"]
    assert Batch.objects.count() == OpeningRow.objects.count() == 2
    assert not fail_file(first.pk, NOTHING, at=world.at)
    assert OpeningProgress.objects.count() == 1


def told_of(file: OpeningFile) -> list[tuple[str, str]]:
    """Who was told how a workbook ended, and in which words."""
    found = Notice.objects.filter(key__startswith=f"opening:{file.pk}:").select_related("person").order_by("person__name")
    return [(one.person.name, one.title_zh) for one in found]


def test_who_signed_and_who_brought_it_in_are_told_when_the_job_ends(world: World) -> None:
    file = queued(world)
    assert told_of(file) == []
    assert finish_file(file.pk, regulation=world.regulation, at=world.at)
    told = f"期初数据 {file.number} 已入账"
    assert told_of(file) == [("director", told), ("finance", told)]
    notice = Notice.objects.filter(key__startswith=f"opening:{file.pk}:").first()
    assert notice
    assert (notice.link, notice.body_zh.endswith(f"{MANY} 行全部入账。")) == (f"/opening/{file.number}", True)


def test_they_are_told_too_when_it_could_not_be_taken_over(world: World) -> None:
    file = queued(world)
    assert fail_file(file.pk, NOTHING, at=world.at)
    told = f"期初数据 {file.number} 未能入账"
    assert told_of(file) == [("director", told), ("finance", told)]
