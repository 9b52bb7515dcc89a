"""The imported years of the working calendar, duties, and the papers that fulfil them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from lingqu.base.period import Period
from lingqu.duties.states import DutyState, Rhythm
from lingqu.organisation.models import Firm, Person

LONGEST_TEXT = 20_000


class CalendarYear(models.Model):
    """The holiday list of one year as somebody imported it; a later import of the same year is a new row and wins."""

    year = models.PositiveSmallIntegerField()
    days = models.JSONField(help_text="day (2027-01-01) to true (people work) or false (they do not); only what differs from the weekday")
    source = models.CharField(max_length=200)
    imported_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the year."""
        return str(self.year)


class RuleStart(models.Model):
    """Since when an issuer's duty rule holds in its present rhythm: no period that ended before is asked for."""

    issuer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(max_length=60)
    rhythm = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Rhythm])
    since = models.DateField()

    class Meta:
        """Once for a rule."""

        constraints = (models.UniqueConstraint(fields=("issuer", "rule"), name="rulestart_once"),)

    def __str__(self) -> str:
        """Return the rule and its first day."""
        return f"{self.rule} since {self.since}"


class Paper(models.Model):
    """What somebody handed in: a text, files, or both. It may fulfil several duties."""

    number = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=64, help_text="made before sending: the same key is the same paper")
    kind = models.CharField(max_length=40, blank=True, default="")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="papers", help_text="whose paper it is: who owed the duties")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="", max_length=LONGEST_TEXT)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        """A key is used once at a firm; the text is no longer than the form allows."""

        constraints = (
            models.UniqueConstraint(fields=("firm", "key"), name="paper_once"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("text"), LONGEST_TEXT), name="paper_text_length"),
        )

    def __str__(self) -> str:
        """Return the number."""
        return self.number


class Duty(models.Model):
    """One dated duty: a rule, in one period, for one firm. The rule's words and days are copied when it is made."""

    issuer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="duties_issued", db_index=False)
    rule = models.CharField(max_length=60)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="duties_about", db_index=False, help_text="about whom it is")
    owed_by = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="duties_owed", db_index=False)
    period_start = models.DateField()
    period_end = models.DateField(help_text="the day after the last")
    rhythm = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Rhythm])
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    task_zh = models.TextField(blank=True, default="")
    task_en = models.TextField(blank=True, default="")
    clause = models.CharField(max_length=40)
    regulation = models.CharField(max_length=60)
    responsible = models.CharField(max_length=40, help_text="a post at the firm that owes it, or a relation to the firm that it is about")
    appraiser = models.CharField(max_length=40, blank=True, default="", help_text="a post at the issuer")
    papers = ArrayField(models.CharField(max_length=40), default=list, help_text="kinds of papers that fulfil it; empty: any")
    due_on = models.DateField()
    due_before_moving = models.DateField(null=True, help_text="the due day that was a day off")
    late_from = models.DateField()
    remind_days = ArrayField(models.SmallIntegerField(), default=list)
    escalate_to = models.CharField(max_length=40, blank=True, default="")
    escalate_on = models.DateField(help_text="from when on the holders of that post are told")
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in DutyState], default=DutyState.OPEN.value)
    asked = models.PositiveSmallIntegerField(default=1, help_text="how often it was asked for: 2 after it was asked again")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    late_days = models.PositiveSmallIntegerField(null=True, help_text="calendar days after the grace; 0 in time, empty while not done")
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+", help_text="the newest that fulfils it")
    evidence_zh = models.CharField(max_length=200, blank=True, default="", help_text="what else fulfilled it")
    evidence_en = models.CharField(max_length=200, blank=True, default="")
    evidence_link = models.CharField(max_length=200, blank=True, default="")
    reminded = models.DateField(null=True, help_text="the reminding day that was served last")
    late_told_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True, default="")
    key = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="what a single duty is about; empty: a rule's"
    )  # fmt: skip
    link = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="the page on which a single duty is done")
    made_at = models.DateTimeField()

    class Meta:
        """One for each rule, firm and period, a single one for its key; done with its moment, or not done."""

        constraints = (
            models.UniqueConstraint(fields=("issuer", "rule", "firm", "period_start", "period_end"), condition=Q(key=""), name="duty_once"),
            models.UniqueConstraint(
                fields=("issuer", "rule", "key"), condition=~Q(key="") & ~Q(state=DutyState.VOID.value), name="duty_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(state=DutyState.DONE.value, done_at__isnull=False, late_days__isnull=False)
                | (~Q(state=DutyState.DONE.value) & Q(done_at__isnull=True, late_days__isnull=True)),
                name="duty_done_with_its_moment",
            ),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="duty_period"),
        )
        indexes = (
            models.Index(fields=("owed_by", "due_on", "id"), name="duty_owed"),
            models.Index(fields=("issuer", "due_on", "id"), name="duty_of_issuer"),
            models.Index(fields=("due_on", "id"), condition=Q(state=DutyState.OPEN.value), name="duty_open"),
            models.Index(fields=("owed_by", "responsible", "due_on"), condition=Q(state=DutyState.OPEN.value), name="duty_to_do"),
            models.Index(fields=("firm", "state", "due_on"), name="duty_about"),
        )

    def __str__(self) -> str:
        """Return the rule and its period."""
        return f"{self.rule} {self.period_start}"

    @property
    def period(self) -> Period:
        """The days that the duty is about."""
        return Period(self.period_start, self.period_end)


class PaperDuty(models.Model):
    """A paper fulfils a duty: one may fulfil several, and a duty asked for again has several."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="duties", db_index=False)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="papers_of")
    at = models.DateTimeField()

    class Meta:
        """A paper fulfils a duty once."""

        constraints = (models.UniqueConstraint(fields=("paper", "duty"), name="paperduty_once"),)

    def __str__(self) -> str:
        """Return both."""
        return f"{self.paper_id} for {self.duty_id}"


class Attachment(models.Model):
    """A file of a paper, its bytes with it, so that one backup holds all."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    content = models.BinaryField()

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class Remark(models.Model):
    """What was said back on a paper (M-15.3)."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="remarks")
    text = models.CharField(max_length=2000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the first words."""
        return self.text[:40]
