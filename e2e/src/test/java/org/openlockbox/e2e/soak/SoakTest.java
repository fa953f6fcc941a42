package org.openlockbox.e2e.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.PostgresUrl;

/// Engineers come, read, make mistakes and go, some are revoked; then the node must hold no more
/// than it held after the first third. Half a minute; an hour with `./lockbox test --long`, another
/// time with `-Dlockbox.soak=SECONDS`.
@Tag("slow")
class SoakTest {
  private static final long SECONDS =
      Long.getLong("lockbox.soak", Boolean.getBoolean("lockbox.long") ? 3600 : 30);
  private static final int ENGINEERS = 6;
  private static final long TRY_AGAIN_NANOS = 500_000_000L;

  private final AtomicLong sessions = new AtomicLong();
  private final AtomicLong statements = new AtomicLong();
  private final AtomicLong revoked = new AtomicLong();
  private final AtomicLong turnedAway = new AtomicLong();

  @Test
  void whatComesAlsoGoes() throws Exception {
    try (Demo demo = Demo.start("soak")) {
      use(demo, Duration.ofSeconds(SECONDS / 3));
      Footprint early = idle(demo);
      use(demo, Duration.ofSeconds(SECONDS - SECONDS / 3));
      Footprint late = idle(demo);
      write(early, late);
      assertThat(sessions.get()).as("sessions").isGreaterThan(ENGINEERS);
      assertThat(revoked.get()).as("revoked sessions").isPositive();
      late.holdsNoMoreThan(early);
    }
  }

  /// Ends when everybody has logged out.
  private void use(Demo demo, Duration duration) throws InterruptedException, ExecutionException {
    String request = demo.askAndApprove("acme", "masked", "--for PT4H --sessions 50");
    var url = url(demo, request);
    long end = System.nanoTime() + duration.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < ENGINEERS; i++) {
        all.add(threads.submit(() -> comeAndGo(url, end)));
      }
      all.add(threads.submit(() -> beRevoked(demo, end)));
      for (var one : all) {
        one.get();
      }
    }
  }

  private static PostgresUrl url(Demo demo, String request) {
    return PostgresUrl.of(
        demo.terminal("engineer").types("lockbox connect " + request + " url").ok());
  }

  private Void comeAndGo(PostgresUrl url, long end) throws SQLException {
    while (System.nanoTime() - end < 0) {
      try (Connection connection = connect(url)) {
        for (int i = 0; i < 50 && System.nanoTime() - end < 0; i++) {
          read(connection, "select id, email from customers limit " + (i % 7 == 0 ? 2000 : 3));
          if (i % 10 == 0) {
            readWrongly(connection);
          }
        }
      }
    }
    return null;
  }

  /// Asks, is approved, reads, and is revoked while the connection is open.
  private Void beRevoked(Demo demo, long end) throws SQLException {
    do {
      String request = demo.askAndApprove("globex", "masked", "--for PT30M");
      try (Connection connection = connect(url(demo, request))) {
        read(connection, "select count(*) from customers");
        demo.terminal("globex-approver")
            .types("lockbox revoke " + request + " --key globex-approver.key")
            .ends(0);
        Pause.until(
            "the session of " + request + " ends",
            Duration.ofSeconds(20),
            () -> !connection.isValid(2));
        revoked.incrementAndGet();
      }
    } while (System.nanoTime() - end < 0);
    return null;
  }

  /// A gateway that gets no processor for a second has no lease, and says to try again.
  private Connection connect(PostgresUrl url) throws SQLException {
    while (true) {
      try {
        var connection = url.connect();
        sessions.incrementAndGet();
        return connection;
      } catch (SQLException refused) {
        assertThat(refused.getSQLState()).as(refused.getMessage()).isEqualTo("57P03");
        assertThat(turnedAway.incrementAndGet()).isLessThan(SECONDS);
        LockSupport.parkNanos(TRY_AGAIN_NANOS);
      }
    }
  }

  private void read(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      assertThat(count).isPositive();
      statements.incrementAndGet();
    }
  }

  private void readWrongly(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("select nothing from nowhere");
      throw new AssertionError("there is no such table");
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).isEqualTo("42P01");
      statements.incrementAndGet();
    }
  }

  private static Footprint idle(Demo demo) throws Exception {
    Pause.until(
        "every session role is gone",
        Duration.ofSeconds(60),
        () -> Footprint.of(demo).sessionRoles() == 0);
    return Footprint.of(demo);
  }

  private void write(Footprint early, Footprint late) throws IOException {
    var lines =
        List.of(
            "## Soak",
            "",
            ("%d s: %d sessions, %d of them revoked, %d statements, told %d times to try again."
                    + " What the idle node held:")
                .formatted(
                    SECONDS, sessions.get(), revoked.get(), statements.get(), turnedAway.get()),
            "",
            "| | reachable heap kB | open files | threads | session roles | backends, protected | backends, control |",
            "|---|---|---|---|---|---|---|",
            early.row("after a third"),
            late.row("at the end"));
    Files.write(Files.createDirectories(Path.of("target/results")).resolve("soak.md"), lines);
  }
}
