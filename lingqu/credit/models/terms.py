"""What a retailer gets at its agent, as a document."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lingqu.approvals.models import Approval
from lingqu.credit.models.lines import CreditLine
from lingqu.credit.states import ON_ITS_WAY, ProposalState
from lingqu.organisation.models import Person


class RetailerTerms(models.Model):
    """A document 供货条件: grade, limit, open batches, term and price of a retailer at its agent, set by the agent's owner (M-15.1).

    A clerk's proposal is one too, and waits for the owner. `*_before` is how the line stood when it was made; an empty price or term is
    that of the regulation's tables for the grade.
    """

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="terms")
    number = models.CharField(max_length=30, unique=True)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ProposalState])
    grade = models.CharField(max_length=2)
    limit = models.DecimalField(max_digits=16, decimal_places=2)
    batches = models.PositiveSmallIntegerField(help_text="greatest number of open batches")
    days = models.PositiveSmallIntegerField(help_text="days from shipping in which a batch is paid")
    discount_bp = models.PositiveIntegerField(null=True, help_text="own price in basis points of the list price; none: the table's")
    grade_before = models.CharField(max_length=2)
    limit_before = models.DecimalField(max_digits=16, decimal_places=2)
    batches_before = models.PositiveSmallIntegerField()
    days_before = models.PositiveSmallIntegerField(null=True)
    discount_bp_before = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200)
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="absent asker")
    asked_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """One on its way per line, and one in force."""

        constraints = (
            models.UniqueConstraint(fields=("line",), condition=Q(state__in=ON_ITS_WAY), name="retailerterms_one_on_its_way"),
            models.UniqueConstraint(fields=("line",), condition=Q(state="applied"), name="retailerterms_one_in_force"),
            models.CheckConstraint(condition=Q(limit__gte=0), name="retailerterms_limit_not_negative"),
        )
        indexes = (models.Index(fields=("line", "-id"), name="retailerterms_by_line"),)

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"
