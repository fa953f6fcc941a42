package org.openlockbox.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/// How long after a signed revocation was written into the tenant's log does the last byte reach
/// each session? N connections read without pause; each notes when its last row came, by the clock
/// that the log uses as well. A connection whose last row came before counts as zero.
final class RevocationBench {
  private final int sessions;
  private final int rounds;

  /// A login has ten seconds; a thousand at once on two cores would not make it.
  private final Semaphore loggingIn = new Semaphore(8);

  RevocationBench(int sessions, int rounds) {
    this.sessions = sessions;
    this.rounds = rounds;
  }

  void run() throws InterruptedException {
    System.out.println("| sessions | round | p50 ms | p99 ms | max ms | sockets closed after ms |");
    System.out.println("|---|---|---|---|---|---|");
    for (int round = 1; round <= rounds; round++) {
      round(round);
    }
  }

  private void round(int round) throws InterruptedException {
    Access access = Access.open("read");
    var lastRow = new AtomicLongArray(sessions);
    var closed = new AtomicLong();
    var reading = new CountDownLatch(sessions);
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int i = 0; i < sessions; i++) {
        int session = i;
        threads.execute(() -> read(access, session, lastRow, closed, reading));
      }
      reading.await();
      if (Arrays.stream(rowTimes(lastRow)).anyMatch(time -> time == 0)) {
        access.revoke();
        throw new IllegalStateException("not every session could be opened; there is no result");
      }
      access.revoke();
    }
    long revoked = access.revokedAt().toEpochMilli();
    double[] after = new double[sessions];
    for (int i = 0; i < sessions; i++) {
      after[i] = Math.max(0, lastRow.get(i) - revoked);
    }
    Arrays.sort(after);
    System.out.printf(
        "| %d | %d | %.0f | %.0f | %.0f | %.0f |%n",
        sessions,
        round,
        after[sessions / 2],
        after[(int) (0.99 * (sessions - 1))],
        after[sessions - 1],
        (double) closed.get() - revoked);
  }

  private static long[] rowTimes(AtomicLongArray lastRow) {
    return IntStream.range(0, lastRow.length()).mapToLong(lastRow::get).toArray();
  }

  /// Reads until the gateway ends the session, which is the point of it.
  private void read(
      Access access,
      int session,
      AtomicLongArray lastRow,
      AtomicLong closed,
      CountDownLatch reading) {
    boolean counted = false;
    try (Connection connection = connect(access);
        Statement statement = connection.createStatement()) {
      while (true) {
        try (ResultSet rows = statement.executeQuery("select id from tickets limit 50")) {
          while (rows.next()) {
            lastRow.set(session, System.currentTimeMillis());
          }
        }
        if (!counted) {
          counted = true;
          reading.countDown();
        }
      }
    } catch (SQLException e) {
      if (!"57P01".equals(e.getSQLState())) {
        System.err.println("session " + session + " ended with " + e.getSQLState() + ": " + e);
      }
    } finally {
      closed.accumulateAndGet(System.currentTimeMillis(), Math::max);
      if (!counted) {
        reading.countDown();
      }
    }
  }

  private Connection connect(Access access) throws SQLException {
    loggingIn.acquireUninterruptibly();
    try {
      return logIn(access);
    } finally {
      loggingIn.release();
    }
  }

  private static Connection logIn(Access access) throws SQLException {
    var environment = access.environment();
    var properties = new Properties();
    properties.setProperty("user", environment.getOrDefault("PGUSER", ""));
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", environment.getOrDefault("PGSSLROOTCERT", ""));
    properties.setProperty("passfile", environment.getOrDefault("PGPASSFILE", ""));
    System.setProperty("org.postgresql.pgpassfile", environment.getOrDefault("PGPASSFILE", ""));
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%s/%s"
            .formatted(
                environment.get("PGHOST"),
                environment.get("PGPORT"),
                environment.get("PGDATABASE")),
        properties);
  }
}
