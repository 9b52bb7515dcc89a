"""Differences between two versions in words, grouped by clause."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from lingqu.base.templatetags.words import NOTHING
from lingqu.base.text import Text
from lingqu.policy.present.marks import Piece, pieces_of
from lingqu.policy.present.words import place_of
from lingqu.policy.rules import Change, Regulation
from lingqu.policy.states import ChangeKind

PROSE = (ChangeKind.TITLE, ChangeKind.CLAUSE, ChangeKind.GAP)
"""What is written in sentences."""

LONG = 24
"""A text longer than this on either side is shown as one text with marks, not as two cells."""


class ChangeRow(msgspec.Struct, frozen=True):
    """One change: what it is, before and after; `pieces` instead for a long text that was changed in places; the language of its words."""

    title: Text
    before: Text | None
    after: Text | None
    pieces: tuple[Piece, ...] = ()
    language: str = ""


class ChangeGroup(msgspec.Struct, frozen=True):
    """The changes of one clause; without an id those of no clause."""

    id: str
    title: Text
    rows: tuple[ChangeRow, ...]
    gone: bool = False


def change_row(change: Change) -> ChangeRow:
    """Return one change as a row."""
    before, after = _said(change.before), _said(change.after)
    long = change.kind in PROSE and before is not None and after is not None and max(len(str(before)), len(str(after))) > LONG
    return ChangeRow(change.title, before, after, pieces_of(str(before), str(after)) if long else (), change.language)


def _said(text: Text | None) -> Text | None:
    """Return a text, None for one that says nothing."""
    return None if text is None or text.zh in {"", NOTHING} else text


def grouped(changes: Iterable[Change], before: Regulation, after: Regulation) -> tuple[ChangeGroup, ...]:
    """Return the changes by clause in the order of the text; those of no clause come last."""
    found: dict[str, list[ChangeRow]] = {}
    for change in changes:
        found.setdefault(change.clause, []).append(change_row(change))
    return tuple(_group(clause, tuple(found[clause]), before, after) for clause in sorted(found, key=lambda one: (not one, place_of(one))))


def counts_by_clause(changes: Iterable[Change]) -> dict[str, int]:
    """Return how many changes each clause has."""
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.clause] = counts.get(change.clause, 0) + 1
    return counts


def _group(clause: str, rows: tuple[ChangeRow, ...], before: Regulation, after: Regulation) -> ChangeGroup:
    known = after.clauses.get(clause) or before.clauses.get(clause)
    title = known.title if known else Text("整份制度", "The regulation as a whole")
    return ChangeGroup(clause, title, rows, gone=bool(clause) and clause not in after.clauses)
