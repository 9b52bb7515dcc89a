"""Read groups of lines that share a limit: how they stand, who is in them, and what is proposed for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from django.db.models import Count, F, Q

from lingqu.base.money import ZERO
from lingqu.base.refusal import not_found
from lingqu.credit.access import PROPOSING_POSTS, Asker, asks_for, may_see_group
from lingqu.credit.models import Batch, CreditGroup, CreditLine, GroupProposal
from lingqu.credit.queries.lines import as_open_batch, total_overdue
from lingqu.credit.queries.proposals import Done, done_with
from lingqu.credit.states import ON_ITS_WAY, GroupProposalKind
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Standing
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of

MOST_GROUPS = 200
MOST_MEMBERS = 200
MOST_PROPOSALS = 50
SUBJECT = "group_proposal"


class GroupRow(msgspec.Struct, frozen=True):
    """A group with how it stands, in yuan, and the number of its members."""

    group: CreditGroup
    standing: Standing
    members: int


class MemberRow(msgspec.Struct, frozen=True):
    """A line of a group with how it stands itself."""

    line: CreditLine
    standing: Standing


def groups_of(seller: int, *, most: int = MOST_GROUPS) -> list[GroupRow]:
    """Return up to `most` groups of a seller by name, those that are closed last."""
    found = CreditGroup.objects.filter(seller_id=seller).annotate(members=Count("lines"))
    groups = list(found.order_by(F("closed_at").desc(nulls_first=True), "name", "id")[:most])
    stands = standings([group.account_id for group in groups])
    return [GroupRow(group, stands[group.account_id], group.members) for group in groups]


def group_by_number(number: str, *, by: Acting) -> CreditGroup:
    """Return a group; refuses (404) what does not exist or is not the person's to see."""
    found = None if "\x00" in number else CreditGroup.objects.filter(number=number).first()
    if found is None or not may_see_group(by, found.seller_id):
        raise not_found()
    return found


def members_of(group: CreditGroup) -> list[MemberRow]:
    """Return the lines in a group with their buyers, by name, at most 200."""
    lines = list(CreditLine.objects.filter(group=group).select_related("buyer").order_by("buyer__pinyin", "id")[:MOST_MEMBERS])
    stands = standings([line.account_id for line in lines])
    return [MemberRow(line, stands[line.account_id]) for line in lines]


def overdue_of_group(group: CreditGroup, *, on: date, tolerance_days: int) -> Decimal:
    """Return what the members of a group owe past their due days by more than the tolerance, in yuan."""
    found = Batch.objects.filter(line__group=group, settled_on__isnull=True)
    return total_overdue([as_open_batch(batch) for batch in found], on=on, tolerance_days=tolerance_days)


def lines_outside(seller: int) -> list[CreditLine]:
    """Return the lines of a seller that belong to no group, with their buyers, by name."""
    return list(CreditLine.objects.filter(seller_id=seller, group__isnull=True).select_related("buyer").order_by("buyer__pinyin", "id"))


def group_limit(group: CreditGroup | None) -> Decimal:
    """Return the limit of a group now; zero where there is none yet."""
    return standings([group.account_id])[group.account_id].limit if group else ZERO


def group_asker(seller: int, line: CreditLine | None, *, by: Acting, on: date) -> Asker | None:
    """Return as whom the person may propose something for a group, None when they may not.

    The seller's manager and finance head may; the representative of a partner may for its own line.
    """
    if not by.holds_any((*PROPOSING_POSTS, PostCode.REPRESENTATIVE), seller):
        return None
    return asks_for(by, seller, representatives_of(line.buyer_id, seller, on) if line else ())


def group_proposals(seller: int, *, group: int | None = None, running: bool = False) -> list[GroupProposal]:
    """Return what was proposed for the groups of a seller, or for one, newest first, at most 50; `running`: not decided yet."""
    found = GroupProposal.objects.filter(seller_id=seller).select_related("group", "line__buyer", "asked_by").order_by("-id")
    if group is not None:
        found = found.filter(group_id=group)
    return list((found.filter(state__in=ON_ITS_WAY) if running else found)[:MOST_PROPOSALS])


def group_proposal_by_number(number: str, *, by: Acting) -> GroupProposal:
    """Return a proposal with its group, line, people and approval; refuses (404) what is not there or not the person's to see."""
    found = None
    if "\x00" not in number:
        wanted = GroupProposal.objects.select_related("group", "line__buyer", "asked_by", "asked_for", "approval")
        found = wanted.filter(number=number).first()
    if found is None or not may_see_group(by, found.seller_id):
        raise not_found()
    return found


def group_on_its_way(*, group: int | None, line: int | None) -> GroupProposal | None:
    """Return the proposal on its way for a group or for a line, None when there is none."""
    wanted = Q(pk__in=())
    if group is not None:
        wanted |= Q(group_id=group)
    if line is not None:
        wanted |= Q(line_id=line)
    return GroupProposal.objects.filter(wanted, state__in=ON_ITS_WAY).order_by("id").first()


def name_is_taken(seller: int, name: str) -> bool:
    """Return whether the seller has a group of this name, or one is being opened."""
    opening = GroupProposal.objects.filter(
        seller_id=seller, kind=GroupProposalKind.OPEN.value, name=name, state__in=ON_ITS_WAY
    )  # fmt: skip
    return CreditGroup.objects.filter(seller_id=seller, name=name).exists() or opening.exists()


def deeds_of_group(proposal: GroupProposal) -> list[Done]:
    """Return what was done with a proposal, oldest first."""
    return done_with(SUBJECT, proposal.pk)
