"""Who forgot the password asks for a link by mail; nobody learns from it who there is, and nobody but the mail's reader can use it."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Callable
from datetime import timedelta
from email import policy

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lingqu.base.database import rows
from lingqu.notices.actions import MailNotTakenError, mail_reset, switch_channel
from lingqu.notices.models import Channel, Reach, Sending
from lingqu.notices.tests.fakes import MailServer
from lingqu.organisation.actions import give_sign_in, make_reset_link
from lingqu.organisation.models import FailedTry, Firm, ResetLink, SignIn
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

Office = tuple[MailServer, Channel]
PASSWORD, NEW = "three-blue-stones-7", "four-green-hills-9"
ADDRESS = "ji@example.com"


@pytest.fixture
def clerk(world: World, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """The agent's clerk, who signs in and keeps an address; the clock shows the story's time."""
    for module in ("notices.views", "organisation.views", "organisation.sign_in"):
        monkeypatch.setattr(f"lingqu.{module}.now", lambda: world.at)
    account = give_sign_in(world.people["agent_clerk"], "ji", PASSWORD, at=world.at, by=None)
    Reach.objects.create(person=account.person, email=ADDRESS)
    return account


def ask(login: str, browser: Client | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Ask for a link as people do; return the status and the page that is led to."""
    answer = (browser or Client()).post(reverse("forgotten"), {"login": login}, follow=True, headers=headers)
    return answer.status_code, spoken(answer.content.decode())


def queued() -> list[int]:
    """Return for whom the queue holds mails, oldest first."""
    found = rows("SELECT args::text AS args FROM procrastinate_jobs WHERE task_name = 'notices.mail_reset' ORDER BY id", ())
    held = [json.loads(row.args) for row in found]
    assert all(set(args) == {"person"} for args in held), "the queue knows a number and nothing else"
    return [int(args["person"]) for args in held]


def link_in(server: MailServer) -> str:
    mail = email.message_from_string(server.mails[-1][1], policy=policy.default)
    found = re.search(r"https?://\S+", mail.get_content())
    assert found
    return found[0]


def test_who_forgot_the_password_sets_a_new_one_by_the_mail(world: World, clerk: SignIn, post_office: Office) -> None:
    server, _ = post_office
    browser = Client()
    assert "忘记密码" in browser.get(reverse("account_login")).content.decode()
    status, told = ask("JI ", browser, headers={"host": "localhost", "x-forwarded-host": "evil.example"})
    assert (status, "链接会在几分钟内发到那个邮箱" in told) == (200, True)
    assert queued() == [clerk.person_id]
    assert mail_reset(clerk.person_id, at=world.at)
    assert [to for to, _ in server.mails] == [ADDRESS]
    link = link_in(server)
    assert link.startswith(settings.PUBLIC_ADDRESS + "/accounts/reset/")
    place = link.removeprefix(settings.PUBLIC_ADDRESS)
    assert browser.post(place, {"password": NEW, "again": NEW}).status_code == 302
    assert browser.get("/notices/").status_code == 200
    clerk.refresh_from_db()
    assert (clerk.check_password(NEW), clerk.check_password(PASSWORD)) == (True, False)
    assert Client().get(place).status_code == 410


def test_an_hour_later_it_is_over(world: World, clerk: SignIn, post_office: Office) -> None:
    server, _ = post_office
    assert mail_reset(clerk.person_id, at=world.at)
    place = link_in(server).removeprefix(settings.PUBLIC_ADDRESS)
    world.at += timedelta(minutes=59)
    assert Client().get(place).status_code == 200
    world.at += timedelta(minutes=1)
    assert Client().get(place).status_code == 410


def unknown(account: SignIn) -> str:
    return "nobody-of-this-name"


def disabled(account: SignIn) -> str:
    SignIn.objects.filter(pk=account.pk).update(is_active=False)
    return account.login


def without_an_address(account: SignIn) -> str:
    Reach.objects.all().update(email="")
    return account.login


def of_a_firm_that_left(account: SignIn) -> str:
    Firm.objects.filter(pk=account.person.firm_id).update(valid=("2020-01-01", "2020-01-02"))
    return account.login


@pytest.mark.parametrize("state", [unknown, disabled, without_an_address, of_a_firm_that_left])
def test_everybody_else_is_answered_alike_and_gets_nothing(
    world: World, clerk: SignIn, post_office: Office, state: Callable[[SignIn], str]
) -> None:
    server, _ = post_office
    browser = Client()
    ask(clerk.login, browser)
    with counted() as usual:
        right = ask(clerk.login, browser)
    login = state(clerk)
    with counted() as asked:
        told = ask(login, browser)
    assert (told, len(asked)) == (right, len(usual))
    assert mail_reset(queued()[-1], at=world.at) is False
    assert (server.mails, ResetLink.objects.count()) == ([], 0)


def test_what_the_link_holds_stands_nowhere(world: World, clerk: SignIn, post_office: Office) -> None:
    server, _ = post_office
    ask(clerk.login)
    assert mail_reset(clerk.person_id, at=world.at)
    secret = link_in(server).rpartition("/")[2]
    assert len(secret) > 40
    tables = rows("SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'", ())
    for table in tables:
        assert rows(f"SELECT 1 FROM {table.name} t WHERE position(%s in t::text) > 0 LIMIT 1", (secret,)) == [], table.name
    assert not Sending.objects.exists()


def test_a_second_mail_comes_after_five_minutes_and_ends_the_first_link(world: World, clerk: SignIn, post_office: Office) -> None:
    server, _ = post_office
    assert mail_reset(clerk.person_id, at=world.at)
    first = link_in(server).removeprefix(settings.PUBLIC_ADDRESS)
    world.at += timedelta(minutes=4, seconds=59)
    assert mail_reset(clerk.person_id, at=world.at) is False
    world.at += timedelta(seconds=1)
    assert mail_reset(clerk.person_id, at=world.at)
    assert len(server.mails) == 2
    assert Client().get(first).status_code == 410


def test_a_stranger_who_asks_does_not_end_the_link_that_the_owner_made(world: World, clerk: SignIn, post_office: Office) -> None:
    made, _ = make_reset_link(clerk.person_id, by=world.who("agent_owner"), at=world.at)
    assert mail_reset(clerk.person_id, at=world.at)
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_a_mail_that_does_not_leave_is_tried_again_with_another_link(world: World, clerk: SignIn, post_office: Office) -> None:
    server, _ = post_office
    server.unknown = {ADDRESS}
    with pytest.raises(MailNotTakenError):
        mail_reset(clerk.person_id, at=world.at)
    assert not ResetLink.objects.exists()
    server.unknown = set()
    assert mail_reset(clerk.person_id, at=world.at)


def test_the_eleventh_time_waits_and_the_password_still_opens(world: World, clerk: SignIn, post_office: Office) -> None:
    asked = [ask(login)[0] for login in ("ji",) * 10 + ("JI",)]
    assert asked == [200] * 10 + [429]
    assert ask("another")[0] == 200
    answer = Client().post(reverse("account_login"), {"login": "ji", "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_mail_server_the_page_says_whom_to_ask(world: World, clerk: SignIn, post_office: Office, language: str) -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(reverse("forgotten")).content.decode()
    assert 'name="login"' in page
    switch_channel(post_office[1].pk, active=False, by=world.who("manager"), at=world.at)
    alone = browser.get(reverse("forgotten")).content.decode()
    assert 'name="login"' not in alone
    assert ("请本单位负责人为您重设密码" if language == "zh" else "The owner of your firm resets your password") in spoken(alone)
    for one in (page, alone, browser.get(f"{reverse('forgotten')}?asked=1").content.decode()):
        assert of_the_other_language(one, language, world, "中文", "English", "EN") == []
    assert ask("ji")[0] == 200
    assert mail_reset(clerk.person_id, at=world.at) is False


def test_another_address_needs_the_password(world: World, at_desk: SitDown) -> None:
    browser, place = at_desk("agent_owner"), "/notices/settings"
    typed = {"email": "mine@example.com", "wants_email": "on", "language": "zh"}
    for password, words in (("", "请输入您的登录密码"), ("wrong-one-here", "密码不对，邮箱没有更换")):
        answer = browser.post(place, typed | {"password": password})
        assert (answer.status_code, words in spoken(answer.content.decode())) == (422, True)
        assert 'value="mine@example.com"' in answer.content.decode()
        assert "wrong-one-here" not in answer.content.decode()
    assert (Reach.objects.count(), FailedTry.objects.count()) == (0, 1)
    assert browser.post(place, typed | {"password": "a-long-password"}).status_code == 302
    assert (Reach.objects.get().email, FailedTry.objects.count()) == ("mine@example.com", 1)
    assert browser.post(place, typed | {"wants_email": "", "language": "en"}).status_code == 302, "the rest needs none"
    assert browser.post(place, {"email": "", "language": "en"}).status_code == 302
    assert Reach.objects.get().email == ""
