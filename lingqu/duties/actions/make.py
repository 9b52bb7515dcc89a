"""Make the duties that the rules ask for: what is missing, whenever it runs, and never twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import WorkingCalendar
from lingqu.base.database import rows, run
from lingqu.base.period import Period, calendar_periods
from lingqu.duties.actions.moving import move_open_duties
from lingqu.duties.models import Duty, RuleStart
from lingqu.duties.rules import Dated, DutyRule, dated
from lingqu.duties.states import FIRM_LEFT, MONTHS, RULE_GONE, DutyState, ForEach, OwedBy
from lingqu.organisation.states import FirmKind

FARTHEST_BACK = timedelta(days=400)
LONGEST_ZH = 120
"""Characters that a duty keeps of its Chinese title; a regulation may call it by more."""

KINDS = {
    ForEach.AGENT: (FirmKind.AGENT,),
    ForEach.RETAILER: (FirmKind.RETAILER,),
    ForEach.PARTNER: (FirmKind.AGENT, FirmKind.RETAILER),
}

REWRITTEN = [
    "rhythm", "title_zh", "title_en", "task_zh", "task_en", "clause", "regulation", "responsible", "appraiser", "papers", "remind_days",
    "escalate_to", "due_on", "due_before_moving", "late_from", "escalate_on", "owed_by", "state", "void_reason",
]  # fmt: skip

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('duties of issuer'), %s::int)"

# How many firms there are of each kind, by their first day; and how many duties each period has. Compared, they say what is missing.
_FIRMS = """
SELECT firm.kind, lower(firm.valid) AS since, count(*) AS many
  FROM organisation_firm firm JOIN organisation_firmpath path ON path.descendant_id = firm.id
 WHERE path.ancestor_id = %s AND firm.valid @> %s::date GROUP BY 1, 2
"""

_MADE = """
SELECT duty.rule, duty.period_start, duty.period_end, count(*) AS many
  FROM duties_duty duty JOIN organisation_firm firm ON firm.id = duty.firm_id
 WHERE duty.issuer_id = %s AND duty.period_end > %s AND firm.valid @> %s::date GROUP BY 1, 2, 3
"""

_MAKE = """
INSERT INTO duties_duty (
    issuer_id, rule, period_start, period_end, due_on, due_before_moving, late_from, escalate_on, made_at,
    rhythm, title_zh, title_en, task_zh, task_en, clause, regulation, responsible, appraiser, papers, remind_days, escalate_to,
    firm_id, owed_by_id, state, asked, evidence_zh, evidence_en, evidence_link, void_reason)
SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s::smallint[], %s,
       firm.id, CASE WHEN %s THEN firm.id ELSE %s END, 'open', 1, '', '', '', ''
  FROM organisation_firm firm
 WHERE firm.id = ANY(%s::bigint[])
    OR firm.kind = ANY(%s::text[])
       AND firm.id IN (SELECT path.descendant_id FROM organisation_firmpath path WHERE path.ancestor_id = %s)
       AND firm.valid @> %s::date AND lower(firm.valid) <= %s::date
       AND firm.id NOT IN (SELECT made.firm_id FROM duties_duty made
                            WHERE made.issuer_id = %s AND made.rule = %s AND made.period_start = %s AND made.period_end = %s)
 ORDER BY firm.id
ON CONFLICT DO NOTHING
RETURNING id
"""


class Wanted(msgspec.Struct, frozen=True):
    """One period of a rule: its days, and up to which first day of a firm it is asked for."""

    rule: DutyRule
    period: Period
    day: Dated
    newest: date


@transaction.atomic
def make_duties(
    rules: Collection[DutyRule],
    *,
    issuer: int,
    regulation: str,
    calendar: WorkingCalendar,
    on: date,
    at: datetime,
    since: date | None = None,
) -> int:
    """Make the duties of all periods that have begun and are still missing, and return how many were made.

    `rules` are all duty rules of the issuer's regulation in force. A period counts when rule and firm were there before it ended and by
    its due day; at most 400 days back. A rule that is seen for the first time, or in another rhythm, begins on `since`, else on `on`.
    Open duties of firms that have left, and those not yet begun of a rule that is gone, are voided; those not yet begun follow the
    rule as it is now; those begun stay. Two at once wait for each other; a second run makes nothing.
    """
    run(_LOCK, (issuer,))
    voided = _void_of_firms_that_left(issuer, on)
    changed = _follow_the_rules(rules, issuer=issuer, regulation=regulation, calendar=calendar, on=on)
    starts = _starts(rules, issuer=issuer, first=since or on)
    wanted = [one for rule in rules for one in _wanted(rule, first=starts[rule.key], on=on, calendar=calendar)]
    made = sum(_make(one, issuer=issuer, regulation=regulation, on=on, at=at) for one in _missing(wanted, issuer=issuer, on=on))
    if made or changed:
        record([Deed("make_duties", "firm", issuer, {"made": made, "followed": changed}, regulation=regulation)], by=None, at=at)
    record([Deed("void", "duty", duty, {"reason": reason}, regulation=regulation) for duty, reason in voided], by=None, at=at)
    move_open_duties(calendar, issuer=issuer, by=None, at=at, first=on)
    return made


def _wanted(rule: DutyRule, *, first: date, on: date, calendar: WorkingCalendar) -> Iterator[Wanted]:
    """Yield the periods of a rule that have begun, from the one that holds its first day on, unless their due day was before it."""
    for period in calendar_periods(max(first, on - FARTHEST_BACK), on, MONTHS[rule.rhythm]):
        plain = period.last_day + timedelta(days=rule.due_days)
        if plain >= first:
            yield Wanted(rule, period, dated(plain, grace_days=rule.grace_days, calendar=calendar), min(plain, period.last_day))


def _missing(wanted: Collection[Wanted], *, issuer: int, on: date) -> list[Wanted]:
    """Return the periods that have another number of duties than there are firms: usually none, told by two statements."""
    since: dict[str, list[date]] = {}
    for row in rows(_FIRMS, (issuer, on)):
        since.setdefault(row.kind, []).extend([row.since] * row.many)
    made = {(row.rule, row.period_start, row.period_end): row.many for row in rows(_MADE, (issuer, on - FARTHEST_BACK, on))}

    def owed(one: Wanted) -> int:
        if one.rule.for_each is ForEach.ISSUER:
            return 1
        return sum(first <= one.newest for kind in KINDS[one.rule.for_each] for first in since.get(kind, ()))

    return [one for one in wanted if made.get((one.rule.key, one.period.start, one.period.end), 0) != owed(one)]


def _make(one: Wanted, *, issuer: int, regulation: str, on: date, at: datetime) -> int:
    """Make the missing duties of one rule and period; return how many."""
    rule, period, day = one.rule, one.period, one.day
    itself = [issuer] if rule.for_each is ForEach.ISSUER else []
    kinds = [kind.value for kind in KINDS.get(rule.for_each, ())]
    values = (
        issuer, rule.key, period.start, period.end, day.due_on, day.before_moving, day.late_from,
        day.late_from + timedelta(days=rule.escalate_days), at, *_copied(rule, regulation).values(),
        rule.owed_by is OwedBy.PARTNER, issuer, itself, kinds, issuer, on, one.newest, issuer, rule.key, period.start, period.end,
    )  # fmt: skip
    return len(rows(_MAKE, values))


def _copied(rule: DutyRule, regulation: str) -> dict[str, object]:
    """Return what a duty keeps of its rule, in the order of the statement."""
    return {
        "rhythm": rule.rhythm.value, "title_zh": rule.title.zh[:LONGEST_ZH], "title_en": rule.title.en,
        "task_zh": rule.task.zh, "task_en": rule.task.en,
        "clause": rule.clause, "regulation": regulation, "responsible": rule.responsible, "appraiser": rule.appraiser,
        "papers": list(rule.papers), "remind_days": list(rule.remind_days), "escalate_to": rule.escalate_to,
    }  # fmt: skip


def _starts(rules: Collection[DutyRule], *, issuer: int, first: date) -> dict[str, date]:
    """Since when each rule holds; a rule that is gone is forgotten, so that it begins anew if it comes back."""
    known = {start.rule: start for start in RuleStart.objects.filter(issuer_id=issuer)}
    wanted = {rule.key: rule for rule in rules}
    same = {key: start.since for key, start in known.items() if key in wanted and wanted[key].rhythm.value == start.rhythm}
    RuleStart.objects.filter(pk__in=[start.pk for key, start in known.items() if key not in same]).delete()
    new = [rule for rule in wanted.values() if rule.key not in same]
    RuleStart.objects.bulk_create([RuleStart(issuer_id=issuer, rule=rule.key, rhythm=rule.rhythm.value, since=first) for rule in new])
    return same | {rule.key: first for rule in new}


def _void_of_firms_that_left(issuer: int, on: date) -> list[tuple[int, str]]:
    """Void the open duties about or of firms whose time in the channel has ended."""
    left = Duty.objects.select_for_update(of=("self",)).filter(issuer_id=issuer, state=DutyState.OPEN.value)
    gone = list(left.filter(firm__valid__endswith__lte=on).order_by("pk").values_list("pk", flat=True))
    Duty.objects.filter(pk__in=gone).update(state=DutyState.VOID.value, void_reason=FIRM_LEFT)
    return [(duty, FIRM_LEFT) for duty in gone]


def _follow_the_rules(
    rules: Collection[DutyRule], *, issuer: int, regulation: str, calendar: WorkingCalendar, on: date
) -> int:  # fmt: skip
    """Let open duties that have not begun follow the rule as it is now; void those whose rule is gone. Return how many changed."""
    wanted = {(rule.key, rule.rhythm.value): rule for rule in rules}
    changed = []
    ahead = Duty.objects.select_for_update().filter(issuer_id=issuer, state=DutyState.OPEN.value, period_start__gt=on, key="")
    for duty in ahead.order_by("pk"):
        rule = wanted.get((duty.rule, duty.rhythm))
        if rule is None:
            duty.state, duty.void_reason = DutyState.VOID.value, RULE_GONE
        else:
            _rewrite(duty, rule, regulation=regulation, calendar=calendar)
        changed.append(duty)
    Duty.objects.bulk_update(changed, REWRITTEN, batch_size=500)
    return len(changed)


def _rewrite(duty: Duty, rule: DutyRule, *, regulation: str, calendar: WorkingCalendar) -> None:
    for field, value in _copied(rule, regulation).items():
        setattr(duty, field, value)
    day = dated(duty.period.last_day + timedelta(days=rule.due_days), grace_days=rule.grace_days, calendar=calendar)
    duty.due_on, duty.due_before_moving, duty.late_from = msgspec.structs.astuple(day)
    duty.escalate_on = day.late_from + timedelta(days=rule.escalate_days)
    duty.owed_by_id = duty.firm_id if rule.owed_by is OwedBy.PARTNER else duty.issuer_id
