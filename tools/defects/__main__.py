"""`python -m tools.defects`: plants known defects, one at a time, in copies of the code, and tells which of them no test finds (P34).

First the same tests run on the code as it is: only what is green there can turn red on a defect. Exit status 1 when a defect is not found,
or a test was red before. `python -m tools.defects WORDS ...` plants those whose description has one of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.defects.known import Defect, known_defects

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("lingqu", "tests", "docs", "tools", "examples", "conftest.py", "pyproject.toml", "requirements")
SIDE_BY_SIDE = 2
LONGEST = 1_800
"""Seconds in which tests must end."""
TESTS_FAILED = 1
NO_END = -1
"""What is none of pytest's statuses: tests that did not end are neither green nor red."""
TOLD = 3_000


def copy_tree(into: Path) -> None:
    """Copy what tests need, so that nothing of the real tree is ever changed."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, into / name)


def run(tests: Iterable[str], defect: Defect | None) -> tuple[int, str]:
    """Run tests on a copy of the code, with the defect if there is one; return pytest's exit status and what it said."""
    with tempfile.TemporaryDirectory(prefix="lingqu-defect-") as folder:
        tree = Path(folder)
        copy_tree(tree)
        if defect:
            path = tree / "lingqu" / defect.path
            path.write_text(defect.planted(path.read_text("utf-8")), "utf-8")
        wanted = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "not browser and not soak"]
        environment = os.environ | {
            "LINGQU_HOME": str(ROOT / "build" / "test-home"), "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        try:
            done = subprocess.run(
                [*wanted, *tests], cwd=tree, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return NO_END, f"no end within {LONGEST} s"
    return done.returncode, done.stdout + done.stderr


def find(defect: Defect) -> tuple[bool, str]:
    """Return whether a test turned red on the defect, and which, or what went wrong."""
    status, said = run(defect.tests, defect)
    red = [line for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    if status == TESTS_FAILED and red:
        return True, red[0].split(" ", 1)[1].split(" - ")[0]
    return False, "no test turned red" if status == 0 else "the tests did not run:\n" + said[-TOLD:]


def red_before(chosen: list[Defect]) -> str:
    """Return what the tests of the defects say on the code as it is, empty when all are green."""
    groups = sorted({test for defect in chosen for test in defect.tests})
    status, said = run(groups, None)
    return said[-TOLD:] if status else ""


def main(asked: list[str]) -> int:
    """Plant the defects and tell of each whether it was found; return 1 when one was not, or a test was red before."""
    chosen = [defect for defect in known_defects() if not asked or any(words in defect.words for words in asked)]
    if not chosen:
        print(f"No defect is described with: {', '.join(asked)}")
        return 1
    began, missed = time.monotonic(), []
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        before = pool.submit(red_before, chosen)
        for defect, (found, told) in zip(chosen, pool.map(find, chosen), strict=True):
            print(f"{'found ' if found else 'MISSED'}  {defect.words}: {told}", flush=True)
            if not found:
                missed.append(defect)
    if before.result():
        print(f"Before any defect was planted a test was red:\n{before.result()}")
    print(f"{len(chosen) - len(missed)} of {len(chosen)} defects were found, in {time.monotonic() - began:.0f} s.")
    return 1 if missed or before.result() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
