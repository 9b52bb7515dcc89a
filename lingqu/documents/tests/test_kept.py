"""What was typed is kept when the session has ended; files are chosen again."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


@pytest.mark.django_db
def test_a_form_with_a_file_is_kept_without_the_file_when_the_session_has_ended(client: Client) -> None:
    sent = {"title": "十月月报", "file": SimpleUploadedFile("月报.txt", b"1,2,3")}
    answer = client.post("/duties/1/hand-in", sent)
    assert (answer.status_code, client.session["kept_input"]["fields"]) == (302, [["title", "十月月报"]])
