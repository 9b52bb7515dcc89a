"""Count what lies on the shelves, and send what differs from the books to be approved (M-16.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, withdraw_approval
from lingqu.approvals.models import Approval
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.money import MAX_COPIES
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.actions import take_numbers
from lingqu.inventory.access import KEEPING_POSTS, may_take_goods_in
from lingqu.inventory.actions.count_booked import SUBJECT, book_count, content_of, facts_of, link_to, title_of
from lingqu.inventory.models import StockCount, StockCountLine, StockItem, Warehouse
from lingqu.inventory.queries import differences_of
from lingqu.inventory.rules import Counted
from lingqu.inventory.states import COUNTS, CountState, CountVerb
from lingqu.ledger.actions import lock_accounts
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Regulation

SERIES = "PD"
CHAIN = "stock_difference"
MOST_LINES = 5_000
MOST_NOTE = 200
MOST_REASON = 200


@transaction.atomic
def start_count(warehouse: Warehouse, items: Sequence[int], *, note: str = "", by: Acting, at: datetime) -> StockCount:
    """Begin a count of titles (StockItem ids) of a warehouse and return the document (series PD).

    The warehouse keeper may, and the owner of a firm. Refuses nothing to count, more than 5,000 titles, titles of another warehouse, and
    (`count_open`) a second count beside one that has not ended.
    """
    _must_keep(warehouse.firm_id, by)
    if not 1 <= len(set(items)) <= MOST_LINES:
        raise bad_input("items", Text(f"一次盘点 1 至 {MOST_LINES:,} 个品种。", f"Count 1 to {MOST_LINES:,} titles at a time."))
    if len(note) > MOST_NOTE:
        raise bad_input("note", Text(f"备注最多 {MOST_NOTE} 字。", f"A note has at most {MOST_NOTE} characters."))
    known = set(StockItem.objects.filter(warehouse=warehouse, pk__in=set(items)).values_list("pk", flat=True))
    if known != set(items):
        raise not_found()
    (number,) = take_numbers(SERIES, china_day(at).year)
    count = StockCount(
        warehouse=warehouse, number=number, state=CountState.OPEN.value, note=note.strip(), started_by_id=by.person, started_at=at
    )
    try:
        with transaction.atomic():
            count.save(force_insert=True)
    except IntegrityError as two:
        raise Refusal(
            "count_open",
            Text("该仓库有未结束的盘点，请先提交或作废。", "A count of this warehouse has not ended: send or give it up first."),
        ) from two
    StockCountLine.objects.bulk_create(StockCountLine(count=count, item_id=item) for item in sorted(known))
    _record(CountVerb.ENTER, count, {"titles": len(known)}, by, at)
    return count


@transaction.atomic
def enter_counted(count_id: int, counted: Mapping[int, Counted], *, by: Acting, at: datetime) -> StockCount:
    """Note what was counted, by StockItem id; the copies by the books are read at this moment, so that goods may move on meanwhile.

    Entered again, the newer number holds. Refuses titles that are not of the count, and copies outside 0 to 1,000,000.
    """
    count = _locked(count_id)
    _must_keep(count.warehouse.firm_id, by)
    COUNTS.next(CountState(count.state), CountVerb.ENTER)
    for item, one in counted.items():
        _check(item, one)
    lines = {line.item_id: line for line in count.lines.select_related("item").filter(item_id__in=list(counted))}
    if set(lines) != set(counted):
        raise not_found()
    accounts = {item: line.item.account_id for item, line in lines.items()}
    standings = lock_accounts(accounts.values())
    for item, one in counted.items():
        line = lines[item]
        line.book, line.counted, line.reason = int(-standings[accounts[item]].used), one.copies, one.reason.strip()
        line.counted_by_id, line.counted_at = by.person, at
    StockCountLine.objects.bulk_update(lines.values(), ["book", "counted", "reason", "counted_by", "counted_at"], batch_size=1000)
    _record(CountVerb.ENTER, count, {"counted": len(counted)}, by, at)
    return count


@transaction.atomic
def send_count(count_id: int, *, regulation: Regulation, by: Acting, at: datetime) -> StockCount:
    """End the counting: without a difference the count is booked as it is, with one it goes to the procedure `stock_difference`.

    In the warehouse of another firm than HQ differences are booked at once, too. Sent again after it was sent back, the route begins anew.
    Refuses titles that nobody has counted, and a headquarters whose regulation has no such procedure.
    """
    count = _locked(count_id)
    _must_keep(count.warehouse.firm_id, by)
    COUNTS.next(CountState(count.state), CountVerb.ASK)
    open_lines = count.lines.filter(counted__isnull=True).count()
    if open_lines:
        raise Refusal(
            "not_counted",
            Text(f"还有 {open_lines:,} 个品种没有录入实盘册数。", f"{open_lines:,} titles have not been counted yet."),
            field="lines", status=422,
        )  # fmt: skip
    differences = differences_of(count.pk, on=china_day(at))
    count.regulation = regulation.reference
    count.value = content_of(count, differences).value
    if not any(one.copies for one in differences) or by.firm_kind != FirmKind.HQ.value:
        count.save(update_fields=["regulation", "value"])
        book_count(count, differences, by=by.person, at=at)
        if count.approval_id:
            because = Text("复盘后没有差异", "Counted again, nothing differs")
            withdraw_approval(count.approval_id, reason=because.zh, by=by, at=at)
        return count
    return _ask(count, regulation=regulation, by=by, at=at)


@transaction.atomic
def give_up_count(count_id: int, *, reason: str, by: Acting, at: datetime) -> StockCount:
    """End a count without booking anything. Whoever may count may, and while its differences are decided the one who sent them."""
    count = _locked(count_id)
    _must_keep(count.warehouse.firm_id, by)
    if not reason.strip():
        raise bad_input("reason", Text("请写明作废理由。", "Give the reason."))
    if count.approval_id and count.state in (CountState.ASKED.value, CountState.SENT_BACK.value):
        withdraw_approval(count.approval_id, reason=reason, by=by, at=at)
        count.refresh_from_db()
        return count
    before = count.state
    count.state = COUNTS.next(CountState(before), CountVerb.WITHDRAW).value
    count.ended_at, count.ended_because = at, reason.strip()[:MOST_REASON]
    count.save(update_fields=["state", "ended_at", "ended_because"])
    _record(CountVerb.WITHDRAW, count, {"because": count.ended_because}, by, at)
    return count


def _ask(count: StockCount, *, regulation: Regulation, by: Acting, at: datetime) -> StockCount:
    chain = regulation.chains.get(CHAIN)
    if chain is None:
        raise Refusal(
            "no_procedure",
            Text("现行制度没有盘点差异的审批流程。", "The regulation in force has no procedure for differences of a count."),
            status=422,
        )
    differences = differences_of(count.pk, on=china_day(at))
    content = content_of(count, differences)
    if count.approval_id and count.state == CountState.SENT_BACK.value:
        count.save(update_fields=["regulation", "value"])
        again = Resubmission(content.fingerprint, title=title_of(count), amount=content.value, facts=facts_of(count, content))
        resubmit_approval(count.approval_id, again, by=by, at=at)
        count.refresh_from_db()
        return count
    firm = count.warehouse.firm_id
    new = NewApproval(
        SUBJECT, count.pk, title_of(count), link_to(count), firm, content.fingerprint, amount=content.value,
        facts=facts_of(count, content), reason=count.note, asked_for=by.for_whom(KEEPING_POSTS, firm),
    )  # fmt: skip
    count.approval = request_approval(new, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)
    count.state = CountState.ASKED.value
    count.save(update_fields=["state", "approval", "regulation", "value"])
    _record(CountVerb.ASK, count, {"value": str(count.value)}, by, at)
    return count


def _check(item: int, one: Counted) -> None:
    if not 0 <= one.copies <= MAX_COPIES:
        raise bad_input(f"counted-{item}", Text(f"册数须在 0 与 {MAX_COPIES:,} 之间。", f"Enter 0 to {MAX_COPIES:,} copies."))
    if len(one.reason) > MOST_REASON:
        raise bad_input(f"reason-{item}", Text(f"原因最多 {MOST_REASON} 字。", f"A reason has at most {MOST_REASON} characters."))


def _must_keep(firm: int, by: Acting) -> None:
    if not may_take_goods_in(by, firm):
        raise forbidden(Text("盘点由库房管理员办理。", "Stock is counted by the warehouse keeper."))


def _locked(count_id: int) -> StockCount:
    """Lock a count, its approval first: whoever decides on it locks them in this order too."""
    Approval.objects.select_for_update().filter(pk__in=StockCount.objects.filter(pk=count_id).values("approval_id")).first()
    found = StockCount.objects.select_for_update(of=("self",)).select_related("warehouse").filter(pk=count_id).first()
    if found is None:
        raise not_found()
    return found


def _record(verb: CountVerb, count: StockCount, after: dict[str, object], by: Acting, at: datetime) -> None:
    absent = by.for_whom(KEEPING_POSTS, count.warehouse.firm_id)
    record([Deed(verb.value, SUBJECT, count.pk, after, {}, count.regulation, absent)], by=by.person, at=at)
