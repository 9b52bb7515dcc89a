"""Special prices as pages show them: a row, one of them with its route, and the effect of what is being typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from lingqu.base.money import line_net
from lingqu.base.templatetags.words import percent_bp
from lingqu.base.text import Text, parted
from lingqu.catalogue.models import SpecialPrice
from lingqu.catalogue.rules import NewSpecial, given_up
from lingqu.catalogue.states import SPECIAL_KIND_WORDS, SPECIALS, SpecialKind, SpecialState
from lingqu.policy.rules import Discount

STATE_KINDS = {
    SpecialState.ASKED: "waiting", SpecialState.SENT_BACK: "waivable", SpecialState.GRANTED: "done", SpecialState.REFUSED: "refused",
    SpecialState.WITHDRAWN: "closed", SpecialState.ENDED: "closed",
}  # fmt: skip
OVER = Text("已到期", "Over")
TO_COME = Text("未开始", "To come")


def special_row(special: SpecialPrice, *, on: date) -> dict[str, Any]:
    """Return a special price as a row, or as what its page shows; `used` are the copies that requests have taken."""
    state = SpecialState(special.state)
    words, kind = SPECIALS.words[state], STATE_KINDS[state]
    if state is SpecialState.GRANTED and special.until < on:
        words, kind = OVER, "closed"
    elif state is SpecialState.GRANTED and special.since > on:
        words, kind = TO_COME, "progress"
    return {
        "number": special.number, "url": reverse("special_price", args=[special.number]), "buyer": special.buyer.name,
        "buyer_url": reverse("partner", args=[special.buyer.code]), "code": special.product.code, "title": special.product.name,
        "discount": percent_bp(special.discount_bp), "copies": special.copies, "used": special.used,  # type: ignore[attr-defined]
        "left": max(special.copies - special.used, 0), "since": special.since, "until": special.until,  # type: ignore[attr-defined]
        "kind": SPECIAL_KIND_WORDS[SpecialKind(special.kind)], "customer": special.customer, "given_up": special.given_up,
        "state": kind, "state_text": words, "open": state in (SpecialState.ASKED, SpecialState.SENT_BACK),
        "sent_back": state is SpecialState.SENT_BACK, "because": parted(special.ended_because) if special.ended_because else None,
    }  # fmt: skip


def effect_of(new: NewSpecial, list_price: Decimal, discount: Discount) -> dict[str, Any]:
    """Return what a special price being typed would do, in yuan for all its copies."""
    return {
        "rule": percent_bp(discount.rule_bp), "floor": percent_bp(discount.floor_bp), "special": percent_bp(new.discount_bp),
        "list_price": list_price, "at_rule": line_net(list_price, new.copies, discount.rule_bp),
        "at_special": line_net(list_price, new.copies, new.discount_bp), "given_up": given_up(list_price, new, discount),
        "below_floor": new.discount_bp < discount.floor_bp,
    }  # fmt: skip
