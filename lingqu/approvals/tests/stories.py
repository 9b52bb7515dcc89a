"""What the tests of approvals have in common: a chain of three steps, and the people who walk it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lingqu.approvals.actions import Answer, NewApproval, cast_vote, decide_step, request_approval
from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.approvals.rules import Chain, Committee, Step, Who
from lingqu.approvals.states import Ballot, StepKind, StepState
from lingqu.base.text import Text
from tests.world import World

MEETING = Committee("meeting", Text("主任办公会", "Directors' meeting"), "M-4", ("director", "deputy", "board"), "director", 60, 50)
REVIEW = Step("review", Text("审核", "Review"), Who(post="deputy"), days=2, late_to="director")
APPROVAL = Step("approval", Text("批准", "Approval"), Who(post="director"), days=3)
VOTE = Step("meeting", Text("会议通过", "Meeting"), Who(committee="meeting"), kind=StepKind.VOTE, days=10)
CHAIN = Chain("test", Text("试行流程", "A procedure"), "M-4", (REVIEW, APPROVAL, VOTE))
SHORT = Chain("short", Text("一步流程", "One step"), "M-4", (REVIEW,))


@dataclass
class Walk:
    """An approval on its way, told step by step."""

    world: World
    approval: Approval

    @property
    def state(self) -> str:
        self.approval.refresh_from_db()
        return self.approval.state

    @property
    def step(self) -> ApprovalStep:
        return ApprovalStep.objects.get(approval=self.approval, state=StepState.OPEN.value)

    def states(self) -> dict[str, str]:
        steps = ApprovalStep.objects.filter(approval=self.approval, round=self.approval.round).order_by("position")
        return {step.key: step.state for step in steps}

    def signers(self) -> set[str]:
        names = {person.pk: name for name, person in self.world.people.items()}
        return {names[place.person_id] for place in self.step.signers.filter(active=True)}

    def say(self, who: str, verb: str = "approve", reason: str = "") -> None:
        answer = Answer(self.step.pk, verb, reason or ("" if verb == "approve" else "理由"))
        decide_step(self.approval.pk, answer, by=self.world.who(who), at=self.world.at)

    def vote(self, who: str, ballot: Ballot) -> None:
        cast_vote(self.approval.pk, self.step.pk, ballot=ballot, remark="", by=self.world.who(who), at=self.world.at)


def ask(world: World, chain: Chain = CHAIN, *, by: str = "manager", amount: str = "", subject: int = 1) -> Walk:
    """Ask for an approval of the test's own document."""
    new = NewApproval(
        "test", subject, Text("试行办法", "A trial rule"), "/", world.hq.pk, "f1", amount=Decimal(amount) if amount else None
    )  # fmt: skip
    approval = request_approval(
        new, chain=chain, committees={"meeting": MEETING}, regulation="publisher/1/x", by=world.who(by), at=world.at
    )  # fmt: skip
    return Walk(world, approval)
