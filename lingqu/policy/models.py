"""Versions of the regulation: immutable, content-hashed, kept whole. Drafts of the next one, who has read, and what others do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lingqu.policy.states import DraftState


class Version(models.Model):
    """One version of a pack: its whole content as canonical JSON. What was decided under it stays explained by it.

    Issued by set-up (`approval_id` empty, `issued_by` empty) or at the end of the procedure of M-4.
    """

    pack = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    content = models.TextField()
    in_force_from = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("organisation.Person", null=True, on_delete=models.PROTECT, related_name="+")
    approval_id = models.BigIntegerField(null=True, help_text="the approval at the end of which it was issued; empty: by set-up")
    reasons = models.TextField(blank=True, default="", help_text="why it was changed: by analogy, by experience, or both (M-8 to M-10)")

    class Meta:
        """A version exists once."""

        constraints = (models.UniqueConstraint(fields=("pack", "number"), name="version_once"),)

    def __str__(self) -> str:
        """Return pack and number."""
        return f"{self.pack} v{self.number}"


class Adoption(models.Model):
    """From a day on the company goes by this pack. The newest row whose day has come holds."""

    pack = models.CharField(max_length=30)
    since = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the pack and its first day."""
        return f"{self.pack} since {self.since}"


class Draft(models.Model):
    """The next version while it is written: starts as a copy of the newest version, is changed on pages, goes through the procedure.

    `revision` counts the changes: whoever saves names the revision that they saw, so that two editors never overwrite each other.
    """

    pack = models.CharField(max_length=30)
    base = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="drafts")
    content = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in DraftState], default=DraftState.DRAFT.value)
    in_force_from = models.DateField(null=True, help_text="empty: on the day of issue")
    reasons = models.TextField(blank=True, default="")
    started_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    changed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    approval_id = models.BigIntegerField(null=True, help_text="the newest approval that it was sent to")
    issued = models.OneToOneField(Version, null=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        """One open draft of a pack at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("pack",), condition=Q(state__in=(DraftState.DRAFT.value, DraftState.IN_APPROVAL.value)), name="draft_one_open"
            ),
        )

    def __str__(self) -> str:
        """Return the pack and the version that it starts from."""
        return f"{self.pack} after v{self.base_id}"


class DraftChange(models.Model):
    """One saving of a draft: who changed what, in the words of both languages; by it the next editor sees what happened meanwhile."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField(help_text="the revision that it made")
    by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    titles = models.JSONField(default=list, help_text="what was changed, as pairs of Chinese and English")

    class Meta:
        """A revision is made once."""

        constraints = (models.UniqueConstraint(fields=("draft", "revision"), name="draftchange_once"),)

    def __str__(self) -> str:
        """Return which revision of which draft."""
        return f"{self.draft_id} r{self.revision}"


class Reading(models.Model):
    """A person whom an issued version concerns, and when they confirmed that they have read it (M-4)."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Once for each version and person."""

        constraints = (models.UniqueConstraint(fields=("version", "person"), name="reading_once"),)

    def __str__(self) -> str:
        """Return who reads what."""
        return f"{self.person_id} v{self.version_id}"


class Benchmark(models.Model):
    """What a competitor does where we have a parameter (M-8, by analogy): kept beside it, never a part of the regulation."""

    pack = models.CharField(max_length=30)
    parameter = models.CharField(max_length=60)
    competitor = models.CharField(max_length=80)
    value = models.CharField(max_length=200)
    source = models.CharField(max_length=300, help_text="where this is known from")
    noted_on = models.DateField()
    noted_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        """Looked up by parameter."""

        indexes = (models.Index(fields=("pack", "parameter"), name="benchmark_parameter"),)

    def __str__(self) -> str:
        """Return whose value it is."""
        return f"{self.competitor}: {self.parameter}"
