"""The credit desk: every figure is the sum of the documents behind it, now and looking back, and only the seller's people see it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal
from lingqu.base.sheets import read_table
from lingqu.credit.actions import (
    credit_batch,
    keep_view,
    propose_credit_change,
    raise_batch,
    reverse_receipt,
    review_line,
    withdraw_proposal,
)
from lingqu.credit.models import Application, Batch, CreditLine, DeskView, Receipt, SupplyHold
from lingqu.credit.rules import NewProposal
from lingqu.credit.states import CreditCause, ProposalKind
from lingqu.desk.queries import weekly_received
from lingqu.desk.queries.credit_desk import AGES, DeskRow, DeskTotals, added_up, desk_rows, open_documents
from lingqu.desk.tests.test_partner_pages import take_on_more
from lingqu.ledger.actions import lock_accounts, set_limit
from lingqu.orders.models import Order
from lingqu.organisation.models import Firm
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

ZERO = Decimal(0)


def owe(world: World, buyer: str) -> Batch:
    """A batch of 6,240.00 yuan, accepted and shipped today; its back-stop is the grade's."""
    asked = world.submit(buyer, {0: 100})
    world.accept(asked)
    world.ship(asked)
    return Batch.objects.get(document_id=asked.order)


def later(world: World, day: date) -> None:
    """Go to 09:00 of a day, and let the job look at the partners."""
    world.at += timedelta(days=(day - world.at.date()).days)
    for line in world.lines.values():
        review_line(line.pk, regulation=world.regulation, at=world.at)


def bounce(world: World, receipt: Receipt) -> None:
    """The bank takes the money back today."""
    reverse_receipt(
        receipt.pk, reason="银行退票", on=world.at.date(), regulation=world.regulation, by=world.who("finance"), at=world.at
    )  # fmt: skip


def look(world: World, on: date | None = None) -> list[DeskRow]:
    """The desk of the publisher, now or as of the end of a past day."""
    return desk_rows(world.hq.pk, on=on or world.at.date(), past=on is not None, tolerance_days=0)


def mixed(world: World) -> None:
    """Batches not due, due and long due, money in part, money for no batch, and something held."""
    first = owe(world, "other_agent")
    assert first.backstop_due_on
    later(world, first.backstop_due_on + timedelta(days=40))
    owe(world, "agent")
    world.pay("agent", "1000.00")
    world.pay("cash_agent", "500.00")
    world.pay("other_agent", "240.00")
    world.submit("agent", {0: 1})


def from_documents(world: World) -> DeskTotals:
    """The same figures, added up one document at a time: batches less what was applied, receipts less what was applied of them."""
    lines = list(CreditLine.objects.filter(seller=world.hq))
    today = world.at.date()
    ages = dict.fromkeys(AGES, ZERO)
    used = held = overdue_sum = owed = unapplied = prepaid = limit = ZERO
    for line in lines:
        rest = ZERO
        for batch in Batch.objects.filter(line=line):
            left = batch.value - sum((one.amount for one in Application.objects.filter(batch=batch)), ZERO)
            days = [day for day in (batch.triggered_due_on, batch.backstop_due_on) if day]
            late = (today - min(days)).days if days else 0
            limits = (("not_due", 0), ("d30", 30), ("d60", 60), ("d90", 90), ("d180", 180))
            ages[next((age for age, most in limits if late <= most), "over")] += left
            overdue_sum += left if late > 0 else ZERO
            rest += left
        came = sum((one.amount for one in Receipt.objects.filter(line=line, state="entered")), ZERO)
        went = sum((one.amount for one in Application.objects.filter(batch__line=line, receipt__isnull=False)), ZERO)
        waits = sum((one.net for one in Order.objects.filter(seller=world.hq, buyer=line.buyer, state="held")), ZERO)
        limit += line.account.running.limit
        owed, unapplied = owed + rest, unapplied + came - went
        if not line.account.running.limit and rest - came + went + waits <= 0:
            prepaid += came - went - rest
        else:
            used, held = used + rest - came + went, held + waits
    return DeskTotals(
        partners=len(lines), limit=limit, used=used, held=held, overdue=overdue_sum, owed=owed, unapplied=unapplied, prepaid=prepaid,
        disputed=ZERO, ages=tuple(ages.values()),
    )  # fmt: skip


def test_every_figure_is_the_sum_of_its_documents(world: World) -> None:
    mixed(world)
    told = added_up(look(world))
    assert told == from_documents(world)
    assert told.overdue == told.ages[2] == Decimal("6000.00")
    assert (told.prepaid, told.held, told.ages[0]) == (Decimal("500.00"), Decimal("62.40"), Decimal("5240.00"))
    assert told.used == told.owed - told.unapplied + told.prepaid


@pytest.mark.parametrize("damage", ["batch", "receipt", "application", "due"])
def test_a_damaged_document_is_seen(world: World, damage: str) -> None:
    """The control: each kind of document that is changed behind the product's back parts the two sums."""
    mixed(world)
    if damage == "batch":
        Batch.objects.filter(line=world.lines["agent"]).update(value=Decimal("6240.01"), applied=Decimal("1000.00"))
    elif damage == "receipt":
        Receipt.objects.filter(line=world.lines["cash_agent"]).update(amount=Decimal("499.99"))
    elif damage == "application":
        Application.objects.filter(batch__line=world.lines["other_agent"]).update(amount=Decimal("240.01"))
    else:
        CreditLine.objects.filter(pk=world.lines["cash_agent"].pk).update(unapplied=Decimal("500.01"))
    assert added_up(look(world)) != from_documents(world)


@pytest.mark.parametrize("age", ["", "overdue", *AGES])
def test_the_batches_behind_a_figure_have_its_sum(world: World, age: str) -> None:
    mixed(world)
    told = added_up(look(world))
    figure = {"": told.owed, "overdue": told.overdue, **dict(zip(AGES, told.ages, strict=True))}[age]
    found = open_documents(world.hq.pk, on=world.at.date(), past=False, tolerance_days=0, age=age)
    assert sum((one.remaining for one in found), ZERO) == figure
    assert {one.total for one in found} == ({figure} if figure else set())


def test_looking_back_shows_what_the_desk_showed_that_day(world: World) -> None:
    seen: dict[date, tuple[DeskTotals, list[tuple[object, ...]]]] = {}

    def figures(on: date | None = None) -> tuple[DeskTotals, list[tuple[object, ...]]]:
        rows = look(world, on)
        each: list[tuple[object, ...]] = [
            (
                row.code, row.grade, row.limit, row.used, row.held, row.owed, row.overdue, row.taken_batches, row.most_open, row.next_due,
                row.hold, row.hold_level, row.hold_state,
            )
            for row in rows
        ]  # fmt: skip
        return added_up(rows), each

    def day_ends() -> None:
        seen[china_day(world.at)] = figures()
        world.at += timedelta(days=1)

    account = world.lines["agent"].account_id
    day_ends()
    batch = owe(world, "other_agent")
    waiting = world.submit("agent", {0: 5})
    day_ends()
    world.accept(waiting)
    receipt = world.pay("agent", "400.00")
    world.pay("cash_agent", "10.00")
    day_ends()
    bounce(world, receipt)
    assert waiting.order
    with transaction.atomic():
        lock_accounts([account])
        raise_batch(
            waiting.order, Decimal("12.00"), line=CreditLine.objects.get(account=account), regulation=world.regulation, at=world.at
        )  # fmt: skip
    day_ends()
    credit_batch(
        waiting.order, Decimal("12.00"), cause=CreditCause.RETURNED, reason="退回破损", regulation=world.regulation,
        by=world.who("finance"), at=world.at,
    )  # fmt: skip
    set_limit(account, limit=Decimal("5000.00"), count_limit=1, document=("test", 1), on=world.at.date(), at=world.at)
    day_ends()
    assert batch.backstop_due_on
    later(world, batch.backstop_due_on + timedelta(days=2))
    day_ends()
    world.pay("other_agent", "6240.00")
    day_ends()
    for day, told in seen.items():
        assert figures(day) == told, day


def test_a_past_day_says_what_is_not_kept(world: World, at_desk: SitDown) -> None:
    mixed(world)
    past = world.at.date() - timedelta(days=1)
    browser = at_desk("finance")
    page = spoken(browser.get(f"/credit/?on={past}").content.decode())
    assert f"{past} 日终的样子" in page
    assert "没有按日保存的" in page
    assert "银行到账待核销" not in page
    assert browser.get(f"/credit/open-batches?on={past}").status_code == 200


@pytest.mark.parametrize("typed", ["2026-13-01", "yesterday", "2031-01-01", "0001-01-01", "2000-01-01"])
def test_a_day_that_cannot_be_looked_at_is_told_at_its_field(world: World, at_desk: SitDown, typed: str) -> None:
    answer = at_desk("finance").get(f"/credit/?on={typed}")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="past-error"' in page
    assert f'value="{typed}"' in page


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("finance", 200), ("director", 200), ("deputy", 200), ("manager", 200), ("representative", 200), ("agent_owner", 200),
        ("warehouse", 403), ("researcher", 403), ("agent_clerk", 403), ("retailer_owner", 404), ("retailer_clerk", 404),
    ],
)  # fmt: skip
def test_it_is_the_sellers_own(world: World, at_desk: SitDown, name: str, status: int) -> None:
    browser = at_desk(name)
    for page in ("/credit/", "/exports/new/credit_desk", "/credit/open-batches", "/exports/new/batches"):
        assert browser.get(page).status_code == status
    assert ('href="/credit/"' in browser.get("/").content.decode()) is (status == 200)


def test_an_agent_sees_its_retailers_and_nobody_elses(world: World, at_desk: SitDown) -> None:
    mixed(world)
    page = at_desk("agent_owner").get("/credit/?view=all").content.decode()
    assert [code for code in world.firms if f'class="partner-name" href="/partners/{code}/"' in page] == ["retailer"]
    page = at_desk("agent_owner").get("/credit/open-batches?partner=other_agent").content.decode()
    assert "other_agent公司" not in page


def test_it_is_narrowed_sorted_and_kept_in_the_address(world: World, at_desk: SitDown) -> None:
    mixed(world)
    browser = at_desk("manager")

    def codes(query: str) -> list[str]:
        page = browser.get(f"/credit/{query}").content.decode().split("desk-table")[1].split("<tbody>")[1].split("</tbody>")[0]
        places = {code: page.find(f'href="/partners/{code}/"') for code in world.firms}
        return sorted((code for code in places if places[code] >= 0), key=places.__getitem__)

    assert codes("") == ["other_agent"]
    assert sorted(codes("?view=all")) == ["agent", "cash_agent", "other_agent"]
    assert codes("?view=all&sort=overdue")[0] == "other_agent"
    assert codes("?view=all&grade=A") == ["agent"]
    assert codes("?view=all&q=CASH") == ["cash_agent"]
    assert "没有符合条件的客户" in browser.get("/credit/?view=all&q=nobody").content.decode()
    assert "sort=overdue&amp;on=" not in browser.get("/credit/").content.decode()


def test_the_workbook_has_what_is_shown_and_its_sums(world: World, at_desk: SitDown) -> None:
    mixed(world)
    told = added_up(look(world))
    answer = at_desk("finance").get("/exports/new/credit_desk?view=all")
    sheet = read_table("desk.xlsx", b"".join(answer) if answer.streaming else answer.content, most_rows=100, most_columns=40)[0]
    head, *body = sheet.rows
    assert len(body) == told.partners + 1
    used = [str(cell) for cell in head].index("已用（元）")
    assert Decimal(str(body[-1][used])) == told.used


def test_the_hold_and_the_bank_stand_beside_it(world: World, at_desk: SitDown) -> None:
    batch = owe(world, "other_agent")
    assert batch.backstop_due_on
    later(world, batch.backstop_due_on + timedelta(days=3))
    hold = SupplyHold.objects.get()
    page = at_desk("finance").get("/credit/").content.decode()
    assert f"/credit/holds/{hold.number}/" in page
    assert "银行到账待核销" in page
    assert "银行到账待核销" not in at_desk("representative").get("/credit/").content.decode()
    entry = page.split('class="menu-item" href="/credit/"')[1].split("</a>")[0]
    assert spoken(f"<a {entry}").split()[-1] == "1"


@pytest.mark.parametrize("query", ["?view=all", "?view=all&on=2026-11-24"])
def test_thirty_partners_take_as_many_statements_as_one(world: World, at_desk: SitDown, query: str) -> None:
    browser = at_desk("finance")
    world.accept(world.submit("agent", {0: 1}))
    world.at += timedelta(days=2)
    browser.get(f"/credit/{query}")
    with counted() as one:
        browser.get(f"/credit/{query}")
    world.at -= timedelta(days=2)
    take_on_more(world, 30)
    world.at += timedelta(days=2)
    with counted() as thirty:
        assert browser.get(f"/credit/{query}").content.decode().count("partner-name") == 33
    assert len(thirty) == len(one)
    assert sum("WITH" in statement and "aged AS" in statement for statement in thirty) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/credit/", "/credit/?view=all", "/credit/?on=2026-11-25&view=all", "/credit/open-batches"])
def test_it_speaks_one_language(world: World, at_desk: SitDown, path: str, language: str) -> None:
    mixed(world)
    page = at_desk("director", language=language).get(path).content.decode()
    assert set(of_the_other_language(page, language, world, "Excel", "MB", "max")) <= {"v"}


def test_the_desk_is_closed_to_who_is_not_signed_in() -> None:
    assert Client().get("/credit/").status_code == 302


def test_money_that_bounced_counts_against_its_week(world: World) -> None:
    owe(world, "agent")
    receipt = world.pay("agent", "700.00")
    world.pay("agent", "50.00")
    assert weekly_received(world.hq.pk, on=world.at.date())[-1] == Decimal("750.00")
    world.at += timedelta(days=7)
    bounce(world, receipt)
    assert weekly_received(world.hq.pk, on=world.at.date())[-2:] == [Decimal("750.00"), Decimal("-700.00")]


def test_it_is_narrowed_to_a_region_or_a_province(world: World, at_desk: SitDown) -> None:
    for code, division in (("agent", "370102"), ("other_agent", "340104"), ("cash_agent", "110101")):
        Firm.objects.filter(code=code).update(division=division)
    browser = at_desk("manager")

    def codes(query: str) -> list[str]:
        page = browser.get(f"/credit/?view=all&{query}").content.decode()
        return sorted(code for code in world.firms if f'class="partner-name" href="/partners/{code}/"' in page)

    assert codes("region=3") == ["agent", "other_agent"]
    assert codes("region=37") == ["agent"]
    assert codes("region=x") == ["agent", "cash_agent", "other_agent"]
    page = browser.get("/credit/?view=all").content.decode()
    assert all(word in page for word in ("全部大区", "华东", "· 山东", "华北"))


def test_views_are_kept_under_a_name_opened_and_thrown_away_by_their_own_person(world: World, at_desk: SitDown) -> None:
    finance, manager = at_desk("finance"), at_desk("manager")
    sent = {"name": "华东 A 级", "view": "all", "grade": "A", "region": "3", "sort": "overdue", "q": "", "representative": ""}
    assert finance.post("/credit/views/keep", sent).status_code == 302
    view = DeskView.objects.get()
    assert view.query == "?view=all&grade=A&region=3&sort=overdue"
    assert f'href="/credit/{view.query}"'.replace("&", "&amp;") in finance.get("/credit/").content.decode()
    assert view.name not in manager.get("/credit/").content.decode()
    assert manager.post(f"/credit/views/{view.pk}/drop").status_code == 404
    finance.post("/credit/views/keep", sent | {"grade": "B"})
    assert [one.query for one in DeskView.objects.all()] == ["?view=all&grade=B&region=3&sort=overdue"]
    finance.post(f"/credit/views/{view.pk}/drop")
    assert not DeskView.objects.exists()


def test_twenty_views_are_the_most_and_a_name_is_needed(world: World) -> None:
    by = world.who("finance")
    for place in range(20):
        keep_view(world.hq.pk, f"视图{place}", "", by=by, at=world.at)
    for name, code in (("又一个", "too_many"), ("", "bad_input"), ("长" * 31, "bad_input")):
        with pytest.raises(Refusal) as refused:
            keep_view(world.hq.pk, name, "", by=by, at=world.at)
        assert refused.value.code == code
    keep_view(world.hq.pk, "视图3", "?grade=A", by=by, at=world.at)
    with pytest.raises(Refusal):
        keep_view(world.hq.pk, "库管", "", by=world.who("warehouse"), at=world.at)


def test_a_past_day_shows_how_far_a_hold_went_and_what_was_being_decided(world: World, at_desk: SitDown) -> None:
    line = world.lines["other_agent"]
    batch = owe(world, "other_agent")
    assert batch.backstop_due_on
    later(world, batch.backstop_due_on + timedelta(days=3))
    new = NewProposal(ProposalKind.LIMIT, "旺季", Decimal(300_000))
    asked = propose_credit_change(line.pk, new, regulation=world.regulation, by=world.who("manager"), at=world.at)
    past = world.at.date()

    def row(on: date | None = None) -> tuple[str, str, str]:
        (found,) = [one for one in look(world, on) if one.code == "other_agent"]
        return found.hold_level, found.hold_state, found.asked

    seen = row()
    later(world, batch.backstop_due_on + timedelta(days=60))
    withdraw_proposal(asked.pk, reason="", by=world.who("manager"), at=world.at)
    world.at += timedelta(days=1)
    assert (seen, row(past), row()) == (("delay", "in_force", "limit"), ("delay", "in_force", "limit"), ("stop", "in_force", ""))
    assert row(past - timedelta(days=10)) == ("", "", "")
    page = at_desk("director").get(f"/credit/?view=all&on={past}").content.decode()
    assert asked.approval
    assert ("暂缓发货" in page, asked.approval.number in page, "当日未决" in page) == (True, True, True)
    assert asked.approval.number not in at_desk("director").get("/credit/").content.decode()
