"""Batches as money owed, and what makes them less: credits, write-offs, and money applied."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lingqu.approvals.models import Approval
from lingqu.credit.models.lines import CreditLine
from lingqu.credit.models.receipts import Receipt
from lingqu.credit.states import ApplicationKind, CreditCause, ProposalState
from lingqu.organisation.models import Person


class Batch(models.Model):
    """An accepted purchase request as money owed (gap G-01). Always shown with the number and the date of its request."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="batches", db_index=False)
    number = models.PositiveIntegerField(help_text="1, 2, 3 … at this partner, by acceptance")
    request = models.CharField(max_length=30, help_text="number of the purchase request")
    document_id = models.BigIntegerField(null=True, unique=True, help_text="id of the purchase request; none where it was taken over")
    opened_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=2, help_text="net value in yuan")
    applied = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="receipts, credits and write-offs in yuan")
    counted = models.PositiveSmallIntegerField(default=1, help_text="1 when it takes one of the open batches, 0 when prepaid")
    shipped_on = models.DateField(null=True)
    triggered_on = models.DateField(null=True, help_text="day on which a later batch was accepted that makes this one due")
    triggered_due_on = models.DateField(null=True)
    backstop_due_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    disputed_on = models.DateField(null=True, help_text="day on which it was first disputed")
    disputed_until = models.DateField(null=True, help_text="up to this day finance leaves it out of what is overdue")
    dispute = models.CharField(max_length=200, blank=True, default="", help_text="what the partner objects to")

    class Meta:
        """Numbered without gaps per line; never more applied than it is worth."""

        constraints = (
            models.UniqueConstraint(fields=("line", "number"), name="batch_number_once"),
            models.CheckConstraint(condition=Q(applied__gte=0, applied__lte=F("value")), name="batch_applied_within_value"),
        )
        indexes = (
            models.Index(fields=("line", "number"), condition=Q(settled_on__isnull=True), name="batch_open"),
            models.Index(fields=("line", "-settled_on"), condition=Q(settled_on__isnull=False), name="batch_settled"),
        )

    def __str__(self) -> str:
        """Return the number at the partner."""
        return f"{self.request} ({self.number})"


class BatchCredit(models.Model):
    """A document 贷项: part of a batch is not owed, for goods that were cancelled, closed, sent back, missing or priced too high.

    Without a batch it is for goods that no request explains: all of it is money that waits.
    """

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="credits")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="credits")
    number = models.CharField(max_length=30, unique=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    unapplied = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="what was more than owed, kept as money, yuan")
    lowered = models.DecimalField(
        max_digits=16, decimal_places=2, default=0, db_default=0, help_text="what took the place of earlier write-offs of the batch, yuan"
    )  # fmt: skip
    cause = models.CharField(max_length=12, choices=[(cause.value, cause.value) for cause in CreditCause])
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    on = models.DateField()
    regulation = models.CharField(max_length=60)

    class Meta:
        """A credit is of something; all of one without a batch waits."""

        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="batchcredit_of_something"),
            models.CheckConstraint(condition=Q(batch__isnull=False) | Q(unapplied=F("amount")), name="batchcredit_waits_without_batch"),
            models.CheckConstraint(
                condition=Q(lowered__gte=0, lowered__lte=F("amount") - F("unapplied")), name="batchcredit_lowers_what_it_applies"
            ),
        )

    def __str__(self) -> str:
        """Return number and amount."""
        return f"{self.number} {self.amount}"


class WriteOff(models.Model):
    """A document 核销差额: what is left of a batch is given up; beyond the free amount a chain decides (M-16.3.3.1)."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="write_offs")
    number = models.CharField(max_length=30, unique=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ProposalState])
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """One on its way per batch."""

        constraints = (
            models.UniqueConstraint(fields=("batch",), condition=Q(state__in=("proposed", "sent_back")), name="writeoff_one_on_its_way"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="writeoff_of_something"),
        )

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"


class Application(models.Model):
    """Part of a receipt, of money that waited, of a credit or of a write-off, applied to a batch. Taking it back is a row below nothing."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="applications")
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="applications")
    credit = models.ForeignKey(BatchCredit, null=True, on_delete=models.PROTECT, related_name="applications")
    write_off = models.ForeignKey(WriteOff, null=True, on_delete=models.PROTECT, related_name="applications")
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ApplicationKind])
    on = models.DateField()
    at = models.DateTimeField(null=True, help_text="when it was applied; none for what was applied before this was kept")

    class Meta:
        """Only what takes an application back lies below nothing."""

        constraints = (
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0), name="application_sign"
            ),
        )

    def __str__(self) -> str:
        """Return batch and amount."""
        return f"{self.batch_id}: {self.amount}"
