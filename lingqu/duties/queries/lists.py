"""Lists of duties: mine and all, by state, rule and firm; what a month holds; who is late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from django.db.models import Count, F, Min, Q, QuerySet

from lingqu.base.period import Period
from lingqu.base.text import Text
from lingqu.duties.access import Reach, own_duties, visible_duties
from lingqu.duties.models import Duty
from lingqu.duties.states import DutyState, Rhythm
from lingqu.organisation.queries import Acting

TOGETHER = 30
NAMED = 5
WEEK = 7


class Asked(msgspec.Struct, frozen=True):
    """What a list is asked for: whose, in which state, of which rule and firm; `after` is the last row of the page before."""

    whose: str = "mine"
    state: str = "open"
    rule: str = ""
    firm: str = ""
    after: tuple[date, int] | None = None


class Group(msgspec.Struct, frozen=True):
    """All duties of one rule and period that are due on a day: how many, done, late; void ones are not counted."""

    rule: str
    title: Text
    clause: str
    rhythm: Rhythm
    period: Period
    due_on: date
    due_before_moving: date | None
    count: int
    done: int
    done_late: int
    late: int
    first: int
    appraisers: frozenset[str] = frozenset()
    firms: tuple[str, ...] = ()


def list_duties(asked: Asked, *, reach: Reach, on: date, most: int) -> list[Duty]:
    """Return duties as asked that the person may see: what is to do, soonest first; what is done or void, newest first."""
    found = Duty.objects.filter(own_duties(reach) if asked.whose == "mine" else visible_duties(reach.who))
    found = found.filter(_of_state(asked.state, on)).select_related("firm", "owed_by", "issuer", "paper", "done_by")
    if asked.rule:
        found = found.filter(rule=asked.rule)
    if asked.firm:
        found = found.filter(firm__code=asked.firm)
    if asked.state in {"open", "late"}:
        if asked.after:
            day, place = asked.after
            found = found.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=place))
        return list(found.order_by("due_on", "pk")[:most])
    if asked.after:
        day, place = asked.after
        found = found.filter(Q(due_on__lt=day) | Q(due_on=day, pk__lt=place))
    return list(found.order_by("-due_on", "-pk")[:most])


def _of_state(state: str, on: date) -> Q:
    conditions = {
        "open": Q(state=DutyState.OPEN.value),
        "late": Q(state=DutyState.OPEN.value, late_from__lte=on),
        "done": Q(state=DutyState.DONE.value),
        "done_late": Q(state=DutyState.DONE.value, late_days__gt=0),
        "void": Q(state=DutyState.VOID.value),
    }
    return conditions.get(state, Q())


def rules_seen(who: Acting) -> list[tuple[str, Text]]:
    """Return the rules of which the person sees duties, with their newest title, for a filter."""
    found = Duty.objects.filter(visible_duties(who)).order_by("rule", "-period_start", "-pk").distinct("rule")
    return [(rule, Text(zh, en)) for rule, zh, en in found.values_list("rule", "title_zh", "title_en")]


def together_with(duty: Duty, *, reach: Reach, on: date) -> list[Duty]:
    """Return the person's other open duties that one paper could fulfil with this one: owed by the same firm, begun, soonest first."""
    found = Duty.objects.filter(own_duties(reach), state=DutyState.OPEN.value, owed_by=duty.owed_by_id, period_start__lte=on, link="")
    return list(found.exclude(pk=duty.pk).select_related("firm").order_by("due_on", "pk")[:TOGETHER])


def month_groups(who: Acting, month: Period, *, on: date) -> list[Group]:
    """Return what is due in a month by rule and period, as far as the person sees it."""
    due = Duty.objects.filter(visible_duties(who), due_on__gte=month.start, due_on__lt=month.end).exclude(state=DutyState.VOID.value)
    return [_group(row) for row in _grouped(due, on)]


def late_groups(who: Acting, *, on: date) -> list[Group]:
    """Return what is late by rule and period, the longest first, with its appraisers and the first names of who owes it."""
    late = Duty.objects.filter(visible_duties(who), state=DutyState.OPEN.value, late_from__lte=on)
    names: dict[tuple[str, date, date], list[str]] = {}
    appraisers: dict[str, set[str]] = {}
    rows = late.order_by("due_on", "pk").values_list("rule", "period_start", "due_on", "appraiser", "firm__short_name")
    for rule, start, due_on, appraiser, name in rows:
        names.setdefault((rule, start, due_on), []).append(name)
        appraisers.setdefault(rule, set()).add(appraiser)
    groups = (_group(row) for row in _grouped(late, on))
    return [
        msgspec.structs.replace(
            group,
            appraisers=frozenset(appraisers.get(group.rule, ())),
            firms=tuple(names.get((group.rule, group.period.start, group.due_on), ())[:NAMED]),
        )
        for group in groups
    ]


def duties_due(*, issuer: int, rule: str, on: date) -> QuerySet[Duty]:
    """Return the open duties of a rule that are late on the day, for reminding."""
    return Duty.objects.filter(issuer_id=issuer, rule=rule, state=DutyState.OPEN.value, late_from__lte=on).order_by("pk")


def _grouped(duties: QuerySet[Duty], on: date) -> list[dict[str, Any]]:
    by = ("rule", "title_zh", "title_en", "clause", "rhythm", "period_start", "period_end", "due_on", "due_before_moving")
    done = Q(state=DutyState.DONE.value)
    return list(
        duties.order_by()
        .values(*by)
        .annotate(
            count=Count("pk"), done=Count("pk", filter=done), done_late=Count("pk", filter=done & Q(late_days__gt=0)),
            late=Count("pk", filter=Q(state=DutyState.OPEN.value, late_from__lte=on)), first=Min("pk"),
        )
        .order_by("due_on", "rule", F("period_start"))
    )  # fmt: skip


def _group(row: dict[str, Any]) -> Group:
    title = Text(row.pop("title_zh"), row.pop("title_en"))
    period = Period(row.pop("period_start"), row.pop("period_end"))
    return Group(title=title, period=period, rhythm=Rhythm(row.pop("rhythm")), **row)


def within_a_week(on: date) -> Q:
    """Return the condition for open duties that are late or due within seven days."""
    return Q(state=DutyState.OPEN.value, due_on__lte=on + timedelta(days=WEEK))
