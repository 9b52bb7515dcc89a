"""Sign-ins as rows: where a person is signed in, and the people of a firm for those who look after their sign-ins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from lingqu.base.text import Text
from lingqu.organisation.models import Firm, Invitation, OpenSession, SignIn
from lingqu.organisation.queries import Acting, Member, held_oneself
from lingqu.organisation.rules import may_look_after, posts_to_give
from lingqu.organisation.states import POST_WORDS, FirmKind, PostCode

_SYSTEMS = (
    ("MicroMessenger", Text("微信", "WeChat")), ("iPhone", Text("iPhone", "iPhone")), ("iPad", Text("iPad", "iPad")),
    ("HarmonyOS", Text("鸿蒙设备", "HarmonyOS device")), ("Android", Text("安卓设备", "Android device")),
    ("Windows", Text("Windows 电脑", "Windows computer")), ("Mac OS X", Text("苹果电脑", "Mac")),
    ("Linux", Text("Linux 电脑", "Linux computer")),
)  # fmt: skip
_BROWSERS = (
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("HeadlessChrome", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
UNKNOWN = Text("未知设备", "Unknown device")


def device_words(told: str) -> Text:
    """Return in words what a browser says of itself; nothing that it said is repeated."""
    system = next((words for mark, words in _SYSTEMS if mark in told), None)
    browser = next((words for mark, words in _BROWSERS if mark in told), "")
    if system is None:
        return Text(browser, browser) if browser else UNKNOWN
    return Text(f"{system.zh} · {browser}", f"{system.en} · {browser}") if browser else system


def own_sign_in(user: object) -> SignIn:
    """Return the sign-in of who asks; behind `@page` it is always one."""
    return cast("SignIn", user)


def session_row(session: OpenSession, *, present: str) -> dict[str, Any]:
    """Return a session as a row; `present` is the key of the one that asks."""
    here = session.key == present
    return {
        "id": session.pk, "device": device_words(session.browser), "address": session.address, "since": session.since,
        "seen_at": session.seen_at, "here": here,
    }  # fmt: skip


def member_row(member: Member, firm: Firm, who: Acting) -> dict[str, Any]:
    """Return somebody of a firm as a row, with what the person who looks may do."""
    may = (
        member.login is not None
        and member.person != who.person
        and may_look_after(member.acts_as, FirmKind(firm.kind), FirmKind(who.firm_kind), held_oneself(who))
    )
    kind, words = _state(member)
    return {
        "person": member.person, "name": member.name, "telephone": member.telephone, "login": member.login, "kind": kind, "words": words,
        "posts": [POST_WORDS[post] for post in member.posts], "seen_at": member.seen_at, "second_factor": member.second_factor, "may": may,
        "active": member.active, "self": member.person == who.person,
    }  # fmt: skip


def _state(member: Member) -> tuple[str, Text]:
    if member.login is None:
        return "planned", Text("无账号", "No sign-in")
    if not member.active:
        return "closed", Text("已停用", "Disabled")
    return ("valid", Text("可登录", "Signs in")) if member.posts else ("waivable", Text("无岗位", "No post"))


def invitation_row(invitation: Invitation, *, at: datetime) -> dict[str, Any]:
    """Return an invitation that nobody used as a row."""
    if invitation.withdrawn_at:
        kind, words = "closed", Text("已撤回", "Taken back")
    elif invitation.until <= at:
        kind, words = "closed", Text("已过期", "Over")
    else:
        kind, words = "waiting", Text("等待接受", "Waiting")
    return {
        "id": invitation.pk, "name": invitation.name, "login": invitation.login, "post": POST_WORDS[PostCode(invitation.post_id)],
        "by": invitation.made_by.name, "until": invitation.until, "kind": kind, "words": words, "open": kind == "waiting",
    }  # fmt: skip


def post_choices(firm: Firm, who: Acting, chosen: str) -> list[dict[str, Any]]:
    """Return the posts that the person who looks may give at a firm."""
    posts: Iterable[PostCode] = posts_to_give(FirmKind(firm.kind), FirmKind(who.firm_kind), held_oneself(who))
    return [{"value": post.value, "words": POST_WORDS[post], "chosen": post.value == chosen} for post in posts]


def people_context(firm: Firm, who: Acting, people: Iterable[Member], invitations: Iterable[Invitation], at: datetime) -> dict[str, Any]:
    """Return what the page of a firm's people shows of them."""
    return {
        "firm": firm,
        "rows": [member_row(one, firm, who) for one in people],
        "invitations": [invitation_row(one, at=at) for one in invitations],
    }


def looks_after_people(who: Acting) -> bool:
    """Return whether a person looks after sign-ins of the own firm at all."""
    kind = FirmKind(who.firm_kind)
    return bool(posts_to_give(kind, kind, held_oneself(who)))
