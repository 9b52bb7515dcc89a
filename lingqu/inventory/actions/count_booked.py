"""What becomes of a count: what its signers see, how it follows its approval, and how its differences are booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, alike
from lingqu.inventory.actions.goods_in import PIECES
from lingqu.inventory.actions.lots import pick_lots, put_in_lots
from lingqu.inventory.models import StockCount, StockItem
from lingqu.inventory.queries import differences_of
from lingqu.inventory.rules import Difference, Label, count_print, difference_value
from lingqu.inventory.states import COUNTS, CountState, CountVerb, LotMoveKind
from lingqu.ledger.actions import lock_accounts, open_account, post
from lingqu.ledger.rules import Entry

SUBJECT = "stock_count"
MOST_BECAUSE = 400
MOST_NAMED = 6
_VERBS = {
    ApprovalState.OPEN: CountVerb.ASK,
    ApprovalState.SENT_BACK: CountVerb.SEND_BACK,
    ApprovalState.REFUSED: CountVerb.REFUSE,
    ApprovalState.WITHDRAWN: CountVerb.WITHDRAW,
}


class Content(msgspec.Struct, frozen=True):
    """What is decided about a count: its differences, their value at list price in yuan, and the fingerprint of exactly these."""

    differences: tuple[Difference, ...]
    value: Decimal
    fingerprint: str


def content_of(count: StockCount, differences: Sequence[Difference]) -> Content:
    """Return what is decided about a count."""
    return Content(tuple(one for one in differences if one.copies), difference_value(differences), count_print(count.pk, differences))


def link_to(count: StockCount) -> str:
    """Return the address of the count's page."""
    return f"/stock/counts/{count.number}/"


def title_of(count: StockCount) -> Text:
    """Return the title under which the differences are decided."""
    return Text(f"{count.warehouse.name}盘点差异 {count.number}", f"Differences of count {count.number}, {count.warehouse.name}")


def facts_of(count: StockCount, content: Content) -> tuple[tuple[Text, Text], ...]:
    """Return what signers need to see: how many titles differ, which most, and what it is worth."""
    more, fewer = (sum(one.copies for one in content.differences if (one.copies > 0) is up) for up in (True, False))
    largest = sorted(content.differences, key=lambda one: -abs(one.copies) * one.list_price)[:MOST_NAMED]
    items = StockItem.objects.select_related("product").in_bulk([one.item for one in largest])
    counted = count.lines.count()
    head = (
        (Text("盘点品种", "Titles counted"), alike(f"{counted:,}")),
        (Text("有差异的品种", "Titles that differ"), alike(f"{len(content.differences):,}")),
        (Text("盘盈", "Too many"), Text(f"{more:,} 册", f"{more:,} copies")),
        (Text("盘亏", "Too few"), Text(f"{-fewer:,} 册", f"{-fewer:,} copies")),
        (Text("差异码洋", "Worth at list price"), Text(f"{content.value:,.2f} 元", f"{content.value:,.2f} yuan")),
    )
    return head + tuple(
        (
            alike(f"{items[one.item].product.code} {items[one.item].product.name}"),
            Text(
                f"账面 {one.book:,}，实盘 {one.counted:,}（{one.copies:+,}）",
                f"books {one.book:,}, shelf {one.counted:,} ({one.copies:+,})",
            ),
        )
        for one in largest
    )


def on_count_moved(event: ApprovalMoved) -> None:
    """Let a count follow the approval of its differences: approved, they are booked in the same transaction.

    Refuses, so that the approval stays open, differences that are not those that were sent, and copies that requests have reserved.
    Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    count = StockCount.objects.select_for_update(of=("self",)).select_related("warehouse").get(pk=event.subject_id)
    if event.state is ApprovalState.APPROVED:
        differences = differences_of(count.pk, on=china_day(event.at))
        if Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != content_of(count, differences).fingerprint:
            raise Refusal("content_changed", Text("盘点内容与送审时不同。", "The count is not what was sent for approval."))
        book_count(count, differences, by=event.by, at=event.at)
        return
    if count.state == CountState.BOOKED.value:
        return  # counted again, nothing differed any more: there was nothing left to decide
    before, verb = count.state, _VERBS[event.state]
    count.state = COUNTS.next(CountState(before), verb).value
    because = "" if verb is CountVerb.ASK else event.reason.strip()[:MOST_BECAUSE]
    if verb in {CountVerb.REFUSE, CountVerb.WITHDRAW}:
        count.ended_at, count.ended_because = event.at, because
    count.save(update_fields=["state", "ended_at", "ended_because"])
    after = {"state": count.state, "because": because}
    record([Deed(verb.value, SUBJECT, count.pk, after, {"state": before}, count.regulation)], by=event.by, at=event.at)


def book_count(count: StockCount, differences: Sequence[Difference], *, by: int | None, at: datetime) -> None:
    """Bring the books to what was counted: too many are a lot of the day, too few leave by the oldest lots. Posts last.

    Refuses (`reserved`) to take away copies that requests have reserved, and says of which titles.
    """
    changed = [one for one in differences if one.copies]
    items = StockItem.objects.select_related("product").in_bulk([one.item for one in changed])
    standings = lock_accounts(item.account_id for item in items.values())
    short = [one for one in changed if -one.copies > standings[items[one.item].account_id].free]
    if short:
        raise _reserved([items[one.item] for one in short])
    before = count.state
    count.state, count.ended_at = COUNTS.next(CountState(before), CountVerb.BOOK).value, at
    count.save(update_fields=["state", "ended_at", "regulation", "value"])
    after = {"state": count.state, "titles": len(changed), "value": str(count.value)}
    record([Deed("book", SUBJECT, count.pk, after, {"state": before}, count.regulation)], by=by, at=at)
    more = {one.item: one.copies for one in changed if one.copies > 0}
    fewer = {one.item: -one.copies for one in changed if one.copies < 0}
    if more:
        put_in_lots(
            more, label=Label(), received_on=china_day(at), document=(SUBJECT, count.pk, count.number), at=at, kind=LotMoveKind.COUNT
        )
    pick_lots(fewer, document=(SUBJECT, count.pk), at=at, kind=LotMoveKind.COUNT)
    post(_entries(count, items, more, fewer), on=china_day(at), at=at)


def _entries(count: StockCount, items: dict[int, StockItem], more: dict[int, int], fewer: dict[int, int]) -> list[Entry]:
    beside = open_account("count", holder=count.warehouse.firm_id, unit=PIECES)
    document = (SUBJECT, count.pk)
    return [
        *(Entry(beside, items[item].account_id, Decimal(copies), document, "counted") for item, copies in more.items()),
        *(Entry(items[item].account_id, beside, Decimal(copies), document, "counted") for item, copies in fewer.items()),
    ]


def _reserved(items: Sequence[StockItem]) -> Refusal:
    names = [item.product.code for item in items[:MOST_NAMED]]
    more = len(items) - len(names)
    zh, en = "、".join(names), ", ".join(names)
    return Refusal(
        "reserved",
        Text(
            f"{zh}{f' 等 {len(items)} 个品种' if more else ''} 盘亏的册数已被申请预占。请先调整这些申请，或退回复盘。",
            f"Copies missing of {en}{f' and {more} more' if more else ''} are reserved by requests. Change those first, or send the count "
            "back.",
        ),
        status=409,
    )
