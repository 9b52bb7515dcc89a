"""The route that a proposal would take, with the names of those who would sign, before anything is sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.approvals.rules import Chain, Who, route_of
from lingqu.approvals.states import StepKind
from lingqu.base.text import Text
from lingqu.credit.access import Asker
from lingqu.credit.models import CreditLine
from lingqu.organisation.models import Person
from lingqu.organisation.queries import holders, related, stand_ins
from lingqu.policy.rules import Regulation

Held = list[tuple[int, str]]


class PlannedStep(msgspec.Struct, frozen=True):
    """One step to come: its title, who would sign today, who stands in for them, and how many days it may take (0: no clock).

    `votes`: a committee votes. `passed_over`: only the asker could sign it. A step that nobody could sign waits for an appointment.
    """

    title: Text
    names: tuple[str, ...]
    stand_ins: tuple[str, ...]
    days: int
    working_days: bool
    votes: bool
    passed_over: bool


def planned_route(
    line: CreditLine, chain: Chain, *, amount: Decimal | None, regulation: Regulation, asker: Asker, on: date,
    also: Collection[int] = (),
) -> list[PlannedStep]:  # fmt: skip
    """Return the steps that a proposal for the line would take, by the same rules by which approvals are routed.

    `also` are people who wrote it with the asker: none of them decides either.
    """
    steps = route_of(chain, amount)
    asking = {asker.person, asker.absent, *also}
    found = [_people(step.who, line, regulation, on) for step in steps]
    others = [[(person, post) for person, post in held if person not in asking] for held in found]
    lent = [[person for person in stand_ins(held, on=on) if person not in asking] if held else [] for held in others]
    names = _names_of({person for held in others for person, _ in held} | {person for people in lent for person in people})
    return [
        PlannedStep(
            step.title, tuple(names[person] for person, _ in held), tuple(names[person] for person in people), step.days,
            step.working_days, step.kind is StepKind.VOTE, bool(every and not held),
        )
        for step, every, held, people in zip(steps, found, others, lent, strict=True)
    ]  # fmt: skip


def _people(who: Who, line: CreditLine, regulation: Regulation, on: date) -> Held:
    if who.committee:
        held = holders(regulation.committees[who.committee].members, line.seller_id, on=on)
        return list({person: (person, post) for person, post in reversed(held)}.values())
    if who.relation:
        people = related(who.relation, about=line.buyer_id, firm=line.seller_id, on=on)
        return [(person, "representative") for person in people]
    return holders((who.post,), line.seller_id, on=on)


def _names_of(people: set[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
