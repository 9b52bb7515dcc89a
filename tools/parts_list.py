"""`python -m tools.parts_list`: write build/sbom.json (CycloneDX 1.6), all that Lingqu is made of, from the locks and without a network.

The same locks give the same bytes: there is no clock and nothing random in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from tools.locks import LOCKS, ROOT, Locked, lock_file, read_lock

WRITTEN: Final = ROOT / "build" / "sbom.json"
VENDORED: Final = ROOT / "docs" / "vendored.md"
VENDOR_FOLDER: Final = ROOT / "lingqu" / "documents" / "static" / "vendor"
_ROW: Final = re.compile(r"\| (?P<name>@?[\w./-]+) \| (?P<version>[\d.]+) \| (?P<licence>[\w.-]+) \| `(?P<file>[^`]+)` \|")


def parts_list(locks: dict[str, list[Locked]], vendored: str) -> dict[str, Any]:
    """Return the list of parts: packages of the locks (those for the checks only are optional) and released files of others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {(one.name, one.version) for one in locks["base"]}
    every = {(one.name, one.version): one for lock in LOCKS for one in locks[lock]}
    components = [_package(one, needed=key in needed) for key, one in sorted(every.items())]
    components += [_released(row) for row in _ROW.finditer(vendored)]
    me = {
        "type": "application", "bom-ref": "lingqu", "name": project["name"], "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }  # fmt: skip
    body: dict[str, Any] = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": me}, "components": components,
        "dependencies": [{"ref": "lingqu", "dependsOn": [one["bom-ref"] for one in components]}],
    }  # fmt: skip
    number = uuid5(NAMESPACE_URL, hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest())
    return body | {"serialNumber": f"urn:uuid:{number}"}


def _package(one: Locked, *, needed: bool) -> dict[str, Any]:
    place = f"pkg:pypi/{re.sub(r'[-_.]+', '-', one.name).lower()}@{one.version}"
    made: dict[str, Any] = {
        "type": "library", "bom-ref": place, "name": one.name, "version": one.version, "purl": place,
        "scope": "required" if needed else "optional",
        # Each file of the release has a hash of its own, and pip takes none but these.
        "externalReferences": [
            {
                "type": "distribution", "url": place,
                "hashes": [{"alg": "SHA-256", "content": found} for found in sorted(one.hashes)],
            }
        ],
    }  # fmt: skip
    if one.where:
        made["properties"] = [{"name": "lingqu:where", "value": one.where}]
    return made


def _released(row: re.Match[str]) -> dict[str, Any]:
    place = f"pkg:npm/{row['name'].replace('@', '%40')}@{row['version']}"
    digest = hashlib.sha256((VENDOR_FOLDER / row["file"]).read_bytes()).hexdigest()
    return {
        "type": "library", "bom-ref": place, "name": row["name"], "version": row["version"], "purl": place, "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": digest}], "licenses": [{"license": {"id": row["licence"]}}],
    }  # fmt: skip


def write(path: Path = WRITTEN, locks: Iterable[str] = LOCKS) -> Path:
    """Write the list; return where it stands."""
    read = {lock: read_lock(lock_file(lock).read_text("utf-8")) for lock in locks}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(parts_list(read, VENDORED.read_text("utf-8")), indent=1) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write()}\n")
