"""What a request would be decided if it were submitted this moment: the same rule on the same facts, read without a lock."""

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.rules import CreditFacts, GroupFacts, OpenBatch
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Standing
from lingqu.orders.queries.facts import Bench, Place, load_bench
from lingqu.orders.rules import Decided, LineFacts, RequestFacts, decide
from lingqu.partners.rules import TO_COME, Papers, needs_stamped
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

    @property
    def needs_contract(self) -> bool:
        """Return whether a stamped contract must come with the request."""
        return bool(self.facts.papers.stamped)


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
    group = known[place.credit_account].group
    if group is not None:
        known |= standings([group])
    batches = bench.batches.get(place.line, ())
    lines = tuple(_lines(seller, buyer, wishes, bench, known))
    if not lines:
        return None
    facts = RequestFacts(
        on,
        place.level,
        _papers(place, regulation, on),
        place.areas,
        place.product_lines,
        place.delivery_division,
        bool(place.warehouse),
        drop_shortage,
        _credit(place, known, batches),
        lines,
        place.own_price,
    )
    return Preview(facts, decide(facts, regulation))


def _papers(place: Place, regulation: Regulation, on: date) -> Papers:
    """Return the papers with the stamped contract that the request needs as if it came with it: so one sees what else may be missing."""
    if place.asks_stamped(regulation.parameters) and needs_stamped(place.papers, on=on, mode=regulation.parameters.contract_mode):
        return msgspec.structs.replace(place.papers, stamped=TO_COME)
    return place.papers


def _credit(place: Place, known: dict[int, Standing], batches: tuple[OpenBatch, ...]) -> CreditFacts:
    standing = known[place.credit_account]
    shared = None if standing.group is None else known[standing.group]
    return CreditFacts(
        place.grade,
        standing.limit,
        standing.used,
        standing.held,
        standing.count_limit or 0,
        standing.open_count,
        standing.held_count,
        batches,
        stopped=place.stopped,
        stopped_by_hand=place.stopped_by_hand,
        group=GroupFacts(shared.limit, shared.used, shared.held) if shared else msgspec.UNSET,
    )


def _lines(seller: int, buyer: int, wishes: tuple[Wish, ...], bench: Bench, known: dict[int, Standing]) -> list[LineFacts]:
    lines = []
    taken: dict[int, int] = {}
    for wish in wishes:
        shelf = bench.shelves.get((seller, wish.product))
        if shelf is None or shelf.list_price is None:
            continue
        standing = known.get(shelf.account)
        free = int(standing.free) if standing else 0
        special = bench.special(seller, buyer, wish.product, wish.copies, taken)
        if special and wish.copies <= special.left:
            taken[special.id] = taken.get(special.id, 0) + wish.copies
        asked = (shelf.list_price, wish.copies, max(free, 0), wish.discount_bp, special)
        lines.append(LineFacts(wish.product, shelf.code, shelf.product_line, *asked))
    return lines
