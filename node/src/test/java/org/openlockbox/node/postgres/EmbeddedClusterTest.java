package org.openlockbox.node.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.NodeFailure;
import org.openlockbox.node.Ports;

class EmbeddedClusterTest {
  private static final Path BINARIES =
      Path.of(System.getProperty("java.io.tmpdir"), "lockbox-test-postgres");
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
        new EmbeddedCluster.Settings("the test's database", directory, port, Optional.empty()),
        PostgresBinaries.under(BINARIES),
        RANDOM);
  }

  private static String query(EmbeddedCluster cluster, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                cluster.jdbcUrl("postgres"), cluster.superuser(), cluster.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static void execute(EmbeddedCluster cluster, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                cluster.jdbcUrl("postgres"), cluster.superuser(), cluster.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
