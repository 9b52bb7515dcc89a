"""Goods through the interface: deliveries, differences, returns, transfers, stock and counts, as the pages do them."""

from __future__ import annotations

import threading
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from lingqu.audit.models import Fact
from lingqu.credit.models import Batch
from lingqu.inventory.models import GoodsIn, Lot, StockCount
from lingqu.ledger.models import Posting
from lingqu.orders.models import Delivery, Difference, Order, Parcel
from lingqu.organisation.models import KeptAnswer
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.tests.steps import PHOTO, agree, agreed_transfer, ask, propose
from tests.api.conftest import AtProgram, Program
from tests.api.live import clock_at, served, token_of
from tests.api.steps import goods_verbs, shipped
from tests.api.test_example import client_of_example
from tests.world import World, build_world

VERBS = (
    "name_parcels", "receive_delivery", "count_difference", "answer_difference", "ask_return", "agree_return", "refuse_return",
    "withdraw_return", "send_up_return", "count_return", "ask_transfer", "withdraw_transfer", "send_transfer_again", "order_transfer",
    "confirm_transfer", "move_transfer", "take_goods_in", "start_count",
)  # fmt: skip


def written() -> tuple[int, ...]:
    models = (Fact, Posting, Parcel, Difference, ReturnRequest, Transfer, GoodsIn, StockCount, Order, Delivery)
    return tuple(model.objects.count() for model in models)  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", VERBS)
def test_the_same_call_again_is_answered_alike_and_does_nothing(world: World, at_program: AtProgram, verb: str) -> None:
    who, path, body, status = goods_verbs(world)[verb]
    program = at_program(who)
    first = program.post(path, body, key="k-1")
    assert first.status_code == status, first.told
    before = written()
    world.at += timedelta(days=6, hours=23)
    again = program.post(path, body, key="k-1")
    assert (again.status_code, again.content, again.headers["Idempotency-Replayed"]) == (status, first.content, "true")
    other = program.post(path, {"reason": "别的", "more": 1}, key="k-1")
    assert (other.status_code, other.told["code"]) == (422, "invalid")
    assert written() == before


NEW = ("ask_return", "ask_transfer", "take_goods_in", "start_count")
"""They make a paper of the caller's own."""

AGAIN = ("name_parcels", "count_difference", "confirm_transfer")
"""They may be said again."""


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in NEW])
def test_a_stranger_does_nothing(world: World, at_program: AtProgram, verb: str) -> None:
    _, path, body, _ = goods_verbs(world)[verb]
    program = at_program("cash_agent_owner")
    before = written()
    answer = program.post(path, body)
    assert (answer.status_code, answer.told["code"]) in {(404, "not_found"), (403, "forbidden")}
    assert written() == before


@pytest.mark.parametrize(
    "verb",
    [
        verb
        for verb in VERBS
        if verb
        not in ("name_parcels", "count_difference", "confirm_transfer", "ask_return", "ask_transfer", "take_goods_in", "order_transfer")
    ],
)
def test_what_is_done_is_not_done_again(world: World, at_program: AtProgram, verb: str) -> None:
    """With another key: the state says no, and nothing is written."""
    who, path, body, status = goods_verbs(world)[verb]
    program = at_program(who)
    assert program.post(path, body).status_code == status
    before = written()
    answer = program.post(path, body)
    assert answer.status_code in (409, 422), answer.told
    assert answer.told["code"] in ("wrong_state", "count_open", "bad_input"), answer.told
    assert written() == before


def test_goods_leave_in_parcels_and_are_received_with_a_difference(world: World, at_program: AtProgram) -> None:
    made = world.submit("agent", {0: 10})
    world.accept(made)
    keeper, owner, seller = at_program("warehouse"), at_program("agent_owner"), at_program("representative")
    carriage = {
        "carrier": "德邦",
        "payer": "seller",
        "freight": "80.00",
        "parcels": [{"waybill": "DB1", "weight": "12.50", "copies": "10"}],
    }
    left = keeper.post(f"/orders/{made.number}/ship", {"carriage": carriage})
    assert left.status_code == 201, left.told
    assert (left.told["carrier"], left.told["payer"], left.told["freight"], left.told["waybill"]) == ("德邦", "seller", "80.00", "DB1")
    assert left.told["parcels"] == [{"number": 1, "waybill": "DB1", "weight": "12.50", "copies": "10.00"}]
    number = left.told["number"]
    photo = {"name": "box.png", "content": b64encode(PHOTO.content).decode()}
    counted = {"lines": [{"line": 1, "good": "8", "damaged": "1"}], "note": "箱角压坏", "photos": [photo]}
    came = owner.post(f"/deliveries/{number}/receive", counted)
    assert (came.status_code, came.told["state"], len(came.told["differences"])) == (200, "differing", 1), came.told
    report = came.told["differences"][0]
    read = seller.get(f"/differences/{report}").told
    assert [(one["kind"], one["copies"], one["found"], one["answer"]) for one in read["lines"]] == [
        ("short", "1.00", None, ""), ("damaged", "1.00", None, ""),
    ]  # fmt: skip
    answers = {"lines": [{"line": 1, "kind": "short", "answer": "send_again"}, {"line": 1, "kind": "damaged", "answer": "credit"}]}
    early = seller.post(f"/differences/{report}/answer", answers)
    assert (early.status_code, early.told["code"]) == (409, "not_counted")
    found = {"lines": [{"line": 1, "kind": "damaged", "found": "0"}, {"line": 1, "kind": "short", "found": "1"}]}
    assert keeper.post(f"/differences/{report}/count", found).told["state"] == "counted"
    done = seller.post(f"/differences/{report}/answer", answers)
    assert (done.status_code, done.told["state"], done.told["credited_by"][:3]) == (200, "answered", "TH-"), done.told
    line = Order.objects.get(number=made.number).lines.get()
    assert (line.shipped, line.returned, line.reserved) == (9, 1, 1)
    assert keeper.post(f"/deliveries/{number}/parcels", {"parcels": [{"waybill": "X"}]}).told["code"] == "received_already"


def test_a_difference_that_the_report_does_not_have_is_named(world: World, at_program: AtProgram) -> None:
    who, path, _, _ = goods_verbs(world)["count_difference"]
    program = at_program(who)
    for lines, field in (
        ([{"line": 1, "kind": "wrong_title", "found": "0"}], "lines.0"),
        ([{"line": 1, "kind": "short", "found": "0"}] * 2, "lines.1"),
        ([{"line": 2, "kind": "short", "found": "0"}], "lines.0"),
    ):
        answer = program.post(path, {"lines": lines})
        assert (answer.status_code, answer.told["field"]) == (422, field)


def test_goods_come_back_and_are_credited_at_their_net(world: World, at_program: AtProgram) -> None:
    delivery = shipped(world, {0: 100})
    owner, seller, keeper = at_program("agent_owner"), at_program("representative"), at_program("warehouse")
    wish = {"reason": "slow", "order": delivery.order.number, "lines": [{"product": "QH26-100", "copies": "10"}]}
    tried = owner.post("/returns/preview", wish)
    assert (tried.status_code, tried.told["net"], tried.told["within"], ReturnRequest.objects.count()) == (200, "624.00", True, 0)
    assert tried.told["lines"][0]["sources"] == [{"order": delivery.order.number, "copies": "10.00", "net": "624.00"}]
    made = owner.post("/returns", wish | {"key": "th-1"})
    assert (made.status_code, made.told["state"], made.told["net"]) == (201, "asked", "624.00"), made.told
    number = made.told["number"]
    assert owner.post(f"/returns/{number}/agree", {}).status_code == 403
    assert seller.post(f"/returns/{number}/agree", {}).told["state"] == "agreed"
    over = keeper.post(f"/returns/{number}/count", {"lines": [{"line": 1, "good": "11"}]})
    assert (over.status_code, over.told["code"], over.told["field"]) == (422, "more_than_agreed", "lines.0.good")
    done = keeper.post(f"/returns/{number}/count", {"lines": [{"line": 1, "good": "9", "damaged": "1"}], "rest": "kept"})
    assert (done.told["state"], done.told["credited"], done.told["rest"]) == ("booked", "561.60", "kept"), done.told
    assert (done.told["lines"][0]["accepted"], len(done.told["papers"])) == ("9.00", 1)
    assert Batch.objects.get(document_id=delivery.order_id).value == 6240


def test_copies_that_nothing_explains_need_evidence(world: World, at_program: AtProgram) -> None:
    shipped(world, {0: 10})
    owner = at_program("agent_owner")
    sent = {"key": "th-1", "reason": "slow", "lines": [{"product": "QH26-101", "copies": "2"}]}
    bare = owner.post("/returns", sent)
    assert (bare.status_code, bare.told["field"]) == (422, "files")
    photo = {"name": "box.png", "content": b64encode(PHOTO.content).decode()}
    made = owner.post("/returns", sent | {"evidence": [photo]})
    assert (made.status_code, made.told["within"]) == (201, False), made.told
    wrong = owner.post("/returns", sent | {"key": "th-2", "evidence": [{"name": "box.png", "content": "AAAA"}]})
    assert (wrong.status_code, ReturnRequest.objects.count()) == (422, 1)


def test_goods_move_between_partners(world: World, at_program: AtProgram) -> None:
    shipped(world, {0: 50})
    seller, giver, taker, keeper = (at_program(name) for name in ("representative", "agent_owner", "other_agent_owner", "warehouse"))
    asked = {"key": "dh-1", "giver": "agent", "taker": "other_agent", "reason": "调剂", "lines": [{"product": "QH26-100", "copies": "20"}]}
    made = seller.post("/transfers", asked)
    assert (made.status_code, made.told["state"], made.told["net"]) == (201, "deciding", "1248.00"), made.told
    number = made.told["number"]
    assert giver.get(f"/transfers/{number}").status_code == 404
    transfer = Transfer.objects.get()
    assert transfer.approval_id
    world.sign(transfer.approval_id, "manager")
    ordered = seller.post(f"/transfers/{number}/order", {})
    assert (ordered.status_code, ordered.told["state"]) == (200, "ordered"), ordered.told
    order = Order.objects.get(number=ordered.told["order"])
    assert seller.post(f"/orders/{order.number}/accept", {"ship_on": "2026-11-24"}).status_code == 200
    seen = giver.get(f"/transfers/{number}").told
    assert (seen["order"], seen["reason"], seen["net"], seen["lines"][0]["sources"]) == ("", "", None, [])
    count = {"lines": [{"line": 1, "copies": "20"}]}
    assert seller.post(f"/transfers/{number}/confirm", count).told["field"] == "side"
    assert giver.post(f"/transfers/{number}/confirm", count).status_code == 200
    assert keeper.post(f"/transfers/{number}/move", {}).told["code"] == "not_counted"
    assert taker.post(f"/transfers/{number}/confirm", count).told["lines"][0]["taken"] == "20.00"
    done = keeper.post(f"/transfers/{number}/move", {})
    assert (done.status_code, done.told["state"], done.told["credited"]) == (200, "moved", "1248.00"), done.told


def test_stock_is_read_with_its_lots_and_goods_come_in(world: World, at_program: AtProgram) -> None:
    keeper = at_program("warehouse")
    before = keeper.get("/stock/QH26-101").told
    sent = {
        "key": "rk-1", "received_on": "2026-11-23", "lot": "P-7", "edition": "第2版", "supplier": "某印刷厂", "their_number": "Y1",
        "lines": [{"product": "QH26-101", "copies": "200"}, {"product": "QH26-101", "copies": "100"}],
    }  # fmt: skip
    made = keeper.post("/goods-in", sent)
    assert (made.status_code, made.told["copies"], made.told["supplier"], made.told["their_number"]) == (201, "300.00", "某印刷厂", "Y1")
    after = keeper.get("/stock/QH26-101").told
    assert float(after["available"]) - float(before["available"]) == 300
    assert ("P-7", "第2版", "300.00") in [(one["lot"], one["edition"], one["remaining"]) for one in after["lots"]]
    assert keeper.post("/goods-in", sent).told == made.told
    assert (GoodsIn.objects.filter(key="rk-1").count(), Lot.objects.filter(number="P-7").count()) == (1, 1)
    assert [one["number"] for one in keeper.get("/goods-in", since="2026-11-01").told["items"]] == [made.told["number"]]
    assert keeper.get(f"/goods-in/{made.told['number']}").told == made.told
    wrong = keeper.post("/goods-in", sent | {"key": "rk-2", "lines": [{"product": "GONE-1", "copies": "1"}]})
    assert (wrong.status_code, wrong.told["field"]) == (422, "lines.0.product")
    late = keeper.post("/goods-in", sent | {"key": "rk-3", "received_on": "2026-11-24"})
    assert (late.status_code, late.told["field"]) == (422, "received_on")
    assert at_program("representative").post("/goods-in", sent | {"key": "rk-4"}).status_code == 403
    assert at_program("agent_owner").get("/stock").status_code == 404


def test_a_count_is_entered_by_a_scanner_and_sent(world: World, at_program: AtProgram) -> None:
    keeper = at_program("warehouse")
    made = keeper.post("/stock-counts", {"note": "月末"})
    assert (made.status_code, made.told["titles"], made.told["state"]) == (201, 4, "open"), made.told
    number = made.told["number"]
    lines = keeper.get(f"/stock-counts/{number}/lines").told["items"]
    assert [(one["product"], one["book"]) for one in lines] == [(f"QH26-10{place}", None) for place in range(4)]
    early = keeper.post(f"/stock-counts/{number}/send", {})
    assert (early.status_code, early.told["code"]) == (422, "not_counted")
    there = {one["product"]: one["on_hand"] for one in keeper.get("/stock").told["items"]}
    entered = [{"product": code, "counted": copies} for code, copies in there.items()]
    entered[0] |= {"counted": "9998", "reason": "破损"}
    told = keeper.post(f"/stock-counts/{number}/lines", {"lines": entered}).told
    assert (told["counted"], told["differ"], told["fewer"]) == (4, 1, "2.00")
    strange = keeper.post(f"/stock-counts/{number}/lines", {"lines": [{"product": "GONE-1", "counted": "1"}]})
    assert (strange.status_code, strange.told["field"]) == (422, "lines.0.product")
    twice = keeper.post(f"/stock-counts/{number}/lines", {"lines": entered[:1] * 2})
    assert (twice.status_code, twice.told["field"]) == (422, "lines")
    sent = keeper.post(f"/stock-counts/{number}/send", {})
    assert (sent.status_code, sent.told["state"], sent.told["value"]) == (200, "asked", "192.00"), sent.told
    given_up = keeper.post(f"/stock-counts/{number}/give-up", {"reason": "改天再盘"})
    assert (given_up.status_code, given_up.told["state"]) == (200, "withdrawn"), given_up.told


def test_two_at_the_same_moment_with_one_key_are_one(race_database: str) -> None:
    world = build_world()
    shipped(world, {0: 100})
    token = token_of(world, "agent_owner")
    body = {"key": "th-1", "reason": "slow", "lines": [{"product": "QH26-100", "copies": "1"}]}
    answers: list[Any] = []
    with clock_at(world), served() as address:
        client = client_of_example().Client(address, token=token)
        calls = [threading.Thread(target=lambda: answers.append(client.post("returns", body, key="k-1"))) for _ in range(6)]
        for call in calls:
            call.start()
        for call in calls:
            call.join(60)
    connections.close_all()
    assert len(answers) == 6
    assert len({answer["number"] for answer in answers}) == ReturnRequest.objects.count() == KeptAnswer.objects.count() == 1


def changed(program: Program, path: str, since: str) -> list[str]:
    return [one["number"] for one in program.get(path, updated_since=since).told["items"]]


def test_a_change_moves_what_updated_since_gives(world: World, at_program: AtProgram) -> None:
    program = at_program("manager")
    delivery = shipped(world, {0: 100})
    request, other = ask(world, {0: 1}), ask(world, {0: 1})
    transfer = propose(world, {0: 1})
    receipt, kept = world.pay("agent", "10.00"), world.pay("agent", "20.00")
    lists = ("/orders", "/deliveries", "/returns", "/transfers", "/receipts", "/differences")

    def seen(hours: int = 0) -> dict[str, list[str]]:
        since = (world.at - timedelta(minutes=1) + timedelta(hours=hours)).isoformat()
        return {path: changed(program, path, since) for path in lists}

    world.at += timedelta(days=1)
    assert not any(seen().values())
    keeper = at_program("warehouse")
    keeper.post(f"/deliveries/{delivery.number}/parcels", {"parcels": [{"waybill": "SF9"}]})
    agree(world, request)
    assert transfer.approval_id
    world.sign(transfer.approval_id, "manager", "send_back", "写清楚")
    at_program("finance").post(f"/receipts/{receipt.number}/reverse", {"reason": "银行退回"})
    assert seen() == {
        "/orders": [delivery.order.number], "/deliveries": [delivery.number], "/returns": [request.number],
        "/transfers": [transfer.number], "/receipts": [receipt.number], "/differences": [],
    }  # fmt: skip
    world.at += timedelta(days=1)
    at_program("agent_owner").post(f"/deliveries/{delivery.number}/receive", {"lines": [{"line": 1, "good": "99"}]})
    assert (seen()["/deliveries"], len(seen()["/differences"])) == ([delivery.number], 1)
    world.at += timedelta(days=1)
    report = Difference.objects.get()
    keeper.post(f"/differences/{report.number}/count", {"lines": [{"line": 1, "kind": "short", "found": "0"}]})
    assert (seen()["/deliveries"], seen()["/differences"]) == ([delivery.number], [report.number])
    assert other.number not in seen()["/returns"]
    assert kept.number not in seen()["/receipts"]


def test_what_is_paid_is_a_change_of_the_request(world: World, at_program: AtProgram) -> None:
    delivery = shipped(world, {0: 10})
    program = at_program("manager")
    world.at += timedelta(days=1)
    since = (world.at - timedelta(minutes=1)).isoformat()
    assert changed(program, "/orders", since) == []
    world.pay("agent", "624.00")
    assert changed(program, "/orders", since) == [delivery.order.number]


def test_a_count_that_goes_on_is_a_change(world: World, at_program: AtProgram) -> None:
    keeper = at_program("warehouse")
    number = keeper.post("/stock-counts", {"products": ["QH26-100"]}).told["number"]
    world.at += timedelta(days=1)
    since = (world.at - timedelta(minutes=1)).isoformat()
    assert changed(keeper, "/stock-counts", since) == []
    keeper.post(f"/stock-counts/{number}/lines", {"lines": [{"product": "QH26-100", "counted": "10000"}]})
    assert changed(keeper, "/stock-counts", since) == [number]


def test_the_regulation_is_read(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    told = program.get("/regulation").told
    values = {one["key"]: one["value"] for one in told["parameters"]}
    assert (told["reference"], values["receipt_difference_days"]) == (world.regulation.reference, 7)
    assert program.get("/regulation", reference=told["reference"]).told == told
    assert [one["reference"] for one in program.get("/regulation/versions").told["items"]] == [told["reference"]]
    clause = program.get("/regulation/clauses/M-16.3.2").told
    assert (clause["clause"], bool(clause["text"]["zh"]), bool(clause["text"]["en"])) == ("M-16.3.2", True, True)
    assert program.get("/regulation/clauses/M-99").status_code == 404
    assert program.get("/regulation", reference="publisher/9/000000").status_code == 404


def test_an_agreed_transfer_is_seen_by_both_partners(world: World, at_program: AtProgram) -> None:
    shipped(world, {0: 50})
    transfer = agreed_transfer(world, {0: 1})
    waiting = propose(world, {0: 1})
    for name in ("agent_owner", "other_agent_owner"):
        assert [one["number"] for one in at_program(name).get("/transfers").told["items"]] == [transfer.number]
    assert {one["number"] for one in at_program("manager").get("/transfers").told["items"]} == {transfer.number, waiting.number}
    assert at_program("cash_agent_owner").get("/transfers").told["items"] == []


def test_a_request_is_changed_cancelled_and_closed(world: World, at_program: AtProgram) -> None:
    owner, seller = at_program("agent_owner"), at_program("representative")
    held = world.submit("agent", {0: 10})
    line = {"lines": [{"product": "QH26-100", "copies": "12"}]}
    changed_one = owner.post(f"/orders/{held.number}/change", line)
    assert (changed_one.status_code, changed_one.told["copies"], changed_one.told["state"]) == (200, "12.00", "held"), changed_one.told
    world.accept(held)
    assert owner.post(f"/orders/{held.number}/cancel", {"reason": "不要了"}).status_code == 403
    done = seller.post(f"/orders/{held.number}/cancel", {"reason": "不要了"})
    assert (done.status_code, done.told["state"]) == (200, "cancelled"), done.told
    assert seller.post(f"/orders/{held.number}/close", {"reason": "不要了"}).told["code"] == "wrong_state"
    part = world.submit("agent", {0: 10})
    world.accept(part)
    at_program("warehouse").post(f"/orders/{part.number}/ship", {"lines": [{"line": 1, "copies": "4"}]})
    closed = seller.post(f"/orders/{part.number}/close", {"reason": "不再补发"})
    assert (closed.status_code, closed.told["state"], closed.told["copies"]) == (200, "shipped", "4.00"), closed.told
    failed = world.submit("agent", {0: 9_000})
    again = owner.post(f"/orders/{failed.number}/decide", {})
    assert (again.status_code, again.told["state"]) == (200, "review"), again.told
