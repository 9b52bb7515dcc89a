"""The way of documents that an approval decides: each moves as its approval moves, ends with its reason, and every step is recorded.

Private to the verbs. What an agreement brings, each document says itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.credit.models import CreditProposal, GroupProposal, HoldRequest, RetailerTerms, WriteOff
from lingqu.credit.states import PROPOSALS, ProposalState, ProposalVerb

LONGEST_BECAUSE: Final = 400
Document = CreditProposal | GroupProposal | HoldRequest | RetailerTerms | WriteOff
_VERBS: Final = {
    ApprovalState.OPEN: ProposalVerb.REVISE,
    ApprovalState.SENT_BACK: ProposalVerb.SEND_BACK,
    ApprovalState.REFUSED: ProposalVerb.REFUSE,
    ApprovalState.WITHDRAWN: ProposalVerb.WITHDRAW,
}


def follow_answer(document: Document, event: ApprovalMoved, *, subject: str) -> ProposalVerb:
    """Let a document follow an approval that was not agreed to (sent back, asked again, refused, withdrawn); return what happened to it."""
    verb = _VERBS[event.state]
    if verb in {ProposalVerb.REFUSE, ProposalVerb.WITHDRAW}:
        finish(document, verb, subject=subject, because=event.reason, by=event.by, at=event.at)
    else:
        because = event.reason if verb is ProposalVerb.SEND_BACK else ""
        move(document, verb, subject=subject, because=because, by=event.by, at=event.at)
    return verb


def finish(document: Document, verb: ProposalVerb, *, subject: str, because: str, by: int | None, at: datetime) -> None:
    """Bring a document to an end, with its reason, and record it."""
    document.ended_at, document.ended_because = at, because.strip()[:LONGEST_BECAUSE]
    move(document, verb, subject=subject, because=document.ended_because, by=by, at=at)


def move(document: Document, verb: ProposalVerb, *, subject: str, because: str, by: int | None, at: datetime) -> None:
    """Let a document go one step on its way, and record it."""
    before = document.state
    document.state = PROPOSALS.next(ProposalState(before), verb).value
    document.save(update_fields=["state", "ended_at", "ended_because"])
    after = {"state": document.state, "because": because}
    record([Deed(verb.value, subject, document.pk, after, {"state": before}, document.regulation)], by=by, at=at)
