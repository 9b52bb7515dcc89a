"""Take a firm on as a partner and give it a representative."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from lingqu.audit.actions import Deed, record
from lingqu.organisation.models import Firm, Person
from lingqu.partners.models import Partner, Representation
from lingqu.partners.rules import Papers


class Terms(msgspec.Struct, frozen=True):
    """What was agreed when the partner was taken on: numbers of the papers, areas, product lines, where goods go."""

    certificate: str
    contract: str
    licence: str
    areas: tuple[str, ...]
    delivery_division: str
    delivery_address: str = ""
    product_lines: tuple[str, ...] = ()


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
def assign_representative(partner: Partner, person: Person, *, since: date, by: Person | None, at: datetime) -> Representation:
    """Make the person responsible for the partner from the day on; the present representative's time ends the day before (M-13.3)."""
    for present in Representation.objects.select_for_update().filter(partner=partner, period__contains=since):
        present.period = DateRange(present.period.lower, since)
        present.save(update_fields=["period"])
    assigned = Representation.objects.create(partner=partner, person=person, period=DateRange(since, None))
    record([Deed("assign_representative", "partner", partner.pk, {"person": person.pk})], by=by.pk if by else None, at=at)
    return assigned
