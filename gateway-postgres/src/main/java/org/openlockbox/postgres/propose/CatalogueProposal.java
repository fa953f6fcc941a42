package org.openlockbox.postgres.propose;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.personal.DatabaseSamples;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.propose.DraftHead.InColumn;
import org.openlockbox.postgres.propose.DraftHead.InDatabase;

/// Drafts the catalogue of a database: `lockbox resource propose`. Reads catalogs, and as many rows
/// as its options allow; writes nothing to the database.
///
/// Only what the database itself declares places a table: a tenant column or a foreign key. Names
/// and samples decide about masks, where a wrong guess shows less, and elsewhere ask a question.
public final class CatalogueProposal {
  private final DatabaseOutline outline;
  private final Samples samples;
  private final List<OpenQuestion> questions = new ArrayList<>();

  private CatalogueProposal(DatabaseOutline outline, Samples samples) {
    this.outline = outline;
    this.samples = samples;
  }

  /// A new catalogue with one resource.
  public static ProposalResult of(
      Connection connection, ResourceId id, DatabaseAddress address, ProposalOptions options)
      throws SQLException {
    var head = new DraftHead(id, address, "public", new InColumn("tenant_id", List.of()));
    var outline =
        DatabaseOutline.read(
            connection, DraftCheck.parse(DraftWriter.write(head, List.of(), List.of(), List.of())));
    var samples = samples(connection, outline, options);
    var found = head.with(mainSchema(outline), head.tenants());
    var stated = new ArrayList<DeclaredKey>();
    for (String link : options.links()) {
      try {
        stated.addAll(StatedLink.parse(link, found.schema()).in(outline));
      } catch (IllegalArgumentException e) {
        return new ProposalResult.NotDrafted(
            "--link %s %s.".formatted(DraftText.comment(link), e.getMessage()));
      }
    }
    var proposal = new CatalogueProposal(outline.with(stated), samples);
    return options.tenant().isPresent()
        ? proposal.alone(found, options.tenant().get())
        : proposal.byColumn(found, options.tenantColumn());
  }

  static Samples samples(Connection connection, DatabaseOutline outline, ProposalOptions options) {
    return options.rows() == 0
        ? Samples.NONE
        : new DatabaseSamples(connection, outline::estimate, options.rows());
  }

  /// The schema with the most tables.
  private static String mainSchema(DatabaseOutline outline) {
    Map<String, Integer> counts = new TreeMap<>();
    outline.tables().forEach(table -> counts.merge(table.name().schema(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey)
        .orElse("public");
  }

  private ProposalResult byColumn(DraftHead head, Optional<String> wanted) throws SQLException {
    // what somebody states of single tables shall not change which column is the tenant's
    var declared = outline.asDeclared();
    var candidates = TenantColumn.candidates(declared);
    var chosen =
        wanted.isPresent()
            ? wanted.map(name -> TenantColumn.of(declared, name))
            : candidates.stream().findFirst();
    if (chosen.isPresent() && chosen.get().carriers().isEmpty()) {
      return new ProposalResult.NotDrafted(
          "No table has a column called "
              + DraftText.quoted(chosen.get().name())
              + ". Leave --tenant-column out to see which columns could be the tenant's.");
    }
    var tenants = tenants(chosen, candidates);
    var whole = head.with(head.schema(), tenants);
    var placements = placements(whole, List.of(), Set.of());
    if (chosen.isPresent()) {
      placements.place(chosen.get());
    }
    questions.add(chosen.isPresent() ? values(tenants.column()) : noColumn());
    var text = DraftWriter.text(whole);
    var asks = new PlacementQuestions(outline, samples, text, placements);
    questions.addAll(new SchemaQuestions(outline, samples, text).alike());
    var hidden = hidden(placements, asks, text, chosen.isPresent());
    questions.addAll(ReferenceQuestions.ask(outline, samples, text, placements));
    return drafted(whole, placements.drafted(), hidden);
  }

  Placements placements(DraftHead head, List<TableDraft> known, Set<TableName> decided) {
    var check = new DraftCheck(head, outline.schema());
    return new Placements(outline, samples, check, DraftWriter.text(head), known, decided);
  }

  private static InColumn tenants(Optional<TenantColumn> chosen, List<TenantColumn> candidates) {
    var why = new ArrayList<String>();
    chosen.ifPresent(column -> why.add("Chosen as the tenant's: " + column.words() + "."));
    candidates.stream()
        .filter(other -> chosen.filter(other::equals).isEmpty())
        .limit(5)
        .forEach(other -> why.add("Could be as well: " + other.words() + "."));
    return new InColumn(chosen.map(TenantColumn::name).orElse("tenant_id"), why);
  }

  private static OpenQuestion values(String column) {
    return new OpenQuestion(
        "tenancy.values",
        "which tenant has which value in %s? A tenant that is not listed cannot be reached."
            .formatted(column),
        List.of("values: {TENANT: VALUE, …}"));
  }

  private static OpenQuestion noColumn() {
    return new OpenQuestion(
        "tenancy",
        "no column looks like a tenant's, so every table is hidden. Does a column tell tenants apart,"
            + " or has each tenant a database or a schema of its own?",
        List.of(
            "lockbox resource propose … --tenant-column COLUMN",
            "lockbox resource propose … --tenant TENANT"));
  }

  /// What has no place is hidden, each table with the number of its question.
  private List<HiddenTable> hidden(
      Placements placements, PlacementQuestions asks, TableText text, boolean ask)
      throws SQLException {
    Map<String, String> numbers = new HashMap<>();
    for (OpenQuestion question : ask ? asks.tables() : List.<OpenQuestion>of()) {
      questions.add(question);
      String number = "question " + questions.size();
      numbers.put(question.subject(), number);
      question.settles().forEach(subject -> numbers.put(subject, number));
    }
    return placements.left().stream()
        .map(
            name ->
                new HiddenTable(
                    name,
                    PlacementQuestions.isBookkeeping(name)
                        ? "what changed the schema"
                        : numbers.getOrDefault(text.name(name), "question 1")))
        .toList();
  }

  /// Every table of the database is one tenant's.
  private ProposalResult alone(DraftHead head, TenantId tenant) throws SQLException {
    var whole = head.with(head.schema(), new InDatabase(tenant.value()));
    var placements = placements(whole, List.of(), Set.of());
    placements.placeWhole();
    var text = DraftWriter.text(whole);
    var asks = new PlacementQuestions(outline, samples, text, placements);
    return drafted(whole, placements.drafted(), hidden(placements, asks, text, true));
  }

  private ProposalResult drafted(
      DraftHead head, List<TableDraft> tables, List<HiddenTable> hidden) {
    var text = DraftWriter.text(head);
    var asks = new SchemaQuestions(outline, samples, text);
    var check = new DraftCheck(head, outline.schema());
    questions.addAll(asks.relations(tables));
    questions.addAll(
        asks.remarks(check.remarks(DraftWriter.write(head, tables, hidden, List.of()))));
    questions.addAll(asks.surroundings());
    return new ProposalResult.Drafted(
        DraftWriter.write(head, tables, hidden, questions),
        "",
        summary(head, tables, hidden.size(), questions.size()));
  }

  private String summary(DraftHead head, List<TableDraft> tables, int hidden, int questions) {
    return "%s: %d tables: %s, %d hidden; %d columns masked, %d hidden; %d questions%s."
        .formatted(
            head.id(),
            outline.tables().size(),
            scopes(tables),
            hidden,
            tables.stream().mapToInt(table -> table.masked().size()).sum(),
            tables.stream().mapToInt(table -> table.hidden().size()).sum(),
            questions,
            samples.unread().isEmpty()
                ? ""
                : "; %d tables not sampled".formatted(samples.unread().size()));
  }

  static String scopes(List<TableDraft> tables) {
    int own = 0;
    int parents = 0;
    int shared = 0;
    for (TableDraft table : tables) {
      switch (table.scope()) {
        case RowScope.ByColumn ignored -> own++;
        case RowScope.ByExpression _, RowScope.Whole _ -> own++;
        case RowScope.ByParent _, RowScope.ByParents _ -> parents++;
        case RowScope.Shared ignored -> shared++;
      }
    }
    return "%d of tenants, %d by a parent, %d shared".formatted(own, parents, shared);
  }
}
