"""What changes something is done once for each key of the caller, and answered alike however often it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from django.http import HttpResponse
from pydantic import BaseModel

from lingqu.base.refusal import Refusal
from lingqu.documents.api.gate import ApiRequest
from lingqu.documents.api.problems import PROBLEM, problem_body
from lingqu.organisation.actions import answer_once
from lingqu.organisation.queries import Answer, Claim

JSON: Final = "application/json"
REPLAYED: Final = "Idempotency-Replayed"


def once(request: ApiRequest, key: str, do: Callable[[], BaseModel], *, status: int = HTTPStatus.CREATED) -> HttpResponse:
    """Answer what `do` returns, or what it was answered to this key before. Doing it and keeping the answer is one transaction.

    A refusal is an answer too: nothing was written by what was refused, and the same key is refused alike.
    """
    return _respond(part_once(request, key, do, status=status))


def part_once(request: ApiRequest, key: str, do: Callable[[], BaseModel], *, status: int = HTTPStatus.OK, part: int = 0) -> Answer:
    """Return the answer to one part of a request; each part is done and kept in a transaction of its own."""

    def make() -> Answer:
        try:
            return Answer(status, JSON, do().model_dump_json())
        except Refusal as refusal:
            return Answer(refusal.status, PROBLEM, problem_body(refusal))

    return answer_once(_claim(request, key, part), make, at=request.at)


def _claim(request: ApiRequest, key: str, part: int) -> Claim:
    plain = json.dumps(request.sent, sort_keys=True, separators=(",", ":"))
    return Claim(request.who.person, key, f"{request.method} {request.path}"[:200], sha256(plain.encode()).hexdigest(), part)


def _respond(answer: Answer) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({REPLAYED: "true"} if answer.repeated else {})
    return HttpResponse(answer.body, status=answer.status, content_type=answer.media_type, headers=headers)
