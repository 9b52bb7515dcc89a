"""The WSGI entry of the web server."""

from __future__ import annotations

import codecs
import json
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from lingqu.config.database import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingqu.config.settings")
_django = get_wsgi_application()
import_module("lingqu.config.starting").refuse_unsafe()
# Pages can be imported once the apps are loaded, not before.
import_module("lingqu.config.declarations").check_declarations()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request; one that says it is written in anything but UTF-8 gets no further (415).

    Django would hand it to whatever codec the sender names, `hex` and `unicode_escape` included, before any middleware.
    """
    if _is_readable(environ.get("CONTENT_TYPE", "")):
        with patience():
            return _django(environ, start_response)
    told = "网页内容须用 UTF-8 编码发送，未作任何更改。 What is sent must be written in UTF-8; nothing was changed."
    kind, body = "text/plain; charset=utf-8", f"{told}\n".encode()
    if environ.get("PATH_INFO", "").startswith("/api/"):
        problem = {
            "type": "urn:lingqu:problem:media_type",
            "title": "Wrong media type",
            "status": 415,
            "detail": told,
            "code": "media_type",
        }
        kind, body = "application/problem+json", json.dumps(problem, ensure_ascii=False).encode()
    start_response("415 Unsupported Media Type", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def _is_readable(content_type: str) -> bool:
    try:
        charset = parse_header_parameters(content_type)[1].get("charset")
        return charset is None or codecs.lookup(charset).name == "utf-8"
    except LookupError:
        return True  # Django reads a charset that nobody knows as UTF-8
    except ValueError:
        return False
