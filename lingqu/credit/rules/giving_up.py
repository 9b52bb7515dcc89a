"""What is left of a batch is written off, by whom, and how long a disputed batch is left out of what is overdue (M-16.3.3.1)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal

from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text

WRITE_OFF_CHAIN = "write_off"


def check_left(amount: Decimal, *, left: Decimal) -> None:
    """Refuse to write off more of a batch than is owed on it."""
    if left <= 0:
        raise Refusal(
            "nothing_left",
            Text("该批次已结清，没有可核销的差额。", "The batch is settled; there is nothing left to write off."),
            field="amount",
        )
    if amount > left:
        raise Refusal(
            "more_than_left",
            Text(f"该批次只剩 {left:,} 元未付，最多核销 {left:,} 元。", f"Only {left:,} yuan is left of the batch; write off no more."),
            status=422,
            field="amount",
        )


def is_free(amount: Decimal, *, given_up: Decimal, limit: Decimal) -> bool:
    """Return whether it may be written off without a procedure: with what was given up on the batch that way before, within the limit.

    So a large difference is not written off in small pieces.
    """
    return given_up + amount <= limit


def write_off_print(batch: int, amount: Decimal) -> str:
    """Return the hash of what is decided: the batch and the yuan. The reason may be worded anew."""
    return hashlib.sha256(f"{batch}|{amount:.2f}".encode()).hexdigest()


def dispute_end(until: date | None, *, since: date, today: date, days: int) -> date:
    """Return the last day of a dispute; refuses one before today, and one more than `days` days after the batch was first disputed."""
    if until is None or until < today:
        raise bad_input("until", Text("请填写最后一天，今天或以后。", "Enter its last day, today or later."))
    last = since + timedelta(days=days)
    if until > last:
        raise bad_input(
            "until",
            Text(
                f"异议期最长 {days} 天：从 {since} 起，最晚到 {last}。此后请开贷项、核销或照常催收。",
                f"A dispute lasts {days} days at most: from {since} to {last}. After that credit the batch, write it off, or collect.",
            ),
        )
    return until
