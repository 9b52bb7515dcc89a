"""Styles, scripts, fonts and icons as the web server hands them out: named by their content, compressed once, kept by browsers for ever.

Run by `lingqu setup` as a program, when they have changed since the data folder's copy was made.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from lingqu.config.home import Home, current_home

PACKAGE: Final = Path(__file__).resolve().parent.parent
MARK: Final = "collected-from"


def up_to_date(home: Home) -> bool:
    """Return whether the data folder's copy was made from the files that the code brings now."""
    mark = home.path / "static" / MARK
    return mark.exists() and mark.read_text("utf-8") == _fingerprint()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("*/static/**/*")):
        if path.is_file():
            state = path.stat()
            digest.update(f"{path.relative_to(PACKAGE)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def main() -> None:
    """Collect the files into the data folder and mark what they were made from."""
    os.environ["LINGQU_COLLECT"] = "1"
    import django
    from django.core.management import call_command

    django.setup()
    wanted = _fingerprint()
    call_command("collectstatic", interactive=False, verbosity=0)
    (current_home().path / "static" / MARK).write_text(wanted, "utf-8")


if __name__ == "__main__":
    main()
