package org.openlockbox.postgres.propose;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.personal.ColumnPlace;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.personal.Samples.Containment;

/// Columns of placed tables that lead to tenants' rows and that no key declares. Those that
/// somebody stated, or whose sampled values all stand there, become references, which only keep
/// writes in. The others are asked about, one question for each key that they may lead to.
final class ReferenceQuestions {
  private final DatabaseOutline outline;
  private final Samples samples;
  private final TableText text;
  private final Placements placements;
  private final List<OpenQuestion> questions = new ArrayList<>();
  private final SortedMap<ColumnName, List<LinkCandidate>> unknown = new TreeMap<>();

  private ReferenceQuestions(
      DatabaseOutline outline, Samples samples, TableText text, Placements placements) {
    this.outline = outline;
    this.samples = samples;
    this.text = text;
    this.placements = placements;
  }

  /// Adds the references to what was drafted; the questions about the rest.
  static List<OpenQuestion> ask(
      DatabaseOutline outline, Samples samples, TableText text, Placements placements)
      throws SQLException {
    var asks = new ReferenceQuestions(outline, samples, text, placements);
    for (TableDraft table : placements.drafted()) {
      asks.table(table);
    }
    asks.unknown.forEach(asks::ask);
    return List.copyOf(asks.questions);
  }

  private void table(TableDraft table) throws SQLException {
    var kept = new ArrayList<>(stated(table));
    for (SchemaColumn column : outline.schema().table(table.name()).orElseThrow().columns()) {
      var link = guessed(table, column);
      if (link.isPresent() && link.get().containment().isKnown()) {
        kept.add(link.get());
      } else {
        link.ifPresent(
            one -> unknown.computeIfAbsent(one.target(), _ -> new ArrayList<>()).add(one));
      }
    }
    if (!kept.isEmpty()) {
      placements
          .refer(table, kept)
          .ifPresent(
              refusal ->
                  questions.add(
                      new OpenQuestion(
                          text.name(table.name()),
                          "its references are left out, because: " + refusal,
                          List.of(text.line(table.name(), kept)))));
    }
  }

  private List<LinkCandidate> stated(TableDraft table) {
    return outline.keysOf(table.name()).stream()
        .filter(key -> key.stated() && isFree(table, key.column()))
        .filter(key -> placements.isTenants(key.to()))
        .map(
            key ->
                new LinkCandidate(
                    new ColumnPlace(key.from(), column(key.from().column(key.column()))),
                    new ColumnPlace(key.to(), column(key.to().column(key.key()))),
                    new Containment(0, 0),
                    LinkCandidate.Basis.STATED))
        .toList();
  }

  private SchemaColumn column(ColumnName name) {
    return outline.schema().table(name.table()).flatMap(t -> t.column(name.column())).orElseThrow();
  }

  private Optional<LinkCandidate> guessed(TableDraft table, SchemaColumn column)
      throws SQLException {
    return isFree(table, column.name())
        ? LinkCandidate.of(outline, samples, new ColumnPlace(table.name(), column)).stream()
            .filter(link -> placements.isTenants(link.key().table()))
            .findFirst()
        : Optional.empty();
  }

  /// Whether a column is there to write, and does not say itself whose the row is.
  private static boolean isFree(TableDraft table, String column) {
    boolean tied =
        table.scope().equals(new RowScope.ByColumn(column))
            || table.scope().parents().stream().anyMatch(up -> up.columns().contains(column))
            || table.hidden().stream().anyMatch(hidden -> hidden.column().equals(column));
    return !tied;
  }

  private void ask(ColumnName key, List<LinkCandidate> links) {
    var answers = new ArrayList<String>();
    answers.add(text.option(links.stream().map(LinkCandidate::column).toList(), key));
    links.stream()
        .collect(
            Collectors.groupingBy(link -> link.from().table(), TreeMap::new, Collectors.toList()))
        .forEach((table, own) -> answers.add(text.line(table, own)));
    String columns =
        links.stream().map(link -> text.column(link.column())).collect(Collectors.joining(", "));
    questions.add(
        new OpenQuestion(
            text.column(key),
            "%s may point to it by name and type. No value was sampled, and no key declares it. Level write asks where %s."
                .formatted(columns, links.size() == 1 ? "it leads" : "they lead"),
            answers));
  }
}
