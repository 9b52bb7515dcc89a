"""What programs show to act as a person, and what they were answered."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import run
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.organisation.models import AccessToken, KeptAnswer, Person
from lingqu.organisation.queries import Acting, Answer, Claim, answers_to
from lingqu.organisation.rules import MOST_TOKENS, check_token
from lingqu.organisation.states import Scope

MARK = "lq"
PREFIX_BYTES = 5
SECRET_BYTES = 32
ANSWERS_KEPT = timedelta(days=7)
MOST_FORGOTTEN = 10_000
"""Kept answers that one run of the job deletes."""


@transaction.atomic
def make_token(name: str, *, scopes: Collection[Scope], last_day: date, by: Acting, at: datetime) -> tuple[AccessToken, str]:
    """Make a token for programs that act as the person, and return it with its text, which is shown once and kept nowhere.

    It opens the scopes up to its last day, that day included. Refuses an empty name, no scope, a last day that is over or more than a
    year away, and an eleventh token that still opens something.
    """
    name = name.strip()
    check_token(name, scopes, last_day, on=china_day(at))
    Person.objects.select_for_update().get(pk=by.person)
    if AccessToken.objects.filter(person_id=by.person, last_day__gte=china_day(at), revoked_at__isnull=True).count() >= MOST_TOKENS:
        raise Refusal(
            "too_many_tokens",
            Text(
                f"每人最多 {MOST_TOKENS} 个有效令牌，请先停用不用的。",
                f"A person has at most {MOST_TOKENS} tokens at a time; revoke one that is not used.",
            ),
        )
    prefix = f"{MARK}_{secrets.token_hex(PREFIX_BYTES)}"
    secret = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    opens = [scope.value for scope in Scope if scope in scopes]
    token = AccessToken.objects.create(
        person_id=by.person, name=name, prefix=prefix, digest=sha256(secret.encode()).hexdigest(), scopes=" ".join(opens), made_at=at,
        last_day=last_day,
    )  # fmt: skip
    after = {"token": prefix, "name": name, "scopes": opens, "last_day": last_day.isoformat()}
    record([Deed("make_token", "person", by.person, after)], by=by.person, at=at)
    return token, secret


@transaction.atomic
def revoke_token(prefix: str, *, by: Acting, at: datetime) -> AccessToken:
    """End a token of one's own from this moment on, and return it; one that is revoked already stays so. Refuses (404) anybody else's."""
    token = AccessToken.objects.select_for_update().filter(person_id=by.person, prefix=prefix).first() if "\x00" not in prefix else None
    if token is None:
        raise not_found()
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record([Deed("revoke_token", "person", by.person, {"token": prefix})], by=by.person, at=at)
    return token


@transaction.atomic
def note_token_use(token: int, *, on: date) -> None:
    """Remember the day on which a token was used; nothing changes when it is remembered already."""
    AccessToken.objects.filter(pk=token).exclude(used_on__gte=on).update(used_on=on)


@transaction.atomic
def answer_once(claim: Claim, make: Callable[[], Answer], *, at: datetime) -> Answer:
    """Return the answer that `make` gives, or the one that it gave to the same claim before; what it does and the answer commit together.

    The same key at the same moment waits for the first. Refuses (422) a key that the person used for something else.
    """
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (claim.key, claim.person))
    kept = answers_to(claim)
    if kept:
        if (kept.route, kept.asked) != (claim.route, claim.asked):
            raise Refusal(
                "key_used",
                Text(
                    "该 Idempotency-Key 已用于另一请求，请换一个新的键。",
                    "This Idempotency-Key was used for another request; make a new key.",
                ),
                status=422,
                field="Idempotency-Key",
            )
        return Answer(kept.status, kept.media_type, kept.body, repeated=True)
    answer = make()
    KeptAnswer.objects.create(
        person_id=claim.person, key=claim.key, part=claim.part, route=claim.route, asked=claim.asked, status=answer.status,
        media_type=answer.media_type, body=answer.body, at=at,
    )  # fmt: skip
    return answer


@transaction.atomic
def forget_answers(*, at: datetime) -> int:
    """Delete up to 10,000 answers that were kept for seven days; return how many. Called by a job until nothing is left."""
    old = KeptAnswer.objects.filter(at__lt=at - ANSWERS_KEPT).order_by("at").values("pk")[:MOST_FORGOTTEN]
    return KeptAnswer.objects.filter(pk__in=old).delete()[0]
