package org.openlockbox.postgres.propose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.SchemaTable;
import org.openlockbox.postgres.schema.SchemaTable.RelationKind;

/// Asks about what stands beside the tables: views, triggers, extensions, schemas that are alike,
/// what the check will warn about, and what could not be looked at.
final class SchemaQuestions {
  private final DatabaseOutline outline;
  private final Samples samples;
  private final TableText text;

  SchemaQuestions(DatabaseOutline outline, Samples samples, TableText text) {
    this.outline = outline;
    this.samples = samples;
    this.text = text;
  }

  /// Schemas with the same tables may be one tenant's each.
  List<OpenQuestion> alike() {
    SortedMap<String, SortedSet<String>> tables = new TreeMap<>();
    for (SchemaTable table : outline.tables()) {
      tables.computeIfAbsent(table.name().schema(), _ -> new TreeSet<>()).add(table.name().name());
    }
    Map<Set<String>, List<String>> schemas =
        tables.entrySet().stream()
            .filter(schema -> schema.getValue().size() > 1)
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getValue,
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    return schemas.values().stream()
        .filter(same -> same.size() > 1)
        .map(same -> same.stream().map(SqlName::of).collect(Collectors.joining(", ")))
        .sorted()
        .map(
            same ->
                new OpenQuestion(
                    "schemas",
                    "%s hold the same tables. Is each one tenant's?".formatted(same),
                    List.of("tenancy: {schema: {TENANT: SCHEMA, …}}")))
        .toList();
  }

  /// Relations that cannot be tables of the catalogue, or need somebody's eyes.
  List<OpenQuestion> relations(List<TableDraft> tables) {
    var questions = new ArrayList<OpenQuestion>();
    for (SchemaTable view : outline.relations(RelationKind.MATERIALIZED_VIEW)) {
      questions.add(materialized(view));
    }
    list(
        questions,
        "views",
        outline.relations(RelationKind.VIEW),
        "they run with their owner's rights and stay unseen. Are all tables behind them listed?");
    list(
        questions,
        "foreign tables",
        outline.relations(RelationKind.FOREIGN_TABLE),
        "no fence reaches their rows, so they stay unseen.");
    var triggers =
        outline.triggers().stream()
            .filter(name -> tables.stream().anyMatch(table -> table.name().equals(name)))
            .map(text::name)
            .collect(Collectors.joining(", "));
    if (!triggers.isEmpty()) {
      questions.add(
          new OpenQuestion(
              "level write",
              "a write to %s sets off triggers or rules. Do they stay inside one tenant? Look before you add 'write' to 'levels'."
                  .formatted(triggers)));
    }
    return List.copyOf(questions);
  }

  private void list(
      List<OpenQuestion> questions, String subject, List<SchemaTable> relations, String sentence) {
    if (!relations.isEmpty()) {
      String names =
          relations.stream().map(view -> text.name(view.name())).collect(Collectors.joining(", "));
      questions.add(new OpenQuestion(subject, names + ": " + sentence));
    }
  }

  private OpenQuestion materialized(SchemaTable view) {
    String subject = text.name(view.name());
    var column = text.column().filter(name -> view.column(name).isPresent());
    if (column.isEmpty()) {
      return new OpenQuestion(
          subject, "it is a materialized view, which no key ties to a tenant, and stays unseen.");
    }
    var listed = new TableDraft(view.name(), new RowScope.ByColumn(column.get()), "", List.of());
    return new OpenQuestion(
        subject,
        "it is a materialized view with the column %s. Does it hold the tenant of each row?"
            .formatted(SqlName.of(column.get())),
        List.of(text.line(listed)));
  }

  /// What the check says about the draft, the columns of one name together.
  List<OpenQuestion> remarks(List<Deviation> remarks) {
    SortedMap<String, SortedSet<String>> copies = new TreeMap<>();
    var questions = new ArrayList<OpenQuestion>();
    for (Deviation remark : remarks) {
      switch (remark.kind()) {
        case "mask-copies" -> {
          String column = remark.subject().substring(remark.subject().lastIndexOf('.') + 1);
          copies.computeIfAbsent(column, _ -> new TreeSet<>()).add(remark.subject());
        }
        case "extension-unlisted" ->
            questions.add(
                new OpenQuestion(
                    "extensions",
                    remark.sentence(),
                    List.of("extensions: [" + DraftText.yaml(remark.subject()) + "]")));
        default -> {
          if (remark.refusesSessions()) {
            questions.add(new OpenQuestion(remark.subject(), remark.toString()));
          }
        }
      }
    }
    copies.forEach((column, places) -> questions.add(copies(column, places)));
    return List.copyOf(questions);
  }

  private static OpenQuestion copies(String column, SortedSet<String> places) {
    return new OpenQuestion(
        "columns called " + column,
        "one table masks or hides such a column, and %s %s it in clear. Mask it there as well, or say that none of them holds personal data."
            .formatted(String.join(", ", places), places.size() == 1 ? "shows" : "show"),
        List.of("unmasked: [%s]".formatted(DraftText.yaml(column))));
  }

  /// What concerns the server, and what nobody could look at.
  List<OpenQuestion> surroundings() {
    var questions = new ArrayList<OpenQuestion>();
    DatabaseSchema schema = outline.schema();
    schema
        .version()
        .floor()
        .filter(floor -> schema.version().compareTo(floor) < 0)
        .ifPresent(
            floor ->
                questions.add(
                    new OpenQuestion(
                        "postgres",
                        "PostgreSQL %s is older than %s, the oldest whose rights the fence trusts. Can you update it?"
                            .formatted(schema.version(), floor),
                        List.of("minimumVersion: " + schema.version()))));
    samples
        .unread()
        .forEach(
            (TableName name, String why) ->
                questions.add(
                    new OpenQuestion(
                        text.name(name),
                        "no row of it was sampled, because %s. Look at its columns yourself."
                            .formatted(why))));
    return List.copyOf(questions);
  }
}
