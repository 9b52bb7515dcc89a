"""The receiver confirms a delivery or reports what differs; the answer moves copies and money, and everything agrees (M-16.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Batch
from lingqu.documents.models import Attachment
from lingqu.documents.rules import NewFile
from lingqu.ledger.models import Posting
from lingqu.notices.models import Notice
from lingqu.orders.actions import Received, allow_late_report, name_parcels, receive_delivery, remind_of_receipts, ship_order
from lingqu.orders.models import Delivery, Difference, GoodsReturn
from lingqu.orders.rules import Carriage, LineCount, ParcelWanted
from lingqu.orders.states import FreightPayer
from lingqu.orders.tests.delivery_steps import answer, count, lines_of, on_hand, receive
from lingqu.orders.tests.path_steps import close, credit, must_agree, order_of, ship, take_back
from tests.world import World

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def sent(world: World) -> Delivery:
    """A delivery of 10 and 5 copies to the agent; 10 × 96 × 65 % and 5 × 128 × 65 %: 1,040.00 yuan."""
    return ship(world, world.accept(world.submit("agent", {0: 10, 1: 5})).pk)


def code(deed: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        deed()
    return refusal.value.code


def test_all_as_sent_is_confirmed_once_and_moves_nothing(world: World, sent: Delivery) -> None:
    before = credit(world), on_hand(world, 0)
    assert receive(world, sent) is None
    sent.refresh_from_db()
    assert (sent.state, sent.received_by, sent.received_at) == ("confirmed", world.people["agent_clerk"], world.at)
    assert (credit(world), on_hand(world, 0)) == before
    assert code(lambda: receive(world, sent)) == "wrong_state"


@pytest.mark.parametrize("who", ["other_agent_owner", "warehouse", "manager", "representative", "retailer_owner"])
def test_only_people_of_the_buyer_confirm(world: World, sent: Delivery, who: str) -> None:
    assert code(lambda: receive(world, sent, by=who)) == "forbidden"


def test_what_differs_is_a_report_with_one_line_a_kind(world: World, sent: Delivery) -> None:
    report = receive(world, sent, {1: LineCount(6, damaged=1, wrong=1), 2: LineCount(7)})
    assert report.number.startswith("CY-2026-")
    assert list(report.lines.order_by("id").values_list("order_line__line", "kind", "copies")) == [
        (1, "short", 2), (1, "damaged", 1), (1, "wrong_title", 1), (2, "too_many", 2),
    ]  # fmt: skip
    sent.refresh_from_db()
    assert (sent.state, report.state) == ("differing", "reported")
    told = [Notice.objects.filter(person=world.people[who], title_zh=f"{sent.number} 收货有差异").count() for who in
            ("warehouse", "representative", "manager")]  # fmt: skip
    assert told == [1, 1, 0]


def test_photos_go_with_a_report_and_other_files_do_not(world: World, sent: Delivery) -> None:
    photos = [NewFile("破损.png", PNG), NewFile("箱.png", PNG + b"2")]
    new = Received({1: LineCount(9, damaged=1)}, "外箱湿", photos)
    report = receive_delivery(sent.pk, new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert report
    assert Attachment.objects.filter(document_kind="difference", document_id=report.pk).count() == 2
    assert report.note == "外箱湿"


@pytest.mark.parametrize(
    "counted", [{3: LineCount(1)}, {1: LineCount(-1)}, {1: LineCount(0, damaged=8, wrong=3)}, {1: LineCount(2_000_000)}]
)
def test_a_count_that_cannot_be_is_refused(world: World, sent: Delivery, counted: dict[int, LineCount]) -> None:
    assert code(lambda: receive(world, sent, counted)) == "bad_input"
    assert Difference.objects.count() == 0


def test_after_its_time_a_report_needs_the_managers_consent_and_confirming_does_not(world: World, sent: Delivery) -> None:
    world.at += timedelta(days=8)
    less = {1: LineCount(9)}
    assert code(lambda: receive(world, sent, less)) == "too_late"

    def consent(by: str, reason: str = "承运单位证明延误") -> Delivery:
        return allow_late_report(sent.pk, reason=reason, regulation=world.regulation, by=world.who(by), at=world.at)

    assert code(lambda: consent("representative")) == "forbidden"
    assert code(lambda: consent("manager", " ")) == "bad_input"
    consent("manager")
    report = receive(world, sent, less)
    assert report.late
    answer(world, count(world, report, 0), "send_again")
    assert code(lambda: receive(world, sent, {2: LineCount(4)})) == "too_late"


def test_on_the_last_day_it_is_in_time(world: World, sent: Delivery) -> None:
    assert code(lambda: allow_late_report(sent.pk, reason="早", regulation=world.regulation, by=world.who("manager"), at=world.at)) == (
        "bad_input"
    )
    world.at += timedelta(days=7)
    assert receive(world, sent, {1: LineCount(9)}).late is False


def test_damage_found_after_confirming_is_still_reported_in_time(world: World, sent: Delivery) -> None:
    receive(world, sent)
    assert receive(world, sent, {1: LineCount(9, damaged=1)}).state == "reported"


def test_nobody_is_taken_to_have_confirmed_and_the_receiver_is_reminded_once(world: World, sent: Delivery) -> None:
    def remind() -> int:
        return remind_of_receipts(regulation=world.regulation, at=world.at)

    assert remind() == 0
    world.at += timedelta(days=8)
    assert (remind(), remind()) == (1, 0)
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert Notice.objects.filter(person=world.people["agent_owner"], title_zh=f"{sent.number} 还没有签收").count() == 1


def test_send_again_makes_the_copies_a_back_order_and_what_was_found_is_kept_for_it(world: World, sent: Delivery) -> None:
    order, owed = sent.order_id, credit(world)
    report = receive(world, sent, {1: LineCount(6), 2: LineCount(5)})
    answer(world, count(world, report, 3), "send_again")
    assert (order_of(order).state, lines_of(order)) == ("part_shipped", [(10, 3, 6, 0), (5, 0, 5, 0)])
    assert (on_hand(world, 0), credit(world)) == ((9_993, 3), owed)
    lost = Posting.objects.get(document_kind="difference", document_id=report.pk, reason="lost")
    assert lost.amount == 1
    must_agree(world)
    ship(world, order)
    assert (order_of(order).state, lines_of(order)) == ("shipped", [(10, 0, 10, 0), (5, 0, 5, 0)])
    assert on_hand(world, 0) == (9_989, 0)
    must_agree(world)


def test_credit_counts_as_returned_at_the_original_net(world: World, sent: Delivery) -> None:
    report = receive(world, sent, {1: LineCount(7, damaged=2), 2: LineCount(5)})
    done = answer(world, count(world, report, 1, 0), "credit", "credit")
    batch = Batch.objects.get(document_id=sent.order_id)
    assert (batch.value, batch.applied) == (Decimal("1040.00"), Decimal("187.20"))
    assert (lines_of(sent.order_id), on_hand(world, 0)) == ([(10, 0, 10, 3), (5, 0, 5, 0)], (9_991, 0))
    paper = GoodsReturn.objects.get(differences=done)
    assert (paper.reason, paper.note) == ("other", report.number)
    must_agree(world)


def test_too_many_is_never_just_billed(world: World, sent: Delivery) -> None:
    report, before = receive(world, sent, {2: LineCount(8)}), (credit(world), on_hand(world, 1))
    assert code(lambda: answer(world, report, "credit")) == "bad_input"
    assert code(lambda: answer(world, report, "send_again")) == "bad_input"
    assert answer(world, report, "new_request").state == "answered"
    assert (credit(world), on_hand(world, 1)) == before


def test_a_refusal_needs_its_reason_and_moves_nothing(world: World, sent: Delivery) -> None:
    report, before = count(world, receive(world, sent, {1: LineCount(9)}), 0), (credit(world), on_hand(world, 0))
    assert code(lambda: answer(world, report, "refuse")) == "bad_input"
    answer(world, report, "refuse", reason="签收单写明 10 册")
    sent.refresh_from_db()
    assert (sent.state, (credit(world), on_hand(world, 0))) == ("answered", before)


def test_the_warehouse_looks_before_anybody_answers(world: World, sent: Delivery) -> None:
    report = receive(world, sent, {1: LineCount(9)})
    assert code(lambda: answer(world, report, "credit")) == "not_counted"
    assert code(lambda: count(world, report, 2)) == "bad_input"
    assert code(lambda: count(world, report, None)) == "bad_input"
    assert code(lambda: count(world, report, 0, by="representative")) == "forbidden"
    assert count(world, count(world, report, 0), 1).lines.get().found == 1
    assert code(lambda: answer(world, report, "credit", by="warehouse")) == "forbidden"
    answer(world, report, "credit", by="manager")
    assert code(lambda: answer(world, report, "credit")) == "wrong_state"


def test_where_no_stock_is_kept_it_is_answered_directly(world: World) -> None:
    order = world.accept(world.submit("retailer", {0: 4}), by="agent_owner").pk
    delivery = ship(world, order, by="agent_owner")
    report = receive(world, delivery, {1: LineCount(1)}, by="retailer_clerk")
    assert code(lambda: count(world, report, 1, by="agent_owner")) == "no_stock"
    answer(world, report, "send_again", by="agent_owner")
    assert lines_of(order) == [(4, 0, 1, 0)]


def test_copies_that_came_back_meanwhile_are_not_sent_again(world: World, sent: Delivery) -> None:
    report = count(world, receive(world, sent, {1: LineCount(8)}), 0)
    take_back(world, sent.order_id, {1: 9})
    assert code(lambda: answer(world, report, "send_again")) == "bad_input"
    assert code(lambda: answer(world, report, "credit")) == "bad_input"


def test_what_never_arrived_at_all_can_be_closed_and_nothing_is_owed(world: World, sent: Delivery) -> None:
    report = count(world, receive(world, sent, {1: LineCount(0), 2: LineCount(0)}), 0, 0)
    answer(world, report, "send_again", "send_again")
    assert lines_of(sent.order_id) == [(10, 0, 0, 0), (5, 0, 0, 0)]
    close(world, sent.order_id)
    assert (order_of(sent.order_id).net, credit(world)[0]) == (Decimal("0.00"), Decimal("0.00"))


def test_a_second_report_is_measured_by_what_is_left(world: World, sent: Delivery) -> None:
    answer(world, count(world, receive(world, sent, {1: LineCount(4)}), 0), "credit")
    assert receive(world, sent, {1: LineCount(3)}).lines.get().copies == 1


def test_parcels_are_numbered_told_and_corrected_until_it_was_received(world: World) -> None:
    order = world.accept(world.submit("agent", {0: 10})).pk
    way = Carriage((ParcelWanted("SF1", Decimal("12.50"), 6), ParcelWanted("SF2", None, 4)), "顺丰", FreightPayer.BUYER, Decimal("36.00"))
    delivery = ship_order(order, regulation=world.regulation, by=world.who("warehouse"), at=world.at, waybill=way)
    assert list(delivery.parcels.order_by("number").values_list("number", "waybill", "weight", "copies")) == [
        (1, "SF1", Decimal("12.50"), 6), (2, "SF2", None, 4),
    ]  # fmt: skip
    assert (delivery.waybill, delivery.payer, delivery.freight) == ("SF1", "buyer", Decimal("36.00"))
    notice = Notice.objects.get(person=world.people["agent_owner"], title_zh__startswith=delivery.number)
    assert "SF1、SF2" in notice.body_zh
    name_parcels(delivery.pk, Carriage((ParcelWanted("SF9"),)), by=world.who("warehouse"), at=world.at + timedelta(hours=1))
    assert list(delivery.parcels.values_list("number", "waybill")) == [(1, "SF9")]
    receive(world, delivery)
    again = Carriage((ParcelWanted("SF8"),))
    assert code(lambda: name_parcels(delivery.pk, again, by=world.who("warehouse"), at=world.at)) == "received_already"


@pytest.mark.parametrize(
    "way",
    [
        Carriage(()), Carriage(tuple(ParcelWanted(f"W{place}") for place in range(51))), Carriage((ParcelWanted("A"), ParcelWanted("A"))),
        Carriage((ParcelWanted("A" * 61),)), Carriage((ParcelWanted("A", Decimal(0)),)), Carriage((ParcelWanted("A", None, 0),)),
        Carriage((ParcelWanted("A"),), "运" * 61), Carriage((ParcelWanted("A"),), freight=Decimal(-1)),
    ],
)  # fmt: skip
def test_parcels_out_of_reason_are_refused_and_nothing_leaves(world: World, way: Carriage) -> None:
    order = world.accept(world.submit("agent", {0: 10})).pk
    assert code(lambda: ship_order(order, regulation=world.regulation, by=world.who("warehouse"), at=world.at, waybill=way)) == "bad_input"
    assert Delivery.objects.count() == 0
