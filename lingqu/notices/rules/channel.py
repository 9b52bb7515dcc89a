"""What a channel needs, and where it may lead: a robot's address is checked when it is kept and again before every message."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from lingqu.base.text import Language, Text
from lingqu.notices.states import ChannelKind, MailSecurity

BOT_PLACES: Final = {
    ChannelKind.WECOM: ("qyapi.weixin.qq.com", re.compile(r"/cgi-bin/webhook/send"), "key"),
    ChannelKind.DINGTALK: ("oapi.dingtalk.com", re.compile(r"/robot/send"), "access_token"),
    ChannelKind.FEISHU: ("open.feishu.cn", re.compile(r"/open-apis/bot/v2/hook/[\w-]{4,80}", re.ASCII), ""),
}
MAIL_PORTS: Final = (25, 465, 587, 2525)
MOST_NAME: Final = 60
MOST_ADDRESS: Final = 500
MOST_SECRET: Final = 200
LEFT_TO_SEE: Final = 4
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}", re.ASCII)
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
_UNREADABLE = Text("请填写完整的机器人地址（以 https:// 开头）。", "Enter the robot's whole address, from https:// on.")


class NewChannel(msgspec.Struct, frozen=True):
    """A channel as it is to be kept. A robot has its address, perhaps a secret; mail has a sender (`address`) and a server.

    `kinds` are the kinds of notices that it takes, empty = all.
    """

    kind: ChannelKind
    name: str
    address: str
    secret: str = ""
    kinds: tuple[str, ...] = ()
    language: Language = "zh"
    host: str = ""
    port: int = 0
    user: str = ""
    security: MailSecurity = MailSecurity.TLS


def wrong_email(address: str) -> Text | None:
    """Return what is wrong with an e-mail address, None when it can be one."""
    if len(address) <= 254 and _EMAIL.fullmatch(address):  # noqa: PLR2004 - RFC 5321
        return None
    return Text("请填写邮箱地址，如 name@example.com。", "Enter an e-mail address, such as name@example.com.")


def address_problem(kind: ChannelKind, address: str, *, extra_hosts: Collection[str]) -> Text | None:
    """Return why a robot may not be called at the address, None when it may.

    Only https to the service's own host, path and parameter is allowed; `extra_hosts` (host:port) are what the installation allows besides.
    """
    if not address.isascii() or len(address) > MOST_ADDRESS or re.search(r"[\s\\#\x00-\x1f]", address):
        return _UNREADABLE
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return _UNREADABLE
    host, path, parameter = BOT_PLACES[kind]
    if parts.username is not None or parts.password is not None or not parts.hostname:
        return _UNREADABLE
    own = parts.scheme == "https" and parts.hostname == host and port in (None, 443)
    extra = parts.scheme in ("http", "https") and f"{parts.hostname}:{port or ''}".rstrip(":") in extra_hosts
    if not own and not extra:
        return Text(f"只能发往 https://{host}/。", f"Messages may only go to https://{host}/.")
    values = parse_qs(parts.query)
    if not path.fullmatch(parts.path) or (parameter and not values.get(parameter)) or set(values) - {parameter}:
        return Text("地址不完整，请从群机器人的设置中重新复制。", "The address is not whole; copy it again from the robot's settings.")
    return None


def channel_problems(new: NewChannel, *, extra_hosts: Collection[str]) -> dict[str, Text]:
    """Return what is wrong with a channel, by field; empty when it can be kept."""
    found: dict[str, Text] = {}
    if not new.name.strip() or len(new.name) > MOST_NAME or "\x00" in new.name:
        found["name"] = Text(f"请填写名称，最多 {MOST_NAME} 字。", f"Give it a name of at most {MOST_NAME} characters.")
    if len(new.secret) > MOST_SECRET or not new.secret.isascii() or re.search(r"[\x00-\x1f]", new.secret):
        found["secret"] = Text("密钥只能是英文字符，请重新复制。", "A secret has plain Latin characters only; copy it again.")
    return found | (_mail_problems(new, extra_hosts) if new.kind is ChannelKind.EMAIL else _bot_problems(new, extra_hosts))


def _bot_problems(new: NewChannel, extra_hosts: Collection[str]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    wrong = address_problem(new.kind, new.address, extra_hosts=extra_hosts)
    if wrong:
        found["address"] = wrong
    if new.kind is ChannelKind.WECOM and new.secret:
        found["secret"] = Text("企业微信机器人没有加签密钥，请留空。", "A WeCom robot has no signing secret; leave it empty.")
    return found


def _mail_problems(new: NewChannel, extra_hosts: Collection[str]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    wrong = wrong_email(new.address)
    if wrong:
        found["address"] = wrong
    if not _HOST.fullmatch(new.host):
        found["host"] = Text("请填写邮件服务器，如 smtp.example.com。", "Enter the mail server, such as smtp.example.com.")
    if new.port not in MAIL_PORTS and f"{new.host}:{new.port}" not in extra_hosts:
        ports = "、".join(map(str, MAIL_PORTS))
        found["port"] = Text(f"端口只能是 {ports}。", f"The port is one of {ports.replace('、', ', ')}.")
    if len(new.user) > MOST_SECRET or not new.user.isascii() or re.search(r"[\x00-\x1f]", new.user):
        found["user"] = Text("账号只能是英文字符。", "A user name has plain Latin characters only.")
    if bool(new.user) != bool(new.secret):
        found.setdefault("secret", Text("账号和密码须同时填写或同时留空。", "Give both user and password, or neither."))
    if new.security is MailSecurity.PLAIN and new.secret:
        found["security"] = Text("不加密时不能保存密码。", "Without encryption no password may be kept.")
    return found


def shown_address(kind: ChannelKind, address: str) -> str:
    """Return an address as pages may show it: of a robot only host and last characters, because who knows the rest may send."""
    if kind is ChannelKind.EMAIL:
        return address
    return f"{urlsplit(address).hostname} ····{address[-LEFT_TO_SEE:]}"
