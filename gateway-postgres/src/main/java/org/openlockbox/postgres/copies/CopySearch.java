package org.openlockbox.postgres.copies;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.schema.CatalogSnapshot;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.SchemaTable;

/// Looks into the rows for copies of values that are masked or hidden: at most [#ROWS] rows of each
/// table, compared by a [ValueSketch]. Needs a role that may read the tables; changes nothing,
/// keeps nothing, and prints no value.
public final class CopySearch {
  /// The rows of a table that are looked at, at most.
  public static final int ROWS = 10_000;

  private static final int LETTERS = 2_000;
  private static final int LETTERS_OF_A_COLUMN = 4_000_000;
  private static final int FREQUENT = 20;
  private static final Set<String> TELL_NOTHING = Set.of("bool", "bit", "varbit");

  private final Connection connection;
  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final ValueSketch sketch;
  private final List<String> sources = new ArrayList<>();

  private CopySearch(
      Connection connection, ResourceSpec spec, DatabaseSchema schema, SecureRandom random) {
    this.connection = connection;
    this.spec = spec;
    this.schema = schema;
    this.sketch = new ValueSketch(random);
  }

  /// The columns that masked sessions read in clear and that hold copies, each as a warning.
  public static List<Deviation> of(Connection connection, ResourceSpec spec, SecureRandom random)
      throws SQLException {
    return CatalogSnapshot.read(
        connection,
        () -> {
          try (var statement = connection.createStatement()) {
            statement.execute("set local row_security = off"); // an error rather than fewer rows
            statement.execute(CatalogSnapshot.TABLES_ONLY);
          }
          var schema = DatabaseSchema.readPinned(connection, spec);
          return new CopySearch(connection, spec, schema, random).found();
        });
  }

  private List<Deviation> found() throws SQLException {
    for (TableSpec table : spec.tables()) {
      for (SchemaColumn column : columns(table)) {
        if (isHeldBack(table, column) && column.type().value().kind() != 'e') {
          source(table, column);
        }
      }
    }
    var found = new ArrayList<Deviation>();
    for (TableSpec table : spec.tables()) {
      for (SchemaColumn column : columns(table)) {
        if (!isHeldBack(table, column) && !sources.isEmpty()) {
          found.addAll(copies(table, column));
        }
      }
    }
    return List.copyOf(found);
  }

  private List<SchemaColumn> columns(TableSpec table) {
    return schema.table(table.name()).map(SchemaTable::columns).orElse(List.of());
  }

  private static boolean isHeldBack(TableSpec table, SchemaColumn column) {
    return table.masks().containsKey(column.name()) || table.hidden().contains(column.name());
  }

  /// What many rows have says nothing about one of them.
  private void source(TableSpec table, SchemaColumn column) throws SQLException {
    if (TELL_NOTHING.contains(column.type().name())) {
      return;
    }
    Map<String, Integer> seen = new HashMap<>();
    read(table, column, value -> seen.merge(value, 1, Integer::sum));
    int rows = seen.values().stream().mapToInt(Integer::intValue).sum();
    int source = sources.size();
    sources.add(table.name().column(column.name()).toString());
    seen.forEach(
        (value, count) -> {
          if (count == 1 || count <= rows / FREQUENT) {
            sketch.add(source, value);
          }
        });
  }

  private List<Deviation> copies(TableSpec table, SchemaColumn column) throws SQLException {
    var finding = sketch.in();
    boolean lexemes = column.type().name().equals("tsvector");
    read(table, column, lexemes ? finding::lookAtLexemes : finding::look);
    String name = table.name().column(column.name()).toString();
    var found = new ArrayList<Deviation>();
    finding
        .copies()
        .forEach(
            (source, count) ->
                found.add(
                    Deviation.warning(
                        "mask-copies-found",
                        name,
                        "%s holds copies of %s: %d of %d sampled values%s."
                            .formatted(
                                name,
                                sources.get(source),
                                count,
                                sketch.values(source),
                                isCalledUnmasked(table, column)
                                    ? ", although it is listed under 'unmasked'"
                                    : ""),
                        "mask or hide %s of %s in resources.yaml."
                            .formatted(SqlName.of(column.name()), table.name()))));
    return found;
  }

  private boolean isCalledUnmasked(TableSpec table, SchemaColumn column) {
    return table.unmasked().contains(column.name()) || spec.unmasked().contains(column.name());
  }

  private void read(TableSpec table, SchemaColumn column, Consumer<String> each)
      throws SQLException {
    String name = SqlQuoting.name(column.name());
    String text =
        column.type().name().equals("bytea")
            ? "left(encode(%s, 'escape'), %d)".formatted(name, LETTERS)
            : CatalogSnapshot.shown(name, LETTERS);
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(500);
      long letters = 0;
      try (var rows =
          statement.executeQuery(
              "select %s from %s%s where %s is not null limit %d"
                  .formatted(text, table.name().sql(), sampled(table), name, ROWS))) {
        while (rows.next() && letters < LETTERS_OF_A_COLUMN) {
          String value = rows.getString(1);
          letters += value.length();
          each.accept(value);
        }
      }
    }
  }

  /// Blocks from everywhere in a table that has more rows than are looked at.
  private String sampled(TableSpec table) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            select sum(greatest(c.reltuples, 0)) from pg_class c
             where c.oid = ?::regclass or c.oid in (select relid from pg_partition_tree(?::regclass))
            """)) {
      statement.setString(1, table.name().sql());
      statement.setString(2, table.name().sql());
      try (var rows = statement.executeQuery()) {
        rows.next();
        double all = rows.getDouble(1);
        return all <= 2.0 * ROWS
            ? ""
            : " tablesample system (%s)".formatted(Math.min(100, 200.0 * ROWS / all));
      }
    }
  }
}
