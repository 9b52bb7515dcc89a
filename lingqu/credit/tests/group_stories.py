"""What the tests of groups have in common: somebody proposes, the route is walked, somebody looks at the group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from lingqu.approvals.actions import Answer, decide_step
from lingqu.approvals.models import ApprovalStep
from lingqu.credit.actions import propose_group_change
from lingqu.credit.models import CreditGroup, CreditLine, GroupProposal
from lingqu.credit.rules import NewGroupChange
from lingqu.credit.states import GroupProposalKind
from lingqu.ledger.actions import join_group
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Standing
from tests.world import World


@dataclass
class GroupWalk:
    """A proposal for a group on its way, told step by step."""

    world: World
    proposal: GroupProposal

    @property
    def state(self) -> str:
        self.proposal.refresh_from_db()
        return self.proposal.state

    @property
    def approval(self) -> int:
        assert self.proposal.approval_id
        return self.proposal.approval_id

    def route(self) -> list[str]:
        return list(ApprovalStep.objects.filter(approval=self.approval).order_by("position").values_list("key", flat=True))

    def say(self, *people: str, verb: str = "approve") -> None:
        for who in people:
            self.world.sign(self.approval, who, verb, "" if verb == "approve" else "理由")

    def pass_through(self) -> None:
        """Sign every step; one that only the asker could sign is passed over by itself."""
        while self.state == "proposed":
            self.say(self.world.step_of(self.approval).key)

    def signing(self, who: str) -> Callable[[], object]:
        answer, by, at = Answer(self.world.step_of(self.approval).pk, "approve"), self.world.who(who), self.world.at
        return lambda: decide_step(self.approval, answer, by=by, at=at)


def propose_group(world: World, new: NewGroupChange, *, by: str = "finance") -> GroupWalk:
    """Propose something for a group of the publisher."""
    made = propose_group_change(world.hq.pk, new, regulation=world.regulation, by=world.who(by), at=world.at)
    return GroupWalk(world, made)


def group_of(world: World, limit: str, *members: str, name: str = "海右集团") -> CreditGroup:
    """Open a group by its route, and put members into it."""
    walk = propose_group(world, NewGroupChange(GroupProposalKind.OPEN, "同属一个集团", name=name, limit=Decimal(limit)))
    walk.pass_through()
    group = CreditGroup.objects.get(number=walk.proposal.number)
    for member in members:
        line = world.lines[member]
        with transaction.atomic():
            CreditLine.objects.filter(pk=line.pk).update(group=group)
            join_group(line.account_id, group.account_id, on=world.at.date(), at=world.at)
    return group


def standing_of_group(group: CreditGroup) -> Standing:
    """How a group stands on the ledger."""
    return standings([group.account_id])[group.account_id]
