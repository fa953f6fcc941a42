#!/bin/sh
# app-icons.sh  draws the icons of the installed portal from its mark, with Chromium.
#
# Run it after a change of mark.svg, and commit what it writes.
set -eu
cd -- "$(dirname -- "$0")/.."
from=portal/src/main/resources/portal/mark.svg
into=portal/src/main/resources/portal/app
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$into"
draw() { # file size share-of-the-square background
    {
        printf '<!doctype html><style>html,body{margin:0;width:100%%;height:100%%;background:%s}' "$4"
        printf 'svg{position:absolute;inset:0;margin:auto;width:%s;height:%s}</style>' "$3" "$3"
        cat "$from"
    } >"$work/icon.html"
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 --default-background-color=00000000 \
        --window-size="$2,$2" --screenshot="$work/icon.png" "file://$work/icon.html" >/dev/null 2>&1
    mv "$work/icon.png" "$into/$1"
}
draw icon-192.png 192 100% transparent
draw icon-512.png 512 100% transparent
draw icon-maskable-512.png 512 76% '#1f5f5b'
draw icon-apple-180.png 180 100% '#1f5f5b'
