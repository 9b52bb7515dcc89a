"""What this module declares: the document type visit, and that it hears how its reviews move."""

from __future__ import annotations

from datetime import date

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.present import approval_panel
from lingqu.base.access import Way
from lingqu.base.text import Text
from lingqu.documents.registry import DocumentType, Look, Making, Menu, Sent, Shown, Typing, Verb
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.policy.queries import regulation_in_force
from lingqu.visits.access import VISITING, is_own, may_visit
from lingqu.visits.actions import cancel_visit, move_visit, on_visit_moved, plan_visit, record_visit
from lingqu.visits.forms import MoveForm, PlanForm, ReasonForm, RecordForm
from lingqu.visits.models import Visit
from lingqu.visits.present import also_words, this_year
from lingqu.visits.rules import NewVisit, Record
from lingqu.visits.states import VISITS, Also, VisitVerb

SELLERS = (FirmKind.HQ.value, FirmKind.AGENT.value)
_SEEN = (Way(kinds=SELLERS, relation="seller"),)
_OWN = (Way(kinds=SELLERS, posts=VISITING, relation="asker"),)


def _own(who: Acting, visit: Visit, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return is_own(who, visit.asked_by_id, visit.asked_for_id)


def _plan(sent: Sent) -> Visit:
    new = NewVisit(sent.key, int(sent.data["partner"]), sent.data["planned_on"], sent.data["purpose"])
    return plan_visit(new, by=sent.who, at=sent.at)


def _move(visit: Visit, sent: Sent) -> None:
    move_visit(visit.pk, sent.data["planned_on"], reason=sent.data["reason"], by=sent.who, at=sent.at)


def _record(visit: Visit, sent: Sent) -> None:
    typed = sent.data
    also = tuple(Also(one) for one in typed["also"])
    given = Record(typed["visited_on"], typed["met"], typed["found"], typed["agreed"], also, typed["again_on"])
    record_visit(visit.pk, given, sent.files, regulation=regulation_in_force(on=sent.on), by=sent.who, at=sent.at)


def _cancel(visit: Visit, sent: Sent) -> None:
    cancel_visit(visit.pk, reason=sent.data["reason"], by=sent.who, at=sent.at)


def _written(visit: Visit) -> dict[str, object]:
    return {name: getattr(visit, name) for name in RecordForm.base_fields}


RECORDING = Typing(RecordForm, files=5, first=_written)

VISIT = DocumentType(
    key="visit", title=Text("走访", "Visit"), plural=Text("走访", "Visits"), slug="visits", series="ZF", model=Visit, states=VISITS,
    tones={
        "planned": "planned", "review": "waiting", "sent_back": "waivable", "confirmed": "done", "refused": "refused",
        "cancelled": "closed",
    },
    told=Text("先安排，再走访；一次走访可以同时完成多项职责", "Plan first, then go; one visit may fulfil several duties"),
    empty=Text("先安排一次走访，走访后填写记录，由主管审阅。", "Plan a visit; back from it write its record, which the manager reviews."),
    columns=(
        Shown("planned_on", Text("计划日期", "Planned"), "planned_on", Look.DAY),
        Shown("visited_on", Text("走访日期", "Visited"), "visited_on", Look.DAY),
        Shown("visitor", Text("走访人", "By whom"), "asked_by.name", Look.NAME),
    ),
    facts=(
        Shown("partner", Text("客户", "Partner"), "partner.name", Look.NAME),
        Shown("visitor", Text("走访人", "By whom"), "asked_by.name", Look.NAME),
        Shown("planned_on", Text("计划日期", "Planned"), "planned_on", Look.DAY),
        Shown("purpose", Text("走访目的", "Purpose"), "purpose"),
        Shown("visited_on", Text("走访日期", "Visited"), "visited_on", Look.DAY),
        Shown("met", Text("见了谁", "Met"), "met"),
        Shown("found", Text("所见", "Found"), "found", Look.LONG),
        Shown("agreed", Text("商定事项", "Agreed"), "agreed", Look.LONG),
        Shown("also", Text("同时完成", "Done on the way"), also_words),
        Shown("again_on", Text("下次走访", "Come again on"), "again_on", Look.DAY),
        Shown("year", Text("本年走访", "Visits this year"), this_year),
    ),
    panels=(approval_panel(lambda visit: visit.approval),),
    making=Making(
        words=Text("安排走访", "Plan a visit"), ways=(Way(kinds=SELLERS, posts=VISITING),), may=lambda who, on: may_visit(who),  # noqa: ARG005 - the day says nothing here
        typing=Typing(PlanForm, first=lambda given: {"partner": given.get("partner", "")}), do=_plan,
    ),
    verbs=(
        Verb(verb=VisitVerb.RECORD, ways=_OWN, may=_own, do=_record, typing=RECORDING, icon="pencil", strong=True),
        Verb(verb=VisitVerb.RECORD_AGAIN, ways=_OWN, may=_own, do=_record, typing=RECORDING, icon="pencil", strong=True),
        Verb(verb=VisitVerb.MOVE, ways=_OWN, may=_own, do=_move, typing=Typing(MoveForm), icon="calendar-event"),
        Verb(verb=VisitVerb.CANCEL, ways=_OWN, may=_own, do=_cancel, typing=Typing(ReasonForm), icon="x"),
    ),
    related=("approval",), list_ways=(Way(kinds=SELLERS),), one_ways=_SEEN, menu=Menu("map-pin", kinds=SELLERS, posts=VISITING),
    carries=("record:visits", "procedure:visit"),
)  # fmt: skip

DOCUMENT_TYPES = (VISIT,)
SUBSCRIBERS = {ApprovalMoved: (on_visit_moved,)}
