package org.openlockbox.postgres.personal;

import static org.openlockbox.postgres.catalogue.Mask.SimpleMask.EMAIL;
import static org.openlockbox.postgres.catalogue.Mask.SimpleMask.LAST4;
import static org.openlockbox.postgres.catalogue.Mask.SimpleMask.REDACT;
import static org.openlockbox.postgres.personal.ColumnDraft.Content.ANYTHING;
import static org.openlockbox.postgres.personal.ColumnDraft.Content.PERSONAL;
import static org.openlockbox.postgres.personal.ColumnDraft.Content.SECRET;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.postgres.catalogue.Mask.SimpleMask;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.personal.ColumnDraft.Content;
import org.openlockbox.postgres.schema.SchemaTable;

/// Guesses which columns of a table hold personal data or secrets: by their names, by the shapes of
/// sampled values, by their types. What is not sure is masked: a mask too many costs an engineer a
/// question, a mask too few shows somebody's data.
public final class PersonalColumns {
  private static final int MANY = 50;
  private static final int MOST = 80;

  private final SchemaTable table;
  private final Map<String, ColumnShapes> shapes;
  private final boolean people;

  private PersonalColumns(SchemaTable table, Map<String, ColumnShapes> shapes) {
    this.table = table;
    this.shapes = shapes;
    this.people = TellingNames.PEOPLE.matches(NameWords.of(table.name().name()).singular());
  }

  /// The columns that a draft should mask or hide, in the order of the table.
  ///
  /// @param keys the columns that tie rows to others, which hold no data of their own
  public static List<ColumnDraft> of(
      SchemaTable table, Map<String, ColumnShapes> shapes, Set<String> keys) {
    return new PersonalColumns(table, shapes).drafts(keys);
  }

  private List<ColumnDraft> drafts(Set<String> keys) {
    Map<String, ColumnDraft> found = new TreeMap<>();
    for (SchemaColumn column : table.columns()) {
      if (!keys.contains(column.name()) && column.type().kind() != 'e') {
        guess(column).ifPresent(draft -> found.put(column.name(), draft));
      }
    }
    boolean more = true;
    while (more) {
      more = false;
      for (SchemaColumn column : table.columns()) {
        var sources = column.madeFrom().stream().filter(found::containsKey).toList();
        if (!sources.isEmpty() && !found.containsKey(column.name())) {
          found.put(column.name(), computed(column, sources.stream().map(found::get).toList()));
          more = true;
        }
      }
    }
    var ordered = new ArrayList<ColumnDraft>();
    table
        .columns()
        .forEach(column -> Optional.ofNullable(found.get(column.name())).ifPresent(ordered::add));
    return List.copyOf(ordered);
  }

  /// A generated column shows what its sources hold.
  private static ColumnDraft computed(SchemaColumn column, List<ColumnDraft> sources) {
    String basis =
        "computed from "
            + sources.stream().map(ColumnDraft::column).sorted().collect(Collectors.joining(", "));
    boolean secret = sources.stream().anyMatch(ColumnDraft::isHidden);
    return new ColumnDraft(
        column.name(),
        secret ? Optional.empty() : Optional.of(REDACT),
        sources.stream().map(ColumnDraft::content).min(Content::compareTo).orElse(ANYTHING),
        basis);
  }

  private Optional<ColumnDraft> guess(SchemaColumn column) {
    return byName(column)
        .or(() -> bySample(column))
        .or(() -> byType(column))
        .or(() -> ofPair(column));
  }

  private Optional<ColumnDraft> byName(SchemaColumn column) {
    return TellingNames.of(column, people)
        .map(
            telling ->
                new ColumnDraft(
                    column.name(),
                    telling.mask(),
                    telling.content(),
                    agrees(column, telling) ? "name and sample" : "name"));
  }

  private boolean agrees(SchemaColumn column, TellingNames telling) {
    var seen = shapes.getOrDefault(column.name(), ColumnShapes.NONE);
    return telling.shapes().stream().anyMatch(shape -> seen.areMostly(shape, MANY));
  }

  private Optional<ColumnDraft> bySample(SchemaColumn column) {
    var seen = shapes.getOrDefault(column.name(), ColumnShapes.NONE);
    var words = NameWords.of(column.name());
    if (seen.count(ValueShape.SECRET) > 0) {
      return sampled(column, Optional.empty(), SECRET, ValueShape.SECRET);
    }
    if (seen.areMostly(ValueShape.EMAIL, MANY)) {
      return sampled(column, Optional.of(EMAIL), PERSONAL, ValueShape.EMAIL);
    }
    for (ValueShape number : List.of(ValueShape.CARD, ValueShape.PHONE)) {
      if (seen.areMostly(number, MANY)) {
        return sampled(column, Optional.of(LAST4), PERSONAL, number);
      }
    }
    if (seen.areMostly(ValueShape.IP, MANY)) {
      return sampled(column, Optional.of(REDACT), PERSONAL, ValueShape.IP);
    }
    if (seen.count(ValueShape.EMAIL) + seen.count(ValueShape.CONTACT_INSIDE) > 0) {
      return sampled(column, Optional.of(REDACT), PERSONAL, ValueShape.CONTACT_INSIDE);
    }
    if (seen.areMostly(ValueShape.OPAQUE, MOST) && !TellingNames.REFERENCE.matches(words)) {
      return sampled(column, Optional.empty(), SECRET, ValueShape.OPAQUE);
    }
    if (seen.areMostly(ValueShape.PERSON, MOST) && (people || TellingNames.NAMING.matches(words))) {
      return sampled(column, Optional.of(REDACT), PERSONAL, ValueShape.PERSON);
    }
    for (ValueShape text : List.of(ValueShape.PROSE, ValueShape.DOCUMENT)) {
      if (seen.areMostly(text, MANY)) {
        return sampled(column, Optional.of(REDACT), ANYTHING, text);
      }
    }
    return Optional.empty();
  }

  private static Optional<ColumnDraft> sampled(
      SchemaColumn column, Optional<SimpleMask> mask, Content content, ValueShape shape) {
    return Optional.of(new ColumnDraft(column.name(), mask, content, "sample: " + shape.words()));
  }

  /// The value of a pair is whatever its name says.
  private Optional<ColumnDraft> ofPair(SchemaColumn column) {
    boolean pair =
        NameWords.of(column.name()).last().equals("value")
            && EMAIL.fits(column.type())
            && table.columns().stream()
                .anyMatch(other -> TellingNames.PAIR.matches(NameWords.of(other.name())));
    return pair
        ? Optional.of(
            new ColumnDraft(
                column.name(), Optional.of(REDACT), ANYTHING, "the value of any attribute"))
        : Optional.empty();
  }

  /// Documents and bytes can hold copies of whatever is masked.
  private static Optional<ColumnDraft> byType(SchemaColumn column) {
    if (column.type().isDocument() || column.type().mayHoldCopies()) {
      return Optional.of(new ColumnDraft(column.name(), Optional.of(REDACT), ANYTHING, "type"));
    }
    return TellingNames.isNetworkAddress(column)
        ? Optional.of(new ColumnDraft(column.name(), Optional.of(REDACT), PERSONAL, "type"))
        : Optional.empty();
  }
}
