#!/bin/sh
# bench.sh JAVA_HOME [ARGUMENT...]   builds the benchmarks and runs them; called by `./lockbox bench`.
set -eu
cd -- "$(dirname -- "$0")/.."
JAVA_HOME=$1
export JAVA_HOME
shift
mvn -B -ntp -q -pl bench -am -Dmaven.test.skip=true package
exec "$JAVA_HOME/bin/java" -cp "$(echo bench/target/lockbox-bench-*.jar):bench/target/lib/*" org.openlockbox.bench.Main "$@"
