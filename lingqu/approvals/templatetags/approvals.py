"""Links from a paper to its approval."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html

from lingqu.approvals.models import Approval
from lingqu.approvals.queries import approvals_seen_by

register = template.Library()


@register.simple_tag(takes_context=True)
def approval_link(context: Context, approval: Approval | None) -> str:
    """Return an approval's number as a link for who may see it, and as words for everybody else; one statement.

    More people see a paper than decide on it: they are told how far it has come, and are not led to a page that is not theirs.
    """
    if approval is None:
        return ""
    if not approvals_seen_by(context["request"].who).filter(pk=approval.pk).exists():
        return approval.number
    return format_html('<a href="{}">{}</a>', reverse("approval", args=[approval.number]), approval.number)
