#!/bin/bash
# driver-suites.sh [pgjdbc|psycopg|node-postgres …]   runs drivers' own suites twice, straight against a database and through a
# gateway at level write in an expert session, and compares them test by test (build/driver-suites.py). Both log in with session
# roles that have an application owner's rights (SuiteServer). Fails if a difference has no reason on the list.
#
# pgjdbc's suite comes from Maven Central. The tests of psycopg and node-postgres are published in their repositories alone, so
# these two need GitHub, or clones of them: PSYCOPG=DIRECTORY, NODE_POSTGRES=DIRECTORY. psycopg and pytest come from Debian
# (python3-psycopg, python3-pytest, python3-pytest-timeout, python3-anyio), node-postgres itself from npm.
set -euo pipefail
cd -- "$(dirname -- "$0")/.."
home=$PWD out=$PWD/gateway-postgres/target/driver-suites
pgjdbc=42.7.13 psycopg=3.2.6 node_postgres=8.23.0
mkdir -p "$out"
[ $# -gt 0 ] || set -- pgjdbc psycopg node-postgres
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

mvn -B -ntp -q -pl gateway-postgres -am test-compile dependency:build-classpath -Dmdep.outputFile=target/suites.cp
classes=src/test/resources/drivers/blind:target/test-classes:target/classes:$(
    for module in tlog core policy gateway gateway-net; do printf '%s:' "../$module/target/classes" "../$module/target/test-classes"; done
)$(cat gateway-postgres/target/suites.cp)

# serve  starts a database and a gateway of their own, and sets port, user and password for the way in that is asked for
serve() {
    coproc SERVER { cd gateway-postgres && exec "$java" -Xmx4g --enable-native-access=ALL-UNNAMED -Dlockbox.home="$home" \
        -Dlogback.configurationFile="$home/server/src/test/resources/logback-test.xml" -cp "$classes" \
        org.openlockbox.postgres.drivers.SuiteServer 2>"$out/server.log"; }
    local kind a b c
    while read -r kind a _ b c <&"${SERVER[0]}"; do
        [ "$kind" != "$1" ] || { port=$a user=$b password=$c; }
        [ "$kind" != gateway ] || break
    done
}
end() {
    local server=$SERVER_PID
    eval "exec ${SERVER[1]}>&-"
    wait "$server" || :
}

# copy GROUP:ARTIFACT:VERSION[:TYPE[:CLASSIFIER]]  from Maven Central
copy() { mvn -B -ntp -q dependency:copy -Dartifact="$1" -DoutputDirectory="$out/pgjdbc"; }

# tests REPOSITORY TAG CLONE PATH TO  the tests of a repository at a tag
tests() {
    [ -d "$5" ] && return
    local from=${3:-$out/$(basename "$1")}
    [ -d "$from" ] || git clone -q --filter=blob:none --no-checkout "https://github.com/$1" "$from"
    mkdir -p "$5"
    git -C "$from" archive "$2" "$4" | tar -x -C "$5"
}

fetch_pgjdbc() {
    local source=$out/pgjdbc/postgresql-$pgjdbc-jdbc-src
    copy "org.postgresql:postgresql:$pgjdbc:tar.gz:jdbc-src"
    copy "org.postgresql:postgresql:$pgjdbc"
    copy org.junit.platform:junit-platform-console-standalone:1.14.4
    tar -xzf "$source.tar.gz" -C "$out/pgjdbc"
    mvn -B -ntp -q -f "$source/pom.xml" dependency:build-classpath -Dmdep.outputFile="$out/pgjdbc/cp" -DincludeScope=test
    # its privileged connections set a start-up value, which is refused, and classes that begin with one would not run at all
    sed -i '/PGProperty.OPTIONS.set(properties, "-c synchronous_commit=on")/d' \
        "$source/src/test/java/org/postgresql/test/TestUtil.java"
    mkdir -p "$out/pgjdbc/tests"
    find "$source/src/test/java" -name '*.java' ! -path '*/osgi/*' >"$out/pgjdbc/files"
    "${java}c" -proc:none -nowarn -parameters -Xlint:none -d "$out/pgjdbc/tests" -cp "$(suite_path)" "@$out/pgjdbc/files"
    cp -r "$source"/src/test/resources/. "$out/pgjdbc/tests"
}
suite_path() { printf %s "$(cat "$out/pgjdbc/cp"):$out/pgjdbc/postgresql-$pgjdbc.jar"; }
run_pgjdbc() {
    (cd "$out/pgjdbc/postgresql-$pgjdbc-jdbc-src" && timeout 5400 "$java" -Xmx1500m -XX:+EnableDynamicAgentLoading \
        -Dbuild.properties.relative.path=. -Dtest.url.PGHOST=127.0.0.1 -Dtest.url.PGPORT="$port" -Dtest.url.PGDBNAME=suite \
        -Dtest.url.sslmode=require -Duser="$user" -Dpassword="$password" -DprivilegedUser="$user" -DprivilegedPassword="$password" \
        -Djunit.jupiter.execution.timeout.testable.method.default=60s \
        -Djunit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD \
        -cp "$out/pgjdbc/tests:$(suite_path):$out/pgjdbc/junit-platform-console-standalone-1.14.4.jar" \
        org.junit.platform.console.ConsoleLauncher execute --disable-banner --details=none --reports-dir="$1" \
        --scan-classpath="$out/pgjdbc/tests" --include-classname '.*Test.*' >"$1.log" 2>&1) || :
}

fetch_psycopg() { tests psycopg/psycopg "$psycopg" "${PSYCOPG:-}" tests "$out/psycopg"; }
run_psycopg() {
    mkdir -p "$1"
    rm -rf "$out/psycopg/.pytest_cache"
    (cd "$out/psycopg" && timeout 5400 /usr/bin/python3 -m pytest -q --timeout=60 --tb=short --junitxml="$1/TEST-psycopg.xml" \
        -m 'not slow and not timing and not subprocess and not dns and not gevent' \
        --test-dsn "host=127.0.0.1 port=$port dbname=suite user=$user password=$password sslmode=require" \
        tests/test_{connection,copy,pipeline,prepared,transaction,tpc,notify,concurrency,cursor,cursor_server,psycopg_dbapi20}.py tests/pq \
        >"$1.log" 2>&1) || :
}

# Its suite ends with a file's first failure. Here it goes on, and waits for a slow machine.
fetch_node-postgres() {
    tests brianc/node-postgres "pg@$node_postgres" "${NODE_POSTGRES:-}" packages/pg/test "$out/node-postgres"
    npm install --prefix "$out/npm" --no-audit --no-fund --silent "pg@$node_postgres" async@2.6.4 bluebird@3.7.2 co@4.6.0 pg-copy-streams@0.3.0
    cp -r "$out/node-postgres/packages/pg/test" "$out/npm/node_modules/pg/"
    sed -i 's/this.timeout = 5000/this.timeout = 60000/; /FAILED/{n;s/process.exit(-1)/process.exitCode = 1; cb()/}' \
        "$out/npm/node_modules/pg/test/suite.js"
}
run_node-postgres() {
    mkdir -p "$1"
    (cd "$out/npm/node_modules/pg" && find test/integration -name '*-tests.js' | sort | while read -r file; do
        echo "FILE $file"
        code=0
        PGHOST=127.0.0.1 PGPORT=$port PGUSER=$user PGPASSWORD=$password PGDATABASE=suite PGSSLMODE=no-verify TEST_TIMEOUT=60000 \
            timeout 150 node "$file" </dev/null 2>&1 || code=$?
        echo "EXIT $code"
    done) >"$1/node.log"
}

failed=0
for suite in "$@"; do
    "fetch_$suite"
    for way in direct gateway; do
        rm -rf "$out/$suite-$way"
        serve $way
        "run_$suite" "$out/$suite-$way"
        end
    done
    python3 build/driver-suites.py "$suite" "$out/$suite-direct" "$out/$suite-gateway" || failed=1
done
exit $failed
