"""Who looks at a home, when, and under which regulation."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from lingqu.desk.present.shell import own_posts
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation

LEADING = {PostCode.MANAGER, PostCode.DIRECTOR, PostCode.DEPUTY}


class Moment(msgspec.Struct, frozen=True):
    """Who looks at the page, when, and under which regulation."""

    who: Acting
    at: datetime
    today: date
    regulation: Regulation

    @property
    def tolerance_days(self) -> int:
        """Return how many days past due are not overdue yet (M-19.3)."""
        return self.regulation.parameters.overdue_tolerance_days

    @property
    def posts(self) -> tuple[PostCode, ...]:
        """Return the posts that the person acts in at their own firm, the highest first."""
        return own_posts(self.who)

    @property
    def only_own(self) -> bool:
        """Return whether the person looks after partners of their own and leads nobody: a representative."""
        return PostCode.REPRESENTATIVE in self.posts and not LEADING & set(self.posts)
