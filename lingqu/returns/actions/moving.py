"""The goods of a transfer move: the taker's request, both counts, and return and shipment in one moment (M-16.3.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.database import must_be_atomic
from lingqu.base.money import ZERO
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine
from lingqu.inventory.models import LotMove, StockItem
from lingqu.inventory.states import LotMoveKind
from lingqu.ledger.actions import lock_accounts
from lingqu.orders.access import BUYING_POSTS, ENTERING_POSTS, SHIPPING_POSTS
from lingqu.orders.actions import Asked, AskedLine, NewReturn, ship_order, submit_orders, take_back_goods
from lingqu.orders.actions.voiding import lock_signature
from lingqu.orders.models import Order, OrderLine
from lingqu.orders.rules import Carriage
from lingqu.orders.states import SHIPPING_STATES, OrderState, ReturnReason, Shortage, Source
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.returns.access import may_confirm, may_count
from lingqu.returns.actions.transfers import SUBJECT, locked_transfer, move
from lingqu.returns.models import ReturnPaper, Transfer, TransferLine, TransferSource
from lingqu.returns.rules import check_both, share_out
from lingqu.returns.states import TRANSFERS, TransferState, TransferVerb


@transaction.atomic
def order_transfer(transfer_id: int, *, regulation: Regulation, by: Acting, at: datetime) -> Transfer:
    """Make the taker's purchase request for an agreed transfer, and return the transfer: a request like any other, at its own price.

    Every law judges it; what fails is cured or signed specially on its own page, never here. Made twice it is the same request. Refuses
    whoever may not enter requests for the partner, and a request that was refused on its face, with the reason.
    """
    known = Transfer.objects.filter(pk=transfer_id).values_list("seller_id", "giver_id", "taker_id").first()
    if known is None:
        raise not_found()
    _lock_lines(known[0], known[1:])
    transfer = locked_transfer(transfer_id)
    if not by.holds_any(ENTERING_POSTS, transfer.seller_id):
        raise forbidden(Text("进货申请由区域销售员或营销主管代录。", "The request is entered by the representative or the manager."))
    TRANSFERS.next(TransferState(transfer.state), TransferVerb.ORDER)
    lines = tuple(AskedLine(line.product_id, line.copies) for line in transfer.lines.order_by("line"))
    note = f"调货 {transfer.number}"
    asked = Asked(
        f"dh-{transfer.key}"[:64], transfer.seller_id, transfer.taker_id, lines, Source.TELEPHONE, Shortage.BACK_ORDER, note=note
    )  # fmt: skip
    (outcome,) = submit_orders([asked], regulation=regulation, by=by, at=at)
    if outcome.refusal or outcome.order is None:
        raise outcome.refusal or not_found()
    transfer.order_id = outcome.order
    move(transfer, TransferVerb.ORDER, because="", by=by.person, at=at)
    return transfer


@transaction.atomic
def confirm_transfer(transfer_id: int, *, taker: bool, counts: Mapping[int, int], by: Acting, at: datetime) -> Transfer:
    """Note what the giver, or the taker, counted by line number, and return the transfer; until the goods moved it may be corrected.

    Each side says its own; the seller's people may enter it for a partner that telephoned. Refuses others, a wrong state, and more of a
    line than was agreed.
    """
    transfer = locked_transfer(transfer_id)
    partner = transfer.taker_id if taker else transfer.giver_id
    if not may_confirm(by, transfer.seller_id, partner):
        raise forbidden(Text("清点由该客户确认，或由我方代录。", "A count is confirmed by that partner, or entered for it."))
    TRANSFERS.next(TransferState(transfer.state), TransferVerb.CONFIRM)
    rows = list(transfer.lines.order_by("line"))
    done = check_both({row.line: row.copies for row in rows}, counts)
    for row in rows:
        setattr(row, "taken" if taker else "given", done[row.line])
    TransferLine.objects.bulk_update(rows, ["taken" if taker else "given"])
    if taker:
        transfer.taken_by_id, transfer.taken_at = by.person, at
    else:
        transfer.given_by_id, transfer.given_at = by.person, at
    transfer.save(update_fields=["taken_by", "taken_at", "given_by", "given_at"])
    after = {"side": "taker" if taker else "giver", "copies": sum(done.values())}
    absent = by.for_whom(BUYING_POSTS, partner) or by.for_whom(ENTERING_POSTS, transfer.seller_id)
    record([Deed("confirm", SUBJECT, transfer.pk, after, {}, transfer.regulation, absent)], by=by.person, at=at)
    return transfer


@transaction.atomic
def move_transfer(transfer_id: int, *, regulation: Regulation, by: Acting, at: datetime) -> Transfer:
    """Book a transfer that both sides have counted alike, in one transaction, and return it: all of it, or nothing.

    The giver's copies come back on their own requests at the original net, into the lots from which they left; the taker's request is
    shipped out of those very lots. Refuses whoever may not ship, counts that are missing or differ (`counts_differ`), a request of the
    taker that is not accepted (`not_accepted`) or has left meanwhile, and whatever shipping refuses, such as a hold of the taker.
    """
    transfer, orders = _locked(transfer_id)
    if not may_count(by, transfer.seller_id):
        raise forbidden(Text("调货由库房管理员入账。", "Transfers are booked by the warehouse keeper."))
    TRANSFERS.next(TransferState(transfer.state), TransferVerb.MOVE)
    rows = list(transfer.lines.prefetch_related("sources").order_by("line"))
    _must_agree(rows)
    request = orders[transfer.order_id or 0]
    if OrderState(request.state) not in SHIPPING_STATES:
        raise Refusal(
            "not_accepted",
            Text(f"{request.number} 尚未受理，或已发货，不能调货。", f"{request.number} is not accepted, or has left already."),
        )
    _lock_ledger(transfer, rows)
    papers, credited = _give_back(transfer, rows, regulation=regulation, by=by, at=at)
    lots = LotMove.objects.filter(document_kind="goods_return", document_id__in=papers, kind=LotMoveKind.BACK.value)
    carriage = Carriage(lots=tuple(sorted(set(lots.values_list("lot_id", flat=True)))))
    ship_order(request.pk, regulation=regulation, by=by, at=at, waybill=carriage, copies=_to_ship(request, rows))
    transfer.moved_by_id, transfer.moved_at, transfer.credited = by.person, at, credited
    move(transfer, TransferVerb.MOVE, because="", by=by.person, at=at)
    after = {"credited": str(credited), "request": request.number, "copies": sum(row.given or 0 for row in rows)}
    absent = by.for_whom(SHIPPING_POSTS, transfer.seller_id)
    record([Deed("book", SUBJECT, transfer.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    return transfer


def _locked(transfer_id: int) -> tuple[Transfer, dict[int, Order]]:
    """Lock, in their order: signatures on their way, both credit lines, the transfer, all purchase requests concerned."""
    known = Transfer.objects.filter(pk=transfer_id).values_list("seller_id", "giver_id", "taker_id", "order_id").first()
    if known is None:
        raise not_found()
    sources = TransferSource.objects.filter(transfer_line__transfer_id=transfer_id)
    orders = {*sources.values_list("order_line__order_id", flat=True)} | ({known[3]} if known[3] else set())
    for order in sorted(orders):
        lock_signature(order)
    _lock_lines(known[0], known[1:3])
    transfer = locked_transfer(transfer_id)
    return transfer, {order.pk: order for order in Order.objects.select_for_update().filter(pk__in=orders).order_by("pk")}


def _lock_lines(seller: int, buyers: tuple[int, ...]) -> None:
    list(CreditLine.objects.select_for_update().filter(seller_id=seller, buyer_id__in=buyers).order_by("pk"))


def _must_agree(rows: list[TransferLine]) -> None:
    must_be_atomic()
    if any(row.given is None or row.taken is None for row in rows):
        raise Refusal("not_counted", Text("双方清点确认后才能入账。", "Both sides count first."))
    for row in rows:
        if row.given != row.taken:
            raise Refusal(
                "counts_differ",
                Text(
                    f"第 {row.line} 行调出 {row.given} 册，调入 {row.taken} 册，请核实后重新确认。",
                    f"Line {row.line}: {row.given} copies given, {row.taken} taken. Find out why and confirm again.",
                ),
            )


def _lock_ledger(transfer: Transfer, rows: list[TransferLine]) -> None:
    lines = CreditLine.objects.filter(seller_id=transfer.seller_id, buyer_id__in=(transfer.giver_id, transfer.taker_id))
    stock = StockItem.objects.filter(warehouse__firm_id=transfer.seller_id, product__in={row.product_id for row in rows})
    lock_accounts([*lines.values_list("account_id", flat=True), *stock.values_list("account_id", flat=True)])


def _give_back(
    transfer: Transfer, rows: list[TransferLine], *, regulation: Regulation, by: Acting, at: datetime
) -> tuple[list[int], Decimal]:  # fmt: skip
    """Let the giver's copies come back, each on its own request, and return the papers and the yuan credited."""
    shares: dict[int, int] = {}
    for row in rows:
        named = [(one.order_line_id, one.copies) for one in sorted(row.sources.all(), key=lambda source: source.place)]
        shares |= share_out(row.given or 0, named)
    lines = {line.pk: line for line in OrderLine.objects.filter(pk__in=shares)}
    papers, credited = [], ZERO
    for order in sorted({line.order_id for line in lines.values()}):
        copies = {lines[pk].line: many for pk, many in shares.items() if lines[pk].order_id == order}
        new = NewReturn(copies, ReturnReason.OTHER, f"调货 {transfer.number}", told=False)
        paper = take_back_goods(order, new, regulation=regulation, by=by, at=at)
        ReturnPaper.objects.create(transfer=transfer, goods_return=paper)
        papers.append(paper.pk)
        credited += paper.credit.amount if paper.credit else ZERO
    return papers, credited


def _to_ship(request: Order, rows: list[TransferLine]) -> dict[int, int]:
    """Return the copies to be shipped by line of the taker's request."""
    wanted = {row.product_id: row.given or 0 for row in rows}
    copies: dict[int, int] = {}
    for line in request.lines.order_by("line"):
        part = min(wanted.get(line.product_id, 0), line.copies - line.shipped)
        if part:
            copies[line.line] = part
            wanted[line.product_id] -= part
    left = sum(wanted.values())
    if left:
        raise Refusal(
            "not_on_request",
            Text(
                f"{request.number} 上没有其中 {left} 册，不能调货。",
                f"{left} of the copies are not on {request.number}.",
            ),
        )
    return copies
