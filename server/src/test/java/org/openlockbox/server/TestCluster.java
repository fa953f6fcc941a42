package org.openlockbox.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/// One real PostgreSQL for the whole JVM, started by the first test and stopped with it.
final class TestCluster {
  private static final EmbeddedPostgres POSTGRES = start();

  private TestCluster() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where this database is.
  static String url(String database) {
    return POSTGRES.getJdbcUrl("postgres", database);
  }

  static void execute(String sql) {
    try (var connection = POSTGRES.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
