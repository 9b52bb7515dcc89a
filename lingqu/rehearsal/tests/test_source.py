"""Reading the source: the real one to the cent, and every defect named with its file and line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from lingqu.base.refusal import Refusal
from lingqu.rehearsal.queries import read_source
from lingqu.rehearsal.rules import Reseller
from tests.adventureworks import FILES, ORDERS, REAL, SALES, needs_the_data, write_source


@needs_the_data
def test_the_real_source_adds_up_to_the_cent() -> None:
    source = read_source(REAL)
    assert (len(source.resellers), len(source.orders), sum(len(order.lines) for order in source.orders)) == (701, 3_796, 60_855)
    assert {year: str(value) for year, value in source.value_by_year().items()} == {
        "2010": "489328.5787",
        "2011": "18192802.7143",
        "2012": "28193631.5321",
        "2013": "33574834.1572",
    }
    assert str(sum(source.value_by_year().values(), Decimal(0))) == "80450596.9823"
    assert sum(source.pieces_needed().values()) == 214_378
    assert [order.ordered_on for order in source.orders] == sorted(order.ordered_on for order in source.orders)


def test_what_was_read(tmp_path: Path) -> None:
    source = read_source(write_source(tmp_path))
    assert source.resellers["AW00000014"] == Reseller("AW00000014", "Wheels, Large", "USWA", Decimal("3000000.0000"))
    assert source.categories == {"1": "Bikes", "2": "Lamps"}
    assert {code: (article.name, article.list_price) for code, article in source.articles.items()} == {
        "BK-1": ("Bike", Decimal("1200.0000")),
        "LA-1": ("Lamp", Decimal(0)),
    }
    first = source.orders[0]
    assert (first.number, first.reseller, first.value, first.net) == ("SO1", "AW00000014", Decimal("12001.0050"), Decimal("12001.01"))
    assert [(line.article, line.pieces, line.discount_bp) for line in first.lines] == [("BK-1", 10, 10_000), ("LA-1", 3, 10_000)]


def refused(folder: Path) -> str:
    with pytest.raises(Refusal) as caught:
        read_source(folder)
    assert (caught.value.code, caught.value.status) == ("bad_source", 422)
    return caught.value.text.en


@pytest.mark.parametrize("name", [*FILES, SALES])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (write_source(tmp_path) / name).unlink()
    assert refused(tmp_path).startswith(f"{name}: There is no such file in ")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere").startswith("DimGeography.csv: ")
    (tmp_path / "file").write_text("")
    assert refused(tmp_path / "file").startswith("DimGeography.csv: ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2,1,SO1,1,0,1.0,0.0,1.0,2012-01-31,2012-02-07", "OrderQuantity must be a whole number of 1 to 1,000,000, not “0”."),
        ("2,1,SO1,1,-3,1.0,0.0,1.0,2012-01-31,2012-02-07", "OrderQuantity must be a whole number of 1 to 1,000,000, not “-3”."),
        ("2,1,SO1,1,３,1.0,0.0,1.0,2012-01-31,2012-02-07", "OrderQuantity must be a whole number of 1 to 1,000,000, not “３”."),
        ("2,1,SO1,1,1000001,1.0,0.0,1.0,2012-01-31,2012-02-07", "OrderQuantity must be a whole number of 1 to 1,000,000, not “1000001”."),
        ("2,1,SO1,1,3,NaN,0.0,1.0,2012-01-31,2012-02-07", "UnitPrice must be an amount of at most four decimals, not “NaN”."),
        ("2,1,SO1,1,3,1e400,0.0,1.0,2012-01-31,2012-02-07", "UnitPrice must be an amount of at most four decimals, not “1e400”."),
        ("2,1,SO1,1,3,-1.0,0.0,1.0,2012-01-31,2012-02-07", "UnitPrice must be an amount of at most four decimals, not “-1.0”."),
        ("2,1,SO1,1,3,1.00001,0.0,1.0,2012-01-31,2012-02-07", "UnitPrice must be an amount of at most four decimals, not “1.00001”."),
        ("2,1,SO1,1,3,1.0,1.5,1.0,2012-01-31,2012-02-07", "UnitPriceDiscountPct must lie between 0 and 1, not 1.5."),
        ("2,1,SO1,1,3,1.0,0.0,,2012-01-31,2012-02-07", "SalesAmount must be an amount of at most four decimals, not “”."),
        ("2,1,SO1,1,3,1.0,0.0,1.0,2012-02-31,2012-02-07", "OrderDate must be a day of this century like 2013-11-29, not “2012-02-31”."),
        ("2,1,SO1,1,3,1.0,0.0,1.0,0012-01-31,2012-02-07", "OrderDate must be a day of this century like 2013-11-29, not “0012-01-31”."),
        ("2,1,SO1,1,3,1.0,0.0,1.0,2012-02-08,2012-02-07", "SO1 ships before it is ordered, or over a year later."),
        ("2,9,SO1,1,3,1.0,0.0,1.0,2012-01-31,2012-02-07", "ResellerKey 9 is not in the file that it points to."),
        ("4,1,SO1,1,3,1.0,0.0,1.0,2012-01-31,2012-02-07", "ProductKey 4 is not in the file that it points to."),
        ("2,1,,1,3,1.0,0.0,1.0,2012-01-31,2012-02-07", "SalesOrderNumber is empty."),
        ("2,1,SO1,1,3,1.0,0.0,1.0,2012-01-31", "It has 9 fields, not 10."),
        ("2,1,SO1,1,3,1.0,0.0,1.0,2012-01-31,2012-02-07,", "It has 11 fields, not 10."),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    write_source(tmp_path, ("3,3,SO0,1,1,0.3350,0.0,0.3350,2011-01-31,2011-02-07", line))
    assert refused(tmp_path) == f"{SALES}, line 3: {said}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3,1,SO1,2,3,1.0,0.0,1.0,2012-01-31,2012-02-07", "Line 2 of SO1 stands twice."),
        ("3,2,SO1,3,3,1.0,0.0,1.0,2012-01-31,2012-02-07", "SO1 has two resellers or days."),
        ("3,1,SO1,3,3,1.0,0.0,1.0,2012-02-01,2012-02-07", "SO1 has two resellers or days."),
    ],
)
def test_an_order_that_contradicts_itself_is_named(tmp_path: Path, line: str, said: str) -> None:
    write_source(tmp_path, (*ORDERS, line))
    assert refused(tmp_path) == f"{SALES}, line {len(ORDERS) + 2}: {said}"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    write_source(tmp_path, DimReseller=FILES["DimReseller.csv"].replace("AnnualSales", "Turnover"))
    assert refused(tmp_path) == "DimReseller.csv, line 1: These columns are missing: AnnualSales."


def test_an_empty_file_lacks_its_columns(tmp_path: Path) -> None:
    write_source(tmp_path, DimProductCategory="")
    assert "ProductCategoryKey, EnglishProductCategoryName" in refused(tmp_path)


def test_a_source_without_orders_is_refused(tmp_path: Path) -> None:
    assert refused(write_source(tmp_path, ())) == f"{SALES}: It has no orders."


def test_broken_compression_is_named(tmp_path: Path) -> None:
    many = tuple(f"2,1,SO{number},1,1,1.0,0.0,1.0,2012-01-31,2012-02-07" for number in range(5_000))
    whole = (write_source(tmp_path, many) / SALES).read_bytes()
    (tmp_path / SALES).write_bytes(whole[: len(whole) // 2])
    assert ": The compressed data is broken after it (" in refused(tmp_path)
    (tmp_path / SALES).write_bytes(b"plain text, not packed")
    assert refused(tmp_path).startswith(f"{SALES}, line 1: The compressed data is broken after it (")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (write_source(tmp_path) / "DimProduct.csv").write_bytes(FILES["DimProduct.csv"].encode() + b"5,X\xff\xfe,1,Bad,1\n")
    assert refused(tmp_path).startswith("DimProduct.csv, line ")


def test_a_quote_that_never_ends_is_named(tmp_path: Path) -> None:
    write_source(tmp_path, DimProduct=FILES["DimProduct.csv"] + '5,"X,1,Bad,1\n')
    assert refused(tmp_path).startswith("DimProduct.csv, line ")
