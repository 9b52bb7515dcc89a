"""Read every hostile file of a folder once, in a process of its own, and tell what was answered and what time and memory it cost."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from lingqu.base.refusal import Refusal
from lingqu.base.sheets import read_table

KIB = 1024


def own_kib(what: str) -> int:
    """Return the memory of this process: VmRSS now, VmHWM at most so far."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(what))


def main() -> None:
    """Print a line of JSON for each file. `child_mb` is the largest child so far, so it only grows; `highest_kib` is our own peak."""
    folder = Path(sys.argv[1])
    for number, (what, name) in enumerate(json.loads((folder / "list.json").read_text("utf-8"))):
        content = (folder / str(number)).read_bytes()
        begun = time.monotonic()
        try:
            sheets = read_table(name, content, most_rows=50_000, most_columns=200)
            answer, status, words = "read", 200, str(sum(len(sheet.rows) for sheet in sheets))
        except Refusal as refusal:
            answer, status, words = refusal.code, refusal.status, refusal.text.zh
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // KIB
        told = {
            "what": what, "answer": answer, "status": status, "words": words, "seconds": round(time.monotonic() - begun, 2),
            "child_mb": child, "size_kib": len(content) // KIB, "highest_kib": own_kib("VmHWM"),
        }  # fmt: skip
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
