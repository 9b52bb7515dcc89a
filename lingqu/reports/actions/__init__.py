"""What is done with reports of partners. A door of this module."""

from lingqu.reports.actions.answering import answer_report, ask_back
from lingqu.reports.actions.reporting import change_report, make_report

__all__ = ["answer_report", "ask_back", "change_report", "make_report"]
