"""Keep filters of the credit desk under a name, and throw them away: everybody their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import may_see_desk
from lingqu.credit.models import DeskView
from lingqu.credit.queries import MOST_VIEWS
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting

LONGEST_NAME = 30


@transaction.atomic
def keep_view(firm: int, name: str, query: str, *, by: Acting, at: datetime) -> DeskView:
    """Keep a query of the firm's credit desk under a name, for this person alone, and return it; one of this name is replaced.

    Refuses who may not look at the desk, an empty name or more than 30 characters, and more than 20 views.
    """
    if not may_see_desk(by, firm):
        raise forbidden(Text("您不能查看这个信用台。", "This credit desk is not yours to see."))
    plain = " ".join(name.replace("\x00", "").split())
    if not 0 < len(plain) <= LONGEST_NAME:
        raise bad_input("name", Text(f"请填写视图名称，最多 {LONGEST_NAME} 字。", f"Enter a name, {LONGEST_NAME} characters at most."))
    Person.objects.select_for_update(no_key=True).get(pk=by.person)
    own = DeskView.objects.filter(person_id=by.person, firm_id=firm)
    if own.exclude(name=plain).count() >= MOST_VIEWS:
        raise Refusal(
            "too_many", Text(f"最多保存 {MOST_VIEWS} 个视图，请先删除一个。", f"At most {MOST_VIEWS} views; throw one away first.")
        )
    values = {"query": query[:300], "kept_at": at}
    return DeskView.objects.update_or_create(person_id=by.person, firm_id=firm, name=plain, defaults=values)[0]


@transaction.atomic
def drop_view(view: int, *, by: Acting) -> str:
    """Throw a kept view away and return its name; refuses (404) another person's."""
    found = DeskView.objects.select_for_update().filter(pk=view, person_id=by.person).first()
    if found is None:
        raise not_found()
    found.delete()
    return found.name
