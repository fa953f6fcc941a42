package org.openlockbox.postgres.propose;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.postgres.catalogue.ColumnKey;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.personal.ColumnPlace;
import org.openlockbox.postgres.personal.NameWords;
import org.openlockbox.postgres.personal.Samples;
import org.openlockbox.postgres.personal.Samples.Containment;
import org.openlockbox.postgres.personal.TableNameFit;
import org.openlockbox.postgres.schema.SchemaTable;

/// A link that no key declares: a column whose name and type fit a unique key of another table, and
/// whose sampled values all stand there. It is a guess, so a draft only asks about it.
record LinkCandidate(ColumnPlace from, ColumnPlace key, Containment containment, Basis basis) {
  /// What a link stands on, besides its sampled values.
  enum Basis {
    NAME("by name and type"),
    VALUES("by its values"),
    STATED("as stated");

    private final String words;

    Basis(String words) {
      this.words = words;
    }
  }

  private static final Pattern RANDOM =
      Pattern.compile("uuid|text|char(acter)?( varying)?(\\([0-9]+\\))?");

  /// The candidates of one column: in the tables whose names fit best, a key called `id` or like
  /// the column. One of which a sampled value is missing in the other table is none.
  static List<LinkCandidate> of(DatabaseOutline outline, Samples samples, ColumnPlace from)
      throws SQLException {
    String target = NameWords.of(from.column().name()).target();
    var found = new ArrayList<LinkCandidate>();
    if (target.isEmpty() || outline.isDeclared(from.table(), from.column().name())) {
      return found;
    }
    var best = TableNameFit.Part.BEGINNING;
    for (SchemaTable table : outline.tables()) {
      var fit = TableNameFit.of(target, table.name().name()).part();
      var key = key(outline, from, table);
      if (fit.compareTo(best) > 0 || key.isEmpty() || table.name().equals(from.table())) {
        continue;
      }
      if (fit.compareTo(best) < 0) {
        found.clear();
        best = fit;
      }
      var place = new ColumnPlace(table.name(), key.get());
      var seen = samples.containment(from, place);
      if (!seen.isKnown() || seen.isWhole()) {
        found.add(new LinkCandidate(from, place, seen, Basis.NAME));
      }
    }
    return List.copyOf(found);
  }

  /// The key of a table that a column may hold: one that is no link itself.
  static Optional<SchemaColumn> key(DatabaseOutline outline, ColumnPlace from, SchemaTable table) {
    var keys =
        table.columns().stream()
            .filter(key -> isKeyFor(from.column(), key))
            .filter(key -> !outline.isDeclared(table.name(), key.name()))
            .toList();
    return keys.stream()
        .filter(key -> key.name().equalsIgnoreCase("id"))
        .findFirst()
        .or(
            () ->
                keys.stream()
                    .filter(key -> key.name().equalsIgnoreCase(from.column().name()))
                    .findFirst());
  }

  /// The keys of a table of random values, as text or UUIDs: no two tables have the same ones by
  /// chance.
  static List<SchemaColumn> randomKeys(DatabaseOutline outline, SchemaTable table) {
    return table.columns().stream()
        .filter(key -> key.key().proof() == ColumnKey.Proof.UNIQUE)
        .filter(key -> RANDOM.matcher(key.type().shown()).matches())
        .filter(key -> !outline.isDeclared(table.name(), key.name()))
        .toList();
  }

  /// A key whose sampled values all stand in the key of another table; empty without samples.
  static Optional<LinkCandidate> ofKey(
      DatabaseOutline outline, Samples samples, ColumnPlace from, SchemaTable table)
      throws SQLException {
    for (SchemaColumn key : randomKeys(outline, table)) {
      if (isKeyFor(from.column(), key)) {
        var place = new ColumnPlace(table.name(), key);
        var seen = samples.containment(from, place);
        if (seen.isWhole()) {
          return Optional.of(new LinkCandidate(from, place, seen, Basis.VALUES));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isKeyFor(SchemaColumn link, SchemaColumn key) {
    return key.key().proof() == ColumnKey.Proof.UNIQUE
        && link.key().isComparedAs(key.key())
        && link.key().deterministic()
        && key.key().deterministic();
  }

  /// The column that may lead.
  ColumnName column() {
    return from.table().column(from.column().name());
  }

  /// The key that it may lead to.
  ColumnName target() {
    return key.table().column(key.column().name());
  }

  /// What a reference of the draft stands on.
  String comment() {
    return switch (basis) {
      case NAME -> "name and sample";
      case VALUES -> "sample";
      case STATED -> "stated";
    };
  }

  /// `keycloak_group.id by name and type; all sampled values stand there`.
  String words() {
    return "%s %s; %s"
        .formatted(
            target(),
            basis.words,
            containment.isKnown() ? "all sampled values stand there" : "no value was sampled");
  }
}
