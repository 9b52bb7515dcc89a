"""Statements of account as they were issued, and what the partner says to them."""

from __future__ import annotations

from django.db import models

from lingqu.credit.models import CreditLine
from lingqu.organisation.models import Person
from lingqu.settlement.states import DisputeKind, StatementState


class Statement(models.Model):
    """A document 对账单: what a partner owed in a month, frozen as it was issued. `content` is canonical JSON, hashed."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="statements")
    number = models.CharField(max_length=30, unique=True)
    month = models.DateField(help_text="its first day")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    closing = models.DecimalField(max_digits=16, decimal_places=2, help_text="owed at the end of the month, yuan; negative: paid ahead")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in StatementState])
    regulation = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: by itself on its day")
    reply_until = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """One per partner and month."""

        constraints = (models.UniqueConstraint(fields=("line", "month"), name="statement_once"),)
        indexes = (models.Index(fields=("state", "reply_until"), name="statement_waiting"),)

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class StatementDispute(models.Model):
    """A line of a statement to which the partner objects, and what the seller answered."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="disputes")
    place = models.CharField(max_length=40, help_text="key of the line in the statement; empty for the whole")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in DisputeKind])
    text = models.CharField(max_length=400)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=400, blank=True, default="")
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return place and kind."""
        return f"{self.place}: {self.kind}"
