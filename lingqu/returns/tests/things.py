"""Return requests and transfers in every state, for the suite of all document types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lingqu.orders.actions import accept_order
from lingqu.orders.models import Order
from lingqu.returns.actions import lapse_return, withdraw_transfer
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.states import Condition
from lingqu.returns.tests import steps
from tests.documents import Things, answered
from tests.world import World


def goods(world: World) -> None:
    """Let the agent have goods."""
    if not Order.objects.filter(state="shipped").exists():
        steps.shipped(world, {0: 20})


def asked(world: World) -> ReturnRequest:
    """Return a request that keeps every cap."""
    goods(world)
    return steps.ask(world, {0: 1})


def sent_up(world: World) -> ReturnRequest:
    """Return one beyond the caps, sent up for approval."""
    goods(world)
    made = steps.send_up(world, steps.ask(world, {0: 15}, condition=Condition.WORN, files=(steps.PHOTO,)))
    made.refresh_from_db()
    return made


def lapsed(world: World) -> ReturnRequest:
    """Return one whose goods never came."""
    made = steps.agree(world, asked(world))
    assert made.lapses_on
    world.at += timedelta(days=(made.lapses_on - world.at.date()).days + 1)
    lapse_return(made.pk, at=world.at)
    made.refresh_from_db()
    return made


def deciding(world: World) -> Transfer:
    """Return a transfer from the agent to the other one that waits to be decided."""
    goods(world)
    return steps.propose(world, {0: 1})


def agreed(world: World) -> Transfer:
    """Return one that was agreed to."""
    return answered(world, deciding(world), "approve")


def ordered(world: World) -> Transfer:
    """Return one whose request is accepted and whose copies both have counted alike."""
    made = steps.order_it(world, agreed(world))
    made.refresh_from_db()
    accept_order(made.order_id or 0, ship_on=world.at.date(), regulation=world.regulation, by=world.who("representative"), at=world.at)
    for taker in (False, True):
        steps.confirm(world, made, {1: 1}, taker=taker)
    made.refresh_from_db()
    return made


def taken_back(world: World) -> Transfer:
    """Return one that its asker took back."""
    made = deciding(world)
    withdraw_transfer(made.pk, reason="改期", by=world.who("representative"), at=world.at)
    made.refresh_from_db()
    return made


def _reason(world: World, document: Any) -> Mapping[str, Any]:
    return {"reason": "客户改口"}


_UNTIL_AGREED = ("deciding", "sent_back", "refused", "withdrawn")
THINGS = {
    "return_request": Things(
        states={
            "asked": asked, "deciding": sent_up, "sent_back": lambda world: answered(world, sent_up(world), "send_back"),
            "agreed": lambda world: steps.agree(world, asked(world)),
            "booked": lambda world: steps.count(world, steps.agree(world, asked(world)), {1: 1}),
            "refused": lambda world: steps.refuse(world, asked(world)),
            "withdrawn": lambda world: steps.withdraw(world, asked(world)), "lapsed": lapsed,
        },
        starts="asked",
        does={**dict.fromkeys(("agree", "send_up", "refuse"), "representative"), "count": "warehouse", "withdraw": "agent_owner"},
        sends={"refuse": _reason, "send_up": _reason, "count": lambda world, request: {"good-1": "1", "rest": "kept"}},
        sees=("representative", "manager", "agent_owner"), strangers=("other_agent_owner", "retailer_owner"),
        many=lambda world: steps.withdraw(world, asked(world)), said=("包装已拆", "客户清仓", "请补充说明", "box.png"),
    ),
    "transfer": Things(
        states={
            "deciding": deciding, "sent_back": lambda world: answered(world, deciding(world), "send_back"), "agreed": agreed,
            "ordered": ordered, "moved": lambda world: steps.book(world, ordered(world)),
            "refused": lambda world: answered(world, deciding(world), "refuse"), "withdrawn": taken_back,
        },
        starts="deciding",
        does={**dict.fromkeys(("send_up", "order", "withdraw"), "representative"), "confirm": "agent_owner", "move": "warehouse"},
        sends={"send_up": _reason, "withdraw": _reason, "confirm": lambda world, transfer: {"side": "giver", "copies-1": "1"}},
        sees=("representative", "manager"), strangers=("cash_agent_owner", "retailer_owner"),
        strange=dict.fromkeys(_UNTIL_AGREED, ("agent_owner", "other_agent_owner")), many=taken_back,
        said=("促销余量", "改期", "请补充说明"),
    ),
}  # fmt: skip
