package org.openlockbox.postgres.propose;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.personal.ColumnDraft;
import org.openlockbox.postgres.personal.ColumnPlace;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.schema.SchemaTable;

/// Asks about the tables that [Placements] left, and about columns that look like links and that no
/// key declares.
final class PlacementQuestions {
  /// Tables in which tools that change schemas keep their books.
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "schema_migrations",
          "ar_internal_metadata",
          "flyway_schema_history",
          "databasechangelog",
          "databasechangeloglock",
          "django_migrations",
          "alembic_version",
          "_prisma_migrations",
          "knex_migrations",
          "knex_migrations_lock",
          "goose_db_version",
          "sequelizemeta",
          "typeorm_metadata",
          "__efmigrationshistory",
          "_sqlx_migrations",
          "pgmigrations",
          "refinery_schema_history",
          "atlas_schema_revisions");

  private final DatabaseOutline outline;
  private final Samples samples;
  private final TableText text;
  private final Placements placements;

  PlacementQuestions(
      DatabaseOutline outline, Samples samples, TableText text, Placements placements) {
    this.outline = outline;
    this.samples = samples;
    this.text = text;
    this.placements = placements;
  }

  static boolean isBookkeeping(TableName name) {
    return BOOKKEEPING.contains(name.name().toLowerCase(Locale.ROOT));
  }

  /// One question for each table that is left, in order of their names.
  List<OpenQuestion> tables() throws SQLException {
    var questions = new ArrayList<OpenQuestion>();
    for (TableName name : placements.left()) {
      if (!isBookkeeping(name)) {
        questions.add(table(outline.schema().table(name).orElseThrow()));
      }
    }
    return List.copyOf(questions);
  }

  private OpenQuestion table(SchemaTable table) throws SQLException {
    String subject = text.name(table.name());
    var answers = new ArrayList<String>();
    var links = new ArrayList<String>();
    for (LinkCandidate link : links(table)) {
      links.add(
          "%s may point to %s".formatted(SqlName.of(link.from().column().name()), link.words()));
      var scope =
          new RowScope.ByParent(
              link.from().column().name(), link.key().table(), link.key().column().name());
      answers.add(line(table.name(), scope));
    }
    var refusals = placements.refusals(table.name());
    if (!refusals.isEmpty()) {
      return new OpenQuestion(
          subject, "it has no place, because: " + String.join(" Also: ", refusals), answers);
    }
    var tenants = placements.placed().keySet().stream().filter(this::isTenants).sorted().toList();
    var typed = new TypedParents(outline, samples, text).question(table, tenants);
    if (typed.isPresent()) {
      return typed.get();
    }
    if (!links.isEmpty()) {
      return new OpenQuestion(
          subject,
          "no declared key leads to a tenant, but %s. Is it so?"
              .formatted(String.join("; ", links)),
          answers);
    }
    var waiting = leadingOn(table.name(), subject);
    return waiting.isPresent() ? waiting.get() : leadingFrom(table.name(), subject);
  }

  /// The links of a table that may tie its rows to a tenant's; not the tenant column itself, nor
  /// links to what tenants share.
  private List<LinkCandidate> links(SchemaTable table) throws SQLException {
    var links = new ArrayList<LinkCandidate>();
    for (SchemaColumn column : table.columns()) {
      if (text.column().filter(column.name()::equals).isEmpty()) {
        LinkCandidate.of(outline, samples, new ColumnPlace(table.name(), column)).stream()
            .filter(link -> isTenants(link.key().table()) || isLeft(link.key().table()))
            .forEach(links::add);
      }
    }
    return links;
  }

  private boolean isLeft(TableName name) {
    return placements.left().contains(name) && !isBookkeeping(name);
  }

  /// Declared keys that lead to tables without a place.
  private Optional<OpenQuestion> leadingOn(TableName name, String subject) {
    var below =
        outline.keysOf(name).stream()
            .map(DeclaredKey::to)
            .filter(placements.left()::contains)
            .map(text::name)
            .distinct()
            .collect(Collectors.joining(", "));
    return below.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new OpenQuestion(
                subject,
                "its declared keys lead only to tables without a place (%s).".formatted(below)));
  }

  /// A table that leads to no other: whether tenants share it.
  private OpenQuestion leadingFrom(TableName name, String subject) throws SQLException {
    var from =
        outline.keysInto(name).stream()
            .map(DeclaredKey::from)
            .filter(placements.placed()::containsKey)
            .map(text::name)
            .distinct()
            .collect(Collectors.joining(", "));
    if (from.isEmpty()) {
      return new OpenQuestion(subject, "nothing leads from it to a tenant. Whose are its rows?");
    }
    var tells =
        placements.personal(name).stream()
            .filter(column -> column.content() != ColumnDraft.Content.ANYTHING)
            .map(ColumnDraft::column)
            .collect(Collectors.joining(", "));
    return new OpenQuestion(
        subject,
        "rows of %s lead to it, and nothing leads from it to a tenant%s. May every customer's engineers see all of it?"
            .formatted(
                from, tells.isEmpty() ? "" : ". It seems to hold personal data (" + tells + ")"),
        List.of(line(name, new RowScope.Shared())));
  }

  private String line(TableName name, RowScope scope) {
    return text.line(new TableDraft(name, scope, "", List.of()));
  }

  /// Columns of placed tables that look like links to tenants' rows and are declared nowhere. Those
  /// whose sampled values all stand there become references, which only keep writes in; the others
  /// are asked about.
  List<OpenQuestion> references() throws SQLException {
    var questions = new ArrayList<OpenQuestion>();
    for (TableDraft table : placements.drafted()) {
      var kept = new ArrayList<LinkCandidate>();
      for (SchemaColumn column : outline.schema().table(table.name()).orElseThrow().columns()) {
        var link = reference(table, column);
        if (link.isPresent() && link.get().containment().isKnown()) {
          kept.add(link.get());
        }
        link.filter(unknown -> !unknown.containment().isKnown())
            .ifPresent(unknown -> questions.add(reference(table.name(), unknown)));
      }
      if (!kept.isEmpty()) {
        placements.refer(table, kept);
      }
    }
    return List.copyOf(questions);
  }

  private Optional<LinkCandidate> reference(TableDraft table, SchemaColumn column)
      throws SQLException {
    boolean tied =
        table.scope().equals(new RowScope.ByColumn(column.name()))
            || table.hidden().stream().anyMatch(hidden -> hidden.column().equals(column.name()));
    return tied
        ? Optional.empty()
        : LinkCandidate.of(outline, samples, new ColumnPlace(table.name(), column)).stream()
            .filter(link -> isTenants(link.key().table()))
            .findFirst();
  }

  private OpenQuestion reference(TableName name, LinkCandidate link) {
    return new OpenQuestion(
        text.name(name) + "." + SqlName.of(link.from().column().name()),
        "it may point to %s, and no key declares it. Level write asks where it leads."
            .formatted(link.words()),
        List.of("references: {%s}".formatted(text.reference(link))));
  }

  private boolean isTenants(TableName name) {
    var table = placements.placed().get(name);
    return table != null && !(table.scope() instanceof RowScope.Shared);
  }
}
