"""Who is at the other end: what a proxy tells of it is believed only when the proxy is listed (`LINGQU_PROXIES`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network
TELLING: Final = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_FORWARDED",
    "HTTP_X_REAL_IP", "HTTP_X_REQUEST_ID",
)  # fmt: skip
"""Headers that only a proxy may send."""

MOST_HOPS: Final = 20


def networks(listed: str) -> tuple[Network, ...]:
    """Return the networks of a list with commas, such as `10.0.0.0/8,192.168.1.7`; raises ValueError for what is none."""
    return tuple(ip_network(part.strip(), strict=False) for part in listed.split(",") if part.strip())


def _address(word: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(word.strip().strip("[]"))
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def is_listed(word: str, proxies: Sequence[Network]) -> bool:
    """Return whether an address belongs to a listed proxy."""
    found = _address(word)
    return found is not None and any(found in network for network in proxies)


def client_address(remote: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """Return the address of whoever asks: from behind, the first that is no listed proxy. What cannot be read ends the search."""
    if not is_listed(remote, proxies):
        return remote
    known = remote
    for word in reversed(forwarded.split(",")[-MOST_HOPS:]):
        found = _address(word)
        if found is None:
            break
        known = str(found)
        if not is_listed(known, proxies):
            break
    return known


def is_near(request: HttpRequest) -> bool:
    """Return whether this machine itself asks, with no proxy between that says so."""
    found = _address(request.META.get("REMOTE_ADDR", ""))
    return found is not None and found.is_loopback and not request.META.get("lingqu.forwarded")


class ProxyMiddleware:
    """Put the true address and scheme where everybody looks for them, and take away what a stranger says of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read and clear the headers of proxies."""
        told = {name: str(request.META.pop(name)) for name in TELLING if name in request.META}
        if told:
            request.META["lingqu.forwarded"] = True
            remote = request.META.get("REMOTE_ADDR", "")
            if is_listed(remote, settings.PROXIES):
                request.META["REMOTE_ADDR"] = client_address(remote, told.get("HTTP_X_FORWARDED_FOR", ""), settings.PROXIES)
                if told.get("HTTP_X_FORWARDED_PROTO", "").strip().lower() == "https":
                    request.META["wsgi.url_scheme"] = "https"
                request.META["lingqu.request_id"] = told.get("HTTP_X_REQUEST_ID", "")
        return self.get_response(request)
