"""Keep a bank's file, and take it in once it was looked at."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import run
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS
from lingqu.documents.actions import take_numbers
from lingqu.documents.rules import MOST_BYTES, NewFile, plain_name, too_large
from lingqu.organisation.queries import Acting
from lingqu.settlement.access import may_book
from lingqu.settlement.models import BankFile, BankLine, BankProfile, BankUpload
from lingqu.settlement.queries import MOST_PROFILES, known_fingerprints
from lingqu.settlement.rules import FileRead, ReadLine, fingerprints
from lingqu.settlement.states import LineState

KEPT_DAYS: Final = 7
LONGEST_NAME: Final = 60


class TakingIn(msgspec.Struct, frozen=True):
    """A file to take in, as it was read: the name under which its layout is remembered, and whether a person let its doubts pass."""

    upload: int
    read: FileRead
    profile: str
    despite: bool = False


@transaction.atomic
def keep_upload(file: NewFile, *, by: Acting, at: datetime) -> BankUpload:
    """Keep a bank's file to be looked at, and return it; the same bytes again are the same file. Nothing is booked by it.

    Files of the firm that were sent more than a week ago and never taken in are thrown away. Refuses an empty file, more than 10 MB, and
    whoever may not book.
    """
    _check_may(by, by.firm)
    if not file.content:
        raise bad_input("file", Text("请选择文件。", "Choose a file."))
    if len(file.content) > MOST_BYTES:
        raise too_large(file.name, field="file")
    digest = hashlib.sha256(file.content).hexdigest()
    _one_at_a_time(by.firm)
    BankUpload.objects.filter(seller_id=by.firm, sent_at__lt=at - timedelta(days=KEPT_DAYS), file__isnull=True).delete()
    known = BankUpload.objects.filter(seller_id=by.firm, sha256=digest).first()
    return known or BankUpload.objects.create(
        seller_id=by.firm, name=plain_name(file.name) or "?", sha256=digest, size=len(file.content), content=file.content,
        sent_by_id=by.person, sent_at=at,
    )  # fmt: skip


@transaction.atomic
def take_in(new: TakingIn, *, by: Acting, at: datetime) -> BankFile:
    """Take a bank's file in and return it (series YH): its movements wait to be booked, what went out is kept only.

    Movements that an earlier file brought are counted and not stored again; the same file again is the file that was taken in. The layout
    is remembered under the profile's name. Refuses a file with problems, one with doubts that nobody let pass, no name, more than 50
    profiles, and whoever may not book.
    """
    upload = BankUpload.objects.defer("content").filter(pk=new.upload).first()
    if upload is None or not may_book(by, upload.seller_id):
        raise not_found()
    _one_at_a_time(upload.seller_id)
    taken = BankFile.objects.filter(upload=upload).first()
    if taken:
        return taken
    _check_read(new)
    profile = _profile(new, upload.seller_id, at=at)
    marks = fingerprints(new.read.lines)
    known = known_fingerprints(upload.seller_id, marks)
    fresh = [(line, mark) for line, mark in zip(new.read.lines, marks, strict=True) if mark not in known]
    (number,) = take_numbers("YH", china_day(at).year)
    file = BankFile.objects.create(
        **_shape(new.read), upload=upload, seller_id=upload.seller_id, number=number, profile=profile, name=upload.name,
        sha256=upload.sha256, lines_count=len(new.read.lines), repeated=len(known), taken_by_id=by.person, taken_at=at,
    )  # fmt: skip
    if any(check.newest_first for check in new.read.balances):
        fresh.reverse()
    BankLine.objects.bulk_create((_line(file, line, mark) for line, mark in fresh), batch_size=1000)
    after = {
        "name": upload.name, "lines": len(fresh), "repeated": len(known), "in": str(new.read.money_in), "out": str(new.read.money_out),
        "doubts": [doubt.zh for doubt in new.read.doubts],
    }  # fmt: skip
    deed = Deed("take_in", "bank_file", file.pk, after, on_behalf_of=by.for_whom(MONEY_POSTS, upload.seller_id))
    record([deed], by=by.person, at=at)
    return file


def _check_may(by: Acting, seller: int) -> None:
    if not may_book(by, seller):
        raise forbidden(
            Text("银行流水由收款单位的财务主管处理。", "Bank files are the business of the finance head of the firm that is paid.")
        )


def _one_at_a_time(seller: int) -> None:
    # Two who take in overlapping files at once wait for each other here, so that each movement is kept once.
    run("SELECT pg_advisory_xact_lock(hashtextextended('bank:' || %s, 0))", (seller,))


def _check_read(new: TakingIn) -> None:
    if new.read.problems:
        raise Refusal(
            "file_has_problems",
            Text("文件中有读不懂的行，没有导入任何一笔。", "Some rows are not understood; nothing was taken in."),
            status=422,
            field="file",
        )
    if new.read.doubts and not new.despite:
        raise Refusal(
            "file_does_not_add_up",
            Text(
                "余额或合计对不上。确认文件完整后，勾选“仍要导入”。",
                "Balances or totals do not add up. When the file is whole all the same, tick “take it in all the same”.",
            ),
            status=422,
            field="despite",
        )


def _profile(new: TakingIn, seller: int, *, at: datetime) -> BankProfile:
    name = " ".join(new.profile.split())[:LONGEST_NAME]
    if not name:
        raise bad_input("profile", Text("请给这个账户起个名字，如“工行基本户”。", "Give this account a name, such as “ICBC main”."))
    values = {"mapping": new.read.header.mapping, "used_at": at}
    if new.read.own_account:
        values["account"] = new.read.own_account[:40]
    profile, made = BankProfile.objects.update_or_create(seller_id=seller, name=name, defaults=values)
    if made and BankProfile.objects.filter(seller_id=seller).count() > MOST_PROFILES:
        raise bad_input("profile", Text(f"最多 {MOST_PROFILES} 个账户。", f"At most {MOST_PROFILES} accounts."))
    return profile


def _shape(read: FileRead) -> dict[str, object]:
    """Return sums, balances and days of a file; balances only where it tells of one account."""
    alone = read.balances[0] if len(read.balances) == 1 else None
    days = [line.on for line in read.lines]
    return {
        "money_in": read.money_in, "money_out": read.money_out, "opening": alone.opening if alone else None,
        "closing": alone.closing if alone else None, "since": min(days), "until": max(days),
    }  # fmt: skip


def _line(file: BankFile, line: ReadLine, mark: str) -> BankLine:
    state = LineState.OPEN if line.amount > Decimal(0) else LineState.OUTGOING
    return BankLine(
        file=file, seller_id=file.seller_id, row=line.row, on=line.on, amount=line.amount, balance=line.balance, payer=line.payer,
        payer_account=line.payer_account, payer_bank=line.payer_bank, remark=line.remark, serial=line.serial, fingerprint=mark,
        state=state.value,
    )  # fmt: skip
