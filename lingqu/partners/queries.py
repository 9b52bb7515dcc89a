"""Read partners: who at the seller answers for whom, and the papers that were entered, with their scans."""

from __future__ import annotations

from datetime import date

from lingqu.base.refusal import not_found
from lingqu.documents.queries import AttachedFile, FileContent, attachment_content, attachments_of
from lingqu.partners.models import PartnerPaper, Representation
from lingqu.partners.states import PAPER_SUBJECT

MOST_PAPERS = 100
BIGGEST_ID = 2**63 - 1


def representatives_of(about: int, firm: int, on: date) -> list[int]:
    """Return the people (Person ids) who represent the partner `about` at the seller `firm` on the day (M-13.3)."""
    found = Representation.objects.filter(partner__firm_id=about, partner__seller_id=firm, period__contains=on)
    return list(found.order_by("id").values_list("person_id", flat=True))


def represented_by(person: int, firm: int, on: date) -> list[int]:
    """Return the partners (Firm ids) of the seller `firm` for whom the person answers on the day (M-13.3)."""
    found = Representation.objects.filter(person_id=person, partner__seller_id=firm, period__contains=on)
    return list(found.order_by("id").values_list("partner__firm_id", flat=True))


def papers_entered(partner: int) -> list[tuple[PartnerPaper, list[AttachedFile]]]:
    """Return the papers of a partner (Partner id) as they were entered, the newest 100 first, each with its scans. Two statements."""
    found = list(PartnerPaper.objects.filter(partner_id=partner).select_related("entered_by").order_by("-id")[:MOST_PAPERS])
    scans = attachments_of(PAPER_SUBJECT, [paper.pk for paper in found])
    return [(paper, scans[paper.pk]) for paper in found]


def scan_of_paper(partner: int, paper: int, attachment: int) -> FileContent:
    """Return a scan of a partner's paper; refuses (404) another partner's. Who may see the partner, the caller has asked."""
    if not 0 < paper <= BIGGEST_ID or not PartnerPaper.objects.filter(pk=paper, partner_id=partner).exists():
        raise not_found()
    return attachment_content(attachment, kind=PAPER_SUBJECT, document=paper)
