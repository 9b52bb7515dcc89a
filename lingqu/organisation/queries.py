"""Who holds which post, who stands in, and where a firm stands in the tree."""

from __future__ import annotations

from datetime import date

import msgspec
from django.db.models import F, QuerySet

from lingqu.organisation.models import Delegation, Firm, FirmPath, Person, PostHolding
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


def acting(person: Person, *, on: date) -> Acting:
    """Return what the person may act as on the day: posts held, and posts of absent people for whom they stand in.

    Two queries; the person's firm should be loaded already.
    """
    own = PostHolding.objects.filter(person_id=person.pk, period__contains=on).values_list("post_id", "firm_id")
    lent = (
        Delegation.objects.filter(stand_in_id=person.pk, period__contains=on, absent__holdings__period__contains=on)
        .filter(absent__holdings__post_id=F("post_id"))
        .values_list("post_id", "absent__holdings__firm_id")
    )
    posts = frozenset((PostCode(post), firm) for post, firm in own.union(lent))
    return Acting(person=person.pk, name=person.name, firm=person.firm_id, firm_kind=person.firm.kind, posts=posts)


def branch(firm: int) -> QuerySet[Firm]:
    """Return the firm and everybody below it."""
    return Firm.objects.filter(paths_up__ancestor_id=firm)


def ancestors(firm: int) -> QuerySet[FirmPath]:
    """Return the paths from the firm upwards, itself first."""
    return FirmPath.objects.filter(descendant_id=firm).select_related("ancestor").order_by("depth")
