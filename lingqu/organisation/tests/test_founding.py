"""A company is founded at the machine, once; its director sets a password by a link. Whoever is locked out is let in again there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection, transaction

from lingqu.audit.models import Fact
from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.database import rows, run
from lingqu.base.refusal import Refusal
from lingqu.organisation.actions import Founding, found_company, links, readmit, set_up_posts, take_reset_link
from lingqu.organisation.models import Firm, SignIn
from lingqu.organisation.queries import acting, reset_link_shown
from lingqu.organisation.states import PostCode
from lingqu.organisation.tests.conftest import PASSWORD, Browser
from tests.world import World

NEW = "four-green-hills-9"
COMPANY = Founding("青禾标准设计所", "QINGHE", "沈立", "shenli", "138 0000 0000")


def refused(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refusal) as told:
        call()
    return told.value.code, told.value.field


def test_a_company_is_founded_once_and_its_director_comes_in(race_database: str) -> None:
    set_up_posts()
    account, secret = found_company(COMPANY, at=now())
    firm = Firm.objects.get()
    assert (firm.name, firm.code, firm.kind, account.has_usable_password()) == ("青禾标准设计所", "QINGHE", "hq", False)
    take_reset_link(secret, NEW, at=now())
    account = SignIn.objects.select_related("person__firm").get()
    assert (account.check_password(NEW), acting(account.person, on=china_day(now())).posts) == (True, {(PostCode.DIRECTOR, firm.pk)})
    assert refused(lambda: found_company(COMPANY, at=now())) == ("founded", "")
    assert set(Fact.objects.values_list("verb", flat=True)) >= {"open", "enter", "give_post", "give_sign_in", "reset_password"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"firm": " "}, "firm"), ({"code": "总部"}, "code"), ({"code": "A"}, "code"), ({"director": ""}, "name"), ({"login": "沈"}, "login")],
)
def test_names_that_are_none_found_nothing(race_database: str, changed: dict[str, str], field: str) -> None:
    import msgspec

    assert refused(lambda: found_company(msgspec.structs.replace(COMPANY, **changed), at=now())) == ("bad_input", field)
    assert Firm.objects.count() == 0


def test_where_there_is_a_company_none_is_founded(world: World) -> None:
    assert refused(lambda: found_company(COMPANY, at=world.at)) == ("founded", "")


def test_who_is_locked_out_is_let_in_again_and_all_sessions_end(
    account: Callable[[str], SignIn], browser: Callable[..., Browser], world: World
) -> None:
    account("director")
    inside = browser()
    assert inside.sign_in("director").status_code == 302
    assert inside.is_in()
    SignIn.objects.filter(login="director").update(is_active=False, second_factor_at=now())
    _, secret = readmit("director", at=now())
    found = SignIn.objects.get(login="director")
    assert (found.is_active, found.second_factor_at, inside.is_in(), found.has_usable_password()) == (True, None, False, False)
    assert browser().sign_in("director", PASSWORD).status_code == 200
    take_reset_link(secret, NEW, at=now())
    assert browser().sign_in("director", PASSWORD).status_code == 200
    assert browser().sign_in("director", NEW).status_code == 302
    told = Fact.objects.get(verb="readmit")
    assert (told.person, told.before) == (None, {"active": False, "second_factor": True})


def test_nobody_is_let_in_who_is_not_known(world: World) -> None:
    assert refused(lambda: readmit("nobody", at=world.at)) == ("not_found", "")
    assert refused(lambda: readmit("a\x00b", at=world.at)) == ("bad_input", "login")


@pytest.mark.parametrize("defect", [False, True], ids=["as it is", "negative control"])
def test_a_link_used_while_another_is_made_waits_and_finds_itself_taken_back(
    race_database: str, monkeypatch: pytest.MonkeyPatch, *, defect: bool
) -> None:
    """Both lock the sign-in first. Were the link locked before it, the two would wait for each other for ever."""
    set_up_posts()
    account, secret = found_company(COMPANY, at=now())
    if defect:
        monkeypatch.setattr(links, "reset_link_shown", partial(reset_link_shown, lock=True))
        monkeypatch.setattr(links, "working", lambda found, at: found)
    ended: list[str] = []

    def use() -> None:
        try:
            take_reset_link(secret, NEW, at=now())
        except (Refusal, OperationalError) as error:
            ended.append(error.code if isinstance(error, Refusal) else "dead lock")
        finally:
            connection.close()

    other = Thread(target=use)
    try:
        with transaction.atomic():
            SignIn.objects.select_for_update().get(pk=account.pk)
            other.start()
            wait_until_somebody_waits()
            links.new_reset_link(account.person_id, by=None, at=now())
    except OperationalError:
        ended.append("dead lock")
    other.join()
    assert ended == (["dead lock"] if defect else ["link_over"])


def wait_until_somebody_waits() -> None:
    """Until another connection to this database waits for a lock."""
    asked = "SELECT count(*) AS many FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = monotonic() + 20
    while not rows(asked, ())[0].many:
        run("SELECT pg_stat_clear_snapshot()", ())
        assert monotonic() < until
        sleep(0.02)
