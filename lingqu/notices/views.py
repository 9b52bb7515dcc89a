"""The inbox of everybody, one's own address, and the channels of HQ."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.clock import now
from lingqu.base.links import inside
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import LANGUAGES, Text
from lingqu.documents.pages import PageRequest, answer_verb, page, tell_refusal, tried
from lingqu.notices.access import may_manage_channels
from lingqu.notices.actions import add_channel, ask_reset, change_channel, mark_read, send_test, set_reach, switch_channel
from lingqu.notices.forms import (
    ChannelTyped,
    empty_channel,
    kept_channel,
    read_after,
    read_channel,
    read_filter,
    read_ids,
    read_kind,
    read_login,
)
from lingqu.notices.models import Channel
from lingqu.notices.present import channel_choices, channel_rows, channel_tabs, inbox_rows, kind_chips, page_urls, saved_words, told_test
from lingqu.notices.queries import (
    channel_to_manage,
    channels_of,
    extra_hosts,
    inbox_page,
    kind_counts,
    mail_channel,
    own_notice,
    reach_of,
    test_to_see,
)
from lingqu.notices.states import ChannelKind

MOST_TYPED = 200
UNREADABLE = 422


@require_safe
@page
def inbox(request: PageRequest) -> HttpResponse:
    """List the person's own notices, unread first, 30 a page."""
    kind, after = read_filter(request.GET.get("kind", "")), read_after(request.GET.get("after", ""))
    found = inbox_page(request.who.person, kind=kind, after=after)
    counts = kind_counts(request.who.person)
    context = {
        "rows": inbox_rows(found.rows),
        "chips": kind_chips(counts, kind),
        "kind": kind,
        "unread": sum(count.unread for count in counts),
        "whole": sum(count.whole for count in counts),
        "newest": found.rows[0].pk if found.rows and not kind and after is None and found.rows[0].read_at is None else None,
        "may_manage": may_manage_channels(request.who),
        **page_urls(found, kind=kind, first=after is None),
    }
    return render(request, "notices/inbox.html", context)


@require_POST
@page
def notices_read(request: PageRequest) -> HttpResponse:
    """Mark notices as read: those that were ticked, or all up to the newest that the page had shown."""
    back = reverse("inbox")
    kind = read_filter(request.POST.get("kind", ""))
    if request.POST.get("up_to"):
        (newest,) = read_ids([request.POST["up_to"]])
        mark_read(None, by=request.who, at=request.at, up_to=newest)
    else:
        mark_read(read_ids(request.POST.getlist("notice")), by=request.who, at=request.at)
    return redirect(f"{back}?kind={kind}" if kind else back)


@require_POST
@page
def notice_open(request: PageRequest, notice: int) -> HttpResponse:
    """Mark one notice as read and go to what it is about."""
    found = own_notice(notice, by=request.who)
    mark_read([found.pk], by=request.who, at=request.at)
    return redirect(inside(found.link) or reverse("inbox"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Let who forgot the password ask for a link by mail, or say whom to ask; a POST is answered alike for every name."""
    if request.method == "POST":
        ask_reset(read_login(request.POST.get("login", "")), address=str(request.META.get("REMOTE_ADDR", "")), at=now())
        return redirect(f"{reverse('forgotten')}?asked=1")
    context = {"asked": "asked" in request.GET, "by_mail": mail_channel() is not None}
    return render(request, "notices/forgotten.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
@sensitive_post_parameters("password")
def settings(request: PageRequest) -> HttpResponse:
    """Show where the person wants to be reached, or keep what was typed."""
    reach = reach_of(request.who.person)
    typed: dict[str, Any] = {"email": reach.email, "wants_email": reach.wants_email, "language": reach.language}
    refusal = None
    if request.method == "POST":
        language = next((one for one in LANGUAGES if one == request.POST.get("language")), LANGUAGES[0])
        typed = {
            "email": request.POST.get("email", "").strip()[:300], "wants_email": "wants_email" in request.POST, "language": language,
        }  # fmt: skip
        try:
            _keep_reach(request, typed)
        except Refusal as refused:
            refusal = refused
        else:
            return answer_verb(request, reverse("notice_settings"), lambda: Text("已保存通知设置。", "Your notice settings are kept."))
    context = {
        "typed": typed,
        "refusal": refusal,
        "has_mail": any(channel.active for channel in channels_of(request.who) if channel.kind == ChannelKind.EMAIL.value)
        if may_manage_channels(request.who)
        else True,
        "may_manage": may_manage_channels(request.who),
    }
    return render(request, "notices/settings.html", context, status=UNREADABLE if refusal else 200)


def _keep_reach(request: PageRequest, typed: dict[str, Any]) -> None:
    """Keep where the person is reached; a wrong password, which another address needs, is a failed try."""
    password = request.POST.get("password", "")[:MOST_TYPED]

    def keep(at: datetime) -> None:
        set_reach(**typed, password=password, by=request.who, at=at)

    if password:
        tried(request, keep, wrong="password")
    else:
        keep(request.at)


@require_safe
@page
def channels(request: PageRequest) -> HttpResponse:
    """List the channels of HQ with what came of the last try; after a test its result."""
    _may(request)
    wanted = request.GET.get("test", "")
    test = told_test(test_to_see(read_ids([wanted])[0], by=request.who)) if wanted else None
    return render(request, "notices/channels.html", {"rows": channel_rows(channels_of(request.who)), "test": test})


@require_safe
@page
def channel_test(request: PageRequest, sending: int) -> HttpResponse:
    """Answer what became of a test message, for the page that waits for it."""
    return render(request, "notices/test_result.html", {"test": told_test(test_to_see(sending, by=request.who))})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def channel_new(request: PageRequest) -> HttpResponse:
    """Offer the form of a new channel, or add it."""
    _may(request)
    kind = read_kind((request.POST if request.method == "POST" else request.GET).get("kind", ""))
    if request.method != "POST":
        return _form(request, kind, empty_channel())
    new, typed = read_channel(request.POST, request.POST.getlist("kinds"), kind=kind, extra_hosts=extra_hosts())
    if typed.errors:
        return _form(request, kind, typed, status=UNREADABLE)
    try:
        channel = add_channel(new, by=request.who, at=request.at)
    except Refusal as refusal:
        return _refused(request, kind, typed, refusal)
    told = Text(f"已添加“{channel.name}”，请发一条测试消息。", f"“{channel.name}” is added; send it a test message.")
    return answer_verb(request, reverse("channels"), lambda: told)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def channel_edit(request: PageRequest, channel: int) -> HttpResponse:
    """Offer the form of a channel, without its secrets, or keep what was changed."""
    _may(request)
    kept = channel_to_manage(channel, by=request.who)
    kind = ChannelKind(kept.kind)
    if request.method != "POST":
        return _form(request, kind, kept_channel(kept), channel=kept)
    new, typed = read_channel(request.POST, request.POST.getlist("kinds"), kind=kind, extra_hosts=None)
    try:
        changed = change_channel(channel, new, by=request.who, at=request.at)
    except Refusal as refusal:
        return _refused(request, kind, typed, refusal, channel=kept)
    told = Text(f"已保存“{changed.name}”。", f"“{changed.name}” is kept.")
    return answer_verb(request, reverse("channels"), lambda: told)


@require_POST
@page
def channel_switch(request: PageRequest, channel: int) -> HttpResponse:
    """Switch a channel off or on again."""
    _may(request)
    active = request.POST.get("active") == "yes"

    def do() -> Text:
        changed = switch_channel(channel, active=active, by=request.who, at=request.at)
        if active:
            return Text(f"已启用“{changed.name}”。", f"“{changed.name}” is switched on.")
        return Text(f"已停用“{changed.name}”，待发消息不再发送。", f"“{changed.name}” is switched off; what waited is not sent.")

    return answer_verb(request, reverse("channels"), do)


@require_POST
@page
def channel_try(request: PageRequest, channel: int) -> HttpResponse:
    """Send a test message and go to the list, which shows its result."""
    _may(request)
    try:
        sending = send_test(channel, by=request.who, at=request.at)
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return redirect("channels")
    return redirect(f"{reverse('channels')}?test={sending.pk}")


def _may(request: PageRequest) -> None:
    if not may_manage_channels(request.who):
        raise forbidden(
            Text("通知渠道由主任、主管营销副主任或营销主管设置。", "Channels are set up by director, deputy director or marketing manager.")
        )


def _refused(
    request: PageRequest, kind: ChannelKind, typed: ChannelTyped, refusal: Refusal, *, channel: Channel | None = None
) -> HttpResponse:
    if refusal.field:
        typed.errors[refusal.field] = refusal.text
        return _form(request, kind, typed, channel=channel, status=refusal.status)
    return _form(request, kind, typed, channel=channel, status=refusal.status, refusal=refusal)


def _form(
    request: PageRequest,
    kind: ChannelKind,
    typed: ChannelTyped,
    *,
    channel: Channel | None = None,
    status: int = 200,
    refusal: Refusal | None = None,
) -> HttpResponse:
    context = {
        "channel": channel,
        "typed": typed,
        "refusal": refusal,
        "saved": saved_words(channel),
        "tabs": [] if channel else channel_tabs(kind),
        "offer": channel_choices(kind, typed.kinds, typed.texts["language"], typed.texts["security"]),
    }
    return render(request, "notices/channel.html", context, status=status)
