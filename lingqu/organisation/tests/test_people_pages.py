"""Who looks after sign-ins invites, disables and resets; links work once, from the configured address; what is taken away ends at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as given_settings
from django.urls import reverse

from lingqu.audit.models import Fact
from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.organisation.actions import delegate, invite, make_reset_link, take_invitation
from lingqu.organisation.models import Invitation, Person, ResetLink, SignIn
from lingqu.organisation.queries import acting
from lingqu.organisation.states import PostCode
from lingqu.organisation.tests.conftest import PASSWORD, Browser
from tests.world import World

Give = Callable[[str], SignIn]
Open = Callable[..., Browser]
NEW = "four-green-hills-9"
EVERYBODY = (
    "director",
    "manager",
    "deputy",
    "finance",
    "representative",
    "agent_owner",
    "agent_clerk",
    "other_agent_owner",
    "retailer_owner",
)
FORM = {"name": "何新", "login": "hexin", "telephone": "138 0000 0000", "post": "clerk"}


def path_of(link: str) -> str:
    return urlsplit(link).path


def invited(browser: Browser, code: str = "agent", **changes: str) -> str:
    """Invite somebody on the page and return the link."""
    return str(browser.post(reverse("firm_people", args=[code]), FORM | changes).context["link"])


def at_page(account: Give, browser: Open, name: str) -> Browser:
    account(name)
    one = browser()
    assert one.sign_in(name).status_code == 302
    return one


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        call()
    return told.value.code


def test_an_owner_invites_a_clerk_who_sets_a_password_and_is_in(account: Give, browser: Open, world: World) -> None:
    link = invited(at_page(account, browser, "agent_owner"))
    clerk = browser("192.0.2.7")
    shown = clerk.get(path_of(link)).content.decode()
    assert all(words in shown for words in ("何新", "hexin", "下单员", world.firms["agent"].name))
    assert clerk.post(path_of(link), {"password": "short", "again": "short"}).status_code == 422
    assert clerk.post(path_of(link), {"password": NEW, "again": NEW}).headers["Location"] == "/"
    assert clerk.get("/").status_code == 200
    person = SignIn.objects.get(login="hexin").person
    assert (person.name, person.telephone, person.firm) == ("何新", "138 0000 0000", world.firms["agent"])
    assert acting(person, on=china_day(now())).posts == {(PostCode.CLERK, person.firm_id)}
    verbs = {"invite", "take_invitation", "enter", "give_post", "give_sign_in"}
    assert verbs <= set(Fact.objects.values_list("verb", flat=True))
    assert clerk.get(reverse("people")).status_code == 403


def test_used_withdrawn_and_old_links_say_so(account: Give, browser: Open) -> None:
    owner = at_page(account, browser, "agent_owner")
    used, withdrawn, old = (invited(owner, login=login) for login in ("one.a", "two.b", "three.c"))
    browser().post(path_of(used), {"password": NEW, "again": NEW})
    assert owner.post(reverse("invitation_withdraw", args=[Invitation.objects.get(login="two.b").pk])).status_code == 302
    Invitation.objects.filter(login="three.c").update(until=now())
    for link, words in ((used, "已经用过"), (withdrawn, "已撤回"), (old, "已过期")):
        for answer in (browser().get(path_of(link)), browser().post(path_of(link), {"password": NEW, "again": NEW})):
            assert (answer.status_code, words in answer.content.decode()) == (410, True)
    assert browser().get(reverse("invitation", args=["none"])).status_code == 404
    listed = owner.get(reverse("firm_people", args=["agent"])).content.decode()
    assert all(words in listed for words in ("已撤回", "已过期"))


def test_only_hashes_of_links_are_kept(account: Give, browser: Open) -> None:
    owner = at_page(account, browser, "agent_owner")
    account("agent_clerk")
    link = invited(owner)
    reset = owner.post(reverse("person_reset", args=[account("agent_clerk").person_id])).context["link"]
    kept = " ".join(str(row) for model in (Invitation, ResetLink, Fact) for row in model.objects.values())
    assert not [secret for secret in (link, reset) if secret.rsplit("/", 1)[1] in kept]
    assert Invitation.objects.get().until - Invitation.objects.get().made_at == timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "请填写姓名"),
        ({"login": "Hé Xin"}, "登录名须为"),
        ({"login": "agent_owner"}, "已被使用"),
        ({"telephone": "call me"}, "电话只能含"),
        ({"post": "director"}, "邀请和岗位由本单位负责人办理"),
        ({"post": "king"}, "请选择岗位"),
    ],
)
def test_a_wrong_invitation_comes_back_as_it_was_typed(account: Give, browser: Open, changes: dict[str, str], words: str) -> None:
    owner = at_page(account, browser, "agent_owner")
    answer = owner.post(reverse("firm_people", args=["agent"]), FORM | {"name": "何新"} | changes)
    assert answer.status_code in (403, 422)
    assert words in answer.content.decode()
    assert Invitation.objects.count() == 0


def test_a_sign_in_name_is_promised_once(account: Give, browser: Open) -> None:
    owner = at_page(account, browser, "agent_owner")
    invited(owner)
    assert "已被使用" in owner.post(reverse("firm_people", args=["agent"]), FORM).content.decode()
    Invitation.objects.update(until=now() - timedelta(days=1))
    assert "link" in owner.post(reverse("firm_people", args=["agent"]), FORM).context


def test_a_firm_has_fifty_open_invitations_at_most(world: World) -> None:
    ask = lambda number: invite(  # noqa: E731
        world.firms["agent"].pk, PostCode.CLERK, name="何", login=f"clerk{number}", telephone="", by=world.who("agent_owner"), at=world.at
    )
    for number in range(50):
        ask(number)
    assert refused(lambda: ask(50)) == "too_many_invitations"


@pytest.mark.parametrize("by", EVERYBODY)
@pytest.mark.parametrize(
    ("firm", "post", "allowed"),
    [
        ("hq", PostCode.FINANCE, {"director"}),
        ("hq", PostCode.WAREHOUSE, {"director", "manager"}),
        ("hq", PostCode.CLERK, set()),
        ("agent", PostCode.CLERK, {"director", "manager", "agent_owner"}),
        ("agent", PostCode.OWNER, {"director", "manager", "agent_owner"}),
        ("retailer", PostCode.CLERK, {"director", "manager", "retailer_owner"}),
        ("agent", PostCode.MANAGER, set()),
    ],
)
def test_who_may_invite_whom(world: World, by: str, firm: str, post: PostCode, allowed: set[str]) -> None:
    place = world.hq if firm == "hq" else world.firms[firm]
    call = lambda: invite(place.pk, post, name="何", login="hexin", telephone="", by=world.who(by), at=world.at)  # noqa: E731
    if by in allowed:
        assert call()[0].pk
    else:
        assert refused(call) in ("forbidden", "not_found")


@pytest.mark.parametrize("by", EVERYBODY)
@pytest.mark.parametrize(
    ("whom", "allowed"),
    [
        ("agent_clerk", {"director", "manager", "agent_owner"}),
        ("agent_owner", {"director", "manager"}),
        ("retailer_owner", {"director", "manager"}),
        ("warehouse", {"director", "manager"}),
        ("finance", {"director"}),
        ("manager", {"director"}),
        ("director", set()),
    ],
)
def test_who_looks_after_whom(world: World, account: Give, by: str, whom: str, allowed: set[str]) -> None:
    person = account(whom).person_id
    call = lambda: make_reset_link(person, by=world.who(by), at=world.at)  # noqa: E731
    if by in allowed - {whom}:
        assert call()[0].pk
    else:
        assert refused(call) in ("forbidden", "not_found")


def test_nobody_gets_at_the_director_through_who_stands_in(world: World, account: Give) -> None:
    """A lent post looks after nobody, and whoever acts as the director is looked after as the director is."""
    today = china_day(world.at)
    lend = lambda stand_in: delegate(  # noqa: E731
        world.people["director"], stand_in=world.people[stand_in], post=PostCode.DIRECTOR, first=today, last=today, reason="出差",
        at=world.at, by=world.people["director"],
    )  # fmt: skip
    given = lend("warehouse")
    assert refused(lambda: make_reset_link(account("finance").person_id, by=world.who("warehouse"), at=world.at)) == "forbidden"
    assert refused(lambda: make_reset_link(account("warehouse").person_id, by=world.who("manager"), at=world.at)) == "forbidden"
    given.delete()
    assert make_reset_link(account("warehouse").person_id, by=world.who("manager"), at=world.at)


def test_a_reset_link_sets_the_password_once_and_ends_all_sessions(account: Give, browser: Open) -> None:
    owner, clerk = at_page(account, browser, "agent_owner"), at_page(account, browser, "agent_clerk")
    ask = reverse("person_reset", args=[account("agent_clerk").person_id])
    first, second = (path_of(owner.post(ask).context["link"]) for _ in range(2))
    assert browser().get(first).status_code == 410
    assert clerk.is_in()
    fresh = browser("192.0.2.7")
    assert fresh.post(second, {"password": NEW, "again": NEW}).status_code == 302
    assert (fresh.is_in(), clerk.is_in()) == (True, False)
    assert browser().post(second, {"password": NEW, "again": NEW}).status_code == 410
    assert (browser().sign_in("agent_clerk").status_code, browser().sign_in("agent_clerk", NEW).status_code) == (200, 302)


def test_a_reset_link_lasts_a_day_and_ends_with_a_new_password(world: World, account: Give, browser: Open) -> None:
    clerk = at_page(account, browser, "agent_clerk")
    made, secret = make_reset_link(account("agent_clerk").person_id, by=world.who("agent_owner"), at=now())
    assert made.until - made.made_at == timedelta(hours=24)
    clerk.post(reverse("password_change"), {"old": PASSWORD, "password": NEW, "again": NEW})
    assert browser().get(reverse("reset_link", args=[secret])).status_code == 410


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"},
        {"X-Forwarded-Proto": "javascript", "X-Original-URL": "//evil.example/"},
        {"Host": "localhost:1", "X-Forwarded-Host": "evil.example"},
    ],
)  # fmt: skip
def test_links_begin_with_the_configured_address_whatever_a_request_says(
    account: Give, browser: Open, settings: Any, headers: dict[str, str]
) -> None:
    settings.PUBLIC_ADDRESS = "https://channel.example.cn"
    owner = at_page(account, browser, "agent_owner")
    clerk = account("agent_clerk").person_id
    for answer in (
        owner.post(reverse("firm_people", args=["agent"]), FORM, headers=headers),
        owner.post(reverse("person_reset", args=[clerk]), headers=headers),
    ):
        assert "evil" not in answer.content.decode()
        if answer.status_code != 400:
            assert answer.context["link"].startswith("https://channel.example.cn/accounts/")


def test_without_an_origin_links_lead_to_this_machine() -> None:
    assert given_settings.PUBLIC_ADDRESS == "http://127.0.0.1:8000"


def test_a_disabled_person_is_enabled_again_with_the_same_password(account: Give, browser: Open) -> None:
    owner, clerk = at_page(account, browser, "agent_owner"), at_page(account, browser, "agent_clerk")
    person = account("agent_clerk").person_id
    owner.post(reverse("person_disable", args=[person]))
    assert (clerk.is_in(), browser().sign_in("agent_clerk").status_code) == (False, 200)
    owner.post(reverse("person_enable", args=[person]))
    assert (clerk.is_in(), browser().sign_in("agent_clerk").status_code) == (False, 302)
    owner.post(reverse("person_sessions_end", args=[person]))
    assert {"disable_sign_in", "enable_sign_in", "end_sessions"} <= set(Fact.objects.values_list("verb", flat=True))


def test_the_people_page_asks_the_database_the_same_for_one_and_for_thirty(world: World, account: Give, browser: Open) -> None:
    from tests.pages import counted

    owner = at_page(account, browser, "agent_owner")
    owner.get(reverse("firm_people", args=["agent"]))
    asked = []
    for _ in range(2):
        with counted() as statements:
            assert owner.get(reverse("firm_people", args=["agent"])).status_code == 200
        asked.append(len(statements))
        for number in range(30 if len(asked) == 1 else 0):
            made = invite(
                world.firms["agent"].pk, PostCode.CLERK, name="何", login=f"clerk{number}", telephone="",
                by=world.who("agent_owner"), at=now(),
            )  # fmt: skip
            if number % 2:
                take_invitation(made[1], NEW, at=now())
    assert asked[0] == asked[1]
    assert Person.objects.filter(firm=world.firms["agent"]).count() > 15
