"""The whole page of one request as plain values."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.duties.queries import working_calendar
from lingqu.orders.models import Delivery, Order, StoredDecision
from lingqu.orders.present.course import batches_of, steps_of
from lingqu.orders.present.decision import clause_address, panel_of
from lingqu.orders.present.deliveries import badge_of_delivery
from lingqu.orders.present.events import events_of, outcome_of
from lingqu.orders.present.lines import Basis, Table, table_of
from lingqu.orders.present.papers import PapersView, expected_panel, papers_view
from lingqu.orders.present.rows import Badge, Clock, badge_of, clock_of, paid_badge
from lingqu.orders.present.shapes import BatchChip, ClauseLink, Event, Panel, Step
from lingqu.orders.present.signature import SignatureView, offers_beside, signature_view
from lingqu.orders.present.values import Values
from lingqu.orders.present.verbs import Verbs, copy_address, offers_for, verbs_for
from lingqu.orders.queries import WholeOrder, regulation_words
from lingqu.orders.states import SHORTAGE_WORDS, SOURCE_WORDS, OrderState, Shortage, Source
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FIRM_KIND_WORDS, FirmKind
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation


class OlderDecision(msgspec.Struct, frozen=True):
    """A decision that can be looked at: when, how it came out, and whether it is the one shown."""

    id: int
    at: datetime
    outcome: Text
    verdict: str
    shown: bool
    newest: bool


class OrderView(msgspec.Struct, frozen=True):
    """Everything that the page of a request shows."""

    order: Order
    whole: WholeOrder
    badge: Badge
    paid: Badge | None
    kind: Text
    grade: str
    source: Text
    for_partner: bool
    shortage: Text
    steps: list[Step]
    panel: Panel | None
    expected: bool
    is_newest: bool
    decisions: list[OlderDecision]
    table: Table
    clock: Clock | None
    answer_clause: ClauseLink | None
    batches: list[BatchChip]
    batches_note: Text | None
    events: list[Event]
    verbs: Verbs
    signature: SignatureView
    papers: PapersView
    copy_url: str
    buying: bool
    deliveries: list[tuple[Delivery, Badge]]
    owed: int


def view_of(whole: WholeOrder, *, who: Acting, on: date, at: datetime) -> OrderView:
    """Return the page of a request as the person sees it now."""
    order, shown = whole.order, whole.shown
    verbs = verbs_for(whole, who, on=on, calendar=working_calendar())
    today = _of_today(on)
    signature = signature_view(whole, who, regulation=today, on=on, calendar=working_calendar())
    if signature.by_procedure:
        verbs = msgspec.structs.replace(verbs, waive=None)
    newest = bool(shown and whole.decisions and shown.pk == whole.decisions[0].pk)
    regulation = regulation_words(shown.regulation) if shown else None
    source, papers = Source(order.source), papers_view(whole, who)
    return OrderView(
        order=order,
        whole=whole,
        badge=badge_of(order),
        paid=None if order.state == OrderState.CANCELLED.value else paid_badge(whole.batch, on=on),
        kind=FIRM_KIND_WORDS[FirmKind(order.buyer.kind)],
        grade=whole.credit.grade if whole.credit else "—",
        source=SOURCE_WORDS[source],
        for_partner=source is not Source.PARTNER,
        shortage=SHORTAGE_WORDS[Shortage(order.shortage)],
        steps=steps_of(whole, on=on),
        panel=expected_panel(whole, regulation=today, on=on, at=at)
        if papers.waits
        else _panel(whole, shown, regulation, who, (verbs, signature), newest=newest),
        expected=papers.waits,
        is_newest=newest or papers.waits,
        decisions=_decisions(whole),
        table=table_of(order, whole.lines, _basis(shown, regulation)),
        clock=clock_of(order, at=at),
        answer_clause=_answer_clause(regulation or today),
        batches=batches_of(whole, on=on),
        batches_note=_batches_note(whole, regulation),
        events=events_of(whole),
        verbs=verbs,
        signature=signature,
        papers=papers,
        copy_url=copy_address(order) if verbs.copy else "",
        buying=who.firm == order.buyer_id,
        deliveries=[(one, badge_of_delivery(one, late=False)) for one in whole.deliveries],
        owed=sum(line.copies - line.shipped for line in whole.lines) if order.state == OrderState.PART_SHIPPED.value else 0,
    )


def _panel(
    whole: WholeOrder,
    shown: StoredDecision | None,
    regulation: Regulation | None,
    who: Acting,
    may: tuple[Verbs, SignatureView],
    *,
    newest: bool,
) -> Panel | None:
    if shown is None:
        return None
    offers = msgspec.structs.replace(offers_for(whole, who, may[0]), **offers_beside(may[1])) if newest else None
    return panel_of(shown.decision, shown.facts, at=shown.at, reference=shown.regulation, regulation=regulation, offers=offers)


def _of_today(on: date) -> Regulation | None:
    try:
        return regulation_in_force(on=on)
    except Refusal:
        return None


def _basis(shown: StoredDecision | None, regulation: Regulation | None) -> Basis:
    if shown is None:
        return Basis(Values({}), Values({}), "", None)
    return Basis(Values.of(shown.decision), Values.of(shown.facts), shown.regulation, regulation)


def _decisions(whole: WholeOrder) -> list[OlderDecision]:
    """All decisions, newest first; nothing when there is only one."""
    if len(whole.decisions) < 2:  # noqa: PLR2004 - one decision has no older one
        return []
    shown = whole.shown.pk if whole.shown else 0
    return [
        OlderDecision(one.pk, one.at, outcome_of(one), one.verdict, one.pk == shown, place == 0)
        for place, one in enumerate(whole.decisions)
    ]


def _answer_clause(regulation: Regulation | None) -> ClauseLink | None:
    note = regulation.notes.get("answer_days") if regulation else None
    clause = regulation.clauses.get(note.clause) if regulation and note else None
    return ClauseLink(clause.id, clause.title, clause_address(clause.id, regulation)) if clause else None


def _batches_note(whole: WholeOrder, regulation: Regulation | None) -> Text | None:
    grade = regulation.parameters.grades.get(whole.credit.grade) if regulation and whole.credit else None
    if grade is None or whole.credit is None or whole.credit.own_days is not None:
        return None
    most = grade.max_open_batches
    if not most:
        return Text(f"{whole.credit.grade}级先款后货", f"grade {whole.credit.grade} pays first")
    return Text(f"{whole.credit.grade}级至多{most}批未结", f"grade {whole.credit.grade}: at most {most} open")
