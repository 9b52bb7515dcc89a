"""The pages of claims: a preview with its numbers, words at the row, lists that are pasted or sent, and who is told what."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lingqu.claims.models import PriceClaim
from lingqu.claims.tests.things import answered, claim, cut, shipped_before
from tests.pages import SitDown, counted, spoken
from tests.world import World

NEW = "/price-claims/new"


def workbook(rows: list[list[str | int]]) -> SimpleUploadedFile:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    page = book.add_worksheet()
    for number, cells in enumerate(rows):
        page.write_row(number, 0, cells)
    book.close()
    return SimpleUploadedFile("stock.xlsx", made.getvalue())


@pytest.fixture
def fallen(world: World) -> World:
    """The first title fell from 96 to 80 today, and the agent was shipped 100 copies of it ten days ago."""
    shipped_before(world, {0: 100})
    cut(world, 0, "80")
    return world


def sent(world: World, *rows: tuple[str, str], **more: str) -> dict[str, str]:
    typed = {"partner": str(world.firms["agent"].pk)}
    for place, (title, copies) in enumerate(rows):
        typed |= {f"rows-{place}-title": title, f"rows-{place}-copies": copies}
    return typed | more


def test_the_preview_shows_numbers_and_clause_and_stores_nothing(fallen: World, at_desk: SitDown) -> None:
    page = at_desk("agent_owner", language="en")
    shown = page.post(NEW, sent(fallen, ("QH26-100", "40"), ("QH26-101", "5"), preview="1"))
    words = spoken(shown.content.decode())
    assert shown.status_code == 200
    assert "40 × 16.00 × 65%" in words
    assert "416.00" in words
    assert "its list price never fell." in words
    assert "M-17.1" in words
    assert 'value="QH26-100"' in shown.content.decode()
    assert PriceClaim.objects.count() == 0


def test_a_refused_line_is_told_at_its_row_and_nothing_is_lost(fallen: World, at_desk: SitDown) -> None:
    page = at_desk("agent_owner", language="en")
    for rows, told in (
        ((("QH26-100", "40"), ("QH26-101", "5")), "QH26-101 图集1: its list price never fell."),
        ((("QH26-100", "40"), ("NOPE", "5")), "There is no title “NOPE”."),
        ((("QH26-100", "40"), ("QH26-101", "-1")), "must lie between 1 and 1,000,000"),
        ((("QH26-100", "40"), ("QH26-100", "41")), "A title stands on one line."),
    ):
        answer = page.post(NEW, sent(fallen, *rows, note="x"))
        html = answer.content.decode()
        assert answer.status_code == 422
        second = html.split('id="id_rows-1-title"')[1].split("</tr>")[0]
        assert told in spoken(second.replace("&#x27;", "'")), rows
        assert 'value="QH26-100"' in html
    assert PriceClaim.objects.count() == 0


def test_a_pasted_list_fills_the_table(fallen: World, at_desk: SitDown) -> None:
    page = at_desk("agent_owner")
    shown = page.post(NEW, sent(fallen, ("QH26-102", "7"), paste="QH26-100 40册\nQH26-101\t5\n")).content.decode()
    for place, title, copies in ((0, "QH26-102", "7"), (1, "QH26-100", "40"), (2, "QH26-101", "5")):
        assert f'name="rows-{place}-title" value="{title}"' in shown
        assert f'name="rows-{place}-copies" value="{copies}"' in shown
    assert PriceClaim.objects.count() == 0


def test_a_sheet_fills_the_table_and_one_that_is_none_is_refused(fallen: World, at_desk: SitDown) -> None:
    page = at_desk("agent_owner", language="en")
    rows: list[list[str | int]] = [["库存清单"], ["编号", "名称", "数量"], ["QH26-100", "图集0", 40], ["QH26-102", "图集2", 3]]
    shown = page.post(NEW, sent(fallen) | {"list": workbook(rows)}).content.decode()
    assert 'name="rows-0-title" value="QH26-100"' in shown
    assert 'name="rows-1-copies" value="3"' in shown
    wrong = page.post(NEW, sent(fallen, ("QH26-100", "40")) | {"list": SimpleUploadedFile("stock.xlsx", b"no table")})
    assert wrong.status_code == 422
    assert 'value="QH26-100"' in wrong.content.decode()


def test_more_lines_than_a_claim_has_are_refused_with_what_was_pasted(fallen: World, at_desk: SitDown) -> None:
    many = "\n".join(f"T-{number} 1" for number in range(201))
    answer = at_desk("agent_owner", language="en").post(NEW, sent(fallen, paste=many))
    assert answer.status_code == 422
    assert "At most 200 rows" in answer.content.decode()
    assert "T-200 1" in answer.content.decode()


def test_a_claim_is_sent_back_revised_and_credited_by_pages(fallen: World, at_desk: SitDown) -> None:
    page = at_desk("agent_owner", language="en")
    made = page.post(NEW, sent(fallen, ("QH26-100", "40"), note="stock of today"))
    document = PriceClaim.objects.get()
    address = reverse("price_claim", args=[document.number])
    assert made.headers["Location"] == address
    assert "416.00" in spoken(page.get(address).content.decode())
    answered(fallen, document, "send_back")
    form = page.get(f"{address}revise").content.decode()
    assert 'name="rows-0-title" value="QH26-100"' in form
    assert 'name="rows-0-copies" value="40"' in form
    tried = spoken(page.post(f"{address}revise", sent(fallen, ("QH26-100", "30"), preview="1")).content.decode())
    assert "312.00" in tried
    assert page.post(f"{address}revise", sent(fallen, ("QH26-100", "30"))).status_code == 302
    document.refresh_from_db()
    assert (document.state, document.copies) == ("asked", 30)
    done = answered(fallen, document)
    shown = spoken(page.get(address).content.decode())
    assert done.credit
    assert done.credit.number in shown
    assert "Credited" in shown


def test_it_waits_for_who_decides_on_their_home(fallen: World, at_desk: SitDown) -> None:
    made = claim(fallen, {0: 40})
    assert "价格保护 40 册，416.00 元" in spoken(at_desk("manager").get("/").content.decode())
    assert made.approval
    assert at_desk("manager").get(reverse("approval", args=[made.approval.number])).status_code == 200


def test_the_credit_stands_on_the_partners_statement_and_page(fallen: World, at_desk: SitDown) -> None:
    made = answered(fallen, claim(fallen, {0: 40}))
    assert made.credit
    for who, address in (
        ("agent_owner", reverse("statement", args=["agent"]) + "?month=2026-11"),
        ("manager", reverse("statement", args=["agent"]) + "?month=2026-11"),
    ):
        shown = spoken(at_desk(who).get(address).content.decode())
        assert made.credit.number in shown
        assert "416.00" in shown
    partner = spoken(at_desk("manager").get(reverse("partner", args=["agent"])).content.decode())
    assert "416.00" in partner


def test_the_seller_must_say_for_whom(fallen: World, at_desk: SitDown) -> None:
    page = at_desk("representative", language="en")
    answer = page.post(NEW, sent(fallen, ("QH26-100", "40")) | {"partner": ""})
    assert answer.status_code == 422
    assert page.post(NEW, sent(fallen, ("QH26-100", "40"))).status_code == 302
    own = page.post(NEW, sent(fallen, ("QH26-100", "41")) | {"partner": str(fallen.firms["retailer"].pk)})
    assert own.status_code == 422


def test_the_page_takes_the_same_statements_with_one_line_and_with_three(fallen: World, at_desk: SitDown) -> None:
    shipped_before(fallen, {1: 10, 2: 10}, days=9)
    for place, price in ((1, "100"), (2, "16")):
        cut(fallen, place, price)
    page = at_desk("agent_owner")
    one, three = claim(fallen, {0: 1}), claim(fallen, {0: 2, 1: 2, 2: 2})
    taken = []
    for made in (one, one, three):
        with counted() as statements:
            page.get(reverse("price_claim", args=[made.number]))
        taken.append(len(statements))
    assert taken[1] == taken[2]


def test_titles_whose_price_fell_wait_in_the_form_and_those_left_empty_say_nothing(world: World, at_desk: SitDown) -> None:
    shipped_before(world, {0: 100, 1: 20, 2: 30})
    for place, price in ((0, "80"), (2, "16")):
        cut(world, place, price)
    page, day = at_desk("agent_owner"), f"{world.at.date()}"
    shown = page.get(NEW).context["typed"].rows
    assert [(row.initial["title"], f"{row.initial['cut_on']}") for row in shown.forms if row.initial] == [
        ("QH26-100", day),
        ("QH26-102", day),
    ]
    rows = {f"rows-{place}-{name}": words for place, code in enumerate(("QH26-100", "QH26-102")) for name, words in
            (("title", code), ("cut_on", day))}  # fmt: skip
    typed = {"partner": str(world.firms["agent"].pk), "rows-TOTAL_FORMS": "5"} | rows
    assert page.post(NEW, typed).status_code == 422
    page.post(NEW, typed | {"rows-1-copies": "30"})
    (line,) = PriceClaim.objects.get().lines.all()
    assert (line.product.code, line.stock) == ("QH26-102", 30)
    assert [row.initial["title"] for row in page.get(NEW).context["typed"].rows.forms if row.initial] == ["QH26-100"]


def test_the_seller_s_people_are_offered_what_fell_for_the_partner_that_they_came_from(fallen: World, at_desk: SitDown) -> None:
    page = at_desk("representative")
    partners = {name: fallen.firms[name].pk for name in ("agent", "other_agent", "retailer")}
    offered = {name: [row.initial["title"] for row in page.get(f"{NEW}?partner={pk}").context["typed"].rows.forms if row.initial]
               for name, pk in partners.items()}  # fmt: skip
    assert offered == {"agent": ["QH26-100"], "other_agent": [], "retailer": []}
    assert not any(row.initial for row in page.get(NEW).context["typed"].rows.forms)
