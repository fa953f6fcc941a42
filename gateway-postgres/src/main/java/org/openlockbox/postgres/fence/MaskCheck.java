package org.openlockbox.postgres.fence;

import static org.openlockbox.postgres.fence.Deviation.breaks;
import static org.openlockbox.postgres.fence.Deviation.warning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.Mask;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.SchemaTable;

/// Whether masks can be computed, and where else the values that they hide may stand: generated
/// columns, materialized views, documents, columns of the same name elsewhere (a table that keeps
/// what rows once were has both). A column that somebody has looked at is listed under `unmasked`.
final class MaskCheck {
  private final ResourceSpec spec;
  private final DatabaseSchema schema;
  private final List<Deviation> found = new ArrayList<>();

  private MaskCheck(ResourceSpec spec, DatabaseSchema schema) {
    this.spec = spec;
    this.schema = schema;
  }

  static List<Deviation> of(ResourceSpec spec, DatabaseSchema schema) {
    var check = new MaskCheck(spec, schema);
    for (TableSpec wanted : spec.tables()) {
      schema.table(wanted.name()).ifPresent(table -> check.table(wanted, table));
    }
    return List.copyOf(check.found);
  }

  private void table(TableSpec wanted, SchemaTable table) {
    wanted.masks().forEach((name, mask) -> mask(wanted, table, name, mask));
    missing(wanted, table, wanted.hidden(), "hides");
    missing(wanted, table, wanted.unmasked(), "calls unmasked");
    for (SchemaColumn column : table.columns()) {
      derived(wanted, column);
      if (isInClear(wanted, column.name()) && !isLookedAt(wanted, column.name())) {
        copies(wanted, table, column);
      }
    }
  }

  private void mask(TableSpec wanted, SchemaTable table, String name, Mask mask) {
    var column = table.column(name);
    if (column.isEmpty()) {
      missing(wanted, table, List.of(name), "masks");
    } else if (!mask.fits(column.get().type())) {
      found.add(
          breaks(
              "mask-type",
              wanted.name().column(name).toString(),
              "The mask %s needs %s, but %s is %s."
                  .formatted(
                      mask.word(),
                      mask.needs(),
                      wanted.name().column(name),
                      column.get().type().shown()),
              "use redact or null for it."));
    }
  }

  private void missing(TableSpec wanted, SchemaTable table, Iterable<String> columns, String verb) {
    for (String name : columns) {
      if (table.column(name).isEmpty()) {
        found.add(
            breaks(
                "column-missing",
                wanted.name().column(name).toString(),
                "The catalogue %s %s, which does not exist: a renamed column may be showing in clear."
                    .formatted(verb, wanted.name().column(name)),
                "correct the column's name in resources.yaml."));
      }
    }
  }

  /// A generated column (a search vector, a full name) repeats what its sources say.
  private void derived(TableSpec wanted, SchemaColumn column) {
    for (String source : column.madeFrom()) {
      if (!isInClear(wanted, source) && isInClear(wanted, column.name())) {
        found.add(
            breaks(
                "mask-leaks",
                wanted.name().column(column.name()).toString(),
                "%s is computed from %s, which is masked or hidden, and would show it."
                    .formatted(wanted.name().column(column.name()), SqlName.of(source)),
                "mask or hide " + SqlName.of(column.name()) + " too."));
      }
    }
  }

  private void copies(TableSpec wanted, SchemaTable table, SchemaColumn column) {
    String name = wanted.name().column(column.name()).toString();
    String fix =
        "mask or hide %s, or list it under 'unmasked' of %s."
            .formatted(SqlName.of(column.name()), SqlName.of(wanted.name().name()));
    for (ColumnName source : table.reads()) {
      if (isMasked(source)) {
        found.add(
            breaks(
                "mask-leaks",
                name,
                "%s is a materialized view over %s, which is masked or hidden; %s may show it."
                    .formatted(wanted.name(), source, name),
                fix));
        return;
      }
    }
    document(wanted, column)
        .or(() -> wanted.shared() ? Optional.empty() : sameName(wanted, column))
        .ifPresent(why -> found.add(warning("mask-copies", name, name + " " + why + ".", fix)));
  }

  private Optional<String> document(TableSpec wanted, SchemaColumn column) {
    String type = "has type " + column.type().shown() + " and may hold copies of the ";
    if (holdsBack(wanted)) {
      return column.type().mayHoldCopies()
          ? Optional.of(type + "masked or hidden columns beside it")
          : Optional.empty();
    }
    return column.type().isDocument() && !wanted.shared() && anythingIsHeldBack()
        ? Optional.of(type + "masked or hidden columns of other tables")
        : Optional.empty();
  }

  private boolean anythingIsHeldBack() {
    return spec.tables().stream().anyMatch(MaskCheck::holdsBack);
  }

  private static boolean holdsBack(TableSpec table) {
    return !table.masks().isEmpty() || !table.hidden().isEmpty();
  }

  private Optional<String> sameName(TableSpec wanted, SchemaColumn column) {
    return spec.tables().stream()
        .filter(other -> !other.name().name().equals(wanted.name().name()))
        .filter(other -> !isInClear(other, column.name()))
        // what says whose a row is, is no secret to those whose it is
        .filter(other -> !other.scope().isBy(column.name()) && !wanted.scope().isBy(column.name()))
        .filter(
            other ->
                schema
                    .table(other.name())
                    .flatMap(table -> table.column(column.name()))
                    .filter(twin -> column.type().isLike(twin.type()))
                    .isPresent())
        .map(
            other ->
                "has the name of %s, which is %s, and a type like it"
                    .formatted(
                        other.name().column(column.name()),
                        other.hidden().contains(column.name()) ? "hidden" : "masked"))
        .findFirst();
  }

  private boolean isMasked(ColumnName source) {
    return spec.table(source.table())
        .filter(table -> !isInClear(table, source.column()))
        .isPresent();
  }

  private boolean isLookedAt(TableSpec table, String column) {
    return table.unmasked().contains(column) || spec.unmasked().contains(column);
  }

  private static boolean isInClear(TableSpec table, String column) {
    return !table.masks().containsKey(column) && !table.hidden().contains(column);
  }
}
