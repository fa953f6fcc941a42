package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// One session that asks one statement after the other until it is told to stop or is ended:
/// `select 'NAME-0'`, `select 'NAME-1'`, …
public final class Steady implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LOGIN_WITHIN = Duration.ofMinutes(2);

  private final String name;
  private final PostgresUrl url;
  private final boolean comesBack;
  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger breaks = new AtomicInteger();
  private final AtomicReference<Optional<SQLException>> failed =
      new AtomicReference<>(Optional.empty());
  private final Thread thread;
  private volatile Connection connection;
  private volatile boolean stopped;
  private volatile Instant last;

  private Steady(String name, PostgresUrl url, boolean comesBack) throws SQLException {
    this.name = name;
    this.url = url;
    this.comesBack = comesBack;
    this.connection = login(url);
    this.last = Instant.now();
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /// One session.
  public static Steady once(String name, PostgresUrl url) throws SQLException {
    return new Steady(name, url, false);
  }

  /// One session, and another one when it is ended: a machine that is too slow to renew the lease
  /// ends sessions by itself.
  public static Steady lasting(String name, PostgresUrl url) throws SQLException {
    return new Steady(name, url, true);
  }

  /// A busy machine may take longer than a driver waits.
  private static Connection login(PostgresUrl url) throws SQLException {
    Instant deadline = Instant.now().plus(LOGIN_WITHIN);
    while (true) {
      try {
        return url.connect();
      } catch (SQLException e) {
        if (Instant.now().isAfter(deadline)) {
          throw e;
        }
        Pause.briefly();
      }
    }
  }

  private void run() {
    while (!stopped && !hasEnded()) {
      try {
        reads();
      } catch (SQLException e) {
        comeBack(e);
      }
    }
  }

  private void reads() throws SQLException {
    try (var statement = connection.createStatement()) {
      while (!stopped) {
        try (var rows = statement.executeQuery("select '" + text(read.get()) + "'")) {
          rows.next();
        }
        last = Instant.now();
        read.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void comeBack(SQLException why) {
    if (!comesBack) {
      failed.set(Optional.of(why));
      return;
    }
    breaks.incrementAndGet();
    try {
      connection.close();
      connection = login(url);
    } catch (SQLException e) {
      failed.set(Optional.of(e));
    }
  }

  private String text(int n) {
    return name + "-" + n;
  }

  /// How many results have come.
  public int read() {
    return read.get();
  }

  /// Waits until so many more have come.
  public void readsOn(int more) {
    int then = read.get() + more;
    Pause.until(name + " reads on", Duration.ofMinutes(2), () -> read.get() >= then || hasEnded());
    assertThat(failed.get()).as(name).isEmpty();
  }

  private boolean hasEnded() {
    return failed.get().isPresent();
  }

  /// When the newest result came.
  public Instant last() {
    return last;
  }

  /// How often its session was ended.
  public int breaks() {
    return breaks.get();
  }

  /// Waits until somebody ends it, and answers with which words.
  public String ended(Duration patience) {
    Pause.until(name + " is ended", patience, this::hasEnded);
    return String.valueOf(failed.get().orElseThrow().getMessage());
  }

  /// Stops. Nobody may have ended it before.
  public void stop() throws InterruptedException, SQLException {
    stopped = true;
    thread.join();
    assertThat(failed.get()).as(name).isEmpty();
    connection.close();
  }

  /// That this account of what happened has each of its statements.
  public void allIn(String story) {
    for (int n = 0; n < read.get(); n++) {
      assertThat(story).as("statement %d of %s", n, name).contains("select '" + text(n) + "'");
    }
  }

  @Override
  public void close() throws SQLException {
    stopped = true;
    connection.close();
  }
}
