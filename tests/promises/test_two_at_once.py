"""Two people, or one person twice: exactly one effect, and a clear word for the other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

from django.db import connections

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.credit.models import Batch, Receipt
from lingqu.documents.models import Attachment
from lingqu.documents.rules import NewFile
from lingqu.inventory.queries import stock_of
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import standings
from lingqu.orders.actions import accept_order, hand_in_contract, ship_order, submit_orders, withdraw_order
from lingqu.orders.models import Delivery, Order, OrderLine, StoredDecision
from lingqu.partners.models import Partner
from tests.world import build_world

MANY = 16


def at_once(deeds: list[Callable[[], object]]) -> Counter[str]:
    """Do all deeds at the same moment, each on its own connection; count `done` and the codes of refusals."""
    start = threading.Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> str:
        try:
            start.wait(60)
            deed()
        except Refusal as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(one, deeds))


def test_many_accept_the_same_request(race_database: str) -> None:
    world = build_world()
    order = world.submit("agent", {0: 10}).order
    assert order
    by, regulation = world.who("representative"), world.regulation

    def accept() -> object:
        return accept_order(order, ship_on=world.at.date(), regulation=regulation, by=by, at=world.at)

    assert at_once([accept] * MANY) == {"done": 1, "wrong_state": MANY - 1}
    assert Batch.objects.count() == 1


def test_one_accepts_while_the_partner_withdraws(race_database: str) -> None:
    world = build_world()
    order = world.submit("agent", {0: 10}).order
    assert order
    representative, owner, regulation = world.who("representative"), world.who("agent_owner"), world.regulation
    outcomes = at_once(
        [
            lambda: accept_order(order, ship_on=world.at.date(), regulation=regulation, by=representative, at=world.at),
            lambda: withdraw_order(order, by=owner, at=world.at),
        ]
    )
    assert outcomes == {"done": 1, "wrong_state": 1}
    account = world.lines["agent"].account_id
    line = standings([account])[account]
    accepted = Order.objects.get(pk=order).state == "accepted"
    assert (line.held, line.used) == (Decimal(0), Decimal("624.00") if accepted else Decimal(0))


def test_many_hand_in_the_same_contract(race_database: str) -> None:
    """Whoever comes first starts the clock; the others have handed in the same scan again, which changes nothing."""
    world = build_world()
    Partner.objects.filter(firm=world.firms["agent"]).update(contract_until=date(2026, 10, 31))
    order = world.submit("agent", {0: 10}).order
    assert order
    by, regulation, scan = world.who("agent_owner"), world.regulation, NewFile("合同.pdf", b"%PDF-1.7")

    def hand_in() -> object:
        return hand_in_contract(order, (scan,), regulation=regulation, by=by, at=world.at)

    assert at_once([hand_in] * MANY) == {"done": MANY}
    assert (StoredDecision.objects.count(), Attachment.objects.count()) == (1, 1)
    account = world.lines["agent"].account_id
    assert standings([account])[account].held == Decimal("624.00")


def test_the_contract_comes_while_the_request_is_withdrawn(race_database: str) -> None:
    world = build_world()
    Partner.objects.filter(firm=world.firms["agent"]).update(contract_until=date(2026, 10, 31))
    order = world.submit("agent", {0: 10}).order
    assert order
    owner, clerk, regulation = world.who("agent_owner"), world.who("agent_clerk"), world.regulation
    scan = NewFile("合同.pdf", b"%PDF-1.7")
    outcomes = at_once(
        [
            lambda: hand_in_contract(order, (scan,), regulation=regulation, by=clerk, at=world.at),
            lambda: withdraw_order(order, by=owner, at=world.at),
        ]
    )
    assert outcomes in ({"done": 2}, {"done": 1, "wrong_state": 1})
    account = world.lines["agent"].account_id
    assert (Order.objects.get(pk=order).state, standings([account])[account].held) == ("withdrawn", Decimal(0))


def test_the_same_request_sent_many_times_is_one(race_database: str) -> None:
    world = build_world()
    asked = world.ask("agent", {0: 10}, key="double-click")
    by, regulation = world.who("agent_owner"), world.regulation
    outcomes = at_once([lambda: submit_orders([asked], regulation=regulation, by=by, at=world.at)] * MANY)
    assert outcomes == {"done": MANY}
    assert (Order.objects.count(), Posting.objects.filter(phase="hold", document_kind="order").count()) == (1, 2)


def test_the_same_receipt_sent_many_times_is_one(race_database: str) -> None:
    world = build_world()
    world.accept(world.submit("agent", {0: 10}))
    new = NewReceipt(world.lines["agent"].pk, "double-click", Decimal("624.00"), world.at.date())
    by, regulation = world.who("finance"), world.regulation
    outcomes = at_once([lambda: enter_receipt(new, regulation=regulation, by=by, at=world.at)] * MANY)
    assert outcomes == {"done": MANY}
    account = world.lines["agent"].account_id
    assert (Receipt.objects.count(), standings([account])[account].used) == (1, Decimal(0))


def test_the_last_copies_are_reserved_once(race_database: str) -> None:
    world = build_world()
    asked = [world.ask("agent", {1: 1_000}, key=f"race-{number}") for number in range(MANY)]
    buyers = [world.who("agent_owner")]
    world.lines["agent"].refresh_from_db()
    by, regulation = buyers[0], world.regulation
    at_once([lambda one=one: submit_orders([one], regulation=regulation, by=by, at=world.at) for one in asked])  # type: ignore[misc]
    (item,) = [item for item in stock_of(world.hq.pk) if item.product_id == world.products[1].pk]
    reserved = sum(OrderLine.objects.filter(order__state="held").values_list("reserved", flat=True))
    assert item.reserved == reserved <= item.on_hand  # type: ignore[attr-defined]


def test_shipping_and_receiving_money_do_not_block_each_other(race_database: str) -> None:
    world = build_world()
    outcomes: Counter[str] = Counter()
    by_warehouse, by_finance, regulation = world.who("warehouse"), world.who("finance"), world.regulation
    for number in range(8):
        order = world.submit("agent", {0: 10}).order
        assert order
        accept_order(order, ship_on=world.at.date(), regulation=regulation, by=world.who("representative"), at=world.at)
        new = NewReceipt(world.lines["agent"].pk, f"race-{number}", Decimal("624.00"), world.at.date())
        outcomes += at_once(
            [
                lambda order=order: ship_order(order, regulation=regulation, by=by_warehouse, at=world.at),  # type: ignore[misc]
                lambda new=new: enter_receipt(new, regulation=regulation, by=by_finance, at=world.at),  # type: ignore[misc]
            ]
        )
    assert outcomes == {"done": 16}
    assert (Delivery.objects.count(), Order.objects.filter(settled_on__isnull=False, state="shipped").count()) == (8, 8)
