"""Confirm that one has read a version; note and strike what competitors do."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import run
from lingqu.base.refusal import bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.notices.actions import put_away
from lingqu.organisation.queries import Acting
from lingqu.policy.access import may_note_benchmarks
from lingqu.policy.models import Benchmark, Reading
from lingqu.policy.queries import newest_version
from lingqu.policy.rules import read_regulation

MOST_COMPETITOR = 80
MOST_VALUE = 200
MOST_SOURCE = 300
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('benchmarks of ' || %s), %s::int)"


class NewBenchmark(msgspec.Struct, frozen=True):
    """What a competitor does where the pack has a parameter, where that is known from, and since when."""

    pack: str
    parameter: str
    competitor: str
    value: str
    source: str
    noted_on: date


def notice_key(version_id: int) -> str:
    """Return the key of the notice that asks people to read a version."""
    return f"regulation-{version_id}"


@transaction.atomic
def confirm_reading(version_id: int, *, by: Acting, at: datetime) -> Reading:
    """Confirm that one has read a version, and return the reading; a second time changes nothing. Refuses whom it does not concern."""
    reading = Reading.objects.select_for_update().filter(version_id=version_id, person_id=by.person).first()
    if reading is None:
        raise not_found()
    if reading.read_at is None:
        reading.read_at = at
        reading.save(update_fields=["read_at"])
        put_away([notice_key(version_id)], people=[by.person], at=at)
        record([Deed("read", "regulation", version_id, {"person": by.person})], by=by.person, at=at)
    return reading


@transaction.atomic
def note_benchmark(new: NewBenchmark, *, by: Acting, at: datetime) -> Benchmark:
    """Note what a competitor does, and return the note (M-8, by analogy); the same person's same note again is one note.

    Refuses people who may not, a parameter that the pack does not have, empty or too long words, and a day to come.
    """
    _must_note(by)
    base = newest_version(new.pack)
    if base is None or new.parameter not in read_regulation(base.content).notes:
        raise not_found()
    for field, words, most in (
        ("competitor", new.competitor, MOST_COMPETITOR), ("value", new.value, MOST_VALUE), ("source", new.source, MOST_SOURCE),
    ):  # fmt: skip
        if not words.strip() or len(words.strip()) > most:
            raise bad_input(field, Text(f"请填写，最多 {most} 字。", f"Write something, at most {most} characters."))
    if new.noted_on > china_day(at):
        raise bad_input("noted_on", Text("日期不能晚于今天。", "The day must not lie ahead."))
    run(_LOCK, (new.pack, by.person))
    same = {
        "pack": new.pack, "parameter": new.parameter, "competitor": new.competitor.strip(), "value": new.value.strip(),
        "source": new.source.strip(), "noted_on": new.noted_on, "noted_by_id": by.person,
    }  # fmt: skip
    known = Benchmark.objects.filter(**same).first()
    if known:
        return known
    noted = Benchmark.objects.create(**same, noted_at=at)
    after = {"pack": noted.pack, "parameter": noted.parameter, "competitor": noted.competitor, "value": noted.value}
    record([Deed("note", "benchmark", noted.pk, after)], by=by.person, at=at)
    return noted


@transaction.atomic
def strike_benchmark(benchmark_id: int, *, by: Acting, at: datetime) -> None:
    """Take a note about a competitor away; the record keeps what it said. Refuses people who may not, and an unknown one."""
    _must_note(by)
    noted = Benchmark.objects.select_for_update().filter(pk=benchmark_id).first()
    if noted is None:
        raise not_found()
    before = {
        "pack": noted.pack,
        "parameter": noted.parameter,
        "competitor": noted.competitor,
        "value": noted.value,
        "source": noted.source,
    }
    noted.delete()
    record([Deed("strike", "benchmark", benchmark_id, {}, before)], by=by.person, at=at)


def _must_note(by: Acting) -> None:
    if not may_note_benchmarks(by):
        raise forbidden(
            Text(
                "竞品记录由市场研究人员、营销主管、副主任或主任登记。",
                "Market research, the marketing manager, the deputy or the director notes what competitors do.",
            )
        )
