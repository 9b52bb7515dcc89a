"""Take a firm on as a partner, renew its papers, and give it a representative."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.actions import attach
from lingqu.documents.rules import NewFile, check_scans
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.queries import Acting
from lingqu.partners.access import PAPER_POSTS, may_renew_paper
from lingqu.partners.models import Partner, PartnerPaper, Representation
from lingqu.partners.rules import Papers, leaves_gap
from lingqu.partners.states import LAST_DAY_FIELDS, PAPER_SUBJECT, SCANS, PaperKind

MOST_NUMBER = 40
"""Letters of the number of a paper."""


class Terms(msgspec.Struct, frozen=True):
    """What was agreed when the partner was taken on: numbers of the papers, areas, product lines, where goods go."""

    certificate: str
    contract: str
    licence: str
    areas: tuple[str, ...]
    delivery_division: str
    delivery_address: str = ""
    product_lines: tuple[str, ...] = ()


class NewPaper(msgspec.Struct, frozen=True):
    """A paper that a partner got: what it is, its number, its first day where that is known, and its last day."""

    kind: PaperKind
    number: str
    valid_until: date
    valid_from: date | None = None


@transaction.atomic
def take_on_partner(firm: Firm, *, seller: Firm, papers: Papers, terms: Terms, by: Person | None, at: datetime) -> Partner:
    """Enter the firm as a partner of the seller and return it."""
    partner = Partner.objects.create(
        firm=firm, seller=seller, certificate=terms.certificate, certified_until=papers.certified_until,
        contract=terms.contract, contract_until=papers.contract_until, licence=terms.licence, licence_until=papers.licence_until,
        areas=list(terms.areas), product_lines=list(terms.product_lines), delivery_division=terms.delivery_division,
        delivery_address=terms.delivery_address,
    )  # fmt: skip
    record([Deed("take_on", "partner", partner.pk, {"firm": firm.pk, "seller": seller.pk})], by=by.pk if by else None, at=at)
    return partner


@transaction.atomic
def renew_paper(partner: int, new: NewPaper, *, by: Acting, at: datetime, scans: Sequence[NewFile] = ()) -> PartnerPaper:
    """Enter a paper of a partner (Partner id), with scans of it, and return it; the law judges by the one that lasts longest (M-14.2).

    One that ends before the present one does is kept as a record and changes nothing; the same paper again is the one that is kept.
    Refuses people who may not, an empty or long number, one that ends before it begins, and one that begins after today and leaves days
    without any paper: that one is entered when it begins. Scans are PDF, PNG or JPEG, at most 5 of 10 MB each, refused at `scans`.
    """
    check_scans(scans, field=SCANS)
    paper = renew_papers([(partner, new)], by=by, at=at)[0]
    if scans:
        absent = by.for_whom(PAPER_POSTS, paper.partner.seller_id)
        attach(PAPER_SUBJECT, paper.pk, "scan", scans, by=by, at=at, on_behalf_of=absent, field=SCANS)
    return paper


@transaction.atomic
def renew_papers(renewals: Sequence[tuple[int, NewPaper]], *, by: Acting, at: datetime) -> list[PartnerPaper]:
    """Enter papers of partners (Partner ids) in their order, each as `renew_paper` does, and return them; all or none."""
    locked = Partner.objects.select_for_update().filter(pk__in={partner for partner, _ in renewals}).order_by("pk")
    partners = {partner.pk: partner for partner in locked}
    known = {_paper_key(paper): paper for paper in PartnerPaper.objects.filter(partner_id__in=partners)}
    made, papers, deeds = [], [], []
    for partner, new in renewals:
        found = partners.get(partner)
        if found is None:
            raise not_found()
        if not may_renew_paper(by, found.seller_id):
            told = Text("客户证照由营销主管或主任登记。", "Papers of partners are entered by the marketing manager or the director.")
            raise forbidden(told)
        paper = PartnerPaper(
            partner=found, kind=new.kind.value, number=_checked(new, found, on=china_day(at)), valid_from=new.valid_from,
            valid_until=new.valid_until, entered_by_id=by.person, entered_at=at,
        )  # fmt: skip
        if _paper_key(paper) not in known:
            known[_paper_key(paper)] = paper
            made.append(paper)
            deeds.append(_put_in_force(found, paper, on_behalf_of=by.for_whom(PAPER_POSTS, found.seller_id)))
        papers.append(known[_paper_key(paper)])
    PartnerPaper.objects.bulk_create(made)
    Partner.objects.bulk_update(partners.values(), [*PaperKind, *LAST_DAY_FIELDS.values()], batch_size=500)
    record(deeds, by=by.person, at=at)
    return papers


def _paper_key(paper: PartnerPaper) -> tuple[int, str, str, date]:
    return (paper.partner_id, paper.kind, paper.number, paper.valid_until)


def _checked(new: NewPaper, partner: Partner, *, on: date) -> str:
    """Return the number of a paper without blanks around it. Refuses what `renew_paper` refuses."""
    number = new.number.strip()
    if not number or len(number) > MOST_NUMBER or "\x00" in number:
        raise bad_input("number", Text(f"请填写编号，最多 {MOST_NUMBER} 字。", f"Enter the number, in at most {MOST_NUMBER} characters."))
    if new.valid_from and new.valid_from > new.valid_until:
        raise bad_input("valid_until", Text("到期日不能早于起始日。", "A paper cannot end before it begins."))
    if leaves_gap(valid_from=new.valid_from, until=getattr(partner, LAST_DAY_FIELDS[new.kind]), on=on):
        told = Text(
            "这份证照尚未生效，且与现有证照之间有空档。请在起始日当天登记。",
            "It does not hold yet, and the present one ends before. Enter it on the day on which it begins.",
        )
        raise bad_input("valid_from", told)
    return number


def _put_in_force(partner: Partner, paper: PartnerPaper, *, on_behalf_of: int | None) -> Deed:
    """Let the partner go by the paper when it lasts longest, and return what to record."""
    field = LAST_DAY_FIELDS[PaperKind(paper.kind)]
    until: date | None = getattr(partner, field)
    before = {"number": getattr(partner, paper.kind), "until": until.isoformat() if until else None}
    if until is None or paper.valid_until >= until:
        setattr(partner, paper.kind, paper.number)
        setattr(partner, field, paper.valid_until)
    after = {"kind": paper.kind, "number": paper.number, "until": paper.valid_until.isoformat()}
    return Deed("renew_paper", "partner", partner.pk, after, before, on_behalf_of=on_behalf_of)


@transaction.atomic
def assign_representative(partner: Partner, person: Person, *, since: date, by: Person | None, at: datetime) -> Representation:
    """Make the person responsible for the partner from the day on; the present representative's time ends the day before (M-13.3)."""
    for present in Representation.objects.select_for_update().filter(partner=partner, period__contains=since):
        present.period = DateRange(present.period.lower, since)
        present.save(update_fields=["period"])
    assigned = Representation.objects.create(partner=partner, person=person, period=DateRange(since, None))
    record([Deed("assign_representative", "partner", partner.pk, {"person": person.pk})], by=by.pk if by else None, at=at)
    return assigned
