"""Requests through the interface: submitted, read, answered, shipped; what it says is what the pages say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lingqu.catalogue.models import Product
from lingqu.orders.models import Delivery, Order, StoredDecision
from lingqu.orders.states import Source
from tests.api.conftest import AtProgram
from tests.world import World


def order(key: str, copies: str = "10.00", **more: object) -> dict[str, Any]:
    return {"key": key, "lines": [{"product": "QH26-100", "copies": copies}], **more}


def test_a_token_says_as_whom_it_acts(world: World, at_program: AtProgram) -> None:
    answer = at_program("agent_owner").get("/me")
    assert answer.status_code == 200, answer.told
    assert (answer.told["firm"], answer.told["person"]) == ("agent", "agent_owner")
    assert answer.told["posts"] == [{"post": "owner", "words": {"zh": "负责人", "en": "Owner"}, "lent": False}]
    assert answer.told["at"] == "2026-11-23T09:00:00+08:00"


def test_a_request_is_submitted_and_read(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    made = program.post("/orders", order("erp-1", note="加急"))
    assert (made.status_code, made.told["state"], made.told["repeated"]) == (201, "held", False), made.told
    read = program.get(f"/orders/{made.told['number']}")
    assert read.status_code == 200, read.told
    stored = Order.objects.get()
    assert (stored.source, stored.note, stored.entered_by_id) == (Source.PARTNER.value, "加急", world.people["agent_owner"].pk)
    assert {name: read.told[name] for name in ("number", "net", "list_value", "copies", "key", "buyer", "seller", "grade")} == {
        "number": stored.number, "net": "624.00", "list_value": "960.00", "copies": "10.00", "key": "erp-1", "buyer": "agent",
        "seller": "HQ", "grade": "A",
    }  # fmt: skip
    assert read.told["lines"] == [
        {
            "line": 1, "product": "QH26-100", "name": "图集0", "copies": "10.00", "reserved": "10.00", "shipped": "0.00",
            "returned": "0.00", "list_price": "96.00", "discount": "65.00", "list_value": "960.00", "net": "624.00",
        }
    ]  # fmt: skip
    assert [one["number"] for one in program.get("/orders").told["items"]] == [stored.number]


def test_a_decision_is_told_with_clause_numbers_and_words(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    made = program.post("/orders", order("erp-1", copies="9000.00"))
    assert made.told["state"] == "review"
    (decision,) = program.get(f"/orders/{made.told['number']}/decisions").told["items"]
    stored = StoredDecision.objects.get()
    assert (decision["verdict"], decision["regulation"]) == ("waivable", stored.regulation)
    credit = next(law for law in decision["laws"] if law["law"] == "credit")
    assert (credit["outcome"], credit["waivable_by"], credit["clause"][:2]) == ("failed", "director", "M-")
    assert credit["numbers"]["over"] == "261600.00"
    assert all(law["sentence"]["zh"] and law["sentence"]["en"] for law in decision["laws"])
    assert decision["cures"]
    assert decision == program.get(f"/orders/{made.told['number']}").told["decision"]


def test_a_preview_says_what_would_be_decided_and_stores_nothing(world: World, at_program: AtProgram) -> None:
    wish = {"lines": [*order("x")["lines"], {"product": "GONE-1", "copies": "1"}]}
    answer = at_program("agent_owner").post("/orders/preview", wish)
    assert answer.status_code == 200, answer.told
    told = answer.told
    assert (told["net"], told["unknown"], told["decision"]["verdict"]) == ("624.00", ["GONE-1"], "passed")
    assert Order.objects.count() == 0
    assert StoredDecision.objects.count() == 0


def test_a_batch_is_answered_one_by_one(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    items = [
        order("a"), order("b", buyer="other_agent"), order("c", lines=[{"product": "GONE-1", "copies": "1"}]), order("a"),
        order("d", buyer="nobody"), order("e", lines=[{"product": "QH26-101", "copies": "1", "discount": "60.00"}]),
    ]  # fmt: skip
    answer = program.post("/orders/batch", {"items": items})
    assert answer.status_code == 200, answer.told
    told = [(one["key"], one["status"], (one["problem"] or {}).get("field")) for one in answer.told["items"]]
    assert told == [
        ("a", 201, None), ("b", 404, ""), ("c", 422, "lines.0.product"), ("a", 200, None), ("d", 404, ""), ("e", 403, ""),
    ]  # fmt: skip
    assert (answer.told["submitted"], answer.told["repeated"], answer.told["refused"]) == (1, 1, 4)
    assert Order.objects.count() == 1


def test_more_than_a_thousand_at_a_time_are_refused(world: World, at_program: AtProgram) -> None:
    items = [order(f"k{place}") for place in range(1_001)]
    answer = at_program("agent_owner").post("/orders/batch", {"items": items})
    assert (answer.status_code, answer.told["errors"][0]["code"]) == (422, "too_long")
    assert Order.objects.count() == 0


def test_the_seller_enters_for_a_partner_and_offers_a_price(world: World, at_program: AtProgram) -> None:
    sent = order("t-1", buyer="agent", source="wechat")
    sent["lines"][0]["discount"] = "63.00"
    made = at_program("representative").post("/orders", sent)
    assert made.status_code == 201, made.told
    stored = Order.objects.get()
    assert (stored.source, stored.buyer, stored.lines.get().discount_bp) == ("wechat", world.firms["agent"], 6_300)  # type: ignore[attr-defined]


def test_from_request_to_delivery(world: World, at_program: AtProgram) -> None:
    number = at_program("agent_owner").post("/orders", order("erp-1")).told["number"]
    accepted = at_program("representative").post(f"/orders/{number}/accept", {"ship_on": "2026-11-25"})
    assert (accepted.status_code, accepted.told["state"], accepted.told["ship_on"]) == (200, "accepted", "2026-11-25"), accepted.told
    keeper = at_program("warehouse")
    part = keeper.post(f"/orders/{number}/ship", {"lines": [{"line": 1, "copies": "4"}], "waybill": "SF100"})
    assert (part.status_code, part.told["lines"]) == (201, [{"line": 1, "product": "QH26-100", "copies": "4.00"}]), part.told
    rest = keeper.post(f"/orders/{number}/ship", {})
    assert rest.told["lines"][0]["copies"] == "6.00"
    assert Order.objects.get().state == "shipped"
    seen = at_program("agent_owner")
    assert [one["number"] for one in seen.get("/deliveries", order=number).told["items"]] == [rest.told["number"], part.told["number"]]
    assert seen.get(f"/deliveries/{part.told['number']}").told == part.told
    assert [one["waybill"] for one in seen.get(f"/orders/{number}").told["deliveries"]] == ["SF100", ""]


@pytest.mark.parametrize(
    ("lines", "status", "code"),
    [
        ([{"line": 1, "copies": "11"}], 409, "more_than_agreed"),
        ([{"line": 2, "copies": "1"}], 422, "bad_input"),
        ([{"line": 1, "copies": "1"}, {"line": 1, "copies": "2"}], 422, "bad_input"),
    ],
)
def test_what_cannot_be_shipped_is_refused(
    world: World, at_program: AtProgram, lines: list[dict[str, Any]], status: int, code: str
) -> None:
    made = world.submit("agent", {0: 10})
    world.accept(made)
    answer = at_program("warehouse").post(f"/orders/{made.number}/ship", {"lines": lines})
    assert (answer.status_code, answer.told["code"]) == (status, code)
    assert Delivery.objects.count() == 0


def test_withdrawn_and_declined(world: World, at_program: AtProgram) -> None:
    first, second = world.submit("agent", {0: 10}), world.submit("agent", {2: 1})
    gone = at_program("agent_owner").post(f"/orders/{first.number}/withdraw", {})
    back = at_program("representative").post(f"/orders/{second.number}/decline", {"reason": "停印"})
    assert (gone.told["state"], back.told["state"], back.told["answer"]) == ("withdrawn", "declined", "停印")


def test_lists_are_narrowed_by_state_buyer_day_and_change(world: World, at_program: AtProgram) -> None:
    first = world.submit("agent", {2: 1})
    world.at += timedelta(days=2)
    second = world.submit("other_agent", {2: 1})
    program = at_program("representative")

    def found(**query: str) -> list[str]:
        return [one["number"] for one in program.get("/orders", **query).told["items"]]

    assert found() == [second.number, first.number]
    assert found(buyer="agent") == [first.number]
    assert found(state="accepted") == []
    assert found(since="2026-11-24") == [second.number]
    assert found(until="2026-11-24") == [first.number]
    assert found(updated_since="2026-11-25T00:00:00+08:00") == [second.number]
    world.accept(second)
    assert found(state="accepted") == [second.number]
    at_program("agent_owner").post(f"/orders/{first.number}/withdraw", {})
    assert found(updated_since="2026-11-25T09:00:00+08:00") == [second.number, first.number]


def test_products_have_the_price_of_the_buyer(world: World, at_program: AtProgram) -> None:
    told = at_program("agent_owner").get("/products", q="QH26-101").told
    assert told == {
        "items": [
            {
                "code": "QH26-101", "isbn": "", "name": "图集1", "discipline": {"zh": "结构", "en": "Structures"},
                "list_price": "128.00", "discount": "65.00", "net_price": "83.20", "available": "10000.00",
            }
        ],
        "next": None,
    }  # fmt: skip
    assert at_program("representative").get("/products", buyer="other_agent").told["items"][3]["list_price"] == "0.0154"


def test_a_title_is_found_told_and_ordered_by_its_isbn(world: World, at_program: AtProgram) -> None:
    Product.objects.filter(pk=world.products[0].pk).update(isbn="9787112345670")
    program = at_program("agent_owner")
    (found,) = program.get("/products", q="978-7-112-34567-0").told["items"]
    assert (found["code"], found["isbn"]) == ("QH26-100", "9787112345670")
    made = program.post("/orders", {"key": "erp-1", "lines": [{"product": "7-112-34567-7", "copies": "10"}]})
    assert made.status_code == 201, made.told
    assert program.get(f"/orders/{made.told['number']}").told["lines"][0]["product"] == "QH26-100"
    wrong = program.post("/orders", {"key": "erp-2", "lines": [{"product": "9787112345671", "copies": "10"}]})
    assert (wrong.status_code, Order.objects.count()) == (422, 1)


def test_receipts_and_balances(world: World, at_program: AtProgram) -> None:
    made = world.submit("agent", {0: 10})
    world.accept(made)
    finance = at_program("finance")
    before = finance.get("/balances/agent").told
    assert (before["exposure"], before["unshipped"], before["open_batches"]) == ("624.00", "624.00", 1)
    sent = {
        "key": "b-1", "partner": "agent", "amount": "700.00", "received_on": "2026-11-23", "payer": "甲公司",
        "detail": [{"order": made.number, "amount": "624.00"}],
    }  # fmt: skip
    entered = finance.post("/receipts", sent)
    assert entered.status_code == 201, entered.told
    assert (entered.told["applied"], entered.told["unapplied"], entered.told["settled"]) == ("624.00", "76.00", 1)
    assert finance.get(f"/receipts/{entered.told['number']}").told == entered.told
    own = at_program("agent_owner")
    assert own.get("/receipts").told["items"] == [entered.told]
    after = own.get("/balances/agent").told
    assert (after["exposure"], after["unapplied"], after["open_batches"]) == ("-76.00", "76.00", 0)
    assert own.get("/partners/agent").told["free"] == after["free"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "0.00"}, "amount"),
        ({"received_on": "2026-11-24"}, "received_on"),
        ({"detail": [{"order": "JH-2026-9999", "amount": "1.00"}]}, "detail.0.order"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_at_its_field(world: World, at_program: AtProgram, change: dict[str, Any], field: str) -> None:
    sent = {"key": "b-1", "partner": "agent", "amount": "1.00", "received_on": "2026-11-23"} | change
    answer = at_program("finance").post("/receipts", sent)
    assert (answer.status_code, answer.told["field"]) == (422, field)


def test_a_statement_says_what_moved(world: World, at_program: AtProgram) -> None:
    made = world.submit("agent", {0: 10})
    world.accept(made)
    world.pay("agent", "24.00")
    told = at_program("agent_owner").get("/statements/agent", month="2026-11").told
    assert (told["opening"], told["debit"], told["credit"], told["closing"]) == ("0.00", "624.00", "24.00", "600.00")
    assert [(move["kind"], move["balance"]) for move in told["moves"]] == [("accepted", "624.00"), ("receipt", "600.00")]
    assert told["number"] is None
