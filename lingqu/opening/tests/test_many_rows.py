"""The biggest files that are taken: 5,000 rows of every kind are read, signed and taken over; open batches within a minute."""

from __future__ import annotations

import resource
import time
from decimal import Decimal

import pytest

from lingqu.opening.actions import book_file, finish_file, prepare_file, sign_file
from lingqu.opening.queries import reading_of, totals_now
from lingqu.opening.rules import MOST_ROWS
from lingqu.opening.states import OpeningKind, OpeningState
from lingqu.opening.tests.test_going_live import DAY, PARTNER, Written, book
from tests.world import World

MOST_SECONDS = {OpeningKind.BATCHES: 60.0}
MOST_OTHERS = 120.0
OWED = Decimal("1000.10")


def rows_of(kind: OpeningKind, many: int, product: str) -> list[list[Written]]:
    """Return rows of a kind; each of them names a partner of its own."""
    codes = [f"9{place:04}" for place in range(many)]
    valid: list[Written] = ["2026-01-01", "2028-12-31"]
    rows: dict[OpeningKind, list[list[Written]]] = {
        OpeningKind.PARTNERS: [[code, f"第{code}书店", *PARTNER[2:]] for code in codes],
        OpeningKind.CERTIFICATES: [[code, "授权证书", f"SQ-{code}", *valid] for code in codes],
        OpeningKind.PEOPLE: [[code, f"王{code}", None, "负责人", "2020-01-01"] for code in codes],
        OpeningKind.GRADES: [[code, "B", "上年按期回款"] for code in codes],
        OpeningKind.BATCHES: [
            [codes[place // 10], f"旧-{place}", "2026-08-01", "2026-08-03", 2000, str(OWED), None] for place in range(many)
        ],
        OpeningKind.UNAPPLIED: [[code, f"P-{code}", "2026-11-01", 250, None] for code in codes],
        OpeningKind.STOCK: [[product, "2026-03-01", f"第{code}批", 20] for code in codes],
    }
    return rows[kind]


def seconds(what: str, since: float, many: int) -> float:
    now = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:>22} {many:>5} rows {now - since:6.2f} s, {memory} MB at most so far")  # noqa: T201 - the figures are what it is run for
    return now


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("many", [1_000, MOST_ROWS])
def test_the_biggest_files_are_taken_over_in_time(world: World, many: int) -> None:
    finance, director = world.who("finance"), world.who("director")
    for kind in OpeningKind:
        content = book(kind, rows_of(kind, many, world.products[0].code))
        at = time.perf_counter()
        file = prepare_file(kind, content, on=DAY, by=finance, at=world.at)
        start = seconds(f"{kind} sent", at, many)
        assert reading_of(file).errors == []
        now = seconds(f"{kind} looked at", start, many)
        sign_file(file.number, by=finance, at=world.at)
        now = seconds(f"{kind} signed", now, many)
        file = book_file(file.number, regulation=world.regulation, by=director, at=world.at)
        assert file.state == OpeningState.BOOKING.value
        assert finish_file(file.pk, regulation=world.regulation, at=world.at)
        seconds(f"{kind} taken over", now, many)
        assert totals_now(file) == file.totals
        assert time.perf_counter() - now < MOST_SECONDS.get(kind, MOST_OTHERS)
