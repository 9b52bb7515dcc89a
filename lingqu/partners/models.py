"""A firm as a partner of a seller: certificate, contract, licence, area, product lines, representative."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from lingqu.organisation.models import Firm, Person
from lingqu.partners.states import PaperKind


class Partner(models.Model):
    """The relation of a buyer to its seller: HQ and agent, or agent and retailer."""

    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="partners_as_seller", db_index=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="partners_as_buyer")
    certificate = models.CharField(max_length=40, blank=True, default="")
    certified_until = models.DateField(null=True, help_text="last day on which the certificate is valid")
    contract = models.CharField(max_length=40, blank=True, default="")
    contract_until = models.DateField(null=True, help_text="last day of the agency agreement")
    licence = models.CharField(max_length=40, blank=True, default="")
    licence_until = models.DateField(null=True, help_text="last day of the trade licence")
    areas = ArrayField(models.CharField(max_length=6), default=list, help_text="GB/T 2260 codes; 32 covers 3201")
    product_lines = ArrayField(models.CharField(max_length=10), default=list, help_text="discipline codes; empty means all")
    delivery_division = models.CharField(max_length=6, help_text="GB/T 2260 code to which goods go")
    delivery_address = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """A firm is a partner of a seller once, and never of itself."""

        constraints = (
            models.UniqueConstraint(fields=("seller", "firm"), name="partner_once"),
            models.CheckConstraint(condition=~Q(seller=F("firm")), name="partner_of_another"),
        )

    def __str__(self) -> str:
        """Return the firm's id at its seller."""
        return f"{self.firm_id} at {self.seller_id}"


class PartnerPaper(models.Model):
    """A paper of a partner as it was entered; `Partner` keeps the one that lasts longest, by which the law judges."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in PaperKind])
    number = models.CharField(max_length=40)
    valid_from = models.DateField(null=True, help_text="first valid day, where it is known")
    valid_until = models.DateField(help_text="last valid day")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        """A paper begins before it ends, and the same one is entered once."""

        constraints = (
            models.UniqueConstraint(fields=("partner", "kind", "number", "valid_until"), name="partnerpaper_once"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_until")), name="partnerpaper_begins_before_it_ends"
            ),
        )

    def __str__(self) -> str:
        """Return kind, number and last day."""
        return f"{self.kind} {self.number} until {self.valid_until}"


class Representation(models.Model):
    """The representative responsible for a partner: exactly one on any day (M-13.3)."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="representations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="representations")
    period = DateRangeField()

    class Meta:
        """No two at once."""

        constraints = (
            ExclusionConstraint(
                name="representation_one_a_day",
                expressions=[("partner", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        )

    def __str__(self) -> str:
        """Return who represents whom."""
        return f"{self.person_id} for {self.partner_id}"
