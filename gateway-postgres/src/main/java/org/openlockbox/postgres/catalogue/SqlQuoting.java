package org.openlockbox.postgres.catalogue;

import java.util.Collection;
import java.util.stream.Collectors;

/// Quoting for the SQL that the plan prints.
public final class SqlQuoting {
  private SqlQuoting() {}

  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  public static String names(Collection<String> identifiers) {
    return identifiers.stream().map(SqlQuoting::name).collect(Collectors.joining(", "));
  }

  public static String text(String value) {
    if (value.indexOf('\\') >= 0 || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a backslash cannot stand in a plan: " + value);
    }
    return "'" + value.replace("'", "''") + "'";
  }
}
