package org.openlockbox.e2e.failover;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.e2e.harness.PostgresUrl;

/// One engineer's program that asks one statement after the other, `select 'NAME-0'`, `select
/// 'NAME-1'`, …, and connects anew when its session ends.
final class Asker {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration BEFORE_ANOTHER_LOGIN = Duration.ofMillis(250);

  private final String name;
  private final PostgresUrl url;
  private final Thread thread;
  private final List<String> received = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private Duration longest = Duration.ZERO;
  private long last = System.nanoTime();
  private volatile boolean stopped;
  private int asked;

  Asker(String name, PostgresUrl url) {
    this.name = name;
    this.url = url;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  private void run() {
    while (!stopped) {
      try (Connection connection = url.connect()) {
        ask(connection);
      } catch (SQLException e) {
        ended(e);
        LockSupport.parkNanos(BEFORE_ANOTHER_LOGIN.toNanos());
      }
    }
  }

  private void ask(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      while (!stopped) {
        String text = name + "-" + asked++;
        try (var rows = statement.executeQuery("select '" + text + "'")) {
          rows.next();
          took(rows.getString(1));
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private synchronized void took(String result) {
    received.add(result);
    long now = System.nanoTime();
    var since = Duration.ofNanos(now - last);
    longest = longest.compareTo(since) < 0 ? since : longest;
    last = now;
  }

  private synchronized void ended(SQLException why) {
    ends.add(why.getSQLState() + " " + why.getMessage());
  }

  /// How many results have come.
  synchronized int count() {
    return received.size();
  }

  synchronized List<String> received() {
    return List.copyOf(received);
  }

  /// The longest time between two results since it was last asked, and begins to measure anew.
  synchronized Duration takeLongest() {
    var taken = longest;
    longest = Duration.ZERO;
    return taken;
  }

  /// With what its sessions and logins ended since it was last asked.
  synchronized List<String> takeEnds() {
    var taken = List.copyOf(ends);
    ends.clear();
    return taken;
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }
}
