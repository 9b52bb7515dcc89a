"""What people type about channels and their own address, and where an inbox goes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import msgspec

from lingqu.base.refusal import not_found
from lingqu.base.text import LANGUAGES, Language, Text
from lingqu.notices.models import Channel
from lingqu.notices.queries import InboxPlace
from lingqu.notices.rules import NewChannel, channel_problems
from lingqu.notices.states import KIND_WORDS, OTHER, SENT_KINDS, ChannelKind, MailSecurity

MOST_IDS = 100
MOST_LETTERS = 200
USUAL_PORT = "465"
_FIELDS = ("name", "address", "host", "port", "user", "security", "language")
_PLACE = re.compile(r"([ur])([1-9]\d{0,17})", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_PORT = re.compile(r"[1-9]\d{0,4}", re.ASCII)


class ChannelTyped(msgspec.Struct):
    """A channel as it was typed, without its secret, which is never given back; and the errors by field."""

    texts: dict[str, str]
    kinds: list[str]
    errors: dict[str, Text] = {}


def empty_channel() -> ChannelTyped:
    """Return the form of a new channel."""
    usual = {"port": USUAL_PORT, "language": "zh", "security": MailSecurity.TLS.value}
    return ChannelTyped(dict.fromkeys(_FIELDS, "") | usual, [], {})


def kept_channel(channel: Channel) -> ChannelTyped:
    """Return the form of a channel as it is kept; a robot's address stays inside."""
    texts = {name: str(getattr(channel, name)) for name in _FIELDS}
    if channel.kind != ChannelKind.EMAIL.value:
        texts["address"] = ""
    return ChannelTyped(texts, list(channel.kinds), {})


def read_channel(
    sent: Mapping[str, str], kinds: Sequence[str], *, kind: ChannelKind, extra_hosts: Collection[str] | None
) -> tuple[NewChannel, ChannelTyped]:
    """Return a channel as it was sent, and what was typed with what is wrong; `extra_hosts` None leaves the judging to the action."""
    texts = {name: sent.get(name, "").strip()[:1000] for name in _FIELDS}
    chosen = [one for one in SENT_KINDS if one in kinds]
    language: Language = next((one for one in LANGUAGES if one == texts["language"]), LANGUAGES[0])
    security = next((one for one in MailSecurity if one.value == texts["security"]), MailSecurity.TLS)
    new = NewChannel(kind, texts["name"], texts["address"], sent.get("secret", "").strip(), tuple(chosen), language)
    if kind is ChannelKind.EMAIL:
        port = int(texts["port"]) if _PORT.fullmatch(texts["port"]) else 0
        new = msgspec.structs.replace(new, host=texts["host"].lower(), port=port, user=texts["user"], security=security)
    errors = {} if extra_hosts is None else channel_problems(new, extra_hosts=extra_hosts)
    if kind is not ChannelKind.EMAIL:
        texts["address"] = ""
    return new, ChannelTyped(texts, chosen, errors)


def read_kind(words: str) -> ChannelKind:
    """Return the kind of channel in an address, WeCom when there is none that we know."""
    return next((kind for kind in ChannelKind if kind.value == words), ChannelKind.WECOM)


def read_login(words: str) -> str:
    """Return a sign-in name as it was typed, without what no database takes; at most 200 characters."""
    return words.replace("\x00", "").strip()[:MOST_LETTERS]


def read_filter(words: str) -> str:
    """Return the kind of notices in an address, empty for all and for what nobody knows."""
    return words if words in KIND_WORDS or words == OTHER else ""


def read_after(words: str) -> InboxPlace | None:
    """Return the place in an address from which an inbox goes on, None for its start; refuses (404) what is none."""
    if not words:
        return None
    found = _PLACE.fullmatch(words)
    if not found:
        raise not_found()
    return InboxPlace(found[1] == "u", int(found[2]))


def read_ids(words: Sequence[str]) -> list[int]:
    """Return the ids of notices as sent; refuses (404) what is no number, and more than a page has."""
    if len(words) > MOST_IDS or not all(_NUMBER.fullmatch(word) for word in words):
        raise not_found()
    return [int(word) for word in words]
