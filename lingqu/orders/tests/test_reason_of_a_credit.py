"""Why something was credited is read in the language of the page, with the paper and with what was taken off."""

from __future__ import annotations

import pytest

from lingqu.base.text import Text, parted
from lingqu.credit.models import Batch, BatchCredit
from lingqu.orders.actions.returns import MOST_WHY, _why
from lingqu.orders.tests.path_steps import amend, order_of, ship, take_back
from tests.pages import SitDown, of_the_other_language, spoken
from tests.world import World


@pytest.mark.parametrize(("language", "words"), [("zh", "滞销 TH-"), ("en", "Slow TH-")])
def test_goods_that_came_back_are_told_in_the_language_of_the_page(world: World, at_desk: SitDown, language: str, words: str) -> None:
    order = world.accept(world.submit("agent", {0: 10}))
    ship(world, order.pk)
    take_back(world, order.pk, {1: 2})
    page = at_desk("finance", language=language).get(f"/credit/batches/{Batch.objects.get().pk}/").content.decode()
    assert words in spoken(page)
    assert of_the_other_language(page, language, world) == []


def test_fewer_copies_are_told_in_the_language_of_the_page(world: World, at_desk: SitDown) -> None:
    order = world.accept(world.submit("agent", {0: 10}))
    amend(world, order.pk, {0: 8})
    page = spoken(at_desk("finance", language="en").get(f"/credit/batches/{Batch.objects.get().pk}/").content.decode())
    assert ("reduced after acceptance" in page, "受理后减少" in page) == (True, False)
    assert order_of(order.pk).copies == 8
    assert BatchCredit.objects.get().reason == "受理后减少 / reduced after acceptance"


def test_relief_of_more_papers_than_there_is_room_for_is_left_out() -> None:
    why = Text("滞销", "Slow")
    few = _why(why, "TH-2026-0001", Text("扣除 JB-2026-0001", "less JB-2026-0001"))
    assert parted(few) == Text("滞销 TH-2026-0001，扣除 JB-2026-0001", "Slow TH-2026-0001, less JB-2026-0001")
    for less in (Text("多" * MOST_WHY, "many"), Text("扣除 …", "less …")):
        assert parted(_why(why, "TH-2026-0001", less)) == Text("滞销 TH-2026-0001", "Slow TH-2026-0001")
