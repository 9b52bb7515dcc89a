"""The steps in which the stories of returns and transfers are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lingqu.documents.rules import NewFile
from lingqu.inventory.queries import stock_of
from lingqu.ledger.queries import standings
from lingqu.orders.models import Order
from lingqu.orders.states import ReturnReason
from lingqu.returns.actions import (
    agree_return,
    ask_return,
    confirm_transfer,
    count_return,
    move_transfer,
    order_transfer,
    propose_transfer,
    refuse_return,
    send_up_return,
    withdraw_return,
)
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.rules import AskedLine, Counted, NewReturnRequest, NewTransfer
from lingqu.returns.states import Condition
from tests.world import World

PHOTO = NewFile("box.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100)


def shipped(world: World, copies: dict[int, int], *, buyer: str = "agent") -> Order:
    """A request that was accepted and shipped."""
    outcome = world.submit(buyer, copies)
    world.accept(outcome)
    world.ship(outcome)
    return Order.objects.get(pk=outcome.order or 0)


def ask(
    world: World, copies: dict[int, int], *, by: str = "agent_owner", key: str = "", reason: ReturnReason = ReturnReason.SLOW,
    condition: Condition = Condition.GOOD, order: int | None = None, buyer: str = "agent", files: tuple[NewFile, ...] = (),
) -> ReturnRequest:  # fmt: skip
    """A partner asks to send copies of titles back, by their place in the catalogue."""
    world.sent += 1
    lines = tuple(AskedLine(world.products[place].pk, many, condition) for place, many in copies.items())
    firm = world.firms[buyer]
    assert firm.parent_id is not None
    new = NewReturnRequest(key or f"return-{world.sent}", firm.parent_id, firm.pk, reason, lines, order=order)
    return ask_return(new, files, regulation=world.regulation, by=world.who(by), at=world.at)


def agree(world: World, request: ReturnRequest, *, by: str = "representative") -> ReturnRequest:
    return agree_return(request.pk, regulation=world.regulation, by=world.who(by), at=world.at)


def refuse(world: World, request: ReturnRequest, *, by: str = "representative", reason: str = "包装已拆") -> ReturnRequest:
    return refuse_return(request.pk, reason=reason, by=world.who(by), at=world.at)


def send_up(
    world: World, request: ReturnRequest, *, by: str = "representative", prices: dict[int, str] | None = None, reason: str = "客户清仓"
) -> ReturnRequest:  # fmt: skip
    typed = {line: Decimal(price) for line, price in (prices or {}).items()}
    return send_up_return(request.pk, reason=reason, prices=typed, regulation=world.regulation, by=world.who(by), at=world.at)


def withdraw(world: World, request: ReturnRequest, *, by: str = "agent_owner") -> ReturnRequest:
    return withdraw_return(request.pk, by=world.who(by), at=world.at)


def count(world: World, request: ReturnRequest, good: dict[int, int], *, by: str = "warehouse", **more: Any) -> ReturnRequest:
    return count_return(request.pk, Counted(good, **more), regulation=world.regulation, by=world.who(by), at=world.at)


def used(world: World, buyer: str = "agent") -> Decimal:
    """What a partner owes by the ledger, yuan."""
    account = world.lines[buyer].account_id
    return standings([account])[account].used


def on_hand(world: World, place: int) -> int:
    (item,) = [item for item in stock_of(world.hq.pk) if item.product_id == world.products[place].pk]
    return int(item.on_hand)  # type: ignore[attr-defined]


def propose(
    world: World, copies: dict[int, int], *, by: str = "representative", giver: str = "agent", taker: str = "other_agent", key: str = ""
) -> Transfer:  # fmt: skip
    world.sent += 1
    wanted = {world.products[place].pk: many for place, many in copies.items()}
    new = NewTransfer(key or f"transfer-{world.sent}", world.hq.pk, world.firms[giver].pk, world.firms[taker].pk, wanted, "促销余量")
    return propose_transfer(new, regulation=world.regulation, by=world.who(by), at=world.at)


def agreed_transfer(world: World, copies: dict[int, int], **more: Any) -> Transfer:
    """A transfer that the manager, and above an amount the deputy, agreed to."""
    transfer = propose(world, copies, **more)
    assert transfer.approval_id
    approval = world.sign(transfer.approval_id, "manager")
    if approval.state == "open":
        world.sign(transfer.approval_id, "deputy")
    transfer.refresh_from_db()
    return transfer


def order_it(world: World, transfer: Transfer, *, by: str = "representative") -> Transfer:
    return order_transfer(transfer.pk, regulation=world.regulation, by=world.who(by), at=world.at)


def confirm(world: World, transfer: Transfer, copies: dict[int, int], *, taker: bool, by: str = "") -> Transfer:
    who = by or ("other_agent_owner" if taker else "agent_owner")
    return confirm_transfer(transfer.pk, taker=taker, counts=copies, by=world.who(who), at=world.at)


def book(world: World, transfer: Transfer, *, by: str = "warehouse") -> Transfer:
    return move_transfer(transfer.pk, regulation=world.regulation, by=world.who(by), at=world.at)
