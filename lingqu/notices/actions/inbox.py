"""Tell people something once, and keep what they have read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from django.contrib.auth.hashers import check_password
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.database import rows, run
from lingqu.base.refusal import bad_input
from lingqu.base.text import LANGUAGES, Language, Text
from lingqu.notices.actions.outbox import wake_worker
from lingqu.notices.actions.telling import tell
from lingqu.notices.models import Channel, Notice, Reach
from lingqu.notices.queries import reach_of
from lingqu.notices.rules import Message, wrong_email
from lingqu.notices.states import ChannelKind
from lingqu.organisation.queries import Acting, sign_in_of

_MAIL = """
INSERT INTO notices_sending
       (channel_id, key, person_id, payload, stable_id, state, once, attempts, made_at, next_at, answer_code, last_error)
SELECT %s, %s, person_id, %s::jsonb, gen_random_uuid(), 'waiting', false, 0, %s, %s, '', ''
  FROM notices_reach WHERE wants_email AND person_id = ANY(%s::bigint[]) ORDER BY person_id
ON CONFLICT (channel_id, key, person_id) DO NOTHING RETURNING id
"""
_GROUP = """
INSERT INTO notices_sending
       (channel_id, key, person_id, payload, stable_id, state, once, attempts, made_at, next_at, answer_code, last_error)
SELECT %s, %s, NULL, %s::jsonb, gen_random_uuid(), 'waiting', false, 0, %s, %s, '', ''
 WHERE EXISTS (SELECT FROM organisation_person WHERE firm_id = %s AND id = ANY(%s::bigint[]))
ON CONFLICT (channel_id, key, person_id) DO NOTHING RETURNING id
"""


@transaction.atomic
def notify(message: Message, *, to: Collection[int], at: datetime) -> None:
    """Tell people (Person ids, up to some 5,000) something: one line in each inbox, once for each message key.

    Who is told for the first time also gets it by mail if they wish, and the groups of their firm are told once. These messages are
    written as rows, and the job that sends them is deferred, in the caller's transaction: rolled back, nobody is ever told.
    A missing channel is no error, an unknown person is left out.
    """
    told = tell(message, to=to, at=at)
    if told and _put_out(message, told, at=at):
        wake_worker()


def _put_out(message: Message, told: list[int], *, at: datetime) -> int:
    """Write what goes out to who was told, and return how many: mail by the first channel that takes it, one for each group of a firm."""
    payload = msgspec.json.encode(message).decode()
    mailed, written = False, 0
    for channel in Channel.objects.filter(active=True).order_by("id"):
        if channel.kinds and message.kind not in channel.kinds:
            continue
        if channel.kind == ChannelKind.EMAIL.value:
            written += 0 if mailed else len(rows(_MAIL, (channel.pk, message.key, payload, at, at, told)))
            mailed = True
        else:
            written += len(rows(_GROUP, (channel.pk, message.key, payload, at, at, channel.firm_id, told)))
    return written


_PUT_AWAY = """
UPDATE notices_notice SET read_at = %s WHERE person_id = ANY(%s::bigint[]) AND key = ANY(%s::text[]) AND read_at IS NULL
"""


@transaction.atomic
def put_away(keys: Collection[str], *, people: Collection[int], at: datetime) -> None:
    """Mark messages as read for people, because what they ask for is done: nobody need look again.

    A message that is still on its way out is sent all the same.
    """
    run(_PUT_AWAY, (at, sorted(set(people)), sorted(set(keys))))


_READ = "UPDATE notices_notice SET read_at = %s WHERE person_id = %s AND read_at IS NULL AND id = ANY(%s::bigint[])"
_READ_ALL = "UPDATE notices_notice SET read_at = %s WHERE person_id = %s AND read_at IS NULL AND id <= %s"


@transaction.atomic
def mark_read(notices: Collection[int] | None, *, by: Acting, at: datetime, up_to: int | None = None) -> None:
    """Mark the person's own notices as read: those of the ids, or with None all up to the id `up_to` (what the page had shown).

    Other people's notices stay as they are, whatever ids are given. Reading is no deed: nothing is recorded.
    """
    if notices is None:
        newest = Notice.objects.filter(person_id=by.person).order_by("-id").values_list("pk", flat=True).first()
        run(_READ_ALL, (at, by.person, newest if up_to is None else up_to))
    else:
        run(_READ, (at, by.person, sorted(set(notices))))


@transaction.atomic
def set_reach(email: str, *, wants_email: bool, language: Language, by: Acting, at: datetime, password: str = "") -> Reach:
    """Keep where the person wants to be reached and return it.

    Refuses what is no e-mail address, mail without one, and another address than before without the person's password: who has the
    address can set a new one. Whoever calls it counts the try.
    """
    wrong = wrong_email(email) if email else None
    if wrong:
        raise bad_input("email", wrong)
    if wants_email and not email:
        raise bad_input("email", Text("请填写邮箱，或取消邮件通知。", "Enter an address, or take no mail."))
    if language not in LANGUAGES:
        raise bad_input("language", Text("请选择语言。", "Choose a language."))
    account = sign_in_of(by.person)
    if account and email not in {"", reach_of(by.person).email} and not check_password(password, account.password):
        text = Text("请输入您的登录密码，才能更换邮箱。", "Another address needs your password.")
        wrong_one = Text("密码不对，邮箱没有更换。", "The password is wrong; the address was not changed.")
        raise bad_input("password", wrong_one if password else text)
    reach, _ = Reach.objects.update_or_create(
        person_id=by.person, defaults={"email": email, "wants_email": wants_email, "language": language}
    )
    # The address is personal: the record names the field, not the value.
    record([Deed("set_reach", "person", by.person, {"wants_email": wants_email, "language": language})], by=by.person, at=at)
    return reach
