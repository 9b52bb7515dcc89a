"""Firms, people, posts and sign-in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from lingqu.organisation.states import FirmKind, PostCode


class Firm(models.Model):
    """A company: HQ, an agent, a retailer or a customer, in one tree with validity."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=200, db_index=True, help_text="sort and search key, computed at write")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in FirmKind])
    private = models.BooleanField(default=True, help_text="a privately owned firm (quota law M-13.1.1)")
    division = models.CharField(max_length=6, blank=True, default="", help_text="GB/T 2260 code of its seat")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid = DateRangeField(help_text="half-open days in which the firm belongs to the channel")

    class Meta:
        """HQ has no parent; everybody else has one."""

        constraints = (
            models.CheckConstraint(
                condition=Q(kind=FirmKind.HQ.value, parent__isnull=True) | (~Q(kind=FirmKind.HQ.value) & Q(parent__isnull=False)),
                name="firm_parent_unless_hq",
            ),
        )

    def __str__(self) -> str:
        """Return the firm's name."""
        return self.name


class FirmPath(models.Model):
    """The closure of the tree: one row per ancestor and descendant, each firm its own ancestor at depth 0."""

    ancestor = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="paths_down", db_index=False)
    descendant = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="paths_up", db_index=False)
    depth = models.PositiveSmallIntegerField()

    class Meta:
        """One path between two firms."""

        constraints = (models.UniqueConstraint(fields=("ancestor", "descendant"), name="firmpath_once"),)
        indexes = (models.Index(fields=("descendant", "ancestor"), name="firmpath_up"),)

    def __str__(self) -> str:
        """Return the two firms and their distance."""
        return f"{self.ancestor_id} > {self.descendant_id} ({self.depth})"


class Person(models.Model):
    """Somebody who works in a firm. Everything that is done is done by a person."""

    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=120, db_index=True)
    telephone = models.CharField(max_length=30, blank=True, default="")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="people")

    def __str__(self) -> str:
        """Return the person's name."""
        return self.name


class Post(models.Model):
    """A post that the regulation names: who is responsible, who appraises, who may sign."""

    code = models.CharField(max_length=20, primary_key=True, choices=[(post.value, post.value) for post in PostCode])
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=60)

    def __str__(self) -> str:
        """Return the Chinese title."""
        return self.title_zh


class PostHolding(models.Model):
    """A person holds a post in a firm for a period."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="holdings")
    period = DateRangeField()

    def __str__(self) -> str:
        """Return who holds what."""
        return f"{self.person_id} {self.post_id}"


class Delegation(models.Model):
    """While somebody is absent, another person acts for them in one post."""

    absent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_given")
    stand_in = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_taken")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    period = DateRangeField()
    reason = models.CharField(max_length=200)

    class Meta:
        """Nobody stands in for themselves."""

        constraints = (models.CheckConstraint(condition=~Q(absent=F("stand_in")), name="delegation_to_another"),)

    def __str__(self) -> str:
        """Return who stands in for whom."""
        return f"{self.stand_in_id} for {self.absent_id} as {self.post_id}"


class SignInManager(BaseUserManager["SignIn"]):
    """Finds a sign-in by its login name."""

    def get_by_natural_key(self, login: str | None) -> SignIn:
        """Return the sign-in with the name."""
        return self.select_related("person__firm").get(login=login)


class SignIn(AbstractBaseUser):
    """The way a person signs in. Nothing points here: everything points to the person."""

    login = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="sign_in")
    is_active = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0, help_text="counts up when all sessions end: those of an earlier number open nothing")
    second_factor_at = models.DateTimeField(null=True, help_text="since when a code is asked for after the password; None: never")

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = SignInManager()

    def __str__(self) -> str:
        """Return the login name."""
        return self.login

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must hold to be one of this password and this epoch."""
        words = f"{self.password}:{self.epoch}"
        return salted_hmac("lingqu.organisation.session", words, secret=secret, algorithm="sha256").hexdigest()


class FailedTry(models.Model):
    """Somebody showed a wrong password, code, link or token, or is showing one now: written before it is looked at. Kept for a day.

    Names and addresses stand here as keyed hashes only.
    """

    name = models.CharField(max_length=64, blank=True, default="", help_text="of the sign-in name; empty where none was given")
    address = models.CharField(max_length=64, help_text="of the address from which it came")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Counted by name and by address over the last minutes."""

        indexes = (
            models.Index(fields=("name", "at"), condition=~Q(name=""), name="failedtry_name"),
            models.Index(fields=("address", "at"), name="failedtry_address"),
        )

    def __str__(self) -> str:
        """Return when it was."""
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class OpenSession(models.Model):
    """Where a person is signed in: the browser, its address, since when, and when it was last seen, to the minute."""

    key = models.CharField(max_length=40, unique=True, help_text="of the session; never shown")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="open_sessions")
    browser = models.CharField(max_length=300, blank=True, default="", help_text="what the browser says of itself")
    address = models.CharField(max_length=45, blank=True, default="")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return whose it is; never the key."""
        return f"session of {self.person_id}"


class Invitation(models.Model):
    """Somebody is asked to work here by a link that is used once. Person, post and sign-in are made when they come.

    Only the hash of what the link holds is kept.
    """

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=60)
    telephone = models.CharField(max_length=30, blank=True, default="")
    login = models.CharField(max_length=60, db_index=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField(help_text="the moment at which it is over")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="invitation", help_text="who came")

    class Meta:
        """Who came is known from the moment of coming on; what was used cannot be withdrawn."""

        constraints = (
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, person__isnull=True)
                | Q(used_at__isnull=False, person__isnull=False, withdrawn_at__isnull=True),
                name="invitation_used_by_somebody",
            ),
        )

    def __str__(self) -> str:
        """Return for which firm it is."""
        return f"invitation to {self.firm_id}"

    @property
    def place(self) -> Firm:
        """Return the firm to which the link leads."""
        return self.firm


class ResetLink(models.Model):
    """A link by which a person sets a new password, once. Only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reset_links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField(help_text="the moment at which it is over")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return for whom it is."""
        return f"reset link of {self.person_id}"

    @property
    def place(self) -> Firm:
        """Return the firm to which the link leads."""
        return self.person.firm


class AccessToken(models.Model):
    """What a program shows to act as a person. The token itself is kept nowhere: `digest` is its SHA-256, `prefix` its visible start."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=200, help_text="values of Scope, separated by blanks")
    made_at = models.DateTimeField()
    last_day = models.DateField(help_text="the last day on which it opens anything, a year after it was made at the latest")
    used_on = models.DateField(null=True, help_text="the last day on which it was used")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """One that opens nothing is no token."""

        constraints = (models.CheckConstraint(condition=~Q(scopes=""), name="accesstoken_opens_something"),)

    def __str__(self) -> str:
        """Return its name and visible start."""
        return f"{self.name} ({self.prefix})"


class KeptAnswer(models.Model):
    """What a program was answered to a key of its own, written in the transaction of what was done: the same key gets the same answer.

    A batch is done in parts, and each part is kept with what it did.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    part = models.PositiveSmallIntegerField(default=0)
    route = models.CharField(max_length=200, help_text="method and address")
    asked = models.CharField(max_length=64, help_text="SHA-256 of what was sent")
    status = models.PositiveSmallIntegerField()
    media_type = models.CharField(max_length=60)
    body = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        """A person uses a key once."""

        constraints = (models.UniqueConstraint(fields=("person", "key", "part"), name="keptanswer_once"),)

    def __str__(self) -> str:
        """Return the key and what it was used for."""
        return f"{self.key}: {self.route}"
