"""Who is responsible: the holders of a post and their stand-ins, and who stands in a relation to a firm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

import msgspec

from lingqu.base.database import rows
from lingqu.duties.access import POSTS, Reach
from lingqu.duties.models import Duty
from lingqu.organisation.models import Delegation
from lingqu.organisation.queries import Acting

PeopleOf = Callable[[int, int, date], Collection[int]]
FirmsOf = Callable[[int, int, date], Collection[int]]
SUFFIX = "_of"


class Relation(msgspec.Struct, frozen=True):
    """Both ways of one relation: who stands in it to a firm, and to which firms a person does."""

    people: PeopleOf
    firms: FirmsOf


_relations: dict[str, Relation] = {}

_HOLDERS = """
WITH wanted AS (SELECT * FROM unnest(%s::text[], %s::bigint[]) AS pair(post, firm))
SELECT held.post_id AS post, held.firm_id AS firm, held.person_id AS person
  FROM organisation_postholding held JOIN wanted ON wanted.post = held.post_id AND wanted.firm = held.firm_id
 WHERE held.period @> %s::date
UNION
SELECT held.post_id, held.firm_id, lent.stand_in_id
  FROM organisation_postholding held JOIN wanted ON wanted.post = held.post_id AND wanted.firm = held.firm_id
  JOIN organisation_person absent ON absent.id = held.person_id AND absent.firm_id = held.firm_id
  JOIN organisation_delegation lent ON lent.absent_id = absent.id AND lent.post_id = held.post_id AND lent.period @> %s::date
 WHERE held.period @> %s::date
"""


def register_relation(name: str, people: PeopleOf, *, firms: FirmsOf) -> None:
    """Say who stands in a relation such as `representative_of`; set in the wiring.

    `people(about_firm, decider_firm, on)` returns Person ids at the decider; `firms(person, decider_firm, on)` the firms to which a
    person of the decider stands in it.
    """
    _relations[name] = Relation(people, firms)


def people_of_relation(name: str, *, about: int, decider: int, on: date) -> frozenset[int]:
    """Return who stands in the relation to the firm on the day, and who stands in for them; nobody for an unknown relation."""
    relation = _relations.get(name)
    if relation is None:
        return frozenset()
    people = frozenset(relation.people(about, decider, on))
    if not people:
        return people
    lent = Delegation.objects.filter(absent_id__in=people, post_id=name.removesuffix(SUFFIX), period__contains=on)
    return people | frozenset(lent.values_list("stand_in_id", flat=True))


def reach(who: Acting, *, on: date) -> Reach:
    """Return the person with the firms to which they stand in a relation that duties may name, own and delegated."""
    if not _relations:
        return Reach(who)
    given = Delegation.objects.filter(stand_in_id=who.person, period__contains=on).values_list("post_id", "absent_id")
    absent = {(f"{post}{SUFFIX}", person) for post, person in given}
    firms: dict[str, frozenset[int]] = {}
    lent: dict[tuple[str, int], int] = {}
    for name, relation in _relations.items():
        own = frozenset(relation.firms(who.person, who.firm, on))
        for person in sorted(person for named, person in absent if named == name):
            lent |= {(name, firm): person for firm in relation.firms(person, who.firm, on) if firm not in own}
        firms[name] = own | {firm for named, firm in lent if named == name}
    return Reach(who, firms, lent)


def holders(wanted: Iterable[tuple[str, int]], *, on: date) -> dict[tuple[str, int], frozenset[int]]:
    """Return the Person ids that act in each post at each firm on the day, stand-ins included. One statement."""
    pairs = sorted(set(wanted))
    found: dict[tuple[str, int], frozenset[int]] = dict.fromkeys(pairs, frozenset())
    for row in rows(_HOLDERS, ([post for post, _ in pairs], [firm for _, firm in pairs], on, on, on)) if pairs else ():
        found[row.post, row.firm] |= {row.person}
    return found


def responsible_people(duties: Collection[Duty], *, on: date) -> dict[int, frozenset[int]]:
    """Return per duty id who must fulfil it on the day: one statement for posts, one or two more for each firm of a relation."""
    by_post = holders([(duty.responsible, duty.owed_by_id) for duty in duties if duty.responsible in POSTS], on=on)
    known: dict[tuple[str, int, int], frozenset[int]] = {}
    found = {}
    for duty in duties:
        if duty.responsible in POSTS:
            found[duty.pk] = by_post[duty.responsible, duty.owed_by_id]
            continue
        key = (duty.responsible, duty.firm_id, duty.owed_by_id)
        if key not in known:
            known[key] = people_of_relation(duty.responsible, about=duty.firm_id, decider=duty.owed_by_id, on=on)
        found[duty.pk] = known[key]
    return found
