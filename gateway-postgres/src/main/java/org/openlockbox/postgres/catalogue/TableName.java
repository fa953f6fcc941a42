package org.openlockbox.postgres.catalogue;

import java.util.regex.Pattern;

/// A table of the protected database: `schema.name`, both plain lower-case PostgreSQL names. Names
/// that would need quoting are refused, so that no name can carry SQL.
public record TableName(String schema, String name) implements Comparable<TableName> {
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  public TableName {
    if (!isPlain(schema) || !isPlain(name)) {
      throw new IllegalArgumentException("not a plain table name: " + schema + "." + name);
    }
  }

  /// Reads `table` (in the given schema) or `schema.table`.
  static TableName parse(String text, String schema) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new TableName(schema, text)
        : new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  public static boolean isPlain(String identifier) {
    return PLAIN.matcher(identifier).matches();
  }

  @Override
  public int compareTo(TableName other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }

  /// As SQL, always quoted, because a plain name may still be a reserved word.
  public String sql() {
    return SqlQuoting.name(schema) + "." + SqlQuoting.name(name);
  }
}
