"""One duty: its days, its papers, and the verbs on it."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.audit.queries import facts_of
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, answer_verb, file_download, page, sent_files
from lingqu.documents.rules import MOST_FILES
from lingqu.duties.access import may_ask_again, may_hand_in, may_remark, may_void
from lingqu.duties.actions import NewPaper, give_feedback, hand_in, reopen_duty, void_duty
from lingqu.duties.forms import read_places, read_until
from lingqu.duties.models import Duty
from lingqu.duties.present import history_of, paper_words, post_or_relation, row_of, title_of, void_words
from lingqu.duties.queries import (
    attachment_to_see,
    duty_to_see,
    names_of,
    paper_to_see,
    papers_of_duty,
    reach,
    responsible_people,
    together_with,
    working_calendar,
    written_at,
)
from lingqu.duties.rules import period_words
from lingqu.duties.states import DutyState, Rhythm

AGAIN_DAYS = 3


@require_safe
@page
def duty(request: PageRequest, duty: int) -> HttpResponse:
    """Show one duty: what, of whom, by when, its papers with files and feedback, its history, and the form to hand in."""
    return _show(request, duty_to_see(duty, by=request.who))


def _show(request: PageRequest, found: Duty, *, typed: dict[str, Any] | None = None, refusal: Refusal | None = None) -> HttpResponse:
    who, today = request.who, request.today
    at_hand = reach(who, on=today)
    is_open = found.state == DutyState.OPEN.value
    does = is_open and may_hand_in(at_hand, found)
    hands_in = does and not found.link
    papers = papers_of_duty(found.pk)
    facts = list(facts_of("duty", found.pk))
    people = responsible_people([found], on=today)[found.pk]
    names = names_of({*people, *(fact.person or 0 for fact in facts), *(fact.on_behalf_of or 0 for fact in facts)})
    calendar = working_calendar()
    period = period_words(found.period, Rhythm(found.rhythm))
    title = str(Text(f"{period.zh} {found.title_zh}", f"{found.title_en}, {period.en}"))
    context = {
        "duty": found,
        "row": row_of(found, on=today, mine=does),
        "does": does,
        "title": title_of(found),
        "task": Text(found.task_zh, found.task_en) if found.task_zh else None,
        "responsible": post_or_relation(found.responsible),
        "appraiser": post_or_relation(found.appraiser),
        "people": [names[person] for person in sorted(people) if person in names],
        "last_day": found.period.last_day,
        "unpublished": not calendar.is_published(found.due_on.year),
        "kinds": [(kind, paper_words(kind)) for kind in found.papers],
        "papers": papers,
        "void_reason": void_words(found),
        "evidence": Text(found.evidence_zh, found.evidence_en),
        "history": history_of(facts, names),
        "hands_in": hands_in,
        "written": written_at(found, on=today) if hands_in else "",
        "others": [row_of(one, on=today, mine=True) for one in together_with(found, reach=at_hand, on=today)] if hands_in else [],
        "may_ask_again": may_ask_again(who, found) and found.state == DutyState.DONE.value,
        "may_void": may_void(who, found.issuer_id) and is_open,
        "may_remark": may_remark(who, found),
        "again_until": calendar.add_working_days(today, AGAIN_DAYS),
        "typed": typed or {"title": title, "text": "", "kind": "", "key": secrets.token_urlsafe(16), "duties": []},
        "refusal": refusal,
        "most_files": MOST_FILES,
    }
    return render(request, "duties/duty.html", context, status=refusal.status if refusal else 200)


@require_POST
@page
def hand_in_paper(request: PageRequest, duty: int) -> HttpResponse:
    """Hand in a paper for this duty and those that were ticked; what was typed comes back with the reason when it is refused."""
    found = duty_to_see(duty, by=request.who)
    sent = request.POST
    typed: dict[str, Any] = {name: sent.get(name, "") for name in ("title", "text", "kind", "key")}
    typed["duties"] = sent.getlist("duties")
    try:
        also = read_places(sent.getlist("duties"))
        files = sent_files(request)
        new = NewPaper(typed["kind"], typed["title"], typed["text"].replace("\r\n", "\n"), files, typed["key"])
        paper = hand_in([duty, *also], new, by=request.who, at=request.at)
    except Refusal as refusal:
        typed["had_files"] = bool(request.FILES)
        return _show(request, found, typed=typed, refusal=refusal)
    many = len({duty, *also})
    told = Text(
        f"已提交 {paper.number}，完成 {many} 项职责。",
        f"{paper.number} is handed in and fulfils {many} {'duty' if many == 1 else 'duties'}.",
    )
    messages.success(request, str(told))
    return redirect("duty", duty)


@require_POST
@page
def ask_again(request: PageRequest, duty: int) -> HttpResponse:
    """Ask for a duty again, as its appraiser."""

    def do() -> Text:
        until = read_until(request.POST.get("until", ""))
        again = reopen_duty(duty, request.POST.get("reason", ""), by=request.who, at=request.at, until=until)
        return Text(f"已退回重交，{again.due_on} 前。", f"Asked for again, by {again.due_on}.")

    duty_to_see(duty, by=request.who)
    return answer_verb(request, reverse("duty", args=[duty]), do)


@require_POST
@page
def void(request: PageRequest, duty: int) -> HttpResponse:
    """Void an open duty with a reason."""

    def do() -> Text:
        void_duty(duty, request.POST.get("reason", ""), by=request.who, at=request.at)
        return Text("职责已作废。", "The duty is void.")

    duty_to_see(duty, by=request.who)
    return answer_verb(request, reverse("duty", args=[duty]), do)


@require_POST
@page
def remark(request: PageRequest, paper: int) -> HttpResponse:
    """Say something back on a paper."""
    _, found = paper_to_see(paper, by=request.who)

    def do() -> Text:
        give_feedback(paper, request.POST.get("feedback", ""), by=request.who, at=request.at)
        return Text("反馈已发出。", "The feedback is sent.")

    return answer_verb(request, reverse("duty", args=[found.pk]), do)


@require_safe
@page
def attachment(request: PageRequest, attachment: int) -> HttpResponse:
    """Download a file of a paper whose duty the person sees; browsers keep it and never show it in place."""
    found = attachment_to_see(attachment, by=request.who)
    return file_download(found.name, found.media_type, bytes(found.content))
