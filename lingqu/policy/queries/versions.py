"""The regulation in force on a day, and any version by its number or its reference."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

import msgspec

from lingqu.base.database import rows
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.duties.queries import CALENDAR_MARK, calendar_marked
from lingqu.organisation.models import Firm
from lingqu.organisation.states import FirmKind
from lingqu.policy.models import Version
from lingqu.policy.pack import HASH_LENGTH
from lingqu.policy.rules import Regulation, read_regulation

DEFAULT_PACK = "publisher"
_REFERENCE = re.compile(r"([a-z][a-z0-9_-]{0,29})/([1-9][0-9]{0,8})/([0-9a-f]{6,64})")
_IN_FORCE = f"""
SELECT v.id, v.content_hash, {CALENDAR_MARK} AS calendar
  FROM policy_version v
 WHERE v.pack = coalesce(nullif(%s, ''), (SELECT pack FROM policy_adoption WHERE since <= %s ORDER BY since DESC, id DESC LIMIT 1))
   AND v.in_force_from <= %s
 ORDER BY v.in_force_from DESC, v.number DESC LIMIT 1
"""  # noqa: S608 - made of an expression of our own


class VersionRow(msgspec.Struct, frozen=True):
    """A version in a list: when it was issued and by whom ("" for set-up), from when on it is in force, until which day (None: still)."""

    id: int
    pack: str
    number: int
    content_hash: str
    in_force_from: date
    in_force_until: date | None
    issued_at: datetime
    issued_by: str
    approval_id: int | None
    reasons: str

    @property
    def reference(self) -> str:
        """Return pack, number and short hash, by which decisions name it."""
        return f"{self.pack}/{self.number}/{self.content_hash[:HASH_LENGTH]}"


def regulation_in_force(*, on: date, pack: str = "") -> Regulation:
    """Return the version in force on the day, with the working calendar as it is known now; refuses a day before the first version.

    `pack` is by default the one that the company goes by on that day. One statement.
    """
    found = rows(_IN_FORCE, (pack, on, on))
    if not found:
        raise Refusal(
            "no_regulation",
            Text(f"{on} 没有生效的制度版本。", f"No version of the regulation is in force on {on}."),
        )
    return _with_calendar(found[0].id, found[0].content_hash, found[0].calendar)


@lru_cache(maxsize=64)
def _with_calendar(version_id: int, content_hash: str, mark: str | None) -> Regulation:
    return msgspec.structs.replace(_version(version_id, content_hash), calendar=calendar_marked(mark))


def regulation_by_reference(reference: str) -> Regulation:
    """Return the version that a decision names; refuses (404) one that does not exist, and what is no reference at all."""
    parts = _REFERENCE.fullmatch(reference)
    found = None
    if parts:
        found = Version.objects.filter(pack=parts[1], number=int(parts[2]), content_hash__startswith=parts[3]).defer("content").first()
    if found is None:
        shown = reference[:60]
        raise Refusal("no_regulation", Text(f"没有制度版本 {shown}。", f"There is no version {shown}."), status=404)
    return _version(found.pk, found.content_hash)


def version(pack: str, number: int) -> Regulation:
    """Return a version by pack and number; refuses (404) one that does not exist."""
    found = Version.objects.filter(pack=pack, number=number).defer("content").first() if 0 < number < 2**31 else None
    if found is None:
        shown = f"{pack[:30]}/{number}"
        raise Refusal("no_regulation", Text(f"没有制度版本 {shown}。", f"There is no version {shown}."), status=404)
    return _version(found.pk, found.content_hash)


@lru_cache(maxsize=64)
def _version(version_id: int, content_hash: str) -> Regulation:
    """Return a version, decoded once. The hash stands in the key because ids are those of one database only."""
    found = Version.objects.get(pk=version_id)
    regulation = read_regulation(found.content)
    return msgspec.structs.replace(regulation, reference=f"{found.pack}/{found.number}/{content_hash[:HASH_LENGTH]}")


def versions(pack: str) -> list[VersionRow]:
    """Return the versions of a pack, newest first, without their content."""
    found = Version.objects.filter(pack=pack).defer("content").select_related("issued_by").order_by("number")
    listed: list[VersionRow] = []
    until: date | None = None
    for one in reversed(found):
        by = one.issued_by.name if one.issued_by else ""
        named = (one.pk, one.pack, one.number, one.content_hash)
        listed.append(VersionRow(*named, one.in_force_from, until, one.issued_at, by, one.approval_id, one.reasons))
        until = one.in_force_from
    return listed


def newest_version(pack: str) -> Version | None:
    """Return the version of a pack with the greatest number, in force or not; None where the pack is not installed."""
    return Version.objects.filter(pack=pack).order_by("-number").first()


def installed_packs() -> list[str]:
    """Return the names of the packs that are installed, in order."""
    return list(Version.objects.order_by("pack").values_list("pack", flat=True).distinct())


def adopted_pack(*, on: date) -> str:
    """Return the pack that the company goes by on a day; "" where it goes by none yet."""
    found = rows("SELECT pack FROM policy_adoption WHERE since <= %s ORDER BY since DESC, id DESC LIMIT 1", (on,))
    return str(found[0].pack) if found else ""


def issuers(*, on: date) -> list[int]:
    """Return the firms that go by a regulation of their own on a day: HQ."""
    found = Firm.objects.filter(kind=FirmKind.HQ.value, valid__contains=on).order_by("pk")
    return list(found.values_list("pk", flat=True))
