"""Special prices: asked for, decided by the yuan given up, used for as many copies as there are, and gone after their last day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lingqu.base.refusal import Refusal
from lingqu.catalogue.actions import ask_special_price, end_special_price
from lingqu.catalogue.models import SpecialPrice
from lingqu.catalogue.rules import NewSpecial
from lingqu.catalogue.states import SpecialKind
from lingqu.orders.actions import Outcome, decline_order
from lingqu.orders.models import Order, OrderLine
from lingqu.orders.states import OrderState
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World


def asked(
    world: World, bp: int = 5_500, copies: int = 100, *, by: str = "representative", buyer: str = "agent", **more: Any
) -> SpecialPrice:  # fmt: skip
    today = world.at.date()
    values = {"kind": SpecialKind.TITLE, "since": today, "until": today + timedelta(days=30), "reason": "开学", **more}
    new = NewSpecial(world.products[0].pk, discount_bp=bp, copies=copies, **values)
    discount = world.regulation.discount("agent", world.lines[buyer].grade)
    assert discount
    return ask_special_price(
        new, seller=world.hq.pk, buyer=world.firms[buyer].pk, discount=discount, regulation=world.regulation, by=world.who(by), at=world.at
    )


def granted(world: World, bp: int = 5_500, copies: int = 100, **more: Any) -> SpecialPrice:
    special = asked(world, bp, copies, **more)
    sign(world, special)
    special.refresh_from_db()
    assert special.state == "granted"
    return special


def sign(world: World, special: SpecialPrice) -> None:
    assert special.approval_id
    while special.state == "asked":
        world.sign(special.approval_id, world.step_of(special.approval_id).key)
        special.refresh_from_db()


def line_of(outcome: Outcome) -> OrderLine:
    assert outcome.order
    return OrderLine.objects.get(order_id=outcome.order)


def test_the_yuan_given_up_choose_who_decides(world: World) -> None:
    small, large = asked(world, 5_500, 100), asked(world, 5_500, 9_000)
    assert (small.given_up, large.given_up) == (Decimal("960.00"), Decimal("86400.00"))
    assert small.approval
    assert large.approval
    assert [step.key for step in small.approval.steps.order_by("position")] == ["manager"]
    assert [step.key for step in large.approval.steps.order_by("position")][-1] == "director"


def test_requests_are_priced_by_it_and_the_price_law_names_it(world: World, at_desk: SitDown) -> None:
    special = granted(world)
    outcome = world.submit("agent", {0: 60})
    line = line_of(outcome)
    assert (outcome.state, line.discount_bp, line.net, line.special) == (OrderState.HELD, 5_500, Decimal("3168.00"), special)
    said = spoken(at_desk("representative").get(f"/orders/{outcome.number}/").content.decode())
    assert f"1行按特价 {special.number}" in said
    assert world.submit("other_agent", {0: 10}).state is OrderState.HELD
    assert OrderLine.objects.filter(special=special).count() == 1


def test_no_more_copies_than_are_left_and_a_line_that_asks_more_is_whole_at_the_rule(world: World, at_desk: SitDown) -> None:
    special = granted(world, copies=100)
    world.submit("agent", {0: 60})
    more = world.submit("agent", {0: 41})
    assert (line_of(more).discount_bp, line_of(more).special) == (6_500, None)
    said = spoken(at_desk("representative").get(f"/orders/{more.number}/").content.decode())
    assert f"特价 {special.number} 只余 40 册，该行整行按规则价" in said


def test_what_a_request_gave_back_is_there_again(world: World) -> None:
    special = granted(world, copies=100)
    first = world.submit("agent", {0: 100})
    assert line_of(first).special == special
    assert first.order
    decline_order(first.order, reason="客户取消", by=world.who("manager"), at=world.at)
    assert line_of(world.submit("agent", {0: 100})).special == special


def test_a_request_that_is_judged_again_does_not_lose_its_own_copies(world: World) -> None:
    special = granted(world, copies=100)
    first = world.submit("agent", {0: 100})
    accepted = world.accept(first)
    assert (accepted.state, line_of(first).special) == (OrderState.ACCEPTED, special)
    world.at += timedelta(days=1)
    second = world.submit("agent", {0: 100})
    assert line_of(second).special is None


def test_two_requests_sent_at_once_share_the_copies(world: World) -> None:
    from lingqu.orders.actions import submit_orders

    granted(world, copies=100)
    both = [world.ask("agent", {0: 60}), world.ask("agent", {0: 60})]
    outcomes = submit_orders(both, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert [line_of(one).discount_bp for one in outcomes] == [5_500, 6_500]


def test_it_begins_on_its_first_day_and_is_over_after_its_last(world: World) -> None:
    today = world.at.date()
    granted(world, since=today + timedelta(days=1), until=today + timedelta(days=2))
    seen = []
    for _ in range(4):
        seen.append(line_of(world.submit("agent", {0: 1})).discount_bp)
        world.at += timedelta(days=1)
        for order in Order.objects.filter(state="held"):
            decline_order(order.pk, reason="腾出批次", by=world.who("manager"), at=world.at)
    assert seen == [6_500, 5_500, 5_500, 6_500]


def test_ended_it_is_used_no_more(world: World) -> None:
    special = granted(world)
    end_special_price(special.pk, reason="活动取消", by=world.who("manager"), at=world.at)
    assert line_of(world.submit("agent", {0: 1})).discount_bp == 6_500
    with pytest.raises(Refusal) as refusal:
        end_special_price(special.pk, reason="再来", by=world.who("director"), at=world.at)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize("by", ["director", "finance", "warehouse", "agent_owner"])
def test_only_the_representative_and_the_manager_ask(world: World, by: str) -> None:
    with pytest.raises(Refusal) as refusal:
        asked(world, by=by)
    assert (refusal.value.code, SpecialPrice.objects.count()) == ("forbidden", 0)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"bp": 6_500}, "discount"), ({"bp": 50}, "discount"), ({"copies": 0}, "copies"), ({"copies": 1_000_001}, "copies"),
        ({"reason": "  "}, "reason"), ({"kind": SpecialKind.BID}, "customer"), ({"days": -1}, "since"), ({"long": 400}, "until"),
        ({"days": 400, "long": 410}, "since"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(world: World, changed: dict[str, Any], field: str) -> None:
    given = dict(changed)
    today = world.at.date()
    if "days" in given:
        given["since"] = today + timedelta(days=given.pop("days"))
    if "long" in given:
        given["until"] = today + timedelta(days=given.pop("long"))
    with pytest.raises(Refusal) as refusal:
        asked(world, **given)
    assert (refusal.value.code, refusal.value.field) == ("bad_input", field)


def form(world: World, **changed: str) -> dict[str, str]:
    today = world.at.date()
    return {
        "buyer": "agent", "title": world.products[0].code, "kind": "school", "customer": "山东建筑大学", "discount": "55", "copies": "100",
        "since": today.isoformat(), "until": (today + timedelta(days=30)).isoformat(), "reason": "开学团购",
    } | changed  # fmt: skip


def test_the_form_shows_the_effect_before_it_is_sent(world: World, at_desk: SitDown) -> None:
    browser = at_desk("representative")
    said = spoken(browser.post("/special-prices/new", form(world) | {"try": "1"}).content.decode())
    assert "让利 960.00" in said
    assert "将由 manager 审批" in said
    assert not SpecialPrice.objects.exists()
    sent = browser.post("/special-prices/new", form(world), follow=True)
    special = SpecialPrice.objects.get()
    assert f"已提交 {special.number}" in sent.content.decode()
    sign(world, special)
    assert "已批准" in spoken(browser.get("/special-prices/").content.decode())
    assert special.number in at_desk("agent_owner").get("/special-prices/").content.decode()
    assert special.number not in at_desk("other_agent_owner").get("/special-prices/").content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("buyer", "nobody"), ("title", "QH-none"), ("discount", "abc"), ("discount", "99"), ("copies", "１e9"), ("since", "\x00"),
        ("until", "2026-02-30"), ("customer", ""), ("reason", ""), ("title", "\x00"),
    ],
)  # fmt: skip
def test_a_wrong_field_comes_back_with_what_was_typed(world: World, at_desk: SitDown, field: str, typed: str) -> None:
    answer = at_desk("manager").post("/special-prices/new", form(world, **{field: typed}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert field == "customer" or "山东建筑大学" in page
    assert not SpecialPrice.objects.exists()


def test_sent_back_it_is_changed_and_asked_again(world: World, at_desk: SitDown) -> None:
    browser = at_desk("representative")
    browser.post("/special-prices/new", form(world))
    special = SpecialPrice.objects.get()
    assert special.approval_id
    world.sign(special.approval_id, "manager", "send_back", "册数太多")
    assert "册数太多" in browser.get(f"/special-prices/{special.number}/").content.decode()
    assert browser.get(f"/special-prices/{special.number}/revise").status_code == 200
    browser.post(f"/special-prices/{special.number}/revise", form(world, copies="40"))
    special.refresh_from_db()
    assert (special.state, special.copies, special.given_up) == ("asked", 40, Decimal("384.00"))
    browser.post(f"/special-prices/{special.number}/withdraw")
    special.refresh_from_db()
    assert special.state == "withdrawn"


def test_strangers_see_nothing_and_the_partner_only_what_is_granted(world: World, at_desk: SitDown) -> None:
    special = asked(world)
    page = f"/special-prices/{special.number}/"
    assert [at_desk(name).get(page).status_code for name in ("manager", "agent_owner", "other_agent_owner")] == [200, 404, 404]
    sign(world, special)
    shown = at_desk("agent_owner").get(page)
    assert shown.status_code == 200
    assert "开学" not in shown.content.decode()
    assert at_desk("agent_owner").post(f"{page}end", {"reason": "x"}, follow=True).status_code == 403
    special.refresh_from_db()
    assert special.state == "granted"


def test_the_list_shows_what_is_given_up_to_the_seller_alone(world: World, at_desk: SitDown) -> None:
    special = granted(world)
    pages = [at_desk(name).get("/special-prices/").content.decode() for name in ("manager", "finance", "agent_owner")]
    assert [special.number in page for page in pages] == [True, True, True]
    assert ["让利" in page for page in pages] == [True, True, False]
    assert ["申请特价" in page for page in pages] == [True, False, False]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    special = granted(world)
    world.submit("agent", {0: 10})
    for address in ("/special-prices/", f"/special-prices/{special.number}/", "/special-prices/new"):
        page = at_desk("manager", language=language).get(address).content.decode()
        assert of_the_other_language(page, language, world, "开学") == []


def test_the_list_takes_as_many_statements_for_one_as_for_many(world: World, at_desk: SitDown) -> None:
    granted(world)
    browser = at_desk("manager")
    browser.get("/special-prices/")
    with counted() as one:
        browser.get("/special-prices/")
    for _ in range(5):
        asked(world)
    with counted() as many:
        browser.get("/special-prices/")
    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("name", "status", "button"),
    [
        ("manager", 200, True),
        ("representative", 200, True),
        ("finance", 403, False),
        ("warehouse", 403, False),
        ("agent_owner", 403, False),
        ("agent_clerk", 403, False),
        ("retailer_owner", 403, False),
    ],
)
def test_the_form_is_open_to_those_who_may_ask_and_so_is_its_button(
    world: World, at_desk: SitDown, name: str, status: int, button: bool
) -> None:
    browser = at_desk(name)
    assert browser.get("/special-prices/new").status_code == status
    assert browser.post("/special-prices/new", form(world) | {"try": "1"}).status_code == status
    assert ('href="/special-prices/new"' in browser.get("/special-prices/").content.decode()) == button


def test_the_search_offers_a_special_price_while_copies_are_left(world: World, at_desk: SitDown) -> None:
    granted(world, copies=10)
    browser = at_desk("agent_owner")

    def said() -> str:
        return spoken(browser.get("/search", {"q": world.products[0].code}, headers={"HX-Request": "true"}).content.decode())

    assert "特价 52.80（55%）" in said()
    first = world.submit("agent", {0: 4})
    assert "特价 52.80（55%）" in said()
    world.submit("agent", {0: 6})
    assert ("特价" in said(), "我们的价 62.40（65%）" in said()) == (False, True)
    assert first.order
    decline_order(first.order, reason="腾出册数", by=world.who("manager"), at=world.at)
    assert "特价 52.80（55%）" in said()
