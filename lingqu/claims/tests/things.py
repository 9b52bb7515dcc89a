"""Price protection claims in every state, for the suite of all document types, and the steps in which their stories are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from lingqu.catalogue.actions import NewTitle, bring_titles_in
from lingqu.catalogue.models import ListPrice
from lingqu.claims.actions import ask_claim, withdraw_claim
from lingqu.claims.models import PriceClaim, PriceClaimSource
from lingqu.claims.rules import AskedLine, NewClaim
from lingqu.claims.states import CLAIMING
from lingqu.documents.rules import NewFile
from lingqu.ledger.actions import set_limit
from lingqu.ledger.queries import standings
from lingqu.orders.actions import ship_order
from tests.documents import Things
from tests.world import World

_keys = count(1)
PHOTO = NewFile("stock.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100)
BEFORE = timedelta(days=10)
"""How long before the cut the copies of these stories were shipped."""


def shipped_before(world: World, copies: dict[int, int], *, buyer: str = "agent", days: int = 10) -> None:
    """Ship copies of titles to a partner some days before now."""
    now = world.at
    world.at = now - timedelta(days=days)
    made = world.submit(buyer, copies)
    of_hq = world.firms[buyer].parent_id == world.hq.pk
    order = world.accept(made, by="representative" if of_hq else "agent_owner")
    ship_order(order.pk, regulation=world.regulation, by=world.who("warehouse" if of_hq else "agent_owner"), at=world.at)
    world.at = now


def cut(world: World, place: int, price: str, *, on: date | None = None) -> None:
    """Lower the list price of a title from a day on, today when none is named."""
    title = world.products[place]
    day = on or world.at.date()
    new = NewTitle(title.code, title.name, "S", Decimal(price), day)
    bring_titles_in(world.hq, [new], by=world.who("researcher"), at=world.at, on=day)


def claim(
    world: World, stock: dict[int, int], *, by: str = "agent_owner", buyer: str = "agent", key: str = "", files: tuple[NewFile, ...] = ()
) -> PriceClaim:  # fmt: skip
    """A partner claims for titles by their place in the catalogue, with the copies that it has."""
    lines = tuple(AskedLine(world.products[place].pk, copies) for place, copies in stock.items())
    firm = world.firms[buyer]
    assert firm.parent_id is not None
    new = NewClaim(key or f"claim-{next(_keys)}", firm.parent_id, firm.pk, lines)
    return ask_claim(new, files, regulation=world.regulation, by=world.who(by), at=world.at)


def answered(world: World, made: PriceClaim, verb: str = "approve", *, by: str = "manager") -> PriceClaim:
    """Return a claim after one answer of its approval."""
    assert made.approval_id
    world.sign(made.approval_id, by, verb, "" if verb == "approve" else "请附库存清单")
    made.refresh_from_db()
    return made


def _next(world: World) -> int:
    """Return how many copies of the third title a claim must name to have one that no claim names yet; its price fell today."""
    title = world.products[2]
    if ListPrice.objects.filter(product=title).count() == 1:
        # In a world where the agent has bought already, nothing but this is to be said no to.
        with transaction.atomic():
            account, on = world.lines["agent"].account_id, world.at.date()
            if standings([account])[account].used:
                set_limit(account, limit=Decimal(9_000_000), count_limit=99, document=("test", 1), on=on, at=world.at)
        shipped_before(world, {2: 60})
        cut(world, 2, "16")
    named = PriceClaimSource.objects.filter(claim_line__product=title, claim_line__claim__state__in=CLAIMING)
    return sum(named.values_list("copies", flat=True)) + 1


def asked(world: World) -> PriceClaim:
    """Return a claim that is being decided."""
    return claim(world, {2: _next(world)})


def withdrawn(world: World) -> PriceClaim:
    """Return a claim that was taken back."""
    return withdraw_claim(asked(world).pk, reason="库存有误", by=world.who("agent_owner"), at=world.at)


def _new(world: World) -> Mapping[str, Any]:
    return {
        "partner": world.firms["agent"].pk,
        "rows-0-title": world.products[2].code,
        "rows-0-copies": str(_next(world)),
        "note": "月底盘点",
    }


def _revise(world: World, made: PriceClaim) -> Mapping[str, Any]:
    return {"rows-0-title": world.products[2].code, "rows-0-copies": str(_next(world)), "note": "月底盘点"}


def _withdraw(world: World, made: PriceClaim) -> Mapping[str, Any]:
    return {"reason": "库存有误"}


THINGS = {
    "price_claim": Things(
        states={
            "asked": asked, "sent_back": lambda world: answered(world, asked(world), "send_back"),
            "credited": lambda world: answered(world, asked(world)), "refused": lambda world: answered(world, asked(world), "refuse"),
            "withdrawn": withdrawn,
        },
        starts="asked", does={"revise": "agent_owner", "withdraw": "agent_owner"}, sends={"revise": _revise, "withdraw": _withdraw},
        sees=("agent_owner", "representative", "manager", "director"), strangers=("other_agent_owner", "retailer_owner"),
        new=("agent_owner", _new), said=("月底盘点", "库存有误", "请附库存清单"),
    )
}  # fmt: skip
