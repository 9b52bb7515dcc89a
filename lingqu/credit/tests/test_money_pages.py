"""Taking a receipt back, writing off, disputing and applying what waits, by form: who may, what is said where, nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.credit.models import Batch, Receipt, WriteOff
from lingqu.credit.queries import money_received, net_accepted
from lingqu.credit.tests.purse import Purse
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World


@pytest.fixture
def purse(world: World) -> Purse:
    """Two requests of 6,240.00 and 13,000.00 yuan were accepted; the first is paid, and 100.00 of it credited, which wait."""
    purse = Purse(world)
    world.accept(world.submit("agent", {0: 100}))
    world.accept(world.submit("agent", {2: 1000}))
    purse.receive("6240.00")
    purse.credit(1, "100.00")
    return purse


def back(purse: Purse, **more: str) -> dict[str, str]:
    return {"reason": "银行退票", "on": purse.world.at.date().isoformat()} | more


def test_movements_say_what_a_credit_was_given_for(purse: Purse, at_desk: SitDown) -> None:
    page = spoken(at_desk("finance").get("/partners/agent/?tab=money").content.decode())
    assert "贷项，货款冲减：退货" in page


def test_a_receipt_is_taken_back_by_form_and_the_page_tells(purse: Purse, at_desk: SitDown) -> None:
    number = Receipt.objects.get().number
    answer = at_desk("finance").post(f"/receipts/{number}/reverse", back(purse), follow=True)
    page = spoken(answer.content.decode())
    assert answer.redirect_chain[-1][0] == f"/receipts/{number}/"
    assert "已冲回" in page
    assert "银行退票" in page
    assert "冲回：先旧后新" in page
    assert "-6,240.00" in page or "−6,240.00" in page
    assert "已冲回 − 6,240.00 转入预收 0.00" in page
    assert 'id="reverse"' not in answer.content.decode()
    assert purse.state()[1] == ("6140.00", False)
    listed = spoken(at_desk("finance").get("/receipts/").content.decode())
    assert "冲回" in listed


@pytest.mark.parametrize(("who", "status"), [("representative", 403), ("agent_owner", 403), ("other_agent_owner", 404)])
def test_others_see_no_button_and_are_refused(purse: Purse, at_desk: SitDown, who: str, status: int) -> None:
    number = Receipt.objects.get().number
    browser = at_desk(who)
    if status == 403:
        assert 'id="reverse"' not in browser.get(f"/receipts/{number}/").content.decode()
    assert browser.post(f"/receipts/{number}/reverse", back(purse)).status_code == status
    assert Receipt.objects.get().state == "entered"


@pytest.mark.parametrize(("field", "words"), [("reason", ""), ("on", ""), ("on", "昨天"), ("on", "2000-01-01"), ("on", "2999-01-01")])
def test_what_is_wrong_stands_at_its_field_and_the_rest_stays(purse: Purse, at_desk: SitDown, field: str, words: str) -> None:
    number = Receipt.objects.get().number
    sent = back(purse) | {field: words}
    answer = at_desk("finance").post(f"/receipts/{number}/reverse", sent)
    page = answer.content.decode()
    assert (answer.status_code, f'id="reverse-{field}-error"' in page) == (422, True)
    assert ("银行退票" in page) == (field != "reason")
    assert purse.state()[1] == ("0.00", True)


def test_the_partner_sees_that_it_was_taken_back_but_not_why(purse: Purse, at_desk: SitDown) -> None:
    number = Receipt.objects.get().number
    at_desk("finance").post(f"/receipts/{number}/reverse", back(purse))
    page = spoken(at_desk("agent_owner").get(f"/receipts/{number}/").content.decode())
    assert "冲回" in page
    assert "银行退票" not in page


def test_money_that_waits_is_applied_by_form(purse: Purse, at_desk: SitDown) -> None:
    second = purse.batch(2)
    browser = at_desk("finance")
    page = browser.get("/partners/agent/unapplied").content.decode()
    assert f'name="detail-{second.pk}"' in page
    answer = browser.post("/partners/agent/unapplied", {f"detail-{second.pk}": "60.00"}, follow=True)
    assert "已按填写的金额核销" in spoken(answer.content.decode())
    assert (purse.waits, purse.state()[2]) == ("40.00", ("12940.00", False))


@pytest.mark.parametrize("words", ["100.01", "x", "0", "99999999"])
def test_an_amount_that_does_not_fit_comes_back_with_its_error(purse: Purse, at_desk: SitDown, words: str) -> None:
    second = purse.batch(2)
    answer = at_desk("finance").post("/partners/agent/unapplied", {f"detail-{second.pk}": words})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{words}"' in page
    assert "notice-red" in page or f'id="detail-{second.pk}-error"' in page
    assert purse.waits == "100.00"


def test_only_finance_applies_it_and_the_partner_has_no_such_page(purse: Purse, at_desk: SitDown) -> None:
    second = purse.batch(2)
    browser = at_desk("representative")
    assert f'name="detail-{second.pk}"' not in browser.get("/partners/agent/unapplied").content.decode()
    assert browser.post("/partners/agent/unapplied", {f"detail-{second.pk}": "1.00"}).status_code == 403
    assert at_desk("agent_owner").get("/partners/agent/unapplied").status_code == 404
    assert at_desk("finance").get("/partners/nobody/unapplied").status_code == 404


def test_a_batch_shows_what_made_it_less_and_is_written_off(purse: Purse, at_desk: SitDown) -> None:
    second = purse.batch(2)
    browser = at_desk("representative")
    first = spoken(browser.get(f"/credit/batches/{purse.batch(1).pk}/").content.decode())
    assert "先旧后新" in first
    assert "6,240.00" in first
    assert "转入预收 100.00" in first
    answer = browser.post(f"/credit/batches/{second.pk}/write-off", {"amount": "120.00", "reason": "运损"}, follow=True)
    document = WriteOff.objects.get()
    assert answer.redirect_chain[-1][0] == f"/credit/write-offs/{document.number}/"
    assert "审批人已收到通知" in spoken(answer.content.decode())
    assert 'name="amount"' not in browser.get(f"/credit/batches/{second.pk}/").content.decode()
    taken = browser.post(f"/credit/write-offs/{document.number}/withdraw", follow=True)
    assert "已撤回" in spoken(taken.content.decode())


def test_a_write_off_that_was_sent_back_is_revised_by_form(purse: Purse, at_desk: SitDown) -> None:
    second = purse.batch(2)
    browser = at_desk("representative")
    browser.post(f"/credit/batches/{second.pk}/write-off", {"amount": "120.00", "reason": "运损"})
    document = WriteOff.objects.get()
    assert document.approval_id
    purse.world.sign(document.approval_id, "finance", "send_back", "金额不对")
    page = browser.get(f"/credit/write-offs/{document.number}/")
    assert "金额不对" in spoken(page.content.decode())
    wrong = browser.post(f"/credit/write-offs/{document.number}/revise", {"amount": "13000.01", "reason": "运损"})
    assert (wrong.status_code, 'id="amount-error"' in wrong.content.decode()) == (422, True)
    again = browser.post(f"/credit/write-offs/{document.number}/revise", {"amount": "90.00", "reason": "运损"}, follow=True)
    assert (again.status_code, "修改后重新提交" in spoken(again.content.decode())) == (200, True)
    document.refresh_from_db()
    assert (document.state, document.amount) == ("proposed", Decimal("90.00"))
    assert at_desk("finance").post(f"/credit/write-offs/{document.number}/revise", {"amount": "1", "reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("amount", "reason", "field"), [("", "x", "amount"), ("x", "x", "amount"), ("13000.01", "x", "amount"), ("1", "", "reason")]
)
def test_a_write_off_that_cannot_be_comes_back_filled_in(purse: Purse, at_desk: SitDown, amount: str, reason: str, field: str) -> None:
    second = purse.batch(2)
    answer = at_desk("finance").post(f"/credit/batches/{second.pk}/write-off", {"amount": amount, "reason": reason})
    page = answer.content.decode()
    assert (answer.status_code, f'id="{field}-error"' in page) == (422, True)
    assert f'value="{amount}"' in page
    assert WriteOff.objects.count() == 0


def test_a_dispute_is_noted_and_ended_by_form(purse: Purse, at_desk: SitDown) -> None:
    second, today = purse.batch(2), purse.world.at.date()
    browser = at_desk("finance")
    sent = {"until": (today + timedelta(days=3)).isoformat(), "text": "少发两箱"}
    page = browser.post(f"/credit/batches/{second.pk}/dispute", sent, follow=True)
    assert "少发两箱" in spoken(page.content.decode())
    late = browser.post(f"/credit/batches/{second.pk}/dispute", sent | {"until": "2999-01-01"})
    assert (late.status_code, 'id="dispute-until-error"' in late.content.decode()) == (422, True)
    browser.post(f"/credit/batches/{second.pk}/dispute", {"end": "1"})
    assert Batch.objects.get(pk=second.pk).disputed_until is None
    assert at_desk("representative").post(f"/credit/batches/{second.pk}/dispute", sent).status_code == 403


def test_no_other_firm_sees_a_batch_or_a_write_off(purse: Purse, at_desk: SitDown) -> None:
    second = purse.batch(2)
    document = purse.write_off(2, "120.00")
    for who in ("agent_owner", "other_agent_owner", "retailer_owner"):
        browser = at_desk(who)
        assert browser.get(f"/credit/batches/{second.pk}/").status_code == 404
        assert browser.get(f"/credit/write-offs/{document.number}/").status_code == 404
    assert at_desk("finance").get("/credit/batches/99999999999999999999/").status_code == 404
    assert at_desk("finance").get("/credit/write-offs/HX-x/").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_are_whole(purse: Purse, at_desk: SitDown, language: str) -> None:
    document = purse.write_off(2, "120.00", reason="1")
    finance = at_desk("finance", language=language)
    number = Receipt.objects.get().number
    finance.post(f"/credit/batches/{purse.batch(2).pk}/dispute", {"until": purse.world.at.date().isoformat(), "text": "1"})
    paths = [f"/credit/batches/{purse.batch(place).pk}/" for place in (1, 2)]
    paths += [f"/credit/write-offs/{document.number}/", "/partners/agent/unapplied", f"/receipts/{number}/"]
    for path in paths:
        page = finance.get(path)
        assert page.status_code == 200
        assert of_the_other_language(page.content.decode(), language, purse.world, "退回破损") == [], path
    purse.reverse(Receipt.objects.get(), reason="1")
    for path in (f"/receipts/{number}/", "/receipts/", "/partners/agent/?tab=money", "/partners/agent/"):
        assert of_the_other_language(finance.get(path).content.decode(), language, purse.world, "退回破损") == [], path


def test_the_pages_ask_the_database_no_more_for_many_rows(purse: Purse, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    first = purse.batch(2)

    def asked(path: str) -> int:
        browser.get(path)
        with counted() as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    paths = ["/partners/agent/unapplied", f"/credit/batches/{first.pk}/"]
    few = [asked(path) for path in paths]
    for _ in range(30):
        purse.open("10.00")
        purse.receive("1.00", b2="1.00")
    assert [asked(path) for path in paths] == few


def test_a_month_that_is_over_keeps_what_was_received_in_it(purse: Purse) -> None:
    firm, today = purse.line.buyer_id, purse.world.at.date()
    tomorrow, after = today + timedelta(days=1), today + timedelta(days=2)
    assert money_received(firm, since=today, until=tomorrow) == Decimal("6240.00")
    purse.world.at += timedelta(days=1)
    purse.reverse(Receipt.objects.get())
    assert money_received(firm, since=today, until=tomorrow) == Decimal("6240.00")
    assert money_received(firm, since=tomorrow, until=after) == Decimal("-6240.00")
    assert net_accepted(firm, since=today, until=tomorrow) == Decimal("19140.00")


def test_a_batch_that_was_taken_over_has_no_page_of_a_request_and_breaks_none(purse: Purse, at_desk: SitDown) -> None:
    second = purse.batch(2)
    Batch.objects.filter(pk=second.pk).update(document_id=None, request="OLD-7")
    paid = purse.receive("50.00", b2="50.00")
    finance = at_desk("finance")
    paths = ["/partners/agent/", "/partners/agent/?tab=money", "/partners/agent/unapplied", f"/credit/batches/{second.pk}/"]
    paths += [f"/receipts/{paid.number}/", f"/receipts/new?line={purse.line.pk}", "/receipts/"]
    for path in paths:
        page = finance.get(path)
        assert (page.status_code, "/orders/OLD-7" in page.content.decode()) == (200, False), path
    owed = at_desk("agent_owner").get("/").content.decode()
    assert ("OLD-7" in owed, "/orders/OLD-7" in owed) == (True, False)
    purse.reverse(paid)
    purse.receive("12900.00")
    assert purse.state()[2] == ("0.00", True)
    assert money_received(purse.line.buyer_id, since=purse.world.at.date(), until=purse.world.at.date() + timedelta(days=1)) > 0
