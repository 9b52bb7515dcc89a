"""The outbox: what waits is sent one by one, each in a transaction of its own that holds the channel while the message is on its way.

Dying between the sending and the commit leaves the row as it was, and it is sent again with the same stable id: at least once. Two
workers never hold the same channel, so they never send the same row, and the pace of a channel is kept.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic, rows
from lingqu.base.text import LANGUAGES, Language, Text
from lingqu.notices.actions.mail import send_mail
from lingqu.notices.actions.telling import tell
from lingqu.notices.actions.wire import post
from lingqu.notices.models import Channel, Reach, Sending
from lingqu.notices.queries import extra_hosts, managers_of
from lingqu.notices.rules import Answer, Message, address_problem, bot_post, free_at, next_try, read_answer, words_to_send
from lingqu.notices.rules.message import HIDDEN
from lingqu.notices.rules.pace import MOST_REMEMBERED
from lingqu.notices.states import OPEN_STATES, SENDINGS, ChannelKind, SendingState, SendingVerb

JOB = "notices.send_waiting"
MOST_ERROR = 300
MARK_LENGTH = 8
# The channel is locked first and alone: whoever skips a busy channel must not keep locks on its messages, or two workers wait for each
# other. NO KEY UPDATE: whoever writes new sendings for it meanwhile needs only its key, and does not wait for a slow service.
_CHANNEL = """
SELECT c.id FROM notices_channel c
 WHERE c.active
   AND EXISTS (SELECT FROM notices_sending s WHERE s.channel_id = c.id AND s.state IN ('waiting', 'failed') AND s.next_at <= %s)
 ORDER BY (SELECT min(s.next_at) FROM notices_sending s WHERE s.channel_id = c.id AND s.state IN ('waiting', 'failed')), c.id
 LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED
"""
_NEXT = """
SELECT id FROM notices_sending
 WHERE channel_id = %s AND state IN ('waiting', 'failed') AND next_at <= %s ORDER BY next_at, id LIMIT 1 FOR NO KEY UPDATE
"""


def wake_worker() -> None:
    """Defer the job that sends, on this connection and in this transaction: it exists only if what it is to send does."""
    must_be_atomic()
    # Not through the app: in the worker it speaks through a connection of its own, which is no part of the transaction.
    configure_task(name=JOB, job_manager=JobManager(DjangoConnector())).defer()


@transaction.atomic
def deliver_next(*, at: datetime) -> bool:
    """Send the next message that is due on a channel that nobody else is using; return False when nothing is due there.

    A channel that was used too often in the last minute rests: its messages are put off, and nothing is sent.
    """
    held = rows(_CHANNEL, (at,))
    if not held:
        return False
    found = rows(_NEXT, (held[0].id, at))
    if not found:
        return True  # somebody has just sent it
    sending = Sending.objects.select_related("channel").get(pk=found[0].id)
    channel = sending.channel
    tries = Sending.objects.filter(channel=channel, tried_at__isnull=False).order_by("-tried_at").values_list("tried_at", flat=True)
    free = free_at(ChannelKind(channel.kind), [tried for tried in tries[:MOST_REMEMBERED] if tried], at=at)
    if free > at:
        due = Sending.objects.filter(channel=channel, state__in=[state.value for state in OPEN_STATES], next_at__lte=at)
        due.update(next_at=free)
        return True
    try:
        answer = _send(sending, at=at)
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError):
        # One message that cannot be written must not stop all that stand behind it.
        answer = Answer(taken=False, code="unreadable_message")
    sending.tried_at, sending.attempts = at, sending.attempts + 1
    sending.answer_code, sending.last_error = answer.code, "" if answer.taken else _without_secrets(answer.words, channel)
    _move(sending, answer, at=at)
    sending.save(update_fields=["tried_at", "attempts", "answer_code", "last_error", "state", "next_at"])
    return True


def _move(sending: Sending, answer: Answer, *, at: datetime) -> None:
    again = None if sending.once else next_try(sending.attempts, first_at=sending.made_at, at=at)
    verb = SendingVerb.SEND if answer.taken else SendingVerb.FAIL if again else SendingVerb.GIVE_UP
    state = SENDINGS.next(SendingState(sending.state), verb)
    sending.state, sending.next_at = state.value, again or at
    if state is SendingState.GIVEN_UP and not sending.once:
        _tell_managers(sending.channel, at=at)


def _send(sending: Sending, *, at: datetime) -> Answer:
    """Send one message now and return the answer; whatever goes wrong on the way is an answer too."""
    channel, kind = sending.channel, ChannelKind(sending.channel.kind)
    message = msgspec.convert(sending.payload, Message)
    mark = str(sending.stable_id)[:MARK_LENGTH]
    if kind is ChannelKind.EMAIL:
        reach = Reach.objects.filter(person=sending.person).exclude(email="").first()
        if reach is None:
            return Answer(taken=False, code="no_address")
        words = words_to_send(message, language=_language(reach.language), site=site_address(), mark=mark, for_group=False)
        return send_mail(channel, to=reach.email, words=words, stable_id=str(sending.stable_id), at=at)
    wrong = address_problem(kind, channel.address, extra_hosts=extra_hosts())
    if wrong:
        return Answer(taken=False, code="wrong_address")
    words = words_to_send(message, language=_language(channel.language), site=site_address(), mark=mark, for_group=True)
    ready = bot_post(kind, words, address=channel.address, secret=channel.secret, at=at)
    told = post(ready, stable_id=str(sending.stable_id))
    return told if isinstance(told, Answer) else read_answer(kind, *told)


def site_address() -> str:
    """Return the product's address as people outside reach it, the first of LINGQU_ORIGINS; empty when none is set."""
    return next((origin.rstrip("/") for origin in settings.CSRF_TRUSTED_ORIGINS if "*" not in origin), "")


def _language(words: str) -> Language:
    return next((language for language in LANGUAGES if language == words), LANGUAGES[0])


def _without_secrets(words: str, channel: Channel) -> str:
    """Return what a service said with every secret of the channel taken out: it may repeat what it was sent."""
    for secret in (channel.address if channel.kind != ChannelKind.EMAIL.value else "", channel.secret, *_values(channel)):
        words = words.replace(secret, HIDDEN) if secret else words
    return words[:MOST_ERROR]


def _values(channel: Channel) -> list[str]:
    """Return the parts of a robot's address that open it: the last part of the path and the values of the query."""
    if channel.kind == ChannelKind.EMAIL.value:
        return []
    path, _, query = channel.address.partition("?")
    return [part.partition("=")[2] for part in query.split("&") if part] or [path.rpartition("/")[2]]


def _tell_managers(channel: Channel, *, at: datetime) -> None:
    """Tell those who set up channels that a message was given up, once a day; in their inbox only: a broken channel reaches nobody."""
    day = china_day(at)
    message = Message(
        f"channel:{channel.pk}:given-up:{day}", "channel",
        Text(f"渠道“{channel.name}”有消息 24 小时没能发出", f"On the channel “{channel.name}” a message could not be sent for 24 hours"),
        Text("消息只留在收件箱。请检查后发一条测试消息。", "It stays in the inbox only. Check the channel, then send a test."),
        "/notices/channels", urgent=True,
    )  # fmt: skip
    tell(message, to=managers_of(channel.firm_id, on=day), at=at)
