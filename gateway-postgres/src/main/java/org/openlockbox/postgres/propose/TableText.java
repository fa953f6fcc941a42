package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.personal.ColumnDraft;

/// Writes a table of a catalogue, as the lines of a file or within one line. The one place that
/// knows how `resources.yaml` spells a table.
///
/// @param schema that of tables which are written without one
/// @param column the tenant column of tables that name none; empty where it is no column
record TableText(String schema, Optional<String> column) {
  private static final String STEP = "  ";
  private static final String JOIN = "joinParent: true";
  private static final Pattern PLAIN_LINK = Pattern.compile("[a-z0-9_.,=]+");

  /// The table as the catalogue writes it, not yet as YAML.
  String name(TableName table) {
    return table.schema().equals(schema) ? SqlName.of(table.name()) : table.toString();
  }

  String key(TableName table) {
    return DraftText.yaml(name(table));
  }

  /// The lines of a table, with a comment for each guess; the first is not indented.
  List<String> lines(TableDraft table) {
    var lines = new ArrayList<String>();
    scope(table.scope()).ifPresent(scope -> lines.add(STEP + scope));
    if (table.joinsParent()) {
      lines.add(STEP + noted(JOIN, "each of many tenants has few of many rows"));
    }
    if (!table.masked().isEmpty()) {
      lines.add(STEP + "mask:");
      table.masked().forEach(mask -> lines.add(STEP + STEP + noted(mask(mask), mask.basis())));
    }
    if (!table.hidden().isEmpty()) {
      lines.add(STEP + "hide:");
      table
          .hidden()
          .forEach(
              hide -> lines.add(STEP + STEP + noted("- " + column(hide.column()), hide.basis())));
    }
    if (!table.references().isEmpty()) {
      lines.add(STEP + "references:");
      table
          .references()
          .forEach(link -> lines.add(STEP + STEP + noted(reference(link), link.comment())));
    }
    lines.addFirst(noted(key(table.name()) + (lines.isEmpty() ? ": {}" : ":"), table.why()));
    return List.copyOf(lines);
  }

  /// The table on one line, without comments.
  String line(TableDraft table) {
    var parts = new ArrayList<String>();
    scope(table.scope()).ifPresent(parts::add);
    if (table.joinsParent()) {
      parts.add(JOIN);
    }
    if (!table.masked().isEmpty()) {
      parts.add("mask: {" + joined(table.masked().stream().map(TableText::mask).toList()) + "}");
    }
    if (!table.hidden().isEmpty()) {
      parts.add("hide: [" + joined(names(table.hidden())) + "]");
    }
    if (!table.references().isEmpty()) {
      parts.add(
          "references: {"
              + joined(table.references().stream().map(this::reference).toList())
              + "}");
    }
    return key(table.name()) + ": {" + joined(parts) + "}";
  }

  /// References of a table on one line.
  String line(TableName table, List<LinkCandidate> references) {
    return "%s: {references: {%s}}"
        .formatted(key(table), joined(references.stream().map(this::reference).toList()));
  }

  /// The option of `propose` that states links to one key, ready for a shell.
  String option(List<ColumnName> from, ColumnName key) {
    String whole =
        from.stream().map(this::column).collect(Collectors.joining(",")) + "=" + column(key);
    return "--link "
        + (PLAIN_LINK.matcher(whole).matches() ? whole : "'" + whole.replace("'", "'\\''") + "'");
  }

  /// A column as the catalogue writes it, not yet as YAML.
  String column(ColumnName column) {
    return name(column.table()) + "." + SqlName.of(column.column());
  }

  /// A column, and the key that it leads to.
  String reference(LinkCandidate link) {
    return column(link.from().column().name())
        + ": "
        + DraftText.yaml(name(link.key().table()) + "." + SqlName.of(link.key().column().name()));
  }

  static String mask(ColumnDraft column) {
    return column(column.column())
        + ": "
        + column.mask().map(mask -> DraftText.yaml(mask.word())).orElseThrow();
  }

  private Optional<String> scope(RowScope scope) {
    return switch (scope) {
      case RowScope.ByColumn own when column.filter(own.column()::equals).isPresent() ->
          Optional.empty();
      case RowScope.ByColumn own -> Optional.of("tenant: " + column(own.column()));
      case RowScope.ByExpression in -> Optional.of("tenant: " + DraftText.quoted(expression(in)));
      case RowScope.ByParent _, RowScope.ByParents _ ->
          Optional.of(
              "tenant: "
                  + DraftText.quoted(
                      scope.parents().stream()
                          .map(this::parent)
                          .collect(Collectors.joining(" or "))));
      case RowScope.Whole ignored -> Optional.empty();
      case RowScope.Shared ignored -> Optional.of("shared: true");
    };
  }

  private static String expression(RowScope.ByExpression in) {
    String name = SqlName.of(in.column());
    return switch (in.part()) {
      case RowScope.TenantPart.Between part ->
          "split_part(%s, %s, %d)".formatted(name, constant(part.separator()), part.at());
      case RowScope.TenantPart.First part -> "left(%s, %d)".formatted(name, part.characters());
      case RowScope.TenantPart.JsonMember part -> "%s ->> %s".formatted(name, constant(part.key()));
    };
  }

  private static String constant(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  private String parent(RowScope.ByParent up) {
    String columns = up.columns().stream().map(SqlName::of).collect(Collectors.joining(", "));
    return "%s%s in (select %s from %s)"
        .formatted(
            up.only()
                .map(only -> SqlName.of(only.column()) + " = " + constant(only.value()) + " and ")
                .orElse(""),
            up.columns().size() == 1 ? columns : "(" + columns + ")",
            up.keys().stream().map(SqlName::of).collect(Collectors.joining(", ")),
            name(up.parent()));
  }

  static List<String> names(List<ColumnDraft> columns) {
    return columns.stream().map(column -> column(column.column())).toList();
  }

  /// A column as a key or value of YAML.
  static String column(String name) {
    return DraftText.yaml(SqlName.of(name));
  }

  private static String joined(List<String> parts) {
    return parts.stream().collect(Collectors.joining(", "));
  }

  /// A line with a comment at its end.
  static String noted(String line, String comment) {
    return comment.isEmpty() ? line : line + "  # " + DraftText.comment(comment);
  }
}
