"""The credit line of each (seller, buyer), how its grade was set, and the group whose limit several lines share."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lingqu.approvals.models import Approval
from lingqu.credit.states import ON_ITS_WAY, GroupProposalKind, ProposalState
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
    group = models.ForeignKey("credit.CreditGroup", null=True, on_delete=models.PROTECT, related_name="lines")
    unapplied = models.DecimalField(max_digits=16, decimal_places=2, default=0, help_text="money received for no batch yet, yuan")
    own_days = models.PositiveSmallIntegerField(null=True, help_text="of a retailer at its agent: days from shipping; none: the grade's")
    own_discount_bp = models.PositiveIntegerField(null=True, help_text="of a retailer at its agent: its own price; none: the table's")

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


class CreditGroup(models.Model):
    """Lines of one legal group that share a limit: a second row on the ledger on which the same postings must fit (A8)."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """A seller uses a name once."""

        constraints = (models.UniqueConstraint(fields=("seller", "name"), name="creditgroup_name_once"),)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class GroupProposal(models.Model):
    """A document: somebody proposes a group, another limit, that a line joins or leaves, or its end; a chain decides (M-19.5)."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in GroupProposalKind])
    group = models.ForeignKey(CreditGroup, null=True, on_delete=models.PROTECT, related_name="proposals")
    name = models.CharField(max_length=80, blank=True, default="")
    line = models.ForeignKey(CreditLine, null=True, on_delete=models.PROTECT, related_name="+")
    limit_before = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    limit_after = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ProposalState])
    regulation = models.CharField(max_length=60)
    approval = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="applied, refused, withdrawn or void")
    ended_because = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        """One proposal on its way per group, and per line."""

        constraints = (
            models.UniqueConstraint(fields=("group",), condition=Q(state__in=ON_ITS_WAY), name="groupproposal_one_on_its_way"),
            models.UniqueConstraint(fields=("line",), condition=Q(state__in=ON_ITS_WAY), name="groupproposal_one_of_line"),
            models.CheckConstraint(condition=Q(limit_after__gte=0), name="groupproposal_limit_not_negative"),
        )

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"
