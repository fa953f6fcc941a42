package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.demo.mail.MailSink;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// Each thing of a running server and gateway that is renewed in the course of a year, renewed by
/// `lockbox reload`: a bad value first, which changes nothing, then a good one. One session runs
/// through all of it.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RenewedSettingsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final InitHost host = InitHost.make("renewal");
  private final Path etc = host.directory().resolve("etc");
  private Typed server = host.begins("exec true");
  private Typed gateway = host.begins("exec true");
  private Typed session = host.begins("exec true");
  private String request = "";
  private int question;

  @BeforeAll
  void startWithASession() {
    server = host.starts("server");
    gateway = host.starts("gateway");
    host.foundsAcme();
    request = host.asksAndApproves();
    session =
        host.begins("LOCKBOX_PROFILE=engineer exec lockbox psql %s -- -At".formatted(request));
    sessionGoesOn();
  }

  @AfterAll
  void stop() {
    host.close();
  }

  /// The session that was opened before everything still answers, and another one opens.
  @AfterEach
  void allGoesOn() {
    assertThat(session.runs()).as(() -> session + "\n" + gateway + "\n" + server).isTrue();
    sessionGoesOn();
    assertThat(
            host.types(
                    "LOCKBOX_PROFILE=engineer lockbox psql %s -- -Atc 'select 7'"
                        .formatted(request))
                .ok())
        .isEqualTo("7\n");
    host.asksAndApproves();
  }

  private void sessionGoesOn() {
    question++;
    session.types("select 'ans' || 'wer%d';".formatted(question)).prints("answer" + question);
  }

  private Answer reloads(String part) {
    return host.types("lockbox reload --config etc/%s.yaml".formatted(part));
  }

  /// Answers the line that was changed.
  private static int change(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
    return (int) (text.substring(0, text.indexOf(from)) + "x").lines().count();
  }

  private String shown() {
    return host.types(
            "openssl s_client -connect localhost:%d </dev/null 2>/dev/null | openssl x509 -noout -serial"
                .formatted(host.serverPort()))
        .ok();
  }

  @Test
  void theServersCertificate() {
    String before = shown();
    host.types(
            """
            cp -p etc/server/tls.key old.key
            openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new.key
            cat new.key >etc/server/tls.key
            """)
        .ok();
    reloads("server").ends(2).says("not reloaded: server.tls: ", "etc/server/tls.key");
    assertThat(shown()).isEqualTo(before);
    host.types(
            """
            openssl req -new -key new.key -subj /CN=localhost -addext subjectAltName=DNS:localhost \
                | openssl x509 -req -CA etc/ca.pem -CAkey etc/authority/ca.key -days 30 \
                    -copy_extensions copy -out new.pem
            cat new.pem >etc/server/tls.pem
            """)
        .ok();
    reloads("server").ok();
    assertThat(shown()).isNotEqualTo(before);
  }

  @Test
  void thePasswordOfTheControlPlanesDatabase() {
    renewsPassword("server", "control", "lockbox", "server/control.password")
        .says("not reloaded: the control plane's database", "password authentication failed");
  }

  @Test
  void thePasswordOfAProtectedDatabase() {
    renewsPassword("gateway", "shop", "lockbox_gateway", "gateway/shop.password")
        .says(
            "not reloaded: gateway.databasePasswords.shop: the database at localhost:",
            "password authentication failed");
  }

  /// What the reload said to the wrong one.
  private Answer renewsPassword(String part, String word, String role, String file) {
    host.types("cp -p etc/%1$s old; echo wrong-%2$s >etc/%1$s".formatted(file, word)).ok();
    var refused = reloads(part).ends(1);
    drops(role);
    sessionGoesOn();
    host.types(
            """
            echo new-%1$s >etc/%2$s
            psql -qd postgres -c "alter role %3$s password 'new-%1$s'"
            """
                .formatted(word, file, role))
        .ok();
    reloads(part).ok();
    drops(role);
    return refused;
  }

  /// Ends the connections of a role, as soon as it has one: what goes on does so over new ones.
  private void drops(String role) {
    host.types(
            """
            for n in $(seq 100); do
                psql -Atd postgres -c "select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where usename = '%s'" | grep -x t && exit
                sleep 0.2
            done
            exit 1
            """
                .formatted(role))
        .ok();
  }

  @Test
  void theCatalogue() throws IOException {
    Path resources = etc.resolve("resources.yaml");
    int line = change(resources, "tenancy:", "tenanzy:");
    for (String part : new String[] {"server", "gateway"}) {
      reloads(part)
          .ends(2)
          .says("not reloaded", "resources.yaml", "line " + line + " has 'tenanzy'");
    }
    change(resources, "tenanzy:", "decideWithin: PT3H\n    tenancy:");
    reloads("server").ok();
    reloads("gateway").ok();
    host.types("lockbox resource check shop --config etc/gateway.yaml").ok();
  }

  @Test
  void theSinks() throws IOException {
    Path server = etc.resolve("server.yaml");
    try (var collector = new EventCollector()) {
      host.types("(umask 077; echo 11111111-2222-3333-4444-555555555555 >etc/server/splunk.token)")
          .ok();
      int line = change(server, "  #export: []\n", "  export: [{name: siem, splunc: {}}]\n");
      reloads("server").ends(2).says("not reloaded", "server.yaml line " + line, "splunc");
      change(
          server,
          "splunc: {}",
          "splunk: {url: 'http://localhost:%d', gzip: false, token: {file: server/splunk.token}}"
              .formatted(collector.port()));
      reloads("server").ok();
      String id = host.asksAndApproves();
      Pause.until("the sink is told", SOON, () -> collector.took(id));
      change(server, "  export: [{name: siem", "  #export: [{name: siem");
      reloads("server").ok();
    }
  }

  @Test
  void theMailServer() throws IOException {
    Path server = etc.resolve("server.yaml");
    int port = Ports.free();
    Path inbox = host.directory().resolve("inbox");
    try (var _ = MailSink.start(port, inbox)) {
      String usual = "  #mail: {host: smtp.example.com, port: 587, from: lockbox@example.com}";
      String mail =
          "  mail: {host: localhost, port: 587000, startTls: false, from: lockbox@localhost}";
      int line = change(server, usual, mail);
      reloads("server")
          .ends(2)
          .says("not reloaded", "server.yaml line " + line + ": server.mail.port");
      change(server, "587000", Integer.toString(port));
      reloads("server").ok();
      host.asksAndApproves();
      Pause.until("mail comes", SOON, () -> hasMail(inbox));
    }
  }

  private static boolean hasMail(Path inbox) throws IOException {
    try (var files = Files.list(inbox)) {
      return files.anyMatch(file -> file.toString().endsWith("security@acme.example.eml"));
    }
  }
}
