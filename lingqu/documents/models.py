"""Files and comments of documents, only added, never changed (grants); lists that people take out, tables that they send."""

from __future__ import annotations

from django.db import models

from lingqu.documents.states import ExportState, ImportState
from lingqu.organisation.models import Firm, Person


class Attachment(models.Model):
    """A file of a document, its bytes with it, so that one backup holds all."""

    document_kind = models.CharField(max_length=20, help_text="the module's word for the document, such as order")
    document_id = models.BigIntegerField()
    role = models.CharField(max_length=20, help_text="what it is to the document, such as contract, countersigned, evidence")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    content = models.BinaryField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        """The same bytes in the same role are the same attachment."""

        constraints = (models.UniqueConstraint(fields=("document_kind", "document_id", "role", "sha256"), name="attachment_once"),)
        indexes = (models.Index(fields=("document_kind", "document_id"), name="attachment_of_document"),)

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class Comment(models.Model):
    """What a person said about a document of whatever kind; only added, never changed (grants)."""

    document_kind = models.CharField(max_length=20, help_text="the module's word for the document, such as price_claim")
    document_id = models.BigIntegerField()
    words = models.CharField(max_length=1_000)
    inside = models.BooleanField(default=False, help_text="for the people of the speaker's own firm alone")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        """Read by document."""

        indexes = (models.Index(fields=("document_kind", "document_id"), name="comment_of_document"),)

    def __str__(self) -> str:
        """Return the words."""
        return self.words


class Export(models.Model):
    """A list that a person took out as a workbook: theirs alone, and gone after a day."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", help_text="for which the owner acted")
    posts = models.JSONField(help_text="pairs of post and firm that the owner held; without one of them the export is not handed out")
    list = models.CharField(max_length=40, help_text="the key of the list")
    given = models.JSONField(help_text="filters of the list's address")
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ExportState])
    rows = models.PositiveIntegerField(default=0, help_text="rows written so far")
    content = models.BinaryField(null=True)
    reason = models.CharField(max_length=400, blank=True, default="", help_text="why there is none")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """What is ready has its bytes."""

        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=ExportState.READY.value) | models.Q(content__isnull=False), name="export_ready_has_content"
            ),
        )
        indexes = (models.Index(fields=("owner", "-id"), name="export_of_owner"),)

    def __str__(self) -> str:
        """Return its name and state."""
        return f"{self.name} {self.state}"


class ImportFile(models.Model):
    """A table that a person sent to be taken over: looked at first, then all of it or nothing, once."""

    kind = models.CharField(max_length=40, help_text="the key of the import")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ImportState])
    sent_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_as = models.CharField(max_length=200, blank=True, default="", help_text="what became of it, in both languages")

    class Meta:
        """The same file of a kind stands once for a firm, unless it was put away."""

        constraints = (
            models.UniqueConstraint(
                fields=("firm", "kind", "sha256"), condition=~models.Q(state=ImportState.DROPPED.value), name="importfile_once"
            ),
        )

    def __str__(self) -> str:
        """Return its kind and name."""
        return f"{self.kind} {self.name}"


class SentForm(models.Model):
    """A form that was sent and done, written in the transaction of what it did: the same form does not do it a second time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=32)
    asked = models.CharField(max_length=64, help_text="SHA-256 of the address and of what was typed and attached")
    leads_to = models.CharField(max_length=2_000, help_text="the address of what came of it")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """A form of a person is done once; equal ones are found by what they asked."""

        constraints = (models.UniqueConstraint(fields=("person", "key"), name="sentform_once"),)
        indexes = (models.Index(fields=("person", "asked"), name="sentform_asked"),)

    def __str__(self) -> str:
        """Return where it led."""
        return self.leads_to
