#!/bin/sh
# release-twice.sh [COMMIT [DIRECTORY]]   makes the release of a commit twice, in two clones at different paths, and compares all files.
#                                         Both releases stay in DIRECTORY, if one is named.
# release-twice.sh --compare A B          compares two releases that are there.
#
# Prints a table: each file with its size and its SHA-256, or what differs inside it. Exit 0: every file has the same bytes; 1: not.
# It needs what build/release.sh needs, and unzip. LOCKBOX_MAVEN_OPTS goes to Maven. It takes as long as two builds.
# With LOCKBOX_UNJUDGED=1 both are compiled without Error Prone, which judges and writes no byte, in a third of the time.
set -eu
cd -- "$(dirname -- "$0")/.."
home=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '%s\n' "release-twice: $*" >&2; }

# unpack FILE INTO  what is inside, for naming what differs
unpack() {
    mkdir -p "$2"
    case $1 in
    *.deb) dpkg-deb --raw-extract "$1" "$2" ;;
    *.tar) tar -xf "$1" -C "$2" ;;
    *.jar) unzip -q -o "$1" -d "$2" ;;
    *) cp "$1" "$2" ;;
    esac
}

# differences A B NAME  one line for each file inside that differs
differences() {
    rm -rf "$work/a" "$work/b"
    unpack "$1/$3" "$work/a"
    unpack "$2/$3" "$work/b"
    diff -rq "$work/a" "$work/b" | sed "s|$work/a|first|g; s|$work/b|second|g" || :
}

compare() {
    same=yes
    printf '| file | bytes | SHA-256 |\n|---|---|---|\n'
    for name in $(ls "$1" "$2" | grep -v -e ':$' -e '^$' | LC_ALL=C sort -u); do
        case $name in *.sig) continue ;; esac
        if cmp -s "$1/$name" "$2/$name"; then
            printf '| `%s` | %s | `%s` |\n' "$name" "$(stat -c %s "$1/$name")" "$(sha256sum "$1/$name" | cut -d' ' -f1)"
        else
            same=no
            printf '| `%s` | | **differs** |\n' "$name"
            [ ! -e "$1/$name" ] || [ ! -e "$2/$name" ] || differences "$1" "$2" "$name" >&2
        fi
    done
    [ $same = yes ]
}

if [ "${1:-}" = --compare ]; then
    compare "$2" "$3"
    exit
fi
commit=$(git rev-parse --verify "${1:-HEAD}^{commit}")
mkdir -p "${2:-$work/releases}"
out=$(readlink -f -- "${2:-$work/releases}")
for clone in one another-one; do
    begin=$(date +%s)
    git clone -q --no-checkout "$home" "$work/$clone"
    git -C "$work/$clone" checkout -q --detach "$commit"
    if [ -n "${LOCKBOX_UNJUDGED:-}" ]; then
        sed -i -e '/<arg>-Werror<\/arg>/d' -e '/<arg>-Xplugin:ErrorProne /d' "$work/$clone/pom.xml"
        export LOCKBOX_RELEASE_ANYWAY=1
    fi
    # Nothing that is set here reaches one of them alone; what is not signed does not differ by its signature.
    (cd "$work/$clone" && unset LOCKBOX_STATE LOCKBOX_DIST LOCKBOX_RELEASE_KEY && ./lockbox release "$out/$clone" >&2)
    rm -rf "${work:?}/$clone"
    say "$clone took $(($(date +%s) - begin)) s"
done
compare "$out/one" "$out/another-one"
