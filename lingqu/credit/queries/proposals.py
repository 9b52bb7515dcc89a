"""Read proposals: what a line stands on, what is on its way, who may propose, and what was done with one."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from lingqu.audit.queries import facts_of
from lingqu.base.refusal import not_found
from lingqu.credit.access import PROPOSING_POSTS, Asker, asks_for, may_see_proposal
from lingqu.credit.models import CreditLine, CreditProposal
from lingqu.credit.rules import Basis
from lingqu.credit.states import ON_ITS_WAY, ProposalKind, ProposalState, ProposalVerb
from lingqu.ledger.models import LimitChange
from lingqu.ledger.queries import standings
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting, holders
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of

MOST_ENDED = 500
SHOWN_VERBS = ("propose", *(verb.value for verb in ProposalVerb))


class Done(msgspec.Struct, frozen=True):
    """One deed on a proposal: the verb, when, by whom ("" for a job), and why."""

    verb: str
    at: datetime
    name: str
    because: str


def basis_of(line: CreditLine) -> Basis:
    """Return what a proposal for the line is made upon. Its limit is the one without a temporary raise."""
    standing = standings([line.account_id])[line.account_id]
    temporary = running_temporary(line.pk)
    limit = min(standing.limit, temporary.limit_before) if temporary else standing.limit
    return Basis(line.grade, limit, standing.count_limit or 0, temporary.until if temporary else None)


def open_proposal(line: int) -> CreditProposal | None:
    """Return the proposal of a line that is on its way, None when there is none."""
    return CreditProposal.objects.filter(line_id=line, state__in=ON_ITS_WAY).first()


def running_temporary(line: int) -> CreditProposal | None:
    """Return the temporary raise that is in force on a line, None when there is none."""
    return CreditProposal.objects.filter(line_id=line, kind=ProposalKind.TEMPORARY.value, state=ProposalState.APPLIED.value).first()


def source_before(account: int, proposal: int) -> tuple[str, int] | None:
    """Return the document from which the limit came that a temporary raise replaced, None where none is known."""
    raised = LimitChange.objects.filter(account_id=account, document_kind="credit_proposal", document_id=proposal).order_by("id").first()
    before = LimitChange.objects.filter(account_id=account, pk__lt=raised.pk).order_by("-id").first() if raised else None
    return (before.document_kind, before.document_id) if before else None


def over_temporary(*, on: date) -> list[int]:
    """Return the ids of temporary raises whose last day lies before the day, at most 500."""
    found = CreditProposal.objects.filter(kind=ProposalKind.TEMPORARY.value, state=ProposalState.APPLIED.value, until__lt=on)
    return list(found.order_by("until", "id").values_list("pk", flat=True)[:MOST_ENDED])


def asker_for(line: CreditLine, *, by: Acting, on: date) -> Asker | None:
    """Return as whom the person may propose a change for the line on the day, None when they may not."""
    if not by.holds_any((*PROPOSING_POSTS, PostCode.REPRESENTATIVE), line.seller_id):
        return None
    return asks_for(by, line.seller_id, representatives_of(line.buyer_id, line.seller_id, on))


def partner_owners(line: CreditLine, *, on: date) -> list[int]:
    """Return the owners of the partner of a line on the day (Person ids)."""
    return [person for person, _ in holders((PostCode.OWNER.value,), line.buyer_id, on=on)]


def proposals_of(line: int, *, before: int | None = None, most: int = 50) -> list[CreditProposal]:
    """Return what was proposed for a line, newest first, at most `most`, those below the id `before`."""
    found = CreditProposal.objects.filter(line_id=line).select_related("asked_by", "approval").order_by("-id")
    return list((found.filter(pk__lt=before) if before else found)[:most])


def proposal_by_number(number: str, *, by: Acting) -> CreditProposal:
    """Return a proposal with its line, firms, people and approval; refuses (404) what does not exist or is not the person's to see."""
    found = None
    if "\x00" not in number:
        wanted = CreditProposal.objects.filter(number=number)
        found = wanted.select_related("line__seller", "line__buyer", "asked_by", "asked_for", "approval", "grade_change").first()
    if found is None or not may_see_proposal(by, found.line.seller_id):
        raise not_found()
    return found


def deeds_of(proposal: CreditProposal) -> list[Done]:
    """Return what was done with a proposal, oldest first."""
    return done_with("credit_proposal", proposal.pk)


def done_with(subject: str, document: int) -> list[Done]:
    """Return what was done with a document that an approval decides, oldest first; of a revision only that it was submitted again."""
    facts = list(facts_of(subject, document).filter(verb__in=SHOWN_VERBS))
    names = dict(Person.objects.filter(pk__in={fact.person for fact in facts if fact.person}).values_list("pk", "name"))
    return [Done(fact.verb, fact.at, names.get(fact.person or 0, ""), str(fact.after.get("because", ""))) for fact in facts]
