"""Decide every stored decision again: the same facts under the same version must give the same text, byte for byte."""

from __future__ import annotations

import msgspec

from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.orders.models import StoredDecision
from lingqu.orders.rules import RequestFacts, decide
from lingqu.policy.queries import regulation_by_reference
from lingqu.policy.rules import Regulation

AT_ONCE = 1_000


def decide_all_again() -> tuple[int, int, str]:
    """Return how many decisions were made again, how many came out otherwise, and the first of those. Must run in a transaction."""
    decoder = msgspec.json.Decoder(RequestFacts)
    versions: dict[str, Regulation | None] = {}
    checked, wrong, first = 0, 0, ""
    stored = StoredDecision.objects.order_by("id").values_list("id", "order__number", "regulation", "facts", "decision")
    for number, order, reference, facts, decision in stored.iterator(chunk_size=AT_ONCE):
        checked += 1
        if reference not in versions:
            versions[reference] = _version(reference)
        why = _judge(decoder, versions[reference], facts, decision)
        if why:
            wrong += 1
            first = first or f"order {order}, decision {number}: {why}"
    return checked, wrong, first


def _version(reference: str) -> Regulation | None:
    try:
        return regulation_by_reference(reference)
    except (Refusal, ValueError):
        return None


def _judge(decoder: msgspec.json.Decoder[RequestFacts], regulation: Regulation | None, facts: str, decision: str) -> str:
    """Return what is wrong with a stored decision, "" when nothing is."""
    if regulation is None:
        return "its version of the regulation is not there"
    try:
        again = encode(decide(decoder.decode(facts), regulation).decision)
    except msgspec.DecodeError as unreadable:
        return f"its facts cannot be read ({unreadable})"
    return "" if again == decision else "it comes out otherwise"
