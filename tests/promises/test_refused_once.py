"""What is refused is said once: at its field where the page has it, above the page where it has not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingqu.inventory.actions import start_count
from lingqu.inventory.models import Warehouse
from lingqu.inventory.queries import stock_of
from lingqu.partners.models import Partner
from lingqu.returns.tests.steps import agree, agreed_transfer, ask, order_it, shipped
from lingqu.settlement.tests.banks import serials, tabs_behind_cells
from lingqu.settlement.tests.stories import bank_day
from tests.pages import SitDown, at_desk, spoken
from tests.world import World

__all__ = ["at_desk"]
BANNER = "没有办理"
Sending = Callable[[World, SitDown], tuple[Any, str]]


def _file(name: str = "a.txt", content: bytes = b"nothing") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _waits(world: World) -> str:
    Partner.objects.filter(pk=world.partners["agent"].pk).update(contract_until=date(2026, 10, 31))
    return world.submit("agent", {0: 10}).number


def hand_in(world: World, desk: SitDown) -> tuple[Any, str]:
    number = _waits(world)
    return desk("agent_owner").post(f"/orders/{number}/hand-in", {"files": _file("合同.exe")}), "files"


def accept(world: World, desk: SitDown) -> tuple[Any, str]:
    number = _waits(world)
    desk("agent_owner").post(f"/orders/{number}/hand-in", {"files": _file("合同.pdf", b"%PDF-1.7 stamped")})
    return desk("representative").post(f"/orders/{number}/accept", {"ship_on": "2026-11-27"}), "countersigned"


def no_ship_day(world: World, desk: SitDown) -> tuple[Any, str]:
    number = _waits(world)
    desk("agent_owner").post(f"/orders/{number}/hand-in", {"files": _file("合同.pdf", b"%PDF-1.7 stamped")})
    return desk("representative").post(f"/orders/{number}/accept", {"ship_on": "gestern", "sent_by_post": "SF1"}), ""


def note_of_goods(world: World, desk: SitDown) -> tuple[Any, str]:
    form = {"key": "k-1", "received_on": world.at.date().isoformat(), "note": "长" * 201, f"copies-{world.products[0].pk}": "5"}
    return desk("warehouse").post("/stock/in", form), "note"


def _count(world: World) -> str:
    items = [int(item.pk) for item in stock_of(world.hq.pk)]
    return start_count(Warehouse.objects.get(firm=world.hq), items, by=world.who("warehouse"), at=world.at).number


def sheet_of_a_count(world: World, desk: SitDown) -> tuple[Any, str]:
    return desk("warehouse").post(f"/stock/counts/{_count(world)}/file", {"file": _file("盘点.csv", b"a,b\n1,2\n")}), "file"


def giving_a_count_up(world: World, desk: SitDown) -> tuple[Any, str]:
    return desk("warehouse").post(f"/stock/counts/{_count(world)}/give-up", {"reason": " "}), "reason"


def an_open_count(world: World, desk: SitDown) -> tuple[Any, str]:
    return desk("warehouse").post(f"/stock/counts/{_count(world)}/send"), ""


def nothing_to_count(world: World, desk: SitDown) -> tuple[Any, str]:
    return desk("warehouse").post("/stock/counts/new", {"words": "无此品种", "there": "on"}), "words"


def copies_of_a_return(world: World, desk: SitDown) -> tuple[Any, str]:
    shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 5}))
    return desk("warehouse").post(f"/returns/{request.number}/count", {"good-1": "6"}), "good-1"


def a_return_of_nothing(world: World, desk: SitDown) -> tuple[Any, str]:
    shipped(world, {0: 100})
    return desk("agent_owner").post("/returns/new", {"key": "k-1", "buyer": "agent", "reason": "slow"}), "lines"


def no_reason(world: World, desk: SitDown) -> tuple[Any, str]:
    shipped(world, {0: 100})
    request = ask(world, {0: 5})
    return desk("representative").post(f"/returns/{request.number}/refuse", {"reason": ""}), "no"


def count_of_a_transfer(world: World, desk: SitDown) -> tuple[Any, str]:
    shipped(world, {0: 50})
    transfer = order_it(world, agreed_transfer(world, {0: 20}))
    return desk("agent_owner").post(f"/transfers/{transfer.number}/confirm", {"side": "giver", "copies-1": "21"}), "lines"


def no_bank_file(world: World, desk: SitDown) -> tuple[Any, str]:
    return desk("finance").post("/bank/new"), "file"


def account_of_a_bank_file(world: World, desk: SitDown) -> tuple[Any, str]:
    browser = desk("finance")
    where = browser.post("/bank/new", {"file": _file("明细.csv", tabs_behind_cells(serials(bank_day(world, 3))))}).headers["Location"]
    return browser.post(where, {"profile": " "}), "profile"


def day_of_a_statement(world: World, desk: SitDown) -> tuple[Any, str]:
    return desk("finance").get("/partners/agent/statement?month=2026-99"), ""


SENDINGS: tuple[Sending, ...] = (
    hand_in, accept, no_ship_day, note_of_goods, sheet_of_a_count, giving_a_count_up, an_open_count, nothing_to_count, copies_of_a_return,
    a_return_of_nothing, no_reason, count_of_a_transfer, no_bank_file, account_of_a_bank_file, day_of_a_statement,
)  # fmt: skip


@pytest.mark.parametrize("sending", SENDINGS, ids=lambda sending: sending.__name__)
def test_a_refusal_is_said_once(world: World, at_desk: SitDown, sending: Sending) -> None:
    answer, field = sending(world, at_desk)
    page = answer.content.decode()
    assert answer.status_code == 422
    refusal = (answer.context or {}).get("refusal")
    if refusal is not None:
        assert spoken(page).count(str(refusal.text)) == 1
    if field:
        assert BANNER not in spoken(page)
        assert field == "lines" or f'id="{field}-error"' in page
    else:
        assert spoken(page).count(BANNER) == 1
