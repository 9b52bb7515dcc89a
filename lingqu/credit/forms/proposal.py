"""What people type when they propose or lower a limit or a grade: what is wrong stands at its field, what was typed stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.money import ZERO, plain_digits, read_amount
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.credit.forms.receipt import read_reason
from lingqu.credit.rules import NewProposal
from lingqu.credit.states import ProposalKind

FIELDS = ("kind", "limit", "grade", "until", "reason")
LONGEST = 400
_ZERO = re.compile(r"0+(\.0{1,2})?")


class ProposalTyped(msgspec.Struct):
    """A proposal as it was typed: every field as text, the errors by field, and what could be read of it."""

    texts: dict[str, str]
    errors: dict[str, Text] = {}
    limit: Decimal | None = None
    until: date | None = None

    @property
    def kind(self) -> str:
        """Return the kind that was chosen."""
        return self.texts["kind"]

    def error(self, field: str, text: Text) -> None:
        """Note what is wrong with a field; the first complaint stays."""
        self.errors.setdefault(field, text)

    def proposal(self) -> NewProposal:
        """Return what was typed as the action takes it. Of another kind's fields nothing is taken."""
        kind = ProposalKind(self.kind)
        by_grade = kind is ProposalKind.GRADE
        return NewProposal(
            kind, self.texts["reason"], None if by_grade else self.limit, self.texts["grade"] if by_grade else "",
            self.until if kind is ProposalKind.TEMPORARY else None,
        )  # fmt: skip


def read_proposal(sent: Mapping[str, str], kinds: Collection[str], *, whole: bool = True) -> ProposalTyped:
    """Return a proposal as it was sent, with what is wrong at its fields. `whole` also checks what only the sending needs."""
    texts = {name: sent.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in FIELDS}
    typed = ProposalTyped(texts, {})
    if texts["kind"] not in kinds:
        typed.error("kind", Text("请选择调整什么。", "Choose what to change."))
        return typed
    if texts["kind"] != ProposalKind.GRADE.value and (texts["limit"] or whole):
        try:
            typed.limit = read_limit(texts["limit"])
        except Refusal as refusal:
            typed.error("limit", refusal.text)
    if texts["kind"] == ProposalKind.TEMPORARY.value and (texts["until"] or whole):
        try:
            typed.until = _read_until(texts["until"])
        except Refusal as refusal:
            typed.error("until", refusal.text)
    if whole:
        try:
            read_reason(sent.get("reason", ""))
        except Refusal as refusal:
            typed.error("reason", refusal.text)
    return typed


def read_limit(words: str) -> Decimal:
    """Return a limit in yuan as typed by a person; 0 is one. Refuses what is no amount."""
    if not words:
        raise bad_input("limit", Text("请填写新额度。", "Enter the new limit."))
    return ZERO if _ZERO.fullmatch(plain_digits(words)) else read_amount(words, field="limit")


def _read_until(words: str) -> date:
    try:
        return date.fromisoformat(re.sub(r"[./年月]", "-", words.rstrip("日")))
    except ValueError as wrong:
        raise bad_input("until", Text("请填写日期，如 2026-12-31。", "Enter a date, like 2026-12-31.")) from wrong
