"""Special prices in every state, for the suite of all document types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lingqu.catalogue.actions import ask_special_price, end_special_price, withdraw_special_price
from lingqu.catalogue.models import SpecialPrice
from lingqu.catalogue.rules import NewSpecial
from lingqu.catalogue.states import SpecialKind
from tests.documents import Things, answered
from tests.world import World


def asked(world: World) -> SpecialPrice:
    """Return a special price that waits for the manager."""
    today = world.at.date()
    new = NewSpecial(world.products[0].pk, SpecialKind.TITLE, 5_500, 50, today, today + timedelta(days=30), "开学")
    discount = world.regulation.discount("agent", "A")
    assert discount
    return ask_special_price(
        new, seller=world.hq.pk, buyer=world.firms["agent"].pk, discount=discount, regulation=world.regulation,
        by=world.who("representative"), at=world.at,
    )  # fmt: skip


def withdrawn(world: World) -> SpecialPrice:
    """Return one that its asker took back."""
    return withdraw_special_price(asked(world).pk, reason="", by=world.who("representative"), at=world.at)


def ended(world: World) -> SpecialPrice:
    """Return one that the manager ended before its last day."""
    made = answered(world, asked(world), "approve")
    return end_special_price(made.pk, reason="活动取消", by=world.who("manager"), at=world.at)


def _again(world: World, special: SpecialPrice) -> Mapping[str, Any]:
    return {
        "title": special.product.code, "kind": "title", "discount": "56", "copies": "40", "since": str(special.since),
        "until": str(special.until), "reason": "少一些",
    }  # fmt: skip


THINGS = {
    "special_price": Things(
        states={
            "asked": asked, "sent_back": lambda world: answered(world, asked(world), "send_back"),
            "granted": lambda world: answered(world, asked(world), "approve"),
            "refused": lambda world: answered(world, asked(world), "refuse"), "withdrawn": withdrawn, "ended": ended,
        },
        starts="asked", does={"ask_again": "representative", "withdraw": "representative", "end": "manager"},
        sends={"ask_again": _again, "end": lambda world, special: {"reason": "活动取消"}},
        sees=("representative", "manager", "director"), strangers=("other_agent_owner", "retailer_owner"),
        strange=dict.fromkeys(("asked", "sent_back", "refused", "withdrawn"), ("agent_owner",)),
        said=("开学", "活动取消", "请补充说明"),
    )
}  # fmt: skip
