package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.TableName;

/// Columns that lead to a key and that no foreign key declares: `TABLE.COLUMN,…=TABLE.KEY`, with
/// names as PostgreSQL writes them. Somebody who knows the application says so, and the draft takes
/// it as it takes a foreign key. A wrong one shows a tenant the rows of another.
record StatedLink(List<ColumnName> from, ColumnName to) {
  private static final String NAME = "(?:[^\\s\",=.]|\"(?:[^\"]|\"\")*+\")++";
  private static final String COLUMN = NAME + "(?:\\." + NAME + "){1,2}";
  private static final Pattern ONE = Pattern.compile(COLUMN);
  private static final Pattern LINK =
      Pattern.compile("%1$s(?:\\s*,\\s*%1$s)*\\s*=\\s*%1$s".formatted(COLUMN));

  StatedLink {
    from = List.copyOf(from);
  }

  /// @param schema that of tables which are written without one
  /// @throws IllegalArgumentException with a sentence, for a text that is no link
  static StatedLink parse(String text, String schema) {
    if (!LINK.matcher(text.strip()).matches()) {
      throw new IllegalArgumentException("is not TABLE.COLUMN,...=TABLE.KEY");
    }
    var columns =
        new ArrayList<>(
            ONE.matcher(text).results().map(one -> column(one.group(), schema)).toList());
    ColumnName to = columns.removeLast();
    return new StatedLink(columns, to);
  }

  private static ColumnName column(String text, String schema) {
    List<String> names = SqlName.identifiers(text).orElse(List.of());
    if (names.size() < 2) {
      throw new IllegalArgumentException(
          "has no column called %s: a name with capitals stands in quotation marks"
              .formatted(text));
    }
    int last = names.size() - 1;
    return new TableName(last == 2 ? names.getFirst() : schema, names.get(last - 1))
        .column(names.get(last));
  }

  /// The same as keys of this database.
  ///
  /// @throws IllegalArgumentException with a sentence, if it has no such column
  List<DeclaredKey> in(DatabaseOutline outline) {
    demand(outline, to);
    from.forEach(column -> demand(outline, column));
    return from.stream()
        .map(
            column ->
                new DeclaredKey(
                    column.table(),
                    List.of(column.column()),
                    to.table(),
                    List.of(to.column()),
                    false,
                    true))
        .toList();
  }

  private static void demand(DatabaseOutline outline, ColumnName column) {
    if (outline
        .schema()
        .table(column.table())
        .flatMap(table -> table.column(column.column()))
        .isEmpty()) {
      throw new IllegalArgumentException("names %s, which does not exist".formatted(column));
    }
  }
}
