"""The page of limits says what the code does, and settings and modules obey the same numbers."""

from __future__ import annotations

import subprocess
import sys

from tests.house.test_floors import set_up_django
from tools import limits as told


def test_the_page_says_what_the_code_has() -> None:
    set_up_django()
    assert told.PAGE.read_text("utf-8") == told.page(), "run python -m tools.limits"


def test_settings_and_modules_obey_the_same_numbers() -> None:
    set_up_django()
    from django.conf import settings

    from lingqu.config import limits
    from lingqu.documents import rules
    from lingqu.documents.api import MOST_ROWS, gate

    assert (settings.DATA_UPLOAD_MAX_MEMORY_SIZE, gate.MOST_BYTES) == (limits.BODY_BYTES, limits.BODY_BYTES)
    assert (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS, settings.DATA_UPLOAD_MAX_NUMBER_FILES) == (limits.FIELDS, limits.FILES)
    assert rules.MOST_FILES * rules.MOST_BYTES < limits.UPLOAD_BYTES
    assert (limits.BODY_BYTES, gate.MOST_DEPTH, MOST_ROWS) == (2 * 1024 * 1024, 20, 200)
    assert settings.SESSION["statement_timeout"] == 15_000
    assert "-c statement_timeout=15000" in settings.DATABASES["default"]["OPTIONS"]["options"]


def test_as_many_processes_share_a_rate_as_there_are() -> None:
    from lingqu.config.limits import PROCESSES
    from lingqu.operate.processes import WEB_PROCESSES

    assert PROCESSES == WEB_PROCESSES


def test_the_worker_may_take_ten_minutes_over_a_statement() -> None:
    asked = "import os; os.environ['LINGQU_JOBS'] = 'yes'; from lingqu.config import settings; print(settings.SESSION['statement_timeout'])"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "600000"
