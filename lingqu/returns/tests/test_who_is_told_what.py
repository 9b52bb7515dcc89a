"""What a partner is told of returns and transfers: the words of those who decide stay in the house, on every page and list alike."""

from __future__ import annotations

from typing import Any

import pytest

from lingqu.documents.queries import Ask
from lingqu.notices.models import Notice
from lingqu.returns.actions import withdraw_transfer
from lingqu.returns.api.told import return_out, transfer_out
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.tests import things
from lingqu.returns.tests.steps import agreed_transfer, ask, book, confirm, order_it, propose, refuse, send_up, shipped
from lingqu.returns.views.out import TRANSFERS_OUT
from tests.pages import SitDown, spoken
from tests.world import World

INSIDE = "客户信用差，不给"
PARTNERS = ("agent_owner", "agent_clerk")


def told(world: World, name: str) -> str:
    return " ".join(f"{one.title_zh} {one.body_zh}" for one in Notice.objects.filter(person=world.people[name]))


def decided(world: World, verb: str) -> ReturnRequest:
    request = send_up(world, ask(world, {0: 30}))
    world.sign(request.approval_id or 0, "manager", verb, INSIDE)
    request.refresh_from_db()
    return request


@pytest.mark.parametrize("verb", ["send_back", "refuse"])
def test_the_words_of_those_who_decide_are_for_the_house(world: World, at_desk: SitDown, verb: str) -> None:
    shipped(world, {0: 100})
    request = decided(world, verb)
    address = f"/returns/{request.number}/"
    assert INSIDE in at_desk("representative").get(address).content.decode()
    for name in PARTNERS:
        assert INSIDE not in at_desk(name).get(address).content.decode(), name
    assert INSIDE not in told(world, "agent_owner")
    assert return_out(request, firm=world.hq.pk)["ended_because"] == INSIDE
    assert INSIDE not in return_out(request, firm=world.firms["agent"].pk)["ended_because"]


def test_refused_by_a_procedure_the_partner_is_told_whom_to_ask(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = decided(world, "refuse")
    assert "请询问您的区域销售员" in spoken(at_desk("agent_owner").get(f"/returns/{request.number}/").content.decode())
    assert "请询问您的区域销售员" in told(world, "agent_owner")


def test_what_is_written_to_the_partner_reaches_it(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = refuse(world, ask(world, {0: 5}), reason="包装已拆，不能再售")
    assert "包装已拆，不能再售" in at_desk("agent_owner").get(f"/returns/{request.number}/").content.decode()
    assert "包装已拆，不能再售" in told(world, "agent_owner")
    assert return_out(request, firm=world.firms["agent"].pk)["ended_because"] == "包装已拆，不能再售"


def withdrawn(world: World, *, after: str) -> Transfer:
    transfer = propose(world, {0: 20}) if after == "asked" else agreed_transfer(world, {0: 20})
    if after == "counted":
        confirm(world, order_it(world, transfer), {1: 20}, taker=False)
    withdraw_transfer(transfer.pk, reason=INSIDE, by=world.who("representative"), at=world.at)
    return Transfer.objects.get(pk=transfer.pk)


@pytest.mark.parametrize("after", ["agreed", "counted"])
def test_partners_who_took_part_still_see_a_transfer_that_was_taken_back(world: World, at_desk: SitDown, after: str) -> None:
    shipped(world, {0: 50})
    transfer = withdrawn(world, after=after)
    address = f"/transfers/{transfer.number}/"
    for name in ("agent_owner", "other_agent_owner"):
        page = at_desk(name)
        shown = page.get(address)
        assert (shown.status_code, "已撤回" in shown.content.decode(), INSIDE in shown.content.decode()) == (200, True, False), name
        assert transfer.number in page.get("/transfers/").content.decode()
        assert f"调货 {transfer.number}：已撤回" in told(world, name)
    assert INSIDE in at_desk("representative").get(address).content.decode()
    assert at_desk("cash_agent_owner").get(address).status_code == 404


def test_one_that_was_taken_back_before_it_was_agreed_to_was_never_theirs(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 50})
    transfer = withdrawn(world, after="asked")
    for name in ("agent_owner", "other_agent_owner"):
        assert at_desk(name).get(f"/transfers/{transfer.number}/").status_code == 404
        assert transfer.number not in told(world, name)


def row_of(world: World, name: str, transfer: Transfer) -> dict[str, Any]:
    ask = Ask(who=world.who(name), at=world.at, on=world.at.date(), given={})
    (row,) = [dict(row) for row in TRANSFERS_OUT.rows(ask) if row["number"] == transfer.number]
    return row


@pytest.mark.parametrize(
    ("name", "order", "inside"),
    [("representative", True, True), ("agent_owner", False, False), ("other_agent_owner", True, False)],
)
def test_page_workbook_and_interface_tell_the_same_of_a_transfer(
    world: World, at_desk: SitDown, name: str, order: bool, inside: bool
) -> None:
    shipped(world, {0: 50})
    transfer = order_it(world, agreed_transfer(world, {0: 20}))
    transfer = Transfer.objects.select_related("seller", "giver", "taker", "order").get(pk=transfer.pk)
    made = transfer.order.number if transfer.order else ""
    row, out = row_of(world, name, transfer), transfer_out(transfer, firm=world.who(name).firm)
    page = spoken(at_desk(name).get(f"/transfers/{transfer.number}/").content.decode())
    for field, yuan, words in (("net", "1248.00", "1,248.00"), ("list_value", "1920.00", "1,920.00")):
        assert [str(row[field]), str(out[field]), words in page] == ([yuan, yuan, True] if inside else ["None", "None", False]), field
    assert [row["order"], out["order"], made in page] == ([made, made, True] if order else ["", "", False])
    assert [row["reason"], out["reason"], "促销余量" in page] == (["促销余量", "促销余量", True] if inside else ["", "", False])
    assert [str(row["because"]), out["ended_because"]] == ["", ""]


@pytest.mark.parametrize(("name", "knows"), [("representative", True), ("agent_owner", True), ("other_agent_owner", False)])
def test_what_was_credited_is_told_to_the_giver_everywhere_and_never_to_the_taker(
    world: World, at_desk: SitDown, name: str, knows: bool
) -> None:
    shipped(world, {0: 50})
    transfer = things.ordered(world)
    book(world, transfer)
    transfer = Transfer.objects.select_related("seller", "giver", "taker", "order").get(pk=transfer.pk)
    row, out = row_of(world, name, transfer), transfer_out(transfer, firm=world.who(name).firm)
    page = spoken(at_desk(name).get(f"/transfers/{transfer.number}/").content.decode())
    assert [str(row["credited"]), str(out["credited"]), "已冲减 62.40" in page] == (
        ["62.40", "62.40", True] if knows else ["None", "None", False]
    )
