"""Confirm what a CSV file says was counted (delivery, line, good, damaged) and say what became of each delivery.

    LINGQU_URL=https://lingqu.example.com LINGQU_TOKEN=lq_… python receive_deliveries.py counted.csv

Lines that the file does not name arrived as sent. Sent again, the same file changes nothing.
"""

from __future__ import annotations

import csv
import os
import sys
from hashlib import sha256
from pathlib import Path

from lingqu_client import Client, Problem


def read_counts(text: str) -> dict[str, list[dict[str, object]]]:
    """Return the counted lines by delivery, in the order in which they first stand; a row without a line confirms all as sent."""
    found: dict[str, list[dict[str, object]]] = {}
    for row in csv.DictReader(text.splitlines()):
        lines = found.setdefault(row["delivery"], [])
        if row["line"]:
            lines.append({"line": int(row["line"]), "good": row["good"], "damaged": row["damaged"] or "0"})
    return found


def main(path: str) -> int:
    """Send the file; return 1 when a delivery was refused."""
    text = Path(path).read_text("utf-8-sig")
    key = sha256(text.encode()).hexdigest()[:32]
    client = Client(os.environ["LINGQU_URL"], token=os.environ["LINGQU_TOKEN"])
    refused = False
    for number, lines in read_counts(text).items():
        try:
            told = client.post(f"deliveries/{number}/receive", {"lines": lines}, key=f"{key}-{number}")
        except Problem as problem:
            refused = True
            print(number, "-", problem.detail)
            continue
        print(number, told["state"], *told["differences"])
    return int(refused)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
