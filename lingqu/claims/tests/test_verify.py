"""Negative controls of the check `claims`: each seeded damage turns it red."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from lingqu.claims.models import PriceClaim, PriceClaimLine, PriceClaimSource
from lingqu.claims.tests.things import answered, claim, cut, shipped_before
from lingqu.credit.models import BatchCredit
from lingqu.orders.models import Delivery
from tests.checks import must_agree
from tests.world import World

DAMAGE = {
    "another sum": lambda: PriceClaim.objects.update(amount=F("amount") + 1),
    "another line": lambda: PriceClaimLine.objects.update(amount=F("amount") + 1),
    "other copies of a line": lambda: PriceClaimLine.objects.update(copies=F("copies") + 1),
    "another discount": lambda: PriceClaimSource.objects.update(discount_bp=F("discount_bp") - 100),
    "another drop": lambda: PriceClaimSource.objects.update(drop=F("drop") + 1),
    "more copies than were shipped": lambda: PriceClaimSource.objects.update(copies=F("copies") + 200),
    "another cause": lambda: BatchCredit.objects.update(cause="returned"),
    "a delivery outside the window": lambda: Delivery.objects.update(shipped_at=F("shipped_at") - timedelta(days=90)),
    "another state": lambda: PriceClaim.objects.update(state="asked", credit=None),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_found(world: World, what: str) -> None:
    shipped_before(world, {0: 100})
    cut(world, 0, "80")
    answered(world, claim(world, {0: 40}))
    must_agree("claims")
    DAMAGE[what]()
    with pytest.raises(AssertionError):
        must_agree("claims")
