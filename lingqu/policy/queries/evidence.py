"""What really happened: decisions, duties and papers under a clause, counted and listed by those who keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

import msgspec

from lingqu.base.text import Text


class EvidenceAsk(msgspec.Struct, frozen=True):
    """What is asked: the key of the carrier, whose deeds (a Firm id), the days from `since` up to but not on `until`, and which page.

    `after` is the id of the last sample of the page before; None for the first page.
    """

    key: str
    firm: int
    since: date
    until: date
    limit: int = 20
    after: int | None = None


class Sample(msgspec.Struct, frozen=True):
    """One real decision, duty or paper: what it is called, who or what it was about, how it came out, when, and where it stands."""

    id: int
    at: datetime
    title: str
    about: str
    outcome: Text
    good: bool
    link: str = ""


class MonthCount(msgspec.Struct, frozen=True):
    """How many there were in a month (its first day), and how many of them failed."""

    month: date
    count: int
    failed: int


class Evidence(msgspec.Struct, frozen=True):
    """How many there were and how many failed, month by month, and the newest of them; `more` is the `after` of the next page."""

    count: int
    failed: int
    months: tuple[MonthCount, ...] = ()
    samples: tuple[Sample, ...] = ()
    more: int | None = None


Listing = Callable[[EvidenceAsk], Evidence]
Counting = Callable[[int, date, date], Mapping[str, tuple[int, int]]]


class EvidenceSource(msgspec.Struct, frozen=True):
    """Who keeps the evidence of one kind: `listing` for one carrier, `counting(firm, since, until)` for all of them at once."""

    listing: Listing
    counting: Counting | None = None


_sources: dict[str, EvidenceSource] = {}


def register_evidence(kind: str, source: EvidenceSource) -> None:
    """Name who keeps the evidence of a kind of carrier: law, duty, procedure, account, record. Set in the wiring."""
    _sources[kind] = source


def evidence_of(carrier: str, *, firm: int, since: date, until: date, limit: int = 20, after: int | None = None) -> Evidence | None:
    """Return what happened by a carrier (`law:credit`) in the firm's business in the days from `since` up to but not on `until`.

    None where nobody keeps evidence of its kind.
    """
    kind, _, key = carrier.partition(":")
    source = _sources.get(kind)
    return source.listing(EvidenceAsk(key, firm, since, until, limit, after)) if source else None


def evidence_counts(kind: str, *, firm: int, since: date, until: date) -> dict[str, tuple[int, int]]:
    """Return, for each carrier of a kind, how many there were and how many failed; empty where nobody counts."""
    source = _sources.get(kind)
    return dict(source.counting(firm, since, until)) if source and source.counting else {}
