"""Pure rules of the papers of a request: the number of its purchase contract, and the mark by which its content is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

CONTRACT_SERIES: Final = "HT"
MARK_LENGTH: Final = 8


class ContractLine(msgspec.Struct, frozen=True):
    """What a purchase contract says of one title: its number and name, copies, list price and discount, and both values in yuan."""

    code: str
    title: str
    copies: int
    list_price: Decimal
    list_value: Decimal
    discount_bp: int
    net: Decimal


class Covered(msgspec.Struct, frozen=True):
    """What contract a stored request has: whether it needs a stamped one of its own, and its number once that was handed in."""

    needed: bool = False
    stamped: str = ""


def contract_number(request: str) -> str:
    """Return the number of a request's purchase contract: JH-2026-0012 has HT-2026-0012, so that each is found by the other."""
    return CONTRACT_SERIES + request[len(CONTRACT_SERIES) :]


def content_mark(number: str, buyer: str, lines: Iterable[ContractLine]) -> str:
    """Return the mark printed on a contract: eight letters and figures that change with any title, copy or price in it.

    Who holds a stamped paper sees by it whether the paper is about the request as it stands now.
    """
    content = [number, buyer]
    for line in lines:
        content += [line.code, str(line.copies), f"{line.list_price:f}", str(line.discount_bp), f"{line.net:f}"]
    return hashlib.sha256("\n".join(content).encode()).hexdigest()[:MARK_LENGTH].upper()
