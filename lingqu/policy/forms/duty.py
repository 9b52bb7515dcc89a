"""A duty rule as it is typed."""

from __future__ import annotations

from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule
from lingqu.duties.states import RHYTHM_WORDS, ForEach, OwedBy, Rhythm
from lingqu.policy.forms.typed import (
    LONGEST_TITLE,
    MOST_DAYS,
    Typed,
    clause_choices,
    post_choices,
    read_both,
    read_choice,
    read_whole,
)
from lingqu.policy.present.carriers import FOR_EACH_WORDS
from lingqu.policy.rules import Regulation, SetDuty

MOST_REMINDERS = 5
LONGEST_NUMBER = len(str(MOST_DAYS))
RHYTHMS = {rhythm.value: words for rhythm, words in RHYTHM_WORDS.items()}
EACH = {each.value: words for each, words in FOR_EACH_WORDS.items()}
OWED = {OwedBy.ISSUER.value: Text("总部的人员", "people of HQ"), OwedBy.PARTNER.value: Text("客户自己", "the partner itself")}


def duty_texts(rule: DutyRule) -> dict[str, str]:
    """Return what the fields of a duty hold before anything was typed."""
    return {
        "title-zh": rule.title.zh, "title-en": rule.title.en, "task-zh": rule.task.zh, "task-en": rule.task.en, "clause": rule.clause,
        "rhythm": rule.rhythm.value, "each": rule.for_each.value, "owed": rule.owed_by.value, "responsible": rule.responsible,
        "appraiser": rule.appraiser, "due": str(rule.due_days), "grace": str(rule.grace_days),
        "remind": ", ".join(map(str, rule.remind_days)), "escalate": str(rule.escalate_days), "escalate_to": rule.escalate_to,
    }  # fmt: skip


def read_duty(rule: DutyRule, regulation: Regulation, typed: Typed) -> SetDuty | None:
    """Return the change of a duty; what the form does not show (the kinds of papers) stays. None when something is wrong."""
    title = read_both(typed, "title", most=LONGEST_TITLE)
    task = read_both(typed, "task", needed=False) or Text("", "")
    clause = read_choice(typed, "clause", clause_choices(regulation))
    rhythm, each = read_choice(typed, "rhythm", RHYTHMS), read_choice(typed, "each", EACH)
    owed = read_choice(typed, "owed", OWED)
    responsible = read_choice(typed, "responsible", post_choices(empty=False, relations=True, outside=True))
    appraiser = read_choice(typed, "appraiser", post_choices())
    escalate_to = read_choice(typed, "escalate_to", post_choices())
    due = read_whole(typed, "due", least=-MOST_DAYS, most=MOST_DAYS)
    grace, escalate = read_whole(typed, "grace", least=0, most=MOST_DAYS), read_whole(typed, "escalate", least=0, most=MOST_DAYS)
    remind = _read_reminders(typed)
    if not typed.fits or title is None or due is None or grace is None or escalate is None:
        return None
    changed = DutyRule(
        key=rule.key, title=title, clause=clause, rhythm=Rhythm(rhythm), responsible=responsible, appraiser=appraiser, due_days=due,
        task=task, for_each=ForEach(each), owed_by=OwedBy(owed), grace_days=grace, remind_days=remind, escalate_days=escalate,
        escalate_to=escalate_to, papers=rule.papers,
    )  # fmt: skip
    return SetDuty(rule.key, changed)


def _read_reminders(typed: Typed) -> tuple[int, ...]:
    """Return the days before the due day on which people are reminded; blank: never."""
    words = typed.texts.get("remind", "").replace("，", ",").replace("、", ",")
    parts = [part.strip() for part in words.split(",") if part.strip()]
    if any(not part.isdecimal() or not part.isascii() or len(part) > LONGEST_NUMBER or int(part) > MOST_DAYS for part in parts):
        typed.error("remind", Text("请填天数，用逗号分开，如 3, 0。", "Numbers of days with commas between them, such as 3, 0."))
        return ()
    days = tuple(int(part) for part in parts)
    if len(days) > MOST_REMINDERS or len(set(days)) != len(days):
        typed.error("remind", Text(f"最多 {MOST_REMINDERS} 个，不能重复。", f"At most {MOST_REMINDERS}, each once."))
    return days
