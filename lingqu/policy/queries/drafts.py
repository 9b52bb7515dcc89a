"""Drafts, who has read a version, and what competitors do."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from lingqu.base.refusal import not_found
from lingqu.base.text import Text
from lingqu.policy.models import Benchmark, Draft, DraftChange, Reading
from lingqu.policy.rules import Regulation, read_regulation
from lingqu.policy.states import DraftState

OPEN = (DraftState.DRAFT.value, DraftState.IN_APPROVAL.value)


class Changed(msgspec.Struct, frozen=True):
    """One saving of a draft: the revision that it made, who, when, and what."""

    revision: int
    by: str
    at: datetime
    titles: tuple[Text, ...]


class ReadingRow(msgspec.Struct, frozen=True):
    """A person whom a version concerns, and when they confirmed that they have read it; None for not yet."""

    person: int
    name: str
    firm: str
    read_at: datetime | None


class Readings(msgspec.Struct, frozen=True):
    """How far the reading of a version has come."""

    people: int
    read: int
    rows: tuple[ReadingRow, ...]


class Benchmarked(msgspec.Struct, frozen=True):
    """What a competitor does where we have a parameter, and where that is known from."""

    id: int
    parameter: str
    competitor: str
    value: str
    source: str
    noted_on: date
    noted_by: str


def open_draft(pack: str) -> Draft | None:
    """Return the draft of a pack that is being written or decided, None for none."""
    return Draft.objects.select_related("base", "started_by", "changed_by").filter(pack=pack, state__in=OPEN).first()


def draft(draft_id: int) -> Draft:
    """Return a draft with its base and people; refuses (404) one that does not exist."""
    found = Draft.objects.select_related("base", "issued", "started_by", "changed_by").filter(pk=draft_id).first()
    if found is None:
        raise not_found()
    return found


def draft_regulation(found: Draft) -> Regulation:
    """Return what a draft says."""
    return read_regulation(found.content)


def draft_changes(draft_id: int, *, after: int = 0) -> list[Changed]:
    """Return the savings of a draft that came after a revision, oldest first."""
    found = DraftChange.objects.select_related("by").filter(draft_id=draft_id, revision__gt=after).order_by("revision")
    return [Changed(one.revision, one.by.name, one.at, tuple(Text(zh, en) for zh, en in one.titles)) for one in found]


def draft_writers(draft_id: int) -> tuple[int, ...]:
    """Return everybody who has changed a draft (Person ids): it is their own request, whoever of them sends it."""
    found = DraftChange.objects.filter(draft_id=draft_id).order_by("by_id").values_list("by_id", flat=True)
    return tuple(found.distinct())


def readings(version_id: int, *, limit: int = 500) -> Readings:
    """Return whom a version concerns and who has confirmed; those who have not come first, at most `limit` of them all."""
    found = Reading.objects.filter(version_id=version_id)
    listed = found.select_related("person__firm").order_by("read_at", "person__pinyin", "id")
    unread_first = [*listed.filter(read_at__isnull=True)[:limit], *listed.filter(read_at__isnull=False)[:limit]][:limit]
    rows = tuple(ReadingRow(one.person_id, one.person.name, one.person.firm.short_name, one.read_at) for one in unread_first)
    return Readings(found.count(), found.filter(read_at__isnull=False).count(), rows)


def own_unread(person: int) -> Reading | None:
    """Return the newest version that concerns a person and that they have not confirmed, None for none."""
    found = Reading.objects.select_related("version").defer("version__content")
    return found.filter(person_id=person, read_at__isnull=True).order_by("-version_id").first()


def benchmarks(pack: str, parameter: str = "") -> list[Benchmarked]:
    """Return what competitors do where the pack has parameters, or one of them, newest first."""
    found = Benchmark.objects.select_related("noted_by").filter(pack=pack).order_by("parameter", "-noted_on", "-id")
    if parameter:
        found = found.filter(parameter=parameter)
    return [Benchmarked(one.pk, one.parameter, one.competitor, one.value, one.source, one.noted_on, one.noted_by.name) for one in found]
