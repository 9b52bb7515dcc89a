"""What this module declares: the document type special price. Its pages are written by hand, in `desk`."""

from __future__ import annotations

from typing import Any

from lingqu.base.text import Text
from lingqu.catalogue.access import may_end_special
from lingqu.catalogue.models import SpecialPrice
from lingqu.catalogue.states import SPECIALS, SpecialVerb
from lingqu.documents.registry import DocumentType, HandMade, Verb
from lingqu.organisation.queries import Acting


def _asked(who: Acting, special: SpecialPrice, on: Any) -> bool:  # noqa: ANN401, ARG001 - the registry hands the day too
    return who.person in (special.asked_by_id, special.asked_for_id)


SPECIAL_PRICE = DocumentType(
    key="special_price", title=Text("特价", "Special price"), plural=Text("特价", "Special prices"), slug="special-prices", series="TJ",
    model=SpecialPrice, states=SPECIALS, about="buyer",
    tones={
        "asked": "waiting", "sent_back": "waivable", "granted": "done", "refused": "refused", "withdrawn": "closed", "ended": "closed",
    },
    hand_made=HandMade(list="specials", one="special_price", new="special_new"),
    verbs=(
        Verb(verb=SpecialVerb.ASK_AGAIN, may=_asked, route="special_revise"),
        Verb(verb=SpecialVerb.WITHDRAW, may=_asked, route="special_withdraw"),
        Verb(verb=SpecialVerb.END, may=lambda who, special, on: may_end_special(who, special.seller_id), route="special_end"),  # noqa: ARG005 - no day
    ),
)  # fmt: skip
"""Its list adds up what was given up, which no other list does: so it stays written by hand."""

DOCUMENT_TYPES = (SPECIAL_PRICE,)
