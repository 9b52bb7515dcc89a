"""What retailers get at their agents, as objects of addresses: asked by a clerk and waiting, and set by an owner."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lingqu.credit.actions import give_terms
from lingqu.credit.models import RetailerTerms
from lingqu.credit.rules import NewTerms
from tests.promises.access_things import Thing
from tests.promises.access_world import Rich, mark


def tell_branch(world: Rich) -> Iterator[tuple[str, Thing]]:
    """Add them, and return them with the names of their addresses."""
    waiting = _give(world, "agent", "retailer", "agent_clerk")
    known = {"asker": frozenset({"agent_clerk"})}
    for route in ("terms_paper", "terms_withdraw"):
        yield route, Thing("agent>retailer", {"number": waiting.number}, "agent", "retailer", known)
    for seller, buyer in (("agent", "second_retailer"), ("other_agent", "other_retailer")):
        made = _give(world, seller, buyer, f"{seller}_owner")
        yield "terms_paper", Thing(f"{seller}>{buyer}", {"number": made.number}, seller, buyer, flags=frozenset({"shown"}))


def _give(world: Rich, seller: str, buyer: str, by: str) -> RetailerTerms:
    new = NewTerms("C", Decimal("60000.00"), 2, 45, 7_300, mark(seller))
    (made,) = give_terms([(world.lines[buyer].pk, new)], regulation=world.regulation, by=world.who(by), at=world.at)
    return made
