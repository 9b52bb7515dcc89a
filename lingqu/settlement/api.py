"""Statements of account for other systems."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query, Router
from pydantic import Field

from lingqu.documents.api import ApiRequest, Day, Moment, PartnerCode, Shape, Words, Yuan, day, moment, reads, words, yuan
from lingqu.organisation.states import Scope
from lingqu.settlement.forms import read_days
from lingqu.settlement.queries import Sought, line_for_statement, seek_statement
from lingqu.settlement.rules import MOVE_WORDS
from lingqu.settlement.states import StatementState

router = Router(tags=["money"])
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-10"])]


class StatementFilter(Shape):
    """Which statement: of a `month`, or as of the day `on`, from the first of its month; the month before today's when nothing is said."""

    month: Month | None = None
    on: Day | None = None


class MoveOut(Shape):
    """A movement with the balance after it. `late`: it counts for an earlier month, whose statement was issued without it."""

    on: Day
    kind: str
    kind_words: Words
    number: str
    order: str
    debit: Yuan
    credit: Yuan
    balance: Yuan
    late: bool


class OwedOut(Shape):
    """What was owed on a batch at the end of the last day."""

    number: int
    order: str
    opened_on: Day
    remaining: Yuan
    shipped_on: Day | None
    due_on: Day | None
    days_past: int


class StatementOut(Shape):
    """A statement of account. An issued one has its number and the hash of what was issued, and stands as it was issued."""

    seller: str
    partner: str
    since: Day
    until: Day
    number: str | None
    state: StatementState | None
    issued_at: Moment | None
    reply_until: Day | None
    sha256: str | None
    opening: Yuan
    debit: Yuan
    credit: Yuan
    closing: Yuan
    closing_in_capitals: str
    unapplied: Yuan
    moves: list[MoveOut]
    batches: list[OwedOut]
    ages: list[Yuan]


def statement_out(found: Sought) -> dict[str, Any]:
    """Return a statement as it was issued, or as the accounts say now."""
    content, issued = found.content, found.issued
    return {
        "seller": content.seller,
        "partner": content.buyer,
        "since": day(content.since),
        "until": day(content.until),
        "number": issued.number if issued else None,
        "state": issued.state if issued else None,
        "issued_at": moment(issued.issued_at) if issued else None,
        "reply_until": day(issued.reply_until) if issued else None,
        "sha256": issued.sha256 if issued else None,
        "opening": yuan(content.opening),
        "debit": yuan(content.debit),
        "credit": yuan(content.credit),
        "closing": yuan(content.closing),
        "closing_in_capitals": content.capitals,
        "unapplied": yuan(content.unapplied),
        "moves": [
            {
                "on": day(line.on), "kind": line.kind.value, "kind_words": words(MOVE_WORDS[line.kind]), "number": line.number,
                "order": line.request, "debit": yuan(line.debit), "credit": yuan(line.credit), "balance": yuan(line.balance),
                "late": line.late,
            }
            for line in content.lines
        ],
        "batches": [
            {
                "number": batch.number, "order": batch.request, "opened_on": day(batch.opened_on), "remaining": yuan(batch.remaining),
                "shipped_on": day(batch.shipped_on), "due_on": day(batch.due_on), "days_past": batch.days_past,
            }
            for batch in content.batches
        ],
        "ages": [yuan(amount) for amount in content.ages],
    }  # fmt: skip


@reads(router, "/statements/{code}", name="partner_statement", operation="get_statement", scope=Scope.MONEY_READ, out=StatementOut)
def get_statement(request: ApiRequest, code: Path[PartnerCode], asked: Query[StatementFilter]) -> dict[str, Any]:
    """Read the statement of account of a partner, or of your own firm by its own code.

    A month that was issued stands as it was issued; another one, and any past day, as the accounts say now.
    """
    line = line_for_statement(code, by=request.who)
    days = read_days(asked.month or "", day(asked.on) or "", "", today=request.today)
    return statement_out(seek_statement(line, days))


ROUTERS = (router,)
