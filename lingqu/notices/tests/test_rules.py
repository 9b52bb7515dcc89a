"""Words that leave the product, where they may go, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lingqu.base.text import Text
from lingqu.notices.rules import (
    Message,
    NewChannel,
    address_problem,
    bot_post,
    channel_problems,
    clean,
    fit_bytes,
    free_at,
    mask_amounts,
    next_try,
    read_answer,
    shown_address,
    words_to_send,
)
from lingqu.notices.states import ChannelKind, MailSecurity

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=66ab"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0f6d-4c"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("欠款60,000.01元", "欠款***元"),
        ("¥1,234", "¥***"),
        ("12.5万元", "***元"),
        ("六万元整", "***元整"),
        ("叁拾万圆", "***圆"),
        ("约12.5 万", "约*** 万"),
        ("net 26,208.00 yuan", "net *** yuan"),
        ("人民币 3000", "人民币 ***"),
        ("RMB12000", "RMB***"),
        ("38,600.00，逾期 8 天", "***，逾期 8 天"),
        ("−5.00", "−***"),
        ("limit 300,000, free 2", "limit ***, free 2"),
        ("６万元", "***元"),
        ("40万册、1,153 册、1,153,000册", "40万册、1,153 册、1,153,000册"),
        ("QH26-101 依 M-19.55，2026-11-24 09:41，89.6%，10.50%，第 3 批，JH-2026-0012", ""),
    ],
)
def test_amounts_are_hidden_and_codes_dates_and_copies_stay(words: str, shown: str) -> None:
    assert mask_amounts(words) == (shown or words)


def test_a_text_says_what_it_is_about_where_and_by_which_mark() -> None:
    message = Message("k", "duty", Text("月报\n迟了", "Report\nlate"), Text("欠 5.00 元", "5.00 yuan"), "/duties/1", urgent=True)
    zh = words_to_send(message, language="zh", site="https://lingqu.example", mark="1a2b", for_group=True)
    assert zh == "【灵渠】【急】月报 迟了\n欠 *** 元\nhttps://lingqu.example/duties/1\n编号 1a2b"
    en = words_to_send(message, language="en", site="", mark="1a2b", for_group=False)
    assert en == "[Lingqu] [Urgent] Report late\n5.00 yuan\nNo. 1a2b"


def test_a_long_text_is_cut_in_the_middle_and_keeps_link_and_mark() -> None:
    cut = fit_bytes("题\n" + "长" * 3000 + "\nhttps://lingqu.example/x\n编号 1a2b", 2048)
    assert len(cut.encode()) <= 2048
    assert cut.startswith("题\n长")
    assert cut.endswith("长…\nhttps://lingqu.example/x\n编号 1a2b")
    assert fit_bytes("短", 2048) == "短"
    assert fit_bytes("长" * 3000, 2048) == "长" * 681 + "…"


def test_control_characters_and_half_characters_become_blanks() -> None:
    assert clean("a\x00b\u2028c\ud800d\ne\r\nf", 200) == "a b c d\ne\nf"
    assert clean("x" * 300, 200) == "x" * 199 + "…"


@pytest.mark.parametrize("link", ["orders/1", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/\n", "/" + "x" * 300])
def test_a_message_links_into_the_product_only(link: str) -> None:
    with pytest.raises(ValueError, match="path in the product"):
        Message("k", "duty", Text("月报", "Report"), link=link)


@pytest.mark.parametrize("key", ["", "x" * 121, "a\x00"])
def test_a_message_needs_a_key(key: str) -> None:
    with pytest.raises(ValueError, match="needs a key"):
        Message(key, "duty", Text("月报", "Report"))


@pytest.mark.parametrize(("kind", "address"), [(ChannelKind.WECOM, WECOM), (ChannelKind.DINGTALK, DINGTALK), (ChannelKind.FEISHU, FEISHU)])
def test_the_services_own_addresses_are_allowed(kind: ChannelKind, address: str) -> None:
    assert address_problem(kind, address, extra_hosts=()) is None
    assert address_problem(kind, address.replace("://", "://x@"), extra_hosts=()) is not None


@pytest.mark.parametrize(
    "address",
    [
        WECOM.replace("https", "http"),
        WECOM.replace("qq.com", "qq.com.evil.example"),
        WECOM.replace("qyapi.weixin.qq.com", "127.0.0.1"),
        WECOM.replace("qyapi.weixin.qq.com", "169.254.169.254"),
        WECOM.replace("qyapi.weixin.qq.com", "evil.example\\@qyapi.weixin.qq.com"),
        WECOM.replace("qyapi.weixin.qq.com", "evil.example#qyapi.weixin.qq.com"),
        WECOM.replace("qyapi.weixin.qq.com", "evil@qyapi.weixin.qq.com"),
        WECOM.replace(".com/", ".com:8443/"),
        WECOM.replace(".com/", ".com:x/"),
        WECOM.replace("/cgi-bin/webhook/send", "/cgi-bin/gettoken"),
        WECOM.replace("key=", "token="),
        WECOM + "&debug=1",
        WECOM + "\r\nX: y",
        WECOM.replace("key=", "key=钥"),
        WECOM + "x" * 500,
        "file:///etc/passwd",
        "https://[::1",
        "",
        DINGTALK,
    ],
)
def test_every_other_address_is_refused(address: str) -> None:
    assert address_problem(ChannelKind.WECOM, address, extra_hosts=("127.0.0.1:8123",)) is not None


def test_an_installation_may_allow_another_host_but_only_with_its_port() -> None:
    allowed = {"127.0.0.1:8123", "bots.internal"}
    assert address_problem(ChannelKind.WECOM, "http://127.0.0.1:8123/cgi-bin/webhook/send?key=x", extra_hosts=allowed) is None
    assert address_problem(ChannelKind.WECOM, "https://bots.internal/cgi-bin/webhook/send?key=x", extra_hosts=allowed) is None
    assert address_problem(ChannelKind.WECOM, "http://127.0.0.1:22/cgi-bin/webhook/send?key=x", extra_hosts=allowed) is not None


def test_of_a_robot_only_host_and_end_are_shown() -> None:
    assert shown_address(ChannelKind.WECOM, WECOM) == "qyapi.weixin.qq.com ····7xxx"
    assert shown_address(ChannelKind.EMAIL, "a@b.example") == "a@b.example"


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, set()),
        ({"port": 22}, {"port"}),
        ({"host": "a b"}, {"host"}),
        ({"host": ""}, {"host"}),
        ({"address": "nobody"}, {"address"}),
        ({"address": "a@b.example\r\nBcc: c@d.example"}, {"address"}),
        ({"secret": ""}, {"secret"}),
        ({"security": MailSecurity.PLAIN}, {"security"}),
        ({"security": MailSecurity.PLAIN, "secret": "", "user": ""}, set()),
        ({"name": " "}, {"name"}),
    ],
)
def test_what_is_wrong_with_a_mail_channel_is_said_by_field(more: dict[str, object], fields: set[str]) -> None:
    usual: dict[str, object] = {
        "host": "smtp.example.com",
        "port": 465,
        "user": "u",
        "secret": "p",
        "address": "a@b.example",
        "name": "邮箱",
    }
    assert set(channel_problems(NewChannel(kind=ChannelKind.EMAIL, **(usual | more)), extra_hosts=())) == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "status", "body", "taken", "code"),
    [
        (ChannelKind.WECOM, 200, b'{"errcode":0,"errmsg":"ok"}', True, "0"),
        (ChannelKind.WECOM, 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', False, "93000"),
        (ChannelKind.WECOM, 200, b'{"code":0}', False, "None"),
        (ChannelKind.WECOM, 200, b'{"errcode":false}', False, "False"),
        (ChannelKind.WECOM, 200, b'{"errcode":"0"}', False, "0"),
        (ChannelKind.WECOM, 500, b'{"errcode":0}', False, "HTTP 500"),
        (ChannelKind.WECOM, 302, b"", False, "HTTP 302"),
        (ChannelKind.DINGTALK, 200, b"<html>", False, "unreadable_answer"),
        (ChannelKind.DINGTALK, 200, b"[0]", False, "unreadable_answer"),
        (ChannelKind.DINGTALK, 200, b"\xff", False, "unreadable_answer"),
        (ChannelKind.FEISHU, 200, b'{"code":0}', True, "0"),
        (ChannelKind.FEISHU, 200, b'{"StatusCode":0}', True, "0"),
        (ChannelKind.FEISHU, 200, b'{"StatusCode":0,"code":19021,"msg":"sign match fail"}', False, "19021"),
    ],
)
def test_only_the_services_own_zero_is_success(kind: ChannelKind, status: int, body: bytes, taken: bool, code: str) -> None:
    answer = read_answer(kind, status, body)
    assert (answer.taken, answer.code) == (taken, code)


def test_nobody_can_call_a_whole_feishu_group_through_a_title() -> None:
    body = bot_post(ChannelKind.FEISHU, '<at user_id="all">', address=FEISHU, secret="", at=AT).body.decode()
    assert "<" not in body


def test_a_message_is_tried_again_later_and_later_for_a_day() -> None:
    moments, at = [], AT
    for attempts in range(1, 100):
        again = next_try(attempts, first_at=AT, at=at)
        if again is None:
            break
        moments.append(int((again - AT).total_seconds() // 60))
        at = again
    assert moments == [1, 6, 21, 81, 441, 801, 1161]


def test_a_channel_rests_when_it_was_used_as_often_as_it_may() -> None:
    tries = [AT - timedelta(seconds=second) for second in range(20)]
    assert free_at(ChannelKind.WECOM, tries[:19], at=AT) == AT
    assert free_at(ChannelKind.WECOM, tries, at=AT) == tries[19] + timedelta(seconds=62)
    assert free_at(ChannelKind.FEISHU, [AT] * 5, at=AT) == AT + timedelta(seconds=3)
