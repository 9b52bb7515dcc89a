#!/bin/sh
# Makes .venv with exactly the locked packages, and costs next to nothing when it stands already.
#
#   tools/environment.sh base    what the product needs to run
#   tools/environment.sh dev     that, and what the checks need
#
# A stamp inside .venv, written last, says what was installed from which lock and where the folder stood: without it the
# environment is half made, and is made anew. PYTHON names an interpreter other than the first fitting one on the path.
set -eu
cd "$(dirname "$0")/.."

wanted=${1:?base or dev}
state() { cksum "requirements/$1.txt" pyproject.toml tools/environment.sh && pwd; }
stands() { [ -x .venv/bin/python ] && [ "$(state "$wanted")" = "$(cat ".venv/installed-$wanted" 2>/dev/null)" ]; }

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (4, 0))' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if fits "$name"; then
            echo "$name"
            return
        fi
    done
    if [ -n "${PYTHON:-}" ]; then
        echo "PYTHON=$PYTHON does not start a Python 3.11 or newer." >&2
    else
        echo "Lingqu needs Python 3.11 or newer, and there is none on the path. Install it, or name it: make PYTHON=/path/to/python3" >&2
    fi
    return 1
}

make_venv() {
    python=$(find_python) || exit 1
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "$python cannot make a virtual environment: its module ensurepip is missing." >&2
        echo "On Debian and Ubuntu it comes with: apt-get install python$version-venv. Then run make again." >&2
        exit 1
    fi
    rm -rf .venv
    "$python" -m venv .venv
}

# One maker at a time: the link holds the maker's process number, so one that was killed leaves no lock behind.
lock() {
    until ln -s $$ .venv.lock 2>/dev/null; do
        if ! kill -0 "$(readlink .venv.lock)" 2>/dev/null; then
            rm -f .venv.lock
        else
            sleep 1
        fi
    done
    trap 'rm -f .venv.lock' EXIT
    trap 'exit 130' INT TERM
}

if stands; then
    exit 0
fi
lock
if stands; then
    exit 0
fi

# Scripts in .venv hold its path, so a folder that was moved counts as half made.
if [ -x .venv/bin/python ] && [ "$(cat .venv/made 2>/dev/null)" = "$(pwd)" ]; then
    echo "Bringing .venv up to date with the locked packages." >&2
else
    echo "Making .venv with the locked packages; this takes up to a minute." >&2
    make_venv
fi

rm -f .venv/made
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_PROGRESS_BAR=off PIP_ROOT_USER_ACTION=ignore
.venv/bin/python -m pip install -qq --require-hashes --only-binary :all: --requirement "requirements/$wanted.txt"
.venv/bin/python -m pip install -qq --no-deps --no-build-isolation --editable .
if [ "$wanted" = dev ]; then
    state dev >.venv/installed-dev
fi
state base >.venv/installed-base
pwd >.venv/made
