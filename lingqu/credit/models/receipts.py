"""Money received."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lingqu.credit.models.lines import CreditLine
from lingqu.credit.states import ReceiptState
from lingqu.organisation.models import Person


class Receipt(models.Model):
    """A document: money came in from a partner."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=64, help_text="made by the sender before sending: the same key is the same receipt")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    received_on = models.DateField()
    payer = models.CharField(max_length=120, blank=True, default="")
    bank_reference = models.CharField(max_length=60, blank=True, default="")
    unapplied = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="what went to no batch when it came, yuan")
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in ReceiptState], default=ReceiptState.ENTERED.value
    )
    reversed_on = models.DateField(null=True)
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reverse_reason = models.CharField(max_length=200, blank=True, default="")
    opening = models.BooleanField(default=False, help_text="taken over from the books before")
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        """A key is used once per line; an amount is more than nothing."""

        constraints = (
            models.UniqueConstraint(fields=("line", "key"), name="receipt_key_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_of_something"),
        )
        indexes = (
            models.Index(fields=("line", "-id"), name="receipt_of_line"),
            models.Index(fields=("line", "-id"), condition=Q(reversed_at__isnull=False), name="receipt_reversed"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number
