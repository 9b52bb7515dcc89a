"""What this module declares: its document types. Their pages are written by hand; the lists of what was decided are made from here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from lingqu.base.access import Way
from lingqu.base.text import Text
from lingqu.credit.access import SELLING, may_enter_receipt, may_hold
from lingqu.credit.models import CreditProposal, GroupProposal, HoldRequest, Receipt, RetailerTerms, SupplyHold, WriteOff
from lingqu.credit.present.group import name_of_group
from lingqu.credit.present.proposal import change_of, kind_words
from lingqu.credit.states import (
    GROUP_KIND_WORDS,
    HOLDS,
    PROPOSALS,
    RECEIPTS,
    TERMS,
    GroupProposalKind,
    HoldLevel,
    HoldVerb,
    ProposalVerb,
    ReceiptVerb,
)
from lingqu.documents.registry import DocumentType, HandMade, Look, Shown, Verb
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind

_SELLERS = (Way(kinds=SELLING),)
_FOR_GOOD = PROPOSALS.without(ProposalVerb.END)
"""What is applied for good never ends: write-offs, groups, what is asked about a hold."""

_TONES = {"proposed": "waiting", "sent_back": "waivable", "applied": "done", "refused": "refused", "withdrawn": "closed", "void": "closed"}
_WHY = Shown("reason", Text("理由", "Reason"), "reason")
_AMOUNT = Shown("amount", Text("金额", "Amount"), "amount", Look.MONEY, summed=True)


def _asked(who: Acting, document: Any, on: date) -> bool:  # noqa: ANN401, ARG001 - any of the types below; the registry hands the day too
    return who.person in (document.asked_by_id, document.asked_for_id)


def _by_asker(route: str, *verbs: ProposalVerb) -> tuple[Verb, ...]:
    """Return the verbs of whoever asked, at `<route>_revise` and `<route>_withdraw`."""
    return tuple(
        Verb(verb=verb, may=_asked, route=f"{route}_{verb.value}") for verb in verbs or (ProposalVerb.REVISE, ProposalVerb.WITHDRAW)
    )


RECEIPT = DocumentType(
    key="receipt", title=Text("回款", "Receipt"), plural=Text("回款", "Receipts"), slug="receipts", series="SK", model=Receipt,
    states=RECEIPTS, tones={"entered": "done", "reversed": "closed"}, about="line.buyer", by="entered_by", at="entered_at",
    hand_made=HandMade(list="receipts", one="receipt", new="receipt_new"),
    verbs=(
        Verb(
            verb=ReceiptVerb.REVERSE, route="receipt_reverse",
            may=lambda who, receipt, on: may_enter_receipt(who, receipt.line.seller_id),  # noqa: ARG005 - no day
        ),
    ),
)  # fmt: skip
WRITE_OFF = DocumentType(
    key="write_off", title=Text("核销差额", "Write-off"), plural=Text("核销差额", "Write-offs"), slug="credit/write-offs", series="HX",
    model=WriteOff, states=_FOR_GOOD, tones=_TONES, about="batch.line.buyer", hand_made=HandMade(one="write_off"),
    columns=(Shown("request", Text("批次", "Batch"), "batch.request", Look.CODE), _AMOUNT, _WHY), list_ways=_SELLERS,
    told=Text("放弃批次余下的欠款；超过免批金额的经审批", "What is left of a batch is given up; beyond the free amount by approval"),
    verbs=_by_asker("write_off"),
)  # fmt: skip
PROPOSAL = DocumentType(
    key="credit_proposal", title=Text("信用调整", "Credit change"), plural=Text("信用调整", "Credit changes"), slug="credit/proposals",
    series="XY", model=CreditProposal, states=PROPOSALS, tones={**_TONES, "ended": "closed"}, about="line.buyer",
    hand_made=HandMade(one="proposal"), list_ways=_SELLERS, verbs=_by_asker("proposal"),
    columns=(
        Shown("kind", Text("事项", "What"), kind_words), Shown("change", Text("变动", "Change"), change_of),
        Shown("until", Text("到期", "Until"), "until", Look.DAY), Shown("asker", Text("申请人", "By"), "asked_by.name", Look.NAME),
    ),
)  # fmt: skip
GROUP_PROPOSAL = DocumentType(
    key="group_proposal", title=Text("集团额度调整", "Group change"), plural=Text("集团额度调整", "Group changes"), slug="group-proposals",
    series="JT", model=GroupProposal, states=_FOR_GOOD, tones=_TONES, about="seller",
    hand_made=HandMade(one="credit_group_proposal"),
    columns=(
        Shown("kind", Text("事项", "What"), lambda found: GROUP_KIND_WORDS[GroupProposalKind(found.kind)]),
        Shown("name", Text("集团", "Group"), name_of_group, Look.NAME),
        Shown("limit", Text("额度", "Limit"), "limit_after", Look.MONEY), _WHY,
    ),
    list_ways=(Way(kinds=(FirmKind.HQ.value,)),), related=("group",), verbs=_by_asker("credit_group"),
)  # fmt: skip
RETAILER_TERMS = DocumentType(
    key="retailer_terms", title=Text("供货条件", "Terms"), plural=Text("供货条件单", "Terms given"), slug="retailer-terms", series="GT",
    model=RetailerTerms, states=TERMS, tones={**_TONES, "ended": "closed"}, about="line.buyer",
    hand_made=HandMade(one="terms_paper"), list_ways=(Way(kinds=(FirmKind.AGENT.value,)),),
    columns=(
        Shown("grade", Text("信用等级", "Grade"), "grade"), Shown("limit", Text("额度", "Limit"), "limit", Look.MONEY),
        Shown("days", Text("账期（天）", "Term, days"), "days"), Shown("price", Text("供货折扣", "Price"), "discount_bp", Look.PERCENT),
    ),
    verbs=_by_asker("terms", ProposalVerb.WITHDRAW),
)  # fmt: skip
HOLD = DocumentType(
    key="supply_hold", title=Text("供货控制", "Hold"), plural=Text("供货控制", "Holds"), slug="credit/holds", series="GK", model=SupplyHold,
    states=HOLDS, tones={"in_force": "held", "deferred": "planned", "released": "closed"}, about="line.buyer", by="set_by", at="set_at",
    hand_made=HandMade(list="holds", one="hold"),
    verbs=(
        Verb(
            verb=HoldVerb.TIGHTEN, route="hold_tighten",
            may=lambda who, hold, on: may_hold(who, hold.line.seller_id) and hold.level != HoldLevel.STOP.value,  # noqa: ARG005 - no day
        ),
    ),
)  # fmt: skip
HOLD_REQUEST = DocumentType(
    key="hold_request", title=Text("解除或延期申请", "Request about a hold"), plural=Text("解除或延期申请", "Requests about holds"),
    slug="hold-requests", series="JK", model=HoldRequest, states=_FOR_GOOD, tones=_TONES, about="hold.line.buyer",
    hand_made=HandMade(one="hold", address=lambda asked: reverse("hold", args=[asked.hold.number])), related=("hold__line",),
    columns=(
        Shown("hold", Text("供货控制", "Hold"), "hold.number", Look.CODE), Shown("until", Text("延至", "Until"), "until", Look.DAY), _WHY,
    ),
    list_ways=_SELLERS,
    verbs=(
        Verb(
            verb=ProposalVerb.WITHDRAW, may=_asked, route="hold_withdraw",
            address=lambda asked: reverse("hold_withdraw", args=[asked.hold.number]),
        ),
    ),
)  # fmt: skip
"""Asking again stands at the address at which it is asked first, and is proved with the page of holds."""

DOCUMENT_TYPES = (RECEIPT, WRITE_OFF, PROPOSAL, GROUP_PROPOSAL, RETAILER_TERMS, HOLD, HOLD_REQUEST)
