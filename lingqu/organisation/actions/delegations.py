"""Stand-ins: one post is lent to a colleague for some days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.organisation.models import Delegation, Person, PostHolding
from lingqu.organisation.states import PostCode

LEADING_POSTS = (PostCode.DIRECTOR, PostCode.OWNER)
"""They may arrange stand-ins for others of their firm."""

LONGEST_DELEGATION = 366
"""Days."""


@transaction.atomic
def delegate(
    absent: Person, *, stand_in: Person, post: PostCode, first: date, last: date, reason: str, at: datetime, by: Person
) -> Delegation:
    """Let `stand_in` act for `absent` in one post from the first to the last day, both inside, and return the delegation.

    The absent person may, and their firm's director or owner for them. Refuses standing in for oneself, somebody of another firm, a post
    that the absent person does not hold at their firm on all these days, days that are over, a first day more than a year ahead, more than
    a year, an empty reason, and days on which somebody stands in already.
    """
    _must_manage(absent, by, at)
    _check_days(first, last, at)
    if absent.pk == stand_in.pk:
        raise Refusal("self_delegation", Text("不能委托给本人。", "Nobody stands in for themselves."))
    if stand_in.firm_id != absent.firm_id:
        raise bad_input("stand_in", Text("只能委托给本单位同事。", "Only a colleague of the same firm may stand in."))
    if not reason.strip():
        raise bad_input("reason", Text("请写明委托事由。", "Say why."))
    period = DateRange(first, last + timedelta(days=1))
    Person.objects.select_for_update().get(pk=absent.pk)
    if not PostHolding.objects.filter(person=absent, post_id=post.value, firm_id=absent.firm_id, period__contains=period).exists():
        raise Refusal("post_not_held", Text("委托人届时不担任该岗位。", "The absent person does not hold that post on all of these days."))
    if Delegation.objects.filter(absent=absent, post_id=post.value, period__overlap=period).exists():
        raise Refusal(
            "delegated_already",
            Text("该岗位在这段时间已有委托，请先结束原委托。", "Somebody stands in on some of these days already; end that first."),
        )
    given = Delegation.objects.create(absent=absent, stand_in=stand_in, post_id=post.value, period=period, reason=reason.strip()[:200])
    after = {"delegation": given.pk, "stand_in": stand_in.pk, "post": post.value, "first": first.isoformat(), "last": last.isoformat()}
    record([Deed("delegate", "person", absent.pk, after)], by=by.pk, at=at)
    return given


@transaction.atomic
def end_delegation(delegation_id: int, *, by: Person, at: datetime) -> Delegation:
    """End a delegation before its last day and return it: from this moment on nobody stands in; one that has not begun is called off.

    The absent person may, and their firm's director or owner. Refuses one that is over.
    """
    given = Delegation.objects.select_for_update(of=("self",)).select_related("absent").filter(pk=delegation_id).first()
    if given is None or given.absent.firm_id != by.firm_id:
        raise not_found()
    _must_manage(given.absent, by, at)
    today = china_day(at)
    period = given.period
    if period.isempty or period.upper <= today:
        raise Refusal("delegation_over", Text("该委托已经结束。", "That delegation is over."))
    before = {"first": period.lower.isoformat(), "last": (period.upper - timedelta(days=1)).isoformat()}
    given.period = DateRange(period.lower, today) if period.lower < today else DateRange(empty=True)
    given.save(update_fields=["period"])
    after = {"delegation": given.pk, "stand_in": given.stand_in_id, "post": given.post_id, "ended_on": today.isoformat()}
    record([Deed("end_delegation", "person", given.absent_id, after, before)], by=by.pk, at=at)
    return given


def _must_manage(absent: Person, by: Person, at: datetime) -> None:
    """Refuse who is neither the absent person nor director or owner of their firm today; a post that is lent cannot be lent on."""
    if by.pk == absent.pk:
        return
    leads = PostHolding.objects.filter(
        person=by, firm_id=absent.firm_id, post_id__in=[post.value for post in LEADING_POSTS], period__contains=china_day(at)
    )
    if by.firm_id != absent.firm_id or not leads.exists():
        raise forbidden(
            Text(
                "只有本人或本单位主任、负责人可以办理委托。",
                "Only the person themselves, or the director or owner of their firm, may do this.",
            )
        )


def _check_days(first: date, last: date, at: datetime) -> None:
    if last < first:
        raise bad_input("last", Text("结束日早于开始日。", "The last day lies before the first."))
    if first < china_day(at):
        raise bad_input("first", Text("开始日已过，只能从今天起委托。", "The first day is over; a delegation begins today or later."))
    if (first - china_day(at)).days > LONGEST_DELEGATION:
        raise bad_input("first", Text("开始日须在一年之内。", "A delegation begins within a year."))
    if (last - first).days >= LONGEST_DELEGATION:
        raise bad_input("last", Text("一次委托不超过一年。", "A delegation lasts a year at most."))
