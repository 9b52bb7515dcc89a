"""Checks of holds by what is overdue, and of special prices by the requests that use them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db.models import Max

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.credit.models import SupplyHold
from lingqu.credit.queries import lines_to_review, open_holds, overdue_now, released_early
from lingqu.credit.rules import is_cause_gone, level_wanted, stays_released
from lingqu.credit.states import HoldCause, HoldLevel
from lingqu.ledger.models import Posting
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

JOB_RUNS: Final = timedelta(minutes=20)
"""The job that lets holds follow has run once in this time, wherever the product runs."""

# Copies count from the moment in which a request holds its money (docs/decisions/0025).
SPECIALS: Final = """
SELECT format('special price %%s: %%s copies, used %%s; %%s lines of others or at another price', s.number, s.copies,
              COALESCE(l.copies, 0), COALESCE(l.strange, 0)) AS what,
       COALESCE(l.copies, 0) <= s.copies AND COALESCE(l.strange, 0) = 0 AS well
  FROM catalogue_specialprice s
  LEFT JOIN (SELECT l.special_id, sum(l.copies) FILTER (WHERE o.state IN ('held', 'accepted', 'part_shipped', 'shipped')) AS copies,
                    count(*) FILTER (WHERE l.product_id <> k.product_id OR o.buyer_id <> k.buyer_id OR o.seller_id <> k.seller_id
                                        OR l.discount_bp <> k.discount_bp) AS strange
               FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id JOIN catalogue_specialprice k ON k.id = l.special_id
              GROUP BY l.special_id) AS l ON l.special_id = s.id
"""


def holds_follow() -> tuple[int, int, str]:
    """Return how many lines with holds or due batches there are, how many of them the holds do not fit, and the first of those.

    A line is wrong when it is so by what is overdue today and by what was on the day of the last posting: a product that stood still for
    days finds its holds as they were, until its job has run.
    """
    today = china_day(now())
    last = Posting.objects.filter(at__lt=now() - JOB_RUNS).aggregate(at=Max("at"))["at"]
    days = {today, china_day(last)} if last else {today}
    checked, first, wrong = 0, "", 0
    for line in _lines(today):
        checked += 1
        why = [_judge(line, day, regulation_in_force(on=day)) for day in sorted(days)]
        if all(why):
            wrong += 1
            first = first or f"credit line {line}: {why[-1]}"
    return checked, wrong, first


def _lines(today: date) -> Iterable[int]:
    last = 0
    while found := lines_to_review(on=today, after=last):
        yield from found
        last = found[-1]


def _judge(line: int, on: date, regulation: Regulation) -> str:
    """Return what is wrong with the holds of a line as of a day, "" when nothing is."""
    parameters = regulation.parameters
    overdue = overdue_now(line, on=on, tolerance_days=parameters.overdue_tolerance_days)
    wanted = level_wanted(overdue, parameters)
    hold: SupplyHold | None = open_holds(line).filter(cause=HoldCause.OVERDUE.value).first()
    if hold is None:
        before = released_early(line)
        decided = before is not None and stays_released(before[1], overdue, parameters)
        return "" if wanted is None or decided else f"{overdue.amount} overdue for {overdue.days} days and no hold"
    if is_cause_gone(overdue, parameters):
        return f"hold {hold.number}, and nothing is overdue"
    too_mild = hold.level == HoldLevel.DELAY.value and wanted is HoldLevel.STOP
    return f"hold {hold.number} delays, and supply is to be stopped" if too_mild else ""
