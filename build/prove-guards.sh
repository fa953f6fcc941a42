#!/bin/sh
# prove-guards.sh [NAME...]   plants one fault per guard in a scratch copy of the tree and expects the guard to bite.
#
# Prints one line per guard and exits 1 if one lets its fault pass. Run it when a guard changes; CONTRIBUTING.md says when it
# was last run. With names (see the calls at the end) only these are planted. LOCKBOX_MAVEN_OPTS=-o works without a network.
set -eu
cd -- "$(dirname -- "$0")/.."
copy=$(mktemp -d "${TMPDIR:-/tmp}/lockbox-guards.XXXXXX")
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - | tar -xf - -C "$copy"
cd "$copy"
git init -q . && git add -A && git -c user.name=guards -c user.email=guards@localhost commit -qm copy

wanted=" $* "
failed=0
hash=tlog/src/main/java/org/openlockbox/tlog/tree/Hash.java

# java MODULE CLASS TEXT  adds a class to the scratch copy
java() {
    file=$1/src/main/java/$(echo "$2" | tr . /).java
    mkdir -p "${file%/*}"
    printf 'package %s;\n\n%s\n' "${2%.*}" "$3" >"$file"
}

maven() {
    # shellcheck disable=SC2086  # options are words
    mvn -B -ntp ${LOCKBOX_MAVEN_OPTS:-} "$@"
}

# bites NAME TEXT MAVEN-ARGUMENT...  the build must fail, and say TEXT; then the fault is taken out again
bites() {
    name=$1 text=$2
    shift 2
    if maven "$@" >"$copy/.log" 2>&1; then
        verdict='LETS IT PASS: the build is green'
        failed=1
    elif grep -qF -- "$text" "$copy/.log"; then
        verdict=bites
    else
        verdict="LETS IT PASS: the build fails, but not with: $text"
        failed=1
        grep -m 5 ERROR "$copy/.log" || :
    fi
    printf '%-22s %s\n' "$name" "$verdict"
    git checkout -q . && git clean -fdq
}

# prove NAME  is this one asked for?
prove() {
    [ "$wanted" = '  ' ] || case "$wanted" in *" $1 "*) ;; *) return 1 ;; esac
}

compile_tlog='-pl tlog compile'
compile_core='-pl tlog,core compile'
validate='-pl tlog validate'

# ---------------------------------------------------------------------------------------------- the compiler

if prove null; then
    java tlog org.openlockbox.tlog.Planted 'interface Planted { static String root() { return null; } }'
    bites null '[NullAway]' $compile_tlog
fi

if prove missing-case; then
    sed -i '/case RequestEvent.Withdrawn withdrawn ->/,+1d' core/src/main/java/org/openlockbox/core/bundle/StoryWriter.java
    bites missing-case 'does not cover all possible input values' $compile_core
fi

if prove array-in-record; then
    java tlog org.openlockbox.tlog.Planted 'record Planted(byte[] bytes) {}'
    bites array-in-record '[ArrayRecordComponent]' $compile_tlog
fi

if prove lint; then
    java tlog org.openlockbox.tlog.Planted 'interface Planted { java.util.List all(); }'
    bites lint 'found raw type: java.util.List' $compile_tlog
fi

if prove sql-in-core; then
    java core org.openlockbox.core.access.Planted 'interface Planted { void keep(java.sql.Connection connection); }'
    bites sql-in-core 'package java.sql is not visible' $compile_core
fi

if prove permit-elsewhere; then
    java gateway org.openlockbox.gateway.session.Planted 'import org.openlockbox.gateway.admission.Permit;
interface Planted { static Permit forged(Permit p) { return new Permit(p.session(), null, p.envelope(), p.certificate(), p.protection(), p.texts(), null); } }'
    bites permit-elsewhere 'is not public in org.openlockbox.gateway.admission.Permit' -pl tlog,core,policy,gateway compile
fi

if prove new-command; then
    sed -i '/record Denied(/,/implements AccessRequest {/ s/implements AccessRequest {/&\n    public AccessRequest reopened() {\n      return Pending.of(submission);\n    }\n/' \
        core/src/main/java/org/openlockbox/core/access/AccessRequest.java
    bites new-command 'AccessRequestTest.theTableHasEveryCommandOfEveryState' -pl tlog,core -Dtest=AccessRequestTest -Dsurefire.failIfNoSpecifiedTests=false test
fi

# ---------------------------------------------------------------------------------------------- format and length

if prove unformatted; then
    sed -i 's/^  \(private\|public\|static\) /     \1 /' $hash
    bites unformatted 'format violations' -pl tlog spotless:check@formatted
fi

if prove long-file; then
    { cat $hash; yes '// one line more' | head -n 450; } >"$copy/.long" && mv "$copy/.long" $hash
    bites long-file 'FileLength: ' -pl tlog checkstyle:check@short-by-budget
fi

if prove long-method; then
    java tlog org.openlockbox.tlog.Planted "interface Planted {
  static int sum(int a) {
$(yes '    a += 1;' | head -n 39)
    return a;
  }
}"
    bites long-method 'MethodLength: ' -pl tlog checkstyle:check@short-by-budget
fi

if prove qualified-name; then
    java tlog org.openlockbox.tlog.Planted 'interface Planted { java.util.List<String> all(); }'
    bites qualified-name 'Import the class' -pl tlog checkstyle:check@short-by-budget
fi

# ---------------------------------------------------------------------------------------------- the enforcer

# depend GROUP ARTIFACT VERSION  gives tlog a dependency that nothing has to be fetched for
depend() {
    sed -i "s|</dependencies>|<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version>\
<scope>system</scope><systemPath>\${project.basedir}/pom.xml</systemPath></dependency></dependencies>|" tlog/pom.xml
}

if prove lombok; then
    depend org.projectlombok lombok 1.18.42
    bites lombok 'org.projectlombok:lombok:jar:1.18.42 <--- banned' $validate
fi

if prove old-spring-boot; then
    depend org.springframework.boot spring-boot 4.1.1
    bites old-spring-boot 'org.springframework.boot:spring-boot:jar:4.1.1 <--- banned' $validate
fi

if prove two-versions; then
    sed -i 's|</dependencies>|<dependency><groupId>commons-beanutils</groupId><artifactId>commons-beanutils</artifactId><version>1.9.4</version></dependency>\
<dependency><groupId>commons-collections</groupId><artifactId>commons-collections</artifactId><version>3.2.1</version></dependency></dependencies>|' tlog/pom.xml
    bites two-versions 'Dependency convergence error for commons-collections:commons-collections' $validate
fi

if prove spring-boot-floor; then
    # shellcheck disable=SC2016  # ${...} is Maven's
    sed -i 's|<version>${spring-boot.version}</version>|<version>4.1.2</version>|
            s|<spring-boot.version>.*</spring-boot.version>|<spring-boot.version>4.1.1</spring-boot.version>|' pom.xml
    bites spring-boot-floor 'Spring Boot must be' $validate
fi

if prove wrong-jdk; then
    bites wrong-jdk 'OpenLockbox is built with JDK 25' -Djava.version=24.0.2 $validate
fi

# ---------------------------------------------------------------------------------------------- the rules of e2e/architecture

# plant_all  a fault for each rule, each in a class of its own, so that one build serves them all
plant_all() {
    java tlog org.openlockbox.core.planted.Outside 'public interface Outside {}'
    java tlog org.openlockbox.tlog.PlantedUse 'interface PlantedUse extends org.openlockbox.core.planted.Outside {}'
    java core org.openlockbox.server.planted.Outside 'public interface Outside {}'
    java core org.openlockbox.core.access.PlantedUse 'interface PlantedUse extends org.openlockbox.server.planted.Outside {}'
    java policy org.openlockbox.policy.PlantedUse 'interface PlantedUse extends org.openlockbox.server.planted.Outside {}'
    sed -i '0,/<artifactId>lockbox-core<\/artifactId><\/dependency>/s||&<dependency><groupId>org.openlockbox</groupId><artifactId>lockbox-gateway-postgres</artifactId></dependency>|' server/pom.xml
    java server org.openlockbox.server.access.PlantedUse 'interface PlantedUse { org.openlockbox.postgres.wire.PgError error(); }'
    java portal org.openlockbox.portal.audit.PlantedUse 'interface PlantedUse { org.openlockbox.postgres.wire.PgError error(); }'
    java server org.openlockbox.server.PlantedController '@org.springframework.stereotype.Controller interface PlantedController {}'
    java server org.openlockbox.server.identity.PlantedRoot 'interface PlantedRoot { org.openlockbox.server.ServerConfig config(); }'
    java server org.openlockbox.server.notify.message.PlantedBelow 'interface PlantedBelow { org.openlockbox.server.notify.Notices notices(); }'
    java portal org.openlockbox.portal.wording.PlantedTop 'interface PlantedTop { org.openlockbox.portal.Portal portal(); }'
    java core org.openlockbox.core.tenant.PlantedCycle 'interface PlantedCycle { org.openlockbox.core.access.Level level(); }'
    java core org.openlockbox.core.access.PlantedFile 'interface PlantedFile { java.nio.file.Path path(); }'
    java server org.openlockbox.server.api.PlantedSql 'interface PlantedSql {
  java.sql.Connection connection();
  org.springframework.http.HttpStatus status();
}'
    java cli org.openlockbox.cli.PlantedSql 'interface PlantedSql { java.sql.ResultSet rows(); }'
    java node org.openlockbox.node.PlantedSpring 'interface PlantedSpring { org.springframework.http.HttpStatus status(); }'
    java node org.openlockbox.demo.PlantedPage 'public interface PlantedPage {}'
    java node org.openlockbox.node.PlantedDemo 'interface PlantedDemo extends org.openlockbox.demo.PlantedPage {}'
    java server org.openlockbox.server.access.PlantedSpring 'interface PlantedSpring { org.springframework.http.HttpStatus status(); }'
    java server org.openlockbox.server.access.PlantedEdge 'interface PlantedEdge { org.openlockbox.server.api.HttpEdge edge(); }'
    java gateway org.openlockbox.gateway.session.PgPlanted 'interface PgPlanted { java.sql.Connection connection(); }'
    java gateway org.openlockbox.gateway.session.PlantedRoot 'interface PlantedRoot { org.openlockbox.gateway.GatewayConfig config(); }'
    java gateway-http org.openlockbox.http.uri.PlantedUse 'interface PlantedUse extends org.openlockbox.server.planted.Outside {}'
    java gateway-check org.openlockbox.check.caller.PlantedUse 'interface PlantedUse extends org.openlockbox.server.planted.Outside {}'
    java client org.openlockbox.client.session.PlantedUse 'interface PlantedUse extends org.openlockbox.server.planted.Outside {}'
    java client-spring org.openlockbox.spring.PlantedUse 'interface PlantedUse extends org.openlockbox.server.planted.Outside {}'
    java gateway-net org.openlockbox.net.PlantedUse 'interface PlantedUse extends org.openlockbox.server.planted.Outside {}'
    java gateway-postgres org.openlockbox.postgres.wire.PlantedUse 'interface PlantedUse { org.openlockbox.gateway.admission.AdmissionDecision decision(); }'
    java core org.openlockbox.core.access.GrantManager 'interface GrantManager {}'
    java core org.openlockbox.core.access.PlantedTime 'interface PlantedTime { static java.time.Instant at() { return java.time.Instant.now(); } }'
    java gateway org.openlockbox.gateway.session.PlantedDice 'interface PlantedDice { static Object dice() { return new java.security.SecureRandom(); } }'
    java gateway-postgres org.openlockbox.postgres.relay.PlantedFlags 'final class PlantedFlags {
  boolean reading;
  boolean copying;
  boolean failed;
  boolean ended;
}'
    java cli org.openlockbox.cli.PlantedOpen 'class PlantedOpen {}'
    java tlog org.openlockbox.tlog.Keyring 'interface Keyring {}'
    java cli org.openlockbox.cli.PlantedArray '@SuppressWarnings("ArrayRecordComponent") record PlantedArray(byte[] bytes) {}'
    java gateway org.openlockbox.gateway.admission.PlantedPermit 'interface PlantedPermit {
  static Permit forged(org.openlockbox.core.history.ConnectCheck.Valid connect, Permit p) {
    return new Permit(p.session(), connect, p.envelope(), p.certificate(), p.protection(), p.texts(), p.end().at());
  }
}'
    java client org.openlockbox.client.session.PlantedAction 'interface PlantedAction {
  static RecordedAction forged(ApplicationTraffic traffic, org.openlockbox.gateway.session.SessionRecord.RecordedOperation operation) {
    return new RecordedAction(traffic, operation);
  }
}'
    java core org.openlockbox.core.history.PlantedGrant 'interface PlantedGrant {
  static ProvenGrant forged(org.openlockbox.core.log.ProvenLog log, ProvenGrant g, org.openlockbox.core.access.AccessRequest.Approved approved) {
    return new ProvenGrant(log, g.request(), approved, g.terms());
  }
}'
    java gateway-postgres org.openlockbox.postgres.relay.PlantedDial 'import org.openlockbox.postgres.login.*;
import org.openlockbox.postgres.wire.*;
interface PlantedDial {
  static void dial(DatabaseEndpoint to, CancelKey key) throws java.io.IOException {
    ServerLink.cancel(to, key);
  }
}'
    sed -i '/<description>/d' cli/pom.xml
    printf '%s\n' '`NoSuchType` is in `core/nowhere`.' >>ARCHITECTURE.md
    many=$(yes many | head -n 41 | tr '\n' ' ')
    printf '%s\n' 'Everything goes into the [ledger](nowhere.md).' '' '```sh' 'lockbox ledger' '```' '' "$many" "| $many |" >docs/planted.md
}

if prove architecture; then
    plant_all
    maven -pl e2e -am -Dtest='ArchitectureTest,HabitsTest,DoubledNamesTest,ModulesTest,NamedPlacesTest,GlossaryTest,ReadablePagesTest,DocsTest#every*' -Dsurefire.failIfNoSpecifiedTests=false \
        -Dmaven.test.failure.ignore=true test >"$copy/.log" 2>&1 || { tail -n 40 "$copy/.log"; failed=1; }
    reports=e2e/target/surefire-reports
    for test in architecture.ArchitectureTest architecture.HabitsTest architecture.DoubledNamesTest architecture.ModulesTest architecture.NamedPlacesTest architecture.GlossaryTest docs.ReadablePagesTest docs.DocsTest; do
        source=e2e/src/test/java/org/openlockbox/e2e/$(echo $test | tr . /).java
        # of the documents' test, only what needs no demo
        for rule in $(grep -A 3 -E '^  @(Test|ParameterizedTest)' $source | sed -n 's/^  void \([A-Za-z]*\)(.*/\1/p' | { [ $test != docs.DocsTest ] && cat || grep '^every'; }); do
            if awk -v rule="$rule" '
                /<testcase / { mine = index($0, "name=\"" rule "\"") || index($0, "name=\"" rule "(") }
                mine && /<failure/ { found = 1 }
                END { exit !found }' $reports/TEST-org.openlockbox.e2e.$test.xml; then
                printf '%-60s bites\n' "$rule"
            else
                printf '%-60s LETS IT PASS\n' "$rule"
                failed=1
            fi
        done
    done
    # each of these is found by itself, not because another fault fails the same rule
    for planted in PlantedCycle PlantedRoot PlantedBelow PlantedTop PlantedController; do
        if grep -qF "$planted" $reports/TEST-org.openlockbox.e2e.architecture.ArchitectureTest.xml; then
            printf '%-60s bites\n' "$planted"
        else
            printf '%-60s LETS IT PASS\n' "$planted"
            failed=1
        fi
    done
fi

exit $failed
