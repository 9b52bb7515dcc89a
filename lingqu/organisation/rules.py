"""Pure rules of the firm tree, of posts, passwords, and of who may be asked in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from difflib import SequenceMatcher
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.organisation.states import FIRM_KIND_WORDS, GUARDED_POSTS, PARENT_KIND, PARTNER_POSTS, FirmKind, PostCode, Scope

LONGEST_TOKEN_DAYS: Final = 366
MOST_TOKENS: Final = 10
MOST_TOKEN_NAME: Final = 60
FEWEST_LETTERS: Final = 10
MOST_LETTERS: Final = 128
ALIKE: Final = 0.7
"""Share of equal letters from which on a password is too close to a name."""

SHORTEST_NAME: Final = 3
INVITED_FOR: Final = timedelta(days=7)
RESET_WITHIN: Final = timedelta(hours=24)
MAILED_WITHIN: Final = timedelta(hours=1)
"""How long a link works that was mailed to who forgot the password."""
MAILED_EVERY: Final = timedelta(minutes=5)
"""Between two such mails to one person."""
MOST_INVITED: Final = 50
"""Open invitations of one firm."""

MOST_FIRM_NAME: Final = 120
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}")
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_TELEPHONE: Final = re.compile(r"[0-9+() -]{5,30}")
_NETWORK: Final = 64


def check_place_in_tree(kind: FirmKind, parent_kind: FirmKind | None, level: int, *, levels: int, clause: str) -> None:
    """Refuse a firm in the wrong place: HQ stands alone, an agent under HQ, a retailer under an agent, a customer under a retailer.

    `level` counts from 1 (HQ); `levels` is the regulation's greatest depth (M-13.2).
    """
    if level > levels:
        raise Refusal(
            "too_deep",
            Text(
                f"渠道最多 {levels} 级，此单位将是第 {level} 级。",
                f"The channel has at most {levels} levels; this firm would be level {level}.",
            ),
            clause=clause,
        )
    if parent_kind != PARENT_KIND.get(kind):
        wanted = PARENT_KIND.get(kind)
        raise Refusal(
            "wrong_parent",
            Text(
                f"{FIRM_KIND_WORDS[kind].zh}的上级须是{FIRM_KIND_WORDS[wanted].zh if wanted else '（无上级）'}。",
                f"The parent of a firm of kind {FIRM_KIND_WORDS[kind].en} must be {FIRM_KIND_WORDS[wanted].en if wanted else 'none'}.",
            ),
            clause=clause,
        )


def check_token(name: str, scopes: Collection[Scope], last_day: date, *, on: date) -> None:
    """Refuse a token without a name, without anything that it opens, and one whose last day is over or more than a year away."""
    if not 1 <= len(name) <= MOST_TOKEN_NAME:
        raise bad_input(
            "name",
            Text(
                f"请给令牌起名，最多 {MOST_TOKEN_NAME} 字，例如用它的系统。",
                f"Name the token in at most {MOST_TOKEN_NAME} characters, such as by the system that uses it.",
            ),
        )
    if not scopes:
        raise bad_input("scopes", Text("请至少选一项权限。", "Choose at least one thing that it opens."))
    if last_day < on:
        raise bad_input("last_day", Text("最后有效日不能早于今天。", "The last day cannot lie before today."))
    if (last_day - on) >= timedelta(days=LONGEST_TOKEN_DAYS):
        raise bad_input("last_day", Text("令牌最长有效一年。", "A token lasts a year at most."))


def check_new_password(password: str, names: Iterable[str], *, common: bool) -> None:
    """Refuse a password that is too short or too long, in the list of common ones (`common`), or close to one of the person's names."""
    if len(password) < FEWEST_LETTERS:
        raise bad_input(
            "password",
            Text(f"密码太短，至少 {FEWEST_LETTERS} 个字符。", f"The password is too short: at least {FEWEST_LETTERS} characters."),
        )
    if len(password) > MOST_LETTERS:
        raise bad_input(
            "password",
            Text(f"密码太长，最多 {MOST_LETTERS} 个字符。", f"The password is too long: at most {MOST_LETTERS} characters."),
        )
    if common:
        text = Text(
            "这个密码太常见，很容易被猜到，请换一个。", "This password is among the most common ones and easily guessed; choose another."
        )
        raise bad_input("password", text)
    if any(_alike(password.casefold(), name.casefold()) for name in names):
        text = Text(
            "密码与登录名、姓名或单位名太相似，请换一个。", "The password is too close to the sign-in name, the person or the firm."
        )
        raise bad_input("password", text)


def _alike(password: str, name: str) -> bool:
    if len(name) < SHORTEST_NAME:
        return False
    bare = password.strip("0123456789!@#$%^&*._- ")
    return bare == name or SequenceMatcher(None, password, name).quick_ratio() >= ALIKE


def check_founded(name: str, code: str) -> None:
    """Refuse a company without a name of 1 to 120 characters, or without a code of capital letters, figures and hyphens (2 to 30)."""
    if not 1 <= len(name) <= MOST_FIRM_NAME or "\x00" in name:
        text = Text(f"请填写公司名称，最多 {MOST_FIRM_NAME} 字。", f"Give the company's name, at most {MOST_FIRM_NAME} characters.")
        raise bad_input("firm", text)
    if not _CODE.fullmatch(code):
        text = Text("公司编号须为 2 至 30 个大写字母、数字或连字符。", "The company's code is 2 to 30 capital letters, figures or hyphens.")
        raise bad_input("code", text)


def check_invited(name: str, telephone: str, login: str) -> None:
    """Refuse an empty or overlong name, a sign-in name that is not 3 to 40 plain letters, and a telephone that is none."""
    if not 1 <= len(name) <= MOST_TOKEN_NAME:
        text = f"A name is needed, {MOST_TOKEN_NAME} characters at most."
        raise bad_input("name", Text(f"请填写姓名，最多 {MOST_TOKEN_NAME} 字。", text))
    if not _LOGIN.fullmatch(login):
        raise bad_input(
            "login",
            Text(
                "登录名须为 3 至 40 位小写字母、数字、点或横线，以字母或数字开头。",
                "A sign-in name has 3 to 40 small letters, digits, dots or dashes, and begins with a letter or digit.",
            ),
        )
    if telephone and not _TELEPHONE.fullmatch(telephone):
        raise bad_input(
            "telephone", Text("电话只能含数字、空格、括号、+ 和 -。", "A telephone has digits, blanks, brackets, + and - only.")
        )


def posts_to_give(kind: FirmKind, by_kind: FirmKind, held: Collection[PostCode]) -> tuple[PostCode, ...]:
    """Return the posts that somebody of a firm of `by_kind`, holding `held` there themselves, may give at a firm of `kind`.

    An owner gives partners' posts at the own firm, headquarters' director and manager at partners too; posts of headquarters are given
    by its director, and those that decide nothing about people and money by its manager.
    """
    if kind is not FirmKind.HQ:
        leads = (PostCode.DIRECTOR, PostCode.MANAGER) if by_kind is FirmKind.HQ else (PostCode.OWNER,)
        return PARTNER_POSTS if not set(leads).isdisjoint(held) else ()
    if by_kind is not FirmKind.HQ or {PostCode.DIRECTOR, PostCode.MANAGER}.isdisjoint(held):
        return ()
    own = [post for post in PostCode if post not in PARTNER_POSTS]
    return tuple(own if PostCode.DIRECTOR in held else [post for post in own if post not in GUARDED_POSTS])


def may_look_after(posts: Collection[PostCode], kind: FirmKind, by_kind: FirmKind, held: Collection[PostCode]) -> bool:
    """Return whether somebody holding `held` may disable, reset and end sessions of a person who holds `posts` at a firm of `kind`.

    Whoever makes a link for somebody could use it: so nobody does for who decides more than they do, nor an owner for another owner.
    """
    given = posts_to_give(kind, by_kind, held)
    if by_kind is not FirmKind.HQ and PostCode.OWNER in posts:
        return False
    return bool(given) and set(posts) <= set(given)


def network_of(address: str) -> str:
    """Return what counts as one address: itself, and of the sixth version the network of which a household has a whole one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network((found, _NETWORK), strict=False))
    return str(found.ipv4_mapped or found) if isinstance(found, IPv6Address) else str(found)
