"""What time and people do to open steps: a late one is handed up, and who may sign follows who holds the posts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import msgspec
from django.db import transaction

from lingqu.approvals.actions.routing import Held, add_signers, resolve, tell_signers, told_terms, without_asker
from lingqu.approvals.models import Approval, ApprovalStep, Signer
from lingqu.approvals.queries import posts_at_work
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
    tell_signers(approval, step, waiting, at=at, when="late")
    deed = Deed("escalate", "approval", approval.pk, {"step": step.key, "to": [person for person, _ in above]}, {}, approval.regulation)
    record([deed], by=None, at=at)
    return True


class Change(msgspec.Struct, frozen=True):
    """What becomes of the places of a step: who goes out, who comes back or takes charge, who is new, and whose yes is asked again."""

    gone: tuple[Signer, ...]
    back: tuple[Signer, ...]
    charged: tuple[Signer, ...]
    come: Held
    again: tuple[Signer, ...]


@transaction.atomic
def refresh_signers(step_id: int, *, at: datetime) -> bool:
    """Let those sign who hold the posts today: new and returning holders come in, people who have left go out unless they have answered.

    Places that were passed on, added or handed up stay while their person holds any post of the firm. Where nobody in charge is left, a
    holder who was asked in addition, or who had passed their part on, takes charge, and decides anew. Where somebody goes out whose yes was
    asked for in addition, whoever is in charge decides anew: nothing passes by itself. Return whether anything changed.
    """
    step = _locked_open(step_id)
    if step is None:
        return False
    approval, terms = step.approval, told_terms(step.approval)
    now = without_asker(approval, resolve(terms.step(step.key).who, approval, terms, at=at))
    change = _change(list(step.signers.all()), now, working=_working(step, on=china_day(at)))
    if not any((change.gone, change.charged, change.come, change.back)):
        return False
    posts = dict(now)
    Signer.objects.filter(pk__in=[place.pk for place in change.gone]).update(active=False)
    Signer.objects.filter(pk__in=[place.pk for place in change.back]).update(active=True)
    for place in (*change.charged, *change.again):
        if place in change.charged:
            place.active, place.role, place.post = True, SignerRole.HOLDER.value, posts[place.person_id]
        if place.answer:  # its words stand in the record; why somebody passed their part on stays with the place
            place.answer, place.remark, place.answered_at, place.answered_by = "", "", None, None
        place.save()
    add_signers(step, change.come, SignerRole.HOLDER, brought_by=None)
    back = [(place.person_id, place.post) for place in change.back]
    tell_signers(approval, step, [*change.come, *back], at=at)
    asked = [(place.person_id, place.post) for place in (*change.charged, *change.again)]
    tell_signers(approval, step, asked, at=at, when="again")
    come_in = [person for person, _ in (*change.come, *back)] + [place.person_id for place in change.charged]
    after = {"step": step.key, "in": come_in, "out": len(change.gone), "again": [place.person_id for place in change.again]}
    record([Deed("refresh_signers", "approval", approval.pk, after, {}, approval.regulation)], by=None, at=at)
    return True


def _change(places: list[Signer], now: Held, *, working: Collection[int]) -> Change:
    """Return what changes for the places of a step: `now` may sign today, `working` hold some post of the firm."""
    known, people = {place.person_id: place for place in places}, {person for person, _ in now}

    def stays(place: Signer) -> bool:
        return bool(place.answer) or place.person_id in (people if place.role == SignerRole.HOLDER.value else working)

    active = [place for place in places if place.active]
    gone = tuple(place for place in active if not stays(place))
    back = tuple(place for place in places if _went_out(place) and place.person_id in people)
    come = [(person, post) for person, post in now if person not in known]
    in_charge = [place for place in active if place not in gone and place.role != SignerRole.ADDED.value]
    charged = () if in_charge or back or come else tuple(place for place in places if place.person_id in people)
    missed = any(place.role == SignerRole.ADDED.value for place in gone)
    again = tuple(place for place in in_charge if place.answer) if missed else ()
    return Change(gone, back, charged, come, again)


def _working(step: ApprovalStep, *, on: date) -> set[int]:
    """Return who of those that were brought into a step holds some post of the deciding firm."""
    brought = [place.person_id for place in step.signers.all() if place.active and place.role != SignerRole.HOLDER.value]
    return set(posts_at_work(step.approval, on=on).filter(person__in=brought).values_list("person", flat=True)) if brought else set()


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
