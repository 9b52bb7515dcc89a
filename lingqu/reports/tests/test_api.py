"""Reports through the interface for other systems, as the pages do them."""

from __future__ import annotations

from lingqu.reports.models import PartnerReport
from lingqu.reports.tests.things import reported
from tests.api.bodies import BODIES
from tests.api.conftest import AtProgram, at_program, clock
from tests.world import World

__all__ = ["at_program", "clock"]
NEW, CHANGED = BODIES["make_partner_report"], BODIES["change_partner_report"]


def test_a_report_is_made_read_asked_back_about_changed_and_answered(world: World, at_program: AtProgram) -> None:
    owner, above = at_program("agent_owner"), at_program("representative")
    made = owner.post("/partner-reports", NEW)
    assert (made.status_code, made.told["state"], made.told["sold"], made.told["late_days"]) == (201, "submitted", "40.00", 18), made.told
    number = made.told["number"]
    assert owner.post("/partner-reports", NEW).told["number"] == number
    whole = above.get(f"/partner-reports/{number}").told
    assert (whole["since"], whole["until"], whole["known"]["branch"]["retailers"]) == ("2026-10-01", "2026-10-31", 1)
    assert [(one["discipline"], one["value"]) for one in whole["lines"]] == [("S", "3840.00")]
    asked = above.post(f"/partner-reports/{number}/ask-back", {"question": "请补充"})
    assert (asked.status_code, asked.told["state"], asked.told["question"]) == (200, "questioned", "请补充")
    body = CHANGED | {"lines": [{"sold": "0", "value": "0.00", "stock": "7"}]}
    changed = owner.post(f"/partner-reports/{number}/change", body)
    assert (changed.status_code, changed.told["state"], changed.told["stock"]) == (200, "submitted", "7.00")
    assert owner.get(f"/partner-reports/{number}").told["lines"][0]["discipline"] is None
    told = above.post(f"/partner-reports/{number}/answer", {"guidance": "先消化库存"})
    assert (told.status_code, told.told["state"]) == (200, "answered")
    assert owner.get("/partner-reports", state="answered").told["items"][0]["guidance"] == "先消化库存"
    assert owner.get("/partner-reports", state="submitted").told["items"] == []


def test_only_both_sides_see_a_report_and_only_the_seller_answers(world: World, at_program: AtProgram) -> None:
    number = reported(world).number
    for stranger in ("other_agent_owner", "retailer_owner"):
        program = at_program(stranger)
        assert program.get("/partner-reports").told["items"] == []
        assert program.get(f"/partner-reports/{number}").status_code == 404
        assert program.post(f"/partner-reports/{number}/answer", {"guidance": "好"}).status_code in (403, 404)
    assert at_program("finance").post(f"/partner-reports/{number}/answer", {"guidance": "好"}).status_code == 403
    assert at_program("manager").get("/partner-reports", partner="agent").told["items"][0]["number"] == number


def test_what_is_wrong_is_told_at_its_place(world: World, at_program: AtProgram) -> None:
    owner = at_program("agent_owner", language="en")
    good = NEW["lines"][0]
    for more, field, status in (
        ({"lines": [good, good]}, "lines.1.discipline", 422),
        ({"lines": [good | {"discipline": "X"}]}, "lines.0.discipline", 422),
        ({"lines": [good | {"near_expiry": "61"}]}, "lines.0.near_expiry", 422),
        ({"period": "2026-11"}, "period", 422),
    ):
        answer = owner.post("/partner-reports", NEW | more)
        assert (answer.status_code, answer.told["field"]) == (status, field), answer.told
    assert PartnerReport.objects.count() == 0
    assert owner.post("/partner-reports", NEW).status_code == 201
    second = owner.post("/partner-reports", NEW | {"key": "yb-2"})
    assert (second.status_code, second.told["code"]) == (409, "reported_already")
