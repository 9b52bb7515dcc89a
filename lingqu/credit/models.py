"""The credit line of each (seller, buyer), its batches, receipts, grade changes, waivers and proposals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lingqu.approvals.models import Approval
from lingqu.credit.states import ON_ITS_WAY, ApplicationKind, ProposalKind, ProposalState
from lingqu.ledger.models import Account
from lingqu.organisation.models import Firm, Person


class CreditLine(models.Model):
    """What a seller lets a buyer owe. The limits themselves and all balances stand in the ledger."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="credit_lines_given", db_index=False)
    buyer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="credit_lines")
    grade = models.CharField(max_length=2)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    sales = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", help_text="account to which accepted requests go")
    cash = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", help_text="account from which receipts come")
    write_offs = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    last_batch = models.PositiveIntegerField(default=0)
    unapplied = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="money received for no batch yet, yuan")

    class Meta:
        """One line between two firms."""

        constraints = (
            models.UniqueConstraint(fields=("seller", "buyer"), name="creditline_once"),
            models.CheckConstraint(condition=Q(unapplied__gte=0), name="creditline_unapplied_not_negative"),
        )

    def __str__(self) -> str:
        """Return the two firms and the grade."""
        return f"{self.buyer_id} at {self.seller_id}: {self.grade}"


class GradeChange(models.Model):
    """A document: the grade of a line was set, with reason, from a day on."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="grade_changes")
    number = models.CharField(max_length=30, unique=True)
    before = models.CharField(max_length=2, blank=True, default="")
    after = models.CharField(max_length=2)
    reason = models.CharField(max_length=200)
    effective_on = models.DateField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+", help_text="by which it was decided")

    def __str__(self) -> str:
        """Return the change."""
        return f"{self.before or '-'} > {self.after}"


class Batch(models.Model):
    """An accepted purchase request as money owed (gap G-01). Always shown with the number and the date of its request."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="batches", db_index=False)
    number = models.PositiveIntegerField(help_text="1, 2, 3 … at this partner, by acceptance")
    request = models.CharField(max_length=30, help_text="number of the purchase request")
    document_id = models.BigIntegerField(unique=True, help_text="id of the purchase request")
    opened_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=2, help_text="net value in yuan")
    applied = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="receipts, credits and write-offs in yuan")
    counted = models.PositiveSmallIntegerField(default=1, help_text="1 when it takes one of the open batches, 0 when prepaid")
    shipped_on = models.DateField(null=True)
    triggered_due_on = models.DateField(null=True)
    backstop_due_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)

    class Meta:
        """Numbered without gaps per line; never more applied than it is worth."""

        constraints = (
            models.UniqueConstraint(fields=("line", "number"), name="batch_number_once"),
            models.CheckConstraint(condition=Q(applied__gte=0, applied__lte=F("value")), name="batch_applied_within_value"),
        )
        indexes = (models.Index(fields=("line", "number"), condition=Q(settled_on__isnull=True), name="batch_open"),)

    def __str__(self) -> str:
        """Return the number at the partner."""
        return f"{self.request} ({self.number})"


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
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        """A key is used once per line; an amount is more than nothing."""

        constraints = (
            models.UniqueConstraint(fields=("line", "key"), name="receipt_key_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_of_something"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class Application(models.Model):
    """Part of a receipt (or of money received before) that was applied to a batch."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="applications")
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="applications")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ApplicationKind])
    on = models.DateField()

    def __str__(self) -> str:
        """Return batch and amount."""
        return f"{self.batch_id}: {self.amount}"


class Waiver(models.Model):
    """A document: a special signature that lets exactly one request pass exactly these laws, until a moment (A2, M-16.3.3.1)."""

    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="waivers")
    number = models.CharField(max_length=30, unique=True)
    document_id = models.BigIntegerField(db_index=True, help_text="id of the purchase request")
    laws = models.CharField(max_length=80, help_text="names of the laws, separated by blanks")
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="yuan over the limit that are let through")
    batches = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200)
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
