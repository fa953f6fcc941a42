#!/bin/sh
# stale.sh [--built | --unchanged]   removes compiled classes that no source stands behind any more. build/test.sh calls it before Maven.
#
# Maven compiles a module anew when one of its sources or a module below it changed. It does not see a deleted resource,
# another pom, another JDK, or what somebody compiled outside of this build. `--built` writes down in target/built what was
# compiled, after a build that went well; without that all is compiled anew. `--unchanged` says by its exit code whether
# nothing at all changed since then.
set -eu
cd -- "$(dirname -- "$0")/.."
built=target/built

# tools: what the same sources may compile to something else with
tools() { cat pom.xml ./*/pom.xml | cksum && echo "${JAVA_HOME:-}"; }
sources() { find ./*/src -type f | LC_ALL=C sort; }
forget() { rm -rf "$1"/target/classes "$1"/target/test-classes "$1"/target/generated-sources "$1"/target/maven-status; }
forget_all() {
    for pom in ./*/pom.xml; do forget "${pom%/pom.xml}"; done
}

if [ "${1:-}" = --built ]; then
    mkdir -p target
    { tools && sources; } >$built.new
    mv $built.new $built
    exit
fi

if [ "${1:-}" = --unchanged ]; then
    [ -f $built ] && { tools && sources; } | cmp -s - $built || exit 1
    for pom in ./*/pom.xml; do # somebody may have removed what was built
        module=${pom%/pom.xml}
        [ ! -d "$module/src/main/java" ] || [ -d "$module/target/classes" ] || exit 1
        [ ! -d "$module/src/test/java" ] || [ -d "$module/target/test-classes" ] || exit 1
    done
    [ -z "$(find ./pom.xml ./*/pom.xml ./*/src ./build ./*/target/classes ./*/target/test-classes -newer $built -type f -print 2>/dev/null | head -n 1)" ]
    exit
fi

if [ ! -f $built ] || [ "$(head -n 2 $built)" != "$(tools)" ] ||
    [ -n "$(find ./*/target/classes ./*/target/test-classes -newer $built -type f -print 2>/dev/null | head -n 1)" ]; then
    forget_all
else
    sources >$built.now
    tail -n +3 $built | LC_ALL=C comm -23 - $built.now | cut -d/ -f2 | sort -u | while read -r module; do forget "$module"; done
fi
# Until Maven is done, what it leaves is worth nothing.
rm -f $built $built.now
