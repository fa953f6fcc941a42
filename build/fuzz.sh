#!/bin/sh
# fuzz.sh session|decoder [SECONDS]   Jazzer looks for bytes that break a session or a decoder, guided by what they make
# the code do; it begins with the talks in gateway-postgres/src/test/resources/fuzz. 600 seconds are usual. Jazzer comes from Maven
# Central and is no part of the build. What breaks something is left in gateway-postgres/target/fuzz: put it beside the other talks
# (KeptTalksTest) once it is mended.
set -eu
cd -- "$(dirname -- "$0")/.."
what=$1 seconds=${2:-600}
case "$what" in
session) target=org.openlockbox.postgres.relay.SessionFuzz ;;
decoder) target=org.openlockbox.postgres.login.DecoderFuzz ;;
*) echo "usage: fuzz.sh session|decoder [SECONDS]" >&2 && exit 2 ;;
esac
out=$PWD/gateway-postgres/target/fuzz
mkdir -p "$out/$what"
jazzer=com.code-intelligence:jazzer
version=0.30.0
for artifact in $jazzer:$version $jazzer-api:$version; do
    mvn -B -ntp -q dependency:copy -Dartifact="$artifact" -DoutputDirectory="$out"
done
mvn -B -ntp -q -pl gateway-postgres -am test-compile dependency:build-classpath -Dmdep.outputFile=target/fuzz.cp
cp=gateway-postgres/target/test-classes:gateway-postgres/target/classes:$(cat gateway-postgres/target/fuzz.cp)
cp=$cp:$out/jazzer-$version.jar:$out/jazzer-api-$version.jar
absolute=
IFS=:
for part in $cp; do
    case "$part" in
    /*) absolute=$absolute:$part ;;
    *) absolute=$absolute:$PWD/$part ;;
    esac
done
unset IFS
cd gateway-postgres
# Jazzer's own hooks look for what programs do with words of strangers, and would find that the test dials its database.
hooks=
for hook in ServerSideRequestForgery SqlInjection FilePathTraversal OsCommandInjection ReflectiveCall Deserialization RegexInjection; do
    hooks=$hooks:com.code_intelligence.jazzer.sanitizers.$hook
done
exec "$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED -Dlockbox.home="$PWD/.." -cp "${absolute#:}" \
    com.code_intelligence.jazzer.Jazzer --target_class=$target --instrumentation_includes='org.openlockbox.**' \
    --custom_hook_includes='org.openlockbox.**' --disabled_hooks="${hooks#:}" --reproducer_path="$out" -artifact_prefix="$out/" -rss_limit_mb=3000 \
    -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 "$out/$what" "src/test/resources/fuzz/$what"
