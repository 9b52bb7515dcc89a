"""Cancelling, closing the rest, and goods that come back: what is not owed is credited, what is not kept is free, to the cent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Batch, BatchCredit
from lingqu.inventory.queries import stock_of
from lingqu.orders.models import Delivery, GoodsReturn, Order
from lingqu.orders.tests.path_steps import cancel, close, credit, must_agree, order_of, ship, take_back
from tests.world import World

NOTHING = Decimal(0)
Deed = Callable[[], object]


def on_hand(world: World, place: int) -> tuple[int, int]:
    (item,) = [item for item in stock_of(world.hq.pk) if item.product_id == world.products[place].pk]
    return int(item.on_hand), int(item.reserved)  # type: ignore[attr-defined]


def accepted(world: World, copies: dict[int, int] | None = None) -> int:
    return world.accept(world.submit("agent", copies or {0: 10, 1: 5})).pk


def refused(world: World, deed: Deed) -> Refusal:
    before = (credit(world), sorted(Order.objects.values_list("number", "state", "net")), BatchCredit.objects.count())
    with pytest.raises(Refusal) as refusal:
        deed()
    assert before == (credit(world), sorted(Order.objects.values_list("number", "state", "net")), BatchCredit.objects.count())
    return refusal.value


@pytest.mark.parametrize("by", ["representative", "manager"])
def test_an_accepted_request_is_cancelled_and_nothing_is_owed_or_kept(world: World, by: str) -> None:
    order = cancel(world, accepted(world), by=by)
    assert (order.state, order.settled_on, credit(world)) == ("cancelled", world.at.date(), (NOTHING, NOTHING, 0, 0))
    assert on_hand(world, 0) == (10_000, 0)
    assert (BatchCredit.objects.get().cause, BatchCredit.objects.get().amount) == ("cancelled", Decimal("1040.00"))
    must_agree(world)


def test_money_paid_for_a_cancelled_request_waits_for_another(world: World) -> None:
    order = accepted(world)
    world.pay("agent", "1000.00")
    cancel(world, order)
    world.lines["agent"].refresh_from_db()
    assert (world.lines["agent"].unapplied, credit(world)[0]) == (Decimal("1000.00"), Decimal("-1000.00"))
    must_agree(world)


def test_cancelling_refuses_twice_strangers_no_reason_and_what_was_shipped(world: World) -> None:
    order = accepted(world)
    for stranger in ("agent_owner", "finance", "warehouse", "director", "other_agent_owner"):
        assert refused(world, lambda who=stranger: cancel(world, order, by=who)).code == "forbidden"  # type: ignore[misc]
    assert refused(world, lambda: cancel(world, order, reason=" ")).field == "reason"
    assert refused(world, lambda: close(world, order)).code == "wrong_state"
    cancel(world, order)
    assert refused(world, lambda: cancel(world, order)).code == "wrong_state"
    other = accepted(world)
    ship(world, other, {1: 1})
    assert refused(world, lambda: cancel(world, other)).code == "wrong_state"


def test_the_rest_is_closed_and_only_what_was_shipped_is_owed(world: World) -> None:
    order = accepted(world)
    ship(world, order, {1: 6})
    assert on_hand(world, 0) == (9_994, 4)
    done = close(world, order)
    assert (done.state, done.copies, done.net, credit(world)[0]) == ("shipped", 6, Decimal("374.40"), Decimal("374.40"))
    assert (on_hand(world, 0), on_hand(world, 1)) == ((9_994, 0), (10_000, 0))
    assert BatchCredit.objects.get().cause == "closed"
    must_agree(world)
    assert refused(world, lambda: close(world, order)).code == "wrong_state"


def test_closing_refuses_strangers_and_no_reason(world: World) -> None:
    order = accepted(world)
    ship(world, order, {1: 6})
    for stranger in ("agent_owner", "finance", "warehouse", "director"):
        assert refused(world, lambda who=stranger: close(world, order, by=who)).code == "forbidden"  # type: ignore[misc]
    assert refused(world, lambda: close(world, order, reason="")).field == "reason"


def test_goods_come_back_in_parts_into_stock_and_are_credited_at_what_was_paid(world: World) -> None:
    order = accepted(world)
    ship(world, order)
    first = take_back(world, order, {1: 3})
    assert (first.number[:3], first.credit and first.credit.amount) == ("TH-", Decimal("187.20"))
    take_back(world, order, {1: 7, 2: 5})
    assert (on_hand(world, 0), on_hand(world, 1), credit(world)) == ((10_000, 0), (10_000, 0), (NOTHING, NOTHING, 0, 0))
    assert (order_of(order).state, order_of(order).net) == ("shipped", Decimal("1040.00"))
    must_agree(world)


def test_goods_may_come_back_before_all_have_left(world: World) -> None:
    order = accepted(world)
    ship(world, order, {1: 6})
    take_back(world, order, {1: 2})
    assert (order_of(order).state, on_hand(world, 0)) == ("part_shipped", (9_996, 4))
    ship(world, order)
    assert (order_of(order).state, on_hand(world, 0)) == ("shipped", (9_992, 0))
    must_agree(world)


def test_taking_back_refuses_twice_strangers_too_many_and_what_never_left(world: World) -> None:
    order = accepted(world)
    assert refused(world, lambda: take_back(world, order, {1: 1})).code == "wrong_state"
    ship(world, order, {1: 6})
    for stranger in ("agent_owner", "representative", "finance", "director"):
        assert refused(world, lambda who=stranger: take_back(world, order, {1: 1}, by=who)).code == "forbidden"  # type: ignore[misc]
    assert refused(world, lambda: take_back(world, order, {1: 7})).field == "lines.1.copies"
    assert refused(world, lambda: take_back(world, order, {2: 1})).field == "lines.2.copies"
    take_back(world, order, {1: 1}, seen=0)
    assert refused(world, lambda: take_back(world, order, {1: 1}, seen=0)).code == "changed_meanwhile"
    assert GoodsReturn.objects.count() == 1


def test_the_cents_of_a_line_come_back_exactly(world: World) -> None:
    order = accepted(world, {3: 101})
    ship(world, order)
    for _ in range(101):
        take_back(world, order, {1: 1})
    assert sum(paper.lines.get().net for paper in GoodsReturn.objects.all()) == order_of(order).net
    assert credit(world)[0] == NOTHING
    must_agree(world)


def test_the_warehouse_ships_chosen_copies_and_keeps_the_rest_reserved(world: World) -> None:
    order = accepted(world)
    ship(world, order, {1: 4})
    assert (order_of(order).state, on_hand(world, 0), on_hand(world, 1)) == ("part_shipped", (9_996, 6), (10_000, 5))
    ship(world, order, {1: 6, 2: 5}, seen=4)
    assert (order_of(order).state, Delivery.objects.count()) == ("shipped", 2)
    must_agree(world)


def test_shipping_more_than_agreed_or_than_is_there_or_twice_is_refused(world: World) -> None:
    order = accepted(world)
    assert refused(world, lambda: ship(world, order, {1: 11})).code == "more_than_agreed"
    assert refused(world, lambda: ship(world, order, {1: 0})).field == "lines"
    ship(world, order, {1: 4}, seen=0)
    assert refused(world, lambda: ship(world, order, {1: 4}, seen=0)).code == "changed_meanwhile"
    short = accepted(world, {2: 10_100})
    assert refused(world, lambda: ship(world, short, {1: 10_100})).code == "nothing_there"


def test_one_line_may_take_more_than_it_reserved_while_another_waits(world: World) -> None:
    first, second = accepted(world, {2: 9_990}), accepted(world, {2: 20})
    assert on_hand(world, 2) == (10_000, 10_000)
    cancel(world, first)
    ship(world, second, {1: 15})
    assert on_hand(world, 2) == (9_985, 0)
    must_agree(world)


def test_a_hold_of_the_line_keeps_goods_back_and_tells_which(world: World) -> None:
    from lingqu.credit.models import SupplyHold

    order = accepted(world)
    SupplyHold.objects.create(
        line=world.lines["agent"], number="GK-2026-0001", cause="overdue", level="delay", state="in_force", reason="逾期", set_at=world.at,
        amount=Decimal("500.00"), owner=world.people["finance"], deadline=world.at.date(), regulation=world.regulation.reference,
    )  # fmt: skip
    refusal = refused(world, lambda: ship(world, order))
    assert refusal.code == "on_hold"
    assert all(word in refusal.text.zh for word in ("GK-2026-0001", "暂缓发货", "500.00", "finance"))
    SupplyHold.objects.update(state="deferred", deferred_until=world.at.date())
    ship(world, order)


def test_an_old_acceptance_is_checked_again_before_goods_leave(world: World) -> None:
    order = accepted(world)
    days = world.regulation.parameters.approval_recheck_days
    world.at += timedelta(days=days)
    Batch.objects.update(backstop_due_on=None)
    ship(world, order, {1: 1})
    world.partners["agent"].certified_until = world.at.date()
    world.partners["agent"].save()
    world.at += timedelta(days=1)
    refusal = refused(world, lambda: ship(world, order))
    assert (refusal.code, "资格证书" in refusal.text.zh) == ("recheck_failed", True)


def test_a_lowered_limit_keeps_old_unpaid_goods_back_but_not_paid_ones(world: World) -> None:
    from lingqu.credit.actions import lower_limit

    order, paid = accepted(world, {0: 10}), accepted(world, {0: 10})
    world.at += timedelta(days=world.regulation.parameters.approval_recheck_days + 1)
    lower_limit(
        world.lines["agent"].pk, limit=Decimal("100.00"), reason="风险", regulation=world.regulation, by=world.who("finance"), at=world.at
    )
    refusal = refused(world, lambda: ship(world, order))
    assert (refusal.code, "信用金额" in refusal.text.zh) == ("recheck_failed", True)
    world.pay("agent", "624.00", detail={Batch.objects.get(document_id=paid).pk: Decimal("624.00")})
    ship(world, paid)
    assert refused(world, lambda: ship(world, order)).code == "recheck_failed"


def test_the_other_side_is_told(world: World) -> None:
    from lingqu.notices.models import Notice
    from lingqu.orders.tests.path_steps import amend, split

    def told(name: str) -> list[str]:
        found = Notice.objects.filter(person=world.people[name], title_zh__startswith="JH-").order_by("pk")
        return [notice.title_zh.split("：")[1] for notice in found]

    outcome = world.submit("agent", {0: 10, 1: 5})
    assert outcome.order
    amend(world, outcome.order, {0: 9, 1: 5}, by="agent_clerk")
    split(world, outcome.order, {2: 5}, by="representative")
    world.accept(outcome)
    ship(world, outcome.order, {1: 4})
    close(world, outcome.order)
    take_back(world, outcome.order, {1: 1})
    assert told("representative") == ["修改"]
    assert told("agent_owner") == ["拆单", "欠货不再发", "收退货"]
