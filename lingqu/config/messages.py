"""Where the messages for the next page are kept."""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse

MOST_MESSAGES = 3


class FewMessages(CookieStorage):
    """The last three messages, in a signed cookie: in the session each would cost a second commit, and unread ones would pile up."""

    worst = 0
    """The highest level of what was said in this request."""

    def add(self, level: int, message: str, extra_tags: str | None = "") -> None:
        """Keep a message for the next page."""
        self.worst = max(self.worst, level)
        super().add(level, message, extra_tags)

    def _store(self, messages: list[Message], response: HttpResponse, *args: Any, **kwargs: Any) -> list[Message]:  # noqa: ANN401 - Django's signature
        return super()._store(messages[-MOST_MESSAGES:], response, *args, **kwargs)  # type: ignore[misc, no-any-return]
