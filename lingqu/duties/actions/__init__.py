"""Everything that changes duties: making and moving them, handing in, asking again, reminding, and the years of the calendar."""

from __future__ import annotations

from lingqu.duties.actions.calendar import import_calendar
from lingqu.duties.actions.make import make_duties
from lingqu.duties.actions.papers import NewPaper, fulfil, give_feedback, hand_in
from lingqu.duties.actions.remind import remind_late, send_reminders
from lingqu.duties.actions.single import NewDuty, ask_duty, settle_asked
from lingqu.duties.actions.verbs import reopen_duty, void_duty

__all__ = [
    "NewDuty", "NewPaper", "ask_duty", "fulfil", "give_feedback", "hand_in", "import_calendar", "make_duties", "remind_late",
    "reopen_duty", "send_reminders", "settle_asked", "void_duty",
]  # fmt: skip
