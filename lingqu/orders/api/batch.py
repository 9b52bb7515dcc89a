"""The answer to a batch: one entry per request, put together from the parts in which it was done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpResponse

from lingqu.base.refusal import Refusal
from lingqu.documents.api import JSON, PROBLEM, REPLAYED, Problem, Shape, problem_body
from lingqu.orders.actions import Outcome
from lingqu.orders.api.shapes import BatchOut, ItemOut
from lingqu.organisation.queries import Answer


class Part(Shape):
    """What became of the requests of one part."""

    items: list[ItemOut]


def part_out(outcomes: Sequence[Outcome]) -> Part:
    """Return what became of the requests of one part."""
    return Part(items=[item_out(outcome) for outcome in outcomes])


def item_out(outcome: Outcome) -> ItemOut:
    """Return what became of one request of a batch: 201 for a new one, 200 for one that was there, else the status of its refusal."""
    refusal = outcome.refusal
    if refusal is not None:
        return ItemOut(key=outcome.key, status=refusal.status, problem=_problem(refusal))
    status = HTTPStatus.OK if outcome.repeated else HTTPStatus.CREATED
    return ItemOut(key=outcome.key, status=status, number=outcome.number, state=outcome.state, repeated=outcome.repeated)


def _problem(refusal: Refusal) -> Problem:
    return Problem.model_validate_json(problem_body(refusal))


def joined(answers: Sequence[Answer]) -> HttpResponse:
    """Answer a batch from its parts."""
    failed = next((answer for answer in answers if answer.media_type == PROBLEM), None)
    if failed:
        return HttpResponse(failed.body, status=failed.status, content_type=PROBLEM)
    items = [item for answer in answers for item in json.loads(answer.body)["items"]]
    refused = sum(item["status"] >= HTTPStatus.BAD_REQUEST for item in items)
    repeated = sum(item["repeated"] for item in items)
    told = BatchOut(submitted=len(items) - refused - repeated, repeated=repeated, refused=refused, items=items)
    headers = {"Cache-Control": "no-store"} | ({REPLAYED: "true"} if all(answer.repeated for answer in answers) else {})
    return HttpResponse(told.model_dump_json(), content_type=JSON, headers=headers)
