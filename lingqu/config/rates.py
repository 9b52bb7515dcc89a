"""How fast one may ask: buckets in the memory of each web process, so that no request costs a statement more.

A person is known by what they show, a session or a token, from their second request in a process on; two sessions of one person share a
bucket. Each of the web processes gives away its own part of the rate.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lingqu.base.refusal import Refusal
from lingqu.base.text import Language, Text, use_language
from lingqu.config.language import asked_language, chosen_language
from lingqu.config.limits import ADDRESS, PERSON, PROBE, PROCESSES, REMEMBERED, Rate
from lingqu.config.watch.metrics import count_refused
from lingqu.documents.api import problem
from lingqu.organisation.rules import network_of

INTERFACE = "/api/"
STATIC = "/static/"
ALIVE = "/health"
PROBED = ("/ready", "/metrics")
"""What machines ask that watch over this one: it has a rate of its own, so that no page takes it from them, nor they from a page."""

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A dictionary that forgets what was not asked for longest."""

    def __init__(self, most: int = REMEMBERED) -> None:
        """Begin with nothing."""
        self.most = most
        self.known: OrderedDict[str, Value] = OrderedDict()

    def get(self, key: str) -> Value | None:
        """Return what is known of a key, None for nothing."""
        found = self.known.get(key)
        if found is not None:
            with suppress(KeyError):  # another thread let it go meanwhile
                self.known.move_to_end(key)
        return found

    def put(self, key: str, value: Value) -> None:
        """Keep a value."""
        self.known.pop(key, None)
        self.known[key] = value
        while len(self.known) > self.most:
            self.known.popitem(last=False)


class Buckets:
    """Buckets that fill by the second up to a height; each request takes one out."""

    def __init__(self, rate: Rate, *, parts: int = PROCESSES, clock: Callable[[], float] = time.monotonic) -> None:
        """Take one of `parts` parts of a rate."""
        self.a_second, self.height, self.clock = rate.a_second / parts, rate.at_once / parts, clock
        self.left: Remembered[tuple[float, float]] = Remembered()
        self.lock = Lock()

    def take(self, key: str) -> float:
        """Take one out: return 0, or in how many seconds there is one again."""
        at = self.clock()
        with self.lock:
            left, then = self.left.get(key) or (self.height, at)
            left = min(self.height, left + (at - then) * self.a_second)
            if left >= 1:
                self.left.put(key, (left - 1, at))
                return 0.0
            self.left.put(key, (left, at))
        return (1 - left) / self.a_second


def shown_key(request: HttpRequest) -> str:
    """Return a short word for the session or token that a request shows; "" for none. What was shown cannot be read from it."""
    shown = request.META.get("HTTP_AUTHORIZATION", "") if request.path.startswith(INTERFACE) else ""
    shown = shown or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return blake2b(shown.encode("utf-8", "replace"), digest_size=12).hexdigest() if shown else ""


class RateMiddleware:
    """Answer 429, before anything is looked up, to a person or an address that asks too fast."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Begin with full buckets."""
        self.get_response = get_response
        self.people, self.addresses, self.probes = Buckets(PERSON), Buckets(ADDRESS), Buckets(PROBE)
        self.persons: Remembered[str] = Remembered()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through, and learn who showed what. Free is only what a browser loads by the dozen, and whether the process lives."""
        if not settings.RATES or request.path.startswith(STATIC) or request.path == ALIVE:
            return self.get_response(request)
        key = shown_key(request)
        person = self.persons.get(key) if key else None
        address = network_of(request.META.get("REMOTE_ADDR", ""))
        of_address = self.probes if request.path in PROBED else self.addresses
        for bucket, whose, name in ((self.people, person, "person"), (of_address, address, "address")):
            seconds = bucket.take(whose) if whose else 0.0
            if seconds:
                count_refused(name)
                return too_fast(request, max(1, math.ceil(seconds)))
        answer = self.get_response(request)
        who = getattr(request, "who", None)
        if key and not person and who is not None:
            self.persons.put(key, str(who.person))
        return answer


def too_fast(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429 with the time after which one may come again, as a page or as a problem."""
    if request.path.startswith(INTERFACE):
        use_language(asked_language(request.headers.get("Accept-Language", "")))
        text = Text(
            f"请求太频繁，未作任何更改，请在 {seconds} 秒后再试。",
            f"Too many requests; nothing was changed. Come again in {seconds} s.",
        )
        return problem(Refusal("too_fast", text, status=429), headers={"Retry-After": str(seconds)})
    language = chosen_language(request)
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(_page(language, seconds), status=429, headers=headers)


@lru_cache(maxsize=128)
def _page(language: Language, seconds: int) -> str:
    use_language(language)
    return render_to_string("429.html", {"seconds": seconds})
