"""The contract goes back: stamped by both, as a scan or on paper, and the buyer is told. Private to the verbs of this module."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.actions import attach
from lingqu.documents.rules import NewFile, check_scans
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.models import Order
from lingqu.orders.states import PaperRole
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting, holders
from lingqu.organisation.states import PostCode

SUBJECT: Final = "order"
COUNTERSIGNED: Final = "countersigned"
MOST_NOTE: Final = 200


class Countersigned(msgspec.Struct, frozen=True):
    """How the contract goes back to the buyer: scans of it with both stamps, or a word on how it was sent on paper; one of both."""

    files: tuple[NewFile, ...] = ()
    note: str = ""


def send_back(order: Order, countersigned: Countersigned, *, on_behalf_of: int | None, by: Acting, at: datetime) -> None:
    """Keep how the countersigned contract of an accepted request goes back; nothing for one that the agreement of the year covers.

    Refuses (422, at `countersigned`) neither scan nor word, a file that is no scan, and a word of more than 200 characters.
    """
    must_be_atomic()
    if not order.needs_contract:
        return
    note = countersigned.note.strip()
    if not countersigned.files and not note:
        raise bad_input(
            COUNTERSIGNED,
            Text(
                "请上传双方盖章的合同扫描件，或写明纸质回签件怎样寄出。",
                "Hand in a scan of the contract with both stamps, or say how the paper was sent.",
            ),
        )
    if len(note) > MOST_NOTE:
        raise bad_input(COUNTERSIGNED, Text(f"寄出说明最多 {MOST_NOTE} 字。", f"The note has at most {MOST_NOTE} characters."))
    check_scans(countersigned.files, field=COUNTERSIGNED)
    if countersigned.files:
        role = PaperRole.COUNTERSIGNED.value
        attach(SUBJECT, order.pk, role, countersigned.files, by=by, at=at, on_behalf_of=on_behalf_of, field=COUNTERSIGNED)
    order.countersigned = note
    order.save(update_fields=["countersigned"])


def tell_accepted(order: Order, *, ship_on: date, on: date, at: datetime) -> None:
    """Tell the buyer's owners, and who of them entered it, that their contract was countersigned, and when the goods leave."""
    people = {person for person, _ in holders((PostCode.OWNER.value,), order.buyer_id, on=on)}
    people |= set(Person.objects.filter(pk=order.entered_by_id, firm_id=order.buyer_id).values_list("pk", flat=True))
    message = Message(
        f"order:{order.pk}:accepted:{at:%Y%m%d%H%M}",
        "order",
        Text(f"{order.number} 已受理，{ship_on} 发货", f"{order.number} was accepted and ships on {ship_on}"),
        _how(order),
        f"/orders/{order.number}/",
    )
    notify(message, to=people, at=at)


def _how(order: Order) -> Text:
    if not order.countersigned:
        return Text("回签的合同已上传，可在申请页下载。", "The countersigned contract can be downloaded from the request's page.")
    return Text(f"回签的合同已寄出：{order.countersigned}", f"The countersigned contract was sent: {order.countersigned}")
