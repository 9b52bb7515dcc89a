"""What people are told, and on which channels it leaves the product."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lingqu.notices.states import OPEN_STATES, ChannelKind, MailSecurity, SendingState
from lingqu.organisation.models import Firm, Person

LANGUAGES = [("zh", "中文"), ("en", "English")]


class Notice(models.Model):
    """One thing that one person is told, once: the line of their inbox."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices", db_index=False)
    key = models.CharField(max_length=120, help_text="the message's stable id")
    kind = models.CharField(max_length=30)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    body_zh = models.TextField(blank=True, default="")
    body_en = models.TextField(blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="", help_text="path in the product")
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """The same message once for a person; an index each for what is unread and what is read."""

        constraints = (models.UniqueConstraint(fields=("person", "key"), name="notice_once"),)
        indexes = (
            models.Index(fields=("person", "-id"), condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=("person", "-id"), condition=Q(read_at__isnull=False), name="notice_read"),
        )

    def __str__(self) -> str:
        """Return whom it tells what."""
        return f"{self.person_id}: {self.title_zh}"


class Channel(models.Model):
    """A way out of the product: a mail server that writes to each person, or the robot of a group. Its secrets are never shown again."""

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ChannelKind])
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="channels")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=500, help_text="a robot's whole address, which is a secret; of mail the sender")
    secret = models.CharField(max_length=200, blank=True, default="", help_text="signing secret of a robot, password of the mail server")
    kinds = ArrayField(models.CharField(max_length=30), default=list, blank=True, help_text="kinds of notices it takes; empty: all")
    language = models.CharField(max_length=2, choices=LANGUAGES, default="zh", help_text="in which a group is told")
    host = models.CharField(max_length=253, blank=True, default="", help_text="mail server")
    port = models.PositiveIntegerField(default=0)
    user = models.CharField(max_length=200, blank=True, default="")
    security = models.CharField(max_length=10, choices=[(one.value, one.value) for one in MailSecurity], default=MailSecurity.TLS.value)
    active = models.BooleanField(default=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return kind and name; never the address."""
        return f"{self.kind} {self.name}"


class Sending(models.Model):
    """One message on one channel, to one person by mail or to a group. It is the outbox: written with what it tells of, sent afterwards."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="sendings", db_index=False)
    key = models.CharField(max_length=120, help_text="the message's stable id")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="None for a group")
    payload = models.JSONField(help_text="the message")
    stable_id = models.UUIDField(default=uuid.uuid4, unique=True, help_text="goes out with each try, so that a repetition is known")
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in SendingState], default=SendingState.WAITING.value
    )
    once = models.BooleanField(default=False, help_text="a test message: tried once and not again")
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="not to be tried before")
    tried_at = models.DateTimeField(null=True)
    answer_code = models.CharField(max_length=40, blank=True, default="", help_text="the service's own code")
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """A message once on a channel for a person or group; indexes of what is due and of the pace of a channel."""

        constraints = (models.UniqueConstraint(fields=("channel", "key", "person"), name="sending_once", nulls_distinct=False),)
        indexes = (
            models.Index(fields=("next_at", "id"), condition=Q(state__in=[state.value for state in OPEN_STATES]), name="sending_due"),
            models.Index(fields=("channel", "-tried_at"), name="sending_pace"),
        )

    def __str__(self) -> str:
        """Return what is sent where."""
        return f"{self.key} on {self.channel_id}: {self.state}"


class Reach(models.Model):
    """Where a person wants to be reached outside the product, in which language."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="reach")
    email = models.EmailField(max_length=254, blank=True, default="")
    wants_email = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="zh")

    class Meta:
        """Nobody wants mail without an address."""

        constraints = (models.CheckConstraint(condition=Q(wants_email=False) | ~Q(email=""), name="reach_has_address"),)

    def __str__(self) -> str:
        """Return whose it is; not the address, which is personal."""
        return f"reach of {self.person_id}"
