"""Verbs of notices: tell people, mark as read, set up channels, send what waits."""

from __future__ import annotations

from lingqu.notices.actions.channels import add_channel, change_channel, send_test, switch_channel
from lingqu.notices.actions.forgotten import MailNotTakenError, ask_reset, mail_reset
from lingqu.notices.actions.inbox import mark_read, notify, put_away, set_reach
from lingqu.notices.actions.outbox import deliver_next

__all__ = [
    "MailNotTakenError",
    "add_channel",
    "ask_reset",
    "change_channel",
    "deliver_next",
    "mail_reset",
    "mark_read",
    "notify",
    "put_away",
    "send_test",
    "set_reach",
    "switch_channel",
]
