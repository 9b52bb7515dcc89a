"""The versions of a pack, what changed between two of them, and who has read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import not_found
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.policy.access import may_see_drafts, may_see_readings
from lingqu.policy.actions import confirm_reading
from lingqu.policy.present.differences import grouped
from lingqu.policy.present.versions import last_day, state_of, version_url
from lingqu.policy.queries import VersionRow, draft_regulation, open_draft, readings, version
from lingqu.policy.queries.people import reading_counts
from lingqu.policy.rules import Regulation, differences
from lingqu.policy.views.common import DRAFT, pack_rows, packs_for, read_number

MOST_READERS = 200


@require_safe
@page
def version_list(request: PageRequest, pack: str) -> HttpResponse:
    """List the versions with their days, who issued them and how, their hash, and who has read them."""
    rows = pack_rows(pack)
    read_key = request.GET.get("readings", "")
    number = read_number(read_key, default=0)
    counts = reading_counts([row.id for row in rows]) if may_see_readings(request.who) else {}
    listed = [_version(row, request, counts.get(row.id)) for row in rows]
    chosen = next((row for row in rows if row.number == number), None) if may_see_readings(request.who) else None
    context = {
        "pack": pack, "packs": packs_for(request, pack), "rows": listed, "crumb": Text("版本", "Versions"),
        "title": version(pack, rows[0].number).title, "chosen": chosen, "may_see_readings": may_see_readings(request.who),
        "readers": readings(chosen.id, limit=MOST_READERS) if chosen else None,
        "draft": open_draft(pack) if may_see_drafts(request.who) else None,
    }  # fmt: skip
    return render(request, "policy/versions.html", context)


@require_safe
@page
def version_differences(request: PageRequest, pack: str) -> HttpResponse:
    """Show in words what changed between two versions, grouped by clause."""
    rows = pack_rows(pack)
    newest = rows[0].number
    last = request.GET.get("to", "")
    to_draft = last == DRAFT and may_see_drafts(request.who)
    second = newest if to_draft else read_number(last or str(newest))
    first = read_number(request.GET.get("from", "") or str(newest if to_draft else max(second - 1, 1)))
    before = version(pack, first)
    after, name = _after(pack, second, to_draft=to_draft)
    groups = grouped(differences(before, after), before, after)
    context = {
        "pack": pack, "packs": packs_for(request, pack), "groups": groups, "before": before, "after": after, "after_name": name,
        "after_key": DRAFT if to_draft else f"v{second}", "total": sum(len(group.rows) for group in groups),
        "numbers": [row.number for row in reversed(rows)], "to_draft": to_draft, "first": first, "second": second,
        "has_draft": may_see_drafts(request.who) and open_draft(pack) is not None, "crumb": Text("差异", "Differences"),
    }  # fmt: skip
    return render(request, "policy/differences.html", context)


@require_POST
@page
def confirm(request: PageRequest, pack: str, key: str) -> HttpResponseRedirect:
    """Confirm that the person has read a version."""
    number = read_number(key)
    row = next((row for row in pack_rows(pack) if row.number == number), None)
    if row is None:
        raise not_found()

    def do() -> Text:
        confirm_reading(row.id, by=request.who, at=request.at)
        return Text(f"已确认阅读 v{number}。", f"You have confirmed that you read v{number}.")

    return answer_verb(request, version_url(pack, number, ""), do)


def _after(pack: str, number: int, *, to_draft: bool) -> tuple[Regulation, Text]:
    if not to_draft:
        return version(pack, number), Text(f"v{number}", f"v{number}")
    found = open_draft(pack)
    if found is None:
        raise not_found(Text("现在没有修订草案。", "There is no draft now."))
    return draft_regulation(found), Text("草案", "the draft")


def _version(row: VersionRow, request: PageRequest, counts: tuple[int, int] | None) -> dict[str, Any]:
    kind, state = state_of(row, request.today)
    return {
        "row": row, "kind": kind, "state": state, "until": last_day(row), "url": version_url(row.pack, row.number, ""),
        "hash": row.content_hash[:12], "counts": counts,
        "differences_url": f"{reverse('regulation_differences', args=[row.pack])}?from={row.number - 1}&to={row.number}"
        if row.number > 1
        else "",
    }  # fmt: skip
