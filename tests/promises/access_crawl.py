"""Following links as a person does, and looking for what is not theirs."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from lingqu.documents import printing
from tests.promises.access_matrix import Cell, Seat, foreign, taken_back
from tests.promises.access_things import Thing

LINK = re.compile(r"""(?:href|hx-get|data-href|src)="([^"]+)\"""")
WORDS = ("QZ", "公司", "JH-2026", "SK-2026", "图集")
"""What is searched for: the beginning of every mark, what all names hold, numbers of papers."""

MOST_OF_ROUTE = 8
SKIPPED = ("/static/", "/accounts/logout")


@dataclass
class Crawl:
    """What was found on the way."""

    pages: int = 0
    wrong: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


def crawl(seat: Seat, who: str, starts: tuple[str, ...] = ("/",), *, most: int = 150, fragment: bool = False) -> Crawl:
    """Follow the links of every page from the starts, at most `most` pages, at most eight of each kind of page."""
    found, waiting, known, routes = Crawl(), deque(starts), set(starts), Counter[str]()
    came: dict[str, str] = {}
    while waiting and found.pages < most:
        address = waiting.popleft()
        try:
            match = resolve(urlsplit(address).path)
        except Resolver404:
            found.wrong.append(f"{who}: {address} leads nowhere")
            continue
        routes[match.view_name] += 1
        if routes[match.view_name] > MOST_OF_ROUTE:
            continue
        found.pages += 1
        answer = look(seat, who, address, fragment=fragment)
        found.kinds[answer.headers.get("Content-Type", "").partition(";")[0]] += 1
        cell = Cell(match.view_name, "GET", fragment, who, Thing(address, {}))
        found.wrong += [f"{what} ({address})" for what in foreign(seat, cell, answer)]
        if answer.status_code >= 400:
            found.dead.append(f"{who}: {address} answers {answer.status_code}, linked from {came.get(address)}")
        for link in links_of(answer, address):
            if link not in known:
                known.add(link)
                came[link] = address
                waiting.append(link)
    return found


def look(seat: Seat, who: str, address: str, *, fragment: bool = False) -> Any:
    """Ask for an address; what the looking wrote is taken back."""
    with taken_back():
        return seat.browsers[who].get(address, headers={"HX-Request": "true"} if fragment else {})


def links_of(answer: Any, address: str) -> list[str]:
    """Return the addresses of ours that a page leads to."""
    if answer.status_code in (301, 302):
        targets = [answer.headers["Location"]]
    elif "html" in answer.headers.get("Content-Type", ""):
        targets = [target.replace("&amp;", "&") for target in LINK.findall(answer.content.decode())]
    else:
        return []
    joined = (urldefrag(urljoin(address, target))[0] for target in targets if not target.startswith(("http", "mailto:", "tel:", "data:")))
    return [one for one in joined if one.startswith("/") and not one.startswith(SKIPPED)]


def readable_papers(patch: pytest.MonkeyPatch) -> None:
    """Let printed papers be their content instead of its picture, so that their words can be read."""
    real = printing.print_pdf

    def as_words(template: str, content: Any, *, at: datetime, **more: Any) -> bytes:
        return f"%PDF {json.dumps(content, ensure_ascii=False, default=str)}".encode()

    for module in list(sys.modules.values()):
        if getattr(module, "print_pdf", None) is real:
            patch.setattr(module, "print_pdf", as_words)
