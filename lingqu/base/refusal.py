"""The one way to say no to a person: nothing was written, and this is why and what to do."""

from __future__ import annotations

from lingqu.base.text import Text


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Raised by rules and actions; the whole action is rolled back. Page, API and Excel show it alike.

    `code` is stable and for machines; `text` says what, where and what to do; `clause` cites the regulation when a clause forbids it;
    `status` is the HTTP status; `field` names the input at fault.
    """

    def __init__(self, code: str, text: Text, *, clause: str = "", status: int = 409, field: str = "") -> None:
        """Make a refusal; see the class for the meaning of each part."""
        super().__init__(text.en)
        self.code = code
        self.text = text
        self.clause = clause
        self.status = status
        self.field = field


class TooMany(Refusal):
    """Asked too often: nothing was looked at, and `seconds` is after how long it may be asked again (status 429)."""

    def __init__(self, code: str, text: Text, *, seconds: int) -> None:
        """Make the refusal with its time."""
        super().__init__(code, text, status=429)
        self.seconds = max(1, seconds)


def bad_input(field: str, text: Text) -> Refusal:
    """Return the refusal of a value that cannot be understood (status 422)."""
    return Refusal("bad_input", text, status=422, field=field)


def not_found(text: Text | None = None) -> Refusal:
    """Return the refusal for what does not exist *or* is not the asker's to see: both look the same."""
    return Refusal(
        "not_found", text or Text("没有这项内容，或您无权查看。", "There is no such thing, or it is not yours to see."), status=404
    )


def forbidden(text: Text) -> Refusal:
    """Return the refusal of a verb that the asker's posts do not allow (status 403)."""
    return Refusal("forbidden", text, status=403)
