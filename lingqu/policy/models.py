"""Versions of the regulation: immutable, content-hashed, kept whole."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """One version of a pack: its whole content as canonical JSON. What was decided under it stays explained by it."""

    pack = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    content = models.TextField()
    in_force_from = models.DateField()
    issued_at = models.DateTimeField()

    class Meta:
        """A version exists once."""

        constraints = (models.UniqueConstraint(fields=("pack", "number"), name="version_once"),)

    def __str__(self) -> str:
        """Return pack and number."""
        return f"{self.pack} v{self.number}"
