"""What a request would be decided if it were submitted this moment: the same rule on the same facts, read without a lock."""

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.rules import CreditFacts, OpenBatch
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Standing
from lingqu.orders.queries.facts import Bench, Place, load_bench
from lingqu.orders.rules import Decided, LineFacts, RequestFacts, decide
from lingqu.policy.rules import Regulation


class Wish(msgspec.Struct, frozen=True):
    """A title wished for: product id, copies, and the discount offered in basis points (None = the rule's)."""

    product: int
    copies: int
    discount_bp: int | None = None


class Preview(msgspec.Struct, frozen=True):
    """The facts as they stand and what would be decided on them."""

    facts: RequestFacts
    decided: Decided


def preview_request(
    seller: int, buyer: int, wishes: tuple[Wish, ...], *, drop_shortage: bool, regulation: Regulation, on: date
) -> Preview | None:
    """Return what would be decided now. Nothing is locked, held or stored: the decision is made when the request is submitted.

    Titles that are not the seller's, or have no price on the day, are left out; None when no title remains. Refuses (422) firms that
    are no partners on the day.
    """
    bench = load_bench({(seller, buyer)}, {(seller, wish.product) for wish in wishes}, on=on)
    place = bench.places.get((seller, buyer))
    if place is None:
        text = Text("双方没有有效的客户关系或信用档案。", "The two firms are no partners today, or no credit line was opened.")
        raise Refusal("no_partner", text, status=422)
    known = standings(bench.accounts())
    batches = bench.batches.get(place.line, ())
    lines = tuple(_lines(seller, wishes, bench, known))
    if not lines:
        return None
    facts = RequestFacts(
        on,
        place.level,
        place.papers,
        place.areas,
        place.product_lines,
        place.delivery_division,
        bool(place.warehouse),
        drop_shortage,
        _credit(place, known[place.credit_account], batches),
        lines,
    )
    return Preview(facts, decide(facts, regulation))


def _credit(place: Place, standing: Standing, batches: tuple[OpenBatch, ...]) -> CreditFacts:
    return CreditFacts(
        place.grade,
        standing.limit,
        standing.used,
        standing.held,
        standing.count_limit or 0,
        standing.open_count,
        standing.held_count,
        batches,
    )


def _lines(seller: int, wishes: tuple[Wish, ...], bench: Bench, known: dict[int, Standing]) -> list[LineFacts]:
    lines = []
    for wish in wishes:
        shelf = bench.shelves.get((seller, wish.product))
        if shelf is None or shelf.list_price is None:
            continue
        standing = known.get(shelf.account)
        free = int(standing.free) if standing else 0
        lines.append(LineFacts(wish.product, shelf.code, shelf.product_line, shelf.list_price, wish.copies, max(free, 0), wish.discount_bp))
    return lines
