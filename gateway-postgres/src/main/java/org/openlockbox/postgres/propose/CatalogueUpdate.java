package org.openlockbox.postgres.propose;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.gateway.yaml.YamlProblem;
import org.openlockbox.policy.yaml.YamlReader;
import org.openlockbox.policy.yaml.YamlValue;
import org.openlockbox.postgres.catalogue.Catalogue;
import org.openlockbox.postgres.catalogue.Mask;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.catalogue.Tenancy;
import org.openlockbox.postgres.personal.ColumnDraft;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.propose.DraftHead.InColumn;
import org.openlockbox.postgres.propose.DraftHead.InDatabase;
import org.openlockbox.postgres.schema.SchemaTable;

/// Merges what a database has now into a catalogue that somebody edited: each letter of the file
/// stays, new tables and new personal columns are added as proposals, what is gone is named.
///
/// A column that was looked at and shall stay as it is stands under `unmasked`.
public final class CatalogueUpdate {
  private final ResourceSpec spec;
  private final DatabaseOutline outline;
  private final Samples samples;
  private final DraftHead head;
  private final TableText text;
  private final YamlValue.Mapping resource;
  private final YamlValue.Mapping tables;
  private final YamlEdits edits;
  private final List<String> news = new ArrayList<>();

  private CatalogueUpdate(
      ResourceSpec spec,
      DatabaseOutline outline,
      Samples samples,
      YamlValue.Mapping resource,
      String yaml) {
    this.spec = spec;
    this.outline = outline;
    this.samples = samples;
    this.head = head(spec, resource);
    this.text = DraftWriter.text(head);
    this.resource = resource;
    this.tables = (YamlValue.Mapping) member(resource, "tables").orElseThrow();
    this.edits = new YamlEdits(yaml);
  }

  /// Merges what the database has into an edited file.
  ///
  /// @param spec one of the places of the resource, whose database the connection leads to
  /// @param yaml the file that it was read from
  public static ProposalResult of(
      Connection connection, ResourceSpec spec, String yaml, ProposalOptions options)
      throws SQLException {
    var outline = DatabaseOutline.read(connection, spec);
    var update =
        new CatalogueUpdate(
            spec,
            outline,
            CatalogueProposal.samples(connection, outline, options),
            resource(yaml, spec.id()),
            yaml);
    return update.merged(yaml);
  }

  private static DraftHead head(ResourceSpec spec, YamlValue.Mapping resource) {
    String schema =
        member(resource, "schema")
            .flatMap(value -> SqlName.identifiers(((YamlValue.Scalar) value).text()))
            .map(List::getFirst)
            .orElse("public");
    return switch (spec.tenancy()) {
      case Tenancy.ByColumn own ->
          new DraftHead(spec.id(), spec.address(), schema, new InColumn(own.column(), List.of()));
      case Tenancy.BySchema own ->
          new DraftHead(
              spec.id(),
              spec.address(),
              own.schemas().firstEntry().getValue(),
              new InDatabase(own.schemas().firstKey()));
      case Tenancy.ByDatabase own ->
          new DraftHead(
              spec.id(), spec.address(), schema, new InDatabase(own.databases().firstKey()));
    };
  }

  private static YamlValue.Mapping resource(String yaml, ResourceId id) {
    var top = (YamlValue.Mapping) YamlReader.read(yaml).orElseThrow();
    var resources = (YamlValue.Sequence) member(top, "resources").orElseThrow();
    return resources.items().stream()
        .map(item -> (YamlValue.Mapping) item)
        .filter(
            item ->
                member(item, "id").orElseThrow() instanceof YamlValue.Scalar scalar
                    && scalar.text().equals(id.value()))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<YamlValue> member(YamlValue.Mapping mapping, String key) {
    return Optional.ofNullable(mapping.members().get(key)).map(YamlValue.Member::value);
  }

  private ProposalResult merged(String yaml) throws SQLException {
    var placements = place();
    newTables(placements.drafted());
    for (TableSpec table : spec.tables()) {
      if (table.name().schema().equals(text.schema())
          || text.column().isPresent()
          || table.shared()) {
        newColumns(table, placements);
      }
    }
    var asks = new PlacementQuestions(outline, samples, text, placements);
    var questions = new ArrayList<>(asks.tables());
    questions.addAll(ReferenceQuestions.ask(outline, samples, text, placements));
    questions.addAll(gone());
    questions.replaceAll(OpenQuestion::withoutOptions);
    questions.removeIf(question -> yaml.contains(DraftWriter.text(question)));
    questions.forEach(question -> news.add("question: " + DraftWriter.text(question)));
    hide(placements.left());
    String merged = edits.apply() + asked(yaml, questions);
    if (!keeps(merged)) {
      return new ProposalResult.NotDrafted(
          "The additions do not fit into the file as it is written. Put each table on lines of its"
              + " own, and try again.");
    }
    return new ProposalResult.Drafted(
        merged,
        news.stream().map(line -> line + "\n").collect(Collectors.joining())
            + LineDifference.of(yaml, merged),
        "%s: %d new tables: %s; %d questions."
            .formatted(
                spec.id(),
                placements.drafted().size(),
                CatalogueProposal.scopes(placements.drafted()),
                questions.size()));
  }

  private Placements place() throws SQLException {
    var placements =
        new Placements(
            outline,
            samples,
            new DraftCheck(head, outline.schema()),
            text,
            spec.tables().stream().map(TableDraft::known).toList(),
            decided());
    if (spec.tenancy() instanceof Tenancy.ByColumn own) {
      placements.place(TenantColumn.of(outline, own.column()));
    } else {
      placements.placeWhole();
    }
    return placements;
  }

  /// Hidden tables; and where each tenant has a schema, those of all schemas but the first, of
  /// which the file says the same.
  private Set<TableName> decided() {
    return outline.tables().stream()
        .map(SchemaTable::name)
        .filter(
            name ->
                spec.hiddenTables().contains(name)
                    || (spec.tenancy() instanceof Tenancy.BySchema own
                        && own.schemas().containsValue(name.schema())
                        && !name.schema().equals(text.schema())))
        .collect(Collectors.toUnmodifiableSet());
  }

  private void newTables(List<TableDraft> drafted) {
    if (drafted.isEmpty()) {
      return;
    }
    var lines = new ArrayList<String>();
    lines.add("# New in the database. Nobody has reviewed these:");
    drafted.forEach(table -> lines.addAll(text.lines(table)));
    lines.add("# Listed before:");
    edits.addTo(tables, lines, drafted.stream().map(text::line).collect(Collectors.joining(", ")));
    drafted.forEach(
        table ->
            news.add("new: " + TableText.noted(DraftText.comment(text.line(table)), table.why())));
  }

  /// What has no place stays hidden, so that the file decides about each table.
  private void hide(Set<TableName> left) {
    if (left.isEmpty()) {
      return;
    }
    String line = left.stream().map(text::key).collect(Collectors.joining(", "));
    var lines =
        left.stream()
            .map(
                name ->
                    TableText.noted(
                        "- " + text.key(name),
                        PlacementQuestions.isBookkeeping(name)
                            ? "what changed the schema"
                            : "see the questions"))
            .toList();
    if (member(resource, "hiddenTables").orElse(null) instanceof YamlValue.Sequence there) {
      edits.addTo(there, lines, line);
    } else {
      edits.addTo(resource, under("hiddenTables:", lines), "hiddenTables: [" + line + "]");
    }
    news.add("hidden: " + DraftText.comment(line));
  }

  private void newColumns(TableSpec table, Placements placements) throws SQLException {
    var entry = member(tables, text.name(table.name()));
    if (entry.isEmpty() || outline.schema().table(table.name()).isEmpty() || table.shared()) {
      return;
    }
    var drafts =
        placements.personal(table.name()).stream()
            .filter(column -> !isDecided(table, column.column()))
            .toList();
    var found = (YamlValue.Mapping) entry.get();
    var draft = new TableDraft(table.name(), table.scope(), "", drafts);
    mask(found, draft.masked());
    hide(found, draft.hidden());
    drafts.forEach(
        column ->
            news.add(
                "new: "
                    + TableText.noted(
                        DraftText.comment(
                            "%s.%s: %s"
                                .formatted(
                                    text.name(table.name()),
                                    SqlName.of(column.column()),
                                    column.mask().map(Mask::word).orElse("hide"))),
                        column.basis())));
  }

  private boolean isDecided(TableSpec table, String column) {
    return table.scope().isBy(column)
        || table.shared()
        || table.masks().containsKey(column)
        || table.hidden().contains(column)
        || table.unmasked().contains(column)
        || spec.unmasked().contains(column);
  }

  private void mask(YamlValue.Mapping table, List<ColumnDraft> masked) {
    if (masked.isEmpty()) {
      return;
    }
    String line = masked.stream().map(TableText::mask).collect(Collectors.joining(", "));
    var lines =
        masked.stream().map(mask -> TableText.noted(TableText.mask(mask), mask.basis())).toList();
    if (member(table, "mask").orElse(null) instanceof YamlValue.Mapping there) {
      edits.addTo(there, lines, line);
    } else {
      edits.addTo(table, under("mask:", lines), "mask: {" + line + "}");
    }
  }

  private void hide(YamlValue.Mapping table, List<ColumnDraft> hidden) {
    if (hidden.isEmpty()) {
      return;
    }
    String line = String.join(", ", TableText.names(hidden));
    var lines =
        hidden.stream()
            .map(hide -> TableText.noted("- " + TableText.column(hide.column()), hide.basis()))
            .toList();
    if (member(table, "hide").orElse(null) instanceof YamlValue.Sequence there) {
      edits.addTo(there, lines, line);
    } else {
      edits.addTo(table, under("hide:", lines), "hide: [" + line + "]");
    }
  }

  private static List<String> under(String key, List<String> lines) {
    var all = new ArrayList<String>();
    all.add(key);
    lines.forEach(line -> all.add("  " + line));
    return all;
  }

  /// What the file names and the database does not have.
  private List<OpenQuestion> gone() {
    var gone = new TreeSet<String>();
    for (TableSpec table : spec.tables()) {
      var there = outline.schema().table(table.name());
      if (there.isEmpty()) {
        gone.add(text.name(table.name()));
      } else {
        var columns = new ArrayList<>(table.masks().keySet());
        columns.addAll(table.hidden());
        columns.addAll(table.unmasked());
        columns.stream()
            .filter(column -> there.get().column(column).isEmpty())
            .forEach(column -> gone.add(text.column(table.name().column(column))));
      }
    }
    spec.hiddenTables().stream()
        .filter(name -> outline.schema().table(name).isEmpty())
        .forEach(name -> gone.add(text.name(name)));
    return gone.isEmpty()
        ? List.of()
        : List.of(
            new OpenQuestion(
                String.join(", ", gone),
                "the database no longer has %1$s. Renamed, or shall %2$s go here as well?"
                    .formatted(
                        gone.size() == 1 ? "it" : "them", gone.size() == 1 ? "it" : "they")));
  }

  private String asked(String yaml, List<OpenQuestion> questions) {
    var lines = DraftWriter.questions(spec.id().value(), questions);
    return lines.isEmpty()
        ? ""
        : (yaml.endsWith("\n") ? "" : "\n") + String.join("\n", lines) + "\n";
  }

  /// Whether the merged text reads as everything that the file said, and more.
  private boolean keeps(String merged) {
    try {
      var next = Catalogue.parse("the merged file", merged).resource(spec.id()).orElseThrow();
      var place =
          next.places().stream().filter(p -> p.address().equals(spec.address())).findFirst();
      return place.isPresent()
          && spec.tables().stream().allMatch(table -> keeps(table, place.get()))
          && place.get().hiddenTables().containsAll(spec.hiddenTables());
    } catch (YamlProblem e) {
      return false;
    }
  }

  private static boolean keeps(TableSpec table, ResourceSpec next) {
    return next.table(table.name())
        .filter(
            now ->
                now.scope().equals(table.scope())
                    && now.masks().entrySet().containsAll(table.masks().entrySet())
                    && now.hidden().containsAll(table.hidden())
                    && now.unmasked().equals(table.unmasked()))
        .isPresent();
  }
}
