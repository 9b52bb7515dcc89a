"""The tabs of a partner's page: what each shows, read and shaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.base.text import Text, parted
from lingqu.base.typed import read_id
from lingqu.credit.models import CreditLine, SupplyHold
from lingqu.credit.present import badge_of, grade_history, list_row, terms_of
from lingqu.credit.queries import batches_of, exposure_of, grade_changes_of, holds_of_line, proposals_of, receipts_of_line, standing_of
from lingqu.desk.present.money import due_reason, exposure_of_line, exposure_why, movement_row
from lingqu.desk.present.partner import contact_of, event_of, papers_of
from lingqu.desk.present.specials import special_row
from lingqu.desk.present.tasks import payment_words
from lingqu.desk.present.words import batch_chip, batch_name, due_state
from lingqu.desk.queries import WaitingRow, happenings_of, movements_page, payment_records, people_of, requests_of
from lingqu.desk.queries.between import StatementRow, specials_between, statements_of
from lingqu.duties.access import Reach
from lingqu.duties.models import Duty
from lingqu.duties.present import time_words, title_of
from lingqu.duties.queries import Asked, list_duties
from lingqu.orders.present import ORDER_TONES
from lingqu.orders.present.laws import law_word
from lingqu.orders.states import ORDERS, SOURCE_WORDS, Source
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.partners.models import Partner
from lingqu.policy.rules import Regulation
from lingqu.settlement.present import statement_state

SETTLED_SHOWN = 2
PROPOSALS_SHOWN = 10
DUTIES_SHOWN = 6
ROWS = 50


class PartnerSight(msgspec.Struct, frozen=True):
    """A partner as somebody looks at it: the relation, its credit line (None = none opened), under which regulation.

    `sells`: they are of the seller, and see what was proposed; `who` looks (None: nobody's duties are listed).
    """

    partner: Partner
    line: CreditLine | None
    regulation: Regulation
    at: datetime
    today: date
    sells: bool = False
    who: Acting | None = None

    @property
    def tolerance_days(self) -> int:
        """Return how many days past due are not overdue yet (M-19.3)."""
        return self.regulation.parameters.overdue_tolerance_days


def overview_of(sight: PartnerSight) -> dict[str, Any]:
    """Return the first tab: credit with its why and batches, how they paid, papers, people, what happened."""
    partner = sight.partner
    parts: dict[str, Any] = {
        "papers": papers_of(partner, sight.today),
        "contacts": [contact_of(holding) for holding in people_of(partner.firm_id, on=sight.today)],
        "events": [event_of(happened) for happened in happenings_of(partner.seller_id, partner.firm_id)],
    }
    if sight.sells and sight.who is not None:
        asked = Asked(whose="all", state="open", firm=partner.firm.code)
        parts["owed_papers"] = [
            _duty(duty, sight) for duty in list_duties(asked, reach=Reach(sight.who), on=sight.today, most=DUTIES_SHOWN)
        ]
    return parts | (_money_of(sight, sight.line) if sight.line else {})


def _duty(duty: Duty, sight: PartnerSight) -> dict[str, Any]:
    tone, left = time_words(duty, sight.today)
    return {"title": title_of(duty), "url": reverse("duty", args=[duty.pk]), "due_on": duty.due_on, "left": left, "tone": tone}


def _money_of(sight: PartnerSight, line: CreditLine) -> dict[str, Any]:
    standing = standing_of(line, on=sight.today, tolerance_days=sight.tolerance_days)
    line.buyer = sight.partner.firm
    in_branch = sight.partner.seller.kind == FirmKind.AGENT.value
    batches = list(batches_of(line.pk)[:ROWS])
    settled = [batch for batch in batches if batch.settled_on][:SETTLED_SHOWN]
    chips = sorted([*settled, *(batch for batch in batches if not batch.settled_on)], key=lambda batch: batch.number)
    records = payment_records([line.pk], on=sight.today, tolerance_days=sight.tolerance_days)
    most = standing.max_open
    return {
        "standing": standing,
        "terms": terms_of(line, standing.limit, standing.max_open, sight.regulation) if in_branch else None,
        "exposure": exposure_of_line(standing),
        "why": exposure_why(line, standing, exposure_of(line), regulation=sight.regulation, on=sight.today),
        "chips": [batch_chip(batch, on=sight.today, tolerance_days=sight.tolerance_days, url=_request_of(batch)) for batch in chips],
        "chips_title": Text("批次", "Batches"),
        "chips_note": Text(f"{standing.open_count} / {most} 未结", f"{standing.open_count} of {most} open"),
        "open_rows": [_open_row(batch, sight) for batch in sorted(batches, key=lambda one: one.number) if not batch.settled_on],
        "record": payment_words(records[line.pk]),
    }


def _order(number: str) -> str:
    return reverse("order", args=[number])


def _request_of(batch: Any) -> str:  # noqa: ANN401 - credit's Batch
    """Return where the request of a batch is; "" for one that was taken over from the books before."""
    return _order(batch.request) if batch.document_id else ""


def _open_row(batch: Any, sight: PartnerSight) -> dict[str, Any]:  # noqa: ANN401 - credit's Batch
    days = [day for day in (batch.triggered_due_on, batch.backstop_due_on) if day]
    due_on = min(days) if days else None
    state, words = due_state(due_on, sight.today, tolerance_days=sight.tolerance_days)
    if batch.disputed_until and batch.disputed_until >= sight.today:
        state, words = "waivable", Text(f"有异议，至 {batch.disputed_until:%m-%d}", f"disputed until {batch.disputed_until:%m-%d}")
    return {
        "name": batch_name(batch.number), "request": batch.request, "url": _request_of(batch), "opened_on": batch.opened_on,
        "value": batch.value, "applied": batch.applied, "remaining": batch.value - batch.applied, "due_on": due_on,
        "reason": due_reason(batch), "state": state, "state_text": words,
    }  # fmt: skip


def tab_of(sight: PartnerSight, tab: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what a tab other than the first shows; `asked` is the address, for the page of a long list."""
    if tab == "requests":
        return _requests(sight, read_id(asked.get("before", "")))
    if tab in ("specials", "history"):
        return _between(sight, tab)
    if sight.line is None:
        return {"nothing": True}
    return _of_line(sight, sight.line, tab, asked)


def _of_line(sight: PartnerSight, line: CreditLine, tab: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return a tab that stands on the credit line: movements, receipts, statements, holds, or how it was graded."""
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "money": lambda: _movements(line, sells=sight.sells, upto=read_id(asked.get("upto", ""))),
        "receipts": lambda: _receipts(line, read_id(asked.get("before", ""))),
        "statements": lambda: {"statements": [_statement(row, sight) for row in statements_of(line.pk)]},
        "holds": lambda: {"line_holds": [_hold(hold) for hold in holds_of_line(line.pk)]},
    }
    return makers.get(tab, lambda: _grades(sight, line))()


def _grades(sight: PartnerSight, line: CreditLine) -> dict[str, Any]:
    terms = sight.regulation.parameters.grades.get(line.grade)
    standing = standing_of(line, on=sight.today, tolerance_days=sight.tolerance_days)
    own_limit = standing.limit if terms is None or standing.limit != terms.limit else None
    proposed = [list_row(one) for one in proposals_of(line.pk, most=PROPOSALS_SHOWN)] if sight.sells else None
    return {"history": grade_history(grade_changes_of(line.pk)), "grade_terms": terms, "own_limit": own_limit, "proposals": proposed}


def _between(sight: PartnerSight, tab: str) -> dict[str, Any]:
    seller, buyer = sight.partner.seller_id, sight.partner.firm_id
    if tab == "history":
        return {"events": [event_of(happened) for happened in happenings_of(seller, buyer, most=ROWS)]}
    return {"specials": [special_row(one, on=sight.today) for one in specials_between(seller, buyer, sells=sight.sells)]}


def _hold(hold: SupplyHold) -> dict[str, Any]:
    return {
        "number": hold.number, "url": reverse("hold", args=[hold.number]),
        "badge": badge_of(hold.level, hold.state, until=hold.deferred_until),
        "reason": parted(hold.reason), "set_at": hold.set_at, "released_at": hold.released_at, "amount": hold.amount or None,
        "owner": hold.owner.name if hold.owner else "",
    }  # fmt: skip


def _statement(row: StatementRow, sight: PartnerSight) -> dict[str, Any]:
    """Return a statement in the words that the list of statements and its own page have for it."""
    issued, month = row.statement, f"{row.statement.month:%Y-%m}"
    kind, words = statement_state(issued, today=sight.today, objected=row.objected, own=not sight.sells)
    return {
        "number": issued.number, "month": month, "url": f"{reverse('statement', args=[sight.partner.firm.code])}?month={month}",
        "closing": issued.closing, "reply_until": issued.reply_until, "state": kind, "state_text": words,
    }  # fmt: skip


def _requests(sight: PartnerSight, before: int | None) -> dict[str, Any]:
    found = requests_of(sight.partner.seller_id, sight.partner.firm_id, on=sight.today, before=before, most=ROWS + 1)
    older = found[ROWS - 1].id if len(found) > ROWS else None
    return {
        "requests": [_request_row(row) for row in found[:ROWS]],
        "next_url": f"?tab=requests&before={older}" if older else "",
        "previous_url": "?tab=requests" if before else "",
    }


def _request_row(row: WaitingRow) -> dict[str, Any]:
    failed = [law_word(law) for law in row.failed]
    zh = "、".join(law.zh if isinstance(law, Text) else law for law in failed)
    en = ", ".join(law.en if isinstance(law, Text) else law for law in failed)
    return {
        "number": row.number, "url": _order(row.number), "submitted_at": row.submitted_at, "source": SOURCE_WORDS[Source(row.source)],
        "titles": row.titles, "copies": row.copies, "net": row.net, "state": ORDER_TONES[row.state], "state_text": ORDERS.words[row.state],
        "failed": Text(zh, en) if failed else None, "settled_on": row.settled_on, "ship_on": row.ship_on,
    }  # fmt: skip


def _movements(line: CreditLine, *, sells: bool, upto: int | None) -> dict[str, Any]:
    found = movements_page(line.account_id, upto=upto)
    return {
        "movements": [movement_row(movement, sells=sells) for movement in found.rows],
        "next_url": f"?tab=money&upto={found.older}" if found.older else "",
        "previous_url": f"?tab=money&upto={found.newer}" if found.newer else "",
    }


def _receipts(line: CreditLine, before: int | None) -> dict[str, Any]:
    found = receipts_of_line(line.pk, before=before, most=ROWS + 1)
    older = found[ROWS - 1].id if len(found) > ROWS else None
    return {
        "receipts": found[:ROWS],
        "next_url": f"?tab=receipts&before={older}" if older else "",
        "previous_url": "?tab=receipts" if before else "",
    }
