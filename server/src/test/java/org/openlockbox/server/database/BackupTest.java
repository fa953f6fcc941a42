package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.server.TestCluster;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.log.RollbackTest;

/// Backup and restore of the control plane's database with PostgreSQL's own programs, typed as
/// docs/install.md has them: on a cluster of their version, because `pg_dump` refuses a newer one.
class BackupTest {
  private static final Path PAGE = Path.of("../docs/install.md");
  private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (1[678])\\.");

  private static final String VERSIONS =
      "/usr/lib/postgresql/18/bin:/usr/lib/postgresql/17/bin:/usr/lib/postgresql/16/bin:";

  @TempDir private Path directory;

  @Test
  void anOlderBackupIsRefusedUntilANewerOneOrARecovery() throws Exception {
    var major = pgDump();
    if (major.isEmpty() && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("missing here: postgresql-client-17; `./lockbox test` installs it");
    }
    assumeTrue(major.isPresent(), "missing here: postgresql-client-17");
    try (var cluster = TestCluster.ofVersion(major.orElseThrow())) {
      cluster.execute("create role lockbox login");
      try (var server = new TestServer(cluster, "lockbox")) {
        server.stopLast();
        backsUpAndRestores(server, cluster);
      }
    }
  }

  private void backsUpAndRestores(TestServer server, TestCluster cluster) throws Exception {
    var heads = directory.resolve("heads");
    server.startOver(heads);
    var acme = new TestTenant(server, "acme", 1);
    RollbackTest.statements(acme, new TestGateway(server, 0, "gw-1", "00000000000000a1"), 1);
    acme.verifiedLog();
    server.server(0).buildEpoch();
    types(cluster, "pg_dump", "older");
    RollbackTest.statements(acme, new TestGateway(server, 0, "gw-1", "00000000000000a2"), 100);
    int size = acme.verifiedLog().size();
    acme.checkpoint(size);
    server.server(0).buildEpoch();
    types(cluster, "pg_dump", "newer");
    server.stopLast();

    types(cluster, "pg_restore", "older");
    server.startOver(heads);
    var asked = server.post("engineer", acme.requests(), acme.wish("helpdesk"));
    assertThat(asked.code()).isEqualTo("log_rolled_back");
    assertThat(server.get("acme-auditor", "/log/acme/checkpoint").status()).isEqualTo(200);
    server.stopLast();

    types(cluster, "pg_restore", "newer");
    server.startOver(heads);
    server.server(0).buildEpoch();
    assertThat(acme.verifiedLog()).hasSize(size);
    acme.ask("helpdesk");
    acme.verifiedLog();
    server.stopLast();

    types(cluster, "pg_restore", "older");
    try (var maintenance = server.maintenance(heads)) {
      assertThat(maintenance.recover(acme.origin, "lost").lostSize()).isEqualTo(size + 1);
      maintenance.recoverEpochs("lost");
    }
    server.startOver(heads);
    server.server(0).buildEpoch();
    assertThat(acme.approve(acme.ask("helpdesk")).status()).isEqualTo(200);
    acme.verifiedLog();
  }

  private OptionalInt pgDump() throws Exception {
    var version = VERSION.matcher(typed("", "pg_dump --version || true").said());
    return version.find()
        ? OptionalInt.of(Integer.parseInt(version.group(1)))
        : OptionalInt.empty();
  }

  /// The page's block with this program in it, with another name of the file.
  private void types(TestCluster cluster, String program, String name) throws Exception {
    var block =
        Pattern.compile("```sh\\n(?<text>(?:(?!```)[\\s\\S])*?\\b" + program + " [\\s\\S]*?)```");
    var found = block.matcher(Files.readString(PAGE));
    assertThat(found.find()).isTrue();
    var text = found.group("text").replace("lockbox.dump", name + ".dump");
    assertThat(text).contains(name + ".dump");
    var typed = typed("host=127.0.0.1 port=%d user=postgres".formatted(cluster.port()), text);
    assertThat(typed.code()).as(text + typed.said()).isZero();
  }

  /// Debian's wrapper in the usual path prefers the version of a cluster on this host, so the
  /// directories of the versions come first.
  private Ended typed(String control, String text) throws Exception {
    var builder =
        new ProcessBuilder(List.of("sh", "-euc", text))
            .directory(directory.toFile())
            .redirectErrorStream(true);
    var environment = builder.environment();
    environment.put("CONTROL", control);
    environment.put("PATH", VERSIONS + environment.get("PATH"));
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  private record Ended(int code, String said) {}
}
