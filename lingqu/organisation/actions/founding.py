"""The company itself and its first person, and the way back in for whoever is locked out: done at the machine, by whoever may use it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import run
from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.text import Text
from lingqu.organisation.actions.firms import enter_person, give_post, open_firm
from lingqu.organisation.actions.links import new_reset_link
from lingqu.organisation.actions.second_factor import take_off
from lingqu.organisation.actions.sessions import end_all
from lingqu.organisation.models import Firm, SignIn
from lingqu.organisation.rules import check_founded, check_invited
from lingqu.organisation.states import FirmKind, PostCode


class Founding(msgspec.Struct, frozen=True):
    """The company (its name and a code of its own) and its director, who invites everybody else."""

    firm: str
    code: str
    director: str
    login: str
    telephone: str = ""


@transaction.atomic
def found_company(new: Founding, *, at: datetime) -> tuple[SignIn, str]:
    """Open the company and enter its director; return the sign-in and what the link holds by which the director sets a password.

    The link is shown once and used once, within 24 hours. Refuses (`founded`) where there is a company, and names that are none.
    """
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 8))", ("founding",))
    if Firm.objects.filter(kind=FirmKind.HQ.value).exists():
        raise Refusal("founded", Text("本系统已有公司，新的人员请由主管邀请。", "There is a company here; its director invites people."))
    firm_name, code, name, login = new.firm.strip(), new.code.strip(), new.director.strip(), new.login.strip()
    check_founded(firm_name, code)
    check_invited(name, new.telephone.strip(), login)
    firm = open_firm(firm_name, code=code, kind=FirmKind.HQ, parent=None, since=china_day(at), levels=1, at=at, by=None)
    person = enter_person(name, firm=firm, telephone=new.telephone.strip(), at=at, by=None)
    give_post(person, PostCode.DIRECTOR, firm=firm, since=china_day(at), at=at, by=None)
    account = SignIn(person=person, login=login)
    account.set_unusable_password()
    account.save(force_insert=True)
    record([Deed("give_sign_in", "person", person.pk, {"login": login})], by=None, at=at)
    _, secret = new_reset_link(person.pk, by=None, at=at)
    return account, secret


@transaction.atomic
def readmit(login: str, *, at: datetime) -> tuple[SignIn, str]:
    """Let somebody in again who lost password, telephone and codes, or whom nobody can enable; return the sign-in and a link's content.

    The sign-in is enabled, without a second factor and without a password until one is set by the link: whoever knows the old one comes in
    no more, and all sessions end. Refuses (404) a sign-in name that there is not.
    """
    if "\x00" in login:
        raise bad_input("login", Text("没有这个登录名。", "There is no such sign-in name."))
    account = SignIn.objects.select_for_update(of=("self",)).select_related("person").filter(login=login.strip()).first()
    if account is None:
        raise not_found(Text(f"没有登录名“{login[:60]}”。", f"There is no sign-in name “{login[:60]}”."))
    before = {"active": account.is_active, "second_factor": account.second_factor_at is not None}
    if account.second_factor_at:
        take_off(account)
    account.is_active = True
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    end_all(account.person_id)
    record([Deed("readmit", "person", account.person_id, {"active": True, "second_factor": False}, before)], by=None, at=at)
    _, secret = new_reset_link(account.person_id, by=None, at=at)
    return account, secret
