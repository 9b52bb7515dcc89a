"""Firms whose people's sign-ins somebody looks after."""

from __future__ import annotations

from lingqu.base.refusal import forbidden, not_found
from lingqu.base.text import Text
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting, firms_looked_after, held_oneself
from lingqu.organisation.rules import posts_to_give
from lingqu.organisation.states import FirmKind

NOT_YOURS = Text(
    "人员和账号由本单位负责人管理，总部由主任和营销主管管理；代理的岗位不能办理。",
    "The owner of the firm looks after people and sign-ins, at headquarters director and manager; a post that was lent does not count.",
)


def firm_looked_after(code: str, who: Acting) -> Firm:
    """Return the firm of a code; refuses (404) one that is not to be seen, and (403) whoever does not look after its people."""
    firm = firms_looked_after(who).filter(code=code).first()
    return _theirs(firm, who)


def firm_of_person(person: int, who: Acting) -> Firm:
    """Return the firm of a person, as for its code."""
    return _theirs(firms_looked_after(who).filter(people=person).first(), who)


def _theirs(firm: Firm | None, who: Acting) -> Firm:
    if firm is None:
        raise not_found()
    if not posts_to_give(FirmKind(firm.kind), FirmKind(who.firm_kind), held_oneself(who)):
        raise forbidden(NOT_YOURS)
    return firm
