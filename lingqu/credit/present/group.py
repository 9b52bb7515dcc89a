"""Groups that share a limit as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse

from lingqu.base.text import Text, parted
from lingqu.credit.models import GroupProposal
from lingqu.credit.present.proposal import HAPPENED, LOWER_WORDS, STATE_KINDS, TONES
from lingqu.credit.queries import Done
from lingqu.credit.states import GROUP_KIND_WORDS, PROPOSALS, GroupProposalKind, ProposalState
from lingqu.ledger.rules import Standing

_FROM = (GroupProposalKind.LIMIT.value, GroupProposalKind.CLOSE.value)


def group_exposure(standing: Standing, overdue: Decimal, members: int) -> dict[str, Any]:
    """Return a group as the part `exposure_bar.html` takes it."""
    note = Text(f"{members} 户共用", f"shared by {members}")
    return {
        "limit": standing.limit, "used": standing.used, "overdue": overdue, "held": standing.held, "free": standing.free,
        "limit_note": note, "held_note": None,
    }  # fmt: skip


def group_words(proposal: GroupProposal) -> Text:
    """Return what is proposed; one without an approval was lowered at once."""
    return GROUP_KIND_WORDS[GroupProposalKind(proposal.kind)] if proposal.approval_id else LOWER_WORDS


def name_of_group(proposal: GroupProposal) -> str:
    """Return the name of the group that a proposal is about, also of one that is not opened yet."""
    return proposal.group.name if proposal.group else proposal.name


def group_change_of(proposal: GroupProposal) -> Text:
    """Return the change itself: who joins or leaves, the new limit, or from what limit to what."""
    if proposal.line is not None:
        return Text(proposal.line.buyer.name, proposal.line.buyer.name)
    before = f"{proposal.limit_before:,.2f} → " if proposal.kind in _FROM else ""
    return Text(f"{before}{proposal.limit_after:,.2f}", f"{before}{proposal.limit_after:,.2f}")


def group_proposal_rows(proposals: Iterable[GroupProposal]) -> list[dict[str, Any]]:
    """Return proposals as rows of a list."""
    return [group_shape(proposal) for proposal in proposals]


def group_shape(proposal: GroupProposal) -> dict[str, Any]:
    """Return what a list and the page of a proposal show of it."""
    state = ProposalState(proposal.state)
    return {
        "number": proposal.number, "url": reverse("credit_group_proposal", args=[proposal.number]), "kind": group_words(proposal),
        "name": name_of_group(proposal), "change": group_change_of(proposal),
        "asked_at": proposal.asked_at, "asked_by": proposal.asked_by.name, "state": STATE_KINDS[state],
        "state_text": PROPOSALS.words[state], "because": parted(proposal.ended_because),
        "open": state in (ProposalState.PROPOSED, ProposalState.SENT_BACK), "sent_back": state is ProposalState.SENT_BACK,
    }  # fmt: skip


def group_history(proposal: GroupProposal, deeds: Iterable[Done]) -> list[dict[str, Any]]:
    """Return what happened to a proposal, latest first, as `parts/timeline.html` takes it."""
    events = [
        {"tone": TONES.get(done.verb, "grey"), "text": HAPPENED[done.verb], "at": done.at, "note": _note(done)} for done in deeds
    ]  # fmt: skip
    if not events:
        events = [{"tone": "amber", "text": LOWER_WORDS, "at": proposal.asked_at, "note": proposal.asked_by.name}]
    return list(reversed(events))


def _note(done: Done) -> Text | str:
    because = parted(done.because)
    if not done.name or not str(because):
        return done.name or because
    return Text(f"{done.name}：{because.zh}", f"{done.name}: {because.en}")
