package org.openlockbox.postgres.personal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.openlockbox.postgres.catalogue.ColumnKey;
import org.openlockbox.postgres.catalogue.Mask;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.SchemaTable;

/// Looks into at most `rows` rows of each table, in read-only transactions with a time limit, as
/// whoever the connection is. A table that this role may not read, or not in time, is noted and
/// skipped. What PostgreSQL says about a failure is not passed on, since it may hold a value.
public final class DatabaseSamples implements Samples {
  private static final int LETTERS = 300;
  private static final int KEYS = 500;
  private static final int WIDER = 4;
  private static final String SETTINGS =
      """
      set transaction read only;
      set local search_path = pg_catalog, pg_temp;
      ${tables_only};
      set local statement_timeout = '5s';
      set local lock_timeout = '2s';
      set local row_security = off;
      set local synchronize_seqscans = off;
      """
          .replace("${tables_only}", CatalogSnapshot.TABLES_ONLY);

  private final Connection connection;
  private final ToDoubleFunction<TableName> estimate;
  private final int rows;
  private final SortedMap<TableName, String> unread = new TreeMap<>();

  /// @param estimate about how many rows a table has
  public DatabaseSamples(Connection connection, ToDoubleFunction<TableName> estimate, int rows) {
    this.connection = connection;
    this.estimate = estimate;
    this.rows = rows;
  }

  /// What came of a question to the database.
  private sealed interface Attempt<T> {}

  private record ReadAnswer<T>(T answer) implements Attempt<T> {}

  private record Unreadable<T>(String why) implements Attempt<T> {}

  private record Counts(int first, int second) {}

  /// A question to the database.
  @FunctionalInterface
  private interface Reading<T> {
    T run(Statement statement) throws SQLException;
  }

  @Override
  public Map<String, ColumnShapes> shapes(SchemaTable table) throws SQLException {
    List<String> columns =
        table.columns().stream()
            .filter(column -> Mask.SimpleMask.EMAIL.fits(column.type()) && !column.generated())
            .map(SchemaColumn::name)
            .toList();
    if (columns.isEmpty()) {
      return Map.of();
    }
    String list =
        String.join(
            ", ",
            columns.stream()
                .map(name -> CatalogSnapshot.shown(SqlQuoting.name(name), LETTERS))
                .toList());
    String sql = sampled(list, table.name(), "");
    return switch (read(statement -> shapes(statement, sql, columns))) {
      case ReadAnswer<Map<String, ColumnShapes>>(var shapes) -> shapes;
      case Unreadable<Map<String, ColumnShapes>>(String why) -> {
        unread.put(table.name(), why);
        yield Map.of();
      }
    };
  }

  private static Map<String, ColumnShapes> shapes(
      Statement statement, String sql, List<String> columns) throws SQLException {
    Map<String, ColumnShapes.Counter> counters = new LinkedHashMap<>();
    columns.forEach(name -> counters.put(name, new ColumnShapes.Counter()));
    try (var found = statement.executeQuery(sql)) {
      while (found.next()) {
        int place = 1;
        for (ColumnShapes.Counter counter : counters.values()) {
          String value = found.getString(place++);
          if (value != null) {
            counter.look(value);
          }
        }
      }
    }
    Map<String, ColumnShapes> shapes = new LinkedHashMap<>();
    counters.forEach((name, counter) -> shapes.put(name, counter.shapes()));
    return shapes;
  }

  @Override
  public Containment containment(ColumnPlace from, ColumnPlace key) throws SQLException {
    return containment(from, key, "");
  }

  @Override
  public Containment containment(
      ColumnPlace from, ColumnPlace key, SchemaColumn beside, String value) throws SQLException {
    return containment(
        from,
        key,
        " and %s::text operator(pg_catalog.=) %s"
            .formatted(SqlQuoting.name(beside.name()), SqlQuoting.text(value)));
  }

  @Override
  public Containment containment(TableName from, RowScope.ByExpression tenant, ColumnPlace column)
      throws SQLException {
    String sql =
        """
        select count(*)::int, count(*) filter (where s.v in (select t.%s::text from %s t))::int
          from (select distinct x.v from (%s) x order by 1 limit %d) s
        """
            .formatted(
                SqlQuoting.name(column.column().name()),
                column.table().sql(),
                sampled(
                    tenant.sql("") + " as v", from, " where %s <> ''".formatted(tenant.sql(""))),
                KEYS);
    return counts(sql)
        .map(found -> new Containment(found.first(), found.second()))
        .orElse(Containment.UNKNOWN);
  }

  private Containment containment(ColumnPlace from, ColumnPlace key, String more)
      throws SQLException {
    String column = SqlQuoting.name(from.column().name());
    ColumnKey there = key.column().key();
    String collation =
        there.isAtOddsWith(from.column().key())
            ? there.collation().map(name -> " collate " + name).orElse("")
            : "";
    String sql =
        """
        select count(*)::int, count(p.hit)::int
          from (select distinct x.v from (%s) x order by 1 limit %d) s
          left join lateral (select 1 as hit from %s t where t.%s operator(pg_catalog.=) s.v%s limit 1) p on true
        """
            .formatted(
                sampled(column + " as v", from.table(), " where " + column + " is not null" + more),
                KEYS,
                key.table().sql(),
                SqlQuoting.name(key.column().name()),
                collation);
    return counts(sql)
        .map(found -> new Containment(found.first(), found.second()))
        .orElse(Containment.UNKNOWN);
  }

  @Override
  public int crossing(TableName table, String tenant, String link) throws SQLException {
    String sql =
        """
        select count(*)::int, 0
          from (select 1
                  from (%s) x
                 where x.l is not null and x.t is not null
                 group by x.l
                having count(distinct x.t) > 1) y
        """
            .formatted(
                sampled(
                    SqlQuoting.name(link) + " as l, " + SqlQuoting.name(tenant) + " as t",
                    table,
                    ""));
    return counts(sql).map(Counts::first).orElse(0);
  }

  @Override
  public Map<TableName, String> unread() {
    return Collections.unmodifiableSortedMap(unread);
  }

  /// Rows from everywhere in a table, and the same ones each time: blocks by a fixed seed where it
  /// has many rows, and of what these hold the first by the hash of their place.
  private String sampled(String columns, TableName table, String where) {
    double all = estimate.applyAsDouble(table);
    String blocks =
        all <= (double) WIDER * rows
            ? ""
            : String.format(
                Locale.ROOT,
                " tablesample system (%f) repeatable (1)",
                Math.min(100, 100.0 * WIDER * rows / all));
    return "select %s from %s%s%s order by hashtid(ctid) limit %d"
        .formatted(columns, table.sql(), blocks, where, rows);
  }

  private Optional<Counts> counts(String sql) throws SQLException {
    Attempt<Counts> attempt =
        read(
            statement -> {
              try (var found = statement.executeQuery(sql)) {
                found.next();
                return new Counts(found.getInt(1), found.getInt(2));
              }
            });
    return attempt instanceof ReadAnswer<Counts>(Counts found)
        ? Optional.of(found)
        : Optional.empty();
  }

  private <T> Attempt<T> read(Reading<T> reading) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(SETTINGS);
      return new ReadAnswer<>(reading.run(statement));
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (connection.isClosed() || state.startsWith("08")) {
        throw new SQLException("the connection was lost while rows were sampled", state);
      }
      return new Unreadable<>(why(state));
    } finally {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(autoCommit);
      }
    }
  }

  private static String why(String state) {
    return switch (state) {
      case "42501" -> "this role may not read all of its rows";
      case "57014" -> "it took longer than 5 seconds";
      case "55P03" -> "it was locked";
      default -> "PostgreSQL answered " + state;
    };
  }
}
