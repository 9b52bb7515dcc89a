"""Duties as pages show them: how long, what, of whom, and in which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from lingqu.audit.models import Fact
from lingqu.base.period import Period
from lingqu.base.templatetags.words import WEEKDAYS
from lingqu.base.text import Text
from lingqu.duties.models import Duty
from lingqu.duties.queries import Group, KnownYear
from lingqu.duties.rules import lateness, period_words
from lingqu.duties.states import DUTIES, PAPER_WORDS, RELATION_WORDS, VOID_WORDS, DutyState, Rhythm
from lingqu.organisation.states import POST_WORDS, PostCode

SOON = 7
WEEK = 7
SHOWN_OF_A_DAY = 4
STATE_CHOICES = {
    "open": Text("待办", "To do"),
    "late": Text("迟报", "Late"),
    "done": Text("已完成", "Done"),
    "done_late": Text("迟交", "Done late"),
    "void": Text("已作废", "Void"),
    "all": Text("全部", "All"),
}
FACT_WORDS = {
    "ask": ("blue", Text("提出", "Asked for")),
    "hand_in": ("green", Text("提交", "Handed in")),
    "reopen": ("amber", Text("退回重交", "Asked again")),
    "void": ("grey", Text("作废", "Voided")),
    "move": ("blue", Text("到期日随放假安排移动", "Moved with the working calendar")),
    "remind": ("blue", Text("催报", "Reminded")),
}


def post_or_relation(code: str) -> Text:
    """Return the words of a post or relation that a duty names; one that this version does not know reads as it is written."""
    if code in RELATION_WORDS:
        return RELATION_WORDS[code]
    known = code in PostCode._value2member_map_
    return POST_WORDS[PostCode(code)] if known else Text(f"岗位 {code}", code) if code else Text("—", "—")


def paper_words(kind: str) -> Text:
    """Return the words of a kind of paper; one that this version does not know reads as the regulation writes it."""
    return PAPER_WORDS.get(kind) or Text(f"文件 {kind}", kind)


def title_of(duty: Duty) -> Text:
    """Return a duty's title in both languages."""
    return Text(duty.title_zh, duty.title_en)


def moved_words(before: date | None, due_on: date, *, on: date) -> Text | None:
    """Return 原定 12-05 周六，顺延到 12-07, or None where no day off moved the due day; the year stands only when it is not today's."""
    if before is None:
        return None
    old = f"{before:%m-%d}" if before.year == on.year else before.isoformat()
    new = f"{due_on:%m-%d}" if due_on.year in {on.year, before.year} else due_on.isoformat()
    words = WEEKDAYS[before.weekday()]
    return Text(f"原定 {old} {words.zh}，顺延到 {new}", f"{old} is a {words.en}, so {new}")


def time_words(duty: Duty, on: date) -> tuple[str, Text]:
    """Return tone and words of how long is left of a duty, or how late it is or was."""
    if duty.state == DutyState.VOID.value:
        return "grey", DUTIES.words[DutyState.VOID]
    if duty.state == DutyState.DONE.value:
        late = duty.late_days or 0
        return ("red", Text(f"迟 {late} 天", f"{late} days late")) if late else ("green", Text("按时", "in time"))
    late = lateness(duty.late_from, on)
    if late:
        return "red", Text(f"迟 {late} 天", f"{late} days late" if late > 1 else "1 day late")
    left = (duty.due_on - on).days
    if left < 0:
        return "amber", Text("宽限期内", "in grace")
    if left == 0:
        return "amber", Text("今日", "today")
    return "amber" if left <= SOON else "grey", Text(f"{left} 天", f"{left} days" if left > 1 else "1 day")


def state_words(duty: Duty, on: date) -> tuple[str, Text]:
    """Return the kind (a key of STATES) and words of a duty's state."""
    state = DutyState(duty.state)
    if state is DutyState.OPEN and lateness(duty.late_from, on):
        return "late", Text("迟报", "Late")
    if state is DutyState.DONE and duty.late_days:
        return "late", Text(f"迟交 {duty.late_days} 天", f"{duty.late_days} d late")
    kind = {DutyState.OPEN: "open", DutyState.DONE: "done", DutyState.VOID: "cancelled"}[state]
    return kind, DUTIES.words[state]


def row_of(duty: Duty, *, on: date, mine: bool) -> dict[str, Any]:
    """Return a duty as one row: how long, what, about whom, who appraises, its clause, and its one verb."""
    tone, left = time_words(duty, on)
    kind, state = state_words(duty, on)
    pack, version = duty.regulation.split("/")[:2]
    about_other = duty.firm_id != duty.issuer_id and not (mine and duty.firm_id == duty.owed_by_id)
    return {
        "id": duty.pk, "title": title_of(duty), "period": period_words(duty.period, Rhythm(duty.rhythm)), "firm": duty.firm.name,
        "about_other": about_other, "responsible": post_or_relation(duty.responsible),
        "owed_by": duty.owed_by.name, "appraiser": post_or_relation(duty.appraiser), "clause": duty.clause, "due_on": duty.due_on,
        "clause_url": f"/regulation/{pack}/v{version}/{duty.clause}", "version": version,
        "moved": moved_words(duty.due_before_moving, duty.due_on, on=on), "tone": tone, "left": left, "kind": kind, "state": state,
        "late": tone == "red" and duty.state == DutyState.OPEN.value,
        "to_do": mine and duty.state == DutyState.OPEN.value, "done_at": duty.done_at, "paper": duty.paper,
        "done_by": duty.done_by.name if duty.done_by else "",
    }  # fmt: skip


def void_words(duty: Duty) -> Text | str:
    """Return why a duty was voided."""
    return VOID_WORDS.get(duty.void_reason, duty.void_reason)


def history_of(facts: Iterable[Fact], people: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return what happened to a duty as events of a timeline, latest first."""
    events = []
    for fact in facts:
        tone, words = FACT_WORDS.get(fact.verb, ("grey", Text("变更", "Changed")))
        note = people.get(fact.person or 0, "")
        if fact.on_behalf_of:
            absent = people.get(fact.on_behalf_of, "")
            note = str(Text(f"{note}（代 {absent}）", f"{note} (for {absent})"))
        said = [note, *_said(fact)]
        events.append({"tone": tone, "text": words, "at": fact.at, "note": " · ".join(part for part in said if part)})
    return events[::-1]


def _said(fact: Fact) -> list[str]:
    said = []
    if fact.verb == "move":
        said.append(f"{fact.before.get('due_on', '')} → {fact.after.get('due_on', '')}")
    if "reason" in fact.after:
        reason = str(fact.after["reason"])
        said.append(str(VOID_WORDS.get(reason, reason)))
    if fact.after.get("paper"):
        said.append(str(fact.after["paper"]))
    late = fact.after.get("late_days")
    if late:
        said.append(str(Text(f"迟 {late} 天", f"{late} days late")))
    return said


def group_of(group: Group, *, on: date) -> dict[str, Any]:
    """Return duties of one rule, period and day as one row of the calendar."""
    open_count = group.count - group.done
    tone = "red" if group.late else "green" if not open_count else "amber" if (group.due_on - on).days <= SOON else "grey"
    return {
        "rule": group.rule, "title": group.title, "period": period_words(group.period, group.rhythm), "clause": group.clause,
        "due_on": group.due_on, "moved": moved_words(group.due_before_moving, group.due_on, on=on), "count": group.count,
        "done": group.done,
        "done_late": group.done_late, "open": open_count, "late": group.late, "first": group.first, "tone": tone, "firms": group.firms,
        "more": max(group.count - len(group.firms), 0), "state": "late" if group.late else "open" if open_count else "done",
    }  # fmt: skip


def weeks_of(month: Period, groups: Sequence[dict[str, Any]], *, on: date, works: Mapping[date, bool]) -> list[list[dict[str, Any]]]:
    """Return the weeks of a month from Monday to Sunday, each day with what is due on it; the days of other months are marked."""
    day = month.start - timedelta(days=month.start.weekday())
    due: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        due[group["due_on"]].append(group)
    weeks = []
    while day <= month.last_day:
        inside = [day + timedelta(days=place) for place in range(WEEK)]
        weeks.append(
            [
                {
                    "day": one, "inside": month.holds(one), "today": one == on, "off": not works.get(one, True),
                    "swapped": works.get(one, True) is not (one.weekday() < WEEK - 2),
                    "rows": due[one][:SHOWN_OF_A_DAY], "more": max(len(due[one]) - SHOWN_OF_A_DAY, 0),
                }
                for one in inside
            ]
        )  # fmt: skip
        day += timedelta(days=WEEK)
    return weeks


def year_rows(years: Iterable[KnownYear]) -> list[dict[str, Any]]:
    """Return the years of the working calendar with where each is known from, and what is unusual in those imported."""
    rows = []
    for year in years:
        days = year.imported.days if year.imported else {}
        rows.append(
            {
                "year": year.year, "published": year.published, "imported": year.imported, "brought": year.brought,
                "off": sum(not works for works in days.values()), "worked": [day for day, works in sorted(days.items()) if works],
            }
        )  # fmt: skip
    return rows
