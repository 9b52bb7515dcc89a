"""One row per deed. Plain values and no foreign keys: a fact outlives what it tells of."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Fact(models.Model):
    """Who did what to which thing, when, for whom, under which version of the regulation. Append-only by grants."""

    at = models.DateTimeField()
    person = models.BigIntegerField(null=True, help_text="Person.id of who did it; empty for a job of the system")
    on_behalf_of = models.BigIntegerField(null=True, help_text="Person.id of the absent person under a delegation")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=40, help_text="kind of thing, such as order")
    subject_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    regulation = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        """Read by subject; what is new is found by its time, for which blocks of neighbours are enough: facts are only added."""

        indexes = (
            models.Index(fields=("subject", "subject_id"), name="audit_fact_subject"),
            BrinIndex(fields=("at",), name="audit_fact_at", pages_per_range=32, autosummarize=True),
        )

    def __str__(self) -> str:
        """Return the deed in a few words."""
        return f"{self.verb} {self.subject} {self.subject_id}"
