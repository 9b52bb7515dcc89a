"""Purchase requests, decisions and titles as shapes; plain values in, plain values out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from lingqu.base.decision import Outcome as LawOutcome
from lingqu.base.decision import Verdict
from lingqu.base.text import Text
from lingqu.documents.api import day, moment, percent, quantity, words, yuan
from lingqu.orders.actions import Outcome
from lingqu.orders.api.shapes import SubmittedOut
from lingqu.orders.present import panel_of
from lingqu.orders.present.cures import sentence_of
from lingqu.orders.present.values import Values
from lingqu.orders.queries import OrderRow, Title
from lingqu.orders.states import ORDERS, OrderState
from lingqu.policy.rules import Regulation

VERDICT_WORDS = {
    Verdict.PASSED.value: Text("通过", "Passed"),
    Verdict.WAIVABLE.value: Text("不通过，可特批", "Failed, may be waived"),
    Verdict.REFUSED.value: Text("不通过，不可特批", "Failed for good"),
}


def submitted_out(outcome: Outcome) -> SubmittedOut:
    """Return what became of a request; raises its refusal."""
    if outcome.refusal is not None or outcome.state is None:
        raise outcome.refusal or RuntimeError(outcome.key)
    told = {"key": outcome.key, "number": outcome.number, "state": outcome.state, "repeated": outcome.repeated}
    return SubmittedOut.model_validate(told | {"state_words": words(ORDERS.words[outcome.state])})


def order_out(row: OrderRow) -> dict[str, Any]:
    """Return a request as a list shows it."""
    order = row.order
    return {
        "number": order.number,
        "key": order.key,
        "state": order.state,
        "state_words": words(ORDERS.words[OrderState(order.state)]),
        "seller": order.seller.code,
        "buyer": order.buyer.code,
        "buyer_name": order.buyer.name,
        "source": order.source,
        "shortage": order.shortage,
        "note": order.note,
        "titles": order.titles,
        "copies": quantity(order.copies),
        "list_value": yuan(order.list_value),
        "net": yuan(order.net),
        "submitted_at": moment(order.submitted_at),
        "answer_until": moment(order.answer_until),
        "accepted_at": moment(order.accepted_at),
        "ship_on": day(order.ship_on),
        "settled_on": day(order.settled_on),
        "needs_contract": order.needs_contract,
        "answer": order.answer,
        "grade": row.grade,
        "failed": list(row.failed),
    }


def line_out(line: Any) -> dict[str, Any]:  # noqa: ANN401 - a line of a request, with its product
    """Return a line of a request."""
    return {
        "line": line.line,
        "product": line.product.code,
        "name": line.product.name,
        "copies": quantity(line.copies),
        "reserved": quantity(line.reserved),
        "shipped": quantity(line.shipped),
        "returned": quantity(line.returned),
        "list_price": price(line.list_price),
        "discount": percent(line.discount_bp),
        "list_value": yuan(line.list_value),
        "net": yuan(line.net),
    }


def price(amount: Decimal) -> str:
    """Return a list price in yuan with two decimals, and with the four that it may have where they say something."""
    return f"{amount:.2f}" if amount == amount.quantize(Decimal("0.01")) else f"{amount:.4f}"


def decision_out(decision: str, facts: str, *, at: datetime, reference: str, regulation: Regulation | None) -> dict[str, Any]:
    """Return a decision from its stored texts: what was decided is read, never decided again."""
    panel = panel_of(decision, facts, at=at, reference=reference, regulation=regulation)
    stored: dict[str, Mapping[str, Any]] = {law["law"]: law for law in json.loads(decision)["laws"]}
    return {
        "at": moment(at),
        "verdict": panel.verdict,
        "verdict_words": words(VERDICT_WORDS[panel.verdict]),
        "regulation": reference,
        "laws": [_law(row, stored.get(row.law, {})) for row in panel.laws],
        "cures": [_cure(cure, Values.of(facts)) for cure in Values.of(decision).parts("cures")],
    }


def _law(row: Any, stored: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - a row of the panel
    return {
        "law": row.law,
        "name": words(row.name),
        "outcome": stored.get("outcome", LawOutcome.NOT_APPLICABLE.value),
        "waivable_by": stored.get("waivable_by", ""),
        "clause": stored.get("clause", ""),
        "sentence": words(_sentence(row)),
        "numbers": {
            name: value if isinstance(value, str | int | None) else str(value) for name, value in stored.get("numbers", {}).items()
        },
    }


def _sentence(row: Any) -> Text:  # noqa: ANN401 - a row of the panel
    """Return the row in one sentence; a formula is read from left to right."""
    if not row.terms:
        return row.sentence if isinstance(row.sentence, Text) else Text(row.sentence, row.sentence)
    terms = [(f"{term.operator} {term.value}".strip(), term.label) for term in row.terms]
    if row.result:
        terms.append((f"= {row.result.value}", row.result.label))
    return Text(" ".join(f"{value}（{label.zh}）" for value, label in terms), " ".join(f"{value} ({label.en})" for value, label in terms))


def _cure(cure: Values, facts: Values) -> dict[str, Any]:
    passes = [effect.text("law") for effect in cure.parts("effects") if effect.flag("passes")]
    return {"kind": cure.text("kind"), "text": words(sentence_of(cure, facts)), "passes": passes}


def product_out(title: Title) -> dict[str, Any]:
    """Return a title with its price for the buyer."""
    return {
        "code": title.code,
        "isbn": title.isbn,
        "name": title.name,
        "discipline": words(title.discipline),
        "list_price": price(title.list_price),
        "discount": percent(title.rule_bp),
        "net_price": yuan(title.list_price * title.rule_bp / 10_000),
        "available": None if title.available is None else quantity(title.available),
    }
