"""Collect money that is overdue: the steps of the ladder as duties of the right people, and notes of what was done (M-19.3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import HOLD_POSTS
from lingqu.credit.actions.hold_told import KIND
from lingqu.credit.models import Batch, CollectionNote, CreditLine
from lingqu.credit.queries import collects_for, due_batches, partner_owners
from lingqu.credit.rules import STEP_KINDS, STEP_RULES, StepDue, check_promise, check_words, steps_due
from lingqu.credit.states import COLLECTION_WORDS, STEP_WORDS, CollectionKind
from lingqu.duties.actions import NewDuty, ask_duty, fulfil, settle_asked
from lingqu.duties.states import REPRESENTATIVE_OF
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import Acting, holders
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation

CLAUSE = "M-19.3"


class NewNote(msgspec.Struct, frozen=True):
    """What was done to collect money: how, in words, and what the partner promised: so many yuan by a day, or nothing."""

    kind: CollectionKind
    text: str
    promised_amount: Decimal | None = None
    promised_on: date | None = None


@transaction.atomic
def note_collection(line_id: int, new: NewNote, *, by: Acting, at: datetime) -> CollectionNote:
    """Note what was done to collect money from a partner, and return the note; it fulfils the duties of the ladder that it answers.

    The partner's representative may, and the seller's manager, finance head, director and legal officer, or an agent's owner; and who
    stands in for one of them, which the note says. The same words and promise on the same day by the same person are the same note.
    Refuses no words, and a promise without its amount or day.
    """
    line = CreditLine.objects.select_related("buyer").filter(pk=line_id).first()
    if line is None:
        raise not_found()
    on = china_day(at)
    asker = collects_for(line, by=by, on=on)
    if asker is None:
        raise forbidden(Text("催收由该客户的区域销售员和本单位财务、主管办理。", "The representative, finance and the heads collect."))
    text = check_words(new.text, field="text", zh="所做的事", en="what was done")
    amount, day = check_promise(new.promised_amount, new.promised_on, today=on)
    CreditLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    newest = CollectionNote.objects.filter(line=line, kind=new.kind.value, made_by_id=by.person).order_by("-pk").first()
    said = (on, text, amount, day)
    if newest is not None and (china_day(newest.made_at), newest.text, newest.promised_amount, newest.promised_on) == said:
        return newest
    note = CollectionNote.objects.create(
        line=line, kind=new.kind.value, text=text, promised_amount=amount, promised_on=day, made_by_id=by.person, made_for_id=asker.absent,
        made_at=at,
    )  # fmt: skip
    after = {"kind": note.kind, "promised": str(amount or ""), "promised_on": str(day or ""), "because": text}
    record([Deed("note", "collection_note", note.pk, after, on_behalf_of=asker.absent)], by=by.person, at=at)
    words = COLLECTION_WORDS[new.kind]
    for step in STEP_KINDS[new.kind]:
        fulfil(STEP_RULES[step], about=line.buyer_id, on=on, link=f"/credit/collection/{line.buyer.code}/", text=words, by=by, at=at)
    return note


def ask_steps(line: CreditLine, *, regulation: Regulation, at: datetime) -> int:
    """Ask the right people for the steps of the ladder that are due for the batches of a line; return how many duties were asked for.

    Each step once for each batch. The representative reminds and visits, finance writes, the legal officer or the director takes legal
    steps. The partner's owner is reminded, too, of a batch that falls due soon.
    """
    on = china_day(at)
    steps = regulation.parameters.collection_steps
    asked = 0
    for batch in due_batches(line.pk, on=on):
        due = batch.due_on
        step = steps_due(due, steps, on=on) if due else None
        if step is None or due is None:
            continue
        duty = ask_duty(_duty(line, batch.batch, _what(batch.number, batch.request, batch.remaining, due), step, regulation, on),
                        calendar=regulation.calendar, on=on, at=at)  # fmt: skip
        asked += duty is not None
        if duty is not None and step.name == "reminder":
            _remind_partner(line, batch.batch, _what(batch.number, batch.request, batch.remaining, due), due, on=on, at=at)
    return asked


def settle_steps(line: CreditLine, *, at: datetime) -> int:
    """Void the open duties of the ladder for batches of a line that are paid; return how many. The line is locked."""
    still = {str(batch) for batch in Batch.objects.filter(line=line, settled_on__isnull=True).values_list("pk", flat=True)}
    return settle_asked(list(STEP_RULES.values()), issuer=line.seller_id, about=line.buyer_id, still=still, at=at)


def _what(number: int, request: str, rest: Decimal, due: date) -> Text:
    return Text(f"第 {number} 批 {request}，{due} 到期，未付 {rest:,} 元", f"batch {number}, {request}, due {due}, {rest:,} yuan unpaid")


def _duty(line: CreditLine, batch: int, what: Text, step: StepDue, regulation: Regulation, on: date) -> NewDuty:
    words = STEP_WORDS[step.name]
    return NewDuty(
        line.seller_id, line.buyer_id, STEP_RULES[step.name], str(batch), words, what, CLAUSE,
        regulation.reference, _responsible(line, step.name, on), STEP_RULES[step.name], max(step.on, on),
        f"/credit/collection/{line.buyer.code}/", appraiser=_appraiser(line, on), escalate_to=_appraiser(line, on),
    )  # fmt: skip


def _responsible(line: CreditLine, step: str, on: date) -> str:
    """Return who takes a step: who answers for the partner, finance, or who goes to law; an agent's owner where there is none."""
    if step in {"reminder", "visit"} and representatives_of(line.buyer_id, line.seller_id, on):
        return REPRESENTATIVE_OF
    wanted = [PostCode.LEGAL, PostCode.DIRECTOR] if step == "legal" else [*HOLD_POSTS]
    held = {post for _, post in holders([post.value for post in wanted], line.seller_id, on=on)}
    return next((post.value for post in wanted if post.value in held), PostCode.OWNER.value)


def _appraiser(line: CreditLine, on: date) -> str:
    held = holders([PostCode.DIRECTOR.value], line.seller_id, on=on)
    return PostCode.DIRECTOR.value if held else PostCode.OWNER.value


def _remind_partner(line: CreditLine, batch: int, what: Text, due: date, *, on: date, at: datetime) -> None:
    title = Text(f"货款将于 {due} 到期", f"Money falls due on {due}")
    message = Message(f"collect:{batch}:{due}", KIND, title, what, f"/partners/{line.buyer.code}/")
    people = partner_owners(line, on=on)
    if people:
        notify(message, to=people, at=at)
