"""A replay: hand-checked figures of a small source, a second run that changes nothing, and one that was cut short and continued."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from lingqu.base.refusal import Refusal
from lingqu.credit.models import SupplyHold
from lingqu.ledger.models import Running
from lingqu.operate.content import install_content
from lingqu.operate.replay import replay_adventureworks
from lingqu.operate.verify import run_checks
from lingqu.orders.models import Order, StoredDecision
from lingqu.organisation.models import Firm
from tests.adventureworks import ORDERS, REAL, needs_the_data, write_source
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
JANUARY = tuple(line for line in ORDERS if "2012-01-31" in line)
OF_A_RUN = {"seconds", "orders_per_second", "repeated"}
"""What tells about the run, not about what came out."""


@pytest.fixture(autouse=True)
def _content(db: None) -> None:
    install_content(MONDAY)


def replay(folder: Path, policy: str = "by-turnover", progress: Any = lambda done, total: None) -> dict[str, Any]:
    return replay_adventureworks(folder, policy, lambda line: None, progress)


def outcome(result: dict[str, Any]) -> dict[str, Any]:
    """What came out of a run, without what tells about the run."""
    return {key: value for key, value in result.items() if key not in OF_A_RUN}


def everything() -> dict[str, Any]:
    """Count every table of ours, with the state of each limited account."""
    counted = {model.__name__: model._default_manager.count() for model in apps.get_models() if model.__module__.startswith("lingqu.")}
    return counted | {"standings": list(Running.objects.order_by("pk").values_list())}


def stopped_orders() -> dict[str, str]:
    """The laws that each order failed, by its number in the source."""
    return {one.order.key: one.failed for one in StoredDecision.objects.select_related("order") if one.failed}


def cut_short(folder: Path, after: int) -> None:
    """Run until so many orders are done, then fall."""

    def fall(done: int, total: int) -> None:
        if done >= after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(folder, progress=fall)


def test_the_figures_of_a_small_source(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    result = replay(write_source(tmp_path), progress=lambda done, total: told.append((done, total)))
    assert (result["lines"], result["orders"], result["repeated"]) == (9, 8, 0)
    assert (result["source_value"], result["house_value"], result["difference"]) == ("26154.8400", "26154.85", "0.0100")
    assert result["source_value_by_year"] == {"2012": "26154.5050", "2013": "0.3350"}
    assert result["house_value_by_year"] == {"2012": "26154.51", "2013": "0.34"}
    assert stopped_orders() == {"SO3": "batches", "SO5": "price", "SO7": "credit batches"}
    assert (result["accepted"], result["accepted_value"], result["stopped"]) == (5, "24234.51", 3)
    assert result["stopped_by_law"] == {"batches": 2, "credit": 1, "price": 1}
    assert result["stopped_by_clause"] == {"M-16.3.3.1": 2, "M-19.5": 1, "M-17.1": 1}
    assert result["resellers_by_grade"] == {"A": 1, "B": 1, "D": 2}
    # 33.50 + 720.00 + 480.00 in advance; 12,001.01 + 9,800.00 + 1,200.00 after 120 days
    assert (result["receipts"], result["received"], result["still_owed"]) == (6, "24234.51", "0.00")
    assert result["largest_exposures"] == [{"name": "Wheels, Large", "yuan": "21801.01", "on": "2012-02-29"}]
    assert told[-1] == (8, 8)
    assert [check["key"] for check in run_checks() if check["wrong"]] == []


def test_every_accepted_order_is_shipped_on_its_day(tmp_path: Path) -> None:
    replay(write_source(tmp_path))
    shipped = Order.objects.filter(state="shipped").order_by("id")
    days = {order.key: str(order.deliveries.get().shipped_at.date()) for order in shipped}
    assert days == {"SO1": "2012-02-07", "SO4": "2012-02-07", "SO2": "2012-03-07", "SO6": "2012-04-07", "SO8": "2012-09-07"}


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    first = replay(write_source(tmp_path))
    before = everything()
    second = replay(tmp_path)
    assert everything() == before
    assert outcome(second) == outcome(first)
    assert (second["repeated"], second["orders_per_second"]) == (8, 0.0)


@pytest.mark.parametrize("after", [1, 3, 4, 6])
def test_a_run_that_was_cut_short_is_continued_to_the_same_end(tmp_path: Path, after: int) -> None:
    write_source(tmp_path)
    with transaction.atomic():
        whole = replay(tmp_path)
        transaction.set_rollback(True)
    cut_short(tmp_path, after)
    result = replay(tmp_path)
    assert outcome(result) == outcome(whole)
    assert result["repeated"] >= after


def test_more_orders_of_the_same_source_go_on_from_there(tmp_path: Path) -> None:
    write_source(tmp_path)
    with transaction.atomic():
        whole = replay(tmp_path)
        transaction.set_rollback(True)
    assert replay(write_source(tmp_path, JANUARY))["still_owed"] == "12001.01"
    result = replay(write_source(tmp_path))
    assert (outcome(result), result["repeated"]) == (outcome(whole), 2)
    assert [check["key"] for check in run_checks() if check["wrong"]] == []


def test_what_is_owed_is_held_when_the_replay_ends_and_keeps_back_nothing_of_the_past(tmp_path: Path) -> None:
    replay(write_source(tmp_path, JANUARY))
    (hold,) = SupplyHold.objects.all()
    assert (str(hold.amount), hold.state) == ("12001.01", "in_force")
    assert [check["key"] for check in run_checks() if check["wrong"]] == []
    replay(write_source(tmp_path))
    assert not SupplyHold.objects.exclude(state="released").exists()
    assert Order.objects.filter(state="shipped").count() == 5
    assert [check["key"] for check in run_checks() if check["wrong"]] == []


def test_every_policy_plays_in_a_house_of_its_own(tmp_path: Path) -> None:
    write_source(tmp_path)
    by_turnover = replay(tmp_path)
    assert replay(tmp_path, "all-D")["accepted"] == 2  # those that pay first: SO4, SO6
    assert replay(tmp_path, "all-A")["stopped_by_law"] == {"batches": 1, "price": 1}
    assert outcome(replay(tmp_path)) == outcome(by_turnover)
    assert set(Firm.objects.filter(kind="hq", code__startswith="AW-").values_list("code", flat=True)) == {
        "AW-by-turnover",
        "AW-all-D",
        "AW-all-A",
    }


def test_an_unknown_policy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        replay(tmp_path, "all-E")
    assert refused.value.code == "unknown_policy"


def test_a_bad_source_leaves_nothing_behind(tmp_path: Path) -> None:
    before = everything()
    with pytest.raises(Refusal) as refused:
        replay(write_source(tmp_path, (*ORDERS, "2,1,SO9,1,-1,1.0,0.0,1.0,2012-01-31,2012-02-07")))
    assert "line 11" in refused.value.text.en
    assert everything() == before


def cut_of_the_real(folder: Path, until: str) -> Path:
    """Write the real orders up to a day, with the resellers that placed them, into a folder."""
    with gzip.open(REAL / "FactResellerSales.csv.gz", "rt", encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    rows = [row for row in rows if row[head.index("OrderDate")] <= until]
    with gzip.open(folder / "FactResellerSales.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    buyers = {row[head.index("ResellerKey")] for row in rows}
    with (REAL / "DimReseller.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    with (folder / "DimReseller.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(row for row in rows if row[0] in buyers)])
    for name in ("DimGeography", "DimProduct", "DimProductCategory", "DimProductSubcategory"):
        (folder / f"{name}.csv").write_bytes((REAL / f"{name}.csv").read_bytes())
    return folder


@needs_the_data
def test_a_cut_of_the_real_orders_is_continued_and_repeated(tmp_path: Path) -> None:
    folder = cut_of_the_real(tmp_path, "2011-01-29")
    cut_short(folder, 38)
    first = replay(folder)
    assert (first["orders"], first["lines"], first["repeated"]) == (113, 1_137, 38)
    assert first["source_value_by_year"]["2010"] == "489328.5787"
    before = everything()
    assert outcome(replay(folder)) == outcome(first)
    assert everything() == before
    assert [check["key"] for check in run_checks() if check["wrong"]] == []


@needs_the_data
@pytest.mark.soak
def test_all_real_orders() -> None:
    result = replay(REAL)
    assert (result["lines"], result["orders"]) == (60_855, 3_796)
    assert (result["source_value"], result["house_value"]) == ("80450596.9823", "80450595.78")
    assert (result["accepted"], result["stopped"], result["until"]) == (3_061, 735, "2013-12-06")
    assert result["still_owed"] == "2581973.10"
    assert replay(REAL)["repeated"] == 3_796
    assert [check["key"] for check in run_checks() if check["wrong"]] == []
