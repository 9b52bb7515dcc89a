"""Where people are signed in: written when they come, looked at by them, and ended."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.database import must_be_atomic, run
from lingqu.base.refusal import not_found
from lingqu.organisation.models import OpenSession, SignIn
from lingqu.organisation.queries import Acting

MOST_BROWSER = 300
MOST_ADDRESS = 45
MOST_FORGOTTEN = 10_000
_GONE = """
DELETE FROM organisation_opensession WHERE id IN (
  SELECT o.id FROM organisation_opensession o LEFT JOIN django_session s ON s.session_key = o.key AND s.expire_date > %s
   WHERE s.session_key IS NULL LIMIT %s)
"""
_OVER = "DELETE FROM django_session WHERE session_key IN (SELECT session_key FROM django_session WHERE expire_date < %s LIMIT %s)"


@transaction.atomic
def open_session(person: int, key: str, *, browser: str, address: str, at: datetime) -> None:
    """Write down that a person signed in: the session's key, what the browser says of itself, and its address."""
    told = {"browser": browser.replace("\x00", "")[:MOST_BROWSER], "address": address[:MOST_ADDRESS]}
    OpenSession.objects.create(person_id=person, key=key, since=at, seen_at=at, **told)
    record([Deed("sign_in", "person", person, {})], by=person, at=at)


@transaction.atomic
def note_seen(key: str, *, at: datetime) -> None:
    """Write down that a session was used; called at most once a minute for each."""
    run("UPDATE organisation_opensession SET seen_at = %s WHERE key = %s AND seen_at < %s", (at, key, at))


@transaction.atomic
def move_session(before: str, after: str) -> None:
    """Keep the note of a session whose key was changed."""
    OpenSession.objects.filter(key=before).update(key=after)


@transaction.atomic
def session_over(key: str) -> None:
    """Forget a session that its person ended by signing out."""
    OpenSession.objects.filter(key=key).delete()


@transaction.atomic
def end_session(session: int, *, by: Acting, at: datetime) -> None:
    """End one of one's own sessions from this moment on. Refuses (404) one of somebody else."""
    found = OpenSession.objects.select_for_update().filter(pk=session, person_id=by.person).first()
    if found is None:
        raise not_found()
    run("DELETE FROM django_session WHERE session_key = %s", (found.key,))
    found.delete()
    record([Deed("end_session", "person", by.person, {})], by=by.person, at=at)


@transaction.atomic
def end_other_sessions(keep: str, *, by: Acting, at: datetime) -> int:
    """End all of one's own sessions but the one with the key; return the epoch, of which the kept one must be."""
    epoch = end_all(by.person, keep=keep)
    record([Deed("end_other_sessions", "person", by.person, {})], by=by.person, at=at)
    return epoch


def end_all(person: int, *, keep: str = "") -> int:
    """End all sessions of a person, but for one with a key, to which its view gives the new epoch; return that. A part of an action."""
    must_be_atomic()
    account = SignIn.objects.select_for_update(of=("self",)).filter(person_id=person).first()
    if account is None:
        return 0
    account.epoch += 1
    account.save(update_fields=["epoch"])
    keys = list(OpenSession.objects.filter(person_id=person).exclude(key=keep).values_list("key", flat=True))
    run("DELETE FROM django_session WHERE session_key = ANY(%s::text[])", (keys,))
    OpenSession.objects.filter(key__in=keys).delete()
    return account.epoch


@transaction.atomic
def forget_sessions(*, at: datetime) -> None:
    """Delete sessions whose time is over, and the notes of those that are gone; 10,000 at a time, by a job every hour."""
    run(_OVER, (at, MOST_FORGOTTEN))
    run(_GONE, (at, MOST_FORGOTTEN))
