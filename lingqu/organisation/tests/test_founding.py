"""A company is founded at the machine, once; its director sets a password by a link. Whoever is locked out is let in again there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lingqu.audit.models import Fact
from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.organisation.actions import Founding, found_company, readmit, set_up_posts, take_reset_link
from lingqu.organisation.models import Firm, SignIn
from lingqu.organisation.queries import acting
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
    assert (found.is_active, found.second_factor_at, inside.is_in()) == (True, None, False)
    take_reset_link(secret, NEW, at=now())
    assert browser().sign_in("director", PASSWORD).status_code == 200
    assert browser().sign_in("director", NEW).status_code == 302
    told = Fact.objects.get(verb="readmit")
    assert (told.person, told.before) == (None, {"active": False, "second_factor": True})


def test_nobody_is_let_in_who_is_not_known(world: World) -> None:
    assert refused(lambda: readmit("nobody", at=world.at)) == ("not_found", "")
    assert refused(lambda: readmit("a\x00b", at=world.at)) == ("bad_input", "login")
