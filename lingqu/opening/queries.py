"""Read workbooks, what the product has already, and what it has once they are taken over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from lingqu.base.money import ZERO
from lingqu.base.refusal import not_found
from lingqu.base.sheets import read_table
from lingqu.catalogue.models import Product
from lingqu.credit.models import Batch, CreditLine, Receipt
from lingqu.inventory.queries import stock_of
from lingqu.ledger.models import Posting
from lingqu.opening.models import OpeningFile, OpeningProgress, OpeningRow
from lingqu.opening.rules import MOST_COLUMNS, MOST_ROWS, Known, Reading, read_opening
from lingqu.opening.states import OpeningKind
from lingqu.organisation.models import Firm, Person, PostHolding
from lingqu.organisation.states import POST_WORDS, PostCode
from lingqu.partners.models import Partner, PartnerPaper
from lingqu.partners.states import LAST_DAY_FIELDS, PAPER_WORDS
from lingqu.policy.queries import regulation_in_force

MOST_SHOWN = 200
MOST_ABOVE = 20
"""Rows beside the data that a sheet may have: titles, head, totals."""


def read_file(kind: OpeningKind, name: str, content: bytes, *, firm: int, on: date) -> Reading:
    """Read a workbook of the firm as of the day of its books. Refuses what is no table, and more than 5,000 rows."""
    sheets = read_table(name, content, most_rows=MOST_ROWS + MOST_ABOVE, most_columns=MOST_COLUMNS)
    return read_opening(kind, sheets, known_for(kind, firm=firm, on=on))


def reading_of(file: OpeningFile) -> Reading:
    """Read a workbook that is kept, against what the product has now."""
    return read_file(OpeningKind(file.kind), file.name, bytes(file.content), firm=file.firm_id, on=file.on)


def known_for(kind: OpeningKind, *, firm: int, on: date) -> Known:
    """Return what rows of a kind are checked against: a few statements, however many rows there are."""
    taken = OpeningRow.objects.filter(firm_id=firm, kind=kind.value).values_list("key", "file__number", "row")
    lasting = _lasting(firm) if kind is OpeningKind.CERTIFICATES else {}
    where = {key: f"{number} / {row}" for key, number, row in taken}
    return Known(_names(kind, firm, on), where, _existing(kind, firm, on), on, lasting)


def _lasting(firm: int) -> dict[str, date]:
    """Return the last days of the papers of the firm's partners by code and kind, under both names of the kind."""
    return {
        f"{partner.firm.code}|{name}": getattr(partner, field)
        for partner in Partner.objects.filter(seller_id=firm).select_related("firm")
        for kind, field in LAST_DAY_FIELDS.items()
        for name in (PAPER_WORDS[kind].zh, PAPER_WORDS[kind].en)
        if getattr(partner, field)
    }


def _names(kind: OpeningKind, firm: int, on: date) -> dict[str, dict[str, int | str]]:
    match kind:
        case OpeningKind.PARTNERS:
            held = PostHolding.objects.filter(firm_id=firm, post_id=PostCode.REPRESENTATIVE.value, period__contains=on)
            return {"representative": _unless_twice(held.values_list("person__name", "person_id"))}
        case OpeningKind.CERTIFICATES:
            partners = Partner.objects.filter(seller_id=firm).values_list("firm__code", "pk")
            papers: dict[str, int | str] = {name: kind.value for kind, both in PAPER_WORDS.items() for name in (both.zh, both.en)}
            return {"partner": dict(partners), "paper": papers}
        case OpeningKind.PEOPLE:
            firms = Firm.objects.filter(paths_up__ancestor_id=firm).values_list("code", "pk")
            posts: dict[str, int | str] = {words.zh: post.value for post, words in POST_WORDS.items()}
            return {"firm": dict(firms), "post": posts | {words.en: post.value for post, words in POST_WORDS.items()}}
        case OpeningKind.GRADES:
            partners = Partner.objects.filter(seller_id=firm).values_list("firm__code", "firm_id")
            return {"partner": dict(partners), "grade": dict.fromkeys(regulation_in_force(on=on).parameters.grades, 1)}
        case OpeningKind.BATCHES | OpeningKind.UNAPPLIED:
            return {"line": dict(CreditLine.objects.filter(seller_id=firm).values_list("buyer__code", "pk"))}
        case OpeningKind.STOCK:
            return {"product": dict(Product.objects.filter(publisher_id=firm).values_list("code", "pk"))}


def _unless_twice(named: Iterable[tuple[str, int]]) -> dict[str, int | str]:
    """Return names with their ids; 0 for a name that two people have."""
    found: dict[str, int | str] = {}
    for name, person in named:
        found[name] = person if found.get(name, person) == person else 0
    return found


def _existing(kind: OpeningKind, firm: int, on: date) -> frozenset[str]:
    match kind:
        case OpeningKind.PARTNERS:
            return frozenset(Firm.objects.values_list("code", flat=True))
        case OpeningKind.PEOPLE:
            held = PostHolding.objects.filter(firm__paths_up__ancestor_id=firm, period__contains=on)
            words = [
                (code, name, POST_WORDS[PostCode(post)]) for code, name, post in held.values_list("firm__code", "person__name", "post_id")
            ]
            return frozenset(f"{code}|{name}|{one}" for code, name, both in words for one in (both.zh, both.en))
        case OpeningKind.GRADES:
            return frozenset(CreditLine.objects.filter(seller_id=firm).values_list("buyer__code", flat=True))
        case OpeningKind.BATCHES:
            known = Batch.objects.filter(line__seller_id=firm).values_list("line__buyer__code", "request")
            return frozenset(f"{code}|{request}" for code, request in known)
        case OpeningKind.CERTIFICATES:
            papers = PartnerPaper.objects.filter(partner__seller_id=firm)
            entered = papers.values_list("partner__firm__code", "kind", "number", "valid_until")
            called = {kind.value: (both.zh, both.en) for kind, both in PAPER_WORDS.items()}
            return frozenset(f"{code}|{name}|{number}|{until}" for code, kind, number, until in entered for name in called[kind])
        case OpeningKind.UNAPPLIED | OpeningKind.STOCK:
            return frozenset()


def list_files(firm: int, kind: OpeningKind | None = None) -> list[OpeningFile]:
    """Return the newest 200 workbooks of a firm without their bytes."""
    found = OpeningFile.objects.filter(firm_id=firm).defer("content").select_related("prepared_by", "signed_by", "booked_by")
    return list((found.filter(kind=kind.value) if kind else found).order_by("-pk")[:MOST_SHOWN])


def file_by_number(number: str, *, firm: int) -> OpeningFile:
    """Return a workbook of the firm with its people; refuses (404) what is none of its own."""
    found = OpeningFile.objects.filter(firm_id=firm, number=number).select_related("prepared_by", "signed_by", "booked_by").first()
    if found is None:
        raise not_found()
    return found


def progress_of(file: OpeningFile) -> int:
    """Return how many rows of a queued workbook are done; the rows themselves appear all at once at the end."""
    return OpeningProgress.objects.filter(file=file).values_list("done", flat=True).first() or 0


def totals_now(file: OpeningFile) -> dict[str, str]:
    """Return what the product has of a workbook that was taken over, in the words of its control totals: rows, amount, copies.

    Amounts are what the batches and receipts that came of it were taken over with; copies what the papers of it brought in.
    """
    rows = OpeningRow.objects.filter(file=file)
    found = {"rows": str(rows.count())}
    became = rows.values_list("became_id", flat=True)
    if file.kind == OpeningKind.BATCHES.value:
        found["amount"] = str(Batch.objects.filter(pk__in=became).aggregate(sum=Sum("value"))["sum"] or ZERO)
    elif file.kind == OpeningKind.UNAPPLIED.value:
        found["amount"] = str(Receipt.objects.filter(pk__in=became, opening=True).aggregate(sum=Sum("amount"))["sum"] or ZERO)
    elif file.kind == OpeningKind.STOCK.value:
        found["copies"] = str(_copies_in(set(became)))
    return found


def lines_of(file_id: int) -> list[int]:
    """Return the credit lines (ids, in order) on which batches of a workbook were taken over; none for other kinds."""
    batches = OpeningRow.objects.filter(file_id=file_id, kind=OpeningKind.BATCHES.value).values_list("became_id", flat=True)
    return sorted(set(Batch.objects.filter(pk__in=batches).values_list("line_id", flat=True)))


def _copies_in(papers: set[int]) -> int:
    sums = Posting.objects.filter(document_kind="goods_in", document_id__in=papers).aggregate(sum=Sum("amount"))
    return int(sums["sum"] or 0)


def figures_of(firm: int) -> dict[str, Decimal]:
    """Return what the firm has in all now: owed by its partners, waiting money, copies on hand."""
    lines = CreditLine.objects.filter(seller_id=firm)
    owed = Batch.objects.filter(line__in=lines, settled_on=None).aggregate(sum=Sum(F("value") - F("applied")))["sum"] or ZERO
    waiting = lines.aggregate(sum=Sum("unapplied"))["sum"] or ZERO
    copies = stock_of(firm).aggregate(sum=Sum("on_hand"))["sum"] or 0
    return {"owed": owed, "unapplied": waiting, "copies": Decimal(copies)}


def people_by_name(firms: Iterable[int]) -> dict[tuple[int, str], list[Person]]:
    """Return the people of the firms by firm and name, the first entered first."""
    found: dict[tuple[int, str], list[Person]] = {}
    for person in Person.objects.filter(firm_id__in=set(firms)).order_by("pk"):
        found.setdefault((person.firm_id, person.name), []).append(person)
    return found
