"""Stock is counted while goods move on; what differs is booked once it is approved, and the books and the lots agree (M-16.5)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingqu.approvals.actions import Answer, decide_step
from lingqu.approvals.models import ApprovalStep
from lingqu.base.refusal import Refusal
from lingqu.inventory.actions import enter_counted, give_up_count, send_count, start_count
from lingqu.inventory.models import Lot, LotMove, StockCount, Warehouse
from lingqu.inventory.queries import stock_of
from lingqu.inventory.rules import Counted
from lingqu.operate.verify import run_checks
from lingqu.orders.tests.path_steps import ship
from tests.world import PRICES, World

pytestmark = pytest.mark.django_db
PRICE_0, PRICE_1 = Decimal(PRICES[0]), Decimal(PRICES[1])


@pytest.fixture
def shelf(world: World) -> Warehouse:
    return Warehouse.objects.get(firm=world.hq)


def item(world: World, place: int) -> int:
    return int(stock_of(world.hq.pk).get(product=world.products[place]).pk)


def on_hand(world: World, place: int) -> int:
    return int(stock_of(world.hq.pk).get(product=world.products[place]).on_hand)  # type: ignore[attr-defined]


def started(world: World, shelf: Warehouse, *places: int) -> StockCount:
    return start_count(shelf, [item(world, place) for place in places], by=world.who("warehouse"), at=world.at)


def counted(world: World, count: StockCount, copies: dict[int, int], *, by: str = "warehouse") -> StockCount:
    found = {item(world, place): Counted(number, "破损" if place else "") for place, number in copies.items()}
    return enter_counted(count.pk, found, by=world.who(by), at=world.at)


def sent(world: World, count: StockCount, *, by: str = "warehouse") -> StockCount:
    return send_count(count.pk, regulation=world.regulation, by=world.who(by), at=world.at)


def sign(world: World, count: StockCount, by: str, answer: str = "approve", reason: str = "") -> None:
    count.refresh_from_db()
    assert count.approval is not None
    step = ApprovalStep.objects.get(approval=count.approval, state="open")
    decide_step(step.approval_id, Answer(step.pk, answer, reason), by=world.who(by), at=world.at)
    count.refresh_from_db()


def lots_agree() -> None:
    assert [check for check in run_checks() if check["key"] in {"lots", "running", "counts"} and check["wrong"]] == []


def test_a_count_without_a_difference_is_booked_at_once(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0, 1)
    counted(world, count, {0: 10_000, 1: 10_000})
    assert (sent(world, count).state, on_hand(world, 0), LotMove.objects.filter(kind="count").count()) == ("booked", 10_000, 0)


def test_differences_are_booked_when_they_are_approved(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0, 1)
    counted(world, count, {0: 9_997, 1: 10_002})
    done = sent(world, count)
    assert (done.state, done.value, on_hand(world, 0)) == ("asked", 3 * PRICE_0 + 2 * PRICE_1, 10_000)
    sign(world, count, "manager")
    assert (count.state, on_hand(world, 0), on_hand(world, 1)) == ("booked", 9_997, 10_002)
    moves = LotMove.objects.filter(document_kind="stock_count", document_id=count.pk)
    assert sorted(moves.values_list("kind", "copies")) == [("count", -3), ("count", 2)]
    assert Lot.objects.get(number=count.number).remaining == 2
    lots_agree()


def test_a_large_difference_goes_on_to_the_director(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0)
    counted(world, count, {0: 9_000})
    sent(world, count)
    for signer in ("manager", "finance"):
        sign(world, count, signer)
        assert count.state == "asked"
    sign(world, count, "director")
    assert (count.state, on_hand(world, 0)) == ("booked", 9_000)


def test_goods_move_on_while_they_are_counted(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0)
    counted(world, count, {0: 9_998})
    order = world.accept(world.submit("agent", {0: 10})).pk
    ship(world, order, {1: 10})
    sent(world, count)
    sign(world, count, "manager")
    assert on_hand(world, 0) == 9_988
    lots_agree()


def test_copies_that_requests_have_reserved_are_not_taken_away(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0)
    world.accept(world.submit("agent", {0: 3_000}))
    counted(world, count, {0: 2_999})
    sent(world, count)
    sign(world, count, "manager")
    sign(world, count, "finance")
    with pytest.raises(Refusal) as refusal:
        sign(world, count, "director")
    assert (refusal.value.code, world.products[0].code in refusal.value.text.zh, on_hand(world, 0)) == ("reserved", True, 10_000)


def test_sent_back_it_is_counted_again_and_the_new_numbers_are_decided(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0)
    counted(world, count, {0: 9_990})
    sent(world, count)
    sign(world, count, "manager", "send_back", "请复盘")
    assert count.state == "sent_back"
    counted(world, count, {0: 9_999})
    assert sent(world, count).state == "asked"
    sign(world, count, "manager")
    assert (count.state, on_hand(world, 0)) == ("booked", 9_999)


def test_sent_back_and_nothing_differs_any_more(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0)
    counted(world, count, {0: 9_990})
    sent(world, count)
    sign(world, count, "manager", "send_back", "请复盘")
    counted(world, count, {0: 10_000})
    assert (sent(world, count).state, on_hand(world, 0)) == ("booked", 10_000)
    count.refresh_from_db()
    assert count.approval is not None
    assert count.approval.state == "withdrawn"


def test_refused_differences_change_nothing(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0)
    counted(world, count, {0: 9_990})
    sent(world, count)
    sign(world, count, "manager", "refuse", "查无此事")
    assert (count.state, count.ended_because, on_hand(world, 0)) == ("refused", "查无此事", 10_000)


def test_one_count_at_a_time_and_it_can_be_given_up(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0)
    with pytest.raises(Refusal) as refusal:
        started(world, shelf, 1)
    assert refusal.value.code == "count_open"
    give_up_count(count.pk, reason="改期", by=world.who("warehouse"), at=world.at)
    other = started(world, shelf, 1)
    counted(world, other, {1: 5})
    sent(world, other)
    assert give_up_count(other.pk, reason="重盘", by=world.who("warehouse"), at=world.at).state == "withdrawn"


def test_what_cannot_be_counted_is_refused(world: World, shelf: Warehouse) -> None:
    count = started(world, shelf, 0, 1)
    counted(world, count, {0: 0})
    for copies in (-1, 1_000_001):
        with pytest.raises(Refusal):
            counted(world, count, {0: copies})
    with pytest.raises(Refusal) as missing:
        counted(world, count, {2: 5})
    assert missing.value.status == 404
    with pytest.raises(Refusal) as unfinished:
        sent(world, count)
    assert unfinished.value.code == "not_counted"
    for empty in ([], [item(world, 0), 999_999_999]):
        with pytest.raises(Refusal):
            start_count(shelf, empty, by=world.who("warehouse"), at=world.at)


@pytest.mark.parametrize("who", ["director", "finance", "manager", "representative", "agent_owner", "agent_clerk", "researcher"])
def test_only_the_warehouse_keeper_counts(world: World, shelf: Warehouse, who: str) -> None:
    count = started(world, shelf, 0)
    for deed in (
        lambda: counted(world, count, {0: 1}, by=who),
        lambda: sent(world, count, by=who),
        lambda: give_up_count(count.pk, reason="x", by=world.who(who), at=world.at),
        lambda: start_count(shelf, [item(world, 1)], by=world.who(who), at=world.at),
    ):
        with pytest.raises(Refusal) as refusal:
            deed()  # type: ignore[no-untyped-call]
        assert refusal.value.status == 403
