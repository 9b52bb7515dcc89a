"""Workbooks by which a company goes live, and what each row became: taken over once and only once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lingqu.opening.states import OpeningKind, OpeningState
from lingqu.organisation.models import Firm, Person


class OpeningFile(models.Model):
    """A document 期初: a workbook of one kind with its control totals, which two people sign before anything is taken over."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", help_text="whose books they are")
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in OpeningKind])
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    on = models.DateField(help_text="day of the books")
    rows_count = models.PositiveIntegerField()
    totals = models.JSONField(help_text="control totals by name, amounts as text")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in OpeningState])
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    booked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="", help_text="why it was withdrawn")
    failure = models.JSONField(null=True, help_text="why it could not be taken over in the background: zh, en")

    class Meta:
        """The same file stands once unless it was withdrawn."""

        constraints = (
            models.UniqueConstraint(fields=("firm", "kind", "sha256"), condition=~Q(state="withdrawn"), name="openingfile_once"),
        )

    def __str__(self) -> str:
        """Return number and kind."""
        return f"{self.number} {self.kind}"


class OpeningProgress(models.Model):
    """How far a workbook is that is being taken over in the background; written beside its transaction, so that others see it."""

    file = models.OneToOneField(OpeningFile, primary_key=True, on_delete=models.CASCADE, related_name="progress")
    done = models.PositiveIntegerField(default=0, help_text="rows")

    def __str__(self) -> str:
        """Return file and rows."""
        return f"{self.file_id}: {self.done}"


class OpeningRow(models.Model):
    """A row that was taken over: its key can never be taken over again."""

    file = models.ForeignKey(OpeningFile, on_delete=models.PROTECT, related_name="rows")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=120, help_text="what makes the row the same one in another file")
    row = models.PositiveIntegerField(help_text="row of the file")
    became_kind = models.CharField(max_length=20)
    became_id = models.BigIntegerField()

    class Meta:
        """Once and only once."""

        constraints = (models.UniqueConstraint(fields=("firm", "kind", "key"), name="openingrow_once"),)

    def __str__(self) -> str:
        """Return kind and key."""
        return f"{self.kind} {self.key}"
