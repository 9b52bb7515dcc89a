"""A paper of a partner is renewed on a page, with scans, and the next request is judged by it (M-14.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingqu.documents.models import Attachment
from lingqu.orders.states import OrderState
from lingqu.partners.models import Partner, PartnerPaper
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/partners/agent/papers/"
SCAN = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def form(**more: object) -> dict[str, object]:
    return {"kind": "certificate", "number": "SQ-2027-8", "valid_from": "", "valid_until": "2027-12-31"} | more


def ended(world: World) -> Partner:
    """The agent's certificate ended yesterday."""
    Partner.objects.filter(pk=world.partners["agent"].pk).update(certified_until=world.at.date() - timedelta(days=1))
    return Partner.objects.get(pk=world.partners["agent"].pk)


def test_an_ended_certificate_is_renewed_and_the_next_request_passes(world: World, at_desk: SitDown) -> None:
    partner = ended(world)
    assert world.submit("agent", {0: 1}).state is OrderState.REFUSED
    browser = at_desk("manager")
    assert PAGE in browser.get("/partners/agent/").content.decode()
    answer = browser.post(PAGE, form(scans=SimpleUploadedFile("证书.png", SCAN, "image/png")))
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    partner.refresh_from_db()
    assert (partner.certificate, str(partner.certified_until)) == ("SQ-2027-8", "2027-12-31")
    assert world.submit("agent", {0: 1}).state is OrderState.HELD
    paper, file = PartnerPaper.objects.get(), Attachment.objects.get()
    shown = browser.get(PAGE).content.decode()
    assert "SQ-2027-8" in shown
    assert f'href="{PAGE}{paper.pk}/{file.pk}"' in shown
    assert browser.get(f"{PAGE}{paper.pk}/{file.pk}").content == SCAN


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "passport"}, "kind"), ({"number": ""}, "number"), ({"number": "9" * 41}, "number"), ({"valid_until": ""}, "valid_until"),
        ({"valid_until": "2027-13-01"}, "valid_until"), ({"valid_until": "1999-12-31"}, "valid_until"),
        ({"valid_from": "2028-01-01"}, "valid_until"), ({"valid_from": "\x00"}, ""),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    world: World, at_desk: SitDown, wrong: dict[str, str], field: str
) -> None:
    answer = at_desk("director").post(PAGE, form(**wrong))
    page = answer.content.decode()
    if not field:
        assert answer.status_code == 302
        return
    assert (answer.status_code, f'id="{field}-error"' in page, PartnerPaper.objects.count()) == (422, True, 0)
    assert ("SQ-2027-8" in page) == ("number" not in wrong)


def test_a_file_that_is_no_scan_is_refused_at_its_field_and_nothing_is_entered(world: World, at_desk: SitDown) -> None:
    sent = form(scans=SimpleUploadedFile("证书.png", b"MZ" + b"0" * 64, "image/png"))
    answer = at_desk("manager").post(PAGE, sent)
    assert (answer.status_code, 'id="scans-error"' in answer.content.decode()) == (422, True)
    assert (PartnerPaper.objects.count(), Attachment.objects.count()) == (0, 0)


def test_the_same_paper_again_is_the_one_that_is_kept(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    for _ in range(2):
        assert browser.post(PAGE, form()).status_code == 302
    assert PartnerPaper.objects.count() == 1


def test_a_partner_sees_its_own_papers_and_enters_none(world: World, at_desk: SitDown) -> None:
    at_desk("manager").post(PAGE, form(scans=SimpleUploadedFile("证书.png", SCAN, "image/png")))
    paper, file = PartnerPaper.objects.get(), Attachment.objects.get()
    own = at_desk("agent_owner")
    page = own.get(PAGE).content.decode()
    assert ("SQ-2027-8" in page, "登记续期" in page, own.get(f"{PAGE}{paper.pk}/{file.pk}").status_code) == (True, False, 200)
    assert own.post(PAGE, form()).status_code == 403
    for name in ("representative", "finance", "warehouse"):
        assert at_desk(name).post(PAGE, form()).status_code == 403
    stranger = at_desk("other_agent_owner")
    assert [stranger.get(address).status_code for address in (PAGE, f"{PAGE}{paper.pk}/{file.pk}")] == [404, 404]
    assert own.get(f"/partners/other_agent/papers/{paper.pk}/{file.pk}").status_code == 404
    assert at_desk("manager").get(f"/partners/other_agent/papers/{paper.pk}/{file.pk}").status_code == 404
    assert PartnerPaper.objects.count() == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_keeps_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    browser = at_desk("manager", language=language)
    browser.post(PAGE, form())
    assert of_the_other_language(browser.get(PAGE).content.decode(), language, world) == []


def test_thirty_papers_take_as_many_statements_as_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    browser.post(PAGE, form())
    browser.get(PAGE)
    with counted() as one:
        browser.get(PAGE)
    for number in range(29):
        browser.post(PAGE, form(number=f"SQ-{number}"))
    browser.get(PAGE)
    with counted() as many:
        page = browser.get(PAGE).content.decode()
    assert (len(many), spoken(page).count("SQ-")) == (len(one), 31)
