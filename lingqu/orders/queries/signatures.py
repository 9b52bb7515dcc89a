"""Read special signatures: those of one request, what one would have to let through, and the way that it would take."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec

from lingqu.approvals.rules import Chain
from lingqu.base.decision import Verdict
from lingqu.base.refusal import not_found
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import PlannedStep, planned_route
from lingqu.orders.models import Order, SignatureRequest, StoredDecision
from lingqu.orders.rules import Needed, RequestFacts, ToPay, decide, needed_for, signature_chain, to_pay
from lingqu.organisation.queries import Acting, Asker
from lingqu.organisation.states import FirmKind
from lingqu.policy.queries import regulation_by_reference
from lingqu.policy.rules import Regulation


class PlannedSignature(msgspec.Struct, frozen=True):
    """What would be asked, by which procedure, and who would decide."""

    needed: Needed
    chain: Chain
    steps: list[PlannedStep]


def needed_of(decision: StoredDecision, only: Collection[str] | None = None) -> Needed:
    """Return what a stored decision needs, from its facts and the regulation that decided: the same whenever it is asked."""
    facts = msgspec.json.decode(decision.facts, type=RequestFacts)
    return needed_for(decide(facts, regulation_by_reference(decision.regulation)), only)


def paying(decision: StoredDecision) -> ToPay | None:
    """Return what would have to be paid by a stored decision so that the request passes; None where money does not help."""
    cures = msgspec.json.decode(decision.decision)["cures"]
    return to_pay([(cure["kind"], cure["numbers"]) for cure in cures])


def signatures_of(order: int) -> list[SignatureRequest]:
    """Return the requests for a special signature about a purchase request, newest first, with their approvals and people."""
    found = SignatureRequest.objects.filter(order_id=order).select_related("approval", "asked_by", "asked_for")
    return list(found.order_by("-id"))


def signature_by_number(number: str, *, by: Acting) -> SignatureRequest:
    """Return one by its number; refuses (404) what does not exist, or is no request to the person's own firm."""
    found = None
    if "\x00" not in number:
        found = SignatureRequest.objects.filter(number=number, order__seller_id=by.firm).select_related("order", "approval").first()
    if found is None:
        raise not_found()
    return found


def goes_by_procedure(order: Order, laws: tuple[str, ...], regulation: Regulation) -> bool:
    """Return whether a signature for these laws goes by the regulation's procedure: at the headquarters, where there is one."""
    return order.seller.kind == FirmKind.HQ.value and signature_chain(Needed(laws), regulation.chains) is not None


def planned_signature(
    order: Order, line: CreditLine, decision: StoredDecision, *, regulation: Regulation, asker: Asker, on: date
) -> PlannedSignature | None:  # fmt: skip
    """Return what would be asked on the newest decision and who would decide; None when it needs none, or nothing decides on it here."""
    laws = tuple(decision.failed.split())
    if decision.verdict != Verdict.WAIVABLE.value or not goes_by_procedure(order, laws, regulation):
        return None
    needed = needed_of(decision)
    chain = signature_chain(needed, regulation.chains)
    if chain is None:
        return None
    also = (order.entered_by_id,)
    steps = planned_route(line, chain, amount=needed.route_amount, regulation=regulation, asker=asker, also=also, on=on)
    if all(step.passed_over for step in steps):
        steps = planned_route(line, chain, amount=None, regulation=regulation, asker=asker, also=also, on=on)
    return PlannedSignature(needed, chain, steps)
