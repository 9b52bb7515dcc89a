"""The algorithms are pages for people, run by pytest. Code below a table finds its rows in `table`: the numbers shown are those proved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

TABLE = re.compile(r"^\|.+\|\n\|[ :|-]+\|\n(?:\|.*\|\n)+", re.MULTILINE)
NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")


def cell(text: str) -> Decimal | str:
    """Return what stands in a cell: a number where there is nothing but a number, else its words."""
    plain = text.strip().replace("−", "-").strip("*")
    return Decimal(plain.replace(",", "")) if NUMBER.fullmatch(plain) else plain


def rows_of(text: str) -> list[dict[str, Decimal | str]]:
    """Return the rows of a Markdown table, each by the names of its columns."""
    head, _, *rows = [[part.strip() for part in line.strip("|").split("|")] for line in text.strip().splitlines()]
    return [dict(zip(head, map(cell, row), strict=True)) for row in rows]


def put_table(example: Example) -> None:
    """Let the code below find the table."""
    example.namespace["table"] = example.parsed


def find_tables(document: Document) -> Iterator[Region]:
    """Return the tables of a page."""
    for found in TABLE.finditer(document.text):
        yield Region(found.start(), found.end(), rows_of(found[0]), put_table)


pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser(), find_tables], patterns=["*.md"]).pytest()
