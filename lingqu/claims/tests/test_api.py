"""Claims through the interface for other systems, as the pages do them."""

from __future__ import annotations

import pytest

from lingqu.claims.models import PriceClaim
from lingqu.claims.tests.things import answered, cut, shipped_before
from tests.api.conftest import AtProgram, at_program, clock
from tests.world import World

__all__ = ["at_program", "clock"]
WISH = {"lines": [{"product": "QH26-100", "copies": "40"}]}


@pytest.fixture
def fallen(world: World) -> World:
    """The first title fell from 96 to 80 today, and the agent was shipped 100 copies of it ten days ago."""
    shipped_before(world, {0: 100})
    cut(world, 0, "80")
    return world


def test_a_claim_is_tried_made_read_listed_and_taken_back(fallen: World, at_program: AtProgram) -> None:
    owner = at_program("agent_owner")
    tried = owner.post("/price-claims/preview", WISH)
    assert (tried.status_code, tried.told["amount"], tried.told["copies"], PriceClaim.objects.count()) == (200, "416.00", "40.00", 0)
    (line,) = tried.told["lines"]
    assert (line["old_price"], line["new_price"], line["cut_on"], line["why"]) == ("96.0000", "80.0000", "2026-11-23", None)
    assert [(one["copies"], one["drop"], one["discount"]) for one in line["sources"]] == [("40.00", "16.0000", "65.00")]
    made = owner.post("/price-claims", WISH | {"key": "jb-1"})
    assert (made.status_code, made.told["state"], made.told["amount"], made.told["credit"]) == (201, "asked", "416.00", ""), made.told
    number = made.told["number"]
    assert owner.post("/price-claims", WISH | {"key": "jb-1"}).told["number"] == number
    assert owner.get(f"/price-claims/{number}").told["lines"][0]["amount"] == "416.00"
    assert [one["number"] for one in owner.get("/price-claims", state="asked").told["items"]] == [number]
    assert owner.get("/price-claims", state="credited").told["items"] == []
    for stranger in ("other_agent_owner", "retailer_owner"):
        program = at_program(stranger)
        assert program.get("/price-claims").told["items"] == []
        assert program.get(f"/price-claims/{number}").status_code == 404
        assert program.post(f"/price-claims/{number}/withdraw", {}).status_code == 404
    assert at_program("warehouse").post(f"/price-claims/{number}/withdraw", {}).status_code == 403
    back = owner.post(f"/price-claims/{number}/withdraw", {"reason": "库存有误"})
    assert (back.status_code, back.told["state"], back.told["ended_because"]) == (200, "withdrawn", "库存有误")


def test_a_credited_claim_names_its_credit(fallen: World, at_program: AtProgram) -> None:
    number = at_program("representative").post("/price-claims", WISH | {"key": "jb-1", "buyer": "agent"}).told["number"]
    made = answered(fallen, PriceClaim.objects.get(number=number))
    told = at_program("agent_owner").get(f"/price-claims/{number}").told
    assert made.credit
    assert (told["state"], told["credit"]) == ("credited", made.credit.number)


def test_what_is_wrong_is_told_at_its_place(fallen: World, at_program: AtProgram) -> None:
    owner = at_program("agent_owner", language="en")
    for lines, field, status in (
        ([{"product": "QH26-100", "copies": "1"}, {"product": "QH26-101", "copies": "1"}], "lines.1.product", 409),
        ([{"product": "NOPE", "copies": "1"}], "lines.0.product", 422),
        ([{"product": "QH26-100", "copies": "1", "cut_on": "2026-11-01"}], "lines.0.product", 409),
    ):
        answer = owner.post("/price-claims", {"key": "jb-9", "lines": lines})
        assert (answer.status_code, answer.told["field"]) == (status, field), answer.told
    tried = owner.post("/price-claims/preview", {"lines": [{"product": "QH26-101", "copies": "1"}]}).told
    assert (tried["amount"], tried["lines"][0]["why"]["en"]) == ("0.00", "its list price never fell.")
    assert owner.post("/price-claims", WISH | {"key": "jb-2", "buyer": "other_agent"}).status_code == 404
    assert PriceClaim.objects.count() == 0
