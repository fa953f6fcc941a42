package org.openlockbox.postgres.catalogue;

import java.util.Comparator;
import java.util.List;
import org.openlockbox.core.canonical.SqlName;

/// A table of the protected database, or a sequence: its schema and its name as the database has
/// them. They are data, whatever stands in them: [#sql] quotes them for SQL, and [#toString] for
/// files and messages.
public record TableName(String schema, String name) implements Comparable<TableName> {
  private static final Comparator<TableName> ORDER =
      Comparator.comparing(TableName::schema).thenComparing(TableName::name);

  public TableName {
    if (!isIdentifier(schema) || !isIdentifier(name)) {
      throw new IllegalArgumentException("is longer than PostgreSQL's names");
    }
  }

  /// Reads `table` (in the given schema) or `schema.table`, as [SqlName] writes them.
  static TableName parse(String text, String schema) {
    List<String> names = SqlName.identifiers(text).orElse(List.of());
    return switch (names.size()) {
      case 1 -> new TableName(schema, names.getFirst());
      case 2 -> new TableName(names.getFirst(), names.getLast());
      default ->
          throw new IllegalArgumentException(
              "must be a table or schema.table as PostgreSQL writes it: %s"
                  .formatted("tickets, crm.tickets, '\"Tenant\"', 'crm.\"Tenant\"'"));
    };
  }

  /// What PostgreSQL takes for a name. How many bytes it has there depends on the database's
  /// encoding; a name that is cut there is the name of nothing.
  static boolean isIdentifier(String name) {
    return !name.isEmpty() && name.codePointCount(0, name.length()) <= 63 && name.indexOf('\0') < 0;
  }

  /// Whether records and requests can name it.
  boolean fitsDocument() {
    return SqlName.fitsDocument(schema) && SqlName.fitsDocument(name);
  }

  public ColumnName column(String column) {
    return new ColumnName(this, column);
  }

  @Override
  public int compareTo(TableName other) {
    return ORDER.compare(this, other);
  }

  /// As files and messages write it: `public.tickets`, `public."Tenant"`.
  @Override
  public String toString() {
    return SqlName.of(schema, name);
  }

  /// As SQL, always quoted, because a plain name may still be a reserved word.
  public String sql() {
    return SqlQuoting.name(schema) + "." + SqlQuoting.name(name);
  }
}
