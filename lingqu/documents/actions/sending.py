"""What a form asks for is done once: doing it and noting that it was done are one transaction (docs/decisions/0032)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from lingqu.base.database import rows, run
from lingqu.documents.models import SentForm

FORMS_KEPT = timedelta(days=7)
ALIKE = timedelta(minutes=10)
"""An equal form that makes a document within this time is asked about before it makes a second one."""

MOST_FORGOTTEN = 10_000


class Form(msgspec.Struct, frozen=True):
    """A form as it came: whose, its key, the SHA-256 of what it asks, and whether an equal form with another key counts too (`alike`)."""

    person: int
    key: str
    asked: str
    alike: bool = False


class Before(msgspec.Struct, frozen=True):
    """What was done already: where it led, when, and whether it was the same form (`key`) asking the same (`asked`)."""

    leads_to: str
    at: datetime
    same_form: bool
    same_asked: bool


@transaction.atomic
def send_once(form: Form, do: Callable[[], str], *, at: datetime) -> Before | None:
    """Do what a form asks for and note where it led, or return what was done before; then nothing is done.

    `do` returns an address, empty when nothing came of it: the form may come again. The same key at the same moment waits for the first.
    """
    if form.alike:
        run(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s)) AS form, pg_advisory_xact_lock(hashtextextended(%s, %s)) AS alike",
            (form.key, form.person, form.asked, form.person),
        )
    else:
        run("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (form.key, form.person))
    before = _before(form, at)
    if before is None and (leads_to := do()):
        SentForm.objects.create(person_id=form.person, key=form.key, asked=form.asked, leads_to=leads_to[:2_000], at=at)
    return before


def _before(form: Form, at: datetime) -> Before | None:
    found = rows(
        """
        SELECT leads_to, at, TRUE AS same_form, asked = %s AS same_asked FROM documents_sentform WHERE person_id = %s AND key = %s
         UNION ALL
        SELECT leads_to, at, FALSE, TRUE FROM documents_sentform WHERE %s AND person_id = %s AND asked = %s AND at > %s AND key <> %s
         ORDER BY same_form DESC, at DESC LIMIT 1
        """,
        (form.asked, form.person, form.key, form.alike, form.person, form.asked, at - ALIKE, form.key),
    )
    return Before(found[0].leads_to, found[0].at, found[0].same_form, found[0].same_asked) if found else None


@transaction.atomic
def forget_forms(*, at: datetime) -> int:
    """Delete up to 10,000 notes of forms that were sent seven days ago; return how many. Called by a job until nothing is left."""
    old = SentForm.objects.filter(at__lt=at - FORMS_KEPT).order_by("at").values("pk")[:MOST_FORGOTTEN]
    return SentForm.objects.filter(pk__in=old).delete()[0]
