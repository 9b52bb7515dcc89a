"""What was typed is kept when the session has ended; files are chosen again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingqu.documents import rules

PACKAGE = Path(rules.__file__).parents[1]
INPUT = re.compile(r"<input\b[^>]*>", re.DOTALL)
SECRET = re.compile(r'type="password"|one-time-code')
NAME = re.compile(r'\bname="(\w+)"')


@pytest.mark.django_db
def test_a_form_with_a_file_is_kept_without_the_file_when_the_session_has_ended(client: Client) -> None:
    sent = {"title": "十月月报", "file": SimpleUploadedFile("月报.txt", b"1,2,3")}
    answer = client.post("/duties/1/hand-in", sent)
    assert (answer.status_code, client.session["kept_input"]["fields"]) == (302, [["title", "十月月报"]])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/accounts/security/password", "again"), ("/accounts/security/factor/off", "code"), ("/notices/channels/new", "secret"),
        ("/notices/settings", "password"), ("/accounts/security/factor", "whatever"),
    ],
)  # fmt: skip
def test_a_form_with_a_secret_is_not_kept_and_its_page_is_there_again_after_the_sign_in(client: Client, path: str, field: str) -> None:
    for page in ("/accounts/security/?x=1", "/accounts/security/password", "/accounts/security/factor/off"):
        answer = client.post(path, {field: "three-blue-stones-7"}, headers={"referer": f"http://testserver{page}"})
        assert answer.headers["Location"] == "/accounts/login/?next=/accounts/security/", page
    assert ("kept_input" in client.session, "three-blue" in str(dict(client.session))) == (False, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        "",
        "https://elsewhere.example/accounts/security/",
        "javascript:alert(1)",
        "http://testserver/nothing/at/all",
        "http://testserver",
        "http://testserver//evil.example/",
    ],
)
def test_where_the_browser_does_not_say_which_page_it_was_it_is_home(client: Client, said: str) -> None:
    answer = client.post("/accounts/security/password", {"old": "x"}, headers={"referer": said} if said else {})
    assert answer.headers["Location"] == "/accounts/login/?next=/"


@pytest.mark.django_db
def test_negative_control_a_secret_that_is_not_known_as_one_would_be_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SECRET_FIELDS", frozenset[str]())
    client.post("/notices/channels/new", {"secret": "three-blue-stones-7"})
    assert client.session["kept_input"]["fields"] == [["secret", "three-blue-stones-7"]]


def secret_inputs() -> dict[str, Any]:
    """The field names of every input for a password or a code in our templates, with the template."""
    found = {}
    for template in sorted(PACKAGE.glob("*/templates/**/*.html")):
        for one in INPUT.findall(template.read_text("utf-8")):
            if SECRET.search(one):
                found[NAME.findall(one)[0]] = template.name
    return found


def test_every_input_for_a_password_or_a_code_is_known_as_secret() -> None:
    found = secret_inputs()
    assert set(found) >= {"old", "password", "again", "code", "secret"}
    assert set(found) <= rules.SECRET_FIELDS, found
