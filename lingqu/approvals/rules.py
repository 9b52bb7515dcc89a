"""Chains as plain values: who decides in which order, and the pure rules of a vote. The kernel knows people and firms, but no trade."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from lingqu.approvals.states import StepKind
from lingqu.base.text import Text


class Who(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who decides a step; exactly one of the three is set.

    `post`: the holders of a post at the firm that decides. `relation`: a relation that a module registered, such as `representative_of`
    the firm that the document is about. `committee`: the members of a committee of the regulation.
    """

    post: str = ""
    relation: str = ""
    committee: str = ""


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step: who decides, from which amount in yuan on it is needed, and how long it may take.

    `over`: the step is needed only above this amount (None: always). `enough_up_to`: up to this amount its yes is the last word
    (None: never by amount). `days` and `working_days` are its clock (0: none); when it is late, the holders of the post `late_to` may
    decide it as well.
    `next` names the step that follows ("": the next in the list; "end": none).
    """

    key: str
    title: Text
    who: Who
    kind: StepKind = StepKind.SIGN
    over: Decimal | None = None
    enough_up_to: Decimal | None = None
    days: int = 0
    working_days: bool = True
    late_to: str = ""
    next: str = ""


class Committee(msgspec.Struct, frozen=True, omit_defaults=True):
    """A body that votes: the posts whose holders are members, the post that leads it, and its quorum and majority in percent.

    A vote counts when at least `quorum` percent of the members took part (rounded up); it passes with more than `majority` percent yes of
    the votes given, abstentions counted as given.
    """

    key: str
    title: Text
    clause: str
    members: tuple[str, ...]
    head: str
    quorum: int = 50
    majority: int = 50


class Chain(msgspec.Struct, frozen=True):
    """A procedure of the regulation: its clause and its steps in order."""

    key: str
    title: Text
    clause: str
    steps: tuple[Step, ...]


class VoteCount(msgspec.Struct, frozen=True):
    """How a vote stands: members who may vote, votes of each kind, how many must take part, and how many yes it takes to pass."""

    members: int
    yes: int
    no: int
    abstain: int
    needed: int

    @property
    def taken_part(self) -> int:
        """Return how many votes were given."""
        return self.yes + self.no + self.abstain

    @property
    def has_quorum(self) -> bool:
        """Return whether enough members took part."""
        return self.taken_part >= self.needed


def route_of(chain: Chain, amount: Decimal | None) -> tuple[Step, ...]:
    """Return the steps that a document of this amount takes, in order.

    Steps that are needed only above a greater amount are left out; the first step whose yes is enough for the amount is the last. Without
    an amount every step is needed. Raises ValueError for a chain that goes round in circles: a checked regulation has none.
    """
    by_key = {step.key: place for place, step in enumerate(chain.steps)}
    taken: list[Step] = []
    seen: set[int] = set()
    place = 0
    while place < len(chain.steps):
        if place in seen:
            message = f"chain {chain.key} comes back to {chain.steps[place].key}"
            raise ValueError(message)
        seen.add(place)
        step = chain.steps[place]
        if amount is None or step.over is None or amount > step.over:
            taken.append(step)
            if amount is not None and step.enough_up_to is not None and amount <= step.enough_up_to:
                break
        if step.next == "end":
            break
        place = by_key[step.next] if step.next else place + 1
    return tuple(taken)


def count_votes(committee: Committee, ballots: Sequence[str]) -> VoteCount:
    """Return how the vote stands; `ballots` has one entry per member who may vote, empty where they have not voted yet."""
    members = len(ballots)
    needed = max(1, -(-members * committee.quorum // 100))
    return VoteCount(members, ballots.count("yes"), ballots.count("no"), ballots.count("abstain"), needed)


def vote_passes(committee: Committee, count: VoteCount) -> bool:
    """Return whether the vote passes: more than the majority of the votes given are yes. Without a quorum nothing passes."""
    return count.has_quorum and count.yes * 100 > committee.majority * count.taken_part
