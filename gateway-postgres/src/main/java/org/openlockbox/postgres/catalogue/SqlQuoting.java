package org.openlockbox.postgres.catalogue;

import java.util.Collection;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;

/// Quoting for the SQL that the plan prints. Every name and text of a database, a catalogue or a
/// person gets into SQL through here.
public final class SqlQuoting {
  private SqlQuoting() {}

  public static String name(String identifier) {
    return SqlName.quoted(identifier);
  }

  public static String names(Collection<String> identifiers) {
    return identifiers.stream().map(SqlQuoting::name).collect(Collectors.joining(", "));
  }

  /// A constant. It may stand in a dollar-quoted body as well, whose end it cannot hold, and means
  /// the same whatever `standard_conforming_strings` says.
  public static String text(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("PostgreSQL has no text with a zero character");
    }
    var quoted = new StringBuilder();
    boolean escaped = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean special = c == '\\' || c == '$' || c < 0x20 || c == 0x7f;
      escaped |= special;
      quoted.append(special ? "\\x%02x".formatted((int) c) : c == '\'' ? "''" : c);
    }
    return (escaped ? "e'" : "'") + quoted + "'";
  }
}
