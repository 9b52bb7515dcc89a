"""A request must fit the limit that its partner's group shares, too: judged, signed, raced for, and replayed."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import msgspec
import pytest
from django.db import connections, transaction

from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.ledger.actions import join_group, open_account
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import standings
from lingqu.ledger.states import GROUP_KIND
from lingqu.orders.actions import Outcome, ask_signature, submit_orders
from lingqu.orders.actions.judging import Court
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.present import panel_of
from lingqu.orders.present.shapes import LawRow
from lingqu.orders.rules import RequestFacts, decide
from lingqu.orders.states import OrderState, Source
from tests.world import World, build_world

NET = Decimal("62.40")
"""What one copy of title 0 nets."""


def grouped(world: World, limit: str, *members: str) -> int:
    """Put partners into a group with this limit; return its account."""
    with transaction.atomic():
        group = open_account(GROUP_KIND, holder=world.hq.pk, item=1, unit="CNY", limit=Decimal(limit))
        for name in members or ("agent", "other_agent"):
            join_group(world.lines[name].account_id, group, on=world.at.date(), at=world.at)
    return group


def decision_of(done: Outcome) -> StoredDecision:
    assert done.order
    return StoredDecision.objects.filter(order_id=done.order).latest("id")


def numbers_of(done: Outcome) -> dict[str, object]:
    stored = decision_of(done)
    laws = msgspec.json.decode(stored.decision)["laws"]
    return next(law["numbers"] for law in laws if law["law"] == "credit")


def test_what_one_member_holds_is_missing_for_the_other(world: World) -> None:
    group = grouped(world, "6240.00")
    first = world.submit("agent", {0: 60})
    second = world.submit("other_agent", {0: 41})
    third = world.submit("other_agent", {0: 40})
    assert [one.state for one in (first, second, third)] == [OrderState.HELD, OrderState.REVIEW, OrderState.HELD]
    told = numbers_of(second)
    assert (told["group_held"], told["group_over"], told["group_limit"]) == (f"{60 * NET:.2f}", f"{NET:.2f}", "6240.00")
    assert standings([group])[group].held == Decimal("6240.00")


def asked_and_signed(world: World, order: int | None) -> Order:
    assert order
    asked = ask_signature(order, "开学备货", regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert asked
    assert asked.approval_id
    for who in ("manager", "finance", "director"):
        world.sign(asked.approval_id, who)
    return Order.objects.get(pk=order)


def test_one_stopped_by_its_group_alone_is_signed_and_accepted(world: World) -> None:
    group = grouped(world, "6240.00")
    world.submit("agent", {0: 60})
    over = world.submit("other_agent", {0: 41})
    assert (over.state, asked_and_signed(world, over.order).state) == (OrderState.REVIEW, "held")
    assert [(one.destination_id, one.amount) for one in Posting.objects.filter(phase="waiver")] == [(group, NET)]
    assert world.accept(over).state == "accepted"
    stands = standings([group])[group]
    assert (stands.used, stands.held) == (41 * NET, 60 * NET)
    assert world.submit("other_agent", {0: 1}).state is OrderState.REVIEW


def test_both_limits_are_signed_each_by_its_own_amount(world: World) -> None:
    group = grouped(world, "6240.00", "agent")
    over = world.submit("agent", {0: 4807, 2: 3, 3: 421})
    assert asked_and_signed(world, over.order).state == "held"
    given = {one.destination_id: one.amount for one in Posting.objects.filter(phase="waiver")}
    assert given == {world.lines["agent"].account_id: Decimal("0.01"), group: Decimal("293760.01")}


def test_money_of_one_member_makes_room_for_the_other(world: World) -> None:
    grouped(world, "6240.00")
    world.accept(world.submit("agent", {0: 60}))
    over = world.submit("other_agent", {0: 41})
    world.pay("agent", str(NET))
    assert (over.state, world.submit("other_agent", {0: 41}).state) == (OrderState.REVIEW, OrderState.HELD)


def test_two_requests_in_one_sending_see_each_other(world: World) -> None:
    grouped(world, "6240.00")
    asked = [world.ask(name, {0: 51}, source=Source.WECHAT) for name in ("agent", "other_agent")]
    done = submit_orders(asked, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert [one.state for one in done] == [OrderState.HELD, OrderState.REVIEW]


def race(world: World) -> Counter[str]:
    """Let both members ask for two copies, twice each, at the same moment; return the states that came out."""
    asked = [(world.ask(name, {0: 2}), world.who(f"{name}_owner")) for name in ("agent", "other_agent") for _ in range(2)]
    start, regulation, at = threading.Barrier(len(asked)), world.regulation, world.at

    def one(place: int) -> str:
        try:
            start.wait(60)
            (done,) = submit_orders([asked[place][0]], regulation=regulation, by=asked[place][1], at=at)
        except Refusal as refusal:
            return refusal.code
        else:
            return str(done.state)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(asked)) as pool:
        return Counter(pool.map(one, range(len(asked))))


def test_two_members_at_the_same_moment_never_pass_the_group(race_database: str) -> None:
    world = build_world()
    group = grouped(world, str(5 * NET))
    assert race(world) == {"held": 2, "review": 2}
    assert standings([group])[group].held == 4 * NET


def test_in_a_wide_group_all_four_are_held(race_database: str) -> None:
    world = build_world()
    grouped(world, str(100 * NET))
    assert race(world) == {"held": 4}


def test_what_was_decided_without_a_group_is_stored_and_replayed_as_before(world: World) -> None:
    alone = world.submit("agent", {0: 1})
    stored = decision_of(alone)
    assert "group" not in stored.facts + stored.decision
    grouped(world, "6240.00")
    world.submit("agent", {0: 200})
    for one in StoredDecision.objects.all():
        facts = msgspec.json.decode(one.facts, type=RequestFacts)
        assert encode(decide(facts, world.regulation).decision) == one.decision
        assert encode(facts) == one.facts


def row_of(world: World, copies: dict[int, int]) -> LawRow:
    """Ask for so much, and return the row of the amount as the panel shows it."""
    stored = decision_of(world.submit("agent", copies))
    panel = panel_of(stored.decision, stored.facts, at=stored.at, reference=stored.regulation, regulation=world.regulation)
    return next(law for law in panel.laws if law.law == "credit")


@pytest.mark.parametrize(
    ("copies", "zh", "en"),
    [
        (
            {0: 100},
            "集团：已占用 0.00 + 本单 6,240.00 ≤ 6,240.00，余 0.00",
            "Group: used 0.00 + this request 6,240.00 ≤ limit 6,240.00; 0.00 left",
        ),
        (
            {0: 5000},
            "集团：已占用 0.00 + 本单 312,000.00 > 6,240.00，超出 305,760.00",
            "Group: used 0.00 + this request 312,000.00 > limit 6,240.00; 305,760.00 over",
        ),
    ],
)
def test_below_the_line_the_panel_says_the_formula_of_the_group(world: World, copies: dict[int, int], zh: str, en: str) -> None:
    grouped(world, "6240.00")
    assert row_of(world, copies).note == Text(zh, en)


def test_stopped_by_the_group_alone_the_row_is_the_formula_of_the_group(world: World) -> None:
    grouped(world, "6240.00")
    row = row_of(world, {0: 101})
    assert [(term.operator, term.value, term.label.zh) for term in row.terms] == [
        ("", "0.00", "集团已占用"), ("+", "6,302.40", "本单实洋"), ("−", "6,240.00", "集团额度"),
    ]  # fmt: skip
    assert row.result
    assert (row.result.value, row.result.label.zh) == ("62.40", "超出，须 ≤ 0")
    assert row.note == Text("本户额度内，余 293,697.60", "Within the partner's own limit; 293,697.60 left")


def test_the_ways_out_are_measured_by_the_group(world: World) -> None:
    grouped(world, "6240.00")
    stored = decision_of(world.submit("agent", {0: 101}))
    cures = {cure["kind"]: cure["numbers"] for cure in msgspec.json.decode(stored.decision)["cures"]}
    assert (cures["reduce"]["copies"], cures["prepay"]["amount"]) == (1, "62.40")


def test_negative_control_where_the_judge_is_blind_to_groups_the_ledger_still_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = grouped(world, "6240.00")
    monkeypatch.setattr(Court, "_group", lambda *_: msgspec.UNSET)
    world.submit("agent", {0: 60})
    with pytest.raises(Refusal) as refused:
        world.submit("other_agent", {0: 41})
    assert (refused.value.code, standings([group])[group].held) == ("limit_exceeded", 60 * NET)
