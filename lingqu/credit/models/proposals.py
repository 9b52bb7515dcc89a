"""What is proposed for a line, and the special signature that lets one request pass."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lingqu.approvals.models import Approval
from lingqu.credit.models.lines import CreditLine, GradeChange
from lingqu.credit.states import ON_ITS_WAY, ProposalKind, ProposalState
from lingqu.organisation.models import Person


class Waiver(models.Model):
    """A document: a special signature that lets exactly one request pass exactly these laws, until a moment (A2, M-16.3.3.1)."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="waivers")
    number = models.CharField(max_length=30, unique=True)
    document_id = models.BigIntegerField(db_index=True, help_text="id of the purchase request")
    laws = models.CharField(max_length=80, help_text="names of the laws, separated by blanks")
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="yuan over the limit that are let through")
    batches = models.PositiveSmallIntegerField(default=0)
    overdue = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, help_text="greatest overdue yuan that are let through; none where it names no number"
    )
    below_floor = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, help_text="greatest yuan below the floor of prices; none where it names no number"
    )
    reason = models.CharField(max_length=400)
    expires_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class CreditProposal(models.Model):
    """A document: somebody proposes another limit or grade for a line, and a chain of the regulation decides (M-19.5, M-19.6).

    A limit that was lowered at once is one too, in force from its first moment and without an approval. `*_before` is what the proposal was
    made upon: the grade, and the limit without a temporary raise. If either changes meanwhile, the proposal is void.
    """

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="proposals")
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ProposalKind])
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ProposalState])
    grade_before = models.CharField(max_length=2)
    limit_before = models.DecimalField(max_digits=16, decimal_places=2)
    grade_after = models.CharField(max_length=2)
    limit_after = models.DecimalField(max_digits=16, decimal_places=2)
    batches_after = models.PositiveSmallIntegerField(null=True, help_text="greatest number of open batches; only where the grade changes")
    until = models.DateField(null=True, help_text="last day of a temporary raise")
    reason = models.CharField(max_length=200)
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="absent asker")
    asked_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    grade_change = models.ForeignKey(GradeChange, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="when it was refused, withdrawn, voided, or its time was over")
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """One proposal on its way and one temporary raise in force per line; a temporary raise, and nothing else, has a last day."""

        constraints = (
            models.UniqueConstraint(fields=("line",), condition=Q(state__in=ON_ITS_WAY), name="creditproposal_one_on_its_way"),
            models.UniqueConstraint(fields=("line",), condition=Q(kind="temporary", state="applied"), name="creditproposal_one_temporary"),
            models.CheckConstraint(condition=Q(limit_after__gte=0), name="creditproposal_limit_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="temporary", until__isnull=False) | (~Q(kind="temporary") & Q(until__isnull=True)),
                name="creditproposal_until_if_temporary",
            ),
        )
        indexes = (
            models.Index(fields=("line", "-id"), name="creditproposal_by_line"),
            models.Index(fields=("until",), condition=Q(kind="temporary", state="applied"), name="creditproposal_ending"),
        )

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"
