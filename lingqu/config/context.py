"""What every page's shell shows: who is signed in, the menu, the regulation in force."""

from __future__ import annotations

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the shell's values."""
    return {"menu": [], "path": request.path}
