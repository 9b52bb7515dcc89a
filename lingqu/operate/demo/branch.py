"""How Jinan keeps its bookshop's terms: set by the owner three weeks ago, and what its clerk asked for this morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from lingqu.base.calendar import china_day
from lingqu.credit.actions import give_terms
from lingqu.credit.rules import NewTerms
from lingqu.operate.demo.people import TAIAN
from lingqu.operate.demo.story import SIGNED, Story

SET_AGO = 20
ASKED_BEFORE = timedelta(minutes=25)


def plan_branch(story: Story) -> None:
    """Plan that Jinan's owner gives the bookshop more room, and that the clerk asks for a price of its own."""
    more_room = NewTerms("C", Decimal("60000.00"), 2, 45, None, "回款准时，开春教材备货，放宽一批。")
    story.plan("branch", story.moment(SET_AGO, SIGNED), lambda at: _give(story, more_room, "jinan", at))
    own_price = NewTerms("C", Decimal("80000.00"), 2, 60, 7_300, "岱麓今年预计翻番，请求七三折。")
    story.plan("branch", story.now - ASKED_BEFORE, lambda at: _give(story, own_price, "jinan_clerk", at))


def _give(story: Story, terms: NewTerms, who: str, at: datetime) -> None:
    by = story.made.who(who, china_day(at))
    give_terms([(story.made.lines[TAIAN].pk, terms)], regulation=story.made.regulation_on(at), by=by, at=at)
