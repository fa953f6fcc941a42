package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.DebianCluster;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.node.process.Ports;

/// `lockbox doctor` on a host that is well, and then with each thing broken that it looks at. One
/// that is broken hides no other, so several are broken at once.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoctorTest {
  private static final String BOTH =
      "lockbox doctor --config etc/server.yaml --config etc/gateway.yaml";

  private final InitHost host = InitHost.make("doctor");

  @BeforeAll
  void startBoth() throws IOException {
    for (String part : List.of("server", "gateway")) {
      Path file = host.directory().resolve("etc/" + part + ".yaml");
      Files.writeString(
          file,
          Files.readString(file)
              + "\nmanagement: {listen: \"127.0.0.1:%d\"}\n".formatted(Ports.free()));
    }
    says("timedatectl", "yes");
    host.starts("server");
    host.starts("gateway");
    host.foundsAcme();
  }

  @AfterAll
  void stop() {
    host.close();
  }

  /// A program of this name that says this, before all others.
  private void says(String program, String words) {
    host.types(
            """
            mkdir -p bin; printf '#!/bin/sh\\necho %s\\n' >bin/%s; chmod 755 bin/%s
            """
                .formatted(words, program, program))
        .ok();
  }

  private Answer examines(String command) {
    return host.types("export PATH=$PWD/bin:$PATH; " + command);
  }

  /// What stands in a copy of a configuration instead.
  private record Exchange(String from, String to) {}

  private void broken(String part, Exchange... exchanges) throws IOException {
    String text = Files.readString(host.directory().resolve("etc/" + part + ".yaml"));
    for (var exchange : exchanges) {
      String changed = text.replaceFirst(exchange.from, exchange.to);
      assertThat(changed).as(exchange.from).isNotEqualTo(text);
      text = changed;
    }
    Files.writeString(host.directory().resolve("etc/broken-" + part + ".yaml"), text);
  }

  @Test
  @Order(1)
  void aHostThatIsWellIsWell() {
    String said = examines(BOTH).ok();
    assertThat(said)
        .contains(
            "ok       clock ",
            "ok       server ",
            "ok       server certificate ",
            "ok       log keys ",
            "ok       wrapping key ",
            "ok       signed heads ",
            "ok       database ",
            "ok       database role ",
            "ok       database clock ",
            "ok       gateway authority ",
            "ok       authority of gateways' TLS",
            "ok       disk ",
            "ok       gateway ",
            "ok       gateway certificate ",
            "ok       gateway client certificate",
            "ok       control plane ",
            "ok       server clock ",
            "ok       gateway token ",
            "ok       fence of shop",
            "ok       readiness ",
            "warning  replication ",
            "warning  mail ",
            "warning  gateway authority's key")
        .doesNotContain("broken");
  }

  @Test
  @Order(2)
  void aServerOfWhichEverythingIsBroken() throws IOException {
    host.types(
            """
            echo wrong >etc/wrong.password; chmod 600 etc/wrong.password
            cp etc/server/log.key etc/open.key; chmod 644 etc/open.key
            echo nonsense >etc/nonsense.pub
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 5 -subj /CN=short \
                -keyout etc/short.key -out etc/short.pem 2>/dev/null
            """)
        .ok();
    int port = Ports.free();
    breakServer(port);
    says("timedatectl", "no");
    var found = examines("lockbox doctor --config etc/broken-server.yaml -o json").ends(1);
    assertThat(finding(found, "clock")).startsWith("warning Nothing says that NTP keeps it");
    assertThat(finding(found, "server")).startsWith("broken Nobody answers at 127.0.0.1:" + port);
    assertThat(finding(found, "server certificate")).contains("is not for localhost");
    assertThat(finding(found, "database"))
        .startsWith("broken It cannot be reached")
        .contains("password authentication failed");
    assertThat(finding(found, "log keys")).startsWith("broken the log keys can be read by others");
    assertThat(finding(found, "wrapping key")).startsWith("warning There is no /nowhere/at/all");
    assertThat(finding(found, "signed heads")).startsWith("warning").contains("remembers nothing");
    assertThat(finding(found, "witness 127.0.0.1"))
        .startsWith("broken")
        .contains("does not answer");
    assertThat(finding(found, "authority of gateways' TLS"))
        .startsWith("warning")
        .contains("ends in 4 days");
    assertThat(finding(found, "gateway authority")).startsWith("broken");
    assertThat(finding(found, "mail")).startsWith("broken 127.0.0.1:1 does not");
    assertThat(finding(found, "issuer acme"))
        .startsWith("broken https://127.0.0.1:1/acme does not answer");
    assertThat(finding(found, "disk")).startsWith("broken /nowhere/at/all");
    assertThat(finding(found, "readiness"))
        .startsWith("broken Nobody answers on the management port");
    says("timedatectl", "yes");
  }

  private void breakServer(int port) throws IOException {
    broken(
        "server",
        new Exchange("state: .*", "state: '/nowhere/at/all'"),
        new Exchange("listen: '0.0.0.0:[0-9]+'", "listen: '127.0.0.1:" + port + "'"),
        new Exchange("127.0.0.1:[0-9]+\"}", "127.0.0.1:" + port + "\"}"),
        new Exchange("server/control.password", "wrong.password"),
        new Exchange("server/log.key", "open.key"),
        new Exchange("server/authority.pub", "nonsense.pub"),
        new Exchange("gatewayCa: 'ca.pem'", "gatewayCa: 'short.pem'"),
        new Exchange(
            "server/tls.pem', key: 'server/tls.key'",
            "gateway/client.pem', key: 'gateway/client.key'"),
        new Exchange(
            "#mail: .*", "mail: {host: 127.0.0.1, port: 1, startTls: false, from: a@example.com}"),
        new Exchange(
            "#witnesses: \\[]", "witnesses: [{url: 'http://127.0.0.1:1/', keys: 'ca.pem'}]"),
        new Exchange(
            "#issuers: \\[]",
            "issuers: [{name: acme, tenant: acme, url: 'https://127.0.0.1:1/acme', client: lockbox, "
                + "secret: {file: wrong.password}, domains: [acme.example]}]"));
  }

  @Test
  @Order(3)
  void aGatewayOfWhichEverythingIsBroken() throws IOException {
    host.types(
            """
            lockbox key new etc/other.key >/dev/null
            head -c 24 /dev/urandom | base64 >etc/wrong.token; chmod 600 etc/wrong.token
            """)
        .ok();
    int port = Ports.free();
    broken(
        "gateway",
        new Exchange("listen: '0.0.0.0:[0-9]+'", "listen: '127.0.0.1:" + port + "'"),
        new Exchange("'?gateway/gw-1.key'?", "other.key"),
        new Exchange("'?gateway/gw-1.token'?", "wrong.token"),
        new Exchange("key: '?gateway/tls.key'?", "key: server/tls.key"),
        new Exchange("'?gateway/shop.password'?", "wrong.password"));
    var found = examines("lockbox doctor --config etc/broken-gateway.yaml -o json").ends(1);
    assertThat(finding(found, "gateway")).startsWith("broken Nobody answers at");
    assertThat(finding(found, "gateway TLS certificate")).startsWith("broken");
    assertThat(finding(found, "gateway certificate")).contains("another gateway or another key");
    assertThat(finding(found, "control plane")).startsWith("ok");
    assertThat(finding(found, "gateway token")).startsWith("broken The server does not know it");
    assertThat(finding(found, "fence of shop"))
        .startsWith("broken")
        .contains("cannot be reached as lockbox_gateway");
  }

  @Test
  @Order(4)
  void aFenceThatWasOpenedAndAServerThatIsAway() throws IOException {
    host.types("psql -q -d shop -c 'grant select on customers to public'").ok();
    broken("gateway", new Exchange("localhost:" + host.serverPort(), "localhost:1"));
    var found = examines("lockbox doctor --config etc/broken-gateway.yaml -o json").ends(1);
    assertThat(finding(found, "fence of shop")).startsWith("broken");
    assertThat(finding(found, "control plane")).startsWith("broken").contains("cannot be reached");
    host.types("psql -q -d shop -c 'revoke select on customers from public'").ok();
  }

  @Test
  @Order(5)
  void aDatabaseThatWouldLoseRecords() throws IOException {
    host.types("psql -q -d postgres -c 'alter system set fsync = off' -c 'select pg_reload_conf()'")
        .ok();
    broken(
        "server",
        new Exchange("user: lockbox", "user: postgres"),
        new Exchange("server/control.password", "super.password"));
    host.types("echo $PGPASSWORD >etc/super.password; chmod 600 etc/super.password").ok();
    var found = examines("sleep 1; lockbox doctor --config etc/broken-server.yaml -o json").ends(1);
    assertThat(finding(found, "database")).startsWith("broken fsync or full_page_writes is off");
    assertThat(finding(found, "database role")).startsWith("warning postgres is a superuser");
    host.types("psql -q -d postgres -c 'alter system reset fsync' -c 'select pg_reload_conf()'")
        .ok();
  }

  @Test
  @Order(6)
  void aSynchronousStandbyThatIsThereAndOneThatIsGone() {
    Path elsewhere = host.directory().resolve("standby");
    try (DebianCluster _ = host.cluster().standby(elsewhere, Ports.free())) {
      host.types(
              "psql -q -d postgres -c \"alter system set synchronous_standby_names = 'standby'\""
                  + " -c 'select pg_reload_conf()'")
          .ok();
      var found = examines("sleep 1; " + BOTH + " -o json");
      assertThat(finding(found, "replication")).isEqualTo("ok 1 standbys are connected.");
    }
    var found = examines("lockbox doctor --config etc/server.yaml -o json").ends(1);
    assertThat(finding(found, "replication"))
        .startsWith("broken Commits wait for a synchronous standby");
  }

  /// How bad, and what; every one that is not well has a next step.
  private static String finding(Answer answer, String subject) {
    var found =
        Fields.of(CanonicalJson.parse(Bytes.ofUtf8(answer.out().strip())), "doctor")
            .objects("findings");
    var one =
        found.stream()
            .filter(it -> it.text("subject").equals(subject))
            .findFirst()
            .orElseThrow(() -> new AssertionError("nothing about " + subject + "\n" + answer));
    String severity = one.text("severity");
    assertThat(one.optionalText("next").isPresent())
        .as(answer::toString)
        .isEqualTo(!severity.equals("ok"));
    return severity + " " + one.text("text");
  }
}
