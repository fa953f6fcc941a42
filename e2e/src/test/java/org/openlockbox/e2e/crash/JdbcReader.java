package org.openlockbox.e2e.crash;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.openlockbox.e2e.harness.PostgresUrl;

/// Reads with pgjdbc, connecting anew now and then. The one that `staysLong` asks once more after
/// its first result, for what takes longer than the round, so that every kill finds it waiting.
final class JdbcReader implements Reader {
  private final String tenant;
  private final boolean staysLong;
  private final PostgresUrl url;
  private final RandomGenerator random;
  private final Markers markers;

  JdbcReader(
      String name, String tenant, String typedUrl, boolean staysLong, RandomGenerator random) {
    this.markers = new Markers(name);
    this.tenant = tenant;
    this.staysLong = staysLong;
    this.random = random;
    this.url = PostgresUrl.of(typedUrl);
  }

  @Override
  public String tenant() {
    return tenant;
  }

  @Override
  public Markers markers() {
    return markers;
  }

  @Override
  public void run() {
    while (!markers.isStopped()) {
      try (Connection connection = url.connect()) {
        connection.setAutoCommit(false);
        do {
          read(connection);
          LockSupport.parkNanos(Duration.ofMillis(random.nextInt(20)).toNanos());
        } while (!markers.isStopped() && random.nextInt(15) > 0);
      } catch (SQLException broken) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  private void read(Connection connection) throws SQLException {
    String marker = markers.next();
    String sql = "select '%s', %s -- marker %s.".formatted(marker, what(), marker);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(random.nextInt(4) == 0 ? 50 : 0);
      markers.underWay(true);
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          markers.received(rows.getString(1));
        }
      }
      markers.underWay(false);
    }
    if (random.nextInt(5) == 0) {
      connection.commit();
    }
  }

  private String what() {
    if (staysLong && !markers.received().isEmpty()) {
      return random.nextBoolean()
          ? "pg_sleep(300)"
          : "count(*) from generate_series(1, 100000) a, generate_series(1, 1000000) b";
    }
    return switch (random.nextInt(20)) {
      case 0 -> "g from generate_series(1, 3000) g";
      case 1 -> "pg_sleep(0.2)";
      case 2 -> "count(*) from ticket_messages";
      default -> "email from customers limit 3";
    };
  }
}
