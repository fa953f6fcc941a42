package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.node.process.Ports;

/// `docs/install.md` from its first line to its last on an empty host: certificates, databases, one
/// node, then server and gateway apart with mTLS, then two of each; and at the end `docs/fence.md`.
/// PostgreSQL stands elsewhere; mail goes to the demo's mail server, which is a real one.
@Tag("slow")
@ExtendWith(SharedDemo.class)
class InstallTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void anEmptyHostBecomesWhatThePageSays(Demo demo) {
    int control = Ports.free();
    int protectedServer = Ports.free();
    Map<String, String> elsewhere = elsewhere(demo, control, protectedServer);
    String server = elsewhere.getOrDefault("8443", "");
    try (var host = EmptyHost.start("install", control, protectedServer);
        var typist = new Typist(host.terminal(), host.notes(), with(host, elsewhere))) {
      assertThat(typist.types(Page.of("docs/install.md"))).isGreaterThan(20);
      mailCameOut(demo);
      aGatewayWithoutItsCertificateIsRefused(host, server);
      assertThat(typist.types(Page.of("docs/fence.md"))).isEqualTo(7);
    }
  }

  /// The unit, with this clone's launcher in the place of the installed one.
  @Test
  void systemdTakesTheUnit() throws IOException {
    boolean here = Files.isExecutable(Path.of("/usr/bin/systemd-analyze"));
    if (!here && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("missing here: systemd; `./lockbox test` installs it");
    }
    assumeTrue(here, "missing here: systemd");
    String unit = Files.readString(Distribution.home().resolve("build/systemd/lockbox.service"));
    Path launcher = Distribution.home().resolve("lockbox");
    Path file = Distribution.home().resolve("e2e/target/lockbox.service");
    Files.writeString(file, unit.replace("/usr/local/bin/lockbox", launcher.toString()));
    var process =
        new ProcessBuilder("/usr/bin/systemd-analyze", "verify", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).doesNotContain("lockbox.service");
  }

  /// The page's ports are those of a host of its own, and its PostgreSQL is newer than the embedded
  /// one.
  private static Map<String, String> elsewhere(Demo demo, int control, int protectedServer) {
    var elsewhere = new LinkedHashMap<String, String>();
    elsewhere.put("5432", Integer.toString(control));
    elsewhere.put("5433", Integer.toString(protectedServer));
    for (String port : new String[] {"8443", "8444", "6432", "6433"}) {
      elsewhere.put(port, Integer.toString(Ports.free()));
    }
    elsewhere.put("port: 25,", "port: %d,".formatted(demo.port("mail")));
    elsewhere.put("tls: disable}", "tls: disable, minimumVersion: 18.6}");
    return elsewhere;
  }

  /// The host's own state directory.
  private static Map<String, String> with(EmptyHost host, Map<String, String> elsewhere) {
    var all = new LinkedHashMap<>(elsewhere);
    all.put("/var/lib/lockbox", host.state().toString());
    return all;
  }

  private static void mailCameOut(Demo demo) {
    Pause.until(
        "mail to the tenant's people by the installed server",
        PATIENCE,
        () ->
            demo.mails().stream()
                .anyMatch(
                    mail ->
                        mail.to().equals("security@acme.example")
                            && mail.source().contains("From: lockbox@example.com")));
  }

  /// The gateway's token alone, without a certificate by the authority for gateways.
  private static void aGatewayWithoutItsCertificateIsRefused(EmptyHost host, String port) {
    String curl =
        "curl -sS --cacert ca.pem -H \"Authorization: Bearer $(cat gw-1.token)\" -o answer -w"
            + " '%%{http_code}' %s https://localhost:%s/gateway/v1/lease -H 'Content-Type:"
            + " application/json' -d '{}'";
    Answer without = host.terminal().types(curl.formatted("", port));
    assertThat(without.out()).as(without::toString).isEqualTo("403");
    Answer with =
        host.terminal().types(curl.formatted("--cert gw-1-client.pem --key gw-1-client.key", port));
    assertThat(with.out()).as(with::toString).isNotEqualTo("403");
  }
}
