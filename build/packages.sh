#!/bin/sh
# packages.sh DIST OUT   makes the Debian packages from a ready-made build (what ./lockbox builds, or LOCKBOX_DIST), in OUT.
#
# Environment: JAVA_HOME (a JDK 25; the runtime is linked from it), VERSION (Debian's, such as 0.1.0), SOURCE_DATE_EPOCH (the time of
# every file), MAN (a directory of man pages, may be missing), LEVEL (of compression, 12). The same input gives the same bytes.
#
#   openlockbox-runtime   Java, linked from the modules that the programs use       all others need it
#   openlockbox-cli       the command lockbox                                       openlockbox-verify   the offline verifier
#   openlockbox-node      the programs of a host: what server and gateway share
#   openlockbox-server, openlockbox-gateway   unit, user and directories of each
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")/packages
dist=$(readlink -f -- "$1")
mkdir -p "$2"
out=$(readlink -f -- "$2")
: "${JAVA_HOME:?set it to a JDK 25}" "${VERSION:?}" "${SOURCE_DATE_EPOCH:?}"
export SOURCE_DATE_EPOCH
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
LC_ALL=C TZ=UTC
export LC_ALL TZ
lib=usr/lib/openlockbox

# modules: what the jars name (jdeps), and what they reach by name only
modules=java.se,jdk.unsupported,jdk.httpserver,jdk.management,jdk.net,jdk.zipfs,jdk.crypto.ec,jdk.naming.dns,jdk.jfr,jdk.jcmd,jdk.localedata

# jars PROGRAM PACKAGE [BEFORE]  puts the jars of a class path into a package, but for those that the package BEFORE brings
jars() {
    mkdir -p "$work/$2/$lib/lib"
    tr ':' '\n' <"$dist/$1.cp" | while read -r jar; do
        name=${jar##*/}
        [ -z "${3:-}" ] || [ ! -f "$work/$3/$lib/lib/$name" ] || continue
        [ ! -e "$work/$2/$lib/lib/$name" ] || { echo "two jars are called $name" >&2; exit 1; }
        cp "$jar" "$work/$2/$lib/lib/$name"
    done
    tr ':' '\n' <"$dist/$1.cp" | sed "s|.*/|/$lib/lib/|" | paste -sd: - >"$work/$2/$lib/$1.cp"
}

# manual PACKAGE GLOB...  the man pages of a package
manual() {
    package=$1
    shift
    [ -n "${MAN:-}" ] || return 0
    mkdir -p "$work/$package/usr/share/man/man1"
    for page; do
        gzip -9n <"$MAN/$page" >"$work/$package/usr/share/man/man1/$page.gz"
    done
}

# part PART  unit, settings and scripts of the service PART
part() {
    at=$work/openlockbox-$1
    mkdir -p "$at/usr/lib/systemd/system" "$at/etc/default" "$at/DEBIAN"
    cp "$here/lockbox-$1.service" "$at/usr/lib/systemd/system/"
    sed "s/@PART@/$1/g" "$here/default" >"$at/etc/default/lockbox-$1"
    echo "/etc/default/lockbox-$1" >"$at/DEBIAN/conffiles"
    for script in postinst prerm postrm; do
        sed "s/@PART@/$1/g" "$here/$script" >"$at/DEBIAN/$script"
    done
}

# package NAME ARCHITECTURE DEPENDS SUMMARY TEXT [RECOMMENDS]  builds one
package() {
    at=$work/$1
    mkdir -p "$at/DEBIAN" "$at/usr/share/doc/$1"
    cp "$here/copyright" "$at/usr/share/doc/$1/"
    printf 'openlockbox (%s) unstable; urgency=medium\n\n  * %s\n\n -- OpenLockbox <security@openlockbox.example>  %s\n' "$VERSION" \
        "https://github.com/openlockbox/openlockbox/blob/main/CHANGELOG.md says what is new." "$(date -R -d "@$SOURCE_DATE_EPOCH")" |
        gzip -9n >"$at/usr/share/doc/$1/changelog.Debian.gz"
    find "$at" -type d -exec chmod 755 {} +
    find "$at" -type f -exec chmod 644 {} +
    for executable in "$at"/usr/bin/* "$at/$lib/grammar" "$at/$lib"/java/bin/* "$at/$lib"/java/lib/jexec "$at/$lib"/java/lib/jspawnhelper \
        "$at"/DEBIAN/p*[mt]; do
        [ ! -f "$executable" ] || chmod 755 "$executable"
    done
    {
        printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: OpenLockbox <security@openlockbox.example>\n' "$1" "$VERSION" "$2"
        printf 'Installed-Size: %s\nDepends: %s\nSection: admin\nPriority: optional\n' "$(du -sk --apparent-size --exclude=DEBIAN "$at" | cut -f1)" "$3"
        [ -z "${6:-}" ] || printf 'Recommends: %s\n' "$6"
        printf 'Homepage: https://github.com/openlockbox/openlockbox\nDescription: %s\n' "$4"
        printf '%s\n' "$5" | sed 's/^/ /'
    } >"$at/DEBIAN/control"
    (cd "$at" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | tr '\n' '\0' | xargs -0 md5sum >DEBIAN/md5sums)
    find "$at" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group -Zzstd -z"${LEVEL:-12}" --threads-max=1 --build "$at" "$out/$1_${VERSION}_$2.deb" >/dev/null
}

mkdir -p "$work/openlockbox-runtime/$lib"
"$JAVA_HOME/bin/jlink" --add-modules $modules --include-locales=en,de --no-header-files --no-man-pages --generate-cds-archive \
    --output "$work/openlockbox-runtime/$lib/java" >/dev/null

jars cli openlockbox-cli
mkdir -p "$work/openlockbox-cli/usr/bin" "$work/openlockbox-cli/DEBIAN"
cp "$here/lockbox" "$work/openlockbox-cli/usr/bin/"
mkdir -p "$work/openlockbox-cli/$lib"
cp "$here/collector.sh" "$work/openlockbox-cli/$lib/"
cp "$here/cli.postinst" "$work/openlockbox-cli/DEBIAN/postinst"
cp "$here/cli.prerm" "$work/openlockbox-cli/DEBIAN/prerm"

jars node openlockbox-node openlockbox-cli
[ ! -x "$dist/grammar" ] || cp "$dist/grammar" "$work/openlockbox-node/$lib/"
mkdir -p "$work/openlockbox-node/usr/share/doc/openlockbox-node/examples"
cp "$here/shop.sql" "$work/openlockbox-node/usr/share/doc/openlockbox-node/examples/"

mkdir -p "$work/openlockbox-verify/$lib" "$work/openlockbox-verify/usr/bin"
cp "$dist/lockbox-verify.jar" "$work/openlockbox-verify/$lib/"
cp "$here/lockbox-verify" "$work/openlockbox-verify/usr/bin/"

if [ -n "${MAN:-}" ]; then
    node_pages=$(cd "$MAN" && ls lockbox-init* lockbox-doctor* lockbox-up* lockbox-ready* lockbox-reload* lockbox-drain* lockbox-resource* lockbox-token* lockbox-person* \
        lockbox-backup* lockbox-restore* lockbox-remember* lockbox-recover* lockbox-rewrap* lockbox-log-keys*)
    # shellcheck disable=SC2086  # names are words
    manual openlockbox-node $node_pages
    # shellcheck disable=SC2046
    manual openlockbox-cli $(cd "$MAN" && ls lockbox*.1 | grep -v -e '^lockbox-verify-bundle' | grep -vxF "$node_pages")
fi
part server
part gateway

same="(= $VERSION)"
package openlockbox-runtime "$architecture" "libc6 (>= 2.34), zlib1g" "Java runtime of OpenLockbox" \
    "The modules of Java 25 that OpenLockbox uses, for its programs alone."
package openlockbox-cli all "openlockbox-runtime $same" "command line client of OpenLockbox" \
    "lockbox asks for access, signs decisions, connects, and verifies evidence." postgresql-client
package openlockbox-verify all "openlockbox-runtime $same" "offline verifier of OpenLockbox" \
    "lockbox-verify checks an evidence bundle against the customer's own pin.
It needs no network and nobody's word."
package openlockbox-node "$architecture" "openlockbox-runtime $same, openlockbox-cli $same, libc6 (>= 2.34)" \
    "programs of an OpenLockbox host" "What the server and the gateway of OpenLockbox share, with lockbox init and
lockbox doctor. It starts nothing by itself." postgresql-client
package openlockbox-server all "openlockbox-node $same, adduser, init-system-helpers" "OpenLockbox server (control plane)" \
    "Keeps requests, decisions and each customer's log. It has no way into the
protected data. lockbox init configures it."
package openlockbox-gateway all "openlockbox-node $same, adduser, init-system-helpers" "OpenLockbox gateway" \
    "Stands in front of protected databases. It lets an engineer in only after the
customer has signed for it, and records each statement before its result."
