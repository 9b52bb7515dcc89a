"""A form does once what it asks for, however it comes again; what was typed is never lost (docs/decisions/0032)."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lingqu.credit.models import Receipt
from lingqu.documents.actions import forget_forms, sending
from lingqu.documents.models import Comment, SentForm
from lingqu.organisation.models import AccessToken
from tests.pages import SitDown, spoken
from tests.world import World

KEY, OTHER = "a" * 32, "b" * 32
POSTED = re.compile(r"<form\b[^>]*?method=\"post\"", re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def receipt(world: World, key: str = KEY, **more: str) -> dict[str, str]:
    """What the form of a receipt sends; the document's own key is another in each form, as the page makes it."""
    usual = {
        "form_key": key, "key": f"made-for-{key}", "line": str(world.lines["agent"].pk), "amount": "100.00",
        "received_on": world.at.date().isoformat(), "payer": "agent公司", "bank_reference": "B-1",
    }  # fmt: skip
    return usual | more


def offered(page: str) -> dict[str, str]:
    """The hidden fields of the form that a page offers in its content; the last of a name counts, as for a server."""
    start = page.index('<form class="card card-body form"')
    return {name: unescape(value) for name, value in FIELD.findall(page[start : page.index("</form>", start)])}


def test_every_form_carries_a_key_of_its_own(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    pages = [browser.get("/receipts/new").content.decode() for _ in range(2)]
    keys = [re.findall(r'name="form_key" value="([0-9a-f]{32})"', page) for page in pages]
    assert all(page.count('name="csrfmiddlewaretoken"') == len(found) for page, found in zip(pages, keys, strict=True))
    assert len({key for found in keys for key in found}) == sum(map(len, keys)) > 2


def test_no_template_has_a_form_without_its_key() -> None:
    """The key stands where the token stands, and a form that is posted without a token is refused."""
    counted = {
        str(path): (len(POSTED.findall(words)), words.count("{% csrf_token %}"))
        for path in Path("lingqu").rglob("templates/**/*.html") if (words := path.read_text("utf-8"))
    }  # fmt: skip
    assert {path: (forms, keys) for path, (forms, keys) in counted.items() if forms != keys} == {}
    assert sum(forms for forms, _ in counted.values()) > 110


def test_sent_twice_it_leads_to_what_the_first_one_did(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    first = browser.post("/receipts/new", receipt(world))
    again = browser.post("/receipts/new", receipt(world), follow=True)
    assert first.status_code == 302
    assert again.redirect_chain == [(first.headers["Location"], 302)]
    assert "只办理了一次" in spoken(again.content.decode())
    assert Receipt.objects.count() == SentForm.objects.count() == 1


def test_back_and_sent_with_other_content_asks_and_keeps_what_was_typed(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    browser.post("/receipts/new", receipt(world))
    asked = browser.post("/receipts/new", receipt(world, amount="250.00", payer="改过的<付款人>"))
    page = asked.content.decode()
    fields = offered(page)
    assert (asked.status_code, Receipt.objects.count()) == (409, 1)
    assert (fields["amount"], fields["payer"]) == ("250.00", "改过的<付款人>")
    more = browser.post("/receipts/new", fields)
    assert more.status_code == 302
    assert sorted(Receipt.objects.values_list("amount", flat=True)) == [Decimal(100), Decimal(250)]


def test_an_equal_form_of_another_tab_is_asked_about_and_may_be_meant(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    first = browser.post("/receipts/new", receipt(world))
    asked = browser.post("/receipts/new", receipt(world, OTHER))
    page = asked.content.decode()
    assert (asked.status_code, Receipt.objects.count()) == (409, 1)
    assert f'href="{first.headers["Location"]}"' in page
    assert browser.post("/receipts/new", offered(page)).status_code == 302
    assert Receipt.objects.count() == 2


def test_an_equal_form_counts_for_ten_minutes(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    browser.post("/receipts/new", receipt(world))
    world.at += sending.ALIKE + timedelta(seconds=1)
    assert browser.post("/receipts/new", receipt(world, OTHER)).status_code == 302
    assert Receipt.objects.count() == 2


def test_another_person_is_not_meant(world: World, at_desk: SitDown) -> None:
    made = [at_desk(name).post("/receipts/new", receipt(world)) for name in ("finance", "manager", "finance")]
    assert SentForm.objects.count() == len({one.headers.get("Location") for one in made if one.status_code == 302})


def test_what_was_wrong_keeps_no_key(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    assert browser.post("/receipts/new", receipt(world, amount="-5")).status_code == 422
    assert browser.post("/receipts/new", receipt(world)).status_code == 302


def test_what_was_refused_keeps_no_key(world: World, at_desk: SitDown) -> None:
    browser, number = at_desk("representative"), world.submit("agent", {0: 10}).number
    path = f"/orders/{number}/decline"
    assert browser.post(path, {"form_key": KEY, "reason": ""}).status_code == 302
    assert SentForm.objects.count() == 0
    assert browser.post(path, {"form_key": KEY, "reason": "停印"}).status_code == 302
    assert SentForm.objects.count() == 1


def test_a_verb_of_another_tab_is_answered_kindly(world: World, at_desk: SitDown) -> None:
    browser, number = at_desk("representative"), world.submit("agent", {0: 10}).number
    path = f"/orders/{number}/decline"
    tabs = [browser.post(path, {"form_key": key, "reason": "停印"}, follow=True) for key in (KEY, OTHER)]
    assert [tab.status_code for tab in tabs] == [200, 200]
    assert "Traceback" not in tabs[1].content.decode()


def test_a_token_is_made_once_and_the_form_that_comes_again_does_not_show_it(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    last = (world.at + timedelta(days=30)).date().isoformat()
    sent = {"form_key": KEY, "name": "ERP", "scopes": ["orders:read"], "last_day": last}
    first = browser.post("/accounts/tokens/", sent)
    again = browser.post("/accounts/tokens/", sent)
    assert (first.status_code, again.status_code) == (200, 302), first.content.decode()
    assert AccessToken.objects.count() == 1


def test_a_form_kept_over_the_end_of_a_session_keeps_its_key(world: World, at_desk: SitDown) -> None:
    """Sent, and sent again from a page that was open while the session ended: still one."""
    browser = at_desk("finance")
    browser.post("/receipts/new", receipt(world))
    stranger = Client()
    stranger.post("/receipts/new", receipt(world))
    session = stranger.session
    kept = browser.session
    kept["kept_input"] = session["kept_input"]
    kept.save()
    fields = offered(browser.get("/kept").content.decode())
    assert (fields["form_key"], fields["amount"]) == (KEY, "100.00")
    assert browser.post("/receipts/new", fields).status_code == 302
    assert Receipt.objects.count() == 1


def test_no_view_meets_the_key(world: World, at_desk: SitDown) -> None:
    """Forms that read whatever was sent, such as the regulation's, would take it for a field."""
    browser = at_desk("director")
    answer = browser.post("/exports/new/orders", {"form_key": KEY, "form_more": "yes"})
    assert "form_key" not in str(answer.headers) + answer.content.decode("utf-8", "ignore")


def test_a_forged_key_is_no_key(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    for key in ("", "x", "A" * 32, "a" * 33, "\x00" * 32):
        assert browser.post("/receipts/new", receipt(world, key, amount="-1")).status_code == 422
    assert SentForm.objects.count() == 0


def test_notes_are_kept_for_seven_days(world: World, at_desk: SitDown) -> None:
    at_desk("finance").post("/receipts/new", receipt(world))
    assert forget_forms(at=world.at + timedelta(days=7)) == 0
    assert forget_forms(at=world.at + timedelta(days=7, seconds=1)) == 1


def test_an_error_undoes_what_was_done_and_the_note_of_it(world: World, at_desk: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **more: Any) -> None:
        raise ZeroDivisionError

    browser = at_desk("finance")
    with monkeypatch.context() as patch:
        patch.setattr("lingqu.documents.actions.sending.SentForm.objects.create", broken)
        with pytest.raises(ZeroDivisionError):
            browser.post("/receipts/new", receipt(world))
    assert Receipt.objects.count() == Comment.objects.count() == SentForm.objects.count() == 0
    assert browser.post("/receipts/new", receipt(world)).status_code == 302
