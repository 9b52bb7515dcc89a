"""Reads of notices: how many are unread, one page of an inbox, the channels of a firm."""

from __future__ import annotations

import os
from datetime import date, datetime

import msgspec
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from lingqu.base.database import rows
from lingqu.base.refusal import not_found
from lingqu.notices.access import CHANNEL_POSTS, may_manage_channels
from lingqu.notices.models import Channel, Notice, Reach, Sending
from lingqu.notices.states import KIND_WORDS, OPEN_STATES, OTHER, ChannelKind, SendingState
from lingqu.organisation.models import PostHolding
from lingqu.organisation.queries import Acting

PAGE_ROWS = 30


class InboxPlace(msgspec.Struct, frozen=True):
    """A place in an inbox: the page goes on below the id, among what is read or what is not."""

    unread: bool
    below: int


class InboxPage(msgspec.Struct, frozen=True):
    """Notices of one page, unread first and the newest first in each part; where the next page begins, None at the end."""

    rows: list[Notice]
    after: InboxPlace | None


class KindCount(msgspec.Struct, frozen=True):
    """How many notices of a kind a person has, and how many of them are unread."""

    kind: str
    unread: int
    whole: int


_UNREAD = "SELECT count(*) AS unread FROM notices_notice WHERE person_id = %s AND read_at IS NULL"


def unread_count(person: int) -> int:
    """Return how many notices the person has not read. One statement on an index of what is unread, asked by every page."""
    return int(rows(_UNREAD, (person,))[0].unread)


def inbox_page(person: int, *, kind: str = "", after: InboxPlace | None = None) -> InboxPage:
    """Return 30 of the person's own notices, unread first; two statements at most. `kind` is a key of KIND_WORDS, or `other`."""
    own = Notice.objects.filter(person_id=person).filter(_of_kind(kind)).order_by("-id")
    found: list[Notice] = []
    if after is None or after.unread:
        unread = own.filter(read_at__isnull=True)
        found += (unread.filter(pk__lt=after.below) if after else unread)[: PAGE_ROWS + 1]
    if len(found) <= PAGE_ROWS:
        read = own.filter(read_at__isnull=False)
        found += (read.filter(pk__lt=after.below) if after and not after.unread else read)[: PAGE_ROWS + 1 - len(found)]
    if len(found) <= PAGE_ROWS:
        return InboxPage(found, None)
    last = found[PAGE_ROWS - 1]
    return InboxPage(found[:PAGE_ROWS], InboxPlace(last.read_at is None, last.pk))


def _of_kind(kind: str) -> Q:
    if not kind:
        return Q()
    return ~Q(kind__in=list(KIND_WORDS)) if kind == OTHER else Q(kind=kind)


def kind_counts(person: int) -> list[KindCount]:
    """Return how many notices the person has of each kind."""
    counted = Notice.objects.filter(person_id=person).values("kind").annotate(whole=Count("pk"), unread=Count("pk", filter=Q(read_at=None)))
    return [KindCount(row["kind"], row["unread"], row["whole"]) for row in counted.order_by("kind")]


def own_notice(notice: int, *, by: Acting) -> Notice:
    """Return one of the person's own notices; refuses (404) what does not exist or is somebody else's."""
    found = Notice.objects.filter(pk=notice, person_id=by.person).first()
    if found is None:
        raise not_found()
    return found


def reach_of(person: int) -> Reach:
    """Return where the person wants to be reached; an empty one, not yet kept, for who has said nothing."""
    return Reach.objects.filter(person_id=person).first() or Reach(person_id=person)


def mail_channel() -> Channel | None:
    """Return the mail server through which people are written to, None without one."""
    return Channel.objects.filter(active=True, kind=ChannelKind.EMAIL.value).order_by("id").first()


def channels_of(by: Acting) -> QuerySet[Channel]:
    """Return the channels of the person's firm, active ones first, with what came of the last try and how much waits.

    Refuses (404) people who may not set up channels: for them there is no such page.
    """
    if not may_manage_channels(by):
        raise not_found()
    last = Sending.objects.filter(channel=OuterRef("pk"), tried_at__isnull=False).order_by(F("tried_at").desc())
    failed = last.filter(state__in=[SendingState.FAILED.value, SendingState.GIVEN_UP.value])
    return (
        Channel.objects.filter(firm_id=by.firm)
        .annotate(
            last_sent_at=Subquery(last.filter(state=SendingState.SENT.value).values("tried_at")[:1]),
            last_failed_at=Subquery(failed.values("tried_at")[:1]),
            last_error=Subquery(failed.values("last_error")[:1]),
            last_code=Subquery(failed.values("answer_code")[:1]),
            waiting=Count("sendings", filter=Q(sendings__state__in=[state.value for state in OPEN_STATES])),
        )
        .order_by("-active", "id")
    )


def channel_to_manage(channel: int, *, by: Acting) -> Channel:
    """Return one channel of the person's firm; refuses (404) others, and people who may not set up channels."""
    found = channels_of(by).filter(pk=channel).first()
    if found is None:
        raise not_found()
    return found


def test_to_see(sending: int, *, by: Acting) -> Sending:
    """Return a test message on a channel of the person's firm; refuses (404) all others."""
    found = Sending.objects.select_related("channel").filter(pk=sending, once=True, channel__firm_id=by.firm).first()
    if found is None or not may_manage_channels(by):
        raise not_found()
    return found


def managers_of(firm: int, *, on: date) -> list[int]:
    """Return the people who set up the firm's channels on the day."""
    posts = [post.value for post in CHANNEL_POSTS]
    held = PostHolding.objects.filter(firm_id=firm, post_id__in=posts, period__contains=on)
    return list(held.order_by("person_id").values_list("person_id", flat=True).distinct())


def next_due() -> datetime | None:
    """Return when the next message is due, None when nothing waits."""
    waiting = Sending.objects.filter(state__in=[state.value for state in OPEN_STATES], channel__active=True)
    return waiting.order_by("next_at").values_list("next_at", flat=True).first()


def extra_hosts() -> frozenset[str]:
    """Return the hosts (host:port) that the installation allows for robots besides the services' own: LINGQU_BOT_HOSTS, by commas."""
    return frozenset(host.strip() for host in os.environ.get("LINGQU_BOT_HOSTS", "").split(",") if host.strip())
