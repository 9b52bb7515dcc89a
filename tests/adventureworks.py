"""A small invented source in the shape of AdventureWorks DW, written anew for each test."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.databases import ROOT

REAL = ROOT.parent / "shared" / "data" / "adventureworks-dw"
needs_the_data = pytest.mark.skipif(not REAL.is_dir(), reason="the public sample is not beside the project")

SALES = "FactResellerSales.csv.gz"
SALES_HEAD = (
    "ProductKey,ResellerKey,SalesOrderNumber,SalesOrderLineNumber,OrderQuantity,UnitPrice,UnitPriceDiscountPct,"
    "SalesAmount,OrderDate,ShipDate"
)

FILES = {
    "DimGeography.csv": "GeographyKey,CountryRegionCode,StateProvinceCode,City\n1,US,WA ,Seattle\n2,FR,75,Paris\n",
    "DimReseller.csv": (
        "ResellerKey,GeographyKey,ResellerAlternateKey,ResellerName,AnnualSales\n"
        '1,1,AW00000014,"Wheels, Large",3000000.0000\n'
        "2,2,AW00000005,Petit Vélo,300000.0000\n"
        "3,1,AW00000003,Small Shop,300000.0000\n"
        "4,1,AW00000001,Middle Shop,1500000.0000\n"
    ),
    "DimProductCategory.csv": "ProductCategoryKey,EnglishProductCategoryName\n1,Bikes\n2,Lamps\n",
    "DimProductSubcategory.csv": "ProductSubcategoryKey,ProductCategoryKey\n1,1\n2,2\n",
    "DimProduct.csv": (
        "ProductKey,ProductAlternateKey,ProductSubcategoryKey,EnglishProductName,ListPrice\n"
        "1,BK-1,1,Old Bike,1000.0000\n2,BK-1,1,Bike,1200.0000\n3,LA-1,2,Lamp,\n4,WS-1,,Workshop part,\n"
    ),
}
"""The files besides sales. Of product BK-1 there are two versions; part WS-1 is never sold."""

ORDERS = (
    # Wheels, Large: grade A, pays after 120 days. Two batches open, the third is stopped; in August all is paid and the fourth passes.
    "2,1,SO1,1,10,1200.0000,0.0,12000.0000,2012-01-31,2012-02-07",
    "3,1,SO1,2,3,0.3350,0.0,1.0050,2012-01-31,2012-02-07",
    "1,1,SO2,1,10,1000.0000,0.02,9800.0000,2012-02-29,2012-03-07",
    "2,1,SO3,1,1,1200.0000,0.0,1200.0000,2012-03-31,2012-04-07",
    "2,1,SO8,1,1,1200.0000,0.0,1200.0000,2012-08-31,2012-09-07",
    # Petit Vélo: grade D, pays with the order. The second is stopped by its discount; its money is kept and pays part of the third.
    "3,2,SO4,1,100,0.3350,0.0,33.5000,2012-01-31,2012-02-07",
    "2,2,SO5,1,1,1200.0000,0.4,720.0000,2012-02-29,2012-03-07",
    "2,2,SO6,1,1,1200.0000,0.0,1200.0000,2012-03-31,2012-04-07",
    # Small Shop: grade D, does not pay first.
    "3,3,SO7,1,1,0.3350,0.0,0.3350,2013-01-31,2013-02-07",
)
"""SO1 rounds 1.0050 up to 1.01, SO7 0.3350 to 0.34: the house value is 0.0100 above the source's."""


def write_source(folder: Path, orders: tuple[str, ...] = ORDERS, **instead: str | None) -> Path:
    """Write the source into a folder and return the folder; `instead` replaces a file by its name up to the point, None leaves it out."""
    folder.mkdir(exist_ok=True)
    for name, usual in FILES.items():
        text = instead.get(name.removesuffix(".csv"), usual)
        if text is not None:
            (folder / name).write_text(text, "utf-8")
    with gzip.open(folder / SALES, "wt", encoding="utf-8", newline="") as file:
        file.write("\n".join((SALES_HEAD, *orders)) + "\n")
    return folder
