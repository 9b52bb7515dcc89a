"""What the stories of goods at programs share: a request that was shipped, a return, a transfer, a report of differences."""

from __future__ import annotations

from typing import Any

from lingqu.orders.actions import accept_order, ship_order
from lingqu.orders.models import Delivery
from lingqu.orders.rules import LineCount
from lingqu.orders.tests.delivery_steps import count, receive
from lingqu.returns.states import Condition
from lingqu.returns.tests.steps import agree, agreed_transfer, ask, confirm, order_it, propose
from tests.world import World


def shipped(world: World, copies: dict[int, int], *, buyer: str = "agent") -> Delivery:
    """A delivery of a request that was accepted and shipped whole."""
    made = world.submit(buyer, copies)
    world.accept(made)
    world.ship(made)
    return Delivery.objects.get(order_id=made.order or 0)


def in_parts(world: World) -> list[Delivery]:
    """One request of the agent that left in four deliveries of ten copies."""
    made = world.submit("agent", {0: 40})
    world.accept(made)
    for _ in range(4):
        ship_order(made.order or 0, regulation=world.regulation, by=world.who("warehouse"), at=world.at, copies={1: 10})
    return list(Delivery.objects.filter(order_id=made.order or 0).order_by("id"))


def goods_verbs(world: World) -> dict[str, tuple[str, str, Any, int]]:
    """Every call about goods that changes something: who, address, body, status."""
    delivery, to_name, *differing = in_parts(world)
    report, looked_at = (receive(world, one, {1: LineCount(9)}, by="agent_owner") for one in differing)
    count(world, looked_at, 1)
    waiting = [ask(world, {0: 1}).number for _ in range(4)]
    agreed = agree(world, ask(world, {0: 1}))
    beyond = ask(world, {0: 1}, condition=Condition.DAMAGED)
    proposed, again = propose(world, {0: 1}), propose(world, {0: 1})
    assert again.approval_id
    world.sign(again.approval_id, "manager", "send_back", "写清楚")
    granted, ordered, counted = (agreed_transfer(world, {0: 1}) for _ in range(3))
    order_it(world, ordered)
    counted = order_it(world, counted)
    accept_order(counted.order_id or 0, ship_on=world.at.date(), regulation=world.regulation, by=world.who("representative"), at=world.at)
    for taker in (False, True):
        confirm(world, counted, {1: 1}, taker=taker)
    slow = {"reason": "slow", "lines": [{"product": "QH26-100", "copies": "1"}]}
    moved = {"giver": "agent", "taker": "other_agent", "reason": "调剂", "lines": [{"product": "QH26-100", "copies": "1"}]}
    return {
        "name_parcels": ("warehouse", f"/deliveries/{to_name.number}/parcels", {"parcels": [{"waybill": "SF1"}, {"waybill": "SF2"}]}, 200),
        "receive_delivery": ("agent_owner", f"/deliveries/{delivery.number}/receive", {"lines": [{"line": 1, "good": "9"}]}, 200),
        "count_difference": (
            "warehouse", f"/differences/{report.number}/count", {"lines": [{"line": 1, "kind": "short", "found": "1"}]}, 200,
        ),
        "answer_difference": (
            "representative", f"/differences/{looked_at.number}/answer", {"lines": [{"line": 1, "kind": "short", "answer": "credit"}]}, 200,
        ),
        "ask_return": ("agent_owner", "/returns", slow | {"key": "th-1"}, 201),
        "agree_return": ("representative", f"/returns/{waiting[0]}/agree", {}, 200),
        "refuse_return": ("representative", f"/returns/{waiting[1]}/refuse", {"reason": "包装已拆"}, 200),
        "withdraw_return": ("agent_owner", f"/returns/{waiting[2]}/withdraw", {}, 200),
        "send_up_return": ("representative", f"/returns/{beyond.number}/send-up", {"reason": "客户清仓"}, 200),
        "count_return": ("warehouse", f"/returns/{agreed.number}/count", {"lines": [{"line": 1, "good": "1"}]}, 200),
        "ask_transfer": ("representative", "/transfers", moved | {"key": "dh-1"}, 201),
        "withdraw_transfer": ("representative", f"/transfers/{proposed.number}/withdraw", {"reason": "不调了"}, 200),
        "send_transfer_again": ("representative", f"/transfers/{again.number}/again", {"reason": "促销余量，详见清单"}, 200),
        "order_transfer": ("representative", f"/transfers/{granted.number}/order", {}, 200),
        "confirm_transfer": ("agent_owner", f"/transfers/{ordered.number}/confirm", {"lines": [{"line": 1, "copies": "1"}]}, 200),
        "move_transfer": ("warehouse", f"/transfers/{counted.number}/move", {}, 200),
        "take_goods_in": (
            "warehouse", "/goods-in",
            {"key": "rk-1", "received_on": "2026-11-23", "lot": "P-7", "lines": [{"product": "QH26-100", "copies": "5"}]}, 201,
        ),
        "start_count": ("warehouse", "/stock-counts", {"products": ["QH26-100"]}, 201),
    }  # fmt: skip
