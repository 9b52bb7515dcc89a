"""P11: every firm's data carries a mark; whoever follows links, searches, takes out, prints or is told never meets a foreign one."""

from __future__ import annotations

import pytest

from lingqu.notices.models import Notice, Sending
from tests.promises.access_crawl import WORDS, crawl, look, readable_papers
from tests.promises.access_fixtures import seat
from tests.promises.access_matrix import Cell, Seat, cells, foreign
from tests.promises.access_things import Thing
from tests.promises.access_world import LETTERS, MARK

__all__ = ["seat"]
CRAWLERS = ("director", "warehouse", "agent_owner", "other_agent_owner", "retailer_owner", "stranger_agent_owner")
MORE_CRAWLERS = (
    *CRAWLERS, "representative", "finance", "agent_clerk", "second_retailer_owner", "other_retailer_owner", "stranger_director",
)  # fmt: skip
SEARCHED = ("orders", "partners", "specials", "statements", "bank", "stock", "duties", "receipts", "approvals", "holds", "search")
"""Lists that search, where there are any."""


@pytest.mark.parametrize("who", CRAWLERS)
def test_following_links_nobody_meets_what_is_not_theirs(seat: Seat, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    readable_papers(monkeypatch)
    found = crawl(seat, who, most=60)
    assert found.wrong == []
    assert found.pages > 25


@pytest.mark.soak
@pytest.mark.parametrize("fragment", [False, True])
@pytest.mark.parametrize("who", MORE_CRAWLERS)
def test_following_all_links_nobody_meets_what_is_not_theirs(
    seat: Seat, monkeypatch: pytest.MonkeyPatch, who: str, *, fragment: bool
) -> None:
    readable_papers(monkeypatch)
    assert crawl(seat, who, most=2_000, fragment=fragment).wrong == []


def test_workbooks_and_papers_are_among_what_is_read(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    readable_papers(monkeypatch)
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


@pytest.mark.parametrize("word", WORDS)
def test_searching_finds_nothing_foreign(seat: Seat, word: str) -> None:
    wrong = []
    for who in CRAWLERS:
        for route in SEARCHED:
            if route not in seat.patterns:
                continue
            for fragment in (False, True):
                address = f"{seat.address(route, Thing('', {}))}?q={word}"
                cell = Cell(route, "GET", fragment, who, Thing(word, {}))
                wrong += [f"{cell}: {what}" for what in foreign(seat, cell, look(seat, who, address, fragment=fragment))]
    assert wrong == []


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


def test_errors_tell_nothing(seat: Seat) -> None:
    wrong = []
    for cell in cells(seat, ("GET",)):
        if cell.who in ("retailer_owner", "stranger_agent_owner") and not cell.fragment and cell.thing.fill:
            address = seat.address(cell.route, cell.thing)
            for broken in (f"{address}?before=x&after=%00&month=9999-99&on=x&page=-1", f"{address.rstrip('/')}%00"):
                answer = look(seat, cell.who, broken)
                assert answer.status_code < 500, (cell, broken)
                wrong += [f"{cell}: {what}" for what in foreign(seat, cell, answer)]
    assert wrong == []
