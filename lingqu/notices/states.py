"""Plain words of notices: kinds of channels, states of what is sent, and what a notice may be about."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class ChannelKind(StrEnum):
    """By what a channel reaches people: mail to each person, or the robot of a group."""

    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class MailSecurity(StrEnum):
    """How the connection to a mail server is protected; without protection no password may be kept."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


class SendingState(StrEnum):
    """How far a message has come on one channel."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


class SendingVerb(StrEnum):
    """What can happen to a message that is to be sent."""

    SEND = "send"
    FAIL = "fail"
    GIVE_UP = "give_up"


CHANNEL_WORDS = {
    ChannelKind.EMAIL: Text("电子邮件", "E-mail"),
    ChannelKind.WECOM: Text("企业微信群机器人", "WeCom group robot"),
    ChannelKind.DINGTALK: Text("钉钉群机器人", "DingTalk group robot"),
    ChannelKind.FEISHU: Text("飞书群机器人", "Feishu group robot"),
}

SECURITY_WORDS = {
    MailSecurity.TLS: Text("TLS 加密", "TLS"),
    MailSecurity.STARTTLS: Text("STARTTLS 加密", "STARTTLS"),
    MailSecurity.PLAIN: Text("不加密（仅限无密码的内部服务器）", "None (an internal server without a password)"),
}

KIND_WORDS = {
    "approval": Text("审批", "Approvals"),
    "duty": Text("职责", "Duties"),
    "regulation": Text("制度", "Regulation"),
    "order": Text("进货申请", "Requests"),
    "credit": Text("信用", "Credit"),
    "hold": Text("供货控制", "Holds"),
    "channel": Text("通知渠道", "Channels"),
}
"""What notices are about, in the order of pages. A notice of another kind stands under `OTHER_WORDS`."""

ABOUT_CHANNELS = "channel"
SENT_KINDS = tuple(kind for kind in KIND_WORDS if kind != ABOUT_CHANNELS)
"""What a channel may be chosen for. What is said about a broken channel stays in the inbox."""

OTHER = "other"
OTHER_WORDS = Text("其他", "Other")

TROUBLES = {
    "timeout": Text("10 秒内没有应答", "No answer within ten seconds"),
    "certificate": Text("对方的证书不可信", "The server's certificate is not trusted"),
    "encryption": Text("没能建立加密连接", "No encrypted connection came about"),
    "unknown_host": Text("找不到服务器，请核对名称和网络", "The server is not found; check its name and the network"),
    "connection_refused": Text("服务器拒绝连接", "The server refused the connection"),
    "broken": Text("连接中断", "The connection broke"),
    "mail_broken": Text("邮件服务器没有照约定应答", "The mail server did not answer as it should"),
    "too_long": Text("应答过长", "The answer is too long"),
    "unreadable_answer": Text("应答无法识别", "The answer can't be understood"),
    "unreadable_message": Text("消息内容无法写出", "The message can't be written"),
    "no_address": Text("收件人已没有邮箱", "The person has no address any more"),
    "wrong_address": Text("地址不在允许之列，未发送", "The address is not allowed; nothing was sent"),
    "restored": Text("系统曾恢复到较早时点，可能已发过，未再发送", "The system was restored; it may have gone out, so not sent again"),
    "switched_off": Text("渠道已停用", "The channel was switched off"),
}
"""What went wrong before a service could answer. What a service says itself is kept as it was said, beside its code."""

SENDINGS: StateTable[SendingState, SendingVerb] = StateTable(
    {
        (SendingState.WAITING, SendingVerb.SEND): SendingState.SENT,
        (SendingState.WAITING, SendingVerb.FAIL): SendingState.FAILED,
        (SendingState.WAITING, SendingVerb.GIVE_UP): SendingState.GIVEN_UP,
        (SendingState.FAILED, SendingVerb.SEND): SendingState.SENT,
        (SendingState.FAILED, SendingVerb.FAIL): SendingState.FAILED,
        (SendingState.FAILED, SendingVerb.GIVE_UP): SendingState.GIVEN_UP,
    },
    {
        SendingState.WAITING: Text("待发送", "Waiting"),
        SendingState.SENT: Text("已发送", "Sent"),
        SendingState.FAILED: Text("未成功，将重试", "Failed, will be tried again"),
        SendingState.GIVEN_UP: Text("已放弃", "Given up"),
        SendingVerb.SEND: Text("发送", "Send"),
        SendingVerb.FAIL: Text("记未成功", "Fail"),
        SendingVerb.GIVE_UP: Text("放弃", "Give up"),
    },
)
OPEN_STATES = (SendingState.WAITING, SendingState.FAILED)
