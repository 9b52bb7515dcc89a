"""Statements of account: issued by hand or on their day, agreed to, objected to, answered (M-16.3.3.1). None is ever changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import partner_owners
from lingqu.documents.actions import take_numbers
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import Acting, holders
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation
from lingqu.settlement.access import may_answer_statement, may_issue
from lingqu.settlement.models import Statement, StatementDispute
from lingqu.settlement.queries import lines_to_state, statement_of
from lingqu.settlement.rules import canonical, check_month, month_of, read_canonical
from lingqu.settlement.states import STATEMENTS, DisputeKind, StatementState, StatementVerb

SUBJECT: Final = "statement"
MOST_DISPUTES: Final = 50
LONGEST_TEXT: Final = 400


class IssuedMany(msgspec.Struct, frozen=True):
    """Numbers of the statements that were issued, and why others were not, by the partner's name."""

    numbers: tuple[str, ...]
    left: dict[str, Text]


@transaction.atomic
def issue_statement(line_id: int, month: date, *, regulation: Regulation, by: Acting | None, at: datetime) -> Statement:
    """Issue the statement of a line for a month (series DZ) and return it; one that was issued already is returned as it is.

    It is frozen as it was known now, under a hash; the partner is told, and has `statement_reply_days` to answer. `by` is None on its day.
    Refuses whoever may not enter money, a month that is not over, (`later_issued`) one before a month that was issued, whose movements
    that statement has told already, and accounts that do not agree.
    """
    line = CreditLine.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise not_found()
    if by is not None and not may_issue(by, line.seller_id):
        raise forbidden(Text("对账单由财务主管出具。", "Statements are the finance head's to issue."))
    first, until = month_of(month)
    known = Statement.objects.filter(line=line, month=first).first()
    if known:
        return known
    today = china_day(at)
    check_month(first, today=today)
    _must_be_newest(line, first)
    content = statement_of(line, first, until)
    text, digest = canonical(content)
    (number,) = take_numbers("DZ", today.year)
    statement = Statement.objects.create(
        line=line, number=number, month=first, content=text, sha256=digest, closing=content.closing, state=StatementState.ISSUED.value,
        regulation=regulation.reference, issued_at=at, issued_by_id=by.person if by else None,
        reply_until=today + timedelta(days=regulation.parameters.statement_reply_days),
    )  # fmt: skip
    after = {"number": number, "month": f"{first:%Y-%m}", "closing": str(content.closing), "sha256": digest}
    absent = by.for_whom(MONEY_POSTS, line.seller_id) if by else None
    record([Deed("issue", SUBJECT, statement.pk, after, {}, regulation.reference, absent)], by=by.person if by else None, at=at)
    title = Text(f"{first:%Y-%m} 对账单 {number}", f"Statement {number} of {first:%Y-%m}")
    body = Text(
        f"期末应付 {content.closing:,.2f} 元，请在 {statement.reply_until} 前确认或提出异议。",
        f"Closing {content.closing:,.2f} yuan; please agree or object by {statement.reply_until}.",
    )
    notify(Message(f"statement:{statement.pk}", "credit", title, body, link_to(statement)), to=partner_owners(line, on=today), at=at)
    return statement


def _must_be_newest(line: CreditLine, month: date) -> None:
    later = Statement.objects.filter(line=line, month__gt=month).order_by("month").values_list("month", flat=True).first()
    if later:
        raise Refusal(
            "later_issued",
            Text(
                f"{later:%Y-%m} 的对账单已出具，其期初已含此前的往来，不再补出 {month:%Y-%m}；可按月份查看。",
                f"The statement of {later:%Y-%m} was issued and opens with all before it; {month:%Y-%m} is not issued after it. "
                "Its page still shows it.",
            ),
        )


@transaction.atomic
def issue_month(month: date, *, seller: int, regulation: Regulation, by: Acting, at: datetime) -> IssuedMany:
    """Issue the statements of a month of a seller that are still missing, where money moved or is owed.

    One whose accounts do not agree is left out and named; the others are issued. Refuses like `issue_statement`.
    """
    if not may_issue(by, seller):
        raise forbidden(Text("对账单由财务主管出具。", "Statements are the finance head's to issue."))
    first, until = month_of(month)
    check_month(first, today=china_day(at))
    numbers, left = [], {}
    for line in lines_to_state(first, until, seller=seller):
        try:
            numbers.append(issue_statement(line, first, regulation=regulation, by=by, at=at).number)
        except Refusal as refusal:
            left[CreditLine.objects.select_related("buyer").get(pk=line).buyer.name] = refusal.text
    return IssuedMany(tuple(numbers), left)


@transaction.atomic
def issue_on_its_day(line_id: int, month: date, *, regulation: Regulation, at: datetime) -> bool:
    """Issue the statement of a line for a month on its day, nobody acting; return whether it was.

    One that cannot be issued holds up no other and stays for the next run; finance of the seller is told why, once for each month.
    """
    try:
        issue_statement(line_id, month, regulation=regulation, by=None, at=at)
    except Refusal as refusal:
        _tell_left(CreditLine.objects.select_related("buyer").get(pk=line_id), month, refusal.text, at=at)
        return False
    return True


def _tell_left(line: CreditLine, month: date, why: Text, *, at: datetime) -> None:
    title = Text(f"{line.buyer.name} {month:%Y-%m} 对账单未能出具", f"No statement of {month:%Y-%m} could be issued for {line.buyer.name}")
    link = f"/partners/{line.buyer.code}/statement?month={month:%Y-%m}"
    notify(Message(f"statement:{line.pk}:{month:%Y-%m}:left", "credit", title, why, link), to=_finance_of(line, at=at), at=at)


def _finance_of(line: CreditLine, *, at: datetime) -> list[int]:
    return [person for person, _ in holders([post.value for post in MONEY_POSTS], line.seller_id, on=china_day(at))]


@transaction.atomic
def agree_statement(statement_id: int, *, by: Acting, at: datetime) -> Statement:
    """Agree to a statement, for good. Refuses whoever is not the partner's owner, and one with an objection without an answer."""
    statement = _to_answer(statement_id, by)
    state = STATEMENTS.next(StatementState(statement.state), StatementVerb.AGREE)
    if statement.disputes.filter(answered_at__isnull=True).exists():
        raise Refusal(
            "dispute_open", Text("还有异议未答复，答复后才能确认。", "An objection has no answer yet; agree after it was answered.")
        )  # fmt: skip
    return _answered(statement, state, Deed("agree", SUBJECT, statement.pk, {"state": state.value}, {"state": statement.state}), by, at)


@transaction.atomic
def dispute_statement(statement_id: int, place: str, *, kind: str, text: str, by: Acting, at: datetime) -> StatementDispute:
    """Object to a line of a statement (`place`; "" for the whole), and return the objection; finance of the seller is told.

    Refuses whoever is not the partner's owner, a line that is not there, an unknown kind, no text or more than 400 characters, and more
    than 50 objections.
    """
    statement = _to_answer(statement_id, by)
    state = STATEMENTS.next(StatementState(statement.state), StatementVerb.DISPUTE)
    if place and place not in {line.place for line in read_canonical(statement.content).lines}:
        raise bad_input("place", Text("对账单中没有这一行。", "The statement has no such line."))
    if kind not in set(DisputeKind):
        raise bad_input("kind", Text("请选择异议类别。", "Choose what it is about."))
    plain = _check_text(text)
    if statement.disputes.count() >= MOST_DISPUTES:
        raise Refusal("too_many", Text(f"一份对账单最多 {MOST_DISPUTES} 条异议。", f"At most {MOST_DISPUTES} objections."))
    dispute = StatementDispute.objects.create(
        statement=statement, place=place, kind=kind, text=plain, made_by_id=by.person, made_at=at
    )  # fmt: skip
    after = {"state": state.value, "place": place, "kind": kind, "text": plain}
    _answered(statement, state, Deed("dispute", SUBJECT, statement.pk, after, {"state": statement.state}), by, at)
    people = _finance_of(statement.line, at=at)
    title = Text(f"对账单 {statement.number} 有异议", f"An objection to statement {statement.number}")
    notify(Message(f"dispute:{dispute.pk}", "credit", title, Text(plain, plain), link_to(statement)), to=people, at=at)
    return dispute


@transaction.atomic
def answer_dispute(dispute_id: int, *, answer: str, by: Acting, at: datetime) -> StatementDispute:
    """Answer an objection, once, and return it; the partner is told and may agree then.

    Refuses whoever may not issue statements of the seller, one that was answered, no answer and more than 400 characters.
    """
    dispute = StatementDispute.objects.select_for_update().filter(pk=dispute_id).first()
    if dispute is None or not may_issue(by, dispute.statement.line.seller_id):
        raise not_found()
    if dispute.answered_at:
        raise Refusal("answered", Text("该异议已答复。", "The objection was answered already."))
    dispute.answer, dispute.answered_by_id, dispute.answered_at = _check_text(answer), by.person, at
    dispute.save(update_fields=["answer", "answered_by", "answered_at"])
    statement = dispute.statement
    absent = by.for_whom(MONEY_POSTS, statement.line.seller_id)
    record([Deed("answer", SUBJECT, statement.pk, {"dispute": dispute.pk, "answer": dispute.answer}, {}, "", absent)], by=by.person, at=at)
    title = Text(f"对账单 {statement.number} 的异议已答复", f"Your objection to statement {statement.number} was answered")
    message = Message(f"dispute:{dispute.pk}:answer", "credit", title, Text(dispute.answer, dispute.answer), link_to(statement))
    notify(message, to=partner_owners(statement.line, on=china_day(at)), at=at)
    return dispute


@transaction.atomic
def remind_statement(statement_id: int, *, at: datetime) -> None:
    """Remind the partner, once, of a statement whose time to answer is over. Nothing is ever agreed silently."""
    statement = Statement.objects.select_related("line__buyer").get(pk=statement_id)
    title = Text(f"对账单 {statement.number} 逾期未确认", f"Statement {statement.number} was not answered in time")
    body = Text(f"应在 {statement.reply_until} 前答复。", f"An answer was due by {statement.reply_until}.")
    message = Message(f"statement:{statement.pk}:late", "credit", title, body, link_to(statement))
    notify(message, to=partner_owners(statement.line, on=china_day(at)), at=at)


def link_to(statement: Statement) -> str:
    """Return the address of the statement's page."""
    return f"/partners/{statement.line.buyer.code}/statement?month={statement.month:%Y-%m}"


def _to_answer(statement_id: int, by: Acting) -> Statement:
    found = Statement.objects.select_for_update(of=("self",)).select_related("line__buyer").filter(pk=statement_id).first()
    if found is None or not may_answer_statement(by, found.line.buyer_id):
        raise not_found()
    return found


def _answered(statement: Statement, state: StatementState, deed: Deed, by: Acting, at: datetime) -> Statement:
    statement.state, statement.answered_at, statement.answered_by_id = state.value, at, by.person
    statement.save(update_fields=["state", "answered_at", "answered_by"])
    absent = by.for_whom((PostCode.OWNER,), statement.line.buyer_id)
    record([msgspec.structs.replace(deed, on_behalf_of=absent)], by=by.person, at=at)
    return statement


def _check_text(text: str) -> str:
    plain = " ".join(text.replace("\x00", "").split())
    if not plain:
        raise bad_input("text", Text("请写明内容。", "Write what it is."))
    if len(plain) > LONGEST_TEXT:
        raise bad_input("text", Text(f"最多 {LONGEST_TEXT} 字。", f"At most {LONGEST_TEXT} characters."))
    return plain
