"""Ports of this machine, and the one that the embedded server remembers."""

from __future__ import annotations

import json
import os
import socket

from lingqu.config.home import Home


def obstacle(host: str, port: int) -> OSError | None:
    """Return what keeps a server from listening on host and port now, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: connections of a server that has ended, still fading away, take no port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def is_free(port: int) -> bool:
    """Return whether a server could listen on this port of 127.0.0.1 now."""
    return obstacle("127.0.0.1", port) is None


def choose_free() -> int:
    """Return a port of 127.0.0.1 that is free at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def remember(home: Home, port: int) -> None:
    """Write the embedded server's port into the data folder, whole or not at all."""
    if home.server_port() == port:
        return
    fresh = home.server_file.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"port": port}), "utf-8")
    fresh.replace(home.server_file)
