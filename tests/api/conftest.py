"""People of the story at their programs: tokens, and calls that speak JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingqu.organisation.actions import make_token
from lingqu.organisation.models import SignIn
from lingqu.organisation.states import Scope
from tests.world import World


@dataclass
class Program:
    """A program with a token; each call returns Django's answer, its JSON under `told`."""

    secret: str
    language: str = "zh"
    sent: int = 0

    def get(self, path: str, **query: str) -> Any:
        return self._told(Client(SERVER_NAME="localhost").get(f"/api/v1{path}", query, headers=self.headers()))

    def follow(self, address: str) -> Any:
        return self._told(Client(SERVER_NAME="localhost").get(address, headers=self.headers()))

    def post(self, path: str, body: Any, *, key: str = "", **headers: str) -> Any:
        self.sent += 1
        more = self.headers() | {"Idempotency-Key": key or f"key-{id(self)}-{self.sent}"} | headers
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._told(Client(SERVER_NAME="localhost").post(f"/api/v1{path}", content, content_type="application/json", headers=more))

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}

    def _told(self, answer: Any) -> Any:
        answer.told = json.loads(answer.content) if answer.content else None
        return answer


AtProgram = Callable[..., Program]


@pytest.fixture
def clock(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, with the clock of the interface showing the story's time."""
    monkeypatch.setattr("lingqu.documents.api.gate.now", lambda: world.at)
    monkeypatch.setattr("lingqu.documents.pages.now", lambda: world.at)
    return world


@pytest.fixture
def at_program(clock: World) -> AtProgram:
    """Give a function that gives a person of the story a program with a token; all scopes unless told."""
    signed: set[str] = set()

    def program(name: str, *scopes: Scope, language: str = "zh") -> Program:
        if name not in signed:
            SignIn.objects.create(person=clock.people[name], login=name)
            signed.add(name)
        last = clock.at.date() + timedelta(days=30)
        _, secret = make_token("ERP", scopes=scopes or tuple(Scope), last_day=last, by=clock.who(name), at=clock.at)
        return Program(secret, language)

    return program
