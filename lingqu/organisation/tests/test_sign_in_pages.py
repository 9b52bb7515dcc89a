"""People sign in, see where they are signed in, change the password, and use a second factor; what ended opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.urls import reverse

from lingqu.audit.models import Fact
from lingqu.base.clock import now
from lingqu.organisation.actions import check_code
from lingqu.organisation.models import OpenSession, SignIn
from lingqu.organisation.tests.conftest import PASSWORD, Browser
from tests.pages import counted
from tests.world import World

Give = Callable[[str], SignIn]
Open = Callable[..., Browser]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"
NEW = "four-green-hills-9"


def code_of(secret: str, *, later: int = 0) -> str:
    """The code that was used last, or that of now where none was; `later` counts on from it."""
    kept = Authenticator.objects.filter(type="totp").first()
    used = kept.data["used"] if kept else int(now().timestamp()) // 30
    return format_hotp_value(hotp_value(secret, used + later))


def secret_on(page: Any) -> str:
    return str(page.context["letters"]).replace(" ", "")


def enrolled(browser: Browser) -> tuple[str, list[str]]:
    """Set the second factor up on the own page; return the secret and the codes for paper."""
    secret = secret_on(browser.get(reverse("factor_on")))
    done = browser.post(reverse("factor_on"), {"code": code_of(secret)})
    return secret, list(done.context["codes"])


def test_where_one_is_signed_in_is_shown_and_ended(account: Give, browser: Open) -> None:
    account("agent_owner")
    desk, phone = browser(), browser("192.0.2.7")
    desk.sign_in("agent_owner")
    phone.defaults["HTTP_USER_AGENT"] = PHONE
    phone.sign_in("agent_owner")
    page = desk.get(reverse("security")).content.decode()
    assert "iPhone · Safari" in page
    assert "192.0.2.7" in page
    assert "本设备" in page
    other = OpenSession.objects.get(address="192.0.2.7")
    assert desk.post(reverse("session_end", args=[other.pk])).status_code == 302
    assert (desk.is_in(), phone.is_in()) == (True, False)
    assert Fact.objects.filter(verb="end_session").count() == 1


def test_a_session_of_somebody_else_is_not_to_be_ended(account: Give, browser: Open) -> None:
    account("agent_owner")
    account("other_agent_owner")
    mine, theirs = browser(), browser()
    mine.sign_in("agent_owner")
    theirs.sign_in("other_agent_owner")
    other = OpenSession.objects.get(person=account("other_agent_owner").person_id)
    assert mine.post(reverse("session_end", args=[other.pk])).status_code == 404
    assert theirs.is_in()


def test_all_others_end_and_this_one_goes_on_under_a_new_key(account: Give, browser: Open) -> None:
    account("agent_owner")
    browsers = [browser() for _ in range(3)]
    for one in browsers:
        one.sign_in("agent_owner")
    before = browsers[0].session.session_key
    assert browsers[0].post(reverse("sessions_end_others")).status_code == 302
    assert [one.is_in() for one in browsers] == [True, False, False]
    assert browsers[0].session.session_key != before
    assert list(OpenSession.objects.values_list("key", flat=True)) == [browsers[0].session.session_key]


def test_the_key_changes_at_sign_in_and_nothing_is_left_after_signing_out(account: Give, browser: Open) -> None:
    account("agent_owner")
    one = browser()
    one.post(reverse("delegations"), {"reason": "typed before"})
    fixed = one.cookies["lingqu_session"].value
    one.sign_in("agent_owner")
    assert one.cookies["lingqu_session"].value != fixed
    assert not Session.objects.filter(session_key=fixed).exists()
    one.post(reverse("account_logout"))
    assert (OpenSession.objects.count(), one.is_in()) == (0, False)


def test_last_seen_costs_no_write_but_once_a_minute(account: Give, browser: Open) -> None:
    account("agent_owner")
    one = browser()
    one.sign_in("agent_owner")
    with counted() as statements:
        one.get(reverse("security"))
    assert not [words for words in statements if words.startswith(("UPDATE", "INSERT"))]
    OpenSession.objects.update(seen_at=now() - timedelta(seconds=61))
    for wanted in (1, 0):
        with counted() as statements:
            one.get(reverse("security"))
        assert len([words for words in statements if words.startswith("UPDATE organisation_opensession")]) == wanted
    assert now() - OpenSession.objects.get().seen_at < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", NEW, NEW, "原密码不对"),
        (PASSWORD, NEW, NEW + "x", "两次输入的新密码不一致"),
        (PASSWORD, "short-7", "short-7", "密码太短"),
        (PASSWORD, "x" * 129, "x" * 129, "密码太长"),
        (PASSWORD, "qwertyuiop", "qwertyuiop", "太常见"),
        (PASSWORD, "agent_owner1", "agent_owner1", "太相似"),
        (PASSWORD, PASSWORD, PASSWORD, "与原密码相同"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_at_its_field(
    account: Give, browser: Open, old: str, new: str, again: str, words: str
) -> None:
    account("agent_owner")
    one = browser()
    one.sign_in("agent_owner")
    told = one.post(reverse("password_change"), {"old": old, "password": new, "again": again})
    assert told.status_code == 422
    assert words in told.content.decode()
    assert "密码和验证码请重新输入" in told.content.decode()
    assert 'aria-invalid="true"' in told.content.decode()
    assert new not in told.content.decode()
    assert browser().sign_in("agent_owner").status_code == 302


def test_a_new_password_ends_all_other_sessions(account: Give, browser: Open) -> None:
    account("agent_owner")
    here, there = browser(), browser()
    for one in (here, there):
        one.sign_in("agent_owner")
    assert here.post(reverse("password_change"), {"old": PASSWORD, "password": NEW, "again": NEW}).status_code == 302
    assert (here.is_in(), there.is_in()) == (True, False)
    assert (browser().sign_in("agent_owner").status_code, browser().sign_in("agent_owner", NEW).status_code) == (200, 302)


def test_the_old_password_cannot_be_guessed_on_the_page_either(account: Give, browser: Open) -> None:
    account("agent_owner")
    one = browser()
    one.sign_in("agent_owner")
    asked = {"old": "wrong", "password": NEW, "again": NEW}
    assert [one.post(reverse("password_change"), asked).status_code for _ in range(11)] == [422] * 10 + [429]


def test_a_second_factor_is_asked_after_the_password_and_a_code_works_once(account: Give, browser: Open) -> None:
    held = account("agent_owner")
    first = browser()
    first.sign_in("agent_owner")
    secret, codes = enrolled(first)
    assert len(set(codes)) == 10
    assert first.is_in()
    one = browser()
    assert one.sign_in("agent_owner").headers["Location"] == reverse("second_factor")
    assert not one.is_in()
    assert one.post(reverse("second_factor"), {"code": code_of(secret)}).status_code == 422
    assert one.post(reverse("second_factor"), {"code": code_of(secret, later=1)}).status_code == 302
    assert one.is_in()
    two = browser()
    two.sign_in("agent_owner")
    assert two.post(reverse("second_factor"), {"code": code_of(secret, later=1)}).status_code == 422
    assert two.post(reverse("second_factor"), {"code": f" {codes[0][:4]}-{codes[0][4:]} "}).status_code == 302
    assert [check_code(held.pk, code, at=now()) for code in (codes[0], codes[1], codes[1], "", "²²²²²²", "12345678")] == [
        False, True, False, False, False, False,
    ]  # fmt: skip


def test_codes_are_counted_as_tries_of_the_name(account: Give, browser: Open) -> None:
    account("agent_owner")
    first = browser()
    first.sign_in("agent_owner")
    secret, _ = enrolled(first)
    one = browser()
    one.sign_in("agent_owner")
    assert [one.post(reverse("second_factor"), {"code": "000000"}).status_code for _ in range(10)] == [422] * 10
    put_off = one.post(reverse("second_factor"), {"code": code_of(secret, later=1)})
    assert (put_off.status_code, "Retry-After" in put_off.headers, one.is_in()) == (429, True, False)


def test_what_codes_are_made_of_is_not_to_be_read_in_the_database(account: Give, browser: Open) -> None:
    account("agent_owner")
    one = browser()
    one.sign_in("agent_owner")
    secret = secret_on(one.get(reverse("factor_on")))
    assert secret not in str(one.session.items())
    enrolled(one)
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in kept
    assert "gAAAA" in kept


@pytest.mark.parametrize(("asked", "name", "led"), [
    ("hq", "finance", True), ("hq", "agent_owner", False), ("all", "agent_owner", True), ("off", "finance", False),
])  # fmt: skip
def test_who_must_have_one_is_led_to_it_and_reaches_nothing_else(
    account: Give, browser: Open, settings: Any, asked: str, name: str, led: bool
) -> None:
    settings.SECOND_FACTOR = asked
    account(name)
    one = browser()
    enrol = reverse("second_factor_enrol")
    assert one.sign_in(name).headers["Location"] == (enrol if led else "/")
    assert one.is_in() is not led
    if led:
        assert {one.get(page).status_code for page in ("/", "/accounts/security/", "/orders/", "/accounts/tokens/")} == {302}
        secret = secret_on(one.get(enrol))
        assert one.post(enrol, {"code": "000000"}).status_code == 422
        done = one.post(enrol, {"code": code_of(secret)})
        assert (len(done.context["codes"]), done.context["onward"], one.is_in()) == (10, "/", True)
        assert one.post(reverse("factor_off"), {"code": code_of(secret, later=1)}).status_code == 409


def test_a_step_that_waits_after_the_password_ends_with_the_sessions(account: Give, browser: Open, settings: Any) -> None:
    settings.SECOND_FACTOR = "hq"
    held, one, enrol = account("finance"), browser(), reverse("second_factor_enrol")
    one.sign_in("finance")
    secret = secret_on(one.get(enrol))
    SignIn.objects.filter(pk=held.pk).update(epoch=held.epoch + 1)
    answers = [one.post(enrol, {"code": code_of(secret)}), one.get(enrol)]
    assert [answer.headers["Location"] for answer in answers] == [reverse("account_login")] * 2
    assert (one.is_in(), Authenticator.objects.count()) == (False, 0)


def test_a_session_of_before_the_setting_opens_nothing_without_a_second_factor(account: Give, browser: Open, settings: Any) -> None:
    account("finance")
    one = browser()
    one.sign_in("finance")
    assert one.is_in()
    settings.SECOND_FACTOR = "hq"
    assert not one.is_in()


def test_it_can_be_turned_off_and_its_codes_made_anew_by_who_shows_a_code(account: Give, browser: Open) -> None:
    account("agent_owner")
    one, other = browser(), browser()
    for each in (other, one):
        each.sign_in("agent_owner")
    secret, codes = enrolled(one)
    assert not other.is_in()
    assert one.post(reverse("factor_codes"), {"code": "1"}).status_code == 422
    fresh = one.post(reverse("factor_codes"), {"code": codes[0]}).context["codes"]
    assert set(fresh).isdisjoint(codes)
    assert one.post(reverse("factor_off"), {"code": codes[1]}).status_code == 422
    assert one.post(reverse("factor_off"), {"code": code_of(secret, later=1)}).status_code == 302
    assert browser().sign_in("agent_owner").headers["Location"] == "/"
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("address", ["second_factor", "second_factor_enrol"])
def test_the_steps_after_the_password_are_nothing_without_it(db: None, browser: Open, address: str) -> None:
    assert browser().get(reverse(address)).headers["Location"] == reverse("account_login")


def test_english_pages_are_english(account: Give, browser: Open, world: World) -> None:
    account("agent_owner")
    one = browser()
    one.cookies["lingqu_language"] = "en"
    one.sign_in("agent_owner")
    for address in ("security", "factor_on", "firm_people"):
        page = one.get(reverse(address, args=["agent"] if address == "firm_people" else []))
        assert page.status_code == 200
