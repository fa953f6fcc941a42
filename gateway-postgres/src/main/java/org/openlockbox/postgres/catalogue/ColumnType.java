package org.openlockbox.postgres.catalogue;

import java.util.List;
import java.util.Set;

/// The type of a column with its domains taken off: `name` is the bare type name, `cast` what to
/// cast to, `shown` the type as the application declared it, `kind` PostgreSQL's `typtype` of the
/// bare type, or `A` for arrays; `value` is what one value of it is: an array's element, else the
/// bare type itself; `labels` are the values of an enum.
public record ColumnType(
    String name, String cast, String shown, char kind, Value value, List<String> labels) {
  /// A bare type name with its `typtype`.
  public record Value(String name, char kind) {}

  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "citext", "name");
  private static final Set<String> TENANTS =
      Set.of("int2", "int4", "int8", "numeric", "uuid", "text", "varchar", "bpchar", "citext");
  private static final Set<String> NUMBERS =
      Set.of("int2", "int4", "int8", "numeric", "float4", "float8");
  private static final Set<String> SINGLE =
      Set.of("uuid", "date", "timestamp", "timestamptz", "inet", "cidr", "macaddr", "bytea", "oid");
  private static final Set<String> DOCUMENTS = Set.of("json", "jsonb", "xml", "hstore", "tsvector");

  private static final Set<String> KNOWN =
      Set.of("bool", "time", "timetz", "interval", "bit", "varbit", "money", "char", "point");

  public ColumnType {
    labels = List.copyOf(labels);
  }

  boolean isText() {
    return TEXTS.contains(name);
  }

  boolean isNumber() {
    return NUMBERS.contains(name);
  }

  boolean isDate() {
    return name.equals("date");
  }

  boolean isTimestamp() {
    return name.equals("timestamp") || isZoned();
  }

  boolean isZoned() {
    return name.equals("timestamptz");
  }

  boolean isJson() {
    return name.equals("json") || name.equals("jsonb");
  }

  boolean hasManyValues() {
    return hasManyValues(name);
  }

  private static boolean hasManyValues(String name) {
    return TEXTS.contains(name) || NUMBERS.contains(name) || SINGLE.contains(name);
  }

  public boolean isEnum() {
    return kind == 'e';
  }

  /// Whether the values of two tenants can be compared before the database does, so that it can
  /// tell tenants apart.
  public boolean canHoldTenant() {
    return isEnum() || TENANTS.contains(name);
  }

  /// What the text of a tenant becomes. Never a type with a length, to which a cast would cut it.
  public String tenantCast() {
    return isEnum() || name.equals("citext") ? cast : name;
  }

  /// Whether a value is made to hold many others, also of other tables: a document, a composite, or
  /// a list of either.
  public boolean isDocument() {
    return value.kind() == 'c' || DOCUMENTS.contains(value.name());
  }

  /// Whether a value can hold copies of the columns beside it: documents, bytes, types that this
  /// program does not know, and lists of them.
  public boolean mayHoldCopies() {
    return isDocument() || value.name().equals("bytea") || (value.kind() == 'b' && !isKnown());
  }

  /// Whether a value of the other type can be copied into this one as it is.
  public boolean isLike(ColumnType other) {
    return name.equals(other.name)
        || (isText() && other.isText())
        || (isNumber() && other.isNumber())
        || (isMoment() && other.isMoment());
  }

  private boolean isMoment() {
    return isDate() || isTimestamp();
  }

  private boolean isKnown() {
    return hasManyValues(value.name()) || KNOWN.contains(value.name());
  }
}
