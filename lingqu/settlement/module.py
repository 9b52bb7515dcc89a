"""What this module declares: the document type statement. Its pages are written by hand: a statement is shown for any past day."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.documents.registry import DocumentType, HandMade, Verb
from lingqu.organisation.queries import Acting
from lingqu.settlement.access import may_answer_statement
from lingqu.settlement.models import Statement
from lingqu.settlement.states import STATEMENTS, StatementVerb


def _answers(who: Acting, statement: Statement, on: Any) -> bool:  # noqa: ANN401, ARG001 - the registry hands the day too
    return may_answer_statement(who, statement.line.buyer_id)


def _agrees(who: Acting, statement: Statement, on: Any) -> bool:  # noqa: ANN401 - the registry hands the day too
    """Return whether the person may agree: not before every objection is answered."""
    return _answers(who, statement, on) and not statement.disputes.filter(answered_at=None).exists()


def _page(statement: Statement) -> str:
    return f"{reverse('statement', args=[statement.line.buyer.code])}?month={statement.month:%Y-%m}"


def _verb(verb: StatementVerb) -> Verb:
    return Verb(
        verb=verb, may=_agrees if verb is StatementVerb.AGREE else _answers, route="statement_verb",
        address=lambda statement: reverse("statement_verb", args=[statement.line.buyer.code, verb.value]),
    )  # fmt: skip


STATEMENT = DocumentType(
    key="statement", title=Text("对账单", "Statement"), plural=Text("对账单", "Statements"), slug="statements", series="DZ",
    model=Statement, states=STATEMENTS, tones={"issued": "waiting", "agreed": "settled", "disputed": "failed"}, about="line.buyer",
    by="issued_by", at="issued_at", hand_made=HandMade(list="statements", one="statement", address=_page),
    verbs=(_verb(StatementVerb.AGREE), _verb(StatementVerb.DISPUTE)),
)  # fmt: skip
"""A bank line has states and no number of its own: it is no type. Its page and its tests are `settlement`'s."""

DOCUMENT_TYPES = (STATEMENT,)
