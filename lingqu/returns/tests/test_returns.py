"""Goods go back: asked, agreed, counted, credited to the cent on the requests from which they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.credit.models import BatchCredit
from lingqu.inventory.models import Lot, LotMove
from lingqu.ledger.models import Account, Posting
from lingqu.orders.actions import NewReturn, ship_order, take_back_goods
from lingqu.orders.models import GoodsReturn, OrderLine
from lingqu.orders.states import ReturnReason
from lingqu.returns.actions import lapse_return
from lingqu.returns.models import ReturnPaper, ReturnRequest
from lingqu.returns.queries import overdue_returns
from lingqu.returns.rules import Parcel, Shipment, assign, parcels_of, read_rows
from lingqu.returns.states import Cap, Condition, Rest
from lingqu.returns.tests.steps import PHOTO, agree, ask, count, on_hand, refuse, send_up, shipped, used, withdraw
from tests.checks import must_agree
from tests.world import CENT_TITLE, World

KEYS = ("exposure", "lots", "returns", "waiting", "credits", "reserved", "return_requests", "transfers")


def refusal_of(deed: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        deed()
    return refused.value


def test_a_return_without_papers_finds_the_last_shipped_and_credits_them(world: World) -> None:
    first = shipped(world, {0: 100})
    world.at += timedelta(days=30)
    world.pay("agent", "6240.00")
    second = shipped(world, {0: 10})
    request = ask(world, {0: 15})
    (line,) = request.lines.all()
    found = [(one.order_line.order_id, one.copies, one.net) for one in line.sources.order_by("place")]
    assert found == [(second.pk, 10, Decimal("624.00")), (first.pk, 5, Decimal("312.00"))]
    assert (request.net, request.list_value, request.within, line.extra) == (Decimal("936.00"), Decimal("1440.00"), True, 0)
    agree(world, request)
    before, there = used(world), on_hand(world, 0)
    done = count(world, request, {1: 15})
    assert (done.state, done.credited, before - used(world), on_hand(world, 0) - there) == ("booked", Decimal(936), Decimal(936), 15)
    assert sorted(BatchCredit.objects.values_list("batch__document_id", "amount")) == [(first.pk, 312), (second.pk, 624)]
    assert ReturnPaper.objects.filter(request=request).count() == GoodsReturn.objects.count() == 2
    assert [move.kind for move in LotMove.objects.filter(document_kind="goods_return")] == ["back", "back"]
    must_agree(*KEYS)


def test_the_last_copy_of_several_returns_takes_what_rounding_left(world: World) -> None:
    order = shipped(world, {0: 100, CENT_TITLE: 7})
    net = order.lines.get(product=world.products[CENT_TITLE]).net
    credited = Decimal(0)
    for many in (3, 3, 1):
        request = agree(world, ask(world, {CENT_TITLE: many}))
        credited += count(world, request, {1: many}).credited
    assert credited == net
    must_agree(*KEYS)


def test_two_returns_never_name_the_same_copies(world: World) -> None:
    shipped(world, {0: 100})
    ask(world, {0: 20})
    shown = refusal_of(lambda: ask(world, {0: 90}))
    assert (shown.code, shown.field) == ("bad_input", "files")
    second = ask(world, {0: 90}, files=(PHOTO,))
    (line,) = second.lines.all()
    assert (line.extra, sum(one.copies for one in line.sources.all())) == (10, 80)


def test_the_same_key_is_the_same_return(world: World) -> None:
    shipped(world, {0: 100})
    assert ask(world, {0: 2}, key="once").pk == ask(world, {0: 2}, key="once").pk
    assert ReturnRequest.objects.count() == 1


def test_counting_twice_credits_once(world: World) -> None:
    shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 5}))
    count(world, request, {1: 5})
    owed = used(world)
    assert refusal_of(lambda: count(world, request, {1: 5})).code == "wrong_state"
    assert used(world) == owed


def test_faulty_copies_are_credited_and_lost_others_go_back(world: World) -> None:
    shipped(world, {0: 100})
    there = on_hand(world, 0)
    faulty = agree(world, ask(world, {0: 5}, reason=ReturnReason.QUALITY, condition=Condition.DAMAGED))
    done = count(world, faulty, {1: 2}, damaged={1: 3}, foreign={1: 1})
    assert (done.credited, done.rest, on_hand(world, 0) - there) == (Decimal("312.00"), "goes_back", 2)
    loss = Account.objects.get(kind="loss")
    assert Posting.objects.get(destination=loss).amount == 3
    slow = agree(world, ask(world, {0: 5}))
    done = count(world, slow, {1: 4}, damaged={1: 1}, rest=Rest.KEPT)
    assert (done.credited, done.rest, done.lines.get().accepted) == (Decimal("249.60"), "kept", 4)
    must_agree(*KEYS)


def test_more_than_agreed_is_not_taken(world: World) -> None:
    shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 5}))
    assert refusal_of(lambda: count(world, request, {1: 4}, damaged={1: 2})).code == "more_than_agreed"
    assert refusal_of(lambda: count(world, request, {1: 0})).code == "bad_input"
    assert refusal_of(lambda: count(world, request, {2: 1})).field == "lines"
    assert refusal_of(lambda: count(world, request, {1: 5}, by="agent_owner")).code == "forbidden"


def test_what_came_back_by_another_paper_is_not_credited_twice(world: World) -> None:
    order = shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 10}))
    new = NewReturn({1: 95}, ReturnReason.OTHER)
    take_back_goods(order.pk, new, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    assert refusal_of(lambda: count(world, request, {1: 10})).code == "taken_back_already"
    assert OrderLine.objects.get(order=order).returned == 95


def test_beyond_the_share_the_procedure_decides(world: World) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 21})
    assert not request.within
    assert (refusal_of(lambda: agree(world, request)).code, refusal_of(lambda: agree(world, request)).clause) == ("beyond_caps", "M-16.3.2")
    send_up(world, request)
    request.refresh_from_db()
    assert request.state == "deciding"
    assert request.approval
    world.sign(request.approval.pk, "manager")
    request.refresh_from_db()
    assert (request.state, request.lapses_on) == ("agreed", world.at.date() + timedelta(days=60))
    assert count(world, request, {1: 21}).credited == Decimal("1310.40")


def test_a_large_return_goes_on_to_the_deputy(world: World) -> None:
    shipped(world, {0: 250})
    request = send_up(world, ask(world, {0: 200}))
    assert request.approval
    assert request.net == Decimal(12_480)
    world.sign(request.approval.pk, "manager")
    request.refresh_from_db()
    assert request.state == "deciding"
    world.sign(request.approval.pk, "deputy")
    request.refresh_from_db()
    assert request.state == "agreed"


def test_within_the_caps_nothing_is_sent_up(world: World) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 20})
    assert refusal_of(lambda: send_up(world, request)).code == "within_caps"


def test_sent_back_it_is_sent_up_again_and_refused_it_ends(world: World) -> None:
    shipped(world, {0: 100})
    request = send_up(world, ask(world, {0: 30}))
    assert request.approval_id
    world.sign(request.approval_id, "manager", "send_back", "请附清单")
    request.refresh_from_db()
    assert (request.state, request.ended_because) == ("sent_back", "请附清单")
    assert refusal_of(lambda: send_up(world, request, by="manager")).code == "forbidden"
    send_up(world, request, reason="已附清单")
    world.sign(request.approval_id, "manager", "refuse", "不同意")
    request.refresh_from_db()
    assert (request.state, request.ended_because) == ("refused", "不同意")
    assert ask(world, {0: 20}).within


def test_copies_without_record_need_evidence_a_price_and_approval(world: World) -> None:
    shipped(world, {1: 100})
    assert refusal_of(lambda: ask(world, {0: 3})).field == "files"
    request = ask(world, {0: 3}, files=(PHOTO,))
    assert (request.net, request.within, request.lines.get().extra) == (Decimal(0), False, 3)
    assert refusal_of(lambda: agree(world, request)).code == "beyond_caps"
    for price in ("62.41", "0", "-1", "1.005"):
        assert refusal_of(lambda typed=price: send_up(world, request, prices={1: typed})).field == "lines.1.price"  # type: ignore[misc]
    assert refusal_of(lambda: send_up(world, request)).field == "lines.1.price"
    send_up(world, request, prices={1: "62.40"})
    request.refresh_from_db()
    assert request.approval
    world.sign(request.approval.pk, "manager")
    before, there = used(world), on_hand(world, 0)
    done = count(world, request, {1: 2})
    world.lines["agent"].refresh_from_db()
    assert (done.credited, before - used(world), on_hand(world, 0) - there) == (Decimal("124.80"), Decimal("124.80"), 2)
    assert done.credit
    assert (done.credit.batch, done.credit.unapplied, world.lines["agent"].unapplied) == (None, Decimal("124.80"), Decimal("124.80"))
    assert Lot.objects.get(number=done.number).remaining == 2
    must_agree(*KEYS)
    follow = world.accept(world.submit("agent", {0: 2}))
    world.lines["agent"].refresh_from_db()
    assert (follow.net, world.lines["agent"].unapplied) == (Decimal("124.80"), Decimal(0))
    must_agree(*KEYS)


def test_a_named_request_is_the_only_source(world: World) -> None:
    first = shipped(world, {0: 10})
    shipped(world, {0: 50})
    assert refusal_of(lambda: ask(world, {0: 11}, order=first.pk)).field == "lines.1.copies"
    request = ask(world, {0: 10}, order=first.pk)
    assert request.lines.get().sources.get().order_line.order_id == first.pk
    assert refusal_of(lambda: ask(world, {0: 1}, order=first.pk, buyer="other_agent", by="other_agent_owner")).code == "not_found"


def test_old_goods_are_beyond_the_age(world: World) -> None:
    shipped(world, {0: 50})
    world.at += timedelta(days=370)
    world.pay("agent", "3120.00")
    shipped(world, {1: 300})
    request = ask(world, {0: 5})
    assert [row.cap for row in read_rows(request.caps) if not row.passed] == [Cap.AGE]


def test_wrong_people_may_not(world: World) -> None:
    shipped(world, {0: 100})
    for who in ("retailer_owner", "other_agent_owner", "finance", "warehouse"):
        assert refusal_of(lambda name=who: ask(world, {0: 1}, by=name)).code == "forbidden"  # type: ignore[misc]
    request = ask(world, {0: 1})
    for who in ("agent_owner", "finance", "warehouse", "other_agent_owner", "deputy"):
        assert refusal_of(lambda name=who: agree(world, request, by=name)).code == "forbidden"  # type: ignore[misc]
        assert refusal_of(lambda name=who: refuse(world, request, by=name)).code == "forbidden"  # type: ignore[misc]
    assert refusal_of(lambda: withdraw(world, request, by="other_agent_owner")).code == "forbidden"
    assert refusal_of(lambda: refuse(world, request, reason=" ")).field == "reason"
    assert refuse(world, request).state == "refused"
    assert refusal_of(lambda: agree(world, request)).code == "wrong_state"


def test_withdrawn_while_it_is_decided_its_approval_is_void(world: World) -> None:
    shipped(world, {0: 100})
    request = send_up(world, ask(world, {0: 30}))
    withdraw(world, request)
    request.refresh_from_db()
    assert request.approval
    request.approval.refresh_from_db()
    assert (request.state, request.approval.state) == ("withdrawn", "void")


def test_goods_that_do_not_come_let_it_lapse(world: World) -> None:
    shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 5}))
    world.at += timedelta(days=60)
    assert (overdue_returns(on=world.at.date()), lapse_return(request.pk, at=world.at)) == ([], False)
    world.at += timedelta(days=1)
    assert overdue_returns(on=world.at.date()) == [request.pk]
    assert (lapse_return(request.pk, at=world.at), lapse_return(request.pk, at=world.at)) == (True, False)
    request.refresh_from_db()
    assert request.state == "lapsed"


def test_an_agents_owner_agrees_and_counts_for_its_retailer(world: World) -> None:
    order = world.accept(world.submit("retailer", {0: 10}), by="agent_owner")
    ship_order(order.pk, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    request = agree(world, ask(world, {0: 5}, buyer="retailer", by="retailer_owner"), by="agent_owner")
    assert count(world, request, {1: 5}, by="agent_owner").credited == order.net / 2


def test_every_verb_leaves_a_fact(world: World) -> None:
    shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 5}))
    count(world, request, {1: 5})
    found = Fact.objects.filter(subject="return_request", subject_id=request.pk).order_by("id")
    assert [fact.verb for fact in found] == ["ask", "agree", "count"]


def test_copies_of_one_line_on_two_lines_of_a_return_come_to_their_worth_together() -> None:
    line = Parcel(1, 1, "JH-1", 7, date.min, 0, Decimal("10.01"), 6500)
    parcels = parcels_of(line, [Shipment(date(2026, 11, 1), 1), Shipment(date(2026, 11, 2), 1)])
    found = assign(parcels, [(1, 7, 1), (2, 7, 1)])
    # One copy is 6.51, two are 13.01.
    assert [[one.net for one in taken] for taken, _ in found.values()] == [[Decimal("6.51")], [Decimal("6.50")]]
