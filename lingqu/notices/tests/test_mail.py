"""Mail goes to everybody's own address, for those who want it."""

from __future__ import annotations

import email
from email import policy

import pytest

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.notices.actions import notify, set_reach
from lingqu.notices.models import Channel, Reach, Sending
from lingqu.notices.tests.conftest import send_all, told
from lingqu.notices.tests.fakes import MailServer
from tests.world import World

Office = tuple[MailServer, Channel]


def reach(world: World, name: str, *, wants: bool = True, language: str = "zh") -> None:
    set_reach(f"{name.replace('_', '-')}@example.com", wants_email=wants, language=language, by=world.who(name), at=world.at)  # type: ignore[arg-type]


def test_who_wants_mail_gets_it_at_the_own_address_in_the_own_language(world: World, post_office: Office) -> None:
    server, _ = post_office
    reach(world, "director")
    reach(world, "agent_owner", language="en")
    reach(world, "finance", wants=False)
    people = [world.people[name].pk for name in ("director", "agent_owner", "finance", "manager")]
    notify(told(), to=people, at=world.at)
    notify(told(), to=people, at=world.at)
    send_all(world.at)
    mails = {to: email.message_from_string(text, policy=policy.default) for to, text in server.mails}
    assert sorted(mails) == ["agent-owner@example.com", "director@example.com"]
    assert len(server.mails) == 2
    mail = mails["director@example.com"]
    assert mail["Subject"] == "【灵渠】请审批 济南岱青 的特批 60,000.01 元"
    assert mail["From"] == "lingqu@qinghe.example"
    stable_id = str(Sending.objects.get(person=world.people["director"]).stable_id)
    assert mail["Message-ID"] == f"<{stable_id}@qinghe.example>"
    assert mail.get_content().replace("\r\n", "\n") == f"超出额度 0.01 元，依 M-19.5。\n编号 {stable_id[:8]}\n"
    assert mails["agent-owner@example.com"]["Subject"] == "[Lingqu] Approve 济南岱青: 60,000.01 yuan"


def test_a_title_writes_no_headers(world: World, post_office: Office) -> None:
    server, _ = post_office
    reach(world, "director")
    notify(told(title=Text("题\r\nBcc: x@example.com\n\n文", "x")), to=[world.people["director"].pk], at=world.at)
    send_all(world.at)
    ((_, text),) = server.mails
    assert email.message_from_string(text, policy=policy.default)["Bcc"] is None


def test_an_address_that_the_server_does_not_know_is_a_failure(world: World, post_office: Office) -> None:
    server, _ = post_office
    server.unknown = {"director@example.com"}
    reach(world, "director")
    notify(told(), to=[world.people["director"].pk], at=world.at)
    send_all(world.at)
    sending = Sending.objects.get()
    assert (sending.state, sending.answer_code, sending.last_error) == ("failed", "SMTP 550", "no such mailbox")


def test_an_address_that_was_taken_back_is_not_written_to(world: World, post_office: Office) -> None:
    server, _ = post_office
    reach(world, "director")
    notify(told(), to=[world.people["director"].pk], at=world.at)
    set_reach("", wants_email=False, language="zh", by=world.who("director"), at=world.at)
    send_all(world.at)
    assert (server.mails, Sending.objects.get().answer_code) == ([], "no_address")


@pytest.mark.parametrize(
    "address", ["nobody", "a@b", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "名@b.example", "a" * 300]
)
def test_what_is_no_address_is_refused(world: World, address: str) -> None:
    with pytest.raises(Refusal) as refused:
        set_reach(address, wants_email=True, language="zh", by=world.who("director"), at=world.at)
    assert refused.value.field == "email"
    assert Reach.objects.count() == 0


def test_mail_without_an_address_is_refused(world: World) -> None:
    with pytest.raises(Refusal):
        set_reach("", wants_email=True, language="zh", by=world.who("director"), at=world.at)
