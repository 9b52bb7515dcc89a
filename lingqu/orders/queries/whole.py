"""One purchase request with everything that its page shows, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from django.db.models import Sum

from lingqu.audit.models import Fact
from lingqu.audit.queries import facts_of
from lingqu.base.refusal import Refusal, not_found
from lingqu.credit.models import Application, Batch, CreditLine, SupplyHold, Waiver
from lingqu.credit.queries import hold_in_force
from lingqu.documents.queries import AttachedFile, attachments_of
from lingqu.orders.models import Delivery, Order, OrderLine, SignatureRequest, StoredDecision
from lingqu.orders.queries.lists import NUMBER, decisions_of, orders_for
from lingqu.orders.queries.signatures import signatures_of
from lingqu.orders.states import OrderState
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting
from lingqu.partners.models import Partner, Representation
from lingqu.policy.queries import regulation_by_reference
from lingqu.policy.rules import Regulation

SETTLED_SHOWN = 1
KEPT_BACK = (OrderState.HELD.value, OrderState.REVIEW.value, OrderState.ACCEPTED.value, OrderState.PART_SHIPPED.value)
"""A request in these states is told of a hold of its credit line: goods are kept back."""


class WholeOrder(msgspec.Struct, frozen=True):
    """A request with its lines, decisions (newest first), money, goods and facts. `shown` is the decision that the page shows.

    `batches` are the open ones of the credit line and the last settled before them, by number; `names` are people by id;
    `files` are those handed in with it, oldest first; `hold` keeps its goods back today;
    `settled_by` is the number of the receipt that settled the request's batch, empty when money paid in advance did.
    """

    order: Order
    lines: list[OrderLine]
    partner: Partner | None
    credit: CreditLine | None
    hold: SupplyHold | None
    representative: str
    decisions: list[StoredDecision]
    shown: StoredDecision | None
    batch: Batch | None
    batches: list[Batch]
    settled_at: datetime | None
    settled_by: str
    waivers: list[Waiver]
    signatures: list[SignatureRequest]
    deliveries: list[Delivery]
    facts: list[Fact]
    names: dict[int, str]
    files: list[AttachedFile]


def whole_order(number: str, *, by: Acting, on: date, decision: int | None = None) -> WholeOrder:
    """Return one request whole; `decision` names an older decision to be shown instead of the newest.

    Refuses (404) what does not exist or is not the person's to see, a decision of another request included.
    """
    whole = orders_for(by).select_related("entered_by", "accepted_by", "origin")
    order = whole.filter(number=number).first() if NUMBER.fullmatch(number) else None
    if order is None:
        raise not_found()
    decisions = list(decisions_of(order.pk).defer("facts", "decision"))
    shown = _shown(order, decisions, decision)
    credit = CreditLine.objects.filter(seller_id=order.seller_id, buyer_id=order.buyer_id).first()
    batches = _batches(credit, order)
    partner = Partner.objects.filter(seller_id=order.seller_id, firm_id=order.buyer_id).first()
    batch = next((batch for batch in batches if batch.document_id == order.pk), None)
    settled_at, settled_by = _settled(order, batch)
    facts = list(facts_of("order", order.pk))
    return WholeOrder(
        order=order,
        lines=list(order.lines.select_related("product__discipline").order_by("line")),
        partner=partner,
        credit=credit,
        hold=hold_in_force(credit.pk, on=on) if credit and order.state in KEPT_BACK else None,
        representative=_representative(partner, on),
        decisions=decisions,
        shown=shown,
        batch=batch,
        batches=batches,
        settled_at=settled_at,
        settled_by=settled_by,
        waivers=_waivers(order, by),
        signatures=signatures_of(order.pk) if by.firm == order.seller_id else [],
        deliveries=_deliveries(order),
        facts=facts,
        names=_names(facts),
        files=attachments_of("order", [order.pk])[order.pk],
    )


def regulation_words(reference: str) -> Regulation | None:
    """Return the version that a decision names, for its words; None when it is not here or was written for another product version."""
    try:
        return regulation_by_reference(reference)
    except (Refusal, ValueError, msgspec.ValidationError):
        return None


def _shown(order: Order, decisions: list[StoredDecision], wanted: int | None) -> StoredDecision | None:
    """Return the decision to show, whole; one query."""
    if wanted is None:
        return decisions_of(order.pk).first() if decisions else None
    shown = decisions_of(order.pk).filter(pk=wanted).first()
    if shown is None:
        raise not_found()
    return shown


def _batches(credit: CreditLine | None, order: Order) -> list[Batch]:
    """Return the open batches of the line and the request's own in one query, the last settled before them in another."""
    if credit is None:
        return []
    of_line = Batch.objects.filter(line=credit).order_by("number")
    found = {batch.pk: batch for batch in of_line.filter(settled_on__isnull=True)}
    before = of_line.filter(settled_on__isnull=False).exclude(document_id=order.pk).order_by("-number")[:SETTLED_SHOWN]
    own = of_line.filter(document_id=order.pk)
    found |= {batch.pk: batch for batch in [*before, *own]}
    return sorted(found.values(), key=lambda batch: batch.number)


def _settled(order: Order, batch: Batch | None) -> tuple[datetime | None, str]:
    """Return when the money of a settled batch was entered, and the number of its receipt."""
    if batch is None or batch.settled_on is None:
        return None, ""
    paid = Application.objects.filter(batch=batch, receipt__state="entered", reverses__isnull=True)
    last = paid.select_related("receipt").order_by("-id").first()
    if last is None or last.receipt is None:
        return order.accepted_at, ""
    return last.receipt.entered_at, last.receipt.number


def _representative(partner: Partner | None, on: date) -> str:
    found = Representation.objects.filter(partner=partner, period__contains=on).select_related("person").first() if partner else None
    return found.person.name if found else ""


def _waivers(order: Order, by: Acting) -> list[Waiver]:
    """Return what was signed for the request, oldest first; why it was signed stays in the seller's house."""
    found = list(Waiver.objects.select_related("signed_by").filter(document_id=order.pk).order_by("id"))
    for waiver in found:
        waiver.reason = waiver.reason if by.firm == order.seller_id else ""
    return found


def _deliveries(order: Order) -> list[Delivery]:
    """Return the deliveries, oldest first, each with `copies` and its lines."""
    found = Delivery.objects.filter(order=order).select_related("shipped_by").annotate(copies=Sum("lines__copies")).order_by("id")
    return list(found)


def _names(facts: list[Fact]) -> dict[int, str]:
    people = {fact.person for fact in facts if fact.person} | {fact.on_behalf_of for fact in facts if fact.on_behalf_of}
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
