"""Install a version of the regulation."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.decision import encode
from lingqu.policy.models import Version
from lingqu.policy.pack import PACKS, content_hash, read_pack, reference_of


@transaction.atomic
def install_pack(name: str, *, at: datetime, folder: Path | None = None) -> Version:
    """Install a pack as the first version of an installation and return it; an installed pack stays as it is.

    Refuses (`bad_pack`) a pack that does not check.
    """
    known = Version.objects.filter(pack=name).order_by("-number").first()
    if known:
        return known
    regulation = read_pack(folder or PACKS / name)
    version = Version.objects.create(
        pack=regulation.pack, number=regulation.number, content_hash=content_hash(regulation),
        content=encode(msgspec.structs.replace(regulation, reference="")), in_force_from=regulation.in_force_from, issued_at=at,
    )  # fmt: skip
    record([Deed("install", "regulation", version.pk, {"reference": reference_of(regulation)})], by=None, at=at)
    return version
