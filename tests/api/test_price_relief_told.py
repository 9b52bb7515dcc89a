"""What a price claim has credited already is told of a return before and after it is counted."""

from __future__ import annotations

from lingqu.claims.tests.things import answered, claim, cut, shipped_before
from lingqu.returns.tests import steps
from tests.api.conftest import AtProgram
from tests.world import World


def test_a_return_tells_the_relief_that_is_taken_off_its_net(world: World, at_program: AtProgram) -> None:
    shipped_before(world, {0: 100})
    cut(world, 0, "80")
    made = answered(world, claim(world, {0: 10}))
    partner = at_program("agent_owner")
    wish = {"reason": "slow", "lines": [{"product": world.products[0].code, "copies": "20"}]}
    tried = partner.post("/returns/preview", wish).told
    line = tried["lines"][0]
    # 20 × 62.40 − 104.00
    assert (tried["net"], line["net"], line["relief"], line["relief_by"]) == ("1144.00", "1144.00", "104.00", [made.number])
    request = steps.agree(world, steps.ask(world, {0: 20}))
    steps.count(world, request, {1: 20})
    told = partner.get(f"/returns/{request.number}").told
    assert (told["credited"], told["lines"][0]["relief"], told["lines"][0]["relief_by"]) == ("1144.00", "104.00", [made.number])
