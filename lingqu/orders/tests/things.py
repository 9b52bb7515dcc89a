"""Requests, special signatures, deliveries and differences in every state, for the suite of all document types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from lingqu.ledger.actions import set_limit
from lingqu.orders.actions import ask_signature, decline_order, withdraw_order, withdraw_signature
from lingqu.orders.models import Delivery, Difference, Order, SignatureRequest
from lingqu.orders.rules import LineCount
from lingqu.orders.tests import delivery_steps, path_steps
from lingqu.partners.models import Partner
from tests.documents import Things, answered
from tests.world import CENT_TITLE, World

ONE_CENT_OVER = {0: 4807, 2: 3, CENT_TITLE: 421}
"""4,807 × 62.40 + 3 × 13.00 + 4.21 = 300,000.01, one cent over the limit of grade A."""
SCAN = b"%PDF-1.7 stamped"


def held(world: World) -> Order:
    """Return a request that waits to be accepted."""
    return path_steps.order_of(world.submit("agent", {0: 10, 1: 5}))


def papers(world: World) -> Order:
    """Return a request that waits for its stamped contract."""
    Partner.objects.filter(pk=world.partners["agent"].pk).update(contract_until=date(2026, 10, 31))
    return held(world)


def review(world: World) -> Order:
    """Return a request that is over the limit by a cent."""
    return path_steps.order_of(world.submit("agent", ONE_CENT_OVER))


def refused(world: World) -> Order:
    """Return a request for a place outside the partner's area."""
    Partner.objects.filter(pk=world.partners["agent"].pk).update(areas=["42"])
    return held(world)


def accepted(world: World) -> Order:
    """Return a request that is to be shipped."""
    return world.accept(world.submit("agent", {0: 10, 1: 5}))


def shipped(world: World, copies: dict[int, int] | None = None) -> Order:
    """Return a request that left, whole or in part."""
    made = accepted(world)
    path_steps.ship(world, made.pk, copies)
    made.refresh_from_db()
    return made


def withdrawn(world: World) -> Order:
    """Return a request that the buyer took back."""
    return withdraw_order(held(world).pk, by=world.who("agent_owner"), at=world.at)


def expired(world: World) -> Order:
    """Return a request that nobody answered."""
    made = held(world)
    world.at += timedelta(days=4)
    world.expire()
    made.refresh_from_db()
    return made


def merged(world: World) -> Order:
    """Return a request that became part of another."""
    target, made = held(world), held(world)
    path_steps.merge(world, target.pk, made.pk)
    made.refresh_from_db()
    return made


def signature(world: World) -> SignatureRequest:
    """Return the request for a signature that the manager decides."""
    made = ask_signature(review(world).pk, "老客户", regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert made
    return made


def ended_signature(world: World, end: Callable[[SignatureRequest], object]) -> SignatureRequest:
    """Return one that ended before it was decided."""
    made = signature(world)
    end(made)
    made.refresh_from_db()
    return made


def taken_back(world: World) -> SignatureRequest:
    """Return one that its asker took back."""
    by = world.who("representative")
    return ended_signature(world, lambda made: withdraw_signature(made.pk, reason="不急了", by=by, at=world.at))


def idle(world: World) -> SignatureRequest:
    """Return one whose request was taken back."""
    by = world.who("agent_owner")
    return ended_signature(world, lambda made: withdraw_order(made.order_id, by=by, at=world.at))


def sent(world: World) -> Delivery:
    """Return a delivery of ten and of five copies."""
    return Delivery.objects.get(order=shipped(world))


def one_more(world: World) -> Delivery:
    """Return another delivery, however many there are."""
    account, day = world.lines["agent"].account_id, world.at.date()
    with transaction.atomic():
        set_limit(account, limit=Decimal(1_000_000), count_limit=99, document=("test", 1), on=day, at=world.at)
    return sent(world)


def confirmed(world: World) -> Delivery:
    """Return a delivery that came as it was sent."""
    made = sent(world)
    delivery_steps.receive(world, made)
    made.refresh_from_db()
    return made


def reported(world: World, make: Callable[[World], Delivery] = sent) -> Difference:
    """Return the report that a copy is missing."""
    return delivery_steps.receive(world, make(world), {1: LineCount(9), 2: LineCount(5)})


def counted(world: World) -> Difference:
    """Return one where the warehouse has looked."""
    return delivery_steps.count(world, reported(world), 0)


def replied(world: World) -> Difference:
    """Return one that was answered: the copy is credited."""
    made = delivery_steps.answer(world, counted(world), "credit")
    made.refresh_from_db()
    return made


def _merge(world: World, order: Order) -> Mapping[str, Any]:
    return {"others": [held(world).number]}


def _part(world: World, order: Order) -> Mapping[str, Any]:
    first, *_ = lines = list(order.lines.order_by("line"))
    return {"copies-1": "1" if first.copies > first.shipped else "", "copies-2": "1", "seen": str(sum(line.shipped for line in lines))}


def _split(world: World, order: Order) -> Mapping[str, Any]:
    return {"copies-1": "2", "seen": str(order.copies)}


def _take_back(world: World, order: Order) -> Mapping[str, Any]:
    seen = sum(line.returned for line in order.lines.all())
    return {"copies-1": "1", "kind": "slow", "reason": "滞销", "seen": str(seen)}


def _reason(world: World, document: Any) -> Mapping[str, Any]:
    return {"reason": "客户改口"}


_REP = ("accept", "decline", "decide_again", "amend", "split", "merge", "reopen", "cancel", "close_rest")
THINGS = {
    "order": Things(
        states={
            "papers": papers, "held": held, "review": review, "refused": refused, "accepted": accepted,
            "part_shipped": lambda world: shipped(world, {1: 6}), "shipped": shipped,
            "declined": lambda world: decline_order(held(world).pk, reason="缺货", by=world.who("representative"), at=world.at),
            "withdrawn": withdrawn, "expired": expired, "cancelled": lambda world: path_steps.cancel(world, accepted(world).pk),
            "merged": merged,
        },
        starts="held",
        does={
            **dict.fromkeys(_REP, "representative"), **dict.fromkeys(("withdraw", "hand_in"), "agent_owner"), "waive": "director",
            **dict.fromkeys(("ship", "ship_part", "take_back"), "warehouse"),
        },
        sends={
            **dict.fromkeys(("decline", "waive", "cancel", "close_rest"), _reason), "merge": _merge, "split": _split, "ship_part": _part,
            "accept": lambda world, order: {"ship_on": str(world.at.date())}, "amend": lambda world, order: {"copies-1": "7"},
            "hand_in": lambda world, order: {"files": SimpleUploadedFile("合同.pdf", SCAN)}, "take_back": _take_back,
        },
        ends={
            **{(state, "amend"): "held" for state in ("held", "review", "expired", "declined")}, ("refused", "amend"): "refused",
            ("refused", "decide_again"): "refused", ("expired", "decide_again"): "held", ("papers", "hand_in"): "held",
            ("held", "split"): "held", ("review", "split"): "held", ("refused", "split"): "refused", ("held", "merge"): "held",
            ("review", "merge"): "review",
            **{(state, "reopen"): "held" for state in ("declined", "withdrawn", "cancelled")},
        },
        sees=("representative", "manager", "warehouse", "agent_owner"), strangers=("other_agent_owner", "retailer_owner"), many=withdrawn,
        said=("缺货", "客户不要了", "PDF", "JPEG", "PNG"),
    ),
    "signature_request": Things(
        states={
            "asked": signature, "sent_back": lambda world: answered(world, signature(world), "send_back"),
            "signed": lambda world: answered(world, signature(world), "approve"),
            "refused": lambda world: answered(world, signature(world), "refuse"), "withdrawn": taken_back, "void": idle,
        },
        starts="asked", does={"ask_again": "representative", "withdraw": "representative"},
        sends=dict.fromkeys(("ask_again", "withdraw"), _reason), sees=("representative", "manager", "director"),
        strangers=("other_agent_owner", "retailer_owner"), many=taken_back, said=("老客户", "不急了", "请补充说明"),
    ),
    "delivery": Things(
        states={
            "sent": sent, "confirmed": confirmed, "differing": lambda world: reported(world).delivery,
            "answered": lambda world: replied(world).delivery,
        },
        starts="sent", does={"confirm": "agent_owner", "report": "agent_owner"},
        sends={"report": lambda world, delivery: {"good-1": "8", "good-2": "5"}}, sees=("warehouse", "representative", "agent_owner"),
        strangers=("other_agent_owner", "retailer_owner"), many=one_more,
        told_of=lambda delivery: ("order", delivery.order_id), said=("PDF",),
    ),
    "difference": Things(
        states={"reported": reported, "counted": counted, "answered": replied}, starts="reported",
        does={"count": "warehouse", "answer": "representative"},
        sends={"count": lambda world, report: {"found-0": "0"}, "answer": lambda world, report: {"answer-0": "credit"}},
        sees=("warehouse", "representative", "agent_owner"), strangers=("other_agent_owner", "retailer_owner"),
        many=lambda world: reported(world, one_more), told_of=lambda report: ("order", report.delivery.order_id), said=("PDF",),
    ),
}  # fmt: skip
