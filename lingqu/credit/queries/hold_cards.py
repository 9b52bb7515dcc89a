"""Read holds for pages: what stands in the column of holds on the desk, the list, one hold with its history, and collecting."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db.models import Q, QuerySet

from lingqu.audit.models import Fact
from lingqu.base.calendar import china_day
from lingqu.base.database import rows
from lingqu.base.refusal import not_found
from lingqu.credit.access import may_see_hold
from lingqu.credit.models import Batch, CollectionNote, CreditLine, HoldRequest, SupplyHold
from lingqu.credit.rules import STEP_RULES
from lingqu.credit.states import ON_ITS_WAY, HoldState
from lingqu.duties.models import Duty
from lingqu.duties.states import DutyState
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting

MOST_CARDS = 200
MOST_NOTES = 100
MOST_DEEDS = 200


class HoldCard(msgspec.Struct, frozen=True):
    """A hold as the desk shows it: whose, how far, since when overdue, what was promised, disputed or asked, and who is to do what by when.

    Yuan: `amount` overdue, `unshipped` accepted and not shipped. `waiting` names those who may sign the request that is on its way.
    """

    id: int
    number: str
    line: int
    buyer_code: str
    buyer_name: str
    cause: str
    level: str
    state: str
    reason: str
    amount: Decimal
    oldest_due_on: date | None
    deferred_until: date | None
    deadline: date
    set_at: datetime
    owner: str
    case_opened_at: datetime | None
    unshipped: Decimal
    promised_amount: Decimal | None
    promised_on: date | None
    noted_kind: str
    noted_at: datetime | None
    disputed_batch: int | None
    disputed_until: date | None
    request: str
    request_kind: str
    request_until: date | None
    approval: str
    waiting: str
    waiting_until: datetime | None


_CARDS = """
SELECT h.id, h.number, h.line_id AS line, buyer.code AS buyer_code, buyer.short_name AS buyer_name, h.cause, h.level, h.state, h.reason,
       h.amount, h.oldest_due_on, h.deferred_until, h.deadline, h.set_at, COALESCE(owner.name, '') AS owner, h.case_opened_at,
       owed.unshipped, promise.promised_amount, promise.promised_on, COALESCE(noted.kind, '') AS noted_kind, noted.made_at AS noted_at,
       disputed.number AS disputed_batch, disputed.disputed_until, COALESCE(asked.number, '') AS request,
       COALESCE(asked.kind, '') AS request_kind, asked.until AS request_until,
       COALESCE(asked.approval, '') AS approval, COALESCE(asked.waiting, '') AS waiting, asked.due_at AS waiting_until
  FROM credit_supplyhold h
  JOIN credit_creditline c ON c.id = h.line_id
  JOIN organisation_firm buyer ON buyer.id = c.buyer_id
  LEFT JOIN organisation_person owner ON owner.id = h.owner_id
 CROSS JOIN LATERAL (SELECT COALESCE(sum(b.value - b.applied), 0) AS unshipped FROM credit_batch b
                      WHERE b.line_id = c.id AND b.settled_on IS NULL AND b.shipped_on IS NULL) AS owed
  LEFT JOIN LATERAL (SELECT n.promised_amount, n.promised_on FROM credit_collectionnote n
                      WHERE n.line_id = c.id AND n.promised_on IS NOT NULL AND n.made_at >= h.set_at
                      ORDER BY n.id DESC LIMIT 1) AS promise ON true
  LEFT JOIN LATERAL (SELECT n.kind, n.made_at FROM credit_collectionnote n
                      WHERE n.line_id = c.id AND n.made_at >= h.set_at ORDER BY n.id DESC LIMIT 1) AS noted ON true
  LEFT JOIN LATERAL (SELECT b.number, b.disputed_until FROM credit_batch b
                      WHERE b.line_id = c.id AND b.settled_on IS NULL AND b.disputed_until >= %s::date
                      ORDER BY b.number LIMIT 1) AS disputed ON true
  LEFT JOIN LATERAL (SELECT r.number, r.kind, r.until, a.number AS approval, step.due_at,
                            (SELECT string_agg(p.name, '、' ORDER BY s.id)
                               FROM approvals_signer s JOIN organisation_person p ON p.id = s.person_id
                              WHERE s.step_id = step.id AND s.active) AS waiting
                       FROM credit_holdrequest r JOIN approvals_approval a ON a.id = r.approval_id
                       LEFT JOIN approvals_approvalstep step ON step.approval_id = a.id AND step.state = 'open'
                      WHERE r.hold_id = h.id AND r.state IN ('proposed', 'sent_back') LIMIT 1) AS asked ON true
 WHERE c.seller_id = %s AND h.state <> 'released' AND (COALESCE(h.oldest_due_on, 'infinity'), h.id) > (%s, %s)
 ORDER BY COALESCE(h.oldest_due_on, 'infinity'), h.id LIMIT %s
"""


def open_holds_of(seller: int, *, on: date, after: HoldCard | None = None, most: int = MOST_CARDS) -> list[HoldCard]:
    """Return up to `most` holds of a seller that are not released, the longest overdue first, those behind `after`, in one statement."""
    place = (after.oldest_due_on or "infinity", after.id) if after else ("-infinity", 0)
    return [HoldCard(**row._asdict()) for row in rows(_CARDS, (on, seller, *place, most))]


def open_hold_count(seller: int) -> int:
    """Return how many holds of a seller are not released."""
    return SupplyHold.objects.filter(line__seller_id=seller).exclude(state=HoldState.RELEASED.value).count()


def released_holds_of(seller: int, *, before: int | None = None, most: int = 50) -> list[SupplyHold]:
    """Return the released holds of a seller, newest first, at most `most`, those below the id `before`."""
    found = SupplyHold.objects.filter(line__seller_id=seller, state=HoldState.RELEASED.value)
    found = (found.filter(pk__lt=before) if before else found).select_related("line__buyer", "released_by").order_by("-pk")
    return list(found[:most])


def holds_of_line(line: int, *, most: int = 20) -> QuerySet[SupplyHold]:
    """Return the holds of a line, newest first, at most `most`."""
    return SupplyHold.objects.filter(line_id=line).select_related("owner", "released_by").order_by("-pk")[:most]


def hold_by_number(number: str, *, by: Acting) -> SupplyHold:
    """Return a hold with its line, firms and people; refuses (404) what does not exist or is not the person's to see."""
    found = None
    if "\x00" not in number:
        wanted = SupplyHold.objects.filter(number=number)
        found = wanted.select_related("line__seller", "line__buyer", "owner", "set_by", "released_by", "case_opened_by").first()
    if found is None or not may_see_hold(by, found.line.seller_id, found.line.buyer_id):
        raise not_found()
    return found


def requests_of_hold(hold: int) -> list[HoldRequest]:
    """Return what was asked about a hold, newest first, with who asked and by which approval."""
    return list(HoldRequest.objects.filter(hold_id=hold).select_related("asked_by", "asked_for", "approval").order_by("-pk")[:MOST_DEEDS])


def running_request(hold: int) -> HoldRequest | None:
    """Return what is asked about a hold and is not decided yet, None when nothing is."""
    return HoldRequest.objects.filter(hold_id=hold, state__in=ON_ITS_WAY).first()


def notes_of_line(line: int, *, before: int | None = None, most: int = 50) -> list[CollectionNote]:
    """Return what was done to collect money from a partner, newest first, at most `most`, those below the id `before`."""
    found = CollectionNote.objects.filter(line_id=line).select_related("made_by", "made_for").order_by("-pk")
    return list((found.filter(pk__lt=before) if before else found)[: min(most, MOST_NOTES)])


class HoldDeed(msgspec.Struct, frozen=True):
    """One deed on a hold or on what was asked about it: the verb, when, by whom ("" for a job), what came of it, and why."""

    kind: str
    verb: str
    at: datetime
    name: str
    level: str
    until: str
    because: str


def deeds_of_hold(hold: int, requests: list[HoldRequest]) -> list[HoldDeed]:
    """Return what was done with a hold and with what was asked about it, latest first, at most 200.

    A request that was revised leaves two facts; the one that says what it asks now is returned.
    """
    about = Q(subject="supply_hold", subject_id=hold) | Q(subject="hold_request", subject_id__in=[one.pk for one in requests])
    found = list(Fact.objects.filter(about).exclude(verb__in=("attach", "revise")).order_by("-id")[:MOST_DEEDS])
    names = dict(Person.objects.filter(pk__in={fact.person for fact in found if fact.person}).values_list("pk", "name"))
    return [
        HoldDeed(
            fact.subject, fact.verb, fact.at, names.get(fact.person or 0, ""), str(fact.after.get("level", "")),
            str(fact.after.get("until") or fact.after.get("deferred_until") or ""), str(fact.after.get("because", "")),
        )
        for fact in found
    ]  # fmt: skip


def unsettled_of(line: CreditLine) -> list[Batch]:
    """Return the unsettled batches of a line, oldest first."""
    return list(Batch.objects.filter(line=line, settled_on__isnull=True).order_by("number"))


class StepTaken(msgspec.Struct, frozen=True):
    """The duty of a step of the ladder for a batch: its due day, and when and by whom it was done."""

    due_on: date
    done_on: date | None
    name: str


def steps_taken(line: CreditLine, batches: list[Batch]) -> dict[str, StepTaken]:
    """Return the newest duty of each step of the ladder for these batches of a line that was not voided, by the name of the step."""
    keys = [str(batch.pk) for batch in batches]
    found = Duty.objects.filter(issuer_id=line.seller_id, rule__in=STEP_RULES.values(), key__in=keys).exclude(state=DutyState.VOID.value)
    names = {rule: step for step, rule in STEP_RULES.items()}
    return {
        names[duty.rule]: StepTaken(
            duty.due_on, china_day(duty.done_at) if duty.done_at else None, duty.done_by.name if duty.done_by else ""
        )
        for duty in found.select_related("done_by").order_by("pk")
    }  # fmt: skip
