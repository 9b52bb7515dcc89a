"""Read facts."""

from __future__ import annotations

from django.db.models import QuerySet

from lingqu.audit.models import Fact


def facts_of(subject: str, subject_id: int) -> QuerySet[Fact]:
    """Return the facts about one thing, oldest first."""
    return Fact.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
