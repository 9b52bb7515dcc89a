"""What `lingqu bench` prints are its figures: the lines of the log go elsewhere while it profiles."""

from __future__ import annotations

import logging
from io import StringIO

import pytest
from django.test import Client

from lingqu.bench.profile import lines_elsewhere


@pytest.mark.django_db
def test_requests_that_are_profiled_write_no_line_into_the_output(client: Client) -> None:
    printed = StringIO()
    console = logging.StreamHandler(printed)
    logging.getLogger().addHandler(console)
    try:
        with lines_elsewhere():
            client.get("/accounts/login/")
        assert printed.getvalue() == ""
        client.get("/accounts/login/")
        assert printed.getvalue() == "request\n"
    finally:
        logging.getLogger().removeHandler(console)
