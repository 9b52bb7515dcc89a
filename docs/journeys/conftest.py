"""The journeys are pages for people. pytest runs the code on each page from top to bottom, in a small world of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["*.md"], fixtures=["world"]).pytest()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The world of `tests/world.py`, kept for one page and rolled back at its end."""
    from django.db import transaction

    from tests.world import fresh_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield fresh_world()
        transaction.set_rollback(True)
