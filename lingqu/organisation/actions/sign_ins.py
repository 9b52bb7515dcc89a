"""Sign-ins: given, disabled and enabled, passwords changed, sessions of others ended."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from lingqu.audit.actions import Deed, record
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.organisation.actions.looking_after import account_of
from lingqu.organisation.actions.sessions import end_all
from lingqu.organisation.models import Invitation, Person, ResetLink, SignIn
from lingqu.organisation.queries import Acting
from lingqu.organisation.rules import check_new_password


@transaction.atomic
def give_sign_in(person: Person, login: str, password: str, *, at: datetime, by: Person | None) -> SignIn:
    """Give a person a login name and a password and return the sign-in."""
    account = SignIn(person=person, login=login)
    account.set_password(password)
    account.save(force_insert=True)
    record([Deed("give_sign_in", "person", person.pk, {"login": login})], by=by.pk if by else None, at=at)
    return account


@transaction.atomic
def change_password(old: str, new: str, *, keep: str, by: Acting, at: datetime) -> SignIn:
    """Give oneself a new password and return the sign-in; all other sessions than the one with the key `keep` end, links to reset too.

    Refuses (422) a wrong old password, and a new one that is weak or the old one. Whoever calls it counts the try.
    """
    account = SignIn.objects.select_for_update(of=("self",)).select_related("person__firm").get(person_id=by.person)
    if not check_password(old, account.password):
        raise bad_input("old", Text("原密码不对。", "The old password is wrong."))
    if old == new:
        raise bad_input("password", Text("新密码不能与原密码相同。", "The new password is the old one."))
    set_new_password(account, new, at=at)
    account.epoch = end_all(by.person, keep=keep)
    record([Deed("change_password", "person", by.person, {})], by=by.person, at=at)
    return account


def set_new_password(account: SignIn, password: str, *, at: datetime) -> None:
    """Set the password of a sign-in, and end what could set it too. A part of an action; refuses (422) a weak one."""
    person = account.person
    check_new_password(
        password, (account.login, person.name, person.pinyin, person.firm.name, person.firm.code), common=is_common(password)
    )
    account.set_password(password)
    account.save(update_fields=["password"])
    ResetLink.objects.filter(person=person, used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)


def is_common(password: str) -> bool:
    """Return whether a password is among the 20,000 most common ones."""
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


@transaction.atomic
def disable_sign_in(person: int, *, by: Acting, at: datetime) -> Person:
    """Let a person sign in no more, and return them: sessions, tokens and links open nothing from this moment on.

    Links that they made for others end too, invitations among them: whoever made a link could use it.

    Refuses (404) who is not to be seen, (403) who is not the asker's to look after, and one that is disabled already.
    """
    account = account_of(person, by=by, at=at)
    if not account.is_active:
        raise Refusal("disabled_already", Text("该账号已经停用。", "This sign-in is disabled already."))
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_all(person)
    of_theirs = Q(person_id=person) | Q(made_by_id=person)
    ResetLink.objects.filter(of_theirs, used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)
    Invitation.objects.filter(made_by_id=person, used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)
    record([Deed("disable_sign_in", "person", person, {"active": False}, {"active": True})], by=by.person, at=at)
    return account.person


@transaction.atomic
def enable_sign_in(person: int, *, by: Acting, at: datetime) -> Person:
    """Let a person sign in again, with the password they had, and return them. Refuses as disabling does."""
    account = account_of(person, by=by, at=at)
    if account.is_active:
        raise Refusal("enabled_already", Text("该账号没有停用。", "This sign-in is not disabled."))
    account.is_active = True
    account.save(update_fields=["is_active"])
    record([Deed("enable_sign_in", "person", person, {"active": True}, {"active": False})], by=by.person, at=at)
    return account.person


@transaction.atomic
def end_sessions_of(person: int, *, by: Acting, at: datetime) -> Person:
    """End all sessions of a person whom one looks after, and return them; they may sign in again."""
    account = account_of(person, by=by, at=at)
    end_all(person)
    record([Deed("end_sessions", "person", person, {})], by=by.person, at=at)
    return account.person
