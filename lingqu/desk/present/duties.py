"""The person's next duties as rows of a card at home: how long is left, what, who appraises, and one verb."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.duties.models import Duty
from lingqu.duties.present import post_or_relation, time_words, title_of
from lingqu.duties.queries import inbox_counts, next_duties
from lingqu.organisation.queries import Acting

DUTIES_SHOWN = 6


def duties_card(who: Acting, *, on: date) -> dict[str, Any] | None:
    """Return the card of the person's open duties, due soonest first; None when there are none."""
    rows = [_row(duty, on) for duty in next_duties(who, on=on, limit=DUTIES_SHOWN)]
    return {"rows": rows, "counts": inbox_counts(who, on=on)} if rows else None


def _row(duty: Duty, on: date) -> dict[str, Any]:
    tone, left = time_words(duty, on)
    about = duty.firm.name if duty.firm_id not in (duty.issuer_id, duty.owed_by_id) else ""
    appraiser = post_or_relation(duty.appraiser)
    parts = [
        Text(about, about) if about else None,
        Text(f"考核人 {appraiser.zh}", f"appraised by {appraiser.en}") if duty.appraiser else None,
    ]
    said = [part for part in parts if part]
    return {
        "title": title_of(duty),
        "url": reverse("duty", args=[duty.pk]),
        "due_on": duty.due_on,
        "tone": tone,
        "left": left,
        "second": Text(" · ".join(part.zh for part in said), " · ".join(part.en for part in said)),
        "clause": duty.clause,
        "late": tone == "red",
    }
