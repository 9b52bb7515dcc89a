"""Requests come in: one, up to a thousand, or none at all, to see what would be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec
from django.http import HttpResponse

from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.text import Text
from lingqu.documents.api import ApiRequest, Key, asks, does, once, part_once, quantity, read_copies, yuan
from lingqu.orders.actions import Asked, AskedLine, Outcome, submit_orders
from lingqu.orders.api.batch import Part, joined, part_out
from lingqu.orders.api.router import router
from lingqu.orders.api.shapes import BatchIn, BatchOut, OrderIn, PreviewOut, SubmittedOut, WishIn
from lingqu.orders.api.told import decision_out, submitted_out
from lingqu.orders.queries import Wish, buyer_for, buyers_called, preview_request, titles_called
from lingqu.orders.states import Shortage, Source
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force

AT_ONCE = 100


class Known(msgspec.Struct, frozen=True):
    """What the codes in requests stand for: buyer and seller by partner code, products by seller and number."""

    own: str
    buyers: dict[str, tuple[int, int]]
    products: dict[int, dict[str, int]]


def look_up(request: ApiRequest, sent: Sequence[WishIn]) -> Known:
    """Return what the codes in requests stand for; one statement for the partners, two for each seller."""
    own = request.token.person.firm.code
    buyers = buyers_called({one.buyer or own for one in sent}, by=request.who, on=request.today)
    wanted: dict[int, set[str]] = {}
    for one in sent:
        if one.buyer is None or one.buyer in buyers:
            _, seller = buyers.get(one.buyer or own, (0, 0))
            wanted.setdefault(seller, set()).update(line.product for line in one.lines)
    found = {seller: titles_called(seller, codes, on=request.today) for seller, codes in wanted.items() if seller}
    return Known(own, buyers, found)


def asked_of(sent: OrderIn, known: Known, by: Acting) -> Asked:
    """Return a request as the action takes it; refuses (404) an unknown partner and (422) titles that have no price today."""
    found = known.buyers.get(sent.buyer or known.own)
    if found is None:
        raise not_found(Text("没有这个客户，或不归您办理。", "There is no such partner, or it is not yours to order for."))
    buyer, seller = found
    lines = []
    for number, line in enumerate(sent.lines):
        product = known.products.get(seller, {}).get(line.product.upper())
        if product is None:
            raise _unknown(line.product, f"lines.{number}.product")
        lines.append(AskedLine(product, read_copies(line.copies), _basis_points(line.discount)))
    return Asked(sent.key, seller, buyer, tuple(lines), _source(sent, by, buyer), Shortage(sent.shortage), note=sent.note)


def _source(sent: OrderIn, by: Acting, buyer: int) -> Source:
    if by.firm == buyer:
        return Source.PARTNER
    return Source(sent.source or Source.TELEPHONE.value)


def _basis_points(asked: str | None) -> int | None:
    return None if asked is None else int(asked.replace(".", ""))


def _unknown(code: str, field: str) -> Refusal:
    return bad_input(field, Text(f"没有在售的“{code}”。", f"No title “{code}” is on sale today."))


def _submit(request: ApiRequest, sent: Sequence[OrderIn]) -> list[Outcome]:
    """Submit requests together; one that cannot be understood leaves the others alone."""
    known = look_up(request, sent)
    outcomes: dict[int, Outcome] = {}
    asked: dict[int, Asked] = {}
    for place, one in enumerate(sent):
        try:
            asked[place] = asked_of(one, known, request.who)
        except Refusal as refusal:
            outcomes[place] = Outcome(one.key, refusal=refusal)
    if asked:
        regulation = regulation_in_force(on=request.today)
        done = submit_orders(list(asked.values()), regulation=regulation, by=request.who, at=request.at)
        outcomes |= dict(zip(asked, done, strict=True))
    return [outcomes[place] for place in range(len(sent))]


def _chunk(request: ApiRequest, part: Sequence[OrderIn]) -> Callable[[], Part]:
    return lambda: part_out(_submit(request, part))


@does(router, "/orders", name="orders", operation="submit_order", scope=Scope.ORDERS_WRITE, out=SubmittedOut)
def submit(request: ApiRequest, idempotency_key: Key, sent: OrderIn) -> HttpResponse:
    """Submit a purchase request.

    It is judged by every law at once; a request that fails is stored with its decision too, and answered 201.
    """
    return once(request, idempotency_key, lambda: submitted_out(_submit(request, [sent])[0]))


@does(router, "/orders/batch", name="orders_batch", operation="submit_batch", scope=Scope.ORDERS_WRITE, out=BatchOut, status=200)
def submit_batch(request: ApiRequest, idempotency_key: Key, sent: BatchIn) -> HttpResponse:
    """Submit up to 1,000 purchase requests.

    Each is answered by itself, in the order in which they stand. They are done a hundred at a time: when the line breaks in between, send
    the same again with the same Idempotency-Key, and the rest is done.
    """
    parts = [sent.items[start : start + AT_ONCE] for start in range(0, len(sent.items), AT_ONCE)]
    return joined([part_once(request, idempotency_key, _chunk(request, part), part=number) for number, part in enumerate(parts)])


@asks(router, "/orders/preview", name="orders_preview", operation="preview_order", scope=Scope.ORDERS_READ, out=PreviewOut)
def preview(request: ApiRequest, sent: WishIn) -> dict[str, object]:
    """See what a request would be decided now.

    Nothing is held or stored. Titles without a price today are named in `unknown` and left out.
    """
    buyer = buyer_for(request.who, sent.buyer or "", own=request.token.person.firm, on=request.today)
    products = titles_called(buyer.seller, [line.product for line in sent.lines], on=request.today)
    known = [line for line in sent.lines if line.product.upper() in products]
    wishes = tuple(Wish(products[line.product.upper()], read_copies(line.copies), _basis_points(line.discount)) for line in known)
    regulation = regulation_in_force(on=request.today)
    drop = sent.shortage == Shortage.DROP.value
    found = preview_request(buyer.seller, buyer.firm.pk, wishes, drop_shortage=drop, regulation=regulation, on=request.today)
    if found is None:
        raise _unknown(sent.lines[0].product, "lines.0.product")
    decision = found.decided.decision
    return {
        "buyer": buyer.firm.code,
        "copies": quantity(found.decided.totals.copies),
        "list_value": yuan(found.decided.totals.list_value),
        "net": yuan(found.decided.totals.net),
        "needs_contract": found.needs_contract,
        "unknown": _left_out(line.product for line in sent.lines if line not in known),
        "decision": decision_out(
            encode(decision), encode(found.facts), at=request.at, reference=decision.regulation, regulation=regulation
        ),
    }


def _left_out(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))
