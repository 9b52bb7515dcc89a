"""One duty, its papers, files and remarks, as far as the asker may see them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Prefetch

from lingqu.base.refusal import not_found
from lingqu.duties.access import visible_duties
from lingqu.duties.models import Attachment, Duty, Paper, PaperDuty, Remark
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting

BIGGEST_ID = 2**63 - 1


def duty_to_see(duty: int, *, by: Acting) -> Duty:
    """Return a duty; refuses (404) one that does not exist or is not the asker's to see."""
    if not 0 < duty <= BIGGEST_ID:
        raise not_found()
    found = Duty.objects.filter(visible_duties(by), pk=duty).select_related("firm", "owed_by", "issuer", "done_by", "paper").first()
    if found is None:
        raise not_found()
    return found


def papers_of_duty(duty: int) -> list[Paper]:
    """Return the papers that were handed in for a duty, newest first, with files (without their bytes), remarks and other duties."""
    files = Attachment.objects.defer("content").order_by("pk")
    remarks = Remark.objects.select_related("by", "on_behalf_of").order_by("pk")
    links = PaperDuty.objects.select_related("duty__firm").order_by("duty__due_on", "pk")
    return list(
        Paper.objects.filter(duties__duty_id=duty)
        .select_related("made_by", "on_behalf_of", "firm")
        .prefetch_related(Prefetch("attachments", files), Prefetch("remarks", remarks), Prefetch("duties", links))
        .order_by("-pk")
    )


def paper_to_see(paper: int, *, by: Acting) -> tuple[Paper, Duty]:
    """Return a paper and a duty of it that the asker sees; refuses (404) others."""
    if not 0 < paper <= BIGGEST_ID:
        raise not_found()
    duty = Duty.objects.filter(visible_duties(by), papers_of__paper_id=paper).select_related("owed_by", "issuer").order_by("pk").first()
    if duty is None:
        raise not_found()
    return Paper.objects.get(pk=paper), duty


def attachment_to_see(attachment: int, *, by: Acting) -> Attachment:
    """Return a file with its bytes; refuses (404) files of papers whose duties the asker does not see."""
    if not 0 < attachment <= BIGGEST_ID:
        raise not_found()
    seen = Duty.objects.filter(visible_duties(by)).values("pk")
    found = Attachment.objects.filter(pk=attachment, paper__duties__duty_id__in=seen).first()
    if found is None:
        raise not_found()
    return found


def names_of(people: Collection[int]) -> dict[int, str]:
    """Return the names of people by their id."""
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
