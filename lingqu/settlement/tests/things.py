"""Statements in every state, for the suite of all document types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from lingqu.settlement.actions import agree_statement, answer_dispute, dispute_statement, issue_statement
from lingqu.settlement.models import Statement
from lingqu.settlement.rules import read_canonical
from tests.documents import Things
from tests.world import World

DECEMBER = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)


def issued(world: World) -> Statement:
    """Return November of the agent, issued in December."""
    world.accept(world.submit("agent", {0: 10}))
    return _issue(world, "agent", date(2026, 11, 1))


def one_more(world: World) -> Statement:
    """Return the next month of the next partner, from February on."""
    months = ((buyer, date(2026, month, 1)) for month in range(2, 12) for buyer in ("agent", "other_agent", "cash_agent"))
    return _issue(world, *next(one for one in months if not _of(world, *one).exists()))


def _of(world: World, buyer: str, month: date) -> QuerySet[Statement]:
    return Statement.objects.filter(line=world.lines[buyer], month=month)


def _issue(world: World, buyer: str, month: date) -> Statement:
    world.at = DECEMBER
    return issue_statement(world.lines[buyer].pk, month, regulation=world.regulation, by=world.who("finance"), at=world.at)


def agreed(world: World) -> Statement:
    """Return one to which the partner agreed."""
    made = issued(world)
    agree_statement(made.pk, by=world.who("agent_owner"), at=world.at)
    made.refresh_from_db()
    return made


def disputed(world: World) -> Statement:
    """Return one to which the partner objected, and that was answered."""
    made = issued(world)
    found = dispute_statement(made.pk, _place(made), kind="price", text="折扣不对", by=world.who("agent_owner"), at=world.at)
    answer_dispute(found.pk, answer="按合同", by=world.who("finance"), at=world.at)
    made.refresh_from_db()
    return made


def _place(statement: Statement) -> str:
    return read_canonical(statement.content).lines[0].place


def _month(world: World, statement: Statement) -> Mapping[str, Any]:
    return {"month": f"{statement.month:%Y-%m}"}


def _dispute(world: World, statement: Statement) -> Mapping[str, Any]:
    return {**_month(world, statement), "place": _place(statement), "kind": "price", "text": "册数不对"}


THINGS = {
    "statement": Things(
        states={"issued": issued, "agreed": agreed, "disputed": disputed}, starts="issued",
        does={"agree": "agent_owner", "dispute": "agent_owner"}, sends={"agree": _month, "dispute": _dispute}, sees=("finance",),
        many=one_more,
        strangers=("other_agent_owner", "retailer_owner"), listed=lambda statement: statement.line.buyer.name,
        filters=lambda statement: {"month": f"{statement.month:%Y-%m}"}, said=("折扣不对", "按合同", "PDF", "Excel"),
    )
}  # fmt: skip
