"""P11: every firm's data carries a mark; whoever follows links, searches, takes out, prints or is told never meets a foreign one."""

from __future__ import annotations

from itertools import product

import pytest

from lingqu.notices.models import Notice, Sending
from tests.promises.access_crawl import WORDS, crawl, links_of, look
from tests.promises.access_fixtures import seat
from tests.promises.access_matrix import Cell, Seat, cells, chosen, foreign
from tests.promises.access_things import NOTHING, Thing
from tests.promises.access_world import LETTERS, MARK

__all__ = ["seat"]
CRAWLERS = ("director", "warehouse", "agent_owner", "other_agent_owner", "retailer_owner", "stranger_agent_owner")
MORE_CRAWLERS = (
    *CRAWLERS, "representative", "finance", "agent_clerk", "second_retailer_owner", "other_retailer_owner", "stranger_director",
)  # fmt: skip
SEARCHED = ("orders", "partners", "specials", "statements", "bank", "stock", "duties", "receipts", "approvals", "holds", "search")
"""Lists that search."""


@pytest.mark.parametrize("who", CRAWLERS)
def test_following_links_nobody_meets_what_is_not_theirs(seat: Seat, who: str) -> None:
    found = crawl(seat, who, most=40)
    assert found.wrong == []
    assert found.dead == []
    assert found.pages > 25


def places_of(seat: Seat) -> list[tuple[str, str, str, str]]:
    """Where a link stands that is not for everybody who sees the page: the page, where it leads, who has it and who has not."""
    own, between = seat.world.own["hq"], seat.world.made["hq", "agent"]
    transfer = next(thing.fill["number"] for thing in seat.things["transfer"] if thing.name == "agreed")
    return [
        ("/", "/orders/new", "manager", "director"),
        ("/deliveries/", "/deliveries/to-ship", "agent_owner", "retailer_owner"),
        ("/regulation/publisher/v1/M-13.2", "/partners/", "agent_owner", "retailer_owner"),
        (f"/orders/{between['waiting']}/", "/approvals/SP-", "manager", "warehouse"),
        (f"/special-prices/{between['special']}/", "/approvals/SP-", "manager", "warehouse"),
        (f"/credit/write-offs/{between['write_off']}/", "/approvals/SP-", "representative", "warehouse"),
        (f"/transfers/{transfer}/", "/approvals/SP-", "manager", "warehouse"),
        (f"/credit/groups/proposals/{own['group_proposal']}/", "/approvals/SP-", "director", "warehouse"),
        (f"/credit/holds/{between['hold']}/", "/approvals/SP-", "representative", "warehouse"),
    ]


def test_links_are_shown_to_whom_they_are_open(seat: Seat) -> None:
    for address, leads, open_to, closed_to in places_of(seat):
        for who, wanted in ((open_to, True), (closed_to, False)):
            answer = look(seat, who, address)
            assert answer.status_code == 200, (address, who)
            shown = [link for link in links_of(answer, address) if link == leads or (leads.endswith("-") and link.startswith(leads))]
            assert bool(shown) is wanted, (address, leads, who)


@pytest.mark.soak
@pytest.mark.parametrize("fragment", [False, True])
@pytest.mark.parametrize("who", MORE_CRAWLERS)
def test_following_all_links_nobody_meets_what_is_not_theirs(seat: Seat, who: str, *, fragment: bool) -> None:
    found = crawl(seat, who, most=2_000, fragment=fragment)
    assert found.wrong == []
    assert found.dead == []


def test_workbooks_and_papers_are_among_what_is_read(seat: Seat) -> None:
    wrong, kinds = [], set()
    wanted = [
        cell for cell in cells(seat, ("GET",)) if cell.route.endswith(("_excel", "_sheet", "_pdf", "_json", "_contract", "_acceptance"))
    ]
    for cell in wanted:
        if cell.who in CRAWLERS and not cell.fragment:
            answer = look(seat, cell.who, seat.address(cell.route, cell.thing))
            kinds.add(answer.headers.get("Content-Type", "").partition(";")[0])
            wrong += [f"{cell}: {what}" for what in foreign(seat, cell, answer)]
            if answer.status_code == 200:
                heads = [answer.headers.get(name, "") for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control")]
                kept = heads[0].startswith("attachment") and heads[1] == "nosniff" and "no-store" in heads[2]
                wrong += [] if kept else [f"{cell}: a file that is not handed out for keeping: {heads}"]
    assert wrong == []
    assert {"application/pdf", "application/json"} < kinds
    assert any("spreadsheet" in kind for kind in kinds)


def found_by_searching(seat: Seat, every: int) -> tuple[list[str], int]:
    """Search every list for every word, or one in `every`; return what is not theirs, and how often it was searched."""
    wrong, asked = [], 0
    for word, who, route, fragment in product(WORDS, CRAWLERS, SEARCHED, (False, True)):
        cell = Cell(route, "GET", fragment, who, Thing(word, {}))
        if chosen(str(cell), every):
            answer = look(seat, who, f"{seat.address(route, NOTHING)}?q={word}", fragment=fragment)
            wrong += [f"{cell}: {what}" for what in foreign(seat, cell, answer)]
            asked += 1
    return wrong, asked


def test_searching_finds_nothing_foreign(seat: Seat) -> None:
    wrong, asked = found_by_searching(seat, 6)
    assert wrong == []
    assert asked > 80


@pytest.mark.soak
def test_searching_everywhere_finds_nothing_foreign(seat: Seat) -> None:
    assert found_by_searching(seat, 1)[0] == []


def test_nobody_is_told_what_is_not_theirs(seat: Seat) -> None:
    wrong, told = [], 0
    for notice in Notice.objects.select_related("person"):
        letter = LETTERS[seat.people.firms[seat.people.names[notice.person_id]]]
        words = f"{notice.title_zh}{notice.title_en}{notice.body_zh}{notice.body_en}"
        told += len(MARK.findall(words))
        wrong += [f"notice {notice.pk}: {firms}" for firms in MARK.findall(words) if letter not in firms]
    for sending in Sending.objects.select_related("channel"):
        wrong += [f"sending {sending.pk}: {firms}" for firms in MARK.findall(str(sending.payload)) if "h" not in firms]
    assert wrong == []
    assert told > 20


def told_by_errors(seat: Seat, every: int) -> tuple[list[str], int]:
    """Ask for broken addresses of everything, or one in `every`; return what is not theirs, and how often it was asked."""
    wrong, asked = [], 0
    for cell in cells(seat, ("GET",)):
        of_two = cell.who in ("retailer_owner", "stranger_agent_owner")
        if of_two and not cell.fragment and cell.thing.fill and chosen(str(cell), every):
            asked += 1
            address = seat.address(cell.route, cell.thing)
            for broken in (f"{address}?before=x&after=%00&month=9999-99&on=x&page=-1", f"{address.rstrip('/')}%00"):
                answer = look(seat, cell.who, broken)
                assert answer.status_code < 500, (cell, broken)
                wrong += [f"{cell}: {what}" for what in foreign(seat, cell, answer)]
    return wrong, asked


def test_errors_tell_nothing(seat: Seat) -> None:
    wrong, asked = told_by_errors(seat, 5)
    assert wrong == []
    assert asked > 100


@pytest.mark.soak
def test_no_error_tells_anything(seat: Seat) -> None:
    assert told_by_errors(seat, 1)[0] == []
