"""Reports of partners with their figures by discipline."""

from __future__ import annotations

from django.db import models

from lingqu.base.period import Period
from lingqu.catalogue.models import Discipline
from lingqu.organisation.models import Firm, Person
from lingqu.reports.states import ReportKind, ReportState


class PartnerReport(models.Model):
    """A document 经销商报告 (series YB): a partner tells its seller of a month, half-year or year, and is answered (M-15.3, M-15.4)."""

    number = models.CharField(max_length=30, unique=True)
    key = models.CharField(max_length=64, help_text="made by the sender before sending: the same key is the same report")
    seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False, help_text="who is reported to")
    partner = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="reports", db_index=False)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ReportKind])
    period_start = models.DateField()
    period_end = models.DateField(help_text="the day after the last")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ReportState])
    due_on = models.DateField()
    late_days = models.PositiveSmallIntegerField(help_text="when it was first handed in")
    sold = models.PositiveIntegerField(help_text="copies, as the partner says")
    value = models.DecimalField(max_digits=16, decimal_places=2, help_text="list value of what was sold, yuan")
    stock = models.PositiveIntegerField(help_text="copies at the end")
    near_expiry = models.PositiveIntegerField(help_text="of them near expiry")
    promotions = models.CharField(max_length=2_000, blank=True, default="")
    market = models.CharField(max_length=2_000)
    retailers = models.CharField(max_length=2_000, blank=True, default="", help_text="how the agent's retailers develop")
    demand = models.CharField(max_length=2_000, help_text="demand and plans of the time to come")
    known = models.JSONField(help_text="what the product knew itself when it was handed in or changed (`Figures`)")
    regulation = models.CharField(max_length=60)
    question = models.CharField(max_length=2_000, blank=True, default="", help_text="what was asked back last")
    guidance = models.CharField(max_length=2_000, blank=True, default="")
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        """One of a partner for a time; none is answered without guidance. Lists are read by seller and by partner."""

        constraints = (
            models.UniqueConstraint(fields=("asked_by", "key"), name="partnerreport_key_once"),
            models.UniqueConstraint(fields=("partner", "seller", "period_start", "period_end"), name="partnerreport_once_for_its_time"),
            models.CheckConstraint(
                condition=~models.Q(state="answered") | ~models.Q(guidance="") & models.Q(answered_by__isnull=False),
                name="partnerreport_answered_has_guidance",
            ),
            models.CheckConstraint(condition=models.Q(period_end__gt=models.F("period_start")), name="partnerreport_of_some_days"),
        )
        indexes = (
            models.Index(fields=("seller", "-id"), name="partnerreport_of_seller"),
            models.Index(fields=("partner", "-id"), name="partnerreport_of_partner"),
        )

    def __str__(self) -> str:
        """Return its number."""
        return self.number

    @property
    def period(self) -> Period:
        """The days that it tells of."""
        return Period(self.period_start, self.period_end)


class ReportLine(models.Model):
    """What a report says of one discipline, or of all together."""

    report = models.ForeignKey(PartnerReport, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.PositiveSmallIntegerField()
    discipline = models.ForeignKey(Discipline, null=True, on_delete=models.PROTECT, related_name="+", help_text="empty: all together")
    sold = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=16, decimal_places=2)
    stock = models.PositiveIntegerField()
    near_expiry = models.PositiveIntegerField()

    class Meta:
        """A line number stands once; no more is near expiry than is there."""

        constraints = (
            models.UniqueConstraint(fields=("report", "line"), name="reportline_once"),
            models.CheckConstraint(condition=models.Q(near_expiry__lte=models.F("stock")), name="reportline_near_expiry_within"),
        )

    def __str__(self) -> str:
        """Return report and line."""
        return f"{self.report_id}/{self.line}"
