#!/bin/sh
# icons.sh  writes the portal's sprite and its licence from npm's lucide-static (ISC).
#
# Run it after a change of the list below, and commit what it writes. Pages name an icon with the template ui/icon.jte.
set -eu
cd -- "$(dirname -- "$0")/.."
version=1.62.0
icons="arrow-down arrow-up badge-check ban bell bot building-2 chart-column check chevron-right circle-check circle-question-mark
circle-stop circle-x clock copy database download eye eye-off file-text fingerprint globe hash history hourglass inbox info key-round
keyboard languages laptop list-checks lock log-out mail menu message-circle monitor moon pencil-line plus printer quote scroll-text search send
server settings shield-check smartphone table-properties terminal timer triangle-alert undo-2 user users venetian-mask waypoints x"
into=portal/src/main/resources/portal
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "lucide-static@$version" >/dev/null && tar xzf lucide-static-*.tgz)
{
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    echo "<!-- Lucide $version, ISC licence: icons-LICENSE.txt. Written by build/icons.sh. -->"
    for icon in $icons; do
        printf '<symbol id="%s" viewBox="0 0 24 24">' "$icon"
        sed -n '/^>$/,/^<\/svg>/p' "$work/package/icons/$icon.svg" | sed '1d;$d;s/^ *//;s/ \/>/\/>/' | tr -d '\n'
        echo '</symbol>'
    done
    echo '</svg>'
} >"$into/icons.svg"
cp "$work/package/LICENSE" "$into/icons-LICENSE.txt"
