"""The second factor: a code from the person's telephone after the password, and codes on paper for the day when it is lost.

The library keeps what they are made of (encrypted, see `sign_in.py`); we count what was used in the database, because there are several
web processes.
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare

from lingqu.audit.actions import Deed, record
from lingqu.base.database import must_be_atomic
from lingqu.base.money import plain_digits
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.organisation.actions.looking_after import account_of
from lingqu.organisation.actions.sessions import end_all
from lingqu.organisation.models import Person, SignIn
from lingqu.organisation.queries import Acting, needs_second_factor

STEP = 30
"""Seconds for which a code stands."""

TOLERATED = (0, -1, 1)
"""Codes before and after the present one, because telephones' clocks are a little off."""

CODE_LENGTH = 6
TELEPHONE, PAPER = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
WRONG_CODE = Text("验证码不对或已用过，请等下一个。", "The code is wrong or was used; wait for the next one.")


@transaction.atomic
def enrol(account: SignIn, secret: str, code: str, *, at: datetime, keep: str = "") -> tuple[SignIn, list[str]]:
    """Ask for a code from now on; return the sign-in and the codes for paper, which are shown once.

    All other sessions end. Refuses (422) a code that the secret does not give now, and a sign-in that has a second factor.
    """
    held = SignIn.objects.select_for_update(of=("self",)).select_related("person__firm").get(pk=account.pk)
    if held.second_factor_at:
        raise Refusal("enrolled_already", Text("已启用两步验证。", "The second factor is on already."))
    used = _counter_of(secret, code, at)
    if used is None:
        raise bad_input("code", WRONG_CODE)
    Authenticator.objects.filter(user_id=held.pk).delete()
    kept = TOTP.activate(held, secret).instance
    kept.data["used"] = used
    kept.save(update_fields=["data"])
    codes = RecoveryCodes.activate(held).generate_codes()
    held.second_factor_at = at
    held.save(update_fields=["second_factor_at"])
    held.epoch = end_all(held.person_id, keep=keep)
    record([Deed("turn_on_second_factor", "person", held.person_id, {})], by=held.person_id, at=at)
    return held, codes


@transaction.atomic
def check_code(account: int, code: str, *, at: datetime) -> bool:
    """Return whether a code is right for a sign-in, from the telephone or from paper; a right one is used up.

    Whoever calls it counts the try.
    """
    typed = "".join(plain_digits(code).split()).replace("-", "")
    if not typed.isascii() or not typed.isdigit():
        return False
    kept = {one.type: one for one in Authenticator.objects.select_for_update().filter(user_id=account).order_by("pk")}
    if len(typed) == CODE_LENGTH and TELEPHONE in kept:
        return _use_telephone(kept[TELEPHONE], typed, at)
    if PAPER not in kept or not RecoveryCodes(kept[PAPER]).validate_code(typed):
        return False
    person = SignIn.objects.get(pk=account).person_id
    record([Deed("use_recovery_code", "person", person, {})], by=person, at=at)
    return True


@transaction.atomic
def make_recovery_codes(code: str, *, by: Acting, at: datetime) -> list[str]:
    """Return ten fresh codes for paper, which are shown once; those before open nothing any more. Refuses (422) a wrong code."""
    account = SignIn.objects.select_for_update(of=("self",)).get(person_id=by.person)
    if not account.second_factor_at or not check_code(account.pk, code, at=at):
        raise bad_input("code", WRONG_CODE)
    Authenticator.objects.filter(user_id=account.pk, type=PAPER).delete()
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    record([Deed("make_recovery_codes", "person", by.person, {})], by=by.person, at=at)
    return codes


@transaction.atomic
def turn_off_second_factor(code: str, *, keep: str, by: Acting, at: datetime) -> SignIn:
    """Ask for no code any more, and return the sign-in; all other sessions end. Refuses (422) a wrong code, and whom the setting asks."""
    account = SignIn.objects.select_for_update(of=("self",)).select_related("person__firm").get(person_id=by.person)
    if needs_second_factor(account):
        raise Refusal(
            "second_factor_needed", Text("本系统要求您的岗位使用两步验证，不能关闭。", "Your post must have a second factor here.")
        )
    if not account.second_factor_at or not check_code(account.pk, code, at=at):
        raise bad_input("code", WRONG_CODE)
    take_off(account)
    account.epoch = end_all(by.person, keep=keep)
    record([Deed("turn_off_second_factor", "person", by.person, {})], by=by.person, at=at)
    return account


@transaction.atomic
def take_off_second_factor(person: int, *, by: Acting, at: datetime) -> Person:
    """Take the second factor off somebody whom one looks after and who lost the telephone; all their sessions end. Return them."""
    account = account_of(person, by=by, at=at)
    if not account.second_factor_at:
        raise Refusal("not_enrolled", Text("该账号没有启用两步验证。", "This sign-in has no second factor."))
    take_off(account)
    end_all(person)
    record([Deed("take_off_second_factor", "person", person, {})], by=by.person, at=at)
    return account.person


def take_off(account: SignIn) -> None:
    """Take the second factor off a sign-in. A part of an action."""
    must_be_atomic()
    Authenticator.objects.filter(user_id=account.pk).delete()
    account.second_factor_at = None
    account.save(update_fields=["second_factor_at"])


def _use_telephone(kept: Authenticator, code: str, at: datetime) -> bool:
    used = _counter_of(decrypt(kept.data["secret"]), code, at)
    if used is None or used <= kept.data.get("used", 0):
        return False
    kept.data["used"], kept.last_used_at = used, at
    kept.save(update_fields=["data", "last_used_at"])
    return True


def _counter_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the count of half minutes of which a code is, None for one that is of none about now."""
    present = int(at.timestamp()) // STEP
    typed = "".join(plain_digits(code).split())
    found = [present + off for off in TOLERATED if constant_time_compare(format_hotp_value(hotp_value(secret, present + off)), typed)]
    return found[0] if found else None
