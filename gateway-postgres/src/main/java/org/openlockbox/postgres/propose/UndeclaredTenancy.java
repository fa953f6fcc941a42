package org.openlockbox.postgres.propose;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.personal.ColumnPlace;
import org.openlockbox.postgres.personal.NameWords;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.schema.SchemaTable;

/// What may tie the rows of a table to tenants where no link does: parents in several tables, of
/// which one column names the table and another holds the key (`owner_type` and `owner_id`), or the
/// tenant in a part of a column. What stands there is guessed, never read: a sample only says
/// whether the guess is there.
final class UndeclaredTenancy {
  private static final List<String> SEPARATORS = List.of("/", ":", "-", ".");

  private final DatabaseOutline outline;
  private final Samples samples;
  private final TableText text;

  UndeclaredTenancy(DatabaseOutline outline, Samples samples, TableText text) {
    this.outline = outline;
    this.samples = samples;
    this.text = text;
  }

  /// A question with the parents that samples show, if the table has two such columns.
  ///
  /// @param tenants the tables whose rows are tenants'
  Optional<OpenQuestion> question(SchemaTable table, Collection<TableName> tenants)
      throws SQLException {
    for (SchemaColumn type : table.columns()) {
      var link = link(table, type);
      if (link.isPresent()) {
        return Optional.of(
            question(table, type, link.get(), parents(table, type, link.get(), tenants)));
      }
    }
    return Optional.empty();
  }

  /// A question with the part of a column that seems to be the tenant: each sampled value is one,
  /// and there are two at least.
  ///
  /// @param holder a column that holds the tenant
  Optional<OpenQuestion> part(SchemaTable table, ColumnPlace holder) throws SQLException {
    for (SchemaColumn column : table.columns()) {
      for (RowScope.TenantPart part : parts(column)) {
        var scope = new RowScope.ByExpression(column.name(), part);
        var seen = samples.containment(table.name(), scope, holder);
        if (seen.isWhole() && seen.values() > 1) {
          return Optional.of(
              new OpenQuestion(
                  text.name(table.name()),
                  "a part of %s seems to be the tenant: each sampled value stands in %s. Is it so, whoever writes it?"
                      .formatted(shown(column), holder.table().column(holder.column().name())),
                  List.of(text.line(new TableDraft(table.name(), scope, "", List.of())))));
        }
      }
    }
    return Optional.empty();
  }

  private List<RowScope.TenantPart> parts(SchemaColumn column) {
    if (column.type().cast().equals("jsonb")) {
      return Stream.concat(text.column().stream(), Stream.of("tenant"))
          .distinct()
          .<RowScope.TenantPart>map(RowScope.TenantPart.JsonMember::new)
          .toList();
    }
    return column.key().operand().equals(Optional.of("text"))
        ? SEPARATORS.stream()
            .<RowScope.TenantPart>map(mark -> new RowScope.TenantPart.Between(mark, 1))
            .toList()
        : List.of();
  }

  private static Optional<SchemaColumn> link(SchemaTable table, SchemaColumn type) {
    String stem = NameWords.of(type.name()).kindOf();
    boolean names = type.type().isEnum() || type.key().operand().equals(Optional.of("text"));
    return stem.isEmpty() || !names
        ? Optional.empty()
        : table.columns().stream()
            .filter(column -> NameWords.of(column.name()).target().equals(stem))
            .filter(column -> column.pointsTo().isEmpty())
            .findFirst();
  }

  private List<RowScope.ByParent> parents(
      SchemaTable table, SchemaColumn type, SchemaColumn link, Collection<TableName> tenants)
      throws SQLException {
    var found = new ArrayList<RowScope.ByParent>();
    var from = new ColumnPlace(table.name(), link);
    for (TableName name : tenants) {
      var parent = outline.schema().table(name).orElseThrow();
      var key = LinkCandidate.key(outline, from, parent);
      if (key.isPresent()) {
        for (String value : spellings(name, type)) {
          if (samples.containment(from, new ColumnPlace(name, key.get()), type, value).isWhole()) {
            found.add(
                new RowScope.ByParent(
                    List.of(new RowScope.ByParent.KeyLink(link.name(), key.get().name())),
                    name,
                    Optional.of(new RowScope.ByParent.Discriminator(type.name(), value))));
          }
        }
      }
    }
    return found;
  }

  /// How frameworks call a table in such a column: its class, or its own name.
  private static List<String> spellings(TableName name, SchemaColumn type) {
    String row = NameWords.of(name.name()).singular().text();
    String camel =
        Arrays.stream(row.split(" "))
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
    String snake = row.replace(' ', '_');
    return Stream.of(camel, snake, name.name(), snake.toUpperCase(Locale.ROOT))
        .distinct()
        .filter(value -> !type.type().isEnum() || type.type().labels().contains(value))
        .toList();
  }

  private OpenQuestion question(
      SchemaTable table, SchemaColumn type, SchemaColumn link, List<RowScope.ByParent> parents) {
    String sentence = "%s may say of which table %s is a key".formatted(shown(type), shown(link));
    if (parents.isEmpty()) {
      return new OpenQuestion(
          text.name(table.name()),
          sentence + ", and no sample shows of which. What stands there, and for which tables?",
          List.of(
              "tenant: \"%s = 'TYPE' and %s in (select KEY from TABLE) or …\""
                  .formatted(shown(type), shown(link))));
    }
    RowScope scope = parents.size() == 1 ? parents.getFirst() : new RowScope.ByParents(parents);
    return new OpenQuestion(
        text.name(table.name()),
        sentence + ", and sampled values fit. Are these all? Rows of other types stay unseen.",
        List.of(text.line(new TableDraft(table.name(), scope, "", List.of()))));
  }

  private static String shown(SchemaColumn column) {
    return SqlName.of(column.name());
  }
}
