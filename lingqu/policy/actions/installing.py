"""Install the first version of a pack, and choose the pack that the company goes by."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.policy.models import Adoption, Version
from lingqu.policy.pack import PACKS, content_hash, read_pack, reference_of, stored_form
from lingqu.policy.queries import adopted_pack, newest_version


@transaction.atomic
def install_pack(name: str, *, at: datetime, folder: Path | None = None, adopt: bool = False) -> Version:
    """Install a pack as the first version of an installation and return it; an installed pack stays as it is.

    Recorded as issued by set-up. The first pack of all is adopted from its first day; with `adopt` the company goes by this pack from today
    on. Refuses (`bad_pack`) a pack that does not check, and a folder that holds another pack.
    """
    version = newest_version(name) or _first_version(name, folder or PACKS / name, at)
    if not Adoption.objects.exists():
        _adopt(name, version.in_force_from, by=None, at=at)
    elif adopt:
        adopt_pack(name, since=china_day(at), by=None, at=at)
    return version


def _first_version(name: str, folder: Path, at: datetime) -> Version:
    regulation = read_pack(folder)
    if regulation.pack != name:
        raise Refusal(
            "bad_pack",
            Text(
                f"文件夹 {folder.name} 中是制度包 {regulation.pack}，不是 {name}。",
                f"The folder {folder.name} holds the pack {regulation.pack}.",
            ),
            status=422,
        )
    version = Version.objects.create(
        pack=regulation.pack, number=regulation.number, content_hash=content_hash(regulation),
        content=encode(stored_form(regulation)), in_force_from=regulation.in_force_from, issued_at=at,
    )  # fmt: skip
    after = {"reference": reference_of(regulation), "by": "set-up"}
    record([Deed("install", "regulation", version.pk, after, regulation=reference_of(regulation))], by=None, at=at)
    return version


@transaction.atomic
def adopt_pack(name: str, *, since: date, by: int | None, at: datetime) -> str:
    """Let the company go by a pack from a day on, and return the pack; nothing happens where it does already.

    Refuses a pack that is not installed, one that is not in force on the day, and a day in the past.
    """
    first = Version.objects.filter(pack=name).order_by("in_force_from").first()
    if first is None:
        raise Refusal("unknown_pack", Text(f"制度包 {name} 尚未安装。", f"The pack {name} is not installed."), status=404)
    if since < china_day(at):
        raise Refusal("too_late", Text("不能从过去的日期起改用。", "A pack cannot be adopted from a day in the past."))
    if first.in_force_from > since:
        raise Refusal(
            "no_regulation",
            Text(f"制度包 {name} 自 {first.in_force_from} 起才施行。", f"The pack {name} is in force from {first.in_force_from} on only."),
        )
    if adopted_pack(on=since) != name:
        _adopt(name, since, by=by, at=at)
    return name


def _adopt(name: str, since: date, *, by: int | None, at: datetime) -> None:
    adoption = Adoption.objects.create(pack=name, since=since, at=at)
    record([Deed("adopt", "regulation_pack", adoption.pk, {"pack": name, "since": str(since)})], by=by, at=at)
