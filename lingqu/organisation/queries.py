"""Who holds which post, who stands in, and where a firm stands in the tree."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import msgspec
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet

from lingqu.base.database import rows
from lingqu.organisation.models import Firm, FirmPath, Person, SignIn
from lingqu.organisation.states import PostCode


class Acting(msgspec.Struct, frozen=True):
    """A person with what they may act as on a day: `posts` are pairs of post and firm id, own and delegated."""

    person: int
    name: str
    firm: int
    firm_kind: str
    posts: frozenset[tuple[PostCode, int]]

    def holds(self, post: PostCode, firm: int) -> bool:
        """Return whether the person acts in the post at the firm."""
        return (post, firm) in self.posts

    def holds_any(self, posts: tuple[PostCode, ...], firm: int) -> bool:
        """Return whether the person acts in one of the posts at the firm."""
        return any((post, firm) in self.posts for post in posts)


_POSTS = """
SELECT post_id, firm_id FROM organisation_postholding WHERE person_id = %s AND period @> %s::date
UNION
SELECT held.post_id, held.firm_id
  FROM organisation_delegation lent
  JOIN organisation_postholding held ON held.person_id = lent.absent_id AND held.post_id = lent.post_id AND held.period @> %s::date
 WHERE lent.stand_in_id = %s AND lent.period @> %s::date
"""


def acting(person: Person, *, on: date) -> Acting:
    """Return what the person may act as on the day: posts held, and posts of absent people for whom they stand in.

    One statement, asked by every page; the person's firm should be loaded already.
    """
    held = rows(_POSTS, (person.pk, on, on, person.pk, on))
    posts = frozenset((PostCode(row.post_id), row.firm_id) for row in held)
    return Acting(person=person.pk, name=person.name, firm=person.firm_id, firm_kind=person.firm.kind, posts=posts)


def _columns(model: type[Model], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column} AS {alias}_{field.column}" for field in model._meta.concrete_fields)


_SIGN_IN = f"""
SELECT {_columns(SignIn, "s")}, {_columns(Person, "p")}, {_columns(Firm, "f")}
  FROM organisation_signin s JOIN organisation_person p ON p.id = s.person_id JOIN organisation_firm f ON f.id = p.firm_id
 WHERE s.id = %s AND s.is_active
"""  # noqa: S608 - made of the names of our own columns


def active_sign_in(sign_in_id: int) -> SignIn | None:
    """Return an active sign-in with its person and firm, None when there is none. One statement, asked by every page."""
    found = rows(_SIGN_IN, (sign_in_id,))
    if not found:
        return None
    made: list[Any] = []
    left = list(found[0])
    for model in (SignIn, Person, Firm):
        names = [field.attname for field in model._meta.concrete_fields]
        made.append(model.from_db(DEFAULT_DB_ALIAS, names, left[: len(names)]))
        del left[: len(names)]
    sign_in, person, firm = made
    sign_in.person, person.firm = person, firm
    return cast("SignIn", sign_in)


def branch(firm: int) -> QuerySet[Firm]:
    """Return the firm and everybody below it."""
    return Firm.objects.filter(paths_up__ancestor_id=firm)


def ancestors(firm: int) -> QuerySet[FirmPath]:
    """Return the paths from the firm upwards, itself first."""
    return FirmPath.objects.filter(descendant_id=firm).select_related("ancestor").order_by("depth")
