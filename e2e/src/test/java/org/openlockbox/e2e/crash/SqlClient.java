package org.openlockbox.e2e.crash;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.openlockbox.e2e.harness.Demo;

/// An engineer's program that reads without end. Each statement carries a marker of its own; the
/// marker of each statement of which so much as one row arrived is remembered, with the time.
final class SqlClient {
  private final String name;
  private final String tenant;
  private final String url;
  private final Properties login;
  private final RandomGenerator random;
  private final Map<String, Instant> received = new ConcurrentHashMap<>();
  private volatile boolean stopped;
  private int number;

  SqlClient(String name, String tenant, String typedUrl, RandomGenerator random) {
    URI uri = URI.create(typedUrl);
    String[] who = uri.getUserInfo().split(":", 2);
    this.name = name;
    this.tenant = tenant;
    this.random = random;
    this.url =
        "jdbc:postgresql://%s:%d%s?%s"
            .formatted(
                uri.getHost(),
                uri.getPort(),
                uri.getPath(),
                uri.getRawQuery().replace("&application_name", "&ApplicationName"));
    this.login = new Properties();
    login.setProperty("user", who[0]);
    login.setProperty("password", who[1]);
    login.setProperty("loginTimeout", "10");
  }

  /// What `lockbox connect ID url` prints.
  static String typedUrl(Demo demo, String request) {
    return demo.terminal("engineer")
        .types("lockbox connect " + request + " url")
        .ok()
        .lines()
        .findFirst()
        .orElseThrow();
  }

  String tenant() {
    return tenant;
  }

  /// Markers of the statements that had a result, and when its first row was here.
  Map<String, Instant> received() {
    return received;
  }

  void begin() {
    stopped = false;
  }

  void stop() {
    stopped = true;
  }

  /// Reads until stopped; whenever the connection breaks, connects again.
  void run() {
    while (!stopped) {
      try (Connection connection = DriverManager.getConnection(url, login)) {
        connection.setAutoCommit(false);
        while (!stopped) {
          read(connection);
          LockSupport.parkNanos(Duration.ofMillis(random.nextInt(20)).toNanos());
        }
      } catch (SQLException broken) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  private void read(Connection connection) throws SQLException {
    String marker = name + "-" + number++;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(random.nextInt(4) == 0 ? 50 : 0);
      try (ResultSet rows = statement.executeQuery(sql(marker))) {
        while (!stopped && rows.next()) {
          received.putIfAbsent(rows.getString(1), Instant.now());
        }
      }
    }
    if (random.nextInt(5) == 0) {
      connection.commit();
    }
  }

  private String sql(String marker) {
    String plain = "select '" + marker + "', ";
    String what =
        switch (random.nextInt(100)) {
          case 0, 1, 2, 3 -> "g from generate_series(1, 3000) g";
          case 4, 5, 6, 7 -> "pg_sleep(0.2)";
          case 8, 9 -> "count(*) from ticket_messages";
          case 10 -> "pg_sleep(60)";
          default -> "email from customers limit 3";
        };
    return plain + what + " -- marker " + marker;
  }
}
