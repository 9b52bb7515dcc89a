"""What the tests of holds have in common: money falls due, somebody asks, somebody signs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewHold, NewHoldChange, ask_hold_change, review_line, set_hold
from lingqu.credit.models import Batch, HoldRequest, SupplyHold
from lingqu.credit.states import HoldLevel, HoldRequestKind
from lingqu.documents.rules import NewFile
from tests.world import World

PAGE = NewFile("查询.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)


def owe(world: World, buyer: str = "other_agent") -> Batch:
    """A batch of 6,240.00 yuan, accepted and shipped today; its back-stop is the grade's."""
    asked = world.submit(buyer, {0: 100})
    world.accept(asked)
    world.ship(asked)
    return Batch.objects.get(document_id=asked.order)


def later(world: World, day: date) -> None:
    """Go to 09:00 of a day, and let the job look at the partner."""
    world.at += timedelta(days=(day - world.at.date()).days)
    for line in world.lines.values():
        review_line(line.pk, regulation=world.regulation, at=world.at)


def overdue(world: World, days: int = 1, buyer: str = "other_agent") -> SupplyHold:
    """A batch that is so many days overdue, and the hold that follows."""
    batch = owe(world, buyer)
    assert batch.backstop_due_on is not None
    later(world, batch.backstop_due_on + timedelta(days=days))
    return SupplyHold.objects.get(line=world.lines[buyer])


def review(world: World, buyer: str = "other_agent") -> None:
    review_line(world.lines[buyer].pk, regulation=world.regulation, at=world.at)


def ask(
    world: World, hold: SupplyHold, kind: str = "defer", *, days: int = 2, by: str = "representative", reason: str = "学校开学急需"
) -> HoldRequest:
    new = NewHoldChange(HoldRequestKind(kind), reason, world.at.date() + timedelta(days=days) if kind == "defer" else None)
    return ask_hold_change(hold.pk, new, regulation=world.regulation, by=world.who(by), at=world.at)


def grant(world: World, request: HoldRequest) -> None:
    assert request.approval_id
    world.sign(request.approval_id, "finance")
    world.sign(request.approval_id, "director")


def by_hand(
    world: World, *, level: str = "stop", who: str = "finance", files: tuple[NewFile, ...] = (PAGE,), reason: str = "被列为失信"
) -> SupplyHold:
    new = NewHold(HoldLevel(level), reason, files, world.at.date() + timedelta(days=7))
    return set_hold(world.lines["other_agent"].pk, new, regulation=world.regulation, by=world.who(who), at=world.at)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.code
