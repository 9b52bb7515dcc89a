"""A forgotten password: who asks is mailed a link to set a new one, at the address that they keep here.

Asking is answered alike whether there is such a name, whether it has an address, and whether a mail leaves: the mail is made by a job. What
the link holds is in the mail and nowhere else; the queue knows the person's number only.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from lingqu.base.calendar import china_day
from lingqu.base.text import Text
from lingqu.notices.actions.mail import send_mail
from lingqu.notices.queries import mail_channel, reach_of
from lingqu.organisation.actions import begin_try, make_mailed_link
from lingqu.organisation.present import reset_link
from lingqu.organisation.queries import may_enter, sign_in_named, sign_in_of

JOB = "notices.mail_reset"


class MailNotTakenError(Exception):
    """The mail server did not take the mail: the job tries again."""


@transaction.atomic
def ask_reset(login: str, *, address: str, at: datetime) -> None:
    """Let a job mail a link to whoever signs in under a name, if there is such a person and they keep an address here.

    Takes as long for every name. Refuses (TooMany) the 11th time for a name and the 101st from an address in 15 minutes; failed
    passwords of the name are counted apart, so that asking does not keep the person out.
    """
    found = sign_in_named(login)
    begin_try(f"reset {found.login if found else login}", address, at=at)
    configure_task(name=JOB, job_manager=JobManager(DjangoConnector())).defer(person=found.person_id if found else 0)


@transaction.atomic
def mail_reset(person: int, *, at: datetime) -> bool:
    """Mail a person a fresh link and return whether one was sent.

    Nothing is sent to nobody (0), to who may not sign in or keeps no address, without a mail server, and within five minutes of the mail
    before. Raises MailNotTakenError, and the link opens nothing, when the mail server does not take it.
    """
    account, reach, channel = sign_in_of(person), reach_of(person), mail_channel()
    if account is None or channel is None or not reach.email or not may_enter(account, on=china_day(at)):
        return False
    made = make_mailed_link(person, at=at)
    if made is None:
        return False
    words = reset_words(account.login, reset_link(made))
    said = words.en if reach.language == "en" else words.zh
    answer = send_mail(channel, to=reach.email, words=said, stable_id=str(uuid.uuid4()), at=at)
    if not answer.taken:
        raise MailNotTakenError(answer.code)
    return True


def reset_words(login: str, link: str) -> Text:
    """Return the mail: its subject in the first line."""
    return Text(
        f"【灵渠】设置新密码\n有人（应该是您）忘了登录名 {login} 的密码。请在一小时内打开下面的链接，设置新密码：\n\n{link}\n\n"
        "链接只能用一次。如果不是您要的，不必理会：不打开链接，密码就不会变。",
        f"[Lingqu] Set a new password\nSomebody, most likely you, forgot the password of {login}. Open this link within an hour and set a "
        f"new one:\n\n{link}\n\nIt works once. If it was not you, do nothing: unless the link is opened, the password stays as it is.",
    )
