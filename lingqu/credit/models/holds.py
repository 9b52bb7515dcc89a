"""Supply control: the hold on a line, what is asked about it, and what was done to collect the money (M-19.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lingqu.approvals.models import Approval
from lingqu.credit.models.lines import CreditLine
from lingqu.credit.states import CollectionKind, HoldCause, HoldLevel, HoldRequestKind, HoldState, ProposalState
from lingqu.organisation.models import Person


class SupplyHold(models.Model):
    """A document 供货控制: shipping to a partner is delayed, or its supply stopped, until the cause is gone or somebody decides so."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="holds")
    number = models.CharField(max_length=30, unique=True)
    cause = models.CharField(max_length=10, choices=[(cause.value, cause.value) for cause in HoldCause])
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in HoldLevel])
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in HoldState])
    reason = models.CharField(max_length=400)
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="overdue when it was set or last looked at, yuan")
    oldest_due_on = models.DateField(null=True, help_text="due day of the oldest overdue batch when it was last looked at")
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="whose it is to settle")
    deadline = models.DateField(help_text="by when the next step is taken")
    deferred_until = models.DateField(null=True, help_text="last day on which goods may leave all the same")
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: set by itself")
    set_at = models.DateTimeField()
    case_opened_at = models.DateTimeField(null=True)
    case_opened_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    case_reason = models.CharField(max_length=400, blank=True, default="")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="none: the cause was gone")
    release_reason = models.CharField(max_length=400, blank=True, default="")
    regulation = models.CharField(max_length=60)

    class Meta:
        """One hold of a cause at a time on a line."""

        constraints = (models.UniqueConstraint(fields=("line", "cause"), condition=~Q(state="released"), name="supplyhold_one_per_cause"),)
        indexes = (models.Index(fields=("line",), condition=~Q(state="released"), name="supplyhold_open"),)

    def __str__(self) -> str:
        """Return number, level and state."""
        return f"{self.number} {self.level} {self.state}"


class HoldRequest(models.Model):
    """A document: somebody asks that a hold be released early, or put off until a day; a chain decides (M-19.3)."""

    hold = models.ForeignKey(SupplyHold, on_delete=models.PROTECT, related_name="requests")
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in HoldRequestKind])
    until = models.DateField(null=True, help_text="last day of a deferral")
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ProposalState])
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """One on its way per hold; a deferral, and nothing else, has a last day."""

        constraints = (
            models.UniqueConstraint(fields=("hold",), condition=Q(state__in=("proposed", "sent_back")), name="holdrequest_one_on_its_way"),
            models.CheckConstraint(
                condition=Q(kind="defer", until__isnull=False) | (~Q(kind="defer") & Q(until__isnull=True)), name="holdrequest_until"
            ),
        )

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"


class CollectionNote(models.Model):
    """What was done to collect money from a partner: a call, a visit, a letter, and what the partner promised."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="collection_notes")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in CollectionKind])
    text = models.CharField(max_length=400)
    promised_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    promised_on = models.DateField(null=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_for = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="the absent person for whom a stand-in did it"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return kind and day."""
        return f"{self.kind} {self.made_at:%Y-%m-%d}"
