"""What nobody types but a browser's developer tools send: it is refused clearly, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from lingqu.config.wsgi import application
from tests.pages import SitDown
from tests.world import World

FORM = "application/x-www-form-urlencoded"


def status_of(content_type: str) -> str:
    """What the server says to a request with this content type, Django's own part of it included."""
    told: list[Any] = []
    environ = RequestFactory().get("/health", headers={"content-type": content_type, "host": "localhost"}).environ
    b"".join(application(environ, lambda status, headers: told.extend((status, headers))))
    return str(told[0])[:3]


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "rot13", "unicode_escape", "utf-7", "utf-16", "idna", "undefined", "gb18030", "utf-8-sig"])
def test_another_encoding_than_utf_8_is_refused_whatever_the_sender_calls_it(charset: str) -> None:
    for kind in (FORM, "multipart/form-data; boundary=BB", "text/plain"):
        assert status_of(f"{kind}; charset={charset}") == "415"
        assert status_of(f'{kind}; Charset="{charset}"') == "415"


def test_an_address_of_no_shape_is_not_where_one_goes_after_signing_in(world: World, at_desk: SitDown) -> None:
    answer = at_desk("agent_owner").get("/accounts/login/?next=//[")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.django_db
def test_a_forged_session_cookie_is_nobody_s(client: Client) -> None:
    client.cookies.load({"lingqu_session": "abcdefgh\x00"})
    assert client.get("/").status_code == 302


def test_a_refusal_leads_back_to_our_own_pages_only(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    for elsewhere in ("http://evil.example/form", "javascript:alert(1)", "//["):
        assert elsewhere not in browser.get("/receipts/none/", headers={"referer": elsewhere}).content.decode()
    assert (
        'href="http://testserver/receipts/"'
        in browser.get("/receipts/n/", headers={"referer": "http://testserver/receipts/"}).content.decode()
    )


def test_only_looking_at_the_kept_form_takes_it(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    session = browser.session
    session["kept_input"] = {"path": "/orders/new", "fields": [["note", "kept"]]}
    session.save()
    assert browser.head("/kept").status_code == 405
    assert 'value="kept"' in browser.get("/kept").content.decode()


@pytest.mark.django_db
def test_a_foreign_host_name_is_refused(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("number", ["%00", "JH-2026-0001%00", "x" * 5_000])
def test_an_earlier_request_that_cannot_be_is_none(world: World, at_desk: SitDown, number: str) -> None:
    assert at_desk("agent_owner").get(f"/orders/new?like={number}").status_code == 200
