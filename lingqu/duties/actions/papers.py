"""Hand in a paper that fulfils duties, let another module's deed fulfil one, and say something back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.actions import take_numbers
from lingqu.documents.rules import NewFile, check_file, check_many
from lingqu.duties.access import Reach, may_ask_again, may_hand_in, may_remark, visible_duties
from lingqu.duties.models import LONGEST_TEXT, Attachment, Duty, Paper, PaperDuty, Remark
from lingqu.duties.queries import paper_to_see, reach
from lingqu.duties.rules import lateness
from lingqu.duties.states import DUTIES, DutyState, DutyVerb, Rhythm
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

SERIES = "BG"
NO_EVIDENCE = (Text("", ""), "")
MOST_DUTIES = 30
LONGEST_TITLE, LONGEST_KEY, LONGEST_REMARK = 200, 64, 2_000


class NewPaper(msgspec.Struct, frozen=True):
    """A paper to hand in: its kind, title and text, its files; the same `key` is the same paper, however often it comes."""

    kind: str
    title: str
    text: str = ""
    files: tuple[NewFile, ...] = ()
    key: str = ""


@transaction.atomic
def hand_in(duties: Collection[int], new: NewPaper, *, by: Acting, at: datetime) -> Paper:
    """Hand in one paper for one or several duties, which are done then, each with its own late days; return the paper.

    Lateness is counted in calendar days after the grace, by the day in China. Refuses duties that are not to be seen (404), those of
    others (403), duties that are done on the page of their matter, duties of several firms, a form that was handed in for other duties, a
    kind of paper that a duty does not take, and an empty paper or a file that is not taken.
    """
    at_hand = reach(by, on=china_day(at))
    wanted = _lock(duties, by=by)
    for duty in wanted:
        if not may_hand_in(at_hand, duty):
            raise forbidden(Text("这项职责由其承担人提交。", "This duty is fulfilled by those responsible for it."))
        if duty.link:
            raise _done_elsewhere(duty)
    firm = wanted[0].owed_by_id
    if any(duty.owed_by_id != firm for duty in wanted):
        raise bad_input("duties", Text("一份文件只能用于同一单位的职责。", "One paper fulfils duties of one firm only."))
    _check(new, wanted)
    key = new.key or secrets.token_urlsafe(16)
    known = Paper.objects.filter(firm_id=firm, key=key).first()
    if known:
        if any(duty.paper_id != known.pk or duty.state != DutyState.DONE.value for duty in wanted):
            raise _sent_already()
        return known
    checked = [(check_file(file.name, file.content), file.content) for file in new.files]
    for duty in wanted:
        DUTIES.next(DutyState(duty.state), DutyVerb.HAND_IN)
    (number,) = take_numbers(SERIES, china_day(at).year)
    paper = Paper(
        number=number, key=key, kind=new.kind, firm_id=firm, title=new.title.strip(), text=new.text, made_by_id=by.person,
        on_behalf_of_id=at_hand.for_whom(wanted[0]), made_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError as twice:
        raise _sent_already() from twice
    Attachment.objects.bulk_create(
        [
            Attachment(
                paper=paper, name=file.name, media_type=file.media_type, size=len(content), content=content,
                sha256=hashlib.sha256(content).hexdigest(),
            )
            for file, content in checked
        ]
    )  # fmt: skip
    _finish(wanted, at_hand=at_hand, at=at, paper=paper)
    return paper


def _lock(duties: Collection[int], *, by: Acting) -> list[Duty]:
    """Lock the duties in one order; refuses none, too many, and any that is not to be seen."""
    places = set(duties)
    if not places:
        raise bad_input("duties", Text("请至少选一项职责。", "Choose at least one duty."))
    if len(places) > MOST_DUTIES:
        raise bad_input("duties", Text(f"一份文件至多用于 {MOST_DUTIES} 项职责。", f"One paper fulfils at most {MOST_DUTIES} duties."))
    found = Duty.objects.select_for_update(of=("self",)).filter(visible_duties(by), pk__in=places).order_by("pk")
    locked = list(found)
    if len(locked) != len(places):
        raise not_found()
    return locked


def _done_elsewhere(duty: Duty) -> Refusal:
    words = Text(
        f"“{duty.title_zh}”不收文件：请在其事项的页面办理，办理后随之完成。",
        f"“{duty.title_en}” takes no paper: do it on the page of its matter, and it is fulfilled by that.",
    )
    return Refusal("done_elsewhere", words, field="duties")


def _sent_already() -> Refusal:
    words = Text(
        "这份表单已经提交过，所选职责没有全部随之完成。请从职责页面重新填写。",
        "This form was handed in before, and not for all the duties chosen now. Fill it in anew from the duty's page.",
    )
    return Refusal("sent_already", words)


def _check(new: NewPaper, duties: Sequence[Duty]) -> None:
    if not new.title.strip() or len(new.title) > LONGEST_TITLE:
        raise bad_input("title", Text(f"请填写标题，最多 {LONGEST_TITLE} 字。", f"Give a title of at most {LONGEST_TITLE} characters."))
    if len(new.text) > LONGEST_TEXT:
        raise bad_input(
            "text",
            Text(
                f"正文 {len(new.text):,} 字，最多 {LONGEST_TEXT:,} 字，其余请放入附件。",
                f"{len(new.text):,} characters; at most {LONGEST_TEXT:,}. Attach the rest.",
            ),
        )
    if any("\x00" in words for words in (new.title, new.text, new.kind, new.key)) or len(new.key) > LONGEST_KEY:
        raise bad_input("text", Text("内容含有无法保存的字符。", "There is a character that cannot be kept."))
    if not new.text.strip() and not new.files:
        raise bad_input("text", Text("请填写正文，或附上文件。", "Write a text, or attach a file."))
    check_many(len(new.files))
    wrong = next((duty for duty in duties if duty.papers and new.kind not in duty.papers), None)
    if wrong is not None:
        raise bad_input("kind", Text(f"“{wrong.title_zh}”不收这类文件。", f"“{wrong.title_en}” does not take this kind of paper."))


def _finish(
    duties: Sequence[Duty], *, at_hand: Reach, at: datetime, paper: Paper | None = None, evidence: tuple[Text, str] | None = None
) -> None:  # fmt: skip
    """Set the duties done, each with its own lateness, and record it; what fulfilled an earlier round fulfils this one no more."""
    deeds = []
    for duty in duties:
        duty.state = DUTIES.next(DutyState(duty.state), DutyVerb.HAND_IN).value
        duty.done_at, duty.done_by_id = at, at_hand.who.person
        duty.late_days = lateness(duty.late_from, china_day(at))
        after: dict[str, object] = {"late_days": duty.late_days}
        duty.paper = paper
        words, link = evidence or NO_EVIDENCE
        duty.evidence_zh, duty.evidence_en, duty.evidence_link = words.zh, words.en, link
        if paper is not None:
            after["paper"] = paper.number
        if evidence is not None:
            after["evidence"] = link
        deeds.append(Deed("hand_in", "duty", duty.pk, after, regulation=duty.regulation, on_behalf_of=at_hand.for_whom(duty)))
    fields = ["state", "done_at", "done_by", "late_days", "paper", "evidence_zh", "evidence_en", "evidence_link"]
    Duty.objects.bulk_update(duties, fields)
    if paper is not None:
        PaperDuty.objects.bulk_create([PaperDuty(paper=paper, duty=duty, at=at) for duty in duties])
    record(deeds, by=at_hand.who.person, at=at)


@transaction.atomic
def fulfil(kind: str, *, about: int | None, on: date, link: str, text: Text, by: Acting, at: datetime) -> int:
    """Let another module's deed fulfil the open duties that take a paper of this kind, and return how many are done by it.

    They are those about the firm (None: about the acting person's own) whose period holds the day `on`, which is the day that the deed
    is about, and the single ones that were asked for by then. `link` is the path and `text` the words under which the deed is found.
    Who may do the deed was asked where it was done.
    """
    found = Duty.objects.select_for_update(of=("self",)).filter(
        Q(period_end__gt=on) | Q(rhythm=Rhythm.ONCE.value), state=DutyState.OPEN.value, firm_id=by.firm if about is None else about,
        papers__contains=[kind], period_start__lte=on,
    )  # fmt: skip
    duties = [duty for duty in found.order_by("pk") if by.firm in {duty.issuer_id, duty.owed_by_id}]
    _finish(duties, at_hand=reach(by, on=china_day(at)), at=at, evidence=(text, link))
    return len(duties)


@transaction.atomic
def give_feedback(paper: int, text: str, *, by: Acting, at: datetime) -> Remark:
    """Say something back on a paper (M-15.3) and tell who made it; return the remark.

    The appraiser, HQ's managers and the owner of the agent above may; others are refused (403), and 404 when they don't see the paper.
    """
    found, _ = paper_to_see(paper, by=by)
    duties = list(Duty.objects.filter(visible_duties(by), papers_of__paper=found).select_related("owed_by").order_by("pk"))
    if not any(may_remark(by, duty) for duty in duties):
        raise forbidden(
            Text(
                "反馈由考核人、总部营销负责人或上级代理商负责人填写。",
                "Feedback is given by the appraiser, HQ's managers or the agent above.",
            )
        )
    words = text.strip()
    if not words or len(words) > LONGEST_REMARK or "\x00" in words:
        raise bad_input(
            "feedback", Text(f"请填写反馈，最多 {LONGEST_REMARK} 字。", f"Write a feedback of at most {LONGEST_REMARK} characters.")
        )
    appraises = next((duty for duty in duties if may_ask_again(by, duty)), None)
    absent = by.for_whom((PostCode(appraises.appraiser),), appraises.issuer_id) if appraises else None
    remark = Remark.objects.create(paper=found, text=words, by_id=by.person, on_behalf_of_id=absent, at=at)
    record([Deed("remark", "paper", found.pk, {"remark": remark.pk}, on_behalf_of=absent)], by=by.person, at=at)
    title = Text(f"{found.title} 有新的反馈", f"New feedback on {found.title}")
    message = Message(f"remark:{remark.pk}", "duty", title, Text(words[:200], words[:200]), f"/duties/{duties[0].pk}/")
    notify(message, to={found.made_by_id} - {by.person}, at=at)
    return remark
