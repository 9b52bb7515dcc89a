"""Services, containers and the page about them name only what exists: options, variables, addresses, files."""

from __future__ import annotations

import configparser
import re
import shlex
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from lingqu.config import limits
from lingqu.operate.cli import main
from tests.house import source

UNIT, ENVIRONMENT, PROXY = (source.ROOT / "examples" / "systemd" / name for name in ("lingqu.service", "lingqu.env", "nginx.conf"))
CONTAINERFILE, COMPOSE = (source.ROOT / "examples" / "container" / name for name in ("Containerfile", "compose.yaml"))
PAGE = source.ROOT / "docs" / "start" / "hardening.md"
HARDENED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes", "UMask": "0077",
}  # fmt: skip
VARIABLE = re.compile(r"\b(?:LINGQU_[A-Z_]+|DATABASE_URL)\b")


class _Kept(configparser.RawConfigParser):
    optionxform = staticmethod(str)  # type: ignore[assignment]


@pytest.fixture
def unit() -> configparser.RawConfigParser:
    read = _Kept(strict=True)
    read.read_string(UNIT.read_text("utf-8"))
    return read


def known_variables() -> set[str]:
    """Return the variables that the code reads."""
    return {name for path in source.own(".py", under="lingqu/") for name in VARIABLE.findall(source.text(path))} | {"LINGQU_AUDIT"}


def check_command(words: list[str]) -> None:
    """Refuse a command or an option that the command line does not have."""
    command: Any = main
    while words and isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None
    options = {name for one in command.params for name in one.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_unit_runs_a_command_that_exists_as_a_user_without_rights(unit: configparser.RawConfigParser) -> None:
    service = dict(unit["Service"])
    program, *words = shlex.split(service["ExecStart"])
    assert program.endswith("/bin/lingqu")
    check_command(words)
    assert service["User"] not in ("root", "")
    assert {name: service[name] for name in HARDENED} == HARDENED
    assert service["ReadWritePaths"] in ENVIRONMENT.read_text("utf-8")
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_a_command_that_does_not_exist_would_be_found() -> None:
    with pytest.raises(AssertionError):
        check_command(["serve", "--no-such-option"])
    with pytest.raises(AssertionError):
        check_command(["no-such-command"])


@pytest.mark.parametrize("path", [ENVIRONMENT, CONTAINERFILE, COMPOSE, PAGE], ids=lambda path: path.name)
def test_every_variable_that_is_named_is_read(path: Any) -> None:
    named = set(VARIABLE.findall(path.read_text("utf-8")))
    assert named
    assert named <= known_variables()


def test_the_container_runs_a_command_that_exists_without_rights() -> None:
    text = CONTAINERFILE.read_text("utf-8")
    entry, command = (yaml.safe_load(re.findall(rf"^{word} (\[.*\])$", text, re.MULTILINE)[-1]) for word in ("ENTRYPOINT", "CMD"))
    assert entry == ["lingqu"]
    check_command(list(command))
    assert re.search(r"^USER \d+:\d+$", text, re.MULTILINE)
    assert "--require-hashes" in text
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((source.ROOT / name).exists() for name in copied.split())


def test_the_services_stand_beside_each_other_with_a_database_new_enough() -> None:
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    version = services["database"]["image"].rpartition(":")[2].split(".")
    assert (int(version[0]), int(version[1])) >= {"15": (15, 14), "16": (16, 10), "17": (17, 6)}.get(version[0], (18, 0))
    assert services["lingqu"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert (source.ROOT / services["lingqu"]["build"]["dockerfile"]).exists()
    assert (services["lingqu"]["cap_drop"], services["lingqu"]["read_only"]) == (["ALL"], True)
    assert all(port.startswith("127.0.0.1:") for port in services["lingqu"]["ports"])
    assert "ports" not in services["database"]


def test_the_proxy_lets_through_what_the_product_takes_and_passes_on_nobody_s_word() -> None:
    text = PROXY.read_text("utf-8")
    assert f"client_max_body_size        {limits.UPLOAD_BYTES // 1024 // 1024}m;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "$proxy_add_x_forwarded_for" not in text
    assert text.count("{") == text.count("}")


def test_the_page_leads_only_to_what_exists() -> None:
    text = PAGE.read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert len(links) > 5
    assert [link for link in links if not (PAGE.parent / link).resolve().exists()] == []


def test_every_command_of_the_page_exists() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    for name in set(re.findall(r"`lingqu (\w+)", PAGE.read_text("utf-8"))):
        assert f"\n  {name} " in told, name


def test_every_figure_of_the_page_exists() -> None:
    text = source.text(next(path for path in source.files() if path.name == "readiness.py" and "watch" in path.parts))
    for name in set(re.findall(r"lingqu_[a-z_]+", PAGE.read_text("utf-8"))) - {"lingqu_app"}:
        assert f'"{name}"' in text, name
