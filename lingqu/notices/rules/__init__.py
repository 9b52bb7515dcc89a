"""Pure rules of notices: what a message is, how each channel is spoken to, when to try again. No Django, no database, no clock."""

from __future__ import annotations

from lingqu.notices.rules.bots import Answer, BotPost, bot_post, read_answer
from lingqu.notices.rules.channel import NewChannel, address_problem, channel_problems, shown_address, wrong_email
from lingqu.notices.rules.message import Message, clean, fit_bytes, mask_amounts, words_to_send
from lingqu.notices.rules.pace import GIVE_UP_AFTER, free_at, next_try

__all__ = [
    "GIVE_UP_AFTER",
    "Answer",
    "BotPost",
    "Message",
    "NewChannel",
    "address_problem",
    "bot_post",
    "channel_problems",
    "clean",
    "fit_bytes",
    "free_at",
    "mask_amounts",
    "next_try",
    "read_answer",
    "shown_address",
    "words_to_send",
    "wrong_email",
]
