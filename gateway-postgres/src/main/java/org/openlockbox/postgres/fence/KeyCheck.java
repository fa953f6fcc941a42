package org.openlockbox.postgres.fence;

import static org.openlockbox.postgres.fence.Deviation.breaks;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.ColumnKey;
import org.openlockbox.postgres.catalogue.ColumnType;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.catalogue.Tenancy;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// Whether each comparison that the fence's views make is the one that the indexes behind it make:
/// a tenant column with the bound tenant, a link with the key of a parent, a reference with the key
/// that it may point to. Where views and index differ about what is equal, one value can stand for
/// rows of two tenants.
final class KeyCheck {
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,19}");
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{32}");

  private static final Set<String> TYPES_OF_EMPTY =
      Set.of("int2", "int4", "int8", "uuid", "text", "varchar");

  private KeyCheck() {}

  /// What keeps this column from telling tenants apart.
  static List<Deviation> tenant(ResourceSpec spec, TableSpec table, SchemaColumn column) {
    String subject = table.name() + "." + column.name();
    if (!column.canHoldTenant()) {
      return List.of(
          breaks(
              "tenant-type",
              subject,
              "The tenant column %s of %s has type %s, or a collation in which different texts are equal."
                  .formatted(column.name(), table.name(), column.type().shown()),
              "use smallint, integer, bigint, uuid, text or varchar with a deterministic"
                  + " collation."));
    }
    if (column.key().ownCast()) {
      return List.of(
          breaks(
              "tenant-cast",
              subject,
              "A cast from text to %s that PostgreSQL does not bring would read the tenant of a session for %s."
                  .formatted(column.type().cast(), subject),
              "drop cast (text as %s);".formatted(column.type().cast())));
    }
    return values(spec, subject, column.type());
  }

  /// Each tenant's value must be one of the column's type, and two tenants' must be two.
  private static List<Deviation> values(ResourceSpec spec, String subject, ColumnType type) {
    if (!(spec.tenancy() instanceof Tenancy.ByColumn own)) {
      return List.of();
    }
    Map<String, String> tenants = new TreeMap<>();
    for (var entry : own.values().entrySet()) {
      Optional<String> value = value(entry.getValue(), type);
      String twin = value.map(known -> tenants.put(known, entry.getKey())).orElse(null);
      if (value.isEmpty() || twin != null) {
        return List.of(
            breaks(
                "tenant-value",
                subject,
                value.isEmpty()
                    ? "The value of tenant %s is no %s, which %s holds."
                        .formatted(entry.getKey(), type.shown(), subject)
                    : "The tenants %s and %s have the same value in %s, as %s compares."
                        .formatted(twin, entry.getKey(), subject, type.shown()),
                "correct 'tenancy.values' in resources.yaml."));
      }
    }
    return List.of();
  }

  /// The one spelling of a value; empty for what is none of the type.
  private static Optional<String> value(String text, ColumnType type) {
    return switch (type.name()) {
      case "int2", "int4", "int8" ->
          Optional.of(text)
              .filter(INTEGER.asMatchPredicate())
              .map(number -> new BigInteger(number).toString());
      case "uuid" ->
          Optional.of(text.toLowerCase(Locale.ROOT).replaceAll("[{}-]", ""))
              .filter(UUID.asMatchPredicate());
      default -> Optional.of(text);
    };
  }

  /// What keeps a link from being compared with the key of its parent.
  static List<Deviation> parent(
      DatabaseSchema schema, TableSpec table, SchemaColumn link, RowScope.ByParent up) {
    var key = schema.table(up.parent()).flatMap(t -> t.column(up.parentColumn())).orElseThrow();
    return link(table.name() + "." + link.name(), link, up.parent(), key);
  }

  /// The same for what a write may set: foreign keys of one column into tables of tenants, and
  /// references of the catalogue.
  static List<Deviation> references(ResourceSpec spec, DatabaseSchema schema, TableSpec table) {
    var views = new ViewSql(spec, schema);
    if (!spec.levels().contains(Level.WRITE) || !views.isWritten(table)) {
      return List.of();
    }
    var found = new ArrayList<Deviation>();
    for (ViewSql.Reference reference : views.references(table)) {
      TableName target = reference.target().name();
      schema
          .table(target)
          .flatMap(t -> t.column(reference.key()))
          .ifPresent(
              key ->
                  found.addAll(
                      link(
                          table.name() + "." + reference.column().name(),
                          reference.column(),
                          target,
                          key)));
      found.addAll(empty(table, reference));
    }
    return found;
  }

  /// The value that leads nowhere must be one that the plan can write as a constant.
  private static List<Deviation> empty(TableSpec table, ViewSql.Reference reference) {
    ColumnType type = reference.column().type();
    boolean fits =
        reference
            .empty()
            .filter(value -> !TYPES_OF_EMPTY.contains(type.name()) || value(value, type).isEmpty())
            .isEmpty();
    String subject = table.name() + "." + reference.column().name();
    return fits
        ? List.of()
        : List.of(
            breaks(
                "reference-empty",
                subject,
                "The value that leads nowhere in %s is no %s, or not of a type that has one."
                    .formatted(subject, type.shown()),
                "correct 'empty' there; it can be an integer, a uuid or a text."));
  }

  private static List<Deviation> link(
      String subject, SchemaColumn link, TableName parent, SchemaColumn key) {
    String target = parent + "." + key.name();
    if (key.key().operand().isEmpty()) {
      return List.of(
          type(
              target,
              "%s has type %s, whose equality is not PostgreSQL's own: whose row one of %s is stays unproven."
                  .formatted(target, key.type().shown(), subject)));
    }
    if (!link.key().isComparedAs(key.key())) {
      return List.of(
          type(
              subject,
              "%s has type %s and %s has %s: a comparison of the two is not the one of the index on %s."
                  .formatted(subject, link.type().shown(), target, key.type().shown(), target)));
    }
    if (!key.key().deterministic()) {
      return List.of(collation(target, key));
    }
    if (!link.key().deterministic()) {
      return List.of(collation(subject, link));
    }
    return unique(subject, parent, key);
  }

  private static Deviation type(String subject, String sentence) {
    return breaks(
        "link-type",
        subject,
        sentence,
        "give both columns one type: integers, uuid, text or varchar, or another of PostgreSQL's"
            + " own.");
  }

  private static Deviation collation(String subject, SchemaColumn column) {
    return breaks(
        "link-collation",
        subject,
        "%s has the collation %s, in which different texts are equal: one value could stand for rows of two tenants."
            .formatted(subject, column.key().collation().orElse("")),
        "alter the column to a deterministic collation, such as \"C\".");
  }

  private static List<Deviation> unique(String subject, TableName parent, SchemaColumn key) {
    String target = parent + "." + key.name();
    String why =
        switch (key.key().proof()) {
          case UNIQUE -> "";
          case OTHER ->
              "Each unique index on %s has another collation or operator class than the column"
                  .formatted(target);
          case INHERITED -> "Tables that inherit from %s may repeat a key of it".formatted(parent);
          case NONE -> "%s is not unique on its own".formatted(target);
        };
    return why.isEmpty()
        ? List.of()
        : List.of(
            breaks(
                "parent-not-unique",
                target,
                "%s, so a row of %s could belong to two tenants.".formatted(why, subject),
                key.key().proof() == ColumnKey.Proof.INHERITED
                    ? "list another parent, or end the inheritance (partitions are no obstacle)."
                    : "add a unique constraint on %s (%s).".formatted(parent, key.name())));
  }
}
