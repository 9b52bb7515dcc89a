"""Approvals: what is asked, the steps of its route, and who signed. Titles are kept in both languages as they were when it was asked."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lingqu.approvals.states import ApprovalState, SignerRole, StepKind, StepState


class Approval(models.Model):
    """One document on its way through a chain. `fingerprint` names the content that is decided: a change of it voids the approval."""

    number = models.CharField(max_length=20, unique=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    link = models.CharField(max_length=200, blank=True, default="")
    firm = models.ForeignKey("organisation.Firm", on_delete=models.PROTECT, related_name="+", help_text="whose people decide")
    about = models.ForeignKey("organisation.Firm", null=True, on_delete=models.PROTECT, related_name="+", help_text="whom it is about")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="yuan by which the route is chosen")
    facts = models.JSONField(default=list, help_text="rows of Chinese label, English label, Chinese value, English value")
    chain = models.TextField(help_text="the chain as it stood when it was asked, canonical JSON")
    committees = models.TextField(help_text="the committees of that version by key, canonical JSON")
    chain_key = models.CharField(max_length=40)
    clause = models.CharField(max_length=30)
    regulation = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ApprovalState])
    round = models.PositiveSmallIntegerField(default=1, help_text="1, and one more each time it was sent back and submitted again")
    reason = models.TextField(blank=True, default="", help_text="why it is asked")
    asked_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="approvals_asked")
    asked_for = models.ForeignKey("organisation.Person", null=True, on_delete=models.PROTECT, related_name="+", help_text="absent asker")
    co_askers = ArrayField(models.BigIntegerField(), default=list, help_text="who wrote it together with the asker: Person ids")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True, default="")

    class Meta:
        """A document has one approval on its way at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id"),
                condition=Q(state__in=(ApprovalState.OPEN.value, ApprovalState.SENT_BACK.value)),
                name="approval_one_on_its_way",
            ),
        )
        indexes = (
            models.Index(fields=("firm", "chain_key", "-id"), name="approval_by_chain"),
            models.Index(fields=("subject_kind", "subject_id", "-id"), name="approval_by_subject"),
            models.Index(fields=("asked_by", "-id"), name="approval_by_asker"),
        )

    def __str__(self) -> str:
        """Return number and state."""
        return f"{self.number} {self.state}"

    @property
    def askers(self) -> frozenset[int]:
        """Return the people whose own request it is: who asked, for whom, and who wrote it with them. None of them decides on it."""
        return frozenset({self.asked_by_id, *self.co_askers} | ({self.asked_for_id} if self.asked_for_id else set()))


class ApprovalStep(models.Model):
    """One step of the route in one round."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100)
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in StepKind])
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in StepState])
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True, help_text="when it was handed up because it was late")
    ended_at = models.DateTimeField(null=True)
    lead = models.CharField(max_length=20, blank=True, default="", help_text="post that closes the vote")
    minutes = models.TextField(blank=True, default="", help_text="of a meeting; or why a step was passed over")

    class Meta:
        """A place in the route is taken once; at most one step is open."""

        constraints = (
            models.UniqueConstraint(fields=("approval", "round", "position"), name="approvalstep_place_once"),
            models.UniqueConstraint(fields=("approval",), condition=Q(state=StepState.OPEN.value), name="approvalstep_one_open"),
        )
        indexes = (models.Index(fields=("due_at",), condition=Q(state=StepState.OPEN.value), name="approvalstep_due"),)

    def __str__(self) -> str:
        """Return the step and its state."""
        return f"{self.key} {self.state}"


class Signer(models.Model):
    """A person who may answer a step, and their answer. `answered_by` differs from `person` where a stand-in acted."""

    step = models.ForeignKey(ApprovalStep, on_delete=models.PROTECT, related_name="signers")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=20, blank=True, default="")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in SignerRole])
    active = models.BooleanField(default=True, help_text="false: passed on to somebody else, or no longer in the post")
    brought_by = models.ForeignKey("organisation.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, blank=True, default="", help_text="approve, refuse, send_back; yes, no, abstain")
    remark = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("organisation.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """A person signs a step once."""

        constraints = (models.UniqueConstraint(fields=("step", "person"), name="signer_once"),)
        indexes = (models.Index(fields=("person",), condition=Q(active=True, answer=""), name="signer_waiting"),)

    def __str__(self) -> str:
        """Return who and what they answered."""
        return f"{self.person_id} {self.answer or '-'}"
