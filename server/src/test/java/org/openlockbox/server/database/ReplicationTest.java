package org.openlockbox.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Doubts while a barrier is under way, before a real PostgreSQL whose standby does not answer.
class ReplicationTest {
  private static final String WAITS = "wait_event = 'SyncRep'";
  private static EmbeddedPostgres postgres;

  private final Replication replication = new Replication();

  /// Who asked last.
  private Thread waiting = Thread.currentThread();

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void noStandbyAnswers() throws SQLException {
    standby("nobody");
    replication.doubt();
  }

  private static void standby(String name) throws SQLException {
    execute("alter system set synchronous_standby_names = '" + name + "'");
    execute("select pg_reload_conf()");
    until(() -> count("'" + name + "' = current_setting('synchronous_standby_names')") > 0);
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("set synchronous_commit = local");
      statement.execute(sql);
    }
  }

  private static int count(String which) {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from pg_stat_activity where " + which)) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void until(BooleanSupplier there) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!there.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /// Takes a connection, and a barrier's time if there is doubt.
  private CompletableFuture<Thread> settling() {
    var thread = new CompletableFuture<Thread>();
    var settled = new CompletableFuture<Thread>();
    Thread.startVirtualThread(
        () -> {
          thread.complete(Thread.currentThread());
          try (Connection connection = postgres.getPostgresDatabase().getConnection();
              var statement = connection.createStatement()) {
            statement.execute("set synchronous_commit = on");
            replication.settle(connection);
            settled.complete(Thread.currentThread());
          } catch (SQLException e) {
            settled.completeExceptionally(e);
          }
        });
    waiting = thread.join();
    return settled;
  }

  /// Else it would answer from rows that nobody has confirmed.
  @Test
  void nobodyGoesOnWhileTheBarrierOfAnotherIsUnderWay() throws Exception {
    var first = settling();
    until(() -> count(WAITS) == 1);
    var second = settling();
    until(() -> second.isDone() || waiting.getState() == Thread.State.TIMED_WAITING);
    assertThat(second).isNotDone();
    standby("");
    first.get(1, TimeUnit.MINUTES);
    second.get(1, TimeUnit.MINUTES);
  }

  /// The barrier began before it, and says nothing of it.
  @Test
  void aDoubtThatIsRaisedDuringABarrierOutlivesIt() throws Exception {
    var first = settling();
    until(() -> count(WAITS) == 1);
    replication.doubt();
    standby("");
    first.get(1, TimeUnit.MINUTES);
    standby("nobody");
    var second = settling();
    until(() -> second.isDone() || count(WAITS) == 1);
    assertThat(second).isNotDone();
    standby("");
    second.get(1, TimeUnit.MINUTES);
  }
}
