"""Tags of the pages that show where an approval stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html

from lingqu.approvals.models import Approval
from lingqu.approvals.queries import seen_of

register = template.Library()
KNOWN = "known_approvals"
"""Where a request remembers which approvals are open to who asks, by their numbers."""


def _look(context: Context, numbers: Iterable[str]) -> dict[str, bool]:
    """Return what the request knows of approvals, with these among them; one statement for all that it did not know."""
    request = context["request"]
    known: dict[str, bool] = request.__dict__.setdefault(KNOWN, {})
    new = {number for number in numbers if number} - known.keys()
    if new:
        seen = seen_of(new, by=request.who)
        known |= {number: number in seen for number in new}
    return known


@register.simple_tag(takes_context=True)
def approvals_of(context: Context, rows: Iterable[Mapping[str, Any]]) -> str:
    """Find out for all rows of a list at once which of their approvals (`approval`, a number or "") are open to the reader; says nothing.

    One statement, none where no row has an approval. `approval_link` in a row asks nothing after it.
    """
    _look(context, (row["approval"] for row in rows))
    return ""


@register.simple_tag(takes_context=True)
def approval_link(context: Context, approval: Approval | str | None, look: str = "") -> str:
    """Return an approval's number as a link for who may see it, and as words for everybody else; one statement for each approval of a page.

    `approval` may be its number; `look` is the class that the number has, such as `code`. More people see a paper than decide on it: they
    are told how far it has come, and are not led to a page that is not theirs.
    """
    number = approval.number if isinstance(approval, Approval) else approval
    if not number:
        return ""
    style = format_html(' class="{}"', look) if look else ""
    if not _look(context, [number])[number]:
        return format_html("<span{}>{}</span>", style, number) if look else number
    return format_html('<a{} href="{}">{}</a>', style, reverse("approval", args=[number]), number)
