"""What schemathesis is told beside the description: what only a caller knows. Loaded by it, not by pytest."""

from __future__ import annotations

import json
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
}
EXAMPLES = ("erp-4711", "A-001", "22G101-1")
"""What the description gives as examples; of that there is nothing in the story."""

SHARE = 0.6
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
    if isinstance(case.body, dict) and (any(word in told for word in EXAMPLES) or Random(told).random() < SHARE):
        case.body = _with_real(case.body)
    if case.path.endswith("/ship") and isinstance(case.body, dict) and not case.body.get("lines"):
        # All at once would leave nothing for the next call; `tests/api/test_orders.py` ships all.
        case.body |= {"lines": [{"line": 1, "copies": "1.00"}]}


def _with_real(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: REAL.get(name, _with_real(inner)) for name, inner in value.items()}
    return [_with_real(inner) for inner in value] if isinstance(value, list) else value


@schemathesis.check
def shape_is_accepted(ctx: CheckContext, response: Response, case: Case) -> None:
    """What has the shape that is described is never refused for its shape; for what it says it may be."""
    positive = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if positive and response.status_code == UNPROCESSABLE:
        assert json.loads(response.content)["code"] != SHAPE, response.text
