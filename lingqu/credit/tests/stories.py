"""What the tests of proposals have in common: somebody proposes, somebody answers, somebody looks at the limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lingqu.approvals.actions import Answer, cast_vote, close_vote, decide_step
from lingqu.approvals.models import ApprovalStep
from lingqu.approvals.states import Ballot, StepState
from lingqu.credit.actions import propose_credit_change
from lingqu.credit.models import CreditProposal
from lingqu.credit.rules import NewProposal
from lingqu.credit.states import ProposalKind
from lingqu.ledger.queries import standings
from tests.world import World


@dataclass
class Walk:
    """A proposal on its way, told step by step."""

    world: World
    proposal: CreditProposal

    @property
    def state(self) -> str:
        self.proposal.refresh_from_db()
        return self.proposal.state

    @property
    def approval(self) -> int:
        assert self.proposal.approval_id
        return self.proposal.approval_id

    @property
    def step(self) -> ApprovalStep:
        return ApprovalStep.objects.get(approval=self.approval, state=StepState.OPEN.value)

    def route(self) -> dict[str, str]:
        steps = ApprovalStep.objects.filter(approval=self.approval, round=self.proposal.approval.round)  # type: ignore[union-attr]
        return {step.key: step.state for step in steps.order_by("position")}

    def say(self, *people: str, verb: str = "approve", reason: str = "") -> None:
        for who in people:
            answer = Answer(self.step.pk, verb, reason or ("" if verb == "approve" else "理由"))
            decide_step(self.approval, answer, by=self.world.who(who), at=self.world.at)

    def meet(self, *yes: str) -> None:
        for who in yes:
            cast_vote(self.approval, self.step.pk, ballot=Ballot.YES, remark="", by=self.world.who(who), at=self.world.at)
        close_vote(self.approval, self.step.pk, minutes="会议纪要", by=self.world.who("director"), at=self.world.at)


def propose(
    world: World, limit: str = "360000.00", *, by: str = "representative", buyer: str = "agent", until: date | None = None, grade: str = "",
    reason: str = "旺季备货",
) -> Walk:  # fmt: skip
    """Propose a limit, for good or until a day, or a grade."""
    kind = ProposalKind.GRADE if grade else ProposalKind.TEMPORARY if until else ProposalKind.LIMIT
    new = NewProposal(kind, reason, None if grade else Decimal(limit), grade, until)
    return Walk(world, propose_credit_change(world.lines[buyer].pk, new, regulation=world.regulation, by=world.who(by), at=world.at))


def limit_of(world: World, buyer: str = "agent") -> Decimal:
    """The limit of a line on the ledger."""
    account = world.lines[buyer].account_id
    return standings([account])[account].limit


def days_later(world: World, days: int) -> None:
    """Let days pass in the story."""
    world.at += timedelta(days=days)
