"""Spell lines of Chinese in a process of its own: the tables take 60 MB, and who answers pages must not keep them. Run by `names.py`."""

from __future__ import annotations

import sys

from lingqu.base.child import limit_self

MEGABYTES, SECONDS = 512, 10

if __name__ == "__main__":
    limit_self(megabytes=MEGABYTES, seconds=SECONDS)
    from lingqu.base.names import pinyin_key

    lines = sys.stdin.buffer.read().decode().split("\n")
    sys.stdout.buffer.write("\n".join(pinyin_key(line) for line in lines).encode())
