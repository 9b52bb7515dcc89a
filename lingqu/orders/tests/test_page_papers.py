"""The page of a request that needs a stamped contract: download, hand in, countersign; to the two firms' people and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingqu.documents.queries import attachments_of
from lingqu.orders.actions import Outcome
from lingqu.orders.models import Order
from lingqu.orders.states import OrderState
from lingqu.orders.tests.conftest import CHINESE, LATIN, says, spoken, without_names
from lingqu.partners.models import Partner
from tests.world import World

Desk = Callable[..., Client]
PDF = b"%PDF-1.7 stamped"
STAGES = ("papers", "held", "accepted")


def scan(name: str = "合同.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def waiting(world: World) -> Outcome:
    Partner.objects.filter(pk=world.partners["agent"].pk).update(contract_until=date(2026, 10, 31))
    return world.submit("agent", {0: 10, 1: 5})


def page_of(browser: Client, outcome: Outcome) -> str:
    answer = browser.get(f"/orders/{outcome.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def hand_in(browser: Client, outcome: Outcome, *files: SimpleUploadedFile) -> object:
    return browser.post(f"/orders/{outcome.number}/hand-in", {"files": files or (scan(),)})


def brought_to(stage: str, waiting: Outcome, at_desk: Desk) -> None:
    if stage in ("held", "accepted"):
        hand_in(at_desk("agent_owner"), waiting)
    if stage == "accepted":
        sent = {"ship_on": "2026-11-27", "sent_by_post": "SF1", "countersigned": scan("back.pdf")}
        assert at_desk("representative").post(f"/orders/{waiting.number}/accept", sent).status_code == 302


def test_the_page_says_what_is_missing_and_previews_the_decision(world: World, waiting: Outcome, at_desk: Desk) -> None:
    page = page_of(at_desk("agent_owner"), waiting)
    assert says(page, "待盖章合同")
    assert says(page, "本单须附盖章合同。下载合同，盖章，交回扫描件或照片")
    assert says(page, "试算")
    assert says(page, "本单另附盖章合同")
    assert "answer-form" not in page
    assert f'action="/orders/{waiting.number}/hand-in"' in page
    assert "答复时限" not in page.split("</header>")[0]


def test_the_contract_is_a_pdf_with_its_number(world: World, waiting: Outcome, at_desk: Desk) -> None:
    answer = at_desk("agent_owner").get(f"/orders/{waiting.number}/contract")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert waiting.number.replace("JH", "HT") in answer["Content-Disposition"]
    again = at_desk("representative").get(f"/orders/{waiting.number}/contract")
    assert again.content == answer.content


def test_a_covered_request_has_no_contract_and_its_acceptance_a_note(world: World, at_desk: Desk) -> None:
    covered = world.submit("agent", {0: 10})
    browser = at_desk("agent_owner")
    assert browser.get(f"/orders/{covered.number}/contract").status_code == 404
    assert browser.get(f"/orders/{covered.number}/acceptance").status_code == 404
    world.accept(covered)
    note = browser.get(f"/orders/{covered.number}/acceptance")
    assert (note.status_code, note.content[:5]) == (200, b"%PDF-")
    assert says(page_of(browser, covered), "受理通知")
    assert says(page_of(browser, covered), "年度合同 DL-agent，至 2027-12-31 · 2026-11-23 发货")


def test_handed_in_it_is_held_and_the_clock_runs(world: World, waiting: Outcome, at_desk: Desk) -> None:
    browser = at_desk("agent_clerk")
    world.at += timedelta(hours=2)
    assert hand_in(browser, waiting).status_code == 302  # type: ignore[attr-defined]
    page = page_of(browser, waiting)
    assert says(page, "盖章合同已收，全部通过，已预占，答复时限开始计算。")
    assert says(page, "申请和合同 11-23 11:00 收齐，限 11-25 24:00")
    assert says(page, "剩 2 天 13 小时")
    assert says(page, "盖章合同收齐，开始计时，判定：全部通过")
    assert says(page, f"本单盖章合同 {waiting.number.replace('JH', 'HT')}")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("合同.docx", b"PK\x03\x04", "的内容不是 DOCX"),
        ("合同.pdf", b"<html><script>alert(1)</script>", "的内容不是 PDF"),
        ("合同.txt", "合同".encode(), "不是扫描件或照片，请交 PDF、PNG 或 JPEG"),
        ("合同.svg", b"<svg onload=alert(1)>", "类型不收"),
        ("合同.pdf", b"", "是空文件"),
    ],
)
def test_a_wrong_file_is_refused_at_its_field(world: World, waiting: Outcome, at_desk: Desk, name: str, content: bytes, said: str) -> None:
    answer = hand_in(at_desk("agent_owner"), waiting, scan(name, content))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert 'id="files-error"' in page
    assert says(page, said)
    assert Order.objects.get().state == "papers"


def test_six_files_are_too_many(world: World, waiting: Outcome, at_desk: Desk) -> None:
    answer = hand_in(at_desk("agent_owner"), waiting, *(scan(f"{page}.pdf", PDF + bytes([page])) for page in range(6)))
    assert says(answer.content.decode(), "最多 5 个附件")  # type: ignore[attr-defined]


def test_acceptance_without_the_contract_comes_back_filled_in(world: World, waiting: Outcome, at_desk: Desk) -> None:
    brought_to("held", waiting, at_desk)
    browser = at_desk("representative")
    answer = browser.post(f"/orders/{waiting.number}/accept", {"ship_on": "2026-12-03", "sent_by_post": "  "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="countersigned-error"' in page
    assert 'value="2026-12-03"' in page
    assert Order.objects.get().state == "held"


def test_the_partner_downloads_the_countersigned_contract(world: World, waiting: Outcome, at_desk: Desk) -> None:
    brought_to("accepted", waiting, at_desk)
    browser = at_desk("agent_owner")
    page = page_of(browser, waiting)
    assert says(page, "双方盖章件")
    assert says(page, "回签件已寄出 SF1")
    assert says(page, "交回双方盖章的合同")
    order = Order.objects.get()
    back = attachments_of("order", [order.pk])[order.pk][-1]
    answer = browser.get(f"/orders/{waiting.number}/files/{back.id}")
    assert (answer.content, answer["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    assert "hand-in" not in page


@pytest.mark.parametrize("name", ["other_agent_owner", "retailer_owner"])
def test_strangers_get_nothing(world: World, waiting: Outcome, at_desk: Desk, name: str) -> None:
    brought_to("accepted", waiting, at_desk)
    file = attachments_of("order", [Order.objects.get().pk])[Order.objects.get().pk][0]
    browser, own = at_desk(name), f"/orders/{waiting.number}/"
    got = [browser.get(f"{own}{where}").status_code for where in ("contract", "acceptance", f"files/{file.id}")]
    assert (got, browser.post(f"{own}hand-in", {"files": scan()}).status_code) == ([404, 404, 404], 404)


@pytest.mark.parametrize("where", ["0", "999999999999999999", "-1", "x", "1e3"])
def test_a_file_that_is_not_the_requests_is_not_found(world: World, waiting: Outcome, at_desk: Desk, where: str) -> None:
    assert at_desk("agent_owner").get(f"/orders/{waiting.number}/files/{where}").status_code == 404


def test_a_file_of_one_request_is_not_had_through_another(world: World, waiting: Outcome, at_desk: Desk) -> None:
    brought_to("held", waiting, at_desk)
    order = Order.objects.get()
    other = world.submit("other_agent", {0: 1})
    file = attachments_of("order", [order.pk])[order.pk][0]
    assert at_desk("other_agent_owner").get(f"/orders/{other.number}/files/{file.id}").status_code == 404


def test_the_form_takes_the_contract_along(world: World, waiting: Outcome, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    form = browser.get("/orders/new").content.decode()
    assert says(form, "本单须附盖章合同")
    sent = {"key": "with-contract", "buyer": "agent", f"copies-{world.products[0].pk}": "10", "shortage": "back_order"}
    wrong = browser.post("/orders/new", sent | {"files": scan("合同.pdf", b"no")})
    assert (wrong.status_code, Order.objects.count()) == (422, 1)
    assert 'id="files-error"' in wrong.content.decode()
    assert 'value="10"' in wrong.content.decode()
    assert browser.post("/orders/new", sent | {"files": scan()}).status_code == 302
    assert Order.objects.order_by("-id").first().state == OrderState.HELD.value  # type: ignore[union-attr]


def test_a_covered_partner_is_not_asked_for_one(world: World, at_desk: Desk) -> None:
    assert 'name="files"' not in at_desk("agent_owner").get("/orders/new").content.decode()


def test_the_list_and_the_home_page_say_what_it_waits_for(world: World, waiting: Outcome, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    assert says(browser.get("/orders/?group=papers").content.decode(), "收齐后计时")
    assert says(browser.get("/").content.decode(), "下载合同，盖章后交回")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", ["agent_owner", "representative"])
def test_one_language_is_not_mixed_with_the_other(world: World, waiting: Outcome, at_desk: Desk, stage: str, name: str) -> None:
    brought_to(stage, waiting, at_desk)
    english = without_names(spoken(at_desk(name, language="en").get(f"/orders/{waiting.number}/").content.decode()), world)
    assert not CHINESE.findall(english.replace("合同", "").replace("中文", "").replace("灵渠", "").replace("区域销售员", ""))
    chinese = without_names(spoken(at_desk(name).get(f"/orders/{waiting.number}/").content.decode()), world)
    assert set(LATIN.findall(chinese)) <= {"PDF", "JPEG", "PNG", "English", "pdf", "back", "Lingqu"}
