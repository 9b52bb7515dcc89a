#!/bin/sh
# Finds a Chromium for the browser tests, installs Debian's where that is possible, and prints its path; fails where it cannot.
# LINGQU_CHROMIUM names another one.
set -eu

find_browser() {
    if [ -n "${LINGQU_CHROMIUM:-}" ]; then
        command -v "$LINGQU_CHROMIUM"
        return
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        if command -v "$name"; then
            return
        fi
    done
    return 1
}

# Without a Chinese font the pictures would show boxes, and widths would be measured on boxes.
has_chinese_font() { ! command -v fc-list >/dev/null 2>&1 || [ -n "$(fc-list :lang=zh-cn family)" ]; }
complete() { find_browser >/dev/null && has_chinese_font; }

if ! complete && [ -z "${LINGQU_CHROMIUM:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium and a Chinese font." >&2
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get update --quiet --quiet
        apt-get install --yes --quiet --quiet --no-install-recommends chromium fonts-noto-cjk
    } >&2
fi

if ! find_browser; then
    echo "The browser tests need Chromium, and there is none. Install it (Debian: apt-get install chromium fonts-noto-cjk)," >&2
    echo "or name one: make browser LINGQU_CHROMIUM=/path/to/chromium" >&2
    exit 1
fi
if ! has_chinese_font; then
    echo "The browser tests need a Chinese font, and there is none (Debian: apt-get install fonts-noto-cjk)." >&2
    exit 1
fi
