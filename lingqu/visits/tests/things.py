"""Visits in every state, for the suite of all document types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from lingqu.visits.actions import cancel_visit, plan_visit, record_visit
from lingqu.visits.models import Visit
from lingqu.visits.rules import NewVisit, Record
from tests.documents import Things
from tests.world import World

_keys = count(1)


def planned(world: World, partner: str = "agent", by: str = "representative") -> Visit:
    """Return a visit planned for tomorrow."""
    day = world.at.date() + timedelta(days=1)
    new = NewVisit(f"visit-{next(_keys)}", world.firms[partner].pk, day, "看库存")
    return plan_visit(new, by=world.who(by), at=world.at)


def recorded(world: World) -> Visit:
    """Return a visit whose record is with the appraiser."""
    given = Record(world.at.date(), "张经理", "库存偏高")
    return record_visit(planned(world).pk, given, regulation=world.regulation, by=world.who("representative"), at=world.at)


def answered(world: World, verb: str) -> Visit:
    """Return a visit whose record the manager has answered."""
    visit = recorded(world)
    assert visit.approval_id
    world.sign(visit.approval_id, "manager", verb, "" if verb == "approve" else "请补充库存数字")
    visit.refresh_from_db()
    return visit


def cancelled(world: World) -> Visit:
    """Return a visit that was given up."""
    return cancel_visit(planned(world).pk, reason="客户出差", by=world.who("representative"), at=world.at)


def _record(world: World, visit: Visit) -> Mapping[str, Any]:
    return {"visited_on": str(world.at.date()), "met": "张经理", "found": "库存偏高", "also": ["stock_count"]}


def _move(world: World, visit: Visit) -> Mapping[str, Any]:
    return {"planned_on": str(world.at.date() + timedelta(days=9)), "reason": "客户改期"}


def _cancel(world: World, visit: Visit) -> Mapping[str, Any]:
    return {"reason": "客户出差"}


def _plan(world: World) -> Mapping[str, Any]:
    return {"partner": world.firms["agent"].pk, "planned_on": str(world.at.date() + timedelta(days=2)), "purpose": "看库存"}


THINGS = {
    "visit": Things(
        states={
            "planned": planned, "review": recorded, "sent_back": lambda world: answered(world, "send_back"),
            "confirmed": lambda world: answered(world, "approve"), "refused": lambda world: answered(world, "refuse"),
            "cancelled": cancelled,
        },
        starts="planned", does=dict.fromkeys(("record", "record_again", "move", "cancel"), "representative"),
        sends={"record": _record, "record_again": _record, "move": _move, "cancel": _cancel},
        sees=("representative", "manager", "director"), strangers=("agent_owner", "other_agent_owner", "retailer_owner"),
        new=("representative", _plan), said=("看库存", "张经理", "库存偏高", "客户改期", "客户出差", "请补充库存数字"),
    )
}  # fmt: skip
