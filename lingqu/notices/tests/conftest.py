"""The people of the story at their browsers, and the services that their notices go out to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest

from lingqu.base.text import Text
from lingqu.notices.actions import add_channel, deliver_next
from lingqu.notices.models import Channel
from lingqu.notices.rules import Message, NewChannel
from lingqu.notices.states import ChannelKind, MailSecurity
from lingqu.notices.tests.fakes import SECRET, DingTalk, Feishu, MailServer, Robot, WeCom, serving
from tests.pages import at_desk
from tests.world import World

__all__ = ["at_desk"]
ROBOTS: dict[ChannelKind, type[Robot]] = {ChannelKind.WECOM: WeCom, ChannelKind.DINGTALK: DingTalk, ChannelKind.FEISHU: Feishu}
KINDS = tuple(ROBOTS)
Hire = Callable[..., tuple[Robot, Channel]]


def told(key: str = "approval:1", **more: object) -> Message:
    """A message of the story."""
    usual: dict[str, object] = {
        "kind": "approval",
        "title": Text("请审批 济南岱青 的特批 60,000.01 元", "Approve 济南岱青: 60,000.01 yuan"),
        "body": Text("超出额度 0.01 元，依 M-19.5。", "0.01 yuan over the limit, M-19.5."),
        "link": "/orders/JH-2026-0012/",
    }
    return Message(key, **(usual | more))  # type: ignore[arg-type]


def send_all(at: datetime) -> int:
    """Do what the job does, at one moment; return how many steps it took."""
    done = 0
    while deliver_next(at=at):
        done += 1
    return done


@pytest.fixture
def hire(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hire]:
    """Give a function that starts a fake robot and adds its channel: `hire(ChannelKind.FEISHU)`; `ours` is the secret that we keep."""
    hosts: list[str] = []
    with ExitStack() as stack:

        def start(kind: ChannelKind, *, ours: str | None = None, **more: object) -> tuple[Robot, Channel]:
            secret = "" if kind is ChannelKind.WECOM else SECRET
            robot = ROBOTS[kind](lambda: world.at, secret=secret)
            stack.enter_context(serving(robot))
            hosts.append(robot.host)
            monkeypatch.setenv("LINGQU_BOT_HOSTS", ",".join(hosts))
            new = NewChannel(kind, f"群 {kind.value}", robot.address, secret if ours is None else ours, **more)  # type: ignore[arg-type]
            return robot, add_channel(new, by=world.who("manager"), at=world.at)

        yield start


@pytest.fixture
def post_office(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MailServer, Channel]]:
    """A mail server and its channel."""
    server = MailServer()
    with serving(server):
        monkeypatch.setenv("LINGQU_BOT_HOSTS", f"127.0.0.1:{server.port}")
        new = NewChannel(
            ChannelKind.EMAIL, "公司邮箱", "lingqu@qinghe.example", host="127.0.0.1", port=server.port, security=MailSecurity.PLAIN
        )
        yield server, add_channel(new, by=world.who("manager"), at=world.at)
