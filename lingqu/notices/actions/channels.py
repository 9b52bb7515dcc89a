"""Set up the channels of HQ: add, change, switch off and on, try out."""

from __future__ import annotations

import uuid
from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.notices.access import may_manage_channels
from lingqu.notices.actions.outbox import wake_worker
from lingqu.notices.models import Channel, Reach, Sending
from lingqu.notices.queries import extra_hosts
from lingqu.notices.rules import Message, NewChannel, channel_problems
from lingqu.notices.states import OPEN_STATES, ChannelKind, SendingState
from lingqu.organisation.queries import Acting

MOST_CHANNELS = 30
_TEST = Message(
    "test", "channel", Text("测试消息", "Test message"),
    Text("收到即说明渠道可用。群消息隐藏金额：1,234.00 元。", "The channel works. In groups amounts are hidden: 1,234.00 yuan."),
    "/notices/",
)  # fmt: skip


@transaction.atomic
def add_channel(new: NewChannel, *, by: Acting, at: datetime) -> Channel:
    """Add a channel to the person's firm and return it, active at once.

    Refuses other posts than director, deputy and marketing manager of HQ, an address outside the service's own host, and too many.
    """
    _check_person(by)
    _check(new)
    if Channel.objects.filter(firm_id=by.firm, active=True).count() >= MOST_CHANNELS:
        raise Refusal("too_many", Text(f"最多 {MOST_CHANNELS} 个渠道。", f"There may be at most {MOST_CHANNELS} channels."))
    channel = Channel(firm_id=by.firm, kind=new.kind.value, made_by_id=by.person, made_at=at)
    _fill(channel, new)
    channel.save(force_insert=True)
    record([Deed("add", "channel", channel.pk, _told(channel))], by=by.person, at=at)
    return channel


@transaction.atomic
def change_channel(channel_id: int, new: NewChannel, *, by: Acting, at: datetime) -> Channel:
    """Change a channel and return it. An empty secret, and an empty address of a robot, stay as they are; the kind can't change.

    A password that was kept is never handed to another server: whoever changes server or user enters it again.
    """
    channel = _channel(channel_id, by)
    before = _told(channel)
    is_mail = channel.kind == ChannelKind.EMAIL.value
    address = new.address or ("" if is_mail else channel.address)
    whole = msgspec.structs.replace(new, kind=ChannelKind(channel.kind), address=address, secret=new.secret or channel.secret)
    moved = (whole.host, whole.port, whole.user, whole.security.value) != (channel.host, channel.port, channel.user, channel.security)
    if is_mail and moved and channel.secret and not new.secret:
        if new.user:
            raise bad_input("secret", Text("更换服务器或账号，须重填密码。", "Another server or user: enter the password again."))
        whole = msgspec.structs.replace(whole, secret="")
    _check(whole)
    _fill(channel, whole)
    channel.save(force_update=True)
    record([Deed("change", "channel", channel.pk, _told(channel), before=before)], by=by.person, at=at)
    return channel


@transaction.atomic
def switch_channel(channel_id: int, *, active: bool, by: Acting, at: datetime) -> Channel:
    """Switch a channel off or on again and return it. What still waits on a channel that is switched off is given up."""
    channel = _channel(channel_id, by)
    if channel.active == active:
        return channel
    channel.active = active
    channel.save(update_fields=["active"])
    if not active:
        waiting = Sending.objects.filter(channel=channel, state__in=[state.value for state in OPEN_STATES])
        waiting.update(state=SendingState.GIVEN_UP.value, answer_code="switched_off", last_error="")
    record([Deed("switch_on" if active else "switch_off", "channel", channel.pk, {"active": active})], by=by.person, at=at)
    return channel


@transaction.atomic
def send_test(channel_id: int, *, by: Acting, at: datetime) -> Sending:
    """Send a test message by the same job as all others, and return it; tried once. Mail goes to the person's own address.

    Refuses a channel that is switched off, and mail to somebody who has entered no address.
    """
    channel = _channel(channel_id, by)
    if not channel.active:
        raise Refusal("switched_off", Text("该渠道已停用，请先启用。", "This channel is switched off; switch it on first."))
    is_mail = channel.kind == ChannelKind.EMAIL.value
    if is_mail and not Reach.objects.filter(person_id=by.person).exclude(email="").exists():
        raise Refusal("no_address", Text("请先在“通知设置”里填写您的邮箱。", "First enter your address in your notice settings."))
    sending = Sending.objects.create(
        channel=channel, key=f"test:{uuid.uuid4()}", person_id=by.person if is_mail else None, payload=msgspec.to_builtins(_TEST),
        once=True, made_at=at, next_at=at,
    )  # fmt: skip
    record([Deed("test", "channel", channel.pk, {"sending": sending.pk})], by=by.person, at=at)
    wake_worker()
    return sending


def _check_person(by: Acting) -> None:
    if not may_manage_channels(by):
        raise forbidden(
            Text("通知渠道由主任、主管营销副主任或营销主管设置。", "Channels are set up by director, deputy director or marketing manager.")
        )


def _channel(channel_id: int, by: Acting) -> Channel:
    _check_person(by)
    channel = Channel.objects.select_for_update(no_key=True).filter(pk=channel_id, firm_id=by.firm).first()
    if channel is None:
        raise not_found()
    return channel


def _check(new: NewChannel) -> None:
    for field, text in channel_problems(new, extra_hosts=extra_hosts()).items():
        raise bad_input(field, text)


def _fill(channel: Channel, new: NewChannel) -> None:
    channel.name, channel.address, channel.secret = new.name.strip(), new.address, new.secret
    channel.kinds, channel.language = list(new.kinds), new.language
    if new.kind is ChannelKind.EMAIL:
        channel.host, channel.port, channel.user, channel.security = new.host, new.port, new.user, new.security.value


def _told(channel: Channel) -> dict[str, object]:
    """Return what the record may know of a channel: neither a robot's address nor a secret."""
    told: dict[str, object] = {"kind": channel.kind, "name": channel.name, "kinds": channel.kinds, "language": channel.language}
    return told | ({"host": channel.host, "port": channel.port} if channel.kind == ChannelKind.EMAIL.value else {})
