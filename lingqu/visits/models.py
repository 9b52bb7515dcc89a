"""Visits to partners, with what came of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lingqu.approvals.models import Approval
from lingqu.organisation.models import Firm, Person
from lingqu.visits.states import Also, VisitState


class Visit(models.Model):
    """A document 走访 (series ZF): somebody of the seller goes to see a partner; its record is confirmed by the appraiser (M-15.1)."""

    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=64, help_text="made by the sender before sending: the same key is the same visit")
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="visits", db_index=False)
    planned_on = models.DateField()
    purpose = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in VisitState])
    visited_on = models.DateField(null=True)
    met = models.CharField(max_length=200, blank=True, default="", help_text="whom one met")
    found = models.CharField(max_length=2_000, blank=True, default="")
    agreed = models.CharField(max_length=2_000, blank=True, default="")
    also = ArrayField(models.CharField(max_length=20, choices=[(one.value, one.value) for one in Also]), default=list)
    again_on = models.DateField(null=True)
    regulation = models.CharField(max_length=60, blank=True, default="")
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """A key is used once per person. Lists are read by seller and by partner."""

        constraints = (
            models.UniqueConstraint(fields=("asked_by", "key"), name="visit_key_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=("planned", "cancelled")) | models.Q(visited_on__isnull=False), name="visit_recorded_has_day"
            ),
        )
        indexes = (
            models.Index(fields=("seller", "-id"), name="visit_of_seller"),
            models.Index(fields=("partner", "visited_on"), name="visit_of_partner"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number
