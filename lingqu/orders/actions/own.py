"""What a request holds and uses itself, read under the locks, and the court that judges it without that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from lingqu.base.database import must_be_atomic
from lingqu.credit.models import Batch, CreditLine
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import open_holds
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.orders.actions.judging import Court
from lingqu.orders.models import Order
from lingqu.orders.rules import Share, set_aside
from lingqu.orders.states import OrderState

Shares = dict[int, Share]
SPECIAL_USED = (OrderState.HELD, OrderState.ACCEPTED, OrderState.PART_SHIPPED, OrderState.SHIPPED)
"""A request in these states has used copies of the special prices that its lines are sold by."""


def own_holds(orders: Iterable[int]) -> list[Posting]:
    """Return the holds of requests that nothing has ended yet."""
    return list(open_holds("order", orders))


def share_of_holds(holds: Iterable[Posting]) -> Shares:
    """Return what these holds hold, by account."""
    shares: Shares = {}
    for hold in holds:
        shares[hold.source_id] = shares.get(hold.source_id, Share()).plus(Share(held=hold.amount, held_count=hold.count))
    return shares


def share_of_batch(order: Order, line: CreditLine) -> Shares:
    """Return what the batch of an accepted request uses of its credit line: its net, and its place while it is open."""
    batch = Batch.objects.filter(document_id=order.pk).first() if order.accepted_at else None
    if batch is None:
        return {}
    return {line.account_id: Share(used=order.net, opened=0 if batch.settled_on else batch.counted)}


def share_of_shipped(order: Order, court: Court) -> Shares:
    """Return the copies that left for the request, by stock account: they are there for its own lines, and for nobody else's."""
    shares: Shares = {}
    for line in order.lines.all():
        shelf = court.bench.shelves.get((order.seller_id, line.product_id))
        if line.shipped and shelf and shelf.account:
            shares[shelf.account] = shares.get(shelf.account, Share()).plus(Share(used=Decimal(line.shipped)))
    return shares


def put_aside(court: Court, *shares: Shares) -> None:
    """Let the court see its accounts as they would stand without these shares."""
    must_be_atomic()
    for share in shares:
        court.standings = set_aside(court.standings, share)


def give_back_specials(court: Court, order: Order) -> None:
    """Let the court see special prices with the copies that the request itself has used of them."""
    must_be_atomic()
    if OrderState(order.state) not in SPECIAL_USED:
        return
    for line in order.lines.filter(special__isnull=False):
        if line.special_id is not None:
            court.special_taken[line.special_id] = court.special_taken.get(line.special_id, 0) - line.copies


def releases(holds: Sequence[Posting], reason: str) -> list[Entry]:
    """Return the entries that end holds without using them."""
    return [
        Entry(
            source=hold.source_id, destination=hold.destination_id, amount=hold.amount, count=hold.count,
            document=(hold.document_kind, hold.document_id), reason=reason, phase=Phase.RELEASE, resolves=hold.pk,
        )
        for hold in holds
    ]  # fmt: skip
