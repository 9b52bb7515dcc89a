"""Pages of duties: lists, one duty with its papers, the months, and the working calendar."""

from __future__ import annotations

from lingqu.duties.views.calendar import duty_calendar, holiday_template, remind_all, working_calendar_page
from lingqu.duties.views.duty import ask_again, attachment, duty, hand_in_paper, remark, void
from lingqu.duties.views.lists import duties

__all__ = [
    "ask_again",
    "attachment",
    "duties",
    "duty",
    "duty_calendar",
    "hand_in_paper",
    "holiday_template",
    "remark",
    "remind_all",
    "void",
    "working_calendar_page",
]
