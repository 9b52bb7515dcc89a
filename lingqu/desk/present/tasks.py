"""What waits for a person, as rows of their home page: request, buyer, decision, clock, and what may be done there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.words import clock
from lingqu.base.text import Text
from lingqu.desk.present.words import time_left, urgency
from lingqu.desk.queries import PaymentRecord, WaitingRow
from lingqu.duties.queries import working_calendar
from lingqu.orders.access import may_answer, signs_directly
from lingqu.orders.present.decision import panel_of
from lingqu.orders.present.laws import law_words
from lingqu.orders.states import SOURCE_WORDS, OrderState, Source
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FIRM_KIND_WORDS, POST_WORDS, FirmKind, PostCode
from lingqu.policy.queries import regulation_by_reference
from lingqu.policy.rules import Regulation


class Powers(msgspec.Struct, frozen=True):
    """What a person may do with requests to their firm: answer them, and sign specially which laws (by name)."""

    person: int
    answers: bool
    signs: frozenset[str]

    def may_sign(self, row: WaitingRow) -> bool:
        """Return whether the person may let this request pass: every failed law is theirs to waive, and they did not enter it."""
        return row.state is OrderState.REVIEW and bool(row.failed) and self.signs >= set(row.failed) and row.entered_by != self.person

    def concerns(self, row: WaitingRow) -> bool:
        """Return whether the request waits for this person."""
        return self.answers or self.may_sign(row)


def powers_of(who: Acting, regulation: Regulation) -> Powers:
    """Return what the person may do with requests to their own firm under the regulation."""
    return Powers(who.person, may_answer(who, who.firm), frozenset(signs_directly(who, regulation)))


def partner_line(level: str, grade: str, representative: str) -> Text:
    """Return the grey line under a partner's name: 一级代理商 · A级 · 周叙白."""
    kind = FIRM_KIND_WORDS[FirmKind(level)]
    rest = f" · {representative}" if representative else ""
    return Text(f"{kind.zh} · {grade}级{rest}", f"{kind.en} · grade {grade}{rest}")


def task_row(row: WaitingRow, powers: Powers, *, at: datetime) -> dict[str, Any]:
    """Return a request as the row of the list of what waits."""
    stamp, words = _stamp(row, powers)
    source = SOURCE_WORDS[Source(row.source)]
    kind = Text("进货申请", "Request")
    return {
        "number": row.number,
        "url": reverse("order", args=[row.number]),
        "fold_url": reverse("task", args=[row.number]),
        "kind": kind if row.source == Source.PARTNER.value else Text(f"{kind.zh} · {source.zh}", source.en),
        "buyer": row.buyer_name,
        "buyer_url": reverse("partner", args=[row.buyer_code]),
        "buyer_line": partner_line(row.level, row.grade, row.representative),
        "net": row.net,
        "stamp": stamp,
        "stamp_text": words,
        "until": row.answer_until,
        "left": time_left(row.answer_until, at),
        "clock_tone": urgency(row.answer_until, at),
        "verb": _verb(row, powers),
    }


def _stamp(row: WaitingRow, powers: Powers) -> tuple[str, Text]:
    count = len(row.failed)
    if row.state is OrderState.EXPIRED:
        return "late", Text("逾时未答复", "unanswered")
    if row.state is OrderState.HELD:
        return "passed", Text("全部通过", "all passed")
    if row.may_pass:
        return "passed", Text("现可通过", "may pass now")
    if powers.may_sign(row):
        return "waivable", Text(f"{count}项可特批", f"{count} to waive")
    return "waivable", Text(f"{count}项须特批", f"{count} failed")


def _verb(row: WaitingRow, powers: Powers) -> Text:
    if powers.may_sign(row):
        return Text("特批", "Sign")
    if row.state is OrderState.HELD:
        return Text("受理", "Accept")
    return Text("处理", "Handle")


def task_fold(
    row: WaitingRow, powers: Powers, record: PaymentRecord | None, *, today: date, typed: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return what folds out under the row: the decision, how the partner has paid, and the verbs that this person has there.

    `typed` is what they wrote when the verb was refused; it stands in the fields again.
    """
    typed = typed or {}
    url: Callable[[str], str] = lambda verb: reverse(f"task_{verb}", args=[row.number])  # noqa: E731 - a name for one line
    signs = powers.may_sign(row)
    return {
        "number": row.number,
        "order_url": reverse("order", args=[row.number]),
        "panel": panel_of(row.decision, row.facts, at=row.decided_at, reference=row.regulation, regulation=_version(row.regulation)),
        "record": payment_words(record) if record else None,
        "sign_url": url("waive") if signs else "",
        "sign_words": Text(f"同意并特批{len(row.failed)}项", f"Agree and waive {len(row.failed)}"),
        "accept_url": url("accept") if powers.answers and row.state is OrderState.HELD and not row.needs_contract else "",
        "decline_url": url("decline") if powers.answers and row.state in (OrderState.HELD, OrderState.REVIEW) else "",
        "again_url": url("again") if powers.answers and row.state in (OrderState.REVIEW, OrderState.EXPIRED) else "",
        "may_pass": _may_pass(row),
        "needs": _needs(row, signs=signs),
        "ship_on": typed.get("ship_on") or working_calendar().roll_forward(today).isoformat(),
        "reason": typed.get("reason", ""),
        "today": today.isoformat(),
    }


def _version(reference: str) -> Regulation | None:
    """Return the version that decided; None when this installation does not have it, and the panel stands without its words."""
    try:
        return regulation_by_reference(reference)
    except (Refusal, ValueError):
        return None


def _may_pass(row: WaitingRow) -> Text | None:
    """Return that the laws that failed would let it pass since a moment, with their clauses; None when that was not seen."""
    if row.may_pass is None:
        return None
    regulation = _version(row.regulation)
    words = law_words(row.failed)
    clauses = " ".join(dict.fromkeys(regulation.laws[law].clause for law in row.failed if regulation and law in regulation.laws))
    since = clock(row.may_pass, "start")
    return Text(
        f"{since} 已可通过（{words.zh} {clauses}）：请按今日数据重新判定，不必特批。",
        f"At {since} it would have passed ({words.en}, {clauses}): decide it again on today's facts; it needs no signature.",
    )


def _needs(row: WaitingRow, *, signs: bool) -> Text | None:
    """Return what else it takes: the contract that goes back, or whose signature the request waits for when it is not the reader's."""
    if row.needs_contract and row.state is OrderState.HELD:
        return Text("受理时须交回双方盖章的合同，请看整单办理。", "The contract goes back with both stamps: see it whole to accept.")
    if signs or row.state is not OrderState.REVIEW:
        return None
    regulation = _version(row.regulation)
    settings = [regulation.laws[law] for law in row.failed if regulation and law in regulation.laws]
    posts = {setting.waivable_by for setting in settings if setting.waivable_by}
    post = POST_WORDS[PostCode.DIRECTOR if PostCode.DIRECTOR.value in posts or not posts else PostCode(min(posts))]
    return Text(f"特批须由{post.zh}签署。", f"The special signature is the {post.en.lower()}'s.")


def payment_words(record: PaymentRecord) -> dict[str, Any]:
    """Return a partner's twelve months of paying, figure by figure."""
    return {
        "since": record.since,
        "settled": record.settled,
        "average_days": record.average_days,
        "late": record.late,
        "longest_late": record.longest_late,
        "waivers": record.waivers,
        "overdue": record.overdue,
    }
