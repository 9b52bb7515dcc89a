"""Stock counts in every state, for the suite of all document types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lingqu.inventory.actions import enter_counted, give_up_count, send_count, start_count
from lingqu.inventory.models import StockCount, Warehouse
from lingqu.inventory.queries import stock_of
from lingqu.inventory.rules import Counted
from tests.documents import Things, answered
from tests.world import World


def counted(world: World) -> StockCount:
    """Return a count of one title of which ten copies are missing."""
    item, by = int(stock_of(world.hq.pk).get(product=world.products[0]).pk), world.who("warehouse")
    made = start_count(Warehouse.objects.get(firm=world.hq), [item], by=by, at=world.at)
    return enter_counted(made.pk, {item: Counted(9_990, "受潮")}, by=by, at=world.at)


def asked(world: World) -> StockCount:
    """Return a count whose difference waits to be decided."""
    made = send_count(counted(world).pk, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    made.refresh_from_db()
    return made


def given_up(world: World) -> StockCount:
    """Return a count that was given up."""
    return give_up_count(counted(world).pk, reason="重盘", by=world.who("warehouse"), at=world.at)


def _enter(world: World, count: StockCount) -> Mapping[str, Any]:
    return {f"counted-{line.item_id}": "9,995" for line in count.lines.all()}


THINGS = {
    "stock_count": Things(
        states={
            "open": counted, "asked": asked, "sent_back": lambda world: answered(world, asked(world), "send_back"),
            "booked": lambda world: answered(world, asked(world), "approve"),
            "refused": lambda world: answered(world, asked(world), "refuse"), "withdrawn": given_up,
        },
        starts="open", does=dict.fromkeys(("enter", "ask", "withdraw"), "warehouse"),
        sends={"enter": _enter, "withdraw": lambda world, count: {"reason": "重盘"}}, sees=("warehouse", "manager", "finance"),
        strangers=("agent_owner", "retailer_owner"), many=given_up, said=("受潮", "重盘", "请补充说明", "Excel", "CSV"),
    )
}  # fmt: skip
