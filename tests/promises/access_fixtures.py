"""The rich world with everybody at a browser, built once for a file of tests and taken back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.promises.access_crawl import readable_papers
from tests.promises.access_matrix import Seat
from tests.promises.access_world import rich_world

CLOCKS = ("lingqu.documents.pages.now", "lingqu.documents.api.gate.now")


@pytest.fixture(scope="module")
def seat(django_db_setup: None, django_db_blocker: Any) -> Iterator[Seat]:
    """Everybody of the rich world at a browser of theirs; the clock shows the story's time, and printed papers can be read."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        world = rich_world()
        for clock in CLOCKS:
            patch.setattr(clock, lambda: world.at)
        readable_papers(patch)
        yield Seat(world)
        transaction.set_rollback(True)
