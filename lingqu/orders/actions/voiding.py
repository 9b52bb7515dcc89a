"""End the request for a special signature with the content or the request that it was asked for. Private to the verbs of this module.

Rows are locked in one order: approval, credit line, request, ledger. So whoever works on a request locks first what is on its way for it.
"""

from __future__ import annotations

from datetime import datetime

from lingqu.approvals.actions import void_approvals
from lingqu.audit.actions import Deed, record
from lingqu.base.database import must_be_atomic, rows
from lingqu.base.text import Text, in_one_line
from lingqu.orders.models import SignatureRequest
from lingqu.orders.states import SIGNATURES, SignatureState, SignatureVerb

SUBJECT = "signature_request"
ON_ITS_WAY = (SignatureState.ASKED.value, SignatureState.SENT_BACK.value)
MOST_BECAUSE = 400
PASSES_NOW = Text("申请已全部通过，无须特批", "the request passes now, no signature is needed")
FINAL = Text("有不可特批的规则未通过", "a law fails that nobody may waive")
CHANGED = Text("申请内容已改动", "the request was changed")
ENDED = Text("申请已办结", "the request has ended")

_LOCK = """
SELECT a.id FROM orders_signaturerequest s JOIN approvals_approval a ON a.id = s.approval_id
 WHERE s.order_id = %s AND s.state IN ('asked', 'sent_back') FOR UPDATE OF a
"""


def lock_signature(order_id: int) -> None:
    """Lock the approval of the signature that is on its way for a request, before its credit line and the request itself are locked."""
    must_be_atomic()
    rows(_LOCK, (order_id,))


def void_signature(order_id: int, *, because: Text, by: int | None, at: datetime) -> bool:
    """Void the signature that is on its way for a request, with its approval; return whether there was one.

    Called where the request's content changes (`CHANGED`), it ends (`ENDED`), or it passes (`PASSES_NOW`), after `lock_order`.
    """
    must_be_atomic()
    asked = SignatureRequest.objects.filter(order_id=order_id, state__in=ON_ITS_WAY).first()
    if asked is None:
        return False
    void_approvals(SUBJECT, asked.pk, reason=because, by=by, at=at)
    finish_signature(asked, SignatureVerb.LAPSE, because=in_one_line(because), by=by, at=at)
    return True


def finish_signature(asked: SignatureRequest, verb: SignatureVerb, *, because: str, by: int | None, at: datetime) -> None:
    """Bring the request for a signature to an end, with its reason, and record it."""
    before = asked.state
    asked.state = SIGNATURES.next(SignatureState(before), verb).value
    asked.ended_at, asked.ended_because = at, because.strip()[:MOST_BECAUSE]
    asked.save(update_fields=["state", "ended_at", "ended_because", "waiver"])
    after = {"state": asked.state, "because": asked.ended_because}
    record([Deed(verb.value, SUBJECT, asked.pk, after, {"state": before}, asked.regulation)], by=by, at=at)
