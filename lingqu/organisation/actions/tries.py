"""Failed tries to come in, counted in the database: there are several web processes, and they restart.

A try is written down before what was shown is looked at, and taken back when it was right: so many at once are no more than one by one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from lingqu.base.database import rows, run
from lingqu.base.refusal import TooMany
from lingqu.base.text import Text
from lingqu.organisation.models import FailedTry
from lingqu.organisation.rules import network_of

KEPT = timedelta(days=1)
MOST_FORGOTTEN = 10_000
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"
_BY_NAME = "SELECT count(*) AS tries, min(at) AS first FROM organisation_failedtry WHERE name = %s AND name <> '' AND at > %s"
_BY_ADDRESS = "SELECT count(*) AS tries, min(at) AS first FROM organisation_failedtry WHERE address = %s AND at > %s"
_WRITE = "INSERT INTO organisation_failedtry (name, address, at) VALUES (%s, %s, %s) RETURNING id"


@transaction.atomic
def begin_try(name: str, address: str, *, at: datetime) -> int:
    """Write down that somebody at an address shows a password, code, link or token, and return the try.

    `name` is empty for links and tokens.

    Refuses (TooMany) when as many as the settings allow failed in the last minutes, for the name or from the address: whether there is
    such a name makes no difference. Nothing is written then.
    """
    since = at - timedelta(minutes=settings.FAILURE_MINUTES)
    by_name, by_address = _hidden(name.strip().casefold()) if name else "", _hidden(network_of(address))
    for key, query, most in (
        (by_name, _BY_NAME, settings.MOST_FAILURES_PER_NAME), (by_address, _BY_ADDRESS, settings.MOST_FAILURES_PER_ADDRESS),
    ):  # fmt: skip
        if key:
            run(_LOCK, (key,))
            found = rows(query, (key, since))[0]
            if found.tries >= most:
                raise _too_many(found.first + timedelta(minutes=settings.FAILURE_MINUTES) - at)
    return int(rows(_WRITE, (by_name, by_address, at))[0].id)


@transaction.atomic
def take_back_try(begun: int) -> None:
    """Forget a try that was right. Those before it stay counted, or a guesser could wait for the person to come in."""
    run("DELETE FROM organisation_failedtry WHERE id = %s", (begun,))


@transaction.atomic
def forget_tries(*, at: datetime) -> int:
    """Delete up to 10,000 tries of more than a day; return how many. Called by a job until nothing is left."""
    old = FailedTry.objects.filter(at__lt=at - KEPT).order_by("at").values("pk")[:MOST_FORGOTTEN]
    return FailedTry.objects.filter(pk__in=old).delete()[0]


def _hidden(words: str) -> str:
    return salted_hmac("lingqu.organisation.tries", words, algorithm="sha256").hexdigest()


def _too_many(left: timedelta) -> TooMany:
    seconds = max(1, int(left.total_seconds()) + 1)
    minutes = -(-seconds // 60)
    return TooMany(
        "too_many_tries",
        Text(
            f"失败次数太多，已暂停受理，请在 {minutes} 分钟后再试。忘了密码，可在登录页重设，或请本单位负责人、总部办理。",
            f"Too many failed tries; wait {minutes} min. Forgot the password? The sign-in page, or the owner of your firm, resets it.",
        ),
        seconds=seconds,
    )
