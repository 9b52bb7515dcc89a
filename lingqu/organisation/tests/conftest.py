"""Browsers of people who sign in by the page, as people do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from lingqu.organisation.actions import give_sign_in
from lingqu.organisation.models import SignIn
from tests.world import World

PASSWORD = "three-blue-stones-7"


class Browser(Client):
    """A browser at an address of its own, which can send the form of the sign-in page."""

    def sign_in(self, login: str, password: str = PASSWORD) -> Any:
        return self.post(reverse("account_login"), {"login": login, "password": password})

    def is_in(self) -> bool:
        return self.get(reverse("security")).status_code == 200


REAL_HASHERS = settings.PASSWORD_HASHERS


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords in no time; where the time itself is tested, `real_passwords` is asked for."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def real_passwords(quick_passwords: None) -> Iterator[None]:
    """Hash passwords as an installation does."""
    with override_settings(PASSWORD_HASHERS=REAL_HASHERS):
        yield


@pytest.fixture
def account(world: World) -> Callable[[str], SignIn]:
    """Give a function that gives a person of the story a sign-in under their own name in the story."""
    made: dict[str, SignIn] = {}

    def give(name: str) -> SignIn:
        if name not in made:
            made[name] = give_sign_in(world.people[name], name, PASSWORD, at=world.at, by=None)
        return made[name]

    return give


@pytest.fixture
def browser(db: None) -> Callable[..., Browser]:
    """Give a function that opens a browser, at an address of its own when one is said."""
    return lambda address="127.0.0.1": Browser(REMOTE_ADDR=address)
