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
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.postgres.catalogue.ServerVersion;

/// Reads catalogs in one snapshot with `search_path` pinned to `pg_catalog`, so that every name
/// comes back qualified and nobody's object can stand in for a system one.
public final class CatalogSnapshot {
  /// The schemas that the fence makes: `lb`, `lb_catalog`, one per level, and where each tenant has
  /// a schema of its own, one per level and tenant.
  private static final String FENCE_SCHEMAS =
      "^lb(_catalog|_(metadata|masked|read|write)(__.+)?)?$";

  /// Names mean what PostgreSQL itself brings, and nothing else.
  public static final String SEARCH_PATH = "pg_catalog, pg_temp";

  /// For a transaction that reads rows of the application: a view or foreign table in the place of
  /// a table is refused, because it would run what its owner wrote as whoever looks. Older releases
  /// of PostgreSQL have no such setting.
  public static final String TABLES_ONLY =
      "select set_config(name, 'view, foreign-table', true) from pg_settings"
          + " where name = 'restrict_nonsystem_relation_kind'";

  /// `${name a.attname}` in an SQL file: the identifier as [SqlName] writes it.
  private static final Pattern NAME = Pattern.compile("\\$\\{name ([a-z0-9_.]+)}");

  private static final String WRITTEN_NAME =
      "(case when $1 ~ '^[a-z_][a-z0-9_]*\\$' then $1::text else '\"' || replace($1, '\"', '\"\"') || '\"' end)";

  private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z0-9_]+)}");

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
        statement.execute("set local search_path = " + SEARCH_PATH);
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

  /// A column as PostgreSQL writes it, at most this many letters of it. No cast, since the owner of
  /// a type can make one.
  public static String shown(String column, int letters) {
    return "case when %1$s is not null then left(format('%%s', %1$s), %2$d) end"
        .formatted(column, letters);
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
      String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return NAME.matcher(sql.replace("${fence}", FENCE_SCHEMAS)).replaceAll(WRITTEN_NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same with other SQL in its places `${…}`. What is put there is not looked through again.
  public static String sql(String resource, Map<String, String> places) {
    return PLACE
        .matcher(sql(resource))
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    Objects.requireNonNull(places.get(place.group(1)), place.group())));
  }
}
