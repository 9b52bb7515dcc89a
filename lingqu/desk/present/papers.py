"""The papers of a partner as they were entered, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from lingqu.documents.queries import AttachedFile
from lingqu.partners.models import PartnerPaper
from lingqu.partners.states import PAPER_WORDS, PaperKind


def entered_rows(found: Sequence[tuple[PartnerPaper, Sequence[AttachedFile]]], *, code: str) -> list[dict[str, Any]]:
    """Return a row for each paper: what it is, its days, who entered it and when, and its scans with their addresses."""
    return [
        {
            "name": PAPER_WORDS[PaperKind(paper.kind)],
            "number": paper.number,
            "since": paper.valid_from,
            "until": paper.valid_until,
            "by": paper.entered_by.name,
            "at": paper.entered_at,
            "scans": [{"name": scan.name, "url": reverse("partner_paper_scan", args=[code, paper.pk, scan.id])} for scan in scans],
        }
        for paper, scans in found
    ]
