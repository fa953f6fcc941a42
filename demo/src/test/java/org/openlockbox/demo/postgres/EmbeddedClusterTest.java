package org.openlockbox.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.Ports;

class EmbeddedClusterTest {
  private static final Path BINARIES =
      Path.of(System.getProperty("java.io.tmpdir"), "lockbox-test-postgres");
  private static final String STILL_THERE = "pre-existing shared memory block";
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path directory;

  @Test
  void keepsItsRowsFromOneStartToTheNextAndSyncsThem() throws Exception {
    int port = Ports.free();
    try (var cluster = start(port)) {
      execute(cluster, "create table kept as select 42 as answer");
      assertThat(query(cluster, "show fsync")).isEqualTo("on");
    }
    try (var cluster = start(port)) {
      assertThat(query(cluster, "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void aServerLeftRunningByAKilledNodeIsStoppedAndStartedAgain() throws Exception {
    int port = Ports.free();
    var leftBehind = start(port);
    String before = query(leftBehind, "select pg_postmaster_start_time()");

    try (var cluster = start(port)) {
      assertThat(query(cluster, "select pg_postmaster_start_time()")).isNotEqualTo(before);
    }
    assertThat(directory.resolve("pgdata/postmaster.pid")).doesNotExist();
  }

  @Test
  void aPidFileThatNamesAProcessOfSomebodyElseIsIgnored() throws Exception {
    int port = Ports.free();
    start(port).close();
    Files.writeString(
        directory.resolve("pgdata/postmaster.pid"), ProcessHandle.current().pid() + "\n");

    try (var cluster = start(port)) {
      assertThat(query(cluster, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void anEmptyPidFileOfAServerKilledAtItsStartIsIgnored() throws Exception {
    int port = Ports.free();
    start(port).close();
    Files.createFile(directory.resolve("pgdata/postmaster.pid"));

    try (var cluster = start(port)) {
      assertThat(query(cluster, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void theStartWaitsForAProcessOfAKilledServerThatStillWorksOnItsMemory() throws Exception {
    int port = Ports.free();
    var killed = start(port);
    execute(killed, "create table kept as select 42 as answer");
    try (var connection = connect(killed);
        var statement = connection.createStatement()) {
      statement.execute("set client_connection_check_interval = '200ms'");
      var busy = backend(statement);
      var working = Thread.ofPlatform().daemon().start(() -> work(statement));
      String state = "select state from pg_stat_activity where pid = " + busy.pid();
      while (!query(killed, state).equals("active")) {
        Thread.sleep(Duration.ofMillis(20));
      }
      var postmaster = postmaster();
      postmaster.destroyForcibly();
      postmaster.onExit().orTimeout(5, TimeUnit.SECONDS).join(); // until then it has the port
      var waiting = Thread.ofPlatform().daemon().start(() -> letGoLater(connection));

      try (var cluster = start(port)) {
        busy.onExit().orTimeout(5, TimeUnit.SECONDS).join();
        assertThat(query(cluster, "select answer from kept")).isEqualTo("42");
      }
      assertThat(directory.resolve("log")).content().contains(STILL_THERE);
      working.join();
      waiting.join();
    }
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(directory.resolve("pgdata/postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static ProcessHandle backend(Statement statement) throws SQLException {
    try (var rows = statement.executeQuery("select pg_backend_pid()")) {
      rows.next();
      return ProcessHandle.of(rows.getLong(1)).orElseThrow();
    }
  }

  /// Computes without ever waiting, so that the backend does not notice that its server is dead.
  private static void work(Statement statement) {
    assertThatThrownBy(
            () ->
                statement.execute(
                    "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b"))
        .isInstanceOf(SQLException.class);
  }

  /// Once the new server has found what the old one left behind.
  private void letGoLater(Connection connection) {
    try {
      long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!Files.readString(directory.resolve("log")).contains(STILL_THERE)
          && System.nanoTime() - until < 0) {
        Thread.sleep(Duration.ofMillis(20));
      }
      connection.abort(Runnable::run);
    } catch (IOException | InterruptedException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTakenPortIsNamedInOneSentence() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(taken.getLocalPort()))
          .isInstanceOfSatisfying(
              NodeFailure.class,
              failure -> assertThat(failure.code()).isEqualTo(NodeFailure.Code.PORT_TAKEN))
          .hasMessageContaining("port " + taken.getLocalPort());
    }
  }

  @Test
  void nobodyGetsInWithoutThePassword() throws Exception {
    try (var cluster = start(Ports.free())) {
      assertThatThrownBy(
              () -> DriverManager.getConnection(cluster.jdbcUrl("postgres"), "postgres", "guess"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
    }
  }

  private EmbeddedCluster start(int port) {
    return EmbeddedCluster.start(
        new EmbeddedCluster.ClusterSettings(
            "the test's database", directory, port, Optional.empty()),
        PostgresBinaries.under(BINARIES),
        RANDOM);
  }

  private static Connection connect(EmbeddedCluster cluster) throws SQLException {
    return DriverManager.getConnection(
        cluster.jdbcUrl("postgres"), cluster.superuser(), cluster.password());
  }

  private static String query(EmbeddedCluster cluster, String sql) throws SQLException {
    try (var connection = connect(cluster);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static void execute(EmbeddedCluster cluster, String sql) throws SQLException {
    try (var connection = connect(cluster);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
