package org.openlockbox.postgres.propose;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.personal.ColumnDraft;
import org.openlockbox.postgres.personal.ColumnPlace;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.schema.SchemaTable;

/// Asks about the tables that [Placements] left.
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
          "migrations",
          "knex_migrations_lock",
          "goose_db_version",
          "sequelizemeta",
          "typeorm_metadata",
          "__efmigrationshistory",
          "_sqlx_migrations",
          "pgmigrations",
          "refinery_schema_history",
          "atlas_schema_revisions");

  private static final String ALONE = "nothing leads from it to a tenant. Whose are its rows?";

  private static final int MOST_HOLDERS = 3;

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

  /// One question for each table that is left, in order of their names. A table whose keys lead to
  /// another one that is left waits for that one's question.
  List<OpenQuestion> tables() throws SQLException {
    Map<TableName, OpenQuestion> own = new TreeMap<>();
    Map<TableName, LinkCandidate> tenants = new TreeMap<>();
    Map<TableName, Set<TableName>> waiting = new TreeMap<>();
    for (TableName name : placements.left()) {
      if (!isBookkeeping(name)) {
        var table = outline.schema().table(name).orElseThrow();
        var links = links(table);
        var above = leftAbove(name);
        boolean asks = !placements.refusals(name).isEmpty() || !links.isEmpty();
        if (asks || above.isEmpty() || typed(table).isPresent()) {
          own.put(name, table(table, links));
          if (placements.refusals(name).isEmpty()) {
            tenant(links).ifPresent(link -> tenants.put(name, link));
          }
        } else {
          waiting.put(name, above);
        }
      }
    }
    return grouped(own, tenants, settled(own, waiting));
  }

  /// Which tables wait for which question. One that waits in a circle is asked about itself.
  private Map<TableName, List<String>> settled(
      Map<TableName, OpenQuestion> own, Map<TableName, Set<TableName>> waiting) {
    Map<TableName, List<String>> settled = new HashMap<>();
    for (TableName name : waiting.keySet()) {
      var root = root(name, own.keySet(), waiting);
      if (root.isPresent()) {
        settled.computeIfAbsent(root.get(), _ -> new ArrayList<>()).add(text.name(name));
      } else {
        own.put(name, circle(name));
      }
    }
    return settled;
  }

  /// One question for all columns that look like the tenant's, and one for all tables that nothing
  /// ties to others.
  private List<OpenQuestion> grouped(
      Map<TableName, OpenQuestion> own,
      Map<TableName, LinkCandidate> tenants,
      Map<TableName, List<String>> settled) {
    var questions = new ArrayList<OpenQuestion>();
    var alone = new ArrayList<String>();
    var key = mostCommon(tenants.values());
    tenants.values().removeIf(link -> key.filter(link.target()::equals).isEmpty());
    if (tenants.size() > 1) {
      var behind = new ArrayList<String>();
      tenants.keySet().forEach(name -> behind.addAll(settled.getOrDefault(name, List.of())));
      questions.add(ofTenant(List.copyOf(tenants.values()), behind));
      own.keySet().removeAll(tenants.keySet());
    }
    own.forEach(
        (name, question) -> {
          var behind = settled.getOrDefault(name, List.of());
          if (behind.isEmpty() && question.sentence().equals(ALONE)) {
            alone.add(question.subject());
          } else {
            questions.add(question.settling(behind));
          }
        });
    alone(alone).ifPresent(questions::add);
    return List.copyOf(questions);
  }

  /// A link to the key that tells tenants apart: the column holds the tenant itself.
  private Optional<LinkCandidate> tenant(List<LinkCandidate> links) {
    return links.stream()
        .filter(
            link -> {
              var to = placements.placed().get(link.key().table());
              return to != null
                  && to.scope().equals(new RowScope.ByColumn(link.key().column().name()));
            })
        .findFirst();
  }

  private static Optional<ColumnName> mostCommon(Collection<LinkCandidate> links) {
    var counts =
        links.stream().collect(Collectors.groupingBy(LinkCandidate::target, Collectors.counting()));
    return counts.entrySet().stream()
        .max(
            Map.Entry.<ColumnName, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey);
  }

  private OpenQuestion ofTenant(List<LinkCandidate> links, List<String> behind) {
    var key = links.getFirst().target();
    var from = links.stream().map(LinkCandidate::column).toList();
    var answers = new ArrayList<String>();
    answers.add(text.option(from, key));
    from.forEach(
        column -> answers.add(line(column.table(), new RowScope.ByColumn(column.column()))));
    var tables = new ArrayList<>(from.stream().map(column -> text.name(column.table())).toList());
    tables.addAll(behind);
    return new OpenQuestion(
        text.column(key),
        "%s may hold the tenant by name and type, and no key declares it. Do they?%s"
            .formatted(
                from.stream().map(text::column).collect(Collectors.joining(", ")),
                behind.isEmpty()
                    ? ""
                    : " With them, these have a place as well: " + String.join(", ", behind) + "."),
        answers,
        tables);
  }

  /// One question about all tables that nothing ties to others.
  private static Optional<OpenQuestion> alone(List<String> tables) {
    return switch (tables.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(new OpenQuestion(tables.getFirst(), ALONE));
      default ->
          Optional.of(
              new OpenQuestion(
                  String.join(", ", tables),
                  "nothing leads from them to a tenant. Whose are their rows?",
                  List.of(),
                  tables));
    };
  }

  /// The first table with a question of its own over declared keys.
  private static Optional<TableName> root(
      TableName from, Set<TableName> asked, Map<TableName, Set<TableName>> above) {
    var seen = new LinkedHashSet<TableName>(List.of(from));
    var next = new ArrayDeque<TableName>(seen);
    while (!next.isEmpty()) {
      TableName at = next.remove();
      if (asked.contains(at)) {
        return Optional.of(at);
      }
      above.getOrDefault(at, Set.of()).stream().filter(seen::add).forEach(next::add);
    }
    return Optional.empty();
  }

  private OpenQuestion circle(TableName name) {
    return new OpenQuestion(
        text.name(name),
        "its declared keys lead only to tables without a place (%s)."
            .formatted(leftAbove(name).stream().map(text::name).collect(Collectors.joining(", "))));
  }

  private OpenQuestion table(SchemaTable table, List<LinkCandidate> links) throws SQLException {
    String subject = text.name(table.name());
    var words = new ArrayList<String>();
    var answers = new ArrayList<String>();
    for (LinkCandidate link : links) {
      words.add(
          "%s may point to %s".formatted(SqlName.of(link.from().column().name()), link.words()));
      var scope =
          new RowScope.ByParent(
              link.from().column().name(), link.key().table(), link.key().column().name());
      answers.add(text.option(List.of(link.column()), link.target()));
      answers.add(line(table.name(), scope));
    }
    var refusals = placements.refusals(table.name());
    if (!refusals.isEmpty()) {
      return new OpenQuestion(
          subject, "it has no place, because: " + String.join(" Also: ", refusals), answers);
    }
    var typed = typed(table);
    if (typed.isPresent() && tenant(links).isEmpty()) {
      return typed.get();
    }
    if (links.isEmpty()) {
      var part = part(table);
      return part.isPresent() ? part.get() : leadingFrom(table.name(), subject);
    }
    return new OpenQuestion(
        subject,
        "no declared key leads to a tenant, but %s. Is it so?".formatted(String.join("; ", words)),
        answers);
  }

  private Optional<OpenQuestion> part(SchemaTable table) throws SQLException {
    for (ColumnPlace holder : holders()) {
      var part = new UndeclaredTenancy(outline, samples, text).part(table, holder);
      if (part.isPresent()) {
        return part;
      }
    }
    return Optional.empty();
  }

  /// Columns that hold tenants: first the key of the table of tenants, if there is one.
  private List<ColumnPlace> holders() {
    var holders = new ArrayList<ColumnPlace>();
    for (TableDraft draft : placements.placed().values()) {
      if (draft.scope() instanceof RowScope.ByColumn own) {
        boolean root = text.column().filter(own.column()::equals).isEmpty();
        outline
            .schema()
            .table(draft.name())
            .flatMap(known -> known.column(own.column()))
            .map(column -> new ColumnPlace(draft.name(), column))
            .ifPresent(place -> holders.add(root ? 0 : holders.size(), place));
      }
    }
    return holders.stream().limit(MOST_HOLDERS).toList();
  }

  private Optional<OpenQuestion> typed(SchemaTable table) throws SQLException {
    var tenants =
        placements.placed().keySet().stream()
            .filter(name -> isTenants(name) && outline.schema().table(name).isPresent())
            .sorted()
            .toList();
    return new UndeclaredTenancy(outline, samples, text).question(table, tenants);
  }

  /// The links of a table that may tie its rows to a tenant's; not the tenant column itself, nor
  /// links to what tenants share. Without one by name, a key that the table shares with another.
  private List<LinkCandidate> links(SchemaTable table) throws SQLException {
    var links = new ArrayList<LinkCandidate>();
    for (SchemaColumn column : table.columns()) {
      if (text.column().filter(column.name()::equals).isEmpty()) {
        LinkCandidate.of(outline, samples, new ColumnPlace(table.name(), column)).stream()
            .filter(link -> isTenants(link.key().table()) || isLeft(link.key().table()))
            .forEach(links::add);
      }
    }
    return links.isEmpty() && leftAbove(table.name()).isEmpty() ? sameKey(table) : links;
  }

  /// Tables of tenants in which all sampled keys of this one stand. Numbers would stand in many.
  private List<LinkCandidate> sameKey(SchemaTable table) throws SQLException {
    var found = new ArrayList<LinkCandidate>();
    for (SchemaColumn key : LinkCandidate.randomKeys(outline, table)) {
      for (TableName name : placements.placed().keySet()) {
        var other = outline.schema().table(name);
        if (isTenants(name) && other.isPresent()) {
          LinkCandidate.ofKey(outline, samples, new ColumnPlace(table.name(), key), other.get())
              .ifPresent(found::add);
        }
      }
    }
    return List.copyOf(found);
  }

  private boolean isLeft(TableName name) {
    return placements.left().contains(name) && !isBookkeeping(name);
  }

  /// Tables without a place to which declared keys of this one lead.
  private Set<TableName> leftAbove(TableName name) {
    return outline.keysOf(name).stream()
        .map(DeclaredKey::to)
        .filter(above -> placements.left().contains(above) && !above.equals(name))
        .collect(Collectors.toCollection(TreeSet::new));
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
      return new OpenQuestion(subject, ALONE);
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

  private boolean isTenants(TableName name) {
    return placements.isTenants(name);
  }
}
