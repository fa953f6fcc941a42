#!/bin/sh
# older.sh JAVA_HOME OUT   builds, in OUT, the oldest commit of this clone whose program can run beside today's one: its migrations are
# today's first ones, unchanged, up to number 6 at least, and others have followed. Prints its directory, or `none` where there is no
# such commit.
#
# Tests run that program beside today's one (NeighboursTest). What it makes has the shape that `lockbox` reads (LOCKBOX_DIST), and
# `bin/lockbox` in it is that commit's own launcher. A build that is there already is kept. It needs git with the clone's history,
# Maven, and that commit's libraries, which Maven fetches. Exit 10: one of these is missing, and named.
set -eu
cd -- "$(dirname -- "$0")/.."
JAVA_HOME=$1
export JAVA_HOME
mkdir -p "$2"
out=$(readlink -f -- "$2")
missing() { echo "older.sh: $*" >&2; exit 10; }

command -v mvn >/dev/null 2>&1 || missing "Maven is needed; install the package maven"
tables=server/src/main/resources/db/migration
git rev-parse -q --verify HEAD >/dev/null 2>&1 && [ "$(git rev-parse --is-shallow-repository)" = false ] ||
    missing "git and the whole history of this clone are needed"

# of COMMIT   its migrations with their contents, in the order of their numbers
of() { git ls-tree "$1" "$tables/" | sed -n "s|.* \([0-9a-f]*\)\t$tables/V\([0-9]*\)__.*|\2 \1|p" | sort -n; }

today=$(of HEAD)
commit=
number=7
while [ -z "$commit" ] && printf '%s\n' "$today" | grep -q "^$number "; do
    for added in $(git log --diff-filter=A --format=%H -- "$tables/V${number}__*.sql"); do
        [ "$(of "$added^" 2>/dev/null)" = "$(printf '%s\n' "$today" | head -n $((number - 1)))" ] && commit=$(git rev-parse "$added^")
    done
    number=$((number + 1))
done
[ -n "$commit" ] || { echo none; exit 0; }

dist=$out/$commit
if [ ! -f "$dist/java" ]; then
    rm -rf "$dist" "$out/source"
    mkdir -p "$out/source" "$dist/lib" "$dist/bin"
    git archive "$commit" | tar -x -C "$out/source"
    # It is compiled and not judged: that commit's own build did that.
    sed -i -e '/<arg>-Werror<\/arg>/d' -e '/<arg>-Xplugin:ErrorProne /d' "$out/source/pom.xml"
    # shellcheck disable=SC2086  # options are words
    (cd "$out/source" && MAVEN_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-}" \
        mvn -B -q ${LOCKBOX_MAVEN_OPTS:-} -pl cli,node -am -Dmaven.test.skip=true -Dcheckstyle.skip -Dspotless.check.skip package </dev/null >&2)
    for program in cli node; do
        cp "$out/source/$program/target/lockbox-$program-"*.jar "$out/source/$program/target/lib/"*.jar "$dist/lib/"
        for jar in "$out/source/$program/target/lockbox-$program-"*.jar "$out/source/$program/target/lib/"*.jar; do
            printf '%s\n' "$dist/lib/${jar##*/}"
        done | paste -sd: - >"$dist/$program.cp"
    done
    "$out/source/build/grammar.sh" "$dist/grammar" >&2
    cp "$out/source/lockbox" "$dist/bin/lockbox"
    rm -rf "$out/source"
    printf '%s\n' "$JAVA_HOME" >"$dist/java"
fi
printf '%s\n' "$dist"
