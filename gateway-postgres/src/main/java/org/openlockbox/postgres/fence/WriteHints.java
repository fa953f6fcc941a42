package org.openlockbox.postgres.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// The next step after PostgreSQL has refused a write: it names the view alone, this the columns.
///
/// @param byView what writes of each view have to keep to
public record WriteHints(Map<String, ViewRules> byView) {
  /// A statement that copies, behind blanks and comments.
  private static final Pattern COPY =
      Pattern.compile("(?is)(?:\\s|--[^\n]*+\n|/\\*.*?\\*/)*+copy\\b");

  /// Where nothing is written.
  public static final WriteHints NONE = new WriteHints(Map.of());

  /// What writes of one view have to keep to.
  ///
  /// @param closed why nothing of it is written at any level; empty if it is
  /// @param tenant the column that holds the tenant, if the view shows it
  /// @param filled those that no INSERT names: the database fills them
  /// @param fixed those that an INSERT may name and no UPDATE
  /// @param leading those that must lead to rows of the tenant
  record ViewRules(
      Optional<String> closed,
      Optional<String> tenant,
      List<String> filled,
      List<String> fixed,
      List<String> leading) {
    ViewRules {
      filled = List.copyOf(filled);
      fixed = List.copyOf(fixed);
      leading = List.copyOf(leading);
    }
  }

  public WriteHints {
    byView = Map.copyOf(byView);
  }

  static WriteHints of(ResourceSpec spec, DatabaseSchema schema) {
    if (!spec.levels().contains(Level.WRITE)) {
      return NONE;
    }
    var views = new ViewSql(spec, schema);
    Map<String, ViewRules> rules = new TreeMap<>();
    for (TableSpec table : spec.tables()) {
      rules.put(table.name().name(), rules(views, table));
    }
    return new WriteHints(rules);
  }

  private static ViewRules rules(ViewSql views, TableSpec table) {
    if (!views.isWritten(table)) {
      return new ViewRules(
          Optional.of(closed(table)), Optional.empty(), List.of(), List.of(), List.of());
    }
    List<String> visible = views.visible(table).stream().map(SchemaColumn::name).toList();
    List<String> insertable = views.insertable(table);
    List<String> updatable = views.updatable(table);
    List<String> leading = new ArrayList<>();
    views.references(table).forEach(reference -> leading.add(reference.column().name()));
    table.scope().parents().forEach(up -> leading.addAll(up.columns()));
    return new ViewRules(
        Optional.empty(),
        visible.stream().filter(name -> ViewSql.isTenant(table, name)).findFirst(),
        visible.stream().filter(name -> !insertable.contains(name)).toList(),
        insertable.stream().filter(name -> !updatable.contains(name)).toList(),
        leading.stream().distinct().toList());
  }

  private static String closed(TableSpec table) {
    return switch (table.scope()) {
      case RowScope.Shared _ -> "it is not one customer's alone";
      case RowScope.ByExpression _ -> "only a part of a column says whose its rows are";
      case RowScope.ByColumn _, RowScope.ByParent _, RowScope.ByParents _, RowScope.Whole _ ->
          "it has nothing that a session may write";
    };
  }

  /// After a right to the view was denied.
  ///
  /// @param sql the statement, as far as it is known: the columns that it names are meant
  public Optional<String> denied(String view, String sql) {
    ViewRules rules = byView.get(view);
    if (rules == null) {
      return Optional.empty();
    }
    if (rules.closed().isPresent()) {
      return Optional.of(
          "%s is read-only at every level: %s.".formatted(shown(view), rules.closed().get()));
    }
    if (COPY.matcher(sql).lookingAt()) {
      return Optional.of("PostgreSQL copies into tables only, and here are views: use INSERT.");
    }
    List<String> meant =
        named(Stream.concat(rules.filled().stream(), rules.fixed().stream()).toList(), sql);
    var words = new ArrayList<String>();
    add(
        words,
        "Leave out %s: the database fills in what is left out.",
        kept(rules.filled(), meant));
    add(words, "No UPDATE sets %s: whose a row is does not change.", kept(rules.fixed(), meant));
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
  }

  /// After the view's check has refused a row.
  public Optional<String> outside(String view, String sql) {
    ViewRules rules = byView.get(view);
    if (rules == null) {
      return Optional.empty();
    }
    List<String> tenant = rules.tenant().stream().toList();
    List<String> meant =
        named(Stream.concat(tenant.stream(), rules.leading().stream()).toList(), sql);
    var words = new ArrayList<String>();
    add(words, "%s must be this customer's own.", kept(tenant, meant));
    add(
        words,
        "%s must lead to a row of this customer that is there already.",
        kept(rules.leading(), meant));
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
  }

  private static List<String> kept(List<String> columns, List<String> meant) {
    return columns.stream().filter(meant::contains).toList();
  }

  private static void add(List<String> words, String sentence, List<String> columns) {
    if (!columns.isEmpty()) {
      words.add(
          sentence.formatted(
              columns.stream().map(WriteHints::shown).collect(Collectors.joining(", "))));
    }
  }

  private static String shown(String name) {
    return SqlName.shown(SqlName.of(name));
  }

  /// Those that the statement names, or all, where it names none.
  private static List<String> named(List<String> columns, String sql) {
    List<String> named =
        columns.stream()
            .filter(
                column ->
                    Pattern.compile(
                            "(?<![\\w$])" + Pattern.quote(column) + "(?![\\w$])",
                            Pattern.CASE_INSENSITIVE)
                        .matcher(sql)
                        .find())
            .toList();
    return named.isEmpty() ? columns : named;
  }
}
