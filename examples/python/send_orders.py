"""Send the orders of a CSV file (key, product, copies; several rows with one key are one order) and say what became of each.

    LINGQU_URL=https://lingqu.example.com LINGQU_TOKEN=lq_… python send_orders.py orders.csv

Sent again, the same file changes nothing: each order keeps its key.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

from lingqu_client import Client


def read_orders(text: str) -> list[dict[str, object]]:
    """Return the orders that a CSV text holds, in the order in which their keys first stand."""
    lines: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        lines.setdefault(row["key"], []).append({"product": row["product"], "copies": row["copies"]})
    return [{"key": key, "lines": rows} for key, rows in lines.items()]


def main(path: str) -> int:
    """Send the file; return 1 when an order was refused."""
    text = Path(path).read_text("utf-8-sig")
    client = Client(os.environ["LINGQU_URL"], token=os.environ["LINGQU_TOKEN"])
    done = client.submit_many(read_orders(text), key=sha256(text.encode()).hexdigest()[:32])
    for one in done:
        told = one["problem"]["detail"] if one["problem"] else one["state"]
        print(one["key"], one["number"] or "-", told)
    print(dict(Counter("refused" if one["problem"] else one["state"] for one in done)), file=sys.stderr)
    return int(any(one["problem"] for one in done))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
