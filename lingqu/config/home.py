"""The data folder of an installation: the only place that knows where it is and what stands in it.

Environment: `LINGQU_HOME` (default `var/` in the current folder), `LINGQU_PORT` (default 8000), and `DATABASE_URL`, the URL of the
*owner* on a named PostgreSQL server; without it the embedded server of the data folder is used.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Role = Literal["owner", "app"]

DATABASE_NAME = "lingqu"
ROLE_NAMES: dict[Role, str] = {"owner": "lingqu_owner", "app": "lingqu_app"}
SECRET_NAMES = ("django_secret", "superuser_password", "owner_password", "app_password", "second_factor_key")


@dataclass(frozen=True)
class Home:
    """The data folder: secrets, the embedded server's files, logs, the state of running processes."""

    path: Path

    @property
    def database(self) -> Path:
        """Return the folder of the embedded server's data."""
        return self.path / "database"

    @property
    def logs(self) -> Path:
        """Return the folder of log files."""
        return self.path / "logs"

    @property
    def secrets_file(self) -> Path:
        """Return the file of random secrets, readable by its owner only."""
        return self.path / "secrets.json"

    @property
    def server_file(self) -> Path:
        """Return the file that says on which port the embedded server listens."""
        return self.path / "server.json"

    def secrets(self) -> dict[str, str]:
        """Return the installation's secrets, made at random with mode 0600 at the first call."""
        known: dict[str, str] = {}
        if self.secrets_file.exists():
            known = json.loads(self.secrets_file.read_text("utf-8"))
        missing = [name for name in SECRET_NAMES if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(36) for name in missing}
            self.path.mkdir(parents=True, exist_ok=True)
            fresh = self.secrets_file.with_suffix(f".{os.getpid()}")
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(known, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.secrets_file)
        return known

    def server_port(self) -> int | None:
        """Return the embedded server's port, or None before its first start."""
        if not self.server_file.exists():
            return None
        return int(json.loads(self.server_file.read_text("utf-8"))["port"])


def current_home() -> Home:
    """Return the data folder that this process uses."""
    return Home(Path(os.environ.get("LINGQU_HOME", "var")).resolve())


def web_port() -> int:
    """Return the port of the web server (`LINGQU_PORT`, 8000 when not set)."""
    return int(os.environ.get("LINGQU_PORT", "8000"))


def named_server() -> bool:
    """Return whether `DATABASE_URL` names a PostgreSQL server of the operator's own."""
    return bool(os.environ.get("DATABASE_URL"))


def connection(home: Home, role: Role, *, database: str | None = None) -> dict[str, str]:
    """Return libpq connection parameters of `role`: host, port, user, password, dbname.

    On a named server the owner is whoever `DATABASE_URL` names; the app role is made by `lingqu setup` with the password in the
    data folder. Raises ValueError when `DATABASE_URL` is not a PostgreSQL URL.
    """
    if named_server():
        return _named(home, role, database)
    password = home.secrets()[f"{role}_password"]
    return {
        "host": "127.0.0.1",
        "port": str(home.server_port() or 0),
        "user": ROLE_NAMES[role],
        "password": password,
        "dbname": database or DATABASE_NAME,
    }


def _named(home: Home, role: Role, database: str | None) -> dict[str, str]:
    url = urlsplit(os.environ["DATABASE_URL"])
    name = unquote(url.path.lstrip("/"))
    if url.scheme not in {"postgres", "postgresql"} or not name:
        message = "DATABASE_URL must look like postgresql://owner:password@host:5432/database"
        raise ValueError(message)
    options = {key: value for key, value in parse_qsl(url.query) if key != "dbname"}
    parts = {"host": url.hostname or options.pop("host", ""), "port": str(url.port or options.pop("port", 5432))}
    parts |= options | {"dbname": database or name}
    if role == "owner":
        parts |= {"user": unquote(url.username or ""), "password": unquote(url.password or "")}
    else:
        parts |= {"user": ROLE_NAMES["app"], "password": home.secrets()["app_password"]}
    return {key: value for key, value in parts.items() if value}
