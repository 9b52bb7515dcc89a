"""Views of the credit desk that people keep for themselves."""

from __future__ import annotations

from django.db import models

from lingqu.organisation.models import Firm, Person


class DeskView(models.Model):
    """Filters and sort of the credit desk that a person keeps under a name, as they stand in the address; nobody else sees them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", help_text="whose desk it is")
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=300, blank=True, default="", help_text="what is narrowed and sorted, as an address has it")
    kept_at = models.DateTimeField()

    class Meta:
        """A person uses a name once."""

        constraints = (models.UniqueConstraint(fields=("person", "firm", "name"), name="deskview_name_once"),)

    def __str__(self) -> str:
        """Return its name."""
        return self.name
