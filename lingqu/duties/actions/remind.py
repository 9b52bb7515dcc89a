"""Remind of what comes, tell what is late, and escalate: everybody once for each day, however often it runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet

from lingqu.audit.actions import Deed, record
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.duties.access import POSTS, may_remind
from lingqu.duties.models import Duty
from lingqu.duties.queries import duties_due, holders, people_of_relation, responsible_people
from lingqu.duties.rules import lateness, period_words, reminder_due
from lingqu.duties.states import DutyState, Rhythm
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import Acting

FARTHEST_REMINDER = timedelta(days=60)
KIND = "duty"
NAMED = 8
Words = Callable[[Duty, int], tuple[Text, Text]]


class Telling(msgspec.Struct, frozen=True):
    """One message: duties of one rule and period, and whom it goes to; `each` when every one of them owes just one of the duties."""

    duties: tuple[Duty, ...]
    people: frozenset[int]
    each: bool = False


@transaction.atomic
def send_reminders(*, on: date, at: datetime) -> int:
    """Tell people of open duties: reminders before the due day, lateness after it, and those above; return how many messages went out.

    Each is served once: what was served is noted at the duty, and the message has a stable key. After downtime only the newest reminder
    is sent. Several duties of one rule and day go to the same people as one message. A duty that nobody holds waits for its holder.
    """
    return _remind(on, at) + _tell_late(on, at) + _escalate(on, at)


@transaction.atomic
def remind_late(rule: str, *, by: Acting, on: date, at: datetime) -> int:
    """Remind everybody who is late with a rule of the person's firm, once a day; return how many people were told.

    Its appraisers and the firm's managers may; others are refused (403), and so is a rule with which nobody is late.
    """
    late = list(duties_due(issuer=by.firm, rule=rule, on=on).select_related("firm")) if "\x00" not in rule else []
    if not may_remind(by, by.firm, frozenset(duty.appraiser for duty in late)):
        raise forbidden(Text("催报由考核人或总部营销负责人发出。", "Its appraiser or HQ's managers remind."))
    if not late:
        raise Refusal("nobody_late", Text("现在没有迟报，不必催。", "Nobody is late with it now."))
    tellings = _tellings(late, responsible_people(late, on=on))
    for telling in tellings:
        _notify(telling, key=f"asked:{on}", words=lambda duty, many: _late_words(duty, many, on), urgent=True, at=at)
    told = frozenset(person for telling in tellings for person in telling.people)
    record([Deed("remind", "duty", duty.pk, {"on": str(on)}) for duty in late], by=by.person, at=at)
    return len(told)


def _remind(on: date, at: datetime) -> int:
    near = Duty.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=DutyState.OPEN.value, due_on__gte=on, due_on__lte=on + FARTHEST_REMINDER
    )  # fmt: skip
    wanted: dict[int, date] = {}
    due: list[Duty] = []
    for duty in near.select_related("firm").order_by("pk"):
        day = reminder_due(duty.due_on, duty.remind_days, on=on, last=duty.reminded)
        if day is not None:
            wanted[duty.pk] = day
            due.append(duty)
    people = responsible_people(due, on=on)
    for telling in _tellings(due, people, apart=lambda duty: wanted[duty.pk]):
        key = f"due:{wanted[telling.duties[0].pk]}"
        _notify(telling, key=key, words=lambda duty, many: _due_words(duty, many, on), urgent=False, at=at)
    served = [duty for duty in due if people[duty.pk]]
    for duty in served:
        duty.reminded = wanted[duty.pk]
    Duty.objects.bulk_update(served, ["reminded"], batch_size=500)
    return len(served)


def _tell_late(on: date, at: datetime) -> int:
    duties = list(_late(on).filter(late_told_at__isnull=True).select_related("firm").order_by("pk"))
    people = responsible_people(duties, on=on)
    for telling in _tellings(duties, people):
        _notify(telling, key="late", words=lambda duty, many: _late_words(duty, many, on), urgent=True, at=at)
    told = [duty.pk for duty in duties if people[duty.pk]]
    Duty.objects.filter(pk__in=told).update(late_told_at=at)
    return len(told)


def _escalate(on: date, at: datetime) -> int:
    late = _late(on).filter(~Q(escalate_to=""), escalated_at__isnull=True, escalate_on__lte=on)
    duties = list(late.select_related("firm").order_by("pk"))
    people = _people_above(duties, on)
    for telling in _tellings(duties, people):
        _notify(telling, key="above", words=lambda duty, many: _above_words(duty, many, on), urgent=True, at=at, names=True)
    told = [duty.pk for duty in duties if people[duty.pk]]
    Duty.objects.filter(pk__in=told).update(escalated_at=at)
    return len(told)


def _late(on: date) -> QuerySet[Duty]:
    locked = Duty.objects.select_for_update(of=("self",), skip_locked=True)
    return locked.filter(state=DutyState.OPEN.value, late_from__lte=on)


def _people_above(duties: Collection[Duty], on: date) -> dict[int, frozenset[int]]:
    """Who is told that a duty is late: the holders of a post at the issuer, or who stands in a relation to the firm."""
    by_post = holders([(duty.escalate_to, duty.issuer_id) for duty in duties if duty.escalate_to in POSTS], on=on)
    return {
        duty.pk: by_post[duty.escalate_to, duty.issuer_id]
        if duty.escalate_to in POSTS
        else people_of_relation(duty.escalate_to, about=duty.firm_id, decider=duty.issuer_id, on=on)
        for duty in duties
    }


def _tellings(
    duties: Iterable[Duty], people: Mapping[int, frozenset[int]], *, apart: Callable[[Duty], object] = lambda duty: duty.due_on
) -> list[Telling]:  # fmt: skip
    """Put duties of one rule, period and day together: one message for all who owe one of them, another for each who owes several.

    So a reminder to a thousand agents is one message, not a thousand. What nobody holds is left out.
    """
    heaps: dict[tuple[object, ...], list[Duty]] = {}
    for duty in duties:
        if people[duty.pk]:
            heaps.setdefault((duty.issuer_id, duty.rule, duty.period_start, apart(duty), duty.asked), []).append(duty)
    found = []
    for heap in heaps.values():
        owing: dict[int, list[Duty]] = {}
        for duty in heap:
            for person in people[duty.pk]:
                owing.setdefault(person, []).append(duty)
        same: dict[tuple[int, ...], set[int]] = {}
        for person, owed in owing.items():
            same.setdefault(tuple(duty.pk for duty in owed) if len(owed) > 1 else (), set()).add(person)
        by_id = {duty.pk: duty for duty in heap}
        for places, persons in sorted(same.items()):
            owed = [by_id[place] for place in places] if places else [duty for duty in heap if people[duty.pk] & persons]
            found.append(Telling(tuple(owed), frozenset(persons), not places))
    return found


def _notify(telling: Telling, *, key: str, words: Words, urgent: bool, at: datetime, names: bool = False) -> None:
    first, many = telling.duties[0], 1 if telling.each else len(telling.duties)
    title, body = words(first, many)
    if many > 1 or names or first.rhythm == Rhythm.ONCE.value:
        short = [duty.firm.short_name for duty in telling.duties[:NAMED]]
        more = len(telling.duties) > len(short)
        body = Text(
            f"{body.zh}：{'、'.join(short)}{f' 等 {len(telling.duties)} 家' if more else ''}",
            f"{body.en}: {', '.join(short)}{f' and {len(telling.duties) - len(short)} more' if more else ''}",
        )
    everybody = "who=all&" if names else ""
    link = f"/duties/{first.pk}/" if len(telling.duties) == 1 else f"/duties/?{everybody}rule={first.rule}"
    message = Message(f"duty:{first.pk}:{first.asked}:{key}", KIND, title, body, link, urgent=urgent)
    notify(message, to=telling.people, at=at)


def _name(duty: Duty) -> tuple[str, str]:
    words = period_words(duty.period, Rhythm(duty.rhythm))
    return f"{words.zh} {duty.title_zh}", f"{duty.title_en}, {words.en}"


def _due_words(duty: Duty, many: int, on: date) -> tuple[Text, Text]:
    zh, en = _name(duty)
    left = (duty.due_on - on).days
    when = Text(f"还有 {left} 天到期", f"due in {left} days") if left else Text("今天到期", "due today")
    count = Text(f"（{many} 项）", f" ({many})") if many > 1 else Text("", "")
    day = Text(f"{duty.due_on} 到期", f"Due {duty.due_on}")
    if duty.due_before_moving:
        day = Text(f"原定 {duty.due_before_moving}，顺延到 {duty.due_on}", f"Due {duty.due_on}, moved from {duty.due_before_moving}")
    return Text(f"{zh}{count.zh}{when.zh}", f"{en}{count.en}: {when.en}"), day


def _late_words(duty: Duty, many: int, on: date) -> tuple[Text, Text]:
    zh, en = _name(duty)
    days = lateness(duty.late_from, on)
    count = Text(f"（{many} 项）", f" ({many})") if many > 1 else Text("", "")
    return Text(f"{zh}{count.zh}已迟 {days} 天，请补交", f"{en}{count.en} is {days} days late"), Text(
        f"应于 {duty.due_on}", f"Due {duty.due_on}"
    )


def _above_words(duty: Duty, many: int, on: date) -> tuple[Text, Text]:
    zh, en = _name(duty)
    days = lateness(duty.late_from, on)
    title = Text(f"{zh}：{many} 项迟 {days} 天未交", f"{en}: {many} late by {days} days")
    return title, Text(f"应于 {duty.due_on}，请督促", f"Due {duty.due_on}; see to it")
