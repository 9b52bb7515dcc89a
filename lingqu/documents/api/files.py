"""Files that come with what is sent: photos and scans, written in base64 inside the JSON."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.api.shapes import Said, Shape
from lingqu.documents.rules import NewFile

MOST_NAME: Final = 120
MOST_LETTERS: Final = 2_000_000


class FileIn(Shape):
    """A photo or scan (PDF, PNG, JPEG): its name, and its bytes in base64. All of a request is at most 2 MiB."""

    name: Annotated[Said, Field(max_length=MOST_NAME, examples=["box.jpg"])]
    content: Annotated[
        str,
        Field(min_length=4, max_length=MOST_LETTERS, pattern=r"^([A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2}([A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)$"),
    ]


def read_files(sent: Sequence[FileIn], *, field: str) -> tuple[NewFile, ...]:
    """Return the files that were sent; refuses (422) what is no base64. What they are is looked at by who keeps them."""
    return tuple(NewFile(one.name, _bytes(one.content, f"{field}.{place}.content")) for place, one in enumerate(sent))


def _bytes(content: str, field: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except NotBase64:
        raise bad_input(field, Text("不是 base64。", "This is no base64.")) from None
