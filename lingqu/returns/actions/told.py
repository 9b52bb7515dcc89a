"""What partners, representatives and warehouse keepers are told about returns and transfers. Private to the verbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from lingqu.base.calendar import china_day
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import holders
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.queries import because_told
from lingqu.returns.states import REST_WORDS, RETURNS, TRANSFERS, Rest, ReturnState, TransferState


def link_to(request: ReturnRequest) -> str:
    """Return the address of a return's page."""
    return f"/returns/{request.number}/"


def link_to_transfer(transfer: Transfer) -> str:
    """Return the address of a transfer's page."""
    return f"/transfers/{transfer.number}/"


def owners_of(firm: int, on: date) -> set[int]:
    """Return the owners of a partner."""
    return {person for person, _ in holders((PostCode.OWNER.value,), firm, on=on)}


def keepers_of(firm: int, on: date) -> set[int]:
    """Return the warehouse keepers of a seller."""
    return {person for person, _ in holders((PostCode.WAREHOUSE.value,), firm, on=on)}


def tell_asked(request: ReturnRequest, *, by: int, at: datetime) -> None:
    """Tell the partner's representatives, and the owner of an agent that sells to it, that it asks for a return."""
    day = china_day(at)
    body = Text(
        f"{request.copies:,} 册，{request.net:,.2f} 元{'' if request.within else '，超出退货上限'}",
        f"{request.copies:,} copies, {request.net:,.2f} yuan{'' if request.within else ', beyond the caps'}",
    )
    title = Text(f"{request.buyer.name}申请退货 {request.number}", f"{request.buyer.name} asks for return {request.number}")
    people = set(representatives_of(request.buyer_id, request.seller_id, day)) | owners_of(request.seller_id, day)
    _tell(f"return:{request.pk}:asked", title, body, link_to(request), people - {by}, at)


def tell_moved(request: ReturnRequest, *, by: int | None, at: datetime) -> None:
    """Tell the partner and who asked how a return goes on; once it is agreed to, the warehouse too, that goods will come.

    What those who decide wrote is told to the seller's people alone (`because_told`).
    """
    day = china_day(at)
    state = ReturnState(request.state)
    words = RETURNS.words[state]
    title = Text(f"退货 {request.number}：{words.zh}", f"Return {request.number}: {words.en.lower()}")
    house = {request.asked_by_id} if request.asked_by.firm_id == request.seller_id else set()
    partner = (owners_of(request.buyer_id, day) | {request.asked_by_id}) - house
    if state is ReturnState.AGREED:
        house |= keepers_of(request.seller_id, day)
    key = f"return:{request.pk}:{state.value}:{at:%Y%m%d%H%M%S}"
    _tell(key, title, _body(request, state, inside=False), link_to(request), partner - {by}, at)
    _tell(f"{key}:house", title, _body(request, state, inside=True), link_to(request), house - {by}, at)


def _body(request: ReturnRequest, state: ReturnState, *, inside: bool) -> Text:
    if state is ReturnState.AGREED:
        return Text(
            f"请随货附退货单，{request.lapses_on} 前寄到；按库房清点入账，预计 {request.net:,.2f} 元。",
            f"Send the goods with the return slip by {request.lapses_on}; what is counted is credited, {request.net:,.2f} yuan expected.",
        )
    if state is ReturnState.BOOKED:
        rest = REST_WORDS[Rest(request.rest)] if request.rest else None
        more = Text(f"；未收下的{rest.zh}", f"; what was not accepted: {rest.en.lower()}") if rest else Text("", "")
        return Text(f"已冲减欠款 {request.credited:,.2f} 元{more.zh}。", f"{request.credited:,.2f} yuan credited{more.en}.")
    return because_told(request, inside=inside) or Text("", "")


def tell_transfer(transfer: Transfer, *, agreed: bool, by: int | None, at: datetime) -> None:
    """Tell who asked and the representatives how a transfer goes on; both partners from when it was agreed to (`agreed`)."""
    day = china_day(at)
    state = TransferState(transfer.state)
    words = TRANSFERS.words[state]
    people = {transfer.asked_by_id}
    for partner in (transfer.giver_id, transfer.taker_id):
        people |= owners_of(partner, day) if agreed else set()
        people |= set(representatives_of(partner, transfer.seller_id, day))
    if state is TransferState.ORDERED:
        people |= keepers_of(transfer.seller_id, day)
    title = Text(f"调货 {transfer.number}：{words.zh}", f"Transfer {transfer.number}: {words.en.lower()}")
    body = Text(
        f"{transfer.giver.name} → {transfer.taker.name}，{transfer.copies:,} 册",
        f"{transfer.giver.name} → {transfer.taker.name}, {transfer.copies:,} copies",
    )
    _tell(f"transfer:{transfer.pk}:{state.value}:{at:%Y%m%d%H%M%S}", title, body, link_to_transfer(transfer), people - {by}, at)


def _tell(key: str, title: Text, body: Text, link: str, people: Iterable[int | None], at: datetime) -> None:
    some = {person for person in people if person is not None}
    if some:
        notify(Message(key, "order", title, body, link), to=some, at=at)
