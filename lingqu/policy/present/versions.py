"""Versions as pages show them: the switch, the timeline, the list, and the head over a version that is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from django.urls import reverse

from lingqu.base.templatetags.words import day
from lingqu.base.text import Text
from lingqu.policy.queries import VersionRow

MOST_IN_SWITCH = 4
MOST_IN_TIMELINE = 5


def holds(row: VersionRow, on: date) -> bool:
    """Return whether a version is in force on a day."""
    return row.in_force_from <= on and (row.in_force_until is None or on < row.in_force_until)


def state_of(row: VersionRow, on: date) -> tuple[str, Text]:
    """Return the kind of a version's state and its words: in force, coming, or over."""
    if holds(row, on):
        return "valid", Text("现行", "in force")
    if row.in_force_from > on:
        return "planned", Text("待施行", "to come")
    return "closed", Text("已被取代", "replaced")


def last_day(row: VersionRow) -> date | None:
    """Return the last day on which a version was or will be in force; None while nothing follows it."""
    return row.in_force_until - timedelta(days=1) if row.in_force_until else None


class Place(msgspec.Struct, frozen=True):
    """One version in the switch or in the timeline."""

    word: Text
    url: str
    shown: bool
    tone: str = "grey"
    note: Text | str = ""

    @property
    def name(self) -> Text:
        """Return what it is called."""
        return self.word


class Head(msgspec.Struct, frozen=True):
    """What stands over a version: its state, the other versions, what it is compared with, who has read it, and the draft."""

    number: int
    kind: str
    state: Text
    hash: str
    until: date | None
    switch: tuple[Place, ...]
    more: bool
    compare: int | None
    changed: int
    asked: int
    read: int
    draft_url: str
    may_start: bool
    writes: bool


def word_of(row: VersionRow, on: date) -> Text:
    """Return what a version is called in a switch: v3, with 现行 for the one in force."""
    return Text(f"v{row.number} 现行", f"v{row.number} in force") if holds(row, on) else Text(f"v{row.number}", f"v{row.number}")


def switch_of(
    rows: Sequence[VersionRow], pack: str, *, shown: int, clause: str, on: date, draft_url: str
) -> tuple[tuple[Place, ...], bool]:
    """Return the versions to switch between, oldest first, the draft last; and whether older ones are left out."""
    kept = sorted(rows, key=lambda row: -row.number)[:MOST_IN_SWITCH]
    if shown not in [row.number for row in kept]:
        kept = [*kept[: MOST_IN_SWITCH - 1], *(row for row in rows if row.number == shown)]
    places = [Place(word_of(row, on), version_url(pack, row.number, clause), row.number == shown) for row in reversed(kept)]
    if draft_url:
        newest = max((row.number for row in rows), default=0) + 1
        places.append(Place(Text(f"v{newest} 草案", f"v{newest} draft"), draft_url, shown=False))
    return tuple(places), len(rows) > len(kept)


def timeline_of(rows: Sequence[VersionRow], pack: str, *, shown: int, on: date, draft: Place | None) -> tuple[Place, ...]:
    """Return the newest versions with their days, newest first, the draft before them."""
    places = [draft] if draft else []
    for row in sorted(rows, key=lambda one: -one.number)[:MOST_IN_TIMELINE]:
        kind, word = state_of(row, on)
        tone = {"valid": "blue", "planned": "amber"}.get(kind, "grey")
        name = Text(f"v{row.number} {word.zh}", f"v{row.number}, {word.en}")
        places.append(Place(name, version_url(pack, row.number, ""), row.number == shown, tone, days_words(row)))
    return tuple(places)


def days_words(row: VersionRow) -> Text:
    """Return from when to when a version is in force."""
    since, until = day(row.in_force_from), last_day(row)
    if until is None:
        return Text(f"{since} 起施行", f"in force from {since}")
    return Text(f"{since} 至 {day(until)}", f"{since} to {day(until)}")


def version_url(pack: str, number: int, clause: str) -> str:
    """Return where a version is read, at a clause if one is given."""
    key = f"v{number}"
    return reverse("regulation_clause", args=[pack, key, clause]) if clause else reverse("regulation_version", args=[pack, key])
