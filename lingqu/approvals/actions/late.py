"""What time and people do to open steps: a late one is handed up, and who may sign follows who holds the posts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.approvals.actions.routing import add_signers, resolve, tell_signers, told_terms, without_asker
from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.states import SignerRole, StepState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.organisation.queries import holders


@transaction.atomic
def escalate_step(step_id: int, *, at: datetime) -> bool:
    """Hand a late step up: the holders of the post that the chain names may decide it as well, and everybody concerned is told.

    Return whether it was; a second run finds nothing to do.
    """
    step = _locked_open(step_id)
    if step is None or step.late_at is not None or step.due_at is None or step.due_at > at:
        return False
    approval = step.approval
    terms = told_terms(approval).step(step.key)
    above = holders((terms.late_to,), approval.firm_id, on=china_day(at)) if terms.late_to and not terms.who.committee else []
    above = without_asker(approval, above)
    add_signers(step, above, SignerRole.ESCALATED, brought_by=None)
    step.late_at = at
    step.save(update_fields=["late_at"])
    waiting = [(place.person_id, place.post) for place in step.signers.all() if place.active and not place.answer]
    tell_signers(approval, step, waiting, at=at, urgent=True)
    deed = Deed("escalate", "approval", approval.pk, {"step": step.key, "to": [person for person, _ in above]}, {}, approval.regulation)
    record([deed], by=None, at=at)
    return True


@transaction.atomic
def refresh_signers(step_id: int, *, at: datetime) -> bool:
    """Let those sign who hold the posts today: new and returning holders come in, people who have left go out unless they have answered.

    Return whether anything changed. Passed-on, added and handed-up places stay as they are.
    """
    step = _locked_open(step_id)
    if step is None:
        return False
    approval = step.approval
    terms = told_terms(approval)
    now = without_asker(approval, resolve(terms.step(step.key).who, approval, terms, at=at))
    known = {place.person_id: place for place in step.signers.all()}
    people = {person for person, _ in now}
    gone = [
        place.pk for place in known.values()
        if place.role == SignerRole.HOLDER.value and place.active and not place.answer and place.person_id not in people
    ]  # fmt: skip
    back = [place.pk for place in known.values() if _went_out(place) and place.person_id in people]
    come = [(person, post) for person, post in now if person not in known or known[person].pk in back]
    if not gone and not come:
        return False
    Signer.objects.filter(pk__in=gone).update(active=False)
    Signer.objects.filter(pk__in=back).update(active=True)
    add_signers(step, come, SignerRole.HOLDER, brought_by=None)
    tell_signers(approval, step, come, at=at)
    after = {"step": step.key, "in": [person for person, _ in come], "out": len(gone)}
    record([Deed("refresh_signers", "approval", approval.pk, after, {}, approval.regulation)], by=None, at=at)
    return True


def _went_out(place: Signer) -> bool:
    """Return whether a place was shut because its person had left the post; who passed their part on has said why, and stays out."""
    return place.role == SignerRole.HOLDER.value and not place.active and not place.remark


def _locked_open(step_id: int) -> ApprovalStep | None:
    """Return the step with its approval locked, None when it is not open any more."""
    found = ApprovalStep.objects.filter(pk=step_id).values_list("approval_id", flat=True).first()
    if found is None:
        return None
    approval = Approval.objects.select_for_update().get(pk=found)
    step = ApprovalStep.objects.filter(pk=step_id, state=StepState.OPEN.value).first()
    if step is not None:
        step.approval = approval
    return step
