"""What may be proposed for a group of lines that share a limit, and by which amount its route is chosen (M-19.5). Pure."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import msgspec

from lingqu.base.money import MAX_AMOUNT, ZERO, half_up
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.credit.states import GroupProposalKind

LONGEST_REASON = 200
LONGEST_NAME = 80


class NewGroupChange(msgspec.Struct, frozen=True):
    """What is proposed, and why: a new group with its limit in yuan, a higher limit, that a line joins or leaves, that a group ends."""

    kind: GroupProposalKind
    reason: str
    group: int | None = None
    line: int | None = None
    name: str = ""
    limit: Decimal | None = None


def check_group_change(new: NewGroupChange, present: Decimal) -> NewGroupChange:
    """Return the proposal with its texts in order; `present` is the group's limit now. Refuses (bad_input) at its field what cannot be.

    A procedure raises a limit; whoever may lower one does so at once.
    """
    reason = " ".join(new.reason.split())
    if not reason:
        raise bad_input("reason", Text("请写明理由。", "Give the reason."))
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        raise bad_input("reason", Text("理由最多 200 字。", "The reason has at most 200 characters."))
    if new.kind is GroupProposalKind.CLOSE:
        return msgspec.structs.replace(new, reason=reason, line=None, name="", limit=ZERO)
    if new.kind in (GroupProposalKind.JOIN, GroupProposalKind.LEAVE):
        if new.line is None:
            raise bad_input("line", Text("请选择客户。", "Choose the partner."))
        return msgspec.structs.replace(new, reason=reason, name="", limit=None)
    limit = new.limit
    if limit is None or not limit.is_finite() or not ZERO < limit <= MAX_AMOUNT or limit != half_up(limit):
        raise bad_input("limit", Text("请填写集团额度，大于零，到分为止。", "Enter the group's limit: above zero, to the cent at most."))
    if new.kind is GroupProposalKind.LIMIT and limit <= present:
        raise bad_input(
            "limit",
            Text(
                f"须高于现行 {present:,} 元；降低可立即办理。",
                f"It must be above the present {present:,} yuan; a lower one is set at once.",
            ),
        )
    name = " ".join(new.name.split())
    if new.kind is GroupProposalKind.OPEN and not (name and len(name) <= LONGEST_NAME and "\x00" not in name):
        raise bad_input("name", Text("请填写集团名称，最多 80 字。", "Enter the group's name, 80 characters at most."))
    return msgspec.structs.replace(new, reason=reason, name=name, limit=half_up(limit))


def measured_by(kind: GroupProposalKind, *, before: Decimal, after: Decimal, own: Decimal) -> Decimal:
    """Return the yuan by which the route is chosen: what a limit is raised by; nothing for joining; own limits of those who leave.

    Who joins is bound by one limit more. Who leaves is bound by its own alone, so that may be owed beside the group's; when a group
    is closed, all members leave.
    """
    if kind is GroupProposalKind.JOIN:
        return ZERO
    return own if kind in (GroupProposalKind.LEAVE, GroupProposalKind.CLOSE) else max(after - before, ZERO)


def group_print(new: NewGroupChange, *, seller: int, before: Decimal) -> str:
    """Return the hash of what is decided: whose group, what it was based on, and what is proposed. The reason may be worded anew."""
    limit = "" if new.limit is None else f"{new.limit:.2f}"
    parts = (seller, new.kind.value, new.group, new.line, new.name, f"{before:.2f}", limit)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
