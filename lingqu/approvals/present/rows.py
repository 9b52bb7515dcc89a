"""Rows of the lists of approvals."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from lingqu.approvals.models import Approval
from lingqu.approvals.present.words import Badge, Clock, badge_of, chain_of, clock_of, title_of
from lingqu.approvals.queries import Colleague
from lingqu.approvals.states import StepKind
from lingqu.base.text import Text

NAMED = 3
"""How many signers a row names."""

ALL_VOTED = Text("已全部表决，待主持人结束会议", "all have voted; its head closes the meeting")


class Row(msgspec.Struct, frozen=True):
    """One line of a list: what is asked, by whom and about whom, how it stands, for whom it waits and until when."""

    number: str
    title: Text
    chain: Text
    asked_by: str
    asked_at: datetime
    about: str
    amount: Decimal | None
    badge: Badge
    step: Text | None
    waits_for: Text | None
    clock: Clock | None
    vote: bool


def row_of(approval: Approval, *, at: datetime) -> Row:
    """Return an approval, read with its open step, as a row."""
    step = next(iter(approval.open_steps), None)  # type: ignore[attr-defined]
    places = list(step.signers.all()) if step else []
    names = [place.person.name for place in places if not place.answer]
    vote = step is not None and step.kind == StepKind.VOTE.value
    waits_for = ALL_VOTED if vote and places and not names else _named(names)
    return Row(
        approval.number,
        title_of(approval),
        chain_of(approval).title,
        approval.asked_by.name,
        approval.asked_at,
        approval.about.name if approval.about else "",
        approval.amount,
        badge_of(approval),
        Text(step.title_zh, step.title_en) if step else None,
        waits_for if step else None,
        clock_of(step.opened_at, step.due_at, at=at) if step else None,
        vote,
    )


def _named(names: list[str]) -> Text:
    if not names:
        return Text("岗位空缺，待任命", "nobody holds the post")
    shown, rest = names[:NAMED], len(names) - NAMED
    more = Text(f"等 {len(names)} 人", f" and {rest} more") if rest > 0 else Text("", "")
    return Text("、".join(shown) + more.zh, ", ".join(shown) + more.en)


def colleague_words(colleague: Colleague, posts: Text) -> Text:
    """Return a person to choose, with their posts."""
    return Text(f"{colleague.name}（{posts.zh}）", f"{colleague.name} ({posts.en})")
