"""The regulation in force on a day, and any version by its reference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import msgspec

from lingqu.base.database import rows
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.policy.models import Version
from lingqu.policy.pack import HASH_LENGTH
from lingqu.policy.rules import Regulation

DEFAULT_PACK = "publisher"


def regulation_in_force(*, on: date, pack: str = DEFAULT_PACK) -> Regulation:
    """Return the version of the pack that is in force on the day; refuses a day before the first version."""
    found = rows(
        "SELECT id FROM policy_version WHERE pack = %s AND in_force_from <= %s ORDER BY in_force_from DESC, number DESC LIMIT 1", (pack, on)
    )
    if not found:
        raise Refusal(
            "no_regulation",
            Text(f"{on} 没有生效的制度版本（{pack}）。", f"No version of the regulation ({pack}) is in force on {on}."),
        )
    return _version(found[0].id)


def regulation_by_reference(reference: str) -> Regulation:
    """Return the version that a decision names; refuses an unknown one."""
    pack, number, short_hash = reference.split("/")
    version = Version.objects.filter(pack=pack, number=int(number), content_hash__startswith=short_hash).only("id").first()
    if version is None:
        raise Refusal("no_regulation", Text(f"没有制度版本 {reference}。", f"There is no version {reference}."), status=404)
    return _version(version.pk)


@lru_cache(maxsize=64)
def _version(version_id: int) -> Regulation:
    version = Version.objects.get(pk=version_id)
    regulation = msgspec.json.decode(version.content, type=Regulation)
    reference = f"{version.pack}/{version.number}/{version.content_hash[:HASH_LENGTH]}"
    return msgspec.structs.replace(regulation, reference=reference)


EvidenceReader = Callable[[int, int], dict[str, tuple[int, int]]]
_readers: list[EvidenceReader] = []


def register_evidence(reader: EvidenceReader) -> None:
    """Name who counts decisions: `reader(firm, year)` returns per law how many judged it and how many it failed. Set in the wiring."""
    if reader not in _readers:
        _readers.append(reader)


def evidence_of_laws(firm: int, *, year: int) -> dict[str, tuple[int, int]]:
    """Return per law how many decisions on the firm's requests judged it in the year, and how many it failed; empty if nobody counts."""
    found: dict[str, tuple[int, int]] = {}
    for reader in _readers:
        for law, (judged, failed) in reader(firm, year).items():
            before = found.get(law, (0, 0))
            found[law] = (before[0] + judged, before[1] + failed)
    return found
