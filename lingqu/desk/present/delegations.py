"""The page of stand-ins: who is away, in which post, who acts for them, and who may arrange it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from lingqu.base.text import Text
from lingqu.desk.access import LEADING_POSTS
from lingqu.desk.queries import Held
from lingqu.organisation.models import Delegation
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import POST_WORDS, PostCode


class StandIn(msgspec.Struct, frozen=True):
    """One delegation as a row: the days are both inside; None for one that was called off before it began."""

    id: int
    absent: str
    post: Text
    stand_in: str
    first: date | None
    last: date | None
    reason: str
    kind: str
    words: Text
    may_end: bool


class Option(msgspec.Struct, frozen=True):
    """One entry to choose: its value in the form, and its words."""

    value: str
    words: Text


def leads(who: Acting) -> bool:
    """Return whether the person arranges stand-ins for others of their firm: in a post of their own, not in one that is lent."""
    return any(who.holds(post, who.firm) and (post, who.firm) not in who.lent for post in LEADING_POSTS)


def stand_in_row(given: Delegation, who: Acting, *, on: date) -> StandIn:
    """Return a delegation as a row for the person who looks."""
    kind, words = _state(given, on)
    first, last = (None, None) if given.period.isempty else (given.period.lower, given.period.upper - timedelta(days=1))
    return StandIn(
        given.pk,
        given.absent.name,
        POST_WORDS[PostCode(given.post_id)],
        given.stand_in.name,
        first,
        last,
        given.reason,
        kind,
        words,
        kind != "closed" and (given.absent_id == who.person or leads(who)),
    )


def _state(given: Delegation, on: date) -> tuple[str, Text]:
    if given.period.isempty:
        return "closed", Text("未开始即取消", "called off")
    if given.period.upper <= on:
        return "closed", Text("已结束", "over")
    if given.period.lower > on:
        return "planned", Text("将开始", "to come")
    return "valid", Text("代签中", "standing in")


def posts_to_lend(held: Iterable[Held], who: Acting) -> list[Option]:
    """Return the posts that the person may lend: their own, and for a director or owner those of everybody at the firm; own ones first."""
    shown = [one for one in held if one.person == who.person or leads(who)]
    shown.sort(key=lambda one: one.person != who.person)
    return [Option(f"{one.person}-{one.post}", _named(one)) for one in shown]


def people_to_choose(held: Iterable[Held]) -> list[Option]:
    """Return the firm's people in a post, once each, with their posts."""
    posts: dict[int, list[Text]] = {}
    names: dict[int, str] = {}
    for one in held:
        posts.setdefault(one.person, []).append(POST_WORDS[PostCode(one.post)])
        names[one.person] = one.name
    return [
        Option(
            str(person), Text(f"{names[person]}（{'、'.join(w.zh for w in words)}）", f"{names[person]} ({', '.join(w.en for w in words)})")
        )
        for person, words in posts.items()
    ]


def _named(one: Held) -> Text:
    words = POST_WORDS[PostCode(one.post)]
    return Text(f"{one.name} · {words.zh}", f"{one.name} · {words.en}")
