"""Words and shapes of the inbox and of the channels' pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from lingqu.base.text import Text
from lingqu.notices.models import Channel, Notice, Sending
from lingqu.notices.queries import InboxPage, KindCount
from lingqu.notices.rules import shown_address
from lingqu.notices.states import (
    CHANNEL_WORDS,
    KIND_WORDS,
    OTHER,
    OTHER_WORDS,
    SECURITY_WORDS,
    SENDINGS,
    SENT_KINDS,
    TROUBLES,
    ChannelKind,
    MailSecurity,
    SendingState,
)

KIND_ICONS = {
    "approval": "signature",
    "duty": "calendar-due",
    "regulation": "book",
    "order": "file-text",
    "credit": "scale",
    "hold": "hand-stop",
    "channel": "speakerphone",
}
SIGNING = (ChannelKind.DINGTALK, ChannelKind.FEISHU)


def kind_words(kind: str) -> Text:
    """Return what notices of a kind are about."""
    return KIND_WORDS.get(kind, OTHER_WORDS)


def inbox_rows(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return the lines of an inbox."""
    return [
        {
            "id": notice.pk,
            "title": Text(notice.title_zh, notice.title_en),
            "body": Text(notice.body_zh, notice.body_en) if notice.body_zh else None,
            "kind": kind_words(notice.kind),
            "icon": KIND_ICONS.get(notice.kind, "bell"),
            "link": notice.link,
            "urgent": notice.urgent,
            "unread": notice.read_at is None,
            "at": notice.at,
        }
        for notice in notices
    ]


def kind_chips(counts: Sequence[KindCount], chosen: str) -> list[dict[str, Any]]:
    """Return the filters over the inbox: all, then each kind that there is, with the number of unread ones."""
    unread: dict[str, int] = {}
    for count in counts:
        kind = count.kind if count.kind in KIND_WORDS else OTHER
        unread[kind] = unread.get(kind, 0) + count.unread
    shown = [kind for kind in (*KIND_WORDS, OTHER) if kind in unread or kind == chosen]
    chips = [{"text": Text("全部", "All"), "url": "?", "count": sum(unread.values()), "active": not chosen}]
    return chips + [
        {"text": kind_words(kind), "url": f"?kind={kind}", "count": unread.get(kind, 0), "active": kind == chosen} for kind in shown
    ]


def page_urls(page: InboxPage, *, kind: str, first: bool) -> dict[str, str]:
    """Return where the pages before and after this one are."""
    filters = {"kind": kind} if kind else {}
    after = {"after": f"{'u' if page.after.unread else 'r'}{page.after.below}"} if page.after else {}
    return {
        "previous_url": "" if first else f"?{urlencode(filters)}",
        "next_url": f"?{urlencode(filters | after)}" if after else "",
    }


def trouble(code: str, words: str) -> Text:
    """Return what went wrong with a message: in our words, or the service's own beside its code."""
    if code in TROUBLES:
        return TROUBLES[code]
    said = f"“{words}”" if words else ""
    return Text(f"对方应答 {code} {said}".strip(), f"The service answered {code} {said}".strip())


def channel_rows(channels: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the lines of the list of channels; of secrets nothing but that there is one."""
    return [_channel_row(channel) for channel in channels]


def _channel_row(channel: Any) -> dict[str, Any]:  # noqa: ANN401 - a channel with the annotations of `channels_of`
    kind = ChannelKind(channel.kind)
    failing = channel.last_failed_at is not None and (channel.last_sent_at is None or channel.last_failed_at > channel.last_sent_at)
    state, words = "valid", Text("正常", "Works")
    if not channel.active:
        state, words = "closed", Text("已停用", "Switched off")
    elif failing:
        state, words = "failed", Text("未发出", "Not getting through")
    elif channel.last_sent_at is None:
        state, words = "waiting", Text("尚未发送", "Nothing sent yet")
    return {
        "channel": channel,
        "kind": CHANNEL_WORDS[kind],
        "address": shown_address(kind, channel.address),
        "signed": bool(channel.secret) and kind in SIGNING,
        "kinds": [kind_words(one) for one in channel.kinds],
        "state": state,
        "state_text": words,
        "trouble": trouble(channel.last_code, channel.last_error) if failing else None,
    }


def told_test(sending: Sending) -> dict[str, Any]:
    """Return what became of a test message."""
    state = SendingState(sending.state)
    return {
        "sending": sending,
        "state_text": Text("未发出", "Not sent") if state is SendingState.GIVEN_UP else SENDINGS.words[state],
        "trouble": trouble(sending.answer_code, sending.last_error) if state is SendingState.GIVEN_UP else None,
        "over": state in (SendingState.SENT, SendingState.GIVEN_UP),
    }


def channel_choices(kind: ChannelKind, chosen: Sequence[str], language: str, security: str) -> dict[str, Any]:
    """Return what the form of a channel of this kind offers."""
    return {
        "kind": kind.value,
        "kind_text": CHANNEL_WORDS[kind],
        "is_mail": kind is ChannelKind.EMAIL,
        "signs": kind in SIGNING,
        "kinds": [{"key": key, "text": KIND_WORDS[key], "chosen": key in chosen} for key in SENT_KINDS],
        "languages": [
            {"key": key, "text": text, "chosen": key == language}
            for key, text in (("zh", Text("中文", "Chinese")), ("en", Text("英文", "English")))
        ],
        "securities": [{"key": one.value, "text": SECURITY_WORDS[one], "chosen": one.value == security} for one in MailSecurity],
    }


def channel_tabs(chosen: ChannelKind) -> list[dict[str, Any]]:
    """Return the kinds among which a new channel is chosen."""
    return [{"text": words, "url": f"?kind={kind.value}", "active": kind is chosen} for kind, words in CHANNEL_WORDS.items()]


def saved_words(channel: Channel | None) -> dict[str, str]:
    """Return what the form may show of what is kept: the address as pages may show it, and whether there is a secret."""
    if channel is None:
        return {}
    return {"address": shown_address(ChannelKind(channel.kind), channel.address), "secret": "yes" if channel.secret else ""}
