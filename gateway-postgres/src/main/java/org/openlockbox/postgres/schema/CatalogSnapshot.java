package org.openlockbox.postgres.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.postgres.catalogue.ServerVersion;

/// Reads catalogs in one snapshot with `search_path` pinned to `pg_catalog`, so that every name
/// comes back qualified and nobody's object can stand in for a system one.
public final class CatalogSnapshot {
  /// The schemas that the fence makes: `lb`, `lb_catalog`, one per level, and where each tenant has
  /// a schema of its own, one per level and tenant.
  private static final String FENCE_SCHEMAS =
      "^lb(_catalog|_(metadata|masked|read|write)(__[a-z0-9_]+)?)?$";

  private CatalogSnapshot() {}

  /// Work on the connection that answers with a value.
  @FunctionalInterface
  public interface SnapshotWork<T> {
    T run() throws SQLException;
  }

  /// Turns the current row into a value.
  @FunctionalInterface
  public interface RowMapper<T> {
    T of(ResultSet rows) throws SQLException;
  }

  public static <T> T read(Connection connection, SnapshotWork<T> read) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      try (var statement = connection.createStatement()) {
        statement.execute("set transaction isolation level repeatable read, read only");
        statement.execute("set local search_path = pg_catalog, pg_temp");
      }
      return read.run();
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  public static <T> List<T> rows(
      Connection connection, String resource, RowMapper<T> row, String... parameters)
      throws SQLException {
    var found = new ArrayList<T>();
    try (var statement = connection.prepareStatement(sql(resource))) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.of(rows));
        }
      }
    }
    return List.copyOf(found);
  }

  public static ServerVersion version(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select current_setting('server_version_num')::int")) {
      rows.next();
      return ServerVersion.ofNumber(rows.getInt(1));
    }
  }

  /// The text of one of the SQL files in `org/openlockbox/postgres/sql`.
  public static String sql(String resource) {
    try (InputStream in =
        CatalogSnapshot.class.getResourceAsStream("/org/openlockbox/postgres/sql/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("${fence}", FENCE_SCHEMAS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
