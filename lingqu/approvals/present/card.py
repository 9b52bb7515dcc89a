"""The part of a registered document's page that shows how its approval went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lingqu.approvals.models import Approval
from lingqu.approvals.present.taken import route_rows
from lingqu.approvals.queries import route_taken, waits_for
from lingqu.documents.registry import Looking, Panel


def approval_panel(of: Callable[[Any], Approval | None], sees: Callable[[Any, Looking], bool] = lambda document, looking: True) -> Panel:  # noqa: ARG005 - whoever sees the document
    """Return the panel of a document's approval: its number, each step with who signed or may, and by when. None without an approval.

    For whom it waits, it leads to where the approval is answered.

    `of` gives the approval of a document, `sees` whether the person is told who decides.
    """

    def context(document: Any, looking: Looking) -> Mapping[str, object] | None:  # noqa: ANN401 - of whatever type
        approval = of(document)
        if approval is None or not sees(document, looking):
            return None
        waits = waits_for(looking.who, approval.number)
        return {"approval": approval, "stages": route_rows(route_taken(approval)), "waits": waits}

    return Panel("approvals/card.html", context)
