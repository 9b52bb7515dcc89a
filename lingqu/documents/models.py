"""Files that belong to documents of whatever kind; only added, never changed (grants)."""

from __future__ import annotations

from django.db import models

from lingqu.organisation.models import Person


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
