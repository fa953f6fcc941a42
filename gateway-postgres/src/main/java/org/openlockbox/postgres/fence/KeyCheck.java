package org.openlockbox.postgres.fence;

import static java.util.Locale.ROOT;
import static org.openlockbox.postgres.fence.Deviation.breaks;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.SqlName;
import org.openlockbox.postgres.catalogue.ColumnKey;
import org.openlockbox.postgres.catalogue.ColumnName;
import org.openlockbox.postgres.catalogue.ColumnType;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.RowScope;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableName;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.catalogue.Tenancy;
import org.openlockbox.postgres.schema.DatabaseSchema;
import org.openlockbox.postgres.schema.SchemaTable;

/// Whether each comparison that the fence's views make is the one that the indexes behind it make:
/// a tenant column with the bound tenant, a link with the key of a parent, a reference with the key
/// that it may point to. Where views and index differ about what is equal, one value can stand for
/// rows of two tenants.
final class KeyCheck {
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,19}");
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,100}(\\.[0-9]{1,100})?");

  /// What is one text without regard to capitals in every language.
  private static final Pattern ASCII = Pattern.compile("[ -~]*");

  private static final Pattern UUID = Pattern.compile("[0-9a-f]{32}");

  private static final Set<String> TYPES_OF_EMPTY =
      Set.of("int2", "int4", "int8", "uuid", "text", "varchar");

  private static final Set<String> TYPES_OF_KINDS =
      Set.of("int2", "int4", "int8", "text", "varchar");

  private KeyCheck() {}

  /// What keeps this column from telling tenants apart.
  static List<Deviation> tenant(ResourceSpec spec, TableSpec table, SchemaColumn column) {
    String subject = table.name().column(column.name()).toString();
    if (column.key().operand().isEmpty() || !column.type().canHoldTenant()) {
      return List.of(
          breaks(
              "tenant-type",
              subject,
              column.key().operand().isEmpty()
                  ? "The tenant column %s has type %s, whose equality is not PostgreSQL's own."
                      .formatted(subject, column.type().shown())
                  : "The tenant column %s has type %s, of whose values nobody knows beforehand which are equal."
                      .formatted(subject, column.type().shown()),
              "use smallint, integer, bigint, numeric, uuid, text, varchar, char, citext or an"
                  + " enum."));
    }
    if (!column.key().deterministic()) {
      return List.of(
          breaks(
              "tenant-collation",
              subject,
              "The tenant column %s has the collation %s, in which different texts are equal."
                  .formatted(subject, column.key().collation().orElse("")),
              "alter the column to a deterministic collation, such as \"C\"."));
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

  /// What keeps a part of this column from telling tenants apart.
  static List<Deviation> expression(
      ResourceSpec spec, TableSpec table, SchemaColumn column, RowScope.TenantPart part) {
    String subject = table.name().column(column.name()).toString();
    boolean fits =
        switch (part) {
          case RowScope.TenantPart.Between _, RowScope.TenantPart.First _ ->
              column.key().operand().equals(Optional.of("text"));
          case RowScope.TenantPart.JsonMember _ -> column.type().cast().equals("jsonb");
        };
    if (!fits) {
      return List.of(
          breaks(
              "tenant-type",
              subject,
              "The tenant is to be read out of %s, which has type %s."
                  .formatted(subject, column.type().shown()),
              "split_part and left read text or varchar, and ->> reads jsonb."));
    }
    return spec.tenancy().places().entrySet().stream()
        .filter(tenant -> !canBe(tenant.getValue(), part))
        .map(
            tenant ->
                breaks(
                    "tenant-value",
                    subject,
                    "The value of tenant %s can never be what the catalogue reads out of %s."
                        .formatted(tenant.getKey(), subject),
                    "correct 'tenancy.values' in resources.yaml, or the table's 'tenant'."))
        .toList();
  }

  /// Whether the whole value can stand there: where a part of it would do, two tenants could have
  /// one.
  private static boolean canBe(String value, RowScope.TenantPart part) {
    return switch (part) {
      case RowScope.TenantPart.Between between ->
          !value.isEmpty() && !value.contains(between.separator());
      case RowScope.TenantPart.First first ->
          value.codePointCount(0, value.length()) == first.characters();
      case RowScope.TenantPart.JsonMember _ -> !value.isEmpty();
    };
  }

  /// What keeps a column from saying of which table the parent of a row is.
  static List<Deviation> discriminator(TableSpec table, SchemaColumn column, String value) {
    String subject = table.name().column(column.name()).toString();
    ColumnType type = column.type();
    boolean comparable =
        column.key().operand().isPresent()
            && column.key().deterministic()
            && !column.key().ownCast()
            && (type.isEnum() || TYPES_OF_KINDS.contains(type.name()));
    if (!comparable) {
      return List.of(
          breaks(
              "link-type",
              subject,
              "%s has type %s, or a collation in which different texts are equal: of which table a parent is stays unproven."
                  .formatted(subject, type.shown()),
              "a column that names the parent's table can be an integer, a text, a varchar or an"
                  + " enum."));
    }
    return value(value, type).isPresent()
        ? List.of()
        : List.of(
            breaks(
                "link-value",
                subject,
                "The value that the catalogue compares with %s is no %s."
                    .formatted(subject, type.shown()),
                "correct 'tenant' of " + table.name() + " in resources.yaml."));
  }

  /// What keeps a session from looking for a value of this masked column, or makes it slow.
  static List<Deviation> lookup(TableSpec table, SchemaColumn column) {
    String subject = table.name().column(column.name()).toString();
    if (column.key().operand().isEmpty()) {
      return List.of(
          breaks(
              "lookup-type",
              subject,
              "Values of %s cannot be looked for: the equality of %s is not PostgreSQL's own."
                  .formatted(subject, column.type().shown()),
              "remove it from 'lookup' in resources.yaml."));
    }
    return column.indexed()
        ? List.of()
        : List.of(
            Deviation.note(
                "lookup-slow",
                subject,
                "Look-ups in %s read the whole table: no index begins with it.".formatted(subject),
                "create index concurrently on %s (%s);"
                    .formatted(table.name().sql(), SqlQuoting.name(column.name()))));
  }

  /// The one spelling of a value; empty for what is none of the type.
  private static Optional<String> value(String text, ColumnType type) {
    if (type.isEnum()) {
      return Optional.of(text).filter(type.labels()::contains);
    }
    return switch (type.name()) {
      case "int2", "int4", "int8" ->
          Optional.of(text)
              .filter(INTEGER.asMatchPredicate())
              .map(number -> new BigInteger(number).toString());
      case "numeric" ->
          Optional.of(text)
              .filter(NUMBER.asMatchPredicate())
              .map(number -> new BigDecimal(number).stripTrailingZeros().toPlainString());
      case "bpchar" -> Optional.of(text.replaceFirst(" +$", ""));
      case "citext" ->
          Optional.of(text).filter(ASCII.asMatchPredicate()).map(one -> one.toLowerCase(ROOT));
      case "uuid" ->
          Optional.of(text.toLowerCase(ROOT).replaceAll("[{}-]", ""))
              .filter(UUID.asMatchPredicate());
      default -> Optional.of(text);
    };
  }

  /// What keeps links from being compared with the keys of their parent, all of which exist.
  static List<Deviation> parent(DatabaseSchema schema, TableSpec table, RowScope.ByParent up) {
    var found = new ArrayList<Deviation>();
    var keys = new ArrayList<SchemaColumn>();
    for (RowScope.ByParent.KeyLink link : up.links()) {
      var column = table.name().column(link.column());
      SchemaColumn key = schema.column(up.parent().column(link.key())).orElseThrow();
      keys.add(key);
      found.addAll(
          comparison(column.toString(), schema.column(column).orElseThrow(), up.parent(), key));
    }
    if (found.isEmpty() && keys.stream().map(key -> key.key().equality()).distinct().count() > 1) {
      found.add(
          type(
              up.parent().toString(),
              "One comparison of several keys of %s cannot use the equality of citext beside PostgreSQL's own."
                  .formatted(up.parent())));
    }
    return found.isEmpty()
        ? unique(
            table.name().column(up.columns().getFirst()),
            schema.table(up.parent()).orElseThrow(),
            keys)
        : List.copyOf(found);
  }

  private static List<Deviation> unique(
      ColumnName link, SchemaTable target, List<SchemaColumn> keys) {
    TableName parent = target.name();
    if (keys.size() == 1) {
      return unique(link.toString(), parent, keys.getFirst());
    }
    TableName table = link.table();
    var names = keys.stream().map(key -> SqlName.of(key.name())).collect(Collectors.joining(", "));
    String subject = "%s (%s)".formatted(parent, names);
    boolean inherited = target.inherited();
    var distinct = keys.stream().distinct().map(SchemaColumn::key).toList();
    if (!inherited && ColumnKey.areUnique(distinct)) {
      return List.of();
    }
    return List.of(
        breaks(
            "parent-not-unique",
            subject,
            inherited
                ? "Tables that inherit from %s may repeat a key of it, so a row of %s could belong to two tenants."
                    .formatted(parent, table)
                : "%s are not unique together, so a row of %s could belong to two tenants."
                    .formatted(subject, table),
            inherited
                ? "list another parent, or end the inheritance (partitions are no obstacle)."
                : "add a unique constraint on %s.".formatted(subject)));
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
                          table.name().column(reference.column().name()).toString(),
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
    String subject = table.name().column(reference.column().name()).toString();
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
    List<Deviation> found = comparison(subject, link, parent, key);
    return found.isEmpty() ? unique(subject, parent, key) : found;
  }

  private static List<Deviation> comparison(
      String subject, SchemaColumn link, TableName parent, SchemaColumn key) {
    String target = parent.column(key.name()).toString();
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
    return List.of();
  }

  private static Deviation type(String subject, String sentence) {
    return breaks(
        "link-type",
        subject,
        sentence,
        "give both columns one type: integers, uuid, text or varchar, an enum, citext, or another"
            + " of PostgreSQL's own.");
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
    String target = parent.column(key.name()).toString();
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
                    : "add a unique constraint on %s (%s)."
                        .formatted(parent, SqlName.of(key.name()))));
  }
}
