"""Links that are used once: who is invited, and who sets a new password. Only the hash of what a link holds is kept."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic, run
from lingqu.base.names import pinyin_key
from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.text import Text
from lingqu.organisation.actions.firms import enter_person, give_post
from lingqu.organisation.actions.looking_after import account_of, must_give
from lingqu.organisation.actions.sessions import end_all
from lingqu.organisation.actions.sign_ins import give_sign_in, is_common, set_new_password
from lingqu.organisation.models import Invitation, ResetLink, SignIn
from lingqu.organisation.queries import Acting, digest_of, firms_looked_after, invitation_shown, reset_link_shown
from lingqu.organisation.rules import (
    INVITED_FOR,
    MAILED_EVERY,
    MAILED_WITHIN,
    MOST_INVITED,
    RESET_WITHIN,
    check_invited,
    check_new_password,
)
from lingqu.organisation.states import PostCode

SECRET_BYTES = 32
Link = TypeVar("Link", Invitation, ResetLink)


@transaction.atomic
def invite(firm: int, post: PostCode, *, name: str, login: str, telephone: str, by: Acting, at: datetime) -> tuple[Invitation, str]:
    """Ask somebody to work at a firm in a post, and return the invitation with what its link holds, which is shown once and kept nowhere.

    It is used once, within seven days. Refuses (404) firms that are not to be seen, (403) posts that are not the asker's to give, a name,
    sign-in name or telephone that is none, a sign-in name that is taken, and the 51st open invitation of a firm.
    """
    found = firms_looked_after(by).filter(pk=firm, valid__contains=china_day(at)).first()
    if found is None:
        raise not_found()
    must_give(post, found, by=by)
    name, login, telephone = name.strip(), login.strip(), telephone.strip()
    check_invited(name, telephone, login)
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 8))", ("invitations",))
    still_open = Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True, until__gt=at)
    if SignIn.objects.filter(login__iexact=login).exists() or still_open.filter(login=login).exists():
        raise bad_input("login", Text("该登录名已被使用，请换一个。", "This sign-in name is taken; choose another."))
    if still_open.filter(firm=found).count() >= MOST_INVITED:
        text = Text(f"最多同时有 {MOST_INVITED} 份未接受的邀请。", f"At most {MOST_INVITED} invitations are open at a time.")
        raise Refusal("too_many_invitations", text)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = Invitation.objects.create(
        firm=found, name=name, telephone=telephone, login=login, post_id=post.value, digest=digest_of(secret), made_by_id=by.person,
        made_at=at, until=at + INVITED_FOR,
    )  # fmt: skip
    record([Deed("invite", "firm", found.pk, {"invitation": made.pk, "post": post.value})], by=by.person, at=at)
    return made, secret


@transaction.atomic
def withdraw_invitation(invitation: int, *, by: Acting, at: datetime) -> Invitation:
    """Take an invitation back and return it: its link says so from this moment on. Refuses one that was used or taken back."""
    held = Invitation.objects.select_for_update(of=("self",)).select_related("firm")
    found = held.filter(pk=invitation, firm__in=firms_looked_after(by)).first()
    if found is None:
        raise not_found()
    must_give(PostCode(found.post_id), found.firm, by=by)
    if found.used_at or found.withdrawn_at:
        raise Refusal("invitation_over", Text("该邀请已接受或已撤回。", "This invitation was used or taken back."))
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    record([Deed("withdraw_invitation", "firm", found.firm_id, {"invitation": found.pk})], by=by.person, at=at)
    return found


@transaction.atomic
def take_invitation(secret: str, password: str, *, at: datetime) -> SignIn:
    """Let the invited person in: enter them, give the post and a sign-in with the password, and return it.

    Refuses (404) a link that there is not, (410) one that was used, taken back, or is over, and (422) a weak password.
    """
    found = working(invitation_shown(secret, lock=True), at=at)
    firm = found.firm
    names = (found.login, found.name, pinyin_key(found.name), firm.name, firm.code)
    check_new_password(password, names, common=is_common(password))
    if SignIn.objects.filter(login__iexact=found.login).exists():
        raise link_over(Text("登录名已被他人使用。", "The sign-in name was taken meanwhile."))
    person = enter_person(found.name, firm=firm, telephone=found.telephone, at=at, by=found.made_by)
    give_post(person, PostCode(found.post_id), firm=firm, since=china_day(at), at=at, by=found.made_by)
    account = give_sign_in(person, found.login, password, at=at, by=found.made_by)
    found.used_at, found.person = at, person
    found.save(update_fields=["used_at", "person"])
    record([Deed("take_invitation", "person", person.pk, {"invitation": found.pk})], by=person.pk, at=at)
    return account


@transaction.atomic
def make_reset_link(person: int, *, by: Acting, at: datetime) -> tuple[ResetLink, str]:
    """Make the link by which a person whom one looks after sets a new password, and return it with what it holds, shown once.

    It is used once, within 24 hours; one made before it opens nothing any more. Refuses as looking after somebody does, and a sign-in
    that is disabled.
    """
    account = account_of(person, by=by, at=at)
    if not account.is_active:
        raise Refusal("sign_in_disabled", Text("该账号已停用，请先启用。", "This sign-in is disabled; enable it first."))
    return new_reset_link(person, by=by.person, at=at)


def new_reset_link(person: int, *, by: int | None, at: datetime) -> tuple[ResetLink, str]:
    """Make a link for a person and end those made before it; nobody as `by`: whoever may use the machine. A part of an action."""
    must_be_atomic()
    ResetLink.objects.filter(person_id=person, used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = ResetLink.objects.create(
        person_id=person, digest=digest_of(secret), made_by_id=by or person, made_at=at, until=at + RESET_WITHIN
    )  # fmt: skip
    record([Deed("make_reset_link", "person", person, {"link": made.pk})], by=by, at=at)
    return made, secret


@transaction.atomic
def make_mailed_link(person: int, *, at: datetime) -> str | None:
    """Make the link that is mailed to a person who asked for one, and return what it holds; None within five minutes of the last.

    It is used once, within an hour, and ends the one mailed before. Links that others made for the person stay: who asks may be a stranger.
    """
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 9))", (f"mailed link {person}",))
    own = ResetLink.objects.filter(person_id=person, made_by_id=person, used_at__isnull=True, withdrawn_at__isnull=True)
    if own.filter(made_at__gt=at - MAILED_EVERY).exists():
        return None
    own.update(withdrawn_at=at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = ResetLink.objects.create(
        person_id=person, digest=digest_of(secret), made_by_id=person, made_at=at, until=at + MAILED_WITHIN
    )  # fmt: skip
    record([Deed("mail_reset_link", "person", person, {"link": made.pk})], by=None, at=at)
    return secret


@transaction.atomic
def take_reset_link(secret: str, password: str, *, at: datetime) -> SignIn:
    """Set the password of whom a link is for, and return the sign-in: the link is used, and all sessions of the person end.

    Refuses (404) a link that there is not, (410) one that was used, taken back, is over, or whose person signs in no more, (422) a weak
    password. The sign-in is locked before the link, as everything locks them that ends links.
    """
    shown = working(reset_link_shown(secret), at=at)
    account = SignIn.objects.select_for_update(of=("self",)).select_related("person__firm").filter(person_id=shown.person_id).first()
    found = working(reset_link_shown(secret, lock=True), at=at)
    if account is None or not account.is_active:
        raise link_over(Text("该账号已停用。", "This sign-in is disabled."))
    set_new_password(account, password, at=at)
    ResetLink.objects.filter(pk=found.pk).update(used_at=at, withdrawn_at=None)
    account.epoch = end_all(found.person_id)
    record([Deed("reset_password", "person", found.person_id, {"link": found.pk})], by=found.person_id, at=at)
    return account


def working(found: Link | None, *, at: datetime) -> Link:
    """Return what a link is for; refuses (404) a link that there is not and (410) one that opens nothing any more, saying why."""
    if found is None:
        text = Text("没有这个链接，请核对是否复制完整。", "There is no such link; look whether it was copied whole.")
        raise Refusal("no_link", text, status=404)
    if found.used_at:
        raise link_over(Text("该链接已经用过。", "This link has been used."))
    if found.withdrawn_at:
        raise link_over(Text("该链接已撤回。", "This link was taken back."))
    if found.until <= at:
        raise link_over(Text("该链接已过期。", "This link is over."))
    if china_day(at) not in found.place.valid:
        raise link_over(Text("该单位已不在渠道内。", "The firm has left the channel."))
    return found


def link_over(why: Text) -> Refusal:
    """Return the refusal of a link that opens nothing any more, with whom to ask."""
    return Refusal("link_over", Text(f"{why.zh}请向发给您的人再要一个。", f"{why.en} Ask whoever sent it for another."), status=410)
