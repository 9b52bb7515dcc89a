"""The page of one approval, put together."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from lingqu.approvals.models import Approval
from lingqu.approvals.present.events import Event, events_of
from lingqu.approvals.present.panel import Panel, Typed, panel_of
from lingqu.approvals.present.places import step_at_hand
from lingqu.approvals.present.route import Round, rounds_of
from lingqu.approvals.present.words import Badge, ClauseLink, Clock, badge_of, chain_of, clause_link, clock_of, title_of
from lingqu.approvals.queries import course_of, stand_ins_today
from lingqu.approvals.states import ApprovalState, StepKind, StepState
from lingqu.base.text import Text, parted
from lingqu.organisation.queries import Acting


class Moment(msgspec.Struct, frozen=True):
    """Who looks at the page, and when."""

    who: Acting
    at: datetime
    today: date


class Label(msgspec.Struct, frozen=True):
    """One fact of what is asked."""

    name: Text
    value: Text

    @property
    def language(self) -> str:
        """Return the language of a value that has words in one only; empty for figures, and for what is said in both."""
        words = self.value.zh
        if words != self.value.en or not any(letter.isalpha() for letter in words):
            return ""
        return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in words) else "en"


FOLD_FACTS = 6
"""Facts that a row of the home page shows; the page of the approval shows all."""


class Fold(msgspec.Struct, frozen=True):
    """What folds out under a row of the home page: what is asked, and how to answer it."""

    approval: Approval
    facts: list[Label]
    clause: ClauseLink
    panel: Panel

    @property
    def shown_facts(self) -> list[Label]:
        """Return the facts that the row shows."""
        return self.facts[:FOLD_FACTS]

    @property
    def more_facts(self) -> int:
        """Return how many facts the row does not show."""
        return max(len(self.facts) - FOLD_FACTS, 0)


class View(msgspec.Struct, frozen=True):
    """The page: head, what is asked, what may be done, the route with the rounds before, and what happened."""

    approval: Approval
    title: Text
    chain: Text
    badge: Badge
    facts: list[Label]
    clause: ClauseLink
    panel: Panel
    clock: Clock | None
    vote: bool
    now: Round | None
    before: list[Round]
    because: Text | None
    events: list[Event]


def view_of(approval: Approval, moment: Moment, *, typed: Typed | None = None) -> View:
    """Return the page of a whole approval for the person who looks at it."""
    step = step_at_hand(approval)
    people = [place.person_id for place in step.signers.all()] if step else []
    lent = stand_ins_today(people, on=moment.today) if people else {}
    rounds = rounds_of(approval, lent, at=moment.at)
    return View(
        approval=approval,
        title=title_of(approval),
        chain=chain_of(approval).title,
        badge=badge_of(approval),
        facts=facts_of_approval(approval),
        clause=clause_link(approval),
        panel=panel_of(approval, moment.who, on=moment.today, typed=typed),
        clock=clock_of(step.opened_at, step.due_at, at=moment.at) if step else None,
        vote=step is not None and step.kind == StepKind.VOTE.value,
        now=rounds[0] if rounds else None,
        before=rounds[1:],
        because=_because(approval),
        events=events_of(approval, course_of(approval)),
    )


def fold_of(approval: Approval, moment: Moment) -> Fold:
    """Return what folds out under the row of an approval that waits for the person."""
    panel = panel_of(approval, moment.who, on=moment.today, short=True)
    return Fold(approval, facts_of_approval(approval), clause_link(approval), panel)


def facts_of_approval(approval: Approval) -> list[Label]:
    """Return what is asked, as labels and values."""
    return [Label(Text(row[0], row[1]), Text(row[2], row[3])) for row in approval.facts]


def _because(approval: Approval) -> Text | None:
    """Return why it ended or came back; what the product itself wrote comes in both languages."""
    if not approval.ended_because:
        return None
    by_product = approval.state == ApprovalState.VOID.value or _voted_down(approval)
    return parted(approval.ended_because) if by_product else Text(approval.ended_because, approval.ended_because)


def _voted_down(approval: Approval) -> bool:
    last = [step for step in approval.steps.all() if step.round == approval.round and step.state == StepState.REFUSED.value]
    return any(step.kind == StepKind.VOTE.value for step in last)
