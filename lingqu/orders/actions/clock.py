"""The answer clock rings: who owes an answer is reminded, and whoever is above them is told when it is late (M-16.3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import WorkingCalendar, china_day
from lingqu.base.database import rows, run
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.rules import REMIND_BEFORE, told_again_up_to
from lingqu.organisation.queries import holders, stand_ins
from lingqu.organisation.states import PostCode

MOST_AT_ONCE: Final = 500
MOST_NAMED: Final = 6
LIST: Final = "/orders/?group=waiting"

WHAT_TO_DO: Final = {
    PostCode.MANAGER: Text("请督促答复，或逐件处理。", "Have them answered, or handle them."),
    PostCode.DIRECTOR: Text("逾时已满一个工作日，此前已报过一次。", "A whole working day has passed since; it was told once before."),
}

_ENDING = """
SELECT o.seller_id AS seller, o.answer_until AS until, rep.person_id AS person, array_agg(o.number ORDER BY o.id) AS numbers
  FROM orders_order o
  LEFT JOIN partners_partner p ON p.seller_id = o.seller_id AND p.firm_id = o.buyer_id
  LEFT JOIN partners_representation rep ON rep.partner_id = p.id AND rep.period @> %s::date
 WHERE o.state IN ('held', 'review') AND o.answer_until > %s AND o.answer_until <= %s
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

# Whoever answers one of them this moment is not waited for: the next run sees what became of it.
_LATE = """
SELECT o.id, o.number, o.seller_id AS seller, f.short_name AS buyer
  FROM orders_order o JOIN organisation_firm f ON f.id = o.buyer_id
 WHERE o.state IN ('held', 'review', 'expired') AND o.answer_until <= %s AND o.escalated_at IS NULL
 ORDER BY o.seller_id, o.answer_until, o.id LIMIT %s FOR UPDATE OF o SKIP LOCKED
"""
_LATER = """
SELECT o.id, o.number, o.seller_id AS seller, f.short_name AS buyer
  FROM orders_order o JOIN organisation_firm f ON f.id = o.buyer_id
 WHERE o.state IN ('held', 'review', 'expired') AND o.answer_until <= %s AND o.escalated_at IS NOT NULL
   AND o.escalated_again_at IS NULL
 ORDER BY o.seller_id, o.answer_until, o.id LIMIT %s FOR UPDATE OF o SKIP LOCKED
"""
_TOLD = "UPDATE orders_order SET late = true, escalated_at = %s WHERE id = ANY(%s::bigint[])"
_TOLD_AGAIN = "UPDATE orders_order SET escalated_again_at = %s WHERE id = ANY(%s::bigint[])"


@transaction.atomic
def remind_of_answers(*, at: datetime) -> int:
    """Remind representatives of the requests whose answer time ends within four hours, and return how many requests that are.

    One message for each representative and end, told once however often this runs; where nobody represents the partner the manager gets it.
    """
    on = china_day(at)
    found = rows(_ENDING, (on, at, at + REMIND_BEFORE))
    for row in found:
        many, named = len(row.numbers), _named(row.numbers)
        title = Text(
            f"{many} 份申请今日 24:00 到答复时限", f"{many} {'request is' if many == 1 else 'requests are'} to be answered today by 24:00"
        )
        message = Message(
            f"answer:remind:{row.seller}:{row.person or 0}:{row.until:%Y%m%d%H%M}",
            "order",
            title,
            Text(
                f"{named.zh}。到时未答复，预占释放，并报上级。",
                f"{named.en}. Unanswered by then, what is held is free again, and whoever is above you is told.",
            ),
            _link(row.numbers),
            urgent=True,
        )
        owing = [(row.person, PostCode.REPRESENTATIVE.value)] if row.person else _above(row.seller, PostCode.MANAGER, at)
        notify(message, to=_with_stand_ins(owing, at), at=at)
    return sum(len(row.numbers) for row in found)


@transaction.atomic
def tell_late_answers(*, calendar: WorkingCalendar, at: datetime) -> int:
    """Tell the manager of each late answer, and a working day later the director; note both on the request. Returns how many were told.

    Requests count whose answer time ended unanswered, released or not. Each is told once at each step, up to 500 at a time; a firm without
    these posts has its owner told.
    """
    first = rows(_LATE, (at, MOST_AT_ONCE))
    again = rows(_LATER, (told_again_up_to(at, calendar), MOST_AT_ONCE))
    if first:
        run(_TOLD, (at, [row.id for row in first]))
    if again:
        run(_TOLD_AGAIN, (at, [row.id for row in again]))
    record(_deeds(first, PostCode.MANAGER) + _deeds(again, PostCode.DIRECTOR), by=None, at=at)
    _tell(first, PostCode.MANAGER, at)
    _tell(again, PostCode.DIRECTOR, at)
    return len(first) + len(again)


def _deeds(late: Iterable[Any], post: PostCode) -> list[Deed]:
    return [Deed("tell_late", "order", row.id, {"told": post.value}) for row in late]


def _tell(late: Iterable[Any], post: PostCode, at: datetime) -> None:
    """One message for each seller: its late requests with their buyers."""
    for seller, found in groupby(late, key=lambda row: row.seller):
        of_seller = list(found)
        many = len(of_seller)
        named = Text(
            _named([f"{row.number}（{row.buyer}）" for row in of_seller]).zh,
            _named([f"{row.number} ({row.buyer})" for row in of_seller]).en,
        )
        title = Text(f"{many} 份申请逾时未答复", f"{many} {'request was' if many == 1 else 'requests were'} not answered in time")
        rest = WHAT_TO_DO[post]
        message = Message(
            f"answer:{post.value}:{seller}:{of_seller[0].id}:{at:%Y%m%d%H%M}",
            "order",
            title,
            Text(f"{named.zh}。{rest.zh}", f"{named.en}. {rest.en}"),
            _link([row.number for row in of_seller]),
            urgent=True,
        )
        notify(message, to=_with_stand_ins(_above(seller, post, at), at), at=at)


def _named(names: list[str]) -> Text:
    shown = names[:MOST_NAMED]
    if len(names) == len(shown):
        return Text("、".join(shown), ", ".join(shown))
    return Text(f"{'、'.join(shown)} 等 {len(names)} 份", f"{', '.join(shown)} and {len(names) - len(shown)} more")


def _link(numbers: list[str]) -> str:
    return f"/orders/{numbers[0]}/" if len(numbers) == 1 else LIST


def _above(seller: int, post: PostCode, at: datetime) -> list[tuple[int, str]]:
    on = china_day(at)
    return holders((post.value,), seller, on=on) or holders((PostCode.OWNER.value,), seller, on=on)


def _with_stand_ins(held: list[tuple[int, str]], at: datetime) -> set[int]:
    return {person for person, _ in held} | set(stand_ins(held, on=china_day(at)))
