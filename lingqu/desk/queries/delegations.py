"""Who stands in for whom at a firm, and who could."""

from __future__ import annotations

from datetime import date

import msgspec
from django.db.models import Q, QuerySet

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.organisation.models import Delegation, Person, PostHolding

PAST_SHOWN = 30
STANDING_SHOWN = 200
MOST_PEOPLE = 500


class Held(msgspec.Struct, frozen=True):
    """A post that somebody of the firm holds today."""

    person: int
    name: str
    post: str


def standing_delegations(firm: int, *, on: date) -> list[Delegation]:
    """Return the delegations of the firm's people that run or are to come, the one that ends first on top; at most 200."""
    return list(_of_firm(firm).filter(period__endswith__gt=on).order_by("period", "id")[:STANDING_SHOWN])


def past_delegations(firm: int, *, on: date) -> list[Delegation]:
    """Return the newest 30 delegations of the firm's people that are over or were called off."""
    over = Q(period__endswith__lte=on) | Q(period__isempty=True)
    return list(_of_firm(firm).filter(over).order_by("-id")[:PAST_SHOWN])


def _of_firm(firm: int) -> QuerySet[Delegation]:
    return Delegation.objects.filter(absent__firm=firm).select_related("absent", "stand_in")


def posts_held(firm: int, *, on: date) -> list[Held]:
    """Return the posts that the firm's people hold at it today, by name; at most 500."""
    held = PostHolding.objects.filter(firm=firm, person__firm=firm, period__contains=on).select_related("person")
    return [
        Held(one.person_id, one.person.name, one.post_id) for one in held.order_by("person__pinyin", "person_id", "post_id")[:MOST_PEOPLE]
    ]


def person_of_firm(firm: int, person: int | None, field: str) -> Person:
    """Return a person of the firm by id; refuses anybody else, naming the field."""
    found = Person.objects.filter(pk=person, firm=firm).first() if person else None
    if found is None:
        raise bad_input(field, Text("请选择本单位的一位人员。", "Choose somebody of your firm."))
    return found
