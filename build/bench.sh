#!/bin/sh
# bench.sh JAVA_HOME [ARGUMENT...]   builds the benchmarks and runs them; called by `./lockbox bench`.
set -eu
cd -- "$(dirname -- "$0")/.."
JAVA_HOME=$1
export JAVA_HOME
shift
# shellcheck disable=SC2086  # options are words
mvn -B -ntp -q ${LOCKBOX_MAVEN_OPTS:-} -pl bench -am -Dmaven.test.skip=true package
# As the programs themselves run.
# shellcheck source=build/packages/collector.sh
. build/packages/collector.sh
# shellcheck disable=SC2046,SC2086  # options are words
exec "$JAVA_HOME/bin/java" -Dlogback.configurationFile=logback-bench.xml $(collector "$JAVA_HOME/bin/java") -Xlog:disable --enable-native-access=ALL-UNNAMED ${LOCKBOX_JAVA_OPTS:-} -cp "$(echo bench/target/lockbox-bench-*.jar):bench/target/lib/*" org.openlockbox.bench.Main "$@"
