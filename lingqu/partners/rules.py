"""Pure laws about the partner: certificate, contract and trade licence (M-14.2, M-16.3.1), area and product line (M-13.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from lingqu.base.decision import LawResult, Number, Outcome
from lingqu.policy.rules import LawSetting
from lingqu.policy.states import ContractMode, Law

TO_COME = "to_come"
"""Stands for the number of a stamped contract in a preview: it comes with the request."""


class Papers(msgspec.Struct, frozen=True):
    """The last valid days of the papers that a partner needs; None = it has none. `licence_needed` is off for trades without one.

    `stamped` is the number of the stamped contract that came with this one request; empty when the agreement of the year covers it.
    """

    certified_until: date | None
    contract_until: date | None
    licence_until: date | None
    licence_needed: bool = True
    stamped: str = ""


def needs_stamped(papers: Papers, *, on: date, mode: ContractMode) -> bool:
    """Return whether a request of the day needs a stamped contract of its own (M-16.3.1).

    The regulation asks one of each request, or no agreement of the year is in force on the day (the last day included).
    """
    return mode is ContractMode.EACH or papers.contract_until is None or papers.contract_until < on


def certificate_law(papers: Papers, *, on: date, setting: LawSetting) -> LawResult:
    """Judge whether certificate, contract and trade licence are valid on the day (the last day included).

    The contract is the agreement of the year, or the stamped contract that came with this request.
    """
    wanted = [papers.certified_until] + ([papers.licence_until] if papers.licence_needed else [])
    if not papers.stamped:
        wanted.append(papers.contract_until)
    passed = all(until is not None and on <= until for until in wanted)
    numbers: dict[str, Number] = {
        "certified_until": papers.certified_until,
        "contract_until": papers.contract_until,
        "licence_until": papers.licence_until,
        "on": on,
    }
    if papers.stamped:
        numbers["stamped"] = papers.stamped
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return LawResult(Law.CERTIFICATE.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)


def leaves_gap(*, valid_from: date | None, until: date | None, on: date) -> bool:
    """Return whether a paper that begins after the day leaves days without any: the present one ends before the day before it begins.

    `until` is the last day of the present paper, None when there is none. A paper whose first day is not known has begun.
    """
    if valid_from is None or valid_from <= on:
        return False
    return until is None or until < valid_from - timedelta(days=1)


def covers(areas: Iterable[str], division: str) -> bool:
    """Return whether one of the granted GB/T 2260 codes covers the division: 32 covers 3201 and 320104."""
    return any(division.startswith(area) for area in areas)


def area_law(areas: tuple[str, ...], division: str, lines_outside: int, setting: LawSetting) -> LawResult:
    """Judge whether the delivery place lies in the granted areas and all lines in the granted product lines."""
    inside = covers(areas, division)
    outcome = Outcome.PASSED if inside and not lines_outside else Outcome.FAILED
    numbers: dict[str, Number] = {
        "division": division, "areas": " ".join(areas), "inside": int(inside), "lines_outside": lines_outside,
    }  # fmt: skip
    return LawResult(Law.AREA.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)
