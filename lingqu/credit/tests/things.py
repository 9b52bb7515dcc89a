"""Receipts, write-offs, proposals, terms and holds in every state, for the suite of all document types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from lingqu.credit.actions import (
    change_grade,
    end_temporary_limit,
    give_terms,
    lower_group_limit,
    lower_limit,
    propose_write_off,
    reverse_receipt,
    void_paid_write_off,
    withdraw_hold_request,
)
from lingqu.credit.models import (
    Batch,
    CreditGroup,
    CreditProposal,
    GroupProposal,
    HoldRequest,
    Receipt,
    RetailerTerms,
    SupplyHold,
    WriteOff,
)
from lingqu.credit.rules import NewGroupChange, NewTerms
from lingqu.credit.states import GroupProposalKind
from lingqu.credit.tests.group_stories import propose_group
from lingqu.credit.tests.hold_stories import ask, by_hand, grant, overdue, review
from lingqu.credit.tests.purse import Purse
from lingqu.credit.tests.stories import propose
from tests.documents import Things, answered
from tests.world import World

_names = count(1)
_OUT = ("agent_owner", "other_agent_owner", "retailer_owner")
_INSIDE = ("representative", "manager", "finance", "director")


def decided(make: Callable[[World], Any], route: str) -> dict[str, Callable[[World], Any]]:
    """Return the states to which people bring what waits for an approval; `route` is the word of its action that takes it back."""

    def withdrawn(world: World) -> Any:
        from lingqu.credit import actions

        document = make(world)
        place = document.number if route == "terms" else document.pk
        asker = next(name for name, person in world.people.items() if person.pk == document.asked_by_id)
        getattr(actions, f"withdraw_{route}")(place, reason="", by=world.who(asker), at=world.at)
        document.refresh_from_db()
        return document

    return {
        "proposed": make, "sent_back": lambda world: answered(world, make(world), "send_back"),
        "applied": lambda world: answered(world, make(world), "approve"), "refused": lambda world: answered(world, make(world), "refuse"),
        "withdrawn": withdrawn,
    }  # fmt: skip


def receipt(world: World) -> Receipt:
    """Return money that came from the agent."""
    return world.pay("agent", "100.00")


def reversed_receipt(world: World) -> Receipt:
    """Return a receipt that was taken back."""
    made = receipt(world)
    day = world.at.date()
    return reverse_receipt(made.pk, reason="银行退回", on=day, regulation=world.regulation, by=world.who("finance"), at=world.at)


def write_off(world: World) -> WriteOff:
    """Return a write-off that its route decides."""
    Purse(world)
    accepted = world.submit("agent", {0: 1})
    world.accept(accepted)
    batch = Batch.objects.get(document_id=accepted.order)
    amount, by = Decimal("60.00"), world.who("representative")
    return propose_write_off(batch.pk, amount, "不再追讨", regulation=world.regulation, by=by, at=world.at)


def paid_write_off(world: World) -> WriteOff:
    """Return one whose batch was paid meanwhile."""
    made = write_off(world)
    world.pay("agent", "62.40")
    void_paid_write_off(made.pk, at=world.at)
    made.refresh_from_db()
    return made


def proposal(world: World) -> CreditProposal:
    """Return the proposal of a higher limit."""
    return propose(world).proposal


def void_proposal(world: World) -> CreditProposal:
    """Return one whose grade was lowered meanwhile."""
    made, line = proposal(world), world.lines["agent"].pk
    change_grade(line, grade="C", reason="经营异常", regulation=world.regulation, by=world.who("director"), at=world.at)
    made.refresh_from_db()
    return made


def lowered(world: World) -> CreditProposal:
    """Return a limit that finance lowered at once, each time by a little more."""
    limit, by = Decimal(200_000 - next(_names)), world.who("finance")
    return lower_limit(world.lines["agent"].pk, limit=limit, reason="逾期", regulation=world.regulation, by=by, at=world.at)


def ended_proposal(world: World) -> CreditProposal:
    """Return a temporary limit whose days are over."""
    made = answered(world, propose(world, until=world.at.date() + timedelta(days=3)).proposal, "approve")
    world.at += timedelta(days=5)
    end_temporary_limit(made.pk, at=world.at)
    made.refresh_from_db()
    return made


def group_proposal(world: World) -> GroupProposal:
    """Return the proposal of a group, of another name each time."""
    new = NewGroupChange(GroupProposalKind.OPEN, "同属一个集团", name=f"海右集团{next(_names)}", limit=Decimal("90000.00"))
    return propose_group(world, new).proposal


def void_group_proposal(world: World) -> GroupProposal:
    """Return a higher limit of a group whose limit was lowered meanwhile."""
    group = CreditGroup.objects.get(number=answered(world, group_proposal(world), "approve").number)
    made = propose_group(world, NewGroupChange(GroupProposalKind.LIMIT, "旺季", group.pk, limit=Decimal("99000.00"))).proposal
    by = world.who("director")
    lower_group_limit(group.pk, limit=Decimal("100.00"), reason="逾期", regulation=world.regulation, by=by, at=world.at)
    made.refresh_from_db()
    return made


def terms(world: World, by: str = "agent_clerk") -> RetailerTerms:
    """Return terms of the retailer: a clerk's wait for the owner, the owner's are in force."""
    new = NewTerms("C", Decimal(20_000 + next(_names)), 2, 30, None, "开业两年")
    (made,) = give_terms([(world.lines["retailer"].pk, new)], regulation=world.regulation, by=world.who(by), at=world.at)
    return made


def followed(world: World, first: str) -> RetailerTerms:
    """Return terms after which the owner set others."""
    made = terms(world, first)
    terms(world, "agent_owner")
    made.refresh_from_db()
    return made


def deferred(world: World) -> SupplyHold:
    """Return a hold that was put off for some days."""
    hold = overdue(world)
    grant(world, ask(world, hold))
    hold.refresh_from_db()
    return hold


def released(world: World) -> SupplyHold:
    """Return a hold whose money came."""
    hold = overdue(world)
    world.pay("other_agent", "6240.00")
    review(world)
    hold.refresh_from_db()
    return hold


def one_more(world: World) -> SupplyHold:
    """Return another hold that came and went, of the same batch."""
    hold = by_hand(world) if SupplyHold.objects.exists() else overdue(world)
    grant(world, ask(world, hold, "release"))
    hold.refresh_from_db()
    return hold


def hold_request(world: World) -> HoldRequest:
    """Return what was asked about a hold."""
    return ask(world, overdue(world))


def asked_again(world: World) -> HoldRequest:
    """Return another request about the one hold, taken back."""
    hold = SupplyHold.objects.first() or overdue(world)
    made = ask(world, hold)
    return withdraw_hold_request(made.pk, reason="", by=world.who("representative"), at=world.at)


def void_request(world: World) -> HoldRequest:
    """Return one whose hold was gone before it was decided."""
    made = hold_request(world)
    world.pay("other_agent", "6240.00")
    review(world)
    made.refresh_from_db()
    return made


def _reverse(world: World, document: Receipt) -> Mapping[str, Any]:
    return {"reason": "银行退回", "on": str(world.at.date())}


def _reason(world: World, document: Any) -> Mapping[str, Any]:
    return {"reason": "客户改口"}


_ASKER = {"revise": "representative", "withdraw": "representative"}
THINGS = {
    "receipt": Things(
        states={"entered": receipt, "reversed": reversed_receipt}, starts="entered", does={"reverse": "finance"},
        sends={"reverse": _reverse}, sees=("finance", "representative", "agent_owner"),
        strangers=("other_agent_owner", "retailer_owner"), said=("银行退回",),
    ),
    "write_off": Things(
        states={**decided(write_off, "write_off"), "void": paid_write_off}, starts="proposed", does=_ASKER,
        sends={"revise": lambda world, document: {"amount": "50.00", "reason": "只追讨一部分"}, "withdraw": _reason},
        sees=_INSIDE, strangers=_OUT, said=("不再追讨", "请补充说明"),
    ),
    "credit_proposal": Things(
        states={**decided(proposal, "proposal"), "void": void_proposal, "ended": ended_proposal}, starts="proposed", does=_ASKER,
        sends={"revise": lambda world, document: {"kind": "limit", "limit": "350000", "reason": "少一些"}, "withdraw": _reason},
        sees=_INSIDE, strangers=_OUT, many=lowered, said=("旺季备货", "请补充说明"),
    ),
    "group_proposal": Things(
        states={**decided(group_proposal, "group_proposal"), "void": void_group_proposal}, starts="proposed",
        does=dict.fromkeys(_ASKER, "finance"),
        sends={
            "revise": lambda world, document: {"name": document.name, "limit": "80000", "reason": "少一些"}, "withdraw": _reason,
        },
        sees=("finance", "manager", "director"), strangers=_OUT, said=("同属一个集团", "海右集团", "旺季", "逾期", "请补充说明"),
    ),
    "retailer_terms": Things(
        states={
            **decided(terms, "terms"), "void": lambda world: followed(world, "agent_clerk"),
            "ended": lambda world: followed(world, "agent_owner"),
        },
        starts="proposed", does={"withdraw": "agent_clerk"}, sends={"withdraw": _reason}, sees=("agent_owner", "agent_clerk"),
        strangers=("other_agent_owner", "director", "finance"),
        strange=dict.fromkeys(("proposed", "sent_back", "refused", "withdrawn", "void"), ("retailer_owner",)),
        many=lambda world: terms(world, "agent_owner"),
        said=("开业两年", "请补充说明"),
    ),
    "supply_hold": Things(
        states={"in_force": overdue, "deferred": deferred, "released": released}, starts="in_force", does={"tighten": "finance"},
        sends={"tighten": lambda world, hold: {"reason": "承诺未兑现"}}, sees=("finance", "representative"),
        strangers=("agent_owner", "retailer_owner"), many=one_more, said=("学校开学急需",),
    ),
    "hold_request": Things(
        states={**decided(hold_request, "hold_request"), "void": void_request}, starts="proposed", does={"withdraw": "representative"},
        sends={"withdraw": _reason}, sees=("finance", "representative", "manager"), strangers=("agent_owner", "retailer_owner"),
        many=asked_again, said=("学校开学急需", "请补充说明"),
    ),
}  # fmt: skip
