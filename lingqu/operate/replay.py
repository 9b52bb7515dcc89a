"""`lingqu replay`: real orders of the past through the very same actions, in one time line; a second run changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from lingqu.base.clock import now, today
from lingqu.base.database import rows
from lingqu.base.text import Text
from lingqu.operate.said import Report, refusal, say
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation
from lingqu.rehearsal.actions import (
    MOST,
    hold_what_is_overdue,
    open_house,
    play_orders,
    play_receipts,
    play_shipments,
    stock_up,
    take_on_resellers,
)
from lingqu.rehearsal.queries import Figures, House, Progress, figures_of, find_house, progress_of, read_source
from lingqu.rehearsal.rules import Day, Source, days_in_order, last_day
from lingqu.rehearsal.states import PAYMENT_WORDS, POLICY_WORDS, GradePolicy

ItemT = TypeVar("ItemT")


def replay_adventureworks(folder: Path, policy: str, report: Report, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Replay the reseller orders of AdventureWorks DW under the regulation in force today, and return the figures.

    `progress` is told how many orders are done, of how many. What a run before did, whole or cut short, stays as it is and is continued.
    Refuses an unknown policy, and files that cannot be read, naming file and line.
    """
    begun = time.perf_counter()
    chosen = _policy(policy)
    regulation = regulation_in_force(on=today())
    say(report, "正在读取 {folder}", "Reading {folder}", folder=folder)
    source = read_source(folder)
    with _alone(chosen):
        repeated, figures = _play(source, chosen, regulation, report, progress)
    seconds = time.perf_counter() - begun
    new = len(source.orders) - repeated
    speed = round(new / seconds, 1) if new else 0.0
    return _result(source, figures, regulation, chosen) | {
        "repeated": repeated, "seconds": round(seconds, 2), "orders_per_second": speed,
    }  # fmt: skip


@contextmanager
def _alone(policy: GradePolicy) -> Iterator[None]:
    """Keep a second replay of the same policy out: each would trip over the other's half-played days."""
    (lock,) = rows("SELECT pg_try_advisory_lock(hashtext('lingqu replay'), hashtext(%s)) AS mine", (policy.value,))
    if not lock.mine:
        raise refusal(
            "replay_running",
            "这种定级方式的重演正在另一处运行，请等它结束。",
            "A replay of this policy is running elsewhere; wait for its end.",
        )
    try:
        yield
    finally:
        rows("SELECT pg_advisory_unlock(hashtext('lingqu replay'), hashtext(%s))", (policy.value,))


def _play(
    source: Source, policy: GradePolicy, regulation: Regulation, report: Report, progress: Callable[[int, int], None]
) -> tuple[int, Figures]:
    """Play the time line and return how many orders were there before, and the figures."""
    house = _set_up(source, policy, regulation, report)
    done = progress_of(house.firm)
    repeated = sum(order.number in done.orders for order in source.orders)
    say(report, "正在重演 {orders} 单", "Replaying {orders} orders", orders=len(source.orders))
    played = 0
    for day in days_in_order(source.orders):
        for many in _play_day(house, day, done, regulation):
            played += many
            progress(played, len(source.orders))
    # What is owed by now is held as the job would hold it, so that the house is whole right after, with no worker at all.
    at, last = now(), 0
    while last := hold_what_is_overdue(house, after=last, regulation=regulation, at=at):
        pass
    return repeated, figures_of(house.firm, [order.number for order in source.orders])


def _policy(policy: str) -> GradePolicy:
    try:
        return GradePolicy(policy)
    except ValueError:
        known = ", ".join(GradePolicy)
        raise refusal(
            "unknown_policy", "没有“{policy}”这种定级方式，可选：{known}。", "There is no policy “{policy}”; choose from {known}.",
            policy=policy, known=known,
        ) from None  # fmt: skip


def _set_up(source: Source, policy: GradePolicy, regulation: Regulation, report: Report) -> House:
    house = open_house(source, policy, regulation=regulation)
    missing = [reseller for code, reseller in source.resellers.items() if code not in house.resellers]
    if missing:
        say(report, "正在建立 {many} 家经销商", "Taking on {many} resellers", many=len(missing))
    for chunk in _chunks(missing):
        take_on_resellers(house, chunk, policy, regulation=regulation)
    house = find_house(policy) or house
    stock_up(house, source)
    return house


def _play_day(house: House, day: Day, done: Progress, regulation: Regulation) -> Iterator[int]:
    """Play what is not there yet of a day: money, goods, orders; yield how many orders were dealt with."""
    due = [order for order in day.payments if done.was_accepted(order.number) and order.number not in done.receipts]
    for chunk in _chunks(due):
        play_receipts(house, chunk, on=day.on, regulation=regulation)
    leaving = [done.orders[order.number][0] for order in day.shipments if done.waits_for_shipping(order.number)]
    for leaves in _chunks(leaving):
        play_shipments(house, leaves, on=day.on, regulation=regulation)
    new = [order for order in day.orders if order.number not in done.orders]
    if len(day.orders) > len(new):
        yield len(day.orders) - len(new)
    for chunk in _chunks(new):
        done.orders |= play_orders(house, chunk, on=day.on, regulation=regulation)
        yield len(chunk)


def _chunks(items: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    for start in range(0, len(items), MOST):
        yield items[start : start + MOST]


def _result(source: Source, figures: Figures, regulation: Regulation, policy: GradePolicy) -> dict[str, Any]:
    by_year = source.value_by_year()
    value, house_value = sum(by_year.values(), Decimal(0)), sum(figures.value_by_year.values(), Decimal(0))
    by_clause: dict[str, int] = {}
    for law, orders in figures.stopped_by_law.items():
        clause = regulation.laws[law].clause
        by_clause[clause] = by_clause.get(clause, 0) + orders
    orders = sum(figures.by_state.values())
    return {
        "policy": policy.value,
        "policy_words": _both(POLICY_WORDS[policy]),
        "payment_model": _both(PAYMENT_WORDS),
        "regulation": regulation.reference,
        "until": last_day(source.orders).isoformat(),
        "lines": figures.lines,
        "orders": orders,
        "resellers_by_grade": figures.grades,
        "source_value": str(value),
        "source_value_by_year": {year: str(amount) for year, amount in by_year.items()},
        "house_value": str(house_value),
        "house_value_by_year": {year: str(amount) for year, amount in figures.value_by_year.items()},
        "difference": str(house_value - value),
        "accepted": figures.accepted,
        "accepted_value": str(figures.accepted_value),
        "stopped": orders - figures.accepted,
        "stopped_by_law": figures.stopped_by_law,
        "stopped_by_clause": by_clause,
        "clauses": {clause: _both(regulation.clauses[clause].title) for clause in by_clause},
        "receipts": figures.receipts,
        "received": str(figures.received),
        "still_owed": str(figures.still_owed),
        "largest_exposures": [
            {"name": exposed.name, "yuan": str(exposed.yuan), "on": exposed.on.isoformat()} for exposed in figures.largest_exposures
        ],
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
