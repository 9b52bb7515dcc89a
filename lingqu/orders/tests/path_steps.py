"""What the tests of the paths of a request share: verbs in one word, how line and stock stand, and that all accounts agree."""

from __future__ import annotations

from decimal import Decimal

from lingqu.credit.models import Batch, BatchCredit
from lingqu.ledger.queries import open_holds, standings
from lingqu.orders.actions import (
    AskedLine,
    NewReturn,
    amend_order,
    cancel_order,
    close_rest,
    merge_orders,
    reopen_order,
    ship_order,
    split_order,
    take_back_goods,
)
from lingqu.orders.models import Delivery, GoodsReturn, Order
from lingqu.orders.states import ReturnReason
from tests.world import World


def order_of(outcome: object) -> Order:
    """The request as it stands now."""
    return Order.objects.get(pk=outcome if isinstance(outcome, int) else outcome.order)  # type: ignore[attr-defined]


def amend(world: World, order: int, copies: dict[int, int], *, by: str = "representative", **offered: int) -> Order:
    """Change the content to copies of titles by their place; `offered` is a discount in basis points for all."""
    lines = tuple(AskedLine(world.products[place].pk, number, offered.get("bp")) for place, number in copies.items())
    return amend_order(order, lines, regulation=world.regulation, by=world.who(by), at=world.at)


def split(world: World, order: int, out: dict[int, int], *, by: str = "representative", seen: int | None = None) -> tuple[Order, Order]:
    """Split copies off by line number."""
    return split_order(order, out, regulation=world.regulation, by=world.who(by), at=world.at, seen=seen)


def merge(world: World, target: int, *others: int, by: str = "representative") -> Order:
    """Merge others into the target."""
    return merge_orders(target, others, regulation=world.regulation, by=world.who(by), at=world.at)


def reopen(world: World, order: int, *, by: str = "representative") -> Order:
    """Open again."""
    return reopen_order(order, regulation=world.regulation, by=world.who(by), at=world.at)


def cancel(world: World, order: int, *, by: str = "representative", reason: str = "客户不要了") -> Order:
    """Cancel with a reason."""
    return cancel_order(order, reason=reason, regulation=world.regulation, by=world.who(by), at=world.at)


def close(world: World, order: int, *, by: str = "representative", reason: str = "不再补发") -> Order:
    """Close the rest with a reason."""
    return close_rest(order, reason=reason, regulation=world.regulation, by=world.who(by), at=world.at)


def ship(world: World, order: int, copies: dict[int, int] | None = None, *, by: str = "warehouse", seen: int | None = None) -> Delivery:
    """Ship copies by line number, or all that is there."""
    return ship_order(order, regulation=world.regulation, by=world.who(by), at=world.at, copies=copies, seen=seen)


def take_back(world: World, order: int, copies: dict[int, int], *, by: str = "warehouse", seen: int | None = None) -> GoodsReturn:
    """Take copies back by line number."""
    new = NewReturn(copies, ReturnReason.SLOW, "滞销", seen)
    return take_back_goods(order, new, regulation=world.regulation, by=world.who(by), at=world.at)


def credit(world: World, buyer: str = "agent") -> tuple[Decimal, Decimal, int, int]:
    """The credit line as it stands: used, held, open and held batches."""
    account = world.lines[buyer].account_id
    line = standings([account])[account]
    return line.used, line.held, line.open_count, line.held_count


def must_agree(world: World) -> None:
    """Whatever was done: requests, batches, reservations, holds and the ledger say the same."""
    for order in Order.objects.all():
        lines = list(order.lines.all())
        assert order.net == sum(line.net for line in lines)
        holds = list(open_holds("order", [order.pk]))
        money = sum(hold.amount for hold in holds if hold.source_id == _line(order))
        assert money == (order.net if order.state == "held" else 0)
        assert sum(hold.amount for hold in holds) - money == sum(line.reserved for line in lines)
        batch = Batch.objects.filter(document_id=order.pk).first()
        if order.accepted_at and batch:
            credited = BatchCredit.objects.filter(batch=batch).exclude(cause__in=("returned", "difference", "cancelled"))
            assert batch.value - sum(credit.amount for credit in credited) == order.net
            assert order.settled_on == batch.settled_on
            if order.state == "cancelled":
                assert order.net == sum(credit.amount for credit in BatchCredit.objects.filter(batch=batch, cause="cancelled"))
    for line in world.lines.values():
        line.refresh_from_db()
        owed = sum(batch.value - batch.applied for batch in Batch.objects.filter(line=line, settled_on=None))
        running = standings([line.account_id])[line.account_id]
        assert running.used == owed - line.unapplied
        assert running.open_count == sum(batch.counted for batch in Batch.objects.filter(line=line, settled_on=None))


def _line(order: Order) -> int:
    return order.seller.credit_lines_given.get(buyer_id=order.buyer_id).account_id
