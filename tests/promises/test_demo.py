"""The demo: made once by the real actions, told the same every time, and each of its stories stands as it was written."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.catalogue.models import Product, SpecialPrice
from lingqu.claims.models import PriceClaim
from lingqu.credit.models import Application, Batch, CreditLine, Waiver
from lingqu.credit.queries import open_batches, standing_of, total_overdue
from lingqu.inventory.models import StockCount
from lingqu.inventory.queries import stock_of
from lingqu.opening.models import OpeningFile
from lingqu.operate.demo import seed
from lingqu.operate.demo.history import plan_history
from lingqu.operate.demo.people import JINAN, TAIAN, TAIYUAN, WUHAN, ZHENGZHOU
from lingqu.operate.demo.publisher import Publisher
from lingqu.operate.demo.story import Story
from lingqu.operate.verify import run_checks
from lingqu.orders.actions import Asked, AskedLine, Outcome, submit_orders
from lingqu.orders.models import Difference, Order, StoredDecision
from lingqu.orders.states import OrderState, Source
from lingqu.organisation.models import Firm, Person, SignIn
from lingqu.organisation.queries import acting
from lingqu.policy.pack import PACKS, read_pack
from lingqu.policy.queries import regulation_in_force
from lingqu.returns.models import ReturnRequest, Transfer


@pytest.fixture
def demo_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which `demo.json` is written."""
    monkeypatch.setenv("LINGQU_HOME", str(tmp_path))
    return tmp_path


def silent(line: str) -> None:
    """Tell nobody."""


def counts() -> dict[str, int]:
    """Count the rows of every table of ours."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models() if model.__module__.startswith("lingqu.")}


def line_of(code: str) -> CreditLine:
    return CreditLine.objects.get(buyer__code=code)


def orders_of(code: str, state: OrderState) -> list[Order]:
    return list(Order.objects.filter(buyer__code=code, state=state.value).order_by("id"))


def order_of(outcome: Outcome) -> Order:
    assert outcome.order
    return Order.objects.get(pk=outcome.order)


def failed_laws(order: Order) -> str:
    return StoredDecision.objects.filter(order=order).latest("id").failed


def ask(buyer: str, copies: dict[int, int]) -> Outcome:
    """Submit a request by the buyer's owner, now."""
    at = now()
    firm = Firm.objects.get(code=buyer)
    owner = Person.objects.select_related("firm").get(firm=firm, holdings__post="owner")
    lines = tuple(AskedLine(Product.objects.get(code=f"QH26-{code}").pk, number) for code, number in copies.items())
    asked = Asked(f"test-{sorted(copies.items())}", firm.parent_id or 0, firm.pk, lines, source=Source.PARTNER)
    on = china_day(at)
    (outcome,) = submit_orders([asked], regulation=regulation_in_force(on=on), by=acting(owner, on=on), at=at)
    return outcome


def test_the_demo_is_made_once_and_told_the_same_every_time(db: None, demo_home: Path) -> None:
    told = seed.seed_demo(silent)
    assert (told["publisher"], told["titles"], told["partners"]) == ("青禾建筑标准设计所", 50, 5)
    logins = [person["login"] for person in told["people"]]
    assert logins == ["shen", "huai", "gu", "tang", "lin", "zhou", "fang", "zheng", "ye", "qin", "wen", "ji", "lu"]
    before = counts()
    assert seed.seed_demo(silent) == told
    assert counts() == before
    assert Product.objects.filter(publisher__code="QH").count() == 50


def test_the_file_is_for_its_owner_only_and_its_password_lets_people_in(db: None, demo_home: Path) -> None:
    told = seed.seed_demo(silent)
    file = demo_home / "demo.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(file.read_text("utf-8"))
    assert {person["password"] for person in told["people"]} == {kept["password"]}
    assert len(kept["password"]) == 14
    signed_in = authenticate(None, username="qin", password=kept["password"])
    assert isinstance(signed_in, SignIn)
    assert signed_in.person.name == "秦晓岚"


def test_everything_adds_up(demo: None) -> None:
    checks = run_checks()
    assert [check["key"] for check in checks if check["wrong"]] == []
    assert [check["key"] for check in checks if not check["checked"]] == []


def test_two_batches_are_open_in_jinan_and_the_third_waits_for_the_director(demo: None) -> None:
    (waiting,) = orders_of(JINAN, OrderState.REVIEW)
    assert failed_laws(waiting) == "batches"
    assert standing_of(line_of(JINAN), on=china_day(now())).open_count == 2
    assert ask(JINAN, {104: 1}).state is OrderState.REVIEW
    (short,) = orders_of(JINAN, OrderState.PART_SHIPPED)
    assert sum(line.copies - line.shipped for line in short.lines.all()) == 24
    assert Application.objects.get(kind="write_off", batch__line__buyer__code=JINAN).amount == Decimal("0.60")


def test_wuhan_may_order_exactly_what_is_left_and_not_a_cent_more(demo: None) -> None:
    assert standing_of(line_of(WUHAN), on=china_day(now())).free == Decimal("26208.00")
    over = ask(WUHAN, {101: 259, 105: 1, 106: 1, 102: 120})  # 46.50 + 49.50 = 96.00, but half a cent is rounded up twice
    order = order_of(over)
    assert (over.state, order.net, failed_laws(order)) == (OrderState.REVIEW, Decimal("26208.01"), "credit")
    exact = ask(WUHAN, {101: 260, 102: 120})
    assert (exact.state, order_of(exact).net) == (OrderState.HELD, Decimal("26208.00"))


def test_wuhan_was_signed_for_once_and_remitted_with_detail(demo: None) -> None:
    assert Waiver.objects.get().line == line_of(WUHAN)
    assert Application.objects.filter(kind="detail", batch__line__buyer__code=WUHAN).count() == 2
    (outside,) = orders_of(WUHAN, OrderState.REFUSED)
    assert failed_laws(outside) == "area"


def test_zhengzhou_is_overdue_and_its_next_request_was_declined(demo: None) -> None:
    today = china_day(now())
    assert total_overdue(open_batches(line_of(ZHENGZHOU).pk), on=today) == Decimal("37944.00")
    (declined,) = orders_of(ZHENGZHOU, OrderState.DECLINED)
    assert failed_laws(declined) == "batches overdue"
    assert ask(ZHENGZHOU, {104: 1}).state is OrderState.REVIEW


def test_taiyuan_pays_first(demo: None) -> None:
    assert set(Batch.objects.filter(line__buyer__code=TAIYUAN).values_list("counted", flat=True)) == {0}
    assert len(orders_of(TAIYUAN, OrderState.ACCEPTED)) == 1  # waits for the warehouse
    (held,) = orders_of(TAIYUAN, OrderState.HELD)
    assert held.source == Source.TELEPHONE
    assert held.answer_until
    assert held.answer_until > now()
    (special,) = orders_of(TAIYUAN, OrderState.REVIEW)
    assert failed_laws(special) == "price"


def test_the_bookshop_buys_from_jinan(demo: None) -> None:
    (held,) = orders_of(TAIAN, OrderState.HELD)
    assert (held.seller.code, held.entered_by.name) == (JINAN, "陆一鸣")
    assert line_of(TAIAN).grade_changes.get().decided_by == Person.objects.get(name="秦晓岚")


def test_goods_were_lived_through_and_leave_something_to_do(demo: None) -> None:
    told = {
        model: sorted(model.objects.values_list("state", flat=True))
        for model in (ReturnRequest, Difference, StockCount, Transfer, OpeningFile, SpecialPrice, PriceClaim)
    }
    assert told == {
        ReturnRequest: ["agreed", "asked", "booked", "deciding"],
        Difference: ["answered", "counted", "reported"],
        StockCount: ["booked", "open"],
        Transfer: ["moved"],
        OpeningFile: ["booked", "booked"],
        SpecialPrice: ["granted"],
        PriceClaim: ["credited"],
    }


def test_a_few_titles_are_short(demo: None) -> None:
    stock = {item.product.code: item.available for item in stock_of(Firm.objects.get(code="QH").pk)}  # type: ignore[attr-defined]
    assert (stock["QH26-103"], stock["QH26-203"], stock["QH26-504"]) == (96, 0, 24)
    assert len([copies for copies in stock.values() if copies > 300]) >= 45


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 5, 16, 20, tzinfo=UTC), datetime(2026, 10, 2, 2, 0, tzinfo=UTC), datetime(2027, 2, 15, 22, 0, tzinfo=UTC)]
)
def test_the_demo_is_alive_on_any_day(db: None, demo_home: Path, monkeypatch: pytest.MonkeyPatch, day: datetime) -> None:
    monkeypatch.setattr(seed, "now", lambda: day)
    seed.seed_demo(silent)
    on = china_day(day)
    assert Order.objects.latest("submitted_at").submitted_at > day - timedelta(hours=1)
    assert Order.objects.earliest("submitted_at").submitted_at >= datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert standing_of(line_of(JINAN), on=on).open_count == 2
    assert standing_of(line_of(WUHAN), on=on).free == Decimal("26208.00")
    assert {order.state for order in Order.objects.filter(submitted_at__gt=day - timedelta(hours=4))} == {"held", "review"}


def test_a_demo_without_its_file_is_refused(demo: None, demo_home: Path) -> None:
    with pytest.raises(Refusal) as refused:
        seed.seed_demo(silent)
    assert refused.value.code == "demo_password_gone"


def test_an_installation_in_use_is_refused(db: None, demo_home: Path, world: Any) -> None:
    SignIn.objects.create(login="somebody", person=world.people["director"])
    with pytest.raises(Refusal) as refused:
        seed.seed_demo(silent)
    assert refused.value.code == "installation_in_use"
    assert not (demo_home / "demo.json").exists()


def test_a_demo_that_was_cut_short_is_made_anew_with_its_password(db: None, demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(story: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(seed, "plan_history", fall)
        with pytest.raises(KeyboardInterrupt):
            seed.seed_demo(silent)
    kept = json.loads((demo_home / "demo.json").read_text("utf-8"))
    assert not Firm.objects.filter(code="QH").exists()
    assert {person["password"] for person in seed.seed_demo(silent)["people"]} == {kept["password"]}
    assert Firm.objects.filter(code="QH").exists()


def test_a_clock_before_the_regulation_is_refused(db: None, demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "now", lambda: datetime(2026, 1, 20, 2, 0, tzinfo=UTC))
    with pytest.raises(Refusal) as refused:
        seed.seed_demo(silent)
    assert refused.value.code == "demo_too_early"


def test_the_history_lies_between_the_opening_and_now_whatever_the_day() -> None:
    regulation = read_pack(PACKS / "publisher")
    for ago in range(0, 730, 3):
        at = datetime(2028, 4, 28, 3, 30, tzinfo=UTC) - timedelta(days=ago)
        story = Story(Publisher(regulation, at - timedelta(days=200)), at)
        plan_history(story)
        moments = [moment for moment, _ in story.steps]
        assert at - timedelta(days=135) < min(moments) < max(moments) < at
