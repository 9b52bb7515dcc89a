"""The pages of returns and transfers: everybody sees their own, forms come back filled in, papers are papers."""

from __future__ import annotations

from io import BytesIO

import pytest

from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.tests.steps import (
    PHOTO,
    agree,
    agreed_transfer,
    ask,
    confirm,
    count,
    order_it,
    propose,
    send_up,
    shipped,
)  # fmt: skip
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World


def form_of(world: World, copies: dict[int, str], **more: str) -> dict[str, str]:
    cells = {f"copies-{world.products[place].pk}": words for place, words in copies.items()}
    return {"key": "k-1", "buyer": "agent", "reason": "slow", "note": "清仓", **cells, **more}


def test_a_partner_asks_and_sees_where_its_copies_are_from(world: World, at_desk: SitDown) -> None:
    order = shipped(world, {0: 100})
    page = at_desk("agent_owner")
    assert "可退 100 册" in spoken(page.get("/returns/new").content.decode())
    tried = page.post("/returns/new", form_of(world, {0: "5"}, **{"try": "1"})).content.decode()
    assert (order.number in tried, "312.00" in tried, ReturnRequest.objects.count()) == (True, True, 0)
    answer = page.post("/returns/new", form_of(world, {0: "5"}))
    request = ReturnRequest.objects.get()
    assert answer.headers["Location"] == f"/returns/{request.number}/"
    shown = spoken(page.get(f"/returns/{request.number}/").content.decode())
    for words in ("待答复", order.number, "312.00", "退货比例", "M-16.3.2"):
        assert words in shown


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    page = at_desk("agent_owner")
    for changed, told in (
        ({"reason": ""}, "请选择退货原因"),
        ({"order": "JH-2026-9999"}, "没有这份进货申请"),
        ({"note": "长" * 201}, "说明最多"),
    ):
        answer = page.post("/returns/new", form_of(world, {0: "5"}, **changed))
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert 'value="5"' in answer.content.decode()
    answer = page.post("/returns/new", form_of(world, {0: "5本"}))
    assert (answer.status_code, 'value="5本"' in answer.content.decode()) == (422, True)
    answer = page.post("/returns/new", form_of(world, {1: "5"}))
    assert (answer.status_code, "附照片" in answer.content.decode()) == (422, True)
    assert page.post("/returns/new", form_of(world, {})).status_code == 422
    assert not ReturnRequest.objects.exists()


def test_a_list_pasted_from_excel_is_filled_in_and_the_rest_stays(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    page = at_desk("agent_owner")
    answer = page.post("/returns/new", form_of(world, {}, paste="QH26-100\t12\nXX-1\t3", fill="1")).content.decode()
    assert ('value="12"' in answer, "XX-1" in answer, ReturnRequest.objects.count()) == (True, True, 0)


def test_evidence_is_kept_and_given_to_both_sides_only(world: World, at_desk: SitDown) -> None:
    shipped(world, {1: 1})
    file = BytesIO(PHOTO.content)
    file.name = PHOTO.name
    at_desk("agent_owner").post("/returns/new", form_of(world, {0: "2"}) | {"files": file})
    request = ReturnRequest.objects.get()
    page = at_desk("representative").get(f"/returns/{request.number}/").content.decode()
    assert "box.png" in page
    link = page.split("/files/")[1].split('"')[0]
    address = f"/returns/{request.number}/files/{link}"
    assert [at_desk(who).get(address).status_code for who in ("agent_clerk", "manager", "other_agent_owner")] == [200, 200, 404]


def test_the_whole_way_by_its_pages(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 100})
    request = ask(world, {0: 5})
    address = f"/returns/{request.number}/"
    assert at_desk("agent_owner").get(f"{address}slip").status_code == 404
    assert at_desk("finance").post(f"{address}agree").status_code == 403
    at_desk("representative").post(f"{address}agree")
    slip = at_desk("agent_clerk").get(f"{address}slip")
    assert (slip.headers["Content-Type"], slip.content[:5]) == ("application/pdf", b"%PDF-")
    keeper = at_desk("warehouse")
    wrong = keeper.post(f"{address}count", {"good-1": "6", "damaged-1": ""})
    assert (wrong.status_code, "同意退 5 册" in wrong.content.decode(), 'value="6"' in wrong.content.decode()) == (422, True, True)
    keeper.post(f"{address}count", {"good-1": "4", "damaged-1": "1", "rest": "kept"})
    shown = spoken(at_desk("agent_owner").get(address).content.decode())
    for words in ("已入账", "249.60", "代为保管", "少 1"):
        assert words in shown


def test_sent_up_with_a_price_that_is_too_high_it_comes_back_filled_in(world: World, at_desk: SitDown) -> None:
    shipped(world, {1: 1})
    request = ask(world, {0: 2}, files=(PHOTO,))
    answer = at_desk("representative").post(f"/returns/{request.number}/send-up", {"reason": "旧货", "price-1": "99"})
    shown = answer.content.decode()
    assert (answer.status_code, 'value="99"' in shown, "旧货" in shown, "62.40" in shown) == (422, True, True, True)
    at_desk("representative").post(f"/returns/{request.number}/send-up", {"reason": "旧货", "price-1": "60"})
    request.refresh_from_db()
    assert request.state == "deciding"
    assert at_desk("representative").post(f"/returns/{request.number}/refuse", {"reason": ""}).status_code in (403, 422)


def test_strangers_see_nothing(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 50})
    request = ask(world, {0: 5})
    transfer = propose(world, {0: 5}, taker="cash_agent")
    for address in (f"/returns/{request.number}/", f"/transfers/{transfer.number}/"):
        assert at_desk("other_agent_owner").get(address).status_code == 404
    assert at_desk("agent_owner").get(f"/transfers/{transfer.number}/").status_code == 404
    assert request.number not in at_desk("other_agent_owner").get("/returns/").content.decode()
    assert at_desk("agent_owner").get("/transfers/new").status_code == 403
    assert at_desk("warehouse").get("/transfers/new").status_code == 403
    assert at_desk("finance").get("/returns/new").status_code == 403


def test_a_transfer_by_its_pages(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 50})
    rep = at_desk("representative")
    cells = {f"copies-{world.products[0].pk}": "20", "key": "t-1", "giver": "agent", "taker": "other_agent", "note": "余量"}
    assert rep.post("/transfers/new", cells | {"taker": ""}).status_code == 422
    over = rep.post("/transfers/new", cells | {f"copies-{world.products[0].pk}": "51"})
    assert (over.status_code, "50 册可调" in over.content.decode()) == (422, True)
    rep.post("/transfers/new", cells)
    transfer = Transfer.objects.get()
    assert transfer.approval_id
    world.sign(transfer.approval_id, "manager")
    address = f"/transfers/{transfer.number}/"
    rep.post(f"{address}order")
    at_desk("agent_owner").post(f"{address}confirm", {"side": "giver", "copies-1": "20"})
    at_desk("other_agent_owner").post(f"{address}confirm", {"side": "taker", "copies-1": "20"})
    keeper = at_desk("warehouse")
    assert "调货入账" in keeper.get(address).content.decode()
    refused = keeper.post(f"{address}move", follow=True).content.decode()
    assert "尚未受理" in refused
    transfer.refresh_from_db()
    rep.post(f"/orders/{transfer.order.number}/accept", {"ship_on": world.at.date().isoformat()})  # type: ignore[union-attr]
    keeper.post(f"{address}move")
    transfer.refresh_from_db()
    assert transfer.state == "moved"
    for who in ("representative", "agent_owner", "other_agent_owner"):
        paper = at_desk(who).get(f"{address}paper")
        assert paper.content[:5] == b"%PDF-"
    giver = spoken(at_desk("other_agent_owner").get(address).content.decode())
    assert "1,248.00" not in giver


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_one_language(world: World, at_desk: SitDown, language: str) -> None:
    shipped(world, {0: 100})
    booked = agree(world, ask(world, {0: 5}, by="representative"))
    count(world, booked, {1: 4}, damaged={1: 1})
    beyond = send_up(world, ask(world, {0: 30}))
    asked = ask(world, {1: 1}, files=(PHOTO,))
    transfer = order_it(world, agreed_transfer(world, {0: 20}))
    confirm(world, transfer, {1: 20}, taker=False)
    order = transfer.order.number if transfer.order else ""
    addresses = ["/returns/", "/returns/new?buyer=agent", f"/returns/{beyond.number}/", f"/returns/{booked.number}/",
                 f"/returns/{asked.number}/", "/transfers/", "/transfers/new?giver=agent", f"/transfers/{transfer.number}/"]  # fmt: skip
    for who in ("representative", "manager", "warehouse"):
        page = at_desk(who, language=language)
        for address in addresses:
            answer = page.get(address)
            if answer.status_code == 403:
                continue
            assert answer.status_code == 200, address
            typed = ("Excel", "box", "png", "KB", "MB", "客户清仓", "促销余量")
            strange = of_the_other_language(answer.content.decode(), language, world, order, *typed)
            assert strange == [], (who, address)


def test_the_lists_take_the_same_queries_at_one_and_at_thirty_rows(world: World, at_desk: SitDown) -> None:
    shipped(world, {0: 200})
    page = at_desk("manager")
    ask(world, {0: 1})
    propose(world, {0: 1})
    pages = ["/returns/", "/transfers/"]
    before = []
    for address in pages:
        page.get(address)
        with counted() as one:
            page.get(address)
        before.append(len(one))
    for _ in range(29):
        ask(world, {0: 1})
        propose(world, {0: 1})
    after = []
    for address in pages:
        with counted() as many:
            page.get(address)
        after.append(len(many))
    assert before == after
