"""Goods go from one partner to another with papers: decided, ordered under every law, counted by both, and moved in one moment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewHold, set_hold
from lingqu.credit.models import Batch, BatchCredit
from lingqu.credit.states import HoldLevel
from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import Lot, LotMove, Warehouse
from lingqu.inventory.queries import stock_of
from lingqu.ledger.models import Posting
from lingqu.orders.actions import accept_order
from lingqu.orders.models import Delivery, GoodsReturn, Order
from lingqu.returns.actions import send_transfer_again, withdraw_transfer
from lingqu.returns.models import Transfer
from lingqu.returns.tests.steps import (
    PHOTO,
    agree,
    agreed_transfer,
    ask,
    book,
    confirm,
    count,
    on_hand,
    order_it,
    propose,
    shipped,
    used,
)  # fmt: skip
from lingqu.returns.tests.test_returns import KEYS, refusal_of
from tests.checks import must_agree
from tests.world import World


def accepted(world: World, copies: dict[int, int], **more: str) -> Transfer:
    """A transfer that was agreed to and whose request was accepted."""
    transfer = order_it(world, agreed_transfer(world, copies, **more))
    accept_order(transfer.order_id or 0, ship_on=world.at.date(), regulation=world.regulation, by=world.who("representative"), at=world.at)
    return transfer


def counted(world: World, transfer: Transfer, copies: dict[int, int]) -> Transfer:
    confirm(world, transfer, copies, taker=False)
    return confirm(world, transfer, copies, taker=True)


def test_goods_move_in_one_moment_at_each_sides_own_price(world: World) -> None:
    given = shipped(world, {0: 50})
    there, free = on_hand(world, 0), Lot.objects.get(item__product=world.products[0]).remaining
    transfer = accepted(world, {0: 20})
    owed, other = used(world), used(world, "other_agent")
    done = book(world, counted(world, transfer, {1: 20}))
    order = Order.objects.get(pk=transfer.order_id or 0)
    assert (done.state, order.state, on_hand(world, 0)) == ("moved", "shipped", there)
    assert (owed - used(world), done.credited) == (Decimal("1248.00"), Decimal("1248.00"))
    assert (order.net, other) == (Batch.objects.get(document_id=order.pk).value, order.net)
    assert BatchCredit.objects.get().batch == Batch.objects.get(document_id=given.pk)
    back = LotMove.objects.get(document_kind="goods_return")
    out = LotMove.objects.get(document_kind="delivery", document_id=Delivery.objects.get(order=order).pk)
    assert (back.lot_id, back.copies, out.lot_id, out.copies) == (out.lot_id, 20, back.lot_id, -20)
    assert Lot.objects.get(item__product=world.products[0]).remaining == free
    must_agree(*KEYS)


def test_they_leave_out_of_the_very_lot_that_came_back(world: World) -> None:
    """An older lot that lies in stock is not touched: first in first out holds for goods of the house, not for those of a transfer."""
    shipped(world, {0: 20})
    warehouse = Warehouse.objects.get(firm=world.hq)
    take_goods_in(warehouse, {world.products[0]: 5}, received_on=world.at.date() - timedelta(days=900), by=None, at=world.at)
    older = Lot.objects.get(remaining=5)
    transfer = accepted(world, {0: 20})
    book(world, counted(world, transfer, {1: 20}))
    older.refresh_from_db()
    assert older.remaining == 5
    must_agree(*KEYS)


def test_fewer_that_both_counted_are_moved_and_the_rest_stays(world: World) -> None:
    shipped(world, {0: 50})
    transfer = accepted(world, {0: 20})
    done = book(world, counted(world, transfer, {1: 18}))
    order = Order.objects.get(pk=transfer.order_id or 0)
    assert (done.credited, order.state, order.lines.get().shipped) == (Decimal("1123.20"), "part_shipped", 18)
    must_agree(*KEYS)


def nothing_moved(world: World, code: str, transfer: Transfer) -> None:
    before = (Posting.objects.count(), GoodsReturn.objects.count(), Delivery.objects.count(), used(world), used(world, "other_agent"))
    assert refusal_of(lambda: book(world, transfer)).code == code
    transfer.refresh_from_db()
    assert transfer.state == "ordered"
    after = (Posting.objects.count(), GoodsReturn.objects.count(), Delivery.objects.count(), used(world), used(world, "other_agent"))
    assert before == after


def test_nothing_moves_before_both_counted_alike(world: World) -> None:
    shipped(world, {0: 50})
    transfer = accepted(world, {0: 20})
    nothing_moved(world, "not_counted", transfer)
    confirm(world, transfer, {1: 20}, taker=False)
    nothing_moved(world, "not_counted", transfer)
    confirm(world, transfer, {1: 19}, taker=True)
    nothing_moved(world, "counts_differ", transfer)
    confirm(world, transfer, {1: 20}, taker=True)
    assert book(world, transfer).state == "moved"
    assert refusal_of(lambda: book(world, transfer)).code == "wrong_state"


def test_nothing_moves_before_the_request_is_accepted(world: World) -> None:
    shipped(world, {0: 50})
    transfer = counted(world, order_it(world, agreed_transfer(world, {0: 20})), {1: 20})
    nothing_moved(world, "not_accepted", transfer)


def test_a_hold_of_the_taker_stops_it_whole(world: World) -> None:
    shipped(world, {0: 50})
    transfer = counted(world, accepted(world, {0: 20}), {1: 20})
    hold = NewHold(HoldLevel.DELAY, "经营异常", (PHOTO,), world.at.date() + timedelta(days=7))
    set_hold(world.lines["other_agent"].pk, hold, regulation=world.regulation, by=world.who("finance"), at=world.at)
    nothing_moved(world, "on_hold", transfer)


def test_no_law_is_passed_by_the_takers_request(world: World) -> None:
    """The third batch of a partner with two open ones fails as always: the transfer waits for a signature or for money."""
    shipped(world, {0: 50})
    for _ in range(2):
        shipped(world, {1: 1}, buyer="other_agent")
    transfer = order_it(world, agreed_transfer(world, {0: 20}))
    order = Order.objects.get(pk=transfer.order_id or 0)
    assert (order.state, order.decisions.get().failed) == ("review", "batches")
    nothing_moved(world, "not_accepted", counted(world, transfer, {1: 20}))


def test_above_the_limit_the_request_fails(world: World) -> None:
    for _ in range(2):
        shipped(world, {0: 3_500})
        world.pay("agent", "218400.00")
    transfer = order_it(world, agreed_transfer(world, {0: 6_000}))
    order = Order.objects.get(pk=transfer.order_id or 0)
    assert "credit" in order.decisions.get().failed
    nothing_moved(world, "not_accepted", counted(world, transfer, {1: 6_000}))


def test_copies_are_named_by_one_paper_only(world: World) -> None:
    shipped(world, {0: 50})
    propose(world, {0: 40})
    shown = refusal_of(lambda: propose(world, {0: 11}))
    assert (shown.field, "10" in shown.text.zh) == ("lines.1.copies", True)
    assert refusal_of(lambda: ask(world, {0: 11})).field == "files"
    request = ask(world, {0: 10})
    assert count(world, agree(world, request), {1: 10}).credited == Decimal("624.00")


def test_the_same_key_is_the_same_transfer_and_the_same_request(world: World) -> None:
    shipped(world, {0: 50})
    assert propose(world, {0: 5}, key="once").pk == propose(world, {0: 5}, key="once").pk
    transfer = agreed_transfer(world, {0: 5})
    order_it(world, transfer)
    assert refusal_of(lambda: order_it(world, transfer)).code == "wrong_state"


def test_wrong_people_may_not(world: World) -> None:
    shipped(world, {0: 50})
    for who in ("agent_owner", "finance", "warehouse", "retailer_owner", "deputy"):
        assert refusal_of(lambda name=who: propose(world, {0: 1}, by=name)).code == "forbidden"  # type: ignore[misc]
    transfer = accepted(world, {0: 5})
    assert refusal_of(lambda: confirm(world, transfer, {1: 5}, taker=True, by="agent_owner")).code == "forbidden"
    assert refusal_of(lambda: confirm(world, transfer, {1: 5}, taker=False, by="other_agent_owner")).code == "forbidden"
    assert refusal_of(lambda: confirm(world, transfer, {1: 6}, taker=False)).field == "lines.1.copies"
    counted(world, transfer, {1: 5})
    for who in ("agent_owner", "representative", "finance", "manager"):
        assert refusal_of(lambda name=who: book(world, transfer, by=name)).code == "forbidden"  # type: ignore[misc]


def test_sent_back_it_goes_on_with_another_reason_and_withdrawn_it_frees_its_copies(world: World) -> None:
    shipped(world, {0: 50})
    transfer = propose(world, {0: 50})
    assert transfer.approval_id
    world.sign(transfer.approval_id, "manager", "send_back", "写明原因")
    transfer.refresh_from_db()
    assert transfer.state == "sent_back"
    send_transfer_again(transfer.pk, reason="乙地缺货", regulation=world.regulation, by=world.who("representative"), at=world.at)
    transfer.refresh_from_db()
    assert transfer.state == "deciding"
    withdraw_transfer(transfer.pk, reason="不调了", by=world.who("manager"), at=world.at)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.ended_because) == ("withdrawn", "不调了")
    assert propose(world, {0: 50}).copies == 50


def test_a_stranger_of_the_seller_gets_a_refusal(world: World) -> None:
    shipped(world, {0: 50})
    with pytest.raises(Refusal) as refused:
        propose(world, {0: 5}, taker="retailer")
    assert refused.value.field == "taker"
    assert refusal_of(lambda: propose(world, {0: 5}, taker="agent")).field == "taker"
    assert stock_of(world.hq.pk).count() == 4
