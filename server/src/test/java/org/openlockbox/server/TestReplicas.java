package org.openlockbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/// A real primary, and a real standby that its commits wait for. The standby can be away, and can
/// take the primary's place: then it listens where the primary did.
public final class TestReplicas implements AutoCloseable {
  private static final Map<String, String> PRIMARY = Map.of("synchronous_standby_names", "*");

  private final Path directory;
  private final List<TestCluster> running = new ArrayList<>();
  public final TestCluster primary;

  public TestReplicas() {
    try {
      directory = Files.createTempDirectory("replicas");
      int port;
      try (var first = TestCluster.in(directory.resolve("primary"), 0, Map.of())) {
        port = first.port();
      }
      copy(directory.resolve("primary"), directory.resolve("standby"));
      Files.createFile(directory.resolve("standby/standby.signal"));
      Files.writeString(
          directory.resolve("standby/postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 user=postgres port=%d'%n".formatted(port));
      primary = TestCluster.in(directory.resolve("primary"), port, PRIMARY);
      attach();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
  }

  /// Commits wait for nothing but the standby's answer again. Does nothing if it is there.
  public void attach() {
    if (running.isEmpty()) {
      running.add(TestCluster.in(directory.resolve("standby"), 0, Map.of()));
    }
    Pause.until(
        "the standby to follow", () -> count("pg_stat_replication", "state = 'streaming'") == 1);
  }

  /// From now on commits wait.
  public void detach() {
    running.removeLast().close();
    Pause.until("the standby to be gone", () -> count("pg_stat_replication", "true") == 0);
  }

  /// How many backends wait for the standby.
  public int waiting(String which) {
    return count("pg_stat_activity", "wait_event = 'SyncRep' and " + which);
  }

  private int count(String table, String which) {
    try (var connection = DriverManager.getConnection(primary.url("postgres"));
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select count(*) from %s where %s".formatted(table, which))) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Has PostgreSQL answer commits that wait for the standby, again and again until this is done:
  /// each is answered with a warning.
  ///
  /// @param which of the waiting backends
  public <T> T cancelWaitsOf(Future<T> call, String which) throws Exception {
    var cancel =
        """
        select pg_cancel_backend(pid) from pg_stat_activity
         where wait_event = 'SyncRep' and %s
        """
            .formatted(which);
    Pause.until(
        "the call to be answered",
        () -> {
          primary.execute(cancel);
          return call.isDone();
        });
    return call.get();
  }

  /// The primary is lost with what the standby, which is away, has not got.
  void failOver() throws IOException {
    primary.close();
    Files.delete(directory.resolve("standby/standby.signal"));
    running.add(TestCluster.in(directory.resolve("standby"), primary.port(), Map.of()));
  }

  @Override
  public void close() {
    running.forEach(TestCluster::close);
    primary.close();
  }
}
