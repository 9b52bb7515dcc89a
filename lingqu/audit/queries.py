"""Read facts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from lingqu.audit.models import Fact


def facts_of(subject: str, subject_id: int) -> QuerySet[Fact]:
    """Return the facts about one thing, oldest first."""
    return Fact.objects.filter(subject=subject, subject_id=subject_id).order_by("id")


def changed_since(subject: str, since: datetime, *, column: str = "pk", verbs: tuple[str, ...] = ()) -> Exists:
    """Return the condition that anything was done with a thing since a moment; `column` is that of its id, `verbs` name what counts."""
    found = Fact.objects.filter(subject=subject, subject_id=OuterRef(column), at__gte=since)
    return Exists(found.filter(verb__in=verbs) if verbs else found)
