"""Who may do what with duties: one predicate per verb, over what a person acts as today; and which rows they see."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.db.models import Q

from lingqu.base.access import ANYBODY, Entry, Once, Seen, Sight, Way, reading, writing
from lingqu.duties.models import Duty
from lingqu.organisation.queries import Acting, branch
from lingqu.organisation.states import FirmKind, PostCode

MANAGING_POSTS = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER)
CALENDAR_POSTS = (*MANAGING_POSTS, PostCode.FINANCE)
POSTS = frozenset(post.value for post in PostCode)


class Reach(msgspec.Struct, frozen=True):
    """A person with the firms to which they stand in a relation, own and delegated: relation to firm ids.

    `lent` gives the absent person for each relation and firm that is not the person's own.
    """

    who: Acting
    firms: Mapping[str, frozenset[int]] = {}
    lent: Mapping[tuple[str, int], int] = {}

    def is_responsible(self, duty: Duty) -> bool:
        """Return whether the person, or somebody for whom they stand in, must fulfil the duty."""
        if duty.responsible in POSTS:
            return self.who.holds(PostCode(duty.responsible), duty.owed_by_id)
        return duty.owed_by_id == self.who.firm and duty.firm_id in self.firms.get(duty.responsible, frozenset())

    def for_whom(self, duty: Duty) -> int | None:
        """Return the absent person for whom the person acts when they fulfil the duty, None for an own duty."""
        if duty.responsible in POSTS:
            return self.who.for_whom((PostCode(duty.responsible),), duty.owed_by_id)
        return self.lent.get((duty.responsible, duty.firm_id))


def may_hand_in(reach: Reach, duty: Duty) -> bool:
    """Return whether the person may fulfil the duty: who is responsible at the firm that owes it, or stands in for them."""
    return reach.is_responsible(duty)


def may_ask_again(who: Acting, duty: Duty) -> bool:
    """Return whether the person may ask for the duty again: its appraiser at the issuer."""
    return duty.appraiser in POSTS and who.holds(PostCode(duty.appraiser), duty.issuer_id)


def may_remark(who: Acting, duty: Duty) -> bool:
    """Return whether the person may say something back (M-15.3): the appraiser, HQ's managers, the owner of the agent above."""
    above = duty.owed_by.parent_id if duty.owed_by_id != duty.issuer_id else None
    return (
        may_ask_again(who, duty) or who.holds_any(MANAGING_POSTS, duty.issuer_id)
        or (above is not None and who.holds(PostCode.OWNER, above))
    )  # fmt: skip


def may_void(who: Acting, issuer: int) -> bool:
    """Return whether the person may void duties of the issuer: its director, deputy or marketing manager."""
    return who.holds_any(MANAGING_POSTS, issuer)


def may_remind(who: Acting, issuer: int, appraisers: frozenset[str]) -> bool:
    """Return whether the person may remind everybody who is late with a rule: its appraisers and the issuer's managers."""
    return may_void(who, issuer) or any(who.holds(PostCode(post), issuer) for post in appraisers & POSTS)


def may_import_calendar(who: Acting) -> bool:
    """Return whether the person may bring in a year's list of holidays: director, deputy, manager or finance head of HQ."""
    return who.firm_kind == FirmKind.HQ.value and who.holds_any(CALENDAR_POSTS, who.firm)


def visible_duties(who: Acting) -> Q:
    """Return the condition for the duties that a person sees: their issuer's people all, a firm's people its own, an owner those below."""
    seen = Q(issuer_id=who.firm) | Q(owed_by_id=who.firm)
    if who.firm_kind == FirmKind.HQ.value or not who.holds(PostCode.OWNER, who.firm):
        return seen
    return seen | Q(owed_by_id__in=branch(who.firm).values("pk"))


def own_duties(reach: Reach) -> Q:
    """Return the condition for the duties that a person must fulfil themselves, or for somebody absent."""
    mine = Q(pk__in=())
    for post, firm in sorted(reach.who.posts):
        mine |= Q(responsible=post.value, owed_by_id=firm)
    for relation, firms in sorted(reach.firms.items()):
        if firms:
            mine |= Q(responsible=relation, owed_by_id=reach.who.firm, firm_id__in=sorted(firms))
    return mine


_VIEWER = Way(relation="viewer")
ROUTES: dict[str, Entry] = {
    "duties": reading(*ANYBODY),
    "duty_calendar": reading(*ANYBODY),
    "duties_remind": writing(Way(posts=MANAGING_POSTS), Way(relation="appraiser")),
    "working_calendar": Entry(read=ANYBODY, write=(Way(kinds=(FirmKind.HQ.value,), posts=CALENDAR_POSTS),)),
    "holiday_template": reading(*ANYBODY),
    "duty": reading(_VIEWER),
    "duty_hand_in": writing(Way(relation="responsible"), once=Once.ALIKE),
    "duty_ask_again": writing(Way(relation="appraiser")),
    "duty_void": writing(Way(posts=MANAGING_POSTS, relation="seller")),
    "paper_remark": writing(
        Way(relation="appraiser"), Way(posts=MANAGING_POSTS, relation="seller"), Way(relation="owner_above"), once=Once.ALIKE
    ),
    "paper_file": reading(_VIEWER),
}
_ABOVE = (PostCode.OWNER,)
_OF_PAPER = (Seen("paper__duties__duty__issuer"), Seen("paper__firm"), Seen("paper__firm__paths_up__ancestor", posts=_ABOVE))
MODELS: dict[str, Sight] = {
    "CalendarYear": Sight(everybody=True),
    "RuleStart": Sight(never="when the making of a rule's duties began"),
    "Paper": Sight(firms=(Seen("duties__duty__issuer"), Seen("firm"), Seen("firm__paths_up__ancestor", posts=_ABOVE))),
    "Duty": Sight(firms=(Seen("issuer"), Seen("owed_by"), Seen("owed_by__paths_up__ancestor", posts=_ABOVE))),
    "PaperDuty": Sight(firms=(Seen("duty__issuer"), Seen("duty__owed_by"), Seen("duty__owed_by__paths_up__ancestor", posts=_ABOVE))),
    "Attachment": Sight(firms=_OF_PAPER, hidden=("sha256",)),
    "Remark": Sight(firms=_OF_PAPER),
}
