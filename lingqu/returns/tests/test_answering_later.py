"""A return is answered by the caps of the day: its buttons go by what the actions would do, however long ago it was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lingqu.base.refusal import Refusal
from lingqu.returns.models import ReturnRequest
from lingqu.returns.rules import CapRow, agreed_directly, keeps_all
from lingqu.returns.states import Cap, Condition
from lingqu.returns.tests.steps import PHOTO, agree, ask, send_up, shipped
from tests.pages import SitDown, counted, spoken
from tests.world import World

WAYS = {"/agree", "/send-up", "/refuse"}


def next_year(world: World) -> None:
    """Let the year turn: nothing was shipped in the new one, so that nothing may come back freely."""
    world.at = world.at.replace(year=world.at.year + 1, month=1, day=5)


def offered(page: str) -> set[str]:
    return {way for way in WAYS if f'{way}"' in page}


def tried(deed: Callable[[], object]) -> str:
    try:
        deed()
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    ("failed", "alone", "directly"),
    [
        ((), False, True),
        ((Cap.SHARE,), False, False),
        ((Cap.SHARE, Cap.AGE, Cap.CONDITION), True, True),
        ((Cap.RECORD,), True, False),
        ((Cap.SHARE, Cap.RECORD), True, False),
    ],
)
def test_who_agrees_without_a_procedure(failed: tuple[Cap, ...], alone: bool, directly: bool) -> None:
    rows = [CapRow(cap, cap not in failed, {}) for cap in Cap]
    assert (agreed_directly(rows, alone=alone), keeps_all(rows)) == (directly, not failed)


def test_asked_within_the_caps_and_answered_in_the_new_year_it_can_be_sent_up(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 5})
    address = f"/returns/{request.number}/"
    assert offered(at_desk("representative").get(address).content.decode()) == {"/agree", "/refuse"}
    next_year(world)
    page = at_desk("representative")
    shown = page.get(address).content.decode()
    assert offered(shown) == {"/send-up", "/refuse"}
    assert f"{world.at.year} 年发货码洋" in spoken(shown)
    assert tried(lambda: agree(world, request)) == "beyond_caps"
    assert page.post(f"{address}send-up", {"reason": "去年的货"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.within) == ("deciding", False)


def test_asked_beyond_the_caps_and_answered_when_there_is_room_it_is_simply_agreed_to(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 30})
    address = f"/returns/{request.number}/"
    assert offered(at_desk("representative").get(address).content.decode()) == {"/send-up", "/refuse"}
    shipped(world, {0: 200})
    page = at_desk("representative")
    assert offered(page.get(address).content.decode()) == {"/agree", "/refuse"}
    assert tried(lambda: send_up(world, request)) == "within_caps"
    page.post(f"{address}agree")
    request.refresh_from_db()
    assert (request.state, request.within) == ("agreed", True)


def test_sent_back_it_goes_up_again_even_where_there_is_room_by_now(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = send_up(world, ask(world, {0: 30}))
    world.sign(request.approval_id or 0, "manager", "send_back", "请附清单")
    shipped(world, {0: 200})
    page = at_desk("representative")
    address = f"/returns/{request.number}/"
    assert offered(page.get(address).content.decode()) == {"/send-up"}
    assert offered(at_desk("manager").get(address).content.decode()) == set()
    assert page.post(f"{address}send-up", {"reason": "已附清单"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.within) == ("deciding", True)
    world.sign(request.approval_id or 0, "manager")
    request.refresh_from_db()
    assert (request.state, request.ended_because) == ("agreed", "")


@pytest.mark.parametrize("place", ["within", "share", "worn", "no record", "next year"])
def test_every_button_does_what_it_says_and_none_is_missing(world: World, at_desk: SitDown, place: str) -> None:
    shipped(world, {0: 100, 1: 1})
    if place == "no record":
        request = ask(world, {1: 2}, files=(PHOTO,))
    else:
        condition = Condition.WORN if place == "worn" else Condition.GOOD
        request = ask(world, {0: 30 if place == "share" else 3}, condition=condition)
    if place == "next year":
        next_year(world)
    address = f"/returns/{request.number}/"
    seen = offered(at_desk("representative").get(address).content.decode()) - {"/refuse"}
    prices = {1: "1"} if place == "no record" else {}
    deeds = {"/agree": lambda: agree(world, request), "/send-up": lambda: send_up(world, request, prices=prices)}
    assert seen == {"/agree" if place == "within" else "/send-up"}
    assert {way for way, deed in deeds.items() if not tried(deed)} == seen


def test_a_page_judges_once_however_many_buttons_it_has(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 30})
    for name, times in (("representative", 1), ("agent_owner", 0)):
        with counted() as sent:
            at_desk(name).get(f"/returns/{request.number}/")
        assert len([one for one in sent if "LEAST(l.extra" in one]) == times, name


def test_days_pass_and_age_counts_too(world: World) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 5})
    world.at += timedelta(days=900)
    assert tried(lambda: agree(world, request)) == "beyond_caps"
    assert ReturnRequest.objects.get(pk=request.pk).state == "asked"
