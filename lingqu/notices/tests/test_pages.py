"""The inbox, one's own settings, and the channels, on pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from lingqu.audit.models import Fact
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.models import Channel, Notice, Reach, Sending
from lingqu.notices.states import ChannelKind
from lingqu.notices.tests.conftest import Hire, send_all, told
from lingqu.notices.tests.fakes import KEY, SECRET, MailServer
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-not-to-be-seen"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=66ab-not-to-be-seen"
STAFF = ("representative", "finance", "agent_owner", "retailer_clerk")


def tell(world: World, *names: str, key: str = "approval:1", **more: object) -> None:
    notify(told(key, **more), to=[world.people[name].pk for name in names], at=world.at)


def robot_form(**more: str) -> dict[str, str]:
    return {"kind": "dingtalk", "name": "渠道部群", "address": DINGTALK, "secret": SECRET, "language": "zh"} | more


def mail_form(**more: str) -> dict[str, str]:
    usual = {"kind": "email", "name": "公司邮箱", "address": "a@qinghe.example", "host": "smtp.qinghe.example", "port": "465"}
    return usual | {"security": "tls", "user": "a", "secret": SECRET} | more


def test_the_bell_counts_and_the_inbox_tells(world: World, at_desk: SitDown) -> None:
    tell(world, "director", urgent=True)
    page = at_desk("director").get("/notices/").content.decode()
    words = spoken(page)
    assert "收件箱，1 件未读" in words
    assert "急 请审批 济南岱青 的特批 60,000.01 元 超出额度 0.01 元，依 M-19.5。 未读 审批" in words
    assert "未读 1 件，共 1 件" in words
    assert "审批 · 11-23 09:00" in words
    assert "未读" not in spoken(at_desk("manager").get("/orders/").content.decode())


def test_an_empty_inbox_says_what_will_come(world: World, at_desk: SitDown) -> None:
    assert "轮到您审批、职责临近或迟了" in spoken(at_desk("agent_owner").get("/notices/").content.decode())


def test_opening_a_notice_marks_it_and_leads_to_the_thing(world: World, at_desk: SitDown) -> None:
    tell(world, "director", "manager")
    notice = Notice.objects.get(person=world.people["director"])
    answer = at_desk("director").post(f"/notices/{notice.pk}/open")
    assert answer["Location"] == "/orders/JH-2026-0012/"
    assert list(Notice.objects.filter(read_at=None).values_list("person__name", flat=True)) == ["manager"]


def test_anothers_notice_can_neither_be_read_nor_marked(world: World, at_desk: SitDown) -> None:
    tell(world, "director")
    notice = Notice.objects.get()
    stranger = at_desk("agent_owner")
    assert "特批" not in stranger.get("/notices/").content.decode()
    assert stranger.post(f"/notices/{notice.pk}/open").status_code == 404
    stranger.post("/notices/read", {"notice": [notice.pk]})
    stranger.post("/notices/read", {"up_to": notice.pk})
    assert Notice.objects.filter(read_at=None).count() == 1


def test_one_and_all_can_be_marked_read(world: World, at_desk: SitDown) -> None:
    for number in range(3):
        tell(world, "director", key=f"n{number}")
    browser = at_desk("director")
    browser.post("/notices/read", {"notice": Notice.objects.earliest("id").pk})
    assert Notice.objects.filter(read_at=None).count() == 2
    browser.post("/notices/read", {"up_to": Notice.objects.latest("id").pk})
    assert Notice.objects.filter(read_at=None).count() == 0


def test_kinds_can_be_picked_out(world: World, at_desk: SitDown) -> None:
    tell(world, "director", key="a", kind="duty", title=Text("月报迟了", "Report late"))
    tell(world, "director", key="b", kind="invented", title=Text("别的事", "Other thing"))
    browser = at_desk("director")
    assert "全部 2 职责 1 其他 1" in spoken(browser.get("/notices/").content.decode())
    assert "别的事" not in browser.get("/notices/?kind=duty").content.decode()
    assert "月报迟了" not in browser.get("/notices/?kind=other").content.decode()
    assert "没有这一类通知" in browser.get("/notices/?kind=hold").content.decode()


def test_a_long_inbox_has_pages_and_no_more_statements(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    tell(world, "director", key="one")
    browser.get("/notices/")
    with counted() as one:
        browser.get("/notices/")
    for number in range(35):
        tell(world, "director", key=f"n{number}")
    with counted() as thirty:
        page = browser.get("/notices/").content.decode()
    assert len(thirty) <= len(one)
    first = Notice.objects.order_by("-id")[29].pk
    assert f"?after=u{first}" in page
    assert browser.get(f"/notices/?after=u{first}").content.decode().count('class="inbox-unread"') == 6


@pytest.mark.parametrize("address", ["?after=x", "?after=u0", "?after=u99999999999999999999999", "?kind=%00", "?kind=x"])
def test_nonsense_in_the_address_is_no_error(world: World, at_desk: SitDown, address: str) -> None:
    assert at_desk("director").get(f"/notices/{address}").status_code in (200, 404)


@pytest.mark.parametrize("sent", [{"notice": "x"}, {"notice": "9" * 30}, {"up_to": "-1"}, {"up_to": "\x00"}, {"notice": ["1"] * 200}])
def test_nonsense_sent_is_refused(world: World, at_desk: SitDown, sent: dict[str, object]) -> None:
    assert at_desk("director").post("/notices/read", sent).status_code == 404  # type: ignore[arg-type]
    assert at_desk("director").post(f"/notices/{10**30}/open").status_code == 404


def test_everybody_keeps_the_own_address_and_the_record_does_not(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    answer = browser.post(
        "/notices/settings", {"email": "qin@example.com", "wants_email": "on", "language": "en", "password": "a-long-password"}, follow=True
    )
    assert 'value="qin@example.com"' in answer.content.decode()
    reach = Reach.objects.get()
    assert (reach.person.name, reach.email, reach.wants_email, reach.language) == ("agent_owner", "qin@example.com", True, "en")
    assert "qin@example.com" not in str(list(Fact.objects.filter(verb="set_reach").values()))
    wrong = browser.post("/notices/settings", {"email": "nobody", "wants_email": "on"})
    assert (wrong.status_code, Reach.objects.get().email) == (422, "qin@example.com")
    assert 'value="nobody"' in wrong.content.decode()
    assert "qin@example.com" not in at_desk("director").get("/notices/settings").content.decode()


@pytest.mark.parametrize("name", STAFF)
def test_strangers_see_no_channels_and_change_none(world: World, at_desk: SitDown, hire: Hire, name: str) -> None:
    _, channel = hire(ChannelKind.WECOM)
    browser = at_desk(name)
    for address in ("", "/new", f"/{channel.pk}"):
        answer = browser.get(f"/notices/channels{address}")
        assert answer.status_code == 403
        assert channel.name not in answer.content.decode()
    for address in ("/new", f"/{channel.pk}"):
        assert browser.post(f"/notices/channels{address}", robot_form()).status_code == 403
    for address in ("switch", "try"):
        assert browser.post(f"/notices/channels/{channel.pk}/{address}").status_code == 403
    assert browser.get("/notices/channels/tests/1").status_code == 403
    assert (Channel.objects.get().name, Channel.objects.get().active, Sending.objects.count()) == (channel.name, True, 0)
    assert "通知渠道" not in browser.get("/notices/").content.decode()


def test_a_robot_is_added_and_its_secrets_are_never_seen_again(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    pages = [browser.post("/notices/channels/new", robot_form(), follow=True)]
    channel = Channel.objects.get()
    assert (channel.address, channel.secret, channel.made_by.name, channel.firm_id) == (DINGTALK, SECRET, "manager", world.hq.pk)
    pages += [browser.get("/notices/channels"), browser.get(f"/notices/channels/{channel.pk}")]
    pages += [browser.post(f"/notices/channels/{channel.pk}", robot_form(name=""))]
    pages += [browser.post("/notices/channels/new", robot_form(name="", address=WECOM))]
    for page in pages:
        text = page.content.decode()
        assert SECRET not in text
        assert "not-to-be-seen" not in text
    assert "oapi.dingtalk.com ····seen" in spoken(pages[1].content.decode())
    told_record = str(list(Fact.objects.filter(subject="channel").values()))
    assert "not-to-be-seen" not in told_record
    assert SECRET not in told_record


def test_a_robot_s_form_that_comes_back_changed_is_neither_done_nor_shown(world: World, at_desk: SitDown) -> None:
    """Back in the browser, another secret, sent again: the page that asks would hold the secret in hidden fields."""
    browser, key = at_desk("director"), "a" * 32
    browser.post("/notices/channels/new", robot_form() | {"form_key": key})
    told = browser.post("/notices/channels/new", robot_form() | {"form_key": key, "secret": "SEC-another-one"}, follow=True)
    page = told.content.decode()
    assert (told.status_code, "这次填写的没有办理" in page, "SEC-another-one" in page, SECRET in page) == (200, True, False, False)
    assert Channel.objects.get().secret == SECRET


def test_what_is_wrong_stands_at_its_field(world: World, at_desk: SitDown) -> None:
    answer = at_desk("director").post(
        "/notices/channels/new", robot_form(name="", address="https://evil.example/robot/send?access_token=1")
    )
    assert answer.status_code == 422
    words = spoken(answer.content.decode())
    assert "只能发往 https://oapi.dingtalk.com/。" in words
    assert "请填写名称" in words
    assert Channel.objects.count() == 0


def test_an_empty_secret_stays_as_it_is(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    browser.post("/notices/channels/new", robot_form())
    place = f"/notices/channels/{Channel.objects.get().pk}"
    browser.post(place, {"name": "新名", "language": "en", "kinds": ["duty", "invented"]})
    channel = Channel.objects.get()
    assert (channel.name, channel.address, channel.secret, channel.kinds, channel.language) == ("新名", DINGTALK, SECRET, ["duty"], "en")
    browser.post(place, {"name": "新名", "address": WECOM})
    assert Channel.objects.get().address == DINGTALK, "a channel stays of its kind"


def test_a_kept_password_goes_to_no_other_server(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    browser.post("/notices/channels/new", mail_form())
    place = f"/notices/channels/{Channel.objects.get().pk}"
    for moved in ({"host": "smtp.evil.example"}, {"port": "587"}, {"user": "b"}, {"security": "starttls"}, {"security": "plain"}):
        assert browser.post(place, mail_form(secret="", **moved)).status_code == 422
    assert Channel.objects.get().host == "smtp.qinghe.example"
    assert browser.post(place, mail_form(secret="another", host="smtp.other.example")).status_code == 302
    assert (Channel.objects.get().host, Channel.objects.get().secret) == ("smtp.other.example", "another")
    assert browser.post(place, mail_form(secret="", host="smtp.third.example", user="")).status_code == 302
    assert Channel.objects.get().secret == ""


def test_a_test_message_goes_by_the_job_and_its_result_is_shown(world: World, at_desk: SitDown, hire: Hire) -> None:
    robot, channel = hire(ChannelKind.FEISHU)
    browser = at_desk("manager")
    place = browser.post(f"/notices/channels/{channel.pk}/try")["Location"]
    sending = Sending.objects.get()
    assert place == f"{reverse('channels')}?test={sending.pk}"
    waiting = browser.get(place).content.decode()
    assert f'hx-get="/notices/channels/tests/{sending.pk}"' in waiting
    send_all(world.at)
    result = browser.get(f"/notices/channels/tests/{sending.pk}").content.decode()
    assert "已发送" in result
    assert "hx-get" not in result
    assert robot.taken == [f"【灵渠】测试消息\n收到即说明渠道可用。群消息隐藏金额：*** 元。\n编号 {str(sending.stable_id)[:8]}"]
    assert "正常" in spoken(browser.get("/notices/channels").content.decode())


def test_a_test_that_fails_says_why_and_is_not_repeated(world: World, at_desk: SitDown, hire: Hire) -> None:
    robot, channel = hire(ChannelKind.DINGTALK, ours="SECwrong")
    browser = at_desk("manager")
    place = browser.post(f"/notices/channels/{channel.pk}/try")["Location"]
    send_all(world.at)
    send_all(world.at + timedelta(hours=2))
    assert robot.refused == [310000]
    words = spoken(browser.get(place).content.decode())
    assert "未发出 测试消息" in words
    assert "对方应答 310000" in words
    assert KEY not in words
    assert not Notice.objects.exists()


def test_a_test_mail_goes_to_the_own_address(world: World, at_desk: SitDown, post_office: tuple[MailServer, Channel]) -> None:
    server, channel = post_office
    browser = at_desk("manager")
    assert "请先在“通知设置”里填写您的邮箱" in spoken(browser.post(f"/notices/channels/{channel.pk}/try", follow=True).content.decode())
    browser.post("/notices/settings", {"email": "lin@example.com", "language": "zh", "password": "a-long-password"})
    browser.post(f"/notices/channels/{channel.pk}/try")
    send_all(world.at)
    assert [to for to, _ in server.mails] == ["lin@example.com"]


def test_a_channel_is_switched_off_and_on(world: World, at_desk: SitDown, hire: Hire) -> None:
    _, channel = hire(ChannelKind.WECOM)
    browser = at_desk("director")
    assert "已停用" in spoken(browser.post(f"/notices/channels/{channel.pk}/switch", follow=True).content.decode())
    assert "已停用，请先启用" in spoken(browser.post(f"/notices/channels/{channel.pk}/try", follow=True).content.decode())
    browser.post(f"/notices/channels/{channel.pk}/switch", {"active": "yes"})
    assert Channel.objects.get().active is True


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole_in_both_languages(world: World, at_desk: SitDown, hire: Hire, language: str) -> None:
    _, channel = hire(ChannelKind.DINGTALK, ours="SECwrong")
    browser = at_desk("manager", language=language)
    empty = browser.get("/notices/").content.decode()
    tell(world, "manager", title=Text("题", "Title"), body=Text("文", "Body"))
    test = browser.post(f"/notices/channels/{channel.pk}/try")["Location"]
    send_all(world.at)
    pages = [empty] + [
        browser.get(place).content.decode()
        for place in (
            "/notices/", "/notices/settings", "/notices/channels", test, "/notices/channels/new", "/notices/channels/new?kind=email",
            "/notices/channels/new?kind=feishu", f"/notices/channels/{channel.pk}",
        )
    ]  # fmt: skip
    shown = (channel.name, "127.0.0.1 ····-see", "oapi.dingtalk.com", KEY, "refused for", "Webhook", "webhook", "SMTP", "STARTTLS", "TLS")
    foreign = (*shown, "错误", "EN", "https", "starts", "中文", "English", "name@example.com", "may-see", "hidden")
    for page in pages:
        assert of_the_other_language(page, language, world, *foreign) == []
