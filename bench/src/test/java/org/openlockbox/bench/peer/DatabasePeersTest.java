package org.openlockbox.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.bench.Main;
import org.openlockbox.bench.log.Workplace;
import org.openlockbox.demo.postgres.EmbeddedCluster;
import org.openlockbox.demo.postgres.EmbeddedCluster.ClusterSettings;
import org.openlockbox.demo.postgres.EmbeddedCluster.ClusterTls;
import org.openlockbox.node.process.Ports;
import org.openlockbox.node.setup.CertificateMaker;

/// Peers of one run do not take each other's connections.
@Tag("slow")
final class DatabasePeersTest {
  private static final String ROLE = "bench_session";
  private static final int CLIENTS = 64;

  /// Not `postgres`, whose connections pgpool-II never keeps.
  private static final String DATABASE = "readings";

  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(10);
  private static final Duration ALL_IN_WITHIN = Duration.ofMinutes(5);
  private static final Duration LIFE = Duration.ofDays(1);

  private String url = "";
  private Workplace place;
  private EmbeddedCluster postgres;
  private Peer superuser;
  private DatabasePeers peers;

  @BeforeEach
  void startPeersBeforeADatabase() throws Exception {
    Stream.of("/usr/sbin/pgbouncer", "/usr/sbin/pgpool", "/usr/sbin/haproxy", Main.pgbench())
        .forEach(DatabasePeersTest::isHere);
    place = new Workplace();
    var tls = certificate();
    String port = String.valueOf(Ports.free());
    url = "jdbc:postgresql://localhost:%s/%s".formatted(port, DATABASE);
    postgres =
        EmbeddedCluster.start(
            new ClusterSettings(
                "the benchmark's PostgreSQL",
                place.path().resolve("db"),
                Integer.parseInt(port),
                Optional.of(tls)),
            Workplace.postgres(),
            new SecureRandom());
    postgres.ensureDatabase(DATABASE);
    superuser =
        new Peer(
            "superuser",
            DatabasePeers.login(
                postgres.superuser(), postgres.password(), port, DATABASE, "prefer"),
            Optional.empty());
    superuser.psql("create role %s login password 'bench' connection limit 1".formatted(ROLE));
    peers = new DatabasePeers(superuser, ROLE, tls.certificate(), tls.key());
  }

  /// Skipped where it is missing, and fails where `CI=true`.
  private static void isHere(String program) {
    boolean here = Files.isExecutable(Path.of(program));
    String missing = "missing here: " + program + "; `./lockbox test` installs it";
    if (!here && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(missing);
    }
    Assumptions.assumeTrue(here, missing);
  }

  private ClusterTls certificate() throws Exception {
    var maker = new CertificateMaker(InstantSource.system(), new SecureRandom());
    var server =
        maker.certificate(
            maker.authority("benchmark", LIFE),
            "localhost",
            List.of("localhost"),
            CertificateMaker.CertificateUse.SERVER,
            LIFE);
    Path certificate = Files.writeString(place.path().resolve("s.pem"), server.certificatePem());
    Path key = Files.writeString(place.path().resolve("s.key"), server.keyPem());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return new ClusterTls(certificate, key);
  }

  @AfterEach
  void stop() throws Exception {
    if (peers != null) {
      peers.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (place != null) {
      place.close();
    }
  }

  private static void load(Peer peer, Path script) {
    new Command(peer.environment(), Main.pgbench(), "-n", "-M", "prepared", "-t", "1")
        .with("-c", "" + CLIENTS, "-j", "2", "-f", script.toString())
        .output();
  }

  private long connections() {
    String count = "select count(*) from pg_stat_activity where usename = '%s'".formatted(ROLE);
    return Long.parseLong(
        new Command(superuser.environment(), "psql", "-X", "-A", "-t", "-c", count)
            .output()
            .strip());
  }

  @Test
  void aPeerKeepsNoConnectionAfterItsTurn() throws Exception {
    Path script = Files.writeString(place.path().resolve("short.sql"), "select 1;\n");
    peers.all().forEach(peer -> load(peer, script));
    long deadline = System.nanoTime() + CLOSED_WITHIN.toNanos();
    while (connections() > 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(200_000_000L);
    }
    assertThat(connections()).as("connections of peers that do nothing").isZero();
  }

  /// The role's limit, which is one connection for a session, does not count them. Each waits for
  /// the same lock until all are in.
  @Test
  void allPeersAtOnceFindRoom() throws Exception {
    String lock = "select pg_advisory_xact_lock_shared(1);\n";
    Path script = Files.writeString(place.path().resolve("held.sql"), lock);
    long all = (long) CLIENTS * peers.all().size();
    CompletableFuture<Void> done;
    try (var holder = DriverManager.getConnection(url, postgres.superuser(), postgres.password());
        var statement = holder.createStatement()) {
      statement.execute("select pg_advisory_lock(1)");
      done =
          CompletableFuture.allOf(
              peers.all().stream()
                  .map(peer -> CompletableFuture.runAsync(() -> load(peer, script), this::start))
                  .toArray(CompletableFuture[]::new));
      long deadline = System.nanoTime() + ALL_IN_WITHIN.toNanos();
      while (connections() < all && !done.isDone() && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(200_000_000L);
      }
      assertThat(connections()).isEqualTo(all);
    }
    done.join();
  }

  private void start(Runnable load) {
    Thread.ofPlatform().start(load);
  }
}
