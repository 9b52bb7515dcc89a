"""Write the description of the interface to docs/api/openapi.json: after a change, look at the difference and commit it."""

from __future__ import annotations

import json
import os
from pathlib import Path

KEPT = Path("docs/api/openapi.json")


def main() -> None:
    """Write the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingqu.config.settings")
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from lingqu.config.api import api  # noqa: PLC0415 - after Django is ready

    KEPT.write_text(json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(KEPT)


if __name__ == "__main__":
    main()
