"""What is typed and pressed on the pages of approvals, and the filters of their lists as they stand in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from lingqu.approvals.queries import LISTS, NEVER, ApprovalFilter, Place
from lingqu.approvals.states import ApprovalState, Ballot
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.base.typed import read_id

MOST_REASON = 2_000
MOST_MINUTES = 10_000
_PLACE = re.compile(r"(\d{1,18})(?:-(\d{1,12}))?", re.ASCII)
_KEY = re.compile(r"\w{1,40}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_step(given: Mapping[str, str]) -> int:
    """Return the id of the step that the person saw; 0, which is no step, for anything else."""
    return read_id(given.get("step", "")) or 0


def read_ballot(pressed: str) -> Ballot:
    """Return the vote that was pressed."""
    try:
        return Ballot(pressed)
    except ValueError as wrong:
        raise bad_input("ballot", Text("请选择同意、反对或弃权。", "Choose yes, no or abstain.")) from wrong


def read_reason(given: Mapping[str, str]) -> str:
    """Return what was typed as reason or remark, without the one character that no database takes."""
    return _plain(given.get("reason", ""), MOST_REASON)


def read_minutes(given: Mapping[str, str]) -> str:
    """Return the minutes of a meeting as typed."""
    return _plain(given.get("reason", ""), MOST_MINUTES)


def read_filter(given: Mapping[str, str]) -> ApprovalFilter:
    """Return the filter that an address names; what is not understood is left out, so that an address never breaks a list."""
    chosen, state, chain = given.get("list", LISTS[0]), given.get("state", ""), given.get("chain", "")
    waiting = chosen == LISTS[0] or chosen not in LISTS
    return ApprovalFilter(
        chosen=LISTS[0] if waiting else chosen,
        state=state if not waiting and state in ApprovalState._value2member_map_ else "",
        chain=chain if _KEY.fullmatch(chain) else "",
        after=_place(given.get("after", "")),
        before=_place(given.get("before", "")),
    )


def place_in_address(place: Place) -> str:
    """Return a place as it stands in an address: the row's id, and its due moment in seconds where the list goes by it."""
    return str(place.id) if place.due == NEVER else f"{place.id}-{int((place.due - _EPOCH).total_seconds())}"


def _place(text: str) -> Place | None:
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    try:
        due = _EPOCH + timedelta(seconds=int(found[2])) if found[2] else NEVER
    except OverflowError:
        return None
    return Place(int(found[1]), due)


def _plain(text: str, most: int) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")[:most]
