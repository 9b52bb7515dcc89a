"""What schemathesis is told beside the description: what only a caller knows. Loaded by it, not by pytest."""

from __future__ import annotations

import json
import re
import uuid
from random import Random
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis import Case, CheckContext, GenerationMode, HookContext, Response

REAL = {
    "product": "QH26-102",
    "buyer": "retailer",
    "partner": "retailer",
    "received_on": "2026-11-23",
    "ship_on": "2026-11-24",
    "line": 1,
    "detail": [],
    "giver": "agent",
    "taker": "other_agent",
    "products": ["QH26-102"],
    "order": None,
    "on": None,
    "ends_on": None,
    "evidence": [],
    "photos": [],
    "prices": [],
    "kind": "short",
}
GOODS = re.compile(r"/(receive|answer|count|send-up|confirm|lines|returns|preview|transfers|stock-counts)$")
"""Operations whose lines must fit a paper that there is; most of what is made up would only be told so."""

FITTING = {
    "line": 1, "good": "1", "damaged": "0", "wrong": "0", "foreign": "0", "found": "0", "answer": "credit", "product": "QH26-103",
    "copies": "1", "side": None,
}  # fmt: skip
ONCE = re.compile(r"/(receive|answer|send-up|stock-counts)$")
"""Done once, they are refused for the state; nothing but the state may then be told. Of counts, one is open at a time."""

TERMS = {"grade": "C", "limit": "60000.00", "batches": 2, "days": 60, "discount_bp": None, "reason": "备货"}
CLAIM: dict[str, Any] = {"buyer": None, "product": "QH26-102", "cut_on": None, "evidence": []}
REPORT: dict[str, Any] = {
    "lines": [{"discipline": "S", "sold": "40", "value": "3840.00", "stock": "60"}], "market": "平稳", "demand": "200 册", "files": [],
}  # fmt: skip
MONTHS = ("2026-10", "2026-09", "2026-08", "2026-07", "2026-06")
EXAMPLES = ("erp-4711", "A-001", "22G101-1", "box.jpg")
"""What the description gives as examples; of that there is nothing in the story."""

SHARE, MOSTLY = 0.6, 0.9
SHAPE = "invalid"
UNPROCESSABLE = 422
YEARS = strategies.integers(2000, 2099)


def _day(year: int, month: int, on: int) -> str:
    return f"{year:04}-{month:02}-{on:02}"


DAYS = strategies.builds(_day, YEARS, strategies.integers(1, 12), strategies.integers(1, 28))
schemathesis.openapi.format("date", DAYS)
schemathesis.openapi.format("date-time", DAYS.map(lambda on: f"{on}T09:00:00+08:00"))


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """A new key for each call, as a caller makes it; and in most of them names of things that there are."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    told = repr(case.body)
    example = any(word in told for word in EXAMPLES)
    if isinstance(case.body, dict) and (example or Random(told).random() < SHARE):
        case.body = _with_real(case.body)
    if GOODS.search(case.path) and "/orders" not in case.path and (Random(told).random() < MOSTLY or ONCE.search(case.path)):
        case.body = _with_first_line(case.body, REAL | FITTING)
    if case.path.endswith("/terms") and isinstance(case.body, dict) and Random(told).random() < MOSTLY:
        # The same terms again would be refused as no change.
        case.body = _with_real(case.body, TERMS | {"limit": f"{Random(told).randint(1, 200_000)}.00"})
    if case.path.endswith("/price-claims") and isinstance(case.body, dict) and Random(told).random() < MOSTLY:
        # More than were claimed before is made good, the rest is told so.
        case.body = _with_first_line(case.body, CLAIM | {"copies": f"{Random(told).randint(3, 60)}.00"})
    if "/partner-reports" in case.path and isinstance(case.body, dict) and (example or Random(told).random() < MOSTLY):
        # A month is reported once; what is said of it holds a row, and each discipline once.
        case.body |= REPORT | ({"period": Random(told).choice(MONTHS)} if "period" in case.body else {})
    if case.path.endswith("/ship") and isinstance(case.body, dict) and not case.body.get("lines"):
        # All at once would leave nothing for the next call; `tests/api/test_orders.py` ships all.
        case.body |= {"lines": [{"line": 1, "copies": "1.00"}]}


def _with_first_line(body: Any, real: dict[str, Any]) -> Any:
    """Return what is sent with names that there are, and with the first of its lines only: a line stands once."""
    made = _with_real(body, real)
    return made | {"lines": made["lines"][:1]} if isinstance(made, dict) and made.get("lines") else made


def _with_real(value: Any, real: dict[str, Any] = REAL) -> Any:
    if isinstance(value, dict):
        return {name: real.get(name, _with_real(inner, real)) for name, inner in value.items()}
    return [_with_real(inner, real) for inner in value] if isinstance(value, list) else value


@schemathesis.check
def shape_is_accepted(ctx: CheckContext, response: Response, case: Case) -> None:
    """What has the shape that is described is never refused for its shape; for what it says it may be."""
    positive = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if positive and response.status_code == UNPROCESSABLE:
        assert json.loads(response.content)["code"] != SHAPE, response.text
