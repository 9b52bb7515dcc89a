"""Accounts, their running rows, and postings: one row per posting, balanced by construction.

The application role may only read these tables. What writes them are the functions of migrations 0002 and 0003, which belong to the owner.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, When

from lingqu.ledger.states import Phase
from lingqu.organisation.models import Firm


class Account(models.Model):
    """A place where something scarce lies: of whom (`holder`), towards whom (`party`), of what (`item`), in which unit."""

    kind = models.CharField(max_length=20)
    holder = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="ledger_accounts")
    party = models.ForeignKey(Firm, null=True, on_delete=models.PROTECT, related_name="ledger_accounts_as_party")
    item = models.BigIntegerField(null=True, help_text="what is counted: a key of the module that opened the account")
    place = models.BigIntegerField(null=True, help_text="where it lies: a key of the module that opened the account")
    unit = models.CharField(max_length=3, help_text="CNY or PCS")

    class Meta:
        """An account exists once."""

        constraints = (
            models.UniqueConstraint(fields=("kind", "holder", "party", "item", "place", "unit"), name="account_once", nulls_distinct=False),
        )

    def __str__(self) -> str:
        """Return kind and owner."""
        return f"{self.kind} {self.holder_id}/{self.party_id or '-'}/{self.item or '-'}"


class Running(models.Model):
    """The running row of a limited account: used, held and the limit, in money or pieces and in open batches.

    A row may belong to a `group`: what is posted on it must fit the limit of the group's row, too, which stands at the sums of its members.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="running")
    used = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    held = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    limit = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    open_count = models.IntegerField(default=0)
    held_count = models.IntegerField(default=0)
    count_limit = models.IntegerField(null=True, help_text="greatest number of open batches; empty where nothing is counted")
    group = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="members", db_index=False,
        help_text="the account whose limit must fit as well",
    )  # fmt: skip
    is_group = models.BooleanField(default=False, db_default=False)

    class Meta:
        """What is held or open is never less than nothing; a group belongs to no group."""

        indexes = (models.Index(fields=("group",), name="running_group", condition=Q(group__isnull=False)),)
        constraints = (
            models.CheckConstraint(condition=Q(held__gte=0, held_count__gte=0, open_count__gte=0), name="running_not_negative"),
            models.CheckConstraint(condition=Q(group__isnull=True) | Q(is_group=False), name="running_no_groups_of_groups"),
        )

    def __str__(self) -> str:
        """Return the three numbers."""
        return f"{self.used} + {self.held} / {self.limit}"


class Posting(models.Model):
    """One movement. Never changed, never deleted; a correction is another posting, and one that takes back names what it takes back.

    Source and destination carry no constraint of the database: `ledger_post`, the only writer, joins both accounts to take their unit,
    and no role of the application can delete an account. The check would cost as much as the posting itself, twice.
    """

    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings_out", db_constraint=False, db_index=False)
    destination = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings_in", db_constraint=False, db_index=False)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    count = models.SmallIntegerField(default=0)
    unit = models.CharField(max_length=3)
    phase = models.CharField(max_length=7, choices=[(phase.value, phase.value) for phase in Phase])
    resolves = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="resolved_by", db_index=False)
    document_kind = models.CharField(max_length=20)
    document_id = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    on = models.DateField(help_text="the day it counts for")
    at = models.DateTimeField(help_text="the moment it was posted")
    expires_at = models.DateTimeField(null=True)

    class Meta:
        """Amounts are not negative; source and destination differ; a hold is settled or released once; reversals may be many."""

        indexes = (
            models.Index(fields=("document_kind", "document_id"), name="posting_document"),
            models.Index(fields=("source", "on"), name="posting_source"),
            models.Index(fields=("destination", "on"), name="posting_destination"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0) & ~Q(amount=0, count=0), name="posting_of_something"),
            models.CheckConstraint(condition=~Q(source=F("destination")), name="posting_between_two"),
            models.CheckConstraint(
                condition=Q(phase__in=("settle", "release", "reverse"), resolves__isnull=False)
                | (~Q(phase__in=("settle", "release", "reverse")) & Q(resolves__isnull=True)),
                name="posting_resolves",
            ),
            models.UniqueConstraint(
                F("resolves"), Case(When(phase="reverse", then=F("id"))), condition=Q(resolves__isnull=False),
                name="posting_resolves_once", nulls_distinct=False,
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        """Return the movement in one line."""
        return f"{self.source_id} > {self.destination_id}: {self.amount} {self.unit} ({self.phase})"


class LimitChange(models.Model):
    """A limit was set to a new value by a document; the history of `Running.limit`."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="limit_changes")
    limit = models.DecimalField(max_digits=16, decimal_places=2)
    count_limit = models.IntegerField(null=True)
    document_kind = models.CharField(max_length=20)
    document_id = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the new limit."""
        return f"{self.account_id}: {self.limit}"


class GroupChange(models.Model):
    """An account was put into a group, or taken out (no group); the history of `Running.group`."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="group_changes")
    group = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="changes_as_group")
    on = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the account and its group from then on."""
        return f"{self.account_id}: {self.group_id or '-'}"
